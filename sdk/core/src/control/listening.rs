//! Whose sound is wanted: everybody's, nobody's, and the exceptions. It plays nothing.

use std::collections::BTreeMap;

use rtc_protocol::UserId;
use rtc_session::Command;

use super::Control;

/// What the application said about hearing, for one stay.
#[derive(Debug)]
pub(crate) struct Hearing {
    /// `setDefaultStreamRecvMode`: what a stay begins with.
    hears_by_default: bool,
    /// `muteAllRemoteAudio`, once it was called.
    all: Option<bool>,
    /// `muteRemoteAudio`, since the last word about all.
    exceptions: BTreeMap<UserId, bool>,
}

impl Default for Hearing {
    fn default() -> Self {
        Self { hears_by_default: true, all: None, exceptions: BTreeMap::new() }
    }
}

/// More exceptions than a room has members are nonsense; the oldest names go.
const MOST_EXCEPTIONS: usize = 4096;

impl Hearing {
    pub(crate) fn hears_all(&self) -> bool {
        self.all.unwrap_or(self.hears_by_default)
    }

    /// Everything that was said applies to one stay, but the default.
    pub(crate) fn reset(&mut self) {
        self.all = None;
        self.exceptions.clear();
    }

    fn say(&mut self, user: UserId, on: bool) {
        if self.exceptions.len() >= MOST_EXCEPTIONS {
            self.exceptions.pop_first();
        }
        self.exceptions.insert(user, on);
    }
}

impl Control {
    /// `setDefaultStreamRecvMode`, for the next entry.
    pub(crate) fn set_default_hearing(&mut self, on: bool) {
        self.hearing.hears_by_default = on;
    }

    /// `muteRemoteAudio`.
    pub(crate) fn listen_to(&mut self, user: UserId, on: bool) {
        self.hearing.say(user.clone(), on);
        self.command(Command::Listen { user_id: Some(user), on });
    }

    /// `muteAllRemoteAudio`.
    pub(crate) fn listen_to_all(&mut self, on: bool) {
        self.hearing.all = Some(on);
        self.hearing.exceptions.clear();
        self.command(Command::Listen { user_id: None, on });
    }

    /// Tells a new session what was said before it.
    pub(super) fn listen_again(&self) {
        for (user, on) in &self.hearing.exceptions {
            self.command(Command::Listen { user_id: Some(user.clone()), on: *on });
        }
    }
}
