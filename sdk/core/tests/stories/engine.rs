//! An engine process of one story, with a data folder of its own.

use std::env;
use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rtc_core::Params;
use serde::Deserialize;
use tempfile::TempDir;

#[derive(Debug)]
pub(crate) struct Engine {
    process: Child,
    http: SocketAddr,
    media: SocketAddr,
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
        let folder = tempfile::tempdir().expect("a folder");
        let (http, media) = (free_port(), free_port());
        let process = serve(&folder, http, media);
        let output = command(&folder, http, media).args(["credentials", "--json"]).output().expect("it runs");
        let credentials = serde_json::from_slice(&output.stdout).expect("credentials in JSON");
        Self { process, http, media, folder, credentials }
    }

    /// Ends it without a goodbye and starts it again on the same folder and ports.
    pub(crate) fn crash_and_start_again(&mut self) {
        self.kill();
        self.process = serve(&self.folder, self.http, self.media);
    }

    pub(crate) fn kill(&mut self) {
        self.process.kill().expect("it ran");
        self.process.wait().expect("it ends");
    }

    /// What somebody needs to enter room 1.
    pub(crate) fn ticket(&self, user: &str) -> Params {
        self.ticket_for(user, Duration::from_secs(600))
    }

    /// The same, for a while.
    pub(crate) fn ticket_for(&self, user: &str, span: Duration) -> Params {
        let Credentials { sdk_app_id, sdk_secret_key, .. } = &self.credentials;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
        Params {
            sdk_app_id: *sdk_app_id,
            user_id: user.into(),
            user_sig: rtc_auth::user_sig::make(*sdk_app_id, user, sdk_secret_key, now, span.as_secs()),
            room_id: 1,
            ..Params::default()
        }
    }

    pub(crate) fn http(&self) -> SocketAddr {
        self.http
    }

    /// Where instances find it.
    pub(crate) fn address(&self) -> String {
        format!("http://{}", self.http)
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

fn serve(folder: &TempDir, http: SocketAddr, media: SocketAddr) -> Child {
    let mut process = command(folder, http, media)
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

fn command(folder: &TempDir, http: SocketAddr, media: SocketAddr) -> Command {
    let mut command = Command::new(binary());
    command
        .current_dir(folder.path())
        .env("RTC_ENGINE_HTTP_LISTEN", http.to_string())
        .env("RTC_ENGINE_MEDIA_LISTEN", media.to_string())
        .env("RTC_ENGINE_MEDIA_SHARDS", "2")
        .env("RTC_ENGINE_DATA_DIR", folder.path())
        .stdin(Stdio::null());
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

/// More than anything here takes on a slow machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(45);
