//! A server's process: started so that it cannot outlive this program, and stopped in order.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use rustix::process::{Pid, Signal, kill_process};

/// How long a server may take to stop before it is ended.
const STOPPING: Duration = Duration::from_secs(5);

/// A running server.
pub(super) struct Process {
    child: Child,
    name: String,
}

impl Process {
    /// Starts `program`; `prepare` adds arguments. It is told to end when this program ends, however that happens, and it
    /// does not hear what a terminal says to this program.
    pub(super) fn start(program: &Path, prepare: impl FnOnce(&mut Command)) -> anyhow::Result<Self> {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--"]).arg(program);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        prepare(&mut command);
        let child = command.spawn().context("`setpriv` is missing (Debian package util-linux)")?;
        let name = program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned();
        Ok(Self { child, name })
    }

    /// Its process id.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The process, to take what was piped.
    pub(super) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Waits until `ready` gives something. Fails as soon as the process has ended.
    pub(super) fn wait_until<T>(&mut self, mut ready: impl FnMut() -> Option<T>) -> anyhow::Result<T> {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            if let Some(done) = ready() {
                return Ok(done);
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended instead of becoming ready ({status})", self.name);
            }
            if Instant::now() > deadline {
                bail!("{} does not become ready", self.name);
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let deadline = Instant::now() + STOPPING;
        if let Some(pid) = Pid::from_raw(self.child.id() as i32) {
            let _ = kill_process(pid, Signal::TERM);
        }
        while Instant::now() < deadline {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The first line a program says when it is run with one argument.
pub(super) fn first_line(program: &Path, argument: &str) -> anyhow::Result<String> {
    let output = Command::new(program).arg(argument).stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("cannot run {}", program.display()))?;
    let mut line = String::new();
    BufReader::new(&*output.stdout).read_line(&mut line)?;
    Ok(line.trim().to_owned())
}
