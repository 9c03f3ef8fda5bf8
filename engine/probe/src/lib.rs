//! The network test before a call: its datagrams, the engine's end and the client's end of it, and what follows from the
//! figures. It has no socket, clock or randomness: time, keys and addresses come in as arguments.
//!
//! A client gets a token and a key over `/v1/probe` (the messages are in `rtc_protocol`) and then, on the media port,
//!
//! 1. sends small *echo* probes at an even pace; each is answered, which tells round trip, loss and jitter;
//! 2. sends a *train* at the rate it hopes for, which the engine counts;
//! 3. shows the cookie that came with the answers, and is sent a train at the rate it asked for.
//!
//! [`Meter`] is the client's end, [`Probes`] the engine's, and [`Outcome`] what comes of both.
//!
//! # Nobody else is hit
//!
//! Every datagram bears a MAC, so only who has proved itself can make the engine send anything. An answer is never longer
//! than its question. The train goes only to an address that has shown the cookie sent to it, once a test, at no more than
//! the rate that was allowed, and ends by itself.

#![forbid(unsafe_code)]
#![cfg_attr(not(test), warn(clippy::iter_over_hash_type, clippy::unwrap_used))]

mod datagram;
mod engine;
mod jitter;
mod meter;
mod outcome;
mod ticket;

pub use datagram::{FIRST_BYTE, glance};
pub use engine::{Probes, Refused, Terms, Transmit};
pub use meter::Meter;
pub use outcome::Outcome;
pub use ticket::{Key, Token};

use std::time::Duration;

/// How many echo probes a client sends, and how far apart.
pub const ECHOES: u32 = 50;
/// Between two echo probes.
pub const ECHO_PACING: Duration = Duration::from_millis(20);
/// How long each train is.
pub const TRAIN: Duration = Duration::from_secs(2);
/// Bytes of a datagram in a train.
pub const TRAIN_BYTES: usize = 1200;
