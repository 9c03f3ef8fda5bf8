//! ICE over TCP (RFC 6544): connections of sessions, and the limits on them and on those at the door.
//! What they carry is framed as in RFC 4571 and goes the same way as datagrams.

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::{IpAddr, SocketAddr};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Interest, Registry, Token};

use crate::route::{MAX_DATAGRAM, Ufrag, source_key};

/// Bytes that may wait for a client to read: about a second of video.
const WAITING_BYTES: usize = 256 * 1024;
/// A client that has not read for this long is given up.
const STUCK: Duration = Duration::from_secs(10);
/// Bytes read from one connection before others have their turn.
const TURN_BYTES: usize = 256 * 1024;
/// Bytes of one read.
const READ: usize = 64 * 1024;
/// Length of the frame header (RFC 4571 section 2).
pub(crate) const FRAME_HEADER: usize = 2;

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

    pub(crate) fn permit(self: &Arc<Self>, remote: SocketAddr) -> Option<Permit> {
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
    pub(crate) permit: Permit,
}

impl Greeted {
    /// The address of ours that the connection came to.
    pub(crate) fn local_ip(&self) -> Option<IpAddr> {
        self.stream.local_addr().ok().map(|address| address.ip().to_canonical())
    }
}

pub(crate) fn frame_length(bytes: &[u8]) -> Option<usize> {
    Some(usize::from(u16::from_be_bytes(*bytes.first_chunk()?)))
}

/// Where the contents of whole frames are, where the last of them ends, and whether what follows is no frame.
pub(crate) fn split(bytes: &[u8]) -> (Vec<Range<usize>>, usize, bool) {
    let mut frames = Vec::new();
    let mut at = 0;
    while let Some(length) = frame_length(&bytes[at..]) {
        if length > MAX_DATAGRAM {
            return (frames, at, true);
        }
        let frame = at + FRAME_HEADER..at + FRAME_HEADER + length;
        if frame.end > bytes.len() {
            break;
        }
        at = frame.end;
        frames.push(frame);
    }
    (frames, at, false)
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
    outgoing: Outgoing,
    _permit: Permit,
}

/// What waits for a client to read it.
#[derive(Default)]
pub(crate) struct Outgoing {
    waiting: Vec<u8>,
    /// How much of `waiting` has been written.
    written: usize,
    stuck_since: Option<Instant>,
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
            outgoing: Outgoing::default(),
            _permit: greeted.permit,
        })
    }

    /// Reads whole frames into `buffer`.
    pub(crate) fn read(&mut self, buffer: &mut Vec<u8>) -> Frames {
        buffer.clear();
        buffer.append(&mut self.partial);
        let (more, mut over) = fill(&mut self.stream, buffer);
        let (frames, end, broken) = split(buffer);
        over |= broken;
        self.partial.extend_from_slice(&buffer[end..]);
        Frames { frames, more: more && !over, over }
    }

    /// Puts a datagram into the queue; [`flush`](Self::flush) afterwards. `false` when the client does not read and it was
    /// dropped.
    pub(crate) fn push(&mut self, datagram: &[u8]) -> bool {
        self.outgoing.push(&[&(datagram.len() as u16).to_be_bytes(), datagram])
    }

    /// The same for a datagram that is yet to be written: exactly so many bytes are appended to the buffer. Nothing when it is
    /// to be dropped.
    pub(crate) fn room(&mut self, length: usize) -> Option<&mut Vec<u8>> {
        // What leaves here fits: sessions make no datagrams beyond 2000 bytes.
        self.outgoing.room(&(length as u16).to_be_bytes(), length)
    }

    /// Writes what the client takes.
    pub(crate) fn flush(&mut self, now: Instant) -> io::Result<()> {
        self.outgoing.flush(&mut self.stream, now)
    }

    /// Whether the client has not read for so long that it is given up.
    pub(crate) fn is_stuck(&self, now: Instant) -> bool {
        self.outgoing.is_stuck(now)
    }
}

/// Reads what is there behind what `buffer` has, up to a turn's worth. Tells whether there may be more, and whether the
/// connection is at its end.
pub(crate) fn fill(stream: &mut impl Read, buffer: &mut Vec<u8>) -> (bool, bool) {
    let mut over = false;
    let mut more = true;
    while more && !over && buffer.len() < TURN_BYTES {
        let end = buffer.len();
        buffer.resize(end + READ, 0);
        let read = match stream.read(&mut buffer[end..]) {
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
    (more, over)
}

impl Outgoing {
    /// Adds something that belongs together. `false` when too much waits already.
    pub(crate) fn push(&mut self, parts: &[&[u8]]) -> bool {
        let room = self.room(&[], parts.iter().map(|part| part.len()).sum());
        room.map(|room| parts.iter().for_each(|part| room.extend_from_slice(part))).is_some()
    }

    /// The buffer with a header in it, to whose end exactly so many bytes are appended. Nothing when too much waits already.
    pub(crate) fn room(&mut self, header: &[u8], length: usize) -> Option<&mut Vec<u8>> {
        if self.waiting.len() - self.written + header.len() + length > WAITING_BYTES {
            return None;
        }
        self.waiting.extend_from_slice(header);
        Some(&mut self.waiting)
    }

    /// Writes what the client takes.
    pub(crate) fn flush(&mut self, stream: &mut impl Write, now: Instant) -> io::Result<()> {
        while self.written < self.waiting.len() {
            match stream.write(&self.waiting[self.written..]) {
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

    /// Whether nothing has been read for so long that the client is given up.
    pub(crate) fn is_stuck(&self, now: Instant) -> bool {
        self.stuck_since.is_some_and(|since| now.saturating_duration_since(since) > STUCK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert!(stream.outgoing.waiting.len() <= 2 * WAITING_BYTES, "{} bytes wait", stream.outgoing.waiting.len());
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
            poll.poll(&mut events, Some(Duration::from_secs(60))).expect("epoll");
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
