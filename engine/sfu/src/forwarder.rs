//! The forwarder of a shard: its public face, the way of a packet, and the outputs. What is decided for viewers is in
//! `viewers`, for publishers in `publishers`.

use std::collections::{BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use rtc_protocol::{EncodeLayers, Layer, MediaKind, Occupant, Qos, SessionId, Track, TrackRef, TrackState};
use slab::Slab;

use crate::allocation::Seat;
use crate::rewrite::Outcome;
use crate::session::Sessions;
use crate::slot::Slot;
use crate::source::{LayerKey, Sources};
use crate::timers::{Timer, Timers};
use crate::waits::Waits;
use crate::{ForwardConfig, KeyframeNeed, LayerRef, PacketInfo, PeerKey, Rewrite, ShardSet, SlotId, SlotSpec};

/// What rooms ask of the forwarder. [`Command::Publish`] goes to the publisher's shard, the others to the shard of the
/// session they name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// A track starts, is muted, or stops. Packets of a track that is [`TrackState::Off`] (or was never published) are
    /// dropped.
    Publish {
        /// The track.
        source: TrackRef,
        /// Its state from now on.
        state: TrackState,
        /// Whether the camera comes with a small layer.
        small: bool,
    },
    /// A session watches a video track; asking again changes the layer.
    View {
        /// Who watches.
        viewer: SessionId,
        /// Camera or screen of somebody.
        source: TrackRef,
        /// Which layer it would like.
        layer: Layer,
    },
    /// A session watches a video track no more.
    Unview {
        /// Who watched.
        viewer: SessionId,
        /// Which track.
        source: TrackRef,
    },
    /// A session hears a microphone.
    Hear {
        /// Who hears.
        viewer: SessionId,
        /// Whose microphone.
        source: TrackRef,
    },
    /// A session hears a microphone no more.
    Unhear {
        /// Who heard.
        viewer: SessionId,
        /// Whose microphone.
        source: TrackRef,
    },
    /// What matters to a session when the network is not good enough for everything it sends and receives.
    Qos {
        /// Whose.
        session: SessionId,
        /// From now on.
        qos: Qos,
    },
    /// A session has left for good: all it published, watched and heard is forgotten.
    Close {
        /// Which.
        session: SessionId,
    },
}

/// What the driver shall do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// This shard wants a layer, or does so no more: call [`Forwarder::handle_interest`] on the shard of
    /// `layer.source.publisher`, also when that is this one.
    Interest {
        /// Which layer.
        layer: LayerRef,
        /// Wanted from now on, or not.
        on: bool,
    },
    /// A viewer of this shard needs a key frame: call [`Forwarder::handle_layer_keyframe_request`] on the shard of
    /// `layer.source.publisher`, also when that is this one.
    Keyframe {
        /// Of which layer.
        layer: LayerRef,
        /// Why.
        need: KeyframeNeed,
    },
    /// Ask a publisher of this shard for a key frame now (PLI, RFC 4585 section 6.3.1).
    RequestKeyframe {
        /// Its peer connection.
        key: PeerKey,
        /// Camera or screen.
        track: Track,
        /// Which layer's SSRC to name.
        layer: Layer,
    },
    /// Who is in a viewer's slots, for those slots where that changed since it was last told.
    Slots {
        /// The viewer.
        session: SessionId,
        /// Each slot with the track it carries from now on.
        changed: Vec<(SlotId, Option<Occupant>)>,
    },
    /// How much bandwidth to look for towards a viewer. Told only where estimates are made.
    Goal {
        /// The viewer's peer connection.
        key: PeerKey,
        /// What all that is wished for would take with something to spare, in bits a second.
        most: u64,
        /// What shall be sent at the least, in bits a second, so that the network shows whether it takes that: make up for
        /// what is missing, as far as the estimate goes.
        least: u64,
    },
    /// Which layers of a track its publisher shall encode.
    Encode {
        /// The publisher.
        session: SessionId,
        /// Which.
        layers: EncodeLayers,
    },
}

