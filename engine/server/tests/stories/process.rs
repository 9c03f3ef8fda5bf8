//! The program itself: what it prints, how it ends, and its commands beside it.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;

use rtc_store::{Credentials, Store};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::client::{Client, PATIENCE};

pub(crate) fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rtc-engine"));
    command
        .current_dir(folder)
        .env("RTC_ENGINE_DATA_DIR", folder.join("data"))
        .env("RTC_ENGINE_HTTP_LISTEN", "127.0.0.1:0")
        .env("RTC_ENGINE_MEDIA_LISTEN", "127.0.0.1:0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Starts the engine; gives the one line it prints.
async fn serve(folder: &Path) -> (Child, String) {
    serve_with(folder, &[]).await
}

/// Starts the engine with settings of its own.
pub(crate) async fn serve_with(folder: &Path, settings: &[(&str, &str)]) -> (Child, String) {
    let mut child = program(folder).arg("serve").envs(settings.iter().copied()).spawn().expect("the program starts");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let line = timeout(PATIENCE, lines.next_line()).await.expect("in time").expect("read").expect("a line");
    tokio::spawn(async move {
        if let Ok(Some(more)) = lines.next_line().await {
            panic!("printed more: {more}");
        }
    });
    (child, line)
}

async fn output(folder: &Path, arguments: &[&str]) -> (bool, String, String) {
    let output = program(folder).args(arguments).output().await.expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.success(), text(output.stdout), text(output.stderr))
}

#[tokio::test]
async fn it_prints_one_line_and_ends_in_order_on_a_signal() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound").to_string();
    let one_port = [("RTC_ENGINE_HTTP_LISTEN", &*taken), ("RTC_ENGINE_MEDIA_LISTEN", &*taken)];
    for (signal, settings) in [(Signal::TERM, &[][..]), (Signal::INT, &[]), (Signal::TERM, &one_port)] {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut child, line) = serve_with(folder.path(), settings).await;
        assert!(line.starts_with("RTC Engine is ready: http://127.0.0.1:") && line.ends_with('/'), "{line}");
        let pid = Pid::from_raw(child.id().expect("it runs").cast_signed()).expect("a process");
        kill_process(pid, signal).expect("signalled");
        let status = timeout(PATIENCE, child.wait()).await.expect("in time").expect("it ends");
        assert!(status.success(), "{status}");
        let mut log = String::new();
        child.stderr.take().expect("piped").read_to_string(&mut log).await.expect("read");
        assert!(!log.contains("AKID"), "a secret in the log: {log}");
    }
}

#[tokio::test]
async fn a_crash_makes_nobody_leave() {
    let folder = tempfile::tempdir().expect("a folder");
    let credentials = credentials_in(folder.path()).await;
    let hello = |room, resume: Option<&str>| hello(&credentials, "ann", room, resume);
    let (mut child, line) = serve(folder.path()).await;
    let mut ann = Client::connect(address(&line)).await;
    // What is answered has been written: there is no moment at which a crash would cost the membership.
    ann.enter(hello(1, None)).await.expect("let in");
    child.kill().await.expect("killed");

    let (mut child, line) = serve(folder.path()).await;
    let mut again = Client::connect(address(&line)).await;
    again.enter(hello(1, Some(&ann.resume()))).await.expect("let in");
    assert_eq!(again.welcome["resumed"], true);
    again.done("switchRoom", json!({"room": {"number": 2}})).await;
    child.kill().await.expect("killed");

    let (_child, line) = serve(folder.path()).await;
    let mut moved = Client::connect(address(&line)).await;
    moved.enter(hello(2, Some(&ann.resume()))).await.expect("let in");
    assert_eq!(moved.welcome["resumed"], true);
}

/// The credentials of an engine with its data in this folder.
pub(crate) async fn credentials_in(folder: &Path) -> Credentials {
    let store = Store::open(&folder.join("data")).await.expect("a store");
    store.first_credentials().await.expect("credentials")
}

/// What a user says to enter a call, or to come back to one.
pub(crate) fn hello(credentials: &Credentials, user: &str, room: u32, resume: Option<&str>) -> Value {
    let (app, key) = (credentials.sdk_app_id.0, credentials.sdk_secret_key.expose());
    json!({
        "protocol": rtc_protocol::VERSION,
        "sdk": {"name": "test", "version": "1", "platform": "none"},
        "sdkAppId": app,
        "userId": user,
        "userSig": rtc_auth::user_sig::make(app, user, key, crate::world::now_s(), 600),
        "room": {"number": room},
        "scene": "videoCall",
        "resume": resume,
    })
}

/// Where an engine that printed this line can be reached.
pub(crate) fn address(line: &str) -> SocketAddr {
    line.rsplit("http://").next().and_then(|url| url.trim_end_matches('/').parse().ok()).expect("an address")
}

