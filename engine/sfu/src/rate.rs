//! How many bits a second pass, counted from packets; it takes the time from its caller and keeps no packet.

use std::time::{Duration, Instant};

/// A measured bit rate. A packet costs a few additions.
///
/// Bytes are counted in windows. What a window says is the middle of the last three, so that one key frame, or the
/// first words of somebody who was silent, do not look like another rate; of that it takes a running mean.
#[derive(Debug, Clone, Default)]
pub struct Rate {
    window: Option<Instant>,
    newest: Option<Instant>,
    bits: u64,
    /// Rates of the windows before, newest first.
    before: [Option<u64>; 2],
    mean: Option<u64>,
}

impl Rate {
    /// A packet of so many bytes passes.
    pub fn observe(&mut self, now: Instant, bytes: usize) {
        let bits = bytes as u64 * 8;
        let pause = self.newest.replace(now).map(|at| now.saturating_duration_since(at));
        if pause.is_some_and(|pause| pause >= PAUSE) {
            // Begun anew: the pause belongs to no window.
            self.window = None;
        }
        let Some(began) = self.window else {
            (self.window, self.bits) = (Some(now), bits);
            return;
        };
        let lasted = now.saturating_duration_since(began);
        if lasted < WINDOW {
            self.bits += bits;
            return;
        }
        // At least a window's worth of microseconds, so this divides by no zero.
        let rate = self.bits.saturating_mul(1_000_000) / lasted.as_micros() as u64;
        (self.window, self.bits) = (Some(now), bits);
        let middle = match self.before {
            [Some(a), Some(b)] => Some(a.max(b).min(rate).max(a.min(b))),
            // The first window holds a key frame.
            [Some(a), None] => Some(a.min(rate)),
            [None, _] => None,
        };
        self.before = [Some(rate), self.before[0]];
        if let Some(middle) = middle {
            self.mean = Some(self.mean.map_or(middle, |mean| mean.midpoint(middle)));
        }
    }

    /// Bits a second, as measured last, also when nothing passes any more. Nothing within the first second.
    pub fn last(&self) -> Option<u64> {
        self.mean
    }

    /// Bits a second, 0 when nothing has passed for a second.
    pub fn now(&self, now: Instant) -> Option<u64> {
        match self.newest {
            Some(newest) if now.saturating_duration_since(newest) < PAUSE => self.mean,
            Some(_) => Some(0),
            None => None,
        }
    }
}

const WINDOW: Duration = Duration::from_millis(400);
const PAUSE: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(n: u64) -> Duration {
        Duration::from_millis(n)
    }

    /// Sends 125 bytes every 10 ms, which is 100 kbit/s, and a key frame of some bytes with the packets it is due at.
    fn run(rate: &mut Rate, from: Instant, milliseconds: u64, keyframes: &[u64], keyframe: usize) -> Instant {
        for at in (0..milliseconds).step_by(10) {
            let extra = if keyframes.contains(&at) { keyframe } else { 0 };
            rate.observe(from + ms(at), 125 + extra);
        }
        from + ms(milliseconds)
    }

    #[test]
    fn a_steady_stream_is_known_after_a_second_to_the_percent() {
        let (mut rate, t) = (Rate::default(), Instant::now());
        let now = run(&mut rate, t, 500, &[], 0);
        assert_eq!(rate.last(), None);
        let now = run(&mut rate, now, 600, &[], 0);
        let known = rate.last().expect("a second has passed");
        assert!(known.abs_diff(100_000) <= 1_000, "{known}");
        assert_eq!(rate.now(now), Some(known));
    }

    #[test]
    fn a_key_frame_is_not_taken_for_a_rate() {
        let (mut rate, t) = (Rate::default(), Instant::now());
        run(&mut rate, t, 6000, &[0, 2500, 4000], 20_000);
        let known = rate.last().expect("seconds have passed");
        assert!(known.abs_diff(100_000) <= 5_000, "{known}");
    }

    #[test]
    fn a_lasting_change_is_seen_within_three_seconds() {
        let (mut rate, t) = (Rate::default(), Instant::now());
        let now = run(&mut rate, t, 2000, &[], 0);
        for at in (0..3000).step_by(5) {
            rate.observe(now + ms(at), 625);
        }
        let known = rate.last().expect("seconds have passed");
        assert!(known > 900_000, "{known}");
    }

    #[test]
    fn silence_is_no_rate_and_does_not_dilute_the_last_one() {
        let (mut rate, t) = (Rate::default(), Instant::now());
        let now = run(&mut rate, t, 2000, &[], 0);
        let known = rate.last();
        assert_eq!(rate.now(now + ms(1500)), Some(0));
        assert_eq!(rate.last(), known);
        run(&mut rate, now + ms(60_000), 300, &[], 0);
        assert_eq!(rate.last(), known);
    }
}
