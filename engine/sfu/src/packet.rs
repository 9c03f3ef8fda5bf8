//! What a forwarding decision reads of a packet and what it answers; the packet's bytes stay with the driver.

use std::time::Instant;

use rtc_protocol::{Layer, TrackRef};

/// A peer connection of this shard: the driver's own small key, dense and reused after
/// [`remove_session`](crate::Forwarder::remove_session).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerKey(pub u32);

/// A receiving line of a session, numbered by the driver, which knows the `a=mid` behind it. It keeps its number and its
/// SSRC as long as the peer connection lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlotId(pub u16);

/// One encoding of a track. Microphones and screens have only [`Layer::Big`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LayerRef {
    /// The track.
    pub source: TrackRef,
    /// Which of its encodings.
    pub layer: Layer,
}

/// A received RTP packet (no RTX, no padding-only packet), as far as decisions need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PacketInfo {
    /// Whose, and which encoding.
    pub layer: LayerRef,
    /// The SSRC it came with. A change tells that the layer was started anew (the publisher has a new peer connection) and
    /// numbers its packets afresh.
    pub ssrc: u32,
    /// Sequence number, extended beyond 16 bits (RFC 3550, 3.3.1 of RFC 3711).
    pub seq: u64,
    /// RTP time, extended beyond 32 bits, in units of `clock_rate`.
    pub time: u64,
    /// Ticks a second: 48000 for Opus, 90000 for video.
    pub clock_rate: u32,
    /// Its size in bytes, header and all.
    pub size: usize,
    /// The marker bit: the last packet of a frame.
    pub marker: bool,
    /// A viewer can be switched to this layer here ([`crate::keyframe::is_switch_point`]); not read for audio.
    pub keyframe: bool,
    /// Audio level, 0 (loudest) to 127 (silence), in -dBov (RFC 6464); `None` when the packet bears none.
    pub level: Option<u8>,
    /// When it was captured, by the publisher's sender reports mapped to our clock; `arrived` until there is one. The
    /// tracks of one publisher must be mapped with one and the same offset.
    pub captured: Instant,
    /// When it was received.
    pub arrived: Instant,
}

/// How one packet is sent into one slot. The payload goes out as it came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rewrite {
    /// The slot.
    pub slot: SlotId,
    /// Sequence number; starts at 1000 and counts on for the life of the slot.
    pub seq: u64,
    /// RTP time, in units of the packet's `clock_rate`; one unbroken line for the life of the slot.
    pub time: u64,
    /// The instant that belongs to `time` in sender reports. Both lines of a pair use one clock, which lies about half a
    /// second behind ours so that it is never ahead of now, and it does not jump at a switch.
    pub wallclock: Instant,
}
