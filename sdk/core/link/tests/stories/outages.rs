//! Networks and engines that break, and what the members are told of it.

use rtc_protocol::Track;
use rtc_session::{Command, EnterParams, Event};

use crate::engine::{Engine, Tickets as _, behind_a_relay};
use crate::person::{Person, count};
use crate::relay::TcpRelay;

/// Bob, who is seen by Ann.
#[track_caller]
fn watched(engine: &Engine, ann: EnterParams) -> (Person, Person) {
    let (mut bob, mut ann) = (Person::enters(engine.ticket("bob")), Person::enters(ann));
    bob.publishes();
    ann.until_camera("bob");
    ann.views("bob");
    ann.until_media("bob", Track::Camera, 20);
    (bob, ann)
}

fn is_recovered(event: &Event) -> Option<()> {
    matches!(event, Event::ConnectionRecovered).then_some(())
}

#[test]
fn a_cut_websocket_comes_back_and_nothing_of_the_room_is_missed() {
    let engine = Engine::start();
    let relay = TcpRelay::to(engine.http());
    let server = format!("http://{}", relay.address);
    let (bob, mut ann) = watched(&engine, EnterParams { server, ..engine.ticket("ann") });

    relay.close(true);
    relay.cut();
    ann.until("that it is lost", |event| matches!(event, Event::ConnectionLost).then_some(()));
    // Media goes on, and somebody comes meanwhile.
    ann.until_media("bob", Track::Camera, 20);
    let _cat = Person::enters(engine.ticket("cat"));
    relay.close(false);
    let mut has_met_cat = false;
    ann.until("that it is back", |event| {
        has_met_cat |= matches!(event, Event::MemberEntered(view) if view.user_id.as_str() == "cat");
        is_recovered(event)
    });
    assert!(has_met_cat, "{:?}", ann.told);
    ann.until_media("bob", Track::Camera, 20);
    assert_eq!((count(&ann.told, "MemberLeft"), count(&ann.told, "MemberEntered")), (0, 2), "{:?}", ann.told);
    assert!(count(&ann.told, "Reconnecting") >= 1);
    let told = bob.leaves();
    assert_eq!(count(&told, "MemberLeft"), 0, "bob was told of nothing: {told:?}");
}

#[test]
fn a_media_path_that_falls_silent_is_found_again() {
    let (engine, relay) = behind_a_relay();
    let (_bob, mut ann) = watched(&engine, engine.ticket("ann"));
    relay.lose(true);
    ann.until("that it is lost", |event| matches!(event, Event::ConnectionLost).then_some(()));
    ann.until("a restart of ICE", |event| matches!(event, Event::Reconnecting).then_some(()));
    relay.lose(false);
    ann.until("that it is back", is_recovered);
    ann.until_media("bob", Track::Camera, 20);
    assert_eq!(count(&ann.told, "MemberLeft"), 0);
}

#[test]
fn an_address_that_is_forgotten_on_the_way_is_told_anew() {
    let (engine, relay) = behind_a_relay();
    let (_bob, mut ann) = watched(&engine, engine.ticket("ann"));
    for _ in 0..3 {
        ann.until_media("bob", Track::Camera, 20);
        relay.forget();
    }
    ann.until_media("bob", Track::Camera, 20);
    let told = ann.leaves();
    assert_eq!((count(&told, "ConnectionLost"), count(&told, "MemberLeft")), (0, 0), "{told:?}");
}

#[test]
fn an_engine_that_crashed_and_started_again_has_its_members_back() {
    started_again(Engine::crash_and_start_again);
}

#[test]
fn an_engine_that_was_stopped_and_started_again_has_its_members_back() {
    started_again(Engine::stop_and_start_again);
}

#[track_caller]
fn started_again(start_again: impl FnOnce(&mut Engine)) {
    let mut engine = Engine::start();
    let (_bob, mut ann) = watched(&engine, engine.ticket("ann"));
    ann.does(Command::Listen { user_id: None, on: true });
    start_again(&mut engine);
    ann.until("that it is back", is_recovered);
    ann.until_media("bob", Track::Camera, 20);
    ann.until_media("bob", Track::Microphone, 20);
    assert_eq!((count(&ann.told, "MemberLeft"), count(&ann.told, "MemberEntered")), (0, 1), "{:?}", ann.told);
    assert_eq!(count(&ann.told, "TracksChanged"), 2, "the microphone and the camera, once: {:?}", ann.told);
}
