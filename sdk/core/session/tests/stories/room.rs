//! Being in a room.

use std::time::Duration;

use rtc_protocol::{EncodeLayers, ErrorCode, HelloRoom, PushBody, Request, Role, TrackState};
use rtc_session::{Codec, Command, Event, Track};

use crate::engine::{Engine, member, user};
use crate::world::{World, params};

#[test]
fn the_wish_to_publish_waits_for_the_role() {
    let mut engine = Engine::new();
    engine.snapshot.role = Role::Audience;
    let mut world = World::with(engine, rtc_session::EnterParams { role: Role::Audience, ..params() });
    world.does(Command::Publish { track: Track::Camera, state: TrackState::On, codec: Some(Codec::Vp8), small: true });
    world.pass(Duration::from_secs(1));
    assert_eq!(world.engine.count(|request| matches!(request, Request::Publish(_))), 0);
    world.does(Command::SwitchRole { role: Role::Anchor, private_map_key: None });
    world.pass(Duration::from_secs(1));
    assert_eq!(world.engine.count(|request| matches!(request, Request::Publish(publish) if publish.small)), 1);
    assert_eq!(world.count(|event| matches!(event, Event::RoleSwitched(Ok(Role::Anchor)))), 1);
    assert_eq!(world.count(|event| matches!(event, Event::Published { track: Track::Camera, .. })), 1);
}

#[test]
fn a_refused_publication_is_told_and_not_repeated() {
    let mut world = World::inside();
    world.engine.refusals.push_back(("publish", ErrorCode::NoPermissionToPublish));
    world.does(Command::Publish { track: Track::Camera, state: TrackState::On, codec: None, small: false });
    world.pass(Duration::from_secs(5));
    assert_eq!(world.engine.count(|request| matches!(request, Request::Publish(_))), 1);
    assert_eq!(world.count(|event| matches!(event, Event::PublishFailed { failure, .. } if failure.code == -102013)), 1);
}

#[test]
fn one_that_was_refused_in_passing_is_repeated() {
    let mut world = World::inside();
    world.engine.refusals.push_back(("publish", ErrorCode::RateLimited));
    world.does(Command::Publish { track: Track::Camera, state: TrackState::On, codec: None, small: false });
    world.pass(Duration::from_secs(5));
    assert_eq!(world.engine.count(|request| matches!(request, Request::Publish(_))), 2);
    assert_eq!(world.count(|event| matches!(event, Event::Published { .. })), 1);
}

#[test]
fn layers_to_encode_are_told_when_they_change() {
    let mut world = World::inside();
    for small in [true, true, false] {
        world.engine.push(PushBody::Encode(EncodeLayers { track: Track::Camera, big: true, small }));
    }
    world.pass(Duration::from_millis(10));
    assert_eq!(world.count(|event| matches!(event, Event::Encode(_))), 2);
}

#[test]
fn messages_that_are_missing_are_counted() {
    let mut world = World::inside();
    for seq in [4, 5, 9] {
        world.engine.push(PushBody::Message { user_id: user("ann"), cmd_id: 1, seq, data: "aGk=".into() });
    }
    world.pass(Duration::from_millis(10));
    let missed: Vec<u32> = world
        .told
        .iter()
        .filter_map(|event| match event {
            Event::MessagesLost { missed, .. } => Some(*missed),
            _ => None,
        })
        .collect();
    assert_eq!(missed, [3]);
    assert_eq!(world.count(|event| matches!(event, Event::Message { data, .. } if data == b"hi")), 3);
}

#[test]
fn another_room_makes_the_old_one_void() {
    let mut world = World::inside();
    world.engine.enters("ann", TrackState::On);
    world.does(Command::Publish { track: Track::Microphone, state: TrackState::On, codec: None, small: false });
    world.pass(Duration::from_secs(1));
    world.told.clear();
    world.engine.snapshot.members = vec![member("bob", TrackState::Off)];
    world.engine.snapshot.tracks.microphone = TrackState::On;
    let room = HelloRoom::Number(2);
    world.does(Command::SwitchRoom { room: room.clone(), user_sig: None, private_map_key: None });
    world.pass(Duration::from_secs(1));
    assert!(
        matches!(&world.told[..], [Event::RoomSwitched(Ok(())), Event::MemberEntered(view)] if view.user_id == user("bob")),
        "{:?}",
        world.told
    );
    assert_eq!(world.engine.count(|request| matches!(request, Request::Publish(_))), 1, "it is published there already");
    world.cut();
    world.pass(Duration::from_secs(2));
    let named = world.engine.asked.iter().rev().find_map(|request| match request {
        Request::Hello(hello) => Some(hello.room.clone()),
        _ => None,
    });
    assert_eq!(named, Some(room));
}

#[test]
fn a_room_that_refuses_leaves_us_where_we_were() {
    let mut world = World::inside();
    world.engine.enters("ann", TrackState::On);
    world.engine.refusals.push_back(("switchRoom", ErrorCode::RoomFull));
    world.does(Command::SwitchRoom { room: HelloRoom::Number(2), user_sig: None, private_map_key: None });
    world.pass(Duration::from_secs(1));
    assert_eq!(world.count(|event| matches!(event, Event::RoomSwitched(Err(failure)) if failure.code == -102052)), 1);
    assert_eq!(world.count(|event| matches!(event, Event::MemberLeft { .. })), 0);
}
