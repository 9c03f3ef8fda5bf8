//! What is measured side by side: our engine, other servers, and the least that any forwarder must do. Each is a process of
//! its own, driven by its public protocol; how it is loaded and counted is not known here.

mod engine;
mod floor;
mod janus;
mod livekit;
mod member;
mod packet;
mod process;
mod signal;

use std::fmt;
use std::net::Ipv4Addr;
use std::os::fd::RawFd;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::{Instant, SystemTime};

use anyhow::Context as _;
use serde::{Serialize, Serializer};

pub(crate) use floor::{FloorOptions, run as run_floor};
pub(crate) use packet::{LEAST_PAYLOAD, Mark, Packet};
pub(crate) use signal::{Door, Signal};

use crate::engine::CpuTime;

/// The address of servers that do not offer loopback to their clients. It is of a network in which only this program and
/// the systems are.
pub(crate) const ADDRESS: Ipv4Addr = Ipv4Addr::new(10, 213, 78, 1);
/// How loud the publisher's voice is said to be, in -dBov: as somebody at a usual distance.
const VOICE: u8 = 30;

/// A kind of system, by the name it has on the command line and in results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Our engine as it comes, estimating bandwidth.
    Engine,
    /// Our engine without bandwidth estimation.
    EngineWithoutEstimation,
    /// Janus, with its plugin VideoRoom.
    Janus,
    /// LiveKit's server.
    LiveKit,
    /// A loop that encrypts and sends.
    Floor,
}

/// Where programs are, and how they are started.
#[derive(Debug)]
pub(crate) struct Programs {
    /// The engine's binary.
    pub(crate) engine: PathBuf,
    /// Media threads of the engine.
    pub(crate) shards: u8,
    /// Janus.
    pub(crate) janus: PathBuf,
    /// LiveKit's server.
    pub(crate) livekit: PathBuf,
}

/// A running system. Ended when dropped.
pub(crate) trait System: Send {
    /// Its one process.
    fn pid(&self) -> u32;

    /// Connects who sends a picture and, if asked for, a voice. Publishers are numbered from 0 in each room.
    fn publisher(&mut self, room: u32, index: u32, voice: bool) -> anyhow::Result<Box<dyn Publisher>>;

    /// Enters one more who receives all of so many publishers of a room, once they send. Subscribers are numbered through all
    /// rooms. Media need not flow yet when this returns.
    fn subscriber(&mut self, room: u32, index: u32, publishers: u32) -> anyhow::Result<Box<dyn Subscriber>>;

    /// Processor time of the system until now.
    fn cpu(&self) -> anyhow::Result<CpuTime> {
        CpuTime::of(self.pid())
    }

    /// Resident memory of the system, in kilobytes.
    fn resident_kb(&self) -> anyhow::Result<u64> {
        crate::engine::resident_kb(self.pid())
    }
}

/// Who sends.
pub(crate) trait Publisher: Send {
    /// The socket that media leaves from, and requests arrive on.
    fn media(&self) -> RawFd;

    /// Queues a packet; it leaves with the next [`Publisher::drive`].
    fn write(&mut self, packet: &Packet) -> anyhow::Result<()>;

    /// Reads what arrived and sends what is due. Returns when to come back at the latest.
    fn drive(&mut self) -> anyhow::Result<Instant>;

    /// Whether a key frame was asked for since the last call.
    fn take_keyframe_request(&mut self) -> bool;

    /// Serves signaling; to be called about once a second.
    fn tend(&mut self) -> anyhow::Result<()>;
}

/// Who receives.
pub(crate) trait Subscriber {
    /// The socket that media arrives on.
    fn media(&self) -> RawFd;

    /// Reads what arrived, telling each payload of a media packet and when the kernel had it, and sends what is due. Returns
    /// when to come back at the latest.
    fn drive(&mut self, arrived: &mut dyn FnMut(&[u8], SystemTime)) -> anyhow::Result<Instant>;

    /// Serves signaling; to be called often while members enter and about once a second later.
    fn tend(&mut self) -> anyhow::Result<()>;
}

impl Kind {
    /// All of them, in the order of tables.
    pub(crate) const ALL: [Self; 5] = [Self::Engine, Self::EngineWithoutEstimation, Self::Janus, Self::LiveKit, Self::Floor];

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Engine => "engine",
            Self::EngineWithoutEstimation => "engine-no-bwe",
            Self::Janus => "janus",
            Self::LiveKit => "livekit",
            Self::Floor => "floor",
        }
    }

    /// Starts one with rooms that are numbered from 0, and waits until it serves. `folder` is empty and its own, for files it
    /// needs.
    pub(crate) fn start(self, programs: &Programs, rooms: u32, folder: &Path) -> anyhow::Result<Box<dyn System>> {
        Ok(match self {
            Self::Engine => Box::new(engine::EngineSystem::start(&programs.engine, programs.shards, true)?),
            Self::EngineWithoutEstimation => Box::new(engine::EngineSystem::start(&programs.engine, programs.shards, false)?),
            Self::Janus => Box::new(janus::Janus::start(&programs.janus, rooms, folder)?),
            Self::LiveKit => Box::new(livekit::LiveKit::start(&programs.livekit, folder)?),
            Self::Floor => Box::new(floor::Floor::start()?),
        })
    }

    /// What exactly is measured, for the reader of a result.
    pub(crate) fn version(self, programs: &Programs) -> anyhow::Result<String> {
        match self {
            Self::Engine | Self::EngineWithoutEstimation => {
                process::first_line(&programs.engine, "--version").context("the engine is missing: bench/run builds it")
            }
            Self::Janus => janus::version(&programs.janus),
            Self::LiveKit => livekit::version(&programs.livekit),
            Self::Floor => Ok("AES-128-GCM (aws-lc-rs), one GSO send a run of equal packets".to_owned()),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|kind| kind.name()).collect();
            format!("there is no system {name}; there are {}", names.join(", "))
        })
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
