//! A media client without a browser: offers, sends RTP it is handed and reports what it receives. It encodes and decodes
//! nothing, and it knows no signaling: whoever drives it carries the offer and the answer.
//!
//! One thread may drive any number of clients: [`Client::drive`] never blocks.

mod link;

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::os::fd::{AsRawFd, RawFd};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rtc_protocol::{Codec, Layer, Lines, MediaAnswer, MediaOffer, OfferPurpose, SlotPair, Track};
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::format::Codec as WireCodec;
use str0m::media::{Direction, MediaKind, Mid, Pt, Rid, Simulcast, SimulcastLayer};
use str0m::net::{Receive, TcpType};
use str0m::rtp::{ExtensionValues, RtpWrite};
use str0m::{Candidate, Event, IceConnectionState, Input, Output, Rtc};

use crate::link::Link;

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
    rtc: Rtc,
    link: Link,
    local: SocketAddr,
    /// Where the engine said it is.
    engine: Option<SocketAddr>,
    pending: Option<SdpPendingOffer>,
    lines: Lines,
    next: Instant,
    connected: bool,
}

impl Client {
    /// Binds a socket on loopback and makes the entry offer.
    pub fn new(plan: Plan) -> io::Result<(Self, MediaOffer)> {
        Self::at(IpAddr::V4(Ipv4Addr::LOCALHOST), plan)
    }

    /// The same on another local address.
    pub fn at(address: IpAddr, plan: Plan) -> io::Result<(Self, MediaOffer)> {
        let now = Instant::now();
        let mut config = Rtc::builder().set_rtp_mode(true).enable_opus(true, false);
        if let Some(only) = plan.video {
            config = config.clear_codecs().enable_opus(true, false);
            config = match only {
                Codec::Vp8 => config.enable_vp8(true),
                Codec::H264 => config.enable_h264(true),
                Codec::Vp9 => config.enable_vp9(true),
                Codec::Av1 => config.enable_av1(true),
                Codec::Opus => config,
            };
        }
        let mut rtc = config.build(now);
        let (link, local) = if plan.tcp {
            (Link::Unconnected, SocketAddr::new(address, 0))
        } else {
            let link = Link::udp(address)?;
            let local = link.local_addr()?;
            rtc.add_local_candidate(Candidate::host(local, "udp").map_err(io::Error::other)?);
            (link, local)
        };
        let mut api = rtc.sdp_api();
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
        let pending = Some(pending);
        Ok((Self { rtc, link, local, engine: None, pending, lines, next: now, connected: false }, offer))
    }

    /// Offers more pairs of receiving slots.
    pub fn grow(&mut self, slots: u16) -> Option<MediaOffer> {
        let mut api = self.rtc.sdp_api();
        for _ in 0..slots {
            self.lines.slots.push(SlotPair {
                audio: Some(api.add_media(MediaKind::Audio, Direction::RecvOnly, None, None, None).to_string()),
                video: Some(api.add_media(MediaKind::Video, Direction::RecvOnly, None, None, None).to_string()),
            });
        }
        let (offer, pending) = api.apply()?;
        self.pending = Some(pending);
        Some(MediaOffer { purpose: OfferPurpose::Grow, sdp: offer.to_sdp_string(), lines: self.lines.clone() })
    }

    /// Offers an ICE restart.
    pub fn restart(&mut self) -> Option<MediaOffer> {
        let mut api = self.rtc.sdp_api();
        api.ice_restart(true);
        let (offer, pending) = api.apply()?;
        self.pending = Some(pending);
        Some(MediaOffer { purpose: OfferPurpose::Restart, sdp: offer.to_sdp_string(), lines: self.lines.clone() })
    }

    /// Takes the engine's answer to the last offer.
    pub fn accept(&mut self, answer: &MediaAnswer) -> io::Result<()> {
        let wanted = if self.link.protocol() == str0m::net::Protocol::Udp { "udp" } else { "tcp" };
        self.engine = candidate(&answer.sdp, wanted);
        if matches!(self.link, Link::Unconnected) {
            let engine = self.engine.ok_or_else(|| io::Error::other("the answer has no TCP candidate"))?;
            self.link = Link::tcp(engine)?;
            self.local = self.link.local_addr()?;
            let local = Candidate::builder().tcp().host(self.local).tcptype(TcpType::Active).build();
            self.rtc.add_local_candidate(local.map_err(io::Error::other)?);
        }
        let answer = SdpAnswer::from_sdp_string(&answer.sdp).map_err(io::Error::other)?;
        let pending = self.pending.take().ok_or_else(|| io::Error::other("there is no offer to answer"))?;
        self.rtc.sdp_api().accept_answer(pending, answer).map_err(io::Error::other)?;
        self.next = Instant::now();
        Ok(())
    }

    /// The negotiated lines.
    pub fn lines(&self) -> &Lines {
        &self.lines
    }

    /// Whether media can flow.
    pub fn is_connected(&self) -> bool {
        self.connected
    }

    /// The address media comes from.
    pub fn local_addr(&self) -> SocketAddr {
        self.local
    }

    /// Goes on from another port, as a phone does that changes its network.
    pub fn rebind(&mut self) -> io::Result<()> {
        self.link = Link::udp(self.local.ip())?;
        Ok(())
    }

