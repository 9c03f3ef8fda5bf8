//! Calls that go well: people on different shards see and hear each other.

mod support;

use std::time::Instant;

use rtc_bench_client::Plan;
use rtc_net::{MediaConfig, MediaEvent};
use rtc_protocol::{Codec, Layer, Track, TrackState};

use support::{FRAME_PACKETS, Stage};

const CALL: Plan = Plan { microphone: true, camera: true, screen: true, slots: 4, video: None, tcp: false };

#[test]
fn two_people_on_different_shards_see_and_hear_each_other() {
    let mut stage = Stage::new(2);
    let (ann, bob) = (stage.enter(0, CALL), stage.enter(1, CALL));
    for who in [ann, bob] {
        stage.show(who, Track::Microphone, Codec::Opus);
        stage.show(who, Track::Camera, Codec::Vp8);
    }
    for (viewer, whom) in [(ann, bob), (bob, ann)] {
        stage.hear(viewer, whom);
        stage.view(viewer, whom, Track::Camera, Layer::Big);
    }
    let start = Instant::now();
    stage.until("both are seen and heard", |stage| {
        [(ann, bob), (bob, ann)].iter().all(|(viewer, whom)| {
            let count = |track| stage.people[*viewer].heard_of(*whom, track, start).count();
            count(Track::Microphone) > 20 && count(Track::Camera) > 60
        })
    });
    for (viewer, whom) in [(ann, bob), (bob, ann)] {
        let person = &stage.people[viewer];
        let video: Vec<_> = person.heard_of(whom, Track::Camera, start).collect();
        assert!(video[0].stamp.key && video[0].stamp.packet == 0, "the first packet begins a key frame");
        assert!(video.iter().all(|heard| heard.stamp.layer == Layer::Big));
        for pair in video.windows(2) {
            assert_eq!(pair[1].seq, pair[0].seq + 1, "numbered without a gap");
            let captured = (pair[1].stamp.captured_us - pair[0].stamp.captured_us) as i64 * 90 / 1000;
            let step = i64::from(pair[1].time.wrapping_sub(pair[0].time));
            assert!((step - captured).abs() <= 1, "time goes as it went at the source: {step} for {captured}");
        }
        let audio: Vec<_> = person.heard_of(whom, Track::Microphone, start).collect();
        assert!(audio.iter().all(|heard| heard.level == Some(-30)), "levels reach the viewer");
        // The camera's sound is in the slot beside it.
        let lines = person.client.lines();
        let pair = lines.slots.iter().find(|pair| pair.video.as_deref() == Some(&*video[0].mid)).expect("a slot");
        assert_eq!(pair.audio.as_deref(), Some(&*audio.last().expect("some").mid));
        assert!(person.heard.iter().all(|heard| usize::from(heard.stamp.who) == whom), "nothing else arrived");
    }
    let stats = stage.stats();
    assert!(stats.counts.packets_crossed > 0, "the two are on different shards");
    assert_eq!(stats.connected, 2);
}

#[test]
fn every_codec_passes_under_the_viewers_own_payload_type() {
    for codec in [Codec::Vp8, Codec::H264, Codec::Vp9, Codec::Av1] {
        let mut stage = Stage::new(2);
        let (ann, bob) = (stage.enter(0, CALL), stage.enter(1, CALL));
        stage.show(ann, Track::Screen, codec);
        stage.view(bob, ann, Track::Screen, Layer::Big);
        let start = Instant::now();
        stage.until("the screen is seen", |stage| {
            stage.people[bob].heard_of(ann, Track::Screen, start).count() >= 5 * usize::from(FRAME_PACKETS)
        });
        let wanted = stage.people[bob].client.payload_type(codec).expect("negotiated");
        assert!(stage.people[bob].heard.iter().all(|heard| heard.pt == *wanted), "{codec:?}");
        assert!(stage.people[bob].heard[0].stamp.key, "{codec:?} begins with a key frame");
    }
}

#[test]
fn a_viewer_without_the_codec_gets_nothing_and_the_engine_counts_it() {
    let mut stage = Stage::new(1);
    let ann = stage.enter(0, CALL);
    let bob = stage.enter(0, Plan { video: Some(Codec::Vp8), ..CALL });
    stage.show(ann, Track::Camera, Codec::Vp9);
    stage.show(ann, Track::Microphone, Codec::Opus);
    stage.view(bob, ann, Track::Camera, Layer::Big);
    stage.hear(bob, ann);
    stage.until_counted("packets that bob cannot decode", |stats| stats.drops.codec_mismatch > 10);
    let start = Instant::now();
    stage.until("bob hears", |stage| stage.people[bob].sees(ann, Track::Microphone, Layer::Big, start));
    assert_eq!(stage.people[bob].heard_of(ann, Track::Camera, start).count(), 0);
}

