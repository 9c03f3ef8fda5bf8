//! The HTTP face.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit as _, Mac as _};
use rtc_server::settings::Demo;
use rtc_store::Credentials;
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::world::{World, now_s};

pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// One request on a connection of its own.
pub(crate) async fn request(world: &World, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Response {
    request_at(world.http(), method, path, headers, body).await
}

/// The same of an engine at an address.
pub(crate) async fn request_at(engine: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Response {
    let mut text = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
        let _ = write!(text, "Host: {engine}\r\n");
    }
    for (name, value) in headers {
        let _ = write!(text, "{name}: {value}\r\n");
    }
    let mut stream = TcpStream::connect(engine).await.expect("connected");
    stream.write_all(format!("{text}\r\n{body}").as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("answered");
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let mut lines = head.lines();
    let status = lines.next().expect("a status line").split(' ').nth(1).expect("a status").parse().expect("a number");
    let headers = lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.to_lowercase(), value.into()));
    Response { status, headers: headers.collect(), body: body.into() }
}

/// Asks for an action with a good signature; gives what is in `Response`.
pub(crate) async fn cloud_api(world: &World, action: &str, parameters: Value) -> Value {
    let body = parameters.to_string();
    let (time, authorization) = authorization(world.http(), &world.credentials, &body);
    let headers = [
        ("Content-Type", "application/json"),
        ("X-TC-Action", action),
        ("X-TC-Version", "2019-07-22"),
        ("X-TC-Timestamp", &time.to_string()),
        ("Authorization", &authorization),
    ];
    let response = request(world, "POST", "/", &headers, &body).await;
    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-type"), Some("application/json"));
    let answer: Value = serde_json::from_str(&response.body).expect("JSON");
    assert_eq!(answer["Response"]["RequestId"].as_str().map(str::len), Some(36));
    answer["Response"].clone()
}

/// The time of now and what signs a body at that time.
pub(crate) fn authorization(engine: SocketAddr, credentials: &Credentials, body: &str) -> (u64, String) {
    let host = engine.to_string();
    let (time, date) = (now_s(), utc_date(now_s()));
    let scope = format!("{date}/trtc/tc3_request");
    let hash = |text: &str| hex::encode(Sha256::digest(text));
    let canonical = format!("POST\n/\n\ncontent-type:application/json\nhost:{host}\n\ncontent-type;host\n{}", hash(body));
    let to_sign = format!("TC3-HMAC-SHA256\n{time}\n{scope}\n{}", hash(&canonical));
    let secret = format!("TC3{}", credentials.api.secret_key.expose());
    let key = [&*date, "trtc", "tc3_request"].iter().fold(secret.into_bytes(), |key, text| mac(&key, text));
    let signature = hex::encode(mac(&key, &to_sign));
    let id = &credentials.api.secret_id;
    let scheme = "TC3-HMAC-SHA256";
    (time, format!("{scheme} Credential={id}/{scope}, SignedHeaders=content-type;host, Signature={signature}"))
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// The date in UTC of a time in seconds since 1970, by the civil-from-days rule of the proleptic Gregorian calendar.
fn utc_date(seconds: u64) -> String {
    let days = seconds / 86_400 + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year}-{month:02}-{day:02}")
}

#[test]
fn the_date_of_a_request_is_right() {
    assert_eq!(utc_date(0), "1970-01-01");
    assert_eq!(utc_date(951_782_400), "2000-02-29");
    assert_eq!(utc_date(1_700_000_000), "2023-11-14");
}

#[tokio::test]
async fn the_root_is_the_demo_for_a_browser_and_the_cloud_api_for_the_rest() {
    let world = World::start().await;
    let page = request(&world, "GET", "/", &[("Accept", "text/html")], "").await;
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    for (method, path, headers) in
        [("POST", "/", vec![]), ("GET", "/?Action=RemoveUser", vec![]), ("GET", "/", vec![("X-TC-Action", "RemoveUser")])]
    {
        let answer = request(&world, method, path, &headers, "").await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")), "{method} {path}");
        assert!(answer.body.contains("\"Error\""));
    }
    assert_eq!(request(&world, "DELETE", "/", &[], "").await.status, 405);
    assert_eq!(request(&world, "GET", "/nothing", &[], "").await.status, 404);
}

#[tokio::test]
async fn the_cloud_api_refuses_what_it_should() {
    let world = World::start().await;
    let code = |answer: Value| answer["Error"]["Code"].as_str().expect("refused").to_owned();
    let app = world.credentials.sdk_app_id.0;
    let gone = cloud_api(&world, "DismissRoom", json!({"SdkAppId": app, "RoomId": 9})).await;
    assert!(code(gone).starts_with("FailedOperation"));
    assert_eq!(code(cloud_api(&world, "StartWebRecord", json!({})).await), "UnsupportedOperation");
    let large = request(&world, "POST", "/", &[("X-TC-Action", "RemoveUser")], &"x".repeat(2 << 20)).await;
    assert!(large.body.contains("RequestSizeLimitExceeded"), "{}", large.body);
}