/// The forwarding decisions of one shard. See the crate's page for how it is driven.
#[derive(Debug)]
pub struct Forwarder {
    pub(crate) shard: u8,
    pub(crate) config: ForwardConfig,
    pub(crate) sessions: Sessions,
    pub(crate) sources: Sources,
    pub(crate) slots: Slab<Slot>,
    pub(crate) timers: Timers,
    /// Sessions with more voices than audio slots.
    pub(crate) crowded: BTreeSet<usize>,
    /// What may have something to tell since the outputs were last drained.
    pub(crate) touched_sources: BTreeSet<usize>,
    pub(crate) touched_sessions: BTreeSet<usize>,
    pub(crate) outputs: VecDeque<Output>,
    /// Reused, so that a packet allocates nothing: slots that a packet switched, with the layers they had.
    turned: Vec<(usize, [Option<LayerKey>; 3])>,
    waits: Waits,
}

impl Forwarder {
    /// A forwarder for shard number `shard`, with nobody in it.
    pub fn new(shard: u8, config: ForwardConfig) -> Self {
        Self {
            shard,
            config,
            sessions: Sessions::default(),
            sources: Sources::default(),
            slots: Slab::new(),
            timers: Timers::default(),
            crowded: BTreeSet::new(),
            touched_sources: BTreeSet::new(),
            touched_sessions: BTreeSet::new(),
            outputs: VecDeque::new(),
            turned: Vec::new(),
            waits: Waits::default(),
        }
    }

    /// A session got a peer connection. What it had wished for before, also on a former peer connection, is taken up with
    /// [`Self::set_slots`]; its encoded layers are told anew. A former key of the session is forgotten.
    pub fn add_session(&mut self, key: PeerKey, session: SessionId) {
        let index = self.sessions.find_or_add(session);
        if self.sessions.find_peer(key) == Some(index) {
            return;
        }
        self.drop_lines(index);
        if let Some(other) = self.sessions.find_peer(key) {
            self.drop_lines(other);
            self.sessions.disconnect(other);
            self.sessions.remove_if_idle(other);
        }
        self.sessions.disconnect(index);
        self.sessions.connect(index, key);
        self.tell_encoding_anew(session);
    }

    /// A peer connection is gone. The session's wishes and published tracks stay until [`Command::Close`].
    pub fn remove_session(&mut self, _now: Instant, key: PeerKey) {
        if let Some(session) = self.sessions.find_peer(key) {
            self.drop_lines(session);
            self.sessions.disconnect(session);
            self.sessions.remove_if_idle(session);
        }
    }

    /// All receiving lines of a peer connection. Lines that were named before keep what they carry; lines that are no
    /// longer named are forgotten.
    pub fn set_slots(&mut self, now: Instant, key: PeerKey, slots: &[SlotSpec]) {
        if let Some(session) = self.sessions.find_peer(key) {
            self.set_lines(session, key, slots);
            self.arrange(now, session);
        }
    }

    /// A wish of a room. May come before the session's peer connection or slots exist.
    pub fn handle_command(&mut self, now: Instant, command: Command) {
        match command {
            Command::Publish { source, state, small } => self.publish(now, source, state, small),
            Command::View { viewer, source, layer } => self.view(now, viewer, source, layer),
            Command::Unview { viewer, source } => self.unview(now, viewer, source),
            Command::Hear { viewer, source } => self.hear(now, viewer, source),
            Command::Unhear { viewer, source } => self.unhear(now, viewer, source),
            Command::Qos { session, qos } => {
                let at = self.sessions.find_or_add(session);
                if let Some(session) = self.sessions.at_mut(at) {
                    session.qos = qos;
                }
                self.share(now, at);
                self.sessions.remove_if_idle(at);
            }
            Command::Close { session } => {
                self.forget_viewer(session);
                for track in Track::ALL {
                    self.unpublish(TrackRef { publisher: session, track });
                }
            }
        }
    }

    /// What matters to a session, as it last said.
    pub fn qos(&self, session: SessionId) -> Qos {
        self.sessions.find(session).and_then(|at| self.sessions.at(at)).map(|session| session.qos).unwrap_or_default()
    }

