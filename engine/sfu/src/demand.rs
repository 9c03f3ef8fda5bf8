//! Which layers of a published video track are worth encoding; it does not know who watches, only whether anybody does.

use std::time::Instant;

use crate::ForwardConfig;

/// The history that the demand for the layers of one track depends on.
#[derive(Debug)]
pub(crate) struct Demand {
    published: Instant,
    first_packet: Option<Instant>,
    big: Watch,
    small: Watch,
}

/// Whether a layer is watched, and until when it was.
#[derive(Debug, Clone, Copy, Default)]
struct Watch {
    now: bool,
    ended: Option<Instant>,
}

/// What is worth encoding, until `changes` unless something happens before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) big: bool,
    pub(crate) small: bool,
    pub(crate) changes: Option<Instant>,
}

impl Demand {
    pub(crate) fn new(now: Instant) -> Self {
        Self { published: now, first_packet: None, big: Watch::default(), small: Watch::default() }
    }

    /// A packet of the big layer; only the first counts.
    pub(crate) fn observe_big(&mut self, now: Instant) -> bool {
        let is_first = self.first_packet.is_none();
        if is_first {
            self.first_packet = Some(now);
        }
        is_first
    }

    pub(crate) fn watch(&mut self, now: Instant, big: bool, small: bool) {
        self.big.set(now, big);
        self.small.set(now, small);
    }

    /// The big layer runs from publishing until its first packet is out and the publisher's bandwidth estimate has settled,
    /// and rests only when nobody has watched for a while; the small one runs for those who watch it.
    pub(crate) fn wanted(&self, now: Instant, has_small: bool, config: &ForwardConfig) -> Wanted {
        let big_ends = match (self.big.now, self.first_packet) {
            (true, _) | (false, None) => None,
            (false, Some(first)) => {
                let rests = self.big.ended.unwrap_or(self.published) + config.big_rests;
                Some(rests.max(first + config.big_settles))
            }
        };
        let big = big_ends.is_none_or(|at| now < at);
        let small_ends = self.small.ended.map(|at| at + config.small_rests).filter(|_| has_small && !self.small.now);
        let small = has_small && (self.small.now || small_ends.is_some_and(|at| now < at));
        let changes = [big_ends, small_ends].into_iter().flatten().filter(|at| *at > now).min();
        Wanted { big, small, changes }
    }
}

impl Watch {
    fn set(&mut self, now: Instant, on: bool) {
        if self.now && !on {
            self.ended = Some(now);
        }
        self.now = on;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn big_runs_unwatched_until_its_estimate_has_settled_and_ten_seconds_have_passed() {
        let (config, t) = (ForwardConfig::default(), Instant::now());
        let mut demand = Demand::new(t);
        assert_eq!(demand.wanted(t + s(60), true, &config), Wanted { big: true, small: false, changes: None });
        assert!(demand.observe_big(t + s(60)));
        assert!(!demand.observe_big(t + s(61)));
        assert_eq!(demand.wanted(t + s(61), true, &config).changes, Some(t + s(65)));
        assert!(!demand.wanted(t + s(65), true, &config).big);
        demand.watch(t + s(70), true, false);
        assert_eq!(demand.wanted(t + s(70), true, &config), Wanted { big: true, small: false, changes: None });
        demand.watch(t + s(80), false, false);
        assert_eq!(demand.wanted(t + s(89), true, &config), Wanted { big: true, small: false, changes: Some(t + s(90)) });
        assert!(!demand.wanted(t + s(90), true, &config).big);
    }

    #[test]
    fn small_runs_only_for_viewers_and_only_where_there_is_one() {
        let (config, t) = (ForwardConfig::default(), Instant::now());
        let mut demand = Demand::new(t);
        assert!(!demand.wanted(t, true, &config).small);
        demand.watch(t, false, true);
        assert!(demand.wanted(t, true, &config).small);
        assert!(!demand.wanted(t, false, &config).small);
        demand.watch(t + s(5), false, false);
        assert!(demand.wanted(t + s(6), true, &config).small);
        assert!(!demand.wanted(t + s(7), true, &config).small);
    }
}
