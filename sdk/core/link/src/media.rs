//! The media sockets: one for each own address in UDP, one for each connection in TCP, past a proxy or through it. They know
//! nothing of what they carry.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, UdpSocket as StdUdpSocket};
use std::sync::Arc;

use mio::net::{TcpStream, UdpSocket};
use mio::{Interest, Registry, Token};
use rtc_session::Protocol;
use socket2::{Domain, SockRef, Socket, Type};

use crate::addresses;
use crate::framing::Framing;
use crate::proxied::{Made, Proxied};
use crate::proxy::{self, Proxy, Relay};
use crate::queue::Queue;

/// Asked of the system for each direction of a socket; it may give less.
const BUFFER: usize = 1024 * 1024;
/// Read in one turn from one socket, so that none starves the others.
const BURST: usize = 256;
/// Sockets at one time; the session asks for far fewer.
const MOST: usize = 32;

/// The first token of a media socket; those below belong to others.
const FIRST_TOKEN: usize = 16;

pub(crate) struct Media {
    sockets: Vec<Entry>,
    last_token: usize,
    proxied: Option<Proxied>,
    /// Whether the system had no way for something.
    has_no_way: bool,
}

struct Entry {
    token: Token,
    local: SocketAddr,
    way: Way,
}

enum Way {
    Udp(UdpSocket),
    /// Through a proxy, whose relay lives as long as the connection on which it was asked for.
    Relayed {
        socket: UdpSocket,
        control: TcpStream,
        control_token: Token,
    },
    Tcp {
        stream: TcpStream,
        remote: SocketAddr,
        framing: Framing,
        is_connected: bool,
    },
}

/// What happened on a socket.
pub(crate) enum Happening<'a> {
    Opened { protocol: Protocol, local: SocketAddr },
    Closed { protocol: Protocol, local: SocketAddr },
    Datagram { protocol: Protocol, source: SocketAddr, local: SocketAddr, bytes: &'a [u8] },
}

impl Media {
    pub(crate) fn new(proxy: Option<Proxy>, queue: &Arc<Queue>) -> Self {
        Self { sockets: Vec::new(), last_token: 0, proxied: proxy.map(|proxy| Proxied::new(proxy, queue)), has_no_way: false }
    }

