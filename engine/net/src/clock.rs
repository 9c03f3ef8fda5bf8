//! Maps the capture times of one publisher onto the engine's clock, from RTCP sender reports (RFC 3550 section 6.4.1). It
//! has no clock of its own.
//!
//! A publisher's sound and picture share one wall clock, so one offset serves all its tracks: whatever error the offset
//! has, they have it together and stay in sync. The offset is the smallest difference between a report's arrival and the
//! time written in it, over a window: the report that was held up least tells most.

use std::collections::VecDeque;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Reports that the smallest difference is taken of. Audio and video report about once to five seconds.
const WINDOW: usize = 30;
/// How far one report may move the offset: more would be seen as a jump of sound against picture on viewers.
const STEP_NS: i128 = 1_000_000;
/// A difference beyond this means the publisher's clock was set anew: follow at once.
const JUMP_NS: i128 = 250_000_000;
/// Captured longer ago than this is not believed.
const OLDEST: Duration = Duration::from_secs(10);

/// One publisher's clock against ours.
#[derive(Debug)]
pub(crate) struct SourceClock {
    /// Arbitrary start of our time axis.
    base: Instant,
    /// Arrival minus time written, in ns, newest last.
    window: VecDeque<i128>,
    offset: Option<i128>,
}

/// The newest report of one source: that RTP time was captured at that wall time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Anchor {
    rtp: u32,
    wall_ns: i128,
}

impl SourceClock {
    pub(crate) fn new(base: Instant) -> Self {
        Self { base, window: VecDeque::with_capacity(WINDOW), offset: None }
    }

    /// Takes a sender report: its wall time, its RTP time, and when it arrived.
    pub(crate) fn handle_report(&mut self, arrived: Instant, wall: SystemTime, rtp: u32) -> Option<Anchor> {
        // Before 1970 is no clock, and far beyond our own time axis the sums below would not fit.
        let wall_ns = i128::try_from(wall.duration_since(UNIX_EPOCH).ok()?.as_nanos()).ok()?;
        let difference = self.axis(arrived) - wall_ns;
        if self.offset.is_some_and(|offset| (difference - offset).abs() > JUMP_NS) {
            self.window.clear();
            self.offset = None;
        }
        if self.window.len() == WINDOW {
            self.window.pop_front();
        }
        self.window.push_back(difference);
        let smallest = self.window.iter().copied().min().unwrap_or(difference);
        self.offset = Some(match self.offset {
            None => smallest,
            Some(offset) => offset + (smallest - offset).clamp(-STEP_NS, STEP_NS),
        });
        Some(Anchor { rtp, wall_ns })
    }

    /// When a packet was captured, on our clock: never after its arrival, and its arrival where the publisher has not
    /// reported yet or reports nonsense.
    pub(crate) fn captured(&self, anchor: Option<Anchor>, rtp: u32, clock_rate: u32, arrived: Instant) -> Instant {
        let (Some(anchor), Some(offset)) = (anchor, self.offset) else { return arrived };
        if clock_rate == 0 {
            return arrived;
        }
        // RTP time wraps; the packet is taken to be within half a cycle of the report.
        let ticks = i128::from(rtp.wrapping_sub(anchor.rtp) as i32);
        let captured = anchor.wall_ns + ticks * 1_000_000_000 / i128::from(clock_rate) + offset;
        let age = self.axis(arrived) - captured;
        match u64::try_from(age) {
            Ok(age) if age <= OLDEST.as_nanos() as u64 => arrived.checked_sub(Duration::from_nanos(age)).unwrap_or(arrived),
            _ => arrived,
        }
    }

    fn axis(&self, at: Instant) -> i128 {
        match at.checked_duration_since(self.base) {
            Some(after) => after.as_nanos() as i128,
            None => -(self.base.duration_since(at).as_nanos() as i128),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn wall(ms: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_700_000_000) + ms as u32 * MS
    }

    #[test]
    fn sound_and_picture_captured_together_get_the_same_time_whatever_their_rtp_clocks() {
        let start = Instant::now();
        let mut clock = SourceClock::new(start);
        // Reports written at 1000 ms and 1400 ms of the publisher's clock, 20 and 35 ms on the way.
        let audio = clock.handle_report(start + 1020 * MS, wall(1000), 48_000);
        let video = clock.handle_report(start + 1435 * MS, wall(1400), 4_000_000_000);
        // Both captured at 2000 ms: the sound arrives at 2025, the picture, encoded slowly, at 2080.
        let sound = clock.captured(audio, 96_000, 48_000, start + 2025 * MS);
        let picture = clock.captured(video, 4_000_000_000u32.wrapping_add(54_000), 90_000, start + 2080 * MS);
        assert_eq!(sound, picture);
        assert_eq!(sound, start + 2020 * MS, "the fastest report's 20 ms are the offset");
    }

    #[test]
    fn rtp_time_may_wrap_between_report_and_packet() {
        let start = Instant::now();
        let mut clock = SourceClock::new(start);
        let anchor = clock.handle_report(start + 100 * MS, wall(100), u32::MAX - 44_999);
        assert_eq!(clock.captured(anchor, 45_000, 90_000, start + 1500 * MS), start + 1100 * MS);
    }

    #[test]
    fn a_faster_report_moves_the_offset_gently() {
        let start = Instant::now();
        let mut clock = SourceClock::new(start);
        let _ = clock.handle_report(start + 1050 * MS, wall(1000), 0);
        let anchor = clock.handle_report(start + 2010 * MS, wall(2000), 90_000);
        assert_eq!(clock.captured(anchor, 90_000, 90_000, start + 2100 * MS), start + 2049 * MS);
    }

    #[test]
    fn a_clock_that_was_set_is_followed_at_once() {
        let start = Instant::now();
        let mut clock = SourceClock::new(start);
        let _ = clock.handle_report(start + 1010 * MS, wall(1000), 0);
        let anchor = clock.handle_report(start + 2010 * MS, wall(3_602_000), 90_000);
        assert_eq!(clock.captured(anchor, 90_000, 90_000, start + 2050 * MS), start + 2010 * MS);
    }

    #[test]
    fn nonsense_falls_back_to_the_arrival_and_nothing_is_captured_after_it() {
        let start = Instant::now();
        let mut clock = SourceClock::new(start);
        let arrived = start + 500 * MS;
        assert_eq!(clock.captured(None, 0, 90_000, arrived), arrived);
        assert_eq!(clock.handle_report(arrived, UNIX_EPOCH - MS, 0), None);
        let anchor = clock.handle_report(arrived, wall(500), 0);
        assert_eq!(clock.captured(anchor, 90_000, 90_000, arrived), arrived, "not from the future");
        assert_eq!(clock.captured(anchor, 0u32.wrapping_sub(90_000 * 60), 90_000, arrived), arrived, "not a minute old");
        assert_eq!(clock.captured(anchor, 0, 0, arrived), arrived);
    }
}
