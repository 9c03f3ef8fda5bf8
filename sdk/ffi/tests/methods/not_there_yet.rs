//! `sdk/api/not_supported.txt` names exactly the methods that answer as not supported.

use std::collections::BTreeSet;

use rtc_api_generate::root;
use serde_json::Value;

use crate::engine::Engine;
use crate::instance::{Instance, assert_no_thread_panicked};
use crate::surface::Surface;

const NOT_SUPPORTED: i64 = -4;

#[test]
fn what_is_not_supported_is_listed_and_does_no_harm() {
    let engine = Engine::start();
    let mut instance = Instance::of(&engine);
    let surface = Surface::read();
    let mut found = BTreeSet::new();
    let mut count = 0;
    for (name, method) in surface.methods() {
        let answer = instance.call(&name, &Value::Object(surface.arguments(method)));
        assert!(answer.get("ok").is_some(), "{name} refuses arguments made from its description: {answer}");
        let told = instance.told_until_now();
        if says_so(&answer["ok"]) || told.iter().any(tells_so) {
            found.insert(name);
        }
        count += 1;
    }
    assert!(count > 150, "only {count} methods are described");
    instance.enters(&engine, "ann");
    assert_no_thread_panicked();

    let listed = listed();
    let missing: Vec<_> = found.difference(&listed).collect();
    let obsolete: Vec<_> = listed.difference(&found).collect();
    assert!(missing.is_empty(), "not supported and not in sdk/api/not_supported.txt: {missing:#?}");
    assert!(obsolete.is_empty(), "supported by now, take them out of sdk/api/not_supported.txt: {obsolete:#?}");
}

/// The methods of the list.
pub(crate) fn listed() -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join("sdk/api/not_supported.txt")).expect("the list");
    let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let set: BTreeSet<_> = lines.iter().map(|line| (*line).to_owned()).collect();
    assert_eq!(set.len(), lines.len(), "a method is listed twice");
    set
}

/// Whether a method returns it, as a number or inside of a text that is JSON.
fn says_so(answer: &Value) -> bool {
    let inside = answer.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
    answer.as_i64() == Some(NOT_SUPPORTED) || inside.is_some_and(|inside| inside["code"] == NOT_SUPPORTED)
}

/// Whether an event says it: `onError`, or the callback of the method that was called, each with a name of its own for the
/// code.
fn tells_so(event: &Value) -> bool {
    let fields = event["data"].as_object().into_iter().flatten();
    let is_code = |name: &str| matches!(name, "code" | "err" | "errCode" | "errorCode");
    fields.into_iter().any(|(name, value)| is_code(name) && value.as_i64() == Some(NOT_SUPPORTED))
}
