//! What the calling thread of an application must know at once, without waiting for the control thread: where the instance
//! is, and what its getters answer. The control thread writes it.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::{Duration, Instant};

use rtc_link::Trust;
use rtc_protocol::limits;

use crate::lock::lock;

/// Where an instance is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Phase {
    Out,
    Entering,
    In,
    Leaving,
}

#[derive(Debug, Default)]
pub(crate) struct Shared {
    phase: AtomicU8,
    is_audience: AtomicBool,
    server: Mutex<Option<String>>,
    trust: Mutex<Trust>,
    messages: Mutex<Pace>,
}

impl Shared {
    pub(crate) fn phase(&self) -> Phase {
        match self.phase.load(Ordering::Acquire) {
            1 => Phase::Entering,
            2 => Phase::In,
            3 => Phase::Leaving,
            _ => Phase::Out,
        }
    }

    pub(crate) fn set_phase(&self, phase: Phase) {
        self.phase.store(phase as u8, Ordering::Release);
    }

    pub(crate) fn is_audience(&self) -> bool {
        self.is_audience.load(Ordering::Acquire)
    }

    pub(crate) fn set_audience(&self, is_audience: bool) {
        self.is_audience.store(is_audience, Ordering::Release);
    }

    /// The address this instance was told, if it was.
    pub(crate) fn server(&self) -> Option<String> {
        lock(&self.server).clone()
    }

    pub(crate) fn set_server(&self, address: String) {
        *lock(&self.server) = Some(address);
    }

    /// How the engine's certificate is judged.
    pub(crate) fn trust(&self) -> Trust {
        lock(&self.trust).clone()
    }

    pub(crate) fn set_trust(&self, trust: Trust) {
        *lock(&self.trust) = trust;
    }

    /// Whether one more message of so many bytes keeps to what a member may send in a second.
    pub(crate) fn may_send(&self, bytes: usize, now: Instant) -> bool {
        lock(&self.messages).admit(bytes, now)
    }
}

/// What was sent within the last second, whenever that began: a second that is counted from its first message would let twice
/// as many through around its end.
#[derive(Debug, Default)]
struct Pace {
    /// When, and how many bytes. Never more than a second's worth of messages.
    sent: VecDeque<(Instant, usize)>,
}

impl Pace {
    fn admit(&mut self, bytes: usize, now: Instant) -> bool {
        while self.sent.front().is_some_and(|(at, _)| now.saturating_duration_since(*at) >= SECOND) {
            self.sent.pop_front();
        }
        let total = self.sent.iter().fold(bytes, |sum, (_, bytes)| sum.saturating_add(*bytes));
        let fits = self.sent.len() < limits::CUSTOM_MESSAGES_PER_SECOND as usize
            && total <= limits::CUSTOM_MESSAGE_BYTES_PER_SECOND as usize;
        if fits {
            self.sent.push_back((now, bytes));
        }
        fits
    }
}

const SECOND: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_has_room_for_thirty_messages_and_sixteen_kilobytes() {
        let shared = Shared::default();
        let now = Instant::now();
        assert!((0..30).all(|_| shared.may_send(10, now)));
        assert!(!shared.may_send(10, now));
        let later = now + Duration::from_secs(1);
        assert!((0..16).all(|_| shared.may_send(1024, later)));
        assert!(!shared.may_send(1, later));
    }

    #[test]
    fn any_second_has_that_room_and_not_more() {
        let shared = Shared::default();
        let now = Instant::now();
        let at = |ms| now + Duration::from_millis(ms);
        assert!(shared.may_send(10, at(0)));
        assert!((0..29).all(|_| shared.may_send(10, at(990))));
        assert!(shared.may_send(10, at(1000)), "the first one is a second ago");
        assert!(!shared.may_send(10, at(1980)), "the others are not");
        assert!((0..29).all(|_| shared.may_send(10, at(1990))));
    }

    #[test]
    fn phases_are_read_as_they_were_written() {
        let shared = Shared::default();
        for phase in [Phase::Entering, Phase::In, Phase::Leaving, Phase::Out] {
            shared.set_phase(phase);
            assert_eq!(shared.phase(), phase);
        }
    }
}
