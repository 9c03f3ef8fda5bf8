//! The way through a SOCKS5 proxy (RFC 1928), with or without a login (RFC 1929): connections it makes for us, and datagrams
//! it relays. It knows nothing of what goes through.

use std::fmt;
use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs as _, UdpSocket};
use std::time::Duration;

use crate::addresses;

/// What one address, and one step of a handshake, may take.
const STEP: Duration = Duration::from_secs(4);
/// Addresses of the proxy's name that are tried.
const ADDRESSES: usize = 4;
/// The longest name, user or password: their lengths are told in one byte.
const LONGEST: usize = 255;

/// A SOCKS5 proxy, and what goes through it. Does not print its login.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    host: String,
    port: u16,
    login: Option<(String, String)>,
    through: Through,
}

/// What goes through a proxy; the rest goes past it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Through {
    /// Signaling: HTTP and HTTPS.
    pub signaling: bool,
    /// Media in TCP.
    pub tcp: bool,
    /// Media in UDP.
    pub udp: bool,
}

impl Default for Through {
    fn default() -> Self {
        Self { signaling: true, tcp: true, udp: true }
    }
}

/// Why there is no such proxy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidProxy {
    /// The name has no address, or nobody answers what it is.
    #[error("the proxy's name `{0}` has no address: {1}")]
    Name(String, io::Error),
    /// The port is 0.
    #[error("the proxy's port is 0")]
    Port,
    /// User or password are too long, or one is there without the other.
    #[error("the proxy's user and password must have 1 to 255 bytes each, or be empty both")]
    Login,
}

impl Proxy {
    /// A proxy. Its name is looked up, to tell at once whether it can be; nothing is connected to.
    ///
    /// # Errors
    /// [`InvalidProxy`].
    pub fn new(host: &str, port: u16, user: &str, password: &str, through: Through) -> Result<Self, InvalidProxy> {
        if port == 0 {
            return Err(InvalidProxy::Port);
        }
        let login = match (user.len(), password.len()) {
            (0, 0) => None,
            (1..=LONGEST, 1..=LONGEST) => Some((user.to_owned(), password.to_owned())),
            _ => return Err(InvalidProxy::Login),
        };
        let proxy = Self { host: host.to_owned(), port, login, through };
        match proxy.addresses() {
            Ok(_) => Ok(proxy),
            Err(error) => Err(InvalidProxy::Name(host.to_owned(), error)),
        }
    }

    /// What goes through it.
    pub fn through(&self) -> Through {
        self.through
    }

    fn addresses(&self) -> io::Result<Vec<SocketAddr>> {
        let found: Vec<SocketAddr> = (self.host.as_str(), self.port).to_socket_addrs()?.take(ADDRESSES).collect();
        if found.is_empty() { Err(io::Error::new(io::ErrorKind::NotFound, "there is none")) } else { Ok(found) }
    }

    /// A connection to a name or address behind the proxy, which looks names up itself. It blocks, for some seconds at most,
    /// and its timeouts are those of the handshake.
    pub(crate) fn connect(&self, host: &str, port: u16) -> io::Result<TcpStream> {
        let mut tcp = self.open()?;
        match host.parse::<IpAddr>() {
            Ok(ip) => request(&mut tcp, CONNECT, &address(SocketAddr::new(ip, port)))?,
            Err(_) => request(&mut tcp, CONNECT, &name(host, port)?)?,
        };
        Ok(tcp)
    }

