//! Members as processes of their own, so that one of them can be weighed alone or sit behind a bad network: starting them
//! from here, and what they do there. They are told words on their standard input and answer in lines of JSON.

use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use rtc_core::LogLevel;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::call::Profile;
use super::person::{PATIENCE, Person, Scene, Ticket};
use super::{call, voice};

/// The variable that names the folder of a member's log.
pub(super) const LOGS: &str = "RTC_MEMBER_LOGS";

/// Options of a member.
#[derive(Debug, clap::Args)]
pub(crate) struct MemberOptions {
    #[arg(long)]
    server: String,
    #[arg(long)]
    sdk_app_id: u32,
    #[arg(long)]
    user: String,
    #[arg(long, env = "RTC_USER_SIG", hide_env_values = true)]
    user_sig: String,
    /// What the room is for.
    #[arg(long, value_enum)]
    scene: Scene,
    /// A folder for the log of the client.
    #[arg(long, env = LOGS)]
    logs: Option<PathBuf>,
    /// What it does in the room.
    #[command(subcommand)]
    part: Role,
}

/// What a member does.
#[derive(Debug, Clone, clap::Subcommand)]
pub(super) enum Role {
    /// Shows a camera and says a tone; watches and hears one other, everybody, or nobody.
    Call {
        /// The camera.
        #[arg(long, value_parser = Profile::named)]
        profile: Profile,
        /// Watch this member.
        #[arg(long)]
        watch: Option<String>,
        /// Watch the first so many that show something.
        #[arg(long, default_value_t = 0)]
        watch_others: usize,
    },
    /// Says a file when told to: some seconds of it to get used to the network, then all of it, then some more.
    Speak {
        /// WAV.
        file: PathBuf,
        /// Seconds before.
        #[arg(long)]
        before: u64,
        /// Seconds after.
        #[arg(long)]
        after: u64,
        /// Shows a scene beside it.
        #[arg(long, value_parser = Profile::named)]
        camera: Option<Profile>,
    },
    /// Writes down what the others say until told to stop.
    Hear {
        /// WAV.
        file: PathBuf,
        /// Watches what they show.
        #[arg(long)]
        watch: bool,
    },
}

/// What a member is told: a line, or nothing once its standard input has ended.
pub(super) type Words = Receiver<String>;

/// Is that member, in this process.
pub(crate) fn run(options: &MemberOptions) -> anyhow::Result<()> {
    let MemberOptions { server, sdk_app_id, user, user_sig, scene, logs, part } = options;
    let ticket = Ticket {
        server: server.clone(),
        sdk_app_id: *sdk_app_id,
        user: user.clone(),
        user_sig: user_sig.clone(),
        scene: *scene,
    };
    let (sender, words) = channel();
    thread::spawn(move || {
        for word in std::io::stdin().lock().lines().map_while(Result::ok) {
            if sender.send(word).is_err() {
                return;
            }
        }
    });
    let person = Person::new(server)?;
    if let Some(folder) = logs {
        person.cloud.set_log_dir_path(&folder.to_string_lossy());
        person.cloud.set_log_level(LogLevel::Debug);
    }
    match part {
        Role::Call { profile, watch, watch_others } => {
            call::join(&person, &ticket, *profile, watch.as_deref(), *watch_others, &words)
        }
        Role::Speak { file, before, after, camera } => {
            let pauses = [before, after].map(|seconds| Duration::from_secs(*seconds));
            voice::speak(&person, &ticket, file, pauses, *camera, &words)
        }
        Role::Hear { file, watch } => voice::hear(&person, &ticket, file, *watch, &words),
    }
}

/// Tells whoever started this process.
pub(super) fn tell(line: &impl Serialize) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", serde_json::to_string(line)?)?;
    Ok(out.flush()?)
}

/// A member in another process. Ended when dropped.
pub(super) struct Party {
    process: Child,
    words: Option<ChildStdin>,
    lines: Receiver<String>,
}

