//! A peer connection by `str0m`: ICE-lite, DTLS, and all that is received, in RTP mode. How `str0m` is set up and what of it is
//! relied upon is only known here. What is sent goes around it, through [`Slots`].

mod maker;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rtc_egress::Sink;
use rtc_protocol::{Codec, Layer, MediaKind, SessionId, Track, TrackRef};
use rtc_red::Restorer;
use rtc_sfu::{LayerRef, PacketInfo, Rewrite, SlotId, SlotSpec, keyframe};
use str0m::format::PayloadParams;
use str0m::media::{KeyframeRequestKind, Mid, Pt, Rid};
use str0m::net::{Protocol as NetProtocol, Receive};
use str0m::rtp::RtpPacket;
use str0m::{Event, IceConnectionState, Input, Output, Rtc};

use crate::OfferError;
use crate::answer;
use crate::clock::{Anchor, SourceClock};
use crate::missing::Missing;
use crate::offer::{Offer, SendingLine, grown};
use crate::peer::{Datagram, MediaPacket, Peer, PeerEvent, PeerFault, PeerOutput, Route, Taken, Transmit, Transport, Written};
use crate::route::{Protocol, Ufrag};
use crate::slots::Slots;

pub(crate) use maker::PeerMaker;

/// Synchronisation sources a client may have: three tracks, two layers, each with its retransmissions, and as many again
/// for a browser that starts them anew.
const SOURCES: usize = 32;
/// How often the list of sources is begun anew, so that a long session is not shut out.
const SOURCES_KEPT: Duration = Duration::from_secs(60);
/// `str0m` is told the time no sooner than this after it was told last.
const SOONEST: Duration = Duration::from_millis(1);
/// How often it is looked at where the connection means to send, besides every time that it sends something itself.
const LOOKED: Duration = Duration::from_millis(500);

/// What is missed is asked for no sooner than this after it was asked for last, whatever it is.
const ASKED: Duration = Duration::from_millis(20);
/// A request for a key frame is repeated so often where much is lost, so long after the one before. A browser that has heard one
/// takes no notice of the others.
const KEYFRAMES_AGAIN: u8 = 2;
const KEYFRAME_AGAIN: Duration = Duration::from_millis(15);

/// Bytes of an RTP header with the extensions that are usual.
const RTP_HEADER: usize = 20;

/// A client's peer connection.
pub(crate) struct Str0mPeer {
    session: SessionId,
    rtc: Rtc,
    ufrag: Ufrag,
    sending: Vec<Sending>,
    slots: Slots,
    /// Where it means to send.
    route: Option<Route>,
    /// When `str0m` wants to be told the time.
    rtc_due: Instant,
    sources: Vec<Source>,
    sources_since: Instant,
    /// What the client's reports say.
    round_trip: Option<Duration>,
    /// When something that is missed was asked for last, and when it is next.
    asked: Instant,
    asks: Option<Instant>,
    /// Kept for its allocation.
    numbers: Vec<u16>,
    /// Packets of sound that came inside of the last one, and that one itself.
    restored: VecDeque<MediaPacket>,
    clock: SourceClock,
    connected: bool,
    /// The time of the last input: what follows from it happens at that time.
    now: Instant,
}

/// A line the client sends on.
struct Sending {
    mid: Mid,
    track: Track,
}

/// A synchronisation source of the client: of a layer, or of its retransmissions.
struct Source {
    ssrc: u32,
    layer: Option<LayerRef>,
    format: Option<(Pt, Codec, Arc<PayloadParams>)>,
    anchor: Option<Anchor>,
    /// Which packets of sound have come; some come inside of others.
    restorer: Restorer,
    /// Which packets of pictures have not.
    missing: Missing,
    /// How often a key frame is to be asked for once more, and when.
    keyframe: Option<(u8, Instant)>,
}

impl Str0mPeer {
    /// Nothing is negotiated yet.
    fn new(now: Instant, session: SessionId, (rtc, ufrag): (Rtc, Ufrag), slots: Slots) -> Self {
        Self {
            session,
            rtc,
            ufrag,
            sending: Vec::new(),
            slots,
            route: None,
            rtc_due: now,
            sources: Vec::new(),
            sources_since: now,
            round_trip: None,
            asked: now,
            asks: None,
            numbers: Vec::new(),
            restored: VecDeque::new(),
            clock: SourceClock::new(now),
            connected: false,
            now,
        }
    }
}

