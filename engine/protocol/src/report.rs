//! What a client measures and the engine cannot: sent every two seconds, kept for quality, metering and monitoring.

use serde::{Deserialize, Deserializer, Serialize};
use ts_rs::TS;

use crate::{Layer, Stream, UserId};

/// One report. Every field is optional in spirit: 0 where nothing is known. Lists are cut at 128 entries.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Report {
    /// Uplink quality, 0 unknown, 1 excellent … 5 very bad, 6 disconnected.
    pub uplink_quality: u8,
    /// Downlink quality, as above.
    pub downlink_quality: u8,
    /// Round trip to the engine, milliseconds.
    #[serde(deserialize_with = "finite")]
    pub rtt_ms: f32,
    /// Lost on the way up, percent.
    #[serde(deserialize_with = "finite")]
    pub uplink_loss: f32,
    /// Lost on the way down, percent.
    #[serde(deserialize_with = "finite")]
    pub downlink_loss: f32,
    /// CPU of the application, percent of the machine; 0 where a browser does not tell.
    #[serde(deserialize_with = "finite")]
    pub app_cpu: f32,
    /// CPU of the system, percent.
    #[serde(deserialize_with = "finite")]
    pub system_cpu: f32,
    /// What is sent.
    pub local: Vec<LocalTrackReport>,
    /// What is received.
    pub remote: Vec<RemoteTrackReport>,
}

/// A sent track.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct LocalTrackReport {
    /// Main or sub; absent means main.
    #[ts(optional)]
    pub stream: Option<Stream>,
    /// Set for video.
    #[ts(optional)]
    pub layer: Option<Layer>,
    /// Kilobits a second.
    #[serde(deserialize_with = "finite")]
    pub bitrate: f32,
    /// Pixels; 0 for audio.
    pub width: u32,
    /// Pixels; 0 for audio.
    pub height: u32,
    /// Frames captured a second.
    #[serde(deserialize_with = "finite")]
    pub captured_fps: f32,
    /// Frames encoded a second.
    #[serde(deserialize_with = "finite")]
    pub encoded_fps: f32,
    /// Loudness, 0..=100.
    #[serde(deserialize_with = "finite")]
    pub level: f32,
}

/// A received track.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct RemoteTrackReport {
    /// Whose.
    #[ts(optional)]
    pub user_id: Option<UserId>,
    /// Main or sub; absent means main.
    #[ts(optional)]
    pub stream: Option<Stream>,
    /// Whether it is video.
    pub video: bool,
    /// Kilobits a second.
    #[serde(deserialize_with = "finite")]
    pub bitrate: f32,
    /// Pixels; 0 for audio.
    pub width: u32,
    /// Pixels; 0 for audio.
    pub height: u32,
    /// Frames decoded a second.
    #[serde(deserialize_with = "finite")]
    pub decoded_fps: f32,
    /// Lost packets, percent.
    #[serde(deserialize_with = "finite")]
    pub loss: f32,
    /// Milliseconds without sound or picture since the last report (video gap from 600 ms, audio gap from 200 ms).
    #[serde(deserialize_with = "finite")]
    pub blocked_ms: f32,
    /// Samples that had to be invented since the last report, percent (audio).
    #[serde(deserialize_with = "finite")]
    pub concealed: f32,
    /// Loudness, 0..=100.
    #[serde(deserialize_with = "finite")]
    pub level: f32,
    /// Jitter buffer, milliseconds.
    #[serde(deserialize_with = "finite")]
    pub jitter_buffer_ms: f32,
}

/// A number too large for an `f32` would be infinite, which JSON cannot write: nothing is known then.
fn finite<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f32, D::Error> {
    let number = f32::deserialize(deserializer)?;
    Ok(if number.is_finite() { number } else { 0.0 })
}

/// A member's quality, as others are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MemberQuality {
    /// Who.
    pub user_id: UserId,
    /// Its uplink, 0..=6.
    pub quality: u8,
}