    /// A relay for datagrams. It blocks, for some seconds at most.
    pub(crate) fn associate(&self) -> io::Result<Relay> {
        let mut control = self.open()?;
        // Where datagrams will come from is not known before they have passed whatever is on the way to the proxy.
        let any = SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), 0);
        let mut relay = request(&mut control, ASSOCIATE, &address(any))?;
        if relay.ip().is_unspecified() {
            relay.set_ip(control.peer_addr()?.ip());
        }
        let own = addresses::toward(relay).ok_or(io::ErrorKind::NetworkUnreachable)?;
        let socket = UdpSocket::bind((own, 0))?;
        socket.connect(relay)?;
        Ok(Relay { control, socket })
    }

    /// A connection to the proxy itself, after the login.
    fn open(&self) -> io::Result<TcpStream> {
        let mut last = io::ErrorKind::NotFound.into();
        for address in self.addresses()? {
            match TcpStream::connect_timeout(&address, STEP).and_then(|tcp| self.greet(tcp)) {
                Ok(tcp) => return Ok(tcp),
                Err(error) => last = error,
            }
        }
        Err(io::Error::new(last.kind(), format!("the proxy does not help: {last}")))
    }

    fn greet(&self, mut tcp: TcpStream) -> io::Result<TcpStream> {
        tcp.set_nodelay(true)?;
        tcp.set_read_timeout(Some(STEP))?;
        tcp.set_write_timeout(Some(STEP))?;
        // RFC 1928 section 3: without a login, and with one if there is one.
        tcp.write_all(if self.login.is_some() { &[VERSION, 2, NO_LOGIN, LOGIN] } else { &[VERSION, 1, NO_LOGIN] })?;
        let [version, method] = read(&mut tcp)?;
        match (version, method, &self.login) {
            (VERSION, NO_LOGIN, _) => Ok(tcp),
            (VERSION, LOGIN, Some((user, password))) => {
                // RFC 1929. Lengths were checked when it was made.
                let mut words = vec![LOGIN_VERSION, user.len() as u8];
                words.extend_from_slice(user.as_bytes());
                words.push(password.len() as u8);
                words.extend_from_slice(password.as_bytes());
                tcp.write_all(&words)?;
                match read(&mut tcp)? {
                    [_, 0] => Ok(tcp),
                    _ => Err(refused("it does not know this user and password")),
                }
            }
            (VERSION, ..) => Err(refused("it wants a login it was not given")),
            _ => Err(refused("it does not speak SOCKS5")),
        }
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, login, through } = self;
        let has_login = login.is_some();
        f.debug_struct("Proxy")
            .field("host", host)
            .field("port", port)
            .field("has_login", &has_login)
            .field("through", through)
            .finish()
    }
}

/// A way for datagrams through a proxy. It ends with its connection.
#[derive(Debug)]
pub(crate) struct Relay {
    pub(crate) control: TcpStream,
    /// Connected to the relay's port.
    pub(crate) socket: UdpSocket,
}

/// A datagram as the relay takes it (RFC 1928 section 7).
pub(crate) fn wrap(to: SocketAddr, datagram: &[u8]) -> Vec<u8> {
    let mut wrapped = vec![0, 0, 0];
    wrapped.extend_from_slice(&address(to));
    wrapped.extend_from_slice(datagram);
    wrapped
}

/// Whom a datagram of the relay is from, and what it holds. Nothing where it is a piece of one, or nonsense.
pub(crate) fn unwrap(wrapped: &[u8]) -> Option<(SocketAddr, &[u8])> {
    let ([_, _, 0, kind], rest) = wrapped.split_first_chunk()? else { return None };
    let (ip, rest): (IpAddr, _) = match *kind {
        IPV4 => rest.split_first_chunk::<4>().map(|(ip, rest)| (Ipv4Addr::from(*ip).into(), rest))?,
        IPV6 => rest.split_first_chunk::<16>().map(|(ip, rest)| (Ipv6Addr::from(*ip).into(), rest))?,
        _ => return None,
    };
    let (port, datagram) = rest.split_first_chunk::<2>()?;
    Some((SocketAddr::new(ip, u16::from_be_bytes(*port)), datagram))
}

