//! The scenario `armour`: attacks in quantity, one after the other, and what a call beside them notices.

use std::fmt::Write as _;
use std::net::UdpSocket;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::thread;
use std::time::{Duration, Instant};

use rtc_protocol::{Role, Scene};
use serde::Serialize;

use super::crew::Crew;
use super::plan::{Camera, Ending, Plan, Voice};
use super::storm::bystanders;
use super::{Run, SETTLE, Terms, plot};
use crate::engine::Engine;
use crate::native::{Machine, progress};

/// Options of the scenario.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    terms: Terms,
    /// How long each attack lasts, in seconds; 10, or 4 with --quick.
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: Option<u64>,
}

#[derive(Debug, Serialize)]
struct Outcome {
    scenario: &'static str,
    machine: Machine,
    systems: std::collections::BTreeMap<&'static str, Vec<Row>>,
}

/// What a call noticed during an attack.
#[derive(Debug, Serialize)]
struct Row {
    attack: &'static str,
    /// Packets of the attack, a second.
    attack_pps: f64,
    /// Packets of everybody else, received by the engine and sent by it, a second.
    honest_pps: f64,
    added_ms_p50: f64,
    added_ms_p99: f64,
    added_ms_p999: f64,
    loss: f64,
    /// Processor time of the engine, of one core.
    cpu_percent: f64,
    /// Whether the delay p99 is at most twice that of the calm before.
    is_within_twice: bool,
}

/// What a member may send while this is measured, in bits a second, as the engine is told; it sends ten times that.
const ALLOWANCE: &str = "2000000";
const GREEDY: Camera = Camera { frames_per_second: 50, packets: 50, bytes: 1000 };
const DEAF: usize = 10;
const PATIENCE: Duration = Duration::from_secs(30);
/// Members of the meeting that is the load everybody shares.
const MEETING: usize = 8;

/// Runs it and prints the figures.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let run = Run::begin()?;
    let Options { terms, seconds } = options;
    let duration = Duration::from_secs(seconds.unwrap_or(if terms.quick { 4 } else { 10 }));
    let engine = terms.start(&[("RTC_ENGINE_MEDIA_PUBLISHER_BITS", ALLOWANCE)])?;
    let rows = attacks(&run, terms, &engine, duration)?;
    let tables = table(&rows, &run.place(terms));
    let outcome = Outcome { scenario: "armour", machine: run.machine.clone(), systems: [("engine", rows)].into() };
    terms.tell(&tables, &outcome, || {
        let rows = outcome.systems["engine"].iter().enumerate();
        plot::of(
            "Delay p99 of a call, ms, by attack",
            "attack",
            &[("p99", rows.map(|(n, row)| (n as f64, row.added_ms_p99)).collect())],
        )
    })
}

