//! TURN (RFC 8656) as far as it serves media: who may have an allocation, and what is carried between its client and the
//! media addresses of the same engine, to which alone it leads. It has no socket, clock or randomness, and it opens no port:
//! what is relayed is handed to the caller, and relayed addresses are none of any network.

#![forbid(unsafe_code)]
#![cfg_attr(not(test), warn(clippy::unwrap_used))]

mod allocation;
mod authority;
pub mod client;
mod frame;
mod kind;
mod quotas;
mod relayed;
mod server;

pub use authority::{Authority, Grant};
pub use frame::{Frame, frame, is_turn};
pub use quotas::Quotas;
pub use relayed::{is_relayed, owner};
pub use server::{Caller, Cause, Config, Outcome, Server};

/// The longest message that is read or written: a datagram of media with what TURN puts around it.
pub const LONGEST: usize = 2048;
