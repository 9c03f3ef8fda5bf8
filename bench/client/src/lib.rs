//! A media client without a browser: offers, sends RTP it is handed and reports what it receives. It encodes and decodes
//! nothing, and it knows no signaling: whoever drives it carries the offer and the answer.
//!
//! One thread may drive any number of clients: [`Client::drive`] never blocks.

mod link;
mod peer;
mod stamped;

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::os::fd::{AsRawFd, RawFd};
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use rtc_protocol::{Codec, Layer, Lines, MediaAnswer, MediaOffer, OfferPurpose, SlotPair, Track};
use str0m::media::{Direction, MediaKind, Pt, Simulcast, SimulcastLayer};

use crate::link::Link;

pub use peer::{LinePacket, Peer, SendingLine};
pub use stamped::{Arrival, Stamped};
pub use str0m::rtp::RtpPacket;

/// What a client negotiates.
#[derive(Debug, Clone, Copy, Default)]
pub struct Plan {
    /// A line for the microphone.
    pub microphone: bool,
    /// A line for the camera, with both layers.
    pub camera: bool,
    /// A line for the screen.
    pub screen: bool,
    /// Pairs of receiving slots.
    pub slots: u16,
    /// The only video codec it knows; all of them where none is named.
    pub video: Option<Codec>,
    /// Through TCP instead of UDP.
    pub tcp: bool,
}

/// One packet to send.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Which track.
    pub track: Track,
    /// Which layer of it.
    pub layer: Layer,
    /// What the payload is.
    pub codec: Codec,
    /// Extended sequence number.
    pub seq: u64,
    /// RTP time.
    pub time: u32,
    /// End of a frame.
    pub marker: bool,
    /// Loudness in -dBov, 0 loudest … 127 silent.
    pub level: Option<u8>,
    /// What is carried, without an RTP header.
    pub payload: Arc<[u8]>,
}

/// What happened to a client.
#[derive(Debug)]
pub enum Happening {
    /// ICE and DTLS are up.
    Connected,
    /// ICE found no way for a while.
    Disconnected,
    /// A packet arrived in a slot.
    Received {
        /// The slot's line.
        mid: String,
        /// The packet.
        packet: Box<RtpPacket>,
        /// When the kernel had it for this client's socket.
        at: SystemTime,
    },
    /// The engine wants a key frame of what this client sends.
    KeyframeWanted {
        /// The sending line.
        mid: String,
    },
}

/// A media client on a socket of its own.
#[derive(Debug)]
pub struct Client {
    peer: Peer,
    /// Where the engine said it is.
    engine: Option<SocketAddr>,
    lines: Lines,
}

impl Client {
    /// Binds a socket on loopback and makes the entry offer.
    pub fn new(plan: Plan) -> io::Result<(Self, MediaOffer)> {
        Self::at(IpAddr::V4(Ipv4Addr::LOCALHOST), plan)
    }

    /// The same on another local address.
    pub fn at(address: IpAddr, plan: Plan) -> io::Result<(Self, MediaOffer)> {
        let mut peer = if plan.tcp { Peer::tcp(address, plan.video) } else { Peer::udp(address, plan.video)? };
        let mut api = peer.rtc.sdp_api();
        let mut lines = Lines::default();
        if plan.microphone {
            lines.microphone = Some(api.add_media(MediaKind::Audio, Direction::SendOnly, None, None, None).to_string());
        }
        if plan.camera {
            let mut layers = Simulcast::new();
            layers.add_send_layer(SimulcastLayer::new(Layer::Big.rid()));
            layers.add_send_layer(SimulcastLayer::new(Layer::Small.rid()));
            lines.camera = Some(api.add_media(MediaKind::Video, Direction::SendOnly, None, None, Some(layers)).to_string());
        }
        if plan.screen {
            lines.screen = Some(api.add_media(MediaKind::Video, Direction::SendOnly, None, None, None).to_string());
        }
        for _ in 0..plan.slots {
            lines.slots.push(SlotPair {
                audio: Some(api.add_media(MediaKind::Audio, Direction::RecvOnly, None, None, None).to_string()),
                video: Some(api.add_media(MediaKind::Video, Direction::RecvOnly, None, None, None).to_string()),
            });
        }
        let (offer, pending) = api.apply().ok_or_else(|| io::Error::other("a plan needs at least one line"))?;
        let offer = MediaOffer { purpose: OfferPurpose::Enter, sdp: offer.to_sdp_string(), lines: lines.clone() };
        peer.pending = Some(pending);
        Ok((Self { peer, engine: None, lines }, offer))
    }

