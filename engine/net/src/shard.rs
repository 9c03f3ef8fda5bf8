//! A shard: one thread with its loop, its UDP socket and its sessions. This file is the loop and what runs in it by the
//! clock; `arrivals` takes datagrams in, `membership` brings sessions in and out.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::io;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use mio::{Events, Interest, Poll, Token};
use rtc_protocol::SessionId;
use rtc_sfu::{ForwardConfig, Forwarder, Output, PeerKey};
use slab::Slab;

use crate::inbox::{Control, Inbox, Outlet};
use crate::media::MediaEvent;
use crate::peer::{MediaPacket, PeerEvent, PeerOutput, Transmit, Transport, Written};
use crate::route::{Addresses, SourceLimit, Ufrag};
use crate::session::Session;
use crate::socket::{Burst, Udp};
use crate::stats::ShardStats;
use crate::tcp::{Door, Stream};
use crate::{EndReason, MediaConfig};

/// Bursts read from the socket before other things have their turn; each has up to 32 reads.
const BURSTS: usize = 8;
/// Messages taken from a queue before other things have their turn.
const TURN: usize = 1024;
/// How often figures are copied out and old things are thrown away.
const TICK: Duration = Duration::from_secs(1);
/// With bandwidth estimation, packets are paced; releasing what has gathered over this time keeps them in batches.
const PACING_STEP: Duration = Duration::from_millis(2);
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
    /// The door could not open because the system has no room.
    door_waits: bool,
    pub(crate) inbox: Inbox,
    pub(crate) outlets: Arc<[Outlet]>,
    /// Shards to be woken at the end of the turn.
    to_ring: Vec<bool>,
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
    streams_dirty: Vec<usize>,
    pub(crate) read_buffer: Vec<u8>,
    pub(crate) forwarder: Forwarder,
    /// Packets of the burst that is being worked off.
    pub(crate) packets: Vec<MediaPacket>,
    /// Sessions that were given something.
    touched: Vec<u32>,
    timers: BinaryHeap<Reverse<(Instant, u32)>>,
    next_tick: Instant,
    pub(crate) stats: ShardStats,
    stopping: bool,
}

