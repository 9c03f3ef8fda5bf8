//! A program written for the original compiles against the headers, with every compiler of this machine, without a warning.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const COMPILERS: [&str; 4] = ["g++", "clang++", "x86_64-w64-mingw32-g++", "c++"];
const STANDARDS: [&str; 2] = ["-std=c++11", "-std=c++17"];

#[test]
fn the_headers_serve_a_program_written_for_the_original() {
    for compiler in installed() {
        for standard in STANDARDS {
            compile(compiler, &[standard], &program()).unwrap_or_else(|error| panic!("{compiler} {standard}: {error}"));
        }
    }
}

#[test]
fn a_program_that_overrides_what_is_not_there_does_not_compile() {
    for compiler in installed() {
        compile(compiler, &["-DOVERRIDE_WHAT_IS_NOT_THERE"], &program()).expect_err("there is no such method to override");
    }
}

#[test]
fn every_header_stands_on_its_own() {
    let include = rtc_api_generate::root().join("sdk/cpp/include");
    let compiler = installed()[0];
    let mut headers = 0;
    for folder in [include.clone(), include.join("TRTC")] {
        for entry in fs::read_dir(folder).expect("the headers are generated") {
            let path = entry.expect("it can be listed").path();
            if path.extension().is_some_and(|extension| extension == "h") {
                compile(compiler, &["-x", "c++"], &path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                headers += 1;
            }
        }
    }
    assert!(headers > 10);
}

/// The compilers of this machine; the last of the list is mostly another name of an earlier one.
fn installed() -> Vec<&'static str> {
    let works = |compiler: &&str| Command::new(compiler).arg("--version").output().is_ok_and(|output| output.status.success());
    let mut installed: Vec<&str> = COMPILERS.into_iter().filter(works).collect();
    if installed.len() > 1 {
        installed.retain(|compiler| *compiler != "c++");
    }
    assert!(!installed.is_empty(), "no C++ compiler is installed; install g++ or clang++");
    installed
}

/// Checks a source without making anything of it, and returns what is wrong with it.
fn compile(compiler: &str, options: &[&str], source: &Path) -> Result<(), String> {
    let include = rtc_api_generate::root().join("sdk/cpp/include");
    let mut command = Command::new(compiler);
    command.args(["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-I"]).arg(&include).args(options).arg(source);
    let output = command.output().expect("it is installed");
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/program.cpp")
}
