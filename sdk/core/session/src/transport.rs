//! One peer connection: three sending lines and a growing pool of receiving pairs. It always offers, and it does not know
//! who is on which line. How `str0m` is set up and what of it is relied upon is only known here.

mod again;
mod receiving;
mod sending;
mod uplink;

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use rtc_protocol::{Codec, Layer, Lines, MediaOffer, OfferPurpose, SlotPair, Track};
use str0m::bwe::{Bitrate, BweKind};
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::format::Codec as WireCodec;
use str0m::media::{Direction, KeyframeRequestKind, MediaKind, Mid, Pt, Rid, Simulcast, SimulcastLayer};
use str0m::net::{Protocol as WireProtocol, Receive, TcpType};
use str0m::rtp::RawPacket;
use str0m::rtp::rtcp::Rtcp;
use str0m::{Candidate, Event as RtcEvent, IceConnectionState, Input as RtcInput, Output as RtcOutput, Rtc};

use crate::statistics::Path;
use crate::{Config, Incoming, Line, MediaPaths, Outgoing, Output, Protocol, SourceClock};

use self::again::{Again, Datagram};
use self::uplink::Uplink;
pub(crate) use receiving::{Format, Receiver};
pub(crate) use sending::Senders;

/// Nothing heard for so long: the path is taken for lost. Checks are answered every two seconds at least.
const SILENCE: Duration = Duration::from_secs(5);
/// Nothing heard for so long, where much was heard just before: another path had better be looked for.
const HUSH: Duration = Duration::from_millis(1500);
/// Datagrams a second that are much: where four of five are lost, that many are never all of them.
const MUCH: u32 = 20;
/// The longest pause between two checks of a path. A path that is there again, and an address that a translator on the way has
/// changed, are found out by the next one.
const CHECK: Duration = Duration::from_millis(500);
/// Checks in a row that may stay without an answer, a minute of them: where four of five packets are lost, nine in a row are
/// nothing strange, and whether anything is heard is what tells that a path is lost.
const CHECKS: usize = 120;
/// How often `str0m` tells its counters, and reports arrivals of sound.
const COUNTERS: Duration = Duration::from_secs(1);

/// Whether media can flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PathState {
    /// No path was found yet.
    Coming,
    /// ICE and DTLS are through, and something was heard lately.
    Up,
    /// There was a path.
    Lost,
}

/// What happened on a peer connection.
#[derive(Debug)]
pub(crate) enum Happening {
    Packet { line: Line, packet: Incoming },
    Clock { line: Line, clock: SourceClock },
    KeyframeWanted { track: Track, layer: Layer },
    Uplink { bits_per_second: u64 },
}

pub(crate) struct Transport {
    connection: u16,
    rtc: Rtc,
    paths: MediaPaths,
    tcp_after: Duration,
    lines: Lines,
    offered: Option<(SdpPendingOffer, Lines)>,
    /// The receiving lines, those that are only offered included.
    mids: BTreeMap<Mid, Line>,
    /// What each payload type stands for.
    formats: [Option<Format>; 128],
    senders: Senders,
    again: Again,
    uplink: Uplink,
    receivers: BTreeMap<Line, Receiver>,
    candidates: Vec<(Protocol, SocketAddr, Candidate)>,
    /// Where the engine is, by the last answer.
    udp: Vec<SocketAddr>,
    tcp: Vec<SocketAddr>,
    /// When TCP is tried as well.
    tcp_at: Option<Instant>,
    ice: IceConnectionState,
    /// Whether ICE and DTLS were through once.
    is_connected: bool,
    /// Whether the path in use was closed or ICE gave it up, and ICE has found no other since.
    is_broken: bool,
    heard_at: Instant,
    /// Datagrams of the second that began then, and of the one before.
    heard: (Instant, u32, u32),
    /// The time of the last [`Transport::handle_timeout`].
    looked_at: Instant,
    path: Option<Path>,
    next: Instant,
    happenings: VecDeque<Happening>,
    /// Whether `str0m` gave up on this connection.
    is_dead: bool,
    round_trip: Option<Duration>,
    bytes: (u64, u64),
}

