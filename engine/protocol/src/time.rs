//! The engine's clock, by which people in different places do something at the same moment: what is said on the WebSocket
//! `/v1/time`. What time it is may be known by everybody, so nobody has to prove who he is.
//!
//! The client asks, the engine answers, some ten times in a row: the answer that took the least time says best how far the
//! two clocks are apart. After [`crate::limits::TIME_QUESTIONS`] answers, or [`crate::limits::TIME_MS`], the engine hangs up.

use serde::{Deserialize, Serialize};

/// What time is it?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TimeQuestion {
    /// Comes back with the answer.
    pub id: u32,
}

/// The time at which the engine read the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TimeAnswer {
    /// The question's.
    pub id: u32,
    /// Microseconds since 1970.
    pub time_us: u64,
}
