//! The details of each membership that rooms do not tell in facts and the store keeps. Written by the control, read by
//! the store's reader; a lookup table and no more.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rtc_protocol::SessionId;
use rtc_store::{Membership, MembershipDetails};

#[derive(Debug, Default)]
pub(crate) struct Roster {
    memberships: Mutex<BTreeMap<SessionId, Membership>>,
}

impl Roster {
    pub(crate) fn insert(&self, membership: Membership) {
        self.lock().insert(membership.session, membership);
    }

    pub(crate) fn change<T>(&self, session: SessionId, change: impl FnOnce(&mut MembershipDetails) -> T) -> Option<T> {
        self.lock().get_mut(&session).map(|membership| change(&mut membership.details))
    }

    pub(crate) fn remove(&self, session: SessionId) {
        self.lock().remove(&session);
    }

    pub(crate) fn find(&self, session: SessionId) -> Option<Membership> {
        self.lock().get(&session).cloned()
    }

    pub(crate) fn all(&self) -> Vec<Membership> {
        self.lock().values().cloned().collect()
    }

    /// Nothing that is done under the lock can leave an entry half changed.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<SessionId, Membership>> {
        self.memberships.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
