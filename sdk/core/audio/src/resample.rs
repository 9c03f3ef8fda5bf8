//! From one sampling rate to another, 10 ms at a time; not from one clock to another.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler as _};

use crate::Channels;

/// Why a resampler cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResampleError {
    /// The rate is outside of 8000..=192000 Hz, or 10 ms of it are no whole number of frames.
    #[error("a sampling rate of {0} Hz is not supported: use 16000, 24000, 32000, 44100 or 48000")]
    Rate(u32),
}

/// Turns 10 ms of interleaved floats at one rate into 10 ms at another. The sound comes out a few milliseconds later.
pub struct Resampler {
    /// `None` when both rates are the same.
    fft: Option<Fft<f32>>,
    channels: Channels,
    from: u32,
    to: u32,
}

impl Resampler {
    /// A resampler between two rates in Hz.
    pub fn new(from: u32, to: u32, channels: Channels) -> Result<Self, ResampleError> {
        for rate in [from, to] {
            if !(8_000..=192_000).contains(&rate) || !rate.is_multiple_of(100) {
                return Err(ResampleError::Rate(rate));
            }
        }
        let fft = if from == to {
            None
        } else {
            let chunk = from as usize / 100;
            let fft = Fft::new(from as usize, to as usize, chunk, channels.count(), FixedSync::Both)
                .map_err(|_| ResampleError::Rate(from))?;
            // Steps that do not divide 10 ms would need a buffer between, which no rate of ours does.
            if fft.input_frames_next() != chunk || fft.output_frames_next() != to as usize / 100 {
                return Err(ResampleError::Rate(if from == crate::RATE { to } else { from }));
            }
            Some(fft)
        };
        Ok(Self { fft, channels, from, to })
    }

    /// Samples that [`Resampler::process`] takes at once: 10 ms of all channels.
    pub fn input_len(&self) -> usize {
        self.from as usize / 100 * self.channels.count()
    }

    /// Samples that [`Resampler::process`] gives at once.
    pub fn output_len(&self) -> usize {
        self.to as usize / 100 * self.channels.count()
    }

    /// By how many frames of the output the sound is late.
    pub fn delay_frames(&self) -> usize {
        self.fft.as_ref().map_or(0, Fft::output_delay)
    }

    /// Appends 10 ms at the new rate. An input of another length is cut, or filled up with silence.
    pub fn process(&mut self, input: &[f32], out: &mut Vec<f32>) {
        let count = self.channels.count();
        let (frames_in, frames_out) = (self.input_len() / count, self.output_len() / count);
        let mut fitted = input[..input.len().min(self.input_len())].to_vec();
        fitted.resize(self.input_len(), 0.0);
        let Some(fft) = &mut self.fft else {
            out.extend_from_slice(&fitted);
            return;
        };
        let start = out.len();
        out.resize(start + frames_out * count, 0.0);
        let source = InterleavedSlice::new(&fitted, count, frames_in);
        let target = InterleavedSlice::new_mut(&mut out[start..], count, frames_out);
        if let (Ok(source), Ok(mut target)) = (source, target) {
            // It fails only for buffers of another size than asked for, and these were made to measure.
            let result = fft.process_into_buffer(&source, &mut target, None);
            debug_assert!(result.is_ok(), "{result:?}");
        }
    }
}

impl std::fmt::Debug for Resampler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Resampler({} to {} Hz, {:?})", self.from, self.to, self.channels)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{RATE, Tone, from_float, to_float, tone_share};

    fn floats(block: &crate::Block) -> Vec<f32> {
        block.samples().iter().map(|&sample| to_float(sample)).collect()
    }

    #[test]
    fn a_tone_keeps_its_pitch_and_loudness_there_and_back() {
        for rate in [16_000, 24_000, 32_000, 44_100, 48_000] {
            for channels in [Channels::Mono, Channels::Stereo] {
                let mut down = Resampler::new(RATE, rate, channels).unwrap();
                let mut up = Resampler::new(rate, RATE, channels).unwrap();
                let mut tone = Tone::new(1000.0, 0.5);
                let mut out = Vec::new();
                for _ in 0..50 {
                    let mut middle = Vec::new();
                    down.process(&floats(&tone.block(channels)), &mut middle);
                    assert_eq!(middle.len(), rate as usize / 100 * channels.count());
                    up.process(&middle, &mut out);
                }
                let mono: Vec<i16> = out.chunks_exact(channels.count()).skip(4800).map(|f| from_float(f[0])).collect();
                assert!(tone_share(&mono, 1000.0) > 0.999, "{rate} {channels:?}");
                let peak = mono.iter().map(|sample| sample.unsigned_abs()).max().unwrap();
                assert!((16_200..16_600).contains(&peak), "{rate} {channels:?}: {peak}");
            }
        }
    }

    #[test]
    fn a_tone_beyond_the_lower_rate_does_not_come_back_as_another() {
        let mut down = Resampler::new(RATE, 16_000, Channels::Mono).unwrap();
        let mut tone = Tone::new(11_000.0, 0.5);
        let mut out = Vec::new();
        for _ in 0..50 {
            down.process(&floats(&tone.block(Channels::Mono)), &mut out);
        }
        assert!(out.iter().skip(1600).all(|value| value.abs() < 0.001));
    }

    #[test]
    fn odd_rates_are_refused_by_name() {
        assert_eq!(Resampler::new(11_025, 48_000, Channels::Mono).unwrap_err(), ResampleError::Rate(11_025));
        assert_eq!(Resampler::new(48_000, 0, Channels::Mono).unwrap_err(), ResampleError::Rate(0));
    }
}
