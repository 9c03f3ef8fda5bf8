//! Messages that are small on the wire and would be large in memory, or endless: they are refused before anything is built of
//! them, and the others are served all the while.

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use rtc_protocol::limits;

use crate::world::World;

#[tokio::test]
async fn what_is_nested_without_end_is_refused_and_read_no_deeper() {
    let world = World::start().await;
    let mut ann = world.enter("ann").await;
    let mut stranger = world.connect().await;
    let depth = limits::MESSAGE_BYTES / 2 - 100;
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        let deep = |depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
        for data in [deep(depth / open.len()), open.repeat(depth / open.len())] {
            // In a request, in place of one, and in a field that nobody knows.
            let message = format!(r#"{{"id":9,"type":"view","data":{data}}}"#);
            let unknown = format!(r#"{{"x":{data},"id":9,"type":"snapshot","data":{{}}}}"#);
            for message in [message, unknown, data] {
                ann.send(message).await;
                let answer = ann.push().await;
                assert_eq!(answer["error"]["name"], "malformedMessage", "{answer}");
                ann.done("snapshot", json!({})).await;
            }
        }
    }
    stranger.send("[".repeat(depth)).await;
    assert_eq!(stranger.push().await["error"]["name"], "malformedMessage");
    assert_eq!(stranger.closed().await, 1008);
    ann.told_nothing_more().await;
}

#[tokio::test]
async fn a_message_in_pieces_without_end_is_cut_off_at_the_size_of_a_message() {
    let world = World::start().await;
    let mut ann = world.enter("ann").await;
    let stream = TcpStream::connect(world.http()).await.expect("connected");
    let url = format!("ws://{}/v1/signal", world.http());
    let (mut socket, _) = tokio_tungstenite::client_async(url, stream).await.expect("a WebSocket");
    // None of the pieces is large, and none is the last.
    let piece = |opcode| Message::Frame(Frame::message(vec![b' '; 1024], OpCode::Data(opcode), false));
    let mut sent = socket.send(piece(Data::Text)).await;
    let mut pieces = 1;
    while sent.is_ok() && pieces < 10 * limits::OFFER_BYTES / 1024 {
        sent = socket.send(piece(Data::Continue)).await;
        pieces += 1;
    }
    assert!(sent.is_err(), "{pieces} KB were taken");
    drop(socket);
    ann.told_nothing_more().await;
}

#[tokio::test]
async fn nothing_is_unpacked_because_packing_is_not_spoken() {
    let world = World::start().await;
    let mut stream = TcpStream::connect(world.http()).await.expect("connected");
    let request = format!(
        "GET /v1/signal HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
        world.http()
    );
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("an answer"));
    }
    let head = String::from_utf8(head).expect("text").to_lowercase();
    assert!(head.starts_with("http/1.1 101"), "{head}");
    assert!(!head.contains("sec-websocket-extensions"), "{head}");
    // A message that claims to be packed (RFC 7692 section 6) ends the connection. It is masked with zeros.
    stream.write_all(&[0xc1, 0x82, 0, 0, 0, 0, b'{', b'}']).await.expect("sent");
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
    assert!(!String::from_utf8_lossy(&rest).contains("malformedMessage"), "it was not read");
}

#[tokio::test]
async fn a_flood_of_the_smallest_messages_there_are_is_paced() {
    let world = World::with(|settings| (settings.signal.requests_per_second, settings.signal.request_burst) = (1, 20)).await;
    let mut ann = world.enter("ann").await;
    let mut rude = world.enter("rude").await;
    ann.told("memberEntered").await;
    for _ in 0..50 {
        rude.try_send(Message::Ping(Vec::new().into())).await.expect("sent");
        rude.try_send(Message::text(r#"{"id":1,"type":"snapshot","data":{}}"#)).await.expect("sent");
    }
    // All that are beyond the pace are told so, in their order, and the others are served meanwhile.
    ann.done("snapshot", json!({})).await;
    let mut refused = 0;
    for _ in 0..50 {
        refused += usize::from(rude.push().await["error"]["name"] == "rateLimited");
    }
    assert!(refused > 20, "{refused} of 50");
    ann.told_nothing_more().await;
}

#[tokio::test]
async fn the_smallest_frames_there_are_make_no_message() {
    let world = World::start().await;
    let mut ann = world.enter("ann").await;
    let stream = TcpStream::connect(world.http()).await.expect("connected");
    let url = format!("ws://{}/v1/signal", world.http());
    let (mut socket, _) = tokio_tungstenite::client_async(url, stream).await.expect("a WebSocket");
    let empty = |opcode, last| Message::Frame(Frame::message(Vec::new(), OpCode::Data(opcode), last));
    socket.send(empty(Data::Text, false)).await.expect("sent");
    for _ in 0..10_000 {
        socket.send(empty(Data::Continue, false)).await.expect("sent");
    }
    ann.done("snapshot", json!({})).await;
    socket.send(empty(Data::Continue, true)).await.expect("sent");
    let answer = socket.next().await.expect("an answer").expect("a message");
    assert!(answer.to_text().expect("text").contains("malformedMessage"), "{answer}");
}
