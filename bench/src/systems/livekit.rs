//! LiveKit's server, by its signaling over WebSocket. Bandwidth estimation and retransmission are on. The estimate is made
//! by the server (`use_send_side_bwe`): the one that comes as default waits for reports (REMB) that clients of today, and
//! those here, do not send.

mod message;
mod room;

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use rtc_bench_client::{Peer, SendingLine};
use rtc_protocol::MediaKind;

use super::member::{self, Offering, Receiver, Signaling};
use super::process::{Process, first_line};
use super::{ADDRESS, Publisher, Subscriber, System};
use message::{AddTrack, Description, FromServer, Target, ToServer, VideoLayer};
use room::{Grant, Room};

const PORT: u16 = 7880;
const KEY: &str = "bench";
/// It never leaves the network that this program makes for the run.
const SECRET: &str = "a secret of thirty-two letters or more";

/// A running server.
pub(super) struct LiveKit {
    process: Process,
}

/// A participant's signaling, and the one of its two peer connections there that is used here.
struct Participant {
    room: Room,
    target: Target,
}

/// What it says of itself.
pub(super) fn version(program: &Path) -> anyhow::Result<String> {
    let remedy = "LiveKit's server is missing: bench/run builds it (bench/livekit, with Go 1.26 or newer)";
    let version = first_line(program, "--version").context(remedy)?;
    Ok(format!("{version}; retransmission, bandwidth estimation by the sender"))
}

impl LiveKit {
    /// Starts it with a configuration of its own in `folder`.
    pub(super) fn start(program: &Path, folder: &Path) -> anyhow::Result<Self> {
        let file = folder.join("livekit.yaml");
        fs::write(&file, configuration())?;
        let mut process = Process::start(program, |command| {
            command.arg("--config").arg(&file);
        })?;
        process.wait_until(|| std::net::TcpStream::connect((ADDRESS, PORT)).ok())?;
        Ok(Self { process })
    }
}

/// As its sample recommends, with a UDP port for each processor. What is not said here is as LiveKit has it.
fn configuration() -> String {
    let ports = match std::thread::available_parallelism().map_or(1, usize::from) {
        1 => "7882".to_owned(),
        processors => format!("7882-{}", 7881 + processors),
    };
    format!(
        "port: {PORT}\nbind_addresses: [\"{ADDRESS}\"]\n\
         rtc:\n  udp_port: {ports}\n  tcp_port: 7881\n  use_external_ip: false\n  node_ip: {ADDRESS}\n  \
         use_ice_lite: true\n  congestion_control:\n    enabled: true\n    use_send_side_bwe: true\n\
         keys:\n  {KEY}: {SECRET}\nlogging:\n  level: error\n  pion_level: error\n"
    )
}

impl System for LiveKit {
    fn pid(&self) -> u32 {
        self.process.id()
    }

    fn publisher(&mut self, room: u32, index: u32, voice: bool) -> anyhow::Result<Box<dyn Publisher>> {
        let mut room = Room::enter((ADDRESS, PORT).into(), room, &format!("publisher-{room}-{index}"), Grant::Publish)?;
        for line in member::tracks(voice) {
            room.send(ToServer::AddTrack(track(*line)))?;
            room.wait_for(|message| matches!(message, FromServer::TrackPublished(_)).then_some(()))?;
        }
        let mut offering = Offering::new(voice)?;
        room.send(ToServer::Offer(Description { kind: "offer".into(), sdp: offering.sdp.clone(), id: 1 }))?;
        let mut candidates = Vec::new();
        let answer = room.wait_for(|message| match message {
            FromServer::Answer(answer) => Some(answer.sdp),
            FromServer::Trickle(trickle) => {
                candidates.push(trickle);
                None
            }
            _ => None,
        })?;
        offering.peer.accept(&answer)?;
        for trickle in candidates {
            add_candidate(&mut offering.peer, Target::Publisher, &trickle)?;
        }
        room.settle()?;
        offering.connect(Participant { room, target: Target::Publisher })
    }

    fn subscriber(&mut self, room: u32, index: u32, _publishers: u32) -> anyhow::Result<Box<dyn Subscriber>> {
        let mut room = Room::enter((ADDRESS, PORT).into(), room, &format!("viewer-{index}"), Grant::Subscribe)?;
        room.settle()?;
        let signaling = Participant { room, target: Target::Subscriber };
        Ok(Box::new(Receiver { peer: member::peer()?, signaling }))
    }
}

impl Signaling for Participant {
    fn tend(&mut self, peer: &mut Peer) -> anyhow::Result<()> {
        while let Some(message) = self.room.next()? {
            match message {
                // What there is to receive; the server offers anew when that changes.
                FromServer::Offer(offer) if matches!(self.target, Target::Subscriber) => {
                    let sdp = peer.answer(&offer.sdp).context("cannot answer LiveKit's offer")?;
                    self.room.send(ToServer::Answer(Description { kind: "answer".into(), sdp, id: offer.id }))?;
                }
                FromServer::Trickle(trickle) => add_candidate(peer, self.target, &trickle)?,
                _ => {}
            }
        }
        Ok(())
    }
}

fn track(line: SendingLine<'_>) -> AddTrack {
    let (is_video, (width, height)) = (line.kind == MediaKind::Video, (1280, 720));
    let layer = VideoLayer { quality: message::HIGH, width, height, bitrate: 1_500_000 };
    AddTrack {
        cid: line.track.to_owned(),
        name: line.track.to_owned(),
        kind: if is_video { message::VIDEO } else { message::AUDIO },
        width: if is_video { width } else { 0 },
        height: if is_video { height } else { 0 },
        source: if is_video { message::CAMERA } else { message::MICROPHONE },
        layers: if is_video { vec![layer] } else { Vec::new() },
        disable_red: true,
    }
}

fn add_candidate(peer: &mut Peer, target: Target, trickle: &message::Trickle) -> anyhow::Result<()> {
    if trickle.target != target as i32 || trickle.candidate.is_empty() {
        return Ok(());
    }
    let init: serde_json::Value = serde_json::from_str(&trickle.candidate).context("LiveKit's candidate")?;
    match init["candidate"].as_str() {
        Some(candidate) if !candidate.is_empty() => Ok(peer.add_remote_candidate(candidate)?),
        // It says so that there are no more.
        _ => Ok(()),
    }
}
