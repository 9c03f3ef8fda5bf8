//! Microphones, loudspeakers, cameras, screens and windows of this machine, each with a synthetic twin. It moves
//! samples and pixels and decides nothing.
//!
//! | what | type | on Linux by | twins |
//! | --- | --- | --- | --- |
//! | lists, choice, volume, hot-plug | [`AudioDevices`] | PulseAudio protocol, else ALSA | [`AudioBackend::Synthetic`] |
//! | capture of sound | [`Microphone`] | PulseAudio protocol, else ALSA | silence, tone, file, memory |
//! | playout of sound | [`Speaker`] | PulseAudio protocol, else ALSA | nowhere, file, memory |
//! | what the machine plays | [`SystemSound`] | PulseAudio monitor | silence, tone, file, memory |
//! | screens and windows | [`Display`], [`ScreenCapture`] | X11 | moving pattern |
//! | cameras | [`Camera`], [`CameraWatch`](camera::CameraWatch) | Video4Linux | moving pattern, file |
//! | pictures in a window | [`WindowRenderer`] | X11 | [`MemoryRenderer`] |
//! | load of the machine | [`UsageMeter`] | `/proc` | |
//!
//! Sound comes and goes in blocks of 10 ms of interleaved `i16`; nothing here resamples or mixes. Handlers are called on
//! a thread of the device, never on a real-time thread of the sound system, so they may lock and allocate; they should
//! be done within a block.

#[cfg(not(target_os = "linux"))]
compile_error!("rtc-device has cameras, screens and sound servers for Linux only so far");

pub mod audio;
pub mod camera;
pub mod check;
mod device;
mod error;
mod frame;
mod paint;
mod pulse;
pub mod render;
pub mod screen;
pub mod usage;
mod worker;
mod x11;

pub use audio::{
    AudioBackend, AudioBlock, AudioDevices, AudioFormat, Microphone, MicrophoneConfig, MicrophoneSource, Speaker,
    SpeakerConfig, SpeakerTarget, StreamEvent, SystemSound, SystemSoundSource,
};
pub use camera::{Camera, CameraConfig, CameraSource};
pub use check::{CameraTest, MicrophoneTest, SpeakerTest};
pub use device::{DeviceChange, DeviceEvent, DeviceInfo, DeviceKind};
pub use error::DeviceError;
pub use frame::{PixelFormat, RawFrame, Rectangle, Size};
pub use render::{MemoryRenderer, RenderOptions, Renderer, Scaling, WindowRenderer};
pub use screen::{Display, ScreenCapture, ScreenEvent, ScreenOptions, ScreenSource, ScreenSourceKind, ScreenTarget};
pub use usage::{SystemUsage, UsageMeter};
