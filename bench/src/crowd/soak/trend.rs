//! Whether a figure grows: a line through its last two thirds. The first third is for getting warm.

use serde::Serialize;

/// What a figure does.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Trend {
    /// Where the line begins, and ends.
    pub(super) warm: f64,
    pub(super) end: f64,
    pub(super) growth: f64,
    /// By how much it may have grown to be called flat.
    pub(super) allowed: f64,
    pub(super) is_flat: bool,
}

/// The share by which a figure may grow: allocators keep what was needed once, and the same crowd is never needed twice.
const ALLOWED: f64 = 0.05;

impl Trend {
    /// Of samples at equal distances. A growth of less than `least` is none.
    pub(super) fn of(samples: &[f64], least: f64) -> Self {
        let late = &samples[samples.len() / 3..];
        let count = late.len().max(1) as f64;
        let middle = (count - 1.0) / 2.0;
        let mean = late.iter().sum::<f64>() / count;
        let (mut with, mut without) = (0.0, 0.0);
        for (at, value) in late.iter().enumerate() {
            let off = at as f64 - middle;
            with += off * (value - mean);
            without += off * off;
        }
        let slope = if without > 0.0 { with / without } else { 0.0 };
        let growth = slope * (count - 1.0);
        let warm = mean - growth / 2.0;
        let allowed = least.max(warm * ALLOWED);
        Self { warm, end: warm + growth, growth, allowed, is_flat: growth <= allowed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_flat_and_a_leak_is_not() {
        let noisy = |slope: f64| -> Vec<f64> {
            (0..300).map(|n| 50_000.0 + f64::from(n) * slope + f64::from((n * 37) % 101) * 20.0).collect()
        };
        assert!(Trend::of(&noisy(0.0), 4000.0).is_flat);
        let leak = Trend::of(&noisy(50.0), 4000.0);
        assert!(!leak.is_flat && (leak.growth - 10_000.0).abs() < 500.0, "{leak:?}");
    }

    #[test]
    fn what_grows_while_it_gets_warm_is_no_leak() {
        let warming: Vec<f64> = (0..300).map(|n| 20_000.0 + f64::from(n.min(90)) * 300.0).collect();
        assert!(Trend::of(&warming, 1000.0).is_flat);
        assert!(Trend::of(&[], 1.0).is_flat);
    }
}
