//! The figures of a run, as they are written.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::bail;
use serde::{Serialize, Serializer};

use super::audience::Arrived;
use super::load::LoadKind;
use crate::engine::CpuTime;
use crate::native::Machine;
use crate::systems::Kind;

/// What is measured of each system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Setup {
    pub(super) load: LoadKind,
    pub(super) rooms: u32,
    /// In each room.
    pub(super) publishers: u32,
    /// In all rooms, at the beginning.
    pub(super) subscribers: u32,
    /// More were added until the system used this share of one core, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) load_core: Option<u32>,
}

/// What was spent while it was measured.
#[derive(Debug)]
pub(super) struct Spent {
    pub(super) elapsed: Duration,
    /// Processor time of the system, and of this program, before and after.
    pub(super) cpu: (CpuTime, CpuTime),
    pub(super) own: (CpuTime, CpuTime),
    /// Resident memory without subscribers, and at the end.
    pub(super) resident_kb: (u64, u64),
}

/// One system's figures: of one measurement, or the medians of several.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Figures {
    #[serde(flatten)]
    pub(super) setup: Setup,
    /// Subscribers while it was measured.
    pub(super) members: f64,
    /// The share of one core that the system used, and the load generator. Where that has none left, delays are its own.
    pub(super) core: f64,
    pub(super) generator_core: f64,
    /// Processor time of the system, user and system, a million media packets received by subscribers.
    pub(super) cpu_s_per_mpkt: f64,
    pub(super) user_s_per_mpkt: f64,
    pub(super) system_s_per_mpkt: f64,
    /// The same while it was measured.
    pub(super) cpu_user_s: f64,
    pub(super) cpu_system_s: f64,
    pub(super) seconds: f64,
    /// Media packets received by subscribers; retransmissions do not count twice.
    pub(super) packets: f64,
    /// The share of packets that never arrived.
    pub(super) loss: f64,
    /// The share of packets that arrived at a subscriber once more.
    pub(super) repeated: f64,
    /// From the publisher's call until the kernel had it for the subscriber.
    pub(super) added_ms_p50: f64,
    pub(super) added_ms_p99: f64,
    pub(super) added_ms_p999: f64,
    /// Resident memory at the end.
    pub(super) rss_kb: f64,
    /// By how much it grew for each subscriber.
    pub(super) rss_per_subscriber_kb: f64,
    /// The processor time a million packets of each measurement.
    pub(super) runs: Vec<f64>,
}

/// The result of a run.
#[derive(Debug, Serialize)]
pub(super) struct Outcome {
    scenario: &'static str,
    pub(super) seconds: u64,
    pub(super) rounds: u32,
    shards: u8,
    pub(super) machine: Machine,
    pub(super) versions: BTreeMap<Kind, String>,
    pub(super) systems: BTreeMap<Kind, Rows>,
    pub(super) failures: Vec<String>,
}

/// What was measured of one system: one row is written as it is, several as a list.
#[derive(Debug, Default)]
pub(super) struct Rows(pub(super) Vec<Figures>);

impl Outcome {
    pub(super) fn new(seconds: u64, rounds: u32, shards: u8, machine: Machine) -> Self {
        let (versions, systems, failures) = Default::default();
        Self { scenario: "forward", seconds, rounds, shards, machine, versions, systems, failures }
    }

    /// Adds the medians of some measurements, if there were any.
    pub(super) fn add(&mut self, kind: Kind, setup: Setup, measured: &[Figures]) {
        if let Some(medians) = Figures::medians(setup, measured) {
            self.systems.entry(kind).or_default().0.push(medians);
        }
    }

    /// All that was measured, in the order it was measured.
    pub(super) fn setups(&self) -> Vec<Setup> {
        let mut setups: Vec<Setup> = Vec::new();
        for figures in self.systems.values().flat_map(|rows| &rows.0) {
            if !setups.contains(&figures.setup) {
                setups.push(figures.setup);
            }
        }
        setups
    }

    /// The figures of one system.
    pub(super) fn figures(&self, kind: Kind, setup: Setup) -> Option<&Figures> {
        self.systems.get(&kind)?.0.iter().find(|figures| figures.setup == setup)
    }
}

impl Figures {
    /// Of one measurement.
    pub(super) fn new(setup: Setup, members: u32, arrived: &Arrived, spent: &Spent) -> anyhow::Result<Self> {
        let Spent { elapsed, cpu: (before, after), own, resident_kb: (empty_kb, full_kb) } = *spent;
        if arrived.packets == 0 {
            bail!("no packet arrived while it was measured");
        }
        let packets = arrived.packets as f64;
        let total = (after.total - before.total).as_secs_f64();
        let (user, system) = (after.user.saturating_sub(before.user), after.system.saturating_sub(before.system));
        // Ticks are too coarse for a sum, but they say how it divides.
        let user = total * user.as_secs_f64() / (user + system).as_secs_f64().max(f64::MIN_POSITIVE);
        let system = total - user;
        let delays = &arrived.delays;
        let at = |share: f64| delays.get((delays.len() as f64 * share) as usize).copied().unwrap_or(0);
        let added_ms = |share| f64::from(at(share)) / 1000.0;
        let cpu_s_per_mpkt = total / packets * 1e6;
        let seconds = elapsed.as_secs_f64();
        Ok(Self {
            setup,
            members: members.into(),
            core: total / seconds,
            generator_core: (own.1.total - own.0.total).as_secs_f64() / seconds,
            cpu_s_per_mpkt,
            user_s_per_mpkt: user / packets * 1e6,
            system_s_per_mpkt: system / packets * 1e6,
            cpu_user_s: user,
            cpu_system_s: system,
            seconds,
            packets,
            loss: 1.0 - packets / arrived.sent as f64,
            repeated: arrived.repeated as f64 / packets,
            added_ms_p50: added_ms(0.5),
            added_ms_p99: added_ms(0.99),
            added_ms_p999: added_ms(0.999),
            rss_kb: full_kb as f64,
            rss_per_subscriber_kb: full_kb.saturating_sub(empty_kb) as f64 / f64::from(members),
            runs: vec![cpu_s_per_mpkt],
        })
    }

