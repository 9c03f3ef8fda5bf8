//! What a device is called and what can happen to it; nothing here opens one.

use std::fmt;

/// What a device is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeviceKind {
    /// Captures sound.
    Microphone,
    /// Plays sound.
    Speaker,
    /// Captures pictures.
    Camera,
}

impl fmt::Display for DeviceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Microphone => "microphone",
            Self::Speaker => "speaker",
            Self::Camera => "camera",
        })
    }
}

/// One device of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceInfo {
    /// What it is for.
    pub kind: DeviceKind,
    /// Stays the same while the device is plugged into the same place, also across restarts. Opaque.
    pub id: String,
    /// What users call it.
    pub name: String,
}

/// Something that happened to a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceEvent {
    /// The device it happened to.
    pub device: DeviceInfo,
    /// What happened.
    pub change: DeviceChange,
}

/// What happened to a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceChange {
    /// It was plugged in.
    Added,
    /// It was unplugged. When it was in use, [`DeviceChange::Active`] of its successor follows.
    Removed,
    /// It is the one in use from now on: chosen, or fallen back to.
    Active,
    /// The system made it the default.
    DefaultChanged,
    /// Its volume or mute was changed, by this program or another. Told of the device in use only.
    Volume {
        /// 0 to 100; above when the system amplifies.
        volume: u32,
        /// Whether it is muted.
        muted: bool,
    },
}