impl Party {
    /// Starts this program again as a member and waits until it has entered. `program` makes the command that runs a binary.
    pub(super) fn start(ticket: &Ticket, role: &Role, program: &dyn Fn(&Path) -> Command) -> anyhow::Result<Self> {
        let mut command = program(&std::env::current_exe()?);
        command.arg("member");
        Self::enter(ticket, role, command)
    }

    /// The same with Chromium and the Web SDK.
    pub(super) fn browse(ticket: &Ticket, role: &Role, program: &dyn Fn(&Path) -> Command) -> anyhow::Result<Self> {
        let mut command = program(Path::new("node"));
        command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("web_member.mjs"));
        Self::enter(ticket, role, command)
    }

    fn enter(ticket: &Ticket, role: &Role, mut command: Command) -> anyhow::Result<Self> {
        command
            .args(["--server", &ticket.server, "--user", &ticket.user])
            .args(["--sdk-app-id", &ticket.sdk_app_id.to_string()])
            .args(["--scene", ticket.scene.name()])
            // Not on the command line, which everybody on a machine can read.
            .env("RTC_USER_SIG", &ticket.user_sig)
            .args(role.arguments())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut process = command.spawn().context("a member cannot be started")?;
        let words = process.stdin.take();
        let lines = read_lines(process.stdout.take().context("a member has no output")?);
        let party = Self { process, words, lines };
        let _: Entered = party.answer(PATIENCE).with_context(|| format!("{} does not enter", ticket.user))?;
        Ok(party)
    }

    /// Its process id.
    pub(super) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Tells it a word.
    pub(super) fn say(&mut self, word: &str) -> anyhow::Result<()> {
        let words = self.words.as_mut().context("a member was told to end already")?;
        Ok(writeln!(words, "{word}")?)
    }

    /// Waits for the next line of it that is of this kind; others are passed over.
    pub(super) fn answer<T: DeserializeOwned>(&self, patience: Duration) -> anyhow::Result<T> {
        let deadline = Instant::now() + patience;
        loop {
            let line = match self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => line,
                Err(RecvTimeoutError::Timeout) => bail!("a member says nothing for {} s", patience.as_secs()),
                Err(RecvTimeoutError::Disconnected) => bail!("a member ended"),
            };
            let line: Value = serde_json::from_str(&line)?;
            if let Ok(answer) = serde_json::from_value(line) {
                return Ok(answer);
            }
        }
    }

    /// Tells it to end, and gives its last answer.
    pub(super) fn end<T: DeserializeOwned>(mut self) -> anyhow::Result<T> {
        self.words = None;
        self.answer(PATIENCE)
    }
}

impl Drop for Party {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The first line of a member.
#[derive(Debug, Serialize, serde::Deserialize)]
pub(super) struct Entered {
    /// Milliseconds it took.
    pub(super) entered_ms: f64,
}

impl Role {
    fn arguments(&self) -> Vec<String> {
        let path = |path: &Path| path.to_string_lossy().into_owned();
        match self {
            Self::Call { profile, watch, watch_others } => {
                let mut arguments = vec!["call".to_owned(), "--profile".into(), profile.name.into()];
                arguments.extend(watch.iter().flat_map(|user| ["--watch".to_owned(), user.clone()]));
                arguments.extend(["--watch-others".to_owned(), watch_others.to_string()]);
                arguments
            }
            Self::Speak { file, before, after, camera } => {
                let (before, after) = (before.to_string(), after.to_string());
                let mut arguments = vec!["speak".into(), path(file), "--before".into(), before, "--after".into(), after];
                arguments.extend(camera.iter().flat_map(|profile| ["--camera".to_owned(), profile.name.into()]));
                arguments
            }
            Self::Hear { file, watch } => {
                let mut arguments = vec!["hear".into(), path(file)];
                arguments.extend(watch.then(|| "--watch".into()));
                arguments
            }
        }
    }
}

fn read_lines(output: ChildStdout) -> Receiver<String> {
    let (sender, lines) = channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    lines
}
