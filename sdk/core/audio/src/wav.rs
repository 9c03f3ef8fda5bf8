//! A WAV file as an endless or ending source of blocks; not a player of music, which reads more formats.

use std::io::Read;

use crate::{BLOCK_FRAMES, Block, Channels, RATE, ResampleError, Resampler, from_float};

/// The longest file that is read: half an hour. It is held in memory.
const MAX_SECONDS: u64 = 30 * 60;

/// Why a file cannot be played.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WavError {
    /// It is no WAV file, or ends too early.
    #[error("the file is not a readable WAV file: {0}")]
    File(#[from] hound::Error),
    /// It has no or more than two channels.
    #[error("the file has {0} channels: use one or two")]
    Channels(u16),
    /// Its rate is not supported.
    #[error(transparent)]
    Rate(#[from] ResampleError),
    /// It lasts longer than half an hour.
    #[error("the file is longer than 30 minutes: use a shorter one")]
    TooLong,
}

/// A WAV file, read and turned into 48 kHz.
#[derive(Debug, Clone)]
pub struct WavSource {
    channels: Channels,
    samples: Vec<i16>,
    next: usize,
    repeat: bool,
}

impl WavSource {
    /// Reads a whole file of integers or floats. With `repeat` it begins again at its end.
    pub fn new(file: impl Read, repeat: bool) -> Result<Self, WavError> {
        let reader = hound::WavReader::new(file)?;
        let spec = reader.spec();
        let channels = match spec.channels {
            1 => Channels::Mono,
            2 => Channels::Stereo,
            other => return Err(WavError::Channels(other)),
        };
        let mut resampler = Resampler::new(spec.sample_rate, RATE, channels)?;
        if u64::from(reader.duration()) > MAX_SECONDS * u64::from(spec.sample_rate) {
            return Err(WavError::TooLong);
        }
        let input: Vec<f32> = match spec.sample_format {
            hound::SampleFormat::Float => reader.into_samples::<f32>().collect::<Result<_, _>>()?,
            hound::SampleFormat::Int => {
                let full = (1i64 << spec.bits_per_sample.clamp(1, 32).saturating_sub(1)) as f32;
                reader.into_samples::<i32>().map(|sample| Ok(sample? as f32 / full)).collect::<Result<_, hound::Error>>()?
            }
        };
        let mut floats = Vec::new();
        // Silence behind the end drives out what the resampler still holds; its delay is then cut off at the beginning.
        let late = resampler.delay_frames() * channels.count();
        let frames = input.len() / channels.count();
        let wanted = (frames as u64 * u64::from(RATE)).div_ceil(u64::from(spec.sample_rate)) as usize * channels.count();
        let mut chunks = input.chunks(resampler.input_len());
        while floats.len() < wanted + late {
            resampler.process(chunks.next().unwrap_or(&[]), &mut floats);
        }
        let samples = floats[late..late + wanted].iter().map(|&value| from_float(value)).collect();
        Ok(Self { channels, samples, next: 0, repeat })
    }

    /// Frames at 48 kHz.
    pub fn frames(&self) -> usize {
        self.samples.len() / self.channels.count()
    }

    /// The next 10 ms, the last one filled up with silence; `None` at the end.
    pub fn block(&mut self) -> Option<Block> {
        if self.next >= self.samples.len() {
            if !self.repeat || self.samples.is_empty() {
                return None;
            }
            self.next = 0;
        }
        let end = (self.next + BLOCK_FRAMES * self.channels.count()).min(self.samples.len());
        let mut block = Block::silence(self.channels);
        block.samples_mut()[..end - self.next].copy_from_slice(&self.samples[self.next..end]);
        self.next = end;
        Some(block)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::tone_share;

    fn file(rate: u32, channels: u16, frames: u32) -> Vec<u8> {
        let spec = hound::WavSpec { channels, sample_rate: rate, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
        let mut bytes = Cursor::new(Vec::new());
        let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
        for n in 0..frames {
            let value = (f64::from(n) * 500.0 * std::f64::consts::TAU / f64::from(rate)).sin() * 16_000.0;
            for _ in 0..channels {
                writer.write_sample(value as i16).unwrap();
            }
        }
        writer.finalize().unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_file_of_another_rate_plays_at_its_own_pitch_and_length() {
        let mut source = WavSource::new(Cursor::new(file(22_100, 2, 22_100)), false).unwrap();
        assert_eq!(source.frames(), 48_000);
        let samples: Vec<i16> =
            std::iter::from_fn(|| source.block()).flat_map(|b| b.to_channels(Channels::Mono).samples().to_vec()).collect();
        assert_eq!(samples.len(), 48_000);
        assert!(tone_share(&samples[1000..47_000], 500.0) > 0.99);
    }

    #[test]
    fn a_repeated_file_never_ends_and_an_empty_one_does() {
        let mut source = WavSource::new(Cursor::new(file(48_000, 1, 1000)), true).unwrap();
        assert!((0..100).all(|_| source.block().is_some()));
        assert!(WavSource::new(Cursor::new(file(48_000, 1, 0)), true).unwrap().block().is_none());
    }

    #[test]
    fn what_is_no_wav_file_is_refused() {
        assert!(matches!(WavSource::new(Cursor::new(b"ID3 something"), false), Err(WavError::File(_))));
        assert!(matches!(WavSource::new(Cursor::new(file(48_000, 6, 10)), false), Err(WavError::Channels(6))));
    }
}
