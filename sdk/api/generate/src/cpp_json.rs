//! Writes the C++ functions that turn structs into JSON and JSON into structs.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::cpp_types::number;
use crate::files::{Generated, NOTICE};
use crate::model::{Description, Field, Struct};
use crate::notation::{Number, Pass, Type};
use crate::rust_events::{carried, events};

/// The files.
pub(crate) fn files(description: &Description) -> Vec<Generated> {
    let (written, read) = (written(description), read(description));
    let path = |name: &str| format!("sdk/cpp/src/generated/{name}");
    vec![
        Generated { path: path("structs.h"), text: header(&written, &read) },
        Generated { path: path("structs.cpp"), text: source(description, &written, &read) },
    ]
}

/// How a value is read from JSON, given an expression for it.
pub(crate) fn reading(kind: &Type, json: &str) -> String {
    match kind {
        Type::Bool => format!("{json}.boolean()"),
        Type::Number(kind) => match kind {
            Number::Int | Number::I32 => format!("{json}.i32()"),
            Number::Uint | Number::U32 => format!("{json}.u32()"),
            Number::I64 => format!("{json}.i64()"),
            Number::U64 => format!("{json}.u64()"),
            Number::Long => format!("static_cast<long>({json}.i64())"),
            Number::F64 => format!("{json}.number()"),
            Number::F32 => format!("static_cast<float>({json}.number())"),
            Number::U8 | Number::U16 | Number::Usize => format!("static_cast<{}>({json}.u64())", number(*kind)),
        },
        Type::Enum(name) => format!("static_cast<{name}>({json}.i32())"),
        Type::Code(kind) => format!("static_cast<{}>({json}.i32())", crate::cpp_types::spelled(&Type::Code(*kind))),
        Type::Text { .. } => format!("{json}.c_str()"),
        Type::View { .. } => format!("reinterpret_cast<TXView>(static_cast<uintptr_t>({json}.u64()))"),
        other => unreachable!("{other} is read by its own function"),
    }
}

/// How a value becomes JSON, given an expression for it and, for lists, for their length.
pub(crate) fn writing(kind: &Type, value: &str, count: Option<&str>) -> String {
    match kind {
        Type::Enum(_) => format!("static_cast<int>({value})"),
        Type::View { .. } => format!("Json::pointer({value})"),
        Type::Struct { pass: Pass::Option | Pass::ConstOption, .. } => {
            format!("{value} == nullptr ? Json() : to_json(*{value})")
        }
        Type::Struct { .. } => format!("to_json({value})"),
        Type::List(_) => format!("list({value}, {})", count.expect("C++ passes a count beside every list")),
        Type::Array(length, _) => format!("list({value}, {length})"),
        _ => value.to_owned(),
    }
}

/// The structs that methods pass to the engine, with those inside them.
fn written(description: &Description) -> Vec<&Struct> {
    let mut names = BTreeSet::new();
    for method in &description.methods {
        let class = method.class.as_deref().and_then(|class| description.class(class));
        if class.is_some_and(|class| !class.is_callback) && description.wire_name(method).is_some() {
            for param in &method.params {
                collect(description, &param.kind, &mut names);
            }
        }
    }
    description.structs.iter().filter(|each| names.contains(each.entry.name.as_str())).collect()
}

/// The structs that events bring.
fn read(description: &Description) -> Vec<&Struct> {
    let mut names = BTreeSet::new();
    for (_, event) in events(description) {
        for param in carried(event) {
            collect(description, &param.kind, &mut names);
        }
    }
    description.structs.iter().filter(|each| names.contains(each.entry.name.as_str())).collect()
}

fn collect<'a>(description: &'a Description, kind: &'a Type, names: &mut BTreeSet<&'a str>) {
    let Some(structure) = kind.refers_to().and_then(|name| description.structure(name)).filter(|each| !each.binary) else {
        return;
    };
    if names.insert(&structure.entry.name) {
        for field in &structure.fields {
            collect(description, &field.declaration.kind, names);
        }
    }
}

fn header(written: &[&Struct], read: &[&Struct]) -> String {
    let mut text = format!("// {NOTICE}\n{HEAD}");
    for each in written {
        writeln!(text, "Json to_json(const {}& value);", each.entry.name).expect(FITS);
    }
    text += READING;
    for each in read {
        writeln!(text, "void read(const Json& json, {}& value, Kept& kept);", each.entry.name).expect(FITS);
    }
    text + TAIL
}

