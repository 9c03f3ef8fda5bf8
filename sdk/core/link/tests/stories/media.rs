//! Sound and pictures: by UDP, by TCP, and by TCP where UDP is blocked.

use std::collections::BTreeSet;
use std::time::Duration;

use rtc_link::LinkConfig;
use rtc_protocol::{Codec, Layer, Stream, Track};
use rtc_session::{Command, Config, Event, MediaPaths, Protocol, Statistics};

use crate::engine::{Engine, Tickets as _, behind_a_relay, free_port};
use crate::person::{Person, SMALL_PICTURE_BYTES, user};
use crate::relay::{TcpRelay, UdpRelay};

fn over(paths: MediaPaths) -> LinkConfig {
    LinkConfig { session: Config { paths, ..Config::default() }, ..LinkConfig::default() }
}

/// Two people who see and hear each other.
#[track_caller]
fn call(mut ann: Person, mut bob: Person) -> (Person, Person) {
    for person in [&mut ann, &mut bob] {
        person.until("entered", |event| matches!(event, Event::Entered { .. }).then_some(()));
        person.publishes();
    }
    for (person, other) in [(&mut ann, "bob"), (&mut bob, "ann")] {
        person.views(other);
        person.until_media(other, Track::Camera, 50);
        person.until_media(other, Track::Microphone, 50);
    }
    (ann, bob)
}

#[track_caller]
fn statistics(person: &mut Person) -> Statistics {
    person.until("statistics of both ways", |event| match event {
        Event::Statistics(statistics) => (statistics.path.is_some()
            && statistics.remote.len() == 2
            && statistics.local.len() == 3
            && statistics.remote.iter().all(|remote| remote.packets > 0 && remote.bits_per_second > 10_000)
            && statistics.bytes_sent > 10_000
            && statistics.bytes_received > 10_000)
            .then(|| statistics.as_ref().clone()),
        _ => None,
    })
}

#[test]
fn sound_and_pictures_flow_both_ways_by_udp() {
    let engine = Engine::start();
    let (mut ann, mut bob) = call(Person::arrives(engine.ticket("ann")), Person::arrives(engine.ticket("bob")));
    for person in [&mut ann, &mut bob] {
        let statistics = statistics(person);
        assert_eq!(statistics.path.map(|path| path.protocol), Some(Protocol::Udp));
        assert!(statistics.round_trip.is_some_and(|round_trip| round_trip < Duration::from_secs(5)));
        // Those of the next time may be there when these are looked at.
        let mut is_told = || {
            let told = self::statistics(person);
            *person.link().stats() == told
        };
        assert!((0..20).any(|_| is_told()), "what is asked for is what was told last");
    }
    bob.until("a clock for sound", |event| matches!(event, Event::Clock { track: Track::Microphone, .. }).then_some(()));
    bob.until("a clock for pictures", |event| matches!(event, Event::Clock { track: Track::Camera, .. }).then_some(()));
}

#[test]
fn sound_and_pictures_flow_both_ways_by_tcp() {
    let engine = Engine::start();
    let people = ["ann", "bob"].map(|name| Person::arrives_with(over(MediaPaths::Tcp), engine.ticket(name)));
    let [ann, bob] = people;
    let (mut ann, _bob) = call(ann, bob);
    assert_eq!(statistics(&mut ann).path.map(|path| path.protocol), Some(Protocol::Tcp));
}

#[test]
fn where_udp_is_blocked_media_goes_by_tcp() {
    let media = free_port();
    let advertised = (std::net::Ipv4Addr::new(127, 0, 0, 2), media.port()).into();
    let engine = Engine::advertising(media, advertised);
    let udp = UdpRelay::at(advertised, media);
    udp.lose(true);
    let _tcp = TcpRelay::at(advertised, media);
    let (mut ann, _bob) = call(Person::arrives(engine.ticket("ann")), Person::arrives(engine.ticket("bob")));
    assert_eq!(statistics(&mut ann).path.map(|path| path.protocol), Some(Protocol::Tcp));
    assert!(ann.told.iter().all(|words| words != "ConnectionLost"), "{:?}", ann.told);
}

#[test]
fn a_picture_beyond_the_first_estimate_is_not_held_back_for_long() {
    let engine = Engine::start();
    let mut bob = Person::enters(engine.ticket("bob"));
    let mut ann = Person::enters(engine.ticket("ann"));
    ann.does(Command::WantUplink { bits_per_second: 6_000_000 });
    ann.publishes_as(Codec::Vp8, 5 * 1000);
    bob.views("ann");
    // Twice where the estimate begins.
    bob.until("three megabits a second", |event| match event {
        Event::Statistics(statistics) => statistics
            .remote
            .iter()
            .any(|remote| remote.track == Track::Camera && remote.bits_per_second > 3_000_000)
            .then_some(()),
        _ => None,
    });
    ann.until("an estimate", |event| matches!(event, Event::UplinkBandwidth { .. }).then_some(()));
}