    /// A packet of a publisher. On the publisher's own shard every packet must pass here, also when no viewer is there; on
    /// others those that were handed over. `forward` is called once for each slot the packet goes into.
    pub fn handle_packet(&mut self, now: Instant, packet: &PacketInfo, forward: &mut impl FnMut(PeerKey, &Rewrite)) {
        let Some(at) = self.sources.find(&packet.layer.source) else { return };
        // A sender report can claim anything, but nothing was captured after it arrived, or long before.
        let oldest = packet.arrived.checked_sub(OLDEST_CAPTURE).unwrap_or(packet.arrived);
        let packet = &PacketInfo { captured: packet.captured.clamp(oldest, packet.arrived), ..*packet };
        let publisher = packet.layer.source.publisher;
        if publisher.shard() == self.shard && !self.admit(now, at, packet) {
            return;
        }
        let Some(source) = self.sources.at_mut(at) else { return };
        let key = LayerKey::new(at, packet.layer.layer);
        let is_video = source.is_video();
        if source.listeners > 0 && source.loudness.observe(now, packet.level) && !self.crowded.is_empty() {
            self.timers.set_no_later(Timer::Speakers, now);
        }
        let layer = &mut source.layers[packet.layer.layer as usize];
        layer.last_packet = Some(now);
        layer.rate.observe(now, packet.size);
        for &subscriber in &layer.subscriptions {
            let slot = &self.slots[subscriber];
            let delay = match slot.companion {
                Some(audio) if slot.rewriter.asks_for_delay(packet) => {
                    self.slots.get(audio).and_then(|audio| audio.rewriter.delay_of(publisher))
                }
                _ => None,
            };
            let slot = &mut self.slots[subscriber];
            if slot.current != Some(key) {
                if is_video && !packet.keyframe {
                    continue;
                }
                self.turned.push((subscriber, slot.layers()));
                if is_video && let Some(since) = slot.waits_since() {
                    self.waits.observe(now.saturating_duration_since(since));
                }
                slot.switch_to(key);
            } else if slot.silent.is_some() && slot.bound.is_some_and(|b| b.wanted == key) {
                // The wanted layer flows again.
                self.turned.push((subscriber, slot.layers()));
                slot.fallback = None;
                slot.silent = None;
            }
            match slot.rewriter.handle(packet, delay) {
                Outcome::Send { seq, time, wallclock } => forward(slot.peer, &Rewrite { slot: slot.id, seq, time, wallclock }),
                Outcome::Drop => {}
                Outcome::Broken => {
                    self.turned.push((subscriber, slot.layers()));
                    slot.stop();
                }
            }
        }
        if !self.turned.is_empty() {
            self.settle_turned(now);
        }
    }

    fn settle_turned(&mut self, now: Instant) {
        let mut turned = std::mem::take(&mut self.turned);
        for (at, before) in turned.drain(..) {
            self.resubscribe(now, at, before);
            if let Some(slot) = self.slots.get_mut(at).filter(|slot| slot.is_misjudged()) {
                slot.seat.iter_mut().for_each(Seat::refresh);
                let session = slot.session;
                self.share(now, session);
            }
        }
        self.turned = turned;
    }

    /// The shards a packet of this layer must reach, asked on the publisher's shard; this shard is among them when it has a
    /// viewer itself. Empty while the track is off.
    pub fn interested_shards(&self, layer: &LayerRef) -> ShardSet {
        let source = self.sources.find(&layer.source).and_then(|at| self.sources.at(at));
        source.filter(|s| s.published.is_some()).map_or(ShardSet::EMPTY, |s| s.interest[layer.layer as usize])
    }

    /// A shard (possibly this one) wants a layer of a publisher of this shard, or does so no more.
    pub fn handle_interest(&mut self, now: Instant, from: u8, layer: LayerRef, on: bool) {
        self.note_interest(now, from, layer, on);
    }

    /// A viewer's PLI or FIR for a slot; ignored when the slot is empty.
    pub fn handle_keyframe_request(&mut self, _now: Instant, key: PeerKey, slot: SlotId) {
        let session = self.sessions.find_peer(key).and_then(|s| self.sessions.at(s));
        let Some(slot) = session.and_then(|s| s.slots.get(&slot)).and_then(|s| self.slots.get(*s)) else { return };
        let (MediaKind::Video, Some(bound)) = (slot.kind, slot.bound) else { return };
        match slot.current {
            Some(current) => self.ask(current, KeyframeNeed::Repair),
            None if slot.paused => {}
            None => self.ask(bound.wanted, KeyframeNeed::Join),
        }
    }

