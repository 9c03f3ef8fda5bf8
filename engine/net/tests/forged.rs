//! Members who mean harm and know how: what they send is encrypted as it must be, and only then a lie. Each lie is dropped, or
//! hurts nobody but the liar.

mod support;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use rtc_bench_client::Plan;
use rtc_net::MediaConfig;
use rtc_protocol::{Codec, Layer, Track, TrackState};
use rtc_sfu::Command;

use support::forger::{Forged, Forger};
use support::payload::Stamp;
use support::{Heard, Stage};

const CALL: Plan = Plan { microphone: true, camera: true, screen: false, slots: 2, video: None, tcp: false };
/// What stamps of forgers say who they are: nobody of the stage.
const FORGER: u8 = 200;
/// Of the forger's camera and microphone.
const PICTURE: u32 = 0x0bad_cafe;
const SOUND: u32 = 0x0bad_beef;

/// A member who watches a forger, in a call with somebody honest.
struct Watched {
    stage: Stage,
    honest: usize,
    viewer: usize,
    forger: Forger,
}

impl Watched {
    /// The forger is on another shard than its viewer, and has published.
    fn with(config: MediaConfig) -> Self {
        let mut stage = Stage::with(config);
        let (honest, viewer) = (stage.enter(0, CALL), stage.enter(1, CALL));
        stage.show(honest, Track::Microphone, Codec::Opus);
        stage.show(honest, Track::Camera, Codec::Vp8);
        stage.hear(viewer, honest);
        stage.view(viewer, honest, Track::Camera, Layer::Big);
        stage.until_connected();
        let forger = Forger::enter(&mut stage, 0, CALL);
        let watched = Self { stage, honest, viewer, forger };
        for track in [Track::Microphone, Track::Camera] {
            let source = watched.forger.track(track);
            watched.stage.media.command(Command::Publish { source, state: TrackState::On, small: false });
        }
        let viewer = watched.stage.people[viewer].session;
        let (sound, picture) = (watched.forger.track(Track::Microphone), watched.forger.track(Track::Camera));
        watched.stage.media.command(Command::Hear { viewer, source: sound });
        watched.stage.media.command(Command::View { viewer, source: picture, layer: Layer::Big });
        watched
    }

    fn new() -> Self {
        Self::with(Stage::config())
    }

    /// One packet of the forger's camera, and what it looks like to others.
    fn picture(&mut self, index: u64) -> Vec<u8> {
        let payload = stamp(Track::Camera, index as u32, index.is_multiple_of(20));
        let (pt, mid) = (self.forger.payload_type("VP8"), self.forger.lines.camera.clone().expect("a camera"));
        let clear = self.forger.names(&mid, Some(Layer::Big.rid()));
        self.forger.send(&Forged { payload: &payload, ..Forged::of(clear, pt, PICTURE, index) })
    }

    /// The same of its microphone.
    fn sound(&mut self, index: u64) -> Vec<u8> {
        let payload = stamp(Track::Microphone, index as u32, false);
        let (pt, mid) = (self.forger.payload_type("opus"), self.forger.lines.microphone.clone().expect("a microphone"));
        let clear = self.forger.names(&mid, None);
        self.forger.send(&Forged { payload: &payload, ..Forged::of(clear, pt, SOUND, index) })
    }

    /// What has come of the forger's track.
    fn heard(&self, track: Track) -> Vec<&Heard> {
        let heard = self.stage.people[self.viewer].heard.iter();
        heard.filter(|heard| heard.stamp.who == FORGER && heard.stamp.track == track).collect()
    }

    /// Sends packets of a track until its viewer has one of them: from then on the track flows.
    #[track_caller]
    fn flows(&mut self, track: Track, mut index: u64) -> u64 {
        let since = Instant::now();
        let deadline = since + support::PATIENCE;
        while !self.heard(track).iter().any(|heard| heard.at >= since) {
            assert!(Instant::now() < deadline, "the forger's {track:?} never came\n{:#?}", self.stage.stats());
            match track {
                Track::Microphone => self.sound(index),
                _ => self.picture(index),
            };
            index += 1;
            let shown = Instant::now() + Duration::from_millis(20);
            self.stage.until("a frame later", |_| Instant::now() >= shown);
        }
        index
    }

