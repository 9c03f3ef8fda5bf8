//! What a session measures: one snapshot of counters and of the rates since the one before.

use std::net::SocketAddr;
use std::time::Duration;

use rtc_protocol::{Layer, Track, UserId};

use crate::{Line, Protocol};

/// Everything measured. Counters begin with the session and survive a new peer connection.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Statistics {
    /// To the engine and back, from ICE checks and RTCP, else from signaling.
    pub round_trip: Option<Duration>,
    /// Lost on the way up, percent; nothing where nothing was sent lately.
    pub up_loss: Option<f32>,
    /// Lost on the way down and not repaired, percent; nothing where nothing was expected lately.
    pub down_loss: Option<f32>,
    /// Bytes of media sent, headers included.
    pub bytes_sent: u64,
    /// Bytes of media received, headers included.
    pub bytes_received: u64,
    /// The own uplink: 0 unknown, 1 excellent to 5 very bad, 6 disconnected.
    pub uplink_quality: u8,
    /// The own downlink, as above.
    pub downlink_quality: u8,
    /// What the uplink is believed to carry, bits a second.
    pub uplink_bandwidth: Option<u64>,
    /// The way media takes; nothing while there is none.
    pub path: Option<Path>,
    /// Packets that were not sent: no path, a line that was not negotiated, or more than the path carries.
    pub unsent: u64,
    /// Each track and layer that is published, in order.
    pub local: Vec<LocalStatistics>,
    /// Each track that has a line, in order.
    pub remote: Vec<RemoteStatistics>,
}

/// The way media takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path {
    /// UDP or TCP.
    pub protocol: Protocol,
    /// Here.
    pub local: SocketAddr,
    /// The engine.
    pub remote: SocketAddr,
}

/// A track or layer that is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct LocalStatistics {
    /// Which.
    pub track: Track,
    /// Which layer; big where there is only one.
    pub layer: Layer,
    /// How many earlier packets each packet carries (RFC 2198) because of what is lost: 0 to 17; sound only.
    pub repeated: u8,
    /// Packets handed over, by this peer connection.
    pub packets: u64,
    /// Bytes of payload handed over.
    pub bytes: u64,
    /// Bits of payload a second since the last snapshot.
    pub bits_per_second: u64,
    /// Lost as the engine reported, percent.
    pub loss: Option<f32>,
    /// Round trip from receiver reports.
    pub round_trip: Option<Duration>,
    /// Key frames that were asked for.
    pub keyframes_wanted: u64,
    /// Negative acknowledgements that were received.
    pub nacks: u64,
}

/// A track that is received.
#[derive(Debug, Clone, PartialEq)]
pub struct RemoteStatistics {
    /// Whose.
    pub user_id: UserId,
    /// Which.
    pub track: Track,
    /// On which line.
    pub line: Line,
    /// Packets received since the source came on this line.
    pub packets: u64,
    /// Bytes of payload received since then.
    pub bytes: u64,
    /// Packets that were lost and not repaired since then.
    pub lost: u64,
    /// Lost since the last snapshot, percent.
    pub loss: f32,
    /// Bits of payload a second since the last snapshot.
    pub bits_per_second: u64,
    /// Interarrival jitter (RFC 3550 section 6.4.1).
    pub jitter: Duration,
}

/// The quality of a direction by the worse of loss (percent) and round trip: 1 excellent to 5 very bad. The thresholds are
/// our own, the same as the Web SDK's.
pub fn grade(loss: f32, round_trip: Duration) -> u8 {
    const ROWS: [(f32, u64, u8); 4] = [(2.0, 100, 1), (5.0, 200, 2), (12.0, 350, 3), (25.0, 600, 4)];
    let fits = |(most, ms, _): &&(f32, u64, u8)| loss <= *most && round_trip <= Duration::from_millis(*ms);
    ROWS.iter().find(fits).map_or(5, |(_, _, quality)| *quality)
}
