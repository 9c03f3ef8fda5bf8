//! Stories of whole instances against a running engine: `RTC_ENGINE_BINARY`, or the one that was built beside the test.

mod custom_sound;
mod encoded;
mod encoding;
mod engine;
mod entering;
mod heard;
mod hooks;
mod instance;
mod leaving;
mod listening;
mod local_record;
mod messages;
mod moving;
mod network;
mod network_time;
mod person;
mod pictures;
mod recorded;
#[path = "../../link/tests/stories/relay.rs"]
#[allow(dead_code, reason = "these stories lose no datagrams")]
mod relay;
mod rooms;
mod seen;
mod sound;
mod stereo;
mod unreachable;
mod views;
mod volumes;
