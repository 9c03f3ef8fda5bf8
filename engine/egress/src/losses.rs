//! Whether much of a stream is lost. It is told how much, and does not count that itself.

use std::time::{Duration, Instant};

/// What is lost is looked at over so long at least.
const PERIOD: Duration = Duration::from_secs(1);
/// The share from which on it is much, in two periods one after the other. Below half of it, in both, it is not.
const MUCH: f32 = 0.1;

/// Follows one stream, period by period.
#[derive(Debug)]
pub struct Losses {
    since: Instant,
    /// Packets that were sent since then, and how many make a period.
    sent: u32,
    fewest: u32,
    /// The share that was lost in the period before.
    before: f32,
    is_much: bool,
}

impl Losses {
    /// Nothing is lost yet. A period has at least the `fewest` packets, however long that takes.
    pub fn new(now: Instant, fewest: u32) -> Self {
        Self { since: now, sent: 0, fewest, before: 0.0, is_much: false }
    }

    /// So many packets more were sent.
    pub fn add(&mut self, packets: u32) {
        self.sent = self.sent.saturating_add(packets);
    }

    /// Packets that were sent in this period, if that is over.
    pub fn finished(&self, now: Instant) -> Option<u32> {
        (self.sent >= self.fewest && now.saturating_duration_since(self.since) >= PERIOD).then_some(self.sent)
    }

    /// Ends the period, in which so many were lost.
    pub fn finish(&mut self, now: Instant, lost: u32) {
        let share = lost as f32 / self.sent.max(1) as f32;
        if share.min(self.before) >= MUCH {
            self.is_much = true;
        } else if share.max(self.before) < MUCH / 2.0 {
            self.is_much = false;
        }
        (self.since, self.sent, self.before) = (now, 0, share);
    }

    /// Whether it is much.
    pub fn is_much(&self) -> bool {
        self.is_much
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_takes_two_periods_either_way() {
        let mut now = Instant::now();
        let mut losses = Losses::new(now, 10);
        let mut period = |lost: u32| {
            losses.add(40);
            assert_eq!(losses.finished(now + PERIOD - Duration::from_millis(1)), None);
            now += PERIOD;
            assert_eq!(losses.finished(now), Some(40));
            losses.finish(now, lost);
            losses.is_much()
        };
        assert_eq!([20, 3, 4, 4, 3].map(&mut period), [false, false, false, true, true]);
        assert_eq!([1, 3, 1, 1, 0].map(&mut period), [true, true, true, false, false]);
        losses.add(9);
        assert_eq!(losses.finished(now + 100 * PERIOD), None, "too few");
    }
}
