//! What the robot is told on its command line.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use rtc_core::{
    AppScene, MicrophoneChoice, Options, Params, PictureChoice, PictureOptions, RoleType, SoundOptions, SpeakerChoice,
};

/// Joins a room of RTC Engine and prints what happens, one JSON object a line.
#[derive(Debug, Parser)]
pub(crate) struct Robot {
    /// Where the engine is; else RTC_ENGINE_SERVER, rtc-engine.json beside this program, http://127.0.0.1:8080.
    #[arg(long)]
    pub(crate) server: Option<String>,
    /// The app.
    #[arg(long)]
    sdk_app_id: u32,
    /// The user.
    #[arg(long, default_value = "robot")]
    user: String,
    /// The user's ticket: `rtc-engine usersig --user robot`.
    #[arg(long, env = "RTC_USER_SIG", hide_env_values = true)]
    user_sig: String,
    /// The room: a number, or a text with --text-room.
    #[arg(long, default_value = "1")]
    room: String,
    /// The room is a text.
    #[arg(long)]
    text_room: bool,
    /// The scene.
    #[arg(long, value_enum, default_value = "video-call")]
    pub(crate) scene: Scene,
    /// Enter as audience (live scenes).
    #[arg(long)]
    audience: bool,
    /// A tone of so many hertz, or a WAV file, to say; nothing where neither is given.
    #[arg(long)]
    tone: Option<f32>,
    /// A WAV file to say, again and again.
    #[arg(long, conflicts_with = "tone")]
    file: Option<PathBuf>,
    /// Show a moving pattern.
    #[arg(long)]
    pattern: bool,
    /// Write what is heard into this file (.wav, .m4a).
    #[arg(long)]
    pub(crate) record: Option<PathBuf>,
}

/// The scene of a room.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Scene {
    /// A call with pictures.
    VideoCall,
    /// Interactive live.
    Live,
    /// A call without pictures.
    AudioCall,
    /// A voice chat room.
    VoiceChatRoom,
}

impl From<Scene> for AppScene {
    fn from(scene: Scene) -> Self {
        match scene {
            Scene::VideoCall => Self::VideoCall,
            Scene::Live => Self::Live,
            Scene::AudioCall => Self::AudioCall,
            Scene::VoiceChatRoom => Self::VoiceChatRoom,
        }
    }
}

impl Robot {
    pub(crate) fn says(&self) -> bool {
        self.tone.is_some() || self.file.is_some()
    }

    pub(crate) fn shows(&self) -> bool {
        self.pattern
    }

    /// No device of this machine is touched.
    pub(crate) fn devices(&self) -> Options {
        let microphone = match (&self.file, self.tone) {
            (Some(path), _) => MicrophoneChoice::File(path.clone()),
            (None, Some(hertz)) => MicrophoneChoice::Tone(hertz),
            (None, None) => MicrophoneChoice::Silence,
        };
        let backend = rtc_core::AudioBackend::Synthetic;
        Options {
            sound: SoundOptions { backend, microphone, speaker: SpeakerChoice::Nowhere },
            picture: PictureOptions { camera: PictureChoice::Pattern, screen: PictureChoice::Pattern },
        }
    }

    pub(crate) fn params(&self) -> anyhow::Result<Params> {
        let mut params = Params {
            sdk_app_id: self.sdk_app_id,
            user_id: self.user.clone(),
            user_sig: self.user_sig.clone(),
            role: if self.audience { RoleType::Audience } else { RoleType::Anchor },
            ..Params::default()
        };
        if self.text_room {
            params.str_room_id.clone_from(&self.room);
        } else {
            params.room_id = self.room.parse().map_err(|_| anyhow::anyhow!("--room must be a number, or give --text-room"))?;
        }
        Ok(params)
    }
}
