//! An engine process for tests of clients, with a data folder of its own: `RTC_ENGINE_BINARY`, or the program that was built
//! beside the test. It is no client itself.
//!
//! Everything here panics where it cannot do what it is asked: a test has no other way to go on.

use std::env;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::path::PathBuf;
use std::process::{self, Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rtc_auth::private_map_key;
pub use rtc_auth::private_map_key::Permissions;
use rustix::process::{Pid, Signal, kill_process};
use serde::Deserialize;
use tempfile::TempDir;

/// A running engine. Dropping it ends it.
#[derive(Debug)]
pub struct Engine {
    process: Child,
    http: SocketAddr,
    media: SocketAddr,
    advertised: SocketAddr,
    folder: TempDir,
    credentials: Credentials,
}

#[derive(Debug, Deserialize)]
struct Credentials {
    sdk_app_id: u32,
    sdk_secret_key: String,
}

impl Engine {
    /// One on free ports of loopback.
    pub fn start() -> Self {
        let media = free_port();
        Self::advertising(media, media)
    }

    /// One whose media port is advertised at another address, where a relay may stand.
    pub fn advertising(media: SocketAddr, advertised: SocketAddr) -> Self {
        Self::in_folder(tempfile::tempdir().expect("a folder"), media, advertised)
    }

    /// One with this certificate and key, in PEM.
    pub fn secure(certificate: &str, key: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for (file, text) in [(CERTIFICATE, certificate), (KEY, key)] {
            fs::write(folder.path().join(file), text).expect("written");
        }
        let media = free_port();
        Self::in_folder(folder, media, media)
    }

    fn in_folder(folder: TempDir, media: SocketAddr, advertised: SocketAddr) -> Self {
        let http = free_port();
        let process = serve(&folder, http, media, advertised);
        let output = command(&folder, http, media, advertised).args(["credentials", "--json"]).output().expect("it runs");
        let credentials = serde_json::from_slice(&output.stdout).expect("credentials in JSON");
        Self { process, http, media, advertised, folder, credentials }
    }

    /// Ends it without a goodbye and starts it again on the same folder and ports.
    pub fn crash_and_start_again(&mut self) {
        self.kill();
        self.process = serve(&self.folder, self.http, self.media, self.advertised);
    }

    /// Stops it in order and starts it again on the same folder and ports.
    pub fn stop_and_start_again(&mut self) {
        let pid = Pid::from_raw(self.process.id().cast_signed()).expect("a process");
        kill_process(pid, Signal::TERM).expect("it runs");
        self.process.wait().expect("it ends");
        self.process = serve(&self.folder, self.http, self.media, self.advertised);
    }

    /// Ends it without a goodbye.
    pub fn kill(&mut self) {
        self.process.kill().expect("it ran");
        self.process.wait().expect("it ends");
    }

    /// Where clients find it.
    pub fn address(&self) -> String {
        format!("http://{}", self.http)
    }

    /// Its HTTP face.
    pub fn http(&self) -> SocketAddr {
        self.http
    }

    /// Its media port.
    pub fn media(&self) -> SocketAddr {
        self.media
    }

    /// Its first application.
    pub fn sdk_app_id(&self) -> u32 {
        self.credentials.sdk_app_id
    }

    /// A ticket of a user of that application.
    pub fn user_sig(&self, user: &str, span: Duration) -> String {
        let Credentials { sdk_app_id, sdk_secret_key } = &self.credentials;
        rtc_auth::user_sig::make(*sdk_app_id, user, sdk_secret_key, now(), span.as_secs())
    }

    /// A ticket to a room that allows this, for ten minutes.
    pub fn private_map_key(&self, user: &str, room: u32, permissions: Permissions) -> String {
        let Credentials { sdk_app_id, sdk_secret_key } = &self.credentials;
        let room = private_map_key::Room::Number(room);
        private_map_key::make(*sdk_app_id, user, &room, permissions, sdk_secret_key, now(), 600)
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // It may have been killed in the story.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A port that nobody has on any address, at loopback.
///
/// It lies below the ports that systems give to who asks for any (32768 on Linux, 49152 elsewhere), so that no socket of
/// another test takes it before it is bound; what is counted begins elsewhere in every process.
pub fn free_port() -> SocketAddr {
    static GIVEN: AtomicU32 = AtomicU32::new(0);
    loop {
        let nth = process::id().wrapping_mul(97).wrapping_add(GIVEN.fetch_add(1, Ordering::Relaxed));
        let port = FIRST_PORT + u16::try_from(nth % PORTS).expect("below 12 000");
        let everywhere = (Ipv4Addr::UNSPECIFIED, port);
        if TcpListener::bind(everywhere).is_ok() && UdpSocket::bind(everywhere).is_ok() {
            return (Ipv4Addr::LOCALHOST, port).into();
        }
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

fn serve(folder: &TempDir, http: SocketAddr, media: SocketAddr, advertised: SocketAddr) -> Child {
    let mut process = command(folder, http, media, advertised)
        .arg("serve")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the engine starts");
    let mut ready = String::new();
    BufReader::new(process.stdout.take().expect("piped")).read_line(&mut ready).expect("it says something");
    assert!(ready.contains("is ready"), "the engine ended instead of becoming ready: {ready:?}");
    process
}

fn command(folder: &TempDir, http: SocketAddr, media: SocketAddr, advertised: SocketAddr) -> Command {
    let mut command = Command::new(binary());
    command
        .current_dir(folder.path())
        .env("RTC_ENGINE_HTTP_LISTEN", http.to_string())
        .env("RTC_ENGINE_MEDIA_LISTEN", media.to_string())
        .env("RTC_ENGINE_MEDIA_ADVERTISE", advertised.to_string())
        .env("RTC_ENGINE_MEDIA_SHARDS", "2")
        .env("RTC_ENGINE_DATA_DIR", folder.path())
        .stdin(Stdio::null());
    for (variable, file) in [("RTC_ENGINE_HTTP_TLS_CERTIFICATE", CERTIFICATE), ("RTC_ENGINE_HTTP_TLS_KEY", KEY)] {
        if folder.path().join(file).exists() {
            command.env(variable, folder.path().join(file));
        }
    }
    command
}

fn binary() -> PathBuf {
    if let Some(path) = env::var_os("RTC_ENGINE_BINARY") {
        return path.into();
    }
    // Tests are in `deps` beside the programs of the same build.
    let test = env::current_exe().expect("this test has a path");
    let beside = test.ancestors().nth(2).expect("a test is in a folder of a folder").join("rtc-engine");
    assert!(
        beside.exists(),
        "these stories need an engine: build it (cargo build -p rtc-server), or name one in RTC_ENGINE_BINARY"
    );
    beside
}

/// The first port that [`free_port`] gives, and how many it has.
const FIRST_PORT: u16 = 20_000;
const PORTS: u32 = 12_000;

/// Files of a secure engine.
const CERTIFICATE: &str = "certificate.pem";
const KEY: &str = "key.pem";

/// More than anything here takes on a slow machine.
pub const PATIENCE: Duration = Duration::from_secs(45);
