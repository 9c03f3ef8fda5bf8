//! The scenario `forward`: what one forwarded packet costs in our engine, in other servers and in the floor, measured on the
//! same load in one run. Systems take turns, so that what else happens on the machine hits all of them alike.

mod apart;
mod audience;
mod filling;
mod load;
mod place;
mod plot;
mod publishing;
mod record;
mod result;
mod table;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::engine::CpuTime;
use crate::native::{Machine, progress};
use crate::systems::{Kind, Programs, System};
use apart::Apart;
use audience::Audience;
use load::LoadKind;
use publishing::Publishing;
use result::{Figures, Outcome, Setup, Spent};

pub(crate) use record::{RecordOptions, run as record};

/// Of several publishers in a room so many say something.
const VOICES: u32 = 3;
/// Bandwidth estimates rise meanwhile to what the load needs.
const SETTLE: Duration = Duration::from_secs(4);
/// By so much subscribers are nicer than publishers and systems (nice(2)).
const GIVES_WAY: i32 = 10;
/// What is on its way when counting ends may still arrive.
const LATE: Duration = Duration::from_millis(500);

/// Options of the scenario.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The engine's binary.
    #[arg(long, default_value = "target/release/rtc-engine")]
    engine: PathBuf,
    /// Janus.
    #[arg(long, default_value = "/usr/bin/janus")]
    janus: PathBuf,
    /// LiveKit's server.
    #[arg(long, default_value = "livekit-server")]
    livekit: PathBuf,
    /// How many watch; several numbers are measured one after the other. 200, or 50 with --quick.
    #[arg(long, value_delimiter = ',', value_parser = clap::value_parser!(u32).range(1..=2000))]
    subscribers: Vec<u32>,
    /// How many rooms there are; who watches is spread over them.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=500))]
    rooms: u32,
    /// How many publish in each room; everybody who watches there is sent all of them.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=50))]
    publishers: u32,
    /// Which systems take part; all that there are where none is named.
    #[arg(long, value_delimiter = ',')]
    systems: Vec<Kind>,
    /// What is published: `trace`, as Chromium sent it, `even`, or `small`.
    #[arg(long, value_delimiter = ',', default_value = "trace")]
    load: Vec<LoadKind>,
    /// Media threads of the engine.
    #[arg(long, default_value_t = 1)]
    shards: u8,
    /// How long each system is measured each time, in seconds; 15, or 3 with --quick.
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: Option<u64>,
    /// How often each is measured; the medians count. 3, or 1 with --quick.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: Option<u32>,
    /// Give the system one core and the load generator the others, and add subscribers until the system uses this share of its
    /// core, in percent: what delay it adds then.
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(1..=95))]
    load_core: Option<u32>,
    /// A short run, to see that it works.
    #[arg(long)]
    quick: bool,
    /// Also write the result to this file.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Also draw cost against subscribers into this file, as SVG.
    #[arg(long)]
    plot: Option<PathBuf>,
    /// Set by this program when it has entered a network of its own.
    #[arg(long, hide = true)]
    inside: bool,
}

/// Runs it and prints the figures.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    if !options.inside {
        return place::enter();
    }
    place::furnish()?;
    allow_sockets()?;
    let interrupted = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, interrupted.clone())?;
    }
    let apart = options.load_core.and_then(|_| Apart::now());
    if options.load_core.is_some() && apart.is_none() {
        progress("there is one core only: the system shares it with the load generator, whose time is in the delays");
    }
    let run = Run { options, programs: options.programs(), apart, interrupted };
    let outcome = run.all()?;
    #[expect(clippy::print_stdout, reason = "the figures are this program's output")]
    {
        print!("{}", table::of(&outcome));
    }
    let write = |file: &Path, text| fs::write(file, text).with_context(|| format!("cannot write {}", file.display()));
    if let Some(file) = &options.json {
        write(file, serde_json::to_string_pretty(&outcome)? + "\n")?;
    }
    if let Some(file) = &options.plot {
        write(file, plot::of(&outcome))?;
    }
    if !outcome.failures.is_empty() {
        bail!("not everything could be measured: {}", outcome.failures.join("; "));
    }
    Ok(())
}

/// Many members have many sockets, here and in the servers: as many files may be open as the system lets this user have.
fn allow_sockets() -> anyhow::Result<()> {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    Ok(setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum })?)
}

impl Options {
    fn programs(&self) -> Programs {
        Programs { engine: self.engine.clone(), shards: self.shards, janus: self.janus.clone(), livekit: self.livekit.clone() }
    }

    fn subscribers(&self) -> Vec<u32> {
        match (self.subscribers.as_slice(), self.quick) {
            ([], true) => vec![50],
            ([], false) => vec![200],
            (named, _) => named.to_vec(),
        }
    }

    fn systems(&self) -> Vec<Kind> {
        match (self.systems.as_slice(), self.rooms * self.publishers) {
            ([], 1) => Kind::ALL.to_vec(),
            // The floor knows one publisher.
            ([], _) => Kind::ALL.into_iter().filter(|kind| *kind != Kind::Floor).collect(),
            (named, _) => named.to_vec(),
        }
    }
}

