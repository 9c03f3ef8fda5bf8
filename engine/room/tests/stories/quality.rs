//! Reports, and what a room is told of qualities.

use rtc_protocol::{LocalTrackReport, RemoteTrackReport, Report, Role};
use rtc_room::{FactBody, RoomRequest};

use crate::sim::*;

#[test]
fn changed_qualities_are_told_together_every_two_seconds() {
    let mut sim = Sim::call();
    for name in ["ann", "bob", "cat"] {
        sim.enter(name);
    }
    assert_eq!(sim.rooms.poll_timeout(), None);
    sim.forget();
    sim.must("ann", report(1));
    sim.wait(1500);
    sim.must("bob", report(4));
    sim.expect_silence();
    sim.wait(500);
    sim.expect("ann", &["quality bob=4"]);
    sim.expect("bob", &["quality ann=1"]);
    sim.expect("cat", &["quality ann=1, bob=4"]);

    sim.must("ann", report(1));
    sim.wait(10_000);
    sim.expect_silence();
    assert_eq!(sim.rooms.poll_timeout(), None, "nothing to tell, nothing to wait for");

    sim.must("ann", report(5));
    sim.wait(2000);
    sim.expect("cat", &["quality ann=5"]);
}

#[test]
fn whoever_enters_or_comes_back_is_told_all_qualities() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.must("ann", report(2));
    sim.lose("bob");
    sim.wait(10_000);
    sim.forget();
    sim.enter("cat");
    sim.wait(2000);
    sim.expect("cat", &["quality ann=2"]);
    sim.resume("bob").unwrap();
    sim.wait(2000);
    sim.expect("bob", &["quality ann=2"]);
    sim.expect("ann", &["cat entered"]);
    sim.expect_silence();
}

#[test]
fn the_quality_of_an_audience_is_nobody_s_business() {
    let mut sim = Sim::live();
    sim.enter("ann");
    sim.watch("zoe");
    sim.must("zoe", report(6));
    assert_eq!(sim.rooms.poll_timeout(), None);
    sim.must("ann", report(3));
    sim.forget();
    sim.switch("ann", Role::Audience);
    sim.wait(2000);
    sim.expect("zoe", &["ann left: BecameAudience"]);
    sim.expect_silence();
}

#[test]
fn a_room_nobody_is_in_has_nothing_to_tell() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.must("ann", report(3));
    sim.exit("ann");
    assert_eq!(sim.rooms.poll_timeout(), None);

    let mut sim = Sim::live();
    sim.enter("ann");
    sim.watch("zoe");
    sim.must("ann", report(3));
    sim.exit("ann");
    sim.exit("zoe");
    assert_eq!(sim.rooms.poll_timeout(), Some(sim.now + 600_000));
}

#[test]
fn in_a_large_room_only_the_quality_of_those_who_publish_is_told() {
    let mut sim = Sim::call();
    for i in 0..51 {
        sim.enter(&format!("u{i}"));
    }
    sim.publish("u0", Microphone, On);
    sim.must("u0", report(2));
    sim.must("u1", report(3));
    sim.forget();
    sim.wait(2000);
    sim.expect("u2", &["quality u0=2"]);
}

#[test]
fn a_report_is_taken_to_the_record_cut_and_with_possible_values() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.facts();
    let honest = Report { uplink_quality: 2, rtt_ms: 40.0, ..Report::default() };
    let mut hostile = Report { uplink_quality: 7, downlink_quality: 200, ..Report::default() };
    hostile.local = vec![LocalTrackReport::default(); 1000];
    hostile.remote = vec![RemoteTrackReport::default(); 1000];

    sim.must("ann", RoomRequest::Report(Box::new(honest.clone())));
    sim.wait(2000);
    sim.must("ann", RoomRequest::Report(Box::new(hostile)));
    let facts = sim.facts();
    let [FactBody::QualitySampled { report: first, .. }, FactBody::QualitySampled { report: second, .. }] = &facts[..] else {
        panic!("{facts:?}");
    };
    assert_eq!(**first, honest);
    assert_eq!((second.local.len(), second.remote.len()), (128, 128));
    assert_eq!((second.uplink_quality, second.downlink_quality), (0, 0));
}

#[test]
fn reports_in_a_hurry_are_answered_and_passed_over() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.facts();
    for _ in 0..5 {
        sim.must("ann", report(1));
        sim.wait(500);
    }
    assert_eq!(sim.facts().len(), 3);
}
