//! Writes the Rust enums. Which value means what comes from the description.

use std::fmt::Write;

use crate::files::NOTICE;
use crate::model::{Description, Enum};
use crate::rust_docs::documentation;

/// The text of `enums.rs`.
pub(crate) fn text(description: &Description) -> String {
    let mut text = format!("// {NOTICE}\n//! The enums of the API. They travel as their numbers.\n\n");
    text += "use serde::{Deserialize, Serialize};\n\nuse crate::UnknownValue;\n";
    for each in description.enums.iter().filter(|each| each.header.is_some()) {
        text += &enumeration(each);
    }
    text
}

fn enumeration(each: &Enum) -> String {
    let values: Vec<_> = each.values.iter().filter(|value| value.entry.only.is_empty()).collect();
    let name = &each.rust;
    let mut text = format!("\n{}", documentation("", &each.entry.summary, &each.entry));
    text += "#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]\n";
    text += "#[serde(try_from = \"i32\", into = \"i32\")]\n#[repr(i32)]\n";
    writeln!(text, "pub enum {name} {{").expect("text takes everything");
    for value in &values {
        text += &documentation("    ", &value.entry.summary, &value.entry);
        writeln!(text, "    {} = {},", value.rust, value.number).expect("text takes everything");
    }
    write!(
        text,
        "}}\n\nimpl From<{name}> for i32 {{\n    fn from(value: {name}) -> Self {{\n        value as Self\n    }}\n}}\n\n\
         impl TryFrom<i32> for {name} {{\n    type Error = UnknownValue;\n\n    \
         fn try_from(value: i32) -> Result<Self, UnknownValue> {{\n        Ok(match value {{\n"
    )
    .expect("text takes everything");
    for value in &values {
        writeln!(text, "            {} => Self::{},", value.number, value.rust).expect("text takes everything");
    }
    write!(
        text,
        "            _ => return Err(UnknownValue {{ of: \"{}\", value }}),\n        }})\n    }}\n}}\n",
        each.entry.name
    )
    .expect("text takes everything");
    text
}