    /// The honest ones never notice anything.
    #[track_caller]
    fn call_goes_on(&mut self) {
        let since = Instant::now();
        let Self { stage, honest, viewer, .. } = self;
        stage.until("the call goes on", |stage| {
            let count = |track| stage.people[*viewer].heard_of(*honest, track, since).count();
            count(Track::Microphone) > 5 && count(Track::Camera) > 10
        });
        assert!(!stage.was_lost(*honest) && !stage.was_lost(*viewer));
        assert_eq!(stage.stats().counts.panics, 0);
    }
}

fn stamp(track: Track, frame: u32, key: bool) -> Vec<u8> {
    let stamp = Stamp { who: FORGER, track, layer: Layer::Big, frame, packet: 0, key, captured_us: 0 };
    stamp.payload(if track == Track::Microphone { Codec::Opus } else { Codec::Vp8 }, 100)
}

#[test]
fn a_packet_that_is_sent_again_is_not_forwarded_again_also_beyond_the_roll_over() {
    let mut watched = Watched::new();
    for track in [Track::Microphone, Track::Camera] {
        // Its numbers begin near the end of what 16 bits hold (RFC 3711 section 3.3.1).
        let begun = watched.flows(track, 65_400);
        let (mut sent, mut recorded) = (BTreeSet::new(), Vec::new());
        for index in begun..begun + 300 {
            let datagram = if track == Track::Microphone { watched.sound(index) } else { watched.picture(index) };
            watched.forger.send_raw(&datagram);
            sent.insert(index as u32);
            recorded.push(datagram);
            if index.is_multiple_of(10) {
                watched.stage.until("it has come", |stage| {
                    let mut heard = stage.people[watched.viewer].heard.iter();
                    heard.any(|heard| (heard.stamp.who, heard.stamp.track, heard.stamp.frame) == (FORGER, track, index as u32))
                });
            }
        }
        let before = watched.stage.stats().drops.rtp_empty;
        for datagrams in recorded.chunks(20) {
            datagrams.iter().for_each(|datagram| watched.forger.send_raw(datagram));
            watched.stage.go_on();
        }
        let counted = before + recorded.len() as u64;
        watched.stage.until_counted("all of them", |stats| stats.drops.rtp_empty >= counted);
        watched.flows(track, begun + 300);

        let heard: Vec<u32> = watched.heard(track).iter().map(|heard| heard.stamp.frame).collect();
        let once: BTreeSet<u32> = heard.iter().copied().collect();
        assert_eq!(once.len(), heard.len(), "nothing of {track:?} twice");
        assert!(sent.is_subset(&once), "all of {track:?} once");
        let numbers: Vec<u64> = watched.heard(track).iter().map(|heard| heard.seq).collect();
        assert!(numbers.windows(2).all(|pair| pair[1] == pair[0] + 1), "one line of numbers in the slot");
    }
    watched.call_goes_on();
}

#[test]
fn a_change_on_the_way_is_noticed_wherever_it_is() {
    let mut watched = Watched::new();
    let index = watched.flows(Track::Camera, 100);
    let genuine = watched.picture(index);
    let before = watched.stage.stats().drops;
    // A later number, so that it is not a repetition, and one bit of the rest.
    let places = [0, 2, 4, 9, 12, 17, genuine.len() / 2, genuine.len() - 1];
    for at in places {
        let mut changed = genuine.clone();
        changed[3] = changed[3].wrapping_add(1);
        changed[at] ^= 0x20;
        watched.forger.send_raw(&changed);
    }
    watched.stage.until_counted("all of them", |stats| {
        let lost = |drops: &rtc_net::Drops| drops.rtp_empty + drops.rtp_malformed + drops.rtp_sources;
        lost(&stats.drops) >= lost(&before) + places.len() as u64
    });
    watched.flows(Track::Camera, index + 1);
    assert!(watched.heard(Track::Camera).windows(2).all(|pair| pair[1].stamp.frame == pair[0].stamp.frame + 1));
    watched.call_goes_on();
}

