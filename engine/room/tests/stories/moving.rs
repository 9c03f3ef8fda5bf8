//! A member goes to another room without letting go of its session.

use rtc_protocol::{Codec, ErrorCode, Publish, Qos, QosPreference, Role, Scene, Stream};
use rtc_room::{FactBody, Permissions, RoomConfig, RoomRequest};

use crate::sim::*;

/// Ann, Bob and the audience Zoe are in room 7, Cat is in room 8.
fn two_rooms() -> Sim {
    let mut sim = Sim::live();
    sim.enter("ann");
    sim.enter("bob");
    sim.watch("zoe");
    sim.try_enter("cat", |enter| enter.key = room(8)).expect("a room of its own");
    sim.forget();
    sim
}

#[test]
fn an_anchor_takes_along_what_it_publishes() {
    let mut sim = two_rooms();
    sim.publish("ann", Microphone, On);
    sim.publish("ann", Camera, Muted);
    sim.publish("cat", Microphone, On);
    sim.view("bob", "ann", Stream::Main);
    sim.forget();

    let snapshot = sim.switch_room("ann", 8).expect("there is a place");
    assert_eq!((snapshot.tracks.microphone, snapshot.tracks.camera), (On, Muted));
    assert_eq!(sim.seen_by("ann"), ["cat: microphone"]);
    for name in ["bob", "zoe"] {
        sim.expect(name, &["ann publishes nothing", "ann left: Left"]);
    }
    sim.expect("cat", &["ann entered", "ann publishes microphone + camera (muted)"]);
    sim.expect_silence();
    sim.expect_media(&[
        "bob unhears ann",
        "zoe unhears ann",
        "ann publishes Microphone Off",
        "bob unviews ann Camera",
        "ann publishes Camera Off",
        "ann hears cat",
        "ann publishes Microphone On",
        "cat hears ann",
        "ann publishes Camera Muted",
    ]);
    sim.view("cat", "ann", Stream::Main);
}

#[test]
fn an_audience_member_just_moves_and_receives_nothing_of_the_old_room() {
    let mut sim = two_rooms();
    sim.publish("ann", Microphone, On);
    sim.publish("ann", Camera, On);
    sim.view("zoe", "ann", Stream::Main);
    sim.slots("zoe", &[("4", Some(("ann", Camera)))]);
    sim.forget();

    let snapshot = sim.switch_room("zoe", 8).expect("there is a place");
    assert_eq!((snapshot.role, snapshot.slots), (Role::Audience, vec![]));
    assert_eq!(sim.seen_by("zoe"), ["cat: nothing"]);
    sim.expect_media(&["zoe unhears ann", "zoe unviews ann Camera"]);
    sim.expect_silence();
}

#[test]
fn pushes_are_counted_on_and_the_session_lives_on() {
    let mut sim = two_rooms();
    let before = sim.snapshot("ann").n;
    sim.publish("bob", Microphone, On);
    let snapshot = sim.switch_room("ann", 8).expect("there is a place");
    assert_eq!(snapshot.n, before + 1);
    sim.forget();
    sim.publish("cat", Camera, On);
    sim.expect("ann", &["cat publishes camera"]);
    sim.lose("ann");
    assert_eq!(sim.resume("ann").expect("it is in room 8").members.len(), 1);
    sim.lose("ann");
    sim.forget();
    sim.wait(90_000);
    sim.expect("cat", &["ann left: TimedOut"]);
    sim.expect("ann", &["closed"]);
}

#[test]
fn the_record_has_a_departure_and_an_entry_of_the_same_session() {
    let mut sim = two_rooms();
    sim.must("ann", RoomRequest::Publish(Publish { track: Camera, state: On, small: true, codec: Some(Codec::H264) }));
    sim.forget();
    sim.switch_room("ann", 8).expect("there is a place");
    let session = sim.session("ann");
    let facts = sim.facts();
    assert!(matches!(facts[0], FactBody::StreamStopped { left: true, .. }));
    assert!(matches!(facts[1], FactBody::MemberLeft { session: who, .. } if who == session));
    assert!(matches!(facts[2], FactBody::SessionInfo { session: who, .. } if who == session));
    assert!(matches!(facts[3], FactBody::MemberEntered { session: who, again: false, .. } if who == session));
    assert!(matches!(facts[4], FactBody::StreamStarted { small: true, codec: Some(Codec::H264), .. }));
    assert_eq!(facts.len(), 5);
    let kept = &sim.kept[&session];
    assert_eq!((&kept.key, kept.tracks.camera), (&room(8), On));
}

