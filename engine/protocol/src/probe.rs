//! The network test before entering: what is said on the WebSocket `/v1/probe` while datagrams are measured on the media
//! port. The datagrams themselves are in `rtc-probe`. For native SDKs: a page in a browser cannot send datagrams of its own.
//!
//! The client says `begin` (within 10 s of connecting), gets `ready`, sends datagrams as `rtc-probe` tells, says `finish`,
//! gets `findings`, and the connection is closed. A refusal at any time is the last message. There is one test at a time for
//! a user, and it is over after [`crate::limits::PROBE_MS`] whatever happens.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Error, SdkAppId};

/// What a client says: `{"type":"begin","data":{…}}`, later `{"type":"finish","data":{}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", content = "data", rename_all = "camelCase")]
#[ts(tag = "type", content = "data", rename_all = "camelCase")]
#[non_exhaustive]
pub enum ProbeRequest {
    /// Begin. Always the first message, and only the first.
    Begin(Box<ProbeBegin>),
    /// All datagrams have been sent, and what was to arrive has.
    Finish {},
}

/// What the engine says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", content = "data", rename_all = "camelCase")]
#[ts(tag = "type", content = "data", rename_all = "camelCase")]
#[non_exhaustive]
pub enum ProbeAnswer {
    /// Datagrams are expected.
    Ready(ProbeTicket),
    /// What the engine has seen.
    Findings(ProbeFindings),
    /// There is no test, or no more.
    Refused(Error),
}

/// Who tests, and how much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProbeBegin {
    /// The protocol the SDK speaks ([`crate::VERSION`]).
    pub protocol: u16,
    /// The app.
    pub sdk_app_id: SdkAppId,
    /// The user.
    pub user_id: String,
    /// The ticket of app and user.
    pub user_sig: String,
    /// The rate to try on the way up, kilobits a second, in [`crate::limits::PROBE_KBPS`]; 0 tries none.
    #[serde(default)]
    pub expected_up_kbps: u32,
    /// The rate to try on the way down, as above.
    #[serde(default)]
    pub expected_down_kbps: u32,
}

/// What datagrams show and where they go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProbeTicket {
    /// Names the test: 16 hexadecimal digits.
    pub token: String,
    /// Signs its datagrams: 64 hexadecimal digits. A secret.
    pub key: String,
    /// Where the engine is for datagrams, `address:port` each, best first.
    pub addresses: Vec<String>,
    /// The test is over after this, in milliseconds.
    pub within_ms: u32,
}

/// What the engine has seen of the client's datagrams, and what it has sent. Loss, delay and bandwidth follow from this and
/// from what the client has seen.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct ProbeFindings {
    /// The address the client's datagrams came from, without the port; empty if none came.
    pub address: String,
    /// Echo probes that arrived; each was answered once.
    pub echoes: u32,
    /// The jitter of their arrival (RFC 3550 section 6.4.1), milliseconds.
    pub up_jitter_ms: f32,
    /// What arrived of the train on the way up.
    pub up: ProbeTrain,
    /// What was sent of the train on the way down.
    pub down: ProbeTrain,
}

/// A run of datagrams as one end has seen it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct ProbeTrain {
    /// Datagrams.
    pub datagrams: u32,
    /// Their bytes, UDP and IP headers not counted.
    #[ts(type = "number")]
    pub bytes: u64,
    /// From the first to the last, microseconds.
    #[ts(type = "number")]
    pub span_us: u64,
}
