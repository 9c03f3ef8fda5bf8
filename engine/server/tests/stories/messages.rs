//! Bad messages: each gets its answer, and the others never notice.

use rtc_protocol::limits;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::client::Client;
use crate::world::World;

/// The name and number of the request with which a message is refused.
async fn refused(client: &mut Client, message: impl Into<String>) -> (Value, Value) {
    client.send(message).await;
    let answer = client.push().await;
    (answer["error"]["name"].clone(), answer["re"].clone())
}

#[tokio::test]
async fn messages_that_cannot_be_read_are_refused_and_then_no_more() {
    let world = World::start().await;
    let mut ann = world.enter("ann").await;
    assert_eq!(refused(&mut ann, "{").await, (json!("malformedMessage"), json!(0)));
    assert_eq!(refused(&mut ann, r#"{"id":71,"type":"dance"}"#).await, (json!("unknownRequest"), json!(71)));
    assert_eq!(
        refused(&mut ann, r#"{"id":72,"type":"view","data":{"userId":""}}"#).await,
        (json!("malformedMessage"), json!(72))
    );
    // A good one in between: a slip is forgiven.
    ann.done("snapshot", json!({})).await;
    for _ in 0..5 {
        assert_eq!(refused(&mut ann, "nonsense").await.0, json!("malformedMessage"));
    }
    assert_eq!(ann.closed().await, 1008);
}

#[tokio::test]
async fn a_binary_message_is_refused() {
    let world = World::start().await;
    let mut ann = world.enter("ann").await;
    ann.try_send(Message::binary(vec![1, 2, 3])).await.expect("sent");
    assert_eq!(ann.push().await["error"]["name"], "malformedMessage");
}

#[tokio::test]
async fn a_message_over_64_kilobytes_is_refused() {
    let world = World::start().await;
    let mut ann = world.enter("ann").await;
    let data = "x".repeat(limits::MESSAGE_BYTES);
    let message = json!({"id": 9, "type": "message", "data": {"cmdId": 1, "data": data}}).to_string();
    assert_eq!(refused(&mut ann, message).await, (json!("malformedMessage"), json!(9)));
    ann.told_nothing_more().await;
}

#[tokio::test]
async fn a_message_over_512_kilobytes_ends_the_connection() {
    let world = World::start().await;
    let mut ann = world.enter("ann").await;
    let mut bob = world.enter("bob").await;
    let _ = ann.try_send(Message::text("x".repeat(limits::OFFER_BYTES + 1))).await;
    assert_eq!(ann.closed().await, 1009);
    bob.told_nothing_more().await;
}

#[tokio::test]
async fn a_bad_offer_is_refused_with_words() {
    let world = World::start().await;
    let mut ann = world.enter("ann").await;
    let offer = |sdp: String| json!({"purpose": "enter", "sdp": sdp, "lines": {}});
    for sdp in [String::new(), "garbage".into(), "v=0\r\n".into(), "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n".repeat(1000)] {
        let error = ann.ask("offer", offer(sdp.clone())).await.expect_err("no offer");
        assert_eq!(error["name"], "invalidParameter", "{error} for {sdp:.20}");
    }
    let grow = ann.ask("offer", json!({"purpose": "grow", "sdp": "v=0\r\n", "lines": {}})).await;
    assert!(grow.is_err());
    ann.told_nothing_more().await;
}

#[tokio::test]
async fn the_first_message_must_be_hello() {
    let world = World::start().await;
    let mut client = world.connect().await;
    let error = client.ask("snapshot", json!({})).await.expect_err("who is it?");
    assert_eq!(error["name"], "unknownRequest");
    assert_eq!(client.closed().await, 1008);
}

#[tokio::test]
async fn hello_is_said_once() {
    let world = World::start().await;
    let mut ann = world.enter("ann").await;
    let error = ann.ask("hello", world.hello("ann")).await.expect_err("again?");
    assert_eq!(error["name"], "unknownRequest");
    ann.told_nothing_more().await;
}

#[tokio::test]
async fn requests_may_follow_hello_without_waiting() {
    let world = World::start().await;
    let mut ann = world.connect().await;
    let hello = ann.post("hello", world.hello("ann")).await;
    let publish = ann.post("publish", json!({"track": "camera", "state": "on"})).await;
    let snapshot = ann.post("snapshot", json!({})).await;
    assert!(ann.answer(hello).await.is_ok());
    assert!(ann.answer(publish).await.is_ok());
    assert_eq!(ann.answer(snapshot).await.expect("a snapshot")["tracks"]["camera"], "on");
}

#[tokio::test]
async fn too_many_requests_are_refused_and_others_go_on() {
    let world = World::with(|settings| (settings.signal.requests_per_second, settings.signal.request_burst) = (1, 20)).await;
    let mut ann = world.enter("ann").await;
    let mut bob = world.enter("bob").await;
    ann.told("memberEntered").await;
    let mut taken = 0;
    // A machine that is slow has as many more taken as seconds pass.
    let refused = loop {
        match ann.ask("snapshot", json!({})).await {
            Ok(_) => taken += 1,
            Err(error) => break error,
        }
        assert!(taken < 1000, "nothing is refused");
    };
    assert_eq!(refused["name"], "rateLimited");
    assert!(taken > 10, "{taken} were taken");
    bob.done("snapshot", json!({})).await;
}
