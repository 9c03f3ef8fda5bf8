//! How a client's datagrams travel: as UDP, or framed in TCP (RFC 4571). It knows nothing of what they carry.

use std::io::{self, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream, UdpSocket};
use std::os::fd::{AsRawFd, RawFd};
use std::time::SystemTime;

use str0m::net::Protocol;

use crate::stamped::{Arrival, Stamped};

/// A way to the engine.
#[derive(Debug)]
pub(crate) enum Link {
    /// A UDP socket.
    Udp(Stamped),
    /// A TCP connection that is made when the engine's address is known.
    Unconnected,
    /// A TCP connection.
    Tcp(Framed),
}

/// A TCP connection with what is half read and half written.
#[derive(Debug)]
pub(crate) struct Framed {
    stream: TcpStream,
    remote: SocketAddr,
    read: Vec<u8>,
    unsent: Vec<u8>,
}

impl Link {
    pub(crate) fn udp(address: IpAddr) -> io::Result<Self> {
        Ok(Self::Udp(Stamped::new(UdpSocket::bind((address, 0))?)?))
    }

    pub(crate) fn tcp(remote: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(remote)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        Ok(Self::Tcp(Framed { stream, remote, read: Vec::new(), unsent: Vec::new() }))
    }

    pub(crate) fn protocol(&self) -> Protocol {
        match self {
            Self::Udp(_) => Protocol::Udp,
            Self::Unconnected | Self::Tcp(_) => Protocol::Tcp,
        }
    }

    pub(crate) fn local_addr(&self) -> io::Result<SocketAddr> {
        match self {
            Self::Udp(stamped) => stamped.socket().local_addr(),
            Self::Unconnected => Err(io::ErrorKind::NotConnected.into()),
            Self::Tcp(framed) => framed.stream.local_addr(),
        }
    }

    /// The next datagram; nothing when none is there.
    pub(crate) fn receive(&mut self, buffer: &mut [u8]) -> Option<Arrival> {
        match self {
            // An error of an earlier send is reported here; the network loses things.
            Self::Udp(stamped) => stamped.receive(buffer).ok(),
            Self::Unconnected => None,
            Self::Tcp(framed) => {
                let (length, source) = framed.receive(buffer)?;
                Some(Arrival { length, source, at: SystemTime::now() })
            }
        }
    }

    /// Sends a datagram. What does not fit is lost, as in a network.
    pub(crate) fn send(&mut self, datagram: &[u8], to: SocketAddr) {
        match self {
            Self::Udp(stamped) => drop(stamped.socket().send_to(datagram, to)),
            Self::Unconnected => {}
            Self::Tcp(framed) => framed.send(datagram),
        }
    }
}

impl Framed {
    fn receive(&mut self, buffer: &mut [u8]) -> Option<(usize, SocketAddr)> {
        self.flush();
        let mut chunk = [0; 16 * 1024];
        loop {
            if let Some((length, rest)) = self.read.split_first_chunk::<2>() {
                let length = usize::from(u16::from_be_bytes(*length));
                if let (Some(frame), Some(buffer)) = (rest.get(..length), buffer.get_mut(..length)) {
                    buffer.copy_from_slice(frame);
                    self.read.drain(..2 + length);
                    return Some((length, self.remote));
                }
            }
            match self.stream.read(&mut chunk) {
                Ok(0) | Err(_) => return None,
                Ok(n) => self.read.extend_from_slice(&chunk[..n]),
            }
        }
    }

    fn send(&mut self, datagram: &[u8]) {
        let Ok(length) = u16::try_from(datagram.len()) else { return };
        self.unsent.extend_from_slice(&length.to_be_bytes());
        self.unsent.extend_from_slice(datagram);
        self.flush();
    }

    fn flush(&mut self) {
        while let Ok(n) = self.stream.write(&self.unsent) {
            if n == 0 {
                return;
            }
            self.unsent.drain(..n);
        }
    }
}

impl AsRawFd for Link {
    /// Before a TCP connection is made, no file: -1.
    fn as_raw_fd(&self) -> RawFd {
        match self {
            Self::Udp(stamped) => stamped.socket().as_raw_fd(),
            Self::Unconnected => -1,
            Self::Tcp(framed) => framed.stream.as_raw_fd(),
        }
    }
}
