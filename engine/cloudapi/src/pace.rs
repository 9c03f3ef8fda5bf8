//! How often a credential may ask for an action: a bucket of tokens for each pair, filled by time that the caller tells.

use std::collections::BTreeMap;

/// So many requests in so much time; as many may come at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pace {
    /// At least 1.
    pub(crate) requests: u32,
    /// In milliseconds, at least 1.
    pub(crate) per_ms: u32,
}

impl Pace {
    pub(crate) const fn per_second(requests: u32) -> Self {
        Self { requests, per_ms: 1000 }
    }

    fn interval_us(self) -> u64 {
        u64::from(self.per_ms) * 1000 / u64::from(self.requests)
    }

    fn full_us(self) -> u64 {
        self.interval_us() * u64::from(self.requests)
    }
}

/// The buckets. There is one for each credential and action that was ever used: both are few, and only requests with a
/// proven credential get here.
#[derive(Debug, Default)]
pub(crate) struct Buckets {
    buckets: BTreeMap<(String, &'static str), Bucket>,
}

impl Buckets {
    /// Takes a token, or tells in how many milliseconds there will be one.
    pub(crate) fn take(&mut self, secret_id: &str, action: &'static str, pace: Pace, now_ms: u64) -> Result<(), u64> {
        let now_us = now_ms.saturating_mul(1000);
        self.buckets.entry((secret_id.to_owned(), action)).or_default().take(pace, now_us).map_err(|us| us.div_ceil(1000))
    }
}

/// A bucket, as the moment at which it will be full again: every token taken is one interval further away.
#[derive(Debug, Default)]
struct Bucket {
    full_at_us: u64,
}

impl Bucket {
    fn take(&mut self, pace: Pace, now_us: u64) -> Result<(), u64> {
        let mut full_at_us = self.full_at_us.max(now_us);
        if full_at_us - now_us > pace.full_us() {
            // No bucket takes that long to fill: the clock was set back, and nobody should wait until it has caught up.
            full_at_us = now_us;
        }
        let next_us = full_at_us.saturating_add(pace.interval_us());
        let missing_us = (next_us - now_us).saturating_sub(pace.full_us());
        if missing_us > 0 {
            return Err(missing_us);
        }
        self.full_at_us = next_us;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: u64 = 1_700_000_000_000;

    struct Story {
        buckets: Buckets,
        pace: Pace,
    }

    impl Story {
        fn new(pace: Pace) -> Self {
            Self { buckets: Buckets::default(), pace }
        }

        /// How many of `tries` requests pass at that time.
        fn pass(&mut self, tries: u32, now_ms: u64) -> usize {
            (0..tries).filter(|_| self.buckets.take("id", "RemoveUser", self.pace, now_ms).is_ok()).count()
        }
    }

    #[test]
    fn twenty_pass_at_once_and_then_one_every_fifty_milliseconds() {
        let mut story = Story::new(Pace::per_second(20));
        assert_eq!(story.pass(30, T), 20);
        assert_eq!(story.pass(5, T + 49), 0);
        assert_eq!(story.pass(5, T + 50), 1);
        assert_eq!(story.pass(5, T + 150), 2);
        assert_eq!(story.pass(30, T + 60_000), 20, "it is full again and no fuller");
    }

    #[test]
    fn who_asks_evenly_is_never_refused() {
        let mut story = Story::new(Pace::per_second(20));
        assert_eq!((0..1000).map(|n| story.pass(1, T + n * 50)).sum::<usize>(), 1000);
    }

    #[test]
    fn a_slow_pace_is_kept() {
        let mut story = Story::new(Pace { requests: 1, per_ms: 15_000 });
        assert_eq!(story.pass(2, T), 1);
        assert_eq!(story.pass(1, T + 14_999), 0);
        assert_eq!(story.pass(1, T + 15_000), 1);
    }

    #[test]
    fn it_tells_how_long_to_wait() {
        let mut buckets = Buckets::default();
        let pace = Pace { requests: 1, per_ms: 15_000 };
        assert_eq!(buckets.take("id", "a", pace, T), Ok(()));
        assert_eq!(buckets.take("id", "a", pace, T + 5_000), Err(10_000));
    }

    #[test]
    fn credentials_and_actions_have_buckets_of_their_own() {
        let mut buckets = Buckets::default();
        let pace = Pace::per_second(1);
        for (secret_id, action) in [("one", "a"), ("one", "b"), ("two", "a")] {
            assert!(buckets.take(secret_id, action, pace, T).is_ok());
            assert!(buckets.take(secret_id, action, pace, T).is_err());
        }
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let mut story = Story::new(Pace::per_second(20));
        assert_eq!(story.pass(20, T), 20);
        assert_eq!(story.pass(30, T - 3_600_000), 20);
    }

    #[test]
    fn the_end_of_time_is_survived() {
        let mut story = Story::new(Pace::per_second(20));
        story.pass(2, u64::MAX);
        story.pass(2, 0);
    }
}
