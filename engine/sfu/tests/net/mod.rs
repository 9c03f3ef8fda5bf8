//! A small world for stories: shards whose outputs reach each other at once, publishers that encode what they are told to,
//! and a clock that is turned by hand. No sockets and no payloads.
#![allow(dead_code, unreachable_pub, reason = "each story uses a part of the world")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use rtc_protocol::{EncodeLayers, Layer, MediaKind, Occupant, Qos, QosPreference, SessionId, Track, TrackRef, TrackState};
use rtc_sfu::{
    Command, ForwardConfig, Forwarder, KeyframeNeed, LayerRef, Output, PacketInfo, PeerKey, Rewrite, SlotId, SlotSpec,
};

pub struct Net {
    pub shards: Vec<Forwarder>,
    pub start: Instant,
    pub now: Instant,
    peers: BTreeMap<(u8, PeerKey), SessionId>,
    sessions: u64,
    streams: BTreeMap<LayerRef, Stream>,
    pub received: Vec<Received>,
    /// What viewers were told, as it stands.
    pub slots: BTreeMap<SessionId, BTreeMap<SlotId, TrackRef>>,
    /// Which of them were told to be paused.
    pub paused: BTreeSet<(SessionId, SlotId)>,
    /// How much bandwidth is to be looked for towards each viewer, and how much to be made up.
    pub goals: BTreeMap<SessionId, (u64, u64)>,
    /// Each push of slots.
    pub pushes: Vec<Push>,
    pub encode: BTreeMap<(SessionId, Track), EncodeLayers>,
    pub encodes: u32,
    pub interest: BTreeSet<(u8, LayerRef)>,
    pub interests: u32,
    /// Every PLI that reached a publisher, with its time since the start.
    pub plis: Vec<(Duration, TrackRef, Layer)>,
}

/// A viewer is told of slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    pub session: SessionId,
    pub changed: Vec<(SlotId, Option<Occupant>)>,
}

/// A packet in a slot.
#[derive(Debug, Clone, Copy)]
pub struct Received {
    pub at: Instant,
    pub viewer: SessionId,
    pub rewrite: Rewrite,
    pub packet: PacketInfo,
}

/// What a publisher sends in one layer.
#[derive(Debug, Clone)]
pub struct Stream {
    pub ssrc: u32,
    pub seq: u64,
    pub time: u64,
    /// Between frames.
    pub interval: Duration,
    pub next: Instant,
    pub packets_per_frame: u64,
    /// Bytes of a packet.
    pub size: usize,
    /// From capture to arrival.
    pub transit: Duration,
    pub level: Option<u8>,
    /// Whether it sends when it is told to encode.
    pub on: bool,
    /// It obeys `Encode` only when this is set.
    pub obeys: bool,
    pub owes_keyframe: bool,
    pub answers_plis: bool,
    was_encoded: bool,
}

pub fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

pub fn mic(publisher: SessionId) -> TrackRef {
    TrackRef { publisher, track: Track::Microphone }
}

pub fn camera(publisher: SessionId) -> TrackRef {
    TrackRef { publisher, track: Track::Camera }
}

pub fn screen(publisher: SessionId) -> TrackRef {
    TrackRef { publisher, track: Track::Screen }
}

pub fn big(source: TrackRef) -> LayerRef {
    LayerRef { source, layer: Layer::Big }
}

pub fn small(source: TrackRef) -> LayerRef {
    LayerRef { source, layer: Layer::Small }
}

pub fn audio(pair: u16) -> SlotId {
    SlotId(pair)
}

pub fn video(pair: u16) -> SlotId {
    SlotId(100 + pair)
}

/// Pairs from 0 on; where the counts differ, the rest are spare slots.
pub fn pairs(audios: u16, videos: u16) -> Vec<SlotSpec> {
    let audios = (0..audios).map(|pair| SlotSpec { slot: audio(pair), pair, kind: MediaKind::Audio });
    audios.chain((0..videos).map(|pair| SlotSpec { slot: video(pair), pair, kind: MediaKind::Video })).collect()
}

impl Net {
    pub fn new(shards: u8) -> Self {
        Self::with(shards, &ForwardConfig::default())
    }

