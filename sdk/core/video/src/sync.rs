//! Lip sync: says how long sound and picture of one person have to wait for each other. It delays nothing itself and knows no
//! stream; whoever plays tells it what is heard and seen when.

use std::time::{Duration, Instant, SystemTime};

/// A moment of a stream as the viewer gets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Played {
    /// When it was taken, on the clock that sound and picture of this person share (from RTCP sender reports).
    pub taken: SystemTime,
    /// When it is heard or seen.
    pub shown: Instant,
    /// How long this stream's buffer holds it at present.
    pub delay: Duration,
}

/// The least delays that bring the two together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Delays {
    /// For the sound.
    pub audio: Duration,
    /// For the picture.
    pub video: Duration,
}

/// Keeps the sound and the picture of one person together, as far as the sound can wait for that: who talks with somebody needs
/// an answer more than lips.
#[derive(Debug, Default)]
pub struct LipSync {
    delays: Delays,
    apart: Option<i64>,
    /// How long the sound's buffer holds it by itself.
    own: Duration,
}

impl LipSync {
    /// Nothing has to wait yet.
    pub const fn new() -> Self {
        Self { delays: Delays { audio: Duration::ZERO, video: Duration::ZERO }, apart: None, own: Duration::ZERO }
    }

    /// There is no picture that moves, so nothing waits for it.
    pub fn release(&mut self) -> Delays {
        *self = Self::new();
        self.delays
    }

    /// Takes what is heard and seen at about the same time, and gives the least delays from now on. To be called about once a
    /// second, because buffers move slowly: what is asked for is not there at once.
    pub fn handle(&mut self, audio: Played, video: Played) -> Delays {
        let apart = micros_between(audio.shown, video.shown) - micros_between_times(audio.taken, video.taken);
        if apart.abs() > NOT_THE_SAME_CLOCK {
            // Reports of two different sources; waiting for this would be waiting for ever.
            *self = Self::new();
            return self.delays;
        }
        // Half of each new difference: buffers tremble by themselves.
        let apart = self.apart.map_or(apart, |last| (last + apart) / 2);
        self.apart = Some(apart);
        if apart.abs() < GOOD_ENOUGH {
            return self.delays;
        }
        let step = Duration::from_micros(apart.unsigned_abs()).min(STEP);
        if self.delays.audio.is_zero() || audio.delay > self.delays.audio + OWN_WILL {
            self.own = audio.delay;
        }
        let Delays { audio: sound, video: picture } = &mut self.delays;
        if apart > 0 {
            // The picture is late: it stops waiting before the sound has to.
            shorten_or_lengthen(picture, sound, audio.delay, step, self.own + MOST_ADDED);
        } else {
            shorten_or_lengthen(sound, picture, video.delay, step, LONGEST);
        }
        self.delays
    }

    /// By how much the picture comes after the sound, in milliseconds; negative when it comes before. `None` before anything
    /// is known.
    pub fn apart_ms(&self) -> Option<i64> {
        self.apart.map(|micros| micros / 1000)
    }
}

/// Lets the stream that is late wait less, if it waits at all, else the early one longer.
fn shorten_or_lengthen(late: &mut Duration, early: &mut Duration, early_now: Duration, step: Duration, most: Duration) {
    if late.is_zero() {
        *early = (early_now + step).min(most).min(LONGEST);
    } else {
        *late = late.saturating_sub(step);
    }
}

fn micros_between(first: Instant, second: Instant) -> i64 {
    match second.checked_duration_since(first) {
        Some(later) => micros(later),
        None => -micros(first.saturating_duration_since(second)),
    }
}

fn micros_between_times(first: SystemTime, second: SystemTime) -> i64 {
    match second.duration_since(first) {
        Ok(later) => micros(later),
        Err(error) => -micros(error.duration()),
    }
}

/// At most a quarter of what fits, so that differences of two fit as well.
fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX).min(i64::MAX / 4)
}

/// Nobody notices less, in microseconds.
const GOOD_ENOUGH: i64 = 15_000;
const NOT_THE_SAME_CLOCK: i64 = 5_000_000;
const STEP: Duration = Duration::from_millis(80);
const LONGEST: Duration = Duration::from_secs(1);
/// What sound waits for pictures beyond what it has to wait anyway.
const MOST_ADDED: Duration = Duration::from_millis(200);
/// A buffer that holds more than it was asked for by so much does it for reasons of its own.
const OWN_WILL: Duration = Duration::from_millis(60);

#[cfg(test)]
mod tests {
    use super::*;

    /// Plays both streams with natural delays and what lip sync asks for, and tells how far apart they end up, in ms.
    fn settle(sync: &mut LipSync, natural_audio: u64, natural_video: u64) -> i64 {
        let (start, epoch) = (Instant::now(), SystemTime::UNIX_EPOCH);
        let mut delays = sync.delays;
        for second in 0..30 {
            let taken = epoch + Duration::from_secs(second);
            let played = |natural: u64, least: Duration| {
                let delay = Duration::from_millis(natural).max(least);
                Played { taken, shown: start + Duration::from_secs(second) + delay, delay }
            };
            delays = sync.handle(played(natural_audio, delays.audio), played(natural_video, delays.video));
        }
        let wait = |natural: u64, least: Duration| natural.max(least.as_millis() as u64) as i64;
        wait(natural_video, delays.video) - wait(natural_audio, delays.audio)
    }

    #[test]
    fn the_early_one_waits_for_the_late_one() {
        for (audio, video) in [(200, 20), (20, 200), (50, 50), (60, 70)] {
            let mut sync = LipSync::new();
            let apart = settle(&mut sync, audio, video);
            assert!(apart.abs() <= 20, "{audio} and {video}: {apart} ms");
            let waits = sync.delays;
            assert!(waits.audio.is_zero() || waits.video.is_zero(), "never both: {waits:?}");
        }
    }

    #[test]
    fn sound_waits_for_a_late_picture_only_so_long() {
        let mut sync = LipSync::new();
        for natural in [20, 300] {
            settle(&mut sync, natural, 1500);
            let most = Duration::from_millis(natural + 200);
            assert_eq!(sync.delays, Delays { audio: most, video: Duration::ZERO });
        }
        assert_eq!(sync.release(), Delays::default());
        assert_eq!(sync.apart_ms(), None);
    }

    #[test]
    fn when_the_reason_goes_away_nothing_waits_longer_than_it_must() {
        let mut sync = LipSync::new();
        settle(&mut sync, 300, 20);
        assert!(sync.delays.video >= Duration::from_millis(250));
        let apart = settle(&mut sync, 20, 20);
        assert!(apart.abs() <= 20 && sync.delays.video < Duration::from_millis(60), "{apart} {:?}", sync.delays);
    }

    #[test]
    fn clocks_that_have_nothing_to_do_with_each_other_are_left_alone() {
        let (now, taken) = (Instant::now(), SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000));
        let mut sync = LipSync::new();
        let audio = Played { taken, shown: now, delay: Duration::ZERO };
        let video = Played { taken: SystemTime::UNIX_EPOCH, ..audio };
        assert_eq!(sync.handle(audio, video), Delays::default());
        assert_eq!(sync.apart_ms(), None);
        assert_eq!(sync.handle(audio, Played { shown: now + Duration::from_millis(60), ..audio }).audio.as_millis(), 60);
        assert_eq!(sync.apart_ms(), Some(60));
    }
}
