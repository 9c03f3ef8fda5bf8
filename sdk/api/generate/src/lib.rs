//! Reads the API description and writes everything that is generated from it: Rust types, the dispatch of the C ABI, C++
//! headers and façade, and the reference. It knows how each language spells things, and nothing about what they do.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::files::Generated;
use crate::model::Description;

mod check;
mod cpp_facade;
mod cpp_headers;
mod cpp_json;
mod cpp_layout;
mod cpp_names;
mod cpp_types;
mod dispatch;
pub mod files;
pub mod languages;
pub mod load;
pub mod model;
mod names;
pub mod notation;
pub mod redirect;
mod reference;
mod rust_codes;
mod rust_docs;
mod rust_enums;
mod rust_events;
mod rust_structs;

/// Where the description is, from the root of the repository.
pub const DESCRIPTION: &str = "sdk/api/description";

/// The root of the repository this program was built in.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3).expect("the crate is three folders deep").to_owned()
}

/// Everything that is generated from a description.
pub fn generate(description: &Description) -> Vec<Generated> {
    let file = |path: &str, text: String| Generated { path: path.to_owned(), text };
    let mut files = vec![
        file("sdk/api/src/generated/enums.rs", rust_enums::text(description)),
        file("sdk/api/src/generated/structs.rs", rust_structs::text(description)),
        file("sdk/api/src/generated/codes.rs", rust_codes::text(description)),
        file("sdk/api/src/generated/events.rs", rust_events::text(description)),
        file("sdk/ffi/src/generated/mod.rs", dispatch::module()),
        file("sdk/ffi/src/generated/dispatch.rs", dispatch::text(description)),
    ];
    files.extend(cpp_headers::files(description));
    files.extend(cpp_json::files(description));
    files.extend(cpp_facade::files(description));
    files.push(cpp_names::file(description));
    files.extend(reference::files(description));
    files
}

/// Writes what is stale and returns its paths.
pub fn write(root: &Path, description: &Description) -> Result<Vec<String>> {
    files::write(root, &generate(description), &FOLDERS)
}

/// The paths of generated files that are not as they should be.
pub fn stale(root: &Path, description: &Description) -> Result<Vec<String>> {
    files::stale(root, &generate(description), &FOLDERS)
}

/// The Rust methods that the dispatch expects of the engine, as their signatures.
pub fn signatures(description: &Description) -> String {
    dispatch::signatures(description)
}

/// The folders in which everything is generated.
const FOLDERS: [&str; 6] = [
    reference::FOLDER,
    "sdk/ffi/src/generated",
    cpp_headers::FOLDER,
    "sdk/cpp/include/TRTC",
    cpp_facade::FOLDER,
    cpp_names::FOLDER,
];
