//! Stories of whole instances against a running engine: `RTC_ENGINE_BINARY`, or the one that was built beside the test.

mod engine;
mod entering;
mod hooks;
mod leaving;
mod messages;
mod network;
mod person;
mod pictures;
#[path = "../../link/tests/stories/relay.rs"]
#[allow(dead_code, reason = "these stories lose no datagrams")]
mod relay;
mod rooms;
mod sound;
mod unreachable;
