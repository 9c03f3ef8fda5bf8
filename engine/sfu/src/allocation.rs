//! Who of the viewed gets how much of a viewer's network, and when that may change; a pure rule over numbers. It knows no
//! packets and no slots.
//!
//! Streams come in the order of their rank and, among equals, of the viewer's wishes. First each is given the least that
//! shows it, then each what it was asked for:
//!
//! * *smooth* does the first for all ranks, then the second, and leaves a reserve when it does the second: pictures get
//!   smaller early, and all keep flowing;
//! * *clear* does both for the large pictures before a small one gets anything: they stay sharp as long as they fit at
//!   all, and others make room.
//!
//! To rise, a stream has to fit with a margin and for a while; what it has it keeps until it does not fit any more. Only
//! the last picture of all is kept a little longer. An estimate is made from what is sent and falls below that whenever
//! packets come late, so where little is sent it says little; on a network that is really too narrow it falls further.

use std::time::{Duration, Instant};

use rtc_protocol::{Layer, QosPreference};

use crate::ForwardConfig;

/// How much of a stream flows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Given {
    Nothing,
    Small,
    Big,
}

/// How early a stream is served. Screens have no small layer; that a camera comes before them means that its small layer
/// does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    LargeCamera,
    Screen,
    SmallCamera,
}

/// A stream that is to be served, with what its layers take, in bits a second. A layer without a figure is not to be had,
/// or was not asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask {
    pub(crate) rank: Rank,
    pub(crate) small: Option<u64>,
    pub(crate) big: Option<u64>,
    /// Up to here no margin is needed.
    pub(crate) held: Given,
    /// Never more than this.
    pub(crate) most: Given,
}

/// What can be shared.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    /// Bits a second.
    pub(crate) all: u64,
    /// What may be used after a stream has risen.
    pub(crate) for_rising: u64,
    /// The same after one was made larger than it has to be, under *smooth*.
    pub(crate) for_large: u64,
}

impl Ask {
    /// What a stream takes at a level. The levels never get cheaper, whatever was measured.
    pub(crate) fn price(&self, given: Given) -> u64 {
        let small = self.small.unwrap_or(0);
        match given {
            Given::Nothing => 0,
            Given::Small => self.big.map_or(small, |big| small.min(big)),
            Given::Big => self.big.unwrap_or(small),
        }
    }

    /// The least that shows it.
    pub(crate) fn least(&self) -> Given {
        if self.small.is_some() { Given::Small } else { Given::Big }
    }

    /// What there is above a level.
    pub(crate) fn next(&self, given: Given) -> Option<Given> {
        if given == Given::Nothing { Some(self.least()) } else { Some(self.best()).filter(|best| *best > given) }
    }

    /// The most that can be had.
    pub(crate) fn best(&self) -> Given {
        if self.big.is_some() { Given::Big } else { Given::Small }
    }
}

impl Budget {
    /// Of an estimate, after what sound takes.
    pub(crate) fn new(estimate: u64, sound: u64, config: &ForwardConfig) -> Self {
        let all = estimate.saturating_sub(sound);
        let share = |percent: u8| all.saturating_mul(100) / (100 + u64::from(percent));
        Self { all, for_rising: share(config.rise_margin), for_large: share(config.smooth_reserve) }
    }
}

/// Shares a budget among asks, which come in the order of the viewer's wishes.
pub(crate) fn allocate(budget: &Budget, preference: QosPreference, asks: &[Ask]) -> Vec<Given> {
    let mut order: Vec<usize> = (0..asks.len()).collect();
    order.sort_by_key(|at| asks[*at].rank);
    let mut given = vec![Given::Nothing; asks.len()];
    let mut used = 0;
    let mut raise = |among: &[usize], to_best: bool| {
        for &at in among {
            let ask = &asks[at];
            let level = if to_best { ask.best() } else { ask.least() };
            // A stream for which the least was too much gets no more than that.
            let skipped = to_best && given[at] < ask.least();
            if level > ask.most || level <= given[at] || skipped {
                continue;
            }
            let mut limit = if level > ask.held { budget.for_rising } else { budget.all };
            if to_best && preference == QosPreference::Smooth {
                limit = limit.min(budget.for_large);
            }
            let cost = ask.price(level) - ask.price(given[at]);
            if used + cost <= limit {
                used += cost;
                given[at] = level;
            }
        }
    };
    let large = order.partition_point(|at| asks[*at].rank < Rank::SmallCamera);
    let ranks = match preference {
        QosPreference::Smooth => [order.as_slice(), &[]],
        QosPreference::Clear => [&order[..large], &order[large..]],
    };
    for among in ranks {
        raise(among, false);
        raise(among, true);
    }
    given
}

