//! Chance that comes again with the same seed, now and with any later version of this crate.

use std::time::Duration;

/// SplitMix64.
#[derive(Debug, Clone)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Whether it strikes, with this probability.
    pub(crate) fn strikes(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// Evenly from nothing to this.
    pub(crate) fn up_to(&mut self, most: Duration) -> Duration {
        most.mul_f64(self.unit())
    }

    /// From 0 to just below 1, as finely as an `f64` tells.
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        (mixed >> 11) as f64 / (1u64 << 53) as f64
    }
}
