//! A shard: one thread with its loop, its UDP socket and its sessions. This file is the loop and what runs in it by the
//! clock; `arrivals` takes datagrams in, `departures` sends packets out, `membership` brings sessions in and out.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::io;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use mio::{Events, Interest, Poll, Token};
use rtc_probe::Probes;
use rtc_protocol::SessionId;
use rtc_sfu::{ForwardConfig, Forwarder};
use slab::Slab;

use crate::checkup::Checkups;
use crate::door::{Door, Queue};
use crate::inbox::{Control, Inbox, Outlet};
use crate::media::MediaEvent;
use crate::peer::MediaPacket;
use crate::route::{Addresses, SourceLimit, Ufrag};
use crate::session::Session;
use crate::socket::{Burst, Udp};
use crate::stats::{Queues, ShardStats};
use crate::tcp::Stream;
use crate::{EndReason, MediaConfig};

/// Bursts read from the socket before other things have their turn; each has up to 32 reads.
const BURSTS: usize = 8;
/// Messages taken from a queue before other things have their turn.
const TURN: usize = 1024;
/// How often figures are copied out and old things are thrown away.
const TICK: Duration = Duration::from_secs(1);
/// A closed session is remembered so that an offer which was on its way does not bring it back.
const CLOSED_KEPT: Duration = Duration::from_secs(60);

const BELL: Token = Token(0);
const UDP: Token = Token(1);
const DOOR: Token = Token(2);
const GUESTS: usize = 1 << 24;
const STREAMS: usize = 1 << 32;

/// What the other threads see of a shard's load.
#[derive(Debug, Default)]
pub(crate) struct Load {
    /// Peer connections, and sessions that are expected to have one soon.
    pub(crate) sessions: AtomicI64,
    pub(crate) expected: AtomicI64,
}

/// What a shard is made of.
pub(crate) struct Parts {
    pub(crate) index: u8,
    pub(crate) config: Arc<MediaConfig>,
    /// Never empty.
    pub(crate) advertised: Arc<[SocketAddr]>,
    pub(crate) poll: Poll,
    pub(crate) udp: std::net::UdpSocket,
    pub(crate) door: Option<Door>,
    pub(crate) checkups: Arc<Checkups>,
    pub(crate) inbox: Inbox,
    pub(crate) outlets: Arc<[Outlet]>,
    pub(crate) published: Arc<Mutex<ShardStats>>,
    pub(crate) load: Arc<Load>,
    pub(crate) emit: Box<dyn Fn(MediaEvent) + Send>,
}

pub(crate) struct Shard {
    pub(crate) index: u8,
    pub(crate) config: Arc<MediaConfig>,
    pub(crate) advertised: Arc<[SocketAddr]>,
    pub(crate) poll: Poll,
    pub(crate) udp: Udp,
    udp_ready: bool,
    /// Taken out while its datagrams are worked off.
    burst: Option<Box<Burst>>,
    pub(crate) door: Option<Door>,
    /// Who may wait at the door.
    queue: Queue,
    pub(crate) inbox: Inbox,
    pub(crate) outlets: Arc<[Outlet]>,
    /// Shards to be woken at the end of the turn.
    pub(crate) to_ring: Vec<bool>,
    published: Arc<Mutex<ShardStats>>,
    pub(crate) load: Arc<Load>,
    pub(crate) emit: Box<dyn Fn(MediaEvent) + Send>,
    pub(crate) sessions: Slab<Session>,
    pub(crate) by_id: HashMap<SessionId, u32>,
    pub(crate) by_ufrag: HashMap<Ufrag, u32>,
    pub(crate) closed: HashMap<SessionId, Instant>,
    pub(crate) addresses: Addresses,
    pub(crate) limit: SourceLimit,
    pub(crate) streams: Slab<Stream>,
    /// Streams that may have more to read.
    pub(crate) streams_ready: Vec<usize>,
    /// Streams with something to write.
    pub(crate) streams_dirty: Vec<usize>,
    pub(crate) read_buffer: Vec<u8>,
    pub(crate) forwarder: Forwarder,
    pub(crate) checkups: Arc<Checkups>,
    pub(crate) probes: Probes,
    /// Network tests of other shards, and when they are over. What is of none is not passed on, so that nobody can fill the
    /// queues between shards with nonsense.
    pub(crate) probes_elsewhere: HashMap<rtc_probe::Token, Instant>,
    /// Packets of the burst that is being worked off.
    pub(crate) packets: Vec<MediaPacket>,
    /// Sessions that were given something.
    pub(crate) touched: Vec<u32>,
    timers: BinaryHeap<Reverse<(Instant, u32)>>,
    next_tick: Instant,
    pub(crate) stats: ShardStats,
    /// The most that waited since figures were last copied out.
    queues: Queues,
    stopping: bool,
}

