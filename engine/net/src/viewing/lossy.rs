//! The story of somebody who sends pictures over a network that loses much of everything, answers each request once as browsers do,
//! and never more, in a time that only the story moves.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rtc_impairment::{Bursts, Impairment, Jitter, Loss, Profile, Rate};
use rtc_protocol::{Layer, Lines, SessionId, Track};
use str0m::crypto::dtls::SrtpProfile;
use str0m::format::Codec;
use str0m::media::{Direction, MediaKind, Mid};
use str0m::rtp::{ExtensionValues, RtpWrite};
use str0m::{Event, Input, Output, Rtc};

use super::end::End;
use super::{ENGINE, MS, paper, vp8};
use crate::MediaConfig;
use crate::peer::{PeerEvent, PeerOutput, Taken};
use crate::str0m_peer::PeerMaker;

const SECOND: Duration = Duration::from_secs(1);
const INTERVAL: Duration = Duration::from_micros(66_667);
/// What a picture and a key frame are cut into, and bytes of a packet: 250 kbit/s.
const PACKETS: u8 = 3;
const KEY_PACKETS: u8 = 9;
const PAYLOAD: usize = 690;
/// How long a viewer waits for what is missing before it asks for a key frame, and between two such requests.
const PATIENCE: Duration = Duration::from_secs(2);
const ASKED_EVERY: Duration = Duration::from_secs(1);
const BEFORE: Duration = Duration::from_secs(5);
const MEASURED: Duration = Duration::from_secs(60);

struct Story {
    now: Instant,
    end: End,
    camera: Mid,
    up: Impairment<Vec<u8>>,
    down: Impairment<Vec<u8>>,
    seq: u64,
    /// How far numbers rise with each packet.
    jump: u64,
    frame: u32,
    wants_key: bool,
    keys: u32,
    eye: Eye,
}

/// Who watches: shows each picture when it and all before it back to a key frame are whole.
struct Eye {
    /// Packets that have come of each picture that is still to show, and how many it has, and whether it is a key frame.
    frames: BTreeMap<u32, (u32, u8, bool)>,
    next: u32,
    shown: Vec<Instant>,
    /// Since when it waits.
    stuck: Instant,
    asked: Instant,
}

#[derive(Debug)]
struct Seen {
    per_second: f64,
    longest: Duration,
    keys: u32,
    /// Of what was sent each way.
    up_kilobits: u64,
    down_kilobits: u64,
}

impl Eye {
    fn packet(&mut self, frame: u32, index: u8, count: u8, key: bool) {
        if frame >= self.next {
            self.frames.entry(frame).or_insert((0, count, key)).0 |= 1 << index;
        }
    }

    fn look(&mut self, now: Instant) -> bool {
        let is_whole = |(came, count, _): &(u32, u8, bool)| came.count_ones() == u32::from(*count);
        let newest_key = self.frames.iter().rev().find(|(_, frame)| frame.2 && is_whole(frame)).map(|(number, _)| *number);
        if let Some(key) = newest_key.filter(|key| *key > self.next) {
            self.frames = self.frames.split_off(&key);
            self.next = key;
        }
        while self.frames.get(&self.next).is_some_and(is_whole) {
            self.frames.remove(&self.next);
            self.next += 1;
            self.shown.push(now);
            self.stuck = now;
        }
        let asks = now - self.stuck >= PATIENCE && now - self.asked >= ASKED_EVERY;
        if asks {
            self.asked = now;
        }
        asks
    }
}

impl Story {
    fn begins() -> Self {
        let now = Instant::now();
        let paper = paper::provider(SrtpProfile::AEAD_AES_128_GCM);
        let maker = PeerMaker::with(&MediaConfig::default(), &[ENGINE.into()], &paper).expect("a maker");
        let client = Rtc::builder().set_crypto_provider(Arc::new(paper));
        let (mut end, lines) = End::agreed(now, &maker, SessionId::new(1, 0), client, true, |api| {
            let camera = api.add_media(MediaKind::Video, Direction::SendOnly, None, None, None);
            Lines { camera: Some(camera.to_string()), ..Lines::default() }
        });
        let camera = Mid::from(lines.camera.as_deref().expect("offered"));
        let mut api = end.client.direct_api();
        let stream = api.stream_tx_by_mid(camera, None).expect("a line");
        stream.set_rtx_cache(600, 3 * SECOND, Some(0.8));
        let eye = Eye { frames: BTreeMap::new(), next: 0, shown: Vec::new(), stuck: now, asked: now };
        let mut story = Self {
            now,
            end,
            camera,
            up: Impairment::new(now, 1),
            down: Impairment::new(now, 2),
            seq: 30_000,
            jump: 1,
            frame: 0,
            wants_key: true,
            keys: 0,
            eye,
        };
        story.until(now + SECOND);
        assert!(story.end.client.is_connected());
        story
    }

