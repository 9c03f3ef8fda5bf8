//! What a PrivateMapKey lets its holder do in a room. The key itself is checked elsewhere.

use std::ops::BitOr;

use rtc_protocol::{Track, TrackState, Tracks};
use serde::{Deserialize, Serialize};

/// The privilege map of a PrivateMapKey. An app that asks for no key gives [`Permissions::ALL`] to everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Permissions(pub u32);

impl Permissions {
    /// Nothing at all.
    pub const NONE: Self = Self(0);
    /// Make the room by being the first to enter it.
    pub const CREATE: Self = Self(1);
    /// Enter the room.
    pub const ENTER: Self = Self(2);
    /// Publish a microphone.
    pub const SEND_AUDIO: Self = Self(4);
    /// Hear others.
    pub const RECEIVE_AUDIO: Self = Self(8);
    /// Publish a camera.
    pub const SEND_VIDEO: Self = Self(16);
    /// View cameras.
    pub const RECEIVE_VIDEO: Self = Self(32);
    /// Share a screen.
    pub const SEND_SUB: Self = Self(64);
    /// View screens.
    pub const RECEIVE_SUB: Self = Self(128);
    /// Everything.
    pub const ALL: Self = Self(255);
    /// What the original gives an audience: enter, hear, view cameras.
    pub const AUDIENCE: Self = Self(42);

    /// Whether every bit of `wanted` is there.
    pub fn allow(self, wanted: Self) -> bool {
        self.0 & wanted.0 == wanted.0
    }

    /// The bit that lets a member publish `track`.
    pub fn to_send(track: Track) -> Self {
        match track {
            Track::Microphone => Self::SEND_AUDIO,
            Track::Camera => Self::SEND_VIDEO,
            Track::Screen => Self::SEND_SUB,
        }
    }

    /// The bit that lets a member receive `track` of others.
    pub fn to_receive(track: Track) -> Self {
        match track {
            Track::Microphone => Self::RECEIVE_AUDIO,
            Track::Camera => Self::RECEIVE_VIDEO,
            Track::Screen => Self::RECEIVE_SUB,
        }
    }

    /// What is left of tracks when those that may not be published are off.
    pub(crate) fn cut(self, mut tracks: Tracks) -> Tracks {
        for track in Track::ALL {
            if !self.allow(Self::to_send(track)) {
                tracks.switch_off(track);
            }
        }
        tracks.small &= tracks.camera != TrackState::Off;
        tracks
    }
}

impl BitOr for Permissions {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
