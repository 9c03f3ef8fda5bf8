//! Writes the reference: a page for each noun, with what each method, event, type and code is, and what every language calls
//! it. It says what the description says.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::cpp_types::{member, parameters, returned};
use crate::files::{Generated, NOTICE};
use crate::model::{Code, Description, Entry, Enum, Language, Method, Struct};
use crate::notation::{Declaration, Type};

/// All pages.
pub(crate) fn files(description: &Description) -> Vec<Generated> {
    let mut files = vec![Generated { path: format!("{FOLDER}/README.md"), text: index(description) }];
    for noun in pages(description) {
        files.push(Generated { path: format!("{FOLDER}/{noun}.md"), text: page(description, noun) });
    }
    files
}

/// Where the pages go, from the root of the repository.
pub(crate) const FOLDER: &str = "docs/native/reference";

/// The nouns that have a page: all but those that hold no entries of their own.
fn pages(description: &Description) -> impl Iterator<Item = &str> {
    description.nouns.keys().map(String::as_str).filter(|noun| *noun != "parameters")
}

fn index(description: &Description) -> String {
    let mut text = format!("<!-- {NOTICE} -->\n\n# Native API reference\n\n");
    text += "One engine, the same names on every platform. Each page gives the C++ declaration first and then what Java (Android),\n";
    text += "Objective-C (iOS and macOS), TypeScript (Electron), Dart (Flutter) and C# (Unity) call it where that differs.\n\n";
    text += "| Page | About | Methods | Events | Types |\n| --- | --- | ---: | ---: | ---: |\n";
    for noun in pages(description) {
        let here = |entry: &Entry| entry.noun == noun;
        let (events, methods): (Vec<_>, Vec<_>) =
            description.methods.iter().filter(|each| here(&each.entry)).partition(|each| is_event(description, each));
        let functions = description.functions.iter().filter(|each| here(&each.entry)).count();
        let types = description.structs.iter().filter(|each| here(&each.entry)).count()
            + description.enums.iter().filter(|each| here(&each.entry)).count();
        let count = |count: usize| if count == 0 { String::new() } else { count.to_string() };
        writeln!(
            text,
            "| [{}]({noun}.md) | {} | {} | {} | {} |",
            title(noun),
            description.nouns[noun],
            count(methods.len() + functions),
            count(events.len()),
            count(types)
        )
        .expect(FITS);
    }
    text
}

