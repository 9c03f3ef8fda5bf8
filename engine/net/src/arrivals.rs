//! Datagrams on their way in: told apart, passed on or given to their session, or counted and dropped.

use std::net::{IpAddr, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use rtc_sfu::PeerKey;

use crate::checkup::Checkups;
use crate::inbox::{Control, Passed};
use crate::peer::{Datagram, Taken, Transport};
use crate::route::{MAX_DATAGRAM, Place, Protocol, Ufrag};
use crate::shard::{PAUSE, Shard};
use crate::socket::Arrival;
use crate::stun::{self, Glance};
use crate::tcp::{Frames, Greeted, Stream};

/// Where a datagram came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entrance {
    /// This shard's own socket.
    Own,
    /// Another shard's socket.
    Shard(u8),
}

impl Shard {
    /// A datagram of the own socket.
    pub(crate) fn handle_arrival(&mut self, now: Instant, arrival: Arrival<'_>) {
        let Arrival { source, local_ip, bytes } = arrival;
        self.stats.counts.datagrams_in += 1;
        self.stats.counts.bytes_in += bytes.len() as u64;
        if bytes.len() > MAX_DATAGRAM {
            self.stats.drops.oversized += 1;
            return;
        }
        // Nobody sends from there but through an allocation.
        if rtc_turn::is_relayed(&source) {
            self.stats.drops.turn_forged += 1;
            return;
        }
        if self.handle_turn_datagram(now, source, local_ip, bytes) {
            return;
        }
        self.route(now, Entrance::Own, source, local_ip, bytes);
    }

    /// A datagram of another shard's socket.
    pub(crate) fn handle_passed_datagram(&mut self, now: Instant, passed: &Passed) {
        if passed.is_outward {
            return self.relay_here(passed.source, passed.local_ip, passed.bytes());
        }
        self.route(now, Entrance::Shard(passed.from), passed.source, passed.local_ip, passed.bytes());
    }

    /// Finds out whose a datagram is.
    pub(crate) fn route(
        &mut self,
        now: Instant,
        entrance: Entrance,
        source: SocketAddr,
        local_ip: Option<IpAddr>,
        bytes: &[u8],
    ) {
        let protocol = Protocol::of(bytes);
        match protocol {
            Protocol::Unknown => self.stats.drops.unknown_protocol += 1,
            Protocol::Stun => self.route_stun(now, entrance, source, local_ip, bytes),
            Protocol::Probe => self.route_probe(now, entrance, source, local_ip, bytes),
            Protocol::Dtls | Protocol::Rtp | Protocol::Rtcp => match (self.place(now, &source), entrance) {
                (Some(Place::Here(key)), _) => {
                    let local = self.advertised_for(local_ip, source);
                    let datagram = Datagram { transport: Transport::Udp, protocol, source, local, bytes };
                    self.deliver(now, key, &datagram);
                }
                (Some(Place::Elsewhere(shard)), Entrance::Own) => {
                    self.pass(usize::from(shard), source, local_ip, bytes);
                }
                (Some(Place::Elsewhere(_)) | None, Entrance::Shard(_)) => self.stats.drops.astray += 1,
                (None, Entrance::Own) if protocol == Protocol::Dtls => self.stats.drops.dtls_unproved += 1,
                (None, Entrance::Own) => self.stats.drops.rtp_unproved += 1,
            },
        }
    }

    /// Where datagrams of an address belong. The shard that proved an address says so before it answers the client, but
    /// that message may still be in the queue.
    fn place(&mut self, now: Instant, source: &SocketAddr) -> Option<Place> {
        let place = self.addresses.place(source);
        if place.is_some() || self.inbox.control.is_empty() {
            return place;
        }
        self.handle_control(now);
        self.addresses.place(source)
    }

