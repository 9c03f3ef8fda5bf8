//! The scenario `storm`: members enter a live room much faster than they usually do. How long does an entry take, does
//! anybody fail, and what do those notice who talk meanwhile?

use std::fmt::Write as _;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use rtc_protocol::{Role, Scene};
use serde::Serialize;

use super::crew::Crew;
use super::plan::{Camera, Plan, Voice};
use super::tally::quantile_ms;
use super::{Run, SETTLE, Terms, plot};
use crate::engine::{Engine, resident_kb};
use crate::native::{Machine, progress};

/// Options of the scenario.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    terms: Terms,
    /// Entries a second.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=5000))]
    rate: u32,
    /// How many enter a live room. 2000, or 400 with --quick.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    members: Option<u32>,
}

#[derive(Debug, Serialize)]
struct Outcome {
    scenario: &'static str,
    machine: Machine,
    rate: u32,
    systems: std::collections::BTreeMap<&'static str, Vec<Storm>>,
}

/// One storm's figures.
#[derive(Debug, Serialize)]
struct Storm {
    room: &'static str,
    members: usize,
    joined: usize,
    failed: usize,
    /// Entries a second that the load generator made, which has the machine's processors with the engine.
    rate: f64,
    join_ms_p50: f64,
    join_ms_p99: f64,
    join_ms_p999: f64,
    first_media_ms_p50: f64,
    first_media_ms_p99: f64,
    /// What bystanders in another room notice.
    calm_ms_p50: f64,
    calm_ms_p99: f64,
    storm_ms_p50: f64,
    storm_ms_p99: f64,
    bystander_loss: f64,
    cpu_s: f64,
    cpu_ms_per_join: f64,
    rss_per_member_kb: f64,
    failures: Vec<String>,
}

const PATIENCE: Duration = Duration::from_secs(60);
/// How long bystanders are listened to before it begins.
const CALM: Duration = Duration::from_secs(4);
/// What a call may have.
const CALL: usize = 300;

/// Runs it and prints the figures.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let run = Run::begin()?;
    let Options { terms, rate, members } = options;
    let members = members.unwrap_or(if terms.quick { 400 } else { 2000 }) as usize;
    let mut storms = Vec::new();
    for (room, scene, members) in
        [("audience of a live room", Scene::Live, members), ("a call", Scene::VideoCall, members.min(CALL))]
    {
        progress(&format!("{members} enter, {rate} a second: {room}"));
        storms.push(storm(&run, terms, *rate, room, scene, members)?);
    }
    let failed: usize = storms.iter().map(|storm| storm.failed).sum();
    let tables = table(&storms, &run.place(terms), *rate);
    let outcome =
        Outcome { scenario: "storm", machine: run.machine.clone(), rate: *rate, systems: [("engine", storms)].into() };
    terms.tell(&tables, &outcome, || {
        let points = outcome.systems["engine"]
            .iter()
            .flat_map(|storm| [(0.5, storm.join_ms_p50), (0.99, storm.join_ms_p99), (0.999, storm.join_ms_p999)]);
        plot::of("Join, ms, by share of entries", "share", &[("join", points.collect())])
    })?;
    if failed > 0 {
        anyhow::bail!("{failed} entries failed");
    }
    Ok(())
}

/// A call of two beside it, driven by a thread of their own.
pub(super) fn bystanders(run: &Run, engine: &Engine) -> anyhow::Result<Crew> {
    let mut crew = run.crew(engine, 1)?;
    let plans = (0..4).map(|n| {
        // On every shard there is one who sends and one who receives.
        let mut plan = Plan::new(format!("bystander-{n}"), 9999, Scene::VideoCall, Role::Anchor);
        plan.voice = (n < 2).then_some(Voice::Talks);
        plan.camera = (n < 2).then_some(Camera { frames_per_second: 15, packets: 2, bytes: 1000 });
        plan.views = (0..2).filter(|other| *other != n).map(|other| format!("bystander-{other}")).collect();
        plan
    });
    let plans: Vec<_> = plans.collect();
    crew.enter(plans, Duration::ZERO);
    crew.until("bystanders are in", PATIENCE, |p| p.on.load(Relaxed) == 2 && p.joined.load(Relaxed) == 4)?;
    crew.look();
    crew.wait(SETTLE)?;
    Ok(crew)
}