#[test]
fn lies_inside_of_the_encryption_give_nothing_and_hurt_nobody() {
    let mut watched = Watched::new();
    let mut index = watched.flows(Track::Camera, 100);
    let (vp8, opus) = (watched.forger.payload_type("VP8"), watched.forger.payload_type("opus"));
    let (rtx, red) = (watched.forger.retransmission_of(vp8), watched.forger.payload_type("red/48000"));
    let lines = watched.forger.lines.clone();
    let camera = watched.forger.names(&lines.camera.expect("a camera"), Some(Layer::Big.rid()));
    let microphone = watched.forger.names(&lines.microphone.expect("a microphone"), None);

    let padded = |count: u8| [&[0x10; 30][..], &[count]].concat();
    let padding = [vec![], padded(0), padded(31), padded(32), padded(255)];
    let forger = &mut watched.forger;
    let mut lie = |flags: u8, pt: u8, ssrc: u32, clear: &[u8], payload: &[u8]| {
        index += 1;
        forger.send(&Forged { flags, payload, ..Forged::of(clear.to_vec(), pt, ssrc, index) });
    };
    for payload in &padding {
        lie(0x30, vp8, PICTURE, &camera, payload);
        lie(0x30, opus, SOUND, &microphone, payload);
        lie(0x30, rtx, PICTURE + 1, &camera, payload);
    }
    // Retransmissions without a number, of nothing, and of numbers that never were.
    for payload in [&[][..], &[1], &[0, 0], &[0xff; 2], &[0xff; 40]] {
        lie(0x10, rtx, PICTURE + 1, &camera, payload);
    }
    // Repetitions of sound whose lengths are lies (RFC 2198).
    for payload in [&[][..], &[0x80 | 111], &[0xff; 4], &[0xff; 100], &[0x80 | 111, 0xff, 0xff, 0xff, 111], &[0]] {
        lie(0x10, red, SOUND, &microphone, payload);
    }
    // Contributing sources, and extensions of every form: with lengths that reach beyond their block, of no form, with two
    // bytes of header, with the numbers that are reserved.
    lie(0x1f, vp8, PICTURE, &[&[7; 60][..], &camera].concat(), &[0x10; 30]);
    for block in [[0x1f, 1, 2, 3], [0xf0, 0, 0, 0], [0, 0, 0, 0], [0x3f, 0, 0, 0xff], [0xff; 4]] {
        for form in [[0xbe, 0xde], [0x10, 0], [0x10, 0x0f], [0, 0]] {
            let clear = [&form[..], &[0, 1], &block].concat();
            lie(0x10, vp8, PICTURE, &clear, &[0x10; 30]);
            lie(0x10, opus, SOUND, &clear, &[0xfc; 30]);
        }
    }
    watched.call_goes_on();
    watched.flows(Track::Camera, index + 1);
    watched.flows(Track::Microphone, index + 1);
    watched.call_goes_on();
}

#[test]
fn sources_of_one_number_at_two_members_are_two_sources() {
    let mut watched = Watched::new();
    let index = watched.flows(Track::Camera, 100);
    // A second forger on the same shard, which has the first one's numbers for all it sends.
    let mut twin = Forger::enter(&mut watched.stage, 0, CALL);
    let source = twin.track(Track::Camera);
    watched.stage.media.command(Command::Publish { source, state: TrackState::On, small: false });
    let viewer = watched.stage.people[watched.viewer].session;
    let honest = watched.stage.track(watched.honest, Track::Camera);
    watched.stage.media.command(Command::Unview { viewer, source: honest });
    watched.stage.media.command(Command::View { viewer, source, layer: Layer::Big });
    let vp8 = twin.payload_type("VP8");
    let clear = twin.names(&twin.lines.camera.clone().expect("a camera"), Some(Layer::Big.rid()));
    let is_twins = |heard: &&Heard| heard.stamp.who == FORGER + 1;
    let mut index = index;
    while watched.stage.people[watched.viewer].heard.iter().filter(is_twins).count() < 20 {
        let (mut stamped, number) = (stamp(Track::Camera, index as u32, index.is_multiple_of(5)), index);
        let who = stamped.len() - 17;
        stamped[who] = FORGER + 1;
        twin.send(&Forged { payload: &stamped, ..Forged::of(clear.clone(), vp8, PICTURE, number) });
        index = watched.flows(Track::Camera, index + 1);
    }
    let slots = |who: u8| {
        let heard = watched.stage.people[watched.viewer].heard.iter();
        heard.filter(|heard| heard.stamp.who == who).map(|heard| (heard.mid.clone(), heard.ssrc)).collect::<BTreeSet<_>>()
    };
    assert!(slots(FORGER).is_disjoint(&slots(FORGER + 1)), "each in a slot of its own");
    assert_eq!(slots(FORGER + 1).len(), 1);
}

