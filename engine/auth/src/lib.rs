//! The three kinds of proof the engine accepts: a UserSig (who somebody is), a PrivateMapKey (what he may do in a room)
//! and the signature of a Cloud API request. It only makes and checks them; it holds no keys and knows no clock.
//!
//! All three come from the network, so every decoder here is bounded in size and returns an error on any input, and
//! every comparison with a secret takes the same time whether it matches or not.

#![forbid(unsafe_code)]
#![cfg_attr(not(test), warn(clippy::iter_over_hash_type, clippy::unwrap_used))]

pub mod form;
mod mac;
pub mod private_map_key;
pub mod request_signature;
pub mod user_sig;

/// How far a clock that made a token or a request may be off, in seconds.
///
/// The documents of the original give five minutes for requests and nothing for tokens; one bound for both is easier to
/// reason about.
pub const MAX_SKEW_S: u64 = 300;