    fn route_stun(&mut self, now: Instant, entrance: Entrance, source: SocketAddr, local_ip: Option<IpAddr>, bytes: &[u8]) {
        let Glance::Request { ufrag, nominates } = stun::glance(bytes) else {
            self.stats.drops.stun_malformed += 1;
            return;
        };
        let ufrag = Ufrag::parse(ufrag);
        if let Some(ufrag) = ufrag.filter(|ufrag| Checkups::names(*ufrag)) {
            return self.answer_checkup(now, ufrag, source, local_ip, bytes);
        }
        let Some(ufrag) = ufrag.filter(|ufrag| ufrag.shard() < self.outlets.len()) else {
            self.stats.drops.stun_unknown += 1;
            return;
        };
        if entrance == Entrance::Own && self.addresses.place(&source).is_none() && !self.allows(now, &source) {
            self.stats.drops.stun_limited += 1;
            return;
        }
        let from = match entrance {
            Entrance::Own if ufrag.shard() != usize::from(self.index) => {
                return self.pass(ufrag.shard(), source, local_ip, bytes);
            }
            Entrance::Own => None,
            Entrance::Shard(shard) => Some(shard),
        };
        let Some(key) = self.by_ufrag.get(&ufrag).copied() else {
            self.stats.drops.stun_unknown += 1;
            return;
        };
        let local = self.advertised_for(local_ip, source);
        let datagram = Datagram { transport: Transport::Udp, protocol: Protocol::Stun, source, local, bytes };
        if self.prove(now, key, &datagram, local_ip, from, nominates) {
            self.deliver(now, key, &datagram);
        }
    }

    /// A check of somebody who is no session. Any shard can answer it.
    fn answer_checkup(&mut self, now: Instant, ufrag: Ufrag, source: SocketAddr, local_ip: Option<IpAddr>, check: &[u8]) {
        if !self.allows(now, &source) {
            self.stats.drops.stun_limited += 1;
            return;
        }
        match self.checkups.answer(now, ufrag, source, check) {
            Some(answer) => {
                self.stats.counts.checkups += 1;
                self.send(source, local_ip, &answer);
            }
            None => self.stats.drops.stun_refused += 1,
        }
    }

    /// Whether one more STUN message of an unproved source may pass. What came by TURN has been counted there.
    fn allows(&mut self, now: Instant, source: &SocketAddr) -> bool {
        rtc_turn::is_relayed(source) || self.limit.allows(now, source.ip())
    }

    fn route_probe(&mut self, now: Instant, entrance: Entrance, source: SocketAddr, local_ip: Option<IpAddr>, bytes: &[u8]) {
        let Some(token) = rtc_probe::glance(bytes) else {
            self.stats.drops.probe_refused += 1;
            return;
        };
        if token.shard() != self.index {
            match entrance {
                Entrance::Own if self.probes_elsewhere.contains_key(&token) => {
                    self.pass(usize::from(token.shard()), source, local_ip, bytes);
                }
                Entrance::Own => self.stats.drops.probe_refused += 1,
                Entrance::Shard(_) => self.stats.drops.astray += 1,
            }
            return;
        }
        if self.probes.handle_datagram(now, source, local_ip, bytes).is_err() {
            self.stats.drops.probe_refused += 1;
        }
        self.send_probes();
    }

    /// Checks the password of a STUN message; what follows from it is written down.
    fn prove(
        &mut self,
        now: Instant,
        key: u32,
        datagram: &Datagram<'_>,
        local_ip: Option<IpAddr>,
        from: Option<u8>,
        nominates: bool,
    ) -> bool {
        let Some(session) = self.sessions.get_mut(key as usize) else { return false };
        let peer = &session.peer;
        match catch_unwind(AssertUnwindSafe(|| peer.proves(now, datagram))) {
            Ok(true) => {}
            Ok(false) => {
                self.stats.drops.stun_refused += 1;
                return false;
            }
            Err(_) => {
                self.fail(now, key);
                return false;
            }
        }
        let route = (datagram.transport, datagram.source);
        if session.is_recorded(route, stun::transaction(datagram.bytes)) {
            self.stats.drops.stun_refused += 1;
            return false;
        }
        let proof = session.handle_proof(now, route, local_ip, from, nominates);
        if let Some(address) = proof.forget {
            self.addresses.remove(&address, key);
        }
        if let Some(address) = proof.enter {
            self.addresses.insert(now, address, Place::Here(key));
            if let Some(shard) = proof.announce {
                self.tell(shard, Control::Address { address, shard: self.index });
                // The client's next datagram follows our answer: be there before it.
                self.outlets[usize::from(shard)].ring();
            }
        }
        if proof.returned {
            self.handle_return(now, key);
        }
        true
    }

