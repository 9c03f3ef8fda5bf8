//! What the face asks of the engine behind it: traits that the server implements.

use std::fmt;
use std::future::Future;

use rtc_protocol::{RoomKey, SdkAppId, UserId};

/// Everything the actions need.
pub trait Engine: Rooms + Credentials + Send + Sync + 'static {}

impl<T: Rooms + Credentials + Send + Sync + 'static> Engine for T {}

/// Who may ask.
pub trait Credentials {
    /// The secret key of a SecretId; nothing if there is no such credential.
    fn secret_key(&self, secret_id: &str) -> impl Future<Output = Result<Option<String>, Fault>> + Send;

    /// Whether the app exists and this credential may act for it.
    fn may_act_for(&self, secret_id: &str, app: SdkAppId) -> impl Future<Output = Result<bool, Fault>> + Send;
}

/// What may be done to rooms.
pub trait Rooms {
    /// Puts users out of a room (they are told `banned`, the others reason 2). Users who are not in it are passed over.
    fn remove_users(&self, room: &RoomKey, users: &[UserId]) -> impl Future<Output = Result<(), RoomsError>> + Send;

    /// Puts everybody out of a room (they are told `room_disband`); its id is free again when this returns.
    fn dismiss(&self, room: &RoomKey) -> impl Future<Output = Result<(), RoomsError>> + Send;
}

/// Why the rooms did not do it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoomsError {
    /// There is no such room.
    RoomMissing,
    /// The engine failed.
    Fault(Fault),
}

/// A failure of the engine itself, in words for its log. Whoever asked is told the RequestId to look for, and no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault(pub String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

impl From<Fault> for RoomsError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}
