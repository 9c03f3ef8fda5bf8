//! A session of a shard: its peer connection with the paths ICE has proved for it, and where to send.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use rtc_protocol::SessionId;

use crate::peer::{Peer, Route, Transport};
use crate::route::Ufrag;

/// Addresses a session may have at once. A client has one for each of its interfaces and NATs, and needs one.
const PATHS: usize = 16;
/// A path that was proved this long ago may have been left for one that appeared since: clients check the path they use about
/// twice a second or more when they look for another.
const MAYBE_LEFT: Duration = Duration::from_millis(400);
/// A path that was proved this long ago has been left for any that was proved since: clients prove the path they use every 4
/// to 6 s (RFC 7675 section 5.1).
const SURELY_LEFT: Duration = Duration::from_secs(12);
/// How often another shard is reminded that an address is ours.
const ANNOUNCED_EVERY: Duration = Duration::from_secs(1);
/// How long a session may be without media before its peer connection is given up. Clients restart ICE, or replace the
/// connection, long before.
const KEPT: Duration = Duration::from_secs(60);

/// A session with its peer connection.
pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) peer: Box<dyn Peer>,
    /// The name by which the shard's table knows it.
    pub(crate) ufrag: Ufrag,
    /// When the peer connection wants to be called.
    pub(crate) deadline: Option<Instant>,
    /// The earliest entry in the shard's heap of timers that will look at this session.
    pub(crate) scheduled: Option<Instant>,
    /// Something was given to it that is only sent after a call of time.
    pub(crate) touched: bool,
    /// It panicked, or broke, and waits to be taken away.
    pub(crate) broken: bool,
    /// It is being taken away: what it says now is nobody's business.
    pub(crate) leaving: bool,
    /// TCP connections, by their client's address.
    pub(crate) streams: Vec<(SocketAddr, usize)>,
    connected: bool,
    /// Since when it is connected, or is not.
    since: Instant,
    paths: Vec<Path>,
    /// Where the peer connection means to send.
    meant: Option<Route>,
    /// Where it is sent.
    used: Option<Route>,
}

/// An address that ICE has proved.
#[derive(Debug)]
struct Path {
    route: Route,
    /// The address of ours that the client knows.
    local_ip: Option<IpAddr>,
    first: Instant,
    last: Instant,
    /// The shard that datagrams from there land on, if it is not this one, and when it was told.
    announced: Option<(u8, Instant)>,
}

/// What a proof changes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Proof {
    /// The address must be (or stay) in the table.
    pub(crate) enter: Option<SocketAddr>,
    /// This one is forgotten, because there are too many.
    pub(crate) forget: Option<SocketAddr>,
    /// This shard must be told of the address.
    pub(crate) announce: Option<u8>,
}

impl Session {
    pub(crate) fn new(now: Instant, id: SessionId, peer: Box<dyn Peer>) -> Self {
        Self {
            id,
            ufrag: peer.ufrag(),
            peer,
            deadline: None,
            scheduled: None,
            touched: false,
            broken: false,
            leaving: false,
            streams: Vec::new(),
            connected: false,
            since: now,
            paths: Vec::new(),
            meant: None,
            used: None,
        }
    }

    pub(crate) fn is_connected(&self) -> bool {
        self.connected
    }

    /// Media flows from now on, or no more.
    pub(crate) fn set_connected(&mut self, now: Instant, connected: bool) {
        if self.connected != connected {
            self.connected = connected;
            self.since = now;
        }
    }

    /// Whether it has been without media for too long.
    pub(crate) fn is_overdue(&self, now: Instant) -> bool {
        !self.connected && now.saturating_duration_since(self.since) >= KEPT
    }

