# The build steps that ./run and ./test share. Sourced, not run. Progress goes to stderr: the standard output of ./run
# belongs to the engine.

# Outside of the checkout, so that a fresh clone profits from what was built before.
CACHE="${RTC_ENGINE_BUILD_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/rtc-engine}"
export CARGO_TARGET_DIR="$CACHE/target"
mkdir -p "$CACHE"

say() { printf '==> %s\n' "$*" >&2; }

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# Runs apt-get as whoever may. $@: package names.
apt_install() {
  local sudo=""
  [ "$(id -u)" = 0 ] || sudo="sudo"
  command -v apt-get >/dev/null || fail "these packages are missing and there is no apt-get to install them: $*"
  say "Installing $*"
  $sudo apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "$@" >&2
}

# $@: package names. Installs those that dpkg does not know as installed.
need_packages() {
  local missing=()
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] || apt_install "${missing[@]}"
}

install_system_packages() {
  command -v cargo >/dev/null || fail "Rust is missing: install it with rustup (https://rustup.rs), version 1.94 or newer"
  command -v npm >/dev/null || fail "Node.js is missing: install version 20 or newer with npm"
  command -v cc >/dev/null || apt_install build-essential
}

# What building the native SDK needs beside Rust: Opus and H.264 are built from source, VP8 and ALSA are linked.
install_native_packages() {
  need_packages build-essential cmake pkg-config nasm libasound2-dev libvpx-dev
}

# $1: a folder with package-lock.json. Installs exactly what it names, once.
install_node_packages() {
  local stamp="$1/node_modules/.installed"
  local wanted
  wanted=$(sha256sum "$1/package-lock.json" | cut -d' ' -f1)
  if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    say "Installing the node packages of $1"
    (cd "$1" && npm ci --no-audit --no-fund --loglevel=error >&2)
    echo "$wanted" >"$stamp"
  fi
}

build_web_sdk() {
  install_node_packages sdk/web
  local stamp=sdk/web/dist/.built
  local wanted
  wanted=$(cd sdk/web && find src scripts package-lock.json package.json tsconfig.json -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1)
  if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    say "Building the Web SDK"
    (cd sdk/web && npm run --silent build >&2)
    echo "$wanted" >"$stamp"
  fi
}

build_engine() {
  say "Building the engine"
  cargo build --release --locked -p rtc-server --bin rtc-engine >&2
  mkdir -p target/release
  # A copy, because the cache is shared by every checkout of this machine.
  cmp -s "$CARGO_TARGET_DIR/release/rtc-engine" target/release/rtc-engine ||
    install -m 755 "$CARGO_TARGET_DIR/release/rtc-engine" target/release/rtc-engine
}
