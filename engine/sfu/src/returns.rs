//! What the forwarder does for a client that is back after an outage. That it was away is found out by who hears it.

use std::time::Instant;

use rtc_protocol::{Layer, MediaKind, Track, TrackRef};

use crate::{Forwarder, KeyframeNeed, PeerKey};

impl Forwarder {
    /// A client is heard again that was away for a while, or comes from another address: what it sent meanwhile is lost, and what
    /// it was sent. Key frames of what it publishes and of what it watches are asked for, until they come.
    pub fn handle_return(&mut self, now: Instant, key: PeerKey) {
        let Some(session) = self.sessions.find_peer(key).and_then(|at| self.sessions.at(at)) else { return };
        let (publisher, slots) = (session.id, session.slots.values().copied().collect::<Vec<_>>());
        // Nothing that waits for its first picture is among them: that is seen to elsewhere.
        for slot in slots.into_iter().filter_map(|at| self.slots.get(at)).filter(|slot| slot.kind == MediaKind::Video) {
            if let Some(layer) = slot.current
                && let Some(state) = self.sources.layer_mut(layer)
            {
                state.asked = Some(KeyframeNeed::Return);
                self.touched_sources.insert(layer.source());
            }
        }
        for track in Track::ALL {
            let Some(at) = self.sources.find(&TrackRef { publisher, track }) else { continue };
            let Some(source) = self.sources.at(at) else { continue };
            let is_watched = |layer: &Layer| !source.interest[*layer as usize].is_empty();
            let watched = [Layer::Big, Layer::Small].into_iter().filter(is_watched);
            // One that still flows where another rests: a request for what rests would be none.
            if let Some(layer) = watched.min_by_key(|layer| !source.layers[*layer as usize].flows(now)) {
                self.request_keyframe(now, at, layer, KeyframeNeed::Return);
            }
        }
    }
}
