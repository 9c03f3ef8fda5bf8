//! A server's allocations: what clients ask is answered, what they send is handed over, what is sent to them is wrapped.

use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rtc_stun::Transaction;
use rtc_stun::attribute::{USERNAME, XOR_MAPPED_ADDRESS};
use rtc_stun::wire::{Reader, Writer};

use crate::allocation::{Allocation, LIFETIME, LONGEST_LIFETIME};
use crate::authority::{Authority, REALM};
use crate::frame::{CHANNEL_HEADER, CHANNELS};
use crate::kind::{self, REALM as REALM_ATTRIBUTE};
use crate::quotas::{Full, Quotas};
use crate::{LONGEST, relayed};

/// What a server is told at its start.
#[derive(Debug, Clone)]
pub struct Config {
    /// The peers that clients may speak with. Everybody else is forbidden.
    pub peers: Arc<[SocketAddr]>,
    /// Which of an engine's servers this is, and how many there are.
    pub index: u8,
    /// At least 1.
    pub servers: u8,
}

/// The way a client came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Caller {
    /// By datagrams.
    Udp {
        /// From where.
        remote: SocketAddr,
        /// To which address of ours, if that is known.
        local_ip: Option<IpAddr>,
    },
    /// By a connection, with the number it has here.
    Stream(usize),
}

/// What comes of a message.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// It is answered.
    Answer {
        /// The answer.
        bytes: Vec<u8>,
        /// The error code in it. That of a client which is just to show its credentials is none.
        refused: Option<u16>,
    },
    /// It carries something to a peer.
    Relay {
        /// The allocation's address, which the peer sees it come from.
        from: SocketAddr,
        /// The peer.
        to: SocketAddr,
        /// What.
        data: &'a [u8],
    },
    /// Nothing.
    Drop(Cause),
}

/// Why nothing came of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// It is no message of a client.
    Malformed,
    /// Its sender has no allocation, or not the permission.
    Unpermitted,
}

/// The allocations of one thread.
#[derive(Debug)]
pub struct Server {
    config: Config,
    authority: Arc<Authority>,
    quotas: Arc<Quotas>,
    /// A place follows from a relayed address.
    places: Vec<Option<Box<Allocation>>>,
    /// Places that were given back, oldest first, so that an address comes again as late as it can.
    free: VecDeque<usize>,
    by_caller: HashMap<Caller, usize>,
    buffer: Vec<u8>,
}

/// An answer with an error.
struct Refusal {
    code: u16,
    /// What the answer is signed with, once the asker is known.
    key: Option<[u8; 16]>,
}

impl Server {
    /// Without allocations.
    pub fn new(config: Config, authority: Arc<Authority>, quotas: Arc<Quotas>) -> Self {
        Self {
            config,
            authority,
            quotas,
            places: Vec::new(),
            free: VecDeque::new(),
            by_caller: HashMap::new(),
            buffer: Vec::new(),
        }
    }

    /// Whether somebody has an allocation.
    pub fn knows(&self, caller: &Caller) -> bool {
        self.by_caller.contains_key(caller)
    }

    /// Allocations here.
    pub fn open(&self) -> usize {
        self.by_caller.len()
    }