    fn handle_return(&mut self, now: Instant, key: u32) {
        self.stats.counts.returns += 1;
        self.forwarder.handle_return(now, PeerKey(key));
    }

    /// Gives a datagram to its session, or lets it wait for its turn, or drops it when the session sends too much.
    fn deliver(&mut self, now: Instant, key: u32, datagram: &Datagram<'_>) {
        let Some(session) = self.sessions.get_mut(key as usize) else { return };
        match datagram.protocol {
            Protocol::Dtls if !session.is_connected() => {
                if !self.handshakes.push(key, session.id, datagram) {
                    self.stats.drops.handshakes_waiting += 1;
                }
                return;
            }
            Protocol::Rtp if session.allowance.as_mut().is_some_and(|a| !a.take(now, datagram.bytes.len())) => {
                self.stats.drops.rtp_allowance += 1;
                return;
            }
            _ => {}
        }
        self.hand_over(now, key, datagram);
    }

    /// Goes on with handshakes for a while.
    pub(crate) fn handle_handshakes(&mut self) {
        let began = Instant::now();
        while let Some(part) = self.handshakes.pop() {
            let now = Instant::now();
            let is_there = self.sessions.get(part.key as usize).is_some_and(|session| session.id == part.session);
            if is_there {
                self.hand_over(now, part.key, &part.datagram());
                self.settle(now);
            }
            if began.elapsed() > PAUSE {
                break;
            }
        }
    }

    fn hand_over(&mut self, now: Instant, key: u32, datagram: &Datagram<'_>) {
        let Some(session) = self.sessions.get_mut(key as usize) else { return };
        let peer = &mut session.peer;
        let taken = match catch_unwind(AssertUnwindSafe(|| peer.handle_datagram(now, datagram))) {
            Ok(taken) => taken,
            Err(_) => return self.fail(now, key),
        };
        let packets = self.packets.len() as u64 + self.stats.drops.rtp_unexpected;
        match taken {
            Taken::Yes => {}
            Taken::Malformed => match datagram.protocol {
                Protocol::Stun => self.stats.drops.stun_malformed += 1,
                _ => self.stats.drops.rtp_malformed += 1,
            },
            Taken::BadRtcp => self.stats.drops.rtcp_refused += 1,
            Taken::TooManySources => self.stats.drops.rtp_sources += 1,
            Taken::Refused => self.stats.drops.refused += 1,
        }
        self.listen(now, key);
        let is_media = match datagram.protocol {
            _ if taken != Taken::Yes => false,
            Protocol::Rtp => {
                let is_empty = self.packets.len() as u64 + self.stats.drops.rtp_unexpected == packets;
                self.stats.drops.rtp_empty += u64::from(is_empty);
                !is_empty
            }
            protocol => protocol == Protocol::Rtcp,
        };
        // Media is there before the next check of a path that has been dead for a while.
        if is_media && self.sessions.get_mut(key as usize).is_some_and(|session| session.hear(now)) {
            self.handle_return(now, key);
        }
    }

    fn pass(&mut self, shard: usize, source: SocketAddr, local_ip: Option<IpAddr>, bytes: &[u8]) {
        let Some(outlet) = self.outlets.get(shard) else { return };
        match outlet.try_pass(Passed::new(self.index, source, local_ip, bytes)) {
            Ok(()) => self.stats.counts.datagrams_passed += 1,
            Err(_) => self.stats.drops.queue_overflow += 1,
        }
        self.ring_later(shard);
    }

    /// The advertised address a client has sent to. Behind address translation it is not the one the socket saw.
    fn advertised_for(&self, local_ip: Option<IpAddr>, source: SocketAddr) -> SocketAddr {
        let fits = |address: &&SocketAddr| address.is_ipv4() == source.is_ipv4();
        let exact = self.advertised.iter().find(|address| Some(address.ip()) == local_ip);
        *exact.or_else(|| self.advertised.iter().find(fits)).unwrap_or(&self.advertised[0])
    }

