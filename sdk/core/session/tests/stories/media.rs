//! Lines, packets and paths.

use std::time::Duration;

use rtc_protocol::{ErrorCode, Layer, OfferPurpose, PushBody, Request, Stream, Track, TrackState};
use rtc_session::{Codec, Command, Event, Outgoing};

use crate::engine::user;
use crate::world::World;

const PATIENCE: Duration = Duration::from_secs(60);

fn offers(world: &World) -> Vec<OfferPurpose> {
    let purpose = |request: &Request| match request {
        Request::Offer(offer) => Some(offer.purpose),
        _ => None,
    };
    world.engine.asked.iter().filter_map(purpose).collect()
}

fn view(name: &str) -> Command {
    Command::View { user_id: user(name), stream: Stream::Main, layer: Layer::Big }
}

#[test]
fn packets_that_are_faster_than_the_push_wait_for_it() {
    let mut world = World::inside();
    world.engine.enters("ann", TrackState::Off);
    for payload in [b"one", b"two"] {
        world.engine.sends_sound(world.now, payload);
        world.pass(Duration::from_millis(20));
    }
    assert_eq!(world.count(|event| matches!(event, Event::Media { .. })), 0);
    let binding = world.engine.binding("ann", Track::Microphone);
    world.engine.push(PushBody::Slots { slots: vec![binding] });
    world.engine.sends_sound(world.now, b"three");
    world.pass(Duration::from_millis(20));
    let heard: Vec<&[u8]> = world
        .told
        .iter()
        .filter_map(|event| match event {
            Event::Media { user_id, track: Track::Microphone, packet, .. } if *user_id == user("ann") => Some(&*packet.payload),
            _ => None,
        })
        .collect();
    assert_eq!(heard, [b"one".as_slice(), b"two", b"three"]);
    let at = |is_it: fn(&Event) -> bool| world.told.iter().position(is_it).expect("told");
    assert!(at(|event| matches!(event, Event::SourceChanged { .. })) < at(|event| matches!(event, Event::Media { .. })));
}

#[test]
fn what_cannot_be_sent_is_refused_and_counted() {
    let mut world = World::inside();
    let payload = [0xfc; 80].as_slice().into();
    let (codec, layer, track) = (Codec::Opus, Layer::Big, Track::Microphone);
    let mut packet = Outgoing { track, layer, codec, seq: 1, time: 0, marker: false, level: Some(30), payload };
    assert!(world.session.send(world.now, &packet));
    packet.codec = Codec::Av1;
    assert!(!world.session.send(world.now, &packet), "not negotiated");
    assert_eq!(world.session.statistics().unsent, 1);
    packet.codec = Codec::Opus;
    world.has_media = false;
    world.until(PATIENCE, |event| matches!(event, Event::ConnectionLost).then_some(()));
    world.pass(Duration::from_secs(10));
    assert!(!world.session.send(world.now, &packet), "no path");
}

#[test]
fn who_lost_everything_comes_back_on_the_path_he_had() {
    let mut world = World::inside();
    (world.has_media, world.has_signaling) = (false, false);
    world.cut();
    world.pass(Duration::from_secs(20));
    (world.has_media, world.has_signaling) = (true, true);
    world.until(Duration::from_secs(5), |event| matches!(event, Event::ConnectionRecovered).then_some(()));
    world.pass(Duration::from_secs(30));
    assert_eq!(offers(&world), [OfferPurpose::Enter]);
    assert_eq!(world.count(|event| matches!(event, Event::ConnectionLost)), 1);
    assert_eq!(world.count(|event| matches!(event, Event::ConnectionRecovered)), 1);
}

#[test]
fn a_path_that_falls_silent_is_restarted_and_then_replaced() {
    let mut world = World::inside();
    world.has_media = false;
    world.pass(Duration::from_millis(4900));
    assert_eq!(offers(&world), [OfferPurpose::Enter]);
    world.until(Duration::from_secs(2), |event| matches!(event, Event::ConnectionLost).then_some(()));
    // At once: signaling works, as its answer shows.
    world.pass(Duration::from_millis(20));
    assert_eq!(world.count(|event| matches!(event, Event::Reconnecting)), 1);
    assert_eq!(offers(&world), [OfferPurpose::Enter, OfferPurpose::Restart]);
    world.pass(Duration::from_secs(9));
    assert_eq!(world.count(|event| matches!(event, Event::ConnectionRecovered)), 0);
    world.until(Duration::from_secs(3), |event| matches!(event, Event::Reconnecting).then_some(()));
    assert_eq!(offers(&world)[2..], [OfferPurpose::Replace]);
    world.has_media = true;
    world.until(PATIENCE, |event| matches!(event, Event::ConnectionRecovered).then_some(()));
    assert!(world.engine.rtc.as_ref().expect("a connection").is_connected());
}

