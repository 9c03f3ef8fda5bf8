//! One peer connection over one socket: offers or answers, sends and receives RTP. It knows no server and no signaling.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::os::fd::{AsRawFd, RawFd};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use rtc_protocol::{Codec, MediaKind};
use str0m::change::{SdpAnswer, SdpOffer, SdpPendingOffer};
use str0m::format::Codec as WireCodec;
use str0m::media::{Direction, MediaKind as WireKind, Mid, Pt, Rid};
use str0m::net::{Receive, TcpType};
use str0m::rtp::{ExtensionValues, RtpWrite};
use str0m::{Candidate, Event, IceConnectionState, Input, Output, Rtc};

use crate::Happening;
use crate::link::Link;
use crate::stamped::Arrival;

/// A peer connection on a socket of its own.
#[derive(Debug)]
pub struct Peer {
    pub(crate) rtc: Rtc,
    pub(crate) link: Link,
    local: SocketAddr,
    pub(crate) pending: Option<SdpPendingOffer>,
    next: Instant,
    connected: bool,
    /// When the kernel had the datagram that is looked at.
    arrived: SystemTime,
}

/// A line that a peer offers to send on.
#[derive(Debug, Clone, Copy)]
pub struct SendingLine<'a> {
    /// Sound or picture.
    pub kind: MediaKind,
    /// The name of its track in the offer.
    pub track: &'a str,
}

/// One packet to send on a line.
#[derive(Debug, Clone)]
pub struct LinePacket<'a> {
    /// The line's mid.
    pub mid: &'a str,
    /// The layer's RTP stream id, where the line has layers.
    pub rid: Option<&'a str>,
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
    /// Whether it may be asked for again.
    pub nackable: bool,
    /// What is carried, without an RTP header.
    pub payload: Arc<[u8]>,
}

impl Peer {
    /// Binds a UDP socket on a local address. The peer knows one video codec, or all where none is named.
    pub fn udp(address: IpAddr, video: Option<Codec>) -> io::Result<Self> {
        let link = Link::udp(address)?;
        let local = link.local_addr()?;
        let mut peer = Self::new(link, local, video);
        peer.rtc.add_local_candidate(Candidate::host(local, "udp").map_err(io::Error::other)?);
        Ok(peer)
    }

    /// The same for TCP; the connection is made by [`Peer::connect`].
    pub(crate) fn tcp(address: IpAddr, video: Option<Codec>) -> Self {
        Self::new(Link::Unconnected, SocketAddr::new(address, 0), video)
    }

    fn new(link: Link, local: SocketAddr, video: Option<Codec>) -> Self {
        let now = Instant::now();
        let mut config = Rtc::builder().set_rtp_mode(true).enable_opus(true, false);
        if let Some(only) = video {
            config = config.clear_codecs().enable_opus(true, false);
            config = match only {
                Codec::Vp8 => config.enable_vp8(true),
                Codec::H264 => config.enable_h264(true),
                Codec::Vp9 => config.enable_vp9(true),
                Codec::Av1 => config.enable_av1(true),
                Codec::Opus => config,
            };
        }
        Self {
            rtc: config.build(now),
            link,
            local,
            pending: None,
            next: now,
            connected: false,
            arrived: SystemTime::UNIX_EPOCH,
        }
    }

