//! Rooms and their members: commands in; pushes, media commands and facts out. It decides who is told what, and touches
//! no socket, clock, thread or randomness.
//!
//! [`Rooms`] holds every room of an engine. Whoever drives it
//!
//! 1. hands in what happened (`handle_*`), with the time it happened at,
//! 2. takes every [`Output`] ([`Rooms::poll_output`]) and delivers it, in order, before it sends the answer of a request,
//! 3. comes back at [`Rooms::poll_timeout`] with [`Rooms::handle_timeout`].
//!
//! # Who sees whom
//!
//! An anchor is announced to everybody in the room, an audience member to nobody; nobody is told about itself. In call
//! scenes everybody is an anchor. All visibility follows from this one rule.
//!
//! # What a member is told, and how it recovers
//!
//! Pushes are numbered for each session, without gaps, and only what is sent is counted: while a member is away it is
//! sent nothing, and nothing is kept for it. The [`rtc_protocol::Snapshot`] it gets on coming back holds everything it may
//! see. Custom messages sent while it was away are lost: they are best effort, as in the original.
//!
//! # Between rooms
//!
//! A member may move to another room: its session, its pushes and what it publishes go on there. And anchors of two rooms
//! may be linked: each is then in the other's room as well, as a member of the kind `Linked` who is seen, heard and viewed
//! there and told nothing. It has its place in the room it is at home in, and the link ends when it loses that, or its role.
//!
//! # After a crash
//!
//! [`Rooms::membership`] tells what has to outlive a run, and [`Rooms::handle_restore`] takes it up: the members are away,
//! nobody is told, and who does not come back in time is evicted as ever. Links between rooms end with the run. A reader of facts that outlives runs takes what
//! an earlier run left open as ended with that run, except where [`FactBody::RoomRestored`] and
//! [`FactBody::MemberRestored`] take it up; so nothing is counted while no engine ran.
//!
//! # Order
//!
//! Whoever leaves while it publishes is first told of as publishing nothing, then as gone. Whoever enters is announced
//! publishing nothing. Facts come out before the pushes that make them visible.

#![forbid(unsafe_code)]
#![cfg_attr(not(test), warn(clippy::iter_over_hash_type, clippy::unwrap_used))]

mod command;
mod config;
mod custom_message;
mod departure;
mod entry;
mod fact;
mod link;
mod member;
mod membership;
mod moving;
mod output;
mod pace;
mod permissions;
mod publication;
mod quality;
mod restoration;
mod role;
mod room;
mod rooms;
mod subscription;
mod time;
mod timers;

pub use command::{Destination, Enter, Reply, RoomMissing, RoomRequest};
pub use config::RoomConfig;
pub use fact::{EndCause, Fact, FactBody, LeaveCause};
pub use membership::{Hearing, Membership, Viewed};
pub use output::{MediaCommand, Output};
pub use permissions::Permissions;
pub use rooms::Rooms;
pub use time::Time;
