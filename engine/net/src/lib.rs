//! Media shards: sockets, ICE/DTLS/SRTP sessions driven through the forwarding core. It moves packets between the network
//! and `rtc_sfu` and decides nothing about who sees whom.
//!
//! A shard is one thread with its own loop, its own UDP socket on the shared media port and its own sessions. Shards share
//! nothing on the packet path and speak through bounded queues. The life of a datagram:
//!
//! 1. `socket` takes a burst off the kernel; `route` tells by its first byte, its ICE user fragment or its source address
//!    whose it is, and drops what nobody has proved;
//! 2. a datagram of another shard's session is passed on through that shard's `inbox`, any other is given to the session's
//!    `peer`, which ends ICE, DTLS and SRTP (`str0m_peer`);
//! 3. the media packets of the burst go through the shard's `rtc_sfu::Forwarder` once, and once to each other shard that
//!    has somebody interested;
//! 4. each session that was written to is told once to send: `slots` knows the client's own payload types and `rtc_egress`
//!    writes and encrypts into the batch of `socket`, which leaves as one GSO send for each address.

mod allowance;
mod answer;
mod arrivals;
mod checkup;
mod clock;
mod config;
mod departures;
mod door;
mod error;
mod estimate;
mod filter;
mod handshakes;
mod inbox;
mod keying;
mod media;
mod membership;
mod missing;
mod negotiator;
mod offer;
#[doc(hidden)]
pub mod parsers;
mod peer;
mod route;
mod session;
mod shard;
mod slots;
mod socket;
mod standing;
mod stats;
mod str0m_peer;
mod stun;
mod tcp;
mod turn;
#[cfg(test)]
mod viewing;
mod warmup;

pub use checkup::Checkup;
pub use config::{MediaConfig, TurnConfig};
pub use door::Visitor;
pub use error::OfferError;
pub use media::{Buffers, EndReason, Media, MediaEvent};
pub use rtc_turn::Grant;
pub use standing::may_use_core;
pub use stats::{Counts, Drops, MediaStats, Queues, ShardStats};
pub use turn::TurnVisitor;
