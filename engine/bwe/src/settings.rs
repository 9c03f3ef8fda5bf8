//! What can be chosen, with what was chosen; nothing is decided here.

use std::time::Duration;

/// How much is estimated. Bits a second count what is handed to [`crate::Estimator::sent`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// What a network is trusted to take before anything was measured. 300 kbit/s.
    pub first: u64,
    /// No estimate is lower. 30 kbit/s, a voice.
    pub floor: u64,
    /// No estimate is higher. 1 Gbit/s.
    pub ceiling: u64,
    /// What is looked for at first, even if [`crate::Estimator::set_goal`] names less. 2.5 Mbit/s.
    pub goal: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { first: 300_000, floor: 30_000, ceiling: 1_000_000_000, goal: 2_500_000 }
    }
}

/// How packets leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PacerSettings {
    /// How fast packets leave, in percent of the estimate. 250.
    pub speed: u32,
    /// Packets leave together that take so long at that speed. 5 ms.
    pub burst: Duration,
    /// So many bytes may always leave together, however slow it is. 2400, two packets.
    pub burst_least: usize,
    /// What waits leaves faster than that rather than wait longer than this. 2 s.
    pub longest_wait: Duration,
    /// More bytes than this are not kept waiting. 1 MB.
    pub most_waiting: usize,
}

impl Default for PacerSettings {
    fn default() -> Self {
        Self {
            speed: 250,
            burst: Duration::from_millis(5),
            burst_least: 2400,
            longest_wait: Duration::from_secs(2),
            most_waiting: 1_000_000,
        }
    }
}
