//! Writes the Rust structs, with the names that JSON uses and the defaults that C++ constructors set.

use std::fmt::Write;

use crate::files::NOTICE;
use crate::model::{Description, Field, Language, Struct};
use crate::names;
use crate::notation::{CodeKind, Declaration, Number, Pass, Type};
use crate::rust_docs::{documentation, wrap};

/// The text of `structs.rs`.
pub(crate) fn text(description: &Description) -> String {
    let mut text = format!("// {NOTICE}\n//! The structs of the API that go through JSON.\n\n");
    text += "use serde::{Deserialize, Serialize};\n\nuse super::enums::*;\n";
    let wanted = |each: &&Struct| {
        !each.binary && !each.declared_only && (each.header.is_some() || each.entry.only.contains(&Language::Wire))
    };
    for each in description.structs.iter().filter(wanted) {
        text += &structure(description, each);
    }
    text
}

/// The Rust type of a field or owned value, or nothing when it does not go through JSON.
pub(crate) fn owned(description: &Description, kind: &Type) -> Option<String> {
    Some(match kind {
        Type::Void => "()".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Number(number) => self::number(*number).to_owned(),
        Type::Text { .. } => "String".to_owned(),
        Type::View { .. } => "u64".to_owned(),
        Type::Enum(name) => description.enumeration(name)?.rust.clone(),
        Type::Code(kind) => match kind {
            CodeKind::Error => "ErrorCode".to_owned(),
            CodeKind::Warning => "WarningCode".to_owned(),
        },
        Type::Struct { name, pass } => {
            let structure = description.structure(name).filter(|structure| !structure.binary)?;
            match pass {
                Pass::Option | Pass::ConstOption => format!("Option<{}>", structure.rust),
                _ => structure.rust.clone(),
            }
        }
        Type::List(of) => format!("Vec<{}>", owned(description, of)?),
        Type::Array(length, number) => format!("[{}; {length}]", self::number(*number)),
        _ => return None,
    })
}

/// The Rust name of a kind of number.
pub(crate) const fn number(number: Number) -> &'static str {
    match number {
        Number::U8 => "u8",
        Number::U16 => "u16",
        Number::Int | Number::I32 => "i32",
        Number::Uint | Number::U32 => "u32",
        // `long` has 32 bits on Windows; what is passed fits either way, and one width keeps JSON the same everywhere.
        Number::Long | Number::I64 => "i64",
        Number::U64 | Number::Usize => "u64",
        Number::F32 => "f32",
        Number::F64 => "f64",
    }
}

/// Writes `#[serde(rename)]` where serde's own rule would miss the name in JSON.
pub(crate) fn rename(indent: &str, declaration: &Declaration, rust: &str) -> String {
    if names::camel(rust) == declaration.name {
        return String::new();
    }
    format!("{indent}#[serde(rename = \"{}\")]\n", declaration.name)
}

fn structure(description: &Description, each: &Struct) -> String {
    let fields: Vec<(&Field, String)> =
        each.fields.iter().filter_map(|field| Some((field, owned(description, &field.declaration.kind)?))).collect();
    let plain = fields.iter().all(|(field, _)| default(description, &field.declaration).is_none());
    let mut text = format!("\n{}", documentation("", &each.entry.summary, &each.entry));
    let default_derive = if plain { "Default, " } else { "" };
    writeln!(text, "#[derive(Debug, Clone, PartialEq, {default_derive}Serialize, Deserialize)]").expect(FITS);
    text += "#[serde(rename_all = \"camelCase\", default)]\n";
    writeln!(text, "pub struct {} {{", each.rust).expect(FITS);
    for (field, kind) in &fields {
        text += &wrap("    ", &field.summary);
        text += &rename("    ", &field.declaration, &field.rust);
        writeln!(text, "    pub {}: {kind},", field.rust).expect(FITS);
    }
    text += "}\n";
    if !plain {
        let values = fields.iter().map(|(field, _)| {
            let default = default(description, &field.declaration).unwrap_or_else(|| "Default::default()".to_owned());
            format!("{}: {default}", field.rust)
        });
        let values: Vec<String> = values.collect();
        // As rustfmt would have it: on one line where it fits.
        let line = format!("        Self {{ {} }}", values.join(", "));
        let body = match line.chars().count() <= WIDTH {
            true => line,
            false => format!("        Self {{\n            {},\n        }}", values.join(",\n            ")),
        };
        writeln!(text, "\nimpl Default for {} {{\n    fn default() -> Self {{\n{body}\n    }}\n}}", each.rust).expect(FITS);
    }
    text
}

/// The default as an expression, or nothing when it is that of the type.
pub(crate) fn default(description: &Description, declaration: &Declaration) -> Option<String> {
    let default = declaration.default.as_deref()?;
    Some(match &declaration.kind {
        Type::Enum(name) => {
            let enumeration = description.enumeration(name)?;
            let value = enumeration.values.iter().find(|value| value.entry.name == default)?;
            format!("{}::{}", enumeration.rust, value.rust)
        }
        Type::Text { .. } | Type::View { .. } => return None,
        _ if matches!(default, "none" | "0" | "false") => return None,
        _ => default.to_owned(),
    })
}

const WIDTH: usize = 128;

const FITS: &str = "text takes everything";
