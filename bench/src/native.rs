//! The scenario `native`: what the native client takes, from the call of an application to what another one hears and sees.
//! It runs real instances against a real engine, all on this machine, and touches no device.

mod boundary;
mod call;
mod camera;
mod clock;
mod conversation;
mod delays;
mod entering;
mod impair;
mod loss;
mod party;
mod person;
mod pieces;
mod sight;
mod speech;
mod table;
mod voice;

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub(crate) use self::boundary::{CallOptions, run as calls};
pub(crate) use self::impair::{Options as ImpairOptions, run as impair};
pub(crate) use self::party::{MemberOptions, run as member};
use crate::engine::Engine;

/// Options of the scenario `native`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The engine's binary.
    #[arg(long, default_value = "target/release/rtc-engine")]
    engine: PathBuf,
    /// The native library, for its calls and its size.
    #[arg(long, default_value = "target/release/librtcengine.so")]
    library: PathBuf,
    /// A python with sdk/core/audio/quality/requirements.txt, for the scores of speech.
    #[arg(long, default_value = "python3")]
    python: PathBuf,
    /// Measure only these parts.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// A short run, to see that it works.
    #[arg(long)]
    quick: bool,
    /// Also write the result to this file.
    #[arg(long)]
    json: Option<PathBuf>,
}

/// A part of the scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// From entering to the first picture.
    Entering,
    /// Mouth to ear, glass to glass.
    Delays,
    /// Processor and memory of calls.
    Calls,
    /// Speech through uplink loss.
    Loss,
    /// The C ABI.
    Abi,
    /// What the library weighs.
    Size,
}

/// Everything measured; nothing where a part was left out.
#[derive(Debug, Default, Serialize)]
struct Figures {
    scenario: &'static str,
    is_quick: bool,
    machine: Machine,
    entering: Option<entering::Figures>,
    delays: Option<delays::Figures>,
    calls: Option<Vec<call::Figures>>,
    loss: Option<Vec<loss::Figures>>,
    abi: Option<Vec<boundary::Figures>>,
    size: Option<pieces::Figures>,
    /// What could not be measured, and why.
    left_out: Vec<String>,
}

/// What the figures were taken on.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) kernel: String,
    /// Of the last minute, before the run began.
    pub(crate) load: f64,
}

/// Some samples, in order of size.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Spread {
    p50: f64,
    p90: f64,
    least: f64,
    most: f64,
    count: usize,
}

/// Runs it and prints the figures as a table.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let mut figures = Figures { scenario: "native", is_quick: options.quick, machine: Machine::read(), ..Figures::default() };
    let left_out = &mut figures.left_out;
    figures.entering = options.part(Part::Entering, left_out, || entering::measure(options));
    figures.delays = options.part(Part::Delays, left_out, || delays::measure(options));
    figures.calls = options.part(Part::Calls, left_out, || call::measure(options));
    figures.loss = options.part(Part::Loss, left_out, || loss::measure(options));
    figures.abi = options.part(Part::Abi, left_out, || boundary::measure(options));
    figures.size = options.part(Part::Size, left_out, || pieces::measure(&options.library));
    #[expect(clippy::print_stdout, reason = "the figures are this program's output")]
    {
        print!("{}", table::of(&figures));
    }
    if let Some(file) = &options.json {
        std::fs::write(file, serde_json::to_string_pretty(&figures)? + "\n")?;
    }
    Ok(())
}

impl Options {
    /// Measures a part if it is wanted. What fails is told and does not take the others with it.
    fn part<T>(&self, part: Part, left_out: &mut Vec<String>, measure: impl FnOnce() -> anyhow::Result<T>) -> Option<T> {
        if !self.only.is_empty() && !self.only.contains(&part) {
            return None;
        }
        progress(&format!("{part:?}"));
        measure()
            .map_err(|error| {
                let words = format!("{part:?}: {error:#}");
                progress(&words);
                left_out.push(words);
            })
            .ok()
    }

    fn start_engine(&self) -> anyhow::Result<Engine> {
        Engine::start(&self.engine, 1, true)
    }
}

impl Machine {
    pub(crate) fn read() -> Self {
        let read = |path: &Path| std::fs::read_to_string(path).unwrap_or_default();
        let processor = read(Path::new("/proc/cpuinfo"));
        let processor = processor.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
        let load = read(Path::new("/proc/loadavg"));
        Self {
            processor: processor.map_or_else(String::new, |(_, name)| name.to_owned()),
            cores: std::thread::available_parallelism().map_or(0, usize::from),
            kernel: read(Path::new("/proc/sys/kernel/osrelease")).trim().to_owned(),
            load: load.split(' ').next().and_then(|load| load.parse().ok()).unwrap_or_default(),
        }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { processor, cores, kernel, load } = self;
        write!(f, "{cores} cores of {processor}, Linux {kernel}, load {load:.1} before the run")
    }
}

impl Spread {
    /// Nothing of nothing.
    fn of(samples: &[f64]) -> Option<Self> {
        let mut sorted = samples.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |share: f64| sorted.get(((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1))).copied();
        Some(Self { p50: at(0.5)?, p90: at(0.9)?, least: at(0.0)?, most: at(1.0)?, count: sorted.len() })
    }
}

/// Tells on the standard error what is going on.
#[expect(clippy::print_stderr, reason = "somebody waits for minutes and wants to know for what")]
pub(crate) fn progress(words: &str) {
    eprintln!("==> {words}");
}
