//! A session of a shard: its peer connection with the paths ICE has proved for it, and where to send.

use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use rtc_protocol::SessionId;

use crate::allowance::Allowance;
use crate::peer::{Peer, Route, Transport};
use crate::route::Ufrag;

/// Addresses a session may have at once. A client has one for each of its interfaces and NATs, and needs one.
const PATHS: usize = 16;
/// Checks that are remembered, so that one who has read a check cannot prove another address with it. Clients make one or two a
/// second, mostly fewer.
const CHECKS: usize = 1024;
/// A path that was proved this long ago may have been left for one that the client says it has chosen: clients check the path they
/// use about twice a second or more when they look for another, and say of that alone that they have chosen it.
const MAYBE_LEFT: Duration = Duration::from_millis(400);
/// The same for a path of another kind. Both may be in use for a moment, and UDP is the better one.
const MAYBE_LEFT_FOR_ANOTHER_KIND: Duration = Duration::from_secs(3);
/// A path that was proved this long ago has been left for any that was proved since: clients prove the path they use every 4
/// to 6 s (RFC 7675 section 5.1).
const SURELY_LEFT: Duration = Duration::from_secs(12);
/// How often another shard is reminded that an address is ours.
const ANNOUNCED_EVERY: Duration = Duration::from_secs(1);
/// A session of which nothing was heard for so long was away. Who publishes sends all the time, and who only watches reports every
/// second and a half at the latest.
const AWAY: Duration = Duration::from_secs(2);
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
    /// What it may send; nothing where there is no bound.
    pub(crate) allowance: Option<Allowance>,
    /// TCP connections, by their client's address.
    pub(crate) streams: Vec<(SocketAddr, usize)>,
    connected: bool,
    /// Since when it is connected, or is not.
    since: Instant,
    /// When anything was heard from it that is its own: a proof, or media that its keys open.
    heard: Instant,
    paths: Vec<Path>,
    /// The checks that were good, by their transactions.
    checks: VecDeque<u32>,
    /// When the client restarted ICE last.
    restarted: Option<Instant>,
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
    /// The client was away, or comes from another address than before: what was sent meanwhile, either way, is lost.
    pub(crate) returned: bool,
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
            allowance: None,
            streams: Vec::new(),
            connected: false,
            since: now,
            heard: now,
            paths: Vec::new(),
            checks: VecDeque::new(),
            restarted: None,
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

    /// Something that is its own was heard from it. Says whether it was away before that: what was sent meanwhile, either way,
    /// is lost.
    pub(crate) fn hear(&mut self, now: Instant) -> bool {
        self.end_silence(now) >= AWAY
    }

    /// For how long nothing was heard until now.
    fn end_silence(&mut self, now: Instant) -> Duration {
        now.saturating_duration_since(std::mem::replace(&mut self.heard, now))
    }

    /// The client looks for a path anew. It checks none of those it had.
    pub(crate) fn restart(&mut self, now: Instant) {
        self.restarted = Some(now);
    }

    /// Whether it has been without media for too long.
    pub(crate) fn is_overdue(&self, now: Instant) -> bool {
        !self.connected && now.saturating_duration_since(self.since) >= KEPT
    }

    /// Whether a good check was sent before, from elsewhere: a check bears no address, so whoever reads one could send it from
    /// his own and be sent the media. It is remembered otherwise. From an address that is proved it may come twice: that is how
    /// a lost one is repeated.
    pub(crate) fn is_recorded(&mut self, route: Route, transaction: u32) -> bool {
        if self.checks.contains(&transaction) {
            return !self.paths.iter().any(|path| path.route == route);
        }
        if self.checks.len() == CHECKS {
            self.checks.pop_front();
        }
        self.checks.push_back(transaction);
        false
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
        let silence = self.end_silence(now);
        let is_known = !self.paths.is_empty();
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
        let is_new = first == now;
        let has_moved = self.consider(now, route, nominates);
        proof.returned = has_moved || is_known && (silence >= AWAY || is_new && silence >= MAYBE_LEFT);
        proof
    }

    /// Follows a client whose address has changed without its knowing (a NAT that forgot it), or that goes on on another of its
    /// networks: its checks come from the new address, and from the old one no more. The peer connection itself would hold on to
    /// the old path until it is dead, because the new one has no higher priority. After a restart of ICE the first path that works
    /// is better than the old one: browsers say what they have chosen only after seconds. Says whether it did.
    fn consider(&mut self, now: Instant, route: Route, nominates: bool) -> bool {
        let Some(used) = self.used.filter(|used| *used != route) else { return false };
        let last = self.paths.iter().find(|path| path.route == used).map(|path| path.last);
        let silent = last.map_or(Duration::MAX, |last| now.saturating_duration_since(last));
        let patience = if used.0 == route.0 { MAYBE_LEFT } else { MAYBE_LEFT_FOR_ANOTHER_KIND };
        let is_of_before = used.0 == route.0 && self.restarted.is_some_and(|at| last.is_none_or(|last| last < at));
        let is_left = is_of_before || silent >= if nominates { patience } else { SURELY_LEFT };
        if is_left {
            self.used = Some(route);
        }
        is_left
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
    fn a_check_proves_one_address_and_is_forgotten_after_many_others() {
        let now = Instant::now();
        let mut session = session(now);
        assert!(!session.is_recorded(udp(1), 7));
        prove(&mut session, now, udp(1));
        assert!(!session.is_recorded(udp(1), 7), "repeated, because its answer was lost");
        assert!(session.is_recorded(udp(2), 7) && !session.is_recorded(udp(2), 8));
        (1000..2000).for_each(|transaction| assert!(!session.is_recorded(udp(1), transaction)));
        assert!(session.is_recorded(udp(2), 7));
        (2000..2100).for_each(|transaction| assert!(!session.is_recorded(udp(1), transaction)));
        assert!(session.checks.len() == CHECKS && !session.is_recorded(udp(2), 7));
    }

    #[test]
    fn a_dead_path_is_left_for_tcp() {
        let now = Instant::now();
        let tcp = (Transport::Tcp, SocketAddr::from(([127, 0, 0, 1], 9)));
        let mut session = session(now);
        prove(&mut session, now, udp(1));
        let _ = session.destination(udp(1), false);
        prove(&mut session, now + 2900 * MS, tcp);
        assert_eq!(session.destination(udp(1), false).0, udp(1));
        assert!(prove(&mut session, now + 3000 * MS, tcp).returned);
        assert_eq!(session.destination(udp(1), false).0, tcp);
    }

    #[test]
    fn after_a_restart_the_first_path_that_works_is_taken() {
        let now = Instant::now();
        let mut session = session(now);
        let check = |session: &mut Session, at, port| session.handle_proof(at, udp(port), None, None, false).returned;
        prove(&mut session, now, udp(1));
        let _ = session.destination(udp(1), false);
        session.restart(now + 100 * MS);
        assert!(check(&mut session, now + 150 * MS, 2));
        assert_eq!(session.destination(udp(1), false).0, udp(2));
        assert!(!check(&mut session, now + 160 * MS, 3), "one is enough");
        assert_eq!(session.destination(udp(1), false).0, udp(2));
        assert_eq!(session.destination(udp(3), false).0, udp(3), "what is chosen then is what counts");
    }

    #[test]
    fn media_follows_a_client_to_a_network_it_had_all_along() {
        let now = Instant::now();
        let mut session = session(now);
        let backup = |session: &mut Session, at| session.handle_proof(at, udp(2), None, None, false).returned;
        prove(&mut session, now, udp(1));
        let _ = session.destination(udp(1), false);
        backup(&mut session, now + 10 * MS);
        prove(&mut session, now + 2500 * MS, udp(1));
        // The first network is gone. What the client sends goes on on the second one, which it now says it has chosen.
        let _ = session.hear(now + 4900 * MS);
        assert!(!backup(&mut session, now + 4950 * MS));
        assert_eq!(session.destination(udp(1), false).0, udp(1));
        assert!(prove(&mut session, now + 5000 * MS, udp(2)).returned, "what was sent to the first one is lost");
        assert_eq!(session.destination(udp(1), false).0, udp(2));
    }

    #[test]
    fn who_was_silent_or_comes_from_elsewhere_is_back_once() {
        let now = Instant::now();
        let mut session = session(now);
        let returned = |session: &mut Session, at, route| prove(session, at, route).returned;
        assert!(!returned(&mut session, now + 3000 * MS, udp(1)), "the first proof is an arrival");
        assert!(!returned(&mut session, now + 3500 * MS, udp(1)));
        assert!(!session.hear(now + 5000 * MS));
        assert!(!returned(&mut session, now + 6000 * MS, udp(1)), "it has reported meanwhile");
        assert!(returned(&mut session, now + 8000 * MS, udp(1)));
        assert!(!returned(&mut session, now + 8050 * MS, udp(1)), "told already");
        assert!(!session.hear(now + 8100 * MS), "told already");
        assert!(!returned(&mut session, now + 8200 * MS, udp(2)), "another path beside one that works");
        assert!(returned(&mut session, now + 8700 * MS, udp(3)));
        assert!(session.hear(now + 10_700 * MS), "media is there again before a check is");
        assert!(!returned(&mut session, now + 10_900 * MS, udp(3)), "told already");
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
