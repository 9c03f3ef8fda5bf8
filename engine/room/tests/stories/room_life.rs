//! How long a room lives.

use rtc_protocol::{ErrorCode, Scene};
use rtc_room::{Permissions, RoomConfig};

use crate::sim::*;

#[test]
fn a_call_ends_with_its_last_member() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.exit("ann");
    assert_eq!(sim.rooms.room_count(), 1);
    sim.forget();
    sim.exit("bob");
    sim.expect_outputs(&["fact: bob left: Left", "media: bob closes", "fact: room ended: Emptied", "bob < closed"]);
    assert_eq!((sim.rooms.room_count(), sim.rooms.member_count()), (0, 0));
}

#[test]
fn a_live_room_ends_at_once_with_its_last_anchor() {
    let mut sim = Sim::live();
    sim.enter("ann");
    sim.watch("zoe");
    sim.exit("zoe");
    sim.exit("ann");
    assert_eq!(sim.rooms.room_count(), 0);
    assert_eq!(sim.rooms.poll_timeout(), None);
}

#[test]
fn a_live_room_is_kept_ten_minutes_after_its_last_audience() {
    let mut sim = Sim::live();
    sim.enter("ann");
    sim.watch("zoe");
    sim.exit("ann");
    sim.exit("zoe");
    sim.wait(599_999);
    assert_eq!(sim.rooms.room_count(), 1);
    sim.forget();
    sim.wait(1);
    sim.expect_outputs(&["fact: room ended: Emptied"]);
    assert_eq!(sim.rooms.room_count(), 0);
}

#[test]
fn a_kept_room_is_the_same_room_for_whoever_comes() {
    let mut sim = Sim::live();
    sim.watch("zoe");
    sim.exit("zoe");
    sim.wait(300_000);
    sim.forget();
    sim.try_enter("ann", |enter| enter.permissions = Permissions(Permissions::ALL.0 & !Permissions::CREATE.0)).unwrap();
    sim.expect_outputs(&["fact: session of ann", "fact: ann entered"]);
    sim.wait(600_000);
    assert_eq!(sim.rooms.room_count(), 1, "it has a member, so it is not ended by the old timer");
    let error = sim.try_enter("bob", |enter| enter.scene = Scene::VideoCall).unwrap_err();
    assert_eq!(error.name, ErrorCode::SceneOrRoleMismatch);
}

#[test]
fn each_time_a_room_is_kept_it_is_kept_ten_minutes() {
    let mut sim = Sim::live();
    sim.watch("zoe");
    sim.exit("zoe");
    sim.wait(500_000);
    sim.watch("zoe'");
    sim.exit("zoe'");
    sim.wait(599_999);
    assert_eq!(sim.rooms.room_count(), 1);
}

#[test]
fn whoever_enters_after_a_room_should_have_ended_enters_a_new_one_even_if_the_timer_has_not_run_yet() {
    let mut sim = Sim::live();
    sim.watch("zoe");
    sim.exit("zoe");
    sim.now = sim.now + 600_000;
    sim.scene = Scene::VideoCall;
    sim.enter("ann");
}

#[test]
fn a_kept_room_can_be_dismissed() {
    let mut sim = Sim::live();
    sim.watch("zoe");
    sim.exit("zoe");
    sim.dismiss();
    assert_eq!((sim.rooms.room_count(), sim.rooms.poll_timeout()), (0, None));
}

#[test]
fn a_room_whose_members_all_dropped_out_ends_with_the_last_eviction() {
    for mut sim in [Sim::call(), Sim::live()] {
        sim.enter("ann");
        sim.watch("zoe");
        sim.lose("ann");
        sim.wait(1000);
        sim.lose("zoe");
        sim.wait(89_999);
        assert_eq!(sim.rooms.room_count(), 1);
        sim.wait(1);
        assert_eq!((sim.rooms.room_count(), sim.rooms.poll_timeout()), (0, None));
    }
}

#[test]
fn an_engine_takes_so_many_rooms_and_no_more() {
    let mut sim = Sim::new(Scene::VideoCall, RoomConfig { rooms: 1, ..Default::default() });
    sim.enter("ann");
    let error = sim.try_enter("bob", |enter| enter.key = room(8)).unwrap_err();
    assert_eq!(error.name, ErrorCode::Overloaded);
    sim.enter("bob");
}
