//! Between blocks and the formats that applications and devices ask for; not which sound goes where.

use std::collections::VecDeque;
use std::time::Duration;

use crate::{BLOCK_FRAMES, Block, Channels, RATE, ResampleError, Resampler, from_float, to_float};

/// A format of 16-bit interleaved samples, and how many of them an application wants at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format {
    /// Frames a second: 16000, 24000, 32000, 44100 or 48000.
    pub rate: u32,
    /// Mono or stereo.
    pub channels: Channels,
    /// Frames of one call, a multiple of 10 ms, at most 100 ms.
    pub frames_per_call: u32,
}

/// The rates that applications may ask for.
pub(crate) const RATES: [u32; 5] = [16_000, 24_000, 32_000, 44_100, 48_000];

/// What an [`Inlet`] holds at most, so that an application which pours faster than it plays does not fill the memory.
const MAX_BUFFERED: Duration = Duration::from_secs(1);

/// Why a format or samples are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// The rate is none that is known.
    #[error("a sampling rate of {0} Hz is not supported: use 16000, 24000, 32000, 44100 or 48000")]
    Rate(u32),
    /// The frames of a call are no multiple of 10 ms, or more than 100 ms.
    #[error("{0} samples a call are not a multiple of 10 ms up to 100 ms")]
    FramesPerCall(u32),
    /// The samples are no whole number of frames.
    #[error("the number of samples is not a multiple of the channels")]
    Ragged,
    /// A second of sound waits already; nothing was taken.
    #[error("a second of sound is waiting to be played: send more slowly")]
    Full,
}

impl From<ResampleError> for FormatError {
    fn from(error: ResampleError) -> Self {
        match error {
            ResampleError::Rate(rate) => Self::Rate(rate),
        }
    }
}

impl Format {
    /// Whether it can be served.
    pub fn check(&self) -> Result<(), FormatError> {
        if !RATES.contains(&self.rate) {
            return Err(FormatError::Rate(self.rate));
        }
        let step = self.rate / 100;
        if self.frames_per_call == 0 || !self.frames_per_call.is_multiple_of(step) || self.frames_per_call > 10 * step {
            return Err(FormatError::FramesPerCall(self.frames_per_call));
        }
        Ok(())
    }
}

/// Blocks in, an application's frames out.
#[derive(Debug)]
pub struct Outlet {
    format: Format,
    resampler: Resampler,
    floats: Vec<f32>,
    ready: Vec<i16>,
}

impl Outlet {
    /// An outlet of this format.
    pub fn new(format: Format) -> Result<Self, FormatError> {
        format.check()?;
        let resampler = Resampler::new(RATE, format.rate, format.channels)?;
        Ok(Self { format, resampler, floats: Vec::new(), ready: Vec::new() })
    }

    /// What it was made for.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Takes a block; gives `frames_per_call` frames, interleaved, as soon as there are so many.
    pub fn push(&mut self, block: &Block) -> Option<Vec<i16>> {
        let block = block.to_channels(self.format.channels);
        if self.format.rate == RATE {
            self.ready.extend_from_slice(block.samples());
        } else {
            let input: Vec<f32> = block.samples().iter().map(|&sample| to_float(sample)).collect();
            self.floats.clear();
            self.resampler.process(&input, &mut self.floats);
            self.ready.extend(self.floats.iter().map(|&value| from_float(value)));
        }
        let wanted = self.format.frames_per_call as usize * self.format.channels.count();
        // Calls are multiples of 10 ms, so that a call never ends inside a block.
        (self.ready.len() >= wanted).then(|| std::mem::take(&mut self.ready))
    }
}

/// An application's frames in, whatever their number; blocks out.
#[derive(Debug)]
pub struct Inlet {
    channels: Channels,
    rate: u32,
    resampler: Resampler,
    waiting: VecDeque<i16>,
    floats: Vec<f32>,
}

impl Inlet {
    /// An inlet for this rate and these channels.
    pub fn new(rate: u32, channels: Channels) -> Result<Self, FormatError> {
        if !RATES.contains(&rate) {
            return Err(FormatError::Rate(rate));
        }
        let resampler = Resampler::new(rate, RATE, channels)?;
        Ok(Self { channels, rate, resampler, waiting: VecDeque::new(), floats: Vec::new() })
    }

