//! The sockets of the media port, and the addresses that clients are told for them. Nothing is read from them here.

use std::io;
use std::net::SocketAddr;

use crate::{MediaConfig, socket};

/// The most shards: the bits that pick one out of a user fragment would allow more.
pub(super) const SHARDS: usize = 64;

/// Bytes of a socket's buffers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Buffers {
    /// For what has arrived.
    pub receive: usize,
    /// For what is to leave.
    pub send: usize,
}

/// The sockets of the media port.
pub(crate) struct Sockets {
    pub(crate) udp: Vec<std::net::UdpSocket>,
    pub(crate) tcp: std::net::TcpListener,
    pub(crate) local_addr: SocketAddr,
    pub(crate) buffers: Buffers,
}

impl Sockets {
    /// Opens them, one UDP socket for each shard, all on one port.
    pub(crate) fn open(config: &MediaConfig) -> io::Result<Self> {
        if !(1..=SHARDS).contains(&config.shards) {
            let message = format!("shards must be 1 to {SHARDS}, not {}", config.shards);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        // A port that is free for UDP may be taken for TCP; where any port will do, try another.
        let mut attempts = if config.listen.port() == 0 { 20 } else { 1 };
        loop {
            attempts -= 1;
            match Self::open_once(config) {
                Err(e) if e.kind() == io::ErrorKind::AddrInUse && attempts > 0 => {}
                opened => return opened,
            }
        }
    }

    fn open_once(config: &MediaConfig) -> io::Result<Self> {
        let context = |e: io::Error| io::Error::new(e.kind(), format!("media address {}: {e}", config.listen));
        let first = socket::bind(config.listen, config.socket_buffer_bytes).map_err(context)?;
        let local_addr = first.local_addr()?;
        let buffers = socket::buffers(&first)?;
        let tcp = socket::listen(local_addr).map_err(context)?;
        let mut udp = vec![first];
        while udp.len() < config.shards {
            udp.push(socket::bind(local_addr, config.socket_buffer_bytes).map_err(context)?);
        }
        Ok(Self { udp, tcp, local_addr, buffers })
    }
}

/// The addresses clients are told, with real ports.
pub(crate) fn advertised(config: &MediaConfig, local_addr: SocketAddr) -> io::Result<Vec<SocketAddr>> {
    let mut advertised = config.advertise.clone();
    if advertised.is_empty() {
        advertised.push(local_addr);
    }
    for address in &mut advertised {
        if address.ip().is_unspecified() {
            let message = "media listens on all addresses, so the ones to advertise must be named";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        if address.port() == 0 {
            address.set_port(local_addr.port());
        }
    }
    Ok(advertised)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_advertised_must_be_an_address() {
        let all = SocketAddr::from(([0, 0, 0, 0], 0));
        let config = MediaConfig { listen: all, ..MediaConfig::default() };
        let local = SocketAddr::from(([0, 0, 0, 0], 8000));
        assert_eq!(advertised(&config, local).expect_err("nothing").kind(), io::ErrorKind::InvalidInput);
        let named = SocketAddr::from(([192, 0, 2, 1], 0));
        let config = MediaConfig { advertise: vec![named], ..config };
        assert_eq!(advertised(&config, local).expect("one"), [SocketAddr::from(([192, 0, 2, 1], 8000))]);
    }
}