    /// Takes a message of somebody at an address. Whoever [`knows`](Self::knows) not costs the computation of a few MACs:
    /// limit how many of those come.
    pub fn handle<'a>(&mut self, now: Instant, caller: Caller, remote: SocketAddr, message: &'a [u8]) -> Outcome<'a> {
        if message.first().is_some_and(|first| (0x40..0x50).contains(first)) {
            return self.handle_channel_data(now, &caller, message);
        }
        let Some(reader) = Reader::new(message, LONGEST) else { return Outcome::Drop(Cause::Malformed) };
        match reader.kind() {
            kind::SEND => self.handle_send(now, &caller, &reader),
            method @ (kind::ALLOCATE | kind::REFRESH | kind::CREATE_PERMISSION | kind::CHANNEL_BIND) => {
                self.expire(now, &caller);
                let asked = Asked { now, caller, remote, method, reader };
                match self.handle_request(&asked) {
                    Ok(bytes) => Outcome::Answer { bytes, refused: None },
                    Err(refusal) => self.refuse(&asked, &refusal),
                }
            }
            _ => Outcome::Drop(Cause::Malformed),
        }
    }

    /// Wraps what somebody sends to a relayed address, `from` one of his addresses if that is known. Gives the client and the
    /// bytes for him; nothing when nobody has that address, or does not want it.
    pub fn wrap(
        &mut self,
        now: Instant,
        relayed: SocketAddr,
        from: Option<IpAddr>,
        data: &[u8],
        transaction: &Transaction,
    ) -> Option<(Caller, SocketAddr, &[u8])> {
        let Self { config, places, buffer, .. } = self;
        let place = relayed::place(&relayed, config.index, config.servers)?;
        let allocation = places.get(place)?.as_deref()?;
        if allocation.relayed != relayed || allocation.ends <= now || data.len() + 64 > LONGEST {
            return None;
        }
        let peer = allocation.sender(now, from)?;
        buffer.clear();
        match allocation.channel(now, peer) {
            Some(number) => {
                buffer.extend(number.to_be_bytes());
                buffer.extend((data.len() as u16).to_be_bytes());
                buffer.extend(data);
                if matches!(allocation.caller, Caller::Stream(_)) {
                    buffer.resize(buffer.len().next_multiple_of(4), 0);
                }
            }
            None => {
                let mut writer = Writer::over(std::mem::take(buffer), kind::DATA, transaction);
                writer.address(kind::XOR_PEER_ADDRESS, peer);
                writer.attribute(kind::CONTENT, data);
                *buffer = writer.finish_bare();
            }
        }
        Some((allocation.caller, allocation.remote, buffer))
    }

    /// Somebody's connection is closed: his allocation ends.
    pub fn handle_closed(&mut self, caller: &Caller) {
        if let Some(place) = self.by_caller.remove(caller)
            && let Some(allocation) = self.places.get_mut(place).and_then(Option::take)
        {
            self.free.push_back(place);
            self.quotas.give_back(allocation.user());
        }
    }

    /// Ends what has run out. Nothing that has run out is used before; this frees what it holds.
    pub fn handle_timeout(&mut self, now: Instant) {
        let over = self.places.iter().flatten().filter(|allocation| allocation.ends <= now);
        let over: Vec<Caller> = over.map(|allocation| allocation.caller).collect();
        for caller in over {
            self.handle_closed(&caller);
        }
    }

    fn handle_channel_data<'a>(&mut self, now: Instant, caller: &Caller, message: &'a [u8]) -> Outcome<'a> {
        let Some((head, rest)) = message.split_at_checked(CHANNEL_HEADER) else { return Outcome::Drop(Cause::Malformed) };
        let (number, length) = (u16::from_be_bytes([head[0], head[1]]), u16::from_be_bytes([head[2], head[3]]));
        let Some(data) = rest.get(..usize::from(length)) else { return Outcome::Drop(Cause::Malformed) };
        let Some(allocation) = self.allocation(now, caller) else { return Outcome::Drop(Cause::Unpermitted) };
        match allocation.peer(now, number) {
            Some(to) => allocation.relay(now, to, data),
            None => Outcome::Drop(Cause::Unpermitted),
        }
    }

    fn handle_send<'a>(&mut self, now: Instant, caller: &Caller, reader: &Reader<'a>) -> Outcome<'a> {
        let (peer, data) = (reader.address(kind::XOR_PEER_ADDRESS), reader.find(kind::CONTENT));
        let (Some(to), Some(data)) = (peer, data) else { return Outcome::Drop(Cause::Malformed) };
        // A permission is for all ports of an address, and not all of them are ours.
        let is_peer = self.config.peers.contains(&to);
        match self.allocation(now, caller) {
            Some(allocation) if is_peer => allocation.relay(now, to, data),
            _ => Outcome::Drop(Cause::Unpermitted),
        }
    }

    fn handle_request(&mut self, asked: &Asked<'_>) -> Result<Vec<u8>, Refusal> {
        let (user_name, key) = self.authenticate(asked)?;
        let refuse = |code| Refusal { code, key: Some(key) };
        if asked.method == kind::ALLOCATE {
            return self.handle_allocate(asked, user_name, key).map_err(refuse);
        }
        let peers = Arc::clone(&self.config.peers);
        let allocation = self.allocation(asked.now, &asked.caller).ok_or(refuse(kind::ALLOCATION_MISMATCH))?;
        if *allocation.user_name != *user_name {
            return Err(refuse(kind::WRONG_CREDENTIALS));
        }
        match asked.method {
            kind::REFRESH => self.handle_refresh(asked, &key),
            kind::CREATE_PERMISSION => permit(allocation, asked, &peers).map(|()| asked.done(&key)),
            _ => bind(allocation, asked, &peers).map(|()| asked.done(&key)),
        }
        .map_err(refuse)
    }

    /// Whose request it is, and what its answer is signed with (RFC 8489 section 9.2.4). What is cheap is looked at first.
    fn authenticate<'a>(&self, asked: &Asked<'a>) -> Result<(&'a [u8], [u8; 16]), Refusal> {
        let Asked { now, remote, reader, .. } = asked;
        let refuse = |code| Err(Refusal { code, key: None });
        if !reader.has_mac() {
            return refuse(kind::UNAUTHENTICATED);
        }
        let (Some(user_name), Some(realm), Some(nonce)) =
            (reader.find(USERNAME), reader.find(REALM_ATTRIBUTE), reader.find(kind::NONCE))
        else {
            return refuse(kind::BAD_REQUEST);
        };
        if !self.authority.knows(*now, *remote, nonce) {
            return refuse(kind::STALE_NONCE);
        }
        let held = self.by_caller.get(&asked.caller).and_then(|place| self.places[*place].as_deref());
        let key = match held {
            // What was good when the allocation was made stays good for it.
            Some(allocation) if *allocation.user_name == *user_name => allocation.key,
            _ if self.authority.user(*now, user_name).is_none() => return refuse(kind::UNAUTHENTICATED),
            _ => self.authority.key(user_name),
        };
        if realm != REALM.as_bytes() || !reader.is_signed(&key) {
            return refuse(kind::UNAUTHENTICATED);
        }
        Ok((user_name, key))
    }

    fn handle_allocate(&mut self, asked: &Asked<'_>, user_name: &[u8], key: [u8; 16]) -> Result<Vec<u8>, u16> {
        let Asked { now, caller, remote, reader, .. } = *asked;
        if let Some(allocation) = self.allocation(now, &caller) {
            // The answer was lost.
            let is_again = allocation.transaction == reader.transaction() && *allocation.user_name == *user_name;
            return if is_again { Ok(asked.allocated(allocation)) } else { Err(kind::ALLOCATION_MISMATCH) };
        }
        let transport = reader.find(kind::REQUESTED_TRANSPORT).and_then(|value| value.first());
        match transport {
            Some(&kind::UDP) => {}
            Some(_) => return Err(kind::UNSUPPORTED_TRANSPORT),
            None => return Err(kind::BAD_REQUEST),
        }
        if reader.find(kind::EVEN_PORT).is_some() || reader.find(kind::RESERVATION_TOKEN).is_some() {
            return Err(kind::INSUFFICIENT_CAPACITY);
        }
        if asked.unknown().next().is_some() {
            return Err(kind::UNKNOWN_ATTRIBUTE);
        }
        let is_v4 = self.family(&reader)?;
        let user = self.authority.user(now, user_name).ok_or(kind::UNAUTHENTICATED)?;
        let place = self.vacancy().ok_or(kind::INSUFFICIENT_CAPACITY)?;
        self.quotas.take(user).map_err(|full| match full {
            Full::OfUser => kind::QUOTA_REACHED,
            Full::Altogether => kind::INSUFFICIENT_CAPACITY,
        })?;
        let Config { index, servers, .. } = self.config;
        let relayed = relayed::address(is_v4, place, index, servers);
        let ends = now + asked.lifetime().max(LIFETIME);
        let allocation = Allocation::new(caller, remote, relayed, (user_name, key), reader.transaction(), ends);
        let answer = asked.allocated(&allocation);
        if place == self.places.len() {
            self.places.push(Some(Box::new(allocation)));
        } else {
            self.free.pop_front();
            self.places[place] = Some(Box::new(allocation));
        }
        self.by_caller.insert(caller, place);
        Ok(answer)
    }

    /// Whether the relayed address is to be IPv4. Who asks for nothing gets that (RFC 8656 section 7.2); only where all peers
    /// are IPv6 it would be of no use to anybody.
    fn family(&self, reader: &Reader<'_>) -> Result<bool, u16> {
        let has = |is_v4: bool| self.config.peers.iter().any(|peer| peer.is_ipv4() == is_v4);
        match reader.find(kind::REQUESTED_ADDRESS_FAMILY).map(|value| value.first()) {
            None => Ok(has(true)),
            Some(Some(1)) if has(true) => Ok(true),
            Some(Some(2)) if has(false) => Ok(false),
            _ => Err(kind::FAMILY_NOT_SUPPORTED),
        }
    }

    /// A place without an allocation.
    fn vacancy(&self) -> Option<usize> {
        if self.places.len() < relayed::capacity(self.config.servers) {
            return Some(self.places.len());
        }
        self.free.front().copied()
    }

    fn handle_refresh(&mut self, asked: &Asked<'_>, key: &[u8; 16]) -> Result<Vec<u8>, u16> {
        let lifetime = asked.lifetime();
        let allocation = self.allocation(asked.now, &asked.caller).ok_or(kind::ALLOCATION_MISMATCH)?;
        let family = asked.reader.find(kind::REQUESTED_ADDRESS_FAMILY).and_then(|value| value.first());
        if family.is_some_and(|family| *family != if allocation.relayed.is_ipv4() { 1 } else { 2 }) {
            return Err(kind::PEER_FAMILY_MISMATCH);
        }
        let lifetime = if lifetime.is_zero() { lifetime } else { lifetime.max(LIFETIME) };
        allocation.ends = asked.now + lifetime;
        if lifetime.is_zero() {
            self.handle_closed(&asked.caller);
        }
        let mut writer = asked.success();
        writer.attribute(kind::LIFETIME, &(lifetime.as_secs() as u32).to_be_bytes());
        writer.sign(key);
        Ok(writer.finish_bare())
    }

    fn allocation(&mut self, now: Instant, caller: &Caller) -> Option<&mut Allocation> {
        let place = *self.by_caller.get(caller)?;
        self.places.get_mut(place)?.as_deref_mut().filter(|allocation| allocation.ends > now)
    }

    /// Makes room for a new allocation of who has one that has run out.
    fn expire(&mut self, now: Instant, caller: &Caller) {
        if self.by_caller.contains_key(caller) && self.allocation(now, caller).is_none() {
            self.handle_closed(caller);
        }
    }

    fn refuse<'a>(&self, asked: &Asked<'_>, Refusal { code, key }: &Refusal) -> Outcome<'a> {
        let mut writer = Writer::new(asked.method | kind::ERROR, &asked.reader.transaction());
        writer.attribute(kind::ERROR_CODE, &[0, 0, (code / 100) as u8, (code % 100) as u8]);
        match *code {
            kind::UNAUTHENTICATED | kind::STALE_NONCE => {
                writer.attribute(kind::NONCE, &self.authority.nonce(asked.now, asked.remote));
                writer.attribute(REALM_ATTRIBUTE, REALM.as_bytes());
            }
            kind::UNKNOWN_ATTRIBUTE => {
                let kinds: Vec<u8> = asked.unknown().take(8).flat_map(u16::to_be_bytes).collect();
                writer.attribute(kind::UNKNOWN_ATTRIBUTES, &kinds);
            }
            _ => {}
        }
        if let Some(key) = key {
            writer.sign(key);
        }
        // What every client meets on its way is no refusal.
        let is_usual = *code == kind::STALE_NONCE || (*code == kind::UNAUTHENTICATED && !asked.reader.has_mac());
        Outcome::Answer { bytes: writer.finish_bare(), refused: (!is_usual).then_some(*code) }
    }
}