fn storm(run: &Run, terms: &Terms, rate: u32, room: &'static str, scene: Scene, members: usize) -> anyhow::Result<Storm> {
    let engine = terms.start(&[])?;
    let beside = bystanders(run, &engine)?;
    let mut crew = run.crew(&engine, terms.threads)?;
    let mut host = Plan::new("host".into(), 1, scene, Role::Anchor);
    host.voice = Some(Voice::Ticks);
    crew.enter([host], Duration::ZERO);
    crew.until("the host is in", PATIENCE, |p| p.on.load(Relaxed) == 1 && p.joined.load(Relaxed) == 1)?;
    beside.tally()?;
    beside.count();
    crew.wait(CALM)?;
    let mut calm = beside.tally()?;
    crew.tally()?;

    let (empty_kb, before) = (resident_kb(engine.id())?, engine.cpu()?);
    beside.count();
    let began = std::time::Instant::now();
    let guests = members - 1;
    let plans = (0..guests).map(|n| {
        let mut plan = Plan::new(format!("guest-{n}"), 1, scene, Role::Audience);
        plan.is_light = true;
        plan
    });
    crew.enter(plans.collect::<Vec<_>>(), Duration::from_secs(1) / rate);
    crew.until("all have entered", PATIENCE, |p| p.entered.load(Relaxed) > guests)?;
    let entering = began.elapsed();
    crew.until("all are in or have failed", PATIENCE, |p| p.joined.load(Relaxed) + p.failed.load(Relaxed) > guests)?;
    let mut meanwhile = beside.tally()?;
    let cpu_s = (engine.cpu()?.total - before.total).as_secs_f64();
    crew.until("all hear", PATIENCE, |p| p.receiving.load(Relaxed) + p.failed.load(Relaxed) >= guests)?;
    let mut tally = crew.tally()?;
    let mut failures = std::mem::take(&mut tally.failures);
    let failed = failures.len();
    failures.truncate(10);
    Ok(Storm {
        room,
        members,
        joined: tally.joins.len(),
        failed,
        rate: guests as f64 / entering.as_secs_f64(),
        join_ms_p50: quantile_ms(&tally.joins, 0.5),
        join_ms_p99: quantile_ms(&tally.joins, 0.99),
        join_ms_p999: quantile_ms(&tally.joins, 0.999),
        first_media_ms_p50: quantile_ms(&tally.firsts, 0.5),
        first_media_ms_p99: quantile_ms(&tally.firsts, 0.99),
        calm_ms_p50: calm.delay_ms(0.5),
        calm_ms_p99: calm.delay_ms(0.99),
        storm_ms_p50: meanwhile.delay_ms(0.5),
        storm_ms_p99: meanwhile.delay_ms(0.99),
        bystander_loss: meanwhile.loss(),
        cpu_s,
        cpu_ms_per_join: cpu_s * 1000.0 / guests as f64,
        rss_per_member_kb: resident_kb(engine.id())?.saturating_sub(empty_kb) as f64 / guests as f64,
        failures,
    })
}

fn table(storms: &[Storm], place: &str, rate: u32) -> String {
    let mut text = format!(
        "{place} {rate} entries a second are wanted.\n\n\
         | into | members | failed | a second | join p50 | p99 | p99.9 | first sound p50 | p99 | bystander's delay before, p50 | p99 | \
         during, p50 | p99 | loss | CPU an entry | memory a member |\n|{}\n",
        " --- |".repeat(16)
    );
    for storm in storms {
        // Writing to a text cannot fail.
        let _ = writeln!(
            text,
            "| {} | {} | {} | {:.0} | {:.0} ms | {:.0} ms | {:.0} ms | {:.0} ms | {:.0} ms | {:.1} ms | {:.1} ms | {:.1} ms | {:.1} ms | \
             {:.3} % | {:.1} ms | {:.0} KB |",
            storm.room,
            storm.members,
            storm.failed,
            storm.rate,
            storm.join_ms_p50,
            storm.join_ms_p99,
            storm.join_ms_p999,
            storm.first_media_ms_p50,
            storm.first_media_ms_p99,
            storm.calm_ms_p50,
            storm.calm_ms_p99,
            storm.storm_ms_p50,
            storm.storm_ms_p99,
            storm.bystander_loss * 100.0,
            storm.cpu_ms_per_join,
            storm.rss_per_member_kb,
        );
        for failure in &storm.failures {
            let _ = writeln!(text, "\n- Failed: {failure}");
        }
    }
    text
}
