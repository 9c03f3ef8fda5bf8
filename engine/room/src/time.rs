//! The moment at which something happened, as the caller tells it. No clock is read here.

use std::ops::Add;

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970.
///
/// It should not jump: take the wall clock once and let a monotonic one move it on. A step back delays evictions by as
/// much and does no other harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(pub u64);

impl Time {
    /// Milliseconds from `earlier` until now; 0 if `earlier` is not earlier.
    pub fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<u64> for Time {
    type Output = Self;

    /// `ms` milliseconds later.
    fn add(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }
}
