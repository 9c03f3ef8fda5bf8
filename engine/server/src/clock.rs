//! The two times of the engine.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use rtc_room::Time;

/// The time of rooms: the wall clock, read once, moved on by the monotonic one. So nobody is evicted because an operator
/// set the clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    start: Instant,
    start_ms: u64,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self { start: Instant::now(), start_ms: wall_ms() }
    }

    pub(crate) fn now(self) -> Time {
        let elapsed = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        Time(self.start_ms.saturating_add(elapsed))
    }
}

/// The wall clock, in milliseconds since 1970: for tokens and requests, which others have signed with theirs.
pub(crate) fn wall_ms() -> u64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
}
