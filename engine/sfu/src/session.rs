//! What a session wishes to see and hear, and the lines it has for that; the wishes outlive its peer connection.

use std::collections::BTreeMap;

use rtc_protocol::{Layer, Qos, SessionId, TrackRef};
use slab::Slab;

use crate::downlink::Downlink;
use crate::slots::SlotTable;
use crate::speakers::Voice;
use crate::{PeerKey, SlotId};

#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) peer: Option<PeerKey>,
    pub(crate) table: SlotTable,
    /// Where the slots of `table` are.
    pub(crate) slots: BTreeMap<SlotId, usize>,
    /// In the order they were asked for.
    pub(crate) views: Vec<View>,
    /// In the order they were asked for.
    pub(crate) voices: Vec<Voice>,
    pub(crate) qos: Qos,
    /// Present where estimates are made for its peer connection.
    pub(crate) downlink: Option<Downlink>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    pub(crate) source: TrackRef,
    pub(crate) layer: Layer,
}

impl Session {
    fn new(id: SessionId) -> Self {
        Self {
            id,
            peer: None,
            table: SlotTable::default(),
            slots: BTreeMap::new(),
            views: Vec::new(),
            voices: Vec::new(),
            qos: Qos::default(),
            downlink: None,
        }
    }
}

/// All of a shard.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    slab: Slab<Session>,
    by_id: BTreeMap<SessionId, usize>,
    by_peer: BTreeMap<PeerKey, usize>,
}

impl Sessions {
    pub(crate) fn find(&self, id: SessionId) -> Option<usize> {
        self.by_id.get(&id).copied()
    }

    pub(crate) fn find_peer(&self, key: PeerKey) -> Option<usize> {
        self.by_peer.get(&key).copied()
    }

    pub(crate) fn find_or_add(&mut self, id: SessionId) -> usize {
        *self.by_id.entry(id).or_insert_with(|| self.slab.insert(Session::new(id)))
    }

    pub(crate) fn at(&self, session: usize) -> Option<&Session> {
        self.slab.get(session)
    }

    pub(crate) fn at_mut(&mut self, session: usize) -> Option<&mut Session> {
        self.slab.get_mut(session)
    }

    pub(crate) fn connect(&mut self, session: usize, key: PeerKey) {
        if let Some(s) = self.slab.get_mut(session) {
            s.peer = Some(key);
            self.by_peer.insert(key, session);
        }
    }

    pub(crate) fn disconnect(&mut self, session: usize) {
        if let Some(key) = self.slab.get_mut(session).and_then(|s| s.peer.take()) {
            self.by_peer.remove(&key);
        }
    }

    /// Forgets a session that has neither a peer connection nor a wish.
    pub(crate) fn remove_if_idle(&mut self, session: usize) {
        let wishes = |s: &Session| !s.views.is_empty() || !s.voices.is_empty() || s.qos != Qos::default();
        let is_idle = |s: &&Session| s.peer.is_none() && !wishes(s);
        if let Some(id) = self.slab.get(session).filter(is_idle).map(|s| s.id) {
            self.slab.remove(session);
            self.by_id.remove(&id);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.slab.is_empty()
    }
}
