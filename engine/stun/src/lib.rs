//! STUN binding requests and their answers (RFC 8489): "which address do you see me at", asked in the open or with the
//! credentials of an ICE check (RFC 8445), and the layout that all STUN messages have. It has no socket, clock or randomness, and it is no ICE agent: those of sessions
//! are `str0m`'s.

#![forbid(unsafe_code)]
#![cfg_attr(not(test), warn(clippy::unwrap_used))]

pub mod attribute;
mod message;
mod secret;
pub mod wire;

pub use message::{Check, answer, answer_in_the_open, check, request, user_name, where_from};
pub use secret::Secret;
pub use wire::Transaction;
