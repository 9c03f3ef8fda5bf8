//! ICE over TCP (RFC 6544): connections that have not said whose they are, connections of sessions, and the limits on both.
//! What they carry is framed as in RFC 4571 and goes the same way as datagrams.

use std::collections::{HashMap, VecDeque};
use std::io::{self, Read, Write};
use std::net::{IpAddr, SocketAddr};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use mio::net::{TcpListener, TcpStream};
use mio::{Interest, Registry, Token};
use slab::Slab;

use crate::route::{MAX_DATAGRAM, Ufrag, source_key};
use crate::stats::Drops;
use crate::stun::{self, Glance};

/// How long a connection may take to say whose it is.
const GREETING: Duration = Duration::from_secs(10);
/// Bytes that may wait for a client to read: about a second of video.
const WAITING_BYTES: usize = 256 * 1024;
/// A client that has not read for this long is given up.
const STUCK: Duration = Duration::from_secs(10);
/// Bytes read from one connection before others have their turn.
const TURN_BYTES: usize = 256 * 1024;
/// Connections let in before others have their turn.
const TURN_CONNECTIONS: usize = 128;
/// Bytes of one read.
const READ: usize = 64 * 1024;
/// Length of the frame header (RFC 4571 section 2).
const FRAME_HEADER: usize = 2;

/// Counts connections, over all shards. Only touched when a connection opens or closes.
pub(crate) struct Limits {
    total: usize,
    per_source: usize,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    total: usize,
    sources: HashMap<u64, usize>,
}

/// The right to one connection; given back when dropped.
pub(crate) struct Permit {
    limits: Arc<Limits>,
    source: u64,
}

impl Limits {
    pub(crate) fn new(total: usize, per_source: usize) -> Self {
        Self { total, per_source, open: Mutex::default() }
    }

    fn permit(self: &Arc<Self>, remote: SocketAddr) -> Option<Permit> {
        let source = source_key(remote.ip());
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let of_source = open.sources.get(&source).copied().unwrap_or(0);
        if open.total >= self.total || of_source >= self.per_source {
            return None;
        }
        open.total += 1;
        open.sources.insert(source, of_source + 1);
        Some(Permit { limits: self.clone(), source })
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut open = self.limits.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.total -= 1;
        if let Some(count) = open.sources.get_mut(&self.source) {
            *count -= 1;
            if *count == 0 {
                open.sources.remove(&self.source);
            }
        }
    }
}

/// A connection that has said whose it is.
pub(crate) struct Greeted {
    pub(crate) stream: std::net::TcpStream,
    pub(crate) remote: SocketAddr,
    pub(crate) ufrag: Ufrag,
    /// What was read so far, beginning with the frame that names the session.
    pub(crate) read: Vec<u8>,
    permit: Permit,
}

impl Greeted {
    /// The address of ours that the connection came to.
    pub(crate) fn local_ip(&self) -> Option<IpAddr> {
        self.stream.local_addr().ok().map(|address| address.ip().to_canonical())
    }
}

/// The listening socket with the connections that have not said whose they are.
pub(crate) struct Door {
    listener: TcpListener,
    limits: Arc<Limits>,
    base: usize,
    guests: Slab<Guest>,
    /// By age, because all have the same time.
    deadlines: VecDeque<(Instant, usize, u64)>,
    count: u64,
}

struct Guest {
    number: u64,
    stream: TcpStream,
    remote: SocketAddr,
    read: Vec<u8>,
    permit: Permit,
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
enum Greeting {
    /// Too little to tell.
    Unfinished,
    /// Whose it is.
    Names(Ufrag),
    /// Something else.
    Foreign,
}

impl Door {
    /// `base` is the first of the tokens it may use.
    pub(crate) fn new(listener: std::net::TcpListener, limits: Arc<Limits>, base: usize) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        let listener = TcpListener::from_std(listener);
        Ok(Self { listener, limits, base, guests: Slab::new(), deadlines: VecDeque::new(), count: 0 })
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
        entry.insert(Guest { number: self.count, stream, remote, read: Vec::new(), permit });
    }

