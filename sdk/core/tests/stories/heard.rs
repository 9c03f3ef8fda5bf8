//! What somebody hears, voice by voice and all together, for stories that wait for a sound. It plays nothing.

use std::collections::BTreeMap;
use std::f64::consts::SQRT_2;
use std::sync::{Condvar, Mutex};
use std::time::Instant;

use rtc_core::{AudioFrame, AudioFrameHook};

use crate::engine::PATIENCE;

/// How loud the tone is that stands in for a microphone: a sine of a quarter of full scale.
pub(crate) const TONE: f64 = 0.25 * 32_767.0 / SQRT_2;
/// Everybody together, where a user is asked for.
pub(crate) const ALL: &str = "";
/// 200 ms, in which tones are told apart that differ by 5 Hz.
const WINDOW: usize = 9600;

/// The last 200 ms of everybody.
#[derive(Default)]
pub(crate) struct Heard {
    last: Mutex<BTreeMap<String, Vec<i16>>>,
    changed: Condvar,
}

impl AudioFrameHook for Heard {
    fn play(&self, user: &str, frame: &AudioFrame) {
        self.hear(user, frame);
    }

    fn mixed_play(&self, frame: &mut AudioFrame) {
        self.hear(ALL, frame);
    }
}

impl Heard {
    fn hear(&self, user: &str, frame: &AudioFrame) {
        let mut last = self.last.lock().expect("not poisoned");
        let samples = last.entry(user.to_owned()).or_default();
        samples.extend(frame.samples.chunks_exact(frame.channels as usize).map(|sides| sides[0]));
        let too_many = samples.len().saturating_sub(WINDOW);
        samples.drain(..too_many);
        self.changed.notify_all();
    }

    /// Waits until the last 200 ms fit.
    pub(crate) fn until(&self, user: &str, what: &str, fits: impl Fn(&[i16]) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        let mut last = self.last.lock().expect("not poisoned");
        while !last.get(user).is_some_and(|samples| samples.len() == WINDOW && fits(samples)) {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let heard: Vec<_> = last.iter().map(|(user, samples)| (user, loudness(samples), tones(samples))).collect();
                panic!("{user:?} is not heard with {what}, but (who, how loud, hertz and shares): {heard:?}");
            }
            last = self.changed.wait_timeout(last, left).expect("not poisoned").0;
        }
    }

    /// The share of the power of somebody's last 200 ms that is at this frequency; none of somebody who is not heard.
    pub(crate) fn share(&self, user: &str, hertz: f64) -> f64 {
        let last = self.last.lock().expect("not poisoned");
        last.get(user).filter(|samples| samples.len() == WINDOW).map_or(0.0, |samples| rtc_audio::tone_share(samples, hertz))
    }

    /// Waits for nothing but this tone.
    pub(crate) fn until_tone(&self, user: &str, hertz: f64) {
        self.until(user, &format!("{hertz} Hz"), |samples| rtc_audio::tone_share(samples, hertz) > 0.9);
    }

    /// Waits for these tones, each with its share of the power, and next to nothing else.
    pub(crate) fn until_tones(&self, user: &str, wanted: &[(f64, f64)]) {
        self.until(user, &format!("{wanted:?}"), |samples| {
            wanted.iter().all(|(hertz, share)| (rtc_audio::tone_share(samples, *hertz) - share).abs() < 0.04)
        });
    }

    /// Waits for a sound that is steadily so loud, in parts of [`TONE`].
    pub(crate) fn until_loudness(&self, user: &str, factor: f64) {
        self.until(user, &format!("{factor} of the loudness"), |samples| is_as_loud(samples, factor));
    }

    pub(crate) fn until_silence(&self, user: &str) {
        self.until(user, "silence", is_silent);
    }
}

/// Root of the mean square.
pub(crate) fn loudness(samples: &[i16]) -> f64 {
    let power: f64 = samples.iter().map(|sample| f64::from(*sample).powi(2)).sum();
    (power / samples.len().max(1) as f64).sqrt()
}

/// Whether it is so loud, in parts of [`TONE`], in each of its quarters: what only passes by is not.
pub(crate) fn is_as_loud(samples: &[i16], factor: f64) -> bool {
    samples.chunks(samples.len() / 4).all(|quarter| (loudness(quarter) / (TONE * factor) - 1.0).abs() < 0.1)
}

/// Whether nobody would hear it.
pub(crate) fn is_silent(samples: &[i16]) -> bool {
    loudness(samples) < TONE / 100.0
}

/// The tones of these stories that are heard.
fn tones(samples: &[i16]) -> Vec<(f64, f64)> {
    let all = [440.0, 660.0, 700.0, 880.0, 1000.0].map(|hertz| (hertz, rtc_audio::tone_share(samples, hertz)));
    all.into_iter().filter(|(_, share)| *share > 0.01).collect()
}

/// What is said on the left and on the right where both are told apart.
pub(crate) const SIDES: [f64; 2] = [440.0, 880.0];

/// A tone on each side, as loud as [`TONE`].
pub(crate) struct TwoTones([rtc_audio::Tone; 2]);

impl TwoTones {
    pub(crate) fn new(hertz: [f64; 2]) -> Self {
        Self(hertz.map(|hertz| rtc_audio::Tone::new(hertz, 0.25)))
    }

    /// The next 10 ms in stereo.
    pub(crate) fn block(&mut self) -> Vec<i16> {
        let [left, right] = self.0.each_mut().map(|tone| tone.block(rtc_audio::Channels::Mono));
        left.samples().iter().zip(right.samples()).flat_map(|(left, right)| [*left, *right]).collect()
    }

    /// The share of each tone in the power of its side.
    pub(crate) fn shares(samples: &[i16], hertz: [f64; 2]) -> [f64; 2] {
        [0, 1].map(|side| {
            let side_only: Vec<i16> = samples.iter().skip(side).step_by(2).copied().collect();
            rtc_audio::tone_share(&side_only, hertz[side])
        })
    }
}
