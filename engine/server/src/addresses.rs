//! Which addresses clients are told to send media to, and which a phone nearby can open.

use std::collections::HashSet;
use std::net::{IpAddr, SocketAddr};

use crate::settings::{Settings, SettingsError};

/// What to advertise: what was set and the public addresses that were learned; without the former also the address
/// listened on, or, where that is all of them, loopback and every address of this machine.
pub(crate) fn advertised(settings: &Settings, learned: &[IpAddr]) -> Result<Vec<SocketAddr>, SettingsError> {
    let listen = settings.media.listen;
    let mut advertised: Vec<SocketAddr> = learned.iter().map(|ip| SocketAddr::new(*ip, 0)).collect();
    let set = settings.advertised()?;
    if !set.is_empty() {
        advertised.extend(set);
    } else if listen.ip().is_unspecified() {
        let own = of_this_machine().into_iter().filter(|ip| ip.is_ipv4() || listen.is_ipv6());
        advertised.extend(own.map(|ip| SocketAddr::new(ip, 0)));
    } else if !advertised.is_empty() {
        advertised.push(SocketAddr::new(listen.ip(), 0));
    }
    let mut known = HashSet::new();
    advertised.retain(|address| known.insert(*address));
    Ok(advertised)
}

/// Loopback and every address of this machine. IPv6 addresses that only mean something on one link are left out: a
/// candidate does not say which.
pub(crate) fn of_this_machine() -> Vec<IpAddr> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_else(|error| {
        tracing::warn!(%error, "the addresses of this machine could not be read");
        Vec::new()
    });
    let mut addresses = vec![IpAddr::from([127, 0, 0, 1])];
    for ip in interfaces.iter().map(if_addrs::Interface::ip) {
        let usable = match ip {
            IpAddr::V4(ip) => !ip.is_link_local() && !ip.is_unspecified(),
            IpAddr::V6(ip) => !ip.is_unicast_link_local() && !ip.is_unspecified(),
        };
        if usable && !addresses.contains(&ip) {
            addresses.push(ip);
        }
    }
    addresses
}

/// The addresses another device of the network can open, the likeliest first: private IPv4 ones.
pub(crate) fn of_the_network() -> Vec<IpAddr> {
    let mut addresses: Vec<IpAddr> = of_this_machine().into_iter().filter(|ip| !ip.is_loopback()).collect();
    addresses.sort_by_key(|ip| match ip {
        IpAddr::V4(ip) if ip.is_private() => 0,
        IpAddr::V4(_) => 1,
        IpAddr::V6(_) => 2,
    });
    addresses
}
