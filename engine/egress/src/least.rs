//! The least of what was seen lately. What it is the least of is for others to know.

use std::time::{Duration, Instant};

/// How long a value counts at least; at most twice as long. A connection that goes on by another way has another least.
const REMEMBERED: Duration = Duration::from_secs(30);

/// Follows one value.
#[derive(Debug)]
pub struct Least<T> {
    /// Of the time since then, and of as long before; nothing where there was none.
    values: [Option<T>; 2],
    since: Instant,
}

impl<T: Ord + Copy> Least<T> {
    /// None is known.
    pub fn new(now: Instant) -> Self {
        Self { values: [None; 2], since: now }
    }

    /// Takes a value. The least of the last 30 to 60 s, with this one.
    pub fn take(&mut self, now: Instant, value: T) -> T {
        if now.saturating_duration_since(self.since) >= REMEMBERED {
            self.values = [None, self.values[0]];
            self.since = now;
        }
        let lately = self.values[0].map_or(value, |least| least.min(value));
        self.values[0] = Some(lately);
        self.values[1].map_or(lately, |before| before.min(lately))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_counts_for_thirty_to_sixty_seconds() {
        let start = Instant::now();
        let mut least = Least::new(start);
        let mut take = |second: u64, value: u32| least.take(start + Duration::from_secs(second), value);
        assert_eq!([take(1, 5), take(2, 7), take(29, 9), take(30, 8), take(59, 9)], [5, 5, 5, 5, 5]);
        assert_eq!([take(60, 9), take(89, 9), take(90, 10)], [8, 8, 9]);
    }
}
