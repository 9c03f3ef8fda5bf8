//! Connections are lost and come back.

use rtc_protocol::{ErrorCode, Stream};
use rtc_room::RoomRequest;

use crate::sim::*;

#[test]
fn a_member_that_is_away_keeps_its_place_and_nobody_is_told() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.publish("ann", Camera, On);
    sim.view("bob", "ann", Stream::Main);
    sim.forget();

    sim.lose("ann");
    sim.wait(89_999);
    sim.expect_silence();
    sim.expect_media(&[]);
    assert_eq!(sim.seen_by("bob"), ["ann: camera"]);
}

#[test]
fn a_member_that_is_away_for_90_seconds_is_evicted() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.publish("ann", Camera, On);
    sim.lose("ann");
    sim.forget();

    sim.wait(90_000);
    sim.expect("bob", &["ann publishes nothing", "ann left: TimedOut"]);
    sim.expect("ann", &["closed"]);
    sim.expect_silence();
    assert_eq!(sim.resume("ann").unwrap_err().name, ErrorCode::NotInRoom);
}

#[test]
fn coming_back_too_late_is_refused_even_if_the_timer_has_not_run_yet() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.lose("ann");
    sim.forget();
    sim.now = sim.now + 90_000;
    assert_eq!(sim.resume("ann").unwrap_err().name, ErrorCode::NotInRoom);
    sim.expect("bob", &["ann left: TimedOut"]);
}

#[test]
fn coming_back_in_time_shows_everything_that_happened_and_goes_on_counting() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.enter("cat");
    sim.publish("cat", Camera, On);
    let told = sim.snapshot("ann").n;
    sim.lose("ann");
    sim.forget();

    sim.publish("bob", Microphone, On);
    sim.exit("cat");
    sim.enter("dan");
    sim.must("bob", message(1, "bG9zdA=="));
    sim.wait(60_000);

    let snapshot = sim.resume("ann").unwrap();
    assert_eq!(snapshot.n, told, "what was not sent is not counted");
    assert_eq!(sim.seen_by("ann"), ["bob: microphone", "dan: nothing"]);
    assert_eq!(sim.told_of("ann"), 0, "the message it missed is lost");
    sim.publish("bob", Microphone, Off);
    sim.expect("ann", &["bob publishes nothing"]);

    sim.wait(100_000);
    assert_eq!(sim.seen_by("bob"), ["ann: nothing", "dan: nothing"], "it is not evicted any more");
}

#[test]
fn a_new_connection_may_come_before_the_old_one_is_found_dead() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.publish("ann", Camera, On);
    sim.forget();
    let snapshot = sim.resume("ann").unwrap();
    assert_eq!(snapshot.tracks.camera, On);
    sim.expect_outputs(&[]);
}

#[test]
fn each_loss_has_90_seconds_of_its_own() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.forget();
    sim.lose("ann");
    sim.wait(80_000);
    sim.resume("ann").unwrap();
    sim.lose("ann");
    sim.wait(80_000);
    sim.lose("ann");
    sim.wait(9_999);
    sim.expect_silence();
    sim.wait(1);
    sim.expect("bob", &["ann left: TimedOut"]);
}

#[test]
fn what_media_says_while_a_member_is_away_is_in_its_snapshot() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.publish("bob", Camera, On);
    sim.slots("ann", &[("4", Some(("bob", Microphone)))]);
    sim.lose("ann");
    sim.forget();

    sim.slots("ann", &[("5", Some(("bob", Camera))), ("4", None)]);
    sim.encode("ann", Camera, true, false);
    sim.expect_silence();
    let snapshot = sim.resume("ann").unwrap();
    let slots: Vec<_> = snapshot.slots.iter().map(|slot| slot.mid.as_str()).collect();
    assert_eq!(slots, ["5"]);
    assert!(snapshot.encode[0].big);
}

#[test]
fn whoever_is_away_still_receives_what_it_asked_for() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.lose("ann");
    sim.forget();
    sim.publish("bob", Microphone, On);
    sim.expect_media(&["bob publishes Microphone On", "ann hears bob"]);
}

#[test]
fn a_doubt_is_answered_with_everything() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.publish("bob", Camera, On);
    let answer = sim.ask("ann", RoomRequest::Snapshot).unwrap();
    let json = serde_json::to_value(&answer).unwrap();
    assert_eq!(json["n"], 2);
    assert_eq!(json["members"][0]["tracks"]["camera"], "on");
    let done = sim.ask("ann", publish(Camera, On)).unwrap();
    assert_eq!(serde_json::to_string(&done).unwrap(), "{}");
}
