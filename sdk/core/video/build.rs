//! Compiles the shim over libvpx and links the library: the static one when it is there, so that an SDK needs no libvpx on
//! the machine it runs on.
//!
//! `VPX_LIB_DIR` and `VPX_INCLUDE_DIR` name the folders of another libvpx than the system's.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs};

fn main() -> ExitCode {
    println!("cargo:rerun-if-changed=shim");
    println!("cargo:rerun-if-env-changed=VPX_LIB_DIR");
    println!("cargo:rerun-if-env-changed=VPX_INCLUDE_DIR");

    let mut shim = cc::Build::new();
    shim.file("shim/vp8.c").flag_if_supported("-std=c11").warnings(true).extra_warnings(true);
    if let Some(include) = env::var_os("VPX_INCLUDE_DIR").or_else(|| package_folder("includedir")) {
        shim.include(include);
    }
    if !has_headers(&shim) {
        // Cargo shows what follows this prefix, and hides the rest of what a failing build script prints.
        println!(
            "cargo:error=libvpx was not found: the compiler does not see vpx/vpx_encoder.h. Install the Debian package \
             libvpx-dev, or set VPX_INCLUDE_DIR and VPX_LIB_DIR to the folders of another libvpx from version 1.8 on."
        );
        return ExitCode::FAILURE;
    }
    shim.compile("rtc_vp8");

    match env::var_os("VPX_LIB_DIR").map(PathBuf::from).or_else(|| static_library_folder(&shim)) {
        Some(folder) => {
            println!("cargo:rustc-link-search=native={}", folder.display());
            let kind = if folder.join("libvpx.a").is_file() { "static" } else { "dylib" };
            println!("cargo:rustc-link-lib={kind}=vpx");
        }
        None => println!("cargo:rustc-link-lib=dylib=vpx"),
    }
    ExitCode::SUCCESS
}

/// Whether the compiler finds libvpx's headers with the folders it was given.
fn has_headers(shim: &cc::Build) -> bool {
    let source = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("probe.c");
    fs::write(&source, "#include <vpx/vpx_encoder.h>\n").expect("OUT_DIR can be written to");
    shim.get_compiler().to_command().arg("-E").arg(source).output().is_ok_and(|output| output.status.success())
}

/// Where the compiler has a static libvpx, if it has one.
fn static_library_folder(shim: &cc::Build) -> Option<PathBuf> {
    let output = shim.get_compiler().to_command().arg("-print-file-name=libvpx.a").output().ok()?;
    let path = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    // A compiler that knows none answers with the bare name.
    (path.is_absolute() && path.is_file()).then(|| path.parent().map(Path::to_owned))?
}

/// A folder of libvpx that pkg-config knows, for systems that keep it where the compiler does not look.
fn package_folder(variable: &str) -> Option<OsString> {
    let output = Command::new("pkg-config").arg(format!("--variable={variable}")).arg("vpx").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !text.trim().is_empty()).then(|| text.trim().into())
}
