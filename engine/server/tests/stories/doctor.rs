//! The doctor names the leg that fails, and no other.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use rcgen::{CertificateParams, KeyPair, SanType};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;

use crate::process::{program, serve_with};
use crate::world::World;

/// So that the limits of the machine that tests are no matter.
const SMALL: [(&str, &str); 3] = [
    ("RTC_ENGINE_HTTP_MAX_CONNECTIONS", "100"),
    ("RTC_ENGINE_MEDIA_TCP_CONNECTIONS", "100"),
    ("RTC_ENGINE_MEDIA_SOCKET_BUFFER_BYTES", "65536"),
];

/// What the doctor tells of an engine.
async fn examine(command: &mut Command) -> Value {
    let output = command.output().await.expect("the program runs");
    let told: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(output.status.success(), told["ok"] == true, "the exit code says it as well: {told}");
    told
}

/// What is wrong, as it was told.
fn failed(told: &Value) -> Vec<&str> {
    let legs = told["legs"].as_array().expect("legs");
    let failed: Vec<&Value> = legs.iter().filter(|leg| leg["state"] == "failed").collect();
    assert!(failed.iter().all(|leg| !leg["fix"].as_str().expect("what to do").is_empty()), "{told}");
    failed.iter().map(|leg| leg["leg"].as_str().expect("a name")).collect()
}

fn leg<'a>(told: &'a Value, name: &str) -> &'a Value {
    let legs = told["legs"].as_array().expect("legs");
    legs.iter().find(|leg| leg["leg"] == name).expect("each leg is told of")
}

async fn of_an_engine(folder: &Path, settings: &[(&str, &str)]) -> Value {
    let settings = [&SMALL, settings].concat();
    let (_engine, line) = serve_with(folder, &settings).await;
    let url = line.rsplit(' ').next().expect("a URL");
    examine(program(folder).args(["doctor", "--json", url])).await
}

#[tokio::test]
async fn a_healthy_engine_has_no_leg_that_fails() {
    let folder = tempfile::tempdir().expect("a folder");
    let told = of_an_engine(folder.path(), &[]).await;
    assert_eq!(failed(&told), [""; 0], "{told}");
    for good in ["http", "webSocket", "clock", "advertised", "udp", "tcp", "turn", "files", "buffers"] {
        assert_eq!(leg(&told, good)["state"], "ok", "{told}");
    }
}

#[tokio::test]
async fn without_an_address_it_looks_at_the_settings_and_the_engine_of_this_machine() {
    let folder = tempfile::tempdir().expect("a folder");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound").to_string();
    let settings = [&SMALL[..], &[("RTC_ENGINE_HTTP_LISTEN", &*taken)]].concat();
    let doctor = || {
        let mut doctor = program(folder.path());
        doctor.args(["doctor", "--json"]).envs(settings.iter().copied());
        doctor
    };
    let told = examine(&mut doctor()).await;
    assert_eq!(failed(&told), ["http"], "{told}");
    assert!(leg(&told, "http")["fix"].as_str().expect("a fix").contains("rtc-engine serve"));
    assert_eq!(leg(&told, "udp")["state"], "skipped");
    assert_eq!(leg(&told, "files")["state"], "ok");

    let (_engine, _) = serve_with(folder.path(), &settings).await;
    let told = examine(&mut doctor()).await;
    assert_eq!(failed(&told), [""; 0], "{told}");
    assert_eq!(leg(&told, "udp")["state"], "ok");
}