    /// Shows for a while over such a network, which is as good as its delay at first.
    fn runs(self, up: Profile, down: Profile) -> Seen {
        let mut story = self;
        let far = |profile: Profile| Profile { delay: profile.delay, ..Profile::default() };
        story.up.set(story.now, far(up));
        story.down.set(story.now, far(down));
        (story.eye.stuck, story.eye.asked) = (story.now, story.now);
        let begins = story.now;
        let (mut from, mut bytes) = (begins, (0, 0));
        let mut due = begins;
        for n in 0.. {
            if n == 15 {
                story.up.set(story.now, up);
                story.down.set(story.now, down);
            }
            if from == begins && story.now >= begins + BEFORE {
                (from, bytes) = (story.now, story.bytes());
                story.keys = 0;
            }
            if story.now >= begins + BEFORE + MEASURED {
                break;
            }
            story.shows();
            due += INTERVAL;
            while story.now < due {
                story.until((story.now + 10 * MS).min(due));
                if story.eye.look(story.now) {
                    story.end.peer.request_keyframe(Track::Camera, Layer::Big);
                    story.listen();
                }
            }
        }
        let shown: Vec<Instant> = story.eye.shown.iter().copied().filter(|at| *at >= from).collect();
        let edges: Vec<Instant> = [from].into_iter().chain(shown.iter().copied()).chain([story.now]).collect();
        let seconds = (story.now - from).as_secs_f64();
        let kilobits = |after: u64, before: u64| ((after - before) as f64 * 8.0 / 1000.0 / seconds) as u64;
        let after = story.bytes();
        Seen {
            per_second: shown.len() as f64 / seconds,
            longest: edges.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or_default(),
            keys: story.keys,
            up_kilobits: kilobits(after.0, bytes.0),
            down_kilobits: kilobits(after.1, bytes.1),
        }
    }

    fn bytes(&self) -> (u64, u64) {
        (self.up.counts().taken_bytes, self.down.counts().taken_bytes)
    }

    /// Sends a picture.
    fn shows(&mut self) {
        let key = std::mem::take(&mut self.wants_key);
        self.keys += u32::from(key);
        let count = if key { KEY_PACKETS } else { PACKETS };
        let pt = self.end.client.codec_config().find(|params| params.spec().codec == Codec::Vp8).expect("known").pt();
        for index in 0..count {
            let mut payload = vp8(index == 0, key).to_vec();
            payload.resize(PAYLOAD, 0xaa);
            payload.extend([index, count, key.into()]);
            payload.extend(self.frame.to_be_bytes());
            let extensions = ExtensionValues { mid: Some(self.camera), ..ExtensionValues::default() };
            let write = RtpWrite::new(pt, self.seq.into(), self.frame * 6000, self.now, payload)
                .marker(index + 1 == count)
                .nackable(true)
                .ext_vals(extensions);
            let mut api = self.end.client.direct_api();
            api.stream_tx_by_mid(self.camera, None).expect("a line").write_rtp(write);
            self.seq += self.jump;
        }
        self.frame += 1;
        self.end.client_due = self.now;
    }

    /// Everything that happens until then.
    fn until(&mut self, end: Instant) {
        let mut stuck = 0;
        loop {
            self.settle();
            let network = [self.up.poll_timeout(), self.down.poll_timeout()].into_iter().flatten();
            let next = network.chain([self.end.peer_due, self.end.client_due, end]).min().expect("the end").max(self.now);
            stuck = if next == self.now { stuck + 1 } else { 0 };
            assert!(stuck < 1000, "somebody wants to be called again and again");
            if next >= end && self.now >= end {
                return;
            }
            self.now = next;
        }
    }

    fn settle(&mut self) {
        while let Some(datagram) = self.up.poll(self.now) {
            assert_eq!(self.end.give_engine(self.now, &datagram), Taken::Yes);
            self.listen();
        }
        while let Some(datagram) = self.down.poll(self.now) {
            self.end.give_client(self.now, &datagram);
            self.drain();
        }
        if self.end.client_due <= self.now {
            self.end.client.handle_input(Input::Timeout(self.now)).expect("it lives");
            self.drain();
        }
        if self.end.peer_due <= self.now {
            self.end.peer.handle_timeout(self.now).expect("it lives");
            self.listen();
        }
    }