#[test]
fn a_restart_is_enough_where_the_network_is_back() {
    let mut world = World::inside();
    world.has_media = false;
    world.until(PATIENCE, |event| matches!(event, Event::Reconnecting).then_some(()));
    world.has_media = true;
    world.until(Duration::from_secs(5), |event| matches!(event, Event::ConnectionRecovered).then_some(()));
    world.pass(Duration::from_secs(60));
    assert_eq!(offers(&world), [OfferPurpose::Enter, OfferPurpose::Restart]);
    assert_eq!(world.count(|event| matches!(event, Event::ConnectionLost)), 1);
}

/// Somebody is heard, fifty packets a second.
fn hears(world: &mut World, time: Duration) {
    let end = world.now + time;
    while world.now < end {
        world.engine.sends_sound(world.now, b"sound");
        world.pass(Duration::from_millis(20));
    }
}

#[test]
fn where_much_was_heard_a_silence_of_a_second_and_a_half_looks_for_another_path_and_nobody_is_told() {
    let mut world = World::inside();
    hears(&mut world, Duration::from_secs(3));
    world.has_media = false;
    world.pass(Duration::from_millis(1400));
    assert_eq!(offers(&world), [OfferPurpose::Enter]);
    world.pass(Duration::from_millis(200));
    assert_eq!(offers(&world), [OfferPurpose::Enter, OfferPurpose::Restart]);
    world.has_media = true;
    hears(&mut world, Duration::from_secs(2));
    // Somebody who mutes himself is no outage: checks are answered.
    world.pass(Duration::from_secs(20));
    assert_eq!(offers(&world), [OfferPurpose::Enter, OfferPurpose::Restart]);
    assert_eq!(world.count(|event| matches!(event, Event::ConnectionLost | Event::Reconnecting)), 0, "{:?}", world.told);
}

#[test]
fn where_another_path_does_not_help_either_the_loss_is_told_and_it_goes_on() {
    let mut world = World::inside();
    hears(&mut world, Duration::from_secs(3));
    world.has_media = false;
    world.until(Duration::from_secs(8), |event| matches!(event, Event::ConnectionLost).then_some(()));
    world.pass(Duration::from_secs(15));
    use OfferPurpose::{Enter, Replace, Restart};
    assert_eq!(offers(&world), [Enter, Restart, Restart, Replace]);
    assert_eq!(world.count(|event| matches!(event, Event::ConnectionLost)), 1);
}

#[test]
fn no_path_is_offered_into_a_connection_that_may_be_as_dead() {
    let mut world = World::inside();
    hears(&mut world, Duration::from_secs(3));
    // Texts go nowhere, and no socket breaks.
    (world.has_media, world.has_signaling) = (false, false);
    world.pass(Duration::from_secs(2));
    let asked = world.engine.asked.len();
    world.pass(Duration::from_millis(500));
    // The network is back before the connection was given up: the path comes back by itself.
    (world.has_media, world.has_signaling) = (true, true);
    hears(&mut world, Duration::from_secs(8));
    assert!(world.engine.asked[asked..].iter().all(|request| matches!(request, Request::Report(_) | Request::Hello(_))));
    assert_eq!(offers(&world), [OfferPurpose::Enter]);
}

#[test]
fn a_path_that_is_there_again_is_found_within_half_a_second_also_without_signaling() {
    let mut world = World::inside();
    let payload = [0xfc; 80].as_slice().into();
    let (codec, layer, track) = (Codec::Opus, Layer::Big, Track::Microphone);
    let packet = Outgoing { track, layer, codec, seq: 1, time: 0, marker: false, level: Some(30), payload };
    world.has_signaling = false;
    world.cut();
    for outage in [15_600, 15_730, 15_860, 15_990] {
        world.has_media = false;
        world.pass(Duration::from_millis(outage));
        assert!(!world.session.send(world.now, &packet), "no path");
        world.has_media = true;
        world.pass(Duration::from_millis(600));
        assert!(world.session.send(world.now, &packet), "after an outage of {outage} ms");
    }
    assert_eq!(offers(&world), [OfferPurpose::Enter]);
}