#[tokio::test]
async fn the_cloud_api_is_asked_no_faster_than_it_is_set() {
    let world = World::with(|settings| settings.cloud_api.requests_per_second = 1).await;
    let dismiss = json!({"SdkAppId": world.credentials.sdk_app_id.0, "RoomId": 9});
    let mut codes = Vec::new();
    // The second one, or a later one where a second has passed meanwhile.
    while codes.len() < 100 && codes.last().is_none_or(|code| code != "RequestLimitExceeded") {
        codes.push(cloud_api(&world, "DismissRoom", dismiss.clone()).await["Error"]["Code"].clone());
    }
    assert!(codes.len() > 1 && codes.len() < 100, "{codes:?}");
}

#[tokio::test]
async fn a_file_that_is_known_is_not_sent_again() {
    let world = World::start().await;
    let first = request(&world, "GET", "/demo/index.html", &[], "").await;
    let tag = first.header("etag").expect("a tag").to_owned();
    assert_eq!(first.header("cache-control"), Some("no-cache"));
    let second = request(&world, "GET", "/demo/index.html", &[("If-None-Match", &tag)], "").await;
    assert_eq!((second.status, second.body.len()), (304, 0));
    assert_eq!(request(&world, "GET", "/demo/..%2F..%2FCargo.toml", &[], "").await.status, 404);
    // With the SDK built or not, there is an answer with words.
    let sdk = request(&world, "GET", "/sdk/nothing.js", &[], "").await;
    assert!(sdk.status == 404 && sdk.body.contains("Web SDK"));
}

