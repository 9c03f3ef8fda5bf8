//! By how much packets overtake each other. A queue keeps the order, so what is later than that by jitter is in no queue; it
//! judges no delay.

/// How far behind others packets come that left before them. µs of departure.
#[derive(Debug, Default)]
pub(crate) struct Disorder {
    /// On average over all packets, also those that came in order.
    usual: f64,
    /// The most in this span and in the one before.
    most: [i64; 2],
    span_ends: Option<i64>,
}

impl Disorder {
    /// A packet arrived that is by so much older than the newest that did, or by nothing.
    #[inline]
    pub(crate) fn observe(&mut self, arrived: i64, behind: i64) {
        let behind = behind.clamp(0, MOST);
        self.usual += (behind as f64 - self.usual) * GAIN;
        if self.span_ends.is_none_or(|ends| arrived >= ends) {
            self.most = [0, self.most[0]];
            self.span_ends = Some(arrived + SPAN);
        }
        self.most[0] = self.most[0].max(behind);
    }

    /// What is not later than that may be late by jitter, in µs: twice what packets are overtaken by on average, and half of what
    /// one was overtaken by at most, as that is known at once.
    pub(crate) fn explains(&self) -> f64 {
        (self.usual * 2.0).max(self.most() as f64 / 2.0)
    }

    /// By how much one was overtaken at most of late, in µs.
    pub(crate) fn most(&self) -> i64 {
        self.most[0].max(self.most[1])
    }
}

/// Half of it is of the last 45 packets.
const GAIN: f64 = 1.0 / 64.0;
const SPAN: i64 = 5_000_000;
/// Who comes later is as good as lost.
const MOST: i64 = 2_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_that_are_overtaken_are_little_on_average_and_remembered_for_seconds() {
        let mut disorder = Disorder::default();
        for n in 0..1000 {
            disorder.observe(n * 10_000, if n % 50 == 0 && n < 500 { 200_000 } else { 0 });
        }
        assert!(disorder.usual < 100.0, "{}", disorder.usual);
        assert_eq!((disorder.most(), disorder.explains()), (200_000, 100_000.0));
        for n in 1000..1700 {
            disorder.observe(n * 10_000, 0);
        }
        assert_eq!(disorder.most(), 0);
    }

    #[test]
    fn who_lies_about_times_makes_no_more_of_it_than_is_of_interest() {
        let mut disorder = Disorder::default();
        for behind in [i64::MIN, i64::MAX, -1] {
            disorder.observe(0, behind);
        }
        assert!(disorder.most() == MOST && disorder.usual <= MOST as f64);
    }
}
