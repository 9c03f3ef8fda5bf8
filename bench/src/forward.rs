//! The scenario `forward`: what one forwarded packet costs.

use std::collections::BTreeMap;
use std::os::fd::AsRawFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token};
use rtc_bench_client::{Client, Happening, Outgoing, Plan};
use rtc_protocol::{Codec, Layer, Publish, Request, Role, Stream, Track, TrackState, UserId, View};
use serde::Serialize;

use crate::ForwardOptions;
use crate::engine::Engine;
use crate::signal::Signal;

const FRAMES_PER_SECOND: u32 = 30;
const PACKETS_PER_FRAME: u32 = 5;
const PAYLOAD_BYTES: usize = 1150;
const PUBLISHER: &str = "publisher";
const SETTLE: Duration = Duration::from_secs(3);
const PATIENCE: Duration = Duration::from_secs(60);

/// The result of one system, as it is printed.
#[derive(Debug, Serialize)]
struct Figures {
    cpu_s_per_mpkt: f64,
    user: f64,
    sys: f64,
    added_ms_p50: f64,
    added_ms_p99: f64,
    loss: f64,
    rss_per_subscriber_kb: f64,
    packets: u64,
}

#[derive(Debug, Serialize)]
struct Outcome {
    scenario: &'static str,
    subscribers: u32,
    seconds: u64,
    shards: u8,
    bandwidth_estimation: bool,
    systems: BTreeMap<&'static str, Figures>,
}

/// Runs it and prints the figures.
pub(crate) fn run(options: &ForwardOptions) -> anyhow::Result<()> {
    let seconds = options.seconds.unwrap_or(if options.quick { 5 } else { 20 });
    let figures = measure_engine(options, Duration::from_secs(seconds))?;
    let outcome = Outcome {
        scenario: "forward",
        subscribers: options.subscribers,
        seconds,
        shards: options.shards,
        bandwidth_estimation: options.bandwidth_estimation,
        systems: BTreeMap::from([("engine", figures)]),
    };
    let text = serde_json::to_string_pretty(&outcome)?;
    #[expect(clippy::print_stdout, reason = "the figures are this program's output")]
    {
        println!("{text}");
    }
    if let Some(file) = &options.json {
        std::fs::write(file, text + "\n")?;
    }
    Ok(())
}

fn measure_engine(options: &ForwardOptions, duration: Duration) -> anyhow::Result<Figures> {
    let engine = Engine::start(&options.engine, options.shards, options.bandwidth_estimation)?;
    let epoch = Instant::now();
    let stop = Arc::new(AtomicBool::new(false));
    let publisher = start_publisher(&engine, epoch, stop.clone())?;
    let before_kb = engine.resident_kb()?;
    let mut audience = Audience::enter(&engine, options.subscribers)?;
    audience.drive_until(Instant::now() + PATIENCE, |audience| audience.receiving() == audience.members.len())?;
    if audience.receiving() < audience.members.len() {
        bail!("only {} of {} subscribers receive", audience.receiving(), audience.members.len());
    }
    audience.drive_until(Instant::now() + SETTLE, |_| false)?;

    audience.start_counting(epoch);
    let cpu = engine.cpu()?;
    let start = Instant::now();
    audience.drive_until(start + duration, |_| false)?;
    let used = engine.cpu()?;
    let elapsed = start.elapsed().as_secs_f64();
    let after_kb = engine.resident_kb()?;
    stop.store(true, Ordering::Relaxed);
    publisher.join().map_err(|_| anyhow::anyhow!("the publisher's thread failed"))??;

    let packets: u64 = audience.members.iter().map(|member| member.received).sum();
    let expected = elapsed * f64::from(FRAMES_PER_SECOND * PACKETS_PER_FRAME * options.subscribers);
    let millions = packets as f64 / 1e6;
    let user = (used.user - cpu.user).as_secs_f64() / millions;
    let sys = (used.system - cpu.system).as_secs_f64() / millions;
    let mut delays = audience.delays;
    delays.sort_unstable();
    let at = |share: f64| delays.get(((delays.len() as f64) * share) as usize).copied().unwrap_or(0) as f64 / 1000.0;
    Ok(Figures {
        cpu_s_per_mpkt: user + sys,
        user,
        sys,
        added_ms_p50: at(0.5),
        added_ms_p99: at(0.99),
        loss: (1.0 - packets as f64 / expected).max(0.0),
        rss_per_subscriber_kb: after_kb.saturating_sub(before_kb) as f64 / f64::from(options.subscribers),
        packets,
    })
}

