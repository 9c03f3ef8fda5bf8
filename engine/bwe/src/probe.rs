//! Probes: more is sent for some milliseconds than the network is known to take, to see whether it does.

use std::time::Duration;

/// Names a probe, so that its packets are told from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProbeId(pub(crate) u32);

/// What is to be sent as a probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probe {
    /// Goes with each of its packets to [`crate::Estimator::sent`].
    pub id: ProbeId,
    /// In bits a second.
    pub rate: u64,
    /// So many bytes make it.
    pub bytes: usize,
    /// In so many packets at least.
    pub packets: u32,
    /// It is given up if it did not take place by then.
    pub patience: Duration,
}
