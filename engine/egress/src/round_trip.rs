//! How long a viewer's answers take, and whether a queue makes them take longer; by reports of the viewer, which it does not read.

use std::time::{Duration, Instant};

use crate::least::Least;

/// Round trips beyond this are not believed.
const LONGEST: Duration = Duration::from_secs(5);
/// What is by half and this much longer than the shortest has waited in a queue.
const QUEUE: Duration = Duration::from_millis(50);
/// A viewer that had none of our reports for so long has lost them all, and what it tells is of before.
const STALE: Duration = Duration::from_secs(10);

/// The round trips of one viewer.
#[derive(Debug)]
pub(crate) struct RoundTrips {
    last: Option<Duration>,
    least: Least<Duration>,
    is_clear: bool,
}

impl RoundTrips {
    pub(crate) fn new(now: Instant) -> Self {
        Self { last: None, least: Least::new(now), is_clear: false }
    }

    /// A report of ours was answered so long after it was sent, without the time for which the viewer had it. `has_queue` says
    /// whether a queue stands, where arrivals tell. Whether that is believed.
    pub(crate) fn take(&mut self, now: Instant, round_trip: Duration, had: Duration, has_queue: Option<bool>) -> bool {
        if round_trip > LONGEST {
            return false;
        }
        if has_queue == Some(false) {
            // Then this is how long the way is, and what was shorter was another.
            self.least = Least::new(now);
        }
        let least = self.least.take(now, round_trip);
        self.is_clear = had < STALE && round_trip <= least + least / 2 + QUEUE;
        self.last = Some(round_trip);
        true
    }

    /// The last one; nothing where none is known.
    pub(crate) fn last(&self) -> Option<Duration> {
        self.last
    }

    /// Whether it is known that nothing waits in a queue.
    pub(crate) fn is_clear(&self) -> bool {
        self.is_clear
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn a_queue_is_what_makes_answers_late_and_a_longer_way_is_none_for_long() {
        let start = Instant::now();
        let mut trips = RoundTrips::new(start);
        assert!(!trips.is_clear(), "not known");
        let mut clear = |second: u32, ms: u32, had: u32| {
            assert!(trips.take(start + second * 1000 * MS, ms * MS, had * MS, None));
            trips.is_clear()
        };
        assert_eq!([clear(1, 40, 500), clear(2, 110, 500), clear(3, 111, 500), clear(4, 45, 500)], [true, true, false, true]);
        assert_eq!([clear(5, 45, 9_999), clear(6, 45, 10_000)], [true, false]);
        let since = (7..100).find(|second| clear(*second, 300, 500)).expect("taken for what it is");
        assert!((30..70).contains(&since), "after {since} s");
        let mut told = |ms: u32, has_queue| trips.take(start + 101_000 * MS, ms * MS, MS, has_queue) && trips.is_clear();
        assert_eq!([told(900, Some(false)), told(900, Some(true)), told(1500, Some(true))], [true, true, false]);
        assert!(!trips.take(start, 5001 * MS, MS, None) && trips.last() == Some(1500 * MS));
    }
}