/// A run of the scenario.
struct Run<'a> {
    options: &'a Options,
    programs: Programs,
    apart: Option<Apart>,
    interrupted: Arc<AtomicBool>,
}

impl Run<'_> {
    fn all(&self) -> anyhow::Result<Outcome> {
        let seconds = self.options.seconds.unwrap_or(if self.options.quick { 3 } else { 15 });
        let rounds = self.options.rounds.unwrap_or(if self.options.quick { 1 } else { 3 });
        let systems = self.options.systems();
        let mut outcome = Outcome::new(seconds, rounds, self.options.shards, Machine::read());
        // What is missing is told before minutes are spent on the others.
        for kind in &systems {
            outcome.versions.insert(*kind, kind.version(&self.programs)?);
        }
        for load in &self.options.load {
            for subscribers in self.options.subscribers() {
                let Options { rooms, publishers, load_core, .. } = *self.options;
                let setup = Setup { load: *load, rooms, publishers, subscribers, load_core };
                let mut measured: Vec<Vec<Figures>> = systems.iter().map(|_| Vec::new()).collect();
                for round in 1..=rounds {
                    for (kind, measured) in systems.iter().zip(&mut measured) {
                        let what = format!("{kind}, {load} load to {subscribers}, round {round} of {rounds}");
                        match self.measure(*kind, setup, Duration::from_secs(seconds)) {
                            Ok(figures) => {
                                progress(&format!("{what}: {:.2} CPU s a million packets", figures.cpu_s_per_mpkt));
                                measured.push(figures);
                            }
                            Err(error) if self.interrupted.load(Ordering::Relaxed) => return Err(error),
                            Err(error) => {
                                progress(&format!("{what}: {error:#}"));
                                outcome.failures.push(format!("{what}: {error:#}"));
                            }
                        }
                    }
                }
                for (kind, measured) in systems.iter().zip(&measured) {
                    outcome.add(*kind, setup, measured);
                }
            }
        }
        Ok(outcome)
    }

    fn measure(&self, kind: Kind, setup: Setup, duration: Duration) -> anyhow::Result<Figures> {
        if kind == Kind::Floor && setup.rooms * setup.publishers > 1 {
            bail!("the floor knows one publisher");
        }
        let load = Arc::new(setup.load.load()?);
        let folder = tempfile::tempdir()?;
        if let Some(apart) = &self.apart {
            apart.stay_with_system()?;
        }
        let mut system = kind.start(&self.programs, setup.rooms, folder.path())?;
        if let Some(apart) = &self.apart {
            apart.leave_system()?;
        }
        let epoch = Instant::now();
        let mut publishing = Publishing::start(setup.rooms);
        for (room, index) in (0..setup.rooms).flat_map(|room| (0..setup.publishers).map(move |index| (room, index))) {
            let has_voice = load.has_voice() && index < VOICES;
            let publisher = system.publisher(room, index, has_voice);
            let publisher = publisher.with_context(|| format!("publisher {index} of room {room} cannot enter"))?;
            publishing.add(room, publisher, has_voice, load.clone(), epoch);
        }
        // When packets are read does not count, but when they are sent and forwarded does.
        let watching = || {
            rustix::process::nice(GIVES_WAY)?;
            self.watch(&mut *system, setup, publishing, epoch, duration)
        };
        thread::scope(|scope| scope.spawn(watching).join()).map_err(|_| anyhow::anyhow!("the subscribers' thread failed"))?
    }

    /// Has subscribers enter, and counts what arrives at them and what it costs.
    fn watch(
        &self,
        system: &mut dyn System,
        setup: Setup,
        publishing: Publishing,
        epoch: Instant,
        duration: Duration,
    ) -> anyhow::Result<Figures> {
        let empty_kb = system.resident_kb()?;
        let mut audience = Audience::new(setup.rooms, setup.publishers, epoch, &self.interrupted)?;
        audience.enter(system, setup.subscribers)?;
        audience.attend(SETTLE)?;
        if let Some(percent) = setup.load_core {
            filling::fill(system, &mut audience, f64::from(percent) / 100.0)?;
        }

        let members = audience.members();
        let own = || CpuTime::of(std::process::id());
        let (from, before, own_before) = (publishing.sent(), system.cpu()?, own()?);
        audience.count_from(from);
        let start = Instant::now();
        audience.attend(duration)?;
        let (until, after, own_after) = (publishing.sent(), system.cpu()?, own()?);
        let elapsed = start.elapsed();
        let full_kb = system.resident_kb()?;
        audience.attend(LATE)?;
        publishing.stop()?;
        let arrived = audience.arrived(&until);
        let spent = Spent { elapsed, cpu: (before, after), own: (own_before, own_after), resident_kb: (empty_kb, full_kb) };
        Figures::new(setup, members, &arrived, &spent)
    }
}
