//! Forwarding decisions: who is in which slot, which layer flows, when a viewer is switched, how packets are renumbered
//! and when key frames are asked for. It moves no bytes: no socket, no clock, no thread, no randomness.
//!
//! One [`Forwarder`] belongs to one shard. It plays two parts, often for the same session:
//!
//! * on the **viewer's** shard it holds the slots of each session, binds tracks to them, rewrites packets per slot and
//!   tells with [`Output::Interest`] which layers its shard wants;
//! * on the **publisher's** shard it knows who is published, which shards want what, which layers are worth encoding and
//!   when a key frame is asked for.
//!
//! The driver (crate `net`) hands in every packet it receives with [`Forwarder::handle_packet`] on the publisher's shard,
//! then hands the same packet to the other shards of [`Forwarder::interested_shards`], where it goes through
//! `handle_packet` again. After any `handle_*` call the driver drains [`Forwarder::poll_output`]; several calls may be
//! made before, their outputs are merged. [`Forwarder::poll_timeout`] says when to call
//! [`Forwarder::handle_timeout`]. Times are `Instant`s of one clock and never go back between calls.

#![forbid(unsafe_code)]
#![cfg_attr(not(test), warn(clippy::iter_over_hash_type, clippy::unwrap_used))]

mod allocation;
mod config;
mod demand;
mod downlink;
mod forwarder;
mod goal;
pub mod keyframe;
mod keyframes;
mod packet;
mod publishers;
mod rate;
mod returns;
mod rewrite;
mod session;
mod shards;
mod slot;
mod slots;
mod source;
mod speakers;
mod timers;
mod viewers;
mod waits;

pub use config::ForwardConfig;
pub use forwarder::{Command, Forwarder, Output};
pub use keyframes::KeyframeNeed;
pub use packet::{LayerRef, PacketInfo, PeerKey, Rewrite, SlotId};
pub use rate::Rate;
pub use shards::ShardSet;
pub use slots::SlotSpec;
pub use waits::Waits;
