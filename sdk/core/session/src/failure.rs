//! Why something did not work, with the number an application of the original expects. The engine's own refusals come
//! with theirs; this has those that only a client can find.

use std::fmt;

use rtc_protocol::{Error, ErrorCode};

/// Numbers of failures that the engine did not tell (`spec/native/codes.tsv` has all).
pub mod code {
    /// The engine cannot be reached (`ERR_TRTC_CONNECT_SERVER_TIMEOUT`).
    pub const CONNECT_SERVER_TIMEOUT: i32 = -3308;
    /// Entering failed for a reason of our own (`ERR_TRTC_ENTER_ROOM_FAILED`).
    pub const ENTER_ROOM_FAILED: i32 = -3301;
    /// The engine did not answer a request (`ERR_REQUEST_SERVER_TIMEOUT`).
    pub const REQUEST_TIMEOUT: i32 = -6;
    /// A value that cannot be (`ERR_INVALID_PARAMETER`).
    pub const INVALID_PARAMETER: i32 = -2;
    /// A link with another room was not answered (`ERR_TRTC_CONNECT_OTHER_ROOM_TIMEOUT`).
    pub const CONNECT_OTHER_ROOM_TIMEOUT: i32 = -3326;
    /// The end of a link was not answered (`ERR_TRTC_DISCONNECT_OTHER_ROOM_TIMEOUT`).
    pub const DISCONNECT_OTHER_ROOM_TIMEOUT: i32 = -3327;
    /// The session is not in a room, or is leaving it (`ERR_REFUSED`).
    pub const REFUSED: i32 = -3;
}

/// Something that did not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The number known outside.
    pub code: i32,
    /// The engine's name for it; nothing where the engine did not say it.
    pub name: Option<ErrorCode>,
    /// What was wrong, and what to do.
    pub message: String,
}

impl Failure {
    pub(crate) fn local(code: i32, message: impl Into<String>) -> Self {
        Self { code, name: None, message: message.into() }
    }

    /// Whether the same request may succeed soon.
    pub(crate) fn is_passing(&self) -> bool {
        match self.name {
            None => self.code == code::CONNECT_SERVER_TIMEOUT || self.code == code::REQUEST_TIMEOUT,
            Some(name) => matches!(name, ErrorCode::Overloaded | ErrorCode::RateLimited | ErrorCode::Internal),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { code: error.code, name: Some(error.name), message: error.message }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.code)
    }
}

impl std::error::Error for Failure {}