    /// The client has shown the password from an address; `from` is the shard the datagram landed on, if not this one, and
    /// `nominates` that the client says it has chosen this path.
    pub(crate) fn handle_proof(
        &mut self,
        now: Instant,
        route: Route,
        local_ip: Option<IpAddr>,
        from: Option<u8>,
        nominates: bool,
    ) -> Proof {
        let mut proof = Proof::default();
        let udp = route.0 == Transport::Udp;
        let index = match self.paths.iter().position(|path| path.route == route) {
            Some(index) => index,
            None => {
                if self.paths.len() == PATHS {
                    proof.forget = self.forget_oldest();
                }
                self.paths.push(Path { route, local_ip, first: now, last: now, announced: None });
                self.paths.len() - 1
            }
        };
        if udp {
            proof.enter = Some(route.1);
        }
        let path = &mut self.paths[index];
        path.last = now;
        path.local_ip = local_ip;
        if let Some(shard) = from {
            let told = |(to, at): (u8, Instant)| to == shard && now.saturating_duration_since(at) < ANNOUNCED_EVERY;
            if !path.announced.is_some_and(told) {
                path.announced = Some((shard, now));
                proof.announce = Some(shard);
            }
        }
        let first = path.first;
        self.consider(now, route, first, nominates);
        proof
    }

    /// Follows a client whose address has changed without its knowing (a NAT that forgot it): its checks come from the new
    /// address, and from the old one no more. The peer connection itself would hold on to the old path until it is dead,
    /// because the new one has the same priority.
    fn consider(&mut self, now: Instant, route: Route, first: Instant, nominates: bool) {
        let Some(used) = self.used else { return };
        if used == route {
            return;
        }
        let last = self.paths.iter().find(|path| path.route == used).map(|path| path.last);
        let silent = last.map_or(Duration::MAX, |last| now.saturating_duration_since(last));
        let rebound = nominates && used.0 == route.0 && silent >= MAYBE_LEFT && last.is_none_or(|last| first > last);
        if rebound || silent >= SURELY_LEFT {
            self.used = Some(route);
        }
    }

    /// Where a datagram goes that the peer connection wants to send to `meant`, and the address of ours it comes from.
    /// Answers to STUN go where the question came from.
    pub(crate) fn destination(&mut self, meant: Route, stun: bool) -> (Route, Option<IpAddr>) {
        let route = if stun {
            meant
        } else {
            if self.meant != Some(meant) {
                self.meant = Some(meant);
                self.used = Some(meant);
            }
            self.used.unwrap_or(meant)
        };
        let local_ip = self.paths.iter().find(|path| path.route == route).and_then(|path| path.local_ip);
        (route, local_ip)
    }

    /// The addresses that stand for it in the table.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = SocketAddr> + '_ {
        self.paths.iter().filter(|path| path.route.0 == Transport::Udp).map(|path| path.route.1)
    }

    fn forget_oldest(&mut self) -> Option<SocketAddr> {
        let used = self.used;
        let old = self.paths.iter().enumerate().filter(|(_, path)| Some(path.route) != used).min_by_key(|(_, path)| path.last);
        let index = old.map(|(index, _)| index)?;
        let path = self.paths.swap_remove(index);
        (path.route.0 == Transport::Udp).then_some(path.route.1)
    }
}

#[cfg(test)]
mod tests {
    use rtc_protocol::{Layer, Track};
    use rtc_sfu::{Rewrite, SlotId, SlotSpec};

    use super::*;
    use crate::OfferError;
    use crate::offer::Offer;
    use crate::peer::{Datagram, MediaPacket, PeerFault, PeerOutput, Taken, Written};

    struct Nobody;

    impl Peer for Nobody {
        fn handle_offer(&mut self, _: Instant, _: Offer) -> Result<String, OfferError> {
            Err(OfferError::NoSession)
        }
        fn ufrag(&self) -> Ufrag {
            Ufrag::credentials(0).0
        }
        fn slots(&self) -> Vec<SlotSpec> {
            Vec::new()
        }
        fn slot_mid(&self, _: SlotId) -> Option<&str> {
            None
        }
        fn proves(&self, _: Instant, _: &Datagram<'_>) -> bool {
            false
        }
        fn handle_datagram(&mut self, _: Instant, _: &Datagram<'_>) -> Taken {
            Taken::Refused
        }
        fn handle_timeout(&mut self, _: Instant) -> Result<(), PeerFault> {
            Ok(())
        }
        fn poll_output(&mut self) -> Result<PeerOutput, PeerFault> {
            Err(PeerFault("nobody".into()))
        }
        fn write(&mut self, _: Instant, _: &MediaPacket, _: &Rewrite) -> Written {
            Written::NoSlot
        }
        fn route(&self) -> Option<Route> {
            None
        }
        fn wants_to_send(&self, _: Instant) -> bool {
            false
        }
        fn send(&mut self, _: Instant, _: &mut dyn rtc_egress::Sink) {}
        fn request_keyframe(&mut self, _: Track, _: Layer) {}
        fn set_goal(&mut self, _: u64, _: u64) {}
        fn close(&mut self) {}
    }

