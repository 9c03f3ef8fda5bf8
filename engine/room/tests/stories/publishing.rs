//! Tracks start, fall silent and stop.

use rtc_protocol::{Codec, ErrorCode, Publish, Scene, Track, TrackState};
use rtc_room::{FactBody, RoomConfig, RoomRequest};

use crate::sim::*;

#[test]
fn every_change_of_a_track_is_told_to_all_others_once() {
    let mut sim = Sim::live();
    sim.enter("ann");
    sim.enter("bob");
    sim.watch("zoe");
    sim.forget();

    sim.publish("ann", Microphone, On);
    sim.publish("ann", Camera, On);
    sim.publish("ann", Microphone, Muted);
    sim.publish("ann", Microphone, Muted);
    sim.publish("ann", Camera, Off);
    for name in ["bob", "zoe"] {
        sim.expect(
            name,
            &[
                "ann publishes microphone",
                "ann publishes microphone + camera",
                "ann publishes microphone (muted) + camera",
                "ann publishes microphone (muted)",
            ],
        );
    }
    sim.expect_silence();
}

#[test]
fn the_audience_of_a_live_room_publishes_nothing() {
    let mut sim = Sim::live();
    sim.enter("ann");
    sim.watch("zoe");
    assert_eq!(sim.refused("zoe", publish(Microphone, On)), ErrorCode::NoPermissionToPublish);
    assert_eq!(sim.refused("zoe", publish(Camera, Muted)), ErrorCode::NoPermissionToPublish);
    assert_eq!(sim.refused("zoe", publish(Screen, On)), ErrorCode::NoPermissionToShareScreen);
    sim.publish("zoe", Camera, Off);
}

fn small(track: Track, state: TrackState, small: bool) -> RoomRequest {
    RoomRequest::Publish(Publish { track, state, small, codec: None })
}

#[test]
fn only_a_camera_that_is_published_has_a_small_layer() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.forget();
    sim.must("ann", small(Camera, On, true));
    sim.must("ann", small(Microphone, On, false));
    sim.must("ann", small(Camera, On, false));
    sim.must("ann", small(Screen, On, true));
    sim.must("ann", small(Camera, Off, true));
    sim.expect(
        "bob",
        &[
            "ann publishes camera + small",
            "ann publishes microphone + camera + small",
            "ann publishes microphone + camera",
            "ann publishes microphone + camera + screen",
            "ann publishes microphone + screen",
        ],
    );
    sim.expect_media(&[
        "ann publishes Camera On with small",
        "ann publishes Microphone On",
        "bob hears ann",
        "ann publishes Camera On",
        "ann publishes Screen On",
        "ann publishes Camera Off",
    ]);
}

#[test]
fn the_record_knows_when_tracks_start_change_and_stop() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.facts();
    sim.must("ann", RoomRequest::Publish(Publish { track: Camera, state: On, small: true, codec: Some(Codec::Vp8) }));
    sim.must("ann", small(Camera, Muted, true));
    sim.publish("ann", Camera, Off);
    sim.publish("ann", Microphone, On);
    sim.exit("ann");

    let (session, user) = (sim.session("ann"), user("ann"));
    let facts = sim.facts();
    let (codec, track) = (Some(Codec::Vp8), Camera);
    assert_eq!(
        facts[..3],
        [
            FactBody::StreamStarted { session, user: user.clone(), track, state: On, small: true, codec },
            FactBody::StreamChanged { session, user: user.clone(), track, state: Muted, small: true },
            FactBody::StreamStopped { session, user: user.clone(), track, left: false },
        ]
    );
    assert!(facts.contains(&FactBody::StreamStopped { session, user, track: Microphone, left: true }));
}

#[test]
fn several_screens_are_shared_unless_the_engine_is_set_to_one() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.publish("ann", Screen, On);
    sim.publish("bob", Screen, On);

    let mut sim = Sim::new(Scene::VideoCall, RoomConfig { exclusive_screen: true, ..Default::default() });
    sim.enter("ann");
    sim.enter("bob");
    sim.publish("ann", Screen, On);
    assert_eq!(sim.refused("bob", publish(Screen, On)), ErrorCode::ScreenShareOccupied);
    sim.publish("ann", Screen, Muted);
    assert_eq!(sim.refused("bob", publish(Screen, On)), ErrorCode::ScreenShareOccupied);
    sim.publish("bob", Camera, On);
    sim.publish("ann", Screen, Off);
    sim.publish("bob", Screen, On);
}