impl Transport {
    /// A connection with so many receiving pairs, of which nothing was offered yet.
    pub(crate) fn new(connection: u16, config: &Config, now: Instant) -> Self {
        let mut builder = Rtc::builder()
            .set_rtp_mode(true)
            .clear_codecs()
            .enable_opus(true, true)
            .set_stats_interval(Some(COUNTERS))
            .set_rtcp_report_interval_audio(COUNTERS)
            // What the other side misses is told by nothing else.
            .enable_raw_packets(true)
            .enable_bwe(config.uplink_estimate.map(Bitrate::from));
        for codec in &config.video_codecs {
            builder = match codec {
                Codec::Opus => builder,
                Codec::Vp8 => builder.enable_vp8(true),
                Codec::H264 => builder.enable_h264(true),
                Codec::Vp9 => builder.enable_vp9(true),
                Codec::Av1 => builder.enable_av1(true),
            };
        }
        builder.set_max_stun_rto(CHECK);
        builder.set_max_stun_retransmits(CHECKS);
        Self {
            connection,
            rtc: builder.build(now),
            paths: config.paths,
            tcp_after: config.tcp_after,
            lines: Lines::default(),
            offered: None,
            mids: BTreeMap::new(),
            formats: [None; 128],
            senders: Senders::default(),
            again: Again::default(),
            uplink: Uplink::default(),
            receivers: BTreeMap::new(),
            candidates: Vec::new(),
            udp: Vec::new(),
            tcp: Vec::new(),
            tcp_at: None,
            ice: IceConnectionState::New,
            is_connected: false,
            is_broken: false,
            heard_at: now,
            heard: (now, 0, 0),
            looked_at: now,
            path: None,
            next: now,
            happenings: VecDeque::new(),
            is_dead: false,
            round_trip: None,
            bytes: (0, 0),
        }
    }

    pub(crate) fn connection(&self) -> u16 {
        self.connection
    }

    /// Receiving pairs that were negotiated.
    pub(crate) fn pairs(&self) -> u16 {
        u16::try_from(self.lines.slots.len()).unwrap_or(u16::MAX)
    }

    /// Offers, with at least so many receiving pairs. An offer that was not answered is void. Nothing where there is nothing
    /// to negotiate.
    pub(crate) fn offer(&mut self, purpose: OfferPurpose, pairs: u16) -> Option<MediaOffer> {
        let mut lines = self.lines.clone();
        self.mids.retain(|_, line| usize::from(line.index()) < lines.slots.len() * 2);
        let mut api = self.rtc.sdp_api();
        if lines.microphone.is_none() {
            lines.microphone = Some(api.add_media(MediaKind::Audio, Direction::SendOnly, None, None, None).to_string());
            let mut layers = Simulcast::new();
            layers.add_send_layer(SimulcastLayer::new(Layer::Big.rid()));
            layers.add_send_layer(SimulcastLayer::new(Layer::Small.rid()));
            lines.camera = Some(api.add_media(MediaKind::Video, Direction::SendOnly, None, None, Some(layers)).to_string());
            lines.screen = Some(api.add_media(MediaKind::Video, Direction::SendOnly, None, None, None).to_string());
        }
        for index in lines.slots.len()..usize::from(pairs) {
            let mut add = |kind, place: usize| {
                let mid = api.add_media(kind, Direction::RecvOnly, None, None, None);
                // Fits: an offer has at most some hundred sections.
                self.mids.insert(mid, Line::new(self.connection, (index * 2 + place) as u16));
                Some(mid.to_string())
            };
            let (audio, video) = (add(MediaKind::Audio, 0), add(MediaKind::Video, 1));
            lines.slots.push(SlotPair { audio, video });
        }
        if purpose == OfferPurpose::Restart {
            // New sockets are opened when the answer is there: the old ones may be on a network that is gone.
            api.ice_restart(false);
        }
        let (offer, pending) = api.apply()?;
        self.offered = Some((pending, lines.clone()));
        Some(MediaOffer { purpose, sdp: offer.to_sdp_string(), lines })
    }

