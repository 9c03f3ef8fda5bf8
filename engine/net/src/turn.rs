//! TURN on a shard: clients come over UDP, TCP or TLS, and what they send to media enters as if it came from their relayed
//! address, without a socket in between. What is allowed is decided by `rtc_turn`.

mod stream;

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use rtc_turn::{Caller, Cause, Outcome, Server, is_relayed, owner};
use slab::Slab;

pub use self::stream::TurnVisitor;
pub(crate) use self::stream::{TurnGuest, TurnStream};
use crate::arrivals::Entrance;
use crate::inbox::{Control, Passed};
use crate::route::Protocol;
use crate::shard::Shard;
use crate::tcp::Frames;

/// How long a connection may be without an allocation.
const IDLE: Duration = Duration::from_secs(10);

/// What a shard keeps for it.
pub(crate) struct Turns {
    server: Server,
    streams: Slab<TurnStream>,
    /// Streams that may have more to read, and those with something to write.
    ready: Vec<usize>,
    dirty: Vec<usize>,
    /// The shard that the door's next connection goes to.
    next: u8,
}

impl Turns {
    pub(crate) fn new(server: Server) -> Self {
        Self { server, streams: Slab::new(), ready: Vec::new(), dirty: Vec::new(), next: 0 }
    }

    /// The socket of a stream has something to read, or room.
    pub(crate) fn handle_event(&mut self, key: usize, is_readable: bool, is_writable: bool) {
        if is_readable {
            self.ready.push(key);
        }
        if is_writable {
            self.dirty.push(key);
        }
    }

    pub(crate) fn is_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    pub(crate) fn streams(&self) -> usize {
        self.streams.len()
    }

    pub(crate) fn allocations(&self) -> usize {
        self.server.open()
    }

    /// Writes what the clients' connections take.
    pub(crate) fn flush(&mut self, now: Instant) {
        for key in std::mem::take(&mut self.dirty) {
            if self.streams.get_mut(key).is_some_and(|stream| stream.flush(now).is_err()) {
                self.close(key);
            }
        }
    }

    fn close(&mut self, key: usize) {
        if self.streams.try_remove(key).is_some() {
            self.server.handle_closed(&Caller::Stream(key));
        }
    }
}

impl Shard {
    /// A datagram of the own socket that is TURN's. Gives it back when it is not, or TURN is not spoken here.
    pub(crate) fn handle_turn_datagram(
        &mut self,
        now: Instant,
        remote: SocketAddr,
        local_ip: Option<IpAddr>,
        bytes: &[u8],
    ) -> bool {
        let is_turn = self.turns.is_some() && rtc_turn::is_turn(bytes);
        if is_turn {
            self.handle_turn(now, Caller::Udp { remote, local_ip }, remote, bytes);
        }
        is_turn
    }

    /// A connection that speaks TURN. The door is one shard's; the connections are everybody's.
    pub(crate) fn handle_turn_guest(&mut self, now: Instant, guest: Box<TurnGuest>) {
        let Some(turns) = &mut self.turns else { return };
        let shard = turns.next % self.outlets.len() as u8;
        turns.next = shard + 1;
        if shard == self.index {
            self.install_turn(now, *guest);
        } else {
            self.tell(shard, Control::Turn(guest));
        }
    }

    /// Takes a connection that speaks TURN.
    pub(crate) fn install_turn(&mut self, now: Instant, guest: TurnGuest) {
        let Some(turns) = &mut self.turns else { return };
        let entry = turns.streams.vacant_entry();
        let key = entry.key();
        match TurnStream::new(now, guest, self.poll.registry(), Self::turn_token(key)) {
            Ok(stream) => {
                entry.insert(stream);
                // It has been read from already.
                turns.ready.push(key);
            }
            Err(error) => tracing::debug!("TURN connection: {error}"),
        }
    }

    /// Reads from the connections that may have something.
    pub(crate) fn read_turns(&mut self, now: Instant) {
        let Some(turns) = &mut self.turns else { return };
        let ready = std::mem::take(&mut turns.ready);
        let mut buffer = std::mem::take(&mut self.read_buffer);
        for key in ready {
            self.read_turn(now, key, &mut buffer);
        }
        self.read_buffer = buffer;
    }

    fn read_turn(&mut self, now: Instant, key: usize, buffer: &mut Vec<u8>) {
        let Some(stream) = self.turns.as_mut().and_then(|turns| turns.streams.get_mut(key)) else { return };
        let remote = stream.remote;
        let Frames { frames, more, over } = stream.read(buffer);
        for frame in frames {
            self.stats.counts.datagrams_in += 1;
            self.stats.counts.bytes_in += frame.len() as u64;
            self.handle_turn(now, Caller::Stream(key), remote, &buffer[frame]);
        }
        let Some(turns) = &mut self.turns else { return };
        if over {
            turns.close(key);
        } else {
            // TLS may have something to say of its own.
            turns.dirty.push(key);
            if more {
                turns.ready.push(key);
            }
        }
    }

