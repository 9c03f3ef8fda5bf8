//! Writes the C++ headers with the names, order, defaults and conditions of the original's, so that programs written for it
//! compile unchanged.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::cpp_layout::{HEADERS, Header, PLATFORM, PLATFORM_TEXT, TYPES, includes};
use crate::cpp_types::{condition, member, number, parameters, returned, spelled, wrapped_at_commas};
use crate::files::{Generated, NOTICE};
use crate::model::{Class, Code, Description, Entry, Enum, Method, Struct};
use crate::notation::{Declaration, Type};

/// All headers.
pub(crate) fn files(description: &Description) -> Vec<Generated> {
    let mut files = vec![Generated { path: format!("{FOLDER}/{PLATFORM}"), text: format!("// {NOTICE}\n{PLATFORM_TEXT}") }];
    for header in &HEADERS {
        files.push(Generated { path: format!("{FOLDER}/{}", header.name), text: text(description, header) });
    }
    files
}

/// Where the headers go, from the root of the repository.
pub(crate) const FOLDER: &str = "sdk/cpp/include";

fn text(description: &Description, header: &Header) -> String {
    let guard: String =
        header.name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    let mut text = format!("// {NOTICE}\n// {}\n#ifndef RTC_ENGINE_{guard}_\n#define RTC_ENGINE_{guard}_\n", header.about);
    let (system, own): (Vec<&str>, Vec<&str>) = header.includes.iter().partition(|include| include.starts_with('<'));
    for group in [system, own] {
        if !group.is_empty() {
            text.push('\n');
        }
        for include in group {
            let include = if include.starts_with('<') { include.to_owned() } else { format!("\"{include}\"") };
            writeln!(text, "#include {include}").expect(FITS);
        }
    }
    if header.name == "TXLiteAVCode.h" {
        text += &codes(description);
    }
    if header.name == "TRTCTypeDef.h" {
        text += "\n#if RTC_WINDOWS\n#include <windows.h>\n#endif\n";
    }
    for namespace in ["liteav", ""] {
        text += &section(description, header, namespace);
    }
    write!(text, "\n#endif  // RTC_ENGINE_{guard}_\n").expect(FITS);
    text
}

/// What a header has in one namespace.
fn section(description: &Description, header: &Header, namespace: &str) -> String {
    let here = |name: &Option<String>, in_namespace: &str| name.as_deref() == Some(header.name) && in_namespace == namespace;
    let enums: Vec<_> = description.enums.iter().filter(|each| here(&each.header, &each.namespace)).collect();
    let structs: Vec<_> = description.structs.iter().filter(|each| here(&each.header, &each.namespace)).collect();
    let classes: Vec<_> = description.classes.iter().filter(|each| here(&each.header, &each.namespace)).collect();
    let functions: Vec<_> = description.functions.iter().filter(|each| here(&each.header, namespace)).collect();

    let mut text = String::new();
    let forward = forward(description, header, namespace, &structs, &classes);
    let own = header.name == "TRTCTypeDef.h" && namespace == "liteav";
    for class in &forward {
        writeln!(text, "class {class};").expect(FITS);
    }
    if own {
        text += TYPES;
    }
    for each in enums {
        text += &guarded(&each.entry, enumeration(each));
    }
    for each in structs {
        text += &guarded(&each.entry, structure(each));
    }
    for each in classes {
        text += &guarded(&each.entry, class(description, each));
    }
    if own {
        text += &aliases(description);
    }
    if !text.is_empty() && !namespace.is_empty() {
        text = format!("\nnamespace {namespace} {{\n{}{text}\n}}  // namespace {namespace}\n", gap(&text));
    } else if !text.is_empty() {
        text = format!("{}{text}", gap(&text));
    }
    if namespace == "liteav" && !functions.is_empty() {
        text = exported(description, &functions) + &text;
    }
    text
}

fn gap(text: &str) -> &'static str {
    if text.starts_with('\n') { "" } else { "\n" }
}

