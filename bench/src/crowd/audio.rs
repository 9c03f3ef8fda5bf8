//! The scenario `audio`: rooms of voices alone, from ten members to a thousand. Everybody has a microphone open where the room
//! allows it, three talk, some murmur, and each hears the loudest.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use rtc_protocol::{Role, Scene};

use super::plan::{Plan, Voice};
use super::report::{Outcome, Row, measure};
use super::{Run, SETTLE, Terms, plot};
use crate::engine::resident_kb;
use crate::native::progress;

/// Options of the scenario.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    terms: Terms,
    /// How many members; several numbers are measured one after the other. 10,50,200,1000, or 10,50 with --quick.
    #[arg(long, value_delimiter = ',', value_parser = clap::value_parser!(u32).range(2..=5000))]
    members: Vec<u32>,
    /// How long each is measured, in seconds; 15, or 4 with --quick.
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: Option<u64>,
}

/// What a live room lets speak at the same time.
const SPEAKERS: usize = 50;
const TALK: usize = 3;
const MURMUR: usize = 5;
/// One of so many decrypts what it gets; the others count.
const DECRYPTS: usize = 10;
const APART: Duration = Duration::from_millis(10);
const PATIENCE: Duration = Duration::from_secs(90);

/// Runs it and prints the figures.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let run = Run::begin()?;
    let Options { terms, members, seconds } = options;
    let duration = Duration::from_secs(seconds.unwrap_or(if terms.quick { 4 } else { 15 }));
    let sizes: &[u32] = match (members.as_slice(), terms.quick) {
        ([], true) => &[10, 50],
        ([], false) => &[10, 50, 200, 1000],
        (named, _) => named,
    };
    let mut outcome = Outcome::new("audio", run.machine.clone());
    let rows = outcome.systems.entry("engine").or_default();
    for &size in sizes {
        progress(&format!("an audio room of {size}"));
        match room(&run, terms, size as usize, duration) {
            Ok(row) => rows.push(row),
            Err(error) => outcome.failures.push(format!("{size} members: {error:#}")),
        }
    }
    let tables = outcome.table(&run.place(terms));
    terms.tell(&tables, &outcome, || {
        let points = |of: fn(&Row) -> f64| outcome.systems["engine"].iter().map(|row| (row.members as f64, of(row))).collect();
        let lines = [("CPU, % of a core", points(|row| row.cpu_percent)), ("KB a member", points(|row| row.rss_per_member_kb))];
        plot::of("An audio room: the engine's processor time and memory", "members", &lines)
    })?;
    if !outcome.failures.is_empty() {
        anyhow::bail!("not everything could be measured: {}", outcome.failures.join("; "));
    }
    Ok(())
}

fn room(run: &Run, terms: &Terms, members: usize, duration: Duration) -> anyhow::Result<Row> {
    let engine = terms.start(&[])?;
    let mut crew = run.crew(&engine, terms.threads)?;
    let empty_kb = resident_kb(engine.id())?;
    let plans = (0..members).map(|n| {
        let role = if n < SPEAKERS { Role::Anchor } else { Role::Audience };
        let mut plan = Plan::new(format!("member-{n}"), 1, Scene::VoiceChatRoom, role);
        plan.voice = match n {
            _ if n < TALK => Some(Voice::Talks),
            _ if n < TALK + MURMUR => Some(Voice::Murmurs),
            _ if n < SPEAKERS => Some(Voice::Rests),
            _ => None,
        };
        plan.is_light = members > 100 && n % DECRYPTS != 0;
        plan
    });
    crew.enter(plans, APART);
    crew.until("all are in and hear", PATIENCE, |p| p.receiving.load(Relaxed) + p.failed.load(Relaxed) >= members)?;
    crew.wait(SETTLE)?;
    measure(&crew, &engine, (format!("audio, {members}"), members, members.min(SPEAKERS)), empty_kb, duration)
}
