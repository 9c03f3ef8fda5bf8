//! The public face: starts the shards, routes commands and offers to them, hands their events out.

mod event;
mod sockets;

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::bounded;
use mio::{Poll, Waker};
use rand::Rng as _;
use rtc_probe::{Key, Terms, Token};
use rtc_protocol::{MediaAnswer, MediaOffer, ProbeFindings, SessionId};
use rtc_sfu::Command;
use rtc_turn::{Authority, Grant, Quotas, Server};

use crate::checkup::{Checkup, Checkups};
use crate::door::{Door, Visitor, Visits};
use crate::inbox::{Application, Control, Outlet, inbox};
use crate::negotiator::{MakePeer, Negotiator};
use crate::shard::{Load, Parts, Shard};
use crate::standing::Standing;
use crate::stats::ShardStats;
use crate::str0m_peer::PeerMaker;
use crate::tcp::Limits;
use crate::turn::{TurnGuest, TurnVisitor, Turns};
use crate::{MediaConfig, MediaStats, OfferError, socket};

use self::sockets::{Sockets, advertised};
pub use event::{EndReason, MediaEvent};
pub use sockets::Buffers;

/// How long figures of now are waited for.
const STATS_WITHIN: Duration = Duration::from_secs(1);
/// Sessions that were expected on a shard and never offered are forgotten after this.
const EXPECTED_FOR: Duration = Duration::from_secs(10);

/// The media part of the engine: a set of shards.
pub struct Media {
    local_addr: SocketAddr,
    buffers: Buffers,
    checkups: Arc<Checkups>,
    limits: Arc<Limits>,
    /// Nothing where TURN is not spoken.
    authority: Option<Arc<Authority>>,
    advertised: Arc<[SocketAddr]>,
    outlets: Arc<[Outlet]>,
    published: Vec<Arc<Mutex<ShardStats>>>,
    loads: Vec<Arc<Load>>,
    /// Where the search for the least loaded shard begins, and when expectations were dropped last.
    next: AtomicUsize,
    expectations: Mutex<Instant>,
    negotiator: Option<Negotiator>,
    threads: Vec<JoinHandle<()>>,
}

impl Media {
    /// Opens the sockets and starts the threads. `events` is called on the shards' threads.
    ///
    /// # Errors
    ///
    /// When the address cannot be bound, or `config` has nothing that can be advertised.
    pub fn start(config: MediaConfig, events: impl Fn(MediaEvent) + Send + Clone + 'static) -> io::Result<Self> {
        Self::start_sharing(config, events, None)
    }

    /// Starts as [`Media::start`] does, and shares the TCP port with others: connections that begin like TLS or HTTP are
    /// given to `visits`, on a media thread. It must not block, and says whether it had room.
    ///
    /// # Errors
    ///
    /// As [`Media::start`].
    pub fn start_sharing(
        config: MediaConfig,
        events: impl Fn(MediaEvent) + Send + Clone + 'static,
        visits: Option<Box<dyn Fn(Visitor) -> bool + Send>>,
    ) -> io::Result<Self> {
        let sockets = Sockets::open(&config)?;
        let advertised = advertised(&config, sockets.local_addr)?;
        let maker = Arc::new(PeerMaker::new(&config, &advertised)?);
        Self::start_with(config, sockets, advertised, maker, events, visits)
    }

