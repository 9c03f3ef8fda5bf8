//! Pictures through networks that lose, delay and narrow what goes either way.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rtc_impairment::{Bursts, Jitter, Loss, Profile, Rate};
use rtc_protocol::{Layer, PushBody, Track, TrackState};
use rtc_session::{Codec, Command, Event, Outgoing};
use rtc_video::codec::{CodecError, Codecs, EncodedFrame, EncoderSettings, Software, VideoCodec, VideoDecoder, VideoEncoder};
use rtc_video::frame::{Frame, Pool, Size};
use rtc_video::rtp::assembler::Packet;
use rtc_video::rtp::{self, MAX_PAYLOAD, Packetizer, Payload};
use rtc_video::viewer::Viewer;

use crate::engine::user;
use crate::world::World;

const INTERVAL: Duration = Duration::from_micros(66_667);
const STEP: Duration = Duration::from_millis(5);
/// A key frame costs as much as so many others.
const KEY_COSTS: usize = 6;
/// Of what the network takes, what sound and headers need.
const BESIDE: u64 = 60_000;

/// Writes pictures as an encoder does that keeps to its bits: a key frame is paid back by those after it.
struct Source {
    packetizer: Packetizer,
    kbps: u64,
    debt: usize,
    number: u64,
    needs_key: bool,
    keys: u32,
}

impl Source {
    fn new(kbps: u64) -> Self {
        Self { packetizer: Packetizer::new(MAX_PAYLOAD, 7), kbps, debt: 0, number: 0, needs_key: true, keys: 0 }
    }

    fn picture(&mut self, kbps: u64) -> (u32, Vec<Payload>) {
        let mean = (kbps * 1000 / 8 / 15) as usize;
        let key = std::mem::take(&mut self.needs_key);
        self.keys += u32::from(key);
        let bytes = if key { mean * KEY_COSTS } else { (mean - mean.min(self.debt / 15)).max(mean / 3) }.max(60);
        self.debt = (self.debt + bytes).saturating_sub(mean);
        self.number += 1;
        let mut data = vec![u8::from(!key), 0, 0, 0x9d, 0x01, 0x2a, 16, 0, 16, 0];
        data.resize(bytes, 0);
        let time_us = self.number * INTERVAL.as_micros() as u64;
        let frame = EncodedFrame { codec: VideoCodec::Vp8, data: data.into(), key, time_us };
        (rtp::time(time_us), self.packetizer.packetize(&frame))
    }
}

/// Takes every whole picture for a good one.
struct Blank(Pool);

impl Codecs for Blank {
    fn encoder(&self, codec: VideoCodec, settings: EncoderSettings) -> Result<Box<dyn VideoEncoder>, CodecError> {
        Software.encoder(codec, settings)
    }

    fn decoder(&self, _: VideoCodec, pool: &Pool) -> Result<Box<dyn VideoDecoder>, CodecError> {
        Ok(Box::new(Self(pool.clone())))
    }
}

impl VideoDecoder for Blank {
    fn codec(&self) -> VideoCodec {
        VideoCodec::Vp8
    }

    fn decode(&mut self, frame: &EncodedFrame) -> Result<Option<Frame>, CodecError> {
        let mut canvas = self.0.canvas(Size::new(16, 16)?);
        canvas.time_us = frame.time_us;
        Ok(Some(canvas.into_frame()))
    }
}

/// Who watches.
struct Eye {
    viewer: Viewer,
    asked: Option<Instant>,
    shown: Vec<(Instant, u64)>,
}

impl Eye {
    fn new() -> Self {
        let pool = Pool::default();
        let viewer = Viewer::new(Duration::from_millis(150), Arc::new(Blank(pool.clone())), &pool);
        Self { viewer, asked: None, shown: Vec::new() }
    }

    /// Says whether a key frame has to be asked for.
    fn look(&mut self, packets: impl Iterator<Item = Packet>, now: Instant) -> bool {
        packets.for_each(|packet| self.viewer.handle_packet(packet, now));
        self.viewer.handle_timeout(now);
        let frame = self.viewer.poll_frame(now);
        self.shown.extend(frame.map(|frame| (now, frame.time_us)));
        let may_ask = self.asked.is_none_or(|at| now - at >= Duration::from_millis(300));
        let asks = may_ask && self.viewer.keyframe_wanted(now);
        if asks {
            self.asked = Some(now);
        }
        asks
    }
}

#[derive(Debug)]
struct Seen {
    per_second: f64,
    longest: Duration,
    keys: u32,
    sent_kilobits: u64,
    /// What the encoder was given on average.
    kilobits: u64,
}

const BEFORE: Duration = Duration::from_secs(10);
const MEASURED: Duration = Duration::from_secs(40);

