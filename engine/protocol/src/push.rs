//! What the engine tells without being asked.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{EncodeLayers, ExitReason, LeaveReason, MemberQuality, MemberView, RemovalReason, SlotBinding, Tracks, UserId};

/// A numbered push. `n` grows by one with each push of this session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Push {
    /// The push counter of this session.
    #[ts(type = "number")]
    pub n: u64,
    /// What is told.
    #[serde(flatten)]
    pub body: PushBody,
}

/// What is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", content = "data", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(tag = "type", content = "data", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum PushBody {
    /// Somebody who may be seen entered, or became anchor.
    MemberEntered(MemberView),
    /// Somebody who could be seen left, or became audience. Its tracks are gone with it.
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
        /// All of its tracks, as they are now.
        tracks: Tracks,
    },
    /// The slots that changed.
    Slots {
        /// Each with what it carries now.
        slots: Vec<SlotBinding>,
    },
    /// Encode these layers of one of your tracks.
    Encode(EncodeLayers),
    /// A custom message of somebody else.
    Message {
        /// Who sent it.
        user_id: UserId,
        /// 0..=10.
        cmd_id: u8,
        /// The sender's own count of its messages with this `cmd_id`, from 1.
        seq: u32,
        /// Base64.
        data: String,
    },
    /// The network quality of the others, about every 2 s while it changes.
    Quality {
        /// Each member whose quality is known.
        members: Vec<MemberQuality>,
    },
    /// You are out. Nothing follows; the connection is closed by the engine.
    Removed {
        /// The Web's reason.
        reason: RemovalReason,
        /// The native reason.
        exit_reason: ExitReason,
    },
    /// The engine takes no more members, and stops when the last one is gone. Nothing changes for this member until then; who is
    /// still there when the time is over is told [`PushBody::Closing`].
    Draining {
        /// When it stops at the latest, in milliseconds.
        within_ms: u32,
    },
    /// The engine stops. Memberships are kept for those who come back in time.
    Closing {
        /// When to try again, in milliseconds.
        retry_after_ms: u32,
    },
}
