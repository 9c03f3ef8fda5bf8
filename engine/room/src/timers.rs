//! What is to be done later, soonest first.

use std::collections::BTreeSet;

use rtc_protocol::{RoomKey, SessionId};

use crate::Time;

/// Something to be done later.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// Evict a member that is away.
    Evict(SessionId),
    /// End a room that was kept without members.
    EndRoom(RoomKey),
    /// Tell a room the qualities that changed.
    TellQuality(RoomKey),
}

/// All timers of an engine's rooms. Whoever sets one remembers its time, to cancel it.
#[derive(Debug, Default)]
pub(crate) struct Timers(BTreeSet<(Time, Timer)>);

impl Timers {
    pub(crate) fn set(&mut self, at: Time, timer: Timer) {
        self.0.insert((at, timer));
    }

    pub(crate) fn cancel(&mut self, at: Time, timer: Timer) {
        self.0.remove(&(at, timer));
    }

    pub(crate) fn next(&self) -> Option<Time> {
        self.0.first().map(|(at, _)| *at)
    }

    pub(crate) fn pop_due(&mut self, now: Time) -> Option<Timer> {
        let (at, _) = self.0.first()?;
        if *at > now {
            return None;
        }
        self.0.pop_first().map(|(_, timer)| timer)
    }
}