    fn start_with(
        config: MediaConfig,
        sockets: Sockets,
        advertised: Vec<SocketAddr>,
        maker: Arc<dyn MakePeer>,
        events: impl Fn(MediaEvent) + Send + Clone + 'static,
        visits: Option<Visits>,
    ) -> io::Result<Self> {
        let config = Arc::new(config);
        let advertised: Arc<[SocketAddr]> = advertised.into();
        let mut polls = Vec::new();
        let mut inboxes = Vec::new();
        let mut outlets = Vec::new();
        for _ in &sockets.udp {
            let poll = Poll::new()?;
            let (outlet, inbox) = inbox(Waker::new(poll.registry(), Shard::bell())?);
            polls.push(poll);
            inboxes.push(inbox);
            outlets.push(outlet);
        }
        let outlets: Arc<[Outlet]> = outlets.into();
        let limits = Arc::new(Limits::new(config.tcp_connections, config.tcp_connections_per_source));
        let checkups = Arc::new(Checkups::new(Instant::now()));
        let has_turn = config.turn.is_some();
        let mut door = Some(Door::new(sockets.tcp, limits.clone(), checkups.clone(), visits, has_turn, Shard::guests())?);
        let authority = config.turn.map(|_| Arc::new(Authority::new(rand::rng().random(), Instant::now())));
        let quotas = config.turn.map(|turn| Arc::new(Quotas::new(turn.allocations, turn.allocations_per_user)));
        // At most `SHARDS`.
        let servers = sockets.udp.len() as u8;

        let mut media = Self {
            local_addr: sockets.local_addr,
            buffers: sockets.buffers,
            checkups: checkups.clone(),
            limits,
            authority: authority.clone(),
            advertised: advertised.clone(),
            outlets: outlets.clone(),
            published: Vec::new(),
            loads: Vec::new(),
            next: AtomicUsize::new(0),
            expectations: Mutex::new(Instant::now()),
            negotiator: None,
            threads: Vec::new(),
        };
        let shards = sockets.udp.into_iter().zip(polls).zip(inboxes);
        for (index, ((udp, poll), inbox)) in shards.enumerate() {
            let (published, load) = (Arc::<Mutex<ShardStats>>::default(), Arc::<Load>::default());
            media.published.push(published.clone());
            media.loads.push(load.clone());
            let turns = authority.clone().zip(quotas.clone()).map(|(authority, quotas)| {
                let config = rtc_turn::Config { peers: advertised.clone(), index: index as u8, servers };
                Turns::new(Server::new(config, authority, quotas))
            });
            let shard = Shard::new(Parts {
                index: index as u8,
                config: config.clone(),
                advertised: advertised.clone(),
                poll,
                udp,
                door: door.take(),
                checkups: checkups.clone(),
                turns,
                inbox,
                outlets: outlets.clone(),
                published,
                load,
                emit: Box::new(events.clone()),
            })?;
            let core = (!config.cores.is_empty()).then(|| config.cores[index % config.cores.len()]);
            let standing = Standing { core, niceness: config.niceness };
            let thread = std::thread::Builder::new().name(format!("media-{index}")).spawn(move || {
                standing.take();
                shard.run();
            })?;
            media.threads.push(thread);
        }
        media.negotiator = Some(Negotiator::start(maker, outlets.to_vec(), config.terms())?);
        Ok(media)
    }

    /// How many shards there are; at least 1.
    pub fn shards(&self) -> u8 {
        // At most `SHARDS`.
        self.outlets.len() as u8
    }

    /// The address listened on, with the real port.
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// The shard a new session should be on. Asking counts as a session that is expected there, for some seconds.
    pub fn least_loaded_shard(&self) -> u8 {
        {
            let mut since = self.expectations.lock().unwrap_or_else(PoisonError::into_inner);
            if since.elapsed() > EXPECTED_FOR {
                *since = Instant::now();
                self.loads.iter().for_each(|load| load.expected.store(0, Ordering::Relaxed));
            }
        }
        let first = self.next.fetch_add(1, Ordering::Relaxed);
        let all = self.loads.len();
        let load = |shard: usize| {
            let Load { sessions, expected } = &*self.loads[shard];
            sessions.load(Ordering::Relaxed) + expected.load(Ordering::Relaxed)
        };
        // There is at least one.
        let least = (0..all).map(|i| (first + i) % all).min_by_key(|shard| load(*shard)).unwrap_or(0);
        self.loads[least].expected.fetch_add(1, Ordering::Relaxed);
        least as u8
    }

    /// Hands a command to the shard it concerns. Commands of one caller for one session keep their order. Waits while the
    /// shard has more than ten thousand commands before it.
    pub fn command(&self, command: Command) {
        let session = match command {
            Command::Publish { source, .. } => source.publisher,
            Command::View { viewer, .. }
            | Command::Unview { viewer, .. }
            | Command::Hear { viewer, .. }
            | Command::Unhear { viewer, .. } => viewer,
            Command::Qos { session, .. } | Command::Close { session } => session,
        };
        if let Some(outlet) = self.outlets.get(usize::from(session.shard())) {
            // A shard that has gone has been told of by `MediaEvent::ShardFailed`.
            let _ = outlet.ask(Control::Command(command));
        }
    }

    /// Answers an offer. `answer` is called once, on a thread of the media part: handle it without blocking.
    pub fn offer(
        &self,
        session: SessionId,
        offer: MediaOffer,
        answer: impl FnOnce(Result<MediaAnswer, OfferError>) + Send + 'static,
    ) {
        let application = Application { session, offer, reply: Box::new(answer) };
        match &self.negotiator {
            Some(negotiator) => negotiator.apply(application),
            None => (application.reply)(Err(OfferError::Failed)),
        }
    }

