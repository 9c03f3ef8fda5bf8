//! What the forwarder decides for the publishers of its shard: who may send, what is worth encoding, when a key frame is
//! asked for. Viewers are known here only as shards that are interested.

use std::time::Instant;

use rtc_protocol::{EncodeLayers, Layer, SessionId, Track, TrackRef, TrackState};

use crate::demand::Demand;
use crate::keyframes::KeyframeGate;
use crate::source::Published;
use crate::timers::Timer;
use crate::{Forwarder, KeyframeNeed, LayerRef, Output, PacketInfo, ShardSet};

impl Forwarder {
    pub(crate) fn publish(&mut self, now: Instant, source: TrackRef, state: TrackState, small: bool) {
        if source.publisher.shard() != self.shard {
            return;
        }
        if state == TrackState::Off {
            self.unpublish(source);
            return;
        }
        let at = self.sources.find_or_add(source);
        let Some(source) = self.sources.at_mut(at) else { return };
        let small = small && source.track.track == Track::Camera;
        match &mut source.published {
            Some(published) => published.small = small,
            None => {
                // Packets that come from now on begin a new flow, whatever came before.
                source.layers.iter_mut().for_each(|l| l.last_packet = None);
                let (demand, gate) = (Demand::new(now), KeyframeGate::default());
                source.published = Some(Published { small, demand, gate, wanted: None, told: None });
            }
        }
        self.update_demand(now, at);
    }

    /// Drops what comes from now on. Who still wants it is not forgotten: the rooms tell the viewers, and they take their
    /// interest back.
    pub(crate) fn unpublish(&mut self, source: TrackRef) {
        let Some(at) = self.sources.find(&source) else { return };
        if let Some(source) = self.sources.at_mut(at) {
            source.published = None;
            self.timers.set(Timer::Demand(at), None);
            self.timers.set(Timer::Gate(at), None);
            self.touched_sources.insert(at);
        }
    }

    /// Looks at a packet of a publisher of this shard; says whether it may pass.
    pub(crate) fn admit(&mut self, now: Instant, at: usize, packet: &PacketInfo) -> bool {
        let Some(source) = self.sources.at_mut(at) else { return false };
        let is_video = source.is_video();
        let Some(published) = &mut source.published else { return false };
        if !is_video {
            return true;
        }
        let layer = packet.layer.layer;
        if layer == Layer::Big && published.demand.observe_big(now) {
            self.update_demand(now, at);
        }
        let Some(source) = self.sources.at_mut(at) else { return false };
        let Some(published) = &mut source.published else { return false };
        if packet.keyframe {
            published.gate.observe(now, layer);
        } else if !source.layers[layer as usize].flows(now) && !source.interest[layer as usize].is_empty() {
            // Somebody wants it, but it was not there for the first packets.
            source.layers[layer as usize].last_packet = Some(now);
            self.request_keyframe(now, at, layer, KeyframeNeed::Join);
        }
        true
    }

    pub(crate) fn note_interest(&mut self, now: Instant, from: u8, layer: LayerRef, on: bool) {
        if layer.source.publisher.shard() != self.shard {
            return;
        }
        let found = self.sources.find(&layer.source);
        let Some(at) = found.or_else(|| on.then(|| self.sources.find_or_add(layer.source))) else { return };
        let Some(source) = self.sources.at_mut(at) else { return };
        if !source.interest[layer.layer as usize].set(from, on) {
            return;
        }
        // A layer that is not encoded yet will start with a key frame.
        let flows = source.layers[layer.layer as usize].flows(now);
        self.update_demand(now, at);
        if on && flows {
            self.request_keyframe(now, at, layer.layer, KeyframeNeed::Join);
        }
        self.touched_sources.insert(at);
    }

    pub(crate) fn update_demand(&mut self, now: Instant, at: usize) {
        let Some(source) = self.sources.at_mut(at) else { return };
        let is_video = source.is_video();
        let [big, small] = source.interest.map(|i: ShardSet| !i.is_empty());
        let Some(published) = source.published.as_mut().filter(|_| is_video) else { return };
        published.demand.watch(now, big, small);
        let wanted = published.demand.wanted(now, published.small, &self.config);
        published.wanted = Some(EncodeLayers { track: source.track.track, big: wanted.big, small: wanted.small });
        self.timers.set(Timer::Demand(at), wanted.changes);
        self.touched_sources.insert(at);
    }

    pub(crate) fn request_keyframe(&mut self, now: Instant, at: usize, layer: Layer, need: KeyframeNeed) {
        let Some(source) = self.sources.at_mut(at) else { return };
        let is_video = source.is_video();
        let [asked, other] = [layer as usize, 1 - layer as usize].map(|l| source.layers[l].flows(now));
        let Some(published) = source.published.as_mut().filter(|_| is_video) else { return };
        if other && !asked {
            // The layer rests, or the picture is too small for two: it comes back with a key frame. A request for it would
            // only stand in the way of those for the layer that flows.
            return;
        }
        let is_now = published.gate.request(now, layer, need, &self.config);
        self.timers.set(Timer::Gate(at), published.gate.due());
        if is_now {
            self.send_keyframe_request(at, layer);
        }
    }

    pub(crate) fn open_gate(&mut self, now: Instant, at: usize) {
        let Some(published) = self.sources.at_mut(at).and_then(|s| s.published.as_mut()) else { return };
        let layer = published.gate.handle_timeout(now, &self.config);
        self.timers.set(Timer::Gate(at), published.gate.due());
        if let Some(layer) = layer {
            self.send_keyframe_request(at, layer);
        }
    }

    fn send_keyframe_request(&mut self, at: usize, layer: Layer) {
        let Some(TrackRef { publisher, track }) = self.sources.at(at).map(|s| s.track) else { return };
        let peer = self.sessions.find(publisher).and_then(|s| self.sessions.at(s)).and_then(|s| s.peer);
        if let Some(key) = peer {
            self.outputs.push_back(Output::RequestKeyframe { key, track, layer });
        }
    }

    /// A new peer connection has to be told what to encode.
    pub(crate) fn tell_encoding_anew(&mut self, publisher: SessionId) {
        for track in Track::ALL {
            if let Some(at) = self.sources.find(&TrackRef { publisher, track })
                && let Some(published) = self.sources.at_mut(at).and_then(|s| s.published.as_mut())
            {
                published.told = None;
                self.touched_sources.insert(at);
            }
        }
    }
}