/// A request.
struct Asked<'a> {
    now: Instant,
    caller: Caller,
    remote: SocketAddr,
    method: u16,
    reader: Reader<'a>,
}

impl Asked<'_> {
    /// What it asks for, within bounds; what it says nothing of is the usual.
    fn lifetime(&self) -> Duration {
        let value = self.reader.find(kind::LIFETIME).and_then(|value| value.first_chunk::<4>());
        value.map_or(LIFETIME, |value| Duration::from_secs(u32::from_be_bytes(*value).into())).min(LONGEST_LIFETIME)
    }

    /// Attributes that must be understood and are not (RFC 8489 section 6.3.1).
    fn unknown(&self) -> impl Iterator<Item = u16> {
        const KNOWN: [u16; 6] =
            [USERNAME, kind::REALM, kind::NONCE, kind::LIFETIME, kind::REQUESTED_TRANSPORT, kind::REQUESTED_ADDRESS_FAMILY];
        self.reader.attributes().map(|(kind, _)| kind).filter(|kind| *kind < kind::OPTIONAL && !KNOWN.contains(kind))
    }

    fn success(&self) -> Writer {
        Writer::new(self.method | kind::SUCCESS, &self.reader.transaction())
    }

    fn done(&self, key: &[u8; 16]) -> Vec<u8> {
        let mut writer = self.success();
        writer.sign(key);
        writer.finish_bare()
    }

    fn allocated(&self, allocation: &Allocation) -> Vec<u8> {
        let mut writer = self.success();
        writer.address(kind::XOR_RELAYED_ADDRESS, allocation.relayed);
        writer.address(XOR_MAPPED_ADDRESS, allocation.remote);
        let left = allocation.ends.saturating_duration_since(self.now).as_secs() as u32;
        writer.attribute(kind::LIFETIME, &left.to_be_bytes());
        writer.sign(&allocation.key);
        writer.finish_bare()
    }
}

