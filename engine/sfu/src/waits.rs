//! How long viewers waited for pictures, counted by length; what they waited for is not its business.

use std::time::Duration;

/// How often a viewer waited how long from its wish for a picture, or from the end of its pause, to the key frame with which
/// that began. What does not begin is in no count, nor what took longer than [`Waits::MOST`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waits {
    buckets: [u64; Self::BOUNDS_MS.len() + 1],
    sum: Duration,
}

impl Waits {
    /// The longest wait of each bucket, in milliseconds; what is longer is in one more.
    pub const BOUNDS_MS: [u64; 9] = [20, 50, 100, 200, 300, 500, 1000, 2000, 5000];

    /// Who waits longer waits for a camera that is muted, and knows that.
    pub const MOST: Duration = Duration::from_secs(30);

    /// How many waits fell into each bucket.
    pub fn buckets(&self) -> &[u64] {
        &self.buckets
    }

    /// All of them together.
    pub fn sum(&self) -> Duration {
        self.sum
    }

    /// Counts those of another shard, too.
    pub fn add(&mut self, other: &Self) {
        self.buckets.iter_mut().zip(other.buckets).for_each(|(bucket, more)| *bucket += more);
        self.sum += other.sum;
    }

    pub(crate) fn observe(&mut self, wait: Duration) {
        if wait > Self::MOST {
            return;
        }
        let bucket = Self::BOUNDS_MS.partition_point(|bound| Duration::from_millis(*bound) < wait);
        self.buckets[bucket] += 1;
        self.sum += wait;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_in_the_bucket_of_the_next_bound() {
        let ms = Duration::from_millis;
        let mut waits = Waits::default();
        [ms(0), ms(20), ms(21), ms(30_000), ms(30_001)].into_iter().for_each(|wait| waits.observe(wait));
        assert_eq!(waits.buckets(), [2, 1, 0, 0, 0, 0, 0, 0, 0, 1]);
        let mut twice = waits;
        twice.add(&waits);
        assert_eq!((twice.buckets()[0], twice.sum()), (4, ms(2 * 30_041)));
    }
}