    /// Expects the datagrams of a network test for a while; `down_kbps` is what may be sent to its client, kilobits a second.
    /// Gives what the client has to show.
    ///
    /// Not bounded in number: whoever lets clients test sees to that.
    pub fn begin_probe(&self, down_kbps: u32, within: Duration) -> (Token, Key) {
        let mut rng = rand::rng();
        // At most `SHARDS`.
        let shard = self.next.fetch_add(1, Ordering::Relaxed) % self.outlets.len();
        let (token, key) = (Token::new(rng.random(), shard as u8), Key(rng.random()));
        let until = Instant::now() + within;
        let terms = Terms { key: key.clone(), secret: Key(rng.random()), down_kbps, until };
        let mut terms = Some(Box::new(terms));
        for (index, outlet) in self.outlets.iter().enumerate() {
            let control = match terms.take_if(|_| index == shard) {
                Some(terms) => Control::Probe { token, terms },
                None => Control::ProbeElsewhere { token, until },
            };
            // A shard that has gone has been told of by `MediaEvent::ShardFailed`.
            let _ = outlet.ask(control);
        }
        (token, key)
    }

    /// Ends a network test. `findings` is called once, on a thread of the media part, with nothing if the test was over:
    /// handle it without blocking.
    pub fn end_probe(&self, token: Token, findings: impl FnOnce(Option<ProbeFindings>) + Send + 'static) {
        match self.outlets.get(usize::from(token.shard())) {
            // Of a shard that has gone nobody will hear; what waits for it is dropped.
            Some(outlet) => drop(outlet.ask(Control::ProbeEnd { token, reply: Box::new(findings) })),
            None => findings(None),
        }
    }

    /// Lets somebody who is no session check for a minute whether he can reach the media port, by ICE checks over UDP and TCP.
    /// Nothing is kept for it.
    pub fn begin_checkup(&self) -> Checkup {
        self.checkups.begin(Instant::now())
    }

    /// Lets a user have TURN allocations for a while; nothing where TURN is not spoken. Quotas count by the user's name.
    /// Nothing is kept for it.
    pub fn grant_turn(&self, user: &str, within: Duration) -> Option<Grant> {
        Some(self.authority.as_ref()?.grant(Instant::now(), user, within))
    }

    /// Takes a connection that speaks TURN in TLS. False when there is no room for it, and where TURN is not spoken. Does not
    /// block.
    pub fn admit_turn(&self, visitor: TurnVisitor) -> bool {
        let TurnVisitor { stream, tls, remote, read } = visitor;
        let Some(permit) = self.limits.permit(remote).filter(|_| self.authority.is_some()) else { return false };
        let shard = self.next.fetch_add(1, Ordering::Relaxed) % self.outlets.len();
        let guest = TurnGuest { stream, tls: Some(Box::new(tls)), remote: socket::canonical(remote), read, permit };
        let is_taken = self.outlets[shard].try_ask(Control::Turn(Box::new(guest))).is_ok();
        self.outlets[shard].ring();
        is_taken
    }

    /// What the system has granted each UDP socket.
    pub fn buffers(&self) -> Buffers {
        self.buffers
    }

    /// Where clients are told to send to.
    pub fn advertised(&self) -> &[SocketAddr] {
        &self.advertised
    }

    /// The figures of about the last second.
    pub fn stats(&self) -> MediaStats {
        let copy = |stats: &Arc<Mutex<ShardStats>>| *stats.lock().unwrap_or_else(PoisonError::into_inner);
        MediaStats { shards: self.published.iter().map(copy).collect() }
    }

    /// Asks each shard for its figures of now. Waits for the shards, up to a second each: not for an async thread.
    pub fn stats_now(&self) -> MediaStats {
        let ask = |outlet: &Outlet| {
            let (reply, figures) = bounded(1);
            outlet.ask(Control::Stats(reply)).ok()?;
            figures.recv_timeout(STATS_WITHIN).ok()
        };
        MediaStats { shards: self.outlets.iter().map(|outlet| ask(outlet).unwrap_or_default()).collect() }
    }

    /// Ends all peer connections, tells their clients, and waits for the threads. Dropping does the same.
    pub fn stop(self) {}
}

