use proptest::prelude::*;

use super::*;
use crate::client::{Client, Told, send, send_by_channel};
use crate::{Frame, Grant, frame, is_turn};

const PEER: ([u8; 4], u16) = ([192, 0, 2, 1], 8000);
const OTHER: ([u8; 4], u16) = ([192, 0, 2, 2], 8000);
const STREAM: Caller = Caller::Stream(7);

/// A server with one client at a time.
struct Stage {
    now: Instant,
    server: Server,
    authority: Arc<Authority>,
    remote: SocketAddr,
    asked: u8,
}

fn peer() -> SocketAddr {
    PEER.into()
}

impl Stage {
    fn new() -> Self {
        Self::with(Quotas::new(100, 3), &[peer(), OTHER.into()])
    }

    fn with(quotas: Quotas, peers: &[SocketAddr]) -> Self {
        let now = Instant::now();
        let authority = Arc::new(Authority::new([7; 32], now));
        let config = Config { peers: peers.into(), index: 1, servers: 3 };
        let server = Server::new(config, Arc::clone(&authority), Arc::new(quotas));
        Self { now, server, authority, remote: SocketAddr::from(([198, 51, 100, 7], 4000)), asked: 0 }
    }

    fn grant(&self, user: &str) -> Grant {
        self.authority.grant(self.now, user, Duration::from_secs(60))
    }

    /// By datagrams, from a port.
    fn udp(&mut self, port: u16) -> Caller {
        self.remote.set_port(port);
        Caller::Udp { remote: self.remote, local_ip: None }
    }

    fn transaction(&mut self) -> Transaction {
        self.asked += 1;
        [self.asked; 12]
    }

    fn answer(&mut self, caller: Caller, message: &[u8]) -> Vec<u8> {
        match self.server.handle(self.now, caller, self.remote, message) {
            Outcome::Answer { bytes, .. } => bytes,
            other => panic!("not answered: {other:?}"),
        }
    }

