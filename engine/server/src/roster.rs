//! Each membership as it is to be kept. Written by the control, read by the store's reader; a lookup table and no more.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rtc_protocol::SessionId;
use rtc_store::KeptMembership;

#[derive(Debug, Default)]
pub(crate) struct Roster {
    memberships: Mutex<BTreeMap<SessionId, KeptMembership>>,
}

impl Roster {
    pub(crate) fn insert(&self, kept: KeptMembership) {
        self.lock().insert(kept.membership.session, kept);
    }

    pub(crate) fn remove(&self, session: SessionId) {
        self.lock().remove(&session);
    }

    pub(crate) fn find(&self, session: SessionId) -> Option<KeptMembership> {
        self.lock().get(&session).cloned()
    }

    pub(crate) fn all(&self) -> Vec<KeptMembership> {
        self.lock().values().cloned().collect()
    }

    /// Nothing that is done under the lock can leave an entry half changed.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<SessionId, KeptMembership>> {
        self.memberships.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
