//! How C++ spells types, parameters, fields and platforms.

use crate::notation::{Bytes, CodeKind, Declaration, Number, Pass, Type};

/// A type in front of a name, as a parameter or result.
pub(crate) fn spelled(kind: &Type) -> String {
    match kind {
        Type::Void => "void".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Number(number) => self::number(*number).to_owned(),
        Type::Text { mutable: false } => "const char*".to_owned(),
        Type::Text { mutable: true } => "char*".to_owned(),
        Type::View { untyped: false } => "TXView".to_owned(),
        Type::View { untyped: true } | Type::Pointer | Type::Extra => "void*".to_owned(),
        Type::Enum(name) => name.clone(),
        Type::Code(CodeKind::Error) => "TXLiteAVError".to_owned(),
        Type::Code(CodeKind::Warning) => "TXLiteAVWarning".to_owned(),
        Type::Struct { name, pass } => match pass {
            Pass::Reference => format!("const {name}&"),
            Pass::Value => name.clone(),
            Pass::Option => format!("{name}*"),
            Pass::ConstOption => format!("const {name}*"),
            Pass::InOut => format!("{name}&"),
        },
        Type::List(of) => match &**of {
            Type::Text { .. } => "char**".to_owned(),
            Type::Number(number) => format!("const {}*", self::number(*number)),
            Type::Struct { name, .. } => format!("{name}*"),
            other => format!("{}*", spelled(other)),
        },
        Type::Bytes(bytes) => match bytes {
            Bytes::Const => "const uint8_t*".to_owned(),
            Bytes::Mutable => "uint8_t*".to_owned(),
            Bytes::ConstChar => "const char*".to_owned(),
            Bytes::Char => "char*".to_owned(),
        },
        Type::Array(_, number) => self::number(*number).to_owned(),
        // The one type of a function in the API is a pointer already.
        Type::Callback(name) if name.starts_with("on") => name.clone(),
        Type::Callback(name) | Type::Object(name) => format!("{name}*"),
        Type::ConstObject(name) => format!("const {name}*"),
        Type::ObjectHandle(name) => format!("{name}**"),
        Type::Image | Type::Native(_) => unreachable!("C++ has no such type, and load refuses it with an order or header"),
    }
}

/// What a method returns: structs by value.
pub(crate) fn returned(kind: &Type) -> String {
    match kind {
        Type::Struct { name, pass: Pass::Reference } => name.clone(),
        other => spelled(other),
    }
}

/// What a field of a struct is declared as: structs by value.
pub(crate) fn member(kind: &Type) -> String {
    returned(kind)
}

/// The parameters of a method, with the counts that C++ needs beside lists and bytes.
pub(crate) fn parameters(params: &[Declaration], defaults: bool) -> String {
    let mut parts = Vec::new();
    for param in params {
        let mut part = format!("{} {}", spelled(&param.kind), param.name);
        if let Type::Array(length, _) = param.kind {
            part += &format!("[{length}]");
        }
        if let Some(default) = param.default.as_ref().filter(|_| defaults) {
            part += &format!(" = {}", if default == "none" { "nullptr" } else { default });
        }
        parts.push(part);
        if let Some((name, kind)) = &param.count {
            parts.push(format!("{} {name}", number(*kind)));
        }
    }
    parts.join(", ")
}

/// The C++ name of a kind of number.
pub(crate) const fn number(number: Number) -> &'static str {
    match number {
        Number::U8 => "uint8_t",
        Number::U16 => "unsigned short",
        Number::Int => "int",
        Number::I32 => "int32_t",
        Number::Uint => "unsigned int",
        Number::U32 => "uint32_t",
        Number::Long => "long",
        Number::I64 => "int64_t",
        Number::U64 => "uint64_t",
        Number::Usize => "size_t",
        Number::F32 => "float",
        Number::F64 => "double",
    }
}

/// The condition of the preprocessor for some platforms, or nothing for all.
pub(crate) fn condition(platforms: &[String]) -> Option<String> {
    let sorted = {
        let mut sorted: Vec<&str> = platforms.iter().map(String::as_str).collect();
        sorted.sort_unstable();
        sorted
    };
    Some(match sorted[..] {
        [] => return None,
        ["linux", "macos", "windows"] => "RTC_DESKTOP".to_owned(),
        ["android", "ios", "ohos"] => "RTC_MOBILE".to_owned(),
        ["android", "ios", "linux", "macos", "ohos"] => "!RTC_WINDOWS".to_owned(),
        _ => platforms.iter().map(|each| format!("RTC_{}", each.to_uppercase())).collect::<Vec<_>>().join(" || "),
    })
}

/// A line that is too long, broken after commas and indented by four more.
pub(crate) fn wrapped_at_commas(line: &str) -> String {
    if line.chars().count() <= WIDTH {
        return line.to_owned();
    }
    let indent = line.len() - line.trim_start().len() + 4;
    let (mut lines, mut current) = (Vec::new(), String::new());
    for part in line.split_inclusive(", ") {
        if current.chars().count() + part.trim_end().chars().count() > WIDTH {
            lines.push(current.trim_end().to_owned());
            current = " ".repeat(indent);
        }
        current += part;
    }
    lines.push(current);
    lines.join("\n")
}

const WIDTH: usize = 120;
