//! The story of a viewer behind a network that is too narrow for what it watches: who publishes, what forwards and who watches, in
//! a time that only the story moves. The shard's own way of calling them is tried on sockets, in `tests/downlink.rs`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rtc_impairment::{Bursts, Impairment, Jitter, Loss, Order, Profile, Rate};
use rtc_protocol::{Layer, Lines, Occupant, SessionId, SlotPair, Track, TrackRef, TrackState};
use rtc_sfu::{Command, ForwardConfig, Forwarder, Output as Decision, PeerKey};
use str0m::crypto::dtls::SrtpProfile;
use str0m::format::Codec;
use str0m::media::{Direction, MediaKind, Mid, Rid, Simulcast, SimulcastLayer};
use str0m::rtp::{ExtensionValues, RtpWrite};
use str0m::{Event, Input, Output, Rtc};

use super::end::End;
use super::{ENGINE, paper, vp8};
use crate::MediaConfig;
use crate::peer::{MediaPacket, PeerEvent, PeerOutput, Taken};
use crate::str0m_peer::PeerMaker;

const SECOND: Duration = Duration::from_secs(1);
/// The longest a datagram waits for the network.
const QUEUE: Duration = Duration::from_millis(200);
const DELAY: Duration = Duration::from_millis(10);
const SOUND_EVERY: Duration = Duration::from_millis(20);
const PICTURE_EVERY: Duration = Duration::from_millis(33);
const FRAME_PACKETS: u64 = 3;
const ANN: usize = 0;
const BOB: usize = 1;

/// Ann, who speaks and shows herself in two layers; Bob, who watches; and what is between them.
struct Story {
    now: Instant,
    forwarder: Forwarder,
    ends: [End; 2],
    microphone: Mid,
    camera: Mid,
    shows: Vec<Show>,
    /// On its way to Bob.
    network: Impairment<Vec<u8>>,
    heard: Vec<Heard>,
    /// Whether Bob was told last that the picture is held back.
    is_paused: bool,
    packets: Vec<MediaPacket>,
}

/// What Ann sends all the time: a layer of her picture, or her voice.
struct Show {
    layer: Option<Layer>,
    seq: u64,
    frame: u64,
    due: Instant,
    wants_key: bool,
}

/// A packet that has come to Bob: of a picture's layer, or sound.
struct Heard {
    at: Instant,
    layer: Option<Layer>,
    seq: u64,
}

impl Story {
    /// Both are connected, over a network that takes so much.
    fn begins(bits_per_second: u64) -> Self {
        let now = Instant::now();
        let config = MediaConfig { bandwidth_estimation: true, ..MediaConfig::default() };
        let paper = paper::provider(SrtpProfile::AEAD_AES_128_GCM);
        let maker = PeerMaker::with(&config, &[ENGINE.into()], &paper).expect("a maker");
        let crypto = Arc::new(paper);
        let client = || Rtc::builder().set_crypto_provider(crypto.clone());
        let (ann, lines) = End::agreed(now, &maker, SessionId::new(1, 0), client(), true, |api| {
            let mut layers = Simulcast::new();
            layers.add_send_layer(SimulcastLayer::new(Layer::Big.rid()));
            layers.add_send_layer(SimulcastLayer::new(Layer::Small.rid()));
            let microphone = api.add_media(MediaKind::Audio, Direction::SendOnly, None, None, None);
            let camera = api.add_media(MediaKind::Video, Direction::SendOnly, None, None, Some(layers));
            Lines { microphone: Some(microphone.to_string()), camera: Some(camera.to_string()), ..Lines::default() }
        });
        let (bob, _) = End::agreed(now, &maker, SessionId::new(2, 0), client(), true, |api| {
            let mut line = |kind| Some(api.add_media(kind, Direction::RecvOnly, None, None, None).to_string());
            let slots = vec![SlotPair { audio: line(MediaKind::Audio), video: line(MediaKind::Video) }];
            Lines { slots, ..Lines::default() }
        });
        let mut forwarder = Forwarder::new(0, ForwardConfig::default());
        for (key, end) in [&ann, &bob].into_iter().enumerate() {
            forwarder.add_session(PeerKey(key as u32), end.session);
            forwarder.set_slots(now, PeerKey(key as u32), &end.peer.slots());
        }
        let mid = |line: &Option<String>| Mid::from(line.as_deref().expect("offered"));
        let mut story = Self {
            now,
            forwarder,
            ends: [ann, bob],
            microphone: mid(&lines.microphone),
            camera: mid(&lines.camera),
            shows: Vec::new(),
            network: Impairment::new(now, 1),
            heard: Vec::new(),
            is_paused: false,
            packets: Vec::new(),
        };
        story.carries(bits_per_second);
        story.until("both are connected", 5 * SECOND, |story| story.ends.iter().all(|end| end.client.is_connected()));
        story
    }

