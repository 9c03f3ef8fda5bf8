//! Arguments that cannot be: each is refused with the code of an invalid parameter and a text that names method and
//! argument, and nothing is done.

use std::ffi::CString;

use rtc_api_generate::notation::{Declaration, Type};
use serde_json::{Map, Value, json};

use crate::instance::{Instance, call, call_without};
use crate::surface::{Surface, is_needed, out_of_range};

const INVALID_PARAMETER: i64 = -2;

#[track_caller]
fn assert_refused(answer: &Value, names: &[&str], what: &str) {
    let error = &answer["error"];
    assert_eq!(error["code"].as_i64(), Some(INVALID_PARAMETER), "{what}: {answer}");
    let message = error["message"].as_str().expect("an error has words");
    for name in names {
        assert!(message.contains(name), "{what} does not name {name}: {message}");
    }
    assert!(message.len() < 2000, "{what} is answered at length: {} bytes", message.len());
}

/// What is none of this type.
fn wrong_values(surface: &Surface, kind: &Type) -> Vec<Value> {
    match kind {
        Type::Bool => vec![json!("yes"), json!(1)],
        Type::Number(number) => [json!("one"), json!([])].into_iter().chain(out_of_range(*number)).collect(),
        Type::Text { .. } => vec![json!(5), json!({})],
        Type::View { .. } => vec![json!("window"), json!(-1)],
        Type::Enum(name) => {
            let highest = surface.numbers(name).into_iter().max().expect("an enum has values");
            vec![json!("x"), json!(highest + 1_000_000), json!(1.5)]
        }
        Type::Array(length, _) => vec![json!(5), json!(vec![0; length - 1]), json!(vec![0; length + 1])],
        Type::List(_) | Type::Code(_) => vec![json!({}), json!("x")],
        _ => vec![json!(5), json!("x")],
    }
}

/// Arguments with one of them set to something else.
fn with(arguments: &Map<String, Value>, name: &str, value: Value) -> Value {
    let mut changed = arguments.clone();
    changed.insert(name.to_owned(), value);
    Value::Object(changed)
}

#[test]
fn what_is_missing_null_wrong_or_unknown_is_refused_by_name() {
    let mut instance = Instance::new();
    let surface = Surface::read();
    for (name, method) in surface.methods() {
        let good = surface.arguments(method);
        for param in &method.params {
            let argument = format!("`{}", param.name);
            let names = [name.as_str(), argument.as_str()];
            if is_needed(param) {
                let mut without = good.clone();
                without.remove(&param.name);
                assert_refused(&instance.call(&name, &Value::Object(without)), &names, &format!("{name} without {argument}"));
                let null = instance.call(&name, &with(&good, &param.name, Value::Null));
                assert_refused(&null, &names, &format!("{name} with {argument} null"));
            }
            for wrong in wrong_values(&surface, &param.kind) {
                let what = format!("{name} with {argument} {wrong}");
                assert_refused(&instance.call(&name, &with(&good, &param.name, wrong)), &names, &what);
            }
            fields_are_checked(&instance, &surface, &name, &good, param);
        }
        let unknown = instance.call(&name, &with(&good, "noSuchThing", json!(1)));
        assert_refused(&unknown, &[&name, "`noSuchThing`"], &format!("{name} with something unknown"));
        for text in ["[]", "1", "null", "{", "\u{1F600}", r#"{"a":}"#] {
            assert_refused(&instance.call_text(&name, text), &[&name], &format!("{name} with {text}"));
        }
    }
    // Nothing was done, and it still does what it is asked.
    assert!(instance.told_until_now().iter().all(|event| event["event"] == "onError"));
}

fn fields_are_checked(instance: &Instance, surface: &Surface, name: &str, good: &Map<String, Value>, param: &Declaration) {
    for field in surface.fields(&param.kind) {
        let place = format!("`{}.{}", param.name, field.name);
        for wrong in wrong_values(surface, &field.kind) {
            let what = format!("{name} with {place} {wrong}");
            let mut inside = Map::new();
            inside.insert(field.name.clone(), wrong);
            let answer = instance.call(name, &with(good, &param.name, Value::Object(inside)));
            assert_refused(&answer, &[name, &place], &what);
        }
    }
}

#[test]
fn a_method_that_is_not_there_is_refused_by_name() {
    let instance = Instance::new();
    for name in ["noSuchMethod", "EnterRoom", "device.", "", "\u{1F600}"] {
        assert_refused(&instance.call_text(name, "{}"), &[name], name);
        assert_refused(&call(0, name, "{}"), &[name], name);
    }
}

#[test]
fn texts_that_are_none_are_refused_by_name() {
    let good = CString::new("exitRoom").expect("no NUL");
    // Without an instance, so that it is the texts that are looked at.
    assert_refused(&call_without(0, None, Some(&good)), &["method"], "no method");
    assert_refused(&call_without(0, Some(&good), None), &["json"], "no arguments");
    let latin = CString::new(b"\xe9t\xe9".to_vec()).expect("no NUL");
    assert_refused(&call_without(0, Some(&latin), Some(&good)), &["method", "UTF-8"], "a method in Latin-1");
    assert_refused(&call_without(0, Some(&good), Some(&latin)), &["json", "UTF-8"], "arguments in Latin-1");
    let long = CString::new(vec![b' '; (1 << 20) + 1]).expect("no NUL");
    assert_refused(&call_without(0, Some(&good), Some(&long)), &["json", "1048576"], "arguments that never end");
    assert_refused(&call_without(0, Some(&long), Some(&good)), &["method", "1048576"], "a method that never ends");
}
