//! The addresses that allocations are known by. Nobody can send from them or be reached at them but through an allocation.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The dummy address (RFC 7600 section 4.8): by its registration it is no destination, so no host has it.
const V4: Ipv4Addr = Ipv4Addr::new(192, 0, 0, 8);
/// One of the discard prefix (RFC 6666): routers throw away what is sent there.
const V6: Ipv6Addr = Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 8);
/// The first port: lower ones mean something to people and to firewalls.
const FIRST: u16 = 1024;

/// Whether an address is an allocation's.
pub fn is_relayed(address: &SocketAddr) -> bool {
    match address.ip() {
        IpAddr::V4(ip) => ip == V4,
        IpAddr::V6(ip) => ip == V6,
    }
}

/// Which of so many servers has an allocation's address.
pub fn owner(address: &SocketAddr, servers: u8) -> u8 {
    // Less than `servers`.
    (address.port() % u16::from(servers.max(1))) as u8
}

/// How many addresses of a family one of so many servers has.
pub(crate) fn capacity(servers: u8) -> usize {
    usize::from((u16::MAX - FIRST) / u16::from(servers.max(1)))
}

/// The address in a place of a server, and the place of an address.
pub(crate) fn address(is_v4: bool, place: usize, server: u8, servers: u8) -> SocketAddr {
    let servers = u16::from(servers.max(1));
    // Places are below the capacity, so this does not overflow.
    let port = first(server, servers).saturating_add((place as u16).saturating_mul(servers));
    SocketAddr::new(if is_v4 { V4.into() } else { V6.into() }, port)
}

pub(crate) fn place(address: &SocketAddr, server: u8, servers: u8) -> Option<usize> {
    let servers = u16::from(servers.max(1));
    let above = address.port().checked_sub(first(server, servers))?;
    (is_relayed(address) && above % servers == 0).then_some(usize::from(above / servers))
}

/// A server's first port: it tells whose it is.
fn first(server: u8, servers: u16) -> u16 {
    FIRST.next_multiple_of(servers) + u16::from(server)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_of_one_server_and_one_place() {
        for servers in [1, 2, 3, 64] {
            for server in [0, servers / 2, servers - 1] {
                for at in [0, 1, 77, capacity(servers) - 2] {
                    let given = address(at % 2 == 0, at, server, servers);
                    assert!(is_relayed(&given) && given.port() >= FIRST, "{given}");
                    assert_eq!((owner(&given, servers), place(&given, server, servers)), (server, Some(at)), "{given}");
                    if servers > 1 {
                        assert_eq!(place(&given, (server + 1) % servers, servers).filter(|_| server == 0), None);
                    }
                }
            }
        }
        assert_eq!(place(&SocketAddr::from((V4, 80)), 0, 1), None);
        assert_eq!(place(&SocketAddr::from(([192, 0, 2, 1], 5000)), 0, 1), None);
    }
}
