//! Redundant audio data (RFC 2198): earlier packets carried again beside the newest, how many of them at which loss, and what a
//! receiver gets back by them; no codec.
//!
//! A [`Repeater`] stands where packets leave and a [`Restorer`] where they arrive: in clients, and in an engine on both of
//! its sides. What a [`Restorer`] gives back are the packets as they were before, some of them late, so that nothing behind
//! it has to know of redundancy.
//!
//! RFC 2198 says of a repeated packet when it was said, but not its sequence number. A [`Repeater`] repeats packets without
//! leaving one out, so that a [`Restorer`] can count back; browsers do the same.

mod depth;
mod repeater;
mod restorer;
mod wire;

pub use depth::Depth;
pub use repeater::Repeater;
pub use restorer::{Frame, Restorer};
pub use wire::{Block, Blocks, MAX_BLOCKS, MAX_OFFSET, MAX_REDUNDANT_LEN, RedError, pack, unpack};