    pub(crate) fn open(
        &mut self,
        registry: &Registry,
        protocol: Protocol,
        remotes: &[SocketAddr],
        mut tell: impl FnMut(Happening<'_>),
    ) {
        let has_relay = self.sockets.iter().any(|entry| matches!(entry.way, Way::Relayed { .. }));
        for remote in remotes {
            let opened = match (protocol, self.proxied.as_mut().filter(|proxied| proxied.takes(protocol))) {
                // One relay reaches every address.
                (Protocol::Udp, Some(_)) if has_relay => Ok(None),
                (Protocol::Udp, Some(proxied)) => proxied.associate().map(|()| None),
                (Protocol::Tcp, Some(proxied)) => proxied.connect(*remote).map(|()| None),
                (Protocol::Udp, None) => self.open_udp(registry, *remote),
                (Protocol::Tcp, None) => self.open_tcp(registry, *remote).map(|()| None),
            };
            match opened {
                Ok(Some(local)) => tell(Happening::Opened { protocol, local }),
                Ok(None) => {}
                Err(error) => tracing::debug!(%remote, ?protocol, %error, "no socket towards an address of the engine"),
            }
        }
    }

    /// Takes what the proxy has opened meanwhile.
    pub(crate) fn adopt(&mut self, registry: &Registry, mut tell: impl FnMut(Happening<'_>)) {
        while let Some(made) = self.proxied.as_mut().and_then(Proxied::next) {
            let adopted = match made {
                Made::Relay(relay) => self.adopt_relay(registry, relay).map(|local| (Protocol::Udp, local)),
                Made::Connection { stream, remote } => {
                    let adopted = stream.set_nonblocking(true).map(|()| TcpStream::from_std(stream));
                    let adopted = adopted.and_then(|stream| self.register_tcp(registry, stream, remote, true));
                    adopted.map(|local| (Protocol::Tcp, local))
                }
            };
            match adopted {
                Ok((protocol, local)) => tell(Happening::Opened { protocol, local }),
                Err(error) => tracing::debug!(%error, "what the proxy opened cannot be used"),
            }
        }
    }

    fn adopt_relay(&mut self, registry: &Registry, relay: Relay) -> io::Result<SocketAddr> {
        let Relay { control, socket } = relay;
        let local = socket.local_addr()?;
        ready_for_media(&socket)?;
        control.set_nonblocking(true)?;
        let (mut socket, mut control) = (UdpSocket::from_std(socket), TcpStream::from_std(control));
        let (token, control_token) = (self.token()?, self.token()?);
        registry.register(&mut socket, token, Interest::READABLE)?;
        registry.register(&mut control, control_token, Interest::READABLE)?;
        self.sockets.push(Entry { token, local, way: Way::Relayed { socket, control, control_token } });
        Ok(local)
    }

    /// A socket on the own address towards `remote`; nothing where there is one already.
    fn open_udp(&mut self, registry: &Registry, remote: SocketAddr) -> io::Result<Option<SocketAddr>> {
        let ip = addresses::toward(remote).ok_or(io::ErrorKind::NetworkUnreachable)?;
        let is_there = self.sockets.iter().any(|entry| entry.local.ip() == ip && matches!(entry.way, Way::Udp(_)));
        if is_there {
            return Ok(None);
        }
        let socket = Socket::new(Domain::for_address(remote), Type::DGRAM, None)?;
        socket.bind(&SocketAddr::new(ip, 0).into())?;
        let socket = StdUdpSocket::from(socket);
        ready_for_media(&socket)?;
        let mut socket = UdpSocket::from_std(socket);
        let local = socket.local_addr()?;
        let token = self.token()?;
        registry.register(&mut socket, token, Interest::READABLE)?;
        self.sockets.push(Entry { token, local, way: Way::Udp(socket) });
        Ok(Some(local))
    }

    /// Begins to connect. That it is connected is told when it is.
    fn open_tcp(&mut self, registry: &Registry, remote: SocketAddr) -> io::Result<()> {
        self.register_tcp(registry, TcpStream::connect(remote)?, remote, false).map(drop)
    }

    fn register_tcp(
        &mut self,
        registry: &Registry,
        mut stream: TcpStream,
        remote: SocketAddr,
        is_connected: bool,
    ) -> io::Result<SocketAddr> {
        let local = stream.local_addr()?;
        let token = self.token()?;
        registry.register(&mut stream, token, Interest::READABLE | Interest::WRITABLE)?;
        let way = Way::Tcp { stream, remote, framing: Framing::default(), is_connected };
        self.sockets.push(Entry { token, local, way });
        Ok(local)
    }

    pub(crate) fn close_all(&mut self, registry: &Registry) {
        for mut entry in self.sockets.drain(..) {
            // Closing it does the same.
            let _ = match &mut entry.way {
                Way::Udp(socket) => registry.deregister(socket),
                Way::Relayed { socket, control, .. } => registry.deregister(socket).and(registry.deregister(control)),
                Way::Tcp { stream, .. } => registry.deregister(stream),
            };
        }
        self.proxied.iter_mut().for_each(Proxied::forget);
    }

    /// Sends a datagram. What cannot be sent is lost, as in a network.
    pub(crate) fn send(&mut self, protocol: Protocol, local: SocketAddr, to: SocketAddr, bytes: &[u8]) {
        for entry in self.sockets.iter_mut().filter(|entry| entry.local == local) {
            match (&mut entry.way, protocol) {
                (Way::Udp(socket), Protocol::Udp) => {
                    self.has_no_way |= socket.send_to(bytes, to).is_err_and(|error| is_no_way(&error));
                    return;
                }
                (Way::Relayed { socket, .. }, Protocol::Udp) => {
                    let _ = socket.send(&proxy::wrap(to, bytes));
                    return;
                }
                (Way::Tcp { stream, remote, framing, is_connected: true }, Protocol::Tcp) if *remote == to => {
                    framing.queue(bytes);
                    // A broken one is told when it is read.
                    let _ = write(stream, framing);
                    return;
                }
                _ => {}
            }
        }
    }

    /// Whether the system had no way for something since this was asked last: the network may be another one.
    pub(crate) fn take_no_way(&mut self) -> bool {
        std::mem::take(&mut self.has_no_way)
    }

    /// A socket is ready. Whether there may be more to read at once.
    pub(crate) fn ready(&mut self, token: Token, tell: &mut impl FnMut(Happening<'_>)) -> bool {
        let Some(at) = self.sockets.iter().position(|entry| entry.has(token)) else { return false };
        let Entry { local, way, .. } = &mut self.sockets[at];
        let local = *local;
        match way {
            Way::Udp(socket) => {
                let mut buffer = [0; 2048];
                for _ in 0..BURST {
                    match socket.recv_from(&mut buffer) {
                        Ok((length, source)) => {
                            let bytes = &buffer[..length];
                            tell(Happening::Datagram { protocol: Protocol::Udp, source, local, bytes });
                        }
                        Err(error) if error.kind() == io::ErrorKind::WouldBlock => return false,
                        // An error of an earlier send is reported here; the network loses things.
                        Err(_) => {}
                    }
                }
                true
            }
            Way::Relayed { control, control_token, .. } if *control_token == token => {
                let mut nothing = [0; 64];
                for _ in 0..BURST {
                    match control.read(&mut nothing) {
                        Ok(length) if length > 0 => {}
                        Err(error) if error.kind() == io::ErrorKind::WouldBlock => return false,
                        Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                        _ => {
                            self.sockets.swap_remove(at);
                            tell(Happening::Closed { protocol: Protocol::Udp, local });
                            return false;
                        }
                    }
                }
                true
            }
            Way::Relayed { socket, .. } => {
                let mut buffer = [0; 2048];
                for _ in 0..BURST {
                    match socket.recv(&mut buffer) {
                        Ok(length) => {
                            if let Some((source, bytes)) = proxy::unwrap(&buffer[..length]) {
                                tell(Happening::Datagram { protocol: Protocol::Udp, source, local, bytes });
                            }
                        }
                        Err(error) if error.kind() == io::ErrorKind::WouldBlock => return false,
                        Err(_) => {}
                    }
                }
                true
            }
            Way::Tcp { stream, remote, framing, is_connected } => {
                let remote = *remote;
                let state = if *is_connected { Ok(true) } else { connected(stream) };
                match state {
                    Ok(true) if !*is_connected => {
                        *is_connected = true;
                        tell(Happening::Opened { protocol: Protocol::Tcp, local });
                    }
                    Ok(false) => return false,
                    _ => {}
                }
                let mut buffer = [0; 16 * 1024];
                let mut is_good = state.is_ok() && write(stream, framing).is_ok();
                for _ in 0..BURST {
                    if !is_good {
                        break;
                    }
                    match stream.read(&mut buffer) {
                        Ok(0) => is_good = false,
                        Ok(length) => framing.take(&buffer[..length], |bytes| {
                            tell(Happening::Datagram { protocol: Protocol::Tcp, source: remote, local, bytes });
                        }),
                        Err(error) if error.kind() == io::ErrorKind::WouldBlock => return false,
                        Err(error) => is_good = error.kind() == io::ErrorKind::Interrupted,
                    }
                }
                if !is_good {
                    self.sockets.swap_remove(at);
                    tell(Happening::Closed { protocol: Protocol::Tcp, local });
                }
                is_good
            }
        }
    }

    fn token(&mut self) -> io::Result<Token> {
        if self.sockets.len() >= MOST {
            return Err(io::Error::other("too many media sockets"));
        }
        self.last_token = self.last_token.wrapping_add(1).max(FIRST_TOKEN);
        Ok(Token(self.last_token))
    }
}

impl Entry {
    fn has(&self, token: Token) -> bool {
        self.token == token || matches!(self.way, Way::Relayed { control_token, .. } if control_token == token)
    }
}

/// Whether the own address is gone, or the route to the other one.
fn is_no_way(error: &io::Error) -> bool {
    use io::ErrorKind as K;
    matches!(error.kind(), K::AddrNotAvailable | K::HostUnreachable | K::InvalidInput | K::NetworkDown | K::NetworkUnreachable)
}

/// Gives a socket buffers for bursts, and lets it not block.
fn ready_for_media(socket: &StdUdpSocket) -> io::Result<()> {
    let options = SockRef::from(socket);
    // A smaller buffer than asked for is a loss at most.
    let _ = options.set_recv_buffer_size(BUFFER);
    let _ = options.set_send_buffer_size(BUFFER);
    socket.set_nonblocking(true)
}

/// Whether a connection is made; an error when it cannot be.
fn connected(stream: &TcpStream) -> io::Result<bool> {
    if let Some(error) = stream.take_error()? {
        return Err(error);
    }
    match stream.peer_addr() {
        Ok(_) => {
            stream.set_nodelay(true)?;
            Ok(true)
        }
        Err(error) if error.kind() == io::ErrorKind::NotConnected => Ok(false),
        Err(error) => Err(error),
    }
}

fn write(stream: &mut TcpStream, framing: &mut Framing) -> io::Result<()> {
    while !framing.unsent().is_empty() {
        match stream.write(framing.unsent()) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(length) => framing.sent(length),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
