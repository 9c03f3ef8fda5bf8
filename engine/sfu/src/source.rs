//! The tracks known on a shard: who subscribes to their layers here, and, on the publisher's own shard, which shards want
//! them and whether they are published. It makes no decision.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::time::{Duration, Instant};

use rtc_protocol::{EncodeLayers, Layer, MediaKind, TrackRef};
use slab::Slab;

use crate::demand::Demand;
use crate::keyframes::KeyframeGate;
use crate::speakers::{Loudness, Silence};
use crate::{KeyframeNeed, LayerRef, Rate, ShardSet};

/// A track, as far as this shard has to do with it.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) track: TrackRef,
    pub(crate) layers: [LayerState; 2],
    /// Microphones: as it is heard by the sessions of this shard.
    pub(crate) loudness: Loudness,
    /// Microphones: whether it is silent, and what of that passed.
    pub(crate) silence: Silence,
    /// Microphones: sessions of this shard that would hear it if it were loud enough.
    pub(crate) listeners: u32,
    /// Slots of this shard that it is in, also those it is paused in.
    pub(crate) seats: u32,
    /// The publisher's shard: who wants which layer.
    pub(crate) interest: [ShardSet; 2],
    /// The publisher's shard: present while the track is not off.
    pub(crate) published: Option<Published>,
}

/// One layer of a track on this shard.
#[derive(Debug, Default)]
pub(crate) struct LayerState {
    /// The slots its packets go to, or that wait for its key frame.
    pub(crate) subscriptions: Vec<usize>,
    pub(crate) last_packet: Option<Instant>,
    pub(crate) rate: Rate,
    /// Whether the publisher's shard was told that this shard wants it.
    pub(crate) told: bool,
    /// A key frame is to be asked for.
    pub(crate) asked: Option<KeyframeNeed>,
}

/// A published track on the publisher's shard.
#[derive(Debug)]
pub(crate) struct Published {
    pub(crate) small: bool,
    pub(crate) demand: Demand,
    pub(crate) gate: KeyframeGate,
    pub(crate) wanted: Option<EncodeLayers>,
    pub(crate) told: Option<EncodeLayers>,
}

/// A layer of a source of this shard, in one small number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LayerKey(u32);

impl LayerKey {
    pub(crate) fn new(source: usize, layer: Layer) -> Self {
        // 2^31 sources do not fit into memory.
        Self((source as u32) << 1 | layer as u32)
    }

    pub(crate) fn source(self) -> usize {
        (self.0 >> 1) as usize
    }

    pub(crate) fn layer(self) -> Layer {
        if self.0 & 1 == 0 { Layer::Big } else { Layer::Small }
    }
}

impl Source {
    fn new(track: TrackRef) -> Self {
        Self {
            track,
            layers: <[LayerState; 2]>::default(),
            loudness: Loudness::default(),
            silence: Silence::default(),
            listeners: 0,
            seats: 0,
            interest: [ShardSet::EMPTY; 2],
            published: None,
        }
    }

    pub(crate) fn is_video(&self) -> bool {
        self.track.track.kind() == MediaKind::Video
    }

    /// Whether this shard wants the packets of a layer.
    pub(crate) fn is_wanted(&self, layer: Layer) -> bool {
        !self.layers[layer as usize].subscriptions.is_empty() || (layer == Layer::Big && self.listeners > 0)
    }

    pub(crate) fn layer_ref(&self, layer: Layer) -> LayerRef {
        LayerRef { source: self.track, layer }
    }

    fn is_idle(&self) -> bool {
        self.published.is_none()
            && self.listeners == 0
            && self.seats == 0
            && self.interest.iter().all(ShardSet::is_empty)
            && self.layers.iter().all(|l| l.subscriptions.is_empty() && !l.told)
    }
}

impl LayerState {
    /// Whether packets came lately.
    pub(crate) fn flows(&self, now: Instant) -> bool {
        self.last_packet.is_some_and(|at| now.saturating_duration_since(at) < FLOWS)
    }
}

/// All of a shard.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    slab: Slab<Source>,
    index: HashMap<TrackRef, usize, BuildHasherDefault<IdHasher>>,
}

impl Sources {
    pub(crate) fn find(&self, track: &TrackRef) -> Option<usize> {
        self.index.get(track).copied()
    }

    pub(crate) fn find_or_add(&mut self, track: TrackRef) -> usize {
        *self.index.entry(track).or_insert_with(|| self.slab.insert(Source::new(track)))
    }

    pub(crate) fn at(&self, source: usize) -> Option<&Source> {
        self.slab.get(source)
    }

    pub(crate) fn at_mut(&mut self, source: usize) -> Option<&mut Source> {
        self.slab.get_mut(source)
    }

    pub(crate) fn layer_mut(&mut self, key: LayerKey) -> Option<&mut LayerState> {
        self.slab.get_mut(key.source()).map(|s| &mut s.layers[key.layer() as usize])
    }

    /// Forgets a source that nothing holds any more; says whether it did.
    pub(crate) fn remove_if_idle(&mut self, source: usize) -> bool {
        let Some(track) = self.slab.get(source).filter(|s| s.is_idle()).map(|s| s.track) else { return false };
        self.slab.remove(source);
        self.index.remove(&track);
        true
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.slab.is_empty()
    }
}

/// Mixes the few words of a [`TrackRef`]. Session ids are given out by the engine, so nobody can choose colliding ones, and
/// this costs a tenth of the standard hash on every packet.
#[derive(Debug, Default)]
pub(crate) struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }

    fn write(&mut self, bytes: &[u8]) {
        for &b in bytes {
            self.write_u64(b.into());
        }
    }

    fn write_u64(&mut self, word: u64) {
        // The odd constant is 2^64 divided by the golden ratio (Knuth's multiplicative hashing).
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_isize(&mut self, word: isize) {
        self.write_u64(word as u64);
    }
}

const FLOWS: Duration = Duration::from_secs(1);
