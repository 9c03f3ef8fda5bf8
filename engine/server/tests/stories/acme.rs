//! A certificate by ACME, from a real authority for tests: asked for, proved, renewed, and kept over a restart. `e2e/pebble` names
//! the authority.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rcgen::{CertificateParams, KeyPair, SanType};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::anybody;
use crate::client::PATIENCE;
use crate::process::serve_with;

const NAME: &str = "rtc.example.com";

fn free() -> String {
    std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound").to_string()
}

/// The authority, which proves names at a port of this machine.
struct Authority {
    directory: String,
    root: String,
    _programs: [Child; 2],
}

impl Authority {
    async fn start(folder: &Path, port: u16) -> Self {
        let programs = std::env::var_os("RTC_ENGINE_PEBBLE").expect("RTC_ENGINE_PEBBLE names the folder of pebble's programs");
        let (listen, names) = (free(), free());
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.subject_alt_names = vec![SanType::IpAddress([127, 0, 0, 1].into())];
        let path = |name: &str| folder.join(name).to_str().expect("a plain path").to_owned();
        let (root, private, config) = (path("authority.pem"), path("authority-key.pem"), path("authority.json"));
        std::fs::write(&root, params.self_signed(&key).expect("signed").pem()).expect("written");
        std::fs::write(&private, key.serialize_pem()).expect("written");
        let settings = json!({"pebble": {
            "listenAddress": listen, "managementListenAddress": free(), "certificate": root, "privateKey": private,
            "httpPort": 9, "tlsPort": port, "ocspResponderURL": "", "externalAccountBindingRequired": false,
            "domainBlocklist": [], "retryAfter": {"authz": 1, "order": 1}, "keyAlgorithm": "ecdsa",
            // So short that the renewal can be waited for.
            "profiles": {"default": {"description": "short", "validityPeriod": 9}},
        }});
        std::fs::write(&config, settings.to_string()).expect("written");
        let start = |name: &str, arguments: &[&str]| {
            let mut command = Command::new(Path::new(&programs).join(name));
            command
                .args(arguments)
                .env("PEBBLE_VA_NOSLEEP", "1")
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            command.kill_on_drop(true).spawn().expect("the program starts")
        };
        let off = ["-http01", "", "-https01", "", "-tlsalpn01", "", "-doh", ""];
        let resolver = ["-defaultIPv6", "", "-dnsserver", &names, "-management", &free()];
        let resolver = start("pebble-challtestsrv", &[&off[..], &resolver].concat());
        let authority = start("pebble", &["-config", &config, "-dnsserver", &names]);
        let began = Instant::now();
        while TcpStream::connect(&listen).await.is_err() {
            assert!(began.elapsed() < PATIENCE, "the authority does not listen");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Self { directory: format!("https://{listen}/dir"), root, _programs: [resolver, authority] }
    }
}

/// To whoever has a certificate: the authority's root is a new one at each start.
async fn connect(at: &str) -> std::io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(at).await?;
    TlsConnector::from(Arc::new(anybody::config())).connect(NAME.try_into().expect("a name"), stream).await
}

/// Waits for a certificate other than this one.
async fn certificate(at: &str, other_than: &[u8]) -> Vec<u8> {
    let began = Instant::now();
    loop {
        if let Ok(stream) = connect(at).await {
            let shown = stream.get_ref().1.peer_certificates().expect("a chain")[0].to_vec();
            if shown != other_than {
                return shown;
            }
        }
        assert!(began.elapsed() < PATIENCE, "no new certificate");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
#[ignore = "needs Pebble: see e2e/pebble"]
async fn a_certificate_is_asked_for_proved_renewed_and_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = free();
    let authority = Authority::start(folder.path(), at.rsplit_once(':').expect("a port").1.parse().expect("a port")).await;
    // On one port with media, which is the hardest place to prove a name at.
    let settings = [
        ("RTC_ENGINE_HTTP_LISTEN", &*at),
        ("RTC_ENGINE_MEDIA_LISTEN", &*at),
        ("RTC_ENGINE_HTTP_ACME_DOMAINS", NAME),
        ("RTC_ENGINE_HTTP_ACME_CONTACT", "operator@example.com"),
        ("RTC_ENGINE_HTTP_ACME_DIRECTORY", &authority.directory),
        ("RTC_ENGINE_HTTP_ACME_DIRECTORY_ROOT", &authority.root),
    ];
    let (engine, line) = serve_with(folder.path(), &settings).await;
    assert!(line.contains("https://"), "{line}");
    let first = certificate(&at, &[]).await;
    let mut stays = connect(&at).await.expect("connected");
    let second = certificate(&at, &first).await;
    stays.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.expect("it is open still");
    let mut answer = String::new();
    // The end of TLS is not always said.
    let _ = stays.read_to_string(&mut answer).await;
    assert!(answer.ends_with("ok\n"), "{answer}");
    drop((stays, engine));

    let kept: PathBuf = folder.path().join("data/acme");
    let read = |name: &str| std::fs::read_to_string(kept.join(name)).expect("kept");
    for name in ["account.json", "certificate.pem", "key.pem"] {
        let mode = std::fs::metadata(kept.join(name)).expect("kept").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let account = read("account.json");
    let (_engine, _) = serve_with(folder.path(), &settings).await;
    // The one that was kept, or if that was too old by then the next.
    certificate(&at, &first).await;
    certificate(&at, &second).await;
    assert_eq!(read("account.json"), account, "one account is enough");
}
