//! A viewer behind a network that is too narrow for what it watches.

mod support;

use std::time::{Duration, Instant};

use rtc_bench_client::Plan;
use rtc_net::{MediaConfig, MediaEvent};
use rtc_protocol::{Codec, Layer, Occupant, Track};

use support::relay::Relay;
use support::{PATIENCE, Person, Stage};

const PUBLISHER: Plan = Plan { microphone: true, camera: true, screen: false, slots: 0, video: None, tcp: false };
const VIEWER: Plan = Plan { microphone: false, camera: false, slots: 1, ..PUBLISHER };

/// Longer than anything lies between two frames.
const QUIET: Duration = Duration::from_secs(1);

/// Whether the newest packets of a camera are of a layer: half a second's worth and nothing else.
fn settled(person: &Person, who: usize, layer: Layer) -> bool {
    let newest = person.heard.iter().rev().filter(|heard| heard.stamp.who == who as u8 && heard.stamp.track == Track::Camera);
    newest.take(45).filter(|heard| heard.stamp.layer == layer && heard.at.elapsed() < Duration::from_secs(2)).count() == 45
}

/// Whether the viewer was told last that its picture is held back.
fn is_paused(stage: &Stage, viewer: usize) -> bool {
    let of_viewer = stage.events.iter().filter_map(|event| match event {
        MediaEvent::Slots { session, changed } if *session == stage.people[viewer].session => Some(changed),
        _ => None,
    });
    let camera = |occupant: &&Occupant| occupant.track.track == Track::Camera;
    of_viewer.flatten().filter_map(|(_, occupant)| occupant.as_ref()).rfind(camera).is_some_and(|last| last.paused)
}

#[test]
fn a_viewer_gets_what_its_network_takes_at_the_time() {
    // The big layer takes about 700 kbit/s, the small one 250, the voice 45.
    let mut relay = Relay::new(4_000_000);
    let config = MediaConfig { shards: 1, bandwidth_estimation: true, advertise: vec![relay.address], ..Stage::config() };
    let mut stage = Stage::with(config);
    relay.start(stage.media.local_addr());
    let (ann, bob) = (stage.enter(0, PUBLISHER), stage.enter(0, VIEWER));
    stage.show(ann, Track::Microphone, Codec::Opus);
    stage.show(ann, Track::Camera, Codec::Vp8);
    stage.hear(bob, ann);
    stage.view(bob, ann, Track::Camera, Layer::Big);
    stage.until("the big layer", |stage| settled(&stage.people[bob], ann, Layer::Big));

    relay.set_rate(500_000);
    stage.until("the small layer", |stage| settled(&stage.people[bob], ann, Layer::Small));
    let since = Instant::now();
    stage.until("two seconds of sound", |stage| stage.people[bob].heard_of(ann, Track::Microphone, since).count() > 100);
    let heard: Vec<_> = stage.people[bob].heard_of(ann, Track::Microphone, since).collect();
    assert!(heard[0].seq.abs_diff(heard[100].seq) <= 105, "sound comes through what is left");

    relay.set_rate(4_000_000);
    // A machine that has other things to do looks like a network that is busy: an estimate dips, and the wait begins anew.
    stage.until_within(8 * PATIENCE, "the big layer again", |stage| settled(&stage.people[bob], ann, Layer::Big));

    // Now not even the small one, and no sound either: nothing is left to estimate by.
    stage.unhear(bob, ann);
    relay.set_rate(60_000);
    stage.until("being told that it is paused", |stage| is_paused(stage, bob));
    stage.until("silence", |stage| stage.people[bob].heard.last().is_some_and(|last| last.at.elapsed() > QUIET));
    relay.set_rate(4_000_000);
    stage.until_within(8 * PATIENCE, "a picture again", |stage| {
        stage.people[bob].heard.last().is_some_and(|last| last.at.elapsed() < QUIET) && !is_paused(stage, bob)
    });
}