    fn handle_turn(&mut self, now: Instant, caller: Caller, remote: SocketAddr, bytes: &[u8]) {
        let Some(turns) = &mut self.turns else { return };
        let held = turns.server.open();
        if !turns.server.knows(&caller) && !self.limit.allows(now, remote.ip()) {
            self.stats.drops.turn_limited += 1;
            return;
        }
        match turns.server.handle(now, caller, remote, bytes) {
            Outcome::Answer { bytes, refused } => {
                self.stats.counts.turn_allocated += u64::from(turns.server.open() > held);
                self.stats.drops.turn_refused += u64::from(refused.is_some());
                self.send_turn(caller, remote, &bytes);
            }
            Outcome::Relay { from, to, data } => {
                self.stats.counts.turn_in += 1;
                self.handle_relayed(now, remote, from, to, data);
            }
            Outcome::Drop(Cause::Malformed) => self.stats.drops.turn_malformed += 1,
            Outcome::Drop(Cause::Unpermitted) => self.stats.drops.turn_unpermitted += 1,
        }
    }

    /// What a client sends to media.
    fn handle_relayed(&mut self, now: Instant, remote: SocketAddr, from: SocketAddr, to: SocketAddr, data: &[u8]) {
        match Protocol::of(data) {
            // A network is tested without a relay in it.
            Protocol::Unknown | Protocol::Probe => self.stats.drops.unknown_protocol += 1,
            // All relayed addresses look like one source, so it counts for who sends it.
            Protocol::Stun if self.addresses.place(&from).is_none() && !self.limit.allows(now, remote.ip()) => {
                self.stats.drops.stun_limited += 1;
            }
            _ => self.route(now, Entrance::Own, from, Some(to.ip()), data),
        }
    }

    /// Sends a datagram wherever its address is.
    pub(crate) fn send(&mut self, to: SocketAddr, from: Option<IpAddr>, bytes: &[u8]) {
        if is_relayed(&to) {
            self.relay(to, from, bytes);
        } else {
            self.udp.push(to, from, bytes, &mut self.stats.counts, &mut self.stats.drops);
        }
    }

    /// Sends a datagram to a relayed address, which is perhaps another shard's. `from` is the address of ours it comes from.
    pub(crate) fn relay(&mut self, to: SocketAddr, from: Option<IpAddr>, bytes: &[u8]) {
        // At most as many as there are shards.
        let shard = owner(&to, self.outlets.len() as u8);
        if shard == self.index {
            return self.relay_here(to, from, bytes);
        }
        match self.outlets[usize::from(shard)].try_pass(Passed::outward(self.index, to, from, bytes)) {
            Ok(()) => self.stats.counts.datagrams_passed += 1,
            Err(_) => self.stats.drops.queue_overflow += 1,
        }
        self.ring_later(usize::from(shard));
    }

    /// Sends a datagram to a relayed address of this shard.
    pub(crate) fn relay_here(&mut self, to: SocketAddr, from: Option<IpAddr>, bytes: &[u8]) {
        let Some(turns) = &mut self.turns else { return };
        let Some((caller, remote, wrapped)) = turns.server.wrap(Instant::now(), to, from, bytes, &rand::random()) else {
            self.stats.drops.turn_astray += 1;
            return;
        };
        self.stats.counts.turn_out += 1;
        let (counts, drops) = (&mut self.stats.counts, &mut self.stats.drops);
        match caller {
            Caller::Udp { local_ip, .. } => self.udp.push(remote, local_ip, wrapped, counts, drops),
            Caller::Stream(key) => match turns.streams.get_mut(key).is_some_and(|stream| stream.push(wrapped)) {
                true => {
                    counts.datagrams_out += 1;
                    counts.bytes_out += wrapped.len() as u64;
                    turns.dirty.push(key);
                }
                false => drops.tcp_send += 1,
            },
        }
    }

    fn send_turn(&mut self, caller: Caller, remote: SocketAddr, answer: &[u8]) {
        let (counts, drops) = (&mut self.stats.counts, &mut self.stats.drops);
        match (caller, &mut self.turns) {
            (Caller::Udp { local_ip, .. }, _) => self.udp.push(remote, local_ip, answer, counts, drops),
            (Caller::Stream(key), Some(turns)) => {
                if turns.streams.get_mut(key).is_some_and(|stream| stream.push(answer)) {
                    turns.dirty.push(key);
                } else {
                    drops.tcp_send += 1;
                }
            }
            (Caller::Stream(_), None) => {}
        }
    }

    /// Ends what has run out, and closes connections that are of no use.
    pub(crate) fn tick_turns(&mut self, now: Instant) {
        let Some(turns) = &mut self.turns else { return };
        let Turns { server, streams, .. } = turns;
        server.handle_timeout(now);
        let mut over = Vec::new();
        for (key, stream) in streams.iter_mut() {
            let is_idle = stream.is_idle(now, server.knows(&Caller::Stream(key)), IDLE);
            if is_idle || stream.is_stuck(now) {
                self.stats.drops.tcp_silent += u64::from(is_idle);
                over.push(key);
            }
        }
        for key in over {
            turns.close(key);
        }
    }
}
