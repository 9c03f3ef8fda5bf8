//! What a log tells, with everything in it that can be: no key, no token, and above `debug` no client's address.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use rtc_auth::{private_map_key, user_sig};
use rtc_bench_client::{Client as MediaClient, Happening, Outgoing, Plan};
use rtc_protocol::{Codec, Layer, MediaAnswer, Track};
use rtc_store::{Credentials, Store};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpSocket;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::Message;

use crate::client::{Client, PATIENCE};
use crate::process::{address, serve_with};
use crate::web::{authorization, request_at};
use crate::world::{World, now_s};

/// Where the clients are, which is nowhere else in the log.
const CLIENT: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 77));

/// The secrets that were used, each with its name.
#[derive(Default)]
struct Secrets(Vec<(&'static str, String)>);

impl Secrets {
    /// Takes one down, and hands it on to be used.
    fn use_up(&mut self, name: &'static str, secret: impl Into<String>) -> String {
        let secret = secret.into();
        assert!(secret.len() >= 16, "{name} is too short to be looked for: {secret:?}");
        self.0.push((name, secret.clone()));
        secret
    }

    /// Those that are in the log, in any way in which programs write bytes.
    fn told(&self, log: &str) -> Vec<&'static str> {
        let log = log.to_ascii_lowercase();
        let is_told = |secret: &str| {
            let numbers: Vec<String> = secret.bytes().map(|byte| byte.to_string()).collect();
            let ways = [secret.to_ascii_lowercase(), hex::encode(secret), numbers.join(", ")];
            ways.iter().any(|way| log.contains(way))
        };
        self.0.iter().filter(|(_, secret)| is_told(secret)).map(|(name, _)| *name).collect()
    }
}

#[tokio::test]
async fn no_log_at_any_level_tells_a_secret_nor_one_above_debug_a_clients_address() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("data")).await.expect("a store");
    let credentials = store.first_credentials().await.expect("credentials");
    store.close().await;
    let log_settings = [("RTC_ENGINE_LOG", "trace"), ("RTC_ENGINE_LOG_FORMAT", "json")];
    let (mut child, line) = serve_with(folder.path(), &log_settings).await;
    let mut stderr = child.stderr.take().expect("piped");
    let log = tokio::spawn(async move {
        let mut log = String::new();
        stderr.read_to_string(&mut log).await.expect("read");
        log
    });
    let mut secrets = Secrets::default();
    secrets.use_up("the app's key", credentials.sdk_secret_key.expose());
    secrets.use_up("the key of the Cloud API", credentials.api.secret_key.expose());
    let engine = address(&line);

    call(engine, &credentials, &mut secrets).await;
    let good = secrets.use_up("a UserSig that was not taken", sig(&credentials, "ann", 600));
    refused(engine, &credentials, &good, &mut secrets).await;
    api(engine, &credentials, &mut secrets).await;

    let pid = Pid::from_raw(child.id().expect("it runs").cast_signed()).expect("a process");
    kill_process(pid, Signal::TERM).expect("signalled");
    assert!(child.wait().await.expect("it ends").success());
    let log = timeout(PATIENCE, log).await.expect("in time").expect("read");

    assert_eq!(secrets.told(&log), Vec::<&str>::new());
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let is_above_debug = |line: &&Value| matches!(line["level"].as_str(), Some("ERROR" | "WARN" | "INFO"));
    let (above, below): (Vec<&Value>, Vec<&Value>) = lines.iter().partition(is_above_debug);
    let names_client = |line: &&&Value| line.to_string().contains(&CLIENT.to_string());
    assert_eq!(above.iter().find(names_client), None);
    // It is a log in which things would be told: of members, of refusals, and, where that is allowed, of addresses.
    assert!(above.iter().any(|line| line["fields"]["message"] == "entered" && line["fields"]["user"] == "ann"), "{log}");
    assert!(below.iter().any(|line| names_client(&line) && line["fields"]["message"] == "hello refused"), "{log}");
}

