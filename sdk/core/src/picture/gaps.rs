//! How smoothly a stream is shown: pictures a second, and the time nothing new came. It sees moments, never pictures.

use std::time::{Duration, Instant};

/// What is known of one stream's pictures since it is watched.
#[derive(Debug)]
pub(super) struct Gaps {
    /// From this length on a gap is one.
    shortest: Duration,
    first: Option<Instant>,
    /// The last picture; nothing while none is expected.
    last: Option<Instant>,
    blocked: Duration,
    pictures: u32,
    before: Before,
}

/// What was known when it was measured last.
#[derive(Debug, Default)]
struct Before {
    at: Option<Instant>,
    blocked: Duration,
}

/// What was measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Smoothness {
    pub(super) pictures_per_second: f32,
    /// All gaps together.
    pub(super) blocked: Duration,
    /// Those since the last time.
    pub(super) blocked_now: Duration,
    /// Percent of the time since the first picture.
    pub(super) block_rate: f32,
}

impl Gaps {
    pub(super) fn new(shortest: Duration) -> Self {
        Self { shortest, first: None, last: None, blocked: Duration::ZERO, pictures: 0, before: Before::default() }
    }

    /// A picture is shown.
    pub(super) fn shown(&mut self, now: Instant) {
        self.blocked += self.open(now);
        self.first.get_or_insert(now);
        self.last = Some(now);
        self.pictures = self.pictures.saturating_add(1);
    }

    /// No pictures are expected until the next one is shown.
    pub(super) fn pause(&mut self, now: Instant) {
        self.blocked += self.open(now);
        self.last = None;
    }

    /// When the time since the last picture becomes a gap; nothing while none is expected.
    pub(super) fn due(&self) -> Option<Instant> {
        self.last.map(|last| last + self.shortest)
    }

    /// The gap that is open now, or nothing.
    fn open(&self, now: Instant) -> Duration {
        let since = self.last.map_or(Duration::ZERO, |last| now.saturating_duration_since(last));
        if since >= self.shortest { since } else { Duration::ZERO }
    }

    pub(super) fn measure(&mut self, now: Instant) -> Smoothness {
        let blocked = self.blocked + self.open(now);
        let elapsed = |since: Option<Instant>| since.map_or(0.0, |since| now.saturating_duration_since(since).as_secs_f32());
        let (period, watched) = (elapsed(self.before.at.or(self.first)), elapsed(self.first));
        let measured = Smoothness {
            pictures_per_second: per_second(self.pictures, period),
            blocked,
            blocked_now: blocked.saturating_sub(self.before.blocked),
            block_rate: if watched > 0.0 { (blocked.as_secs_f32() / watched * 100.0).min(100.0) } else { 0.0 },
        };
        self.pictures = 0;
        self.before = Before { at: Some(now), blocked };
        measured
    }
}

/// A rate over a time in seconds.
pub(super) fn per_second(count: u32, seconds: f32) -> f32 {
    if seconds > 0.0 { count as f32 / seconds } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORTEST: Duration = Duration::from_millis(600);

    #[test]
    fn only_long_gaps_count_and_an_open_one_counts_once() {
        let (start, at) = (Instant::now(), Duration::from_millis);
        let mut gaps = Gaps::new(SHORTEST);
        for moment in [0, 500, 1500] {
            gaps.shown(start + at(moment));
        }
        let first = gaps.measure(start + at(2000));
        assert_eq!((first.blocked, first.blocked_now), (at(1000), at(1000)));
        assert_eq!((first.pictures_per_second, first.block_rate), (1.5, 50.0));
        // The gap since 1500 is open; when it ends it is not counted again.
        assert_eq!(gaps.measure(start + at(2500)).blocked_now, at(1000));
        gaps.shown(start + at(2600));
        let last = gaps.measure(start + at(3000));
        assert_eq!((last.blocked, last.blocked_now), (at(2100), at(100)));
    }

    #[test]
    fn a_pause_is_no_gap() {
        let (start, at) = (Instant::now(), Duration::from_millis);
        let mut gaps = Gaps::new(SHORTEST);
        gaps.shown(start);
        assert_eq!(gaps.due(), Some(start + SHORTEST));
        gaps.pause(start + at(100));
        assert_eq!(gaps.due(), None);
        gaps.shown(start + at(9000));
        assert_eq!(gaps.measure(start + at(9001)).blocked, Duration::ZERO);
    }
}