#[test]
fn a_viewer_changes_layers_and_people_without_a_gap_or_a_new_source() {
    let mut stage = Stage::new(2);
    let (ann, bob, cat) = (stage.enter(0, CALL), stage.enter(1, CALL), stage.enter(0, CALL));
    stage.show(ann, Track::Camera, Codec::Vp8);
    stage.show(cat, Track::Camera, Codec::H264);

    let mut since = Instant::now();
    stage.view(bob, ann, Track::Camera, Layer::Big);
    stage.until("the big layer", |stage| stage.people[bob].sees(ann, Track::Camera, Layer::Big, since));
    since = Instant::now();
    stage.view(bob, ann, Track::Camera, Layer::Small);
    stage.until("the small layer", |stage| stage.people[bob].sees(ann, Track::Camera, Layer::Small, since));
    since = Instant::now();
    stage.view(bob, ann, Track::Camera, Layer::Big);
    stage.until("the big layer again", |stage| stage.people[bob].sees(ann, Track::Camera, Layer::Big, since));
    since = Instant::now();
    stage.unview(bob, ann, Track::Camera);
    stage.view(bob, cat, Track::Camera, Layer::Small);
    stage.until("somebody else", |stage| stage.people[bob].sees(cat, Track::Camera, Layer::Small, since));

    let heard = &stage.people[bob].heard;
    assert!(heard.iter().all(|h| (&h.mid, h.ssrc) == (&heard[0].mid, heard[0].ssrc)), "one slot, one source");
    for pair in heard.windows(2) {
        assert_eq!(pair[1].seq, pair[0].seq + 1, "numbered without a gap");
        let (before, after) = (pair[0].stamp, pair[1].stamp);
        if (before.who, before.layer) != (after.who, after.layer) {
            assert!(after.key && after.packet == 0, "switched at a key frame");
            // As it went at the sources, which may have waited for each other.
            let apart = after.captured_us as i64 - before.captured_us as i64;
            let step = i64::from(pair[1].time.wrapping_sub(pair[0].time).cast_signed());
            assert!(step > 0 && step <= apart * 90 / 1000 + 90_000, "time goes on: {step} in {apart} us");
        }
    }
}

#[test]
fn a_small_layer_that_stops_is_replaced_by_the_big_one() {
    let mut stage = Stage::new(2);
    let (ann, bob) = (stage.enter(0, CALL), stage.enter(1, CALL));
    stage.show(ann, Track::Camera, Codec::Vp8);
    let start = Instant::now();
    stage.view(bob, ann, Track::Camera, Layer::Small);
    stage.until("the small layer", |stage| stage.people[bob].sees(ann, Track::Camera, Layer::Small, start));
    stage.darken(ann, Track::Camera, Layer::Small);
    let since = Instant::now();
    stage.until("the big layer instead", |stage| stage.people[bob].sees(ann, Track::Camera, Layer::Big, since));
}

#[test]
fn a_viewer_who_wants_a_key_frame_gets_one() {
    let mut stage = Stage::new(2);
    let (ann, bob) = (stage.enter(0, CALL), stage.enter(1, CALL));
    stage.show(ann, Track::Camera, Codec::Vp8);
    let mut since = Instant::now();
    stage.view(bob, ann, Track::Camera, Layer::Big);
    stage.until("the camera", |stage| stage.people[bob].heard_of(ann, Track::Camera, since).any(|h| !h.stamp.key));
    let asked = stage.people[ann].asked.len();
    since = Instant::now();
    let mid = stage.people[bob].heard[0].mid.clone();
    stage.people[bob].client.want_keyframe(&mid);
    stage.until("a key frame", |stage| stage.people[bob].heard_of(ann, Track::Camera, since).any(|h| h.stamp.key));
    assert!(stage.people[ann].asked.len() > asked, "the publisher was asked");
}

#[test]
fn slots_are_told_and_emptied_when_nobody_is_in_them() {
    let mut stage = Stage::new(2);
    let (ann, bob) = (stage.enter(0, CALL), stage.enter(1, CALL));
    stage.show(ann, Track::Camera, Codec::Vp8);
    stage.show(ann, Track::Microphone, Codec::Opus);
    stage.view(bob, ann, Track::Camera, Layer::Big);
    stage.hear(bob, ann);
    let (camera, microphone) = (stage.track(ann, Track::Camera), stage.track(ann, Track::Microphone));
    let start = Instant::now();
    stage.until("the slot that was told carries the camera", |stage| {
        let slot = stage.slot_of(bob, camera);
        slot.is_some() && stage.people[bob].heard_of(ann, Track::Camera, start).any(|h| Some(&h.mid) == slot.as_ref())
    });

    stage.unview(bob, ann, Track::Camera);
    stage.until("the camera's slot is empty", |stage| stage.slot_of(bob, camera).is_none());
    let quiet = Instant::now();
    stage.until("sound goes on", |stage| stage.people[bob].heard_of(ann, Track::Microphone, quiet).count() > 10);
    // What was on its way may have come later.
    let late = stage.people[bob].heard_of(ann, Track::Camera, quiet).filter(|heard| heard.captured() > quiet).count();
    assert_eq!(late, 0, "packets that were sent after the slot was emptied");

    // A room ends what was heard of a track that stops.
    stage.publish(ann, Track::Microphone, TrackState::Off);
    stage.unhear(bob, ann);
    stage.until("the microphone's slot is empty", |stage| stage.slot_of(bob, microphone).is_none());
}

