//! Lets the engine be built before the Web SDK: what is embedded must at least be a folder.

use std::{fs, path::Path};

fn main() {
    for folder in ["../../sdk/web/dist", "../../demo"] {
        if !Path::new(folder).is_dir() {
            // Where the checkout cannot be written, embedding the missing folder says so better than this could.
            let _ = fs::create_dir_all(folder);
        }
        println!("cargo::rerun-if-changed={folder}");
    }
}
