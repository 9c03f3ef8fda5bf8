//! TURN over real sockets: who has credentials reaches media through it, and nothing else.

mod support;

use std::io::Read as _;
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use rtc_bench_client::Plan;
use rtc_net::{Media, MediaConfig, TurnConfig};
use rtc_protocol::{Codec, Layer, Track};
use rtc_stun::{Check, where_from};
use rtc_turn::client::{Client, Told, send};

use support::turn::{TurnRelay, Way};
use support::{PATIENCE, Stage};

const CALL: Plan = Plan { microphone: true, camera: true, screen: false, slots: 2, video: None, tcp: false };
const AN_HOUR: Duration = Duration::from_secs(3600);

#[test]
fn people_who_have_nothing_but_turn_see_and_hear_each_other() {
    let mut relay = TurnRelay::new();
    let config = MediaConfig { shards: 3, advertise: vec![relay.address], ..Stage::config() };
    let mut stage = Stage::with(config);
    let engine = stage.media.local_addr();
    relay.start(engine, &stage.media.grant_turn("people", AN_HOUR).expect("TURN is spoken"));
    // Their sessions' shards are not those that their TURN connections are on, or some are.
    let people = [stage.enter(0, CALL), stage.enter(1, CALL), stage.enter(2, CALL)];
    stage.until_connected();
    for who in people {
        stage.show(who, Track::Microphone, Codec::Opus);
        stage.show(who, Track::Camera, Codec::Vp8);
    }
    for (viewer, whom) in [(0, 1), (1, 2), (2, 0)] {
        stage.hear(people[viewer], people[whom]);
        stage.view(people[viewer], people[whom], Track::Camera, Layer::Big);
    }
    for (viewer, whom) in [(0, 1), (1, 2), (2, 0)] {
        let since = Instant::now();
        stage.until("sound and picture", |stage| {
            let count = |track| stage.people[people[viewer]].heard_of(people[whom], track, since).count();
            count(Track::Microphone) > 10 && count(Track::Camera) > 20
        });
    }
    let stats = stage.stats();
    assert_eq!((stats.turn_allocations, stats.counts.turn_allocated, stats.tcp_connections), (3, 3, 1));
    assert!(stats.counts.turn_in > 300 && stats.counts.turn_out > 300, "{stats:?}");
    assert_eq!((stats.drops.turn_unpermitted, stats.drops.turn_astray, stats.drops.astray), (0, 0, 0));
    // A session that is over leaves nobody behind.
    drop(relay);
    stage.until_counted("the connection's allocation to end", |stats| stats.turn_allocations == 2);
}

#[test]
fn a_check_through_turn_is_answered_whichever_shard_it_comes_to() {
    let listen = ([127, 0, 0, 1], 0).into();
    let media = Media::start(MediaConfig { listen, shards: 3, ..MediaConfig::default() }, |_| {}).expect("media");
    let (checkup, peer) = (media.begin_checkup(), media.advertised()[0]);
    let user_name = format!("{}:them", checkup.ufrag);
    for number in 0..16 {
        let (mut way, mut client) =
            (Way::open(peer, number % 4 == 3), Client::new(media.grant_turn("us", AN_HOUR).expect("TURN")));
        let relayed = way.ask(&mut client, Client::allocate).expect("an allocation");
        way.ask(&mut client, |client, transaction| client.permit(transaction, peer));
        let check = Check { user_name: &user_name, password: &checkup.password, tie_breaker: 1 };
        way.send(&send(&[0; 12], peer, &rtc_stun::check(&[number; 12], &check)));
        let message = way.receive().expect("an answer");
        let Told::Data { peer: Some(from), data, .. } = client.read(&message) else { panic!("no data") };
        assert_eq!(from, peer);
        assert_eq!(where_from(data, &[number; 12], Some(&checkup.password)), Some(relayed));
        // Nobody reaches others by it.
        let others: [SocketAddr; 3] = [([127, 0, 0, 1], 9).into(), ([10, 0, 0, 1], 80).into(), relayed];
        for other in others {
            way.send(&client.permit(&[0; 12], other));
            let answer = way.receive().expect("an answer");
            let permitted = if other.ip() == peer.ip() { Told::Done } else { Told::Refused(403) };
            assert_eq!(client.read(&answer), permitted, "{other}");
            way.send(&send(&[0; 12], other, b"anything"));
        }
        // TURN in TURN is none, nor is a network test in it.
        way.send(&send(&[0; 12], peer, &client.allocate(&[1; 12])));
        way.send(&send(&[0; 12], peer, &[rtc_probe::FIRST_BYTE; 40]));
        way.ask(&mut client, |client, transaction| client.refresh(transaction, 600));
    }
    // Another shard than that of the allocation may not be through with what came last.
    let start = Instant::now();
    loop {
        let stats = media.stats_now().total();
        let drops = stats.drops;
        let refused = (drops.turn_unpermitted, drops.turn_refused, drops.stun_malformed, drops.unknown_protocol);
        if (stats.counts.checkups, refused) == (16, (48, 32, 16, 16)) {
            return;
        }
        assert!(start.elapsed() < PATIENCE, "{stats:?}");
    }
}

