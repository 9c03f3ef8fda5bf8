//! How much media one session may send: a bucket of bits. It drops nothing itself.

use std::time::{Duration, Instant};

/// How long a publisher may send faster than it may in the long run: a key frame of a screen is a burst.
const BURST: Duration = Duration::from_secs(1);

/// What is left of a session's allowance.
#[derive(Debug)]
pub(crate) struct Allowance {
    bits_per_second: u64,
    /// When the bucket will be full again: each bit taken is one interval further away.
    full_at: Instant,
}

impl Allowance {
    /// So many bits a second in the long run; nothing where there is no bound.
    pub(crate) fn new(now: Instant, bits_per_second: u64) -> Option<Self> {
        (bits_per_second > 0).then_some(Self { bits_per_second, full_at: now })
    }

    /// Takes a datagram's bytes; false when they are too many.
    pub(crate) fn take(&mut self, now: Instant, bytes: usize) -> bool {
        let nanos = (bytes as u64 * 8).saturating_mul(1_000_000_000) / self.bits_per_second;
        let full_at = self.full_at.max(now) + Duration::from_nanos(nanos);
        let is_in = full_at - now <= BURST;
        if is_in {
            self.full_at = full_at;
        }
        is_in
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_of_a_second_passes_and_then_the_rate_is_kept() {
        let start = Instant::now();
        let mut allowance = Allowance::new(start, 1_000_000).expect("a bound");
        let mut passed = |now| (0..1000).filter(|_| allowance.take(now, 1000)).count();
        assert_eq!(passed(start), 125);
        assert_eq!(passed(start), 0);
        assert_eq!(passed(start + Duration::from_millis(80)), 10);
        assert_eq!(passed(start + Duration::from_secs(60)), 125);
        assert!(Allowance::new(start, 0).is_none());
    }
}