fn title(noun: &str) -> String {
    let words = noun.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn page(description: &Description, noun: &str) -> String {
    let mut text = format!("<!-- {NOTICE} -->\n\n# {}\n\n{}\n", title(noun), description.nouns[noun]);
    for class in description.classes.iter().filter(|each| each.entry.noun == noun) {
        write!(text, "\n## `{}`\n\n{}\n", class.entry.name, class.entry.summary).expect(FITS);
        text += &elsewhere(&class.entry);
        text += &platforms(&class.entry);
        if class.declared_only {
            text += NOT_YET;
        }
    }
    let mut groups: BTreeMap<(bool, bool), Vec<&Method>> = BTreeMap::new();
    let here = description.functions.iter().chain(&description.methods).filter(|each| each.entry.noun == noun);
    for method in here {
        groups.entry((is_event(description, method), method.deprecated)).or_default().push(method);
    }
    for ((event, deprecated), methods) in groups {
        let heading = match (event, deprecated) {
            (false, false) => "Methods",
            (false, true) => "Deprecated methods",
            (true, false) => "Events",
            (true, true) => "Deprecated events",
        };
        write!(text, "\n## {heading}\n").expect(FITS);
        for each in methods {
            text += &method(description, each);
        }
    }
    let structs = description.structs.iter().filter(|each| each.entry.noun == noun).map(|each| structure(description, each));
    let enums = description.enums.iter().filter(|each| each.entry.noun == noun).map(enumeration);
    let types: String = structs.chain(enums).collect();
    if !types.is_empty() {
        write!(text, "\n## Types\n{types}").expect(FITS);
    }
    if noun == "codes" {
        text += &codes("Errors", &description.errors);
        text += &codes("Warnings", &description.warnings);
    }
    text
}

fn is_event(description: &Description, method: &Method) -> bool {
    method.class.as_deref().and_then(|class| description.class(class)).is_some_and(|class| class.is_callback)
}

fn method(description: &Description, method: &Method) -> String {
    let mut text = format!("\n### `{}`\n\n", method.entry.name);
    if method.order.is_some() || method.header.is_some() {
        let class = method.class.as_ref().map_or_else(String::new, |class| format!("{class}::"));
        let form = if method.is_static { "static " } else { "" };
        let head = format!("{} {class}{}", returned(&method.returns), method.entry.name);
        write!(text, "```cpp\n{form}{head}({})\n```\n\n", parameters(&method.params, true)).expect(FITS);
    }
    writeln!(text, "{}", method.entry.summary).expect(FITS);
    if !method.params.is_empty() {
        text += "\n| Parameter | Type | Default | Meaning |\n| --- | --- | --- | --- |\n";
        for param in &method.params {
            let meaning = description.meaning(&param.name, &param.kind);
            let default = param.default.as_ref().map_or_else(String::new, |default| format!("`{default}`"));
            writeln!(text, "| `{}` | {} | {default} | {meaning} |", param.name, linked(description, &param.kind)).expect(FITS);
        }
    }
    text += &elsewhere(&method.entry);
    text += &platforms(&method.entry);
    if !method.redirect.is_empty() {
        let calls: Vec<String> = method.redirect.iter().map(|call| format!("`{call}`")).collect();
        write!(text, "\nIt calls {}.\n", calls.join(" and ")).expect(FITS);
    }
    let class = method.class.as_deref().and_then(|class| description.class(class));
    if method.declared_only || class.is_some_and(|class| class.declared_only) {
        text += NOT_YET;
    }
    text
}

fn structure(description: &Description, each: &Struct) -> String {
    let mut text = format!("\n### `{}`\n\n{}\n", each.entry.name, each.entry.summary);
    text += "\n| Field | Type | Default | Meaning |\n| --- | --- | --- | --- |\n";
    for field in &each.fields {
        let declaration = &field.declaration;
        writeln!(
            text,
            "| `{}` | {} | {} | {} |",
            declaration.name,
            linked(description, &declaration.kind),
            field_default(each, declaration),
            field.summary
        )
        .expect(FITS);
    }
    for (language, name) in LANGUAGES {
        let fields = each.fields.iter().filter_map(|field| {
            let here = field.names.get(&language).filter(|here| *here != "=")?;
            let same = here.rsplit([' ', '*']).next() == Some(&field.declaration.name);
            (!same).then(|| format!("`{}` is `{here}`", field.declaration.name))
        });
        let mut differences: Vec<String> = fields.collect();
        let others = each.other_fields.get(&language).into_iter().flatten();
        differences.extend(others.map(|field| format!("it also has `{field}`")));
        if !differences.is_empty() {
            write!(text, "\nIn {name}, {}.\n", differences.join(", ")).expect(FITS);
        }
    }
    text += &elsewhere(&each.entry);
    text += &platforms(&each.entry);
    if each.declared_only {
        text += NOT_YET;
    }
    text
}

fn field_default(each: &Struct, field: &Declaration) -> String {
    let default = match &field.default {
        Some(default) => default.as_str(),
        None if each.constructor.contains(&field.name) => return "to be given".to_owned(),
        None => match &field.kind {
            Type::Bool => "false",
            Type::Number(_) => "0",
            Type::Text { .. } | Type::List(_) | Type::Bytes(_) => "empty",
            Type::Struct { .. } | Type::Array(..) | Type::Enum(_) => "",
            _ => "null",
        },
    };
    if default.is_empty() || default == "empty" { default.to_owned() } else { format!("`{default}`") }
}

fn enumeration(each: &Enum) -> String {
    let mut text = format!("\n### `{}`\n\n{}\n", each.entry.name, each.entry.summary);
    let java = each.entry.names.contains_key(&Language::Java);
    let objc = each.entry.names.contains_key(&Language::Objc);
    let head = |shown: bool, name: &str| if shown { format!(" {name} |") } else { String::new() };
    let rule = |shown: bool| if shown { " --- |" } else { "" };
    write!(
        text,
        "\n| Value | Number | Meaning |{}{}\n| --- | ---: | --- |{}{}\n",
        head(java, "Java"),
        head(objc, "Objective-C"),
        rule(java),
        rule(objc)
    )
    .expect(FITS);
    for value in &each.values {
        write!(text, "| `{}` | {} | {} |", value.entry.name, value.number, value.entry.summary).expect(FITS);
        for (shown, language) in [(java, Language::Java), (objc, Language::Objc)] {
            if shown {
                let name = match value.entry.names.get(&language).map(String::as_str) {
                    None => "—".to_owned(),
                    Some("=") => "the same".to_owned(),
                    Some(name) => format!("`{name}`"),
                };
                write!(text, " {name} |").expect(FITS);
            }
        }
        text.push('\n');
    }
    text += &elsewhere(&each.entry);
    text + &platforms(&each.entry)
}

fn codes(heading: &str, codes: &[Code]) -> String {
    let mut text = format!("\n## {heading}\n\n| Number | Name | Meaning | Other names |\n| ---: | --- | --- | --- |\n");
    for code in codes {
        let old: Vec<String> =
            code.old_names.iter().chain(&code.java_names).chain(&code.electron_names).map(|name| format!("`{name}`")).collect();
        let (name, summary) = (&code.entry.name, &code.entry.summary);
        writeln!(text, "| {} | `{name}` | {summary} | {} |", code.number, old.join(", ")).expect(FITS);
    }
    text
}

/// What other languages call it, where they do not simply call it the same.
fn elsewhere(entry: &Entry) -> String {
    let mut lines = String::new();
    let mut same = Vec::new();
    for (language, name) in LANGUAGES {
        match entry.names.get(&language).map(String::as_str) {
            Some("=") => same.push(name),
            Some(here) => writeln!(lines, "- {name}: `{here}`").expect(FITS),
            None => {}
        }
    }
    if !same.is_empty() {
        writeln!(lines, "- The same in {}", same.join(", ")).expect(FITS);
    }
    if lines.is_empty() { lines } else { format!("\n{lines}") }
}

fn platforms(entry: &Entry) -> String {
    match entry.platforms.is_empty() {
        true => String::new(),
        false => {
            let names: Vec<&str> = entry.platforms.iter().map(|each| platform(each)).collect();
            format!("\nOnly on {}.\n", names.join(", "))
        }
    }
}

/// A platform as its makers write it.
fn platform(name: &str) -> &str {
    match name {
        "windows" => "Windows",
        "macos" => "macOS",
        "linux" => "Linux",
        "android" => "Android",
        "ios" => "iOS",
        "ohos" => "OpenHarmony",
        other => other,
    }
}

/// A type with a link to the page that describes it.
fn linked(description: &Description, kind: &Type) -> String {
    let spelled = match kind {
        Type::Image | Type::Native(_) => return format!("`{kind}`"),
        Type::Array(length, _) => format!("{}[{length}]", member(kind)),
        kind => member(kind),
    };
    let Some(name) = kind.refers_to() else { return format!("`{spelled}`") };
    let entry = description.structure(name).map(|each| &each.entry);
    let entry = entry.or_else(|| description.enumeration(name).map(|each| &each.entry));
    let entry = entry.or_else(|| description.class(name).map(|each| &each.entry));
    match entry {
        Some(entry) => format!("[`{spelled}`]({}.md#{})", entry.noun, entry.name.to_lowercase()),
        None => format!("`{spelled}`"),
    }
}

const LANGUAGES: [(Language, &str); 5] = [
    (Language::Java, "Java"),
    (Language::Objc, "Objective-C"),
    (Language::Electron, "Electron"),
    (Language::Dart, "Dart"),
    (Language::Csharp, "C#"),
];

const NOT_YET: &str = "\n**Declared, but not carried out yet.**\n";

const FITS: &str = "text takes everything";