#[tokio::test]
async fn the_demo_signs_tickets_for_its_own_page_only() {
    let world = World::start().await;
    let json_type = ("Content-Type", "application/json");
    let sign = |headers: Vec<(&'static str, String)>, body: &'static str| {
        let world = &world;
        async move {
            let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            request(world, "POST", "/demo/usersig", &headers, body).await
        }
    };
    let own = ("Origin", format!("http://{}", world.http()));
    let json_type = (json_type.0, json_type.1.to_owned());
    let signed = sign(vec![json_type.clone(), own], r#"{"userId":"ann"}"#).await;
    assert_eq!(signed.status, 200);
    assert_eq!(signed.header("access-control-allow-origin"), None);
    let signed: Value = serde_json::from_str(&signed.body).expect("JSON");
    assert_eq!(signed["sdkAppId"], world.credentials.sdk_app_id.0);
    world.enter_with("ann", json!({"userSig": signed["userSig"]})).await;

    let foreign = ("Origin", "https://elsewhere.example".to_owned());
    assert_eq!(sign(vec![json_type.clone(), foreign], r#"{"userId":"ann"}"#).await.status, 403);
    let rebound = ("Host", "elsewhere.example".to_owned());
    assert_eq!(sign(vec![json_type.clone(), rebound], r#"{"userId":"ann"}"#).await.status, 403);
    assert_eq!(sign(vec![], r#"{"userId":"ann"}"#).await.status, 415);
    assert_eq!(sign(vec![json_type.clone()], r#"{"userId":"a/b"}"#).await.status, 400);
    assert_eq!(sign(vec![json_type], "{").await.status, 400);

    let off = World::with(|settings| settings.demo = Demo::Off).await;
    let answer = request(&off, "POST", "/demo/usersig", &[("Content-Type", "application/json")], r#"{"userId":"ann"}"#).await;
    assert_eq!(answer.status, 404);
    assert_eq!(request(&off, "GET", "/", &[], "").await.status, 200);
}

#[tokio::test]
async fn it_says_how_it_is() {
    let world = World::start().await;
    assert_eq!(request(&world, "GET", "/healthz", &[], "").await.body, "ok\n");
    let _ann = world.enter("ann").await;
    let metrics = request(&world, "GET", "/metrics", &[], "").await;
    assert!(metrics.header("content-type").expect("a type").starts_with("text/plain; version=0.0.4"));
    for line in ["rtc_engine_members 1", "rtc_engine_rooms 1", "rtc_engine_media_sessions{shard=\"0\"} 0"] {
        assert!(metrics.body.lines().any(|known| known == line), "{line} in {}", metrics.body);
    }
}

#[tokio::test]
async fn the_dashboard_shows_figures_that_are_there() {
    let world = World::start().await;
    let metrics = request(&world, "GET", "/metrics", &[], "").await.body;
    let dashboard: Value = serde_json::from_str(include_str!("../../../../deploy/grafana/rtc-engine.json")).expect("JSON");
    let panels = dashboard["panels"].as_array().expect("panels");
    let queries = panels.iter().flat_map(|panel| panel["targets"].as_array().expect("queries"));
    let mut count = 0;
    for query in queries.map(|target| target["expr"].as_str().expect("a query")) {
        let words = query.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        for name in words.filter(|word| word.starts_with("rtc_engine_")) {
            let shows = |line: &str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['{', ' ']));
            assert!(metrics.lines().any(shows), "{name}, of the query {query}");
            count += 1;
        }
    }
    assert!(count > 20, "{count} figures");
}

#[tokio::test]
async fn what_clients_measure_is_added_up() {
    let world = World::start().await;
    let mut ann = world.enter("ann").await;
    let remote = json!({"userId": "bob", "concealed": 3.0, "blockedMs": 0.0});
    let report = json!({"uplinkQuality": 2, "downlinkQuality": 9, "rttMs": 30.0, "uplinkLoss": 15.0, "remote": [remote]});
    ann.post("report", report).await;
    let wanted = [
        "rtc_engine_quality_samples_total{leg=\"up\",level=\"2\"} 1",
        "rtc_engine_loss_ratio_bucket{leg=\"up\",le=\"0.1\"} 0",
        "rtc_engine_loss_ratio_bucket{leg=\"up\",le=\"0.2\"} 1",
        "rtc_engine_round_trip_seconds_bucket{le=\"0.05\"} 1",
        "rtc_engine_concealed_ratio_sum 0.03",
        "rtc_engine_join_seconds_count 0",
        "rtc_engine_picture_seconds_bucket{le=\"0.02\"} 0",
        "rtc_engine_media_queue_most{queue=\"packets\",shard=\"0\"} 0",
    ];
    // A reader of facts is not in step with the requests.
    loop {
        let metrics = request(&world, "GET", "/metrics", &[], "").await.body;
        let missing: Vec<_> = wanted.iter().filter(|line| !metrics.lines().any(|known| known == **line)).collect();
        if missing.is_empty() {
            return;
        }
        assert!(metrics.contains("level=\"2\"} 0"), "{missing:#?} in {metrics}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_certificate_makes_it_https() {
    let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("a plain path").to_owned();
    std::fs::write(path("certificate.pem"), signed.cert.pem()).expect("written");
    std::fs::write(path("key.pem"), signed.signing_key.serialize_pem()).expect("written");
    let world = World::with(|settings| {
        settings.http.tls_certificate = path("certificate.pem");
        settings.http.tls_key = path("key.pem");
    })
    .await;
    assert!(world.engine.urls()[0].starts_with("https://127.0.0.1:"));

    let address = world.http();
    let answer = tokio::task::spawn_blocking(move || over_tls(address, signed.cert.der())).await.expect("no panic");
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("ok\n"), "{answer}");
}

#[tokio::test]
async fn a_new_certificate_is_used_without_a_restart_and_open_connections_stay() {
    let new = || rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("a plain path").to_owned();
    let write = |signed: &rcgen::CertifiedKey<rcgen::KeyPair>| {
        std::fs::write(path("certificate.pem"), signed.cert.pem()).expect("written");
        std::fs::write(path("key.pem"), signed.signing_key.serialize_pem()).expect("written");
    };
    let (first, second) = (new(), new());
    write(&first);
    let world = World::with(|settings| {
        settings.http.tls_certificate = path("certificate.pem");
        settings.http.tls_key = path("key.pem");
    })
    .await;
    let address = world.http();
    let connected = move || tls_connection(address, first.cert.der());
    let mut open = tokio::task::spawn_blocking(connected).await.expect("no panic").expect("the first is used");
    write(&second);
    let renewed = move || {
        let began = Instant::now();
        while tls_connection(address, second.cert.der()).is_err() {
            assert!(began.elapsed() < Duration::from_secs(30), "the new certificate is used");
        }
    };
    tokio::task::spawn_blocking(renewed).await.expect("the second is used");
    let asked = move || {
        open.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").expect("sent");
        let mut answer = String::new();
        open.read_to_string(&mut answer).expect("answered");
        answer
    };
    let answer = tokio::task::spawn_blocking(asked).await.expect("no panic");
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("ok\n"), "{answer}");
}

/// What `/healthz` answers over TLS to somebody who trusts this certificate and speaks what browsers do.
fn over_tls(address: SocketAddr, trusted: &CertificateDer<'_>) -> String {
    let mut stream = tls_connection(address, trusted).expect("a connection");
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    answer
}

type TlsStream = StreamOwned<ClientConnection, std::net::TcpStream>;

/// A connection whose handshake is done.
fn tls_connection(address: SocketAddr, trusted: &CertificateDer<'_>) -> std::io::Result<TlsStream> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone().into_owned()).expect("a certificate");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let name = "localhost".try_into().expect("a name");
    let connection = ClientConnection::new(Arc::new(config), name).expect("a connection");
    let mut stream = StreamOwned::new(connection, std::net::TcpStream::connect(address)?);
    while stream.conn.is_handshaking() {
        stream.conn.complete_io(&mut stream.sock)?;
    }
    Ok(stream)
}
