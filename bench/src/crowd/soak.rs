//! The scenario `soak`: members come and go, well and badly, for a long time, and the engine must hold no more at the end than
//! it held when it was warm. It fails where it does.

mod trend;

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io::Write as _;
use std::net::{TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use rtc_protocol::{Role, Scene};
use serde::Serialize;

use super::plan::{Camera, Ending, Plan, Voice};
use super::{Run, Terms, plot};
use crate::engine::{Engine, resident_kb};
use crate::native::{Machine, progress};
use trend::Trend;

/// Options of the scenario.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    terms: Terms,
    /// How long, in minutes; 30, or three quarters of a minute with --quick, which is too short to judge by.
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    minutes: Option<u64>,
    /// Members that enter a second.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=500))]
    rate: u32,
}

#[derive(Debug, Serialize)]
struct Outcome {
    scenario: &'static str,
    machine: Machine,
    systems: std::collections::BTreeMap<&'static str, Soak>,
}

#[derive(Debug, Serialize)]
struct Soak {
    seconds: usize,
    entered: usize,
    joined: usize,
    failed: usize,
    memory: Trend,
    descriptors: Trend,
    threads: Trend,
    is_flat: bool,
    failures: Vec<String>,
    samples: Vec<Sample>,
}

#[derive(Debug, Clone, Copy, Serialize)]
struct Sample {
    second: usize,
    rss_kb: u64,
    descriptors: usize,
    threads: usize,
    present: usize,
}

const ROOMS: usize = 8;
/// How long the engine keeps a place for who is away: what is killed must be gone long before the first third is over.
const AWAY_SECONDS: &str = "10";
/// Members live from two to so many seconds.
const LIFE_MS: u64 = 8000;
/// For how long connections that say nothing are held.
const HELD: Duration = Duration::from_secs(15);
const CAMERA: Camera = Camera { frames_per_second: 10, packets: 2, bytes: 1000 };

/// Runs it, prints the figures and says whether they are flat.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let run = Run::begin()?;
    let Options { terms, minutes, rate } = options;
    let seconds = match (minutes, terms.quick) {
        (Some(minutes), _) => minutes * 60,
        (None, true) => 45,
        (None, false) => 30 * 60,
    } as usize;
    progress(&format!("rooms churn for {seconds} s"));
    let engine = terms.start(&[("RTC_ENGINE_ROOMS_AWAY_SECONDS", AWAY_SECONDS)])?;
    let soak = churn(&run, terms, &engine, seconds, *rate)?;
    let tables = table(&soak, &run.place(terms));
    let outcome = Outcome { scenario: "soak", machine: run.machine.clone(), systems: [("engine", soak)].into() };
    let soak = &outcome.systems["engine"];
    terms.tell(&tables, &outcome, || {
        let points = |of: fn(&Sample) -> f64| soak.samples.iter().map(|sample| (sample.second as f64, of(sample))).collect();
        let lines = [
            ("memory, MB", points(|sample| sample.rss_kb as f64 / 1000.0)),
            ("descriptors", points(|sample| sample.descriptors as f64)),
            ("members", points(|sample| sample.present as f64)),
        ];
        plot::of("Members come and go", "seconds", &lines)
    })?;
    let is_too_short = terms.quick && minutes.is_none();
    if !soak.is_flat && !is_too_short {
        anyhow::bail!("the engine's memory, descriptors or threads grow");
    }
    Ok(())
}

fn churn(run: &Run, terms: &Terms, engine: &Engine, seconds: usize, rate: u32) -> anyhow::Result<Soak> {
    let mut crew = run.crew(engine, terms.threads)?;
    let hosts = (0..ROOMS).map(|room| {
        let mut host = Plan::new(format!("host-{room}"), room as u64 + 1, Scene::Live, Role::Anchor);
        (host.voice, host.camera) = (Some(Voice::Talks), Some(CAMERA));
        host
    });
    crew.enter(hosts.collect::<Vec<_>>(), Duration::from_millis(20));
    let mut strangers = Strangers::new(engine)?;
    let mut chance = Chance(1);
    let mut samples = Vec::with_capacity(seconds);
    let (mut failures, mut joined, mut failed) = (Vec::new(), 0, 0);
    let start = Instant::now();
    for second in 0..seconds {
        let guests: Vec<Plan> = (0..rate).map(|n| guest(&mut chance, second * rate as usize + n as usize)).collect();
        crew.enter(guests, Duration::from_secs(1) / rate);
        strangers.bother(&mut chance)?;
        crew.look();
        // What entries and failures there were is taken away each second, so that this program does not grow either.
        let tally = crew.tally()?;
        joined += tally.joins.len();
        failed += tally.failures.len();
        failures.extend(tally.failures.into_iter().take(10 - failures.len().min(10)));
        let next = start + Duration::from_secs(second as u64 + 1);
        crew.wait(next.saturating_duration_since(Instant::now()))?;
        samples.push(Sample {
            second,
            rss_kb: resident_kb(engine.id())?,
            descriptors: entries(&format!("/proc/{}/fd", engine.id()))?,
            threads: entries(&format!("/proc/{}/task", engine.id()))?,
            present: crew.progress.present.load(std::sync::atomic::Ordering::Relaxed),
        });
        if second % 60 == 59 {
            progress(&format!("{} of {} min: {} MB", second / 60 + 1, seconds.div_ceil(60), samples[second].rss_kb / 1000));
        }
    }
    let trend = |least: f64, of: fn(&Sample) -> f64| Trend::of(&samples.iter().map(of).collect::<Vec<_>>(), least);
    let memory = trend(4000.0, |sample| sample.rss_kb as f64);
    let descriptors = trend(20.0, |sample| sample.descriptors as f64);
    let threads = trend(2.0, |sample| sample.threads as f64);
    let is_flat = memory.is_flat && descriptors.is_flat && threads.is_flat;
    let entered = crew.progress.entered.load(std::sync::atomic::Ordering::Relaxed);
    Ok(Soak { seconds, entered, joined, failed, memory, descriptors, threads, is_flat, failures, samples })
}