/// A viewed stream in its slot: what it is given, and what is remembered so that this does not waver.
#[derive(Debug, Clone)]
pub(crate) struct Seat {
    pub(crate) wish: Layer,
    pub(crate) given: Given,
    /// Nothing was decided for it yet.
    fresh: bool,
    /// Since when it could have more.
    rising: Option<Instant>,
    /// Since when nothing is left for it, or for anybody else.
    failing: Option<Instant>,
    /// When something was taken away, and the estimate before.
    taken: Option<(Instant, u64)>,
    /// When it got what it has, if it had to wait for that.
    risen: Option<Instant>,
    /// How often it had to give that back soon; the wait for the next time doubles with each.
    relapses: u32,
}

impl Seat {
    pub(crate) fn new(wish: Layer) -> Self {
        Self { wish, given: Given::Nothing, fresh: true, rising: None, failing: None, taken: None, risen: None, relapses: 0 }
    }

    /// The viewer asks for another layer: what it asks for it gets at once, if it fits.
    pub(crate) fn set_wish(&mut self, wish: Layer) {
        if self.wish != wish {
            *self = Self { given: self.given, ..Self::new(wish) };
        }
    }

    /// What it was given proved to be something else: it is judged anew, as if it had just come.
    pub(crate) fn refresh(&mut self) {
        self.fresh = true;
    }

    /// The level up to which no margin is needed.
    pub(crate) fn held(&self) -> Given {
        if self.fresh { Given::Big } else { self.given }
    }

    /// Whether it may take this level now, at this estimate. Remembers since when it could.
    pub(crate) fn may_take(
        &mut self,
        now: Instant,
        given: Given,
        has_layers: bool,
        estimate: u64,
        config: &ForwardConfig,
    ) -> bool {
        if given <= self.given || self.fresh {
            self.rising = self.rising.filter(|_| given > self.given);
            return true;
        }
        let has_returned = |(at, before): (Instant, u64)| {
            now.saturating_duration_since(at) < config.returned && estimate >= before && self.relapses == 0
        };
        if self.taken.is_some_and(has_returned) {
            return true;
        }
        let wait = if has_layers { config.rise_after } else { config.rise_after_alone };
        let wait = wait.saturating_mul(1 << self.relapses).min(config.rise_after_most);
        let since = *self.rising.get_or_insert(now);
        now.saturating_duration_since(since) >= wait
    }

    /// Whether it could have more already.
    pub(crate) fn is_rising(&self) -> bool {
        self.rising.is_some()
    }

    /// There is something left for somebody.
    pub(crate) fn recover(&mut self) {
        self.failing = None;
    }

    /// Whether it goes on although nothing is left for it, or for anybody else.
    pub(crate) fn holds_on(&mut self, now: Instant, config: &ForwardConfig) -> bool {
        let since = *self.failing.get_or_insert(now);
        now.saturating_duration_since(since) < config.pause_after
    }

    /// Takes a level. `before` is the estimate by which it got what it has.
    pub(crate) fn take(&mut self, now: Instant, given: Given, before: Option<u64>, config: &ForwardConfig) {
        let is_fresh = std::mem::take(&mut self.fresh);
        if given > self.given {
            self.risen = (!is_fresh).then_some(now);
        } else if given < self.given {
            self.taken = self.taken.filter(|(at, _)| now.saturating_duration_since(*at) < config.returned);
            self.taken = self.taken.or(before.map(|before| (now, before)));
            if let Some(risen) = self.risen.take() {
                let is_relapse = now.saturating_duration_since(risen) < config.relapse;
                self.relapses = if is_relapse { (self.relapses + 1).min(RELAPSES_MOST) } else { 0 };
            }
        }
        if given != self.given {
            self.rising = None;
        }
        self.given = given;
    }
}

const RELAPSES_MOST: u32 = 8;