#[tokio::test]
async fn one_port_carries_all_with_and_without_a_certificate() {
    let folder = tempfile::tempdir().expect("a folder");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound").to_string();
    let signed = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
    let path = |name: &str| folder.path().join(name).to_str().expect("a plain path").to_owned();
    let (certificate, key) = (path("certificate.pem"), path("key.pem"));
    std::fs::write(&certificate, signed.cert.pem()).expect("written");
    std::fs::write(&key, signed.signing_key.serialize_pem()).expect("written");
    let one = [("RTC_ENGINE_HTTP_LISTEN", &*taken), ("RTC_ENGINE_MEDIA_LISTEN", &*taken)];
    let tls = [
        ("RTC_ENGINE_HTTP_TLS_CERTIFICATE", &*certificate),
        ("RTC_ENGINE_HTTP_TLS_KEY", &*key),
        ("RTC_ENGINE_TURN_TLS_HOST", "127.0.0.1"),
    ];
    for (settings, is_tls) in [(one.to_vec(), false), ([&one[..], &tls].concat(), true)] {
        let told = of_an_engine(folder.path(), &settings).await;
        assert_eq!(failed(&told), [""; 0], "{told}");
        assert_eq!(told["url"], format!("{}://{taken}/", if is_tls { "https" } else { "http" }));
        for good in ["http", "webSocket", "advertised", "udp", "tcp", "turn"] {
            assert_eq!(leg(&told, good)["state"], "ok", "{told}");
        }
        assert!(leg(&told, "tcp")["found"].as_str().expect("words").starts_with(&taken), "{told}");
        assert_eq!(leg(&told, "tls")["state"] == "ok", is_tls, "{told}");
        let by = if is_tls { "UDP, TCP, TLS" } else { "UDP, TCP" };
        assert_eq!(leg(&told, "turn")["found"], format!("media gets through by {by}"), "{told}");
    }
}

#[tokio::test]
async fn turn_in_tls_that_leads_elsewhere_is_advice_and_turn_that_is_off_is_skipped() {
    let folder = tempfile::tempdir().expect("a folder");
    let signed = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
    let path = |name: &str| folder.path().join(name).to_str().expect("a plain path").to_owned();
    let (certificate, key) = (path("certificate.pem"), path("key.pem"));
    std::fs::write(&certificate, signed.cert.pem()).expect("written");
    std::fs::write(&key, signed.signing_key.serialize_pem()).expect("written");
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound").to_string();
    let tls = [
        ("RTC_ENGINE_HTTP_TLS_CERTIFICATE", &*certificate),
        ("RTC_ENGINE_HTTP_TLS_KEY", &*key),
        ("RTC_ENGINE_TURN_TLS_HOST", &*nobody),
    ];
    let told = of_an_engine(folder.path(), &tls).await;
    assert_eq!(leg(&told, "turn")["state"], "advice", "{told}");
    assert!(leg(&told, "turn")["fix"].as_str().expect("a fix").starts_with(&format!("have {nobody} lead")), "{told}");
    let told = of_an_engine(folder.path(), &[("RTC_ENGINE_TURN_ENABLED", "false")]).await;
    assert_eq!((failed(&told), &leg(&told, "turn")["state"]), (vec![], &Value::from("skipped")), "{told}");
}

#[tokio::test]
async fn what_is_no_engine_is_told_from_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let mute = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/", mute.local_addr().expect("bound"));
    std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        while let Ok((mut stream, _)) = mute.accept() {
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        }
    });
    let told = examine(program(folder.path()).args(["doctor", "--json", &url])).await;
    assert_eq!(failed(&told), ["http"], "{told}");
    assert!(leg(&told, "http")["found"].as_str().expect("words").contains("404"));
}

#[tokio::test]
async fn an_address_that_leads_elsewhere_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    // The engine listens on 127.0.0.1 alone.
    let told = of_an_engine(folder.path(), &[("RTC_ENGINE_MEDIA_ADVERTISE", "127.0.0.2")]).await;
    assert_eq!(failed(&told), ["advertised"], "{told}");
    assert!(leg(&told, "advertised")["found"].as_str().expect("words").contains("127.0.0.2:"));
}

#[tokio::test]
async fn an_expired_certificate_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let day = Duration::from_secs(86_400);
    let mut params = CertificateParams::new(["localhost".to_owned()]).expect("a name");
    params.subject_alt_names.push(SanType::IpAddress([127, 0, 0, 1].into()));
    let now = SystemTime::now();
    for (ends, expected) in [(now - day, &["certificate"][..]), (now + 90 * day, &[])] {
        (params.not_before, params.not_after) = ((now - 9 * day).into(), ends.into());
        let key = KeyPair::generate().expect("a key");
        let path = |name: &str| folder.path().join(name).to_str().expect("a plain path").to_owned();
        let (certificate, private) = (path("certificate.pem"), path("key.pem"));
        std::fs::write(&certificate, params.self_signed(&key).expect("signed").pem()).expect("written");
        std::fs::write(&private, key.serialize_pem()).expect("written");
        let settings = [("RTC_ENGINE_HTTP_TLS_CERTIFICATE", &*certificate), ("RTC_ENGINE_HTTP_TLS_KEY", &*private)];
        let told = of_an_engine(folder.path(), &settings).await;
        assert_eq!(failed(&told), expected, "{told}");
        assert_eq!(leg(&told, "tls")["state"], "ok");
        assert_eq!(leg(&told, "webSocket")["state"], "ok");
    }
}