    /// Takes interleaved samples. It refuses them all when a second waits already.
    pub fn push(&mut self, samples: &[i16]) -> Result<(), FormatError> {
        if !samples.len().is_multiple_of(self.channels.count()) {
            return Err(FormatError::Ragged);
        }
        let most = self.rate as usize * self.channels.count() * MAX_BUFFERED.as_millis() as usize / 1000;
        if self.waiting.len() + samples.len() > most {
            return Err(FormatError::Full);
        }
        self.waiting.extend(samples);
        Ok(())
    }

    /// How much sound waits to be taken.
    pub fn buffered(&self) -> Duration {
        let frames = self.waiting.len() / self.channels.count();
        Duration::from_millis(frames as u64 * 1000 / u64::from(self.rate))
    }

    /// The next block, when there are 10 ms.
    pub fn pull(&mut self) -> Option<Block> {
        let len = self.resampler.input_len();
        if self.waiting.len() < len {
            return None;
        }
        let mut block = Block::silence(self.channels);
        if self.rate == RATE {
            for (sample, value) in block.samples_mut().iter_mut().zip(self.waiting.drain(..len)) {
                *sample = value;
            }
        } else {
            let input: Vec<f32> = self.waiting.drain(..len).map(to_float).collect();
            self.floats.clear();
            self.resampler.process(&input, &mut self.floats);
            for (sample, &value) in block.samples_mut().iter_mut().zip(&self.floats) {
                *sample = from_float(value);
            }
        }
        debug_assert_eq!(block.samples().len(), BLOCK_FRAMES * self.channels.count());
        Some(block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Tone, tone_share};

    #[test]
    fn at_48_khz_sound_passes_unchanged_in_pieces_of_any_size() {
        let mut tone = Tone::new(440.0, 0.4);
        let blocks: Vec<Block> = (0..12).map(|_| tone.block(Channels::Stereo)).collect();
        let mut outlet = Outlet::new(Format { rate: 48_000, channels: Channels::Stereo, frames_per_call: 1920 }).unwrap();
        let calls: Vec<Vec<i16>> = blocks.iter().filter_map(|block| outlet.push(block)).collect();
        assert_eq!(calls.iter().map(Vec::len).collect::<Vec<_>>(), [3840; 3]);

        let mut inlet = Inlet::new(48_000, Channels::Stereo).unwrap();
        let mut back = Vec::new();
        for piece in calls.concat().chunks(334) {
            inlet.push(piece).unwrap();
            back.extend(std::iter::from_fn(|| inlet.pull()));
        }
        assert_eq!(back, blocks);
        assert_eq!(inlet.buffered(), Duration::ZERO);
    }

    #[test]
    fn every_documented_format_is_served_there_and_back() {
        for rate in RATES {
            for channels in [Channels::Mono, Channels::Stereo] {
                let mut outlet = Outlet::new(Format { rate, channels, frames_per_call: rate / 50 }).unwrap();
                let mut inlet = Inlet::new(rate, channels).unwrap();
                let mut tone = Tone::new(700.0, 0.5);
                let mut samples = Vec::new();
                for _ in 0..100 {
                    if let Some(call) = outlet.push(&tone.block(Channels::Mono)) {
                        assert_eq!(call.len(), rate as usize / 50 * channels.count());
                        inlet.push(&call).unwrap();
                    }
                    while let Some(block) = inlet.pull() {
                        samples.extend_from_slice(block.to_channels(Channels::Mono).samples());
                    }
                }
                assert_eq!(samples.len(), 48_000);
                assert!(tone_share(&samples[4_800..], 700.0) > 0.99, "{rate} {channels:?}");
            }
        }
    }

    #[test]
    fn what_cannot_be_served_is_refused_with_its_reason() {
        let format = |rate, frames_per_call| Format { rate, channels: Channels::Mono, frames_per_call };
        assert_eq!(format(22_050, 441).check(), Err(FormatError::Rate(22_050)));
        assert_eq!(format(48_000, 500).check(), Err(FormatError::FramesPerCall(500)));
        assert_eq!(format(48_000, 0).check(), Err(FormatError::FramesPerCall(0)));
        assert_eq!(format(48_000, 5_280).check(), Err(FormatError::FramesPerCall(5_280)));
        let mut inlet = Inlet::new(16_000, Channels::Stereo).unwrap();
        assert_eq!(inlet.push(&[0; 3]), Err(FormatError::Ragged));
        assert_eq!(inlet.push(&[0; 32_000]), Ok(()));
        assert_eq!(inlet.push(&[0; 2]), Err(FormatError::Full));
    }
}