/// Asks for something, and gives the address that the answer names.
fn request(tcp: &mut TcpStream, command: u8, target: &[u8]) -> io::Result<SocketAddr> {
    tcp.write_all(&[&[VERSION, command, 0], target].concat())?;
    let [version, reply, _, kind] = read(tcp)?;
    if version != VERSION {
        return Err(refused("it does not speak SOCKS5"));
    }
    if reply != 0 {
        return Err(refused(REPLIES.get(usize::from(reply)).copied().unwrap_or("it gives no reason")));
    }
    let ip: IpAddr = match kind {
        IPV4 => Ipv4Addr::from(read::<4>(tcp)?).into(),
        IPV6 => Ipv6Addr::from(read::<16>(tcp)?).into(),
        NAME => {
            // Whoever names itself is where we found it.
            let [length] = read(tcp)?;
            tcp.read_exact(&mut vec![0; usize::from(length)])?;
            Ipv4Addr::UNSPECIFIED.into()
        }
        _ => return Err(refused("its answer is not understood")),
    };
    Ok(SocketAddr::new(ip, u16::from_be_bytes(read(tcp)?)))
}

fn address(to: SocketAddr) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1 + 16 + 2);
    match to.ip() {
        IpAddr::V4(ip) => {
            bytes.push(IPV4);
            bytes.extend_from_slice(&ip.octets());
        }
        IpAddr::V6(ip) => {
            bytes.push(IPV6);
            bytes.extend_from_slice(&ip.octets());
        }
    }
    bytes.extend_from_slice(&to.port().to_be_bytes());
    bytes
}

fn name(host: &str, port: u16) -> io::Result<Vec<u8>> {
    let length = u8::try_from(host.len()).map_err(|_| refused("the engine's name is too long for it"))?;
    Ok([&[NAME, length], host.as_bytes(), &port.to_be_bytes()].concat())
}

fn read<const N: usize>(tcp: &mut TcpStream) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    tcp.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn refused(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionRefused, why)
}

const VERSION: u8 = 5;
const LOGIN_VERSION: u8 = 1;
const NO_LOGIN: u8 = 0;
const LOGIN: u8 = 2;
const CONNECT: u8 = 1;
const ASSOCIATE: u8 = 3;
const IPV4: u8 = 1;
const NAME: u8 = 3;
const IPV6: u8 = 4;
/// RFC 1928 section 6.
const REPLIES: [&str; 9] = [
    "it succeeded",
    "it has a fault",
    "its rules do not allow it",
    "it does not reach the engine's network",
    "it does not reach the engine",
    "the engine refused its connection",
    "it took too long",
    "it cannot do this",
    "it does not know such addresses",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datagrams_come_out_of_their_wrapping_as_they_went_in() {
        for to in ["127.0.0.1:9", "[2001:db8::7]:65535"] {
            let to = to.parse().expect("an address");
            let wrapped = wrap(to, b"media");
            assert_eq!(unwrap(&wrapped), Some((to, &b"media"[..])));
            for length in 0..wrapped.len() - b"media".len() {
                assert_eq!(unwrap(&wrapped[..length]), None, "cut at {length}");
            }
        }
        assert_eq!(unwrap(&[0, 0, 1, IPV4, 127, 0, 0, 1, 0, 9, 7]), None, "a piece of a datagram");
        assert_eq!(unwrap(&[0, 0, 0, NAME, 1, b'a', 0, 9, 7]), None, "a name cannot be compared with anything");
    }

    #[test]
    fn what_cannot_be_a_proxy_is_refused() {
        let made = |host, port, user, password: &str| Proxy::new(host, port, user, password, Through::default()).is_ok();
        assert!(made("127.0.0.1", 1080, "", "") && made("::1", 1080, "ann", "secret"));
        assert!(!made("127.0.0.1", 0, "", ""));
        assert!(!made("not.a.name.invalid", 1080, "", ""));
        assert!(!made("127.0.0.1", 1080, "ann", "") && !made("127.0.0.1", 1080, "", "secret"));
        assert!(!made("127.0.0.1", 1080, "ann", &"x".repeat(256)));
    }

    #[test]
    fn a_proxy_does_not_print_its_login() {
        let proxy = Proxy::new("127.0.0.1", 1080, "ann-name", "ann-secret", Through::default()).expect("a proxy");
        assert!(!format!("{proxy:?}").contains("ann"));
    }
}