    /// Asks, again if told to.
    fn ask(
        &mut self,
        client: &mut Client,
        caller: Caller,
        request: impl Fn(&Client, &Transaction) -> Vec<u8>,
    ) -> Told<'static> {
        for _ in 0..2 {
            let transaction = self.transaction();
            let answer = self.answer(caller, &request(client, &transaction));
            assert_eq!(Reader::new(&answer, LONGEST).expect("a message").transaction(), transaction);
            match client.read(&answer) {
                Told::Again => {}
                Told::Allocated { relayed, mapped } => return Told::Allocated { relayed, mapped },
                Told::Done => return Told::Done,
                Told::Refused(code) => return Told::Refused(code),
                other => panic!("{other:?}"),
            }
        }
        Told::Again
    }

    fn allocate(&mut self, client: &mut Client, caller: Caller) -> SocketAddr {
        match self.ask(client, caller, Client::allocate) {
            Told::Allocated { relayed, mapped } => {
                assert_eq!(mapped, self.remote);
                relayed
            }
            other => panic!("{other:?}"),
        }
    }

    fn client(&mut self, caller: Caller) -> (Client, SocketAddr) {
        let mut client = Client::new(self.grant("ann"));
        let relayed = self.allocate(&mut client, caller);
        (client, relayed)
    }

    fn relays(&mut self, caller: Caller, message: &[u8]) -> Option<(SocketAddr, SocketAddr, Vec<u8>)> {
        match self.server.handle(self.now, caller, self.remote, message) {
            Outcome::Relay { from, to, data } => Some((from, to, data.to_vec())),
            Outcome::Drop(Cause::Unpermitted) => None,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_client_speaks_with_a_peer_and_is_spoken_to() {
    let mut stage = Stage::new();
    let caller = stage.udp(4000);
    let (mut client, relayed) = stage.client(caller);
    assert!(crate::is_relayed(&relayed) && crate::owner(&relayed, 3) == 1);
    assert_eq!(stage.relays(caller, &send(&[9; 12], peer(), b"hi")), None, "before it is permitted");
    assert_eq!(stage.ask(&mut client, caller, |client, t| client.permit(t, peer())), Told::Done);
    assert_eq!(stage.relays(caller, &send(&[9; 12], peer(), b"hi")), Some((relayed, peer(), b"hi".to_vec())));
    let now = stage.now;
    let (to, _, bytes) = stage.server.wrap(now, relayed, Some(peer().ip()), b"ho", &[3; 12]).expect("permitted");
    assert_eq!(to, caller);
    assert_eq!(client.read(bytes), Told::Data { peer: Some(peer()), channel: None, data: b"ho" });
    // From wherever it is, it is the one that was spoken to.
    assert!(stage.server.wrap(now, relayed, None, b"ho", &[3; 12]).is_some());
    assert!(stage.server.wrap(now, relayed, Some([192, 0, 2, 2].into()), b"ho", &[3; 12]).is_none(), "not permitted");
}

#[test]
fn channels_carry_both_ways_and_are_padded_in_streams_alone() {
    for caller in [STREAM, Stage::new().udp(4000)] {
        let mut stage = Stage::new();
        let (mut client, relayed) = stage.client(caller);
        assert_eq!(stage.ask(&mut client, caller, |client, t| client.bind(t, 0x4001, peer())), Told::Done);
        assert_eq!(stage.relays(caller, &send_by_channel(0x4001, b"hello")), Some((relayed, peer(), b"hello".to_vec())));
        assert_eq!(stage.relays(caller, &send_by_channel(0x4002, b"hello")), None, "no such channel");
        let now = stage.now;
        let (_, _, bytes) = stage.server.wrap(now, relayed, Some(peer().ip()), b"hello", &[3; 12]).expect("permitted");
        assert_eq!(bytes.len(), if caller == STREAM { 12 } else { 9 });
        if caller == STREAM {
            assert_eq!(frame(bytes), Frame::Whole { length: 9, taken: 12 });
        }
        assert_eq!(client.read(bytes), Told::Data { peer: None, channel: Some(0x4001), data: b"hello" });
        // One peer has one channel, and one channel one peer.
        for (channel, to) in [(0x4002, peer()), (0x4001, OTHER.into()), (0x5000, OTHER.into()), (0x3fff, OTHER.into())] {
            assert_eq!(stage.ask(&mut client, caller, |client, t| client.bind(t, channel, to)), Told::Refused(400));
        }
        assert_eq!(stage.ask(&mut client, caller, |client, t| client.bind(t, 0x4001, peer())), Told::Done, "again");
    }
}

#[test]
fn no_address_but_the_engines_own_can_be_reached() {
    let mut stage = Stage::new();
    let caller = stage.udp(4000);
    let (mut client, _) = stage.client(caller);
    let elsewhere = ["192.0.2.3:8000", "127.0.0.1:8000", "10.0.0.1:22", "192.0.0.8:1024", "255.255.255.255:53", "0.0.0.0:1"];
    for address in elsewhere {
        let address: SocketAddr = address.parse().expect("an address");
        assert_eq!(stage.ask(&mut client, caller, |client, t| client.permit(t, address)), Told::Refused(403), "{address}");
        assert_eq!(stage.ask(&mut client, caller, |client, t| client.bind(t, 0x4000, address)), Told::Refused(403));
        assert_eq!(stage.relays(caller, &send(&[9; 12], address, b"hi")), None, "{address}");
    }
    // Another port of a host that is permitted.
    let port = SocketAddr::new(peer().ip(), 22);
    assert_eq!(stage.ask(&mut client, caller, |client, t| client.permit(t, port)), Told::Done);
    assert_eq!(stage.relays(caller, &send(&[9; 12], port, b"hi")), None);
    assert_eq!(stage.ask(&mut client, caller, |client, t| client.bind(t, 0x4000, port)), Told::Refused(403));
    let v6: SocketAddr = "[2001:db8::1]:8000".parse().expect("an address");
    assert_eq!(stage.ask(&mut client, caller, |client, t| client.permit(t, v6)), Told::Refused(443));
    // All or none.
    let refused = stage.ask(&mut client, caller, |client, t| {
        client.request(kind::CREATE_PERMISSION, t, |writer| {
            writer.address(kind::XOR_PEER_ADDRESS, OTHER.into());
            writer.address(kind::XOR_PEER_ADDRESS, SocketAddr::from(([10, 0, 0, 1], 1)));
        })
    });
    assert_eq!(refused, Told::Refused(403));
    assert_eq!(stage.relays(caller, &send(&[9; 12], OTHER.into(), b"hi")), None);
}

#[test]
fn strangers_get_a_short_answer_and_nothing_else() {
    let mut stage = Stage::new();
    let caller = stage.udp(4000);
    let request = Client::new(stage.grant("ann")).allocate(&[1; 12]);
    let answer = stage.answer(caller, &request);
    assert_eq!((request.len(), answer.len()), (28, 60), "header, code, realm and nonce");
    assert_eq!(stage.server.open(), 0);
    for (grant, why) in [
        (Grant { password: "guessed".into(), ..stage.grant("ann") }, "a guessed password"),
        (Grant { user_name: "99999999:ann".into(), ..stage.grant("ann") }, "a longer time"),
        (Grant { user_name: "ann".into(), ..stage.grant("ann") }, "no time"),
        (stage.authority.grant(stage.now, "ann", Duration::ZERO), "over"),
        (Authority::new([8; 32], stage.now).grant(stage.now, "ann", Duration::from_secs(60)), "another engine's"),
    ] {
        let mut client = Client::new(grant);
        assert_eq!(stage.ask(&mut client, caller, Client::allocate), Told::Refused(401), "{why}");
    }
    for message in [send(&[9; 12], peer(), b"hi"), send_by_channel(0x4000, b"hi")] {
        assert_eq!(stage.relays(caller, &message), None);
    }
    assert_eq!(stage.server.open(), 0);
}

#[test]
fn a_nonce_is_for_one_address_and_is_renewed() {
    let mut stage = Stage::new();
    let caller = stage.udp(4000);
    let (mut client, relayed) = stage.client(caller);
    // Told in one place, used in another.
    let other = stage.udp(4001);
    let answer = stage.answer(other, &client.allocate(&[77; 12]));
    assert_eq!(code(&answer), 438);
    stage.udp(4000);
    stage.now += Duration::from_secs(599);
    assert_eq!(stage.ask(&mut client, caller, |client, t| client.refresh(t, 600)), Told::Done);
    stage.now += Duration::from_secs(100);
    let stale = stage.answer(caller, &client.refresh(&[78; 12], 600));
    // The nonce was renewed on the way, or is now.
    assert!(code(&stale) == 438 || code(&stale) == 0);
    assert_eq!(stage.ask(&mut client, caller, |client, t| client.refresh(t, 600)), Told::Done);
    // The name has run out long ago, but not for what it had.
    assert_eq!(stage.ask(&mut client, caller, |client, t| client.permit(t, peer())), Told::Done);
    assert_eq!(stage.relays(caller, &send(&[9; 12], peer(), b"hi")).map(|(from, ..)| from), Some(relayed));
    let fresh = stage.udp(4002);
    assert_eq!(stage.ask(&mut client, fresh, Client::allocate), Told::Refused(401));
}

fn code(answer: &[u8]) -> u16 {
    let reader = Reader::new(answer, LONGEST).expect("a message");
    reader.find(kind::ERROR_CODE).map_or(0, |value| u16::from(value[2]) * 100 + u16::from(value[3]))
}

#[test]
fn everything_runs_out() {
    let mut stage = Stage::new();
    let caller = stage.udp(4000);
    let (mut client, relayed) = stage.client(caller);
    assert_eq!(stage.ask(&mut client, caller, |client, t| client.bind(t, 0x4000, peer())), Told::Done);
    let wraps = |stage: &mut Stage| stage.server.wrap(stage.now, relayed, None, b"ho", &[0; 12]).map(|(.., bytes)| bytes.len());
    assert_eq!(stage.relays(caller, &send_by_channel(0x4000, b"hi")).map(|(.., data)| data), Some(b"hi".to_vec()));
    stage.now += Duration::from_secs(299);
    assert_eq!(wraps(&mut stage), Some(6), "by the channel");
    stage.now += Duration::from_secs(2);
    assert_eq!(wraps(&mut stage), None, "the permission is over");
    assert_eq!(stage.relays(caller, &send_by_channel(0x4000, b"hi")), None);
    assert_eq!(stage.ask(&mut client, caller, |client, t| client.permit(t, peer())), Told::Done);
    assert_eq!(stage.relays(caller, &send_by_channel(0x4000, b"hi")).map(|(.., data)| data), Some(b"hi".to_vec()));
    stage.now += Duration::from_secs(298);
    assert_eq!(stage.ask(&mut client, caller, |client, t| client.refresh(t, 1)), Told::Done);
    assert_eq!(stage.ask(&mut client, caller, |client, t| client.permit(t, peer())), Told::Done);
    stage.now += Duration::from_secs(1);
    assert_eq!(stage.relays(caller, &send_by_channel(0x4000, b"hi")), None, "the channel is over");
    stage.now += Duration::from_secs(600);
    assert_eq!(wraps(&mut stage), None, "all is over");
    assert_eq!(stage.ask(&mut client, caller, |client, t| client.permit(t, peer())), Told::Refused(401), "and the name");
    assert_eq!((stage.server.open(), stage.server.quotas.open()), (0, 0));

    let (mut client, _) = stage.client(caller);
    assert_eq!(stage.ask(&mut client, caller, |client, t| client.refresh(t, 0)), Told::Done);
    assert_eq!(stage.ask(&mut client, caller, |client, t| client.refresh(t, 600)), Told::Refused(437));
    let (_, again) = stage.client(caller);
    assert_ne!(again, relayed, "an address does not come again soon");
    stage.now += Duration::from_secs(600);
    stage.server.handle_timeout(stage.now);
    assert_eq!((stage.server.open(), stage.server.quotas.open()), (0, 0));
}

#[test]
fn requests_that_cannot_be_are_refused_by_their_code() {
    let mut stage = Stage::new();
    let caller = stage.udp(4000);
    let mut client = Client::new(stage.grant("ann"));
    let mut allocate = |stage: &mut Stage, attributes: &[(u16, &[u8])]| {
        stage.ask(&mut client, caller, |client, t| {
            client
                .request(kind::ALLOCATE, t, |writer| attributes.iter().for_each(|(kind, value)| writer.attribute(*kind, value)))
        })
    };
    let udp: (u16, &[u8]) = (kind::REQUESTED_TRANSPORT, &[17, 0, 0, 0]);
    assert_eq!(allocate(&mut stage, &[]), Told::Refused(400));
    assert_eq!(allocate(&mut stage, &[(kind::REQUESTED_TRANSPORT, &[6, 0, 0, 0])]), Told::Refused(442));
    assert_eq!(allocate(&mut stage, &[udp, (kind::EVEN_PORT, &[0x80])]), Told::Refused(508));
    assert_eq!(allocate(&mut stage, &[udp, (0x001a, &[])]), Told::Refused(420));
    assert_eq!(allocate(&mut stage, &[udp, (kind::REQUESTED_ADDRESS_FAMILY, &[2, 0, 0, 0])]), Told::Refused(440));
    assert_eq!(stage.server.open(), 0);
    assert!(matches!(allocate(&mut stage, &[udp, (0x8022, b"anybody")]), Told::Allocated { .. }));
    assert_eq!(allocate(&mut stage, &[udp]), Told::Refused(437), "it has one");
    // Another user on the same way.
    let mut other = Client::new(stage.grant("bob"));
    assert_eq!(stage.ask(&mut other, caller, |client, t| client.permit(t, peer())), Told::Refused(441));
    assert_eq!(stage.ask(&mut other, caller, Client::allocate), Told::Refused(437));
    assert_eq!(stage.ask(&mut other, STREAM, |client, t| client.permit(t, peer())), Told::Refused(437), "it has none");
    // A MAC without who it is of.
    let mut writer = Writer::new(kind::ALLOCATE, &[5; 12]);
    writer.sign(b"key");
    assert_eq!(code(&stage.answer(caller, &writer.finish_bare())), 400);
}

#[test]
fn an_answer_that_was_lost_is_given_again() {
    let mut stage = Stage::new();
    let caller = stage.udp(4000);
    let mut client = Client::new(stage.grant("ann"));
    let challenge = stage.answer(caller, &client.allocate(&[1; 12]));
    assert_eq!(client.read(&challenge), Told::Again);
    let request = client.allocate(&[2; 12]);
    let answer = stage.answer(caller, &request);
    assert_eq!(stage.answer(caller, &request), answer);
    assert_eq!(stage.server.open(), 1);
}

#[test]
fn where_all_peers_are_ipv6_so_are_allocations() {
    let mut stage = Stage::with(Quotas::new(9, 9), &["[2001:db8::1]:8000".parse().expect("an address")]);
    let caller = stage.udp(4000);
    let (_, relayed) = stage.client(caller);
    assert!(relayed.is_ipv6() && crate::is_relayed(&relayed));
}

#[test]
fn allocations_are_limited_of_one_user_and_in_total_and_end_with_their_connection() {
    let mut stage = Stage::with(Quotas::new(4, 3), &[peer()]);
    let mut clients: Vec<Client> = ["ann", "ann", "ann", "ann", "bob", "bob"].map(|user| Client::new(stage.grant(user))).into();
    let mut told = Vec::new();
    for (i, client) in clients.iter_mut().enumerate() {
        told.push(match stage.ask(client, Caller::Stream(i), Client::allocate) {
            Told::Allocated { .. } => 0,
            Told::Refused(code) => code,
            other => panic!("{other:?}"),
        });
    }
    assert_eq!(told, [0, 0, 0, 486, 0, 508]);
    stage.server.handle_closed(&Caller::Stream(0));
    stage.server.handle_closed(&Caller::Stream(0));
    assert_eq!((stage.server.open(), stage.server.quotas.open()), (3, 3));
    assert!(matches!(stage.ask(&mut clients[5], Caller::Stream(5), Client::allocate), Told::Allocated { .. }));
}

proptest! {
    #[test]
    fn nonsense_is_never_relayed_and_never_answered_with_much(
        mut bytes in prop::collection::vec(any::<u8>(), 0..300), kind in prop::sample::select(vec![3u16, 4, 8, 9, 0x16, 0x4000, 0x4001]),
        is_near in any::<bool>(), lengths in prop::collection::vec(0u8..24, 0..8),
    ) {
        let mut stage = Stage::new();
        let caller = stage.udp(4000);
        let (mut client, _) = stage.client(caller);
        assert_eq!(stage.ask(&mut client, caller, |client, t| client.bind(t, 0x4001, peer())), Told::Done);
        if is_near && bytes.len() >= 20 {
            // Past the header, where reading gets interesting.
            let length = bytes.len() / 4 * 4;
            bytes.truncate(length);
            bytes[..2].copy_from_slice(&kind.to_be_bytes());
            bytes[2..4].copy_from_slice(&((length - 20) as u16).to_be_bytes());
            bytes[4..8].copy_from_slice(&rtc_stun::wire::COOKIE);
            let mut at = 20;
            for length in lengths {
                if let Some(head) = bytes.get_mut(at..at + 4) {
                    head.copy_from_slice(&[0, [6, 8, 0x0c, 0x0d, 0x12, 0x13, 0x14, 0x15][usize::from(length) % 8], 0, length]);
                }
                at += 4 + usize::from(length).next_multiple_of(4);
            }
        }
        let (now, remote) = (stage.now, stage.remote);
        let is_ours = is_turn(&bytes);
        match stage.server.handle(now, caller, remote, &bytes) {
            Outcome::Relay { to, data, .. } => {
                prop_assert!(to == peer() && data.len() < bytes.len());
            }
            Outcome::Answer { bytes: answer, .. } => {
                prop_assert!(is_ours && answer.len() <= 60);
            }
            Outcome::Drop(_) => {}
        }
        prop_assert_eq!(stage.server.open(), 1);
    }
}
