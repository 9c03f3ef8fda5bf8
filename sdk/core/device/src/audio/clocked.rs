//! The clock of synthetic devices: a tick every block, against deadlines, so that it does not drift. It makes no sound.

use std::time::{Duration, Instant};

use super::BLOCK;
use crate::worker::Stop;

/// Beyond this the machine was asleep, and ticks are left out instead of being caught up with.
const ASLEEP: Duration = Duration::from_secs(1);

/// Ticks every 10 ms.
#[derive(Debug)]
pub(super) struct BlockClock {
    next: Instant,
}

impl BlockClock {
    pub(super) fn new(now: Instant) -> Self {
        Self { next: now + BLOCK }
    }

    /// Waits for the next tick and gives its time. `None` when the worker should end.
    pub(super) fn tick(&mut self, stop: &Stop) -> Option<Instant> {
        let due = self.take(Instant::now());
        stop.wait_until(due).then_some(due)
    }

    fn take(&mut self, now: Instant) -> Instant {
        if now > self.next + ASLEEP {
            self.next = now;
        }
        let due = self.next;
        self.next += BLOCK;
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_ticks_are_caught_up_with_and_a_sleep_is_not() {
        let start = Instant::now();
        let mut clock = BlockClock::new(start);
        assert_eq!(clock.take(start), start + BLOCK);
        let late = start + 55 * BLOCK / 10;
        assert_eq!(clock.take(late), start + 2 * BLOCK, "lateness does not move the deadlines");
        assert_eq!(clock.take(late), start + 3 * BLOCK);
        let morning = start + Duration::from_secs(3600);
        assert_eq!(clock.take(morning), morning);
    }
}