impl Shard {
    pub(crate) fn new(parts: Parts) -> io::Result<Self> {
        let now = Instant::now();
        let Parts { index, config, advertised, poll, udp, mut door, inbox, outlets, published, load, emit } = parts;
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
            door_waits: false,
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
            packets: Vec::new(),
            touched: Vec::new(),
            timers: BinaryHeap::new(),
            next_tick: now + TICK,
            stats: ShardStats::default(),
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
            self.handle_events(began, &events);
            self.handle_control(began);
            self.handle_crossed(Instant::now());
            self.handle_passed(Instant::now());
            self.handle_bursts()?;
            self.handle_streams(Instant::now());
            self.handle_timers(Instant::now());
            self.ring();
            self.stats.busy += began.elapsed();
        }
        Ok(())
    }

    /// How long nothing will be due.
    fn sleep(&self, now: Instant) -> Duration {
        if self.udp_ready || !self.streams_ready.is_empty() || !self.inbox.is_empty() {
            return Duration::ZERO;
        }
        let timer = self.timers.peek().map(|Reverse((at, _))| *at);
        let door = self.door.as_ref().and_then(Door::poll_timeout);
        let next = [timer, door, self.forwarder.poll_timeout()].into_iter().flatten().fold(self.next_tick, Instant::min);
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
                    let greeted = door.handle_readable(token - GUESTS, self.poll.registry(), &mut self.stats.drops);
                    if let Some(greeted) = greeted {
                        self.handle_greeted(now, greeted);
                    }
                }
            }
        }
    }

    fn open_door(&mut self, now: Instant) {
        if let Some(door) = &mut self.door {
            self.door_waits = door.accept(now, self.poll.registry(), &mut self.stats.drops);
        }
    }

    /// What was asked since the last turn.
    pub(crate) fn handle_control(&mut self, now: Instant) {
        for _ in 0..TURN {
            let Ok(control) = self.inbox.control.try_recv() else { break };
            match control {
                Control::Command(command) => self.handle_command(now, command),
                Control::Install { session, peer, answer, reply } => self.install(now, session, peer, answer, reply),
                Control::Renegotiate(application) => self.renegotiate(now, *application),
                Control::Interest { from, layer, on } => self.forwarder.handle_interest(now, from, layer, on),
                Control::Keyframe { layer, need } => self.forwarder.handle_layer_keyframe_request(now, layer, need),
                Control::Address { address, shard } => {
                    self.addresses.insert(now, address, crate::route::Place::Elsewhere(shard));
                }
                Control::Stream(greeted) => self.handle_greeted(now, greeted),
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

    fn handle_bursts(&mut self) -> io::Result<()> {
        let Some(mut burst) = self.burst.take() else { return Ok(()) };
        for _ in 0..BURSTS {
            if !self.udp_ready {
                break;
            }
            match self.udp.receive(&mut burst) {
                Ok(more) => self.udp_ready = more,
                // An error of an earlier send, such as an unreachable port, is reported at the next read.
                Err(e) if e.kind() == io::ErrorKind::Interrupted || is_peers_fault(&e) => continue,
                Err(e) => return Err(e),
            }
            let now = Instant::now();
            for arrival in burst.arrivals() {
                self.handle_arrival(now, arrival);
            }
            self.settle(now);
        }
        self.burst = Some(burst);
        Ok(())
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
        if self.door_waits {
            self.open_door(now);
        }
        *self.published.lock().unwrap_or_else(PoisonError::into_inner) = self.figures();
    }

    pub(crate) fn figures(&self) -> ShardStats {
        let mut stats = self.stats;
        stats.sessions = self.sessions.len() as u64;
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

    /// Sends a packet to the viewers of this shard, and if it is a publisher's own packet, to the other shards.
    fn forward(&mut self, now: Instant, packet: &MediaPacket) {
        let Self { forwarder, sessions, touched, stats, .. } = self;
        forwarder.handle_packet(now, &packet.info, &mut |PeerKey(key), rewrite| {
            let Some(session) = sessions.get_mut(key as usize) else { return };
            let written = catch_unwind(AssertUnwindSafe(|| session.peer.write(now, packet, rewrite)));
            match written {
                Ok(Written::Yes) => stats.counts.packets_out += 1,
                Ok(Written::NoCodec) => stats.drops.codec_mismatch += 1,
                Ok(Written::Congested) => stats.drops.congested += 1,
                Ok(Written::NoSlot) => {}
                Err(_) => session.broken = true,
            }
            if !std::mem::replace(&mut session.touched, true) {
                touched.push(key);
            }
        });
        if packet.info.layer.source.publisher.shard() != self.index {
            return;
        }
        let mut shared = None;
        for shard in self.forwarder.interested_shards(&packet.info.layer).iter().filter(|shard| *shard != self.index) {
            let Some(outlet) = self.outlets.get(usize::from(shard)) else { continue };
            let shared = shared.get_or_insert_with(|| Arc::new(packet.clone()));
            match outlet.try_hand(shared.clone()) {
                Ok(()) => self.stats.counts.packets_crossed += 1,
                Err(_) => self.stats.drops.queue_overflow += 1,
            }
            self.to_ring[usize::from(shard)] = true;
        }
    }

    fn handle_output(&mut self, now: Instant, output: Output) {
        match output {
            Output::Interest { layer, on } => match layer.source.publisher.shard() {
                shard if shard == self.index => self.forwarder.handle_interest(now, shard, layer, on),
                shard => self.tell(shard, Control::Interest { from: self.index, layer, on }),
            },
            Output::Keyframe { layer, need } => match layer.source.publisher.shard() {
                shard if shard == self.index => self.forwarder.handle_layer_keyframe_request(now, layer, need),
                shard => self.tell(shard, Control::Keyframe { layer, need }),
            },
            Output::RequestKeyframe { key: PeerKey(key), track, layer } => {
                let Some(session) = self.sessions.get_mut(key as usize) else { return };
                self.stats.counts.keyframes_requested += 1;
                let peer = &mut session.peer;
                session.broken |= catch_unwind(AssertUnwindSafe(|| peer.request_keyframe(track, layer))).is_err();
                self.touch(key);
            }
            Output::Slots { session, changed } => {
                let Some(peer) = self.by_id.get(&session).and_then(|key| self.sessions.get(*key as usize)) else { return };
                let changed = changed
                    .into_iter()
                    .filter_map(|(slot, source)| Some((peer.peer.slot_mid(slot)?.to_owned(), source)))
                    .collect();
                (self.emit)(MediaEvent::Slots { session, changed });
            }
            Output::Encode { session, layers } => (self.emit)(MediaEvent::Encode { session, layers }),
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

    fn schedule(&mut self, key: u32, at: Instant) {
        let Some(session) = self.sessions.get_mut(key as usize) else { return };
        session.deadline = Some(at);
        if session.scheduled.is_none_or(|scheduled| at < scheduled) {
            session.scheduled = Some(at);
            self.timers.push(Reverse((at, key)));
        }
    }

    /// Tells a session the time and takes what it has to say.
    fn call(&mut self, now: Instant, key: u32) {
        let Some(session) = self.sessions.get_mut(key as usize) else { return };
        session.touched = false;
        if session.broken {
            return self.fail(now, key);
        }
        let peer = &mut session.peer;
        match catch_unwind(AssertUnwindSafe(|| peer.handle_timeout(now))) {
            Ok(Ok(())) => self.listen(now, key),
            Ok(Err(fault)) => {
                tracing::info!(session = %session.id, "peer connection broke: {fault}");
                self.end(now, key, EndReason::Failed);
            }
            Err(_) => self.fail(now, key),
        }
    }

    /// Takes what a session has to say, until it has no more.
    pub(crate) fn listen(&mut self, now: Instant, key: u32) {
        loop {
            let Some(session) = self.sessions.get_mut(key as usize) else { return };
            let peer = &mut session.peer;
            let output = match catch_unwind(AssertUnwindSafe(|| peer.poll_output())) {
                Ok(Ok(output)) => output,
                Ok(Err(fault)) => {
                    tracing::info!(session = %session.id, "peer connection broke: {fault}");
                    return self.end(now, key, EndReason::Failed);
                }
                Err(_) => return self.fail(now, key),
            };
            match output {
                PeerOutput::Timeout(at) if self.config.bandwidth_estimation => {
                    return self.schedule(key, at.max(now + PACING_STEP));
                }
                PeerOutput::Timeout(at) => return self.schedule(key, at),
                PeerOutput::Transmit(transmit) => self.transmit(key, &transmit),
                PeerOutput::Event(PeerEvent::Closed) => return self.end(now, key, EndReason::Closed),
                PeerOutput::Event(event) => self.handle_event(now, key, event),
            }
        }
    }

    fn handle_event(&mut self, now: Instant, key: u32, event: PeerEvent) {
        let Some(session) = self.sessions.get_mut(key as usize) else { return };
        if session.leaving {
            return;
        }
        let id = session.id;
        match event {
            PeerEvent::Connected => {
                session.set_connected(now, true);
                (self.emit)(MediaEvent::Connected { session: id });
            }
            PeerEvent::Lost => {
                session.set_connected(now, false);
                (self.emit)(MediaEvent::Lost { session: id });
            }
            PeerEvent::Packet(packet) => {
                self.stats.counts.packets_in += 1;
                self.stats.counts.keyframes_in += u64::from(packet.info.keyframe);
                self.packets.push(packet);
            }
            PeerEvent::Unexpected => self.stats.drops.rtp_unexpected += 1,
            PeerEvent::KeyframeWanted(slot) => self.forwarder.handle_keyframe_request(now, PeerKey(key), slot),
            // Handled where it ends the session.
            PeerEvent::Closed => {}
        }
    }

    fn transmit(&mut self, key: u32, transmit: &Transmit) {
        let Some(session) = self.sessions.get_mut(key as usize) else { return };
        let stun = transmit.bytes.first().is_some_and(|first| *first < 4);
        let ((transport, address), local_ip) = session.destination((transmit.transport, transmit.destination), stun);
        let ShardStats { counts, drops, .. } = &mut self.stats;
        match transport {
            Transport::Udp => self.udp.push(address, local_ip, &transmit.bytes, counts, drops),
            Transport::Tcp => {
                let stream = session.streams.iter().find(|(remote, _)| *remote == address).map(|(_, stream)| *stream);
                let Some(stream) = stream else { return };
                if self.streams.get_mut(stream).is_some_and(|stream| stream.push(&transmit.bytes)) {
                    counts.datagrams_out += 1;
                    counts.bytes_out += transmit.bytes.len() as u64;
                    if self.streams_dirty.last() != Some(&stream) {
                        self.streams_dirty.push(stream);
                    }
                } else {
                    drops.tcp_send += 1;
                }
            }
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