#[tokio::test]
async fn a_clock_that_is_ten_minutes_off_is_named() {
    let world = World::with(|settings| {
        settings.http.max_connections = 100;
        settings.media.tcp_connections = 100;
    })
    .await;
    for (offset, which) in [("+10m", "behind"), ("-10m", "ahead of")] {
        let mut faked = Command::new("faketime");
        faked.args(["--exclude-monotonic", "-f", offset, env!("CARGO_BIN_EXE_rtc-engine"), "doctor", "--json"]);
        let told = examine(faked.arg(format!("http://{}/", world.http()))).await;
        assert_eq!(failed(&told), ["clock"], "{told}");
        assert!(leg(&told, "clock")["found"].as_str().expect("words").contains(which), "{told}");
    }
}

/// Runs the engine and then the doctor in a network of their own, once for each set of firewall rules.
const BLOCKED: &str = r#"
set -eu
ip link set lo up
mkfifo ready
"$ENGINE" serve >ready &
engine=$!
trap 'kill $engine' EXIT
read -r _ <ready
for protocol in udp tcp; do
  nft "add table inet cut; add chain inet cut in { type filter hook input priority 0; }; add rule inet cut in $protocol dport 8000 drop"
  "$ENGINE" doctor --json http://127.0.0.1:8080/ || true
  nft delete table inet cut
done
"$ENGINE" doctor --json http://127.0.0.1:8080/
"#;

#[tokio::test]
async fn a_firewall_is_told_apart_by_what_it_drops() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut script = Command::new("unshare");
    script
        .args(["--map-root-user", "--net", "sh", "-c", BLOCKED])
        .current_dir(folder.path())
        .envs(SMALL)
        .env("ENGINE", env!("CARGO_BIN_EXE_rtc-engine"))
        .env("RTC_ENGINE_DATA_DIR", folder.path().join("data"))
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let output = script.output().await.expect("the script runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told: Vec<Value> =
        serde_json::Deserializer::from_slice(&output.stdout).into_iter().collect::<Result<_, _>>().expect("three reports");
    let failed: Vec<Vec<&str>> = told.iter().map(failed).collect();
    assert_eq!(failed, [vec!["udp"], vec!["tcp"], vec![]], "{told:?}");
}

#[tokio::test]
async fn a_proxy_that_passes_no_websockets_on_is_named() {
    let world = World::with(|settings| {
        settings.http.max_connections = 100;
        settings.media.tcp_connections = 100;
    })
    .await;
    let proxy = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", proxy.local_addr().expect("bound"));
    let engine = world.http();
    tokio::spawn(async move {
        while let Ok((mut near, _)) = proxy.accept().await {
            tokio::spawn(async move {
                let mut head = [0; 4096];
                let length = near.read(&mut head).await.expect("a request");
                if head.starts_with(b"GET /v1/signal ") {
                    near.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await.expect("sent");
                    return;
                }
                let mut far = TcpStream::connect(engine).await.expect("connected");
                far.write_all(&head[..length]).await.expect("sent");
                let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
            });
        }
    });
    let folder = tempfile::tempdir().expect("a folder");
    let told = examine(program(folder.path()).args(["doctor", "--json", &url])).await;
    assert_eq!(failed(&told), ["webSocket"], "{told}");
    assert!(leg(&told, "webSocket")["found"].as_str().expect("words").contains("HTTP 400"), "{told}");
}

#[tokio::test]
async fn the_facts_are_for_the_engines_own_pages() {
    let world = World::start().await;
    let response = crate::web::request(&world, "GET", "/v1/doctor", &[("Origin", "https://elsewhere.example")], "").await;
    assert_eq!((response.status, response.header("access-control-allow-origin")), (200, None));
    assert_eq!(response.header("cache-control"), Some("no-store"));
    let facts: Value = serde_json::from_str(&response.body).expect("JSON");
    assert_eq!(facts["addresses"][0], world.engine.media_addr().to_string());
}
