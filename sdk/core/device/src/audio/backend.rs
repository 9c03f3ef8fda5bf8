//! What a sound system must be able to do. It says nothing of who uses which device.

use std::time::Duration;

use super::{AudioFormat, CaptureEnd, PlayoutEnd};
use crate::{DeviceError, DeviceInfo, DeviceKind};

/// Called when devices, the default or a volume may have changed.
pub(crate) type Notify = Box<dyn Fn() + Send + Sync>;

/// One sound system.
pub(crate) trait Backend: Send + Sync {
    /// The devices of this kind, the most usual first.
    fn list(&self, kind: DeviceKind) -> Result<Vec<DeviceInfo>, DeviceError>;

    /// The id of the default device, `None` when there is no device.
    fn default_device(&self, kind: DeviceKind) -> Result<Option<String>, DeviceError>;

    /// Volume, 100 being unamplified, and mute of a device.
    fn volume(&self, kind: DeviceKind, id: &str) -> Result<(u32, bool), DeviceError>;

    /// Sets the volume, 0 to 100.
    fn set_volume(&self, kind: DeviceKind, id: &str, volume: u32) -> Result<(), DeviceError>;

    /// Mutes a device or ends that.
    fn set_muted(&self, kind: DeviceKind, id: &str, muted: bool) -> Result<(), DeviceError>;

    /// Captures until the stream is dropped, so many channels if the device has them. Samples in the stream's format go into
    /// `end`.
    fn open_capture(
        &self,
        target: CaptureTarget<'_>,
        channels: u16,
        end: EndMaker<CaptureEnd>,
    ) -> Result<Box<dyn RunningStream>, DeviceError>;

    /// Plays until the stream is dropped. Samples in the stream's format are taken from `end`.
    fn open_playout(&self, id: &str, channels: u16, end: EndMaker<PlayoutEnd>) -> Result<Box<dyn RunningStream>, DeviceError>;
}

/// What is captured.
#[derive(Debug, Clone, Copy)]
pub(crate) enum CaptureTarget<'a> {
    /// A microphone, by id.
    Microphone(&'a str),
    /// What a speaker plays, by the speaker's id.
    Monitor(&'a str),
}

/// Makes the stream's end of a ring once the format is known.
pub(crate) type EndMaker<E> = Box<dyn FnOnce(AudioFormat) -> E + Send>;

/// A stream of the sound system; dropping it closes it.
pub(crate) trait RunningStream: Send {
    /// The format the device settled on.
    fn format(&self) -> AudioFormat;

    /// Whether the device or the sound system went away.
    fn failed(&self) -> bool;

    /// What the sound system buffers, as well as it is known.
    fn delay(&self) -> Duration;
}