#[test]
fn a_room_that_is_not_there_is_made_and_an_empty_one_ends() {
    let mut sim = two_rooms();
    sim.switch_room("cat", 9).expect("a room of its own");
    assert_eq!((sim.rooms.room_count(), sim.rooms.member_count()), (2, 4));
    let facts = sim.facts();
    assert!(matches!(facts[0], FactBody::RoomCreated { .. }), "{facts:?}");
    assert!(facts.iter().any(|fact| matches!(fact, FactBody::RoomEnded { .. })));
}

#[test]
fn a_refusal_leaves_everything_as_it_was() {
    let config = RoomConfig { live_anchors: 2, rooms: 3, ..RoomConfig::default() };
    let mut sim = Sim::new(Scene::Live, config);
    sim.enter("ann");
    sim.publish("ann", Microphone, On);
    for name in ["bob", "cat"] {
        sim.try_enter(name, |enter| enter.key = room(8)).expect("there is a place");
    }
    sim.try_enter("dan", |enter| (enter.key, enter.scene) = (room(9), Scene::VideoCall)).expect("a call");
    sim.forget();
    let refusals = [
        (7, Permissions::ALL, ErrorCode::InvalidParameter),
        (8, Permissions::ALL, ErrorCode::RoomFull),
        (9, Permissions::ALL, ErrorCode::SceneOrRoleMismatch),
        (10, Permissions::ENTER, ErrorCode::NoPermissionToCreate),
        (10, Permissions::ALL, ErrorCode::Overloaded),
        (8, Permissions::CREATE, ErrorCode::NoPermissionToEnter),
    ];
    for (number, permissions, code) in refusals {
        assert_eq!(sim.switch_room_with("ann", number, permissions).expect_err("refused").name, code);
    }
    sim.expect_outputs(&[]);
    assert_eq!(sim.snapshot("ann").tracks.microphone, On);
}

#[test]
fn a_call_that_has_all_its_publishers_takes_in_who_publishes_nothing() {
    let mut sim = Sim::new(Scene::VideoCall, RoomConfig { call_publishers: 1, ..RoomConfig::default() });
    sim.enter("ann");
    sim.publish("ann", Camera, On);
    sim.try_enter("bob", |enter| enter.key = room(8)).expect("there is a place");
    sim.publish("bob", Camera, On);
    assert_eq!(sim.switch_room("ann", 8).expect_err("full").name, ErrorCode::RoomFull);
    // Without the permission to send a camera there it would publish nothing.
    let receive = Permissions::ENTER | Permissions::RECEIVE_VIDEO;
    let snapshot = sim.switch_room_with("ann", 8, receive).expect("there is a place");
    assert_eq!(snapshot.tracks.camera, Off);
}

#[test]
fn the_same_user_in_the_new_room_makes_place() {
    let mut sim = two_rooms();
    sim.try_enter("ann'", |enter| enter.key = room(8)).expect("a second session");
    sim.forget();
    sim.switch_room("ann", 8).expect("its place is its own");
    sim.expect("ann'", &["removed: Kick, exit 1", "closed"]);
    sim.expect("cat", &["ann left: Left", "ann entered"]);
}

#[test]
fn what_matters_to_a_member_goes_along_and_outlives_a_crash() {
    let mut sim = two_rooms();
    let qos = Qos { preference: QosPreference::Smooth, ..Qos::default() };
    sim.must("ann", RoomRequest::SetQos(qos));
    sim.must("ann", RoomRequest::SetQos(qos));
    sim.expect_media(&["ann prefers Smooth"]);
    sim.expect_silence();
    sim.switch_room("ann", 8).expect("there is a place");
    sim.forget();
    sim.crash();
    sim.expect_media(&["ann prefers Smooth"]);
    assert_eq!(sim.kept[&sim.session("ann")].qos, qos);
}
