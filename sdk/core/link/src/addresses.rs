//! This machine's addresses: which one a datagram would leave from, and whether they changed. It sends nothing.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

/// How often the addresses are looked at, and how soon after something could not be sent.
const PAUSE: Duration = Duration::from_millis(500);
const SOON: Duration = Duration::from_millis(50);

/// Watches the addresses that are not only this machine's own.
pub(crate) struct Addresses {
    known: BTreeSet<IpAddr>,
    next: Instant,
}

impl Addresses {
    pub(crate) fn new(now: Instant) -> Self {
        Self { known: current().unwrap_or_default(), next: now + PAUSE }
    }

    pub(crate) fn next(&self) -> Instant {
        self.next
    }

    /// Something could not be sent: they may have changed.
    pub(crate) fn doubt(&mut self, now: Instant) {
        self.next = self.next.min(now + SOON);
    }

    /// Whether they changed since this was asked last, where it is time to look.
    pub(crate) fn changed(&mut self, now: Instant) -> bool {
        if now < self.next {
            return false;
        }
        self.next = now + PAUSE;
        match current() {
            Some(addresses) if addresses != self.known => {
                self.known = addresses;
                true
            }
            _ => false,
        }
    }
}

/// The own address from which a datagram to `remote` would leave; nothing where there is no way to it.
pub(crate) fn toward(remote: SocketAddr) -> Option<IpAddr> {
    let any: IpAddr = if remote.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    // To connect a datagram socket only looks up the route.
    let socket = UdpSocket::bind((any, 0)).ok()?;
    socket.connect(remote).ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_unspecified()).then_some(ip)
}

fn current() -> Option<BTreeSet<IpAddr>> {
    let interfaces = if_addrs::get_if_addrs().ok()?;
    Some(interfaces.iter().filter(|interface| !interface.is_loopback()).map(if_addrs::Interface::ip).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_to_this_machine_leaves_from_loopback() {
        assert_eq!(toward(([127, 0, 0, 1], 9).into()), Some(Ipv4Addr::LOCALHOST.into()));
    }
}