    /// Offers to send on these lines, all of one stream. Returns the offer and the mids in the lines' order.
    pub fn offer(&mut self, stream: &str, lines: &[SendingLine<'_>]) -> io::Result<(String, Vec<String>)> {
        let mut api = self.rtc.sdp_api();
        let mut mids = Vec::new();
        for line in lines {
            let kind = match line.kind {
                MediaKind::Audio => WireKind::Audio,
                MediaKind::Video => WireKind::Video,
            };
            let (stream, track) = (Some(stream.to_owned()), Some(line.track.to_owned()));
            mids.push(api.add_media(kind, Direction::SendOnly, stream, track, None).to_string());
        }
        let (offer, pending) = api.apply().ok_or_else(|| io::Error::other("an offer needs at least one line"))?;
        self.pending = Some(pending);
        Ok((offer.to_sdp_string(), mids))
    }

    /// Takes the answer to the last offer.
    pub fn accept(&mut self, answer: &str) -> io::Result<()> {
        let answer = SdpAnswer::from_sdp_string(answer).map_err(io::Error::other)?;
        let pending = self.pending.take().ok_or_else(|| io::Error::other("there is no offer to answer"))?;
        self.rtc.sdp_api().accept_answer(pending, answer).map_err(io::Error::other)?;
        self.next = Instant::now();
        Ok(())
    }

    /// Answers an offer.
    pub fn answer(&mut self, offer: &str) -> io::Result<String> {
        let offer = SdpOffer::from_sdp_string(offer).map_err(io::Error::other)?;
        let answer = self.rtc.sdp_api().accept_offer(offer).map_err(io::Error::other)?;
        self.next = Instant::now();
        Ok(answer.to_sdp_string())
    }

    /// Takes a candidate that came apart from the description (RFC 8840), as `candidate:…`.
    pub fn add_remote_candidate(&mut self, candidate: &str) -> io::Result<()> {
        self.rtc.add_remote_candidate(Candidate::from_sdp_string(candidate).map_err(io::Error::other)?);
        self.next = Instant::now();
        Ok(())
    }

    /// Connects a peer of [`Peer::tcp`].
    pub(crate) fn connect(&mut self, remote: SocketAddr) -> io::Result<()> {
        self.link = Link::tcp(remote)?;
        self.local = self.link.local_addr()?;
        let local = Candidate::builder().tcp().host(self.local).tcptype(TcpType::Active).build();
        self.rtc.add_local_candidate(local.map_err(io::Error::other)?);
        Ok(())
    }

    /// Goes on from another port.
    pub(crate) fn rebind(&mut self) -> io::Result<()> {
        self.link = Link::udp(self.local.ip())?;
        Ok(())
    }

    /// Whether media can flow.
    pub fn is_connected(&self) -> bool {
        self.connected
    }

    /// The address media comes from.
    pub fn local_addr(&self) -> SocketAddr {
        self.local
    }

    /// Hangs up: tells the other end that the connection is over.
    pub(crate) fn close(&mut self) -> Result<(), str0m::RtcError> {
        self.rtc.close()?;
        self.poll(&mut |_| {})
    }

    /// Queues a packet; it leaves with the next [`Peer::drive`]. False where the line or the codec was not negotiated.
    pub fn write(&mut self, packet: LinePacket<'_>) -> bool {
        let Some(pt) = self.payload_type(packet.codec) else { return false };
        let mid = Mid::from(packet.mid);
        let rid = packet.rid.map(Rid::from);
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
            RtpWrite::new(pt, packet.seq.into(), packet.time, Instant::now(), packet.payload)
                .marker(packet.marker)
                .ext_vals(extensions)
                .nackable(packet.nackable),
        );
        self.next = Instant::now();
        true
    }

    /// The payload type of a codec on this peer, the first one where there are several.
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

    /// Asks for a key frame of what a line receives.
    pub(crate) fn want_keyframe(&mut self, mid: &str) {
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
        mut tell: impl FnMut(Happening),
    ) -> Result<Instant, str0m::RtcError> {
        let mut buffer = [0; 2000];
        while let Some(Arrival { length, source, at }) = self.link.receive(&mut buffer) {
            self.arrived = at;
            let datagram = &buffer[..length];
            if lose(datagram) {
                continue;
            }
            let Ok(receive) = Receive::new(self.link.protocol(), source, self.local, datagram) else { continue };
            // As browsers do, so that what it reports is of the network even where this program reads late.
            let (now, waited) = (Instant::now(), SystemTime::now().duration_since(at).unwrap_or_default());
            let arrived = now.checked_sub(waited).unwrap_or(now);
            self.rtc.handle_input(Input::Receive(arrived, receive))?;
            self.poll(&mut tell)?;
        }
        let now = Instant::now();
        if now >= self.next {
            self.rtc.handle_input(Input::Timeout(now))?;
            self.poll(&mut tell)?;
        }
        Ok(self.next)
    }

    fn poll(&mut self, tell: &mut impl FnMut(Happening)) -> Result<(), str0m::RtcError> {
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
                        tell(happening);
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
                Some(Happening::Received { mid, packet: Box::new(packet), at: self.arrived })
            }
            Event::KeyframeRequest(request) => Some(Happening::KeyframeWanted { mid: request.mid.to_string() }),
            _ => None,
        }
    }
}

impl AsRawFd for Peer {
    /// The socket, to wait for what arrives.
    fn as_raw_fd(&self) -> RawFd {
        self.link.as_raw_fd()
    }
}
