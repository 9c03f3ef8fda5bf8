//! How much bandwidth is looked for towards a viewer, and when traffic is made for that; it does not know what is viewed.
//!
//! An estimate follows from what is sent. Who is given little is sent little, and would never be seen to take more. So while
//! something is held back there are *pushes*: for some seconds, and for as long as that makes the estimate grow, traffic is
//! made up to what the next step would take. They come ever more seldom on a network that does not take it.

use std::time::Instant;

use crate::ForwardConfig;

/// What is needed, in bits a second.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Need {
    /// For all that is wished for, with something to spare.
    pub(crate) all: u64,
    /// For the next step, with the margin it needs; nothing when all is given.
    pub(crate) next: Option<u64>,
    /// What the network is estimated to take.
    pub(crate) estimate: u64,
    /// Whether the estimate is good enough for a step already, and has only to stay so.
    pub(crate) is_rising: bool,
}

/// What the driver was told, and what is to come.
#[derive(Debug, Default)]
pub(crate) struct Goal {
    told: Option<Told>,
    /// Since when there is a push, and what the estimate was then.
    pushing: Option<(Instant, u64)>,
    /// When there was the last one, or when something began to be held back.
    rested: Option<Instant>,
    /// Pushes that came to nothing.
    fruitless: u32,
}

/// Bits a second to look for, and bits a second to make up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) most: u64,
    pub(crate) least: u64,
}

impl Goal {
    /// What to tell the driver now, if anything.
    pub(crate) fn follow(&mut self, now: Instant, need: Need, config: &ForwardConfig) -> Option<Told> {
        let next = match need.next {
            None => {
                (self.pushing, self.rested, self.fruitless) = (None, None, 0);
                None
            }
            Some(next) => self.push(now, need, config).then_some(next),
        };
        // The one looked for stays as it was for small changes, the one made up for as long as there is a push.
        let near = self.told.map(|told| told.most).filter(|told| told.abs_diff(need.all) <= told / 10);
        let most = near.unwrap_or(need.all);
        let least = match (next, self.told) {
            (Some(next), Some(told)) if told.least > 0 && told.least.abs_diff(next) <= next / 10 => told.least,
            (next, _) => next.unwrap_or(0),
        };
        let telling = Told { most, least };
        (self.told.replace(telling) != Some(telling)).then_some(telling)
    }

    fn push(&mut self, now: Instant, need: Need, config: &ForwardConfig) -> bool {
        if let Some((since, before)) = self.pushing {
            if need.is_rising || now.saturating_duration_since(since) < config.push {
                return true;
            }
            if need.estimate > before + before / 10 {
                self.pushing = Some((now, need.estimate));
                return true;
            }
            self.pushing = None;
            self.rested = Some(now);
            self.fruitless = (self.fruitless + 1).min(FRUITLESS_MOST);
            return false;
        }
        let rest = config.push_rest.saturating_mul(1 << self.fruitless).min(config.push_rest_most);
        let rested = *self.rested.get_or_insert(now);
        if now.saturating_duration_since(rested) >= rest {
            self.pushing = Some((now, need.estimate));
        }
        self.pushing.is_some()
    }

    /// A step was made: the network is a better one than it was.
    pub(crate) fn succeed(&mut self) {
        self.fruitless = 0;
    }
}

const FRUITLESS_MOST: u32 = 6;

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// When pushes begin and end, in half seconds, over some minutes.
    fn pushes(minutes: u64, need: impl Fn(u64) -> Need) -> Vec<(u64, u64)> {
        let (config, start) = (ForwardConfig::default(), Instant::now());
        let mut goal = Goal::default();
        let told = (0..minutes * 120).filter_map(|n| {
            let told = goal.follow(start + Duration::from_millis(500) * n as u32, need(n), &config)?;
            Some((n, told.least))
        });
        told.collect()
    }

    #[test]
    fn who_has_all_is_not_pushed() {
        assert_eq!(pushes(5, |_| Need { all: 1000, next: None, estimate: 500, is_rising: false }), [(0, 0)]);
    }

    #[test]
    fn pushes_become_seldom_where_they_come_to_nothing() {
        let told = pushes(10, |_| Need { all: 1000, next: Some(700), estimate: 500, is_rising: false });
        let begins: Vec<u64> = told.iter().filter(|(_, least)| *least == 700).map(|(n, _)| *n).collect();
        let gaps: Vec<u64> = begins.windows(2).map(|w| w[1] - w[0]).collect();
        assert_eq!(begins[0], 8, "four seconds after something was held back");
        assert!(gaps.windows(2).all(|w| w[1] >= w[0]), "{gaps:?}");
        assert_eq!(gaps.last(), Some(&(2 * 8 + 2 * 30)), "{gaps:?}");
    }

    #[test]
    fn a_push_goes_on_for_as_long_as_the_estimate_grows() {
        let told = pushes(1, |n| Need { all: 1000, next: Some(700), estimate: 100 + n.min(60) * 5, is_rising: false });
        assert_eq!(told[..3], [(0, 0), (8, 700), (72, 0)]);
    }

    #[test]
    fn a_push_does_not_end_while_the_estimate_is_good_and_ends_when_all_is_given() {
        let told = pushes(1, |n| Need { all: 1000, next: (n < 50).then_some(700), estimate: 500, is_rising: n > 10 });
        assert_eq!(told, [(0, 0), (8, 700), (50, 0)]);
    }
}