    /// Takes the engine's answer to the last offer, and opens paths to it where the offer needs new ones.
    pub(crate) fn accept(
        &mut self,
        now: Instant,
        purpose: OfferPurpose,
        sdp: &str,
        outputs: &mut VecDeque<Output>,
    ) -> Result<(), String> {
        let (pending, lines) = self.offered.take().ok_or("there is no offer to answer")?;
        let answer = SdpAnswer::from_sdp_string(sdp).map_err(|error| error.to_string())?;
        self.rtc.sdp_api().accept_answer(pending, answer).map_err(|error| error.to_string())?;
        self.lines = lines;
        for params in self.rtc.codec_config().params() {
            let Some(codec) = codec_of(params.spec().codec) else { continue };
            let mut set = |pt: Pt, format| {
                if let Some(place) = self.formats.get_mut(usize::from(*pt)) {
                    *place = Some(format);
                }
            };
            set(params.pt(), Format { codec, wraps: None });
            if let Some(red) = params.red() {
                set(red, Format { codec, wraps: Some(*params.pt()) });
            }
        }
        self.senders.negotiated(&mut self.rtc, &self.lines);
        if purpose != OfferPurpose::Grow {
            self.udp = candidates(sdp, "udp");
            self.tcp = candidates(sdp, "tcp");
            self.candidates.clear();
            if self.state(now) == PathState::Up {
                // The new path gets its time; one that was lost is lost until something is heard.
                self.heard_at = now;
                self.heard = (now, 0, 0);
            }
            self.again.clear();
            outputs.push_back(Output::ClosePaths);
            if self.paths != MediaPaths::Tcp {
                outputs.push_back(Output::OpenPaths { protocol: Protocol::Udp, remotes: self.udp.clone() });
            }
            self.tcp_at = match self.paths {
                MediaPaths::Udp => None,
                MediaPaths::UdpThenTcp => Some(now + self.tcp_after),
                MediaPaths::Tcp => Some(now),
            };
        }
        self.next = now;
        self.flush(now, outputs);
        Ok(())
    }

    /// A media socket is there.
    pub(crate) fn path_opened(&mut self, now: Instant, protocol: Protocol, local: SocketAddr, outputs: &mut VecDeque<Output>) {
        if self.candidates.len() >= 2 * Output::MOST_PATHS
            || self.candidates.iter().any(|(p, l, _)| (*p, *l) == (protocol, local))
        {
            return;
        }
        let candidate = match protocol {
            Protocol::Udp => Candidate::host(local, "udp"),
            // RFC 6544 section 4.1: who connects is active.
            Protocol::Tcp => Candidate::builder().tcp().host(local).tcptype(TcpType::Active).build(),
        };
        match candidate {
            Ok(candidate) => {
                self.rtc.add_local_candidate(candidate.clone());
                self.candidates.push((protocol, local, candidate));
                self.next = now;
                self.flush(now, outputs);
            }
            Err(error) => tracing::warn!(%local, %error, "an own address cannot be used"),
        }
    }

    /// A media socket is gone.
    pub(crate) fn path_closed(&mut self, protocol: Protocol, local: SocketAddr) {
        let Some(at) = self.candidates.iter().position(|(p, l, _)| (*p, *l) == (protocol, local)) else { return };
        let (_, _, candidate) = self.candidates.remove(at);
        self.rtc.direct_api().invalidate_candidate(&candidate);
        if self.path.is_some_and(|path| path.protocol == protocol && path.local == local) {
            self.is_broken = true;
        }
    }

    pub(crate) fn handle_datagram(
        &mut self,
        now: Instant,
        (protocol, source, local): (Protocol, SocketAddr, SocketAddr),
        bytes: &[u8],
        outputs: &mut VecDeque<Output>,
    ) {
        if self.is_dead || !(self.udp.contains(&source) || self.tcp.contains(&source)) {
            return;
        }
        let Ok(receive) = Receive::new(wire(protocol), source, local, bytes) else { return };
        self.hear(now);
        self.bytes.1 += bytes.len() as u64;
        self.input(RtcInput::Receive(now, receive));
        self.flush(now, outputs);
    }