fn source(description: &Description, written: &[&Struct], read: &[&Struct]) -> String {
    let mut text = format!(
        "// {NOTICE}\n// Structs of the interface as JSON and back.\n#include \"structs.h\"\n\nnamespace liteav {{\nnamespace detail {{\n"
    );
    for each in written {
        write!(text, "\nJson to_json(const {}& value) {{\n  Json json = Json::object();\n", each.entry.name).expect(FITS);
        for field in carried_fields(description, each) {
            let declaration = &field.declaration;
            let count = declaration.count.as_ref().map(|(name, _)| format!("value.{name}"));
            let name = &declaration.name;
            if each.entry.name == "SIZE" {
                // The type of Windows calls them otherwise.
                let windows = if name == "width" { "cx" } else { "cy" };
                write!(text, "#if RTC_WINDOWS\n  json.set(\"{name}\", static_cast<long long>(value.{windows}));\n#else\n")
                    .expect(FITS);
                write!(text, "  json.set(\"{name}\", static_cast<long long>(value.{name}));\n#endif\n").expect(FITS);
                continue;
            }
            let value = writing(&declaration.kind, &format!("value.{name}"), count.as_deref());
            writeln!(text, "  json.set(\"{name}\", {value});").expect(FITS);
        }
        text += "  return json;\n}\n";
    }
    for each in read {
        write!(text, "\nvoid read(const Json& json, {}& value, Kept& kept) {{\n", each.entry.name).expect(FITS);
        let mut uses_kept = false;
        for field in carried_fields(description, each) {
            let declaration = &field.declaration;
            let name = &declaration.name;
            let json = format!("json[\"{name}\"]");
            match &declaration.kind {
                Type::List(of) => {
                    let (count, kind) = declaration.count.as_ref().expect("C++ has a count beside every list");
                    let element = element(of);
                    uses_kept = true;
                    writeln!(text, "  value.{name} = kept.list<{element}>({json});").expect(FITS);
                    writeln!(text, "  value.{count} = static_cast<{}>({json}.size());", number(*kind)).expect(FITS);
                }
                Type::Struct { .. } => {
                    uses_kept = true;
                    writeln!(text, "  read({json}, value.{name}, kept);").expect(FITS);
                }
                kind => writeln!(text, "  value.{name} = {};", reading(kind, &json)).expect(FITS),
            }
        }
        if !uses_kept {
            text += "  (void)kept;\n";
        }
        text += "}\n";
    }
    text + "\n}  // namespace detail\n}  // namespace liteav\n"
}

/// The C++ type of a list's elements.
pub(crate) fn element(of: &Type) -> String {
    match of {
        Type::Struct { name, .. } => name.clone(),
        Type::Number(kind) => number(*kind).to_owned(),
        other => unreachable!("no event brings a list of {other}"),
    }
}

/// The fields that go through JSON: all but pictures.
fn carried_fields<'a>(description: &'a Description, each: &'a Struct) -> impl Iterator<Item = &'a Field> {
    each.fields.iter().filter(move |field| {
        let structure = field.declaration.kind.refers_to().and_then(|name| description.structure(name));
        !structure.is_some_and(|structure| structure.binary)
    })
}

const HEAD: &str = "// Structs of the interface as JSON and back.
#ifndef RTC_ENGINE_CPP_GENERATED_STRUCTS_H_
#define RTC_ENGINE_CPP_GENERATED_STRUCTS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include \"../json.h\"
#include \"ITRTCCloud.h\"

namespace liteav {
namespace detail {

";

const READING: &str = "
// A list of structs, numbers or texts. A null pointer is an empty list, whatever the count says.
template <typename T>
Json element(const T& value) {
  return to_json(value);
}
inline Json element(int value) { return value; }
inline Json element(uint8_t value) { return static_cast<int>(value); }
inline Json element(float value) { return value; }
inline Json element(const char* value) { return value; }
inline Json element(char* value) { return value; }

template <typename T>
Json list(T* values, size_t count) {
  Json json = Json::array();
  for (size_t i = 0; values != nullptr && i < count; ++i) json.push(element(values[i]));
  return json;
}

// Owns the lists that structs read from JSON point to. Texts belong to the JSON itself, so both must outlive the structs.
class Kept {
 public:
  template <typename T>
  T* list(const Json& json) {
    std::shared_ptr<std::vector<T>> values = std::make_shared<std::vector<T>>(json.size());
    for (size_t i = 0; i < values->size(); ++i) take(json[i], (*values)[i]);
    owned_.push_back(values);
    return values->data();
  }

 private:
  template <typename T>
  void take(const Json& json, T& value);
  void take(const Json& json, float& value) { value = static_cast<float>(json.number()); }

  std::vector<std::shared_ptr<void>> owned_;
};

";

const TAIL: &str = "
template <typename T>
void Kept::take(const Json& json, T& value) {
  read(json, value, *this);
}

}  // namespace detail
}  // namespace liteav

#endif  // RTC_ENGINE_CPP_GENERATED_STRUCTS_H_
";

const FITS: &str = "text takes everything";
