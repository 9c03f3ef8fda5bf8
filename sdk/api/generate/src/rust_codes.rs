//! Writes the error and warning codes as Rust constants.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::files::NOTICE;
use crate::model::{Code, Description};
use crate::rust_docs::wrap;

/// The text of `codes.rs`.
pub(crate) fn text(description: &Description) -> String {
    let mut text = format!(
        "// {NOTICE}\n//! The numbers by which the API reports what went wrong.\n\nuse serde::{{Deserialize, Serialize}};\n"
    );
    text += &table(
        "ErrorCode",
        "An error: `TXLiteAVError` in C++. Zero is none, errors are below zero.",
        "ERR_",
        &description.errors,
    );
    text += &table(
        "WarningCode",
        "A warning: `TXLiteAVWarning` in C++. The engine goes on, perhaps with less than was asked for.",
        "WARNING_",
        &description.warnings,
    );
    text
}

fn table(name: &str, summary: &str, prefix: &str, codes: &[Code]) -> String {
    let mut text = format!("\n{}", wrap("", summary));
    text += "#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]\n";
    text += "#[serde(transparent)]\n";
    write!(text, "pub struct {name}(pub i32);\n\nimpl {name} {{\n").expect(FITS);
    let mut taken = BTreeSet::new();
    let mut lines = String::new();
    for (place, code) in codes.iter().enumerate() {
        let long = code.entry.name.strip_prefix(prefix).unwrap_or(&code.entry.name);
        let short = long.strip_prefix("TRTC_").unwrap_or(long);
        let rust = if taken.insert(short.to_owned()) { short } else { long };
        let gap = if place == 0 { "" } else { "\n" };
        text += gap;
        text += &wrap("    ", &format!("{} (`{}`)", code.entry.summary, code.entry.name));
        writeln!(text, "    pub const {rust}: Self = Self({});", code.number).expect(FITS);
        writeln!(lines, "            {} => \"{}\",", code.number, code.entry.name).expect(FITS);
    }
    write!(
        text,
        "\n    /// The name of the API's constant, or nothing for a number it does not have.\n    \
         pub const fn name(self) -> Option<&'static str> {{\n        Some(match self.0 {{\n{lines}            \
         _ => return None,\n        }})\n    }}\n}}\n\n\
         impl From<{name}> for i32 {{\n    fn from(code: {name}) -> Self {{\n        code.0\n    }}\n}}\n\n\
         impl From<i32> for {name} {{\n    fn from(code: i32) -> Self {{\n        Self(code)\n    }}\n}}\n"
    )
    .expect(FITS);
    text
}

const FITS: &str = "text takes everything";