    /// Reads from a connection; gives it away when it has said whose it is.
    pub(crate) fn handle_readable(&mut self, key: usize, registry: &Registry, drops: &mut Drops) -> Option<Box<Greeted>> {
        let guest = self.guests.get_mut(key)?;
        let mut buffer = [0; FRAME_HEADER + MAX_DATAGRAM];
        loop {
            // The first frame and no more: the rest is for the session's shard to read.
            let room = FRAME_HEADER + MAX_DATAGRAM - guest.read.len();
            match guest.stream.read(&mut buffer[..room]) {
                Ok(0) => break,
                Ok(n) => guest.read.extend_from_slice(&buffer[..n]),
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => return None,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => break,
            }
            match greeting(&guest.read) {
                Greeting::Unfinished => {}
                Greeting::Foreign => {
                    drops.tcp_refused += 1;
                    break;
                }
                Greeting::Names(ufrag) => {
                    let Guest { mut stream, remote, read, permit, .. } = self.guests.remove(key);
                    if let Err(e) = registry.deregister(&mut stream) {
                        tracing::debug!(%remote, "TCP connection: {e}");
                        return None;
                    }
                    return Some(Box::new(Greeted { stream: stream.into(), remote, ufrag, read, permit }));
                }
            }
        }
        self.guests.remove(key);
        None
    }

    /// Closes who has said nothing for too long.
    pub(crate) fn handle_timeout(&mut self, now: Instant, drops: &mut Drops) {
        while let Some((_, key, number)) = self.deadlines.pop_front_if(|(deadline, ..)| *deadline <= now) {
            if self.guests.get(key).is_some_and(|guest| guest.number == number) {
                self.guests.remove(key);
                drops.tcp_silent += 1;
            }
        }
    }

    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        self.deadlines.front().map(|(deadline, ..)| *deadline)
    }
}