impl Peer for Str0mPeer {
    fn handle_offer(&mut self, now: Instant, offer: Offer) -> Result<String, OfferError> {
        (self.now, self.rtc_due) = (now, now);
        let lines = grown(offer.slots, self.slots.lines())?;
        self.slots.lend(&mut self.rtc);
        let accepted = self.rtc.sdp_api().accept_offer(offer.sdp);
        self.slots.take_back(&mut self.rtc);
        // An ICE restart gave us credentials that name no shard, also where the offer was refused after that.
        let restarted = self.replace_credentials();
        let answer = accepted.map_err(|e| OfferError::Sdp(e.to_string()))?.to_sdp_string();
        let answer = answer::finished(&answer, &lines, restarted.as_ref())?;

        self.sending = offer.sending.iter().map(Sending::from).collect();
        self.slots.adopt(now, &mut self.rtc, lines);
        // Payload types may have been added to.
        self.sources.iter_mut().for_each(|source| source.format = None);
        Ok(answer)
    }

    fn ufrag(&self) -> Ufrag {
        self.ufrag
    }

    fn slots(&self) -> Vec<SlotSpec> {
        self.slots.specs()
    }

    fn slot_mid(&self, slot: SlotId) -> Option<&str> {
        self.slots.mid(slot)
    }

    fn proves(&self, now: Instant, datagram: &Datagram<'_>) -> bool {
        receive(datagram).is_some_and(|receive| self.rtc.accepts(&Input::Receive(now, receive)))
    }

    fn handle_datagram(&mut self, now: Instant, datagram: &Datagram<'_>) -> Taken {
        self.now = now;
        match datagram.protocol {
            Protocol::Rtp => {
                let Some(ssrc) = rtp_ssrc(datagram.bytes) else { return Taken::Malformed };
                if !self.admit(now, ssrc) {
                    return Taken::TooManySources;
                }
                self.sources.iter_mut().filter(|source| source.ssrc == ssrc).for_each(|source| source.missing.handle_arrival());
            }
            Protocol::Rtcp if datagram.bytes.len() < 8 => return Taken::Malformed,
            Protocol::Rtcp => match self.slots.handle_rtcp(now, datagram.bytes) {
                rtc_egress::Taken::Whole => return Taken::Yes,
                rtc_egress::Taken::Refused => return Taken::BadRtcp,
                // `str0m` decrypts it once more, and knows no source that the rest of it is about.
                rtc_egress::Taken::Shared | rtc_egress::Taken::NotYet => {}
            },
            _ => {}
        }
        let Some(receive) = receive(datagram) else { return Taken::Malformed };
        self.rtc_due = now;
        match self.rtc.handle_input(Input::Receive(now, receive)) {
            Ok(()) => Taken::Yes,
            Err(e) => {
                // A client can send what it likes; whether the connection survived shows at the next poll.
                tracing::debug!(session = %self.session, "datagram refused: {e}");
                Taken::Refused
            }
        }
    }

    fn handle_timeout(&mut self, now: Instant) -> Result<(), PeerFault> {
        self.now = now;
        if self.asks.is_some_and(|at| at <= now) {
            self.ask_for_missing(now);
        }
        if now < self.rtc_due {
            return Ok(());
        }
        self.rtc.handle_input(Input::Timeout(now)).map_err(|e| PeerFault(e.to_string()))
    }

    fn poll_output(&mut self) -> Result<PeerOutput, PeerFault> {
        while self.rtc_due <= self.now {
            if let Some(packet) = self.restored.pop_front() {
                return Ok(PeerOutput::Event(PeerEvent::Packet(packet)));
            }
            match self.rtc.poll_output().map_err(|e| PeerFault(e.to_string()))? {
                Output::Transmit(transmit) => {
                    let transport = transport(transmit.proto);
                    let bytes: Vec<u8> = transmit.contents.into();
                    // STUN is answered where it came from; everything else goes where media goes.
                    if !matches!(Protocol::of(&bytes), Protocol::Stun) {
                        self.route = Some((transport, transmit.destination));
                    }
                    return Ok(PeerOutput::Transmit(Transmit { transport, destination: transmit.destination, bytes }));
                }
                Output::Event(event) => {
                    if let Some(event) = self.handle_event(event) {
                        return Ok(PeerOutput::Event(event));
                    }
                }
                Output::Timeout(_) if !self.rtc.is_alive() => return Ok(PeerOutput::Event(PeerEvent::Closed)),
                Output::Timeout(at) => {
                    self.slots.look_for_keys();
                    // A time that is over already would be asked for again and again.
                    self.rtc_due = at.max(self.now + SOONEST);
                }
            }
        }
        if let Some(event) = self.slots.poll_event(self.now) {
            return Ok(PeerOutput::Event(event));
        }
        let due = [self.slots.poll_timeout(), self.asks].into_iter().flatten().fold(self.rtc_due, Instant::min);
        Ok(PeerOutput::Timeout(due))
    }

