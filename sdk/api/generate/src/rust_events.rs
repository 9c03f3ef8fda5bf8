//! Writes the Rust enum of events: everything the engine tells an application that is not frames or bytes.

use std::fmt::Write;

use crate::files::NOTICE;
use crate::model::{Class, Description, Method};
use crate::names;
use crate::notation::{Declaration, Type};
use crate::rust_docs::wrap;
use crate::rust_structs::{owned, rename};

/// The text of `events.rs`.
pub(crate) fn text(description: &Description) -> String {
    let mut text = format!("// {NOTICE}\n//! What the engine tells an application.\n\n");
    text += "use serde::{Deserialize, Serialize};\n\nuse super::codes::*;\nuse super::enums::*;\nuse super::structs::*;\n\n";
    text +=
        "/// An event, in JSON `{\"event\":\"onUserVideoAvailable\",\"data\":{\"userId\":\"a\",\"available\":true}}`.\n///\n";
    text +=
        "/// Events without anything to say have no `data`. Frames, custom messages and snapshots are not here: they carry\n";
    text += "/// bytes and have functions of their own in the C ABI.\n";
    text += "#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]\n#[serde(tag = \"event\", content = \"data\")]\n";
    text += "pub enum Event {\n";
    for (class, event) in events(description) {
        text += &variant(description, class, event);
    }
    text + "}\n"
}

/// The events that go through JSON.
pub(crate) fn events(description: &Description) -> Vec<(&Class, &Method)> {
    let mut events = Vec::new();
    for class in description.classes.iter().filter(|class| class.is_callback) {
        for method in description.cpp_methods(&class.entry.name) {
            if description.wire_name(method).is_some() {
                events.push((class, method));
            }
        }
    }
    events
}

/// The parameters that JSON carries. Extra information is always empty, so it stays out.
pub(crate) fn carried(event: &Method) -> impl Iterator<Item = &Declaration> {
    event.params.iter().filter(|param| param.kind != Type::Extra)
}

fn variant(description: &Description, class: &Class, event: &Method) -> String {
    let name = event.id.strip_prefix("on").unwrap_or(&event.id);
    // Names of one word, and those of observers of music, would not say what they are about.
    let name = match class.wire.as_deref() {
        Some("music") => format!("Music{}", name.trim_start_matches("Play")),
        Some("preload") => format!("Preload{}", name.trim_start_matches("Load")),
        _ => names::pascal(name),
    };
    let wire = description.wire_name(event).expect("only events that go through JSON come here");
    let mut text = wrap("    ", &event.entry.summary);
    let fields: Vec<&Declaration> = carried(event).collect();
    if fields.is_empty() {
        writeln!(text, "    #[serde(rename = \"{wire}\")]\n    {name},").expect(FITS);
        return text;
    }
    writeln!(text, "    #[serde(rename = \"{wire}\", rename_all = \"camelCase\")]\n    {name} {{").expect(FITS);
    for field in fields {
        let rust = names::rust(&field.name);
        let kind = owned(description, &field.kind).expect("events with bytes are marked as binary");
        text += &wrap("        ", description.meaning(&field.name, &field.kind));
        text += &rename("        ", field, &rust);
        writeln!(text, "        {rust}: {kind},").expect(FITS);
    }
    text + "    },\n"
}

const FITS: &str = "text takes everything";