    /// The network towards Bob takes so much from now on.
    fn carries(&mut self, bits_per_second: u64) {
        let rate = Some(Rate { bits_per_second, queue: QUEUE });
        self.network.set(self.now, Profile { rate, delay: DELAY, ..Profile::default() });
    }

    fn does(&mut self, command: Command) {
        self.forwarder.handle_command(self.now, command);
    }

    fn source(&self, track: Track) -> TrackRef {
        TrackRef { publisher: self.ends[ANN].session, track }
    }

    fn publishes(&mut self, track: Track, layers: &[Option<Layer>]) {
        let source = self.source(track);
        self.does(Command::Publish { source, state: TrackState::On, small: track == Track::Camera });
        let due = self.now;
        self.shows.extend(layers.iter().map(|layer| Show { layer: *layer, seq: 30_000, frame: 0, due, wants_key: true }));
    }

    /// Ann speaks and shows these layers; Bob hears her, and wishes for the big one.
    fn is_watched(&mut self, layers: &[Option<Layer>]) {
        self.publishes(Track::Microphone, &[None]);
        self.publishes(Track::Camera, layers);
        let (voice, camera, viewer) = (self.source(Track::Microphone), self.source(Track::Camera), self.ends[BOB].session);
        self.does(Command::Hear { viewer, source: voice });
        self.does(Command::View { viewer, source: camera, layer: Layer::Big });
    }

    /// How many pictures' packets come to Bob within five seconds, in pictures.
    fn pictures(&mut self) -> usize {
        let before = self.heard.len();
        self.passes(5 * SECOND);
        self.heard[before..].iter().filter(|heard| heard.layer.is_some()).count() / FRAME_PACKETS as usize
    }

    /// Lets so much time pass.
    fn passes(&mut self, time: Duration) {
        let end = self.now + time;
        self.until("time", time + SECOND, |story| story.now >= end);
    }

    /// Lets time pass until something is so. Gives how long that took, and panics when it took too long.
    #[track_caller]
    fn until(&mut self, what: &str, within: Duration, mut so: impl FnMut(&Self) -> bool) -> Duration {
        let (begins, mut stuck) = (self.now, 0);
        loop {
            self.settle();
            if so(self) {
                return self.now - begins;
            }
            let dues = self.ends.iter().flat_map(|end| [end.peer_due, end.client_due]);
            let shows = self.shows.iter().map(|show| show.due);
            let others = self.network.poll_timeout().into_iter().chain(self.forwarder.poll_timeout());
            let next = dues.chain(shows).chain(others).min().expect("a connection is always due").max(self.now);
            stuck = if next == self.now { stuck + 1 } else { 0 };
            assert!(stuck < 1000, "somebody wants to be called again and again");
            self.now = next;
            assert!(next - begins < within, "never happened: {what}");
        }
    }

    /// Everybody does what is due now, until nothing is.
    fn settle(&mut self) {
        self.shows();
        if self.forwarder.poll_timeout().is_some_and(|at| at <= self.now) {
            self.forwarder.handle_timeout(self.now);
        }
        while let Some(datagram) = self.network.poll(self.now) {
            self.arrives(BOB, &datagram);
        }
        for who in [ANN, BOB] {
            if self.ends[who].client_due <= self.now {
                self.ends[who].client.handle_input(Input::Timeout(self.now)).expect("it lives");
                self.drain_client(who);
            }
            self.call(who);
        }
        loop {
            for packet in std::mem::take(&mut self.packets) {
                let Self { forwarder, ends, now, .. } = self;
                forwarder.handle_packet(*now, &packet.info, &mut |PeerKey(key), rewrite| {
                    ends[key as usize].peer.write(*now, &packet, rewrite);
                });
                self.call(BOB);
            }
            match self.forwarder.poll_output() {
                Some(output) => self.act(output),
                None if self.packets.is_empty() => return,
                None => {}
            }
        }
    }

    fn act(&mut self, decision: Decision) {
        match decision {
            Decision::Interest { layer, on } => self.forwarder.handle_interest(self.now, 0, layer, on),
            Decision::Keyframe { layer, need } => self.forwarder.handle_layer_keyframe_request(self.now, layer, need),
            Decision::RequestKeyframe { key: PeerKey(key), track, layer } => {
                self.ends[key as usize].peer.request_keyframe(track, layer);
                self.call(key as usize);
            }
            Decision::Goal { key: PeerKey(key), most, least } => {
                self.ends[key as usize].peer.set_goal(most, least);
                self.call(key as usize);
            }
            Decision::Slots { changed, .. } => {
                let mut occupants = changed.into_iter().filter_map(|(_, occupant)| occupant);
                let camera = |occupant: &Occupant| occupant.track.track == Track::Camera;
                self.is_paused = occupants.rfind(camera).map_or(self.is_paused, |last| last.paused);
            }
            // Ann shows both layers, asked or not.
            Decision::Encode { .. } => {}
        }
    }