/// Enters as the anchor and sends on a thread of its own until told to stop.
fn start_publisher(
    engine: &Engine,
    epoch: Instant,
    stop: Arc<AtomicBool>,
) -> anyhow::Result<thread::JoinHandle<anyhow::Result<()>>> {
    let (mut client, offer) = Client::new(Plan { camera: true, ..Plan::default() })?;
    let mut signal = Signal::enter(engine, PUBLISHER, Role::Anchor)?;
    client.accept(&signal.offer(offer)?)?;
    let publish = Publish { track: Track::Camera, state: TrackState::On, small: false, codec: Some(Codec::Vp8) };
    signal.ask(Request::Publish(publish))?;
    signal.settle()?;
    let deadline = Instant::now() + PATIENCE;
    while !client.is_connected() {
        client.drive(|_| false, |_, _| {})?;
        if Instant::now() > deadline {
            bail!("the publisher's media connection never came up");
        }
        thread::sleep(Duration::from_millis(1));
    }
    Ok(thread::spawn(move || {
        let mut seq = 0;
        let mut frame = 0;
        let start = Instant::now();
        while !stop.load(Ordering::Relaxed) {
            let due = start + Duration::from_secs(1) * frame / FRAMES_PER_SECOND;
            let mut wanted = frame % 300 == 0;
            while Instant::now() < due {
                client.drive(|_| false, |_, happening| wanted |= matches!(happening, Happening::KeyframeWanted { .. }))?;
                thread::sleep(Duration::from_micros(500).min(due.saturating_duration_since(Instant::now())));
            }
            for index in 0..PACKETS_PER_FRAME {
                let sent = epoch.elapsed().as_micros() as u64;
                client.write(&Outgoing {
                    track: Track::Camera,
                    layer: Layer::Big,
                    codec: Codec::Vp8,
                    seq,
                    time: frame.wrapping_mul(3000),
                    marker: index == PACKETS_PER_FRAME - 1,
                    level: None,
                    payload: vp8_payload(index == 0, wanted, sent),
                });
                seq += 1;
            }
            client.drive(|_| false, |_, _| {})?;
            if frame % FRAMES_PER_SECOND == 0 {
                signal.keep_alive()?;
            }
            frame += 1;
        }
        Ok(())
    }))
}

/// A payload that looks like VP8 to a forwarder (RFC 7741 section 4.2) and carries when it was sent.
fn vp8_payload(first: bool, key: bool, sent_us: u64) -> Arc<[u8]> {
    let mut payload = [0xa5_u8; PAYLOAD_BYTES];
    payload[0] = if first { 0x10 } else { 0x00 };
    payload[1] = if key { 0x00 } else { 0x01 };
    payload[PAYLOAD_BYTES - 8..].copy_from_slice(&sent_us.to_be_bytes());
    payload.into()
}

struct Member {
    client: Client,
    signal: Signal,
    next: Instant,
    started: bool,
    received: u64,
}

struct Audience {
    members: Vec<Member>,
    poll: Poll,
    /// When sending times are counted from, once counting began.
    epoch: Option<Instant>,
    /// Microseconds from the publisher's call to the subscriber's, of every packet counted.
    delays: Vec<u32>,
    next_keep_alive: Instant,
}

impl Audience {
    fn enter(engine: &Engine, count: u32) -> anyhow::Result<Self> {
        let now = Instant::now();
        let mut audience =
            Self { members: Vec::new(), poll: Poll::new()?, epoch: None, delays: Vec::new(), next_keep_alive: now };
        for index in 0..count {
            let (mut client, offer) = Client::new(Plan { slots: 1, ..Plan::default() })?;
            let mut signal = Signal::enter(engine, &format!("viewer-{index}"), Role::Audience)?;
            client.accept(&signal.offer(offer)?)?;
            let user_id = UserId::parse(PUBLISHER)?;
            signal.ask(Request::View(View { user_id, stream: Stream::Main, layer: Layer::Big })).context("view")?;
            signal.settle()?;
            let token = Token(audience.members.len());
            audience.poll.registry().register(&mut SourceFd(&client.as_raw_fd()), token, Interest::READABLE)?;
            audience.members.push(Member { client, signal, next: now, started: false, received: 0 });
            // Those who are in must answer ICE and DTLS while others enter.
            audience.drive_until(Instant::now(), |_| false)?;
        }
        Ok(audience)
    }

    fn receiving(&self) -> usize {
        self.members.iter().filter(|member| member.started).count()
    }

    fn start_counting(&mut self, epoch: Instant) {
        self.epoch = Some(epoch);
        for member in &mut self.members {
            member.received = 0;
        }
    }

    /// Serves all sockets and timers until the deadline or until `done`.
    fn drive_until(&mut self, deadline: Instant, done: impl Fn(&Self) -> bool) -> anyhow::Result<()> {
        let mut events = Events::with_capacity(1024);
        loop {
            let now = Instant::now();
            if now >= self.next_keep_alive {
                self.next_keep_alive = now + Duration::from_secs(2);
                for member in &mut self.members {
                    member.signal.keep_alive()?;
                }
            }
            let next = self.members.iter().map(|member| member.next).min().unwrap_or(deadline);
            let wait = next.min(deadline).saturating_duration_since(now);
            self.poll.poll(&mut events, Some(wait))?;
            for event in &events {
                self.drive(event.token().0)?;
            }
            let now = Instant::now();
            for index in 0..self.members.len() {
                if self.members[index].next <= now {
                    self.drive(index)?;
                }
            }
            if now >= deadline || done(self) {
                return Ok(());
            }
        }
    }

    fn drive(&mut self, index: usize) -> anyhow::Result<()> {
        let Member { client, next, started, received, .. } = &mut self.members[index];
        let (epoch, delays) = (self.epoch, &mut self.delays);
        *next = client.drive(
            |_| false,
            |_, happening| {
                let Happening::Received { packet, .. } = happening else { return };
                let Some(sent) = packet.payload.last_chunk().copied().map(u64::from_be_bytes) else { return };
                *started = true;
                *received += 1;
                if let Some(epoch) = epoch {
                    delays.push((epoch.elapsed().as_micros() as u64).saturating_sub(sent) as u32);
                }
            },
        )?;
        Ok(())
    }
}