/// Installs permissions: all that are asked for, or none.
fn permit(allocation: &mut Allocation, asked: &Asked<'_>, peers: &[SocketAddr]) -> Result<(), u16> {
    let mut asked_for = Vec::new();
    for (_, value) in asked.reader.attributes().filter(|(kind, _)| *kind == kind::XOR_PEER_ADDRESS) {
        let peer = asked.reader.mixed_address(value).ok_or(kind::BAD_REQUEST)?;
        if peer.is_ipv4() != allocation.relayed.is_ipv4() {
            return Err(kind::PEER_FAMILY_MISMATCH);
        }
        if !peers.iter().any(|one| one.ip() == peer.ip()) {
            return Err(kind::FORBIDDEN);
        }
        asked_for.push(peer.ip());
    }
    if asked_for.is_empty() {
        return Err(kind::BAD_REQUEST);
    }
    for ip in asked_for {
        allocation.permit(asked.now, ip);
    }
    Ok(())
}

/// Gives a peer a channel.
fn bind(allocation: &mut Allocation, asked: &Asked<'_>, peers: &[SocketAddr]) -> Result<(), u16> {
    let number = asked.reader.find(kind::CHANNEL_NUMBER).and_then(|value| value.first_chunk::<2>());
    let number = number.map(|value| u16::from_be_bytes(*value)).filter(|number| CHANNELS.contains(number));
    let (Some(number), Some(peer)) = (number, asked.reader.address(kind::XOR_PEER_ADDRESS)) else {
        return Err(kind::BAD_REQUEST);
    };
    if peer.is_ipv4() != allocation.relayed.is_ipv4() {
        return Err(kind::PEER_FAMILY_MISMATCH);
    }
    if !peers.contains(&peer) {
        return Err(kind::FORBIDDEN);
    }
    if allocation.bind(asked.now, number, peer) { Ok(()) } else { Err(kind::BAD_REQUEST) }
}

#[cfg(test)]
mod tests;
