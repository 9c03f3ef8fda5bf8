//! A publisher and a subscriber of servers that negotiate one peer connection for each, whatever their signaling is.

use std::os::fd::{AsRawFd as _, RawFd};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, bail};
use rtc_bench_client::{Happening, LinePacket, Peer, SendingLine};
use rtc_protocol::{Codec, MediaKind};

use super::{ADDRESS, Packet, Publisher, Subscriber, VOICE};

/// How long a media connection may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A member's connection for signaling.
pub(super) trait Signaling {
    /// Does what the server asks of the peer connection, without waiting.
    fn tend(&mut self, peer: &mut Peer) -> anyhow::Result<()>;
}

/// Who offers to send a picture and, where asked for, a voice.
pub(super) struct Offering {
    pub(super) peer: Peer,
    pub(super) sdp: String,
    video: String,
    voice: Option<String>,
}

struct Sender<S> {
    peer: Peer,
    signaling: S,
    video: String,
    voice: Option<String>,
    keyframe_wanted: bool,
}

/// Who receives.
pub(super) struct Receiver<S> {
    pub(super) peer: Peer,
    pub(super) signaling: S,
}

/// What a publisher sends.
pub(super) fn tracks(voice: bool) -> &'static [SendingLine<'static>] {
    const TRACKS: [SendingLine<'_>; 2] =
        [SendingLine { kind: MediaKind::Video, track: "camera" }, SendingLine { kind: MediaKind::Audio, track: "microphone" }];
    &TRACKS[..if voice { 2 } else { 1 }]
}

/// A peer that knows the codecs of the load.
pub(super) fn peer() -> anyhow::Result<Peer> {
    Ok(Peer::udp(ADDRESS.into(), Some(Codec::Vp8))?)
}

impl Offering {
    pub(super) fn new(voice: bool) -> anyhow::Result<Self> {
        let mut peer = peer()?;
        let (sdp, mids) = peer.offer("main", tracks(voice))?;
        let mut mids = mids.into_iter();
        Ok(Self { peer, sdp, video: mids.next().context("no line for the picture")?, voice: mids.next() })
    }

    /// Waits until media can flow, after the answer came.
    pub(super) fn connect<S: Signaling + Send + 'static>(self, signaling: S) -> anyhow::Result<Box<dyn Publisher>> {
        let Self { peer, video, voice, .. } = self;
        let mut sender = Sender { peer, signaling, video, voice, keyframe_wanted: false };
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
}

impl<S: Signaling + Send> Publisher for Sender<S> {
    fn media(&self) -> RawFd {
        self.peer.as_raw_fd()
    }

    fn write(&mut self, packet: &Packet) -> anyhow::Result<()> {
        let mid = if packet.is_video { Some(&self.video) } else { self.voice.as_ref() };
        let was_written = self.peer.write(LinePacket {
            mid: mid.context("there is no line for a voice")?,
            rid: None,
            codec: if packet.is_video { Codec::Vp8 } else { Codec::Opus },
            seq: packet.seq,
            time: packet.time,
            marker: packet.marker,
            level: (!packet.is_video).then_some(VOICE),
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
        self.signaling.tend(&mut self.peer)
    }
}

impl<S: Signaling> Subscriber for Receiver<S> {
    fn media(&self) -> RawFd {
        self.peer.as_raw_fd()
    }

    fn drive(&mut self, arrived: &mut dyn FnMut(&[u8], SystemTime)) -> anyhow::Result<Instant> {
        let tell = |happening| {
            if let Happening::Received { packet, at, .. } = happening {
                arrived(&packet.payload, at);
            }
        };
        Ok(self.peer.drive(|_| false, tell)?)
    }

    fn tend(&mut self) -> anyhow::Result<()> {
        self.signaling.tend(&mut self.peer)
    }
}
