//! Rude connections: silent ones, ones that never read, thousands of them.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::json;
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use crate::client::{Client, PATIENCE};
use crate::web::request;
use crate::world::World;

#[tokio::test]
async fn who_does_not_say_hello_in_time_is_turned_away() {
    let world = World::with(|settings| settings.signal.hello_seconds = 1).await;
    assert_eq!(world.connect().await.closed().await, 1008);
}

#[tokio::test]
async fn a_member_that_shows_no_sign_of_life_is_away() {
    let world = World::with(|settings| {
        // A busy machine may keep the other one from answering for a while.
        (settings.signal.ping_seconds, settings.signal.silence_seconds) = (1, 5);
        settings.rooms.away_seconds = 1;
    })
    .await;
    let mut ann = world.enter("ann").await;
    // It does not answer pings, because nobody reads its socket.
    let _bob = world.enter("bob").await;
    ann.told("memberEntered").await;
    assert_eq!(ann.told("memberLeft").await, json!({"userId": "bob", "reason": 1}));
}

#[tokio::test]
async fn a_client_that_never_reads_is_dropped_while_the_others_go_on() {
    let world = World::with(|settings| {
        settings.rooms.away_seconds = 1;
        (settings.signal.requests_per_second, settings.signal.request_burst) = (100_000, 100_000);
    })
    .await;
    let mut ann = world.enter("ann").await;
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4096).expect("a small buffer");
    let mut rude = Client::over(socket.connect(world.http()).await.expect("connected"), world.http()).await;
    rude.enter(world.hello("rude")).await.expect("let in");
    ann.told("memberEntered").await;

    let snapshot = Message::text(json!({"id": 5, "type": "snapshot", "data": {}}).to_string());
    let flood = async { while rude.try_send(snapshot.clone()).await.is_ok() {} };
    let others = async {
        // They are served all the while, and told when it has been away too long.
        let told = ann.told("memberLeft").await;
        assert_eq!(told, json!({"userId": "rude", "reason": 1}));
    };
    timeout(PATIENCE, async { tokio::join!(flood, others) }).await.expect("it is dropped");
}

#[tokio::test]
async fn ten_thousand_that_say_nothing_hurt_nobody() {
    const SILENT: usize = 10_000;
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum }).expect("more open files");
    let world = World::start().await;
    let mut ann = world.enter("ann").await;
    let mut silent = Vec::with_capacity(SILENT);
    for _ in 0..SILENT {
        silent.push(TcpStream::connect(world.http()).await.expect("accepted"));
    }
    let mut bob = world.enter("bob").await;
    assert_eq!(ann.told("memberEntered").await["userId"], "bob");
    bob.told_nothing_more().await;
    // The first of them has made room; a member has not.
    let ended = timeout(PATIENCE, silent[0].read(&mut [0; 1])).await.expect("it has ended");
    assert!(!matches!(ended, Ok(n) if n > 0));
    let metrics = request(&world, "GET", "/metrics", &[], "").await.body;
    let evicted = metrics.lines().find_map(|line| line.strip_prefix("rtc_engine_connections_evicted_total "));
    assert!(evicted.is_some_and(|count| count != "0"), "{evicted:?}");
    ann.told_nothing_more().await;
}

#[tokio::test]
async fn the_longest_silent_makes_room_for_who_speaks() {
    let world = World::with(|settings| settings.http.max_connections = 3).await;
    let mut ann = world.enter("ann").await;
    let mut silent = world.connect().await;
    let mut bob = world.enter("bob").await;
    let _fourth = TcpStream::connect(world.http()).await.expect("accepted");
    assert_eq!(silent.closed().await, 1006);
    ann.told("memberEntered").await;
    ann.told_nothing_more().await;
    bob.told_nothing_more().await;
}