    pub(crate) fn handle_timeout(&mut self, now: Instant, outputs: &mut VecDeque<Output>) {
        self.looked_at = now;
        if self.tcp_at.is_some_and(|at| at <= now) {
            self.tcp_at = None;
            if self.state(now) != PathState::Up {
                outputs.push_back(Output::OpenPaths { protocol: Protocol::Tcp, remotes: self.tcp.clone() });
            }
        }
        if self.next <= now {
            self.input(RtcInput::Timeout(now));
            self.flush(now, outputs);
        }
        if let Some(verdict) = self.uplink.judge(now, self.again.unasked()) {
            if let Some(bits_per_second) = verdict.begin_anew {
                self.rtc.bwe().reset(Bitrate::from(bits_per_second));
            }
            self.happenings.push_back(Happening::Uplink { bits_per_second: verdict.media });
        }
        if self.state(now) == PathState::Up {
            while let Some(copy) = self.again.poll(now) {
                if let Output::Transmit { bytes, .. } = &copy {
                    self.bytes.0 += bytes.len() as u64;
                }
                outputs.push_back(copy);
            }
        } else {
            self.again.clear();
        }
    }

    /// What was lost on both ways lately, in percent.
    pub(crate) fn know_loss(&mut self, up: Option<f32>, down: Option<f32>) {
        // Reports of each packet tell what was lost from what was late, and come to whoever sends, though he hear nobody.
        let (up, down) = (self.uplink.loss().or(up), down.or_else(|| self.uplink.way_back_loss()));
        self.again.know_loss(up, down);
    }

    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        if self.is_dead {
            return None;
        }
        // Once it was seen to be silent there is nothing more to wait for.
        let ahead =
            |silence| Some(self.heard_at + silence).filter(|at| self.is_connected && !self.is_broken && *at > self.looked_at);
        let due = [Some(self.next), self.tcp_at, ahead(HUSH), ahead(SILENCE), self.again.poll_timeout()];
        due.into_iter().flatten().min()
    }

    /// Whether the path seems to work, but nothing comes where much came until now.
    pub(crate) fn is_hushed(&self, now: Instant) -> bool {
        let (_, this, before) = self.heard;
        self.is_connected && now.saturating_duration_since(self.heard_at) >= HUSH && this.max(before) >= MUCH
    }

    fn hear(&mut self, now: Instant) {
        let gap = now.saturating_duration_since(self.heard_at);
        self.heard_at = now;
        let (since, this, _) = &mut self.heard;
        if now.saturating_duration_since(*since) < Duration::from_secs(1) {
            *this += 1;
        } else {
            // After a silence nothing is left of what was before.
            self.heard = (now, 1, if gap < HUSH { *this } else { 0 });
        }
    }

    pub(crate) fn state(&self, now: Instant) -> PathState {
        if !self.is_connected {
            return PathState::Coming;
        }
        let is_silent = now.saturating_duration_since(self.heard_at) >= SILENCE;
        if self.is_dead || self.is_broken || is_silent { PathState::Lost } else { PathState::Up }
    }

    /// Whether it will never work again.
    pub(crate) fn is_dead(&self) -> bool {
        self.is_dead
    }

    /// Whether there was a path, which a restart could bring back.
    pub(crate) fn had_path(&self) -> bool {
        self.is_connected && !self.is_dead
    }

    /// Sends a packet. False where the line or the codec was not negotiated, there is no path (what was queued now would be
    /// of no use later, and nothing would bound it), or too much waits already.
    pub(crate) fn send(&mut self, now: Instant, packet: &Outgoing, outputs: &mut VecDeque<Output>) -> bool {
        if self.state(now) != PathState::Up || !self.senders.write(&mut self.rtc, &self.lines, now, packet) {
            return false;
        }
        self.input(RtcInput::Timeout(now));
        self.flush(now, outputs);
        true
    }

    /// Asks for a key frame of what a line carries.
    pub(crate) fn want_keyframe(&mut self, now: Instant, line: Line, outputs: &mut VecDeque<Output>) {
        let Some((mid, _)) = self.mids.iter().find(|(_, known)| **known == line) else { return };
        if let Some(stream) = self.rtc.direct_api().stream_rx_by_mid(*mid, None) {
            stream.request_keyframe(KeyframeRequestKind::Pli);
            self.input(RtcInput::Timeout(now));
            self.flush(now, outputs);
        }
    }

    /// How far the uplink is probed.
    pub(crate) fn want_uplink(&mut self, bits_per_second: u64) {
        self.uplink.want(bits_per_second);
        self.rtc.bwe().set_bitrate(Bitrate::ZERO, Bitrate::from(bits_per_second));
    }

    /// The line with this mid.
    pub(crate) fn line(&self, mid: &str) -> Option<Line> {
        // A longer one would be cut to one that may be ours.
        if mid.len() > 16 {
            return None;
        }
        self.mids.get(&Mid::from(mid)).copied()
    }

    pub(crate) fn next_happening(&mut self) -> Option<Happening> {
        self.happenings.pop_front()
    }

    pub(crate) fn receiver(&mut self, line: Line) -> &mut Receiver {
        self.receivers.entry(line).or_default()
    }

    pub(crate) fn senders(&mut self) -> &mut Senders {
        &mut self.senders
    }

    pub(crate) fn path(&self) -> Option<Path> {
        self.path
    }

    pub(crate) fn round_trip(&self) -> Option<Duration> {
        self.round_trip
    }

    /// Bytes sent and received since this was asked last.
    pub(crate) fn take_bytes(&mut self) -> (u64, u64) {
        std::mem::take(&mut self.bytes)
    }

    fn input(&mut self, input: RtcInput<'_>) {
        if self.is_dead {
            return;
        }
        if let Err(error) = self.rtc.handle_input(input) {
            tracing::debug!(%error, "the peer connection refused an input");
        }
    }

    /// Takes what `str0m` has to say, until it has nothing more.
    fn flush(&mut self, now: Instant, outputs: &mut VecDeque<Output>) {
        while !self.is_dead {
            match self.rtc.poll_output() {
                Ok(RtcOutput::Timeout(next)) => {
                    self.next = next;
                    return;
                }
                Ok(RtcOutput::Transmit(transmit)) => {
                    let protocol = if transmit.proto == WireProtocol::Udp { Protocol::Udp } else { Protocol::Tcp };
                    let bytes: Vec<u8> = transmit.contents.into();
                    self.bytes.0 += bytes.len() as u64;
                    let (local, remote) = (transmit.source, transmit.destination);
                    let bytes = if protocol == Protocol::Udp {
                        let datagram = Datagram { local, remote, bytes };
                        self.again.sent(now, &datagram, |ssrc| self.senders.is_video(ssrc));
                        datagram.bytes
                    } else {
                        bytes
                    };
                    outputs.push_back(Output::Transmit { protocol, local, remote, bytes });
                }
                Ok(RtcOutput::Event(event)) => self.handle_event(now, event),
                Err(error) => {
                    tracing::warn!(%error, "the peer connection failed");
                    self.is_dead = true;
                }
            }
        }
    }

    fn handle_event(&mut self, now: Instant, event: RtcEvent) {
        match event {
            RtcEvent::Connected => {
                self.is_connected = true;
                self.is_broken = false;
                self.heard_at = now;
            }
            RtcEvent::IceConnectionStateChange(state) => {
                self.ice = state;
                match state {
                    IceConnectionState::Connected | IceConnectionState::Completed => self.is_broken = false,
                    IceConnectionState::Disconnected => self.is_broken = true,
                    IceConnectionState::New | IceConnectionState::Checking => {}
                }
            }
            RtcEvent::RtpPacket(packet) => {
                let ssrc = packet.header.ssrc;
                let Some(mid) = self.rtc.direct_api().stream_rx(&ssrc).map(|stream| stream.mid()) else { return };
                let Some(line) = self.mids.get(&mid).copied() else { return };
                let format = self.formats.get(usize::from(*packet.header.payload_type)).copied().flatten();
                let receiver = self.receivers.entry(line).or_default();
                let clock = receiver.take_clock(&packet);
                self.happenings.extend(clock.map(|clock| Happening::Clock { line, clock }));
                receiver.take(now, packet, format, |packet| self.happenings.push_back(Happening::Packet { line, packet }));
            }
            RtcEvent::RawPacket(packet) => match *packet {
                // Into a queue that is full nothing is put twice.
                RawPacket::RtcpRx(Rtcp::Nack(nack)) if !self.uplink.is_queueing() => {
                    let entries = nack.reports.iter().map(|entry| (entry.pid, entry.blp));
                    self.again.missed(now, *nack.ssrc, entries);
                }
                RawPacket::RtcpRx(Rtcp::Twcc(report)) => self.uplink.reported(now, report),
                RawPacket::RtpTx(header, bytes) => {
                    if let Some(number) = header.ext_vals.transport_cc {
                        self.uplink.sent(now, number, bytes.len(), self.senders.kind(*header.ssrc));
                    }
                }
                RawPacket::RtcpTx(packet) => self.again.controlled(now, &packet),
                _ => {}
            },
            RtcEvent::KeyframeRequest(request) => {
                let Some(track) = self.sending_track(request.mid) else { return };
                let layer = if request.rid == Some(Rid::from(Layer::Small.rid())) { Layer::Small } else { Layer::Big };
                self.senders.keyframe_wanted(track, layer);
                self.happenings.push_back(Happening::KeyframeWanted { track, layer });
            }
            RtcEvent::EgressBitrateEstimate(BweKind::Twcc { estimate, .. }) => {
                self.uplink.estimated(estimate.as_u64());
            }
            RtcEvent::MediaEgressStats(stats) => {
                if let Some(track) = self.sending_track(stats.mid) {
                    let layer = if stats.rid == Some(Rid::from(Layer::Small.rid())) { Layer::Small } else { Layer::Big };
                    self.senders.reported(now, track, layer, &stats, self.uplink.is_queueing());
                }
            }
            RtcEvent::PeerStats(stats) => {
                let pair = stats.selected_candidate_pair;
                self.round_trip = pair.as_ref().and_then(|pair| pair.current_round_trip_time).or(stats.rtt).or(self.round_trip);
                self.path = pair.map(|pair| Path {
                    protocol: if pair.protocol == WireProtocol::Udp { Protocol::Udp } else { Protocol::Tcp },
                    local: pair.local.addr,
                    remote: pair.remote.addr,
                });
            }
            _ => {}
        }
    }

    fn sending_track(&self, mid: Mid) -> Option<Track> {
        let is = |line: &Option<String>| line.as_deref().is_some_and(|line| Mid::from(line) == mid);
        let lines = [&self.lines.microphone, &self.lines.camera, &self.lines.screen];
        Track::ALL.into_iter().zip(lines).find(|(_, line)| is(line)).map(|(track, _)| track)
    }
}

