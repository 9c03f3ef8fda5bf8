//! The time of day that belongs to an instant, as RTP and RTCP write it; not what time it is.

use std::time::{Duration, Instant};

/// An instant with its time of day. Everything that an engine writes should be by one of these, so that clients see one clock.
#[derive(Debug, Clone, Copy)]
pub struct WallClock {
    at: Instant,
    since_1970: Duration,
}

/// Seconds from 1900, where NTP begins, to 1970.
const NTP_EPOCH_S: u64 = 2_208_988_800;

impl WallClock {
    /// `since_1970` is the time of day at `at`.
    pub fn new(at: Instant, since_1970: Duration) -> Self {
        Self { at, since_1970 }
    }

    /// Seconds since 1900 in 32 bits, and fractions of a second in 32 (RFC 3550 section 4).
    pub(crate) fn ntp(&self, now: Instant) -> u64 {
        let time = self.since_1970(now);
        // Wraps in 2036, as the format does.
        let seconds = (time.as_secs() + NTP_EPOCH_S) as u32;
        let fraction = (u64::from(time.subsec_nanos()) << 32) / 1_000_000_000;
        (u64::from(seconds) << 32) | fraction
    }

    /// The middle 32 bits of that, in which round trips are told.
    pub(crate) fn short_ntp(&self, now: Instant) -> u32 {
        (self.ntp(now) >> 16) as u32
    }

    /// 24 bits of seconds with 18 behind the point.
    pub(crate) fn abs_send_time(&self, now: Instant) -> u32 {
        (self.ntp(now) >> 14) as u32 & 0x00ff_ffff
    }

    fn since_1970(&self, now: Instant) -> Duration {
        match now.checked_duration_since(self.at) {
            Some(after) => self.since_1970 + after,
            None => self.since_1970.saturating_sub(self.at.duration_since(now)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_second_is_half_of_the_fraction() {
        let at = Instant::now();
        let clock = WallClock::new(at, Duration::from_millis(1_700_000_000_250));
        let later = at + Duration::from_millis(250);
        assert_eq!(clock.ntp(later), ((1_700_000_000 + NTP_EPOCH_S) << 32) | (1 << 31));
        assert_eq!(clock.short_ntp(later), (((1_700_000_000 + NTP_EPOCH_S) as u32) << 16) | (1 << 15));
        assert_eq!(clock.abs_send_time(later) & 0x3_ffff, 1 << 17);
        assert_eq!(clock.abs_send_time(later) >> 18, ((1_700_000_000 + NTP_EPOCH_S) & 63) as u32);
    }
}
