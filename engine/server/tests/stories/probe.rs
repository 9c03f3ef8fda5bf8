//! The network test before a call.

use std::time::Instant;

use futures_util::{SinkExt as _, StreamExt as _};
use rtc_probe::{Key, Meter, Token};
use rtc_protocol::ProbeFindings;
use serde_json::{Value, json};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use crate::client::PATIENCE;
use crate::world::{World, merged};

struct Tester(WebSocketStream<TcpStream>);

impl Tester {
    async fn connect(world: &World) -> Self {
        let address = world.http();
        let stream = TcpStream::connect(address).await.expect("the engine listens");
        let url = format!("ws://{address}/v1/probe");
        Self(tokio_tungstenite::client_async(url, stream).await.expect("a WebSocket").0)
    }

    async fn say(&mut self, message: &Value) {
        self.0.send(Message::text(message.to_string())).await.expect("the connection is open");
    }

    /// The next answer: its type and its data.
    async fn hears(&mut self) -> (String, Value) {
        let message = timeout(PATIENCE, self.0.next()).await.expect("in time").expect("an answer").expect("a message");
        let answer: Value = serde_json::from_str(message.to_text().expect("text")).expect("JSON");
        (answer["type"].as_str().expect("a type").into(), answer["data"].clone())
    }

    async fn refused(&mut self) -> i64 {
        let (kind, error) = self.hears().await;
        assert_eq!(kind, "refused", "{error}");
        let end = timeout(PATIENCE, self.0.next()).await.expect("in time");
        assert!(matches!(end, Some(Ok(Message::Close(_))) | None), "it is the last word: {end:?}");
        error["code"].as_i64().expect("a code")
    }
}

fn begin(world: &World, user: &str, change: &Value) -> Value {
    let data = json!({
        "protocol": rtc_protocol::VERSION,
        "sdkAppId": world.credentials.sdk_app_id.0,
        "userId": user,
        "userSig": world.user_sig(user),
        "expectedUpKbps": 400,
        "expectedDownKbps": 400,
    });
    json!({"type": "begin", "data": merged(data, change)})
}

#[tokio::test]
async fn a_client_measures_the_way_to_the_engine_and_back() {
    let world = World::start().await;
    let mut ann = Tester::connect(&world).await;
    ann.say(&begin(&world, "ann", &json!({}))).await;
    let (kind, ticket) = ann.hears().await;
    assert_eq!((kind.as_str(), &ticket["withinMs"]), ("ready", &json!(15_000)));
    let text = |field: &str| ticket[field].as_str().expect("a text");
    let (token, key) = (Token::parse(text("token")).expect("a token"), Key::parse(text("key")).expect("a key"));

    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("loopback");
    socket.connect(ticket["addresses"][0].as_str().expect("an address")).await.expect("it is one");
    let mut meter = Meter::new(Instant::now(), token, key, 400, 400);
    let mut buffer = [0; 1500];
    while let Some(due) = meter.poll_timeout() {
        while let Some(bytes) = meter.poll_transmit() {
            let _ = socket.send(&bytes).await;
        }
        if let Ok(received) = timeout(due.saturating_duration_since(Instant::now()), socket.recv(&mut buffer)).await {
            meter.handle_datagram(Instant::now(), &buffer[..received.expect("loopback")]);
        }
        meter.handle_timeout(Instant::now());
    }

    // One at a time.
    let mut again = Tester::connect(&world).await;
    again.say(&begin(&world, "ann", &json!({}))).await;
    assert_eq!(again.refused().await, -102006);

    ann.say(&json!({"type": "finish", "data": {}})).await;
    let (kind, findings) = ann.hears().await;
    assert_eq!(kind, "findings");
    let findings: ProbeFindings = serde_json::from_value(findings).expect("findings");
    let outcome = meter.outcome(&findings);
    assert!(outcome.success && (1..=5).contains(&outcome.quality), "{outcome:?}");
    assert_eq!(outcome.address, "127.0.0.1");
    assert!(outcome.up_kbps > 0 && outcome.down_kbps > 0, "{outcome:?}");
}

#[tokio::test]
async fn who_may_not_test_is_told_why() {
    let world = World::start().await;
    let refusals = [
        (json!({"userSig": world.user_sig("bob")}), 70013),
        (json!({"userSig": "nonsense"}), 70003),
        (json!({"sdkAppId": 1}), 70020),
        (json!({"userId": ""}), -3319),
        (json!({"expectedUpKbps": 9}), -102023),
        (json!({"expectedDownKbps": 5001}), -102023),
        (json!({"protocol": 900}), -3301),
        (json!({"userSig": null}), -102053),
    ];
    for (change, code) in refusals {
        let mut ann = Tester::connect(&world).await;
        ann.say(&begin(&world, "ann", &change)).await;
        assert_eq!(ann.refused().await, code, "{change}");
    }
    let mut ann = Tester::connect(&world).await;
    ann.say(&json!({"type": "finish", "data": {}})).await;
    assert_eq!(ann.refused().await, -102054);
    let mut ann = Tester::connect(&world).await;
    ann.say(&begin(&world, "ann", &json!({}))).await;
    assert_eq!(ann.hears().await.0, "ready");
    ann.say(&begin(&world, "ann", &json!({}))).await;
    assert_eq!(ann.refused().await, -102054);
}