    fn write(&mut self, now: Instant, packet: &MediaPacket, rewrite: &Rewrite) -> Written {
        self.slots.write(&self.rtc, now, packet, rewrite)
    }

    fn route(&self) -> Option<Route> {
        self.route
    }

    fn wants_to_send(&self, now: Instant) -> bool {
        self.slots.wants_to_send(now)
    }

    fn send(&mut self, now: Instant, out: &mut dyn Sink) {
        self.slots.send(now, out);
    }

    fn request_keyframe(&mut self, track: Track, layer: Layer) {
        let wanted = LayerRef { source: TrackRef { publisher: self.session, track }, layer };
        // The newest source of a layer is the one that is alive.
        let Some(source) = self.sources.iter_mut().rev().find(|source| source.layer == Some(wanted)) else { return };
        if source.missing.is_bad() {
            source.keyframe = Some((KEYFRAMES_AGAIN, self.now + KEYFRAME_AGAIN));
            self.asks = earlier(self.asks, self.now + KEYFRAME_AGAIN);
        }
        if let Some(stream) = self.rtc.direct_api().stream_rx(&source.ssrc.into()) {
            stream.request_keyframe(KeyframeRequestKind::Pli);
            self.rtc_due = self.now;
        }
    }

    fn set_goal(&mut self, most: u64, least: u64) {
        self.slots.set_goal(self.now, most, least);
    }

    fn close(&mut self) {
        self.slots.close();
        self.rtc_due = self.now;
        if let Err(e) = self.rtc.close() {
            tracing::debug!(session = %self.session, "closing: {e}");
        }
    }
}

impl Str0mPeer {
    fn handle_event(&mut self, event: Event) -> Option<PeerEvent> {
        match event {
            Event::Connected
            | Event::IceConnectionStateChange(IceConnectionState::Connected | IceConnectionState::Completed) => {
                let first = !self.connected && self.rtc.is_connected();
                self.connected |= first;
                first.then_some(PeerEvent::Connected)
            }
            Event::IceConnectionStateChange(IceConnectionState::Disconnected) => {
                std::mem::take(&mut self.connected).then_some(PeerEvent::Lost)
            }
            Event::Closed => Some(PeerEvent::Closed),
            Event::RtpPacket(packet) => match self.media_packet(packet) {
                None => Some(PeerEvent::Unexpected),
                Some((source, packet)) if packet.info.layer.source.track == Track::Microphone => {
                    self.restore(source, packet);
                    None
                }
                Some((_, packet)) => Some(PeerEvent::Packet(packet)),
            },
            Event::MediaIngressStats(stats) => {
                self.round_trip = stats.rtt.or(self.round_trip);
                None
            }
            Event::PeerStats(stats) => {
                let pair = stats.selected_candidate_pair?;
                self.route = Some((transport(pair.protocol), pair.remote.addr));
                None
            }
            Event::SenderFeedback(feedback) => {
                let info = feedback.sender_info;
                let rtp = info.rtp_time.numer() as u32;
                let anchor = self.clock.handle_report(feedback.received_at, info.ntp_time, rtp);
                let source = self.sources.iter_mut().find(|source| source.ssrc == *info.ssrc)?;
                source.anchor = anchor.or(source.anchor);
                None
            }
            _ => None,
        }
    }

