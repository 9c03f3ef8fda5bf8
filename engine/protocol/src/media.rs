//! Streams, tracks, layers and slots: what flows, and through which negotiated line.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::UserId;

/// Main is camera and microphone, sub is the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub enum Stream {
    /// Camera and microphone.
    Main,
    /// Screen.
    Sub,
}

/// Audio or video.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub enum MediaKind {
    /// Sound.
    Audio,
    /// Picture.
    Video,
}

/// One of the three tracks a member can publish. A screen's sound travels mixed into the microphone's track, as in the
/// original.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub enum Track {
    /// The main stream's audio.
    Microphone,
    /// The main stream's video, in one or two layers.
    Camera,
    /// The sub stream's video.
    Screen,
}

impl Track {
    /// All tracks, in the order of [`Track`].
    pub const ALL: [Self; 3] = [Self::Microphone, Self::Camera, Self::Screen];

    /// The stream this track is part of.
    pub fn stream(self) -> Stream {
        match self {
            Self::Microphone | Self::Camera => Stream::Main,
            Self::Screen => Stream::Sub,
        }
    }

    /// What it carries.
    pub fn kind(self) -> MediaKind {
        match self {
            Self::Microphone => MediaKind::Audio,
            Self::Camera | Self::Screen => MediaKind::Video,
        }
    }

    /// The video track of a stream.
    pub fn video_of(stream: Stream) -> Self {
        match stream {
            Stream::Main => Self::Camera,
            Stream::Sub => Self::Screen,
        }
    }
}

/// Whether a track is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub enum TrackState {
    /// Not published.
    #[default]
    Off,
    /// Published but silent or black: others see it as unavailable.
    Muted,
    /// Published: others see it as available.
    On,
}

/// A layer of the camera. The screen has only the big one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub enum Layer {
    /// Full size (rid `h`).
    #[default]
    Big,
    /// Small size (rid `l`).
    Small,
}

impl Layer {
    /// The RTP stream id (RFC 8851) that SDKs use for this layer.
    pub fn rid(self) -> &'static str {
        match self {
            Self::Big => "h",
            Self::Small => "l",
        }
    }
}

/// Codecs that are forwarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub enum Codec {
    /// Opus audio.
    Opus,
    /// VP8 video.
    Vp8,
    /// H.264 video.
    H264,
    /// VP9 video.
    Vp9,
    /// AV1 video.
    Av1,
}

/// Why a client offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub enum OfferPurpose {
    /// The first offer of a session, or of a session whose media the engine no longer has.
    Enter,
    /// More receiving slots on the running connection.
    Grow,
    /// ICE restart on the running connection.
    Restart,
    /// A new peer connection inside the same membership; the old one is dropped.
    Replace,
}

/// Which media section (`a=mid`) is for what.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Lines {
    /// The sending line for the microphone.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub microphone: Option<String>,
    /// The sending line for the camera, with rids `h` and `l`.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub camera: Option<String>,
    /// The sending line for the screen.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub screen: Option<String>,
    /// The receiving slots, in pairs.
    pub slots: Vec<SlotPair>,
}

/// A receiving pair: an audio and a video line that share a stream id, so that the browser plays them in sync. A spare
/// slot has only one of the two.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct SlotPair {
    /// The mid of the audio line.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio: Option<String>,
    /// The mid of the video line.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video: Option<String>,
}

/// The client's SDP offer with the purpose of its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MediaOffer {
    /// Why it is made.
    pub purpose: OfferPurpose,
    /// The offer.
    pub sdp: String,
    /// Every line of the offer that is in use, old ones included.
    pub lines: Lines,
}

/// Who is in a slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SlotBinding {
    /// The slot's line.
    pub mid: String,
    /// Whose track it carries now; nothing when the slot is empty (no media event tells the client that).
    pub source: Option<SlotSource>,
    /// Whether nothing of it comes for now, because this client's network does not take it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub paused: bool,
}

/// What a slot carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SlotSource {
    /// The publisher.
    pub user_id: UserId,
    /// The publisher's track.
    pub track: Track,
}

/// Which layers of a video track somebody watches: encode these and no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EncodeLayers {
    /// Camera or screen.
    pub track: Track,
    /// Encode the big layer.
    pub big: bool,
    /// Encode the small layer.
    pub small: bool,
}

/// What of a linked anchor's tracks is held back in the room it is linked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct ForwardMode {
    /// Its microphone.
    pub mute_audio: bool,
    /// Its camera.
    pub mute_video: bool,
    /// Its screen.
    pub mute_sub_stream: bool,
}

impl ForwardMode {
    /// Whether a track is held back.
    pub fn holds_back(self, track: Track) -> bool {
        match track {
            Track::Microphone => self.mute_audio,
            Track::Camera => self.mute_video,
            Track::Screen => self.mute_sub_stream,
        }
    }
}

/// What a member gives up first when the network is not good enough for everything, and who decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Qos {
    /// What matters.
    pub preference: QosPreference,
    /// Who decides.
    #[serde(default)]
    pub control_mode: QosControlMode,
}

/// `TRTCVideoQosPreference`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub enum QosPreference {
    /// 1: frames keep coming, and get blurred or small.
    Smooth,
    /// 2: frames stay sharp, and come less often. The native default.
    #[default]
    Clear,
}

/// `TRTCQosControlMode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub enum QosControlMode {
    /// 0: the client alone.
    Client,
    /// 1: the engine as well. The native default.
    #[default]
    Server,
}
