//! A member of a story: a link, what it was told, and a sender of sound and pictures that bear who sent them.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rtc_link::{Link, LinkConfig};
use rtc_protocol::{Codec, Layer, Stream, Track, TrackState, UserId};
use rtc_session::{Command, EnterParams, Event, Outgoing};

use crate::engine::PATIENCE;

pub(crate) struct Person {
    name: String,
    link: Option<Arc<Link>>,
    events: Receiver<Event>,
    /// Everything that was told until now, but for media and statistics.
    pub(crate) told: Vec<String>,
    sending: Option<(Arc<AtomicBool>, JoinHandle<()>)>,
}

impl Person {
    pub(crate) fn arrives(params: EnterParams) -> Self {
        Self::arrives_with(LinkConfig::default(), params)
    }

    pub(crate) fn arrives_with(config: LinkConfig, params: EnterParams) -> Self {
        let (tell, events) = channel();
        let name = params.user_id.clone();
        let handler = Box::new(move |event| drop(tell.send(event)));
        let link = Link::start(config, params, handler).expect("a thread");
        Self { name, link: Some(Arc::new(link)), events, told: Vec::new(), sending: None }
    }

    /// The same, and waits until it is in.
    pub(crate) fn enters(params: EnterParams) -> Self {
        let mut person = Self::arrives(params);
        person.until("entered", |event| matches!(event, Event::Entered { .. }).then_some(()));
        person
    }

    pub(crate) fn link(&self) -> &Link {
        self.link.as_ref().expect("still there")
    }

    pub(crate) fn does(&self, command: Command) {
        self.link().command(command).expect("taken");
    }

    /// Waits for an event and gives what was looked for.
    #[track_caller]
    pub(crate) fn until<T>(&mut self, what: &str, mut look: impl FnMut(&Event) -> Option<T>) -> T {
        let end = Instant::now() + PATIENCE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let Ok(event) = self.events.recv_timeout(left) else {
                panic!("{} was not told: {what}. It was told: {:#?}", self.name, self.told);
            };
            if !matches!(event, Event::Media { .. } | Event::Clock { .. } | Event::Statistics(_)) {
                self.told.push(format!("{event:?}"));
            }
            if let Some(found) = look(&event) {
                return found;
            }
        }
    }

    /// Waits until so many packets of somebody came, from now on.
    #[track_caller]
    pub(crate) fn until_media(&mut self, whom: &str, track: Track, count: usize) {
        let since = Instant::now();
        let mut seen = 0;
        self.until(&format!("{count} packets of {whom}'s {track:?}"), |event| {
            if let Event::Media { user_id, track: of, packet, .. } = event
                && packet.arrived >= since
                && (user_id.as_str(), *of) == (whom, track)
                && packet.payload.ends_with(whom.as_bytes())
            {
                seen += 1;
            }
            (seen >= count).then_some(())
        });
    }

    /// Publishes microphone and camera in two layers, and sends from now on.
    pub(crate) fn publishes(&mut self) {
        self.publishes_as(Codec::Vp8, 240);
    }

    /// The same, with a picture of this codec and of so many kilobits a second.
    pub(crate) fn publishes_as(&mut self, codec: Codec, kilobits: u64) {
        self.does(publish(Track::Microphone, TrackState::On));
        self.does(Command::Publish { track: Track::Camera, state: TrackState::On, codec: Some(codec), small: true });
        let (link, name) = (self.link.clone().expect("still there"), self.name.clone());
        let is_over = Arc::new(AtomicBool::new(false));
        let stop = is_over.clone();
        let parts = (kilobits * 20 / 8).div_ceil(PICTURE_BYTES);
        let thread = std::thread::spawn(move || {
            for step in 0_u64.. {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                // What a microphone and a camera do: something every 20 ms.
                std::thread::sleep(Duration::from_millis(20));
                link.send(packet(&name, Track::Microphone, Codec::Opus, step));
                for part in 0..parts {
                    let seq = step * parts + part;
                    link.send(Outgoing { seq, marker: part + 1 == parts, ..packet(&name, Track::Camera, codec, step) });
                }
                let picture = packet(&name, Track::Camera, codec, step);
                let payload = [&picture.payload[..SMALL_PICTURE_BYTES], name.as_bytes()].concat().into();
                link.send(Outgoing { layer: Layer::Small, payload, ..picture });
            }
        });
        self.sending = Some((is_over, thread));
    }

    pub(crate) fn views(&self, whom: &str) {
        self.does(Command::View { user_id: user(whom), stream: Stream::Main, layer: Layer::Big });
    }

    /// Waits until somebody is seen with its camera on.
    #[track_caller]
    pub(crate) fn until_camera(&mut self, whom: &str) {
        self.until(&format!("{whom}'s camera"), |event| match event {
            Event::TracksChanged { user_id, after, .. } => {
                (user_id.as_str() == whom && after.camera == TrackState::On).then_some(())
            }
            _ => None,
        });
    }

    /// Leaves, and gives everything it was told.
    pub(crate) fn leaves(mut self) -> Vec<String> {
        self.does(Command::Exit);
        self.until("exited", |event| matches!(event, Event::Exited(_)).then_some(()));
        self.stop_sending();
        std::mem::take(&mut self.told)
    }

    fn stop_sending(&mut self) {
        if let Some((is_over, thread)) = self.sending.take() {
            is_over.store(true, Ordering::Relaxed);
            thread.join().expect("the sender ends");
        }
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        if let Some((is_over, thread)) = self.sending.take() {
            is_over.store(true, Ordering::Relaxed);
            let _ = thread.join();
        }
    }
}

pub(crate) fn user(name: &str) -> UserId {
    UserId::parse(name).expect("a good id")
}

pub(crate) fn publish(track: Track, state: TrackState) -> Command {
    let codec = if track == Track::Microphone { Codec::Opus } else { Codec::Vp8 };
    Command::Publish { track, state, codec: Some(codec), small: false }
}

/// How many of these were told, in words that begin with `what`.
pub(crate) fn count(told: &[impl AsRef<str> + Debug], what: &str) -> usize {
    told.iter().filter(|words| words.as_ref().starts_with(what)).count()
}

/// Of a packet of the small layer, without the name.
pub(crate) const SMALL_PICTURE_BYTES: usize = 200;

/// Of one packet of the big one.
const PICTURE_BYTES: u64 = 600;

/// A packet that names its sender at its end. Each picture is a key frame.
fn packet(name: &str, track: Track, codec: Codec, step: u64) -> Outgoing {
    let is_sound = track == Track::Microphone;
    let mut payload = match codec {
        Codec::Opus => vec![0xfc],
        // RFC 7741 section 4.3.
        Codec::Vp8 => vec![0x10, 0x10, 0, 0, 0x9d, 0x01, 0x2a],
        // RFC 6184 section 5.3: a sequence parameter set.
        Codec::H264 => vec![0x67, 0x42, 0xe0, 0x1f],
        other => panic!("no story has {other:?}"),
    };
    payload.resize(if is_sound { 80 } else { PICTURE_BYTES as usize }, 0xaa);
    payload.extend(name.as_bytes());
    let rate = if is_sound { 48 } else { 90 };
    Outgoing {
        track,
        layer: Layer::Big,
        codec,
        seq: step,
        time: (step as u32).wrapping_mul(20 * rate),
        marker: !is_sound,
        level: is_sound.then_some(30),
        payload: payload.into(),
    }
}