/// Somebody who comes and goes, well or badly.
fn guest(chance: &mut Chance, number: usize) -> Plan {
    let room = chance.below(ROOMS as u64);
    // One room after the other ends and begins anew, too.
    let passing = chance.below(4) == 0;
    let is_anchor = chance.below(4) == 0;
    let role = if is_anchor { Role::Anchor } else { Role::Audience };
    let room_number = if passing { 100 + number as u64 % 1000 } else { room + 1 };
    let mut guest = Plan::new(format!("guest-{number}"), room_number, Scene::Live, role);
    if is_anchor {
        (guest.voice, guest.camera) = (Some(Voice::Murmurs), Some(CAMERA));
    }
    guest.views = vec![format!("host-{room}")];
    guest.offers_nonsense = chance.below(10) == 0;
    let ending = match chance.below(4) {
        0 => Ending::Killed,
        1 => Ending::HalfOpen,
        _ => Ending::Exit,
    };
    guest.life = Some((Duration::from_millis(2000 + chance.below(LIFE_MS - 2000)), ending));
    guest
}

/// Connections that never become members.
struct Strangers {
    http: String,
    media: String,
    udp: UdpSocket,
    held: VecDeque<(Instant, TcpStream)>,
}

impl Strangers {
    fn new(engine: &Engine) -> anyhow::Result<Self> {
        let udp = UdpSocket::bind("127.0.0.1:0")?;
        Ok(Self { http: engine.http.clone(), media: engine.media.clone(), udp, held: VecDeque::new() })
    }

    fn bother(&mut self, chance: &mut Chance) -> anyhow::Result<()> {
        let now = Instant::now();
        while self.held.front().is_some_and(|(until, _)| *until <= now) {
            self.held.pop_front();
        }
        for (address, words) in [
            (&self.http, &b""[..]),
            (&self.http, b"GET /v1/signal HTTP/1.1\r\nHost: a\r\nUpg"),
            (
                &self.http,
                b"GET /v1/signal HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                           Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
            ),
            (&self.media, b""),
            (&self.media, b"\x00\x40\x00"),
        ] {
            let mut stream = TcpStream::connect(address)?;
            // One that was closed at once was refused, which is as good.
            let _ = stream.write_all(words);
            self.held.push_back((now + HELD, stream));
        }
        for _ in 0..50 {
            let datagram: Vec<u8> = (0..100).map(|_| chance.below(256) as u8).collect();
            // A full socket loses it.
            let _ = self.udp.send_to(&datagram, &*self.media);
        }
        Ok(())
    }
}

/// Numbers that look like chance and are the same in every run (Knuth, TAOCP 3.3.4, line 26 of its table).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

fn entries(folder: &str) -> anyhow::Result<usize> {
    Ok(std::fs::read_dir(folder)?.count())
}

fn table(soak: &Soak, place: &str) -> String {
    let mut text = format!(
        "{place} {} s; {} entered, {} connected, {} failed.\n\n| | when warm | at the end | growth over the last two thirds | of it allowed | \
         verdict |\n|{}\n",
        soak.seconds,
        soak.entered,
        soak.joined,
        soak.failed,
        " --- |".repeat(6)
    );
    for (name, trend, unit) in
        [("memory", &soak.memory, " KB"), ("descriptors", &soak.descriptors, ""), ("threads", &soak.threads, "")]
    {
        // Writing to a text cannot fail.
        let _ = writeln!(
            text,
            "| {name} | {:.0}{unit} | {:.0}{unit} | {:+.0}{unit} | {:.0}{unit} | {} |",
            trend.warm,
            trend.end,
            trend.growth,
            trend.allowed,
            if trend.is_flat { "flat" } else { "grows" }
        );
    }
    for failure in &soak.failures {
        let _ = writeln!(text, "\n- Failed: {failure}");
    }
    text
}
