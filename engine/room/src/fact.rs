//! Facts: everything that happened, numbered, for whoever keeps a record: callbacks, metering, monitoring, metrics. A room
//! never waits for, and never knows, its readers.

use std::sync::Arc;

use rtc_protocol::{
    Codec, ForwardMode, Layer, LeaveReason, MemberKind, Qos, Report, Role, RoomKey, Scene, SdkInfo, SessionId, Track,
    TrackState, Tracks, UserId,
};
use serde::{Deserialize, Serialize};

use crate::{Permissions, Time};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// One counter for all facts of an engine, without gaps.
    pub n: u64,
    /// When.
    pub at: Time,
    /// Where.
    pub room: RoomKey,
    /// What.
    #[serde(flatten)]
    pub body: FactBody,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum FactBody {
    /// The room came to be.
    RoomCreated {
        /// Who entered first.
        user: UserId,
        /// The scene it entered with, which decides the class of the room.
        scene: Scene,
    },
    /// The room was there when the run before ended, and is there still.
    RoomRestored {
        /// The scene that decides its class.
        scene: Scene,
    },
    /// The room is no more; its id is free.
    RoomEnded {
        /// Why.
        cause: EndCause,
    },
    /// What a session runs on. Always right before its [`FactBody::MemberEntered`] or [`FactBody::MemberRestored`].
    SessionInfo {
        /// Whose.
        session: SessionId,
        /// The user of the session.
        user: UserId,
        /// SDK and terminal.
        sdk: SdkInfo,
        /// Where the connection comes from.
        address: String,
    },
    /// A member is in the room.
    MemberEntered {
        /// Its session.
        session: SessionId,
        /// Who.
        user: UserId,
        /// Anchor or audience.
        role: Role,
        /// Person, robot, linked.
        kind: MemberKind,
        /// Whether it took the place of an earlier session of the same user.
        again: bool,
        /// `userDefineRecordId`.
        record_id: Option<String>,
    },
    /// A member was in the room when the run before ended, and still is, away until it resumes. It publishes `tracks`
    /// without a [`FactBody::StreamStarted`] for each; what it views is told as [`FactBody::Subscribed`] afterwards.
    MemberRestored {
        /// Its session, the same as before.
        session: SessionId,
        /// Who.
        user: UserId,
        /// Anchor or audience.
        role: Role,
        /// Person, robot, linked.
        kind: MemberKind,
        /// What it publishes.
        tracks: Tracks,
        /// When it entered.
        entered: Time,
        /// `userDefineRecordId`.
        record_id: Option<String>,
    },
    /// A member is out of the room; what it published and viewed has been ended by facts before this one. One that has
    /// moved to another room enters there right after with the same session.
    MemberLeft {
        /// Its session.
        session: SessionId,
        /// Who.
        user: UserId,
        /// Anchor or audience, at the end.
        role: Role,
        /// Person, robot, linked.
        kind: MemberKind,
        /// Why.
        cause: LeaveCause,
    },
    /// A member became anchor or audience.
    RoleChanged {
        /// Its session.
        session: SessionId,
        /// Who.
        user: UserId,
        /// The new role.
        role: Role,
    },
    /// A member may do other things than before.
    PermissionsChanged {
        /// Its session.
        session: SessionId,
        /// Who.
        user: UserId,
        /// All that it may do now.
        permissions: Permissions,
    },
    /// A member wants to hear others than before.
    HearingChanged {
        /// Its session.
        session: SessionId,
        /// Who.
        user: UserId,
        /// Whom it spoke of; nobody named means everybody, and what was said of single users holds no longer.
        whom: Option<UserId>,
        /// Whether it wants to hear them.
        on: bool,
    },
    /// A member has said what matters to it when the network is not good enough for everything.
    QosChanged {
        /// Its session.
        session: SessionId,
        /// Who.
        user: UserId,
        /// From now on.
        qos: Qos,
    },
    /// An anchor of another room is linked in and can be seen, heard and viewed here. It stays a member of its own room,
    /// where the facts about its streams are; it is none of this one.
    LinkStarted {
        /// Its session.
        session: SessionId,
        /// Who.
        user: UserId,
        /// The room it is at home in.
        home: RoomKey,
    },
    /// What is held back here of a linked anchor is something else than before.
    ForwardModeChanged {
        /// Its session.
        session: SessionId,
        /// Who.
        user: UserId,
        /// All that is held back from now on.
        mode: ForwardMode,
    },
    /// A linked anchor cannot be seen here any more; views of it have been ended by facts before this one.
    LinkEnded {
        /// Its session.
        session: SessionId,
        /// Who.
        user: UserId,
    },
    /// A member's signaling connection is lost; it keeps its place for a while. Nobody in the room is told.
    ConnectionLost {
        /// Its session.
        session: SessionId,
        /// Who.
        user: UserId,
    },
    /// A member that had lost its connection is back.
    ConnectionResumed {
        /// Its session.
        session: SessionId,
        /// Who.
        user: UserId,
    },
    /// A track is published, from nothing.
    StreamStarted {
        /// The publisher's session.
        session: SessionId,
        /// Who.
        user: UserId,
        /// Which.
        track: Track,
        /// Muted or on.
        state: TrackState,
        /// Whether a camera comes with a small layer.
        small: bool,
        /// The codec the client said it uses, if it said so.
        codec: Option<Codec>,
    },
    /// A published track was muted or unmuted, or gained or lost its small layer.
    StreamChanged {
        /// The publisher's session.
        session: SessionId,
        /// Who.
        user: UserId,
        /// Which.
        track: Track,
        /// Muted or on.
        state: TrackState,
        /// Whether a camera comes with a small layer.
        small: bool,
    },
    /// A track is not published any more.
    StreamStopped {
        /// The publisher's session.
        session: SessionId,
        /// Who.
        user: UserId,
        /// Which.
        track: Track,
        /// Whether it stopped because the publisher left the room: the original's callbacks then tell only the leaving.
        left: bool,
    },
    /// A member views a video track. A second one for the same pair replaces the layer.
    Subscribed {
        /// The viewer's session.
        viewer: SessionId,
        /// Who views.
        viewer_user: UserId,
        /// The publisher's session.
        publisher: SessionId,
        /// Who is viewed.
        publisher_user: UserId,
        /// Camera or screen.
        track: Track,
        /// The layer that was asked for.
        layer: Layer,
    },
    /// A member does not view a video track any more.
    Unsubscribed {
        /// The viewer's session.
        viewer: SessionId,
        /// Who viewed.
        viewer_user: UserId,
        /// The publisher's session.
        publisher: SessionId,
        /// Who was viewed.
        publisher_user: UserId,
        /// Camera or screen.
        track: Track,
    },
    /// What a client measured.
    QualitySampled {
        /// Whose.
        session: SessionId,
        /// Who.
        user: UserId,
        /// The measurements; lists are cut at 128 entries.
        report: Arc<Report>,
    },
}

