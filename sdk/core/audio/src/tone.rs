//! Sound made by arithmetic, and how to recognise it again: the twin of a microphone where there is none.

use std::f64::consts::TAU;

use crate::{Block, Channels, RATE};

/// A source of blocks without an end.
#[derive(Debug, Clone)]
pub struct Tone {
    shape: Shape,
    frame: u64,
}

#[derive(Debug, Clone)]
enum Shape {
    Sine { hertz: f64, amplitude: f64 },
    Speech(Box<SpeechLike>),
}

impl Tone {
    /// A sine of this frequency and amplitude (0..=1, where 1 is full scale).
    pub fn new(hertz: f64, amplitude: f64) -> Self {
        Self { shape: Shape::Sine { hertz, amplitude: amplitude.clamp(0.0, 1.0) }, frame: 0 }
    }

    /// Something a speech codec and a speech detector take for speech: voiced syllables of moving pitch and vowels, and
    /// pauses. The same seed gives the same sound.
    pub fn speech_like(seed: u64) -> Self {
        Self { shape: Shape::Speech(Box::new(SpeechLike::new(seed))), frame: 0 }
    }

    /// The next 10 ms, the same on all channels.
    pub fn block(&mut self, channels: Channels) -> Block {
        let mut block = Block::silence(channels);
        for frame in block.samples_mut().chunks_exact_mut(channels.count()) {
            let value = match &mut self.shape {
                Shape::Sine { hertz, amplitude } => {
                    (TAU * *hertz * self.frame as f64 / f64::from(RATE)).sin() * *amplitude * 32_767.0
                }
                Shape::Speech(speech) => speech.next() * 32_767.0,
            };
            self.frame += 1;
            // A cast saturates.
            frame.fill(value.round() as i16);
        }
        block
    }
}

/// Which share of the power of these mono samples at 48 kHz is at this frequency, 0..=1, by Goertzel's algorithm. It tells
/// frequencies apart that differ by more than 48 000 divided by the number of samples.
pub fn tone_share(samples: &[i16], hertz: f64) -> f64 {
    let total: f64 = samples.iter().map(|&sample| f64::from(sample).powi(2)).sum();
    if total == 0.0 {
        return 0.0;
    }
    let coefficient = 2.0 * (TAU * hertz / f64::from(RATE)).cos();
    let (mut last, mut before) = (0.0, 0.0);
    for &sample in samples {
        let next = f64::from(sample) + coefficient * last - before;
        before = last;
        last = next;
    }
    let power = last * last + before * before - coefficient * last * before;
    (2.0 * power / (samples.len() as f64 * total)).min(1.0)
}

/// Pulses of a moving pitch through three resonances that wander from vowel to vowel.
#[derive(Debug, Clone)]
struct SpeechLike {
    random: Random,
    pulse_phase: f64,
    pitch: f64,
    wanted_pitch: f64,
    formants: [Resonance; 3],
    left: u32,
    loudness: f64,
    wanted_loudness: f64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Resonance {
    hertz: f64,
    wanted: f64,
    last: f64,
    before: f64,
}

/// First resonances of five vowels, in Hz.
const VOWELS: [[f64; 3]; 5] =
    [[730.0, 1090.0, 2440.0], [530.0, 1840.0, 2480.0], [270.0, 2290.0, 3010.0], [570.0, 840.0, 2410.0], [300.0, 870.0, 2240.0]];

impl SpeechLike {
    fn new(seed: u64) -> Self {
        Self {
            random: Random::new(seed),
            pulse_phase: 0.0,
            pitch: 120.0,
            wanted_pitch: 120.0,
            formants: VOWELS[0].map(|hertz| Resonance { hertz, wanted: hertz, ..Resonance::default() }),
            left: 0,
            loudness: 0.0,
            wanted_loudness: 0.0,
        }
    }

    fn next(&mut self) -> f64 {
        if self.left == 0 {
            // A syllable of 120 to 300 ms, every sixth a pause.
            self.left = 5_760 + self.random.below(8_640) as u32;
            self.wanted_loudness = if self.random.below(6) == 0 { 0.0 } else { 0.4 + self.random.unit() * 0.6 };
            self.wanted_pitch = 100.0 + self.random.unit() * 80.0;
            let vowel = VOWELS[self.random.below(VOWELS.len() as u64) as usize];
            for (formant, hertz) in self.formants.iter_mut().zip(vowel) {
                formant.wanted = hertz;
            }
        }
        self.left -= 1;
        // Everything glides with a time constant of 20 ms, and a syllable swells and ebbs.
        let glide = 1.0 / 960.0;
        self.pitch += (self.wanted_pitch - self.pitch) * glide;
        let ebb = if self.left < 1_920 { 0.3 } else { 1.0 };
        self.loudness += (self.wanted_loudness * ebb - self.loudness) * glide;
        self.pulse_phase += self.pitch / f64::from(RATE);
        let mut source = (self.random.unit() - 0.5) * 0.02;
        if self.pulse_phase >= 1.0 {
            self.pulse_phase -= 1.0;
            source += 1.0;
        }
        let mut sum = 0.0;
        for (formant, gain) in self.formants.iter_mut().zip([1.0, 0.5, 0.25]) {
            formant.hertz += (formant.wanted - formant.hertz) * glide;
            // A resonance of 90 Hz bandwidth.
            let radius = (-std::f64::consts::PI * 90.0 / f64::from(RATE)).exp();
            let next = source + 2.0 * radius * (TAU * formant.hertz / f64::from(RATE)).cos() * formant.last
                - radius * radius * formant.before;
            formant.before = formant.last;
            formant.last = next;
            sum += next * gain * formant.hertz / f64::from(RATE);
        }
        sum * self.loudness * 1.2
    }
}

/// Numbers that look random and are the same in each run (xorshift64*).
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        // The state must not be zero.
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    /// In 0..bound; 0 for a bound of 0.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    /// In 0..1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() & 0xffff_ffff) as f64 / 4_294_967_296.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Level;

    #[test]
    fn a_tone_is_recognised_and_not_taken_for_another() {
        let mut tone = Tone::new(1000.0, 0.5);
        let samples: Vec<i16> = (0..10).flat_map(|_| tone.block(Channels::Mono).samples().to_vec()).collect();
        assert!(tone_share(&samples, 1000.0) > 0.99);
        assert!(tone_share(&samples, 1200.0) < 0.01);
        assert_eq!(tone_share(&[0; 480], 1000.0), 0.0);
    }

    #[test]
    fn speech_has_syllables_and_does_not_clip() {
        let mut speech = Tone::speech_like(5);
        let blocks: Vec<Block> = (0..500).map(|_| speech.block(Channels::Mono)).collect();
        let loud = blocks.iter().filter(|block| Level::of(block.samples()).negative_dbov() < 35).count();
        let clipped = blocks.iter().flat_map(Block::samples).filter(|sample| sample.unsigned_abs() > 32_000).count();
        assert!((200..490).contains(&loud), "{loud} of 500 blocks are loud");
        assert_eq!(clipped, 0);
    }
}
