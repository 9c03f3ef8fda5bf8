//! The time by the engine's clock, which belongs to the whole process.

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{SystemTime, UNIX_EPOCH};

use rtc_core::{network_timestamp, server_address, set_network_time_callback, update_network_time};

use crate::engine::{Engine, PATIENCE};

#[test]
fn the_time_is_the_engines_and_stays_known_when_the_engine_is_gone() {
    let mut engine = Engine::start();
    server_address::set_global(&engine.address()).expect("an address");
    let (sender, told) = channel();
    set_network_time_callback(Some(Arc::new(move |code, words: &str| drop(sender.send((code, words.to_owned()))))));
    assert_eq!(network_timestamp(), 0, "nobody has asked");

    assert_eq!(update_network_time(), 0);
    assert_eq!(told.recv_timeout(PATIENCE), Ok((0, String::new())));
    // Engine and test are on one machine.
    let own = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis();
    let apart = u128::from(network_timestamp().unsigned_abs()).abs_diff(own);
    assert!(apart <= 100, "{apart} ms apart");

    engine.kill();
    assert_eq!(update_network_time(), 0);
    let (code, words) = told.recv_timeout(PATIENCE).expect("an answer");
    assert_eq!(code, -1);
    assert!(words.contains("cannot be reached"), "{words}");
    assert!(network_timestamp() > 0);
    set_network_time_callback(None);
}
