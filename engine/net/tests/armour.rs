//! Bad input in quantity, and many at once: a call that goes on meanwhile gets its packets all the same. Nothing here looks at
//! how long they take; `bench/run armour` does.

mod support;

use std::net::UdpSocket;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Instant;

use rtc_bench_client::Plan;
use rtc_net::MediaConfig;
use rtc_protocol::{Codec, Layer, Track, TrackState};

use support::Stage;

const CALL: Plan = Plan { microphone: true, camera: true, screen: false, slots: 2, video: None, tcp: false };
const VIEWER: Plan = Plan { microphone: false, camera: false, screen: false, slots: 8, video: None, tcp: false };

/// A call of two on different shards.
fn bystanders(stage: &mut Stage) -> (usize, usize) {
    let (ann, bob) = (stage.enter(0, CALL), stage.enter(1, CALL));
    stage.show(ann, Track::Microphone, Codec::Opus);
    stage.show(ann, Track::Camera, Codec::Vp8);
    stage.hear(bob, ann);
    stage.view(bob, ann, Track::Camera, Layer::Big);
    flows(stage, ann, bob, 10);
    (ann, bob)
}

/// Waits until so many frames' worth of packets came, and sees that none of the voice is missing.
#[track_caller]
fn flows(stage: &mut Stage, ann: usize, bob: usize, frames: usize) {
    let since = Instant::now();
    stage.until("the call goes on", |stage| {
        let count = |track| stage.people[bob].heard_of(ann, track, since).count();
        count(Track::Microphone) > frames && count(Track::Camera) > frames * usize::from(support::FRAME_PACKETS)
    });
    assert!(!stage.was_lost(ann) && !stage.was_lost(bob));
    assert_eq!(stage.stats().counts.panics, 0);
}

#[test]
fn a_publisher_that_sends_far_more_than_it_may_is_cut_down_and_nobody_else_is() {
    let config = MediaConfig { publisher_bits: 2_000_000, ..Stage::config() };
    let mut stage = Stage::with(config);
    let (ann, bob) = bystanders(&mut stage);
    let greedy = stage.enter(0, CALL);
    stage.until_connected();
    assert_eq!(stage.stats().drops.rtp_allowance, 0, "who sends what is usual is within it");
    let mut rtp = vec![0x5a; 1200];
    rtp[..12].copy_from_slice(&[0x80, 96, 0, 1, 0, 0, 0, 0, 7, 7, 7, 7]);
    stage.people[greedy].noise = vec![rtp; 40];
    stage.until_counted("a flood", |stats| stats.drops.rtp_allowance > 500);
    flows(&mut stage, ann, bob, 30);

    stage.people[greedy].noise.clear();
    stage.show(greedy, Track::Microphone, Codec::Opus);
    stage.hear(bob, greedy);
    let since = Instant::now();
    stage.until("it is heard when it sends less", |stage| {
        stage.people[bob].heard_of(greedy, Track::Microphone, since).count() > 10
    });
}

#[test]
fn viewers_that_acknowledge_nothing_hold_nobody_up() {
    let config = MediaConfig { bandwidth_estimation: true, ..Stage::config() };
    let mut stage = Stage::with(config);
    let (ann, bob) = bystanders(&mut stage);
    let deaf: Vec<_> = (0..10).map(|n| stage.enter(n % 2, VIEWER)).collect();
    stage.until_connected();
    for &who in &deaf {
        stage.view(who, ann, Track::Camera, Layer::Big);
        stage.hear(who, ann);
    }
    let since = Instant::now();
    stage.until("they see", |stage| deaf.iter().all(|who| stage.people[*who].sees(ann, Track::Camera, Layer::Big, since)));
    for &who in &deaf {
        stage.people[who].away = true;
    }
    flows(&mut stage, ann, bob, 100);
}

