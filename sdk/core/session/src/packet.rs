//! Media packets as they are handed over, without their RTP headers. They are neither made nor understood here.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use rtc_protocol::{Codec, Layer, Track};

/// A packet to send.
#[derive(Clone)]
pub struct Outgoing {
    /// Which track.
    pub track: Track,
    /// Which layer of it; big where there is only one.
    pub layer: Layer,
    /// What the payload is.
    pub codec: Codec,
    /// The sender's own count for this track and layer, one more for each packet from wherever it begins. A number that is
    /// missing is a packet that was lost: who drops one leaves its number out.
    pub seq: u64,
    /// RTP time: 48 kHz for sound, 90 kHz for pictures.
    pub time: u32,
    /// End of a frame; for sound, the first packet after silence.
    pub marker: bool,
    /// Loudness in -dBov (RFC 6464), 0 loudest to 127 silent; sound only.
    pub level: Option<u8>,
    /// The payload, at most about 1150 bytes.
    pub payload: Arc<[u8]>,
}

/// A packet that was received. Retransmissions are sorted in by their number; what was lost for good is a gap.
#[derive(Clone)]
pub struct Incoming {
    /// What the payload is.
    pub codec: Codec,
    /// Extended sequence number of the line it came on.
    pub seq: u64,
    /// RTP time: 48 kHz for sound, 90 kHz for pictures.
    pub time: u32,
    /// End of a frame; for sound, the first packet after silence.
    pub marker: bool,
    /// Loudness in -dBov (RFC 6464), 0 loudest to 127 silent.
    pub level: Option<u8>,
    /// The payload.
    pub payload: Arc<[u8]>,
    /// When it arrived.
    pub arrived: Instant,
}

/// A receiving line of one peer connection. As long as it stays the same, numbers and times of its packets are one
/// continuous stream, whoever is on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line(pub(crate) u32);

impl Line {
    pub(crate) fn new(connection: u16, index: u16) -> Self {
        Self(u32::from(connection) << 16 | u32::from(index))
    }

    pub(crate) fn connection(self) -> u16 {
        (self.0 >> 16) as u16
    }

    pub(crate) fn index(self) -> u16 {
        (self.0 & 0xffff) as u16
    }
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Outgoing({:?} {:?} #{} {} bytes)", self.track, self.layer, self.seq, self.payload.len())
    }
}

impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Incoming({:?} #{} {} bytes)", self.codec, self.seq, self.payload.len())
    }
}
