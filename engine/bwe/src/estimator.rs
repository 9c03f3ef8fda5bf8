//! What the network takes, by what was sent and what the receiver says of it.

use std::time::{Duration, Instant};

use crate::{Feedback, Probe, ProbeId, Settings};

/// The estimate for one viewer.
#[derive(Debug)]
pub struct Estimator {
    settings: Settings,
    most: u64,
    least: u64,
    round_trip: Option<Duration>,
}

impl Estimator {
    /// An estimator that knows nothing yet.
    pub fn new(_now: Instant, settings: Settings) -> Self {
        Self { settings, most: settings.goal, least: 0, round_trip: None }
    }

    /// A packet left with this number, whose lowest 16 bits it bears on the wire. Numbers rise; `bytes` are what counts for
    /// the network, so best with everything that is wrapped around it.
    pub fn sent(&mut self, _number: u64, _at: Instant, _bytes: usize, _probe: Option<ProbeId>) {}

    /// The receiver says what it got.
    pub fn handle_feedback(&mut self, _now: Instant, _feedback: &Feedback<'_>) {}

    /// A round trip measured otherwise, as by reception reports.
    pub fn handle_round_trip(&mut self, round_trip: Duration) {
        self.round_trip = Some(round_trip);
    }

    /// What the viewer would like, in bits a second: `most` is looked for by probes, up to `least` padding is made.
    pub fn set_goal(&mut self, _now: Instant, most: u64, least: u64) {
        (self.most, self.least) = (most, least);
    }

    /// Time has passed.
    pub fn handle_timeout(&mut self, _now: Instant) {}

    /// When to come back to [`Self::handle_timeout`].
    pub fn poll_timeout(&self) -> Option<Instant> {
        None
    }

    /// What the network takes, in bits a second; nothing until that was measured.
    pub fn estimate(&self) -> Option<u64> {
        None
    }

    /// The time from a packet's departure to the news of its arrival, without the time that news was waited for.
    pub fn round_trip(&self) -> Option<Duration> {
        self.round_trip
    }

    /// Up to how many bits a second padding is to be made.
    pub fn padding(&self) -> u64 {
        self.least.min(self.estimate().unwrap_or(self.settings.first))
    }

    /// A probe that should be sent now. [`crate::Pacer::follow`] asks for it.
    pub fn poll_probe(&mut self, _now: Instant) -> Option<Probe> {
        None
    }
}