#[test]
fn random_datagrams_in_quantity_are_dropped_and_the_call_goes_on() {
    let mut stage = Stage::new(2);
    let (ann, bob) = bystanders(&mut stage);
    let before = stage.stats();
    let to = stage.media.local_addr();
    let (stop, sent) = (AtomicBool::new(false), AtomicU64::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            let socket = UdpSocket::bind("127.0.0.1:0").expect("loopback");
            let mut state = 1_u64;
            while !stop.load(Ordering::Relaxed) {
                let datagram: [u8; 200] = std::array::from_fn(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    (state >> 56) as u8
                });
                // A full socket buffer loses it, as networks do.
                sent.fetch_add(u64::from(socket.send_to(&datagram, to).is_ok()), Ordering::Relaxed);
                if sent.load(Ordering::Relaxed).is_multiple_of(20) {
                    thread::yield_now();
                }
            }
        });
        // Whatever fails below, the other thread ends.
        struct Stop<'a>(&'a AtomicBool);
        impl Drop for Stop<'_> {
            fn drop(&mut self) {
                self.0.store(true, Ordering::Relaxed);
            }
        }
        let _stop = Stop(&stop);
        flows(&mut stage, ann, bob, 30);
        stage.until("there are many", |_| sent.load(Ordering::Relaxed) > 10_000);
    });
    let after = stage.stats();
    let dropped = after.drops.rtp_unproved - before.drops.rtp_unproved;
    assert!(dropped > 100, "{dropped}");
    let begins_like_nothing = after.drops.unknown_protocol - before.drops.unknown_protocol;
    assert!(cfg!(not(target_os = "linux")) || begins_like_nothing == 0, "the kernel dropped those: {begins_like_nothing}");
    flows(&mut stage, ann, bob, 10);
}

#[test]
fn a_crowd_that_enters_at_once_gets_in_and_the_call_goes_on() {
    let mut stage = Stage::new(2);
    let (ann, bob) = bystanders(&mut stage);
    let crowd: Vec<_> = (0..60).map(|n| stage.enter(n % 2, VIEWER)).collect();
    stage.until_connected();
    for &who in &crowd {
        stage.hear(who, ann);
    }
    let since = Instant::now();
    stage.until("they all hear", |stage| {
        crowd.iter().all(|who| stage.people[*who].heard_of(ann, Track::Microphone, since).next().is_some())
    });
    flows(&mut stage, ann, bob, 20);
    assert_eq!(stage.stats().drops.handshakes_waiting, 0);
}

#[test]
fn a_viewer_grows_to_forty_nine_pictures_and_back() {
    let mut stage = Stage::new(2);
    let viewer = stage.enter(0, VIEWER);
    let plan = Plan { camera: true, ..Plan::default() };
    let people: Vec<_> = (0..49).map(|n| stage.enter(n % 2, plan)).collect();
    stage.until_connected();
    let mut pairs = 8;
    for (n, &who) in people.iter().enumerate() {
        // Some show a picture; a line for each is what this is about.
        if n % 12 == 0 {
            stage.show(who, Track::Camera, Codec::Vp8);
        } else {
            stage.publish(who, Track::Camera, TrackState::On);
        }
        if n == pairs {
            let more = pairs.min(49 - pairs);
            pairs += more;
            let offer = stage.people[viewer].client.grow(more as u16).expect("an offer");
            stage.negotiate(viewer, offer);
        }
        stage.view(viewer, who, Track::Camera, Layer::Big);
    }
    stage.until("each has a line", |stage| {
        people.iter().all(|who| stage.slot_of(viewer, stage.track(*who, Track::Camera)).is_some())
    });
    let since = Instant::now();
    stage.until("pictures are seen", |stage| {
        people.iter().step_by(12).all(|who| stage.people[viewer].sees(*who, Track::Camera, Layer::Big, since))
    });
    for &who in &people[..48] {
        stage.unview(viewer, who, Track::Camera);
    }
    stage.until("their lines are empty", |stage| {
        people[..48].iter().all(|who| stage.slot_of(viewer, stage.track(*who, Track::Camera)).is_none())
    });
    let since = Instant::now();
    stage.until("who is left is still seen", |stage| stage.people[viewer].sees(people[48], Track::Camera, Layer::Big, since));
}
