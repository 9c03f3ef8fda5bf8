//! One allocation: whose it is, and with whom its client may speak.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use rtc_stun::Transaction;

use crate::server::{Caller, Cause, Outcome};

/// Lifetimes (RFC 8656 sections 3.2, 9 and 12).
pub(crate) const LIFETIME: Duration = Duration::from_secs(600);
pub(crate) const LONGEST_LIFETIME: Duration = Duration::from_secs(3600);
const PERMISSION: Duration = Duration::from_secs(300);
const CHANNEL: Duration = Duration::from_secs(600);

/// An allocation. Its permissions and channels lead to peers that a server lists, so they are as few as those.
#[derive(Debug)]
pub(crate) struct Allocation {
    pub(crate) caller: Caller,
    pub(crate) remote: SocketAddr,
    pub(crate) relayed: SocketAddr,
    /// The whole user name, and its key.
    pub(crate) user_name: Box<[u8]>,
    pub(crate) key: [u8; 16],
    /// The request it was made by, which may come again.
    pub(crate) transaction: Transaction,
    pub(crate) ends: Instant,
    permissions: Vec<Permission>,
    channels: Vec<Channel>,
}

#[derive(Debug)]
struct Permission {
    ip: IpAddr,
    /// The peer there that was sent to last.
    port: Option<u16>,
    ends: Instant,
}

#[derive(Debug)]
struct Channel {
    number: u16,
    peer: SocketAddr,
    ends: Instant,
}

impl Allocation {
    pub(crate) fn new(
        caller: Caller,
        remote: SocketAddr,
        relayed: SocketAddr,
        (user_name, key): (&[u8], [u8; 16]),
        transaction: Transaction,
        ends: Instant,
    ) -> Self {
        let user_name = user_name.into();
        Self { caller, remote, relayed, user_name, key, transaction, ends, permissions: Vec::new(), channels: Vec::new() }
    }

    /// Whom quotas count it for.
    pub(crate) fn user(&self) -> &[u8] {
        let colon = self.user_name.iter().position(|byte| *byte == b':');
        colon.map_or(&[], |colon| &self.user_name[colon + 1..])
    }

    /// Lets the client and all at an address speak with each other.
    pub(crate) fn permit(&mut self, now: Instant, ip: IpAddr) {
        let ends = now + PERMISSION;
        match self.permissions.iter_mut().find(|permission| permission.ip == ip) {
            Some(permission) => permission.ends = ends,
            None => self.permissions.push(Permission { ip, port: None, ends }),
        }
    }

    /// Gives a peer a channel. False when one of the two has another.
    pub(crate) fn bind(&mut self, now: Instant, number: u16, peer: SocketAddr) -> bool {
        self.channels.retain(|channel| channel.ends > now);
        let ends = now + CHANNEL;
        match self.channels.iter_mut().find(|channel| channel.number == number || channel.peer == peer) {
            Some(channel) if channel.number == number && channel.peer == peer => channel.ends = ends,
            Some(_) => return false,
            None => self.channels.push(Channel { number, peer, ends }),
        }
        self.permit(now, peer.ip());
        true
    }

    /// The peer of a channel.
    pub(crate) fn peer(&self, now: Instant, number: u16) -> Option<SocketAddr> {
        self.channels.iter().find(|channel| channel.number == number && channel.ends > now).map(|channel| channel.peer)
    }

    /// The channel of a peer.
    pub(crate) fn channel(&self, now: Instant, peer: SocketAddr) -> Option<u16> {
        self.channels.iter().find(|channel| channel.peer == peer && channel.ends > now).map(|channel| channel.number)
    }

    /// Carries something to a peer, if that is permitted; it is then the one that answers from there.
    pub(crate) fn relay<'a>(&mut self, now: Instant, peer: SocketAddr, data: &'a [u8]) -> Outcome<'a> {
        match self.permissions.iter_mut().find(|permission| permission.ip == peer.ip() && permission.ends > now) {
            Some(permission) => {
                permission.port = Some(peer.port());
                Outcome::Relay { from: self.relayed, to: peer, data }
            }
            None => Outcome::Drop(Cause::Unpermitted),
        }
    }

    /// Which peer it is that sends from an address, or from wherever; nothing when it may not.
    pub(crate) fn sender(&self, now: Instant, from: Option<IpAddr>) -> Option<SocketAddr> {
        let fits = |permission: &&Permission| permission.ends > now && from.is_none_or(|ip| ip == permission.ip);
        let peer = |permission: &Permission| Some(SocketAddr::new(permission.ip, permission.port?));
        self.permissions.iter().filter(fits).find_map(peer)
    }
}
