//! What the API is called in each language: every declaration, either as the description gives it or as the language's rules
//! make it from the C++ one. It answers; the faces that are generated from the answers are written elsewhere.

use std::collections::BTreeSet;

use crate::model::{Class, Description, Entry, Enum, Language, Struct};
use crate::notation::{Number, Type};

/// Everything a language has, one declaration a line: `TRTCCloud: void exitRoom()`.
pub fn surface(description: &Description, language: Language) -> BTreeSet<String> {
    let mut surface = BTreeSet::new();
    for class in &description.classes {
        surface.extend(class.entry.in_language(language).map(|name| format!("class {name}")));
    }
    for method in &description.methods {
        let class = method.class.as_deref().and_then(|class| description.class(class));
        let Some(class) = class.and_then(|class| class.entry.in_language(language)) else { continue };
        let declaration = match method.entry.names.get(&language).map(String::as_str) {
            None => continue,
            Some("=") if language == Language::Java => java_method(description, method),
            Some(declaration) => declaration.to_owned(),
        };
        surface.insert(format!("{class}: {declaration}"));
    }
    surface.extend(types(description, language));
    surface.extend(codes(description, language));
    let typedefs = description.typedefs.iter().filter(|each| each.entry.only.contains(&language));
    surface.extend(typedefs.map(|each| each.entry.name.clone()));
    surface
}

/// The structs, fields and enum values a language has: `TRTCAppScene.live = 1`.
pub fn types(description: &Description, language: Language) -> BTreeSet<String> {
    let structs = description.structs.iter().flat_map(|structure| fields(description, structure, language));
    structs.chain(description.enums.iter().flat_map(|enumeration| values(enumeration, language))).collect()
}

impl Entry {
    /// What a language calls it, or nothing if it does not have it.
    fn in_language(&self, language: Language) -> Option<&str> {
        match self.names.get(&language).map(String::as_str) {
            Some("=") => Some(&self.name),
            name => name,
        }
    }
}

fn java_method(description: &Description, method: &crate::model::Method) -> String {
    let params = method.params.iter().map(|param| format!("{} {}", java(description, &param.kind), param.name));
    let params: Vec<String> = params.collect();
    format!("{} {}({})", java(description, &method.returns), method.entry.name, params.join(", "))
}

/// The Java type that a type becomes by rule. Enums are numbers there, unless Java has a class for them.
fn java(description: &Description, kind: &Type) -> String {
    let class = |class: Option<&Class>| class.and_then(|class| class.entry.in_language(Language::Java)).map(str::to_owned);
    match kind {
        Type::Void => "void".to_owned(),
        Type::Bool => "boolean".to_owned(),
        Type::Number(number) => match number {
            Number::Long | Number::I64 | Number::U64 | Number::Usize => "long",
            Number::F32 => "float",
            Number::F64 => "double",
            _ => "int",
        }
        .to_owned(),
        Type::Text { .. } => "String".to_owned(),
        Type::View { .. } => "TXCloudVideoView".to_owned(),
        Type::Image => "Bitmap".to_owned(),
        Type::Extra => "Bundle".to_owned(),
        Type::Pointer => "Object".to_owned(),
        Type::Code(_) => "int".to_owned(),
        Type::Enum(name) => {
            let name = description.enumeration(name).and_then(|each| each.entry.in_language(Language::Java));
            name.filter(|name| *name != CONSTANTS).unwrap_or("int").to_owned()
        }
        Type::Struct { name, .. } => {
            let structure = description.structure(name).and_then(|each| each.entry.in_language(Language::Java));
            structure.unwrap_or(name).to_owned()
        }
        Type::List(of) => match &**of {
            Type::Number(_) => format!("{}[]", java(description, of)),
            of => format!("ArrayList<{}>", java(description, of)),
        },
        Type::Bytes(_) => "byte[]".to_owned(),
        Type::Array(_, Number::U8) => "byte[]".to_owned(),
        Type::Array(_, number) => format!("{}[]", java(description, &Type::Number(*number))),
        Type::Callback(name) | Type::Object(name) | Type::ConstObject(name) | Type::ObjectHandle(name) => {
            class(description.class(name)).unwrap_or_else(|| name.clone())
        }
        Type::Native(name) => name.clone(),
    }
}

fn fields(description: &Description, structure: &Struct, language: Language) -> Vec<String> {
    let Some(name) = structure.entry.in_language(language) else { return Vec::new() };
    let mut lines = vec![format!("struct {name}")];
    for field in &structure.fields {
        match field.names.get(&language).map(String::as_str) {
            None => {}
            Some("=") if language != Language::Java => lines.push(format!("{name}: {}", field.declaration.name)),
            Some("=") => {
                lines.push(format!("{name}: {} {}", java(description, &field.declaration.kind), field.declaration.name));
            }
            Some(declarations) => lines.extend(declarations.split(", ").map(|each| format!("{name}: {each}"))),
        }
    }
    lines.extend(structure.other_fields.get(&language).into_iter().flatten().map(|each| format!("{name}: {each}")));
    if language == Language::Java {
        lines.extend(structure.java_constructors.iter().map(|each| format!("{name}{each}")));
    }
    lines
}

fn values(enumeration: &Enum, language: Language) -> Vec<String> {
    let Some(name) = enumeration.entry.in_language(language) else { return Vec::new() };
    let values = enumeration.values.iter().filter_map(|value| {
        let value_name = value.entry.in_language(language)?;
        Some(match value_name.contains(" = ") {
            true => format!("{name}.{value_name}"),
            false => format!("{name}.{value_name} = {}", value.number),
        })
    });
    values.collect()
}

fn codes(description: &Description, language: Language) -> Vec<String> {
    let mut lines = Vec::new();
    for code in description.errors.iter().chain(&description.warnings) {
        // Both languages have what C++ has, unless the description says otherwise.
        let left_out = code.entry.names.get(&language).is_some_and(String::is_empty);
        let shared = code.entry.only.is_empty() && !left_out || code.entry.only.contains(&language);
        let mut names: Vec<&str> = Vec::new();
        if shared {
            names.push(&code.entry.name);
            names.extend(code.old_names.iter().map(String::as_str));
        }
        if language == Language::Java {
            names.extend(code.java_names.iter().map(String::as_str));
        }
        lines.extend(names.into_iter().map(|name| format!("{name} = {}", code.number)));
    }
    lines
}

/// The Java class whose constants stand for enums.
const CONSTANTS: &str = "TRTCCloudDef";
