//! The server removes users and dismisses rooms.

use rtc_protocol::{ErrorCode, Scene, Stream};
use rtc_room::RoomMissing;

use crate::sim::*;

#[test]
fn a_removed_user_is_told_so_and_the_others_that_it_was_removed() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.publish("ann", Camera, On);
    sim.forget();

    sim.remove(&["ann"]);
    sim.expect("ann", &["removed: Banned, exit 1", "closed"]);
    sim.expect("bob", &["ann publishes nothing", "ann left: Removed"]);
    sim.expect_silence();
}

#[test]
fn a_removed_user_may_enter_again_at_once() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.remove(&["ann"]);
    sim.forget();
    sim.enter("ann'");
    sim.expect("bob", &["ann entered"]);
}

#[test]
fn several_users_are_removed_at_once_and_strangers_passed_over() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.enter("cat");
    sim.forget();
    sim.remove(&["ann", "nobody", "bob"]);
    sim.expect("cat", &["ann left: Removed", "bob left: Removed"]);
    sim.expect("ann", &["removed: Banned, exit 1", "closed"]);
    sim.expect("bob", &["ann left: Removed", "removed: Banned, exit 1", "closed"]);
}

#[test]
fn removing_an_audience_member_concerns_nobody_else() {
    let mut sim = Sim::live();
    sim.enter("ann");
    sim.watch("zoe");
    sim.forget();
    sim.remove(&["zoe"]);
    sim.expect("zoe", &["removed: Banned, exit 1", "closed"]);
    sim.expect_silence();
}

#[test]
fn a_removed_user_that_is_away_is_out_as_well() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.lose("ann");
    sim.forget();
    sim.remove(&["ann"]);
    sim.expect("ann", &["closed"]);
    sim.expect("bob", &["ann left: Removed"]);
    assert_eq!(sim.resume("ann").unwrap_err().name, ErrorCode::NotInRoom);
    sim.forget();
    sim.wait(100_000);
    sim.expect_outputs(&[]);
}

#[test]
fn a_dismissed_room_tells_everybody_so_and_nobody_of_anybody_else() {
    let mut sim = Sim::live();
    sim.enter("ann");
    sim.watch("zoe");
    sim.enter("bob");
    sim.publish("ann", Camera, On);
    sim.view("zoe", "ann", Stream::Main);
    sim.lose("bob");
    sim.forget();

    sim.dismiss();
    sim.expect_outputs(&[
        "fact: zoe unsubscribed from ann Camera",
        "fact: ann stopped Camera",
        "fact: ann left: Dismissed",
        "fact: zoe left: Dismissed",
        "fact: bob left: Dismissed",
        "fact: room ended: Dismissed",
        "media: ann closes",
        "ann < removed: RoomDisband, exit 2",
        "ann < closed",
        "media: zoe closes",
        "zoe < removed: RoomDisband, exit 2",
        "zoe < closed",
        "media: bob closes",
        "bob < closed",
    ]);
    assert_eq!(sim.rooms.poll_timeout(), None);
}

#[test]
fn the_id_of_a_dismissed_room_is_free_at_once_even_for_another_scene() {
    let mut sim = Sim::live();
    sim.enter("ann");
    sim.dismiss();
    sim.scene = Scene::VideoCall;
    assert_eq!(sim.enter("ann'").members, []);
    assert_eq!(sim.rooms.room_count(), 1);
}

#[test]
fn a_room_nobody_made_can_be_neither_emptied_nor_dismissed() {
    let mut sim = Sim::call();
    assert_eq!(sim.rooms.handle_remove_users(sim.now, &room(7), &[user("ann")]), Err(RoomMissing));
    assert_eq!(sim.rooms.handle_dismiss(sim.now, &room(7)), Err(RoomMissing));
    sim.enter("ann");
    assert_eq!(sim.rooms.handle_dismiss(sim.now, &room(8)), Err(RoomMissing));
    sim.exit("ann");
    assert_eq!(sim.rooms.handle_dismiss(sim.now, &room(7)), Err(RoomMissing));
}

#[test]
fn an_engine_that_stops_tells_whoever_is_connected_and_lets_nobody_go() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.enter("cat");
    sim.lose("cat");
    sim.forget();
    sim.closing(3000);
    sim.expect("ann", &["closing, 3000 ms"]);
    sim.expect("bob", &["closing, 3000 ms"]);
    sim.expect_silence();
    assert_eq!(sim.rooms.member_count(), 3);
}

#[test]
fn an_engine_that_drains_takes_nobody_in_and_puts_nobody_out() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.try_enter("eve", |enter| enter.key = room(8)).unwrap();
    sim.lose("bob");
    sim.forget();
    sim.draining(60_000);
    sim.expect("ann", &["draining, 60000 ms"]);
    sim.expect("eve", &["draining, 60000 ms"]);
    let refused = |error: rtc_protocol::Error| error.name == ErrorCode::Overloaded;
    assert!(sim.try_enter("cat", |_| {}).is_err_and(refused), "a new member");
    assert!(sim.try_enter("dan", |enter| enter.key = room(9)).is_err_and(refused), "a new room");
    assert!(sim.switch_room("eve", 9).is_err_and(refused), "a room that nobody is in");
    sim.resume("bob").expect("he was here before");
    sim.try_enter("ann'", |enter| enter.user = user("ann")).expect("a page that was loaded again");
    sim.switch_room("eve", 7).expect("a room that there is");
    assert_eq!(sim.rooms.member_count(), 3);
}