#[test]
fn a_member_whose_sources_collide_with_each_other_spoils_its_own_and_no_others() {
    let mut watched = Watched::new();
    let mut index = watched.flows(Track::Camera, 100);
    let (vp8, opus) = (watched.forger.payload_type("VP8"), watched.forger.payload_type("opus"));
    let rtx = watched.forger.retransmission_of(vp8);
    let lines = watched.forger.lines.clone();
    let camera = watched.forger.names(&lines.camera.expect("a camera"), Some(Layer::Big.rid()));
    let small = watched.forger.names(watched.forger.lines.camera.as_deref().expect("a camera"), Some(Layer::Small.rid()));
    let microphone = watched.forger.names(&lines.microphone.expect("a microphone"), None);
    let engines = watched.forger.source_of(watched.forger.lines.slots[0].video.as_deref().expect("a slot"));
    for round in 0..40 {
        // Picture and sound, both layers, a picture and its retransmissions: all of one number. And those of the engine
        // itself, and the two that mean something special.
        for ssrc in [PICTURE, engines, 0, u32::MAX] {
            for (pt, clear) in [(opus, &microphone), (vp8, &camera), (vp8, &small), (rtx, &camera)] {
                index += 1;
                let payload = [&(round as u16).to_be_bytes()[..], &stamp(Track::Camera, 9, true)].concat();
                watched.forger.send(&Forged { payload: &payload, ..Forged::of(clear.clone(), pt, ssrc, index) });
            }
        }
    }
    watched.call_goes_on();
    // Who stops lying is heard again.
    watched.flows(Track::Microphone, index + 1);
    watched.call_goes_on();
}

#[test]
fn a_time_that_jumps_by_half_of_all_there_is_does_not_stop_a_picture() {
    let mut watched = Watched::new();
    let mut index = watched.flows(Track::Camera, 100);
    let vp8 = watched.forger.payload_type("VP8");
    let clear = watched.forger.names(&watched.forger.lines.camera.clone().expect("a camera"), Some(Layer::Big.rid()));
    for jump in [1 << 31, (1 << 31) - 1, u32::MAX - 5_000, 0, 1 << 30, 3 << 30, 7] {
        let mut heard = 0;
        let since = Instant::now();
        let deadline = since + support::PATIENCE;
        while heard < 10 {
            assert!(Instant::now() < deadline, "after a jump to {jump} only {heard} frames came");
            let payload = stamp(Track::Camera, index as u32, index.is_multiple_of(20));
            let time = (index as u32 * 3000).wrapping_add(jump);
            watched.forger.send(&Forged { payload: &payload, time, ..Forged::of(clear.clone(), vp8, PICTURE, index) });
            index += 1;
            let shown = Instant::now() + Duration::from_millis(10);
            watched.stage.until("a frame later", |_| Instant::now() >= shown);
            heard = watched.heard(Track::Camera).iter().filter(|heard| heard.at >= since).count();
        }
    }
    let numbers: Vec<u64> = watched.heard(Track::Camera).iter().map(|heard| heard.seq).collect();
    assert!(numbers.windows(2).all(|pair| pair[1] == pair[0] + 1), "one line of numbers in the slot");
    watched.call_goes_on();
}

#[test]
fn feedback_that_is_a_lie_moves_nobody_elses_stream_and_no_floods() {
    for bandwidth_estimation in [false, true] {
        let mut watched = Watched::with(MediaConfig { bandwidth_estimation, ..Stage::config() });
        let (viewer, honest) = (watched.forger.session, watched.honest);
        let source = watched.stage.track(honest, Track::Camera);
        watched.stage.media.command(Command::View { viewer, source, layer: Layer::Big });
        let slot = watched.forger.lines.slots[0].video.clone().expect("a slot");
        let source = watched.forger.source_of(&slot);
        watched.forger.drain();
        let sent_before = watched.stage.stats().counts.bytes_out;
        let began = Instant::now();
        for round in 0..200u32 {
            for lie in lies_of_feedback(source, round) {
                watched.forger.send_rtcp(&lie);
            }
            let shown = Instant::now() + Duration::from_millis(5);
            watched.stage.until("a while later", |_| Instant::now() >= shown);
            if round.is_multiple_of(20) {
                watched.call_goes_on();
            }
        }
        watched.call_goes_on();
        let big = watched.stage.people[watched.viewer].sees(honest, Track::Camera, Layer::Big, began);
        assert!(big, "the honest viewer has what it had");
        // Media is below 2 Mbit/s altogether. Whatever the forger claims to have room for, nothing near that is sent.
        let sent = watched.stage.stats().counts.bytes_out - sent_before;
        let rate = sent as f64 * 8.0 / began.elapsed().as_secs_f64();
        assert!(rate < 12e6, "{rate} bit/s");
        let asked = watched.stage.people[honest].asked.len() as f64;
        assert!(asked <= 3.0 * began.elapsed().as_secs_f64() + 10.0, "{asked} key frames were asked for");
    }
}

