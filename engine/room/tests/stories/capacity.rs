//! How many fit.

use rtc_protocol::{ErrorCode, Role, Scene};
use rtc_room::{Permissions, RoomConfig, RoomRequest};

use crate::sim::*;

fn crowd(sim: &mut Sim, count: usize) {
    for i in 0..count {
        sim.enter(&format!("u{i}"));
    }
}

#[test]
fn a_call_takes_300_members() {
    let mut sim = Sim::call();
    crowd(&mut sim, 300);
    assert_eq!(sim.try_enter("late", |_| {}).unwrap_err().name, ErrorCode::RoomFull);
    sim.enter("u7'");
    sim.exit("u3");
    sim.enter("late");
}

#[test]
fn fifty_members_of_a_call_publish_and_one_more_waits_until_one_stops() {
    let mut sim = Sim::call();
    crowd(&mut sim, 51);
    for i in 0..50 {
        sim.publish(&format!("u{i}"), Microphone, On);
    }
    assert_eq!(sim.refused("u50", publish(Camera, On)), ErrorCode::RoomFull);
    sim.publish("u0", Camera, On);
    sim.publish("u0", Microphone, Off);
    assert_eq!(sim.refused("u50", publish(Camera, Muted)), ErrorCode::RoomFull, "u0 still has its camera on");
    sim.publish("u0", Camera, Off);
    sim.publish("u50", Camera, On);
}

#[test]
fn a_live_room_takes_50_anchors_by_either_way() {
    let mut sim = Sim::live();
    crowd(&mut sim, 50);
    assert_eq!(sim.try_enter("late", |_| {}).unwrap_err().name, ErrorCode::RoomFull);
    sim.watch("zoe");
    let become_anchor = RoomRequest::SwitchRole { role: Role::Anchor, permissions: None };
    assert_eq!(sim.refused("zoe", become_anchor.clone()), ErrorCode::RoomFull);
    sim.enter("u9'");
    sim.switch("u9'", Role::Audience);
    sim.must("zoe", become_anchor);
}

#[test]
fn the_audience_of_a_live_room_has_a_bound() {
    let mut sim = Sim::new(Scene::Live, RoomConfig { live_audience: 2, ..Default::default() });
    sim.enter("ann");
    sim.watch("zoe");
    sim.watch("yan");
    let late = sim.try_enter("xia", |enter| enter.role = Role::Audience).unwrap_err();
    assert_eq!(late.name, ErrorCode::RoomFull);
    sim.watch("zoe'");
    sim.enter("bob");
}

#[test]
fn a_place_of_whoever_is_away_is_taken() {
    let mut sim = Sim::new(Scene::VideoCall, RoomConfig { call_members: 1, ..Default::default() });
    sim.enter("ann");
    sim.lose("ann");
    assert_eq!(sim.try_enter("bob", |_| {}).unwrap_err().name, ErrorCode::RoomFull);
    sim.wait(90_000);
    sim.enter("bob");
}

#[test]
fn a_member_that_makes_the_whole_room_listen_without_end_is_slowed_down_but_can_always_fall_silent() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    let mut starts = 0;
    while sim.ask("ann", publish(Microphone, On)).is_ok() {
        starts += 1;
        assert!(starts <= 100, "there is no bound");
        sim.publish("ann", Microphone, Off);
    }
    assert_eq!(starts, 100);
    assert_eq!(sim.refused("ann", publish(Camera, On)), ErrorCode::RateLimited);
    sim.publish("ann", Microphone, Off);
    sim.wait(100);
    sim.publish("ann", Microphone, On);
    sim.publish("ann", Microphone, Muted);
    sim.publish("ann", Microphone, Off);
    sim.publish("bob", Microphone, On);
}

#[test]
fn becoming_anchor_has_a_pace_and_stepping_down_has_none() {
    let mut sim = Sim::live();
    sim.watch("zoe");
    let anchor = RoomRequest::SwitchRole { role: Role::Anchor, permissions: None };
    for _ in 0..100 {
        sim.must("zoe", anchor.clone());
        sim.switch("zoe", Role::Audience);
    }
    assert_eq!(sim.refused("zoe", anchor), ErrorCode::RateLimited);
    let ticket = switch(Role::Audience, Permissions::AUDIENCE);
    assert_eq!(sim.refused("zoe", ticket), ErrorCode::RateLimited, "tickets are questions");
}

#[test]
fn questions_have_a_pace_as_well() {
    let mut sim = Sim::call();
    sim.enter("ann");
    let asked = (0..2000).take_while(|_| sim.ask("ann", RoomRequest::Snapshot).is_ok()).count();
    assert_eq!(asked, 1000);
    assert_eq!(sim.refused("ann", listen(None, false)), ErrorCode::RateLimited);
    sim.wait(1000);
    let asked = (0..2000).take_while(|_| sim.ask("ann", RoomRequest::Snapshot).is_ok()).count();
    assert_eq!(asked, 100);
    sim.exit("ann");
}

#[test]
fn a_clock_that_is_set_back_locks_nobody_out() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.now = sim.now + 3_600_000;
    while sim.ask("ann", RoomRequest::Snapshot).is_ok() {}
    sim.now.0 -= 3_600_000;
    assert_eq!(sim.refused("ann", RoomRequest::Snapshot), ErrorCode::RateLimited);
    sim.wait(10);
    sim.must("ann", RoomRequest::Snapshot);
}
