//! The clock that processes of one machine share, unlike `Instant`, which does not leave a process.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Since 1970. Nothing before, where no machine is.
pub(super) fn since_epoch() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
