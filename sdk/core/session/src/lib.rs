//! A client's session with an engine as a pure state machine: signaling, slots, the peer connection and recovery. It has
//! no socket, no clock and no thread; it encodes, decodes and plays nothing.
//!
//! A [`Session`] is one stay in one place: it enters as soon as it is made and ends with [`Event::EnterFailed`] or
//! [`Event::Exited`], after which nothing follows. Who enters again makes a new one. In between it survives everything it
//! can: a broken WebSocket, a media path that falls silent, an engine that was started anew.
//!
//! Whoever drives it hands in what happened ([`Session::handle`], [`Session::command`], [`Session::send`]), then takes
//! what is to be done ([`Session::poll`]) until there is nothing more, and comes back at [`Session::poll_timeout`].
//!
//! What was asked (publishing, views, listening) is a standing wish: the session remembers it and asks again whenever an
//! engine may not know it any more.

#![forbid(unsafe_code)]
#![cfg_attr(not(test), warn(clippy::iter_over_hash_type, clippy::unwrap_used))]

mod address;
mod command;
mod config;
mod event;
mod failure;
mod io;
mod listening;
mod members;
mod packet;
mod publications;
mod session;
mod signaling;
mod slots;
mod statistics;
mod transport;
mod views;

pub use address::{InvalidAddress, probe_url, signal_url, time_url};
pub use command::Command;
pub use config::{Config, EnterParams, MediaPaths};
pub use event::{Ending, Event, SourceClock};
pub use failure::{Failure, code};
pub use io::{Input, Output, Protocol, SocketId};
pub use packet::{Incoming, Line, Outgoing};
pub use rtc_protocol::{Codec, Layer, Track};
pub use session::Session;
pub use statistics::{LocalStatistics, Path, RemoteStatistics, Statistics, grade};
