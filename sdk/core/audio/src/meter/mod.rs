//! What there is to say about a voice: how loud, which frequencies, whether somebody speaks, how high; it changes nothing.

mod pitch;
mod spectrum;

pub use spectrum::{SPECTRUM_BINS, SPECTRUM_FLOOR};

use crate::{Block, Channels, RATE, Resampler};
use pitch::PITCH_RATE;

/// A sine at full scale is 0 dBFS and volume 100; this and less is volume 0.
const FLOOR_DBFS: f32 = -60.0;

/// Frames at 16 kHz which the detector of voice takes at once.
const VOICE_FRAMES: usize = 256;

/// From this score on it is a voice.
const VOICE_THRESHOLD: f32 = 0.5;

/// Measures one voice over the time between two calls of [`Meter::reset`].
pub struct Meter {
    power: f64,
    blocks: u32,
    /// The newest sound at 48 kHz, for the spectrum.
    recent: Vec<f32>,
    /// The newest sound at 16 kHz, for the pitch.
    low: Vec<f32>,
    /// How much of `low` the detector of voice has not seen.
    unheard: usize,
    down: Resampler,
    detector: Box<earshot::Detector>,
    hears_voice: bool,
    score: f32,
}

impl Meter {
    /// A meter that has heard nothing.
    pub fn new() -> Self {
        Self {
            power: 0.0,
            blocks: 0,
            recent: vec![0.0; spectrum::WINDOW],
            low: vec![0.0; pitch::WINDOW],
            unheard: 0,
            down: Resampler::new(RATE, PITCH_RATE, Channels::Mono).expect("48 and 16 kHz are supported rates"),
            detector: earshot::Detector::default_boxed(),
            score: 0.0,
            hears_voice: true,
        }
    }

    /// A meter of volume and spectrum alone, which costs a tenth: [`Meter::voice`] is false and [`Meter::pitch`] nothing.
    pub fn without_voice() -> Self {
        Self { hears_voice: false, ..Self::new() }
    }

    /// Takes 10 ms into account.
    pub fn push(&mut self, block: &Block) {
        let floats = block.mono_floats();
        self.power += floats.iter().map(|&value| f64::from(value * value)).sum::<f64>() / floats.len() as f64;
        self.blocks += 1;
        shift_in(&mut self.recent, &floats);
        if !self.hears_voice {
            return;
        }
        let mut low = Vec::with_capacity(160);
        self.down.process(&floats, &mut low);
        // A resampler overshoots what is as loud as can be, and the detector panics beyond full scale.
        low.iter_mut().for_each(|value| *value = value.clamp(-1.0, 1.0));
        shift_in(&mut self.low, &low);
        self.unheard += low.len();
        while self.unheard >= VOICE_FRAMES {
            let start = self.low.len() - self.unheard;
            let score = self.detector.predict_f32(&self.low[start..start + VOICE_FRAMES]);
            self.score = self.score.max(score);
            self.unheard -= VOICE_FRAMES;
        }
    }

    /// Begins the next interval of [`Meter::volume`] and [`Meter::voice`].
    pub fn reset(&mut self) {
        self.power = 0.0;
        self.blocks = 0;
        self.score = 0.0;
    }

    /// How loud the interval was, 0..=100: its mean power in dBFS, where a sine at full scale has 0, from -60 (0) to 0
    /// (100) in a straight line. Speech at a usual level is about 60.
    pub fn volume(&self) -> u8 {
        if self.blocks == 0 {
            return 0;
        }
        // A sine at full scale has half the power of the square wave around it.
        let dbfs = 10.0 * (2.0 * self.power / f64::from(self.blocks)).log10();
        ((1.0 - dbfs as f32 / FLOOR_DBFS) * 100.0).round().clamp(0.0, 100.0) as u8
    }

    /// Whether somebody spoke in the interval.
    pub fn voice(&self) -> bool {
        self.score >= VOICE_THRESHOLD
    }

    /// The newest 11 ms in [`SPECTRUM_BINS`] parts of 93.75 Hz, each in dBFS: [`SPECTRUM_FLOOR`] (nothing) to 0.
    pub fn spectrum(&self) -> [f32; SPECTRUM_BINS] {
        spectrum::of(&self.recent)
    }

