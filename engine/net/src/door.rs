//! The door of the media port's TCP side: connections that have not said whose they are. It lets nobody stay, and answers
//! nobody but checkups.

use std::collections::VecDeque;
use std::io::{self, Read as _, Write as _};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mio::net::{TcpListener, TcpStream};
use mio::{Interest, Registry, Token};
use slab::Slab;

use crate::checkup::Checkups;
use crate::route::{MAX_DATAGRAM, Ufrag};
use crate::stats::{Drops, ShardStats};
use crate::stun::{self, Glance};
use crate::tcp::{FRAME_HEADER, Greeted, Limits, Permit, frame_length};
use crate::turn::TurnGuest;

/// How long a connection may take to say whose it is.
const GREETING: Duration = Duration::from_secs(10);
/// Connections let in before others have their turn.
const TURN_CONNECTIONS: usize = 128;
/// Checks that are answered on one connection of a checkup. A browser repeats its check until it has chosen its path.
const CHECKS: u32 = 32;
/// What every client of a TURN server asks for first (RFC 8656 section 17).
const ALLOCATE: u16 = 0x0003;

/// The listening socket with the connections that have not said whose they are.
pub(crate) struct Door {
    listener: TcpListener,
    limits: Arc<Limits>,
    checkups: Arc<Checkups>,
    /// Nothing where media alone is spoken here.
    visits: Option<Visits>,
    /// Whether TURN is spoken here.
    has_turn: bool,
    base: usize,
    guests: Slab<Guest>,
    /// By age, because all have the same time.
    deadlines: VecDeque<(Instant, usize, u64)>,
    count: u64,
}

/// A connection that begins like TLS or HTTP. Nothing has been read of it.
#[derive(Debug)]
pub struct Visitor {
    /// The connection; it does not block.
    pub stream: std::net::TcpStream,
    /// Who it is.
    pub remote: SocketAddr,
}

/// Takes visitors, without blocking; false when there is no room for one.
pub(crate) type Visits = Box<dyn Fn(Visitor) -> bool + Send>;

struct Guest {
    number: u64,
    stream: TcpStream,
    remote: SocketAddr,
    read: Vec<u8>,
    /// Checks of a checkup that were answered.
    answered: u32,
    permit: Permit,
}

/// Who has said whose it is, and goes on from the door.
pub(crate) enum Entrant {
    /// A session's connection.
    Session(Box<Greeted>),
    /// One that speaks TURN.
    Turn(Box<TurnGuest>),
}

/// Who is left outside after some were let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Queue {
    /// Nobody.
    Empty,
    /// Perhaps somebody: it is others' turn.
    Waits,
    /// The system has no room for more; try again later.
    Stuck,
}

/// What a connection has said so far.
pub(crate) enum Greeting {
    /// Too little to tell.
    Unfinished,
    /// Whose it is.
    Names(Ufrag),
    /// It begins like a request to a TURN server.
    Turn,
    /// Something else.
    Foreign,
}