/// Functions with the names of C, so that they can be found in a library by name.
fn exported(description: &Description, functions: &[&Method]) -> String {
    let mut named = BTreeSet::new();
    let types = functions.iter().flat_map(|each| each.params.iter().map(|param| &param.kind).chain([&each.returns]));
    for class in types.filter_map(Type::refers_to).filter_map(|name| description.class(name)) {
        named.insert((class.namespace.as_str(), class.entry.name.as_str()));
    }
    let mut text = String::new();
    for (namespace, name) in named {
        text += "\n";
        match namespace {
            "" => writeln!(text, "class {name};").expect(FITS),
            namespace => writeln!(text, "namespace {namespace} {{\nclass {name};\n}}").expect(FITS),
        }
    }
    text += "\nextern \"C\" {\n";
    if functions.iter().any(|each| each.params.iter().any(|param| param.kind.refers_to() == Some("onUpdateNetworkTime"))) {
        text += "\n// Told how an update went: 0; 1 when the time may be off by more than 30 ms; -1 when it is not known. The text says why.\n";
        text += "typedef void (*onUpdateNetworkTime)(int errCode, const char* errMsg);\n";
    }
    for each in functions {
        let returns = qualified(description, &each.returns, returned(&each.returns));
        let params: Vec<String> = each
            .params
            .iter()
            .map(|param| qualified(description, &param.kind, parameters(std::slice::from_ref(param), true)))
            .collect();
        let line = format!("TRTC_API {returns} {}({});\n", each.entry.name, params.join(", "));
        text += &guarded(&each.entry, format!("\n{}{line}", comment("", description, each)));
    }
    text + "\n}  // extern \"C\"\n"
}

/// A type with its namespace, for use outside of it.
fn qualified(description: &Description, kind: &Type, spelled: String) -> String {
    match kind.refers_to().and_then(|name| description.class(name)) {
        Some(class) if !class.namespace.is_empty() => format!("{}::{spelled}", class.namespace),
        _ => spelled,
    }
}

/// Classes that are spoken of before they are declared.
fn forward(
    description: &Description,
    header: &Header,
    namespace: &str,
    structs: &[&Struct],
    classes: &[&Class],
) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let fields = structs.iter().flat_map(|each| each.fields.iter().map(|field| &field.declaration.kind));
    let methods = classes.iter().flat_map(|class| description.cpp_methods(&class.entry.name));
    let types = methods.flat_map(|method| method.params.iter().map(|param| &param.kind).chain([&method.returns]));
    for kind in fields.chain(types) {
        if let Some(class) = kind.refers_to().and_then(|name| description.class(name)) {
            let included = class.header.as_deref().is_none_or(|other| includes(header, other));
            if !included && class.namespace == namespace {
                names.insert(class.entry.name.clone());
            }
        }
    }
    // Those of the header itself come in an order that serves the reader, so each is announced.
    for (place, class) in classes.iter().enumerate() {
        let earlier = &classes[..place];
        let used = earlier.iter().flat_map(|each| description.cpp_methods(&each.entry.name)).any(|method| {
            let types = method.params.iter().map(|param| &param.kind).chain([&method.returns]);
            types.filter_map(Type::refers_to).any(|name| name == class.entry.name)
        });
        if used {
            names.insert(class.entry.name.clone());
        }
    }
    names
}

fn codes(description: &Description) -> String {
    let mut text = String::new();
    let tables = [("TXLiteAVError", &description.errors), ("TXLiteAVWarning", &description.warnings)];
    for (name, codes) in tables {
        let codes: Vec<&Code> = codes.iter().filter(|code| code.entry.only.is_empty()).collect();
        writeln!(text, "\nenum {name} {{").expect(FITS);
        for code in &codes {
            text += &wrapped("  ", &code.entry.summary);
            writeln!(text, "  {} = {},", code.entry.name, code.number).expect(FITS);
        }
        writeln!(text, "}};\ntypedef enum {name} {name};").expect(FITS);
        if codes.iter().any(|code| !code.old_names.is_empty()) {
            text += "\n// Names of earlier versions.\n";
        }
        for code in codes {
            for old in &code.old_names {
                writeln!(text, "#define {old} {}", code.entry.name).expect(FITS);
            }
        }
    }
    text
}

