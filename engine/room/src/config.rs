//! The numbers an operator may change. Their defaults are the original's.

use rtc_protocol::limits;

/// Limits and habits of every room of an engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomConfig {
    /// Members in a room of a call scene (300).
    pub call_members: usize,
    /// Members of a call scene that publish something at the same time (50).
    pub call_publishers: usize,
    /// Anchors in a room of a live scene (50).
    pub live_anchors: usize,
    /// Audience in a room of a live scene (100 000).
    pub live_audience: usize,
    /// Anchors of other rooms that may be linked into a room (16).
    pub linked_anchors: usize,
    /// Rooms in the engine, those without members that are still kept included (200 000).
    pub rooms: usize,
    /// How long a member whose connection is lost keeps its place, in milliseconds (90 000).
    pub away_ms: u64,
    /// How long a live room lives on after an audience member was the last to leave, in milliseconds (600 000).
    pub live_room_kept_ms: u64,
    /// Whether only one member of a room may share a screen at a time (no). The native API of the original refuses a
    /// second one, its Web API does not.
    pub exclusive_screen: bool,
    /// Video tracks one member may view at the same time (64).
    pub views: usize,
    /// Users one member may single out with `listen` (512).
    pub listen_exceptions: usize,
    /// The number of the first fact (1).
    pub first_fact: u64,
}

impl Default for RoomConfig {
    fn default() -> Self {
        Self {
            call_members: 300,
            call_publishers: 50,
            live_anchors: 50,
            live_audience: 100_000,
            linked_anchors: limits::LINKED_ANCHORS,
            rooms: 200_000,
            away_ms: limits::AWAY_MS,
            live_room_kept_ms: limits::LIVE_ROOM_KEPT_MS,
            exclusive_screen: false,
            views: 64,
            listen_exceptions: 512,
            first_fact: 1,
        }
    }
}