    /// The median of each figure by itself; nothing of nothing.
    fn medians(setup: Setup, measured: &[Self]) -> Option<Self> {
        if measured.is_empty() {
            return None;
        }
        let median = |figure: fn(&Self) -> f64| {
            let mut figures: Vec<f64> = measured.iter().map(figure).collect();
            figures.sort_by(f64::total_cmp);
            let middle = figures.len() / 2;
            if figures.len() % 2 == 1 { figures[middle] } else { f64::midpoint(figures[middle - 1], figures[middle]) }
        };
        Some(Self {
            setup,
            members: median(|figures| figures.members),
            core: median(|figures| figures.core),
            generator_core: median(|figures| figures.generator_core),
            cpu_s_per_mpkt: median(|figures| figures.cpu_s_per_mpkt),
            user_s_per_mpkt: median(|figures| figures.user_s_per_mpkt),
            system_s_per_mpkt: median(|figures| figures.system_s_per_mpkt),
            cpu_user_s: median(|figures| figures.cpu_user_s),
            cpu_system_s: median(|figures| figures.cpu_system_s),
            seconds: median(|figures| figures.seconds),
            packets: median(|figures| figures.packets),
            loss: median(|figures| figures.loss),
            repeated: median(|figures| figures.repeated),
            added_ms_p50: median(|figures| figures.added_ms_p50),
            added_ms_p99: median(|figures| figures.added_ms_p99),
            added_ms_p999: median(|figures| figures.added_ms_p999),
            rss_kb: median(|figures| figures.rss_kb),
            rss_per_subscriber_kb: median(|figures| figures.rss_per_subscriber_kb),
            runs: measured.iter().map(|figures| figures.cpu_s_per_mpkt).collect(),
        })
    }
}

impl Serialize for Rows {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [row] => row.serialize(serializer),
            rows => rows.serialize(serializer),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn figures(subscribers: u32, cpu_s_per_mpkt: f64, packets: u64) -> Figures {
        let setup = Setup { load: LoadKind::Even, rooms: 1, publishers: 1, subscribers, load_core: None };
        let time = |seconds| {
            let total = Duration::from_secs_f64(seconds);
            CpuTime { user: total / 4, system: total - total / 4, total }
        };
        let arrived = Arrived { packets, sent: packets * 2, repeated: 0, delays: (1..=1000).collect() };
        let used = cpu_s_per_mpkt * packets as f64 / 1e6;
        let elapsed = Duration::from_secs(1);
        let (cpu, own) = ((time(1.0), time(1.0 + used)), (time(0.0), time(0.5)));
        let spent = Spent { elapsed, cpu, own, resident_kb: (1000, 3000) };
        Figures::new(setup, subscribers, &arrived, &spent).unwrap()
    }

    /// The outcome of a run that found these costs.
    pub(in crate::forward) fn outcome(costs: &[(Kind, u32, f64)]) -> Outcome {
        let mut outcome = Outcome::new(1, 1, 1, Machine::read());
        for (kind, subscribers, cost) in costs {
            outcome.add(
                *kind,
                Setup { load: LoadKind::Even, rooms: 1, publishers: 1, subscribers: *subscribers, load_core: None },
                &[figures(*subscribers, *cost, 1000)],
            );
        }
        outcome
    }

    #[test]
    fn figures_of_a_measurement_are_a_million_packets_a_subscriber_or_a_share() {
        let figures = figures(10, 8.0, 500_000);
        let near = |one: f64, other: f64| (one - other).abs() < 0.01;
        assert!(near(figures.cpu_s_per_mpkt, 8.0) && near(figures.user_s_per_mpkt, 2.0), "{figures:?}");
        assert!(near(figures.cpu_system_s, 3.0) && near(figures.loss, 0.5), "{figures:?}");
        assert!(near(figures.added_ms_p50, 0.5) && near(figures.added_ms_p99, 0.99), "{figures:?}");
        assert!(near(figures.rss_per_subscriber_kb, 200.0), "{figures:?}");
        assert!(near(figures.core, 4.0) && near(figures.generator_core, 0.5), "four cores for a second: {figures:?}");
    }

    #[test]
    fn the_median_of_three_is_in_the_middle_and_names_all_three() {
        let setup = Setup { load: LoadKind::Even, rooms: 1, publishers: 1, subscribers: 10, load_core: None };
        let medians = Figures::medians(setup, &[9.0, 2.0, 3.0].map(|cost| figures(10, cost, 1_000_000))).unwrap();
        assert!((medians.cpu_s_per_mpkt - 3.0).abs() < 0.01, "{medians:?}");
        assert_eq!(medians.runs.iter().map(|run| run.round()).collect::<Vec<_>>(), [9.0, 2.0, 3.0]);
        assert!(Figures::medians(setup, &[]).is_none());
    }

    #[test]
    fn one_number_of_subscribers_is_written_as_figures_and_several_as_a_list() {
        let one = serde_json::to_value(outcome(&[(Kind::Engine, 50, 6.0)])).unwrap();
        assert_eq!(one["systems"]["engine"]["subscribers"], 50);
        let two = serde_json::to_value(outcome(&[(Kind::Engine, 50, 6.0), (Kind::Engine, 200, 5.0)])).unwrap();
        assert_eq!(two["systems"]["engine"][1]["subscribers"], 200);
    }
}
