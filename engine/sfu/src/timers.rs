//! What waits for time in one shard; it does not know what the waiting is for.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use crate::source::LayerKey;

/// What is looked at again when its time has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// A source's encoded layers.
    Demand(usize),
    /// A source's merged key-frame request.
    Gate(usize),
    /// A slot that still shows its old occupant.
    Linger(usize),
    /// A layer whose key frame is waited for.
    Retry(LayerKey),
    /// A small layer that may have fallen silent.
    Silence(LayerKey),
    /// What a session's network is shared among.
    Share(usize),
    /// The choice of speakers.
    Speakers,
}

#[derive(Debug, Default)]
pub(crate) struct Timers {
    queue: BTreeSet<(Instant, Timer)>,
    armed: BTreeMap<Timer, Instant>,
}

impl Timers {
    /// Sets, moves or clears a timer.
    pub(crate) fn set(&mut self, timer: Timer, at: Option<Instant>) {
        let before = match at {
            Some(at) => self.armed.insert(timer, at),
            None => self.armed.remove(&timer),
        };
        if before == at {
            return;
        }
        if let Some(before) = before {
            self.queue.remove(&(before, timer));
        }
        if let Some(at) = at {
            self.queue.insert((at, timer));
        }
    }

    /// Sets a timer unless it is due before anyway.
    pub(crate) fn set_no_later(&mut self, timer: Timer, at: Instant) {
        if self.armed.get(&timer).is_none_or(|armed| at < *armed) {
            self.set(timer, Some(at));
        }
    }

    pub(crate) fn next(&self) -> Option<Instant> {
        self.queue.first().map(|(at, _)| *at)
    }

    /// Takes a timer whose time has come.
    pub(crate) fn take_due(&mut self, now: Instant) -> Option<Timer> {
        let (_, timer) = *self.queue.first().filter(|(at, _)| *at <= now)?;
        self.set(timer, None);
        Some(timer)
    }
}
