//! How long sound has to wait so that most of it has come; not how that is reached.
//!
//! A packet's *transit* is its arrival minus its timestamp, on clocks that have nothing in common, so that only
//! differences mean something. A piece of sound that has come by the transit at which it is played is heard. So the wanted
//! playing transit is a quantile of the transits of arrival, which needs no knowledge of what the network's delay is.

/// Frames of one step of the histogram: 10 ms.
const BIN: i64 = 480;

/// Bins: 4 s. What needs longer counts as needing that.
const BINS: usize = 400;

/// The share of packets that are waited for. Where earlier sound comes again in later packets, each of those that is not
/// waited for is a guess; and the further out the tail, the steadier the delay, of which each change can be heard.
const QUANTILE: f32 = 0.995;

/// Packets that the histogram remembers: about 8 s.
const MEMORY: f32 = 1.0 / 400.0;

/// The newest packets, which are answered to at once: a second.
const RECENT: usize = 50;

/// How many of those may come too late.
const RECENT_MISSED: usize = 2;

/// How quickly the answer to a bad second is forgotten, in frames a packet: 20 ms a second.
const RECENT_DECAY: i64 = 20 * 48 / 50;

/// The smallest transit is remembered in pieces of half a second, for 5 s. It moves with the clocks' drift.
const PIECE: i64 = 24_000;
const PIECES: usize = 10;

/// Follows the transits of one stream. All numbers are frames at 48 kHz.
#[derive(Debug)]
pub(super) struct DelayEstimate {
    histogram: [f32; BINS],
    /// The transit at which bin 0 begins.
    anchor: i64,
    /// Packets so far, as many as are remembered at most.
    weight: f32,
    recent: [i64; RECENT],
    recent_len: usize,
    recent_next: usize,
    /// The transit a bad second asked for.
    bad: i64,
    /// The smallest transit of each piece, the newest first.
    smallest: [i64; PIECES],
    piece: i64,
    min: i64,
    max: i64,
}

impl DelayEstimate {
    /// Keeps the target between `min` and `max`.
    pub(super) fn new(min: i64, max: i64) -> Self {
        Self {
            histogram: [0.0; BINS],
            anchor: 0,
            weight: 0.0,
            recent: [0; RECENT],
            recent_len: 0,
            recent_next: 0,
            bad: i64::MIN,
            smallest: [i64::MAX; PIECES],
            piece: 0,
            min,
            max,
        }
    }

    pub(super) fn set_range(&mut self, min: i64, max: i64) {
        self.min = min;
        self.max = max;
    }

    /// Forgets everything but the range.
    pub(super) fn reset(&mut self) {
        *self = Self::new(self.min, self.max);
    }

    /// Learns that sound with the timestamp `start` has come at `now`.
    pub(super) fn arrive(&mut self, start: i64, now: i64) {
        let transit = now - start;
        if self.weight == 0.0 {
            self.anchor = transit;
            self.piece = now;
        }
        self.remember_smallest(transit, now);
        self.align();

        let bin = ((transit - self.anchor) / BIN).clamp(0, BINS as i64 - 1) as usize;
        self.weight = (self.weight + 1.0).min(1.0 / MEMORY);
        let share = 1.0 / self.weight;
        for weight in &mut self.histogram {
            *weight *= 1.0 - share;
        }
        self.histogram[bin] += share;

        self.recent[self.recent_next] = transit;
        self.recent_next = (self.recent_next + 1) % RECENT;
        self.recent_len = (self.recent_len + 1).min(RECENT);
        self.bad = self.bad.saturating_sub(RECENT_DECAY).max(self.recent_high());
    }

    /// The smallest transit of the last seconds.
    pub(super) fn base(&self) -> i64 {
        let smallest = self.smallest.iter().copied().min().unwrap_or(i64::MAX);
        if smallest == i64::MAX { self.anchor } else { smallest }
    }

    /// How much longer than the fastest packet sound should wait.
    pub(super) fn target(&self) -> i64 {
        let base = self.base();
        let wanted = self.quantile().max(self.bad) - base;
        wanted.clamp(self.min, self.max)
    }

    /// The transit at which sound should be played.
    pub(super) fn transit(&self) -> i64 {
        self.base() + self.target()
    }

    fn remember_smallest(&mut self, transit: i64, now: i64) {
        let passed = (now - self.piece).div_euclid(PIECE);
        if passed > 0 {
            // After a pause, what was before it is still the best that is known; it is only moved on by one piece.
            let moved = if passed >= PIECES as i64 { 1 } else { passed as usize };
            self.smallest.copy_within(..PIECES - moved, moved);
            self.smallest[..moved].fill(i64::MAX);
            self.piece += passed * PIECE;
        }
        self.smallest[0] = self.smallest[0].min(transit);
    }

