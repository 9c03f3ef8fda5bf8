//! What a session tells.

use std::time::{Duration, SystemTime};

use rtc_protocol::{
    EncodeLayers, ExitReason, Layer, LeaveReason, MemberQuality, MemberView, RemovalReason, Role, Stream, Track, TrackState,
    Tracks, UserId,
};

use crate::{Failure, Incoming, Line, Statistics};

/// What happened, in the order in which it did.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Event {
    /// The engine let us in. Media may need some more milliseconds. Told once.
    Entered {
        /// Since the session was made.
        elapsed: Duration,
        /// The role the engine gave.
        role: Role,
    },
    /// The engine did not let us in, or could not be reached. The session is over.
    EnterFailed(Failure),
    /// Somebody who may be seen is there. Its tracks are told as off here, and what it publishes by what follows.
    MemberEntered(MemberView),
    /// Somebody who could be seen is gone. Its tracks were told as off before.
    MemberLeft {
        /// Who.
        user_id: UserId,
        /// Why.
        reason: LeaveReason,
    },
    /// Somebody's tracks changed.
    TracksChanged {
        /// Who.
        user_id: UserId,
        /// As they were told last.
        before: Tracks,
        /// As they are now.
        after: Tracks,
    },
    /// Signaling or media is lost; the session is at it.
    ConnectionLost,
    /// An attempt to come back begins. Told for each.
    Reconnecting,
    /// Signaling and media are back.
    ConnectionRecovered,
    /// Signaling works and media has not for 30 s: a firewall may be blocking the media port. It is tried on.
    MediaBlocked,
    /// What came of a change of role. Also told, unasked, when the engine gave another role during an outage.
    RoleSwitched(Result<Role, Failure>),
    /// What came of a change of rooms. After a good one everything known of the old room is void, members and sources
    /// included, without having been told as gone one by one; those of the new one follow.
    RoomSwitched(Result<(), Failure>),
    /// What came of a link with another room.
    RoomConnected {
        /// Who was asked for.
        user_id: String,
        /// What came of it.
        result: Result<(), Failure>,
    },
    /// What came of ending links.
    RoomDisconnected(Result<(), Failure>),
    /// What came of holding back tracks.
    ForwardModeUpdated {
        /// Whose.
        user_id: String,
        /// What came of it.
        result: Result<(), Failure>,
    },
    /// The engine took what a track is to be.
    Published {
        /// Which.
        track: Track,
        /// What the others see.
        state: TrackState,
    },
    /// The engine refused to publish a track; the wish is given up.
    PublishFailed {
        /// Which.
        track: Track,
        /// Why.
        failure: Failure,
    },
    /// A view was refused; the wish is given up.
    ViewFailed {
        /// Whose.
        user_id: UserId,
        /// Camera or screen.
        stream: Stream,
        /// Why.
        failure: Failure,
    },
    /// The engine did not take a custom message, or the connection was lost before it did.
    MessageFailed {
        /// With which.
        cmd_id: u8,
        /// Why.
        failure: Failure,
    },
    /// A custom message of somebody else.
    Message {
        /// Who sent it.
        user_id: UserId,
        /// 0..=10.
        cmd_id: u8,
        /// The sender's own count for this `cmd_id`, from 1.
        seq: u32,
        /// What was sent.
        data: Vec<u8>,
    },
    /// Custom messages did not arrive. Told before the next one that did.
    MessagesLost {
        /// Whose.
        user_id: UserId,
        /// With which `cmd_id`.
        cmd_id: u8,
        /// How many.
        missed: u32,
    },
    /// The network quality of the others.
    Quality(Vec<MemberQuality>),
    /// Encode these layers and no others. Until something is told of a track that begins to be published: big, not small.
    Encode(EncodeLayers),
    /// Somebody needs a key frame.
    KeyframeWanted {
        /// Camera or screen.
        track: Track,
        /// Which layer.
        layer: Layer,
    },
    /// What the uplink is believed to carry.
    UplinkBandwidth {
        /// All tracks together.
        bits_per_second: u64,
    },
    /// Somebody's track comes on this line from now on, or on none. A new line begins a new stream of packets.
    SourceChanged {
        /// Whose.
        user_id: UserId,
        /// Which.
        track: Track,
        /// The line; nothing when the track comes no more.
        line: Option<Line>,
    },
    /// A packet of somebody. After a change on a line, some of the one before may come under the new name, so that a
    /// picture begins with its first key frame.
    Media {
        /// Whose.
        user_id: UserId,
        /// Which track.
        track: Track,
        /// On which line.
        line: Line,
        /// The packet.
        packet: Incoming,
    },
    /// A line's clock, from a sender report (RFC 3550 section 6.4.1): for lip sync and delay.
    Clock {
        /// Whose.
        user_id: UserId,
        /// Which track.
        track: Track,
        /// On which line.
        line: Line,
        /// The pair of times.
        clock: SourceClock,
    },
    /// What was measured, at every report interval (2 s).
    Statistics(Box<Statistics>),
    /// Out. The session is over.
    Exited(Ending),
}

/// An RTP time and the time of the engine's clock at the same moment. Lines of one member are on one clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceClock {
    /// Wall time of the engine.
    pub ntp: SystemTime,
    /// RTP time, in the line's clock rate.
    pub time: u32,
}

/// How a stay ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// By [`crate::Command::Exit`].
    Own,
    /// The engine put us out.
    Removed(RemovalReason),
    /// The session gave up: it was refused on coming back, or the engine could not be reached for two minutes.
    Failed(Failure),
}

impl Ending {
    /// The number of the native `onExitRoom`; nothing for an end that is told as an error.
    pub fn exit_reason(&self) -> Option<ExitReason> {
        match self {
            Self::Own => Some(ExitReason::Own),
            Self::Removed(reason) => Some(reason.exit_reason()),
            Self::Failed(_) => None,
        }
    }
}
