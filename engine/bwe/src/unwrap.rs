//! Makes numbers of few bits ones that go on; it knows nothing of what they count.

/// The packet with these lowest 16 bits that was sent last, if `last` was the last one of all. Nothing where that many were
/// not sent yet.
pub fn sent_number(last: u64, bits: u16) -> Option<u64> {
    last.checked_sub(u64::from((last as u16).wrapping_sub(bits)))
}

/// Reference times of feedback, 24 bits in units of 64 ms, which begin anew every twelve days.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReferenceTime {
    newest: Option<i64>,
}

impl ReferenceTime {
    /// The time in ticks of 250 µs. Taken as near to the newest one as it can be, before or after.
    pub fn unwrap(&mut self, bits: u32) -> i64 {
        let bits = i64::from(bits & 0xff_ffff);
        let Some(newest) = self.newest else {
            self.newest = Some(bits);
            return bits * TICKS;
        };
        let ahead = (bits - newest).rem_euclid(ROUND);
        let near = newest + if ahead >= ROUND / 2 { ahead - ROUND } else { ahead };
        self.newest = Some(near.max(newest));
        near.saturating_mul(TICKS)
    }
}

const ROUND: i64 = 1 << 24;
const TICKS: i64 = 256;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_was_never_sent_has_no_number() {
        assert_eq!(sent_number(5, 5), Some(5));
        assert_eq!(sent_number(5, 6), None);
        assert_eq!(sent_number(0x1_0003, 0xfffe), Some(0xfffe));
    }

    #[test]
    fn a_time_before_the_newest_is_taken_as_such() {
        let mut time = ReferenceTime::default();
        assert_eq!(time.unwrap(0xff_fffe), 0xff_fffe * 256);
        assert_eq!(time.unwrap(1), 0x100_0001 * 256);
        assert_eq!(time.unwrap(0xff_ffff), 0xff_ffff * 256);
        assert_eq!(time.unwrap(2), 0x100_0002 * 256);
    }

    proptest! {
        #[test]
        fn numbers_come_out_as_they_went_in(last in 0..u64::MAX / 2, back in 0..65536u64) {
            prop_assume!(back <= last);
            prop_assert_eq!(sent_number(last, (last - back) as u16), Some(last - back));
        }

        #[test]
        fn times_come_out_as_they_went_in(first in 0..1i64 << 24, steps in prop::collection::vec(-1000..(1i64 << 22), 1..50)) {
            let (mut time, mut at) = (ReferenceTime::default(), first);
            time.unwrap(first as u32);
            for step in steps {
                at += step;
                prop_assert_eq!(time.unwrap(at.rem_euclid(1 << 24) as u32), at * 256);
            }
        }

        #[test]
        fn any_times_are_taken(bits in prop::collection::vec(any::<u32>(), 0..200)) {
            let mut time = ReferenceTime::default();
            for bits in bits {
                let at = time.unwrap(bits);
                prop_assert_eq!((at / 256).rem_euclid(1 << 24), i64::from(bits & 0xff_ffff));
            }
        }
    }
}