    /// Moves the histogram so that the smallest transit is in its first bin.
    fn align(&mut self) {
        let bins = (self.base() - self.anchor).div_euclid(BIN);
        if bins == 0 {
            return;
        }
        self.anchor += bins * BIN;
        let distance = usize::try_from(bins.unsigned_abs()).unwrap_or(BINS).min(BINS);
        if bins > 0 {
            let gone: f32 = self.histogram[..distance].iter().sum();
            self.histogram.copy_within(distance.., 0);
            self.histogram[BINS - distance..].fill(0.0);
            self.histogram[0] += gone;
        } else {
            let gone: f32 = self.histogram[BINS - distance..].iter().sum();
            self.histogram.copy_within(..BINS - distance, distance);
            self.histogram[..distance].fill(0.0);
            self.histogram[BINS - 1] += gone;
        }
    }

    /// The transit by which the wanted share has come.
    fn quantile(&self) -> i64 {
        let mut left = 1.0;
        for (bin, share) in self.histogram.iter().enumerate() {
            left -= share;
            if left <= 1.0 - QUANTILE {
                return self.anchor + (bin as i64 + 1) * BIN;
            }
        }
        self.anchor + BINS as i64 * BIN
    }

    /// The transit that all but a few of the newest packets needed at most.
    fn recent_high(&self) -> i64 {
        if self.recent_len <= RECENT_MISSED {
            return i64::MIN;
        }
        let mut highest = [i64::MIN; RECENT_MISSED];
        for &transit in &self.recent[..self.recent_len] {
            if transit > highest[RECENT_MISSED - 1] {
                highest[RECENT_MISSED - 1] = transit;
                highest.sort_unstable_by(|a, b| b.cmp(a));
            }
        }
        highest[RECENT_MISSED - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tone::Random;

    const MS: i64 = 48;

    fn estimate() -> DelayEstimate {
        DelayEstimate::new(40 * MS, 2000 * MS)
    }

    #[test]
    fn without_jitter_the_target_is_the_least() {
        let mut delay = estimate();
        for n in 0..500 {
            delay.arrive(n * 960, n * 960 + 7_777);
            assert_eq!(delay.target(), 40 * MS);
            assert_eq!(delay.base(), 7_777);
        }
    }

    #[test]
    fn the_target_is_what_most_packets_need() {
        for jitter in [100, 300, 1000] {
            let mut delay = estimate();
            let mut random = Random::new(1);
            for n in 0..1500 {
                delay.arrive(n * 960, n * 960 + random.below(jitter * 48) as i64);
            }
            let target = delay.target() / MS;
            let jitter = jitter as i64;
            assert!((jitter * 94 / 100..=jitter + 10).contains(&target), "{jitter} ms: {target} ms");
        }
    }

    #[test]
    fn it_rises_within_a_second_and_falls_within_a_minute() {
        let mut delay = estimate();
        let mut random = Random::new(1);
        let mut n = 0;
        let mut run = |delay: &mut DelayEstimate, packets: i64, jitter: u64| {
            for _ in 0..packets {
                delay.arrive(n * 960, n * 960 + random.below(jitter * 48) as i64);
                n += 1;
            }
        };
        run(&mut delay, 500, 5);
        assert_eq!(delay.target(), 40 * MS);
        run(&mut delay, 50, 400);
        assert!(delay.target() > 300 * MS);
        run(&mut delay, 250, 5);
        assert!(delay.target() > 100 * MS, "it forgets within five seconds");
        run(&mut delay, 2_500, 5);
        assert_eq!(delay.target(), 40 * MS);
    }

    #[test]
    fn one_outlier_changes_nothing() {
        let mut delay = estimate();
        for n in 0..1000 {
            delay.arrive(n * 960, n * 960 + if n == 600 { 96_000 } else { 0 });
            assert_eq!(delay.target(), 40 * MS, "{n}");
        }
    }

    #[test]
    fn a_longer_way_is_not_jitter_for_long() {
        let mut delay = estimate();
        for n in 0..2000 {
            delay.arrive(n * 960, n * 960 + if n < 500 { 0 } else { 300 * MS });
        }
        assert_eq!(delay.base(), 300 * MS);
        assert_eq!(delay.target(), 40 * MS);
        for n in 2000..4500 {
            delay.arrive(n * 960, n * 960);
        }
        assert_eq!(delay.base(), 0);
        assert_eq!(delay.target(), 40 * MS);
    }
}