fn seen(eye: &Eye, source: &Source, from: Instant, until: Instant, bytes: u64, kilobits: u64) -> Seen {
    let shown: Vec<Instant> = eye.shown.iter().map(|(at, _)| *at).filter(|at| *at >= from).collect();
    let edges: Vec<Instant> = [from].into_iter().chain(shown.iter().copied()).chain([until]).collect();
    let longest = edges.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or_default();
    let seconds = (until - from).as_secs_f64();
    let sent_kilobits = (bytes as f64 * 8.0 / 1000.0 / seconds) as u64;
    Seen { per_second: shown.len() as f64 / seconds, longest, keys: source.keys, sent_kilobits, kilobits }
}

/// What somebody behind the engine sees of a picture the client sends.
fn up(kbps: u64, up: Profile, down: Profile) -> Seen {
    let (mut world, mut source, mut eye) = (World::inside(), Source::new(kbps), Eye::new());
    world.does(Command::WantUplink { bits_per_second: (kbps * 1000 + BESIDE) * 3 / 2 });
    world.pass(Duration::from_secs(2));
    world.network(up, down);
    let (start, mut due, mut seq) = (world.now, world.now, 0);
    let (mut from, mut bytes, mut told) = (None, 0, 0);
    let (mut sounds, mut sound_due) = (0, world.now);
    let mut budget = kbps;
    let mut budgets = Vec::new();
    while world.now < start + BEFORE + MEASURED {
        if world.now >= start + BEFORE && from.is_none() {
            from = Some(world.now);
            bytes = world.bytes().0;
        }
        for event in &world.told[told..] {
            match event {
                Event::KeyframeWanted { .. } => source.needs_key = true,
                Event::UplinkBandwidth { bits_per_second } => {
                    budget = (bits_per_second.saturating_sub(BESIDE.min(bits_per_second / 4)) / 1000).clamp(20, source.kbps);
                }
                _ => {}
            }
        }
        told = world.told.len();
        if world.now >= due {
            due += INTERVAL;
            budgets.push(budget);
            let (time, payloads) = source.picture(budget);
            for Payload { data, marker } in payloads {
                seq += 1;
                let (track, layer, codec) = (Track::Camera, Layer::Big, Codec::Vp8);
                world.sends(&Outgoing { track, layer, codec, seq, time, marker, level: None, payload: data });
            }
        }
        if world.now >= sound_due {
            sound_due += Duration::from_millis(20);
            sounds += 1;
            let (track, layer, codec, payload) = (Track::Microphone, Layer::Big, Codec::Opus, [0xfc; 80].as_slice().into());
            let time = sounds as u32 * 960;
            world.sends(&Outgoing { track, layer, codec, seq: sounds, time, marker: false, level: Some(30), payload });
        }
        world.pass(STEP);
        let came = std::mem::take(&mut world.engine.came);
        let packets = came.into_iter().filter(|packet| !packet.payload.is_empty());
        let packets = packets.map(|packet| Packet {
            seq: *packet.seq_no,
            time: packet.header.timestamp,
            marker: packet.header.marker,
            codec: VideoCodec::Vp8,
            payload: packet.payload,
        });
        if eye.look(packets, world.now) {
            world.engine.wants_key();
        }
    }
    let budget = budgets.iter().sum::<u64>() / budgets.len() as u64;
    seen(&eye, &source, from.expect("measured"), world.now, world.bytes().0 - bytes, budget)
}

/// What the client sees of a picture the engine sends, with sound beside it, over a network that is good for the first second.
fn down(kbps: u64, up: Profile, down: Profile) -> Seen {
    let (mut world, mut source, mut eye) = (World::inside(), Source::new(kbps), Eye::new());
    world.engine.enters("ann", TrackState::On);
    let slots = [Track::Camera, Track::Microphone].map(|track| world.engine.binding("ann", track)).to_vec();
    world.engine.push(PushBody::Slots { slots });
    let only_far = |profile: Profile| Profile { delay: profile.delay, ..Profile::default() };
    world.network(only_far(up), only_far(down));
    world.pass(Duration::from_secs(2));
    let (start, mut due, mut seq, mut sound_due) = (world.now, world.now, 0, world.now);
    let mut network = Some((up, down));
    let (mut from, mut bytes, mut told) = (None, 0, 0);
    while world.now < start + BEFORE + MEASURED {
        if world.now >= start + BEFORE && from.is_none() {
            from = Some(world.now);
            bytes = world.bytes().1;
        }
        if let Some((up, down)) = network.take_if(|_| world.now >= start + Duration::from_secs(1)) {
            world.network(up, down);
        }
        source.needs_key |= world.engine.is_key_wanted();
        if world.now >= sound_due {
            sound_due += Duration::from_millis(20);
            world.engine.sends_sound(world.now, &[0xfc; 80]);
        }
        if world.now >= due {
            due += INTERVAL;
            let (time, payloads) = source.picture(kbps);
            for payload in payloads {
                seq += 1;
                world.engine.sends_picture(world.now, seq, time, &payload);
            }
        }
        world.pass(STEP);
        let packets = world.told[told..].iter().filter_map(|event| match event {
            Event::Media { track: Track::Camera, packet, .. } => Some(Packet {
                seq: packet.seq,
                time: packet.time,
                marker: packet.marker,
                codec: VideoCodec::Vp8,
                payload: packet.payload.clone(),
            }),
            _ => None,
        });
        let asks = eye.look(packets, world.now);
        told = world.told.len();
        if asks {
            world.does(Command::WantKeyframe { user_id: user("ann"), track: Track::Camera });
        }
    }
    seen(&eye, &source, from.expect("measured"), world.now, world.bytes().1 - bytes, kbps)
}

