//! What leaves for one viewer, without the library that speaks the rest of WebRTC: RTP written and encrypted where it lies,
//! packets kept and sent again, sender reports, requests for what the viewer sends itself, and its RTCP read. It has no socket and no
//! clock, and decides nothing about who sees whom.
//!
//! [`Egress`] is the whole of it for one connection. Packets are written into streams and leave when it is told to send, all of
//! them for one viewer in a row, each copied once: from the payload that all viewers share into the buffer that the kernel is
//! given, where it is encrypted.

mod egress;
mod generosity;
mod header;
mod kept;
mod keys;
mod least;
mod losses;
mod network;
mod replay;
mod round_trip;
/// The viewer's RTCP, public for those who test it with nonsense.
pub mod rtcp;
mod srtp;
mod stream;
mod wall;

pub use egress::{Egress, Event, Sink, Taken, Written};
pub use header::Extensions;
pub use keys::{Keying, Profile};
pub use least::Least;
pub use losses::Losses;
pub use stream::{Outgoing, StreamSpec, Terms};
pub use wall::WallClock;
