//! The Cloud API 3.0 face of the engine: a request's parts in, a JSON text out. It checks who asks, what is asked and how
//! often, and calls the engine behind it through [`Rooms`] and [`Credentials`]; it has no socket, no clock and no state
//! but how often each credential has asked of late.
//!
//! The wire is that of service `trtc`, version 2019-07-22 (names and error codes in `spec/server/actions.json`), so that
//! the official clients and applications written for them work unchanged:
//!
//! * `POST /` with a JSON body and TC3-HMAC-SHA256, `GET /` with flattened parameters (`UserIds.0=…`), and the older
//!   signature version 1 with forms;
//! * the HTTP status is always [`Response::STATUS`], the content type exactly [`Response::CONTENT_TYPE`]: the official
//!   Python client takes an error for a success when anything follows it.

#![forbid(unsafe_code)]
#![cfg_attr(not(test), warn(clippy::iter_over_hash_type, clippy::unwrap_used))]

mod actions;
mod engine;
mod face;
mod pace;
mod parameters;
mod refusal;
mod request;

pub use actions::action_names;
pub use engine::{Credentials, Engine, Fault, Rooms, RoomsError};
pub use face::{CloudApi, Config};
pub use refusal::{Code, Refusal};
pub use request::{MAX_BODY_BYTES, MAX_QUERY_BYTES, Request, Response, is_cloud_api_request};

/// The version of the service, and the only one there is.
pub const VERSION: &str = "2019-07-22";
