#!/usr/bin/env bash
# Builds the shared library, checks what it exports, and runs tests/conformance.c against it: as it is, and under valgrind.
# Needs cargo and the Debian packages gcc, binutils and valgrind; installs nothing. Usage: sdk/ffi/conformance.sh
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
target="${CARGO_TARGET_DIR:-$here/../../target}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
for tool in cargo cc nm valgrind; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: apt-get install gcc binutils valgrind" >&2; exit 1; }
done

# Without devices, so that it runs on any machine and leaves a desktop's sound alone.
export RTC_ENGINE_AUDIO=synthetic RTC_ENGINE_CAMERA=pattern RTC_ENGINE_SCREEN=pattern

cargo build --manifest-path "$here/Cargo.toml" --package rtc-ffi --lib
library="$target/debug/librtcengine.so"

# Only the functions of the header may be found in it, and all of them.
nm -D --defined-only "$library" | awk '{ print $NF }' | sort >"$work/exported"
grep -o '\brtc_[a-z0-9_]*(' "$here/include/rtc_engine.h" | tr -d '(' | sort -u >"$work/declared"
diff "$work/declared" "$work/exported" || { echo "the library exports something else than the header declares" >&2; exit 1; }
echo "exports: $(wc -l <"$work/exported") functions, as declared"

compile() {
  cc -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -g "$@" -I "$here/include" "$here/tests/conformance.c" \
    -L "$target/debug" -lrtcengine "-Wl,-rpath,$target/debug" -pthread -o "$work/conformance"
}

# The sanitizers see the C part, whose stack and heap the library writes to.
compile -fsanitize=address,undefined
ASAN_OPTIONS=detect_leaks=0 timeout 300 "$work/conformance" 1000

# valgrind sees both. The log's and the callback threads live as long as the process, so only what is lost counts.
compile
timeout 600 valgrind --quiet --error-exitcode=1 --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite \
  "$work/conformance" 20
