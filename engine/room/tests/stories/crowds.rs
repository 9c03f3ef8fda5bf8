//! The largest rooms: what each entry costs the others grows with those who are announced, and with nobody else.

use rtc_protocol::{Role, Stream};

use crate::sim::*;

#[test]
fn in_a_full_call_everybody_is_told_of_everybody_once() {
    let mut sim = Sim::call();
    for n in 0..300 {
        let snapshot = sim.enter(&format!("u{n}"));
        assert_eq!(snapshot.members.len(), n, "whoever was there is in the snapshot and nowhere else");
    }
    for n in 0..300 {
        assert_eq!(sim.told_of(&format!("u{n}")), 299 - n, "u{n}");
    }
    sim.forget();
    for n in 0..50 {
        sim.publish(&format!("u{n}"), Camera, On);
        sim.publish(&format!("u{n}"), Microphone, On);
    }
    assert_eq!(sim.told_of("u299"), 100);
    assert_eq!(sim.seen_by("u299").len(), 299);
    sim.forget();
    for n in 0..49 {
        sim.view("u299", &format!("u{n}"), Stream::Main);
    }
    assert_eq!((0..300).map(|n| sim.told_of(&format!("u{n}"))).sum::<usize>(), 0, "watching is nobody else's business");
    sim.exit("u7");
    assert_eq!(sim.told_of("u299"), 2, "first that its tracks are off, then that it is gone");
}

#[test]
fn an_audience_of_two_thousand_is_told_to_nobody_however_it_comes_and_goes() {
    let mut sim = Sim::live();
    sim.enter("host");
    sim.publish("host", Camera, On);
    sim.publish("host", Microphone, On);
    sim.forget();
    for n in 0..2000 {
        let snapshot = sim.watch(&format!("u{n}"));
        assert_eq!(snapshot.members.len(), 1);
    }
    for n in 0..500 {
        sim.lose(&format!("u{n}"));
        sim.exit(&format!("u{}", n + 500));
    }
    sim.wait(90_000);
    assert_eq!(sim.told_of("host"), 0);
    assert_eq!((1000..2000).map(|n| sim.told_of(&format!("u{n}"))).sum::<usize>(), 0);
    sim.switch("u1999", Role::Anchor);
    assert_eq!((sim.told_of("host"), sim.told_of("u1500")), (1, 1), "one who comes to the stage is announced");
}