#[test]
fn what_is_lost_on_the_way_up_is_told_and_sent_again() {
    let (engine, relay) = behind_a_relay();
    let (mut ann, _bob) = call(Person::arrives(engine.ticket("ann")), Person::arrives(engine.ticket("bob")));
    relay.lose_one_in(10);
    ann.until("a loss and a demand to send again", |event| match event {
        Event::Statistics(statistics) => (statistics.up_loss.is_some_and(|loss| loss > 0.0)
            && statistics.local.iter().any(|local| local.track == Track::Camera && local.nacks > 0))
        .then_some(()),
        _ => None,
    });
}

#[test]
fn lost_sound_comes_inside_of_other_packets_on_both_ways() {
    const RUN: u64 = 100;
    let (engine, relay) = behind_a_relay();
    let (mut ann, mut bob) = call(Person::arrives(engine.ticket("ann")), Person::arrives(engine.ticket("bob")));
    // Up to the engine, and down from it: of a voice that nobody repeats a quarter would come.
    relay.lose_one_in(2);
    ann.until("that earlier packets are repeated", |event| match event {
        Event::Statistics(statistics) => {
            statistics.local.iter().any(|local| local.track == Track::Microphone && local.repeated > 2).then_some(())
        }
        _ => None,
    });
    let mut come = BTreeSet::new();
    bob.until("all but a few packets of a voice", |event| {
        if let Event::Media { track: Track::Microphone, packet, .. } = event {
            assert!(packet.payload.ends_with(b"ann"), "it is the packet that was wrapped, not the wrapping");
            assert!(come.insert(packet.seq), "none comes twice");
            // What is a second old comes no more.
            let end = come.last()?.saturating_sub(50);
            let begin = end.saturating_sub(RUN);
            return (come.range(begin..end).count() as u64 >= RUN * 97 / 100).then_some(());
        }
        None
    });
}

#[test]
fn pictures_in_h264_arrive_as_such_with_the_loudness_of_the_sound() {
    let engine = Engine::start();
    let mut bob = Person::enters(engine.ticket("bob"));
    let mut ann = Person::enters(engine.ticket("ann"));
    ann.publishes_as(Codec::H264, 240);
    bob.views("ann");
    let (mut has_picture, mut has_level) = (false, false);
    bob.until("a picture and a loudness", |event| {
        if let Event::Media { track, packet, .. } = event {
            has_picture |= *track == Track::Camera && packet.codec == Codec::H264 && packet.marker;
            has_level |= *track == Track::Microphone && packet.codec == Codec::Opus && packet.level == Some(30);
        }
        (has_picture && has_level).then_some(())
    });
}

#[test]
fn who_is_watched_small_is_told_and_the_small_layer_comes() {
    let engine = Engine::start();
    let mut bob = Person::enters(engine.ticket("bob"));
    let mut ann = Person::enters(engine.ticket("ann"));
    ann.publishes();
    bob.does(Command::View { user_id: user("ann"), stream: Stream::Main, layer: Layer::Small });
    ann.until("a demand for the small layer", |event| match event {
        Event::Encode(layers) => (layers.track == Track::Camera && layers.small).then_some(()),
        _ => None,
    });
    let mut is_small = |event: &Event| match event {
        Event::Media { track: Track::Camera, packet, .. } => {
            (packet.payload.len() == SMALL_PICTURE_BYTES + "ann".len()).then_some(())
        }
        _ => None,
    };
    bob.until("the small layer", &mut is_small);
    bob.does(Command::View { user_id: user("ann"), stream: Stream::Main, layer: Layer::Big });
    bob.until("the big layer", |event| match event {
        Event::Media { track: Track::Camera, .. } => is_small(event).is_none().then_some(()),
        _ => None,
    });
}

#[test]
fn who_watches_more_than_there_are_slots_gets_more_slots() {
    let engine = Engine::start();
    let mut bob = Person::enters(engine.ticket("bob"));
    let mut cat = Person::enters(engine.ticket("cat"));
    let config = LinkConfig { session: Config { pairs: 1, ..Config::default() }, ..LinkConfig::default() };
    let mut ann = Person::arrives_with(config, engine.ticket("ann"));
    for (person, name) in [(&mut bob, "bob"), (&mut cat, "cat")] {
        person.publishes();
        ann.until_camera(name);
        ann.views(name);
        ann.until_media(name, Track::Camera, 20);
    }
    ann.until_media("bob", Track::Camera, 20);
}