    pub fn with(shards: u8, config: &ForwardConfig) -> Self {
        // Far from the clock's beginning, so that subtracting is possible on a machine that was just started.
        let start = Instant::now() + Duration::from_secs(3600);
        Self {
            shards: (0..shards).map(|n| Forwarder::new(n, config.clone())).collect(),
            start,
            now: start,
            peers: BTreeMap::new(),
            sessions: 0,
            streams: BTreeMap::new(),
            received: Vec::new(),
            slots: BTreeMap::new(),
            paused: BTreeSet::new(),
            goals: BTreeMap::new(),
            pushes: Vec::new(),
            encode: BTreeMap::new(),
            encodes: 0,
            interest: BTreeSet::new(),
            interests: 0,
            plis: Vec::new(),
        }
    }

    /// Somebody with a peer connection and lines.
    pub fn enter(&mut self, shard: u8, audios: u16, videos: u16) -> SessionId {
        let session = self.enter_without_media(shard);
        self.connect(session);
        self.set_slots(session, &pairs(audios, videos));
        session
    }

    pub fn enter_without_media(&mut self, shard: u8) -> SessionId {
        self.sessions += 1;
        SessionId::new(self.sessions, shard)
    }

    pub fn connect(&mut self, session: SessionId) {
        let shard = session.shard();
        let key = (0..).map(PeerKey).find(|k| !self.peers.contains_key(&(shard, *k))).expect("keys do not run out");
        self.peers.insert((shard, key), session);
        self.shard(shard).add_session(key, session);
        // A new connection knows nothing of what a former one was told.
        self.slots.remove(&session);
        self.encode.retain(|(publisher, _), _| *publisher != session);
        self.pump();
    }

    pub fn disconnect(&mut self, session: SessionId) {
        let (now, key) = (self.now, self.peer(session));
        self.peers.remove(&(session.shard(), key));
        self.shard(session.shard()).remove_session(now, key);
        self.slots.remove(&session);
        self.pump();
    }

    pub fn set_slots(&mut self, session: SessionId, slots: &[SlotSpec]) {
        let (now, key) = (self.now, self.peer(session));
        self.shard(session.shard()).set_slots(now, key, slots);
        self.pump();
    }

    pub fn peer(&self, session: SessionId) -> PeerKey {
        self.peers.iter().find(|(_, s)| **s == session).expect("it is connected").0.1
    }

    pub fn command(&mut self, command: Command) {
        let shard = match command {
            Command::Publish { source, .. } => source.publisher.shard(),
            Command::View { viewer, .. }
            | Command::Unview { viewer, .. }
            | Command::Hear { viewer, .. }
            | Command::Unhear { viewer, .. } => viewer.shard(),
            Command::Qos { session, .. } | Command::Close { session } => session.shard(),
        };
        let now = self.now;
        self.shard(shard).handle_command(now, command);
        self.pump();
    }

    pub fn view(&mut self, viewer: SessionId, source: TrackRef, layer: Layer) {
        self.command(Command::View { viewer, source, layer });
    }

    pub fn unview(&mut self, viewer: SessionId, source: TrackRef) {
        self.command(Command::Unview { viewer, source });
    }

    pub fn hear(&mut self, viewer: SessionId, publisher: SessionId) {
        self.command(Command::Hear { viewer, source: mic(publisher) });
    }

    pub fn unhear(&mut self, viewer: SessionId, publisher: SessionId) {
        self.command(Command::Unhear { viewer, source: mic(publisher) });
    }

    pub fn publish(&mut self, source: TrackRef, state: TrackState) {
        self.command(Command::Publish { source, state, small: source.track == Track::Camera });
    }

    /// Publishes a microphone that sends a packet every 20 ms.
    pub fn speak(&mut self, publisher: SessionId, level: u8) {
        let source = mic(publisher);
        self.publish(source, TrackState::On);
        self.send(big(source), ms(20), 1).level = Some(level);
    }

    /// Publishes a camera with two layers.
    pub fn show(&mut self, publisher: SessionId) {
        let source = camera(publisher);
        self.send(big(source), ms(50), 3);
        self.send(small(source), ms(50), 1);
        self.publish(source, TrackState::On);
    }

    pub fn share(&mut self, publisher: SessionId) {
        let source = screen(publisher);
        self.send(big(source), ms(100), 4);
        self.publish(source, TrackState::On);
    }