    /// Offers more pairs of receiving slots.
    pub fn grow(&mut self, slots: u16) -> Option<MediaOffer> {
        let mut api = self.peer.rtc.sdp_api();
        for _ in 0..slots {
            self.lines.slots.push(SlotPair {
                audio: Some(api.add_media(MediaKind::Audio, Direction::RecvOnly, None, None, None).to_string()),
                video: Some(api.add_media(MediaKind::Video, Direction::RecvOnly, None, None, None).to_string()),
            });
        }
        let (offer, pending) = api.apply()?;
        self.peer.pending = Some(pending);
        Some(MediaOffer { purpose: OfferPurpose::Grow, sdp: offer.to_sdp_string(), lines: self.lines.clone() })
    }

    /// Offers an ICE restart.
    pub fn restart(&mut self) -> Option<MediaOffer> {
        let mut api = self.peer.rtc.sdp_api();
        api.ice_restart(true);
        let (offer, pending) = api.apply()?;
        self.peer.pending = Some(pending);
        Some(MediaOffer { purpose: OfferPurpose::Restart, sdp: offer.to_sdp_string(), lines: self.lines.clone() })
    }

    /// Takes the engine's answer to the last offer.
    pub fn accept(&mut self, answer: &MediaAnswer) -> io::Result<()> {
        let wanted = if self.peer.link.protocol() == str0m::net::Protocol::Udp { "udp" } else { "tcp" };
        self.engine = candidate(&answer.sdp, wanted);
        if matches!(self.peer.link, Link::Unconnected) {
            self.peer.connect(self.engine.ok_or_else(|| io::Error::other("the answer has no TCP candidate"))?)?;
        }
        self.peer.accept(&answer.sdp)
    }

    /// The negotiated lines.
    pub fn lines(&self) -> &Lines {
        &self.lines
    }

    /// Whether media can flow.
    pub fn is_connected(&self) -> bool {
        self.peer.is_connected()
    }

    /// The address media comes from.
    pub fn local_addr(&self) -> SocketAddr {
        self.peer.local_addr()
    }

    /// Goes on from another port, as a phone does that changes its network.
    pub fn rebind(&mut self) -> io::Result<()> {
        self.peer.rebind()
    }

    /// Sends bytes of the caller's making to the engine, from the client's own socket. Lost where there is no answer yet.
    pub fn send_raw(&mut self, datagram: &[u8]) {
        if let Some(engine) = self.engine {
            self.peer.link.send(datagram, engine);
        }
    }

    /// Hangs up: tells the engine that the connection is over.
    pub fn close(&mut self) -> Result<(), str0m::RtcError> {
        self.peer.close()
    }

    /// Queues a packet; it leaves with the next [`Client::drive`]. False where the line or the codec was not negotiated.
    pub fn write(&mut self, packet: &Outgoing) -> bool {
        let (line, rid) = match packet.track {
            Track::Microphone => (&self.lines.microphone, None),
            Track::Camera => (&self.lines.camera, Some(packet.layer.rid())),
            Track::Screen => (&self.lines.screen, None),
        };
        let Some(mid) = line else { return false };
        self.peer.write(LinePacket {
            mid,
            rid,
            codec: packet.codec,
            seq: packet.seq,
            time: packet.time,
            marker: packet.marker,
            level: packet.level,
            nackable: packet.track != Track::Microphone,
            payload: packet.payload.clone(),
        })
    }

    /// The payload type of a codec on this client, the first one where there are several.
    pub fn payload_type(&self, codec: Codec) -> Option<Pt> {
        self.peer.payload_type(codec)
    }

    /// Asks for a key frame of what a slot carries.
    pub fn want_keyframe(&mut self, mid: &str) {
        self.peer.want_keyframe(mid);
    }

    /// Reads all that arrived, sends all that is due, tells what happened, and returns when to come back at the latest.
    /// `lose` decides of each datagram that arrives whether the network loses it; `tell` is also given the negotiated lines.
    pub fn drive(
        &mut self,
        lose: impl FnMut(&[u8]) -> bool,
        mut tell: impl FnMut(&Lines, Happening),
    ) -> Result<Instant, str0m::RtcError> {
        let Self { peer, lines, .. } = self;
        peer.drive(lose, |happening| tell(lines, happening))
    }
}

impl AsRawFd for Client {
    /// The socket, to wait for what arrives.
    fn as_raw_fd(&self) -> RawFd {
        self.peer.as_raw_fd()
    }
}

/// The first host candidate of a protocol (RFC 8839 section 5.1: foundation, component, transport, priority, address, port).
fn candidate(sdp: &str, protocol: &str) -> Option<SocketAddr> {
    let lines = sdp.lines().filter_map(|line| line.strip_prefix("a=candidate:"));
    lines.map(|line| line.split(' ').collect::<Vec<_>>()).find_map(|words| match words.as_slice() {
        [_, _, transport, _, ip, port, ..] if *transport == protocol => {
            Some(SocketAddr::new(ip.parse().ok()?, port.parse().ok()?))
        }
        _ => None,
    })
}
