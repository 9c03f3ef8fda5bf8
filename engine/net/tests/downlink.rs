//! A viewer behind a network that is too narrow for what it watches, on sockets: that a shard carries estimates to where they are
//! decided by, and what was decided to the viewer's room. What is decided, and when, is told in the crate's own stories
//! (`src/viewing/narrow.rs`), where no machine is too slow for it.

mod support;

use rtc_bench_client::Plan;
use rtc_net::{MediaConfig, MediaEvent};
use rtc_protocol::{Codec, Layer, Occupant, Track};

use support::Stage;
use support::relay::Relay;

const PUBLISHER: Plan = Plan { microphone: false, camera: true, screen: false, slots: 0, video: None, tcp: false };
const VIEWER: Plan = Plan { camera: false, slots: 1, ..PUBLISHER };

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
fn a_viewer_is_told_when_its_network_takes_no_picture_any_more() {
    let mut relay = Relay::new(4_000_000);
    let config = MediaConfig { shards: 1, bandwidth_estimation: true, advertise: vec![relay.address], ..Stage::config() };
    let mut stage = Stage::with(config);
    relay.start(stage.media.local_addr());
    let (ann, bob) = (stage.enter(0, PUBLISHER), stage.enter(0, VIEWER));
    stage.show(ann, Track::Camera, Codec::Vp8);
    stage.view(bob, ann, Track::Camera, Layer::Big);
    stage.until("a picture", |stage| !stage.people[bob].heard.is_empty() && !is_paused(stage, bob));

    // Less than the small layer has. A machine that is busy only makes it narrower still.
    relay.set_rate(60_000);
    stage.until("being told that it is paused", |stage| is_paused(stage, bob));
}
