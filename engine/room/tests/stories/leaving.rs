//! Leaving by oneself.

use rtc_protocol::{ErrorCode, Stream};
use rtc_room::RoomRequest;

use crate::sim::*;

#[test]
fn whoever_leaves_publishes_nothing_first_and_is_gone_then() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.publish("ann", Microphone, On);
    sim.publish("ann", Screen, On);
    sim.forget();

    sim.exit("ann");
    sim.expect("bob", &["ann publishes nothing", "ann left: Left"]);
    sim.expect("ann", &["closed"]);
    sim.expect_silence();
}

#[test]
fn whoever_leaves_without_publishing_is_only_gone() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.publish("ann", Microphone, On);
    sim.publish("ann", Microphone, Off);
    sim.forget();

    sim.exit("ann");
    sim.expect("bob", &["ann left: Left"]);
}

#[test]
fn the_others_and_the_record_know_before_the_leaver_is_let_go() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.publish("ann", Camera, On);
    sim.publish("bob", Camera, On);
    sim.view("ann", "bob", Stream::Main);
    sim.view("bob", "ann", Stream::Main);
    sim.forget();

    sim.exit("ann");
    sim.expect_outputs(&[
        "fact: bob unsubscribed from ann Camera",
        "media: bob unviews ann Camera",
        "fact: ann stopped Camera",
        "media: ann publishes Camera Off",
        "bob < ann publishes nothing",
        "fact: ann unsubscribed from bob Camera",
        "fact: ann left: Left",
        "media: ann closes",
        "bob < ann left: Left",
        "ann < closed",
    ]);
}

#[test]
fn whoever_has_left_is_not_in_the_room() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.exit("ann");
    for request in [RoomRequest::Exit, RoomRequest::Snapshot, publish(Camera, On), message(1, "aGk=")] {
        assert_eq!(sim.refused("ann", request), ErrorCode::NotInRoom);
    }
    assert_eq!(sim.resume("ann").unwrap_err().name, ErrorCode::NotInRoom);
    assert_eq!(sim.seen_by("bob"), [""; 0]);
}

#[test]
fn what_comes_late_for_a_session_that_left_is_passed_over() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.exit("ann");
    sim.forget();
    sim.slots("ann", &[("5", Some(("bob", Camera)))]);
    sim.encode("ann", Camera, true, false);
    sim.media_reset("ann");
    sim.lose("ann");
    sim.wait(100_000);
    sim.expect_outputs(&[]);
}

#[test]
fn a_user_that_left_may_enter_again_at_once() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.exit("ann");
    sim.forget();
    sim.enter("ann'");
    sim.expect("bob", &["ann entered"]);
}
