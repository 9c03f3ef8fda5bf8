//! Numbers that bound what a client may send, in one place so that SDKs, engine and tests agree.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A signaling message other than a media offer.
pub const MESSAGE_BYTES: usize = 64 * 1024;
/// A message that carries an SDP offer. An honest entry offer is 20-40 KB, a grown one near 90 KB.
pub const OFFER_BYTES: usize = 512 * 1024;
/// Media sections in one offer.
pub const MEDIA_SECTIONS: usize = 200;
/// One custom message's data.
pub const CUSTOM_MESSAGE_BYTES: usize = 1024;
/// Custom messages a member may send in a second.
pub const CUSTOM_MESSAGES_PER_SECOND: u32 = 30;
/// Bytes of custom messages a member may send in a second (the larger of the two documented figures).
pub const CUSTOM_MESSAGE_BYTES_PER_SECOND: u32 = 16 * 1024;
/// The largest `cmdId` on the wire; 0 is allowed here because demos of the original send it.
pub const CUSTOM_MESSAGE_MAX_CMD_ID: u8 = 10;
/// Anchors of other rooms that may be linked into a room.
pub const LINKED_ANCHORS: usize = 16;
/// Kilobits a second that a network test may ask for, each way.
pub const PROBE_KBPS: std::ops::RangeInclusive<u32> = 10..=5000;
/// A network test is over after this, in milliseconds.
pub const PROBE_MS: u64 = 15_000;
/// Questions for the time on one connection.
pub const TIME_QUESTIONS: u32 = 32;
/// A connection for such questions is over after this, in milliseconds.
pub const TIME_MS: u64 = 15_000;
/// A member that is away this long is evicted, in milliseconds.
pub const AWAY_MS: u64 = 90_000;
/// A live room whose last leaver was audience is kept this long, in milliseconds.
pub const LIVE_ROOM_KEPT_MS: u64 = 600_000;

/// The bounds a client should know, told at entry because an engine may be set otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// How often the client reports, in milliseconds; each answer proves the connection alive.
    pub report_interval_ms: u32,
    /// How long an absent member is kept, in milliseconds.
    pub away_ms: u32,
    /// The most receiving slots (pairs) a session may negotiate.
    pub max_slots: u16,
}

impl Default for Limits {
    fn default() -> Self {
        Self { report_interval_ms: 2000, away_ms: 90_000, max_slots: 64 }
    }
}
