//! The engine's clock.

use std::time::{SystemTime, UNIX_EPOCH};

use futures_util::{SinkExt as _, StreamExt as _};
use rtc_protocol::{TimeAnswer, TimeQuestion, limits};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use crate::client::PATIENCE;
use crate::world::World;

async fn connect(world: &World) -> WebSocketStream<TcpStream> {
    let address = world.http();
    let stream = TcpStream::connect(address).await.expect("the engine listens");
    tokio_tungstenite::client_async(format!("ws://{address}/v1/time"), stream).await.expect("a WebSocket").0
}

/// Nothing when the engine has hung up.
async fn hear(socket: &mut WebSocketStream<TcpStream>) -> Option<TimeAnswer> {
    match timeout(PATIENCE, socket.next()).await.expect("in time") {
        Some(Ok(Message::Text(text))) => Some(serde_json::from_str(&text).expect("an answer")),
        _ => None,
    }
}

fn question(id: u32) -> Message {
    Message::text(serde_json::to_string(&TimeQuestion { id }).expect("it can be written"))
}

#[tokio::test]
async fn whoever_asks_is_told_the_time_a_bounded_number_of_times() {
    let world = World::start().await;
    let mut socket = connect(&world).await;
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970").as_micros();
    for id in 0..limits::TIME_QUESTIONS {
        let before = now();
        socket.send(question(id)).await.expect("the connection is open");
        let answer = hear(&mut socket).await.expect("an answer");
        assert_eq!(answer.id, id);
        assert!((before..=now()).contains(&u128::from(answer.time_us)), "it is the time at which it was asked");
    }
    assert_eq!(hear(&mut socket).await, None, "enough is enough");
}

#[tokio::test]
async fn who_asks_something_else_is_hung_up_on() {
    let world = World::start().await;
    for nonsense in [Message::text("what time is it?"), Message::binary(vec![1, 2, 3]), Message::text("7".repeat(300))] {
        let mut socket = connect(&world).await;
        socket.send(nonsense).await.expect("the connection is open");
        assert_eq!(hear(&mut socket).await, None);
    }
}
