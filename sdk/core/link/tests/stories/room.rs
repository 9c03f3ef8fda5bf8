//! Being in a room: who is there, messages, roles.

use rtc_protocol::{HelloRoom, Role, TrackState};
use rtc_session::{Command, Event, code};

use crate::engine::{Engine, Tickets as _};
use crate::person::{Person, publish};

#[test]
fn two_who_enter_see_each_other_come_and_go() {
    let engine = Engine::start();
    let mut ann = Person::enters(engine.ticket("ann"));
    let mut bob = Person::enters(engine.ticket("bob"));
    for (person, other) in [(&mut ann, "bob"), (&mut bob, "ann")] {
        person.until("the other", |event| match event {
            Event::MemberEntered(view) => (view.user_id.as_str() == other).then_some(()),
            _ => None,
        });
    }
    let told = bob.leaves();
    assert!(told.last().is_some_and(|last| last == "Exited(Own)"), "{told:?}");
    let reason = ann.until("that bob left", |event| match event {
        Event::MemberLeft { user_id, reason } => (user_id.as_str() == "bob").then_some(*reason),
        _ => None,
    });
    assert_eq!(u8::from(reason), 0);
}

#[test]
fn messages_arrive_in_order_with_their_numbers() {
    let engine = Engine::start();
    let mut bob = Person::enters(engine.ticket("bob"));
    let ann = Person::enters(engine.ticket("ann"));
    for text in ["one", "two"] {
        ann.does(Command::SendMessage { cmd_id: 3, data: text.into() });
    }
    for (seq, text) in [(1, "one"), (2, "two")] {
        let heard = bob.until("a message", |event| match event {
            Event::Message { user_id, cmd_id, seq, data } => Some((user_id.to_string(), *cmd_id, *seq, data.clone())),
            _ => None,
        });
        assert_eq!(heard, ("ann".into(), 3, seq, text.into()));
    }
}

#[test]
fn the_audience_is_seen_when_it_becomes_anchor_and_publishes_then() {
    let engine = Engine::start();
    let mut ann = Person::enters(engine.ticket("ann"));
    let mut bob = Person::enters(rtc_session::EnterParams { role: Role::Audience, ..engine.ticket("bob") });
    bob.does(publish(rtc_session::Track::Camera, TrackState::On));
    bob.does(Command::SwitchRole { role: Role::Anchor, private_map_key: None });
    let role = bob.until("its role", |event| match event {
        Event::RoleSwitched(result) => Some(result.clone()),
        _ => None,
    });
    assert_eq!(role, Ok(Role::Anchor));
    ann.until_camera("bob");
    bob.does(Command::SwitchRole { role: Role::Audience, private_map_key: None });
    let reason = ann.until("that bob is audience", |event| match event {
        Event::MemberLeft { reason, .. } => Some(u8::from(*reason)),
        _ => None,
    });
    assert_eq!(reason, 3);
}

#[test]
fn who_has_no_good_ticket_is_told_the_engines_number() {
    let engine = Engine::start();
    let mut eve = Person::arrives(rtc_session::EnterParams { user_id: "eve".into(), ..engine.ticket("ann") });
    let failure = eve.until("a refusal", |event| match event {
        Event::EnterFailed(failure) => Some(failure.clone()),
        _ => None,
    });
    assert_eq!(failure.code, 70013);
    let mut bad = Person::arrives(rtc_session::EnterParams { room: HelloRoom::Number(0), ..engine.ticket("ann") });
    let failure = bad.until("a refusal", |event| match event {
        Event::EnterFailed(failure) => Some(failure.clone()),
        _ => None,
    });
    assert_eq!(failure.code, -10012);
}

#[test]
fn where_no_engine_is_entering_fails_after_three_attempts() {
    let mut engine = Engine::start();
    engine.kill();
    let mut ann = Person::arrives(engine.ticket("ann"));
    let failure = ann.until("a failure", |event| match event {
        Event::EnterFailed(failure) => Some(failure.clone()),
        _ => None,
    });
    assert_eq!(failure.code, code::CONNECT_SERVER_TIMEOUT);
}

#[test]
fn who_switches_rooms_is_seen_and_heard_in_the_new_one_at_once() {
    let engine = Engine::start();
    let elsewhere = || rtc_session::EnterParams { room: HelloRoom::Number(2), ..engine.ticket("cat") };
    let mut bob = Person::enters(engine.ticket("bob"));
    let mut cat = Person::enters(elsewhere());
    let mut ann = Person::enters(engine.ticket("ann"));
    ann.publishes();
    bob.until_camera("ann");
    ann.does(Command::SwitchRoom { room: HelloRoom::Number(2), user_sig: None, private_map_key: None });
    let result = ann.until("that it is there", |event| match event {
        Event::RoomSwitched(result) => Some(result.clone()),
        _ => None,
    });
    assert_eq!(result, Ok(()));
    ann.until("cat", |event| match event {
        Event::MemberEntered(view) => (view.user_id.as_str() == "cat").then_some(()),
        _ => None,
    });
    let reason = bob.until("that ann left", |event| match event {
        Event::MemberLeft { reason, .. } => Some(u8::from(*reason)),
        _ => None,
    });
    assert_eq!(reason, 0);
    cat.until_camera("ann");
    cat.views("ann");
    cat.until_media("ann", rtc_session::Track::Camera, 20);
    cat.until_media("ann", rtc_session::Track::Microphone, 20);
}

#[test]
fn anchors_of_two_rooms_are_linked_until_one_ends_it() {
    let engine = Engine::start();
    let elsewhere = rtc_session::EnterParams { room: HelloRoom::Number(2), ..engine.ticket("cat") };
    let mut cat = Person::enters(elsewhere);
    let mut bob = Person::enters(engine.ticket("bob"));
    let mut ann = Person::enters(engine.ticket("ann"));
    cat.publishes();
    ann.does(Command::ConnectRoom { room: HelloRoom::Number(2), user_id: "cat".into() });
    let result = ann.until("that they are linked", |event| match event {
        Event::RoomConnected { user_id, result } => (user_id == "cat").then(|| result.clone()),
        _ => None,
    });
    assert_eq!(result, Ok(()));
    bob.until_camera("cat");
    bob.views("cat");
    bob.until_media("cat", rtc_session::Track::Camera, 20);
    ann.does(Command::DisconnectRoom);
    bob.until("that cat is gone", |event| match event {
        Event::MemberLeft { user_id, .. } => (user_id.as_str() == "cat").then_some(()),
        _ => None,
    });
    ann.does(Command::ConnectRoom { room: HelloRoom::Number(9), user_id: "cat".into() });
    let result = ann.until("a refusal", |event| match event {
        Event::RoomConnected { result, .. } => Some(result.clone()),
        _ => None,
    });
    assert!(result.is_err());
}
