//! The description can say everything that the inventories of Java and Objective-C hold. What it could not is listed by name,
//! and the list is empty.
#![allow(clippy::print_stdout, reason = "how much is covered is for people to read")]

use std::collections::BTreeSet;
use std::fs;

use rtc_api_generate::languages::{surface, types};
use rtc_api_generate::load::load;
use rtc_api_generate::model::{Description, Language, Method};
use rtc_api_generate::{DESCRIPTION, root};
use serde_json::Value;

#[test]
fn java_is_described_completely() {
    let inventory = inventory("java");
    let mut facts = common(&inventory, |method| {
        let form = if method["static"] == true { "static " } else { "" };
        let params = list(method, "params").iter().enumerate().map(|(place, param)| {
            let name = param["name"].as_str().map_or_else(|| format!("arg{place}"), str::to_owned);
            format!("{} {name}", text(param, "type"))
        });
        let params: Vec<String> = params.collect();
        format!("{form}{} {}({})", text(method, "returns"), text(method, "name"), params.join(", "))
    });
    for structure in list(&inventory, "structs") {
        let constructors = list(structure, "constructors");
        if constructors.len() == 1 && constructors[0] == Value::Array(Vec::new()) {
            continue;
        }
        for constructor in constructors {
            let params = constructor.as_array().expect("a list of parameters").iter();
            let params: Vec<String> = params.map(|param| format!("{} {}", text(param, "type"), text(param, "name"))).collect();
            facts.insert(format!("{}({})", text(structure, "name"), params.join(", ")));
        }
    }
    for owner in list(&inventory, "constants") {
        for constant in list(owner, "constants") {
            facts.insert(format!("{}.{} = {}", text(owner, "owner"), text(constant, "name"), constant["value"]));
        }
    }
    assert_described(&facts, Language::Java);
}

#[test]
fn objective_c_is_described_completely() {
    let inventory = inventory("objc");
    let mut facts = common(&inventory, |method| {
        let form = if method["static"] == true { '+' } else { '-' };
        let labels = method["selector"].as_str().unwrap_or_else(|| text(method, "name")).split(':');
        let params = list(method, "params").iter();
        let parts: Vec<String> = match params.len() {
            0 => labels.map(str::to_owned).collect(),
            _ => labels
                .zip(params)
                .map(|(label, param)| format!("{label}:({}){}", text(param, "type"), text(param, "name")))
                .collect(),
        };
        format!("{form} ({}){}", text(method, "returns"), parts.join(" "))
    });
    facts.extend(list(&inventory, "typedefs").iter().map(|typedef| text(typedef, "text").to_owned()));
    let value = |name: &str| {
        let codes = list(&inventory, "error_codes").iter();
        codes.clone().find(|code| text(code, "name") == name).map(|code| code["value"].clone())
    };
    for alias in list(&inventory, "error_code_aliases") {
        let number = value(text(alias, "target")).expect("an old name is one of a code");
        facts.insert(format!("{} = {number}", text(alias, "name")));
    }
    assert_described(&facts, Language::Objc);
}

#[test]
fn what_electron_dart_and_csharp_are_said_to_have_is_there() {
    let description = load(&root().join(DESCRIPTION)).expect("it is well formed");
    for (language, name) in [(Language::Electron, "electron"), (Language::Dart, "dart"), (Language::Csharp, "csharp")] {
        let inventory = inventory(name);
        let mut there = BTreeSet::new();
        for class in list(&inventory, "classes") {
            for method in list(class, "methods").iter().chain(list(class, "callbacks")) {
                let params: Vec<&str> = list(method, "params").iter().map(|param| text(param, "name")).collect();
                there.insert(format!("{}: {}({})", text(class, "name"), text(method, "name"), params.join(", ")));
            }
        }
        for structure in list(&inventory, "structs") {
            there.insert(format!("struct {}", text(structure, "name")));
            for field in list(structure, "fields") {
                there.insert(format!("{}: {}", text(structure, "name"), text(field, "name")));
            }
        }
        for enumeration in list(&inventory, "enums") {
            for value in list(enumeration, "values") {
                there.insert(format!("{}.{} = {}", text(enumeration, "name"), text(value, "name"), value["value"]));
            }
        }
        let methods = description.methods.iter().filter_map(|method| by_name(&description, method, language));
        let said: BTreeSet<String> = methods.chain(types(&description, language)).collect();
        let missing: Vec<&String> = said.difference(&there).collect();
        println!("{name}: {} names, of {} in the inventory", said.len(), there.len());
        assert!(said.len() > 100 && missing.is_empty(), "not in the inventory of {name}: {missing:#?}");
    }
}