    /// Makes what forwarding needs of a packet, and tells its source. `None` for a packet of a line without a track, or
    /// without a known codec.
    fn media_packet(&mut self, packet: RtpPacket) -> Option<(usize, MediaPacket)> {
        let RtpPacket { header, .. } = &packet;
        let ssrc = *header.ssrc;
        // RTX packets come out under the source they repair, which may not have been seen by itself yet.
        if !self.admit(self.now, ssrc) {
            return None;
        }
        let index = self.sources.iter().position(|source| source.ssrc == ssrc)?;
        if self.sources[index].layer.is_none() {
            self.sources[index].layer = self.layer_of(ssrc, header.ext_vals.mid, header.ext_vals.rid);
        }
        let layer = self.sources[index].layer?;
        if self.sources[index].format.as_ref().is_none_or(|(pt, ..)| *pt != header.payload_type) {
            let pt = header.payload_type;
            let params = self.rtc.codec_config().find(|params| params.pt() == pt || params.red() == Some(pt))?;
            let codec = codec(params.spec().codec)?;
            self.sources[index].format = Some((header.payload_type, codec, Arc::new(*params)));
        }
        let source = &self.sources[index];
        let (_, codec, format) = source.format.as_ref()?;
        let format = format.clone();
        let clock_rate = packet.time.frequency().get();
        let captured = self.clock.captured(source.anchor, header.timestamp, clock_rate, packet.timestamp);
        let info = PacketInfo {
            layer,
            ssrc,
            seq: *packet.seq_no,
            time: packet.time.numer(),
            clock_rate,
            size: RTP_HEADER + packet.payload.len(),
            marker: header.marker,
            keyframe: layer.source.track.kind() == MediaKind::Video && keyframe::is_switch_point(*codec, &packet.payload),
            // str0m gives dB, RFC 6464 has -dB.
            level: header.ext_vals.audio_level.map(|db| db.unsigned_abs().min(127)),
            captured,
            arrived: packet.timestamp,
        };
        if layer.source.track.kind() == MediaKind::Video {
            let missing = &mut self.sources[index].missing;
            missing.handle_packet(packet.timestamp, info.seq, header.ext_vals.abs_send_time, info.keyframe);
            if let Some(due) = missing.due() {
                self.asks = earlier(self.asks, due.max(self.asked + ASKED));
            }
        }
        let packet = MediaPacket {
            info,
            format,
            audio_level: header.ext_vals.audio_level,
            voice_activity: header.ext_vals.voice_activity,
            orientation: header.ext_vals.video_orientation,
            payload: packet.payload,
        };
        Some((index, packet))
    }

    /// Asks for what is missed and due.
    fn ask_for_missing(&mut self, now: Instant) {
        let Self { sources, slots, numbers, .. } = self;
        (self.asked, self.asks) = (now, None);
        for source in sources {
            if let Some((left, at)) = source.keyframe
                && at <= now
            {
                slots.request_keyframe(source.ssrc);
                source.keyframe = (left > 1).then(|| (left - 1, now + KEYFRAME_AGAIN));
            }
            numbers.clear();
            source.missing.ask(now, self.round_trip, numbers);
            slots.request_missing(source.ssrc, numbers);
            let due = [source.missing.due().map(|due| due.max(now + ASKED)), source.keyframe.map(|(_, at)| at)];
            self.asks = due.into_iter().flatten().fold(self.asks, earlier);
        }
    }

    /// Unwraps a packet of sound, and finds out which it carries have not come before (RFC 2198).
    fn restore(&mut self, source: usize, packet: MediaPacket) {
        let Self { sources, restored, .. } = self;
        let Some(Source { format: Some((pt, ..)), restorer, .. }) = sources.get_mut(source) else { return };
        let info = packet.info;
        if packet.format.red() != Some(*pt) {
            if restorer.take(info.seq) {
                restored.push_back(packet);
            }
            return;
        }
        let opus = *packet.format.pt();
        let result = restorer.take_wrapped(info.seq, opus, &packet.payload, |frame| {
            let is_newest = frame.offset == 0;
            let earlier = Duration::from_micros(u64::from(frame.offset) * 1_000_000 / u64::from(info.clock_rate));
            let info = PacketInfo {
                seq: frame.seq,
                size: RTP_HEADER + frame.payload.len(),
                time: info.time.saturating_sub(frame.offset.into()),
                captured: info.captured.checked_sub(earlier).unwrap_or(info.captured),
                marker: info.marker && is_newest,
                // Its level stands for those before it as well: it was spoken just before.
                ..info
            };
            restored.push_back(MediaPacket {
                info,
                payload: frame.payload.into(),
                audio_level: packet.audio_level.filter(|_| is_newest),
                voice_activity: packet.voice_activity.filter(|_| is_newest),
                ..packet.clone()
            });
        });
        if let Err(error) = result {
            tracing::debug!(session = %self.session, "a packet of sound was dropped: {error}");
        }
    }

