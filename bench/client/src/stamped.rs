//! A UDP socket whose datagrams come with the time at which the kernel had them, so that who reads late measures no delay of its
//! own. It knows nothing of what they carry.

use std::io::{self, IoSliceMut};
use std::net::{SocketAddr, SocketAddrV4, SocketAddrV6, UdpSocket};
use std::os::fd::AsRawFd as _;
use std::time::{Duration, SystemTime};

use nix::cmsg_space;
use nix::sys::socket::sockopt::ReceiveTimestampns;
use nix::sys::socket::{ControlMessageOwned, MsgFlags, SockaddrStorage, recvmsg, setsockopt};
use nix::sys::time::TimeSpec;

/// See the module. It does not block.
#[derive(Debug)]
pub struct Stamped {
    socket: UdpSocket,
    control: Vec<u8>,
}

/// A datagram that was read.
#[derive(Debug, Clone, Copy)]
pub struct Arrival {
    /// Its bytes, at the beginning of the buffer.
    pub length: usize,
    /// Who sent it.
    pub source: SocketAddr,
    /// When the kernel had it for this socket.
    pub at: SystemTime,
}

impl Stamped {
    /// Has datagrams of this socket stamped from now on.
    pub fn new(socket: UdpSocket) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        setsockopt(&socket, ReceiveTimestampns, &true)?;
        Ok(Self { socket, control: cmsg_space!(TimeSpec) })
    }

    /// The socket.
    pub fn socket(&self) -> &UdpSocket {
        &self.socket
    }

    /// Reads a datagram. `WouldBlock` where none is there.
    pub fn receive(&mut self, buffer: &mut [u8]) -> io::Result<Arrival> {
        let mut parts = [IoSliceMut::new(buffer)];
        let message =
            recvmsg::<SockaddrStorage>(self.socket.as_raw_fd(), &mut parts, Some(&mut self.control), MsgFlags::empty())?;
        let source = message.address.as_ref().and_then(address).ok_or(io::ErrorKind::InvalidData)?;
        let stamp = message.cmsgs()?.find_map(|control| match control {
            ControlMessageOwned::ScmTimestampns(stamp) => Some(Duration::from(stamp)),
            _ => None,
        });
        let at = stamp.map_or_else(SystemTime::now, |since| SystemTime::UNIX_EPOCH + since);
        Ok(Arrival { length: message.bytes, source, at })
    }
}

fn address(of: &SockaddrStorage) -> Option<SocketAddr> {
    let v4 = of.as_sockaddr_in().map(|address| SocketAddr::from(SocketAddrV4::from(*address)));
    v4.or_else(|| of.as_sockaddr_in6().map(|address| SocketAddr::from(SocketAddrV6::from(*address))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_datagram_is_as_old_as_the_time_that_it_lay_there() {
        for host in ["127.0.0.1:0", "[::1]:0"] {
            let (from, to) = (UdpSocket::bind(host).expect("a socket"), UdpSocket::bind(host).expect("a socket"));
            let mut to = Stamped::new(to).expect("stamped");
            let mut buffer = [0; 10];
            assert_eq!(to.receive(&mut buffer).expect_err("nothing").kind(), io::ErrorKind::WouldBlock);
            // The kernel begins to stamp a moment after it was asked to.
            let lay_there = (0..1000).find(|_| {
                let before = SystemTime::now();
                from.send_to(b"hello", to.socket().local_addr().expect("bound")).expect("sent");
                std::thread::sleep(Duration::from_millis(1));
                let asked = SystemTime::now();
                let arrival = to.receive(&mut buffer).expect("it lies there");
                assert_eq!((&buffer[..arrival.length], arrival.source), (&b"hello"[..], from.local_addr().expect("bound")));
                assert!(before <= arrival.at);
                arrival.at < asked
            });
            assert!(lay_there.is_some());
        }
    }
}