#[test]
fn every_code_is_described() {
    let table = fs::read_to_string(root().join("spec/native/codes.tsv")).expect("the table is in the repository");
    let description = load(&root().join(DESCRIPTION)).expect("it is well formed");
    let mut rows = 0;
    for row in table.lines().skip(1) {
        let [kind, number, name, others, ..] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("a row has five columns: {row}")
        };
        let codes = if kind == "errors" { &description.errors } else { &description.warnings };
        let code = codes.iter().find(|code| code.number.to_string() == number);
        let code = code.unwrap_or_else(|| panic!("{number} {name} is not described"));
        let known = |name: &str| {
            code.entry.name == name
                || code.old_names.iter().chain(&code.java_names).chain(&code.electron_names).any(|each| each == name)
        };
        assert!(known(name), "{number} is {}, not {name}", code.entry.name);
        assert!(others.split(',').filter(|other| !other.is_empty()).all(known), "{number} is also called {others}");
        rows += 1;
    }
    assert_eq!(rows, description.errors.len() + description.warnings.len());
}

/// A method as a language calls it, by its parameters' names.
fn by_name(description: &Description, method: &Method, language: Language) -> Option<String> {
    let class = description.class(method.class.as_deref()?)?;
    let class = match class.entry.names.get(&language)?.as_str() {
        "=" => &class.entry.name,
        class => class,
    };
    let declaration = match method.entry.names.get(&language)?.as_str() {
        "=" => {
            let params: Vec<&str> = method.params.iter().map(|param| param.name.as_str()).collect();
            format!("{}({})", method.entry.name, params.join(", "))
        }
        declaration => declaration.to_owned(),
    };
    // What only newer documentation has is not in the inventory's classes.
    (class != "TRTCCloud" || method.id != "getAITranscriberManager").then(|| format!("{class}: {declaration}"))
}

fn assert_described(facts: &BTreeSet<String>, language: Language) {
    let description = load(&root().join(DESCRIPTION)).expect("it is well formed");
    let surface = surface(&description, language);
    let missing: Vec<&String> = facts.difference(&surface).collect();
    let surplus: Vec<&String> = surface.difference(facts).collect();
    println!("{} of {} facts", facts.len() - missing.len(), facts.len());
    assert!(facts.len() > 700, "the inventory was not read: {} facts", facts.len());
    assert!(missing.is_empty() && surplus.is_empty(), "not described: {missing:#?}\nnot in the inventory: {surplus:#?}");
}

/// What both inventories hold in the same form.
fn common(inventory: &Value, declaration: impl Fn(&Value) -> String) -> BTreeSet<String> {
    let mut facts = BTreeSet::new();
    let deprecated = |class: &Value| class["header"] == "DeprecatedTRTCCloud.h";
    for class in list(inventory, "classes") {
        let category = if deprecated(class) { "(Deprecated)" } else { "" };
        let name = format!("{}{category}", text(class, "name"));
        facts.insert(format!("class {name}"));
        for method in list(class, "methods").iter().chain(list(class, "callbacks")) {
            facts.insert(format!("{name}: {}", declaration(method)));
        }
    }
    for structure in list(inventory, "structs") {
        let name = text(structure, "name");
        facts.insert(format!("struct {name}"));
        for field in list(structure, "fields") {
            facts.insert(format!("{name}: {} {}", text(field, "type"), text(field, "name")));
        }
    }
    for enumeration in list(inventory, "enums") {
        // Java has groups of constants in place of most enums; the inventory names them `owner:prefix`.
        let name = text(enumeration, "name").split(':').next().expect("a name");
        for value in list(enumeration, "values") {
            facts.insert(format!("{name}.{} = {}", text(value, "name"), value["value"]));
        }
    }
    for code in list(inventory, "error_codes").iter().chain(list(inventory, "warning_codes")) {
        facts.insert(format!("{} = {}", text(code, "name"), code["value"]));
    }
    // Methods that only the published documentation has, newer than the headers.
    for method in list(inventory, "docs_only_additions") {
        facts.insert(format!("{}: {}", text(method, "class_"), declaration(method)));
    }
    facts
}

fn inventory(language: &str) -> Value {
    let path = root().join(format!("spec/native/{language}.json"));
    serde_json::from_str(&fs::read_to_string(path).expect("the inventory is in the repository")).expect("it is JSON")
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().expect("the inventory names everything")
}
