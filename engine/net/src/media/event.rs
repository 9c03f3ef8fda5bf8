//! What media tells of sessions and shards. Nothing is decided by it.

use rtc_protocol::{EncodeLayers, Occupant, SessionId};
#[cfg(doc)]
use rtc_sfu::Command;

/// What media tells, on the thread of the session's shard: handle it without blocking.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MediaEvent {
    /// Slots whose content changed, by mid. Nothing means the slot is empty now.
    Slots {
        /// Whose slots.
        session: SessionId,
        /// The slots that changed, with what they carry from now on.
        changed: Vec<(String, Option<Occupant>)>,
    },
    /// Which layers of a track the publisher should encode.
    Encode {
        /// The publisher.
        session: SessionId,
        /// The track and its layers.
        layers: EncodeLayers,
    },
    /// Media flows: for the first time on this peer connection, or again after [`MediaEvent::Lost`].
    Connected {
        /// Whose.
        session: SessionId,
    },
    /// Nothing has been heard from the client for about 15 s. The peer connection is kept for a minute: the client may come
    /// back by itself, or restart ICE.
    Lost {
        /// Whose.
        session: SessionId,
    },
    /// The peer connection is gone. The session itself is not: it may offer again (`enter` or `replace`).
    Ended {
        /// Whose.
        session: SessionId,
        /// Why.
        reason: EndReason,
    },
    /// A shard's thread has ended because of a fault. Its sessions are gone, and it cannot be started again.
    ShardFailed {
        /// Which.
        shard: u8,
    },
}

/// Why a peer connection is gone without [`Command::Close`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndReason {
    /// The client closed it.
    Closed,
    /// It never connected, or was lost, and a minute has passed.
    TimedOut,
    /// It could not be kept: the handshake failed, or the engine failed while serving it; the log says more.
    Failed,
}
