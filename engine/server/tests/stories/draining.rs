//! An engine that is to stop when its members have gone by themselves: a process, and signals.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use rtc_store::Credentials;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use tempfile::TempDir;
use tokio::process::Child;
use tokio::time::timeout;

use crate::client::{Client, PATIENCE};
use crate::process::{address, credentials_in, hello, serve_with};
use crate::web::request_at;

/// Longer than anything is waited for, so that an engine that waits for it to pass is found out.
const LONG: &str = "3600";

struct Process {
    child: Child,
    at: SocketAddr,
    credentials: Credentials,
    _folder: TempDir,
}

impl Process {
    async fn draining_for(seconds: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let credentials = credentials_in(folder.path()).await;
        let (child, line) = serve_with(folder.path(), &[("RTC_ENGINE_DRAIN_SECONDS", seconds)]).await;
        Self { child, at: address(&line), credentials, _folder: folder }
    }

    async fn enters(&self, user: &str, room: u32, resume: Option<&str>) -> Result<Client, i64> {
        let mut client = Client::connect(self.at).await;
        match client.enter(hello(&self.credentials, user, room, resume)).await {
            Ok(()) => Ok(client),
            Err(error) => Err(error["code"].as_i64().expect("a number")),
        }
    }

    async fn readiness(&self) -> (u16, u16) {
        let status = async |path| request_at(self.at, "GET", path, &[], "").await.status;
        (status("/readyz").await, status("/healthz").await)
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(self.child.id().expect("it runs").cast_signed()).expect("a process");
        kill_process(pid, signal).expect("signalled");
    }

    async fn ends_well(mut self) {
        let status = timeout(PATIENCE, self.child.wait()).await.expect("in time").expect("it ends");
        assert!(status.success(), "{status}");
    }
}

#[tokio::test]
async fn it_takes_nobody_in_and_ends_with_its_last_member() {
    let process = Process::draining_for(LONG).await;
    let mut ann = process.enters("ann", 1, None).await.expect("let in");
    let bob = process.enters("bob", 1, None).await.expect("let in");
    assert_eq!(process.readiness().await, (200, 200));

    ann.told("memberEntered").await;
    process.signal(Signal::TERM);
    assert_eq!(ann.told("draining").await["withinMs"], json!(3_600_000));
    assert_eq!(process.readiness().await, (503, 200), "it lives, and is not ready");
    assert_eq!(process.enters("cat", 1, None).await.err(), Some(-100_021), "a new member");
    assert_eq!(process.enters("dan", 2, None).await.err(), Some(-100_021), "a new room");

    // Who is here may lose a connection, and come back.
    let way_back = bob.resume();
    bob.vanish();
    let bob = process.enters("bob", 1, Some(&way_back)).await.expect("he was here before");
    assert_eq!(bob.welcome["resumed"], true);

    ann.done("exit", json!({})).await;
    assert_eq!(process.readiness().await, (503, 200), "bob is still here");
    bob.close(1000).await;
    process.ends_well().await;
}

#[tokio::test]
async fn without_members_it_ends_at_once() {
    let process = Process::draining_for(LONG).await;
    process.signal(Signal::TERM);
    process.ends_well().await;
}

#[tokio::test]
async fn when_the_time_is_over_it_ends_and_tells_those_who_are_there() {
    let process = Process::draining_for("1").await;
    let mut ann = process.enters("ann", 1, None).await.expect("let in");
    let began = Instant::now();
    process.signal(Signal::TERM);
    ann.told("draining").await;
    ann.told("closing").await;
    assert!(began.elapsed() >= Duration::from_secs(1));
    drop(ann);
    process.ends_well().await;
}

#[tokio::test]
async fn a_second_signal_ends_it() {
    for second in [Signal::TERM, Signal::INT] {
        let process = Process::draining_for(LONG).await;
        let mut ann = process.enters("ann", 1, None).await.expect("let in");
        process.signal(Signal::TERM);
        ann.told("draining").await;
        process.signal(second);
        ann.told("closing").await;
        drop(ann);
        process.ends_well().await;
    }
}

#[tokio::test]
async fn ctrl_c_waits_for_nobody() {
    let process = Process::draining_for(LONG).await;
    let mut ann = process.enters("ann", 1, None).await.expect("let in");
    process.signal(Signal::INT);
    ann.told("closing").await;
    drop(ann);
    process.ends_well().await;
}