/// Nobody needs a better timer than this for a decision that waits for seconds.
pub(crate) const LOOKED_AT: Duration = Duration::from_millis(500);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rtc_protocol::QosPreference::{Clear, Smooth};

    use super::*;

    fn camera(small: u64, big: u64) -> Ask {
        Ask { rank: Rank::LargeCamera, small: Some(small), big: Some(big), held: Given::Big, most: Given::Big }
    }

    fn small_camera(small: u64) -> Ask {
        Ask { rank: Rank::SmallCamera, big: None, ..camera(small, 0) }
    }

    fn screen(big: u64) -> Ask {
        Ask { rank: Rank::Screen, small: None, ..camera(0, big) }
    }

    fn given(estimate: u64, preference: QosPreference, asks: &[Ask]) -> Vec<Given> {
        allocate(&Budget::new(estimate, 0, &ForwardConfig::default()), preference, asks)
    }

    #[test]
    fn clear_keeps_the_large_picture_and_smooth_keeps_all_flowing() {
        let asks = [small_camera(100), camera(100, 1000), small_camera(100)];
        assert_eq!(given(1000, Clear, &asks), [Given::Nothing, Given::Big, Given::Nothing]);
        assert_eq!(given(1000, Smooth, &asks), [Given::Small, Given::Small, Given::Small]);
        assert_eq!(given(1100, Clear, &asks), [Given::Small, Given::Big, Given::Nothing]);
        assert_eq!(given(250, Clear, &asks), [Given::Small, Given::Small, Given::Nothing]);
        assert_eq!(given(1500, Smooth, &asks), [Given::Small, Given::Big, Given::Small]);
    }

    #[test]
    fn smooth_takes_the_smaller_picture_before_the_larger_one_fills_the_network() {
        let asks = [camera(100, 1000)];
        assert_eq!(given(1100, Clear, &asks), [Given::Big]);
        assert_eq!(given(1100, Smooth, &asks), [Given::Small]);
        assert_eq!(given(1150, Smooth, &asks), [Given::Big]);
    }

    #[test]
    fn a_screen_comes_before_a_larger_camera_and_before_small_ones() {
        for preference in [Clear, Smooth] {
            let asks = [small_camera(100), camera(100, 1000), screen(1500)];
            assert_eq!(given(1600, preference, &asks)[1..], [Given::Small, Given::Big]);
            assert_eq!(given(100, preference, &asks), [Given::Nothing, Given::Small, Given::Nothing]);
        }
        assert_eq!(given(1500, Clear, &[small_camera(100), screen(1500)]), [Given::Nothing, Given::Big]);
    }

    #[test]
    fn among_equals_nobody_is_enlarged_before_all_are_seen() {
        for preference in [Clear, Smooth] {
            let asks = [camera(100, 1000), camera(100, 1000), camera(100, 1000)];
            assert_eq!(given(1000, preference, &asks), [Given::Small; 3]);
            assert_eq!(given(1400, preference, &asks), [Given::Big, Given::Small, Given::Small]);
        }
    }

    #[test]
    fn what_has_to_rise_needs_a_margin_and_what_is_held_needs_none() {
        let held = camera(100, 1000);
        let low = Ask { held: Given::Small, ..held };
        assert_eq!(given(1000, Clear, &[held]), [Given::Big]);
        assert_eq!(given(1149, Clear, &[low]), [Given::Small]);
        assert_eq!(given(1150, Clear, &[low]), [Given::Big]);
    }

    fn ask() -> impl Strategy<Value = Ask> {
        let level = || prop_oneof![Just(Given::Nothing), Just(Given::Small), Just(Given::Big)];
        let rank = prop_oneof![Just(Rank::LargeCamera), Just(Rank::Screen), Just(Rank::SmallCamera)];
        (rank, 0..2_000u64, 0..2_000u64, 1..4u8, level(), level()).prop_map(|(rank, small, big, layers, held, most)| Ask {
            rank,
            small: (layers & 1 != 0).then_some(small),
            big: (layers & 2 != 0).then_some(big),
            held,
            most,
        })
    }

    proptest! {
        #[test]
        fn what_is_given_fits_and_is_always_the_same(
            estimate in 0..6_000u64,
            sound in 0..500u64,
            smooth: bool,
            asks in proptest::collection::vec(ask(), 0..12),
        ) {
            let preference = if smooth { Smooth } else { Clear };
            let budget = Budget::new(estimate, sound, &ForwardConfig::default());
            let given = allocate(&budget, preference, &asks);
            let price: u64 = asks.iter().zip(&given).map(|(ask, given)| ask.price(*given)).sum();
            prop_assert!(price <= estimate.saturating_sub(sound));
            for (ask, given) in asks.iter().zip(&given) {
                prop_assert!(*given <= ask.most);
                prop_assert!(*given == Given::Nothing || *given == ask.least() || *given == ask.best());
            }
            prop_assert_eq!(&given, &allocate(&budget, preference, &asks));
            // What comes first is seen in every network in which it was seen in a smaller one.
            let more = allocate(&Budget::new(estimate * 2 + 1, sound, &ForwardConfig::default()), preference, &asks);
            if let Some(first) = (0..asks.len()).min_by_key(|at| asks[*at].rank) {
                prop_assert!(more[first] >= given[first].min(asks[first].least()));
            }
        }
    }
}