    /// The layer a source belongs to, by the header extensions of its first packets, or by what the SDP told.
    fn layer_of(&mut self, ssrc: u32, mid: Option<Mid>, rid: Option<Rid>) -> Option<LayerRef> {
        let (mid, rid) = match mid {
            Some(mid) => (mid, rid),
            None => {
                let mut api = self.rtc.direct_api();
                let stream = api.stream_rx(&ssrc.into())?;
                (stream.mid(), stream.rid())
            }
        };
        let track = self.sending.iter().find(|line| line.mid == mid)?.track;
        let small = track == Track::Camera && rid.is_some_and(|rid| &*rid == Layer::Small.rid());
        let layer = if small { Layer::Small } else { Layer::Big };
        Some(LayerRef { source: TrackRef { publisher: self.session, track }, layer })
    }

    /// Whether a source may be worked in. The list is bounded, because each source costs memory below.
    fn admit(&mut self, now: Instant, ssrc: u32) -> bool {
        if self.sources.iter().any(|source| source.ssrc == ssrc) {
            return true;
        }
        if self.sources.len() >= SOURCES {
            if now.saturating_duration_since(self.sources_since) < SOURCES_KEPT {
                return false;
            }
            self.sources.clear();
            self.sources_since = now;
        }
        self.sources.push(Source {
            ssrc,
            layer: None,
            format: None,
            anchor: None,
            restorer: Restorer::default(),
            missing: Missing::new(now),
            keyframe: None,
        });
        true
    }

    /// Gives the session credentials of ours again if it made some of its own.
    fn replace_credentials(&mut self) -> Option<str0m::IceCreds> {
        let mut api = self.rtc.direct_api();
        let current = api.local_ice_credentials();
        if Ufrag::parse(current.ufrag.as_bytes()) == Some(self.ufrag) {
            return None;
        }
        let (ufrag, credentials) = Ufrag::credentials(self.session.shard());
        api.set_local_ice_credentials(credentials.clone());
        self.ufrag = ufrag;
        Some(credentials)
    }
}

impl From<&SendingLine> for Sending {
    fn from(line: &SendingLine) -> Self {
        Self { mid: Mid::from(line.mid.as_str()), track: line.track }
    }
}

/// The earlier of a time that may be and one that is.
fn earlier(at: Option<Instant>, other: Instant) -> Option<Instant> {
    Some(at.map_or(other, |at| at.min(other)))
}

fn codec(codec: str0m::format::Codec) -> Option<Codec> {
    use str0m::format::Codec as C;
    Some(match codec {
        C::Opus => Codec::Opus,
        C::Vp8 => Codec::Vp8,
        C::H264 => Codec::H264,
        C::Vp9 => Codec::Vp9,
        C::Av1 => Codec::Av1,
        _ => return None,
    })
}

fn receive<'a>(datagram: &Datagram<'a>) -> Option<Receive<'a>> {
    let protocol = match datagram.transport {
        Transport::Udp => NetProtocol::Udp,
        Transport::Tcp => NetProtocol::Tcp,
    };
    Receive::new(protocol, datagram.source, datagram.local, datagram.bytes).ok()
}

fn transport(protocol: NetProtocol) -> Transport {
    match protocol {
        NetProtocol::Udp => Transport::Udp,
        _ => Transport::Tcp,
    }
}

/// The source of an RTP packet whose header and extensions lie within the datagram (RFC 3550 section 5.1).
pub(crate) fn rtp_ssrc(bytes: &[u8]) -> Option<u32> {
    let ssrc = u32::from_be_bytes(*bytes.get(8..)?.first_chunk()?);
    let mut header = 12 + 4 * usize::from(bytes[0] & 0x0f);
    if bytes[0] & 0x10 != 0 {
        let words = u16::from_be_bytes(*bytes.get(header + 2..)?.first_chunk()?);
        header += 4 + 4 * usize::from(words);
    }
    (bytes.len() > header).then_some(ssrc)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_rtp_header_must_lie_within_its_datagram() {
        let mut packet = vec![0x91, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7, 1, 1, 1, 1, 0xbe, 0xde, 0, 1, 9, 9, 9, 9, 0xff];
        assert_eq!(rtp_ssrc(&packet), Some(7));
        for cut in 0..packet.len() {
            assert_eq!(rtp_ssrc(&packet[..cut]), None, "cut at {cut}");
        }
        packet[19] = 2;
        assert_eq!(rtp_ssrc(&packet), None, "extensions longer than the datagram");
    }
}