impl Door {
    /// `base` is the first of the tokens it may use.
    pub(crate) fn new(
        listener: std::net::TcpListener,
        limits: Arc<Limits>,
        checkups: Arc<Checkups>,
        visits: Option<Visits>,
        has_turn: bool,
        base: usize,
    ) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        let listener = TcpListener::from_std(listener);
        let (guests, deadlines) = (Slab::new(), VecDeque::new());
        Ok(Self { listener, limits, checkups, visits, has_turn, base, guests, deadlines, count: 0 })
    }

    pub(crate) fn source(&mut self) -> &mut TcpListener {
        &mut self.listener
    }

    /// Connections that have not said anything.
    pub(crate) fn guests(&self) -> usize {
        self.guests.len()
    }

    /// Lets in who is there.
    pub(crate) fn accept(&mut self, now: Instant, registry: &Registry, drops: &mut Drops) -> Queue {
        for _ in 0..TURN_CONNECTIONS {
            match self.listener.accept() {
                Ok((stream, remote)) => match self.limits.permit(remote) {
                    Some(permit) => self.admit(now, registry, stream, remote, permit),
                    None => drops.tcp_limited += 1,
                },
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => return Queue::Empty,
                // The connection was given up while it waited.
                Err(e) if matches!(e.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::Interrupted) => {}
                Err(e) => {
                    tracing::warn!("TCP connections cannot be accepted: {e}");
                    return Queue::Stuck;
                }
            }
        }
        Queue::Waits
    }

    fn admit(&mut self, now: Instant, registry: &Registry, mut stream: TcpStream, remote: SocketAddr, permit: Permit) {
        let entry = self.guests.vacant_entry();
        let token = Token(self.base + entry.key());
        if let Err(e) = stream.set_nodelay(true).and_then(|()| registry.register(&mut stream, token, Interest::READABLE)) {
            tracing::debug!(%remote, "TCP connection: {e}");
            return;
        }
        self.count += 1;
        self.deadlines.push_back((now + GREETING, entry.key(), self.count));
        let remote = crate::socket::canonical(remote);
        entry.insert(Guest { number: self.count, stream, remote, read: Vec::new(), answered: 0, permit });
    }

    /// Reads from a connection; gives it away when it has said whose it is.
    pub(crate) fn handle_readable(
        &mut self,
        now: Instant,
        key: usize,
        registry: &Registry,
        stats: &mut ShardStats,
    ) -> Option<Entrant> {
        let guest = self.guests.get_mut(key)?;
        if let Some(visits) = &self.visits
            && guest.has_said_nothing()
        {
            let mut first = [0];
            match guest.stream.peek(&mut first) {
                Ok(1) if is_visitors(first[0]) => {
                    let Guest { mut stream, remote, .. } = self.guests.remove(key);
                    let left = registry.deregister(&mut stream);
                    if left.is_err() || !visits(Visitor { stream: stream.into(), remote }) {
                        stats.drops.tcp_limited += 1;
                    } else {
                        stats.counts.visitors += 1;
                    }
                    return None;
                }
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => return None,
                // Read as any other, which tells what is wrong.
                _ => {}
            }
        }
        let mut buffer = [0; FRAME_HEADER + MAX_DATAGRAM];
        'read: loop {
            // The first frame and no more: the rest is for the session's shard to read.
            let room = FRAME_HEADER + MAX_DATAGRAM - guest.read.len();
            match guest.stream.read(&mut buffer[..room]) {
                Ok(0) => break,
                Ok(n) => guest.read.extend_from_slice(&buffer[..n]),
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => return None,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => break,
            }
            let ufrag = loop {
                match greeting(&guest.read) {
                    Greeting::Unfinished => continue 'read,
                    Greeting::Names(ufrag) if !Checkups::names(ufrag) => break Some(ufrag),
                    Greeting::Names(ufrag) if guest.answer(now, ufrag, &self.checkups) => stats.counts.checkups += 1,
                    Greeting::Turn if self.has_turn => break None,
                    Greeting::Names(_) | Greeting::Turn | Greeting::Foreign => {
                        stats.drops.tcp_refused += 1;
                        break 'read;
                    }
                }
            };
            let Guest { mut stream, remote, read, permit, .. } = self.guests.remove(key);
            if let Err(e) = registry.deregister(&mut stream) {
                tracing::debug!(%remote, "TCP connection: {e}");
                return None;
            }
            let stream = stream.into();
            return Some(match ufrag {
                Some(ufrag) => Entrant::Session(Box::new(Greeted { stream, remote, ufrag, read, permit })),
                None => Entrant::Turn(Box::new(TurnGuest { stream, tls: None, remote, read, permit })),
            });
        }
        self.guests.remove(key);
        None
    }

    /// Closes who has said nothing for too long.
    pub(crate) fn handle_timeout(&mut self, now: Instant, drops: &mut Drops) {
        while let Some((_, key, number)) = self.deadlines.pop_front_if(|(deadline, ..)| *deadline <= now) {
            if self.guests.get(key).is_some_and(|guest| guest.number == number) {
                let guest = self.guests.remove(key);
                drops.tcp_silent += u64::from(guest.answered == 0);
            }
        }
    }

    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        self.deadlines.front().map(|(deadline, ..)| *deadline)
    }
}

impl Guest {
    fn has_said_nothing(&self) -> bool {
        self.read.is_empty() && self.answered == 0
    }

