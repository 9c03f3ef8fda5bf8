//! A sine as a source of sound, for tests of devices and of everything behind them.

use std::f64::consts::TAU;

use super::AudioFormat;

/// A sine of constant frequency and level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tone {
    /// Hertz.
    pub frequency: f32,
    /// Peak, 0.0 to 1.0 of full scale.
    pub level: f32,
}

impl Default for Tone {
    /// 440 Hz at a quarter of full scale.
    fn default() -> Self {
        Self { frequency: 440.0, level: 0.25 }
    }
}

/// Where in its period a tone is.
#[derive(Debug)]
pub(super) struct ToneGenerator {
    tone: Tone,
    /// 0.0 to 1.0.
    phase: f64,
}

impl ToneGenerator {
    pub(super) fn new(tone: Tone) -> Self {
        Self { tone, phase: 0.0 }
    }

    /// Fills `samples` with what comes next, the same on all channels.
    pub(super) fn fill(&mut self, samples: &mut [i16], format: AudioFormat) {
        let step = f64::from(self.tone.frequency) / f64::from(format.sample_rate);
        let peak = f64::from(self.tone.level.clamp(0.0, 1.0)) * f64::from(i16::MAX);
        for frame in samples.chunks_exact_mut(usize::from(format.channels)) {
            frame.fill(((self.phase * TAU).sin() * peak) as i16);
            self.phase = (self.phase + step).fract();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_goes_on_across_blocks() {
        let format = AudioFormat::at_48k(1);
        let mut whole = vec![0; 960];
        ToneGenerator::new(Tone::default()).fill(&mut whole, format);
        let mut halves = vec![0; 960];
        let mut generator = ToneGenerator::new(Tone::default());
        let (first, second) = halves.split_at_mut(480);
        generator.fill(first, format);
        generator.fill(second, format);
        assert_eq!(whole, halves);
        let crossings = whole.windows(2).filter(|pair| pair[0] < 0 && pair[1] >= 0).count();
        assert_eq!(crossings, 8, "440 Hz has 8.8 periods in 20 ms, the first of which starts at zero");
    }
}