fn greeting(read: &[u8]) -> Greeting {
    // A frame of STUN begins with a small length, its second byte, then the STUN header with its cookie. Anything else
    // shows in its first bytes already: TLS has 0x16, HTTP a letter, TURN has the cookie two bytes earlier.
    let Some(first) = read.first() else { return Greeting::Unfinished };
    if usize::from(*first) > MAX_DATAGRAM >> 8 {
        return Greeting::Foreign;
    }
    let Some(length) = frame_length(read) else { return Greeting::Unfinished };
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

fn frame_length(bytes: &[u8]) -> Option<usize> {
    Some(usize::from(u16::from_be_bytes(*bytes.first_chunk()?)))
}

/// A connection of a session.
pub(crate) struct Stream {
    stream: TcpStream,
    /// The session's key.
    pub(crate) session: u32,
    pub(crate) remote: SocketAddr,
    /// The advertised address it came to.
    pub(crate) local: SocketAddr,
    /// Whether ICE has proved it: nothing but STUN is taken before.
    pub(crate) proved: bool,
    /// The beginning of a frame whose rest has not come.
    partial: Vec<u8>,
    waiting: Vec<u8>,
    /// How much of `waiting` has been written.
    written: usize,
    stuck_since: Option<Instant>,
    _permit: Permit,
}

/// What a read gave.
pub(crate) struct Frames {
    /// Where the frames' contents are in the buffer.
    pub(crate) frames: Vec<Range<usize>>,
    /// There may be more to read.
    pub(crate) more: bool,
    /// The connection is at its end, or has sent what is no frame.
    pub(crate) over: bool,
}

impl Stream {
    /// Takes a connection over. `local` is the advertised address it stands for.
    pub(crate) fn new(
        greeted: Greeted,
        session: u32,
        local: SocketAddr,
        registry: &Registry,
        token: Token,
    ) -> io::Result<Self> {
        let mut stream = TcpStream::from_std(greeted.stream);
        registry.register(&mut stream, token, Interest::READABLE | Interest::WRITABLE)?;
        Ok(Self {
            stream,
            session,
            remote: greeted.remote,
            local,
            proved: false,
            partial: greeted.read,
            waiting: Vec::new(),
            written: 0,
            stuck_since: None,
            _permit: greeted.permit,
        })
    }

    /// Reads whole frames into `buffer`.
    pub(crate) fn read(&mut self, buffer: &mut Vec<u8>) -> Frames {
        buffer.clear();
        buffer.append(&mut self.partial);
        let mut over = false;
        let mut more = true;
        while more && !over && buffer.len() < TURN_BYTES {
            let end = buffer.len();
            buffer.resize(end + READ, 0);
            let read = match self.stream.read(&mut buffer[end..]) {
                Ok(0) => {
                    over = true;
                    0
                }
                Ok(n) => n,
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {
                    more = false;
                    0
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => 0,
                Err(_) => {
                    over = true;
                    0
                }
            };
            buffer.truncate(end + read);
        }
        let mut frames = Vec::new();
        let mut at = 0;
        while let Some(length) = frame_length(&buffer[at..]) {
            if length > MAX_DATAGRAM {
                over = true;
                break;
            }
            let frame = at + FRAME_HEADER..at + FRAME_HEADER + length;
            if frame.end > buffer.len() {
                break;
            }
            at = frame.end;
            frames.push(frame);
        }
        self.partial.extend_from_slice(&buffer[at..]);
        Frames { frames, more: more && !over, over }
    }

    /// Puts a datagram into the queue; [`flush`](Self::flush) afterwards. `false` when the client does not read and it was
    /// dropped.
    pub(crate) fn push(&mut self, datagram: &[u8]) -> bool {
        if self.waiting.len() - self.written + FRAME_HEADER + datagram.len() > WAITING_BYTES {
            return false;
        }
        // What leaves here fits: sessions make no datagrams beyond 2000 bytes.
        self.waiting.extend_from_slice(&(datagram.len() as u16).to_be_bytes());
        self.waiting.extend_from_slice(datagram);
        true
    }

    /// Writes what the client takes.
    pub(crate) fn flush(&mut self, now: Instant) -> io::Result<()> {
        while self.written < self.waiting.len() {
            match self.stream.write(&self.waiting[self.written..]) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(n) => {
                    self.written += n;
                    self.stuck_since = None;
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {
                    self.stuck_since.get_or_insert(now);
                    // Moved only now and then, so that a slow client costs no copy for each packet.
                    if self.written > WAITING_BYTES / 2 {
                        self.waiting.drain(..self.written);
                        self.written = 0;
                    }
                    return Ok(());
                }
                Err(e) => return Err(e),
            }
        }
        self.waiting.clear();
        self.written = 0;
        Ok(())
    }

    /// Whether the client has not read for so long that it is given up.
    pub(crate) fn is_stuck(&self, now: Instant) -> bool {
        self.stuck_since.is_some_and(|since| now.saturating_duration_since(since) > STUCK)
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

    #[test]
    fn only_a_framed_binding_request_names_a_session() {
        let (ufrag, creds) = Ufrag::credentials(3);
        let bytes = hello(&creds.ufrag);
        for cut in 0..bytes.len() {
            assert!(matches!(greeting(&bytes[..cut]), Greeting::Unfinished), "cut at {cut}");
        }
        assert!(matches!(greeting(&bytes), Greeting::Names(named) if named == ufrag));
        for foreign in [&b"GET / HTTP/1.1\r\n"[..], &[0x16, 3, 1], &[0, 3, 0, 8, 0x21, 0x12, 0xa4, 0x42], &bytes[2..]] {
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
        let mut door = Door::new(listener, Arc::new(Limits::new(10, 10)), 0).expect("a listener");
        let mut drops = Drops::default();
        let now = Instant::now();
        let mut silent = std::net::TcpStream::connect(address).expect("loopback");
        let mut speaks = std::net::TcpStream::connect(address).expect("loopback");
        assert_eq!(door.accept(now, poll.registry(), &mut drops), Queue::Empty);
        assert_eq!((door.guests(), door.poll_timeout()), (2, Some(now + GREETING)));

        speaks.write_all(&hello(&Ufrag::credentials(0).1.ufrag)).expect("sent");
        let mut events = mio::Events::with_capacity(8);
        poll.poll(&mut events, Some(Duration::from_secs(5))).expect("epoll");
        let spoke = events.iter().filter_map(|e| door.handle_readable(e.token().0, poll.registry(), &mut drops)).count();
        assert_eq!((spoke, door.guests()), (1, 1));

        door.handle_timeout(now + GREETING - Duration::from_millis(1), &mut drops);
        assert_eq!((door.guests(), drops.tcp_silent), (1, 0));
        door.handle_timeout(now + GREETING, &mut drops);
        assert_eq!((door.guests(), drops.tcp_silent, door.poll_timeout()), (0, 1, None));
        assert_eq!(silent.read(&mut [0; 1]).expect("a clean end"), 0);
    }

    #[test]
    fn a_client_that_does_not_read_costs_a_bounded_queue_and_is_given_up() {
        let listener = std::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("loopback");
        let _client = std::net::TcpStream::connect(listener.local_addr().expect("bound")).expect("loopback");
        let (stream, remote) = listener.accept().expect("a connection");
        stream.set_nonblocking(true).expect("a socket");
        let poll = mio::Poll::new().expect("epoll");
        let permit = Arc::new(Limits::new(1, 1)).permit(remote).expect("room for one");
        let greeted = Greeted { stream, remote, ufrag: Ufrag::credentials(0).0, read: Vec::new(), permit };
        let mut stream = Stream::new(greeted, 0, remote, poll.registry(), Token(0)).expect("a stream");
        let now = Instant::now();
        let mut taken = 0;
        while stream.push(&[0; 1200]) {
            stream.flush(now).expect("open");
            taken += 1;
            assert!(taken < 100_000, "a kernel with an endless buffer");
        }
        assert!(stream.waiting.len() <= 2 * WAITING_BYTES, "{} bytes wait", stream.waiting.len());
        assert!(!stream.is_stuck(now + STUCK) && stream.is_stuck(now + STUCK + Duration::from_millis(1)));
    }

    #[test]
    fn frames_come_out_whole_however_they_went_in() {
        let listener = std::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("loopback");
        let mut client = std::net::TcpStream::connect(listener.local_addr().expect("bound")).expect("loopback");
        client.set_nodelay(true).expect("a socket");
        let (stream, remote) = listener.accept().expect("a connection");
        stream.set_nonblocking(true).expect("a socket");
        let mut poll = mio::Poll::new().expect("epoll");
        let permit = Arc::new(Limits::new(1, 1)).permit(remote).expect("room for one");
        // What was read at the door comes first.
        let greeted = Greeted { stream, remote, ufrag: Ufrag::credentials(0).0, read: vec![0, 3, b'a'], permit };
        let mut stream = Stream::new(greeted, 0, remote, poll.registry(), Token(0)).expect("a stream");
        let (mut buffer, mut frames, mut events) = (Vec::new(), Vec::new(), mio::Events::with_capacity(8));
        for piece in [&b"bc\x00"[..], b"\x02de\x00\x00\x00\x01", b"f\x05\xdd"] {
            client.write_all(piece).expect("sent");
            poll.poll(&mut events, Some(Duration::from_secs(5))).expect("epoll");
            let read = stream.read(&mut buffer);
            frames.extend(read.frames.into_iter().map(|frame| buffer[frame].to_vec()));
            // The last frame is longer than any datagram.
            assert_eq!(read.over, piece.ends_with(b"\xdd"));
        }
        assert_eq!(frames, [&b"abc"[..], b"de", b"", b"f"]);
    }

    #[test]
    fn connections_are_limited_in_total_and_from_one_source_and_places_are_given_back() {
        let limits = Arc::new(Limits::new(3, 2));
        let from = |host: u8| SocketAddr::from(([127, 0, 0, host], 1000));
        let held = [limits.permit(from(1)), limits.permit(from(1))];
        assert!(limits.permit(from(1)).is_none(), "third from one source");
        let other = limits.permit(from(2));
        assert!(limits.permit(from(3)).is_none(), "fourth in total");
        drop(held);
        assert!(limits.permit(from(3)).is_some() && limits.permit(from(1)).is_some());
        drop(other);
        let open = limits.open.lock().expect("not poisoned");
        assert!(open.total == 0 && open.sources.is_empty());
    }
}
