//! A network namespace, and the process that keeps it.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::fd::AsFd as _;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::{io, panic, thread};

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use crate::Error;

/// Where programs have a network of their own.
#[derive(Debug)]
pub struct Place {
    holder: Child,
    /// The holder ends with it, also when this process is killed.
    _words: ChildStdin,
}

impl Place {
    pub(crate) fn new() -> Result<Self, Error> {
        let mut command = Command::new("unshare");
        let command = command.args(["--net", "cat"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let missing = |_| Error::Missing { program: "unshare", package: "util-linux" };
        let mut holder = command.spawn().map_err(missing)?;
        let (words, echo) = (holder.stdin.take(), holder.stdout.take());
        let (mut words, echo) = words.zip(echo).ok_or(Error::NoNamespace)?;
        // What comes back says that the namespace is there; where it cannot be, the process has ended and nothing comes.
        let mut answer = String::new();
        let is_there =
            writeln!(words, "there").is_ok() && BufReader::new(echo).read_line(&mut answer).is_ok_and(|length| length > 0);
        let place = Self { holder, _words: words };
        if is_there { Ok(place) } else { Err(Error::NoNamespace) }
    }

    /// The command that runs a program here. Its process is the program itself, not one that waits for it, and ends with this
    /// one.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("nsenter");
        command.args(["--net", "--target", &self.holder.id().to_string(), "--"]);
        command.args(["setpriv", "--pdeathsig", "KILL", "--"]).arg(program);
        command
    }

    /// Does something on a thread that is here for as long as that takes. A socket that is made here stays here, wherever it
    /// is used.
    pub fn within<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T, Error> {
        let namespace = File::open(format!("/proc/{}/ns/net", self.holder.id()))?;
        let visit = move || -> io::Result<T> {
            // Of this thread only.
            move_into_link_name_space(namespace.as_fd(), Some(LinkNameSpaceType::Network))?;
            Ok(work())
        };
        let done = thread::scope(|scope| scope.spawn(visit).join());
        Ok(done.unwrap_or_else(|panicked| panic::resume_unwind(panicked))?)
    }

    pub(crate) fn ip(&self, arguments: &str) -> Result<(), Error> {
        let output = self.command(Path::new("ip")).args(arguments.split(' ')).output()?;
        if output.status.success() {
            return Ok(());
        }
        let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(Error::Ip { arguments: arguments.into(), words })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}
