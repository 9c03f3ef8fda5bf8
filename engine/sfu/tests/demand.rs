//! Stories of what publishers are told to encode.

mod net;

use net::{Net, big, camera, ms, screen, small};
use rtc_protocol::{EncodeLayers, Layer, Track, TrackState};

fn layers(big: bool, small: bool) -> EncodeLayers {
    EncodeLayers { track: Track::Camera, big, small }
}

#[test]
fn small_is_encoded_only_while_somebody_watches_it() {
    let mut net = Net::new(2);
    let (viewer, anna) = (net.enter(0, 1, 1), net.enter(1, 0, 0));
    net.show(anna);
    net.run(ms(1000));
    let key = (anna, Track::Camera);
    assert_eq!(net.encode[&key], layers(true, false));
    net.view(viewer, camera(anna), Layer::Small);
    assert_eq!(net.encode[&key], layers(true, true));
    net.run(ms(60));
    assert_eq!(net.received.first().expect("a picture").packet.layer, small(camera(anna)));
    net.unview(viewer, camera(anna));
    net.run(ms(2001));
    assert!(!net.encode[&key].small);
}

#[test]
fn who_goes_back_and_forth_between_layers_does_not_stop_the_encoder() {
    let mut net = Net::new(2);
    let (viewer, anna) = (net.enter(0, 1, 1), net.enter(1, 0, 0));
    net.show(anna);
    net.view(viewer, camera(anna), Layer::Small);
    net.run(ms(500));
    let encodes = net.encodes;
    for layer in [Layer::Big, Layer::Small, Layer::Big, Layer::Small] {
        net.view(viewer, camera(anna), layer);
        net.run(ms(1000));
    }
    assert_eq!(net.encodes, encodes);
}

#[test]
fn big_runs_at_first_rests_unwatched_and_comes_back_at_once() {
    let mut net = Net::new(2);
    let (viewer, anna) = (net.enter(0, 1, 1), net.enter(1, 0, 0));
    let key = (anna, Track::Camera);
    net.show(anna);
    net.run(ms(9_900));
    assert_eq!(net.encode[&key], layers(true, false));
    net.run(ms(300));
    assert_eq!(net.encode[&key], layers(false, false));
    net.view(viewer, camera(anna), Layer::Big);
    assert_eq!(net.encode[&key], layers(true, false));
    net.run(ms(60));
    assert!(net.received.first().expect("a picture").packet.keyframe);
    net.unview(viewer, camera(anna));
    net.run(ms(9_900));
    assert_eq!(net.encode[&key], layers(true, false));
    net.run(ms(200));
    assert_eq!(net.encode[&key], layers(false, false));
}

#[test]
fn a_camera_without_a_small_layer_is_never_asked_for_one() {
    let mut net = Net::new(1);
    let (viewer, anna) = (net.enter(0, 1, 1), net.enter(0, 0, 0));
    net.show(anna);
    net.command(rtc_sfu::Command::Publish { source: camera(anna), state: TrackState::On, small: false });
    net.view(viewer, camera(anna), Layer::Small);
    net.run(ms(700));
    assert_eq!(net.encode[&(anna, Track::Camera)], layers(true, false));
    assert_eq!(net.received.first().expect("a picture").packet.layer, big(camera(anna)));
    net.view(viewer, screen(anna), Layer::Small);
    assert!(net.interest.iter().all(|(_, l)| l.source != screen(anna) || l.layer == Layer::Big), "nor is a screen");
}

#[test]
fn a_microphone_is_never_told_what_to_encode() {
    let mut net = Net::new(1);
    let (viewer, anna) = (net.enter(0, 1, 1), net.enter(0, 0, 0));
    net.speak(anna, 20);
    net.hear(viewer, anna);
    net.run(ms(100));
    assert!(net.encode.is_empty() && net.plis.is_empty());
    assert_eq!(net.received.len(), 5);
}

#[test]
fn a_second_viewer_on_the_same_shard_makes_no_new_interest() {
    let mut net = Net::new(2);
    let anna = net.enter(1, 0, 0);
    net.show(anna);
    let viewers: Vec<_> = (0..4).map(|_| net.enter(0, 1, 1)).collect();
    for &v in &viewers {
        net.view(v, camera(anna), Layer::Big);
    }
    assert_eq!(net.interests, 1);
    for &v in &viewers {
        net.unview(v, camera(anna));
    }
    assert_eq!(net.interests, 2);
    assert_eq!(net.shards[1].interested_shards(&big(camera(anna))), rtc_sfu::ShardSet::EMPTY);
}
