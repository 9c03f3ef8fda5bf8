//! The binary `rtc-engine`.
fn main() {}
