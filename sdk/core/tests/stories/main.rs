//! Stories of whole instances against a running engine: `RTC_ENGINE_BINARY`, or the one that was built beside the test.

mod engine;
mod entering;
mod leaving;
mod messages;
mod network;
mod person;
mod rooms;
mod sound;
