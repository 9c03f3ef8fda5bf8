//! Where sound belongs that claims a time: straight on, after a gap, too late, or on another clock. It keeps no state.

use std::time::Duration;

/// How far a time may be off before it counts as a gap. Capture times jitter by less, and lip sync is lost beyond it.
pub(crate) const TOLERANCE: Duration = Duration::from_millis(40);

/// A step by more than this, forward or back, is a clock that was set or a machine that slept, not a gap.
pub(crate) const JUMP: Duration = Duration::from_secs(60);

/// What a time means, compared with the time that was to be expected.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// It goes on where the sound before it ended.
    Follows,
    /// So much is missing before it.
    AfterGap(Duration),
    /// Its place is taken.
    Late,
}

/// Compares the time of a piece of sound with the end of the sound before it.
pub(crate) fn arrival(expected: Duration, at: Duration) -> Arrival {
    if at > expected.saturating_add(TOLERANCE) {
        Arrival::AfterGap(at - expected)
    } else if at.saturating_add(TOLERANCE) < expected {
        Arrival::Late
    } else {
        Arrival::Follows
    }
}

/// Whether the clock stepped between two times.
pub(crate) fn jumped(last: Duration, at: Duration) -> bool {
    last.abs_diff(at) > JUMP
}

/// A time as a count of `rate` a second, to the nearest one.
pub(crate) fn ticks(time: Duration, rate: u32) -> u64 {
    let scaled = time.as_nanos() * u128::from(rate) + 500_000_000;
    u64::try_from(scaled / 1_000_000_000).unwrap_or(u64::MAX)
}

/// The time of a count of `rate` a second.
pub(crate) fn time(ticks: u64, rate: u32) -> Duration {
    let nanos = u128::from(ticks) * 1_000_000_000 / u128::from(rate.max(1));
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}
