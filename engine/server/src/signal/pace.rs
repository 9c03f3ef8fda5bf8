//! How often a client may ask: a bucket of tokens, filled evenly.

use std::time::{Duration, Instant};

#[derive(Debug)]
pub(super) struct Pace {
    interval: Duration,
    burst: Duration,
    /// When the bucket will be full again: each token taken is one interval further away.
    full_at: Instant,
}

impl Pace {
    /// `per_second` in the long run, `burst` at once; both at least 1.
    pub(super) fn new(per_second: u32, burst: u32, now: Instant) -> Self {
        let interval = Duration::from_secs(1) / per_second;
        Self { interval, burst: interval * burst, full_at: now }
    }

    /// Takes a token; false when there is none.
    pub(super) fn take(&mut self, now: Instant) -> bool {
        let next = self.full_at.max(now) + self.interval;
        let has = next - now <= self.burst;
        if has {
            self.full_at = next;
        }
        has
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_the_pace_is_kept() {
        let start = Instant::now();
        let mut pace = Pace::new(100, 200, start);
        let mut passed = |now: Instant| (0..1000).filter(|_| pace.take(now)).count();
        assert_eq!(passed(start), 200);
        assert_eq!(passed(start), 0);
        assert_eq!(passed(start + Duration::from_millis(100)), 10);
        assert_eq!(passed(start + Duration::from_secs(60)), 200);
    }
}