impl Drop for Media {
    fn drop(&mut self) {
        if let Some(negotiator) = self.negotiator.take() {
            negotiator.stop();
        }
        for outlet in self.outlets.iter() {
            // One that has gone needs no telling.
            let _ = outlet.ask(Control::Stop);
        }
        for thread in self.threads.drain(..) {
            // A shard catches its own panics.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};

    use rtc_protocol::{Layer, Track};
    use rtc_sfu::{Rewrite, SlotId, SlotSpec};

    use super::*;
    use crate::offer::Offer;
    use crate::peer::{Datagram, MediaPacket, Peer, PeerFault, PeerOutput, Route, Taken, Written};
    use crate::route::Ufrag;

    /// Longer than anything takes, also on a machine that is busy otherwise.
    const PATIENCE: Duration = Duration::from_secs(60);

    /// Makes sessions that panic, each at a place that its number picks.
    struct Panickers;

    struct Panicker {
        ufrag: Ufrag,
        place: u64,
    }

    impl MakePeer for Panickers {
        fn make(&self, _: Instant, session: SessionId) -> Box<dyn Peer> {
            Box::new(Panicker { ufrag: Ufrag::credentials(session.shard()).0, place: session.0 >> 8 })
        }
    }

    impl Panicker {
        fn pass(&self, place: u64) {
            assert_ne!(place, self.place, "as it was made to");
        }
    }

    impl Peer for Panicker {
        fn handle_offer(&mut self, _: Instant, _: Offer) -> Result<String, OfferError> {
            self.pass(1);
            Ok("answer".into())
        }
        fn ufrag(&self) -> Ufrag {
            self.ufrag
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
            self.pass(2);
            Ok(())
        }
        fn poll_output(&mut self) -> Result<PeerOutput, PeerFault> {
            self.pass(3);
            Ok(PeerOutput::Timeout(Instant::now() + Duration::from_secs(100)))
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
        fn close(&mut self) {
            self.pass(4);
        }
    }

    impl Drop for Panicker {
        fn drop(&mut self) {
            if !std::thread::panicking() {
                self.pass(5);
            }
        }
    }

    fn panickers() -> (Media, Receiver<MediaEvent>) {
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let config = MediaConfig { listen, shards: 2, ..MediaConfig::default() };
        let sockets = Sockets::open(&config).expect("loopback");
        let advertised = advertised(&config, sockets.local_addr).expect("an address");
        let (tell, told) = channel();
        let events = move |event| drop(tell.send(event));
        (Media::start_with(config, sockets, advertised, Arc::new(Panickers), events, None).expect("media"), told)
    }

    fn offer(media: &Media, session: SessionId) -> Result<MediaAnswer, OfferError> {
        let (tell, told) = channel();
        let plan = rtc_bench_client::Plan { slots: 1, ..Default::default() };
        let (_, offer) = rtc_bench_client::Client::new(plan).expect("a client");
        media.offer(session, offer, move |answer| drop(tell.send(answer)));
        told.recv_timeout(PATIENCE).expect("an answer")
    }

    #[test]
    fn a_session_that_panics_ends_alone() {
        let (media, told) = panickers();
        let session = |place| SessionId::new(place, 0);
        let well = session(9);
        assert!(offer(&media, well).is_ok());
        assert_eq!(offer(&media, session(1)), Err(OfferError::Failed));
        for place in [2, 3] {
            assert!(offer(&media, session(place)).is_ok());
            let ended = MediaEvent::Ended { session: session(place), reason: EndReason::Failed };
            assert_eq!(told.recv_timeout(PATIENCE), Ok(ended));
        }
        for place in [4, 5] {
            assert!(offer(&media, session(place)).is_ok());
            media.command(Command::Close { session: session(place) });
        }
        let stats = media.stats_now().total();
        assert_eq!((stats.sessions, stats.counts.panics), (1, 4));
        media.command(Command::Close { session: well });
        assert_eq!(media.stats_now().total().sessions, 0);
    }

    #[test]
    fn new_sessions_go_to_the_shard_that_has_least_also_before_they_offer() {
        let (media, _told) = panickers();
        let mut expected: Vec<u8> = (0..4).map(|_| media.least_loaded_shard()).collect();
        expected.sort_unstable();
        assert_eq!(expected, [0, 0, 1, 1]);
        for i in 0..4 {
            assert!(offer(&media, SessionId::new(10 + i, 0)).is_ok());
        }
        assert!(media.stats_now().shards[0].sessions == 4);
        assert_eq!([media.least_loaded_shard(), media.least_loaded_shard()], [1, 1]);
    }

    #[test]
    fn a_shard_number_beyond_the_shards_is_no_session() {
        let (media, _told) = panickers();
        assert_eq!(offer(&media, SessionId::new(1, 77)), Err(OfferError::NoSession));
        media.command(Command::Close { session: SessionId::new(1, 77) });
        assert_eq!(media.shards(), 2);
    }
}
