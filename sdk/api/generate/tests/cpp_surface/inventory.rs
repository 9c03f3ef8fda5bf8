//! The facts that the inventory holds.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::facts::{Fact, default, kind, platforms};

/// All facts of the inventory, those of the additional headers included.
pub(crate) fn facts(inventory: &Value) -> BTreeSet<Fact> {
    let mut facts = Vec::new();
    part(inventory, &mut facts);
    for extra in list(inventory, "extras") {
        part(extra, &mut facts);
    }
    for (key, of) in [("error_codes", "TXLiteAVError"), ("warning_codes", "TXLiteAVWarning")] {
        for (place, code) in list(inventory, key).iter().enumerate() {
            facts.push(format!("TXLiteAVCode.h: {of}[{place}] {} = {} everywhere", text(code, "name"), code["value"]));
        }
    }
    for alias in list(inventory, "error_code_aliases").iter().chain(list(inventory, "type_aliases")) {
        facts.push(format!("#define {} {}", text(alias, "name"), text(alias, "target")));
    }
    for typedef in list(inventory, "typedefs") {
        facts.push(format!("{} {}", kind(text(typedef, "text")), on(typedef)));
    }
    facts.into_iter().map(Fact).collect()
}

fn part(part: &Value, facts: &mut Vec<String>) {
    for function in list(part, "free_functions") {
        facts.push(format!("function {}", head(function)));
    }
    for class in list(part, "classes") {
        let (header, name) = (text(class, "header"), text(class, "name"));
        facts.push(format!("{header}: class {name} {}", on(class)));
        for (place, method) in list(class, "methods").iter().chain(list(class, "callbacks")).enumerate() {
            let form = match (&method["static"], &method["pure"]) {
                (Value::Bool(true), _) => "static",
                (_, Value::Bool(true)) => "pure",
                _ => "with a body",
            };
            facts.push(format!("{name}[{place}] {form} {}", head(method)));
        }
    }
    for structure in list(part, "structs") {
        let (header, name) = (text(structure, "header"), text(structure, "name"));
        facts.push(format!("{header}: struct {name} {}", on(structure)));
        for (place, field) in list(structure, "fields").iter().enumerate() {
            let default = match field["default"].as_str() {
                Some("<constructor argument>") => format!("{}_", text(field, "name")),
                Some(given) => default(given),
                None => String::new(),
            };
            let kind = kind(text(field, "type"));
            facts.push(format!("{name}.{place} {kind} {} = {default} {}", text(field, "name"), on(field)));
        }
    }
    for enumeration in list(part, "enums") {
        let (header, name) = (text(enumeration, "header"), text(enumeration, "name"));
        for (place, value) in list(enumeration, "values").iter().enumerate() {
            let on = if value["platforms"].is_array() { on(value) } else { "everywhere".to_owned() };
            facts.push(format!("{header}: {name}[{place}] {} = {} {on}", text(value, "name"), value["value"]));
        }
    }
}

fn head(method: &Value) -> String {
    let params = list(method, "params").iter().map(|param| {
        let default = param["default"].as_str().map_or_else(String::new, |given| format!(" = {}", default(given)));
        format!("{} {}{default}", kind(text(param, "type")), text(param, "name"))
    });
    let params: Vec<String> = params.collect();
    let constant = if method["const"] == true { " const" } else { "" };
    format!("{} {}({}){constant} {}", kind(text(method, "returns")), text(method, "name"), params.join(", "), on(method))
}

fn on(value: &Value) -> String {
    platforms(list(value, "platforms").iter().filter_map(Value::as_str))
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().expect("the inventory names everything")
}
