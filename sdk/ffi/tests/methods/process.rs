//! What is asked of the process and not of an instance.

use serde_json::json;

use crate::engine::Engine;
use crate::instance::{Instance, call};

#[test]
fn the_whole_process_is_told_where_the_engine_is() {
    let engine = Engine::start();
    let answer = call(0, "setGlobalEnv", &json!({"envConfig": engine.address()}).to_string());
    assert_eq!(answer["ok"], 0, "{answer}");
    // It was told of no engine itself.
    let instance = Instance::new();
    instance.enters(&engine, "ann");
}

#[test]
fn the_version_is_that_of_the_package() {
    assert_eq!(call(0, "getSDKVersion", "{}")["ok"], env!("CARGO_PKG_VERSION"));
}
