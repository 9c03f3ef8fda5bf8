//! What can be asked of a room, and what is answered. The tokens that a client sends along were checked before.

use rtc_protocol::{
    CustomMessage, ForwardMode, Listen, MemberKind, Publish, Qos, Report, Role, RoomKey, Scene, SdkInfo, SessionId, Snapshot,
    Unview, UserId, View,
};
use serde::Serialize;

use crate::Permissions;

/// A user enters a room; the room comes to be if it is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enter {
    /// The session it will have. Never used before.
    pub session: SessionId,
    /// Which room.
    pub key: RoomKey,
    /// Who.
    pub user: UserId,
    /// The scene. The first to enter decides of which class the room is.
    pub scene: Scene,
    /// Anchor or audience; call scenes make everybody an anchor.
    pub role: Role,
    /// Person, robot, linked.
    pub kind: MemberKind,
    /// What its PrivateMapKey allows; [`Permissions::ALL`] where none is asked for.
    pub permissions: Permissions,
    /// Hear everybody without asking.
    pub auto_receive_audio: bool,
    /// The SDK; each text is cut at 128 bytes.
    pub sdk: SdkInfo,
    /// Where the connection comes from, for monitoring.
    pub address: String,
    /// `userDefineRecordId`, at most 64 bytes of `[A-Za-z0-9_-]`.
    pub record_id: Option<String>,
}

/// Where a member goes that leaves its room for another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// Which room.
    pub key: RoomKey,
    /// What its PrivateMapKey for that room allows; [`Permissions::ALL`] where none is asked for.
    pub permissions: Permissions,
}

/// What a member asks of its room. The bodies are those of the protocol.
#[derive(Debug, Clone, PartialEq)]
pub enum RoomRequest {
    /// Start, mute or stop a track.
    Publish(Publish),
    /// Watch a video track, or watch another of its layers.
    View(View),
    /// Stop watching.
    Unview(Unview),
    /// Hear somebody, or everybody, or not.
    Listen(Listen),
    /// Become anchor or audience.
    SwitchRole {
        /// The new role.
        role: Role,
        /// What the PrivateMapKey that came along allows; `None` where none came, and the former permissions stay.
        permissions: Option<Permissions>,
    },
    /// Link with an anchor of another room.
    ConnectRoom {
        /// The other room.
        key: RoomKey,
        /// The anchor there.
        user: UserId,
    },
    /// End every link the member is part of.
    DisconnectRoom,
    /// Hold back something of a linked anchor for everybody in the room.
    UpdateForwardMode {
        /// The room the anchor is at home in.
        key: RoomKey,
        /// The anchor.
        user: UserId,
        /// All that is held back from now on.
        mode: ForwardMode,
    },
    /// What matters when the network is not good enough for everything.
    SetQos(Qos),
    /// Send a custom message to the whole room.
    Message(CustomMessage),
    /// What only the client knows.
    Report(Box<Report>),
    /// Tell everything again.
    Snapshot,
    /// Leave now.
    Exit,
}

/// The answer to a [`RoomRequest`]. It serializes as the protocol wants it: `{}` or the snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Reply {
    /// Done; nothing to tell.
    Done {},
    /// The answer to [`RoomRequest::Snapshot`].
    Snapshot(Box<Snapshot>),
}

/// There is no such room now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the room does not exist (nobody is in it)")]
pub struct RoomMissing;
