//! Capture of what this machine plays, by the monitor of a speaker. It leaves out no program's sound.

use std::path::PathBuf;

use super::file::WavSource;
use super::microphone::{Capture, DeviceInput, Input, MemoryInput};
use super::tone::{Tone, ToneGenerator};
use super::{AudioBlock, AudioDevices, MicrophoneSource, StreamEvent};
use crate::worker::Worker;
use crate::{DeviceError, DeviceKind};

/// What is captured as the machine's sound.
#[derive(Debug)]
pub enum SystemSoundSource {
    /// What the speaker with this id plays; without an id the one in use, and the capture moves when that changes.
    Speaker(Option<String>),
    /// Zeros in real time.
    Silence,
    /// A sine in real time.
    Tone(Tone),
    /// A WAV file in real time.
    File {
        /// The file.
        path: PathBuf,
        /// Start again at the end; else [`StreamEvent::Ended`].
        repeat: bool,
    },
    /// What a [`MemoryMicrophone`](super::MemoryMicrophone) says.
    Memory(MemoryInput),
}

impl From<MicrophoneSource> for SystemSoundSource {
    /// The twin of the same name; the device becomes the speaker in use.
    fn from(source: MicrophoneSource) -> Self {
        match source {
            MicrophoneSource::Device => Self::Speaker(None),
            MicrophoneSource::Silence => Self::Silence,
            MicrophoneSource::Tone(tone) => Self::Tone(tone),
            MicrophoneSource::File { path, repeat } => Self::File { path, repeat },
            MicrophoneSource::Memory(input) => Self::Memory(input),
        }
    }
}

/// A running capture of the machine's sound; dropping it ends it. Sound this program plays itself is captured too: the
/// monitor is behind the mixer of the system.
#[derive(Debug)]
pub struct SystemSound {
    _worker: Worker,
}

impl SystemSound {
    /// Starts capturing with 1 or 2 channels, at most as many as the speaker has; handlers as with [`Microphone::open`](super::Microphone::open).
    ///
    /// # Errors
    /// [`DeviceError::Unsupported`] where the sound system has no monitors, which is everywhere but with PulseAudio and
    /// PipeWire; [`DeviceError::NotFound`] when there is no such speaker.
    pub fn open(
        devices: &AudioDevices,
        source: SystemSoundSource,
        channels: u16,
        on_block: impl FnMut(&AudioBlock<'_>) + Send + 'static,
        on_event: impl FnMut(StreamEvent) + Send + 'static,
    ) -> Result<Self, DeviceError> {
        let from = match source {
            SystemSoundSource::Speaker(pinned) => {
                Input::Device(DeviceInput { devices: devices.clone(), kind: DeviceKind::Speaker, pinned })
            }
            SystemSoundSource::Silence => Input::Silence,
            SystemSoundSource::Tone(tone) => Input::Tone(ToneGenerator::new(tone)),
            SystemSoundSource::File { path, repeat } => Input::File(WavSource::open(&path, repeat)?),
            SystemSoundSource::Memory(input) => Input::Memory(input),
        };
        let capture = Capture { channels, on_block: Box::new(on_block), on_event: Box::new(on_event) };
        let (worker, _counters) = capture.start("device-loopback", from)?;
        Ok(Self { _worker: worker })
    }
}