#[test]
fn who_shows_something_through_an_outage_is_seen_with_the_first_packet_after_it() {
    let mut world = World::inside();
    let payload = [0x10; 800].as_slice().into();
    let (codec, layer, track) = (Codec::Vp8, Layer::Big, Track::Camera);
    let mut packet = Outgoing { track, layer, codec, seq: 0, time: 0, marker: true, level: None, payload };
    let mut shows = |world: &mut World, time: Duration| {
        let end = world.now + time;
        while world.now < end {
            packet.seq += 1;
            packet.time += 3000;
            assert!(world.sends(&packet));
            world.pass(Duration::from_micros(33_333));
        }
    };
    world.has_signaling = false;
    world.cut();
    shows(&mut world, Duration::from_secs(2));
    for outage in [5100, 7330, 12_000] {
        world.has_media = false;
        shows(&mut world, Duration::from_millis(outage));
        assert!(world.count(|event| matches!(event, Event::ConnectionLost)) > 0);
        world.has_media = true;
        let came = world.engine.came.len();
        shows(&mut world, Duration::from_millis(40));
        assert!(world.engine.came.len() > came, "after an outage of {outage} ms");
        let sent = world.bytes().0;
        shows(&mut world, Duration::from_secs(1));
        // Thirty pictures of 800 bytes: what was shown to nobody is not sent again, though the engine asks for it.
        assert!(world.bytes().0 - sent < 40_000, "{} bytes after an outage of {outage} ms", world.bytes().0 - sent);
        shows(&mut world, Duration::from_secs(4));
    }
}

#[test]
fn media_that_is_blocked_for_long_is_told_once() {
    let mut world = World::new();
    world.has_media = false;
    world.pass(Duration::from_secs(100));
    assert_eq!(world.count(|event| matches!(event, Event::MediaBlocked)), 1);
    assert_eq!(world.count(|event| matches!(event, Event::ConnectionLost)), 1);
}

#[test]
fn another_network_is_taken_up_without_an_outage() {
    let mut world = World::inside();
    world.session.handle(world.now, rtc_session::Input::AddressesChanged);
    world.pass(Duration::from_secs(60));
    assert_eq!(offers(&world), [OfferPurpose::Enter, OfferPurpose::Restart]);
    assert_eq!(world.count(|event| matches!(event, Event::ConnectionLost | Event::Reconnecting)), 0, "{:?}", world.told);
}

#[test]
fn who_comes_back_from_another_network_to_an_engine_that_was_started_anew_makes_one_new_connection() {
    let mut world = World::inside();
    world.engine.enters("ann", TrackState::On);
    world.pass(Duration::from_secs(30));
    // Its counter begins anew.
    world.engine.snapshot.n = 0;
    world.engine.rtc = None;
    world.cut();
    world.session.handle(world.now, rtc_session::Input::AddressesChanged);
    world.pass(Duration::from_secs(60));
    assert_eq!(offers(&world), [OfferPurpose::Enter, OfferPurpose::Replace]);
    assert_eq!(world.count(|event| matches!(event, Event::ConnectionRecovered)), 1);
}

#[test]
fn the_pool_grows_when_it_is_used_up_and_not_beyond_what_is_allowed() {
    let mut world = World::inside();
    for name in ["ann", "bob", "cat", "dan"] {
        world.engine.enters(name, TrackState::On);
        world.engine.refusals.push_back(("view", ErrorCode::SlotsExhausted));
    }
    world.pass(Duration::from_millis(10));
    // Refused with 8, with 16 and with 32 pairs, which is all this engine allows.
    world.does(view("ann"));
    world.pass(Duration::from_secs(1));
    assert_eq!(offers(&world)[1..], [OfferPurpose::Grow, OfferPurpose::Grow]);
    assert_eq!(world.engine.offer.as_ref().expect("an offer").lines.slots.len(), 32);
    assert_eq!(world.count(|event| matches!(event, Event::ViewFailed { .. })), 1);
    // The last refusal was for this one, which is given up as well.
    world.does(view("bob"));
    world.pass(Duration::from_secs(1));
    assert_eq!(world.count(|event| matches!(event, Event::ViewFailed { .. })), 2);
    world.does(view("cat"));
    world.pass(Duration::from_secs(1));
    assert_eq!(world.count(|event| matches!(event, Event::ViewFailed { .. })), 2);
}
