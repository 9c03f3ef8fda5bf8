//! Our engine as one of the systems.

use std::os::fd::{AsRawFd as _, RawFd};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, bail};
use rtc_bench_client::{Client, Happening, Outgoing, Plan};
use rtc_protocol::{
    Codec, Layer, Listen, Publish, Qos, QosControlMode, Request, Role, Stream, Track, TrackState, UserId, View,
};

use super::signal::{Door, Signal};
use super::{Packet, Publisher, Subscriber, System};
use crate::engine::Engine;

const PATIENCE: Duration = Duration::from_secs(30);

/// A running engine.
pub(super) struct EngineSystem {
    engine: Engine,
}

struct Sender {
    client: Client,
    signal: Signal,
    keyframe_wanted: bool,
}

struct Receiver {
    client: Client,
    signal: Signal,
}

impl EngineSystem {
    pub(super) fn start(binary: &Path, shards: u8, bandwidth_estimation: bool) -> anyhow::Result<Self> {
        Ok(Self { engine: Engine::start(binary, shards, bandwidth_estimation)? })
    }

    fn door(&self) -> Door<'_> {
        Door { http: &self.engine.http, app: self.engine.app, key: &self.engine.key }
    }
}

impl System for EngineSystem {
    fn pid(&self) -> u32 {
        self.engine.id()
    }

    fn publisher(&mut self, room: u32, index: u32, voice: bool) -> anyhow::Result<Box<dyn Publisher>> {
        let (client, offer) = Client::new(Plan { camera: true, microphone: voice, ..Plan::default() })?;
        let signal = Signal::enter(self.door(), room + 1, &publisher(room, index), Role::Anchor)?;
        let mut sender = Sender { client, signal, keyframe_wanted: false };
        sender.client.accept(&sender.signal.offer(offer)?)?;
        let published = [(Track::Camera, Codec::Vp8), (Track::Microphone, Codec::Opus)];
        for (track, codec) in published.into_iter().take(if voice { 2 } else { 1 }) {
            let publish = Publish { track, state: TrackState::On, small: false, codec: Some(codec) };
            sender.signal.ask(Request::Publish(publish)).context("publish")?;
        }
        sender.signal.settle()?;
        let deadline = Instant::now() + PATIENCE;
        while !sender.client.is_connected() {
            sender.drive()?;
            if Instant::now() > deadline {
                bail!("the publisher's media connection never came up");
            }
            thread::sleep(Duration::from_millis(1));
        }
        Ok(Box::new(sender))
    }

    fn subscriber(&mut self, room: u32, index: u32, publishers: u32) -> anyhow::Result<Box<dyn Subscriber>> {
        let (mut client, offer) = Client::new(Plan { slots: publishers as u16, ..Plan::default() })?;
        let mut signal = Signal::enter(self.door(), room + 1, &format!("viewer-{index}"), Role::Audience)?;
        client.accept(&signal.offer(offer)?)?;
        // A generator that is late on a busy machine is no narrow network: all are to be sent everything, as by the others.
        let qos = Qos { control_mode: QosControlMode::Client, ..Qos::default() };
        signal.ask(Request::SetQos(qos)).context("qos")?;
        for other in 0..publishers {
            let user_id = UserId::parse(&publisher(room, other))?;
            signal.ask(Request::View(View { user_id, stream: Stream::Main, layer: Layer::Big })).context("view")?;
        }
        signal.ask(Request::Listen(Listen { user_id: None, on: true })).context("listen")?;
        signal.settle()?;
        Ok(Box::new(Receiver { client, signal }))
    }
}

fn publisher(room: u32, index: u32) -> String {
    format!("publisher-{room}-{index}")
}

impl Publisher for Sender {
    fn media(&self) -> RawFd {
        self.client.as_raw_fd()
    }

    fn write(&mut self, packet: &Packet) -> anyhow::Result<()> {
        let (track, codec) = if packet.is_video { (Track::Camera, Codec::Vp8) } else { (Track::Microphone, Codec::Opus) };
        let was_written = self.client.write(&Outgoing {
            track,
            layer: Layer::Big,
            codec,
            seq: packet.seq,
            time: packet.time,
            marker: packet.marker,
            level: (!packet.is_video).then_some(super::VOICE),
            payload: packet.payload.clone(),
        });
        if !was_written {
            bail!("{track:?} was not negotiated");
        }
        Ok(())
    }

    fn drive(&mut self) -> anyhow::Result<Instant> {
        let Self { client, keyframe_wanted, .. } = self;
        let note = |_: &_, happening| *keyframe_wanted |= matches!(happening, Happening::KeyframeWanted { .. });
        Ok(client.drive(|_| false, note)?)
    }

    fn take_keyframe_request(&mut self) -> bool {
        std::mem::take(&mut self.keyframe_wanted)
    }

    fn tend(&mut self) -> anyhow::Result<()> {
        self.signal.keep_alive()
    }
}

impl Subscriber for Receiver {
    fn media(&self) -> RawFd {
        self.client.as_raw_fd()
    }

    fn drive(&mut self, arrived: &mut dyn FnMut(&[u8], SystemTime)) -> anyhow::Result<Instant> {
        let next = self.client.drive(
            |_| false,
            |_, happening| {
                if let Happening::Received { packet, at, .. } = happening {
                    arrived(&packet.payload, at);
                }
            },
        )?;
        Ok(next)
    }

    fn tend(&mut self) -> anyhow::Result<()> {
        self.signal.keep_alive()
    }
}
