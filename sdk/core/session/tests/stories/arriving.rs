//! Entering.

use std::time::Duration;

use rtc_protocol::{ErrorCode, Request};
use rtc_session::{EnterParams, Event, code};

use crate::engine::Engine;
use crate::world::{World, params};

fn failure(world: &World) -> Option<i32> {
    world.told.iter().find_map(|event| match event {
        Event::EnterFailed(failure) => Some(failure.code),
        _ => None,
    })
}

#[test]
fn hello_and_offer_go_out_together_and_media_follows() {
    let mut world = World::new();
    world.engine.is_silent = true;
    world.pass(Duration::from_millis(1));
    assert!(matches!(world.engine.asked[..], [Request::Hello(_), Request::Offer(_)]), "{:?}", world.engine.asked);
    let world = World::inside();
    let Event::Entered { elapsed, .. } = world.told[0] else { panic!("{:?}", world.told) };
    assert!(elapsed < Duration::from_secs(1));
    let lines = &world.engine.offer.as_ref().expect("an offer").lines;
    assert!(lines.microphone.is_some() && lines.camera.is_some() && lines.screen.is_some() && lines.slots.len() == 8);
    assert!(world.engine.rtc.as_ref().expect("a connection").is_connected());
}

#[test]
fn an_engine_that_cannot_be_reached_is_tried_three_times() {
    let mut world = World::new();
    world.has_signaling = false;
    world.pass(Duration::from_secs(20));
    assert_eq!((world.opened, failure(&world)), (3, Some(code::CONNECT_SERVER_TIMEOUT)));
    assert!(world.session.is_over() && world.session.poll_timeout().is_none());
}

/// What an engine may take until entering is given up.
const LONGEST: Duration = Duration::from_secs(10);

#[test]
fn an_engine_that_never_answers_is_given_up_after_ten_seconds() {
    let mut world = World::new();
    world.engine.is_silent = true;
    world.pass(LONGEST - Duration::from_millis(1));
    assert_eq!(failure(&world), None);
    world.pass(Duration::from_millis(2));
    assert_eq!((world.opened, failure(&world)), (1, Some(code::CONNECT_SERVER_TIMEOUT)));
    assert!(world.session.is_over() && world.session.poll_timeout().is_none());
}

#[test]
fn sockets_that_never_open_are_given_up_after_ten_seconds() {
    let mut world = World::new();
    world.has_sockets = false;
    world.pass(LONGEST - Duration::from_millis(1));
    assert_eq!((world.opened, failure(&world)), (2, None));
    world.pass(Duration::from_millis(2));
    assert_eq!((world.opened, failure(&world)), (2, Some(code::CONNECT_SERVER_TIMEOUT)));
}

#[test]
fn an_engine_that_breaks_late_is_not_tried_again() {
    let mut world = World::new();
    world.engine.is_silent = true;
    world.pass(LONGEST - Duration::from_millis(300));
    world.cut();
    world.pass(Duration::from_millis(1));
    assert_eq!((world.opened, failure(&world)), (1, Some(code::CONNECT_SERVER_TIMEOUT)));
}

#[test]
fn an_engine_that_answers_just_in_time_lets_in() {
    let mut world = World::new();
    world.engine.is_silent = true;
    world.pass(LONGEST - Duration::from_millis(100));
    world.engine.catches_up();
    world.pass(Duration::from_secs(60));
    assert!(matches!(world.told[0], Event::Entered { .. }), "{:?}", world.told);
    assert_eq!(failure(&world), None);
}

#[test]
fn a_refusal_is_final_and_keeps_its_number() {
    let mut engine = Engine::new();
    engine.refusals.push_back(("hello", ErrorCode::UserSigExpired));
    let mut world = World::with(engine, params());
    world.pass(Duration::from_secs(20));
    assert_eq!((world.opened, failure(&world)), (1, Some(70001)));
    assert_eq!(world.told.len(), 1);
}

#[test]
fn an_address_that_is_none_fails_without_a_connection() {
    let mut world = World::with(Engine::new(), EnterParams { server: "engine.test".into(), ..params() });
    world.pass(Duration::from_secs(1));
    assert_eq!((world.opened, failure(&world)), (0, Some(code::INVALID_PARAMETER)));
}
