//! What goes in and out between a session and the sockets of whoever drives it.

use std::fmt;
use std::net::SocketAddr;

use crate::Event;

/// One WebSocket of a session. Numbers are not used again, so that what comes late is told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SocketId(pub u32);

/// How a datagram travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// As it is.
    Udp,
    /// Framed in a TCP connection (RFC 4571); framing is the driver's.
    Tcp,
}

/// What happened outside. Does not print what texts say: tickets are in them.
#[derive(Clone, Copy)]
pub enum Input<'a> {
    /// [`crate::Session::poll_timeout`] was reached.
    Timeout,
    /// A WebSocket is open.
    SocketOpened(SocketId),
    /// A text message.
    Text {
        /// Of which WebSocket.
        socket: SocketId,
        /// What it says.
        text: &'a str,
    },
    /// A WebSocket did not open, or is gone. Not told of those the session closed itself.
    SocketClosed {
        /// Which.
        socket: SocketId,
        /// Why, in words for people; empty where nothing is known.
        why: &'a str,
    },
    /// A socket for media is there: bound, or connected in case of TCP.
    PathOpened {
        /// How.
        protocol: Protocol,
        /// Its own address, never an unspecified one.
        local: SocketAddr,
    },
    /// A socket for media is gone: closed by the other side, or its address is.
    PathClosed {
        /// How.
        protocol: Protocol,
        /// Its own address.
        local: SocketAddr,
    },
    /// A datagram arrived.
    Datagram {
        /// How.
        protocol: Protocol,
        /// Where from.
        source: SocketAddr,
        /// The own address of the socket it came on.
        local: SocketAddr,
        /// What it holds.
        bytes: &'a [u8],
    },
    /// The addresses of this machine changed: another network.
    AddressesChanged,
}

/// What is to be done, in this order. Does not print what texts say: tickets are in them.
#[non_exhaustive]
pub enum Output {
    /// Open a WebSocket.
    OpenSocket {
        /// Its number.
        socket: SocketId,
        /// Where to, `ws` or `wss`.
        url: String,
    },
    /// Send a text message.
    SendText {
        /// On which.
        socket: SocketId,
        /// What.
        text: String,
    },
    /// Close a WebSocket, open or not, after what was sent on it. Nothing more is told of it.
    CloseSocket {
        /// Which.
        socket: SocketId,
        /// The code (RFC 6455 section 7.4).
        code: u16,
        /// A word for the log of the engine.
        reason: &'static str,
    },
    /// Have a media socket towards each of these addresses: for UDP one for each own address a datagram to them would
    /// leave from, for TCP a connection to each. Each is told by [`Input::PathOpened`].
    OpenPaths {
        /// How.
        protocol: Protocol,
        /// Where to, at most [`crate::Output::MOST_PATHS`].
        remotes: Vec<SocketAddr>,
    },
    /// Close all media sockets. Nothing more is told of them.
    ClosePaths,
    /// Send a datagram. What cannot be sent is lost.
    Transmit {
        /// How.
        protocol: Protocol,
        /// The own address it leaves from.
        local: SocketAddr,
        /// Where to.
        remote: SocketAddr,
        /// What.
        bytes: Vec<u8>,
    },
    /// Tell the application.
    Event(Event),
}

impl Output {
    /// The most addresses of an engine that are tried.
    pub const MOST_PATHS: usize = 8;
}

impl fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timeout => f.write_str("Timeout"),
            Self::SocketOpened(socket) => write!(f, "SocketOpened({})", socket.0),
            Self::Text { socket, text } => write!(f, "Text({}, {} bytes)", socket.0, text.len()),
            Self::SocketClosed { socket, why } => write!(f, "SocketClosed({}, {why})", socket.0),
            Self::PathOpened { protocol, local } => write!(f, "PathOpened({protocol:?} {local})"),
            Self::PathClosed { protocol, local } => write!(f, "PathClosed({protocol:?} {local})"),
            Self::Datagram { protocol, source, local, bytes } => {
                write!(f, "Datagram({protocol:?} {source} to {local}, {} bytes)", bytes.len())
            }
            Self::AddressesChanged => f.write_str("AddressesChanged"),
        }
    }
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OpenSocket { socket, url } => write!(f, "OpenSocket({}, {url})", socket.0),
            Self::SendText { socket, text } => write!(f, "SendText({}, {} bytes)", socket.0, text.len()),
            Self::CloseSocket { socket, code, .. } => write!(f, "CloseSocket({}, {code})", socket.0),
            Self::OpenPaths { protocol, remotes } => write!(f, "OpenPaths({protocol:?} {remotes:?})"),
            Self::ClosePaths => f.write_str("ClosePaths"),
            Self::Transmit { protocol, local, remote, bytes } => {
                write!(f, "Transmit({protocol:?} {local} to {remote}, {} bytes)", bytes.len())
            }
            Self::Event(event) => write!(f, "Event({event:?})"),
        }
    }
}
