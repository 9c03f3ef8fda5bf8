//! Every method in a room, after it was left, and after the instance is gone.

use serde_json::{Value, json};

use crate::engine::Engine;
use crate::instance::{Instance, assert_no_thread_panicked, call};
use crate::surface::Surface;

const REFUSED: i64 = -3;

#[test]
fn every_method_can_be_called_in_a_room_and_after_it() {
    let engine = Engine::start();
    let mut instance = Instance::of(&engine);
    let surface = Surface::read();
    instance.enters(&engine, "ann");
    let call_all = |instance: &Instance| {
        for (name, method) in surface.methods().filter(|(name, _)| name != "exitRoom") {
            let answer = instance.call(&name, &Value::Object(surface.arguments(method)));
            assert!(answer.get("ok").is_some(), "{name}: {answer}");
        }
    };
    call_all(&instance);
    instance.call("exitRoom", &json!({}));
    let (before, left) = instance.until("onExitRoom", |event| event["event"] == "onExitRoom");
    assert_eq!(left["data"]["reason"], 0, "{left}, after {before:?}");
    call_all(&instance);
    instance.told_until_now();
    instance.enters(&engine, "ann");
    assert_no_thread_panicked();
}

#[test]
fn an_instance_that_is_gone_refuses_every_method() {
    let surface = Surface::read();
    let gone = Instance::new().end();
    for (name, method) in surface.methods() {
        let answer = call(gone, &name, &Value::Object(surface.arguments(method)).to_string());
        assert_eq!(answer["error"]["code"].as_i64(), Some(REFUSED), "{name}: {answer}");
        assert!(answer["error"]["message"].as_str().is_some_and(|message| message.contains("rtc_destroy")), "{answer}");
    }
}

#[test]
fn methods_from_many_threads_while_the_instance_ends_are_answered() {
    let surface = Surface::read();
    let instance = Instance::new();
    let handle = instance.handle();
    let calls: Vec<(String, String)> =
        surface.methods().map(|(name, method)| (name, Value::Object(surface.arguments(method)).to_string())).collect();
    std::thread::scope(|scope| {
        for start in [0, 40, 80, 120] {
            let calls = &calls;
            scope.spawn(move || {
                // Until the instance is gone, which every thread meets in the middle of its calls.
                for (name, arguments) in calls.iter().cycle().skip(start) {
                    let answer = call(handle, name, arguments);
                    match answer["error"]["code"].as_i64() {
                        None => {}
                        Some(REFUSED) => return,
                        Some(code) => panic!("{name}: {code}, {answer}"),
                    }
                }
            });
        }
        // Once all of them are at it.
        instance.until("an error of a call", |event| event["event"] == "onError");
        drop(instance);
    });
    assert_no_thread_panicked();
}