    /// A TCP connection that has named a session.
    pub(crate) fn handle_greeted(&mut self, now: Instant, greeted: Box<Greeted>) {
        let shard = greeted.ufrag.shard();
        if shard != usize::from(self.index) {
            match u8::try_from(shard) {
                Ok(shard) if usize::from(shard) < self.outlets.len() => self.tell(shard, Control::Stream(greeted)),
                _ => self.stats.drops.tcp_refused += 1,
            }
            return;
        }
        let Some(key) = self.by_ufrag.get(&greeted.ufrag).copied() else {
            self.stats.drops.tcp_refused += 1;
            return;
        };
        let Some(session) = self.sessions.get_mut(key as usize) else { return };
        let local = advertised_tcp(&self.advertised, &greeted);
        let remote = greeted.remote;
        let entry = self.streams.vacant_entry();
        let index = entry.key();
        match Stream::new(*greeted, key, local, self.poll.registry(), Self::stream_token(index)) {
            Ok(stream) => {
                entry.insert(stream);
                session.streams.push((remote, index));
                self.read_stream(now, index);
            }
            Err(e) => tracing::debug!(%remote, "TCP connection: {e}"),
        }
    }

    /// Reads a TCP connection of a session.
    pub(crate) fn read_stream(&mut self, now: Instant, index: usize) {
        let mut buffer = std::mem::take(&mut self.read_buffer);
        let Some(stream) = self.streams.get_mut(index) else { return };
        let Frames { frames, more, over } = stream.read(&mut buffer);
        let mut over = over;
        for frame in frames {
            if over || !self.handle_frame(now, index, &buffer[frame]) {
                over = true;
                break;
            }
        }
        self.read_buffer = buffer;
        if over {
            self.close_stream(index);
        } else if more {
            self.streams_ready.push(index);
        }
    }

    /// One frame of a TCP connection. `false` when the connection has to be closed.
    fn handle_frame(&mut self, now: Instant, index: usize, bytes: &[u8]) -> bool {
        self.stats.counts.datagrams_in += 1;
        self.stats.counts.bytes_in += bytes.len() as u64;
        let Some(stream) = self.streams.get(index) else { return false };
        let (key, proved) = (stream.session, stream.proved);
        let protocol = Protocol::of(bytes);
        let (source, local) = (stream.remote, stream.local);
        let datagram = Datagram { transport: Transport::Tcp, protocol, source, local, bytes };
        match protocol {
            // A network is tested over UDP alone.
            Protocol::Unknown | Protocol::Probe => {
                self.stats.drops.unknown_protocol += 1;
                proved
            }
            Protocol::Stun => {
                let Glance::Request { nominates, .. } = stun::glance(bytes) else {
                    self.stats.drops.stun_malformed += 1;
                    return proved;
                };
                if !self.prove(now, key, &datagram, None, None, nominates) {
                    return proved;
                }
                if let Some(stream) = self.streams.get_mut(index) {
                    stream.proved = true;
                }
                self.deliver(now, key, &datagram);
                true
            }
            _ if proved => {
                self.deliver(now, key, &datagram);
                true
            }
            Protocol::Dtls => {
                self.stats.drops.dtls_unproved += 1;
                false
            }
            Protocol::Rtp | Protocol::Rtcp => {
                self.stats.drops.rtp_unproved += 1;
                false
            }
        }
    }

    /// Closes a TCP connection.
    pub(crate) fn close_stream(&mut self, index: usize) {
        let Some(stream) = self.streams.try_remove(index) else { return };
        if let Some(session) = self.sessions.get_mut(stream.session as usize) {
            session.streams.retain(|(_, of)| *of != index);
        }
    }
}

fn advertised_tcp(advertised: &[SocketAddr], greeted: &Greeted) -> SocketAddr {
    let local_ip = greeted.local_ip();
    let exact = advertised.iter().find(|address| Some(address.ip()) == local_ip);
    let fits = |address: &&SocketAddr| address.is_ipv4() == greeted.remote.is_ipv4();
    // `Parts::advertised` is never empty.
    *exact.or_else(|| advertised.iter().find(fits)).unwrap_or(&advertised[0])
}
