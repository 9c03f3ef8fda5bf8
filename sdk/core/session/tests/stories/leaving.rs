//! The end.

use std::time::Duration;

use rtc_protocol::{ExitReason, PushBody, RemovalReason, Request, TrackState};
use rtc_session::{Command, Ending, Event};

use crate::world::World;

fn endings(world: &World) -> Vec<Ending> {
    let ending = |event: &Event| match event {
        Event::Exited(ending) => Some(ending.clone()),
        _ => None,
    };
    world.told.iter().filter_map(ending).collect()
}

#[test]
fn leaving_is_announced_and_answered() {
    let mut world = World::inside();
    world.does(Command::Exit);
    world.does(Command::Exit);
    world.pass(Duration::from_secs(3));
    assert_eq!(endings(&world), [Ending::Own]);
    assert_eq!(world.engine.count(|request| matches!(request, Request::Exit {})), 1);
    assert_eq!(world.closed(), [1000]);
}

#[test]
fn an_engine_that_does_not_answer_is_waited_for_a_second() {
    let mut world = World::inside();
    world.engine.is_silent = true;
    world.does(Command::Exit);
    world.pass(Duration::from_millis(990));
    assert!(endings(&world).is_empty());
    world.pass(Duration::from_millis(20));
    assert_eq!(endings(&world), [Ending::Own]);
}

#[test]
fn leaving_during_an_outage_says_goodbye_on_a_connection_of_its_own() {
    let mut world = World::inside();
    world.cut();
    world.does(Command::Exit);
    world.pass(Duration::from_secs(3));
    assert_eq!(endings(&world), [Ending::Own]);
    assert_eq!(world.engine.count(|request| matches!(request, Request::Exit {})), 1);

    let mut world = World::inside();
    world.has_signaling = false;
    world.cut();
    world.does(Command::Exit);
    world.pass(Duration::from_secs(3));
    assert_eq!(endings(&world), [Ending::Own]);
}

#[test]
fn leaving_while_entering_ends_at_once() {
    let mut world = World::new();
    world.engine.is_silent = true;
    world.pass(Duration::from_millis(10));
    world.does(Command::Exit);
    assert_eq!(endings(&world), [Ending::Own]);
    assert_eq!((world.closed(), world.told.len()), (&[1000][..], 1));
}

#[test]
fn who_is_put_out_is_told_why_and_nothing_follows() {
    let mut world = World::inside();
    let (reason, exit_reason) = (RemovalReason::RoomDisband, ExitReason::Dismissed);
    world.engine.push(PushBody::Removed { reason, exit_reason });
    world.engine.enters("ann", TrackState::Off);
    world.pass(Duration::from_secs(200));
    assert_eq!(endings(&world), [Ending::Removed(RemovalReason::RoomDisband)]);
    assert!(matches!(world.told.last(), Some(Event::Exited(_))));
}

#[test]
fn who_was_evicted_for_being_away_enters_again() {
    let mut world = World::inside();
    let (reason, exit_reason) = (RemovalReason::TimedOut, ExitReason::Removed);
    world.engine.push(PushBody::Removed { reason, exit_reason });
    world.engine.snapshot.n = 0;
    world.pass(Duration::from_secs(2));
    assert!(endings(&world).is_empty());
    let hellos: Vec<bool> = world
        .engine
        .asked
        .iter()
        .filter_map(|request| match request {
            Request::Hello(hello) => Some(hello.resume.is_some()),
            _ => None,
        })
        .collect();
    assert_eq!(hellos, [false, false]);
    assert_eq!(world.count(|event| matches!(event, Event::Entered { .. })), 1);
    assert_eq!(world.count(|event| matches!(event, Event::ConnectionRecovered)), 1);
}