impl FactBody {
    /// The session whose [`crate::Membership`] has begun, changed or ended with this fact, if one has.
    pub fn changed_membership(&self) -> Option<SessionId> {
        match self {
            Self::MemberEntered { session, .. }
            | Self::MemberRestored { session, .. }
            | Self::MemberLeft { session, .. }
            | Self::RoleChanged { session, .. }
            | Self::PermissionsChanged { session, .. }
            | Self::HearingChanged { session, .. }
            | Self::QosChanged { session, .. }
            | Self::StreamStarted { session, .. }
            | Self::StreamChanged { session, .. }
            | Self::StreamStopped { session, .. }
            | Self::Subscribed { viewer: session, .. }
            | Self::Unsubscribed { viewer: session, .. } => Some(*session),
            Self::RoomCreated { .. }
            | Self::RoomRestored { .. }
            | Self::RoomEnded { .. }
            | Self::SessionInfo { .. }
            | Self::LinkStarted { .. }
            | Self::ForwardModeChanged { .. }
            | Self::LinkEnded { .. }
            | Self::ConnectionLost { .. }
            | Self::ConnectionResumed { .. }
            | Self::QualitySampled { .. } => None,
        }
    }
}

/// Why a member left, for the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LeaveCause {
    /// By itself.
    Left,
    /// It was away too long.
    TimedOut,
    /// The server removed it.
    Removed,
    /// The server dismissed the room.
    Dismissed,
    /// The same user entered again.
    Replaced,
}

impl LeaveCause {
    /// The reason the others are told.
    ///
    /// A user that entered again has left by itself as far as the others are concerned: "removed" would make
    /// applications say that somebody threw it out.
    pub fn reason(self) -> LeaveReason {
        match self {
            Self::Left | Self::Replaced => LeaveReason::Left,
            Self::TimedOut => LeaveReason::TimedOut,
            Self::Removed | Self::Dismissed => LeaveReason::Removed,
        }
    }
}

/// Why a room ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EndCause {
    /// The last member left, and nobody came while the room was kept.
    Emptied,
    /// The server dismissed it.
    Dismissed,
}
