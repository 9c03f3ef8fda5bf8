// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
//! What the generator writes from the description of the API.

pub(crate) mod dispatch;
