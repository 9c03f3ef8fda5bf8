//! An engine process under measurement, and what the kernel says it used.

use std::io::{BufRead, BufReader};
use std::net::{TcpListener, UdpSocket};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use rtc_protocol::SdkAppId;
use serde::Deserialize;

/// A running engine with a data folder of its own. Ended when dropped.
pub(crate) struct Engine {
    process: Child,
    /// Host and port of its HTTP face.
    pub(crate) http: String,
    /// Its first app.
    pub(crate) app: SdkAppId,
    /// That app's key.
    pub(crate) key: String,
    _data: tempfile::TempDir,
}

/// Processor time since the start of a process.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CpuTime {
    /// In user space.
    pub(crate) user: Duration,
    /// In the kernel.
    pub(crate) system: Duration,
}

#[derive(Deserialize)]
struct Credentials {
    sdk_app_id: u32,
    sdk_secret_key: String,
}

impl Engine {
    /// Starts the binary on free ports and waits until it serves.
    pub(crate) fn start(binary: &Path, shards: u8, bandwidth_estimation: bool) -> anyhow::Result<Self> {
        let data = tempfile::tempdir()?;
        let http = format!("127.0.0.1:{}", TcpListener::bind("127.0.0.1:0")?.local_addr()?.port());
        let media = format!("127.0.0.1:{}", UdpSocket::bind("127.0.0.1:0")?.local_addr()?.port());
        let command = |verb: &str| {
            let mut command = Command::new(binary);
            command
                .arg(verb)
                .env("RTC_ENGINE_HTTP_LISTEN", &http)
                .env("RTC_ENGINE_MEDIA_LISTEN", &media)
                .env("RTC_ENGINE_MEDIA_SHARDS", shards.to_string())
                .env("RTC_ENGINE_MEDIA_BANDWIDTH_ESTIMATION", bandwidth_estimation.to_string())
                .env("RTC_ENGINE_DATA_DIR", data.path());
            command
        };
        let mut process = command("serve")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", binary.display()))?;
        let stdout = process.stdout.take().context("the engine has no output")?;
        let mut ready = String::new();
        BufReader::new(stdout).read_line(&mut ready)?;
        if !ready.contains("is ready") {
            bail!("the engine ended instead of becoming ready");
        }
        let credentials = command("credentials").arg("--json").output()?;
        let credentials: Credentials = serde_json::from_slice(&credentials.stdout).context("rtc-engine credentials --json")?;
        let app = SdkAppId(credentials.sdk_app_id);
        Ok(Self { process, http, app, key: credentials.sdk_secret_key, _data: data })
    }

    /// Its processor time until now (proc(5), `stat`: fields 14 and 15, in hundredths of a second on Linux).
    pub(crate) fn cpu(&self) -> anyhow::Result<CpuTime> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        let after_name = stat.rsplit_once(") ").context("unexpected /proc stat")?.1;
        let ticks = |field: usize| -> anyhow::Result<Duration> {
            let ticks: u64 = after_name.split(' ').nth(field).context("unexpected /proc stat")?.parse()?;
            Ok(Duration::from_millis(ticks * 10))
        };
        Ok(CpuTime { user: ticks(11)?, system: ticks(12)? })
    }

    /// Its resident memory, in kilobytes.
    pub(crate) fn resident_kb(&self) -> anyhow::Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // It holds nothing worth a graceful stop.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
