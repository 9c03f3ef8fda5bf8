//! What an application asks of a session.

use std::fmt;

use rtc_protocol::{Codec, ForwardMode, HelloRoom, Layer, Qos, Report, Role, Stream, Track, TrackState, UserId};

/// Something to do. None of them waits: what comes of it is told by events. Prints its name only: some bear tickets.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Command {
    /// Publish, mute or stop a track. A standing wish: while the member is audience nothing is published, and it is when it
    /// becomes anchor. A refusal ([`crate::Event::PublishFailed`]) ends the wish.
    Publish {
        /// Which.
        track: Track,
        /// Its state from now on.
        state: TrackState,
        /// What it is encoded with.
        codec: Option<Codec>,
        /// Whether the camera comes with a small layer.
        small: bool,
    },
    /// Watch a picture, or the one that is watched in another layer. A standing wish until [`Command::Unview`], also while
    /// nothing is published there: packets come when there are some.
    View {
        /// Whose.
        user_id: UserId,
        /// Camera or screen.
        stream: Stream,
        /// Big or small.
        layer: Layer,
    },
    /// Stop watching.
    Unview {
        /// Whose.
        user_id: UserId,
        /// Camera or screen.
        stream: Stream,
    },
    /// Hear somebody or not. Nobody named means everybody, now and later, and forgets what was said of single users.
    Listen {
        /// Whom.
        user_id: Option<UserId>,
        /// Hear.
        on: bool,
    },
    /// Become anchor or audience. Answered by [`crate::Event::RoleSwitched`].
    SwitchRole {
        /// The new role.
        role: Role,
        /// The ticket, where the new role needs other permissions.
        private_map_key: Option<String>,
    },
    /// Go to another room on the same connection. Answered by [`crate::Event::RoomSwitched`].
    SwitchRoom {
        /// Where to.
        room: HelloRoom,
        /// A newer ticket of app and user.
        user_sig: Option<String>,
        /// The ticket of the room.
        private_map_key: Option<String>,
    },
    /// Link with an anchor of another room. Answered by [`crate::Event::RoomConnected`].
    ConnectRoom {
        /// The other room.
        room: HelloRoom,
        /// The anchor there.
        user_id: String,
    },
    /// End all links. Answered by [`crate::Event::RoomDisconnected`].
    DisconnectRoom,
    /// Hold back tracks of a linked anchor in the own room. Answered by [`crate::Event::ForwardModeUpdated`].
    UpdateForwardMode {
        /// The room the anchor is at home in.
        room: HelloRoom,
        /// The anchor.
        user_id: String,
        /// What is held back.
        mode: ForwardMode,
    },
    /// What matters when the network is not good enough. A standing wish.
    SetQos(Qos),
    /// Send a custom message to the room. Not repeated when the connection is lost under it; a refusal is told by
    /// [`crate::Event::MessageFailed`].
    SendMessage {
        /// 0..=10.
        cmd_id: u8,
        /// 1 to 1024 bytes.
        data: Vec<u8>,
    },
    /// What the application measured, for the next report to the engine. What the session knows itself (round trip, losses,
    /// qualities, bitrates) is filled in where it is 0.
    Report(Box<Report>),
    /// Ask for a key frame of somebody's video track.
    WantKeyframe {
        /// Whose.
        user_id: UserId,
        /// Camera or screen.
        track: Track,
    },
    /// What the encoders would like to send all together, in bits a second: how far the uplink is probed.
    WantUplink {
        /// Bits a second.
        bits_per_second: u64,
    },
    /// Leave. Ends with [`crate::Event::Exited`], after at most 2 s.
    Exit,
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Publish { .. } => "Publish",
            Self::View { .. } => "View",
            Self::Unview { .. } => "Unview",
            Self::Listen { .. } => "Listen",
            Self::SwitchRole { .. } => "SwitchRole",
            Self::SwitchRoom { .. } => "SwitchRoom",
            Self::ConnectRoom { .. } => "ConnectRoom",
            Self::DisconnectRoom => "DisconnectRoom",
            Self::UpdateForwardMode { .. } => "UpdateForwardMode",
            Self::SetQos(_) => "SetQos",
            Self::SendMessage { .. } => "SendMessage",
            Self::Report(_) => "Report",
            Self::WantKeyframe { .. } => "WantKeyframe",
            Self::WantUplink { .. } => "WantUplink",
            Self::Exit => "Exit",
        })
    }
}