    /// A shard (possibly this one) needs a key frame of a publisher of this shard.
    pub fn handle_layer_keyframe_request(&mut self, now: Instant, layer: LayerRef, need: KeyframeNeed) {
        if let Some(source) = self.sources.find(&layer.source) {
            self.request_keyframe(now, source, layer.layer, need);
        }
    }

    /// Time has passed.
    pub fn handle_timeout(&mut self, now: Instant) {
        while let Some(timer) = self.timers.take_due(now) {
            match timer {
                Timer::Demand(source) => self.update_demand(now, source),
                Timer::Gate(source) => self.open_gate(now, source),
                Timer::Linger(slot) => self.end_linger(now, slot),
                Timer::Retry(layer) => self.retry_keyframe(now, layer),
                Timer::Silence(layer) => self.look_for_silence(now, layer),
                Timer::Share(session) => self.share(now, session),
                Timer::Speakers => self.choose_speakers(now),
            }
        }
    }

    /// How long viewers waited for pictures since the forwarder was made.
    pub fn waits(&self) -> &Waits {
        &self.waits
    }

    /// When [`handle_timeout`](Self::handle_timeout) is due; `None` when nothing waits for time.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.timers.next()
    }

    /// Whether nothing is remembered: no session, no track, no timer. An idle shard comes back to this.
    pub fn is_empty(&self) -> bool {
        self.sessions.is_empty() && self.sources.is_empty() && self.slots.is_empty() && self.timers.next().is_none()
    }

    /// The next thing to do; `None` when there is nothing left.
    pub fn poll_output(&mut self) -> Option<Output> {
        if self.outputs.is_empty() {
            self.gather_outputs();
        }
        self.outputs.pop_front()
    }

    /// Compares what is with what was told. Until then changes only leave a mark, so that several make one output, and
    /// those that cancel each other make none.
    fn gather_outputs(&mut self) {
        while let Some(at) = self.touched_sources.pop_first() {
            self.tell_source(at);
        }
        while let Some(at) = self.touched_sessions.pop_first() {
            let Some(session) = self.sessions.at(at) else { continue };
            let mut changed = Vec::new();
            for (&id, &slot) in &session.slots {
                let Some(slot) = self.slots.get_mut(slot) else { continue };
                let visible = slot.visible();
                if slot.told != visible {
                    slot.told = visible;
                    changed.push((id, visible));
                }
            }
            if !changed.is_empty() {
                self.outputs.push_back(Output::Slots { session: session.id, changed });
            }
        }
    }

    fn tell_source(&mut self, at: usize) {
        let Some(source) = self.sources.at_mut(at) else { return };
        for layer in [Layer::Big, Layer::Small] {
            let wanted = source.is_wanted(layer);
            let layer_ref = source.layer_ref(layer);
            let state = &mut source.layers[layer as usize];
            let asked = state.asked.take();
            if wanted != state.told {
                // New interest asks for a key frame by itself.
                state.told = wanted;
                self.outputs.push_back(Output::Interest { layer: layer_ref, on: wanted });
            } else if let Some(need) = asked
                && wanted
            {
                self.outputs.push_back(Output::Keyframe { layer: layer_ref, need });
            }
        }
        if let Some(published) = &mut source.published
            && published.told != published.wanted
        {
            published.told = published.wanted;
            if let Some(layers) = published.wanted {
                self.outputs.push_back(Output::Encode { session: source.track.publisher, layers });
            }
        }
        if self.sources.remove_if_idle(at) {
            for layer in [Layer::Big, Layer::Small].map(|l| LayerKey::new(at, l)) {
                self.timers.set(Timer::Retry(layer), None);
                self.timers.set(Timer::Silence(layer), None);
            }
            self.timers.set(Timer::Demand(at), None);
            self.timers.set(Timer::Gate(at), None);
        }
    }
}

const OLDEST_CAPTURE: Duration = Duration::from_secs(2);
