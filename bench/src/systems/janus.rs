//! Janus with its plugin VideoRoom, by its JSON protocol over WebSocket. Bandwidth estimation towards subscribers is not in
//! the version measured; retransmission is on, as it comes.

mod api;

use std::fs;
use std::os::fd::{AsRawFd as _, RawFd};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use rtc_bench_client::{Happening, LinePacket, Peer, SendingLine};
use rtc_protocol::{Codec, MediaKind};
use serde_json::json;

use super::process::{Process, first_line};
use super::{ADDRESS, Packet, Publisher, Subscriber, System};
use api::Handle;

const ROOM: u32 = 1;
const FEED: u32 = 1;
const PORT: u16 = 8188;
const PATIENCE: Duration = Duration::from_secs(30);
const REMEDY: &str = "Janus is missing: bench/run installs it (Debian package janus)";

/// A running Janus.
pub(super) struct Janus {
    process: Process,
}

struct Sender {
    peer: Peer,
    handle: Handle,
    video: String,
    voice: Option<String>,
    keyframe_wanted: bool,
}

struct Receiver {
    peer: Peer,
    handle: Handle,
}

/// What it says of itself.
pub(super) fn version(program: &Path) -> anyhow::Result<String> {
    let version = first_line(program, "--version").context(REMEDY)?;
    Ok(format!("{version}, VideoRoom; retransmission, no bandwidth estimation towards subscribers"))
}

impl Janus {
    /// Starts it with a configuration of its own in `folder`.
    pub(super) fn start(program: &Path, folder: &Path) -> anyhow::Result<Self> {
        configure(folder)?;
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

    fn publisher(&mut self, voice: bool) -> anyhow::Result<Box<dyn Publisher>> {
        let mut peer = Peer::udp(ADDRESS.into(), Some(Codec::Vp8))?;
        let lines = [(MediaKind::Video, "camera"), (MediaKind::Audio, "microphone")];
        let lines = lines.map(|(kind, track)| SendingLine { kind, track });
        let (offer, mids) = peer.offer("main", &lines[..if voice { 2 } else { 1 }])?;
        let mut mids = mids.into_iter();
        let video = mids.next().context("no line for the picture")?;
        let mut handle = Handle::attach((ADDRESS, PORT).into())?;
        let join = json!({ "request": "joinandconfigure", "ptype": "publisher", "room": ROOM, "id": FEED });
        let answer = handle.ask(&join, Some(("offer", &offer)))?.context("Janus does not answer the offer")?;
        peer.accept(&answer)?;
        handle.settle()?;
        let mut sender = Sender { peer, handle, video, voice: mids.next(), keyframe_wanted: false };
        let deadline = Instant::now() + PATIENCE;
        while !sender.peer.is_connected() {
            sender.drive()?;
            sender.tend()?;
            if Instant::now() > deadline {
                bail!("the publisher's media connection never came up");
            }
            thread::sleep(Duration::from_millis(1));
        }
        Ok(Box::new(sender))
    }

    fn subscriber(&mut self, _index: u32) -> anyhow::Result<Box<dyn Subscriber>> {
        let mut peer = Peer::udp(ADDRESS.into(), Some(Codec::Vp8))?;
        let mut handle = Handle::attach((ADDRESS, PORT).into())?;
        let join = json!({ "request": "join", "ptype": "subscriber", "room": ROOM, "streams": [{ "feed": FEED }] });
        let offer = handle.ask(&join, None)?.context("Janus does not offer")?;
        let answer = peer.answer(&offer)?;
        handle.ask(&json!({ "request": "start" }), Some(("answer", &answer)))?;
        handle.settle()?;
        Ok(Box::new(Receiver { peer, handle }))
    }
}

impl Publisher for Sender {
    fn write(&mut self, packet: &Packet) -> anyhow::Result<()> {
        let mid = if packet.is_video { Some(&self.video) } else { self.voice.as_ref() };
        let was_written = self.peer.write(LinePacket {
            mid: mid.context("there is no line for a voice")?,
            rid: None,
            codec: if packet.is_video { Codec::Vp8 } else { Codec::Opus },
            seq: packet.seq,
            time: packet.time,
            marker: packet.marker,
            level: (!packet.is_video).then_some(super::VOICE),
            nackable: packet.is_video,
            payload: packet.payload.clone(),
        });
        if !was_written {
            bail!("a line of the publisher was not negotiated");
        }
        Ok(())
    }

    fn drive(&mut self) -> anyhow::Result<Instant> {
        let Self { peer, keyframe_wanted, .. } = self;
        let note = |happening| *keyframe_wanted |= matches!(happening, Happening::KeyframeWanted { .. });
        Ok(peer.drive(|_| false, note)?)
    }

    fn take_keyframe_request(&mut self) -> bool {
        std::mem::take(&mut self.keyframe_wanted)
    }

    fn tend(&mut self) -> anyhow::Result<()> {
        self.handle.tend()
    }
}

impl Subscriber for Receiver {
    fn media(&self) -> RawFd {
        self.peer.as_raw_fd()
    }

    fn drive(&mut self, arrived: &mut dyn FnMut(&[u8])) -> anyhow::Result<Instant> {
        let tell = |happening| {
            if let Happening::Received { packet, .. } = happening {
                arrived(&packet.payload);
            }
        };
        Ok(self.peer.drive(|_| false, tell)?)
    }

    fn tend(&mut self) -> anyhow::Result<()> {
        self.handle.tend()
    }
}

/// Writes a configuration with this plugin and this transport alone; what comes with the package opens ports for streams of
/// its own. What is not said here is as Janus has it.
fn configure(folder: &Path) -> anyhow::Result<()> {
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
    let files = [
        (
            "janus.jcfg",
            format!(
                "general: {{\n configs_folder = \"{at}\"\n plugins_folder = \"{at}/plugins\"\n \
                 transports_folder = \"{at}/transports\"\n events_folder = \"{at}/events\"\n \
                 loggers_folder = \"{at}/loggers\"\n debug_level = 2\n}}\nnat: {{\n ice_lite = true\n}}\n"
            ),
        ),
        (
            "janus.transport.websockets.jcfg",
            format!("general: {{\n json = \"compact\"\n ws = true\n ws_port = {PORT}\n ws_ip = \"{ADDRESS}\"\n}}\n"),
        ),
        (
            "janus.plugin.videoroom.jcfg",
            format!(
                "room-{ROOM}: {{\n description = \"load\"\n publishers = 1\n audiocodec = \"opus\"\n \
                 videocodec = \"vp8\"\n audiolevel_ext = true\n transport_wide_cc_ext = true\n}}\n"
            ),
        ),
    ];
    for (name, text) in files {
        fs::write(folder.join(name), text)?;
    }
    Ok(())
}

/// Where Debian puts plugins: a folder of the machine's kind below `/usr/lib`.
fn installed() -> Option<PathBuf> {
    let mut folders = fs::read_dir("/usr/lib").ok()?.filter_map(|entry| Some(entry.ok()?.path().join("janus")));
    folders.find(|folder| folder.join("plugins/libjanus_videoroom.so").exists())
}