    /// How high the voice of the newest 64 ms is, in Hz; `None` when it has no pitch or one outside of 60..=500 Hz.
    pub fn pitch(&self) -> Option<f32> {
        pitch::of(&self.low)
    }
}

impl Default for Meter {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Meter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Meter").field("volume", &self.volume()).field("voice", &self.voice()).finish_non_exhaustive()
    }
}

/// Drops the oldest and appends the newest, keeping the length.
fn shift_in(window: &mut [f32], newest: &[f32]) {
    let newest = &newest[newest.len().saturating_sub(window.len())..];
    window.copy_within(newest.len().., 0);
    let start = window.len() - newest.len();
    window[start..].copy_from_slice(newest);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Tone;
    use crate::tone::Random;

    fn measured(tone: &mut Tone, blocks: usize) -> Meter {
        let mut meter = Meter::new();
        for _ in 0..blocks {
            meter.push(&tone.block(Channels::Mono));
        }
        meter
    }

    #[test]
    fn the_loudest_sound_there_can_be_is_measured_like_any_other() {
        let mut meter = Meter::new();
        for block in 0..50 {
            let samples: Vec<i16> = (0..480).map(|n| if (n + block) / 7 % 2 == 0 { i16::MAX } else { i16::MIN }).collect();
            meter.push(&Block::new(Channels::Mono, &samples).unwrap());
        }
        assert_eq!(meter.volume(), 100);
    }

    #[test]
    fn a_meter_without_voice_knows_the_volume_all_the_same() {
        let mut meter = Meter::without_voice();
        for _ in 0..20 {
            meter.push(&Tone::new(480.0, 0.1).block(Channels::Mono));
        }
        assert_eq!((meter.volume(), meter.voice(), meter.pitch()), (67, false, None));
    }

    #[test]
    fn volume_is_a_straight_line_in_decibels() {
        assert_eq!(measured(&mut Tone::new(480.0, 1.0), 20).volume(), 100);
        assert_eq!(measured(&mut Tone::new(480.0, 0.1), 20).volume(), 67);
        assert_eq!(measured(&mut Tone::new(480.0, 0.001), 20).volume(), 0);
        assert_eq!(measured(&mut Tone::new(480.0, 0.0), 20).volume(), 0);
        let mut meter = measured(&mut Tone::new(480.0, 1.0), 20);
        meter.reset();
        assert_eq!(meter.volume(), 0);
    }

    #[test]
    fn the_spectrum_has_its_peak_where_the_tone_is() {
        let spectrum = measured(&mut Tone::new(93.75 * 40.0, 1.0), 10).spectrum();
        let loudest = (0..SPECTRUM_BINS).max_by(|&a, &b| spectrum[a].total_cmp(&spectrum[b])).unwrap();
        assert_eq!(loudest, 40);
        assert!(spectrum[40].abs() < 0.2, "{}", spectrum[40]);
        assert!(spectrum[80] < -60.0);
        let silence = measured(&mut Tone::new(440.0, 0.0), 10).spectrum();
        assert!(silence.iter().all(|&bin| bin == SPECTRUM_FLOOR));
    }

    #[test]
    fn pitch_is_found_within_one_percent_and_noise_has_none() {
        for hertz in [70.0, 110.0, 220.0, 440.0] {
            let pitch = measured(&mut Tone::new(hertz, 0.3), 20).pitch().unwrap();
            assert!((f64::from(pitch) - hertz).abs() < hertz * 0.01, "{hertz}: {pitch}");
        }
        let mut random = Random::new(1);
        let mut meter = Meter::new();
        for _ in 0..20 {
            let samples: Vec<i16> = (0..480).map(|_| random.next() as i16 / 4).collect();
            meter.push(&Block::new(Channels::Mono, &samples).unwrap());
        }
        assert_eq!(meter.pitch(), None);
        assert_eq!(Meter::new().pitch(), None);
    }

    #[test]
    fn silence_is_no_voice() {
        assert!(!measured(&mut Tone::new(440.0, 0.0), 100).voice());
    }

    #[test]
    fn what_sounds_like_speech_is_a_voice() {
        assert!(measured(&mut Tone::speech_like(1), 200).voice());
    }
}