fn wire(protocol: Protocol) -> WireProtocol {
    match protocol {
        Protocol::Udp => WireProtocol::Udp,
        Protocol::Tcp => WireProtocol::Tcp,
    }
}

fn codec_of(codec: WireCodec) -> Option<Codec> {
    Some(match codec {
        WireCodec::Opus => Codec::Opus,
        WireCodec::Vp8 => Codec::Vp8,
        WireCodec::H264 => Codec::H264,
        WireCodec::Vp9 => Codec::Vp9,
        WireCodec::Av1 => Codec::Av1,
        _ => return None,
    })
}

/// The candidates of a protocol (RFC 8839 section 5.1: foundation, component, transport, priority, address, port).
fn candidates(sdp: &str, protocol: &str) -> Vec<SocketAddr> {
    let mut found = Vec::new();
    for line in sdp.lines().filter_map(|line| line.strip_prefix("a=candidate:")) {
        let words: Vec<&str> = line.split(' ').take(6).collect();
        let [_, _, transport, _, ip, port] = words[..] else { continue };
        let (Ok(ip), Ok(port)) = (ip.parse(), port.parse()) else { continue };
        let address = SocketAddr::new(ip, port);
        if transport.eq_ignore_ascii_case(protocol) && !found.contains(&address) && found.len() < Output::MOST_PATHS {
            found.push(address);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_are_found_once_and_not_without_end() {
        let mut sdp = "a=candidate:1 1 udp 5 10.0.0.1 9 typ host\r\na=candidate:1 1 UDP 5 10.0.0.1 9 typ host\r\n\
            a=candidate:2 1 tcp 4 10.0.0.1 9 typ host tcptype passive\r\na=candidate:broken\r\n\
            a=candidate:1 1 udp 5 nonsense 9 typ host\r\n"
            .to_owned();
        assert_eq!(candidates(&sdp, "udp"), ["10.0.0.1:9".parse().expect("an address")]);
        assert_eq!(candidates(&sdp, "tcp").len(), 1);
        for port in 1..100 {
            sdp.push_str(&format!("a=candidate:1 1 udp 5 10.0.0.1 {port} typ host\r\n"));
        }
        assert_eq!(candidates(&sdp, "udp").len(), Output::MOST_PATHS);
    }
}
