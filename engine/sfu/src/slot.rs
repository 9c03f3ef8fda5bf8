//! One slot at work: what it shall carry, what it carries now, and how its packets are renumbered.

use std::time::Instant;

use rtc_protocol::{Layer, MediaKind, Occupant, TrackRef};

use crate::allocation::{Given, Seat};
use crate::rewrite::Rewriter;
use crate::source::LayerKey;
use crate::{PeerKey, SlotId};

#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) session: usize,
    pub(crate) peer: PeerKey,
    pub(crate) id: SlotId,
    pub(crate) kind: MediaKind,
    /// For a video slot: the audio slot of its pair.
    pub(crate) companion: Option<usize>,
    /// What it shall carry.
    pub(crate) bound: Option<Bound>,
    /// What it carries: the layer whose packets pass. Differs from what it shall carry until the key frame comes.
    pub(crate) current: Option<LayerKey>,
    /// The big layer, while the wanted small one is silent.
    pub(crate) fallback: Option<LayerKey>,
    /// For a video slot with something in it: how much of that the viewer gets.
    pub(crate) seat: Option<Seat>,
    /// Nothing of what is in it flows: the viewer's network does not take it.
    pub(crate) paused: bool,
    /// Since when the small layer was found to be silent.
    pub(crate) silent: Option<Instant>,
    /// What the viewer was told that it carries.
    pub(crate) told: Option<Occupant>,
    pub(crate) rewriter: Rewriter,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bound {
    pub(crate) track: TrackRef,
    pub(crate) wanted: LayerKey,
    pub(crate) since: Instant,
}

impl Slot {
    pub(crate) fn new(session: usize, peer: PeerKey, id: SlotId, kind: MediaKind) -> Self {
        Self {
            session,
            peer,
            id,
            kind,
            companion: None,
            bound: None,
            current: None,
            fallback: None,
            seat: None,
            paused: false,
            silent: None,
            told: None,
            rewriter: Rewriter::new(kind),
        }
    }

    /// The layers it must be subscribed to; one may be named twice.
    pub(crate) fn layers(&self) -> [Option<LayerKey>; 3] {
        [self.current, self.bound.map(|b| b.wanted).filter(|_| !self.paused), self.fallback]
    }

    /// Whether it still shows its old occupant.
    pub(crate) fn is_lingering(&self) -> bool {
        matches!((self.current, self.bound), (Some(current), Some(bound)) if current.source() != bound.wanted.source())
    }

    /// What the viewer is to be told: the old occupant until it is really gone, and that one is paused until it is seen
    /// again.
    pub(crate) fn visible(&self) -> Option<Occupant> {
        if self.is_lingering() {
            return self.told;
        }
        let track = self.bound?.track;
        let is_given = self.seat.as_ref().is_none_or(|seat| seat.given > Given::Nothing);
        let was_paused = self.told.is_some_and(|told| told.track == track && told.paused);
        let is_seen = self.current.is_some_and(|current| self.silent.is_none() || current.layer() == Layer::Big);
        Some(Occupant { track, paused: (!is_given || was_paused) && !is_seen })
    }

    /// Whether it waits for a key frame of this layer.
    pub(crate) fn waits_for(&self, layer: LayerKey) -> bool {
        self.kind == MediaKind::Video
            && !self.paused
            && self.current != Some(layer)
            && (self.bound.is_some_and(|b| b.wanted == layer) || self.fallback == Some(layer))
    }

    /// Since when nothing of what is in it was seen, though it could have been; nothing where that is seen.
    pub(crate) fn waits_since(&self) -> Option<Instant> {
        let bound = self.bound.filter(|_| !self.paused && (self.current.is_none() || self.is_lingering()))?;
        Some(bound.since)
    }

    pub(crate) fn switch_to(&mut self, layer: LayerKey) {
        self.rewriter.leave();
        self.current = Some(layer);
        if self.bound.is_some_and(|b| b.wanted == layer) {
            self.fallback = None;
            self.silent = None;
        }
    }

    pub(crate) fn stop(&mut self) {
        self.rewriter.leave();
        self.current = None;
    }
}
