//! Signaling that breaks, and engines that stop.

use std::time::Duration;

use rtc_protocol::{ErrorCode, OfferPurpose, PushBody, Request, TrackState, Tracks};
use rtc_session::{Command, Ending, Event, Layer, Track};

use crate::engine::{member, user};
use crate::world::World;

const PATIENCE: Duration = Duration::from_secs(60);

fn publish() -> Command {
    Command::Publish { track: Track::Microphone, state: TrackState::On, codec: None, small: false }
}

fn recovered(world: &mut World) {
    world.until(PATIENCE, |event| matches!(event, Event::ConnectionRecovered).then_some(()));
}

#[test]
fn who_comes_back_shows_its_token_and_is_told_the_difference() {
    let mut world = World::inside();
    world.engine.enters("ann", TrackState::On);
    world.engine.enters("bob", TrackState::Off);
    world.pass(Duration::from_millis(10));
    world.told.clear();
    world.has_signaling = false;
    world.cut();
    // Meanwhile: ann leaves, cat comes.
    world.engine.snapshot.members.remove(0);
    world.engine.snapshot.members.push(member("cat", TrackState::On));
    world.engine.snapshot.n += 3;
    world.pass(Duration::from_secs(5));
    world.has_signaling = true;
    recovered(&mut world);
    let words: Vec<String> =
        world.told.iter().map(|event| format!("{event:?}").split(['(', ' ']).next().expect("a word").into()).collect();
    let attempts = words.iter().filter(|word| *word == "Reconnecting").count();
    assert!((5..=8).contains(&attempts), "{words:?}");
    let rest: Vec<&String> = words.iter().filter(|word| *word != "Reconnecting").collect();
    let expected = ["ConnectionLost", "TracksChanged", "MemberLeft", "MemberEntered", "TracksChanged", "ConnectionRecovered"];
    assert_eq!(rest, expected);
    let last = world.engine.asked.iter().rev().find_map(|request| match request {
        Request::Hello(hello) => hello.resume.clone(),
        _ => None,
    });
    assert_eq!(last.as_deref(), Some("the way back"));
    assert_eq!(world.engine.count(|request| matches!(request, Request::Offer(_))), 1, "media was never away");
}

#[test]
fn what_was_wished_is_asked_again_of_an_engine_that_does_not_know_it() {
    let mut world = World::inside();
    world.engine.enters("ann", TrackState::On);
    world.does(publish());
    world.does(Command::View { user_id: user("ann"), stream: rtc_protocol::Stream::Main, layer: Layer::Small });
    world.does(Command::Listen { user_id: Some(user("ann")), on: false });
    world.pass(Duration::from_secs(1));
    world.engine.asked.clear();
    world.engine.resumes = false;
    world.engine.snapshot.n = 0;
    world.cut();
    recovered(&mut world);
    for (what, is_it) in [
        (
            "offer",
            (|request| matches!(request, Request::Offer(offer) if offer.purpose == OfferPurpose::Enter))
                as fn(&Request) -> bool,
        ),
        ("publish", |request| matches!(request, Request::Publish(publish) if publish.state == TrackState::On)),
        ("view", |request| matches!(request, Request::View(view) if view.layer == Layer::Small)),
        ("listen", |request| matches!(request, Request::Listen(listen) if !listen.on)),
    ] {
        assert_eq!(world.engine.count(is_it), 1, "{what}");
    }
    assert_eq!(world.count(|event| matches!(event, Event::MemberLeft { .. })), 0);
}

#[test]
fn an_engine_that_was_started_anew_tells_of_nobody_who_is_back_in_time() {
    let mut world = World::inside();
    world.engine.enters("ann", TrackState::On);
    world.engine.enters("bob", TrackState::On);
    world.pass(Duration::from_millis(10));
    world.told.clear();
    // It knows its members, and not what they publish.
    for view in &mut world.engine.snapshot.members {
        view.tracks = Tracks::default();
    }
    world.engine.snapshot.n = 0;
    world.engine.rtc = None;
    world.cut();
    recovered(&mut world);
    let tracks = member("ann", TrackState::On).tracks;
    world.engine.push(PushBody::TracksChanged { user_id: user("ann"), tracks });
    world.pass(Duration::from_secs(15));
    let changed: Vec<_> = world
        .told
        .iter()
        .filter_map(|event| match event {
            Event::TracksChanged { user_id, after, .. } => Some((user_id.as_str(), after.camera)),
            Event::MemberLeft { user_id, .. } => panic!("{user_id} was told as gone"),
            _ => None,
        })
        .collect();
    assert_eq!(changed, [("bob", TrackState::Off)]);
    let last = world.engine.offer.as_ref().expect("an offer").purpose;
    assert_eq!(last, OfferPurpose::Replace);
}