#[tokio::test]
async fn what_anybody_may_read_names_no_member_no_room_and_no_address() {
    let world = World::start().await;
    let (user, room) = ("zaphod-who-is-here", "heart-of-gold");
    let mut client = connect(world.http()).await;
    client.enter(crate::world::merged(world.hello(user), &json!({"room": {"text": room}}))).await.expect("let in");
    client.done("publish", json!({"track": "microphone", "state": "on"})).await;
    for path in ["/metrics", "/healthz", "/", "/doctor", "/v1/signal", "/nothing"] {
        let answer = request_at(world.http(), "GET", path, &[], "").await;
        let text = format!("{:?} {}", answer.headers, answer.body);
        for name in [user, room, &CLIENT.to_string(), &*world.user_sig(user), world.credentials.api.secret_key.expose()] {
            assert!(!text.contains(name), "{path} names {name}");
        }
    }
    let metrics = request_at(world.http(), "GET", "/metrics", &[], "").await;
    assert_eq!(metrics.status, 200);
}

/// A call of one, with all tickets there are: entering, media in both directions, another room, coming back, leaving.
async fn call(engine: SocketAddr, credentials: &Credentials, secrets: &mut Secrets) {
    let mut ann = connect(engine).await;
    let user_sig = secrets.use_up("a UserSig", sig(credentials, "ann", 601));
    let room_key = secrets.use_up("a PrivateMapKey", map_key(credentials, 1));
    ann.enter(hello(credentials, &user_sig, &json!({"privateMapKey": room_key}))).await.expect("let in");
    let resume = resume_token(&ann, secrets);

    let plan = Plan { microphone: true, slots: 1, ..Plan::default() };
    let (mut media, offer) = MediaClient::at(CLIENT, plan).expect("a client");
    secrets.use_up("the client's ICE password", ice_password(&offer.sdp));
    let answer: MediaAnswer =
        serde_json::from_value(ann.done("offer", serde_json::to_value(&offer).expect("JSON")).await).expect("an answer");
    secrets.use_up("the engine's ICE password", ice_password(&answer.sdp));
    media.accept(&answer).expect("an answer that fits");
    ann.done("publish", json!({"track": "microphone", "state": "on"})).await;
    timeout(PATIENCE, speak(&mut media)).await.expect("media flows");

    let room_key = secrets.use_up("a PrivateMapKey of another room", map_key(credentials, 2));
    let user_sig = secrets.use_up("a UserSig that is shown later", sig(credentials, "ann", 602));
    ann.done("switchRoom", json!({"room": {"number": 2}, "userSig": user_sig, "privateMapKey": room_key})).await;
    ann.vanish();

    let mut ann = connect(engine).await;
    let change = json!({"room": {"number": 2}, "resume": resume});
    ann.enter(hello(credentials, &user_sig, &change)).await.expect("let in");
    assert_eq!(ann.welcome["resumed"], true);
    resume_token(&ann, secrets);
    media.close().expect("open");
    ann.done("exit", json!({})).await;
}

/// Until both have spoken: the engine has proved the address, and has packets of sound.
async fn speak(media: &mut MediaClient) {
    let mut connected = false;
    for seq in 0.. {
        let tell = |_: &_, happening| connected |= matches!(happening, Happening::Connected);
        media.drive(|_| false, tell).expect("a connection");
        if connected && seq % 2 == 0 {
            let outgoing = Outgoing {
                track: Track::Microphone,
                layer: Layer::Big,
                codec: Codec::Opus,
                seq,
                time: seq as u32 * 960,
                marker: true,
                level: Some(30),
                payload: [0xfc; 80].into(),
            };
            assert!(media.write(&outgoing), "it is negotiated");
        }
        if connected && seq > 50 {
            return;
        }
        sleep(Duration::from_millis(5)).await;
    }
}

