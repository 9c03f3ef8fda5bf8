//! The envelopes on the wire.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Error, Push, Request};

/// A client's message: `{"id":1,"type":"hello","data":{…}}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ClientFrame {
    /// Chosen by the client; echoed in the answer.
    pub id: u32,
    /// What is asked.
    #[serde(flatten)]
    pub request: Request,
}

/// An engine's message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum EngineFrame {
    /// The answer to a request.
    Answer(Answer),
    /// Something told without being asked.
    Push(Push),
}

/// The answer to the request with the same number: `{"re":1,"ok":{…}}` or `{"re":1,"error":{…}}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Answer {
    /// The request's `id`; 0 where the request could not be read.
    pub re: u32,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// Done, or refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub enum Outcome {
    /// Done; the fields depend on the request.
    Ok(#[ts(type = "unknown")] serde_json::Value),
    /// Refused.
    Error(Error),
}

impl Answer {
    /// The answer to request `re`. A value that cannot be written as JSON (no type here is one) becomes `null`.
    pub fn ok(re: u32, value: &impl Serialize) -> Self {
        Self { re, outcome: Outcome::Ok(serde_json::to_value(value).unwrap_or_default()) }
    }

    /// A refusal of request `re`.
    pub fn error(re: u32, error: Error) -> Self {
        Self { re, outcome: Outcome::Error(error) }
    }
}