fn clean() -> Profile {
    Profile { delay: Duration::from_millis(20), ..Profile::default() }
}

fn loses(percent: u32) -> Profile {
    Profile { loss: Loss::Uniform(f64::from(percent) / 100.0), ..clean() }
}

fn trembles(ms: u64) -> Profile {
    Profile { jitter: Jitter { most: Duration::from_millis(ms), ..Jitter::default() }, ..clean() }
}

fn carries(kbps: u64) -> Profile {
    Profile { rate: Some(Rate { bits_per_second: kbps * 1000, queue: Duration::from_millis(500) }), ..clean() }
}

/// Mostly good, and for ten packets or so hardly any gets through.
fn bursts() -> Profile {
    Profile { loss: Loss::Bursts(Bursts { begin: 0.02, end: 0.1, loss_between: 0.0, loss_within: 0.9 }), ..clean() }
}

#[test]
fn a_clean_network_carries_every_picture_once() {
    for seen in [up(400, clean(), clean()), down(400, clean(), clean())] {
        assert!(
            seen.per_second > 14.5 && seen.keys == 1 && seen.longest < INTERVAL * 2 && seen.sent_kilobits < 550,
            "{seen:?}"
        );
    }
}

#[test]
fn pictures_go_up_where_half_of_all_packets_is_lost() {
    for (percent, least) in [(20, 10.0), (50, 8.0)] {
        let seen = up(400, loses(percent), clean());
        assert!(seen.per_second > least && seen.kilobits > 120, "{percent} %: {seen:?}");
    }
    let seen = up(400, bursts(), clean());
    assert!(seen.per_second > 10.0 && seen.kilobits > 200, "{seen:?}");
}

#[test]
fn pictures_go_up_where_what_is_asked_back_is_lost_as_well() {
    for (percent, least) in [(20, 10.0), (50, 4.0)] {
        let seen = up(250, loses(percent), loses(percent));
        assert!(seen.per_second > least && seen.kilobits > 60, "{percent} %: {seen:?}");
    }
}

#[test]
fn pictures_come_down_where_half_of_all_packets_is_lost() {
    let far = |percent| Profile { delay: Duration::from_millis(100), ..loses(percent) };
    for (bad, least, kilobits) in [
        (loses(20), 13.0, 650),
        (loses(50), 13.0, 1100),
        (loses(70), 9.0, 1900),
        (far(50), 12.0, 1100),
        (far(70), 8.0, 1900),
        (bursts(), 12.0, 700),
    ] {
        let seen = down(400, clean(), bad);
        assert!(seen.per_second > least && seen.sent_kilobits < kilobits, "{bad:?}: {seen:?}");
    }
}

#[test]
fn pictures_come_down_where_what_is_asked_for_is_lost_as_well() {
    let seen = down(400, loses(50), loses(50));
    assert!(seen.per_second > 8.0 && seen.sent_kilobits < 1200, "{seen:?}");
}

#[test]
fn a_queue_on_the_way_down_is_not_filled_with_what_is_sent_again() {
    let seen = down(400, clean(), carries(300));
    assert!(seen.sent_kilobits < 1000, "{seen:?}");
}

#[test]
fn packets_that_are_only_late_are_waited_for_and_cost_no_pictures() {
    for ms in [300, 1000] {
        let seen = up(250, trembles(ms), clean());
        assert!(seen.per_second > 11.0 && seen.kilobits > 40, "{ms} ms up: {seen:?}");
        let seen = down(400, clean(), trembles(ms));
        assert!(seen.per_second > 13.0, "{ms} ms down: {seen:?}");
    }
}

#[test]
fn a_narrow_network_is_filled_and_not_overfilled() {
    let seen = up(400, carries(250), clean());
    assert!(seen.per_second > 9.0 && (130..370).contains(&seen.sent_kilobits), "{seen:?}");
}
