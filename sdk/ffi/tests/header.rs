//! Keeps `include/rtc_engine.h` equal to the Rust functions. `UPDATE=1 cargo test -p rtc-ffi` writes it anew.

use std::path::Path;

#[test]
fn the_header_is_up_to_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(folder.join("cbindgen.toml")).expect("cbindgen.toml is read");
    let header = "// The C interface of the RTC Engine: handles, JSON calls, one event callback, and plain functions for frames.\n\
                  // Generated from the crate rtc-ffi; do not edit. UPDATE=1 cargo test -p rtc-ffi writes it anew.\n";
    let sources = ["types", "lifecycle", "video", "audio", "encoded", "message", "screen", "process"];
    let builder = sources.iter().fold(cbindgen::Builder::new().with_config(config).with_header(header), |builder, source| {
        builder.with_src(folder.join(format!("src/c/{source}.rs")))
    });
    let mut wanted = Vec::new();
    builder.generate().expect("the functions can be written as C").write(&mut wanted);
    // What a Rust caller must know about pointers is said in each comment already.
    let wanted = without_safety(&String::from_utf8(wanted).expect("cbindgen writes UTF-8"));
    let path = folder.join("include/rtc_engine.h");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &wanted).expect("the header can be written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "sdk/ffi/include/rtc_engine.h is stale: run UPDATE=1 cargo test -p rtc-ffi");
}

/// Turns a `# Safety` section into plain sentences.
fn without_safety(header: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    let mut skip_empty = false;
    for line in header.lines() {
        if line.trim() == "// # Safety" {
            if lines.last().is_some_and(|last| last.trim() == "//") {
                lines.pop();
            }
            skip_empty = true;
        } else if !(skip_empty && line.trim() == "//") {
            skip_empty = false;
            lines.push(line);
        }
    }
    lines.join("\n") + "\n"
}