impl Shard {
    pub(crate) fn new(parts: Parts) -> io::Result<Self> {
        let now = Instant::now();
        let Parts { index, config, advertised, poll, udp, mut door, checkups, inbox, outlets, published, load, emit } = parts;
        let mut udp = Udp::new(udp)?;
        poll.registry().register(udp.source(), UDP, Interest::READABLE | Interest::WRITABLE)?;
        if let Some(door) = &mut door {
            poll.registry().register(door.source(), DOOR, Interest::READABLE)?;
        }
        Ok(Self {
            index,
            limit: SourceLimit::new(now, config.stun_per_second_per_source),
            config,
            advertised,
            poll,
            udp,
            udp_ready: true,
            burst: Some(Box::new(Burst::new())),
            door,
            queue: Queue::Empty,
            inbox,
            to_ring: vec![false; outlets.len()],
            outlets,
            published,
            load,
            emit,
            sessions: Slab::new(),
            by_id: HashMap::new(),
            by_ufrag: HashMap::new(),
            closed: HashMap::new(),
            addresses: Addresses::default(),
            streams: Slab::new(),
            streams_ready: Vec::new(),
            streams_dirty: Vec::new(),
            read_buffer: Vec::new(),
            forwarder: Forwarder::new(index, ForwardConfig::default()),
            checkups,
            probes: Probes::new(now),
            probes_elsewhere: HashMap::new(),
            packets: Vec::new(),
            touched: Vec::new(),
            timers: BinaryHeap::new(),
            next_tick: now + TICK,
            stats: ShardStats::default(),
            queues: Queues::default(),
            stopping: false,
        })
    }

    /// The token that wakes a shard.
    pub(crate) const fn bell() -> Token {
        BELL
    }

    /// Where the door's connections begin to be numbered.
    pub(crate) const fn guests() -> usize {
        GUESTS
    }

    /// Runs until it is told to stop. A panic that is not a session's ends the shard, which the server is told.
    pub(crate) fn run(mut self) {
        let index = self.index;
        match catch_unwind(AssertUnwindSafe(|| self.turns())) {
            Ok(Ok(())) => return,
            Ok(Err(e)) => tracing::error!(shard = index, "media shard has ended: {e}"),
            Err(_) => tracing::error!(shard = index, "media shard panicked and has ended"),
        }
        (self.emit)(MediaEvent::ShardFailed { shard: index });
    }

