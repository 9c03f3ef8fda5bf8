//! A membership as it outlives a run: all that is needed to take it up again after a crash. Where it is kept, and who may
//! come back to it, is decided elsewhere.

use std::collections::BTreeSet;

use rtc_protocol::{Layer, MemberKind, Qos, Role, RoomKey, Scene, SdkInfo, SessionId, Track, Tracks, UserId};
use serde::{Deserialize, Serialize};

use crate::{Permissions, Time};

/// A member with what it does in its room. [`crate::Rooms::membership`] tells it,
/// [`crate::FactBody::changed_membership`] tells when it is another one, and [`crate::Rooms::handle_restore`] takes it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Membership {
    /// The session. It stays the same.
    pub session: SessionId,
    /// The room.
    pub key: RoomKey,
    /// Who.
    pub user: UserId,
    /// When it began.
    pub entered: Time,
    /// The scene of the room, which is that of whoever entered first.
    pub scene: Scene,
    /// Anchor or audience.
    pub role: Role,
    /// Person, robot, linked.
    pub kind: MemberKind,
    /// What it may do.
    pub permissions: Permissions,
    /// What it publishes.
    pub tracks: Tracks,
    /// Whom it wants to hear.
    pub hearing: Hearing,
    /// What matters to it. An engine of the version before wrote nothing of it.
    #[serde(default)]
    pub qos: Qos,
    /// What it views.
    pub views: Vec<Viewed>,
    /// Its SDK.
    pub sdk: SdkInfo,
    /// Where its first connection came from.
    pub address: String,
    /// `userDefineRecordId`.
    pub record_id: Option<String>,
}

/// Whom a member wants to hear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hearing {
    /// Those of whom nothing was said.
    pub everybody: bool,
    /// Those for whom the opposite holds. They need not be in the room.
    pub except: BTreeSet<UserId>,
}

/// A video track that a member views.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Viewed {
    /// Whose.
    pub publisher: SessionId,
    /// Camera or screen.
    pub track: Track,
    /// The layer it asked for.
    pub layer: Layer,
}

impl Hearing {
    pub(crate) fn wants(&self, user: &UserId) -> bool {
        self.everybody != self.except.contains(user)
    }

    /// Everybody, now and later, and whatever was said of single users is forgotten. False if that says nothing new.
    pub(crate) fn set_everybody(&mut self, on: bool) -> bool {
        let is_new = self.everybody != on || !self.except.is_empty();
        self.everybody = on;
        self.except.clear();
        is_new
    }

    /// One user, who need not be in the room yet. False if that says nothing new; nothing if it makes more than `max`
    /// exceptions.
    pub(crate) fn set(&mut self, user: &UserId, on: bool, max: usize) -> Option<bool> {
        if on == self.everybody {
            return Some(self.except.remove(user));
        }
        if self.except.contains(user) {
            return Some(false);
        }
        if self.except.len() >= max {
            return None;
        }
        Some(self.except.insert(user.clone()))
    }
}