#[test]
fn a_publisher_is_told_what_to_encode() {
    let mut stage = Stage::new(2);
    let (ann, bob) = (stage.enter(0, CALL), stage.enter(1, CALL));
    let ann_session = stage.people[ann].session;
    let small = move |stage: &Stage| {
        let told = stage.events.iter().rev().find_map(|event| match event {
            MediaEvent::Encode { session, layers } if *session == ann_session => Some(layers.small),
            _ => None,
        });
        told.unwrap_or(false)
    };
    stage.show(ann, Track::Camera, Codec::Vp8);
    let start = Instant::now();
    stage.view(bob, ann, Track::Camera, Layer::Big);
    stage.until("the big layer", |stage| stage.people[bob].sees(ann, Track::Camera, Layer::Big, start));
    assert!(!small(&stage), "nobody asked for the small layer");
    stage.view(bob, ann, Track::Camera, Layer::Small);
    stage.until("ann is told to encode the small layer", small);
}

#[test]
fn a_muted_microphone_stays_in_its_slot_and_a_closed_session_leaves_all() {
    let mut stage = Stage::new(2);
    let (ann, bob) = (stage.enter(0, CALL), stage.enter(1, CALL));
    stage.show(ann, Track::Microphone, Codec::Opus);
    stage.hear(bob, ann);
    let microphone = stage.track(ann, Track::Microphone);
    stage.until("ann has a slot", |stage| stage.slot_of(bob, microphone).is_some());
    stage.publish(ann, Track::Microphone, TrackState::Muted);
    let since = Instant::now();
    stage.until("sound passes", |stage| stage.people[bob].sees(ann, Track::Microphone, Layer::Big, since));
    assert!(stage.slot_of(bob, microphone).is_some());

    let session = stage.people[ann].session;
    stage.unhear(bob, ann);
    stage.media.command(rtc_sfu::Command::Close { session });
    stage.until("ann's slot is empty", |stage| stage.slot_of(bob, microphone).is_none());
    stage.until_counted("one session is left", |stats| stats.sessions == 1);
}

#[test]
fn sound_and_picture_of_a_pair_stay_together_through_switches() {
    let mut stage = Stage::new(2);
    let (ann, bob, cat) = (stage.enter(0, CALL), stage.enter(1, CALL), stage.enter(1, CALL));
    for who in [ann, cat] {
        stage.show(who, Track::Microphone, Codec::Opus);
        stage.show(who, Track::Camera, Codec::Vp8);
        stage.hear(bob, who);
    }
    for round in 0..3 {
        let (whom, other) = if round % 2 == 0 { (ann, cat) } else { (cat, ann) };
        stage.unview(bob, other, Track::Camera);
        stage.view(bob, whom, Track::Camera, Layer::Big);
        let since = Instant::now();
        // Three seconds give each line two reports of the engine after the publisher's own have come.
        stage.until("sound and picture with reports", |stage| {
            let count = |track| stage.people[bob].heard_of(whom, track, since).filter(|h| h.wall.is_some()).count();
            count(Track::Microphone) > 150 && count(Track::Camera) > 250
        });
        // How far the reports' time is from the capture, for the latest packet of each line. A report that was written while
        // the machine stood still is off by as much; those that follow are not.
        stage.until(&format!("sound and picture less than 25 ms apart after {round} switches"), |stage| {
            let late = |track| {
                let last = stage.people[bob].heard_of(whom, track, since).last().expect("some");
                let wall = last.wall.expect("a report").duration_since(std::time::UNIX_EPOCH).expect("after 1970");
                wall.as_micros() as i128 - i128::from(last.stamp.captured_us)
            };
            (late(Track::Microphone) - late(Track::Camera)).abs() < 25_000
        });
    }
}

#[test]
fn with_bandwidth_estimation_everything_arrives_too_and_viewers_report() {
    let arrived = |bandwidth_estimation| {
        let mut stage = Stage::with(MediaConfig { shards: 1, bandwidth_estimation, ..Stage::config() });
        let (ann, bob) = (stage.enter(0, CALL), stage.enter(0, Plan { microphone: false, camera: false, ..CALL }));
        stage.show(ann, Track::Camera, Codec::Vp8);
        stage.show(ann, Track::Microphone, Codec::Opus);
        stage.view(bob, ann, Track::Camera, Layer::Big);
        stage.hear(bob, ann);
        let start = Instant::now();
        stage.until("five seconds' worth", |stage| {
            let count = |track| stage.people[bob].heard_of(ann, track, start).count();
            count(Track::Camera) > 450 && count(Track::Microphone) > 200
        });
        let stats = stage.stats();
        assert_eq!(stats.drops.congested, 0);
        // What did not come from ann is bob's: so many a second.
        (stats.counts.datagrams_in - stats.counts.packets_in) as f64 / start.elapsed().as_secs_f64()
    };
    let (silent, reporting) = (arrived(false), arrived(true));
    assert!(reporting > silent + 5.0, "{reporting} datagrams of the viewer a second with reports, {silent} without");
}