    pub fn stop(&mut self, source: TrackRef) {
        self.streams.retain(|l, _| l.source != source);
        self.publish(source, TrackState::Off);
    }

    /// A publisher's network is gone.
    pub fn stop_sending(&mut self, publisher: SessionId) {
        self.streams.retain(|l, _| l.source.publisher != publisher);
    }

    /// Begins to send a layer; each has a phase and numbers of its own.
    pub fn send(&mut self, layer: LayerRef, interval: Duration, packets_per_frame: u64) -> &mut Stream {
        let n = self.streams.len() as u64 + 1;
        let stream = Stream {
            ssrc: 0x1000 + n as u32,
            seq: 20_000 * n + 17,
            time: 7_000_000_000 * n,
            interval,
            next: self.now + ms(n * 7 % 20),
            packets_per_frame,
            size: 500,
            transit: ms(10),
            level: None,
            on: true,
            obeys: true,
            owes_keyframe: true,
            answers_plis: true,
            was_encoded: false,
        };
        self.streams.insert(layer, stream);
        self.stream(layer)
    }

    pub fn stream(&mut self, layer: LayerRef) -> &mut Stream {
        self.streams.get_mut(&layer).expect("it was sent before")
    }

    /// Lets time pass, with everything that happens in it.
    pub fn run(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.now += ms(1);
            self.turn_timers();
            let due: Vec<LayerRef> = self.streams.iter().filter(|(_, s)| s.next <= self.now).map(|(l, _)| *l).collect();
            for layer in due {
                self.send_frame(layer);
            }
        }
    }

    pub fn turn_timers(&mut self) {
        let now = self.now;
        for shard in 0..self.shards.len() {
            if self.shards[shard].poll_timeout().is_some_and(|at| at <= now) {
                self.shards[shard].handle_timeout(now);
                let next = self.shards[shard].poll_timeout();
                assert!(next.is_none_or(|at| at > now), "a timer that was handled is not due again at once");
            }
        }
        self.pump();
    }

    fn send_frame(&mut self, layer: LayerRef) {
        let now = self.now;
        let encode = self.encode.get(&(layer.source.publisher, layer.source.track)).copied();
        let stream = self.streams.get_mut(&layer).expect("its layer was just listed");
        let told = encode.is_none_or(|e| if layer.layer == Layer::Big { e.big } else { e.small });
        let encoded = stream.on && (told || !stream.obeys || layer.source.track == Track::Microphone);
        let clock_rate = if layer.source.track == Track::Microphone { 48_000 } else { 90_000 };
        stream.next += stream.interval;
        stream.time += stream.interval.as_millis() as u64 * u64::from(clock_rate) / 1000;
        let keyframe = std::mem::take(&mut stream.owes_keyframe) || !stream.was_encoded;
        stream.was_encoded = encoded;
        if !encoded {
            return;
        }
        let stream = stream.clone();
        for n in 0..stream.packets_per_frame {
            let seq = stream.seq + n;
            let packet = PacketInfo {
                layer,
                ssrc: stream.ssrc,
                seq,
                time: stream.time,
                clock_rate,
                size: stream.size,
                marker: n + 1 == stream.packets_per_frame,
                keyframe: keyframe && n == 0,
                level: stream.level,
                captured: now - stream.transit,
                arrived: now,
            };
            self.stream(layer).seq = seq + 1;
            self.deliver(&packet);
        }
    }

    /// The way of a packet: the publisher's shard first, then those that want it.
    pub fn deliver(&mut self, packet: &PacketInfo) {
        let home = packet.layer.source.publisher.shard();
        self.hand_over(home, packet);
        for shard in self.shards[usize::from(home)].interested_shards(&packet.layer).iter() {
            if shard != home {
                self.hand_over(shard, packet);
            }
        }
        self.pump();
    }

    fn hand_over(&mut self, shard: u8, packet: &PacketInfo) {
        let now = self.now;
        let (peers, received) = (&self.peers, &mut self.received);
        self.shards[usize::from(shard)].handle_packet(now, packet, &mut |key, rewrite| {
            let viewer = peers[&(shard, key)];
            received.push(Received { at: now, viewer, rewrite: *rewrite, packet: *packet });
        });
    }

    /// Carries out all outputs, and those they cause.
    pub fn pump(&mut self) {
        let now = self.now;
        let mut quiet = false;
        while !quiet {
            quiet = true;
            for n in 0..self.shards.len() as u8 {
                while let Some(output) = self.shard(n).poll_output() {
                    quiet = false;
                    self.carry_out(now, n, output);
                }
            }
        }
    }

    fn carry_out(&mut self, now: Instant, from: u8, output: Output) {
        match output {
            Output::Interest { layer, on } => {
                self.interests += 1;
                let changed = if on { self.interest.insert((from, layer)) } else { self.interest.remove(&(from, layer)) };
                assert!(changed, "only transitions are told");
                self.shard(layer.source.publisher.shard()).handle_interest(now, from, layer, on);
            }
            Output::Keyframe { layer, need } => {
                self.shard(layer.source.publisher.shard()).handle_layer_keyframe_request(now, layer, need);
            }
            Output::RequestKeyframe { key, track, layer } => {
                let source = TrackRef { publisher: self.peers[&(from, key)], track };
                self.plis.push((now - self.start, source, layer));
                for (_, stream) in self.streams.iter_mut().filter(|(l, s)| l.source == source && s.answers_plis) {
                    stream.owes_keyframe = true;
                }
            }
            Output::Slots { session, changed } => {
                let slots = self.slots.entry(session).or_default();
                for (slot, occupant) in &changed {
                    match occupant {
                        Some(Occupant { track, .. }) => slots.insert(*slot, *track),
                        None => slots.remove(slot),
                    };
                    match occupant {
                        Some(Occupant { paused: true, .. }) => self.paused.insert((session, *slot)),
                        _ => self.paused.remove(&(session, *slot)),
                    };
                }
                self.pushes.push(Push { session, changed });
            }
            Output::Goal { key, most, least } => drop(self.goals.insert(self.peers[&(from, key)], (most, least))),
            Output::Encode { session, layers } => {
                self.encodes += 1;
                self.encode.insert((session, layers.track), layers);
            }
        }
    }

    /// What a viewer's network takes is estimated.
    pub fn estimate(&mut self, viewer: SessionId, bits_per_second: u64) {
        let (now, key) = (self.now, self.peer(viewer));
        self.shard(viewer.shard()).handle_estimate(now, key, Some(bits_per_second));
        self.pump();
    }

    pub fn prefer(&mut self, session: SessionId, preference: QosPreference) {
        self.command(Command::Qos { session, qos: Qos { preference, ..Qos::default() } });
    }

    /// A viewer's PLI.
    pub fn pli(&mut self, viewer: SessionId, slot: SlotId) {
        let (now, key) = (self.now, self.peer(viewer));
        self.shard(viewer.shard()).handle_keyframe_request(now, key, slot);
        self.pump();
    }

    /// A client is heard again after an outage.
    pub fn comes_back(&mut self, session: SessionId) {
        let (key, now) = (self.peer(session), self.now);
        self.shard(session.shard()).handle_return(now, key);
        self.pump();
    }

    pub fn layer_request(&mut self, layer: LayerRef, need: KeyframeNeed) {
        let now = self.now;
        self.shard(layer.source.publisher.shard()).handle_layer_keyframe_request(now, layer, need);
        self.pump();
    }

    pub fn shard(&mut self, n: u8) -> &mut Forwarder {
        &mut self.shards[usize::from(n)]
    }

    /// What a viewer was told is in a slot.
    pub fn in_slot(&self, viewer: SessionId, slot: SlotId) -> Option<TrackRef> {
        self.slots.get(&viewer)?.get(&slot).copied()
    }

    /// What came in a slot since the last look at anything.
    pub fn take_received(&mut self) -> Vec<Received> {
        std::mem::take(&mut self.received)
    }

    pub fn received_in(&self, viewer: SessionId, slot: SlotId) -> Vec<Received> {
        self.received.iter().filter(|r| r.viewer == viewer && r.rewrite.slot == slot).copied().collect()
    }

    /// Which tracks a viewer got packets of since the last look.
    pub fn served(&mut self, viewer: SessionId) -> BTreeSet<TrackRef> {
        let all = self.take_received();
        all.iter().filter(|r| r.viewer == viewer).map(|r| r.packet.layer.source).collect()
    }
}
