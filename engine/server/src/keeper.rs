//! The store's reader of facts: writes down who is in which room, so that a crash makes nobody leave.

use std::collections::BTreeMap;
use std::sync::Arc;

use rtc_room::{Fact, FactBody};
use rtc_store::{MembershipChange, Store};
use tokio::sync::watch;

use crate::bus::Reader;
use crate::roster::Roster;

pub(crate) struct Keeper {
    pub(crate) store: Store,
    pub(crate) roster: Arc<Roster>,
    /// The number of the last fact that has been written, or could not be: nobody waits for a disk that fails.
    pub(crate) written: watch::Sender<u64>,
}

impl Keeper {
    /// What the facts made of each session they touch, once for each. A session that goes on is written as it is now, which
    /// may be later than the facts: what was written last is what counts.
    fn changes(&self, facts: &[Arc<Fact>]) -> Vec<MembershipChange> {
        let mut sessions = BTreeMap::new();
        for fact in facts {
            if let Some(session) = fact.body.changed_membership() {
                sessions.insert(session, matches!(fact.body, FactBody::MemberLeft { .. }));
            }
        }
        let change = |(session, has_left)| match has_left {
            true => Some(MembershipChange::Ended(session)),
            false => self.roster.find(session).map(|kept| MembershipChange::Is(Box::new(kept))),
        };
        sessions.into_iter().filter_map(change).collect()
    }
}

impl Reader for Keeper {
    fn name(&self) -> &'static str {
        "store"
    }

    async fn handle_facts(&mut self, facts: &[Arc<Fact>]) {
        let changes = self.changes(facts);
        if let Err(error) = self.store.change_memberships(&changes).await {
            tracing::error!(%error, changes = changes.len(), "memberships could not be written");
            self.handle_missed(changes.len() as u64).await;
        }
        if let Some(last) = facts.last() {
            self.written.send_replace(last.n);
        }
    }

    async fn handle_missed(&mut self, _: u64) {
        if let Err(error) = self.store.replace_memberships(&self.roster.all()).await {
            tracing::error!(%error, "memberships could not be written anew");
        }
    }
}
