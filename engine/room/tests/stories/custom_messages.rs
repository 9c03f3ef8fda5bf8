//! Short data from an anchor to the whole room.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rtc_impairment::{Impairment, Jitter, Order, Profile};
use rtc_protocol::ErrorCode;

use crate::sim::*;

fn bytes(count: usize) -> String {
    STANDARD.encode(vec![7; count])
}

#[test]
fn a_message_reaches_everybody_else_who_is_connected() {
    let mut sim = Sim::live();
    sim.enter("ann");
    sim.enter("bob");
    sim.watch("zoe");
    sim.watch("yan");
    sim.lose("yan");
    sim.forget();
    sim.must("ann", message(1, "aGk="));
    sim.expect("bob", &["ann says 1/1 aGk="]);
    sim.expect("zoe", &["ann says 1/1 aGk="]);
    sim.expect_silence();
}

#[test]
fn each_sender_counts_each_cmd_id_from_one() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.enter("cat");
    sim.forget();
    for cmd_id in [1, 1, 0, 10, 1] {
        sim.must("ann", message(cmd_id, "aGk="));
    }
    sim.must("bob", message(1, "aGk="));
    sim.expect(
        "cat",
        &[
            "ann says 1/1 aGk=",
            "ann says 1/2 aGk=",
            "ann says 0/1 aGk=",
            "ann says 10/1 aGk=",
            "ann says 1/3 aGk=",
            "bob says 1/1 aGk=",
        ],
    );
}

#[test]
fn the_audience_sends_no_messages() {
    let mut sim = Sim::live();
    sim.enter("ann");
    sim.watch("zoe");
    assert_eq!(sim.refused("zoe", message(1, "aGk=")), ErrorCode::NoPermissionToPublish);
}

#[test]
fn a_message_has_a_known_cmd_id_and_1_to_1024_bytes_of_base64() {
    let mut sim = Sim::call();
    sim.enter("ann");
    let bad = [(11, "aGk=".into()), (255, "aGk=".into()), (1, String::new()), (1, bytes(1025)), (1, bytes(40_000))];
    assert!(sim.ask("ann", message(1, &bytes(40_000))).unwrap_err().message.contains("more than 1024 bytes"));
    for (cmd_id, data) in bad {
        assert_eq!(sim.refused("ann", message(cmd_id, &data)), ErrorCode::InvalidParameter);
    }
    for data in ["a", "aGk", "aG k=", "aGk=\n", "-_-_", "äöüß"] {
        assert_eq!(sim.refused("ann", message(1, data)), ErrorCode::InvalidParameter, "{data:?}");
    }
    for count in [1, 2, 3, 1022, 1023, 1024] {
        sim.must("ann", message(1, &bytes(count)));
    }
}

#[test]
fn thirty_messages_a_second_are_the_most_beside_three_seconds_that_a_network_held_back() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    for _ in 0..120 {
        sim.must("ann", message(1, "aGk="));
    }
    assert_eq!(sim.refused("ann", message(1, "aGk=")), ErrorCode::RateLimited);
    sim.must("bob", message(1, "aGk="));
    for _ in 0..5 {
        sim.wait(1000);
        sim.forget();
        for _ in 0..30 {
            sim.must("ann", message(2, "aGk="));
        }
        assert_eq!(sim.refused("ann", message(2, "aGk=")), ErrorCode::RateLimited);
        assert_eq!(sim.told_of("bob"), 30);
    }
    sim.wait(1000);
    sim.forget();
    sim.must("ann", message(1, "aGk="));
    sim.expect("bob", &["ann says 1/121 aGk="]);
}

#[test]
fn sixteen_kilobytes_a_second_are_the_most_beside_three_seconds_that_a_network_held_back() {
    let mut sim = Sim::call();
    sim.enter("ann");
    for _ in 0..63 {
        sim.must("ann", message(1, &bytes(1024)));
    }
    sim.must("ann", message(1, &bytes(1023)));
    assert_eq!(sim.refused("ann", message(1, &bytes(2))), ErrorCode::RateLimited);
    sim.must("ann", message(1, &bytes(1)));
    assert_eq!(sim.refused("ann", message(1, &bytes(1))), ErrorCode::RateLimited);
    sim.wait(1000);
    for _ in 0..16 {
        sim.must("ann", message(1, &bytes(1024)));
    }
    assert_eq!(sim.refused("ann", message(1, &bytes(1))), ErrorCode::RateLimited);
}

/// Sends as a client does, thirty in every second, and gives them as they come out of a network.
fn through(profile: Profile, seconds: u64) -> Vec<u64> {
    let start = Instant::now();
    let mut network = Impairment::new(start, 7);
    network.set(start, profile);
    let mut arrivals = Vec::new();
    for ms in 0..(seconds + 10) * 1000 {
        let now = start + Duration::from_millis(ms);
        if ms < seconds * 1000 && ms % 1000 == 0 {
            // The worst that a client may do: all of a second at once.
            (0..30).for_each(|_| network.push(now, [0_u8; 3]));
        }
        while network.poll(now).is_some() {
            arrivals.push(ms);
        }
    }
    arrivals
}

#[test]
fn what_a_client_was_told_is_sent_is_not_refused_because_the_network_trembles() {
    let held = |most| Jitter { most: Duration::from_millis(most), order: Order::Kept };
    for jitter in [0, 300, 1000, 2000, 3000] {
        let arrivals = through(Profile { jitter: held(jitter), ..Profile::default() }, 60);
        assert_eq!(arrivals.len(), 1800);
        let mut sim = Sim::call();
        sim.enter("ann");
        let mut last = 0;
        for at in arrivals {
            sim.wait(at - last);
            last = at;
            sim.must("ann", message(1, "aGk="));
        }
    }
}

#[test]
fn a_clock_that_is_set_back_silences_nobody() {
    let mut sim = Sim::call();
    sim.enter("ann");
    for _ in 0..120 {
        sim.must("ann", message(1, "aGk="));
    }
    sim.now.0 -= 3_600_000;
    assert_eq!(sim.refused("ann", message(1, "aGk=")), ErrorCode::RateLimited);
    sim.wait(1000);
    sim.must("ann", message(1, "aGk="));
}