#[test]
fn an_engine_that_closes_is_left_alone_for_as_long_as_it_says() {
    let mut world = World::inside();
    world.engine.push(PushBody::Closing { retry_after_ms: 3000 });
    world.engine.is_silent = false;
    world.pass(Duration::from_millis(2900));
    assert_eq!(world.opened, 1);
    world.pass(Duration::from_millis(200));
    assert_eq!((world.opened, world.closed()), (2, &[4000][..]));
    world.pass(Duration::from_secs(2));
    assert_eq!(world.engine.offer.as_ref().expect("an offer").purpose, OfferPurpose::Replace);
    assert_eq!(world.count(|event| matches!(event, Event::ConnectionRecovered)), 1);
}

#[test]
fn a_connection_without_a_heartbeat_is_given_up() {
    let mut world = World::inside();
    (world.engine.is_silent, world.has_media) = (true, false);
    world.pass(Duration::from_secs(9));
    assert_eq!(world.count(|event| matches!(event, Event::ConnectionLost)), 1);
    assert_eq!(world.closed(), [4000], "the WebSocket is given up as well");
    (world.engine.is_silent, world.has_media) = (false, true);
    recovered(&mut world);
}

#[test]
fn a_heartbeat_may_be_late_while_media_flows_but_not_for_ever() {
    let mut world = World::inside();
    world.engine.is_silent = true;
    world.pass(Duration::from_secs(25));
    world.engine.catches_up();
    world.pass(Duration::from_secs(5));
    assert_eq!(world.count(|event| matches!(event, Event::ConnectionLost)), 0, "{:?}", world.told);
    assert_eq!(world.opened, 1);
    world.engine.is_silent = true;
    world.pass(Duration::from_secs(33));
    assert_eq!(world.count(|event| matches!(event, Event::ConnectionLost)), 1);
    world.engine.is_silent = false;
    recovered(&mut world);
}

#[test]
fn what_cannot_be_repeated_fails_when_the_connection_does() {
    let mut world = World::inside();
    world.engine.is_silent = true;
    world.does(Command::SendMessage { cmd_id: 1, data: vec![1] });
    world.cut();
    world.does(Command::SendMessage { cmd_id: 2, data: vec![1] });
    world.does(Command::SendMessage { cmd_id: 1, data: vec![] });
    assert_eq!(world.count(|event| matches!(event, Event::MessageFailed { .. })), 3);
}

#[test]
fn after_two_minutes_and_some_attempts_more_the_session_gives_up() {
    let mut world = World::inside();
    world.has_signaling = false;
    world.cut();
    world.pass(Duration::from_secs(115));
    assert!(!world.session.is_over());
    world.pass(Duration::from_secs(20));
    assert!(matches!(world.told.last(), Some(Event::Exited(Ending::Failed(failure))) if failure.code == -3308));
}

#[test]
fn who_is_refused_on_coming_back_is_out_with_the_engines_number() {
    let mut world = World::inside();
    world.engine.refusals.push_back(("hello", ErrorCode::Overloaded));
    world.cut();
    recovered(&mut world);
    world.engine.refusals.push_back(("hello", ErrorCode::UserSigExpired));
    world.cut();
    world.pass(Duration::from_secs(5));
    assert!(matches!(world.told.last(), Some(Event::Exited(Ending::Failed(failure))) if failure.code == 70001));
}

#[test]
fn a_membership_that_is_gone_is_entered_anew() {
    let mut world = World::inside();
    world.engine.refusals.push_back(("hello", ErrorCode::NotInRoom));
    world.engine.snapshot.n = 0;
    world.cut();
    recovered(&mut world);
    assert_eq!(world.engine.count(|request| matches!(request, Request::Hello(_))), 3);
    assert_eq!(world.count(|event| matches!(event, Event::Entered { .. })), 1);
}