    const MS: Duration = Duration::from_millis(1);

    fn session(now: Instant) -> Session {
        Session::new(now, SessionId::new(1, 0), Box::new(Nobody))
    }

    fn udp(port: u16) -> Route {
        (Transport::Udp, SocketAddr::from(([127, 0, 0, 1], port)))
    }

    fn prove(session: &mut Session, at: Instant, route: Route) -> Proof {
        session.handle_proof(at, route, None, None, true)
    }

    #[test]
    fn media_follows_a_client_whose_address_changed() {
        let now = Instant::now();
        let mut session = session(now);
        prove(&mut session, now, udp(1));
        assert_eq!(session.destination(udp(1), false).0, udp(1));
        prove(&mut session, now + 2500 * MS, udp(2));
        assert_eq!(session.destination(udp(1), false).0, udp(2), "the peer connection still means the old one");
        assert_eq!(session.destination(udp(1), true).0, udp(1), "an answer goes where the question came from");
        assert_eq!(session.destination(udp(2), false).0, udp(2), "and when it has understood, too");
    }

    #[test]
    fn a_client_that_checks_two_paths_at_once_keeps_the_one_it_chose() {
        let now = Instant::now();
        let mut session = session(now);
        prove(&mut session, now, udp(1));
        let _ = session.destination(udp(1), false);
        for i in 1..20 {
            prove(&mut session, now + 100 * i * MS, udp(2));
            prove(&mut session, now + (100 * i + 50) * MS, udp(1));
        }
        assert_eq!(session.destination(udp(1), false).0, udp(1));
    }

    #[test]
    fn a_dead_path_is_left_for_tcp() {
        let now = Instant::now();
        let tcp = (Transport::Tcp, SocketAddr::from(([127, 0, 0, 1], 9)));
        let mut session = session(now);
        prove(&mut session, now, udp(1));
        let _ = session.destination(udp(1), false);
        prove(&mut session, now + 5000 * MS, tcp);
        assert_eq!(session.destination(udp(1), false).0, udp(1));
        prove(&mut session, now + 12_000 * MS, tcp);
        assert_eq!(session.destination(udp(1), false).0, tcp);
    }

    #[test]
    fn a_shard_is_told_of_an_address_and_reminded_once_a_second() {
        let now = Instant::now();
        let mut session = session(now);
        let mut from = |at, shard| session.handle_proof(at, udp(1), None, shard, true).announce;
        assert_eq!(from(now, Some(1)), Some(1));
        assert_eq!(from(now + 500 * MS, Some(1)), None);
        assert_eq!(from(now + 600 * MS, Some(2)), Some(2));
        assert_eq!(from(now + 1700 * MS, Some(2)), Some(2));
        assert_eq!(from(now + 1800 * MS, None), None);
    }

    #[test]
    fn paths_are_bounded_and_the_one_in_use_stays() {
        let now = Instant::now();
        let mut session = session(now);
        prove(&mut session, now, udp(1));
        let _ = session.destination(udp(1), false);
        let forgotten: Vec<_> =
            (2..20).filter_map(|port| prove(&mut session, now + u32::from(port) * MS, udp(port)).forget).collect();
        assert_eq!(forgotten, [udp(2).1, udp(3).1, udp(4).1]);
        assert_eq!(session.addresses().count(), PATHS);
    }

    #[test]
    fn without_media_a_session_is_overdue_after_a_minute() {
        let now = Instant::now();
        let mut session = session(now);
        assert!(!session.is_overdue(now + 59_999 * MS) && session.is_overdue(now + KEPT));
        session.set_connected(now + 59_999 * MS, true);
        assert!(!session.is_overdue(now + 600_000 * MS));
        session.set_connected(now + 600_000 * MS, false);
        assert!(!session.is_overdue(now + 650_000 * MS) && session.is_overdue(now + 660_000 * MS));
    }
}
