//! Which devices an instance uses: those of the machine, or their synthetic twins, so that everything runs on a machine that
//! has none. It opens nothing.
//!
//! An application names no devices when it makes an instance, because the API it was written for has no place for it. So
//! the environment may: `RTC_ENGINE_MICROPHONE` (`device`, `silence`, `tone:440`, `file:/path/to.wav`),
//! `RTC_ENGINE_SPEAKER` (`device`, `nowhere`, `file:/path/to.wav`), `RTC_ENGINE_CAMERA` (`device`, `pattern`),
//! `RTC_ENGINE_SCREEN` (`device`, `pattern`) and `RTC_ENGINE_AUDIO` (`automatic`, `alsa`, `synthetic`).

use std::path::PathBuf;

use rtc_device::{AudioBackend, MicrophoneSource, SpeakerTarget};

/// What an instance is made with.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Sound.
    pub sound: SoundOptions,
    /// Pictures.
    pub picture: PictureOptions,
}

impl Options {
    /// What the environment says; the machine's devices where it says nothing.
    pub fn from_environment() -> Self {
        Self::from_variables(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Self {
        fn read<T: Default>(name: &str, value: Option<String>, parse: impl Fn(&str) -> Option<T>) -> T {
            let Some(value) = value else { return T::default() };
            parse(&value).unwrap_or_else(|| {
                tracing::warn!("{name} is `{value}`, which names no device; the machine's is used");
                T::default()
            })
        }
        let at = |name| variable(name);
        Self {
            sound: SoundOptions {
                backend: read("RTC_ENGINE_AUDIO", at("RTC_ENGINE_AUDIO"), |value| match value {
                    "automatic" => Some(AudioBackend::Automatic),
                    "alsa" => Some(AudioBackend::Alsa),
                    "synthetic" => Some(AudioBackend::Synthetic),
                    _ => None,
                }),
                microphone: read("RTC_ENGINE_MICROPHONE", at("RTC_ENGINE_MICROPHONE"), MicrophoneChoice::parse),
                speaker: read("RTC_ENGINE_SPEAKER", at("RTC_ENGINE_SPEAKER"), SpeakerChoice::parse),
            },
            picture: PictureOptions {
                camera: read("RTC_ENGINE_CAMERA", at("RTC_ENGINE_CAMERA"), PictureChoice::parse),
                screen: read("RTC_ENGINE_SCREEN", at("RTC_ENGINE_SCREEN"), PictureChoice::parse),
            },
        }
    }
}

/// Where sound comes from and goes to.
#[derive(Debug, Clone, Default)]
pub struct SoundOptions {
    /// The sound system that lists and opens devices.
    pub backend: AudioBackend,
    /// The microphone.
    pub microphone: MicrophoneChoice,
    /// The speaker.
    pub speaker: SpeakerChoice,
}

/// A microphone or what stands in for it.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum MicrophoneChoice {
    /// The machine's, as chosen by the device manager.
    #[default]
    Device,
    /// Nothing is said.
    Silence,
    /// A sine of so many hertz.
    Tone(f32),
    /// A WAV file, again and again.
    File(PathBuf),
}

impl MicrophoneChoice {
    fn parse(text: &str) -> Option<Self> {
        Some(match text.split_once(':').unwrap_or((text, "")) {
            ("device", "") => Self::Device,
            ("silence", "") => Self::Silence,
            ("tone", "") => Self::Tone(440.0),
            ("tone", hertz) => Self::Tone(hertz.parse().ok().filter(|hertz| (20.0..=20_000.0).contains(hertz))?),
            ("file", path) if !path.is_empty() => Self::File(path.into()),
            _ => return None,
        })
    }

    pub(crate) fn source(&self) -> MicrophoneSource {
        match self {
            Self::Device => MicrophoneSource::Device,
            Self::Silence => MicrophoneSource::Silence,
            Self::Tone(hertz) => MicrophoneSource::Tone(rtc_device::audio::Tone { frequency: *hertz, level: 0.25 }),
            Self::File(path) => MicrophoneSource::File { path: path.clone(), repeat: true },
        }
    }
}

/// A speaker or what stands in for it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum SpeakerChoice {
    /// The machine's, as chosen by the device manager.
    #[default]
    Device,
    /// Nobody listens.
    Nowhere,
    /// A WAV file of what would be heard.
    File(PathBuf),
}

impl SpeakerChoice {
    fn parse(text: &str) -> Option<Self> {
        Some(match text.split_once(':').unwrap_or((text, "")) {
            ("device", "") => Self::Device,
            ("nowhere", "") => Self::Nowhere,
            ("file", path) if !path.is_empty() => Self::File(path.into()),
            _ => return None,
        })
    }

    pub(crate) fn target(&self) -> SpeakerTarget {
        match self {
            Self::Device => SpeakerTarget::Device,
            Self::Nowhere => SpeakerTarget::Nowhere,
            Self::File(path) => SpeakerTarget::File(path.clone()),
        }
    }
}

/// Where pictures come from.
#[derive(Debug, Clone, Default)]
pub struct PictureOptions {
    /// The camera.
    pub camera: PictureChoice,
    /// The screen.
    pub screen: PictureChoice,
}

/// A device that gives pictures, or what stands in for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PictureChoice {
    /// The machine's, as chosen by the device manager.
    #[default]
    Device,
    /// A moving pattern.
    Pattern,
}

impl PictureChoice {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "device" => Some(Self::Device),
            "pattern" => Some(Self::Pattern),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_names_twins() {
        let options = Options::from_variables(|name| match name {
            "RTC_ENGINE_MICROPHONE" => Some("tone:880".into()),
            "RTC_ENGINE_SPEAKER" => Some("file:/tmp/heard.wav".into()),
            "RTC_ENGINE_CAMERA" => Some("pattern".into()),
            _ => None,
        });
        assert_eq!(options.sound.microphone, MicrophoneChoice::Tone(880.0));
        assert_eq!(options.sound.speaker, SpeakerChoice::File("/tmp/heard.wav".into()));
        assert_eq!(options.picture.camera, PictureChoice::Pattern);
        assert_eq!(options.picture.screen, PictureChoice::Device);
    }

    #[test]
    fn nonsense_names_the_machines_devices() {
        let options = Options::from_variables(|_| Some("tone:loud".into()));
        assert_eq!(options.sound.microphone, MicrophoneChoice::Device);
        assert_eq!(options.sound.speaker, SpeakerChoice::Device);
        assert_eq!(options.sound.backend, AudioBackend::Automatic);
    }
}