    /// Sends bytes of the caller's making to the engine, from the client's own socket. Lost where there is no answer yet.
    pub fn send_raw(&mut self, datagram: &[u8]) {
        if let Some(engine) = self.engine {
            self.link.send(datagram, engine);
        }
    }

    /// Hangs up: tells the engine that the connection is over.
    pub fn close(&mut self) -> Result<(), str0m::RtcError> {
        self.rtc.close()?;
        self.poll(&mut |_, _| {})
    }

    /// Queues a packet; it leaves with the next [`Client::drive`]. False where the line or the codec was not negotiated.
    pub fn write(&mut self, packet: &Outgoing) -> bool {
        let Some(pt) = self.payload_type(packet.codec) else { return false };
        let (line, rid) = match packet.track {
            Track::Microphone => (&self.lines.microphone, None),
            Track::Camera => (&self.lines.camera, Some(Rid::from(packet.layer.rid()))),
            Track::Screen => (&self.lines.screen, None),
        };
        let Some(line) = line else { return false };
        let mid = Mid::from(line.as_str());
        let mut api = self.rtc.direct_api();
        let Some(stream) = api.stream_tx_by_mid(mid, rid) else { return false };
        let extensions = ExtensionValues {
            audio_level: packet.level.map(|level| -(level.min(127) as i8)),
            // str0m writes the level only together with this.
            voice_activity: packet.level.map(|level| level < 127),
            mid: Some(mid),
            rid,
            ..ExtensionValues::default()
        };
        stream.write_rtp(
            RtpWrite::new(pt, packet.seq.into(), packet.time, Instant::now(), packet.payload.clone())
                .marker(packet.marker)
                .ext_vals(extensions)
                .nackable(packet.track != Track::Microphone),
        );
        self.next = Instant::now();
        true
    }

    /// The payload type of a codec on this client, the first one where there are several.
    pub fn payload_type(&self, codec: Codec) -> Option<Pt> {
        let wanted = match codec {
            Codec::Opus => WireCodec::Opus,
            Codec::Vp8 => WireCodec::Vp8,
            Codec::H264 => WireCodec::H264,
            Codec::Vp9 => WireCodec::Vp9,
            Codec::Av1 => WireCodec::Av1,
        };
        self.rtc
            .codec_config()
            .params()
            .iter()
            .find(|params| params.spec().codec == wanted)
            .map(str0m::format::PayloadParams::pt)
    }

    /// Asks for a key frame of what a slot carries.
    pub fn want_keyframe(&mut self, mid: &str) {
        if let Some(stream) = self.rtc.direct_api().stream_rx_by_mid(Mid::from(mid), None) {
            stream.request_keyframe(str0m::media::KeyframeRequestKind::Pli);
            self.next = Instant::now();
        }
    }

    /// Reads all that arrived, sends all that is due, tells what happened, and returns when to come back at the latest.
    /// `lose` decides of each datagram that arrives whether the network loses it.
    pub fn drive(
        &mut self,
        mut lose: impl FnMut(&[u8]) -> bool,
        mut tell: impl FnMut(&Self, Happening),
    ) -> Result<Instant, str0m::RtcError> {
        let mut buffer = [0; 2000];
        while let Some((length, source)) = self.link.receive(&mut buffer) {
            let datagram = &buffer[..length];
            if lose(datagram) {
                continue;
            }
            let Ok(receive) = Receive::new(self.link.protocol(), source, self.local, datagram) else { continue };
            self.rtc.handle_input(Input::Receive(Instant::now(), receive))?;
            self.poll(&mut tell)?;
        }
        let now = Instant::now();
        if now >= self.next {
            self.rtc.handle_input(Input::Timeout(now))?;
            self.poll(&mut tell)?;
        }
        Ok(self.next)
    }

    fn poll(&mut self, tell: &mut impl FnMut(&Self, Happening)) -> Result<(), str0m::RtcError> {
        loop {
            match self.rtc.poll_output()? {
                Output::Timeout(next) => {
                    self.next = next.min(Instant::now() + Duration::from_millis(100));
                    return Ok(());
                }
                // A full socket buffer is a lossy network.
                Output::Transmit(transmit) => self.link.send(&transmit.contents, transmit.destination),
                Output::Event(event) => {
                    if let Some(happening) = self.translate(event) {
                        tell(self, happening);
                    }
                }
            }
        }
    }

    fn translate(&mut self, event: Event) -> Option<Happening> {
        match event {
            Event::Connected => {
                self.connected = true;
                Some(Happening::Connected)
            }
            Event::IceConnectionStateChange(IceConnectionState::Disconnected) => Some(Happening::Disconnected),
            Event::RtpPacket(packet) => {
                let mid = self.rtc.direct_api().stream_rx(&packet.header.ssrc)?.mid().to_string();
                Some(Happening::Received { mid, packet: Box::new(packet) })
            }
            Event::KeyframeRequest(request) => Some(Happening::KeyframeWanted { mid: request.mid.to_string() }),
            _ => None,
        }
    }
}

impl AsRawFd for Client {
    /// The socket, to wait for what arrives.
    fn as_raw_fd(&self) -> RawFd {
        self.link.as_raw_fd()
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
