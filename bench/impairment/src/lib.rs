//! What a bad network does to packets that go one way: it loses them, makes them late, holds them in a queue, changes their
//! order, doubles them. It has no socket, clock or randomness of its own: time and a seed come in as arguments, so the same
//! packets at the same times meet the same fate.
//!
//! An [`Impairment`] is one direction. [`Impairment::push`] takes a packet, [`Impairment::poll`] gives those that arrive,
//! [`Impairment::poll_timeout`] says when the next one does. What happens to packets is a [`Profile`], which may be changed at
//! any time. `rtc-wire` moves packets of real programs through two of these; tests of pure crates may use one with a clock
//! that they turn themselves.
//!
//! # The way of a packet
//!
//! 1. While the [`Outage`] lasts it is gone.
//! 2. [`Loss`] strikes it or not. What is lost takes no room on the link.
//! 3. It waits for its turn on a link of the given [`Rate`], or is dropped because too much waits already.
//! 4. It travels for the delay, and longer as [`Jitter`] and [`Reorder`] have it.
//! 5. Where it is doubled, the copy travels by itself from the end of the link on.

#![forbid(unsafe_code)]
#![cfg_attr(not(test), warn(clippy::iter_over_hash_type, clippy::unwrap_used))]

mod chance;
mod impairment;
mod loss;
mod profile;

pub use impairment::{Counts, Impairment, MOST_HELD};
pub use profile::{Bursts, Jitter, Loss, Order, Outage, Profile, Rate, Reorder};