    /// Tells the engine's end of a connection the time, and takes what it has to say.
    fn call(&mut self, who: usize) {
        self.ends[who].peer.handle_timeout(self.now).expect("it lives");
        self.listen(who);
    }

    fn listen(&mut self, who: usize) {
        let mut datagrams = self.ends[who].send(self.now).datagrams;
        loop {
            match self.ends[who].peer.poll_output().expect("it lives") {
                PeerOutput::Timeout(at) => {
                    self.ends[who].peer_due = at;
                    break;
                }
                PeerOutput::Transmit(transmit) => datagrams.push(transmit.bytes),
                PeerOutput::Event(PeerEvent::Packet(packet)) => self.packets.push(packet),
                PeerOutput::Event(PeerEvent::Estimate(bits)) => {
                    self.forwarder.handle_estimate(self.now, PeerKey(who as u32), bits);
                }
                PeerOutput::Event(PeerEvent::KeyframeWanted(slot)) => {
                    self.forwarder.handle_keyframe_request(self.now, PeerKey(who as u32), slot);
                }
                PeerOutput::Event(PeerEvent::Connected) => {}
                PeerOutput::Event(event) => panic!("{event:?}"),
            }
        }
        for datagram in datagrams {
            if who == BOB {
                self.network.push(self.now, datagram);
            } else {
                self.arrives(who, &datagram);
            }
        }
    }

    /// A datagram of the engine's comes to a client.
    fn arrives(&mut self, who: usize, datagram: &[u8]) {
        self.ends[who].give_client(self.now, datagram);
        self.drain_client(who);
    }

    fn drain_client(&mut self, who: usize) {
        loop {
            match self.ends[who].client.poll_output().expect("it lives") {
                Output::Timeout(at) => return self.ends[who].client_due = at,
                Output::Event(Event::RtpPacket(packet)) if who == BOB && !packet.payload.is_empty() => {
                    let is_small = packet.payload.last() == Some(&1);
                    let layer =
                        (packet.time.frequency().get() == 90_000).then_some(if is_small { Layer::Small } else { Layer::Big });
                    self.heard.push(Heard { at: self.now, layer, seq: *packet.seq_no });
                }
                // One request makes key frames on all layers, as in browsers.
                Output::Event(Event::KeyframeRequest(_)) => self.shows.iter_mut().for_each(|show| show.wants_key = true),
                Output::Event(_) => {}
                Output::Transmit(transmit) => {
                    assert_eq!(self.ends[who].give_engine(self.now, &transmit.contents), Taken::Yes);
                    self.listen(who);
                }
            }
        }
    }

    /// Ann sends what is due.
    fn shows(&mut self) {
        let now = self.now;
        for index in 0..self.shows.len() {
            let show = &mut self.shows[index];
            if show.due > now {
                continue;
            }
            let (mid, codec, rate, every, packets) = match show.layer {
                None => (self.microphone, Codec::Opus, 48, SOUND_EVERY, 1),
                Some(_) => (self.camera, Codec::Vp8, 90, PICTURE_EVERY, FRAME_PACKETS),
            };
            let key = std::mem::take(&mut show.wants_key);
            let ann = &mut self.ends[ANN].client;
            let pt = ann.codec_config().find(|params| params.spec().codec == codec).expect("known").pt();
            let rid = show.layer.map(|layer| Rid::from(layer.rid()));
            let is_sound = show.layer.is_none();
            for packet in 0..packets {
                let (start, bytes): (&[u8], _) = match (show.layer, packet, key) {
                    (None, ..) => (&[0xfc], 80),
                    (Some(layer), ..) => (vp8(packet == 0, key), if layer == Layer::Small { 300 } else { 900 }),
                };
                let mut payload = start.to_vec();
                payload.resize(bytes, 0xaa);
                payload.push(u8::from(show.layer == Some(Layer::Small)));
                let extensions = ExtensionValues {
                    mid: Some(mid),
                    rid,
                    audio_level: is_sound.then_some(-30),
                    voice_activity: is_sound.then_some(true),
                    ..ExtensionValues::default()
                };
                let time = (show.frame * every.as_millis() as u64 * rate) as u32;
                let written = RtpWrite::new(pt, show.seq.into(), time, now, payload)
                    .marker(is_sound || packet + 1 == packets)
                    .nackable(!is_sound)
                    .ext_vals(extensions);
                ann.direct_api().stream_tx_by_mid(mid, rid).expect("a line").write_rtp(written);
                show.seq += 1;
            }
            show.frame += 1;
            show.due += every;
            self.ends[ANN].client_due = now;
        }
    }