/// Tickets that are refused, and messages that cannot be read, with tickets in them.
async fn refused(engine: SocketAddr, credentials: &Credentials, good: &str, secrets: &mut Secrets) {
    let app = credentials.sdk_app_id.0;
    let expired = user_sig::make(app, "ann", credentials.sdk_secret_key.expose(), now_s() - 700, 600);
    let forged = user_sig::make(app, "ann", "another key altogether", now_s(), 600);
    for (name, user_sig, change) in [
        ("an expired UserSig", expired, json!({})),
        ("a forged UserSig", forged, json!({})),
        ("half a UserSig", good[..good.len() / 2].to_owned(), json!({})),
        (
            "a token that is none",
            good.to_owned(),
            json!({"privateMapKey": secrets.use_up("half a room's key", "x".repeat(40))}),
        ),
        ("a UserSig of another", sig(credentials, "bob", 603), json!({})),
    ] {
        let user_sig = secrets.use_up(name, user_sig);
        let mut ann = connect(engine).await;
        ann.enter(hello(credentials, &user_sig, &change)).await.expect_err(name);
        ann.closed().await;
    }
    let unreadable = [
        format!(r#"{{"id":1,"type":"hello","data":{{"userSig":"{good}","protocol":"{good}"}}}}"#),
        format!(r#"{{"id":1,"type":"{good}"}}"#),
        format!(r#"{{"userSig":"{good}""#),
        good.to_owned(),
    ];
    for message in unreadable {
        let mut rude = connect(engine).await;
        rude.send(message).await;
        rude.closed().await;
    }
    let mut rude = connect(engine).await;
    rude.try_send(Message::binary(good.as_bytes().to_vec())).await.expect("sent");
    rude.closed().await;
}

/// The faces over HTTP: the demo's tickets, good and bad signatures of the Cloud API.
async fn api(engine: SocketAddr, credentials: &Credentials, secrets: &mut Secrets) {
    let headers = [("Content-Type", "application/json")];
    let ticket = request_at(engine, "POST", "/demo/usersig", &headers, r#"{"userId":"carl"}"#).await;
    let ticket: Value = serde_json::from_str(&ticket.body).expect("JSON");
    secrets.use_up("the demo's UserSig", ticket["userSig"].as_str().expect("a ticket"));

    let body = json!({"SdkAppId": credentials.sdk_app_id.0, "RoomId": 1}).to_string();
    let (time, good) = authorization(engine, credentials, &body);
    let signature = good.rsplit('=').next().expect("a signature").to_owned();
    let signature = secrets.use_up("the signature of a request", signature);
    let bad = good.replace(&signature, &secrets.use_up("a wrong signature", "5e".repeat(32)));
    for authorization in [good, bad] {
        let time = time.to_string();
        let headers = [
            ("Content-Type", "application/json"),
            ("X-TC-Action", "DismissRoom"),
            ("X-TC-Version", "2019-07-22"),
            ("X-TC-Timestamp", &*time),
            ("Authorization", &*authorization),
        ];
        let answer = request_at(engine, "POST", "/", &headers, &body).await;
        assert!(answer.body.contains("RequestId"), "{}", answer.body);
    }
}

async fn connect(engine: SocketAddr) -> Client {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(SocketAddr::new(CLIENT, 0)).expect("loopback");
    Client::over(socket.connect(engine).await.expect("the engine listens"), engine).await
}

/// Different for each validity, so that each use can be looked for.
fn sig(credentials: &Credentials, user: &str, expire_s: u64) -> String {
    user_sig::make(credentials.sdk_app_id.0, user, credentials.sdk_secret_key.expose(), now_s(), expire_s)
}

fn map_key(credentials: &Credentials, room: u32) -> String {
    let (room, all) = (private_map_key::Room::Number(room), private_map_key::Permissions(255));
    private_map_key::make(credentials.sdk_app_id.0, "ann", &room, all, credentials.sdk_secret_key.expose(), now_s(), 600)
}

fn hello(credentials: &Credentials, user_sig: &str, change: &Value) -> Value {
    let hello = json!({
        "protocol": rtc_protocol::VERSION,
        "sdk": {"name": "test", "version": "1", "platform": "none"},
        "sdkAppId": credentials.sdk_app_id.0,
        "userId": "ann",
        "userSig": user_sig,
        "room": {"number": 1},
        "scene": "videoCall",
    });
    crate::world::merged(hello, change)
}

/// Its second half is the secret one.
fn resume_token(client: &Client, secrets: &mut Secrets) -> String {
    let token = client.resume();
    secrets.use_up("a resume token", token.split_once('.').expect("two halves").1);
    token
}

fn ice_password(sdp: &str) -> String {
    sdp.lines().find_map(|line| line.strip_prefix("a=ice-pwd:")).expect("an ICE password").into()
}
