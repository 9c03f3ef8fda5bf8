//! Sound in and out of this machine in blocks of 10 ms. It neither resamples nor mixes.

mod alsa;
mod backend;
mod clocked;
mod devices;
mod file;
mod lasting;
mod microphone;
mod ring;
mod speaker;
mod synthetic;
mod system_sound;
mod tone;
mod watch;

use std::time::{Duration, Instant};

pub use devices::{AudioBackend, AudioDevices, Observer};
pub use microphone::{MemoryInput, MemoryMicrophone, Microphone, MicrophoneConfig, MicrophoneSource};
pub use speaker::{MemoryOutput, MemorySpeaker, Speaker, SpeakerConfig, SpeakerTarget};
pub use system_sound::{SystemSound, SystemSoundSource};
pub use tone::Tone;

pub(crate) use backend::{Backend, CaptureTarget, EndMaker, Notify, RunningStream};
pub(crate) use devices::lock;
pub(crate) use file::WavSource;
#[cfg(test)]
pub(crate) use file::WavTarget;
pub(crate) use ring::{CaptureEnd, PlayoutEnd};

use crate::DeviceError;

/// The length of a block.
pub const BLOCK: Duration = Duration::from_millis(10);

/// How often a second a channel is sampled, and how many channels there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AudioFormat {
    /// Samples a second of one channel. Devices that can do 48 000 are asked for it.
    pub sample_rate: u32,
    /// Interleaved channels, 1 or 2.
    pub channels: u16,
}

impl AudioFormat {
    /// 48 kHz with this number of channels.
    #[must_use]
    pub const fn at_48k(channels: u16) -> Self {
        Self { sample_rate: 48_000, channels }
    }

    /// Samples of all channels in a block of 10 ms.
    #[must_use]
    pub const fn block_samples(self) -> usize {
        (self.sample_rate / 100) as usize * self.channels as usize
    }

    /// How long so many samples of all channels last.
    #[must_use]
    pub fn duration_of(self, samples: usize) -> Duration {
        let a_second = u64::from(self.sample_rate) * u64::from(self.channels);
        if a_second == 0 {
            return Duration::ZERO;
        }
        Duration::from_nanos((samples as u64).saturating_mul(1_000_000_000) / a_second)
    }

    pub(crate) fn check(self) -> Result<Self, DeviceError> {
        if !matches!(self.channels, 1 | 2) {
            return Err(DeviceError::Parameter { name: "channels", why: format!("must be 1 or 2, not {}", self.channels) });
        }
        // A block of 10 ms must be a whole number of samples.
        if !(8_000..=192_000).contains(&self.sample_rate) || !self.sample_rate.is_multiple_of(100) {
            let why = format!("must be a multiple of 100 from 8000 to 192000, not {}", self.sample_rate);
            return Err(DeviceError::Parameter { name: "sample_rate", why });
        }
        Ok(self)
    }
}

/// 10 ms of captured sound, lent for the length of a call.
#[derive(Debug, Clone, Copy)]
pub struct AudioBlock<'a> {
    /// Interleaved samples, [`AudioFormat::block_samples`] of them.
    pub samples: &'a [i16],
    /// Their format; it may change when the device changes.
    pub format: AudioFormat,
    /// About when the first sample was taken.
    pub captured_at: Instant,
}

/// What happens to a running stream of sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamEvent {
    /// The stream runs, on this device and in this format. Comes again when it moves to another device.
    Started {
        /// The device's id; empty for a synthetic one.
        device: String,
        /// The format of the blocks.
        format: AudioFormat,
    },
    /// The device disappeared; the stream moves to the default device by itself as soon as there is one.
    Lost {
        /// The id of the device that is gone.
        device: String,
    },
    /// The device could not be opened again. It is tried anew when devices change, and once a second.
    Failed(DeviceError),
    /// A file came to its end, or the other end of a memory pair was dropped. No block follows.
    Ended,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_without_whole_blocks_are_refused() {
        assert!(AudioFormat { sample_rate: 44_100, channels: 2 }.check().is_ok());
        assert!(AudioFormat { sample_rate: 22_050, channels: 1 }.check().is_err());
        assert!(AudioFormat { sample_rate: 11_025, channels: 1 }.check().is_err());
        assert!(AudioFormat { sample_rate: 48_000, channels: 6 }.check().is_err());
        assert_eq!(AudioFormat::at_48k(2).block_samples(), 960);
        assert_eq!(AudioFormat::at_48k(2).duration_of(960), BLOCK);
    }
}
