//! What a call is answered with when it is not carried out.

use serde_json::{Value, json};

/// A refused or failed call. The codes are those of the native API (`ERR_FAILED` and so on).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} ({code})")]
pub(crate) struct CallError {
    /// An error code of the native API, below zero.
    pub(crate) code: i32,
    /// What was wrong with which argument, and what to do.
    pub(crate) message: String,
}

impl CallError {
    /// A fault of the engine itself.
    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self { code: FAILED, message: message.into() }
    }

    /// An argument that cannot be understood.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self { code: INVALID_PARAMETER, message: message.into() }
    }

    /// A call that makes no sense in the present state.
    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self { code: REFUSED, message: message.into() }
    }

    /// The answer as C sees it.
    pub(crate) fn answer(&self) -> Value {
        json!({ "error": { "code": self.code, "message": self.message } })
    }

    /// The same as an event, for callers whose method returns nothing.
    #[cfg(test)]
    pub(crate) fn event(&self) -> Value {
        json!({ "event": "onError", "data": { "errCode": self.code, "errMsg": self.message } })
    }
}

const FAILED: i32 = -1;
const INVALID_PARAMETER: i32 = -2;
const REFUSED: i32 = -3;
