//! A client's connection to TURN: TCP, with or without TLS on it.

use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Interest, Registry, Token};
use rtc_turn::Frame;
use rustls::ServerConnection;

use crate::tcp::{Frames, Outgoing, Permit, fill};

/// A connection with TLS that speaks TURN in it.
#[derive(Debug)]
pub struct TurnVisitor {
    /// The connection; it does not block.
    pub stream: std::net::TcpStream,
    /// Its TLS, after the handshake.
    pub tls: ServerConnection,
    /// Who it is.
    pub remote: SocketAddr,
    /// What was read out of the TLS so far.
    pub read: Vec<u8>,
}

/// A connection that a shard is to take.
pub(crate) struct TurnGuest {
    pub(crate) stream: std::net::TcpStream,
    pub(crate) tls: Option<Box<ServerConnection>>,
    pub(crate) remote: SocketAddr,
    pub(crate) read: Vec<u8>,
    pub(crate) permit: Permit,
}

/// A connection of a shard.
pub(crate) struct TurnStream {
    pipe: Pipe,
    pub(crate) remote: SocketAddr,
    /// The beginning of a message whose rest has not come.
    partial: Vec<u8>,
    outgoing: Outgoing,
    /// When it was seen with an allocation last, or came.
    useful: Instant,
    _permit: Permit,
}

struct Pipe {
    stream: TcpStream,
    tls: Option<Box<ServerConnection>>,
}

impl TurnStream {
    pub(crate) fn new(now: Instant, guest: TurnGuest, registry: &Registry, token: Token) -> io::Result<Self> {
        let TurnGuest { stream, tls, remote, read, permit } = guest;
        let mut stream = TcpStream::from_std(stream);
        registry.register(&mut stream, token, Interest::READABLE | Interest::WRITABLE)?;
        let pipe = Pipe { stream, tls };
        Ok(Self { pipe, remote, partial: read, outgoing: Outgoing::default(), useful: now, _permit: permit })
    }

    /// Reads whole messages into `buffer`.
    pub(crate) fn read(&mut self, buffer: &mut Vec<u8>) -> Frames {
        buffer.clear();
        buffer.append(&mut self.partial);
        let (more, mut over) = fill(&mut self.pipe, buffer);
        let (mut frames, mut at) = (Vec::new(), 0);
        loop {
            match rtc_turn::frame(&buffer[at..]) {
                Frame::Whole { length, taken } => {
                    frames.push(at..at + length);
                    at += taken;
                }
                Frame::Unfinished => break,
                Frame::Broken => {
                    over = true;
                    break;
                }
            }
        }
        self.partial.extend_from_slice(&buffer[at..]);
        Frames { frames, more: more && !over, over }
    }

    /// Puts a message into the queue; [`flush`](Self::flush) afterwards. `false` when the client does not read and it was
    /// dropped.
    pub(crate) fn push(&mut self, message: &[u8]) -> bool {
        self.outgoing.push(&[message])
    }

    /// Writes what the client takes.
    pub(crate) fn flush(&mut self, now: Instant) -> io::Result<()> {
        self.outgoing.flush(&mut self.pipe, now)?;
        match self.pipe.flush() {
            // The rest goes when there is room.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(()),
            flushed => flushed,
        }
    }

    /// Whether the client has not read for so long that it is given up.
    pub(crate) fn is_stuck(&self, now: Instant) -> bool {
        self.outgoing.is_stuck(now)
    }

    /// Whether it has been without an allocation for so long; `has_one` now.
    pub(crate) fn is_idle(&mut self, now: Instant, has_one: bool, most: Duration) -> bool {
        if has_one {
            self.useful = now;
        }
        now.saturating_duration_since(self.useful) > most
    }
}

impl Read for Pipe {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(tls) = &mut self.tls else { return self.stream.read(buffer) };
        loop {
            match tls.reader().read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                read => return read,
            }
            if tls.read_tls(&mut self.stream)? == 0 {
                return Ok(0);
            }
            tls.process_new_packets().map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        }
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.tls.is_none() {
            return self.stream.write(bytes);
        }
        // What was encrypted before goes first, so that little gathers here: who does not read shows in the queue.
        self.flush()?;
        let Some(tls) = &mut self.tls else { return Ok(0) };
        let written = tls.writer().write(bytes)?;
        match self.flush() {
            Err(error) if error.kind() != io::ErrorKind::WouldBlock => Err(error),
            _ => Ok(written),
        }
    }

    /// Writes what is encrypted.
    fn flush(&mut self) -> io::Result<()> {
        let Some(tls) = &mut self.tls else { return Ok(()) };
        while tls.wants_write() {
            tls.write_tls(&mut self.stream)?;
        }
        Ok(())
    }
}