    fn listen(&mut self) {
        loop {
            match self.end.peer.poll_output().expect("it lives") {
                PeerOutput::Timeout(at) => {
                    self.end.peer_due = at;
                    break;
                }
                PeerOutput::Transmit(transmit) => self.down.push(self.now, transmit.bytes),
                PeerOutput::Event(PeerEvent::Packet(packet)) => {
                    let payload = &packet.payload;
                    let (rest, frame) = payload.split_last_chunk::<4>().expect("whole");
                    let [.., index, count, key] = rest else { panic!("whole") };
                    let frame = u32::from_be_bytes(*frame);
                    self.eye.packet(frame, *index, *count, *key == 1);
                }
                PeerOutput::Event(_) => {}
            }
        }
        for datagram in self.end.send(self.now).datagrams {
            self.down.push(self.now, datagram);
        }
    }

    fn drain(&mut self) {
        loop {
            match self.end.client.poll_output().expect("it lives") {
                Output::Timeout(at) => return self.end.client_due = at,
                Output::Event(Event::KeyframeRequest(_)) => self.wants_key = true,
                Output::Event(_) => {}
                Output::Transmit(transmit) => self.up.push(self.now, transmit.contents.to_vec()),
            }
        }
    }
}

fn clean() -> Profile {
    Profile { delay: 20 * MS, ..Profile::default() }
}

fn loses(percent: u32) -> Profile {
    Profile { loss: Loss::Uniform(f64::from(percent) / 100.0), ..clean() }
}

fn far(profile: Profile) -> Profile {
    Profile { delay: 100 * MS, ..profile }
}

/// Mostly good, and for ten packets or so hardly any gets through.
fn bursts() -> Profile {
    Profile { loss: Loss::Bursts(Bursts { begin: 0.02, end: 0.1, loss_between: 0.0, loss_within: 0.9 }), ..clean() }
}

fn trembles(ms: u64) -> Profile {
    Profile { jitter: Jitter { most: Duration::from_millis(ms), ..Jitter::default() }, ..clean() }
}

fn carries(kbps: u64) -> Profile {
    Profile { rate: Some(Rate { bits_per_second: kbps * 1000, queue: 500 * MS }), ..clean() }
}

#[test]
fn pictures_come_where_half_of_all_packets_is_lost_both_ways() {
    for (up, down, least, longest) in [
        (loses(20), loses(20), 14.0, 1500),
        (loses(50), clean(), 14.0, 1500),
        (loses(50), loses(50), 13.0, 3000),
        (far(loses(50)), far(loses(50)), 11.0, 6000),
        (loses(65), loses(65), 9.0, 8000),
        (bursts(), bursts(), 13.0, 5000),
    ] {
        let seen = Story::begins().runs(up, down);
        assert!(seen.per_second > least && seen.longest < longest * MS, "{up:?}: {seen:?}");
        // Twice the 267 without loss is what half of all packets lost takes by itself.
        assert!(seen.up_kilobits < 950 && seen.down_kilobits < 40, "{up:?}: {seen:?}");
    }
}

#[test]
fn nothing_is_asked_for_twice_where_little_is_lost_or_packets_are_only_late() {
    let seen = Story::begins().runs(clean(), clean());
    assert!(seen.per_second > 14.9 && seen.up_kilobits < 275 && seen.down_kilobits < 10 && seen.keys == 0, "{seen:?}");
    let seen = Story::begins().runs(loses(8), loses(8));
    assert!(seen.per_second > 14.5 && seen.up_kilobits < 305 && seen.down_kilobits < 11, "{seen:?}");
    // What `str0m` asks for by itself, which takes what is late for lost.
    let seen = Story::begins().runs(trembles(300), clean());
    assert!(seen.per_second > 14.9 && seen.up_kilobits < 475 && seen.down_kilobits < 14, "{seen:?}");
}

#[test]
fn a_queue_on_the_way_up_is_not_filled_with_what_is_sent_again() {
    // It always sends 267, so most of what is sent again is for nothing, by whatever it was asked for.
    let seen = Story::begins().runs(carries(200), clean());
    assert!(seen.up_kilobits < 1200 && seen.down_kilobits < 17, "{seen:?}");
}

#[test]
fn who_leaves_out_most_numbers_is_asked_a_bounded_number_of_times() {
    for jump in [50, 99, 1000] {
        let mut story = Story::begins();
        story.jump = jump;
        let seen = story.runs(clean(), clean());
        assert!(seen.down_kilobits < 200 && seen.down_kilobits < seen.up_kilobits, "{jump}: {seen:?}");
    }
}