    /// Answers a check of a checkup. The connection stays at the door, where it has its time and no more. `false` when it
    /// has to be closed: the check is not signed, it had enough of them, or it does not read what it is answered.
    fn answer(&mut self, now: Instant, ufrag: Ufrag, checkups: &Checkups) -> bool {
        let Some(end) = frame_length(&self.read).map(|length| FRAME_HEADER + length) else { return false };
        self.answered += 1;
        if self.answered > CHECKS {
            return false;
        }
        let Some(answer) = self.read.get(FRAME_HEADER..end).and_then(|check| checkups.answer(now, ufrag, self.remote, check))
        else {
            return false;
        };
        self.read.drain(..end);
        // No longer than the check, which is at most a datagram.
        let mut frame = (answer.len() as u16).to_be_bytes().to_vec();
        frame.extend(answer);
        self.stream.write(&frame).is_ok_and(|written| written == frame.len())
    }
}

/// What begins like a TLS handshake (RFC 8446 section 5.1) or an HTTP method is none of media's: the length of a framed check
/// begins with a small byte.
fn is_visitors(first: u8) -> bool {
    first == 0x16 || first.is_ascii_uppercase()
}

pub(crate) fn greeting(read: &[u8]) -> Greeting {
    // A frame of STUN begins with a small length, its second byte, then the STUN header with its cookie. Anything else
    // shows in its first bytes already: TLS has 0x16, HTTP a letter, TURN its method, which as a length would be too little,
    // and the cookie two bytes earlier.
    let Some(first) = read.first() else { return Greeting::Unfinished };
    if usize::from(*first) > MAX_DATAGRAM >> 8 {
        return Greeting::Foreign;
    }
    let Some(length) = frame_length(read) else { return Greeting::Unfinished };
    if length == usize::from(ALLOCATE) {
        return match read.get(4..8) {
            None => Greeting::Unfinished,
            Some(cookie) if cookie == stun::COOKIE => Greeting::Turn,
            Some(_) => Greeting::Foreign,
        };
    }
    if !(stun::HEADER..=MAX_DATAGRAM).contains(&length) {
        return Greeting::Foreign;
    }
    if read.get(6..10).is_some_and(|cookie| cookie != stun::COOKIE) {
        return Greeting::Foreign;
    }
    let Some(frame) = read.get(FRAME_HEADER..FRAME_HEADER + length) else { return Greeting::Unfinished };
    match stun::glance(frame) {
        Glance::Request { ufrag, .. } => Ufrag::parse(ufrag).map_or(Greeting::Foreign, Greeting::Names),
        Glance::Other | Glance::Malformed => Greeting::Foreign,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hello(ufrag: &str) -> Vec<u8> {
        let name = format!("{ufrag}:them");
        let mut attribute = vec![0, 6, 0, name.len() as u8];
        attribute.extend(name.as_bytes());
        attribute.resize(attribute.len().next_multiple_of(4), 0);
        let mut stun = vec![0, 1, 0, attribute.len() as u8];
        stun.extend(stun::COOKIE);
        stun.extend([0; 12]);
        stun.extend(attribute);
        let mut frame = (stun.len() as u16).to_be_bytes().to_vec();
        frame.extend(stun);
        frame
    }

    fn door(listener: std::net::TcpListener, now: Instant) -> Door {
        Door::new(listener, Arc::new(Limits::new(10, 10)), Arc::new(Checkups::new(now)), None, true, 0).expect("a listener")
    }

    #[test]
    fn only_a_framed_binding_request_names_a_session() {
        let (ufrag, creds) = Ufrag::credentials(3);
        let bytes = hello(&creds.ufrag);
        for cut in 0..bytes.len() {
            assert!(matches!(greeting(&bytes[..cut]), Greeting::Unfinished), "cut at {cut}");
        }
        assert!(matches!(greeting(&bytes), Greeting::Names(named) if named == ufrag));
        let turn = [0, 3, 0, 8, 0x21, 0x12, 0xa4, 0x42];
        assert!((0..8).all(|cut| matches!(greeting(&turn[..cut]), Greeting::Unfinished)));
        assert!(matches!(greeting(&turn), Greeting::Turn));
        for foreign in [&b"GET / HTTP/1.1\r\n"[..], &[0x16, 3, 1], &[0, 3, 0, 8, 0x21, 0x12, 0xa4, 0x43], &bytes[2..]] {
            assert!(matches!(greeting(foreign), Greeting::Foreign), "{foreign:?}");
        }
        assert!(matches!(greeting(&hello("short")), Greeting::Foreign));
    }

    #[test]
    fn a_connection_that_says_nothing_is_closed_after_its_time_and_one_that_speaks_is_not() {
        let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
        let listener = std::net::TcpListener::bind(loopback).expect("loopback");
        let address = listener.local_addr().expect("bound");
        let mut poll = mio::Poll::new().expect("epoll");
        let now = Instant::now();
        let mut door = door(listener, now);
        let (mut drops, mut stats) = (Drops::default(), ShardStats::default());
        let mut silent = std::net::TcpStream::connect(address).expect("loopback");
        let mut speaks = std::net::TcpStream::connect(address).expect("loopback");
        assert_eq!(door.accept(now, poll.registry(), &mut drops), Queue::Empty);
        assert_eq!((door.guests(), door.poll_timeout()), (2, Some(now + GREETING)));

        speaks.write_all(&hello(&Ufrag::credentials(0).1.ufrag)).expect("sent");
        let mut events = mio::Events::with_capacity(8);
        poll.poll(&mut events, Some(Duration::from_secs(60))).expect("epoll");
        let spoke = events.iter().filter_map(|e| door.handle_readable(now, e.token().0, poll.registry(), &mut stats)).count();
        assert_eq!((spoke, door.guests()), (1, 1));

        door.handle_timeout(now + GREETING - Duration::from_millis(1), &mut drops);
        assert_eq!((door.guests(), drops.tcp_silent), (1, 0));
        door.handle_timeout(now + GREETING, &mut drops);
        assert_eq!((door.guests(), drops.tcp_silent, door.poll_timeout()), (0, 1, None));
        assert_eq!(silent.read(&mut [0; 1]).expect("a clean end"), 0);
    }

    #[test]
    fn a_checkup_is_answered_at_the_door_however_its_checks_arrive_and_goes_no_further() {
        let listener = std::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("loopback");
        let mut client = std::net::TcpStream::connect(listener.local_addr().expect("bound")).expect("loopback");
        client.set_nodelay(true).expect("a socket");
        client.set_read_timeout(Some(Duration::from_secs(60))).expect("a socket");
        let (mut poll, now) = (mio::Poll::new().expect("epoll"), Instant::now());
        let mut door = door(listener, now);
        let (mut drops, mut stats) = (Drops::default(), ShardStats::default());
        assert_eq!(door.accept(now, poll.registry(), &mut drops), Queue::Empty);

        let checkup = door.checkups.begin(now);
        let user_name = format!("{}:them", checkup.ufrag);
        let terms = rtc_stun::Check { user_name: &user_name, password: &checkup.password, tie_breaker: 1 };
        let framed = |number: u8| {
            let check = rtc_stun::check(&[number; 12], &terms);
            [&(check.len() as u16).to_be_bytes()[..], &check].concat()
        };
        let mut events = mio::Events::with_capacity(8);
        let mut turn = |door: &mut Door, stats: &mut ShardStats| {
            poll.poll(&mut events, Some(Duration::from_secs(60))).expect("epoll");
            for event in &events {
                assert!(door.handle_readable(now, event.token().0, poll.registry(), stats).is_none());
            }
        };
        let (one, two) = (framed(1), framed(2));
        let cut = one.len() / 2;
        // One check in two pieces, and the next together with the second of them.
        for piece in [&one[..cut], &[&one[cut..], &two].concat()] {
            client.write_all(piece).expect("sent");
            turn(&mut door, &mut stats);
        }
        for number in [1, 2] {
            let mut length = [0; 2];
            client.read_exact(&mut length).expect("an answer");
            let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
            client.read_exact(&mut answer).expect("an answer");
            let seen = rtc_stun::where_from(&answer, &[number; 12], Some(&checkup.password));
            assert_eq!(seen, Some(client.local_addr().expect("bound")));
        }
        assert_eq!((door.guests(), stats.counts.checkups, stats.drops), (1, 2, Drops::default()));

        // Nobody has it check for ever: not by checks, not by time.
        for number in 0..=CHECKS as u8 {
            if client.write_all(&framed(number)).is_err() || door.guests() == 0 {
                break;
            }
            turn(&mut door, &mut stats);
        }
        assert_eq!((door.guests(), stats.counts.checkups, stats.drops.tcp_refused), (0, u64::from(CHECKS), 1));
    }

    #[test]
    fn a_checkup_has_its_time_and_needs_its_password() {
        let listener = std::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("loopback");
        let address = listener.local_addr().expect("bound");
        let (mut poll, now) = (mio::Poll::new().expect("epoll"), Instant::now());
        let mut door = door(listener, now);
        let (mut drops, mut stats) = (Drops::default(), ShardStats::default());
        let checkup = door.checkups.begin(now);
        let user_name = format!("{}:them", checkup.ufrag);
        let mut clients = Vec::new();
        let mut events = mio::Events::with_capacity(8);
        for password in ["guessed", &checkup.password] {
            let mut client = std::net::TcpStream::connect(address).expect("loopback");
            assert_eq!(door.accept(now, poll.registry(), &mut drops), Queue::Empty);
            let check = rtc_stun::check(&[1; 12], &rtc_stun::Check { user_name: &user_name, password, tie_breaker: 1 });
            client.write_all(&[&(check.len() as u16).to_be_bytes()[..], &check].concat()).expect("sent");
            poll.poll(&mut events, Some(Duration::from_secs(60))).expect("epoll");
            for event in &events {
                assert!(door.handle_readable(now, event.token().0, poll.registry(), &mut stats).is_none());
            }
            clients.push(client);
        }
        assert_eq!((door.guests(), stats.counts.checkups, stats.drops.tcp_refused), (1, 1, 1));
        door.handle_timeout(now + GREETING, &mut drops);
        assert_eq!((door.guests(), drops.tcp_silent), (0, 0), "it has not been silent");
    }

    #[test]
    fn what_begins_like_tls_or_http_is_handed_over_unread_where_somebody_takes_it() {
        let listener = std::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("loopback");
        let address = listener.local_addr().expect("bound");
        let (mut poll, now) = (mio::Poll::new().expect("epoll"), Instant::now());
        let mut door = door(listener, now);
        let (give, take) = std::sync::mpsc::sync_channel(2);
        door.visits = Some(Box::new(move |visitor| give.try_send(visitor).is_ok()));
        let (mut drops, mut stats) = (Drops::default(), ShardStats::default());
        let mut events = mio::Events::with_capacity(8);
        let check = hello(&Ufrag::credentials(0).1.ufrag);
        let mut clients = Vec::new();
        for (said, is_media) in [(&b"GET /"[..], false), (&[0x16, 3, 1], false), (&check, true), (b"POST", false)] {
            let mut client = std::net::TcpStream::connect(address).expect("loopback");
            assert_eq!(door.accept(now, poll.registry(), &mut drops), Queue::Empty);
            client.write_all(said).expect("sent");
            let greeted = loop {
                poll.poll(&mut events, Some(Duration::from_secs(60))).expect("epoll");
                let mut greeted: Option<Entrant> = None;
                for event in &events {
                    greeted = greeted.or(door.handle_readable(now, event.token().0, poll.registry(), &mut stats));
                }
                if door.guests() == 0 {
                    break greeted;
                }
            };
            assert_eq!(greeted.is_some(), is_media, "{said:?}");
            clients.push(client);
        }
        // The third found no room.
        assert_eq!((stats.counts.visitors, stats.drops.tcp_limited), (2, 1));
        for said in [&b"GET /"[..], &[0x16, 3, 1]] {
            let Visitor { mut stream, remote } = take.recv().expect("a visitor");
            let mut read = vec![0; said.len()];
            stream.read_exact(&mut read).expect("it was not read");
            assert_eq!(read, said);
            assert!(clients.iter().any(|client| client.local_addr().expect("bound") == remote));
        }
        assert!(door.limits.permit(address).is_some(), "visitors do not count as media");
    }
}
