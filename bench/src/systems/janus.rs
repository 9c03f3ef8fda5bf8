//! Janus with its plugin VideoRoom, by its JSON protocol over WebSocket. Bandwidth estimation towards subscribers is not in
//! the version measured; retransmission is on, as it comes.

mod api;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::json;

use super::member::{self, Offering, Receiver};
use super::process::{Process, first_line};
use super::{ADDRESS, Publisher, Subscriber, System};
use api::Handle;

const PORT: u16 = 8188;
const REMEDY: &str = "Janus is missing: bench/run installs it (Debian package janus)";

/// A running Janus.
pub(super) struct Janus {
    process: Process,
}

/// What it says of itself.
pub(super) fn version(program: &Path) -> anyhow::Result<String> {
    let version = first_line(program, "--version").context(REMEDY)?;
    Ok(format!("{version}, VideoRoom; retransmission, no bandwidth estimation towards subscribers"))
}

impl Janus {
    /// Starts it with a configuration of its own in `folder`.
    pub(super) fn start(program: &Path, rooms: u32, folder: &Path) -> anyhow::Result<Self> {
        configure(rooms, folder)?;
        let mut process = Process::start(program, |command| {
            command.arg("--configs-folder").arg(folder);
        })?;
        process.wait_until(|| std::net::TcpStream::connect((ADDRESS, PORT)).ok())?;
        Ok(Self { process })
    }
}

impl System for Janus {
    fn pid(&self) -> u32 {
        self.process.id()
    }

    fn publisher(&mut self, room: u32, index: u32, voice: bool) -> anyhow::Result<Box<dyn Publisher>> {
        let mut offering = Offering::new(voice)?;
        let mut handle = Handle::attach((ADDRESS, PORT).into())?;
        let join = json!({ "request": "joinandconfigure", "ptype": "publisher", "room": room + 1, "id": index + 1 });
        let answer = handle.ask(&join, Some(("offer", &offering.sdp)))?.context("Janus does not answer the offer")?;
        offering.peer.accept(&answer)?;
        handle.settle()?;
        offering.connect(handle)
    }

    fn subscriber(&mut self, room: u32, _index: u32, publishers: u32) -> anyhow::Result<Box<dyn Subscriber>> {
        let mut peer = member::peer()?;
        let mut handle = Handle::attach((ADDRESS, PORT).into())?;
        let streams: Vec<_> = (1..=publishers).map(|feed| json!({ "feed": feed })).collect();
        let join = json!({ "request": "join", "ptype": "subscriber", "room": room + 1, "streams": streams });
        let offer = handle.ask(&join, None)?.context("Janus does not offer")?;
        let answer = peer.answer(&offer)?;
        handle.ask(&json!({ "request": "start" }), Some(("answer", &answer)))?;
        handle.settle()?;
        Ok(Box::new(Receiver { peer, signaling: handle }))
    }
}

/// Writes a configuration with this plugin and this transport alone; what comes with the package opens ports for streams of
/// its own. A fixed number of threads serves all members, which costs less than half of what a thread for each member does.
/// What is not said here is as Janus has it.
fn configure(rooms: u32, folder: &Path) -> anyhow::Result<()> {
    let installed = installed().context(REMEDY)?;
    for (kind, library) in [("plugins", "libjanus_videoroom.so"), ("transports", "libjanus_websockets.so")] {
        fs::create_dir(folder.join(kind))?;
        let library = Path::new(kind).join(library);
        symlink(installed.join(&library), folder.join(&library))?;
    }
    for kind in ["events", "loggers"] {
        fs::create_dir(folder.join(kind))?;
    }
    let at = folder.display();
    let loops = std::thread::available_parallelism().map_or(1, usize::from);
    let files = [
        (
            "janus.jcfg",
            format!(
                "general: {{\n configs_folder = \"{at}\"\n plugins_folder = \"{at}/plugins\"\n \
                 transports_folder = \"{at}/transports\"\n events_folder = \"{at}/events\"\n \
                 loggers_folder = \"{at}/loggers\"\n debug_level = 2\n event_loops = {loops}\n}}\nnat: {{\n ice_lite = true\n}}\n"
            ),
        ),
        (
            "janus.transport.websockets.jcfg",
            format!("general: {{\n json = \"compact\"\n ws = true\n ws_port = {PORT}\n ws_ip = \"{ADDRESS}\"\n}}\n"),
        ),
        ("janus.plugin.videoroom.jcfg", (1..=rooms).map(room).collect()),
    ];
    for (name, text) in files {
        fs::write(folder.join(name), text)?;
    }
    Ok(())
}

fn room(number: u32) -> String {
    format!(
        "room-{number}: {{\n description = \"load\"\n publishers = 100\n audiocodec = \"opus\"\n \
         videocodec = \"vp8\"\n audiolevel_ext = true\n transport_wide_cc_ext = true\n}}\n"
    )
}

/// Where Debian puts plugins: a folder of the machine's kind below `/usr/lib`.
fn installed() -> Option<PathBuf> {
    let mut folders = fs::read_dir("/usr/lib").ok()?.filter_map(|entry| Some(entry.ok()?.path().join("janus")));
    folders.find(|folder| folder.join("plugins/libjanus_videoroom.so").exists())
}
