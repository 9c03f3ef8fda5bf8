//! How long missing packets take to come after all, whatever holds them back: sent again because they were lost, once or often,
//! or overtaken by others. It keeps numbers and moments, never packets.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

/// What is learned of one stream.
#[derive(Debug, Default)]
pub(crate) struct Lateness {
    highest: Option<u64>,
    /// Numbers that were passed over, and when that was seen.
    missing: BTreeMap<u64, Instant>,
    /// How late those came that came in the last [`WINDOW`], in the order in which they came.
    came: VecDeque<(Instant, Duration)>,
}

impl Lateness {
    /// A packet arrives.
    pub(crate) fn take(&mut self, seq: u64, now: Instant) {
        match self.highest {
            Some(highest) if seq <= highest => {
                if let Some(since) = self.missing.remove(&seq) {
                    if self.came.len() == MOST_CAME {
                        self.came.pop_front();
                    }
                    self.came.push_back((now, now.saturating_duration_since(since)));
                } else if highest - seq > LEAP {
                    *self = Self { highest: Some(seq), ..Self::default() };
                }
                return;
            }
            Some(highest) if seq - highest <= LEAP => {
                (highest + 1..seq).for_each(|missing| {
                    self.missing.insert(missing, now);
                });
            }
            Some(_) => self.missing.clear(),
            None => {}
        }
        self.highest = Some(seq);
        while self.missing.len() > MOST_MISSING
            || self.missing.first_key_value().is_some_and(|(_, since)| now.saturating_duration_since(*since) > HOPELESS)
        {
            self.missing.pop_first();
        }
    }

    /// How long that took which came latest in the last seconds; nothing where hardly any came late. One packet that is given up
    /// costs all pictures until the next key frame, and that one costs the bits of many, so each of them is worth its wait.
    pub(crate) fn latest(&mut self, now: Instant) -> Option<Duration> {
        while self.came.front().is_some_and(|(at, _)| now.saturating_duration_since(*at) > WINDOW) {
            self.came.pop_front();
        }
        if self.came.len() < FEWEST {
            return None;
        }
        self.came.iter().map(|(_, late)| *late).max()
    }
}

const WINDOW: Duration = Duration::from_secs(10);
/// Fewer are no rule.
const FEWEST: usize = 5;
/// What is missed for so long is lost, or nobody waits for it any more.
const HOPELESS: Duration = Duration::from_secs(3);
/// A step of this many numbers is another source.
const LEAP: u64 = 2000;
const MOST_MISSING: usize = 4000;
const MOST_CAME: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    fn at(start: Instant, ms: u64) -> Instant {
        start + Duration::from_millis(ms)
    }

    #[test]
    fn what_the_latest_took_is_known_and_forgotten() {
        let (start, mut lateness) = (Instant::now(), Lateness::default());
        // Every other one is passed over and comes 5 to 495 ms later.
        for n in 0..100 {
            lateness.take(2 * n + 1, at(start, n));
        }
        assert_eq!(lateness.latest(at(start, 100)), None);
        for n in 0..100 {
            lateness.take(2 * n, at(start, n + 5 * n));
        }
        assert_eq!(lateness.latest(at(start, 700)), Some(Duration::from_millis(495)));
        assert_eq!(lateness.latest(at(start, 11_000)), None);
    }

    #[test]
    fn twice_the_same_and_another_source_teach_nothing() {
        let (start, mut lateness) = (Instant::now(), Lateness::default());
        for seq in [1, 5, 5, 1, 5] {
            lateness.take(seq, start);
        }
        for seq in [1_000_000, 2, 999_999, 3, 4] {
            lateness.take(seq, at(start, 100));
        }
        assert!(lateness.came.is_empty(), "{lateness:?}");
        lateness.take(u64::MAX, at(start, 200));
        assert!(lateness.missing.len() <= 2);
    }

    #[test]
    fn what_never_comes_is_not_kept() {
        let (start, mut lateness) = (Instant::now(), Lateness::default());
        for n in 0..100_000 {
            lateness.take(1000 * n, at(start, n));
        }
        assert!(lateness.missing.len() <= MOST_MISSING);
        lateness.take(99_999_001, at(start, 110_000));
        assert!(lateness.missing.is_empty(), "{}", lateness.missing.len());
    }
}