#[test]
fn strangers_are_answered_with_little_and_seldom() {
    let listen = ([127, 0, 0, 1], 0).into();
    let config = MediaConfig { listen, shards: 1, stun_per_second_per_source: 1, ..MediaConfig::default() };
    let media = Media::start(config, |_| {}).expect("media");
    let (grant, start) = (media.grant_turn("us", AN_HOUR).expect("TURN"), Instant::now());
    let client = Client::new(grant);
    let request = client.allocate(&[1; 12]);
    let sockets: Vec<UdpSocket> = (0..50).map(|_| UdpSocket::bind("127.0.0.1:0").expect("loopback")).collect();
    for socket in &sockets {
        for _ in 0..2 {
            socket.send_to(&request, media.advertised()[0]).expect("sent");
        }
    }
    let (answered, stats) = loop {
        let stats = media.stats_now().total();
        let answered = stats.counts.datagrams_out;
        if answered + stats.drops.turn_limited == 100 {
            break (answered, stats);
        }
        assert!(start.elapsed() < PATIENCE, "{stats:?}");
    };
    // Two at once and one a second.
    assert!((1..=2 + start.elapsed().as_secs()).contains(&answered), "{answered}");
    assert_eq!((stats.counts.bytes_out, stats.turn_allocations), (answered * 60, 0));
}

#[test]
fn a_connection_that_gets_no_allocation_is_closed_and_one_that_has_one_is_not() {
    let listen = ([127, 0, 0, 1], 0).into();
    let media = Media::start(MediaConfig { listen, shards: 2, ..MediaConfig::default() }, |_| {}).expect("media");
    let (mut good, mut idle) = (Way::open(media.advertised()[0], true), Way::open(media.advertised()[0], true));
    let mut client = Client::new(media.grant_turn("us", AN_HOUR).expect("TURN"));
    good.ask(&mut client, Client::allocate);
    idle.send(&client.allocate(&[1; 12]));
    // Its nonce is of another address.
    assert_eq!(
        Client::new(media.grant_turn("us", AN_HOUR).expect("TURN")).read(&idle.receive().expect("an answer")),
        Told::Again
    );
    let Way::Tcp(mut stream, _) = idle else { unreachable!("it was opened as such") };
    assert_eq!(stream.read(&mut [0; 1]).expect("a clean end"), 0);
    good.ask(&mut client, |client, transaction| client.refresh(transaction, 600));
    let stats = media.stats_now().total();
    assert_eq!((stats.tcp_connections, stats.turn_allocations, stats.drops.tcp_silent), (1, 1, 1));
}

#[test]
fn where_it_is_off_it_is_not_spoken() {
    let listen = ([127, 0, 0, 1], 0).into();
    let media = Media::start(MediaConfig { listen, turn: None, ..MediaConfig::default() }, |_| {}).expect("media");
    assert!(media.grant_turn("us", AN_HOUR).is_none());
    let other = Media::start(MediaConfig { listen, ..MediaConfig::default() }, |_| {}).expect("media");
    let client = Client::new(other.grant_turn("us", AN_HOUR).expect("TURN"));
    let mut tcp = Way::open(media.advertised()[0], true);
    tcp.send(&client.allocate(&[1; 12]));
    assert!(tcp.receive().is_err(), "it is closed");
    Way::open(media.advertised()[0], false).send(&client.allocate(&[1; 12]));
    let start = Instant::now();
    while media.stats_now().total().drops.stun_malformed != 1 {
        assert!(start.elapsed() < PATIENCE);
    }
}

#[test]
fn a_user_has_so_many_allocations_over_all_shards() {
    let listen = ([127, 0, 0, 1], 0).into();
    let turn = Some(TurnConfig { allocations: 100, allocations_per_user: 4 });
    let media = Media::start(MediaConfig { listen, shards: 3, turn, ..MediaConfig::default() }, |_| {}).expect("media");
    let grant = media.grant_turn("us", AN_HOUR).expect("TURN");
    let mut ways: Vec<(Way, Client)> =
        (0..5).map(|i| (Way::open(media.advertised()[0], i % 2 == 0), Client::new(grant.clone()))).collect();
    for (way, client) in &mut ways[..4] {
        way.ask(client, Client::allocate);
    }
    let (way, client) = &mut ways[4];
    way.send(&client.allocate(&[1; 12]));
    assert_eq!(client.read(&way.receive().expect("an answer")), Told::Again);
    way.send(&client.allocate(&[2; 12]));
    assert_eq!(client.read(&way.receive().expect("an answer")), Told::Refused(486));
}
