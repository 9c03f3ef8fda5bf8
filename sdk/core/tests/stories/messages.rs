//! Custom messages between instances, and what is not taken.

use std::time::Instant;

use rtc_core::Message;

use crate::engine::Engine;
use crate::person::{Person, Told};

fn message(told: &Told) -> Option<Message> {
    match told {
        Told::Message(message) => Some(message.clone()),
        _ => None,
    }
}

#[test]
fn messages_arrive_in_order_with_the_senders_own_count() {
    let engine = Engine::start();
    let ann = Person::enters(&engine, "ann");
    let mut bob = Person::enters(&engine, "bob");
    for text in [b"one", b"two"] {
        assert!(ann.cloud.send_custom_cmd_msg(3, text, true, true));
    }
    for (seq, text) in [(1, b"one"), (2, b"two")] {
        let expected = Message { user_id: "ann".into(), cmd_id: 3, seq, data: text.to_vec() };
        assert_eq!(bob.until_told("a message", message), expected);
    }
}

#[test]
fn what_is_beyond_the_bounds_is_not_taken() {
    let engine = Engine::start();
    let outside = Person::new(&engine);
    assert!(!outside.cloud.send_custom_cmd_msg(1, b"x", true, true), "taken outside of a room");
    let ann = Person::enters(&engine, "ann");
    assert!(!ann.cloud.send_custom_cmd_msg(11, b"x", true, true), "taken with a bad id");
    assert!(!ann.cloud.send_custom_cmd_msg(1, b"", true, true), "taken without a word");
    assert!(!ann.cloud.send_custom_cmd_msg(1, &[0; 1025], true, true), "taken though too long");
    assert!(!ann.cloud.send_custom_cmd_msg(1, b"x", true, false), "taken reliable and out of order");
    let began = Instant::now();
    let taken = (0..100).filter(|_| ann.cloud.send_custom_cmd_msg(1, b"x", true, true)).count();
    // Those of the seconds that were touched; 60 where it took no time.
    let most = 30 * (2 + began.elapsed().as_secs() as usize);
    assert!((30..=most).contains(&taken), "{taken} of 100 were taken at once");
}

#[test]
fn ten_thousand_messages_at_once_cost_only_those_that_are_too_many() {
    let engine = Engine::start();
    let ann = Person::enters(&engine, "ann");
    let mut bob = Person::enters(&engine, "bob");
    let taken = (0..10_000).filter(|_| ann.cloud.send_custom_cmd_msg(1, b"x", true, true)).count();
    assert!(taken >= 30, "{taken} were taken");
    for seq in 1..=30 {
        assert_eq!(bob.until_told("a second's worth", message).seq, seq);
    }
    // Later seconds are as good as any. The engine's begin where messages arrive, so one of two is sure to have room there.
    let mut later = 0;
    while later < 60 {
        if ann.cloud.send_custom_cmd_msg(2, b"and on", true, true) {
            later += 1;
        } else {
            std::thread::yield_now();
        }
    }
    bob.until_told("one of a later second", |told| message(told).filter(|message| message.cmd_id == 2));
}
