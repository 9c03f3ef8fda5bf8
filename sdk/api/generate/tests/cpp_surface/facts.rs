//! A fact about the C++ interface as one line of text, so that two sources can be compared. It knows which spellings mean
//! the same.

use std::collections::BTreeSet;

/// One fact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fact(pub(crate) String);

/// All platforms there are.
pub(crate) const PLATFORMS: [&str; 6] = ["android", "ios", "linux", "macos", "ohos", "windows"];

/// A type in one spelling: without its namespace, and without a `const` that a caller cannot notice.
pub(crate) fn kind(text: &str) -> String {
    let text = text.replace("liteav::", "").replace(" *", "*").replace(" &", "&");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.strip_prefix("const ") {
        Some(value) if !text.ends_with(['*', '&']) => value.to_owned(),
        _ => text,
    }
}

/// A default in one spelling.
pub(crate) fn default(text: &str) -> String {
    let text = text.rsplit("::").next().unwrap_or(text).trim();
    match text {
        "{}" | "RECT" => String::new(),
        "0.0f" | "0x000000" => "0".to_owned(),
        _ => text.to_owned(),
    }
}

/// Where something exists.
pub(crate) fn platforms<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: BTreeSet<&str> = names.into_iter().collect();
    if names.contains("all") || names.len() == PLATFORMS.len() {
        return "everywhere".to_owned();
    }
    names.into_iter().collect::<Vec<_>>().join("/")
}