/// Reports of a receiver that are all wrong in one way or the other.
fn lies_of_feedback(source: u32, round: u32) -> Vec<Vec<u8>> {
    let packet = |first: u8, kind: u8, body: &[u32]| {
        let mut packet = vec![0x80 | first, kind];
        packet.extend((body.len() as u16).to_be_bytes());
        packet.extend(body.iter().flat_map(|word| word.to_be_bytes()));
        packet
    };
    let remb = u32::from_be_bytes(*b"REMB");
    let me = 1;
    let mut lies = vec![
        // All was lost, and arrived before it was sent (RFC 3550 section 6.4.2).
        packet(1, 201, &[me, source, 0xff00_0000 | 0x00ff_ffff, u32::MAX - round, u32::MAX, u32::MAX, u32::MAX]),
        // There is room for 2^81 bits a second, and for none.
        packet(15, 206, &[me, 0, remb, 1 << 24 | 0x00ff_ffff, source]),
        packet(15, 206, &[me, 0, remb, 1 << 24, source]),
        // More sources than follow.
        packet(15, 206, &[me, 0, remb, 0xff << 24 | 0x0012_3456]),
        // A key frame, and again and again; of somebody there is not.
        packet(1, 206, &[me, source]),
        packet(1, 206, &[me, 12_345]),
        packet(4, 206, &[me, 0, source, round << 24]),
        // Everything again that ever was sent (RFC 4585 section 6.2.1).
        packet(1, 205, &[me, source, round.wrapping_mul(0x0011_0000) | 0xffff, 0xffff, 0x8000_ffff]),
        // All of 65535 packets came at once; a length that is a lie; chunks of nothing.
        packet(15, 205, &[me, source, (round << 16) | 0xffff, round & 0xff, 0x3fff_2000 | round & 0xfff]),
        packet(15, 205, &[me, source, (round << 16) | 0xffff, 0x7fff_ff00, 0x9fff_9fff, 0xdfff_dfff]),
        packet(15, 205, &[me, source]),
        // A sender's clock that stands still at the end of time, of sources that are the engine's.
        packet(0, 200, &[source, u32::MAX, u32::MAX, u32::MAX, u32::MAX, u32::MAX]),
        packet(31, 203, &[source]),
        packet(0, 204, &[me, 0, round]),
        packet(0, 207, &[me, 0x0400_0002, 0, 0]),
    ];
    // All of them in one.
    lies.push(lies.concat());
    lies
}

#[test]
fn feedback_that_was_recorded_and_is_sent_again_asks_for_no_flood() {
    let mut watched = Watched::new();
    let (viewer, honest) = (watched.forger.session, watched.honest);
    let source = watched.stage.track(honest, Track::Camera);
    watched.stage.media.command(Command::View { viewer, source, layer: Layer::Big });
    let slot = watched.forger.source_of(watched.forger.lines.slots[0].video.as_deref().expect("a slot"));
    let asks: Vec<u8> = [&[0x81, 206, 0, 2][..], &1u32.to_be_bytes(), &slot.to_be_bytes()].concat();
    let before = watched.stage.stats().counts.keyframes_requested;
    let recorded = watched.forger.send_rtcp(&asks);
    watched.stage.until_counted("a key frame", |stats| stats.counts.keyframes_requested > before);
    let began = Instant::now();
    for round in 0..100 {
        for _ in 0..10 {
            watched.forger.send_raw(&recorded);
        }
        let shown = Instant::now() + Duration::from_millis(10);
        watched.stage.until("a while later", |_| Instant::now() >= shown);
        if round % 25 == 0 {
            watched.call_goes_on();
        }
    }
    let asked = watched.stage.stats().counts.keyframes_requested - before;
    let most = began.elapsed().as_secs() * 2 + 4;
    assert!(asked <= most, "{asked} key frames where {most} are the most");
    watched.call_goes_on();
}
