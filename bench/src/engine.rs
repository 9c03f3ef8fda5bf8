//! An engine process under measurement, and what the kernel says it used.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
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
    /// Host and port of its media.
    pub(crate) media: String,
    /// Its first app.
    pub(crate) app: SdkAppId,
    /// That app's key.
    pub(crate) key: String,
    _data: tempfile::TempDir,
}

/// Processor time since the start of a process, of all its threads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CpuTime {
    /// In user space, in steps of a tick.
    pub(crate) user: Duration,
    /// In the kernel, in steps of a tick.
    pub(crate) system: Duration,
    /// Both, to the nanosecond.
    pub(crate) total: Duration,
}

#[derive(Deserialize)]
struct Credentials {
    sdk_app_id: u32,
    sdk_secret_key: String,
}

impl Engine {
    /// Starts the binary on free ports of loopback and waits until it serves.
    pub(crate) fn start(binary: &Path, shards: u8, bandwidth_estimation: bool) -> anyhow::Result<Self> {
        Self::start_as(binary, shards, bandwidth_estimation, &[])
    }

    /// The same with more settings, as variables of its environment.
    pub(crate) fn start_as(
        binary: &Path,
        shards: u8,
        bandwidth_estimation: bool,
        settings: &[(&str, &str)],
    ) -> anyhow::Result<Self> {
        let command = || {
            let mut command = Command::new(binary);
            command.envs(settings.iter().copied());
            command
        };
        // A port that was free may be taken by the time the engine asks for it.
        let mut attempts = 3;
        loop {
            attempts -= 1;
            let http = format!("127.0.0.1:{}", TcpListener::bind("127.0.0.1:0")?.local_addr()?.port());
            let media = format!("127.0.0.1:{}", UdpSocket::bind("127.0.0.1:0")?.local_addr()?.port());
            match Self::start_by(command, http, &media, shards, bandwidth_estimation) {
                Err(_) if attempts > 0 => {}
                started => return started.with_context(|| format!("cannot start {}", binary.display())),
            }
        }
    }

    /// Starts it as it comes on an address of a network that nobody else is in. `program` makes the command that runs the binary there.
    pub(crate) fn start_at(address: Ipv4Addr, program: impl Fn() -> Command) -> anyhow::Result<Self> {
        Self::start_by(program, format!("{address}:8080"), &format!("{address}:8000"), 1, true)
    }

    fn start_by(
        program: impl Fn() -> Command,
        http: String,
        media: &str,
        shards: u8,
        bandwidth_estimation: bool,
    ) -> anyhow::Result<Self> {
        let data = tempfile::tempdir()?;
        let command = |verb: &str| {
            let mut command = program();
            command
                .arg(verb)
                .env("RTC_ENGINE_HTTP_LISTEN", &http)
                .env("RTC_ENGINE_MEDIA_LISTEN", media)
                .env("RTC_ENGINE_MEDIA_SHARDS", shards.to_string())
                .env("RTC_ENGINE_MEDIA_BANDWIDTH_ESTIMATION", bandwidth_estimation.to_string())
                .env("RTC_ENGINE_DATA_DIR", data.path());
            command
        };
        let mut process = command("serve").stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let stdout = process.stdout.take().context("the engine has no output")?;
        let mut ready = String::new();
        BufReader::new(stdout).read_line(&mut ready)?;
        if !ready.contains("is ready") {
            bail!("the engine ended instead of becoming ready");
        }
        let credentials = command("credentials").arg("--json").output()?;
        let credentials: Credentials = serde_json::from_slice(&credentials.stdout).context("rtc-engine credentials --json")?;
        let app = SdkAppId(credentials.sdk_app_id);
        Ok(Self { process, http, media: media.to_owned(), app, key: credentials.sdk_secret_key, _data: data })
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Its processor time until now.
    pub(crate) fn cpu(&self) -> anyhow::Result<CpuTime> {
        CpuTime::of(self.process.id())
    }
}

impl CpuTime {
    /// That of a process (proc(5), `stat`: fields 14 and 15, in hundredths of a second on Linux).
    pub(crate) fn of(process: u32) -> anyhow::Result<Self> {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
        let after_name = stat.rsplit_once(") ").context("unexpected /proc stat")?.1;
        let ticks = |field: usize| -> anyhow::Result<Duration> {
            let ticks: u64 = after_name.split(' ').nth(field).context("unexpected /proc stat")?.parse()?;
            Ok(Duration::from_millis(ticks * 10))
        };
        Ok(Self { user: ticks(11)?, system: ticks(12)?, total: total(process)? })
    }
}

#[expect(unsafe_code, reason = "what ticks of a hundredth of a second are too coarse for is told by no safe interface")]
fn total(process: u32) -> anyhow::Result<Duration> {
    let mut clock = 0;
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: both write to what they are given and keep no pointer to it.
    let is_known = unsafe {
        libc::clock_getcpuclockid(libc::pid_t::try_from(process)?, &raw mut clock) == 0
            && libc::clock_gettime(clock, &raw mut time) == 0
    };
    if !is_known {
        bail!("process {process} has no clock: it ended");
    }
    Ok(Duration::new(u64::try_from(time.tv_sec)?, u32::try_from(time.tv_nsec)?))
}

/// The resident memory of a process, in kilobytes.
pub(crate) fn resident_kb(process: u32) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

impl Drop for Engine {
    fn drop(&mut self) {
        // It holds nothing worth a graceful stop.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_takes_processor_time() {
        let before = CpuTime::of(std::process::id()).unwrap();
        let mut sum = 0_u64;
        let used = loop {
            sum = (0..100_000).fold(sum, |sum, number| std::hint::black_box(sum ^ number));
            let now = CpuTime::of(std::process::id()).unwrap();
            if now.user > before.user + Duration::from_millis(50) {
                break now.total - before.total;
            }
        };
        assert!(used > Duration::from_millis(20), "{used:?} {sum}");
    }
}
