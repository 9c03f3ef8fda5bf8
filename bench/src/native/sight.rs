//! Eyes that watch somebody's pictures: how many come, how long none does, and how old they are.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rtc_core::video::frame::Frame;
use rtc_core::video::pattern::Mark;
use rtc_core::{VideoSink, VideoStreamType};
use serde::{Deserialize, Serialize};

use super::Spread;
use super::clock::since_epoch;

/// Longer without a new picture is a freeze.
const FREEZE: Duration = Duration::from_millis(500);

/// What was seen.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Sight {
    pub(super) pictures_per_second: f64,
    /// Percent of the time that lies between two pictures more than half a second apart, or in as long a time before the
    /// first and after the last.
    pub(super) frozen_percent: f64,
    /// The longest time between two of them, or before the first or after the last, in milliseconds.
    pub(super) longest_ms: f64,
    /// Width and height that half of the time is not below.
    pub(super) size: (u32, u32),
    /// From the camera to the eye. Nothing where no picture could be read.
    pub(super) delay_ms: Option<Spread>,
}

/// Takes pictures.
#[derive(Default)]
pub(super) struct Eye(Mutex<Vec<Glance>>);

/// A picture.
#[derive(Debug, Clone, Copy)]
struct Glance {
    at: Instant,
    size: (u32, u32),
    delay_ms: Option<f64>,
}

impl VideoSink for Eye {
    fn frame(&self, _user: &str, _stream_type: VideoStreamType, frame: &Frame) {
        let (at, now_ms) = (Instant::now(), since_epoch().as_secs_f64() * 1000.0);
        let delay_ms = Mark::read(frame).map(|mark| {
            // A mark has the low 32 bits of its time; no picture is 49 days old.
            let whole = (now_ms as u64 as u32).wrapping_sub(mark.time_ms);
            f64::from(whole.cast_signed()) + now_ms.fract()
        });
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Glance {
            at,
            size: (frame.width(), frame.height()),
            delay_ms,
        });
    }
}

impl Eye {
    /// Whether there was any picture yet.
    pub(super) fn has_seen(&self) -> bool {
        !self.0.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// What was seen between two times.
    pub(super) fn sight(&self, begin: Instant, end: Instant) -> Sight {
        let glances = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Sight::of(&glances, begin, end)
    }
}

impl Sight {
    fn of(glances: &[Glance], begin: Instant, end: Instant) -> Self {
        let within: Vec<Glance> = glances.iter().copied().filter(|glance| (begin..=end).contains(&glance.at)).collect();
        let ends: Vec<Instant> = [begin].into_iter().chain(within.iter().map(|glance| glance.at)).chain([end]).collect();
        let frozen: Duration = ends.windows(2).map(|pair| pair[1] - pair[0]).filter(|gap| *gap > FREEZE).sum();
        let delays: Vec<f64> = within.iter().filter_map(|glance| glance.delay_ms).collect();
        let longest = ends.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or_default();
        let mut sizes: Vec<(u32, u32)> = within.iter().map(|glance| glance.size).collect();
        sizes.sort_unstable_by_key(|(width, height)| width * height);
        let seconds = (end - begin).as_secs_f64();
        Self {
            pictures_per_second: within.len() as f64 / seconds,
            frozen_percent: frozen.as_secs_f64() / seconds * 100.0,
            longest_ms: longest.as_secs_f64() * 1000.0,
            size: sizes.get(sizes.len() / 2).copied().unwrap_or_default(),
            delay_ms: Spread::of(&delays),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_freeze_is_half_a_second_without_a_picture_also_at_the_ends() {
        let begin = Instant::now();
        let glance = |ms| Glance { at: begin + Duration::from_millis(ms), size: (640, 360), delay_ms: Some(10.0) };
        let end = begin + Duration::from_secs(10);
        // Ten pictures a second for two seconds, one at four seconds, one at 4.4.
        let glances: Vec<Glance> = (0..=20).map(|number| glance(number * 100)).chain([glance(4000), glance(4400)]).collect();
        let sight = Sight::of(&glances, begin, end);
        assert!((sight.pictures_per_second - 2.3).abs() < 1e-9, "{sight:?}");
        // 2 s from the second to the fourth second, 5.6 s at the end.
        assert!((sight.frozen_percent - 76.0).abs() < 1e-9, "{sight:?}");
        assert_eq!((sight.longest_ms, sight.size), (5600.0, (640, 360)));
        let nothing = Sight::of(&[], begin, end);
        assert!((nothing.frozen_percent - 100.0).abs() < 1e-9);
        assert!(nothing.delay_ms.is_none());
    }
}
