//! Members as others see them, and the ways to leave.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Track, TrackState, UserId};

/// The four scenes of the native API. The Web's `rtc` is [`Scene::VideoCall`], its `live` is [`Scene::Live`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub enum Scene {
    /// 0: a call with video.
    VideoCall,
    /// 1: interactive live.
    Live,
    /// 2: a call without video.
    AudioCall,
    /// 3: a voice chat room.
    VoiceChatRoom,
}

/// What two scenes must share for their members to meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub enum SceneClass {
    /// Everybody may speak and everybody is announced.
    Call,
    /// Anchors speak and are announced, the audience is not.
    Live,
}

impl Scene {
    /// The scene of a native `TRTCAppScene` value.
    pub fn from_native(value: u8) -> Option<Self> {
        Some(match value {
            0 => Self::VideoCall,
            1 => Self::Live,
            2 => Self::AudioCall,
            3 => Self::VoiceChatRoom,
            _ => return None,
        })
    }

    /// The native `TRTCAppScene` value.
    pub fn native(self) -> u8 {
        self as u8
    }

    /// What the scene has in common with others.
    pub fn class(self) -> SceneClass {
        match self {
            Self::VideoCall | Self::AudioCall => SceneClass::Call,
            Self::Live | Self::VoiceChatRoom => SceneClass::Live,
        }
    }
}

/// Who may speak in a live scene. Call scenes know only anchors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub enum Role {
    /// Publishes and is announced (native 20).
    #[default]
    Anchor,
    /// Watches unannounced (native 21).
    Audience,
}

/// What a member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
#[non_exhaustive]
pub enum MemberKind {
    /// Somebody with a client SDK.
    #[default]
    Person,
    /// A task of the engine: recorder, mixer, ingest.
    Robot,
    /// An anchor who is linked in from another room.
    Linked,
}

/// Why a member left, as the others are told: the numbers of `REMOTE_USER_EXIT` and `onRemoteUserLeaveRoom`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(into = "u8", try_from = "u8")]
#[ts(as = "u8")]
#[repr(u8)]
pub enum LeaveReason {
    /// By itself.
    Left = 0,
    /// It was away too long.
    TimedOut = 1,
    /// The server removed it.
    Removed = 2,
    /// In a live scene, the anchor became audience.
    BecameAudience = 3,
}

impl From<LeaveReason> for u8 {
    fn from(reason: LeaveReason) -> Self {
        reason as Self
    }
}

impl TryFrom<u8> for LeaveReason {
    type Error = &'static str;
    fn try_from(value: u8) -> Result<Self, Self::Error> {
        Ok(match value {
            0 => Self::Left,
            1 => Self::TimedOut,
            2 => Self::Removed,
            3 => Self::BecameAudience,
            _ => return Err("is not a leave reason (0..=3)"),
        })
    }
}

/// Why this member is out, as it is told itself: the Web's `KICKED_OUT` reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum RemovalReason {
    /// The same user entered the room again.
    Kick,
    /// `RemoveUser`.
    Banned,
    /// `DismissRoom`. One old page prints it with a hyphen; the type definitions have the underscore.
    RoomDisband,
    /// It came back after it had been evicted for being away.
    TimedOut,
}

/// Why this member is out, in the numbers of the native `onExitRoom`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(into = "u8", try_from = "u8")]
#[ts(as = "u8")]
#[repr(u8)]
pub enum ExitReason {
    /// Own call.
    Own = 0,
    /// Removed by the server.
    Removed = 1,
    /// The room was dismissed.
    Dismissed = 2,
}

impl From<ExitReason> for u8 {
    fn from(reason: ExitReason) -> Self {
        reason as Self
    }
}

impl TryFrom<u8> for ExitReason {
    type Error = &'static str;
    fn try_from(value: u8) -> Result<Self, Self::Error> {
        Ok(match value {
            0 => Self::Own,
            1 => Self::Removed,
            2 => Self::Dismissed,
            _ => return Err("is not an exit reason (0..=2)"),
        })
    }
}

impl RemovalReason {
    /// The native number for this reason.
    pub fn exit_reason(self) -> ExitReason {
        match self {
            Self::Kick | Self::Banned | Self::TimedOut => ExitReason::Removed,
            Self::RoomDisband => ExitReason::Dismissed,
        }
    }
}

/// The states of a member's tracks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Tracks {
    /// Microphone.
    pub microphone: TrackState,
    /// Camera.
    pub camera: TrackState,
    /// Screen.
    pub screen: TrackState,
    /// Whether the camera comes with a small layer.
    pub small: bool,
}

impl Tracks {
    /// The state of one track.
    pub fn state(&self, track: Track) -> TrackState {
        match track {
            Track::Microphone => self.microphone,
            Track::Camera => self.camera,
            Track::Screen => self.screen,
        }
    }

    /// The state of one track, to change it.
    pub fn state_mut(&mut self, track: Track) -> &mut TrackState {
        match track {
            Track::Microphone => &mut self.microphone,
            Track::Camera => &mut self.camera,
            Track::Screen => &mut self.screen,
        }
    }

    /// Ends one track; a camera's small layer goes with it.
    pub fn switch_off(&mut self, track: Track) {
        *self.state_mut(track) = TrackState::Off;
        self.small &= track != Track::Camera;
    }
}

/// A member as another member sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MemberView {
    /// Who.
    pub user_id: UserId,
    /// Anchor or audience.
    pub role: Role,
    /// Person, robot, linked.
    pub kind: MemberKind,
    /// What it publishes.
    pub tracks: Tracks,
}
