//! The figures of a room, and their table. It measures nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::crew::Crew;
use super::tally::{Tally, quantile_ms};
use crate::engine::{CpuTime, Engine, resident_kb};
use crate::native::Machine;

/// The result of a run.
#[derive(Debug, Serialize)]
pub(super) struct Outcome {
    scenario: &'static str,
    machine: Machine,
    pub(super) systems: BTreeMap<&'static str, Vec<Row>>,
    pub(super) failures: Vec<String>,
}

/// One room's figures.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Row {
    pub(super) room: String,
    pub(super) members: usize,
    pub(super) publishers: usize,
    seconds: f64,
    /// Media packets that members received.
    packets: f64,
    /// The share that never came.
    loss: f64,
    /// From the publisher's call to the viewer's.
    added_ms_p50: f64,
    pub(super) added_ms_p99: f64,
    added_ms_p999: f64,
    /// From the beginning of an entry until media can flow.
    join_ms_p50: f64,
    join_ms_p99: f64,
    join_ms_p999: f64,
    /// Processor time of the engine, a million packets received.
    cpu_s_per_mpkt: f64,
    user_s_per_mpkt: f64,
    system_s_per_mpkt: f64,
    /// The same, of one core.
    pub(super) cpu_percent: f64,
    rss_kb: f64,
    pub(super) rss_per_member_kb: f64,
    pushes: f64,
}

impl Outcome {
    pub(super) fn new(scenario: &'static str, machine: Machine) -> Self {
        Self { scenario, machine, systems: BTreeMap::new(), failures: Vec::new() }
    }

    /// A table of all rows, below what is said of the run.
    pub(super) fn table(&self, place: &str) -> String {
        let mut text = format!("{place}\n\n");
        text += "| system | room | members | publish | delay p50 | p99 | p99.9 | loss | join p50 | p99 | p99.9 | CPU s a million packets | user \
                 | system | CPU of a core | memory | a member |\n";
        text += &format!("|{}\n", " --- |".repeat(17));
        for (system, rows) in &self.systems {
            for row in rows {
                // Writing to a text cannot fail.
                let _ = writeln!(
                    text,
                    "| `{system}` | {} | {} | {} | {:.1} ms | {:.1} ms | {:.1} ms | {:.3} % | {:.0} ms | {:.0} ms | {:.0} ms | {:.2} | {:.2} \
                     | {:.2} | {:.0} % | {:.0} MB | {:.0} KB |",
                    row.room,
                    row.members,
                    row.publishers,
                    row.added_ms_p50,
                    row.added_ms_p99,
                    row.added_ms_p999,
                    row.loss * 100.0,
                    row.join_ms_p50,
                    row.join_ms_p99,
                    row.join_ms_p999,
                    row.cpu_s_per_mpkt,
                    row.user_s_per_mpkt,
                    row.system_s_per_mpkt,
                    row.cpu_percent,
                    row.rss_kb / 1000.0,
                    row.rss_per_member_kb,
                );
            }
        }
        for failure in &self.failures {
            let _ = writeln!(text, "\n- Not measured: {failure}");
        }
        text
    }
}

/// Counts for a while what a crowd receives and what the engine uses for it. `empty_kb` is its memory before they came.
pub(super) fn measure(
    crew: &Crew,
    engine: &Engine,
    (room, members, publishers): (String, usize, usize),
    empty_kb: u64,
    duration: Duration,
) -> anyhow::Result<Row> {
    // How the entries went was counted until now.
    let entries = crew.tally()?;
    crew.count();
    let (start, before) = (Instant::now(), engine.cpu()?);
    crew.wait(duration)?;
    let (elapsed, after) = (start.elapsed(), engine.cpu()?);
    let mut tally = crew.tally()?;
    let rss = resident_kb(engine.id())?;
    if tally.packets == 0 {
        anyhow::bail!("no packet arrived while it was measured");
    }
    if let Some(failure) = entries.failures.first().or(tally.failures.first()) {
        anyhow::bail!("{} members failed; the first: {failure}", entries.failures.len() + tally.failures.len());
    }
    Ok(Row::new(room, (members, publishers), &entries, &mut tally, (before, after), elapsed, (empty_kb, rss)))
}

impl Row {
    fn new(
        room: String,
        (members, publishers): (usize, usize),
        entries: &Tally,
        tally: &mut Tally,
        (before, after): (CpuTime, CpuTime),
        elapsed: Duration,
        (empty_kb, full_kb): (u64, u64),
    ) -> Self {
        let packets = tally.packets as f64;
        let total = (after.total - before.total).as_secs_f64();
        let (user, system) = (after.user.saturating_sub(before.user), after.system.saturating_sub(before.system));
        // Ticks are too coarse for a sum, but they say how it divides.
        let user_share = user.as_secs_f64() / (user + system).as_secs_f64().max(f64::MIN_POSITIVE);
        let cost = total / packets * 1e6;
        Self {
            room,
            members,
            publishers,
            seconds: elapsed.as_secs_f64(),
            packets,
            loss: tally.loss(),
            added_ms_p50: tally.delay_ms(0.5),
            added_ms_p99: tally.delay_ms(0.99),
            added_ms_p999: tally.delay_ms(0.999),
            join_ms_p50: quantile_ms(&entries.joins, 0.5),
            join_ms_p99: quantile_ms(&entries.joins, 0.99),
            join_ms_p999: quantile_ms(&entries.joins, 0.999),
            cpu_s_per_mpkt: cost,
            user_s_per_mpkt: cost * user_share,
            system_s_per_mpkt: cost * (1.0 - user_share),
            cpu_percent: total / elapsed.as_secs_f64() * 100.0,
            rss_kb: full_kb as f64,
            rss_per_member_kb: full_kb.saturating_sub(empty_kb) as f64 / members as f64,
            pushes: tally.pushes as f64,
        }
    }
}
