//! What clients say of their network, added up for Prometheus; not told to anybody else.

use std::fmt::Write as _;
use std::sync::Arc;

use rtc_protocol::Report;
use rtc_room::{Fact, FactBody};

use super::histogram::Histogram;
use super::{Count, Counters};
use crate::bus::Reader;

/// Levels of quality: 0 unknown, 1 excellent to 5 very bad, 6 disconnected.
const LEVELS: usize = 7;

const SECONDS: &[f64] = &[0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0];
const SHARES: &[f64] = &[0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75];

/// All samples of all clients, one every two seconds each.
#[derive(Debug)]
pub(crate) struct Qualities {
    up: Leg,
    down: Leg,
    round_trip: Histogram,
    /// Of what was played to them, the share that was invented or stood still.
    concealed: Histogram,
    blocked: Histogram,
}

/// One way between a client and the engine.
#[derive(Debug)]
struct Leg {
    name: &'static str,
    levels: [Count; LEVELS],
    loss: Histogram,
}

impl Leg {
    fn new(name: &'static str) -> Self {
        Self { name, levels: Default::default(), loss: Histogram::new(SHARES) }
    }

    fn observe(&self, level: u8, loss_percent: f32) {
        if let Some(count) = self.levels.get(usize::from(level)) {
            count.add(1);
        }
        self.loss.observe(f64::from(loss_percent) / 100.0);
    }
}

impl Default for Qualities {
    fn default() -> Self {
        Self {
            up: Leg::new("up"),
            down: Leg::new("down"),
            round_trip: Histogram::new(SECONDS),
            concealed: Histogram::new(SHARES),
            blocked: Histogram::new(SECONDS),
        }
    }
}

impl Qualities {
    fn observe(&self, report: &Report) {
        self.up.observe(report.uplink_quality, report.uplink_loss);
        self.down.observe(report.downlink_quality, report.downlink_loss);
        self.round_trip.observe(f64::from(report.rtt_ms) / 1000.0);
        for remote in &report.remote {
            self.concealed.observe(f64::from(remote.concealed) / 100.0);
            self.blocked.observe(f64::from(remote.blocked_ms) / 1000.0);
        }
    }

    /// Appends all of it in the text format.
    pub(super) fn write(&self, out: &mut String) {
        let legs = [&self.up, &self.down];
        // Writing to a String cannot fail.
        let _ = writeln!(out, "# TYPE rtc_engine_quality_samples_total counter");
        for leg in legs {
            for (level, count) in leg.levels.iter().enumerate() {
                let (leg, count) = (leg.name, count.value());
                let _ = writeln!(out, "rtc_engine_quality_samples_total{{leg=\"{leg}\",level=\"{level}\"}} {count}");
            }
        }
        let _ = writeln!(out, "# TYPE rtc_engine_loss_ratio histogram");
        for leg in legs {
            leg.loss.write(out, "rtc_engine_loss_ratio", &format!("leg=\"{}\"", leg.name));
        }
        for (name, histogram) in
            [("round_trip_seconds", &self.round_trip), ("concealed_ratio", &self.concealed), ("blocked_seconds", &self.blocked)]
        {
            let name = format!("rtc_engine_{name}");
            let _ = writeln!(out, "# TYPE {name} histogram");
            histogram.write(out, &name, "");
        }
    }
}

/// Reads samples off the bus.
pub(crate) struct QualityReader(pub(crate) Arc<Counters>);

impl Reader for QualityReader {
    fn name(&self) -> &'static str {
        "quality"
    }

    async fn handle_facts(&mut self, facts: &[Arc<Fact>]) {
        for fact in facts {
            if let FactBody::QualitySampled { report, .. } = &fact.body {
                self.0.qualities.observe(report);
            }
        }
    }

    async fn handle_missed(&mut self, _count: u64) {
        // Sums of samples are none the worse for some that are missing.
    }
}