fn enumeration(each: &Enum) -> String {
    let mut text = format!("\n{}enum {} {{\n", wrapped("", &each.entry.summary), each.entry.name);
    for value in each.values.iter().filter(|value| value.entry.only.is_empty()) {
        let line = format!("{}  {} = {},\n", wrapped("  ", &value.entry.summary), value.entry.name, value.number);
        text += &guarded(&value.entry, line);
    }
    text + "};\n"
}

fn structure(each: &Struct) -> String {
    let name = &each.entry.name;
    let mut text = format!("\n{}struct {name} {{\n", wrapped("", &each.entry.summary));
    for field in &each.fields {
        let declaration = &field.declaration;
        text += &wrapped("  ", &field.summary);
        let array = match declaration.kind {
            Type::Array(length, _) => format!("[{length}]"),
            _ => String::new(),
        };
        let initial =
            declaration.default.as_ref().filter(|_| each.plain).map_or_else(String::new, |value| format!(" = {value}"));
        writeln!(text, "  {} {}{array}{initial};", member(&declaration.kind), declaration.name).expect(FITS);
        if let Some((count, kind)) = &declaration.count {
            writeln!(text, "  {} {count};", number(*kind)).expect(FITS);
        }
    }
    if !each.plain {
        text.push('\n');
        text += &constructor(each);
    }
    text + "};\n"
}

fn constructor(each: &Struct) -> String {
    let asked: Vec<&Declaration> =
        each.fields.iter().map(|field| &field.declaration).filter(|field| each.constructor.contains(&field.name)).collect();
    let params: Vec<String> = asked.iter().map(|field| format!("{} {}_", spelled(&field.kind), field.name)).collect();
    let mut inits = Vec::new();
    for field in each.fields.iter().map(|field| &field.declaration) {
        let value = if each.constructor.contains(&field.name) { format!("{}_", field.name) } else { initial(field) };
        inits.push(format!("{}({value})", field.name));
        if let Some((count, _)) = &field.count {
            inits.push(format!("{count}(0)"));
        }
    }
    format!("  {}({})\n      : {} {{}}\n", each.entry.name, params.join(", "), inits.join(",\n        "))
}

/// What a constructor sets a field to.
fn initial(field: &Declaration) -> String {
    if let Some(default) = &field.default {
        let float = matches!(field.kind, Type::Number(number) if number.is_float());
        return if float { format!("{default}f") } else { default.clone() };
    }
    match &field.kind {
        Type::Bool => "false",
        Type::Number(number) if number.is_float() => "0.0f",
        Type::Number(_) => "0",
        Type::Struct { pass: crate::notation::Pass::Reference, .. } | Type::Array(..) => "",
        _ => "nullptr",
    }
    .to_owned()
}

fn class(description: &Description, each: &Class) -> String {
    let name = &each.entry.name;
    let base = each.base.as_ref().map_or_else(String::new, |base| format!(" : public {base}"));
    let mut text = format!("\n{}class {name}{base} {{\n", wrapped("", &each.entry.summary));
    let methods: Vec<&Method> = description.cpp_methods(name).collect();
    // Applications delete their own callbacks; objects of the SDK go by `release` or a destroy function.
    if each.is_callback {
        writeln!(text, " public:\n  virtual ~{name}() {{}}").expect(FITS);
    } else {
        writeln!(text, " protected:\n  virtual ~{name}() {{}}\n\n public:").expect(FITS);
    }
    let mut first = !each.is_callback;
    if let Some(base) = &each.base {
        let own: BTreeSet<&str> = methods.iter().map(|method| method.entry.name.as_str()).collect();
        let mut hidden: Vec<&str> = Vec::new();
        for method in description.cpp_methods(base) {
            let name = method.entry.name.as_str();
            // Only what every platform has can be named without a condition.
            if own.contains(name) && !hidden.contains(&name) {
                hidden.push(name);
            }
        }
        if !hidden.is_empty() {
            text += "  // Overloads of the base that would be hidden otherwise.\n";
            first = false;
        }
        for name in hidden {
            let entry =
                &description.cpp_methods(base).find(|method| method.entry.name == name).expect("it is from there").entry;
            text += &guarded(entry, format!("  using {base}::{name};\n"));
        }
    }
    for method in methods {
        let gap = if first { "" } else { "\n" };
        first = false;
        let line = format!("{gap}{}{}", comment("  ", description, method), declaration(description, each, method));
        text += &guarded(&method.entry, line);
    }
    text + "};\n"
}

