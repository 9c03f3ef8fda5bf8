//! Stories of members on links against a running engine: `RTC_ENGINE_BINARY`, or the one that was built beside the test.

mod engine;
mod leaving;
mod media;
mod outages;
mod person;
mod proxied;
mod relay;
mod room;
mod secure;
mod socks;
