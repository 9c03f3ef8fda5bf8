//! Networks that change: TCP, a new port, a lost packet, an ICE restart, a new peer connection, more slots.

mod support;

use std::time::{Duration, Instant};

use rtc_bench_client::Plan;
use rtc_net::{EndReason, MediaConfig, MediaEvent, OfferError};
use rtc_protocol::{Codec, Layer, Track};

use support::{FRAME_PACKETS, Stage};

const CALL: Plan = Plan { microphone: true, camera: true, screen: true, slots: 2, video: None, tcp: false };

/// Two people on different shards, where the second sees and hears the first.
fn call(first: Plan, second: Plan) -> (Stage, usize, usize) {
    let mut stage = Stage::new(2);
    let (ann, bob) = (stage.enter(0, first), stage.enter(1, second));
    stage.show(ann, Track::Microphone, Codec::Opus);
    stage.show(ann, Track::Camera, Codec::Vp8);
    stage.hear(bob, ann);
    stage.view(bob, ann, Track::Camera, Layer::Big);
    (stage, ann, bob)
}

/// Waits until the viewer gets both tracks as they are sent from now on.
#[track_caller]
fn until_flowing(stage: &mut Stage, viewer: usize, whom: usize) {
    let since = Instant::now();
    stage.until("sound and picture", |stage| {
        let count = |track| stage.people[viewer].heard_of(whom, track, since).count();
        count(Track::Microphone) > 10 && count(Track::Camera) > 20
    });
}

#[test]
fn a_publisher_and_a_viewer_who_have_only_tcp_meet() {
    let tcp = Plan { tcp: true, ..CALL };
    let (mut stage, ann, bob) = call(tcp, tcp);
    until_flowing(&mut stage, bob, ann);
    let stats = stage.stats();
    assert_eq!((stats.tcp_connections, stats.counts.udp_batches_out), (2, 0));
}

#[test]
fn a_viewer_whose_port_changes_goes_on_seeing() {
    let (mut stage, ann, bob) = call(CALL, CALL);
    until_flowing(&mut stage, bob, ann);
    let asked = stage.stats().counts.keyframes_requested;
    // Several times, so that the kernel gives him to the one shard and to the other.
    for _ in 0..4 {
        stage.rebind(bob);
        let since = Instant::now();
        stage.until("the picture again", |stage| stage.people[bob].heard_of(ann, Track::Camera, since).count() > 20);
        // The peer connection alone would hold on to the dead path for 15 s.
        assert!(since.elapsed() < Duration::from_secs(14), "{:?}", since.elapsed());
    }
    assert!(stage.people[bob].connected && !stage.people[bob].disconnected);
    // He asks for no key frame himself: the engine does, which knows what he has missed. Not where he was missed for less than
    // what tells a new address from one more.
    let counts = stage.stats().counts;
    assert!((1..=4).contains(&counts.returns), "{counts:?}");
    assert!(counts.keyframes_requested > asked, "{counts:?}");
    assert!(!stage.events.iter().any(|event| matches!(event, MediaEvent::Lost { .. } | MediaEvent::Ended { .. })));
}

#[test]
fn a_publisher_whose_port_changes_goes_on_being_seen() {
    let (mut stage, ann, bob) = call(CALL, CALL);
    until_flowing(&mut stage, bob, ann);
    for _ in 0..4 {
        stage.rebind(ann);
        until_flowing(&mut stage, bob, ann);
    }
    assert!(stage.stats().drops.rtp_unproved > 0, "what came before the new address was proved was dropped");
}

#[test]
fn a_packet_lost_on_the_way_to_a_viewer_is_sent_again() {
    let (mut stage, ann, bob) = call(CALL, CALL);
    until_flowing(&mut stage, bob, ann);
    // Every 10th video packet on its way to bob is lost, for a while.
    let pt = *stage.people[bob].client.payload_type(Codec::Vp8).expect("negotiated");
    let mut count = 0u32;
    let (tell, lost) = std::sync::mpsc::channel();
    stage.people[bob].lose = Box::new(move |datagram| {
        let video = matches!(datagram, [128..=191, kind, ..] if kind & 0x7f == pt);
        count += u32::from(video);
        let lose = video && count.is_multiple_of(10) && count <= 200;
        if lose {
            let _ = tell.send(u16::from_be_bytes([datagram[2], datagram[3]]));
        }
        lose
    });
    let mut gone = Vec::new();
    stage.until("twenty packets were lost, and each has come again", |stage| {
        gone.extend(lost.try_iter());
        let video: Vec<_> = stage.people[bob].heard_of(ann, Track::Camera, Instant::now() - Duration::from_secs(60)).collect();
        gone.len() == 20 && gone.iter().all(|seq| video.iter().any(|heard| heard.seq as u16 == *seq))
    });
}

#[test]
fn an_ice_restart_keeps_the_slots_and_names_the_shard_again() {
    let (mut stage, ann, bob) = call(CALL, CALL);
    until_flowing(&mut stage, bob, ann);
    let before = stage.people[bob].heard.last().map(|heard| (heard.mid.clone(), heard.ssrc)).expect("some");
    for who in [bob, ann] {
        let offer = stage.people[who].client.restart().expect("an offer");
        stage.negotiate(who, offer);
        // The old credentials and the old address no longer count.
        stage.rebind(who);
        until_flowing(&mut stage, bob, ann);
    }
    let same = |heard: &&support::Heard| (&heard.mid, heard.ssrc) == (&before.0, before.1);
    assert!(stage.people[bob].heard.iter().rev().any(|heard| same(&heard)), "the same line and source");
    assert_eq!(stage.stats().sessions, 2);
}