    fn turns(&mut self) -> io::Result<()> {
        let mut events = Events::with_capacity(1024);
        while !self.stopping {
            let timeout = self.sleep(Instant::now());
            match self.poll.poll(&mut events, Some(timeout)) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                polled => polled?,
            }
            let began = Instant::now();
            self.inbox.hush();
            self.queues.keep_most(&Queues { udp_bytes: self.udp.waiting_bytes() as u64, ..self.inbox.depths() });
            self.handle_events(began, &events);
            self.handle_control(began);
            self.handle_crossed(Instant::now());
            self.handle_passed(Instant::now());
            self.handle_bursts();
            self.handle_streams(Instant::now());
            if self.queue == Queue::Waits {
                self.open_door(Instant::now());
            }
            self.handle_timers(Instant::now());
            self.ring();
            self.stats.busy += began.elapsed();
        }
        Ok(())
    }

    /// How long nothing will be due.
    fn sleep(&self, now: Instant) -> Duration {
        if self.udp_ready || self.queue == Queue::Waits || !self.streams_ready.is_empty() || !self.inbox.is_empty() {
            return Duration::ZERO;
        }
        let timer = self.timers.peek().map(|Reverse((at, _))| *at);
        let door = self.door.as_ref().and_then(Door::poll_timeout);
        let next = [timer, door, self.forwarder.poll_timeout(), self.probes.poll_timeout()]
            .into_iter()
            .flatten()
            .fold(self.next_tick, Instant::min);
        next.saturating_duration_since(now)
    }

    fn handle_events(&mut self, now: Instant, events: &Events) {
        for event in events {
            match event.token() {
                BELL => {}
                UDP => {
                    self.udp_ready |= event.is_readable();
                    if event.is_writable() {
                        self.udp.handle_writable(&mut self.stats.counts, &mut self.stats.drops);
                    }
                }
                DOOR => self.open_door(now),
                Token(token) if token >= STREAMS => {
                    let key = token - STREAMS;
                    if event.is_readable() || event.is_read_closed() || event.is_error() {
                        self.streams_ready.push(key);
                    }
                    if event.is_writable() {
                        self.streams_dirty.push(key);
                    }
                }
                Token(token) => {
                    let Some(door) = &mut self.door else { continue };
                    let greeted = door.handle_readable(now, token - GUESTS, self.poll.registry(), &mut self.stats);
                    if let Some(greeted) = greeted {
                        self.handle_greeted(now, greeted);
                    }
                }
            }
        }
    }

    fn open_door(&mut self, now: Instant) {
        if let Some(door) = &mut self.door {
            self.queue = door.accept(now, self.poll.registry(), &mut self.stats.drops);
        }
    }

    /// What was asked since the last turn.
    pub(crate) fn handle_control(&mut self, now: Instant) {
        for _ in 0..TURN {
            let Ok(control) = self.inbox.control.try_recv() else { break };
            match control {
                Control::Command(command) => self.handle_command(now, command),
                Control::Install { session, peer, answer, reply } => self.install(now, session, peer, answer, reply),
                Control::Renegotiate { session, offer, reply } => self.renegotiate(now, session, *offer, reply),
                Control::Interest { from, layer, on } => self.forwarder.handle_interest(now, from, layer, on),
                Control::Keyframe { layer, need } => self.forwarder.handle_layer_keyframe_request(now, layer, need),
                Control::Address { address, shard } => {
                    self.addresses.insert(now, address, crate::route::Place::Elsewhere(shard));
                }
                Control::Stream(greeted) => self.handle_greeted(now, greeted),
                Control::Probe { token, terms } => self.probes.handle_begin(token, *terms),
                Control::ProbeElsewhere { token, until } => drop(self.probes_elsewhere.insert(token, until)),
                Control::ProbeEnd { token, reply } => reply(self.probes.handle_end(token)),
                Control::Stats(reply) => {
                    // Who asked may have stopped waiting.
                    let _ = reply.send(self.figures());
                }
                Control::Stop => {
                    self.stop(now);
                    return;
                }
            }
        }
        self.settle(now);
    }

    /// Packets that other shards handed over.
    fn handle_crossed(&mut self, now: Instant) {
        let mut any = false;
        for _ in 0..TURN {
            let Ok(packet) = self.inbox.packets.try_recv() else { break };
            self.forward(now, &packet);
            any = true;
        }
        if any {
            self.settle(now);
        }
    }

    /// Datagrams that landed on other shards.
    fn handle_passed(&mut self, now: Instant) {
        let mut any = false;
        for _ in 0..TURN {
            let Ok(passed) = self.inbox.datagrams.try_recv() else { break };
            self.handle_passed_datagram(now, &passed);
            any = true;
        }
        if any {
            self.settle(now);
        }
    }

    fn handle_bursts(&mut self) {
        let Some(mut burst) = self.burst.take() else { return };
        for _ in 0..BURSTS {
            if !self.udp_ready {
                break;
            }
            match self.udp.receive(&mut burst) {
                Ok(more) => self.udp_ready = more,
                // An error of an earlier send, such as an unreachable port, is reported at the next read.
                Err(e) if e.kind() == io::ErrorKind::Interrupted || is_peers_fault(&e) => continue,
                Err(e) => {
                    // Such as a system without memory. The socket tells when there is something again.
                    tracing::warn!(shard = self.index, "UDP cannot be read: {e}");
                    self.udp_ready = false;
                    break;
                }
            }
            let now = Instant::now();
            for arrival in burst.arrivals() {
                self.handle_arrival(now, arrival);
            }
            self.settle(now);
        }
        self.burst = Some(burst);
    }

    fn handle_streams(&mut self, now: Instant) {
        for key in std::mem::take(&mut self.streams_ready) {
            self.read_stream(now, key);
        }
        self.settle(now);
    }

    fn handle_timers(&mut self, now: Instant) {
        while let Some(Reverse((at, key))) = self.timers.peek().copied() {
            if at > now {
                break;
            }
            self.timers.pop();
            let Some(session) = self.sessions.get_mut(key as usize) else { continue };
            if session.scheduled != Some(at) {
                // Overtaken by an earlier one, or of a session that had the key before.
                continue;
            }
            session.scheduled = None;
            match session.deadline {
                Some(deadline) if deadline <= now => self.touch(key),
                Some(deadline) => self.schedule(key, deadline),
                None => {}
            }
        }
        if self.forwarder.poll_timeout().is_some_and(|at| at <= now) {
            self.forwarder.handle_timeout(now);
        }
        if self.probes.poll_timeout().is_some_and(|at| at <= now) {
            self.probes.handle_timeout(now);
            self.send_probes();
        }
        if let Some(door) = &mut self.door {
            door.handle_timeout(now, &mut self.stats.drops);
        }
        if now >= self.next_tick {
            self.next_tick = now + TICK;
            self.handle_tick(now);
        }
        self.settle(now);
    }

    fn handle_tick(&mut self, now: Instant) {
        self.addresses.handle_timeout(now);
        self.probes_elsewhere.retain(|_, until| *until > now);
        self.closed.retain(|_, at| now.saturating_duration_since(*at) < CLOSED_KEPT);
        let overdue: Vec<u32> =
            self.sessions.iter().filter(|(_, session)| session.is_overdue(now)).map(|(key, _)| key as u32).collect();
        for key in overdue {
            self.end(now, key, EndReason::TimedOut);
        }
        let stuck: Vec<usize> = self.streams.iter().filter(|(_, stream)| stream.is_stuck(now)).map(|(key, _)| key).collect();
        for key in stuck {
            self.close_stream(key);
        }
        if self.queue == Queue::Stuck {
            self.open_door(now);
        }
        *self.published.lock().unwrap_or_else(PoisonError::into_inner) = self.figures();
        self.queues = Queues::default();
    }

    pub(crate) fn figures(&self) -> ShardStats {
        let mut stats = self.stats;
        stats.sessions = self.sessions.len() as u64;
        (stats.queues, stats.waits) = (self.queues, *self.forwarder.waits());
        stats.connected = self.sessions.iter().filter(|(_, session)| session.is_connected()).count() as u64;
        let guests = self.door.as_ref().map_or(0, Door::guests);
        stats.tcp_connections = (self.streams.len() + guests) as u64;
        stats
    }

    /// Works off what the last inputs have caused, until nothing is left: packets to forward, things the forwarder wants
    /// done, sessions to be called. Then sends what has gathered.
    pub(crate) fn settle(&mut self, now: Instant) {
        loop {
            let mut packets = std::mem::take(&mut self.packets);
            for packet in &packets {
                self.forward(now, packet);
            }
            packets.clear();
            if self.packets.is_empty() {
                // Keep the allocation.
                self.packets = packets;
            }
            while let Some(output) = self.forwarder.poll_output() {
                self.handle_output(now, output);
            }
            if self.touched.is_empty() {
                break;
            }
            let mut touched = std::mem::take(&mut self.touched);
            for key in touched.drain(..) {
                self.call(now, key);
            }
            if self.touched.is_empty() {
                self.touched = touched;
            }
        }
        self.udp.flush(&mut self.stats.counts, &mut self.stats.drops);
        for key in std::mem::take(&mut self.streams_dirty) {
            if self.streams.get_mut(key).is_some_and(|stream| stream.flush(now).is_err()) {
                self.close_stream(key);
            }
        }
    }

    /// Tells another shard something it should not miss.
    pub(crate) fn tell(&mut self, shard: u8, control: Control) {
        let Some(outlet) = self.outlets.get(usize::from(shard)) else { return };
        if outlet.try_ask(control).is_err() {
            self.stats.drops.queue_overflow += 1;
        }
        self.to_ring[usize::from(shard)] = true;
    }

    pub(crate) fn ring_later(&mut self, shard: usize) {
        self.to_ring[shard] = true;
    }

    fn ring(&mut self) {
        for (outlet, ring) in self.outlets.iter().zip(&mut self.to_ring) {
            if std::mem::take(ring) {
                outlet.ring();
            }
        }
    }

    /// Has a session called at the end of the turn.
    pub(crate) fn touch(&mut self, key: u32) {
        if let Some(session) = self.sessions.get_mut(key as usize)
            && !std::mem::replace(&mut session.touched, true)
        {
            self.touched.push(key);
        }
    }

    pub(crate) fn schedule(&mut self, key: u32, at: Instant) {
        let Some(session) = self.sessions.get_mut(key as usize) else { return };
        session.deadline = Some(at);
        if session.scheduled.is_none_or(|scheduled| at < scheduled) {
            session.scheduled = Some(at);
            self.timers.push(Reverse((at, key)));
        }
    }

    fn stop(&mut self, now: Instant) {
        let keys: Vec<u32> = self.sessions.iter().map(|(key, _)| key as u32).collect();
        for key in keys {
            self.remove(now, key);
        }
        self.settle(now);
        self.stopping = true;
    }

    pub(crate) fn loads(&self, change: i64) {
        self.load.sessions.fetch_add(change, Ordering::Relaxed);
    }

    pub(crate) const fn stream_token(key: usize) -> Token {
        Token(STREAMS + key)
    }
}

/// Faults that ICMP reports about somebody we sent to.
fn is_peers_fault(e: &io::Error) -> bool {
    use io::ErrorKind as K;
    matches!(e.kind(), K::ConnectionRefused | K::ConnectionReset | K::HostUnreachable | K::NetworkUnreachable)
}