#[tokio::test]
async fn credentials_are_the_same_before_beside_and_after_the_engine() {
    let folder = tempfile::tempdir().expect("a folder");
    let credentials = || async {
        let (good, printed, complaint) = output(folder.path(), &["credentials", "--json"]).await;
        assert!(good, "{complaint}");
        serde_json::from_str::<Value>(&printed).expect("JSON")
    };
    let before = credentials().await;
    let keys: Vec<&String> = before.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["sdk_app_id", "sdk_secret_key", "secret_id", "secret_key"]);
    assert!(before["sdk_app_id"].is_u64());
    let (child, _) = serve(folder.path()).await;
    assert_eq!(credentials().await, before);
    drop(child);
    assert_eq!(credentials().await, before);
}

#[tokio::test]
async fn tickets_are_signed_by_hand() {
    let folder = tempfile::tempdir().expect("a folder");
    let (good, sig, _) = output(folder.path(), &["usersig", "--user", "ann", "--expire", "60"]).await;
    assert!(good);
    let (_, printed, _) = output(folder.path(), &["credentials", "--json"]).await;
    let credentials: Value = serde_json::from_str(&printed).expect("JSON");
    let (app, key) =
        (credentials["sdk_app_id"].as_u64().expect("a number"), credentials["sdk_secret_key"].as_str().expect("a key"));
    let app = u32::try_from(app).expect("an SDKAppID");
    let verified = rtc_auth::user_sig::verify(sig.trim_end(), app, "ann", &[key], crate::world::now_s());
    assert_eq!(verified.expect("a good ticket").expire_s, 60);

    let (good, ticket, _) =
        output(folder.path(), &["private-map-key", "--user", "ann", "--str-room", "blue", "--permissions", "42"]).await;
    assert!(good);
    let room = rtc_auth::private_map_key::Room::Text("blue");
    let permissions = rtc_auth::private_map_key::verify(ticket.trim_end(), app, "ann", &room, &[key], crate::world::now_s());
    assert_eq!(permissions.expect("a good ticket").0, 42);

    let (good, _, complaint) = output(folder.path(), &["usersig", "--user", "a/b"]).await;
    assert!(!good && complaint.contains("--user"), "{complaint}");
}

#[tokio::test]
async fn what_cannot_be_started_says_why_in_one_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let run = |name: &'static str, value: String| {
        let mut command = program(folder.path());
        command.arg("serve").env(name, value).env("RTC_ENGINE_LOG", "error");
        async move {
            let output = command.output().await.expect("the program runs");
            assert_eq!(output.status.code(), Some(1));
            assert!(output.stdout.is_empty());
            let words = String::from_utf8(output.stderr).expect("UTF-8");
            assert_eq!(words.lines().count(), 1, "{words}");
            words
        }
    };
    let words = run("RTC_ENGINE_HTTP_LISTEN", address.clone()).await;
    assert!(words.contains(&address) && words.contains("RTC_ENGINE_HTTP_LISTEN"), "{words}");
    let words = run("RTC_ENGINE_MEDIA_SHARDS", "many".into()).await;
    assert!(words.contains("RTC_ENGINE_MEDIA_SHARDS"), "{words}");
    let words = run("RTC_ENGINE_HTTP_LISTEN", "203.0.113.1:8080".into()).await;
    assert!(words.contains("does not have that address"), "{words}");

    let (_child, _) = serve(folder.path()).await;
    let words = run("RTC_ENGINE_DEMO", "off".into()).await;
    assert!(words.contains("RTC_ENGINE_DATA_DIR"), "{words}");
}

#[tokio::test]
async fn the_printed_manual_is_a_settings_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let (good, manual, _) = output(folder.path(), &["config", "--print"]).await;
    assert!(good);
    std::fs::write(folder.path().join("engine.toml"), manual).expect("written");
    let (good, shown, complaint) = output(folder.path(), &["config"]).await;
    assert!(good, "{complaint}");
    assert!(shown.contains("listen = \"127.0.0.1:0\""), "the variables win: {shown}");
    std::fs::write(folder.path().join("engine.toml"), "[htpp]\nlisten = \"127.0.0.1:1\"").expect("written");
    let (good, _, complaint) = output(folder.path(), &["config"]).await;
    assert!(!good && complaint.contains("engine.toml: there is no setting htpp.listen"), "{complaint}");
}

#[tokio::test]
async fn help_and_completions_are_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let (good, help, _) = output(folder.path(), &["--help"]).await;
    assert!(good && help.contains("rtc-engine serve --lan"));
    for shell in ["bash", "zsh", "fish"] {
        let (good, script, _) = output(folder.path(), &["completions", shell]).await;
        assert!(good && script.contains("private-map-key"));
    }
    let (_, version, _) = output(folder.path(), &["--version"]).await;
    assert_eq!(version, format!("rtc-engine {}\n", env!("CARGO_PKG_VERSION")));
}
