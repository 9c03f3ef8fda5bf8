//! Whose sound is wanted: everybody's, nobody's, and the exceptions. It plays nothing.

use std::collections::{BTreeMap, BTreeSet};

use rtc_api::{AVStatusChangeReason, AVStatusType, Event};
use rtc_protocol::{Track, UserId};
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
    /// Whose sound has begun to arrive and was not told yet, because its owner was not told as publishing it.
    early: BTreeSet<UserId>,
}

impl Default for Hearing {
    fn default() -> Self {
        Self { hears_by_default: true, all: None, exceptions: BTreeMap::new(), early: BTreeSet::new() }
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
        self.early.clear();
    }

    /// What was said of single users was about those of the old room; what was said of all goes on.
    pub(super) fn another_room(&mut self) {
        self.exceptions.clear();
        self.early.clear();
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

    /// Somebody's sound has begun to arrive.
    pub(crate) fn voice_began(&mut self, user: UserId) {
        if self.others.has(&user, Track::Microphone) {
            let user_id = user.to_string();
            self.courier.tell(Event::FirstAudioFrame { user_id: user_id.clone() });
            let (status, reason) = (AVStatusType::Playing, AVStatusChangeReason::RemoteStarted);
            self.courier.tell(Event::RemoteAudioStatusUpdated { user_id, status, reason });
        } else if self.hearing.early.len() < MOST_EXCEPTIONS {
            self.hearing.early.insert(user);
        }
    }

    /// Somebody was told as publishing sound, some of which may be here already.
    pub(super) fn tell_early_voice(&mut self, user: &UserId) {
        if self.others.has(user, Track::Microphone)
            && let Some(user) = self.hearing.early.take(user)
        {
            self.voice_began(user);
        }
    }

    /// Somebody's sound does not arrive any more.
    pub(crate) fn voice_ended(&mut self, user: &UserId) {
        if !self.hearing.early.remove(user) && self.stay.as_ref().is_some_and(|stay| !stay.is_leaving) {
            let (status, reason) = (AVStatusType::Stopped, AVStatusChangeReason::RemoteStopped);
            self.courier.tell(Event::RemoteAudioStatusUpdated { user_id: user.to_string(), status, reason });
        }
    }

    /// Tells a new session what was said before it.
    pub(super) fn listen_again(&self) {
        for (user, on) in &self.hearing.exceptions {
            self.command(Command::Listen { user_id: Some(user.clone()), on: *on });
        }
    }
}
