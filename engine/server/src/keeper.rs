//! The store's reader of facts: writes down who is in which room, so that a crash makes nobody leave.

use std::sync::Arc;

use rtc_room::{Fact, FactBody};
use rtc_store::{MembershipChange, Store};

use crate::bus::Reader;
use crate::roster::Roster;

pub(crate) struct Keeper {
    pub(crate) store: Store,
    pub(crate) roster: Arc<Roster>,
}

impl Keeper {
    /// The state of the session as it is now, which may be later than the fact: what was written last is what counts.
    fn change(&self, fact: &Fact) -> Option<MembershipChange> {
        match &fact.body {
            FactBody::MemberEntered { session, .. } | FactBody::RoleChanged { session, .. } => {
                self.roster.find(*session).map(|membership| MembershipChange::Is(Box::new(membership)))
            }
            FactBody::MemberLeft { session, .. } => Some(MembershipChange::Ended(*session)),
            _ => None,
        }
    }
}

impl Reader for Keeper {
    fn name(&self) -> &'static str {
        "store"
    }

    async fn handle_facts(&mut self, facts: &[Arc<Fact>]) {
        let changes: Vec<_> = facts.iter().filter_map(|fact| self.change(fact)).collect();
        if let Err(error) = self.store.change_memberships(&changes).await {
            tracing::error!(%error, changes = changes.len(), "memberships could not be written");
            self.handle_missed(changes.len() as u64).await;
        }
    }

    async fn handle_missed(&mut self, _: u64) {
        if let Err(error) = self.store.replace_memberships(&self.roster.all()).await {
            tracing::error!(%error, "memberships could not be written anew");
        }
    }
}
