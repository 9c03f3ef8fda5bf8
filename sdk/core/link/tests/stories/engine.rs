//! An engine process of one story, with a data folder of its own.

use std::env;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rtc_protocol::{HelloRoom, Role, Scene, SdkAppId, SdkInfo};
use rtc_session::EnterParams;
use rustix::process::{Pid, Signal, kill_process};
use serde::Deserialize;
use tempfile::TempDir;

#[derive(Debug)]
pub(crate) struct Engine {
    process: Child,
    pub(crate) http: SocketAddr,
    pub(crate) media: SocketAddr,
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
    pub(crate) fn start() -> Self {
        let media = free_port();
        Self::advertising(media, media)
    }

    /// One whose media port is advertised at another address, where a relay may stand.
    pub(crate) fn advertising(media: SocketAddr, advertised: SocketAddr) -> Self {
        Self::in_folder(tempfile::tempdir().expect("a folder"), media, advertised)
    }

    /// One with this certificate and key, in PEM.
    pub(crate) fn secure(certificate: &str, key: &str) -> Self {
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
    pub(crate) fn crash_and_start_again(&mut self) {
        self.kill();
        self.process = serve(&self.folder, self.http, self.media, self.advertised);
    }

    /// Stops it in order and starts it again on the same folder and ports.
    pub(crate) fn stop_and_start_again(&mut self) {
        let pid = Pid::from_raw(self.process.id().cast_signed()).expect("a process");
        kill_process(pid, Signal::TERM).expect("it runs");
        self.process.wait().expect("it ends");
        self.process = serve(&self.folder, self.http, self.media, self.advertised);
    }

    pub(crate) fn kill(&mut self) {
        self.process.kill().expect("it ran");
        self.process.wait().expect("it ends");
    }

    /// What somebody needs to enter room 1 as an anchor of a live scene.
    pub(crate) fn ticket(&self, user: &str) -> EnterParams {
        let Credentials { sdk_app_id, sdk_secret_key } = &self.credentials;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
        EnterParams {
            server: format!("http://{}", self.http),
            sdk_app_id: SdkAppId(*sdk_app_id),
            user_id: user.into(),
            user_sig: rtc_auth::user_sig::make(*sdk_app_id, user, sdk_secret_key, now, 600),
            room: HelloRoom::Number(1),
            scene: Scene::Live,
            role: Role::Anchor,
            private_map_key: None,
            auto_receive_audio: true,
            user_define_record_id: None,
            sdk: SdkInfo { name: "test".into(), version: "1".into(), platform: "none".into() },
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // It may have been killed in the story.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A port of loopback that nobody has.
pub(crate) fn free_port() -> SocketAddr {
    loop {
        let tcp = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = tcp.local_addr().expect("bound");
        if UdpSocket::bind(address).is_ok() {
            return address;
        }
    }
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

/// Files of a secure engine.
const CERTIFICATE: &str = "certificate.pem";
const KEY: &str = "key.pem";

/// More than anything here takes on a slow machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(45);
