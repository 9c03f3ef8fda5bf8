//! A PulseAudio server of the test's own, with null sinks for sound cards.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use rtc_device::{AudioBackend, AudioDevices};

pub(crate) struct SoundServer {
    child: Child,
    directory: tempfile::TempDir,
}

impl SoundServer {
    /// Starts a server with one sink, `first`, and waits until it answers.
    pub(crate) fn start() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let child = Self::spawn(&directory);
        Self { child, directory }
    }

    fn spawn(directory: &tempfile::TempDir) -> Child {
        let path = directory.path();
        let protocol = format!("module-native-protocol-unix auth-anonymous=1 socket={}", path.join("native").display());
        let sink = "module-null-sink sink_name=first sink_properties=device.description=First";
        let mut child = Command::new("pulseaudio")
            .args(["-n", "-v", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--log-target=stderr"])
            .arg(format!("--load={protocol}"))
            .arg(format!("--load={sink}"))
            .env("HOME", path)
            .env("XDG_RUNTIME_DIR", path)
            .env("PULSE_RUNTIME_PATH", path)
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program pulseaudio runs; install the Debian package pulseaudio");
        let mut log = BufReader::new(child.stderr.take().expect("it is piped")).lines();
        let started = log.by_ref().map_while(Result::ok).any(|line| line.contains("startup complete"));
        assert!(started, "pulseaudio ended before it was ready");
        // What it says later must not fill the pipe.
        std::thread::spawn(move || log.map_while(Result::ok).count());
        child
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.directory.path().join("native")
    }

    pub(crate) fn devices(&self) -> AudioDevices {
        AudioDevices::open(&AudioBackend::PulseAudio { socket: Some(self.socket()) }).expect("the server answers")
    }

    /// Does what a user does with the system's own tools.
    pub(crate) fn pactl(&self, arguments: &[&str]) -> String {
        let output = Command::new("pactl")
            .arg(format!("--server=unix:{}", self.socket().display()))
            .args(arguments)
            .env("HOME", self.directory.path())
            .env("LC_ALL", "C")
            .output()
            .expect("the program pactl runs; install the Debian package pulseaudio-utils");
        assert!(output.status.success(), "pactl {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Plugs a sound card in; the answer unplugs it.
    pub(crate) fn plug(&self, name: &str) -> String {
        self.pactl(&["load-module", "module-null-sink", &format!("sink_name={name}")])
    }

    /// Plugs a microphone in that hears what a sink plays.
    pub(crate) fn plug_microphone(&self, name: &str, sink: &str) -> String {
        let (master, name) = (format!("master={sink}.monitor"), format!("source_name={name}"));
        self.pactl(&["load-module", "module-remap-source", &master, &name])
    }

    /// The same with one channel.
    pub(crate) fn plug_mono_microphone(&self, name: &str, sink: &str) -> String {
        let (master, name) = (format!("master={sink}.monitor"), format!("source_name={name}"));
        self.pactl(&["load-module", "module-remap-source", &master, &name, "channels=1", "channel_map=mono"])
    }

    pub(crate) fn unplug(&self, module: &str) {
        self.pactl(&["unload-module", module]);
    }

    /// Ends the server without a farewell.
    pub(crate) fn crash(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it was killed");
    }

    /// Starts it again at the same place.
    pub(crate) fn restart(&mut self) {
        // A crash leaves its socket behind.
        let _none = std::fs::remove_file(self.socket());
        self.child = Self::spawn(&self.directory);
    }
}

impl Drop for SoundServer {
    fn drop(&mut self) {
        // Fails when the test ended it.
        let _ended = self.child.kill();
        let _ended = self.child.wait();
    }
}
