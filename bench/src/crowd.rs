//! Scenarios with many members: rooms of every size, entries in a storm, a long life, attacks. They are driven by clients that
//! neither encode nor decode, some hundred on a thread, on loopback against an engine of the run's own.

mod armour;
mod audio;
mod crew;
mod line;
mod meeting;
mod member;
mod plan;
mod plot;
mod report;
mod soak;
mod storm;
mod tally;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde::Serialize;

use crate::engine::Engine;
use crate::native::Machine;
use crew::Crew;

pub(crate) use armour::{Options as ArmourOptions, run as armour};
pub(crate) use audio::{Options as AudioOptions, run as audio};
pub(crate) use meeting::{Options as MeetingOptions, run as meeting};
pub(crate) use soak::{Options as SoakOptions, run as soak};
pub(crate) use storm::{Options as StormOptions, run as storm};

/// What all of them can be told.
#[derive(Debug, clap::Args)]
struct Terms {
    /// The engine's binary.
    #[arg(long, default_value = "target/release/rtc-engine")]
    engine: PathBuf,
    /// Media threads of the engine.
    #[arg(long, default_value_t = 2)]
    shards: u8,
    /// Threads that drive the crowd.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=64))]
    threads: u16,
    /// Have the engine not estimate bandwidth.
    #[arg(long)]
    no_bandwidth_estimation: bool,
    /// A short run, to see that it works.
    #[arg(long)]
    quick: bool,
    /// Also write the result to this file.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Also write the tables to this file, as Markdown.
    #[arg(long)]
    markdown: Option<PathBuf>,
    /// Also draw a picture into this file, as SVG.
    #[arg(long)]
    plot: Option<PathBuf>,
}

/// A run: the clock of its marks, and whether somebody wants it to stop.
struct Run {
    machine: Machine,
    epoch: Instant,
    interrupted: Arc<AtomicBool>,
}

impl Run {
    fn begin() -> anyhow::Result<Self> {
        // Many members have many sockets, here and in the engine, which inherits this.
        let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
        setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum })?;
        let interrupted = Arc::new(AtomicBool::new(false));
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
            signal_hook::flag::register(signal, interrupted.clone())?;
        }
        Ok(Self { machine: Machine::read(), epoch: Instant::now(), interrupted })
    }

    fn crew(&self, engine: &Engine, threads: u16) -> anyhow::Result<Crew> {
        Crew::start(engine, threads.into(), self.epoch, &self.interrupted)
    }

    /// The line above a table.
    fn place(&self, terms: &Terms) -> String {
        let Machine { processor, cores, kernel, load } = &self.machine;
        format!(
            "{cores} cores of {processor}, Linux {kernel}, load {load:.1} before the run; {} media threads, bandwidth estimation {}.",
            terms.shards,
            if terms.no_bandwidth_estimation { "off" } else { "on" }
        )
    }
}

impl Terms {
    fn start(&self, settings: &[(&str, &str)]) -> anyhow::Result<Engine> {
        Engine::start_as(&self.engine, self.shards, !self.no_bandwidth_estimation, settings)
    }

    /// Prints the tables, and writes what is to be written.
    fn tell(&self, tables: &str, outcome: &impl Serialize, picture: impl FnOnce() -> String) -> anyhow::Result<()> {
        #[expect(clippy::print_stdout, reason = "the figures are this program's output")]
        {
            print!("{tables}");
        }
        let write =
            |file: &Path, text: String| fs::write(file, text).with_context(|| format!("cannot write {}", file.display()));
        if let Some(file) = &self.json {
            write(file, serde_json::to_string_pretty(outcome)? + "\n")?;
        }
        if let Some(file) = &self.markdown {
            write(file, tables.to_owned())?;
        }
        if let Some(file) = &self.plot {
            write(file, picture())?;
        }
        Ok(())
    }
}

/// What is on its way when counting ends may still arrive, and estimates and choices settle before it begins.
const SETTLE: Duration = Duration::from_secs(3);