fn attacks(run: &Run, terms: &Terms, engine: &Engine, duration: Duration) -> anyhow::Result<Vec<Row>> {
    let beside = bystanders(run, engine)?;
    let meeting = meeting(run, engine)?;
    let mut rows: Vec<Row> = Vec::new();
    let mut measure = |attack, sent: &dyn Fn() -> u64| -> anyhow::Result<f64> {
        progress(attack);
        for crew in [&beside, &meeting] {
            crew.tally()?;
            crew.count();
        }
        let (began, before, sent_before) = (Instant::now(), engine.cpu()?, sent());
        beside.wait(duration)?;
        let (elapsed, after) = (began.elapsed().as_secs_f64(), engine.cpu()?);
        let attack_pps = (sent() - sent_before) as f64 / elapsed;
        let mut tally = beside.tally()?;
        let honest_pps = (meeting.tally()?.packets + tally.packets) as f64 / elapsed;
        let p99 = tally.delay_ms(0.99);
        rows.push(Row {
            attack,
            attack_pps,
            honest_pps,
            added_ms_p50: tally.delay_ms(0.5),
            added_ms_p99: p99,
            added_ms_p999: tally.delay_ms(0.999),
            loss: tally.loss(),
            cpu_percent: (after.total - before.total).as_secs_f64() / elapsed * 100.0,
            is_within_twice: rows.first().is_none_or(|calm| p99 <= 2.0 * calm.added_ms_p99),
        });
        Ok(honest_pps)
    };
    let honest_pps = measure("calm", &|| 0)?;

    let mut greedy = run.crew(engine, 1)?;
    let mut plan = Plan::new("greedy".into(), 2, Scene::VideoCall, Role::Anchor);
    plan.camera = Some(GREEDY);
    greedy.enter([plan], Duration::ZERO);
    greedy.until("who sends too much is in", PATIENCE, |p| p.joined.load(Relaxed) == 1)?;
    measure("a member sends ten times what it may", &|| greedy.progress.sent.load(Relaxed))?;
    drop(greedy);

    let mut deaf = run.crew(engine, usize::from(terms.threads).min(2) as u16)?;
    let plans = (0..DEAF).map(|n| {
        let mut plan = Plan::new(format!("deaf-{n}"), 9999, Scene::VideoCall, Role::Anchor);
        plan.views = vec!["bystander-0".into()];
        // Long enough to see something first.
        plan.life = Some((Duration::from_secs(2), Ending::HalfOpen));
        plan
    });
    deaf.enter(plans.collect::<Vec<_>>(), Duration::from_millis(20));
    deaf.until("those who will not read are in", PATIENCE, |p| p.joined.load(Relaxed) == DEAF)?;
    deaf.look();
    deaf.until("they read no more", PATIENCE, |p| p.present.load(Relaxed) == 0)?;
    measure("ten viewers acknowledge nothing", &|| 0)?;
    drop(deaf);

    let (stop, sent) = (AtomicBool::new(false), AtomicU64::new(0));
    thread::scope(|scope| {
        let flood = scope.spawn(|| flood(&engine.media, honest_pps * 4.0, &stop, &sent));
        let measured = measure("random datagrams, four times as many as all others", &|| sent.load(Relaxed));
        stop.store(true, Relaxed);
        let flooded = flood.join().map_err(|_| anyhow::anyhow!("the flood's thread failed"))?;
        measured?;
        flooded
    })?;
    Ok(rows)
}

/// A meeting on the same engine, so that there is something to be in the way of.
fn meeting(run: &Run, engine: &Engine) -> anyhow::Result<Crew> {
    let mut crew = run.crew(engine, 1)?;
    let plans = (0..MEETING).map(|n| {
        let mut plan = Plan::new(format!("member-{n}"), 1, Scene::VideoCall, Role::Anchor);
        (plan.voice, plan.camera) = (Some(Voice::Talks), Some(Camera { frames_per_second: 15, packets: 2, bytes: 1000 }));
        plan.views = (1..4).map(|ahead| format!("member-{}", (n + ahead) % MEETING)).collect();
        plan.is_light = n > 0;
        plan
    });
    crew.enter(plans.collect::<Vec<_>>(), Duration::from_millis(10));
    crew.until("the meeting is on", PATIENCE, |p| p.on.load(Relaxed) == MEETING && p.joined.load(Relaxed) == MEETING)?;
    crew.look();
    crew.wait(SETTLE)?;
    Ok(crew)
}

/// Sends random datagrams, so many a second, in bursts of a millisecond.
fn flood(to: &str, a_second: f64, stop: &AtomicBool, sent: &AtomicU64) -> anyhow::Result<()> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.connect(to)?;
    let began = Instant::now();
    let mut state = 1_u64;
    let mut datagram = [0; 200];
    while !stop.load(Relaxed) {
        while (sent.load(Relaxed) as f64) < began.elapsed().as_secs_f64() * a_second && !stop.load(Relaxed) {
            for byte in &mut datagram[..24] {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                *byte = (state >> 56) as u8;
            }
            // A full socket loses it, and the engine that refuses one is told of by an error here.
            let _ = socket.send(&datagram);
            sent.fetch_add(1, Relaxed);
        }
        thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

fn table(rows: &[Row], place: &str) -> String {
    let mut text = format!(
        "{place} A member may send {ALLOWANCE} bits a second.\n\n| attack | its packets a second | others' | a call's delay p50 | p99 | p99.9 | \
         loss | engine's CPU of a core | p99 within twice the calm |\n|{}\n",
        " --- |".repeat(9)
    );
    for row in rows {
        // Writing to a text cannot fail.
        let _ = writeln!(
            text,
            "| {} | {:.0} | {:.0} | {:.1} ms | {:.1} ms | {:.1} ms | {:.3} % | {:.0} % | {} |",
            row.attack,
            row.attack_pps,
            row.honest_pps,
            row.added_ms_p50,
            row.added_ms_p99,
            row.added_ms_p999,
            row.loss * 100.0,
            row.cpu_percent,
            if row.is_within_twice { "yes" } else { "no" }
        );
    }
    text
}
