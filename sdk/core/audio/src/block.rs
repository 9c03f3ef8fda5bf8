//! Ten milliseconds of sound, the unit that all parts of this crate exchange; not a format an application sees.

use std::time::Duration;

/// Frames a second inside the engine. A frame is one sample of each channel.
pub const RATE: u32 = 48_000;

/// Frames of one [`Block`].
pub const BLOCK_FRAMES: usize = 480;

/// How long one [`Block`] lasts.
pub const BLOCK_DURATION: Duration = Duration::from_millis(10);

/// Whether the samples of the two ears are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Channels {
    /// One sample a frame.
    #[default]
    Mono,
    /// Two samples a frame, left first.
    Stereo,
}

impl Channels {
    /// Samples of one frame.
    pub const fn count(self) -> usize {
        match self {
            Self::Mono => 1,
            Self::Stereo => 2,
        }
    }
}

/// Ten milliseconds at 48 kHz, 16 bits, interleaved.
#[derive(Clone, PartialEq, Eq)]
pub struct Block {
    channels: Channels,
    samples: [i16; 2 * BLOCK_FRAMES],
}

impl Block {
    /// A block of silence.
    pub const fn silence(channels: Channels) -> Self {
        Self { channels, samples: [0; 2 * BLOCK_FRAMES] }
    }

    /// A block of these interleaved samples; `None` unless there are exactly [`BLOCK_FRAMES`] frames of them.
    pub fn new(channels: Channels, samples: &[i16]) -> Option<Self> {
        let mut block = Self::silence(channels);
        if samples.len() != block.samples().len() {
            return None;
        }
        block.samples_mut().copy_from_slice(samples);
        Some(block)
    }

    /// Whether it is mono or stereo.
    pub const fn channels(&self) -> Channels {
        self.channels
    }

    /// The samples, interleaved: 480 of mono, 960 of stereo.
    pub fn samples(&self) -> &[i16] {
        &self.samples[..BLOCK_FRAMES * self.channels.count()]
    }

    /// The samples, to be changed in place.
    pub fn samples_mut(&mut self) -> &mut [i16] {
        &mut self.samples[..BLOCK_FRAMES * self.channels.count()]
    }

    /// The same sound in another number of channels: mono is heard on both sides, stereo becomes the mean of both.
    pub fn to_channels(&self, channels: Channels) -> Self {
        let mut out = Self::silence(channels);
        match (self.channels, channels) {
            (Channels::Mono, Channels::Stereo) => {
                for (pair, &sample) in out.samples.chunks_exact_mut(2).zip(self.samples()) {
                    pair.fill(sample);
                }
            }
            (Channels::Stereo, Channels::Mono) => {
                for (sample, pair) in out.samples.iter_mut().zip(self.samples().chunks_exact(2)) {
                    // The mean of two 16-bit samples is one.
                    *sample = ((i32::from(pair[0]) + i32::from(pair[1])) / 2) as i16;
                }
            }
            _ => out.samples = self.samples,
        }
        out
    }

    /// The mean of the channels of each frame, in -1..1.
    pub(crate) fn mono_floats(&self) -> [f32; BLOCK_FRAMES] {
        let mut out = [0.0; BLOCK_FRAMES];
        let count = self.channels.count();
        for (value, frame) in out.iter_mut().zip(self.samples().chunks_exact(count)) {
            *value = frame.iter().map(|&sample| to_float(sample)).sum::<f32>() / count as f32;
        }
        out
    }
}

impl std::fmt::Debug for Block {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Block({:?}, {})", self.channels, crate::Level::of(self.samples()))
    }
}

/// A 16-bit sample as a number in -1..1.
pub fn to_float(sample: i16) -> f32 {
    f32::from(sample) / 32_768.0
}

/// A number in -1..1 as a 16-bit sample, rounded; what is beyond is clamped, and what is not a number is silence.
pub fn from_float(value: f32) -> i16 {
    // A cast saturates, and makes 0 of NaN.
    (value * 32_768.0).round() as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_survive_the_way_through_floats() {
        for sample in [i16::MIN, -12_345, -1, 0, 1, 12_345, i16::MAX] {
            assert_eq!(from_float(to_float(sample)), sample);
        }
        assert_eq!(from_float(7.0), i16::MAX);
        assert_eq!(from_float(f32::NAN), 0);
    }

    #[test]
    fn mono_to_stereo_and_back_changes_nothing() {
        let samples: Vec<i16> = (0..480).map(|n| (n * 67 % 4001) as i16 - 2000).collect();
        let mono = Block::new(Channels::Mono, &samples).unwrap();
        assert_eq!(mono.to_channels(Channels::Stereo).to_channels(Channels::Mono), mono);
    }

    #[test]
    fn a_block_takes_ten_milliseconds_and_nothing_else() {
        assert!(Block::new(Channels::Mono, &[0; 480]).is_some());
        assert!(Block::new(Channels::Mono, &[0; 479]).is_none());
        assert!(Block::new(Channels::Stereo, &[0; 480]).is_none());
    }
}