fn declaration(description: &Description, class: &Class, method: &Method) -> String {
    let returns = if method.is_static && method.returns.refers_to().is_some() {
        format!("{}::{}", class.namespace, returned(&method.returns))
    } else {
        returned(&method.returns)
    };
    let mut head = format!("{returns} {}({})", method.entry.name, parameters(&method.params, true));
    if class.namespace.is_empty() {
        head = from_outside(description, method, head);
    }
    if method.constant {
        head += " const";
    }
    if method.is_static {
        return wrapped_at_commas(&format!("  TRTC_API static {head};")) + "\n";
    }
    if !method.optional {
        return wrapped_at_commas(&format!("  virtual {head} = 0;")) + "\n";
    }
    let mut names = Vec::new();
    for param in &method.params {
        names.push(param.name.clone());
        names.extend(param.count.as_ref().map(|(name, _)| name.clone()));
    }
    let mut body: Vec<String> = names.into_iter().map(|name| format!("(void){name};")).collect();
    match &method.returns {
        Type::Void => {}
        Type::Bool => body.push("return false;".to_owned()),
        _ => body.push("return 0;".to_owned()),
    }
    match body.is_empty() {
        true => format!("  virtual {head} {{}}\n"),
        false => {
            let head = wrapped_at_commas(&format!("  virtual {head} {{"));
            format!("{head}\n    {}\n  }}\n", body.join("\n    "))
        }
    }
}

/// A declaration outside of the namespace in which most of its types are.
fn from_outside(description: &Description, method: &Method, mut head: String) -> String {
    let mut names = BTreeSet::new();
    for kind in method.params.iter().map(|param| &param.kind).chain([&method.returns]) {
        match kind {
            Type::View { untyped: false } => drop(names.insert(("TXView", "liteav"))),
            kind => names.extend(kind.refers_to().and_then(|name| {
                let namespace = description.class(name).map(|each| &each.namespace);
                let namespace = namespace.or_else(|| description.structure(name).map(|each| &each.namespace));
                let namespace = namespace.or_else(|| description.enumeration(name).map(|each| &each.namespace));
                namespace.filter(|namespace| !namespace.is_empty()).map(|namespace| (name, namespace.as_str()))
            })),
        }
    }
    for (name, namespace) in names {
        head = head.replace(name, &format!("{namespace}::{name}"));
    }
    head
}

fn aliases(description: &Description) -> String {
    let mut text = String::from("\n// Further names of the same things.\n");
    let enums = description.enums.iter().flat_map(|each| each.aliases.iter().map(|alias| (&each.entry.name, alias)));
    let classes = description.classes.iter().flat_map(|each| each.aliases.iter().map(|alias| (&each.entry.name, alias)));
    for (name, alias) in enums.chain(classes) {
        writeln!(text, "typedef {name} {alias};").expect(FITS);
    }
    for value in description.enums.iter().flat_map(|each| &each.values) {
        for old in &value.old_names {
            writeln!(text, "#define {old} {}", value.entry.name).expect(FITS);
        }
    }
    text
}

fn guarded(entry: &Entry, text: String) -> String {
    match condition(&entry.platforms) {
        Some(condition) => {
            let (gap, rest) = text.strip_prefix('\n').map_or(("", text.as_str()), |rest| ("\n", rest));
            format!("{gap}#if {condition}\n{rest}#endif\n")
        }
        None => text,
    }
}

fn comment(indent: &str, description: &Description, method: &Method) -> String {
    let mut words = method.entry.summary.clone();
    if method.deprecated {
        words = format!("Deprecated. {words}");
    }
    let mut text = wrapped(indent, &words);
    for param in &method.params {
        let meaning = description.meaning(&param.name, &param.kind);
        if !meaning.is_empty() {
            text += &wrapped(indent, &format!("@param {} {meaning}", param.name));
        }
    }
    text
}

/// A comment of `///` lines.
fn wrapped(indent: &str, words: &str) -> String {
    if words.is_empty() {
        return String::new();
    }
    crate::rust_docs::wrap(indent, words)
}

const FITS: &str = "text takes everything";
