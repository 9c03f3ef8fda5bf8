//! What the media part can be told at its start.

use std::net::SocketAddr;

use crate::offer::Terms;

/// Settings of [`crate::Media::start`].
#[derive(Debug, Clone)]
pub struct MediaConfig {
    /// Where to listen, UDP and TCP on the same port. Port 0 takes any free one.
    pub listen: SocketAddr,
    /// The addresses told to clients as ICE candidates, UDP and TCP each. Port 0 stands for the port listened on. Empty
    /// means `listen`, which then must name an address.
    pub advertise: Vec<SocketAddr>,
    /// Threads, 1..=64. One for each core that media may use.
    pub shards: usize,
    /// Cores that the threads stay on, in turn; wherever the system puts them where none is named. See
    /// [`crate::may_use_core`].
    pub cores: Vec<usize>,
    /// By how much the threads go before others, -20..=0 (nice(2)); as others where the system does not allow it.
    pub niceness: i8,
    /// Estimate the bandwidth towards each client, pace what is sent to it, and choose layers by it.
    pub bandwidth_estimation: bool,
    /// The most receiving pairs a session may negotiate.
    pub max_slots: usize,
    /// The most voices a session hears at once, however many slots it has.
    pub voices: usize,
    /// Bits a second that one session may send as media, retransmissions and all; what is beyond is dropped. 0 for no bound.
    pub publisher_bits: u64,
    /// TCP connections in total.
    pub tcp_connections: usize,
    /// TCP connections from one source address (IPv6: from one /64).
    pub tcp_connections_per_source: usize,
    /// STUN messages a second that one source address (IPv6: one /64) may send before ICE has proved it.
    pub stun_per_second_per_source: u32,
    /// TURN for clients that reach nothing but this port (RFC 8656); nothing where it is not spoken.
    pub turn: Option<TurnConfig>,
    /// Bytes asked for each shard's UDP receive and send buffers; the kernel may grant less (`net.core.rmem_max`).
    pub socket_buffer_bytes: usize,
}

/// Bounds of TURN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TurnConfig {
    /// Allocations in total.
    pub allocations: usize,
    /// Allocations of one user.
    pub allocations_per_user: usize,
}

impl Default for TurnConfig {
    fn default() -> Self {
        Self { allocations: 4096, allocations_per_user: 32 }
    }
}

impl Default for MediaConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8000)),
            advertise: Vec::new(),
            shards: 1,
            cores: Vec::new(),
            niceness: -5,
            bandwidth_estimation: true,
            max_slots: 64,
            voices: 16,
            publisher_bits: 30_000_000,
            tcp_connections: 4096,
            tcp_connections_per_source: 512,
            stun_per_second_per_source: 1000,
            turn: Some(TurnConfig::default()),
            socket_buffer_bytes: 8 << 20,
        }
    }
}

impl MediaConfig {
    /// What an offer may ask for.
    pub(crate) fn terms(&self) -> Terms {
        Terms { max_slots: self.max_slots, feedback: self.bandwidth_estimation }
    }
}