#[test]
fn a_new_peer_connection_takes_up_what_the_session_had_asked_for() {
    let (mut stage, ann, bob) = call(CALL, CALL);
    until_flowing(&mut stage, bob, ann);
    stage.replace(bob, CALL);
    until_flowing(&mut stage, bob, ann);
    stage.replace(ann, CALL);
    until_flowing(&mut stage, bob, ann);
    assert_eq!(stage.stats().sessions, 2, "the old ones are gone");
    assert!(!stage.events.iter().any(|event| matches!(event, MediaEvent::Ended { .. })), "as was asked for");
}

#[test]
fn more_slots_are_usable_at_once_and_the_old_ones_stay() {
    let (mut stage, ann, bob) = call(CALL, Plan { slots: 1, ..CALL });
    until_flowing(&mut stage, bob, ann);
    let first = stage.people[bob].heard_of(ann, Track::Camera, Instant::now() - Duration::from_secs(60)).next();
    let first = first.expect("some").mid.clone();
    let offer = stage.people[bob].client.grow(2).expect("an offer");
    stage.negotiate(bob, offer);
    stage.show(ann, Track::Screen, Codec::Vp8);
    stage.view(bob, ann, Track::Screen, Layer::Big);
    let since = Instant::now();
    stage.until("camera and screen", |stage| {
        let count = |track| stage.people[bob].heard_of(ann, track, since).count();
        count(Track::Screen) > 20 && count(Track::Camera) > 20
    });
    assert!(stage.people[bob].heard_of(ann, Track::Camera, since).all(|heard| heard.mid == first));
}

#[test]
fn a_later_offer_of_a_session_that_is_not_there_is_told_so() {
    let mut stage = Stage::new(2);
    let ann = stage.enter(0, CALL);
    let offer = stage.people[ann].client.restart().expect("an offer");
    let stranger = stage.session(1);
    assert_eq!(stage.offer(stranger, offer), Err(OfferError::NoSession));
}

#[test]
fn a_client_that_hangs_up_is_gone_at_once() {
    let (mut stage, ann, bob) = call(CALL, CALL);
    until_flowing(&mut stage, bob, ann);
    let session = stage.people[bob].session;
    stage.people[bob].client.close().expect("a good-bye");
    stage.until("bob's end is told", |stage| stage.events.contains(&MediaEvent::Ended { session, reason: EndReason::Closed }));
    assert_eq!(stage.stats().sessions, 1);
}

#[test]
fn a_closed_session_does_not_come_back_by_an_offer_that_was_on_its_way() {
    let mut stage = Stage::new(1);
    let session = stage.session(0);
    stage.media.command(rtc_sfu::Command::Close { session });
    let (_, offer) = rtc_bench_client::Client::new(CALL).expect("a client");
    assert_eq!(stage.offer(session, offer), Err(OfferError::NoSession));
    assert_eq!(stage.stats().sessions, 0);
}

#[test]
fn frames_leave_in_batches() {
    let mut stage = Stage::with(MediaConfig { shards: 1, ..Stage::config() });
    let (ann, bob) = (stage.enter(0, CALL), stage.enter(0, CALL));
    stage.show(ann, Track::Camera, Codec::Vp8);
    stage.view(bob, ann, Track::Camera, Layer::Big);
    let start = Instant::now();
    stage.until("some frames", |stage| {
        stage.people[bob].heard_of(ann, Track::Camera, start).count() > 50 * usize::from(FRAME_PACKETS)
    });
    let counts = stage.stats().counts;
    let calls = counts.udp_batches_out as f64 / counts.datagrams_out as f64;
    assert!(calls < 0.8, "{} calls for {} datagrams", counts.udp_batches_out, counts.datagrams_out);
}

#[test]
fn a_client_that_is_not_heard_is_lost_and_comes_back_into_the_same_slots() {
    let (mut stage, ann, bob) = call(CALL, CALL);
    until_flowing(&mut stage, bob, ann);
    let session = stage.people[bob].session;
    let before = stage.people[bob].heard.last().expect("some").ssrc;
    // The network between them is gone in both directions.
    stage.people[bob].away = true;
    stage.until("bob is lost", |stage| stage.events.contains(&MediaEvent::Lost { session }));
    stage.people[bob].away = false;
    let offer = stage.people[bob].client.restart().expect("an offer");
    stage.negotiate(bob, offer);
    stage.until("bob is connected again", |stage| {
        stage.events.iter().filter(|event| **event == MediaEvent::Connected { session }).count() == 2
    });
    until_flowing(&mut stage, bob, ann);
    assert!(stage.people[bob].heard.iter().rev().any(|heard| heard.ssrc == before));
}

#[test]
fn whoever_lands_on_a_foreign_shard_is_served_all_the_same() {
    let mut stage = Stage::new(4);
    // The kernel gives each socket to one of four shards; that all sixteen land where they belong does not happen.
    for i in 0..16 {
        stage.enter(i % 4, Plan { slots: 1, ..CALL });
    }
    stage.until_connected();
    let stats = stage.stats();
    assert!(stats.counts.datagrams_passed > 0);
    assert_eq!((stats.connected, stats.drops.astray, stats.drops.queue_overflow), (16, 0, 0));
}