    /// Whether the newest packets of the picture are of a layer: half a second's worth and nothing else.
    fn is_settled(&self, layer: Layer) -> bool {
        let mut newest = self.heard.iter().rev().filter(|heard| heard.layer.is_some()).take(45);
        newest.clone().count() == 45 && newest.all(|heard| heard.layer == Some(layer) && self.now - heard.at < 2 * SECOND)
    }

    fn is_silent(&self) -> bool {
        self.heard.last().is_some_and(|last| self.now - last.at > SECOND)
    }
}

#[test]
fn a_viewer_gets_what_its_network_takes_at_the_time() {
    // The big layer takes about 700 kbit/s, the small one 250, the voice 45.
    let mut story = Story::begins(4_000_000);
    story.is_watched(&[Some(Layer::Big), Some(Layer::Small)]);
    story.until("the big layer", 2 * SECOND, |story| story.is_settled(Layer::Big));

    story.carries(500_000);
    story.until("the small layer", 4 * SECOND, |story| story.is_settled(Layer::Small));
    let since = story.now;
    let sound = |story: &Story| -> Vec<u64> {
        let sound = story.heard.iter().filter(|heard| heard.layer.is_none() && heard.at >= since);
        sound.map(|heard| heard.seq).collect()
    };
    story.until("two seconds of sound", 3 * SECOND, |story| sound(story).len() > 100);
    let heard = sound(&story);
    assert!(heard[0].abs_diff(heard[100]) <= 105, "sound comes through what is left");

    story.carries(4_000_000);
    story.until("the big layer again", 15 * SECOND, |story| story.is_settled(Layer::Big));

    // Now not even the small one, and no sound either: nothing is left to estimate by.
    let (viewer, source) = (story.ends[BOB].session, story.source(Track::Microphone));
    story.does(Command::Unhear { viewer, source });
    story.carries(60_000);
    story.until("being told that it is paused", 4 * SECOND, |story| story.is_paused);
    story.until("silence", 5 * SECOND, Story::is_silent);
    story.carries(4_000_000);
    story.until("a picture again", 25 * SECOND, |story| !story.is_silent() && !story.is_paused);
}

#[test]
fn a_viewer_on_a_rough_network_is_shown_all_it_takes() {
    let late = |ms| Jitter { most: Duration::from_millis(ms), order: Order::Free };
    let near = || Profile { delay: DELAY, ..Profile::default() };
    let bursts = Loss::Bursts(Bursts { begin: 0.02, end: 0.1, loss_between: 0.0, loss_within: 0.9 });
    for (what, profile, least) in [
        ("bursts", Profile { loss: bursts, ..near() }, 135),
        ("65 % lost", Profile { loss: Loss::Uniform(0.65), ..near() }, 130),
        ("late", Profile { jitter: late(1600), ..near() }, 115),
        ("40 % lost and late", Profile { loss: Loss::Uniform(0.4), jitter: late(700), ..near() }, 115),
        // Who asks for half a second never knows that an answer was lost.
        ("40 % lost and far", Profile { loss: Loss::Uniform(0.4), delay: Duration::from_millis(600), ..near() }, 130),
    ] {
        let mut story = Story::begins(4_000_000);
        story.is_watched(&[Some(Layer::Big)]);
        story.network.set(story.now, profile);
        // Till it is known what is lost whatever is sent.
        story.passes(15 * SECOND);
        for _ in 0..9 {
            let pictures = story.pictures();
            assert!(pictures > least && !story.is_paused, "{what}: {pictures} of 150 within five seconds");
        }
    }
}

#[test]
fn a_network_that_begins_to_jitter_takes_nothing_away_for_long() {
    let jitter = Jitter { most: Duration::from_millis(1600), order: Order::Free };
    for seed in 0..16 {
        let mut story = Story::begins(20_000_000);
        story.is_watched(&[Some(Layer::Big)]);
        story.passes(Duration::from_millis(2000 + 137 * seed));
        story.network = Impairment::new(story.now, seed);
        story.network.set(story.now, Profile { jitter, delay: DELAY, ..Profile::default() });
        story.passes(8 * SECOND);
        let pictures = story.pictures();
        assert!(pictures > 115 && !story.is_paused, "{seed}: {pictures} of 150 within five seconds");
    }
}
