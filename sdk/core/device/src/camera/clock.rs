//! The pace of pictures: deadlines at a frame rate, without drift. A picture that is late is left out.

use std::time::{Duration, Instant};

/// Deadlines at a frame rate.
#[derive(Debug)]
pub(crate) struct FrameClock {
    interval: Duration,
    next: Instant,
}

impl FrameClock {
    /// The first picture is due at `now`. The rate is taken as at least one a second.
    pub(crate) fn new(frame_rate: u32, now: Instant) -> Self {
        Self { interval: Duration::from_secs(1) / frame_rate.max(1), next: now }
    }

    /// When the next picture is due, which counts as taken.
    pub(crate) fn take(&mut self, now: Instant) -> Instant {
        while self.next + self.interval <= now {
            let missed = (now - self.next).as_nanos() / self.interval.as_nanos();
            self.next += self.interval * u32::try_from(missed).unwrap_or(u32::MAX);
        }
        let due = self.next;
        self.next += self.interval;
        due
    }

    /// When the next picture is due.
    pub(crate) fn due(&self) -> Instant {
        self.next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_picture_is_left_out_and_the_beat_is_kept() {
        let start = Instant::now();
        let mut clock = FrameClock::new(10, start);
        let beat = Duration::from_millis(100);
        assert_eq!(clock.take(start), start);
        assert_eq!(clock.take(start + beat / 2), start + beat);
        assert_eq!(clock.take(start + beat * 57 / 10), start + 5 * beat);
        assert_eq!(clock.due(), start + 6 * beat);
    }
}
