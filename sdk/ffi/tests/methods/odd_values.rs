//! Arguments that are of the right type and that nobody means: enormous, empty, with NULs, at both ends of their range.
//! Each call is answered, the instance stays, and a room can be entered afterwards.

use rtc_api_generate::notation::{Number, Type};
use serde_json::{Map, Value, json};

use crate::engine::Engine;
use crate::instance::{Instance, assert_no_thread_panicked};
use crate::surface::Surface;

/// The odd values of a type, beginning with the worst.
fn odd(surface: &Surface, kind: &Type) -> Vec<Value> {
    match kind {
        Type::Bool => vec![json!(false), json!(true)],
        Type::Number(number) => match number {
            Number::U8 => vec![json!(0), json!(u8::MAX)],
            Number::U16 => vec![json!(0), json!(u16::MAX)],
            Number::Uint | Number::U32 => vec![json!(0), json!(u32::MAX)],
            Number::Usize | Number::U64 => vec![json!(0), json!(u64::MAX)],
            Number::Int | Number::I32 => vec![json!(i32::MIN), json!(i32::MAX), json!(-1)],
            Number::Long | Number::I64 => vec![json!(i64::MIN), json!(i64::MAX), json!(-1)],
            Number::F32 | Number::F64 => vec![json!(-1e300), json!(1e300), json!(-0.0)],
        },
        Type::Text { .. } => vec![
            json!("x".repeat(1_000_000)),
            json!(""),
            json!("\u{0}"),
            json!("nul\u{0}inside"),
            json!("\u{1F469}\u{200D}\u{1F680}"),
            json!("../../\n\r\t\"\\"),
        ],
        Type::View { .. } => vec![json!(0)],
        Type::Enum(name) => surface.numbers(name).into_iter().map(Value::from).collect(),
        Type::Array(length, _) => vec![json!(vec![i32::MIN; *length]), json!(vec![i32::MAX; *length])],
        Type::List(of) => {
            let one = odd(surface, of).into_iter().skip(1).find(|value| value.to_string().len() < 200);
            vec![json!([]), json!(vec![one.unwrap_or(Value::Null); 1000])]
        }
        Type::Struct { .. } => {
            // All fields odd at once; each way of being odd comes by its number.
            let fields: Vec<_> =
                surface.fields(kind).into_iter().map(|field| (&field.name, odd(surface, &field.kind))).collect();
            let most = fields.iter().map(|(_, values)| values.len()).max().unwrap_or(0);
            let of = |turn: usize| {
                let one = |values: &[Value]| values.get(turn % values.len().max(1)).cloned();
                fields.iter().filter_map(|(name, values)| Some(((*name).clone(), one(values)?))).collect::<Map<_, _>>()
            };
            (0..most).map(|turn| Value::Object(of(turn))).collect()
        }
        _ => Vec::new(),
    }
}

fn call_all(instance: &Instance, surface: &Surface) {
    for (name, method) in surface.methods() {
        let good = surface.arguments(method);
        for param in &method.params {
            for value in odd(surface, &param.kind) {
                let brief: String = value.to_string().chars().take(60).collect();
                let mut arguments = good.clone();
                arguments.insert(param.name.clone(), value);
                let answer = instance.call(&name, &Value::Object(arguments));
                let message = answer["error"]["message"].as_str().unwrap_or_default();
                assert!(!message.contains("has a fault"), "{name} with {} {brief}: {answer}", param.name);
                assert!(message.len() < 2000, "{name} with {} {brief} is answered at length", param.name);
            }
        }
    }
}

#[test]
fn values_that_nobody_means_do_no_harm_outside_of_a_room() {
    let engine = Engine::start();
    let mut instance = Instance::of(&engine);
    call_all(&instance, &Surface::read());
    instance.told_until_now();
    instance.use_engine(&engine);
    instance.enters(&engine, "ann");
    assert_no_thread_panicked();
}

#[test]
fn values_that_nobody_means_do_no_harm_in_a_room() {
    let engine = Engine::start();
    let instance = Instance::of(&engine);
    instance.enters(&engine, "ann");
    call_all(&instance, &Surface::read());
    instance.call("exitRoom", &json!({}));
    let (before, left) = instance.until("onExitRoom", |event| event["event"] == "onExitRoom");
    assert_eq!(left["data"]["reason"], 0, "{left}, after {} events", before.len());
    instance.use_engine(&engine);
    instance.enters(&engine, "ann");
    assert_no_thread_panicked();
}
