//! One peer connection: three sending lines and a growing pool of receiving pairs. It always offers, and it does not know
//! who is on which line. How `str0m` is set up and what of it is relied upon is only known here.

mod again;
mod ends;
mod liveness;
mod negotiation;
mod receiving;
mod sending;
mod uplink;

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use rtc_protocol::{Codec, Layer, MediaOffer, OfferPurpose, Track};
use str0m::bwe::{Bitrate, BweKind};
use str0m::media::{KeyframeRequestKind, Mid, Rid};
use str0m::net::{Protocol as WireProtocol, Receive};
use str0m::rtp::RawPacket;
use str0m::rtp::rtcp::Rtcp;
use str0m::{Event as RtcEvent, IceConnectionState, Input as RtcInput, Output as RtcOutput, Rtc};

use crate::statistics::Path;
use crate::{Config, Incoming, Line, Outgoing, Output, Protocol, SourceClock};

use self::again::{Again, Datagram};
use self::ends::Ends;
use self::liveness::Liveness;
use self::negotiation::Negotiation;
use self::uplink::Uplink;
pub(crate) use liveness::PathState;
pub(crate) use receiving::Receiver;
pub(crate) use sending::Senders;

/// The longest pause between two checks of a path. A path that is there again, and an address that a translator on the way has
/// changed, are found out by the next one.
const CHECK: Duration = Duration::from_millis(500);
/// Checks in a row that may stay without an answer, a minute of them: where four of five packets are lost, nine in a row are
/// nothing strange, and whether anything is heard is what tells that a path is lost.
const CHECKS: usize = 120;
/// How often `str0m` tells its counters, and reports arrivals of sound.
const COUNTERS: Duration = Duration::from_secs(1);

/// What happened on a peer connection.
#[derive(Debug)]
pub(crate) enum Happening {
    Packet { line: Line, packet: Incoming },
    Clock { line: Line, clock: SourceClock },
    KeyframeWanted { track: Track, layer: Layer },
    Uplink { bits_per_second: u64 },
}

pub(crate) struct Transport {
    rtc: Rtc,
    negotiation: Negotiation,
    ends: Ends,
    liveness: Liveness,
    senders: Senders,
    again: Again,
    uplink: Uplink,
    receivers: BTreeMap<Line, Receiver>,
    path: Option<Path>,
    next: Instant,
    happenings: VecDeque<Happening>,
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
            rtc: builder.build(now),
            negotiation: Negotiation::new(connection),
            ends: Ends::new(config),
            liveness: Liveness::new(now),
            senders: Senders::default(),
            again: Again::default(),
            uplink: Uplink::default(),
            receivers: BTreeMap::new(),
            path: None,
            next: now,
            happenings: VecDeque::new(),
            round_trip: None,
            bytes: (0, 0),
        }
    }

    pub(crate) fn connection(&self) -> u16 {
        self.negotiation.connection()
    }

    /// Receiving pairs that were negotiated.
    pub(crate) fn pairs(&self) -> u16 {
        u16::try_from(self.negotiation.lines().slots.len()).unwrap_or(u16::MAX)
    }

    /// Offers, with at least so many receiving pairs. An offer that was not answered is void. Nothing where there is nothing
    /// to negotiate.
    pub(crate) fn offer(&mut self, purpose: OfferPurpose, pairs: u16) -> Option<MediaOffer> {
        self.negotiation.offer(&mut self.rtc, purpose, pairs)
    }

    /// Takes the engine's answer to the last offer, and opens paths to it where the offer needs new ones.
    pub(crate) fn accept(
        &mut self,
        now: Instant,
        purpose: OfferPurpose,
        sdp: &str,
        outputs: &mut VecDeque<Output>,
    ) -> Result<(), String> {
        self.negotiation.accept(&mut self.rtc, sdp)?;
        self.senders.negotiated(&mut self.rtc, self.negotiation.lines());
        if purpose != OfferPurpose::Grow {
            self.ends.begin_anew(now, sdp, outputs);
            self.liveness.begin_anew(now);
            self.again.clear();
        }
        self.next = now;
        self.flush(now, outputs);
        Ok(())
    }

    /// A media socket is there.
    pub(crate) fn path_opened(&mut self, now: Instant, protocol: Protocol, local: SocketAddr, outputs: &mut VecDeque<Output>) {
        let Some(candidate) = self.ends.opened(protocol, local) else { return };
        self.rtc.add_local_candidate(candidate);
        self.next = now;
        self.flush(now, outputs);
    }

    /// A media socket is gone.
    pub(crate) fn path_closed(&mut self, protocol: Protocol, local: SocketAddr) {
        let Some(candidate) = self.ends.closed(protocol, local) else { return };
        self.rtc.direct_api().invalidate_candidate(&candidate);
        if self.path.is_some_and(|path| path.protocol == protocol && path.local == local) {
            self.liveness.set_broken(true);
        }
    }

    pub(crate) fn handle_datagram(
        &mut self,
        now: Instant,
        (protocol, source, local): (Protocol, SocketAddr, SocketAddr),
        bytes: &[u8],
        outputs: &mut VecDeque<Output>,
    ) {
        if self.is_dead() || !self.ends.is_engine(source) {
            return;
        }
        let Ok(receive) = Receive::new(wire(protocol), source, local, bytes) else { return };
        if self.liveness.hear(now) {
            self.senders.forget(&mut self.rtc);
        }
        self.bytes.1 += bytes.len() as u64;
        self.input(RtcInput::Receive(now, receive));
        self.flush(now, outputs);
    }

    pub(crate) fn handle_timeout(&mut self, now: Instant, outputs: &mut VecDeque<Output>) {
        self.liveness.look(now);
        let is_up = self.state(now) == PathState::Up;
        if let Some(tcp) = self.ends.take_tcp(now).filter(|_| !is_up) {
            outputs.push_back(Output::OpenPaths { protocol: Protocol::Tcp, remotes: tcp.to_vec() });
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
        if self.is_dead() {
            return None;
        }
        let due = [Some(self.next), self.ends.poll_timeout(), self.liveness.poll_timeout(), self.again.poll_timeout()];
        due.into_iter().flatten().min()
    }

    /// Whether the path seems to work, but nothing comes where much came until now.
    pub(crate) fn is_hushed(&self, now: Instant) -> bool {
        self.liveness.is_hushed(now)
    }

    pub(crate) fn state(&self, now: Instant) -> PathState {
        self.liveness.state(now)
    }

    /// Whether it will never work again.
    pub(crate) fn is_dead(&self) -> bool {
        self.liveness.is_dead()
    }

    /// Whether there was a path, which a restart could bring back.
    pub(crate) fn had_path(&self) -> bool {
        self.liveness.had_path()
    }

    /// Sends a packet. False where the line or the codec was not negotiated, there is no path or nothing was heard for long
    /// (what was queued now would be of no use later, and nothing would bound it), or too much waits already.
    pub(crate) fn send(&mut self, now: Instant, packet: &Outgoing, outputs: &mut VecDeque<Output>) -> bool {
        if !self.liveness.may_send(now) || !self.senders.write(&mut self.rtc, self.negotiation.lines(), now, packet) {
            return false;
        }
        self.input(RtcInput::Timeout(now));
        self.flush(now, outputs);
        true
    }

    /// Asks for a key frame of what a line carries.
    pub(crate) fn want_keyframe(&mut self, now: Instant, line: Line, outputs: &mut VecDeque<Output>) {
        let Some(mid) = self.negotiation.mid(line) else { return };
        if let Some(stream) = self.rtc.direct_api().stream_rx_by_mid(mid, None) {
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
        self.negotiation.line(Mid::from(mid))
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
        if self.is_dead() {
            return;
        }
        if let Err(error) = self.rtc.handle_input(input) {
            tracing::debug!(%error, "the peer connection refused an input");
        }
    }

    /// Takes what `str0m` has to say, until it has nothing more.
    fn flush(&mut self, now: Instant, outputs: &mut VecDeque<Output>) {
        while !self.is_dead() {
            match self.rtc.poll_output() {
                Ok(RtcOutput::Timeout(next)) => {
                    self.next = next;
                    return;
                }
                Ok(RtcOutput::Transmit(transmit)) => {
                    let protocol = of_wire(transmit.proto);
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
                    self.liveness.die();
                }
            }
        }
    }

    fn handle_event(&mut self, now: Instant, event: RtcEvent) {
        match event {
            RtcEvent::Connected => self.liveness.connected(now),
            RtcEvent::IceConnectionStateChange(state) => match state {
                IceConnectionState::Connected | IceConnectionState::Completed => self.liveness.set_broken(false),
                IceConnectionState::Disconnected => self.liveness.set_broken(true),
                IceConnectionState::New | IceConnectionState::Checking => {}
            },
            RtcEvent::RtpPacket(packet) => {
                let ssrc = packet.header.ssrc;
                let Some(mid) = self.rtc.direct_api().stream_rx(&ssrc).map(|stream| stream.mid()) else { return };
                let Some(line) = self.negotiation.line(mid) else { return };
                let format = self.negotiation.format(packet.header.payload_type);
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
                let Some(track) = self.negotiation.track(request.mid) else { return };
                let layer = if request.rid == Some(Rid::from(Layer::Small.rid())) { Layer::Small } else { Layer::Big };
                self.senders.keyframe_wanted(track, layer);
                self.happenings.push_back(Happening::KeyframeWanted { track, layer });
            }
            RtcEvent::EgressBitrateEstimate(BweKind::Twcc { estimate, .. }) => {
                self.uplink.estimated(estimate.as_u64());
            }
            RtcEvent::MediaEgressStats(stats) => {
                if let Some(track) = self.negotiation.track(stats.mid) {
                    let layer = if stats.rid == Some(Rid::from(Layer::Small.rid())) { Layer::Small } else { Layer::Big };
                    self.senders.reported(now, track, layer, &stats, self.uplink.is_queueing());
                }
            }
            RtcEvent::PeerStats(stats) => {
                let pair = stats.selected_candidate_pair;
                self.round_trip = pair.as_ref().and_then(|pair| pair.current_round_trip_time).or(stats.rtt).or(self.round_trip);
                self.path = pair.map(|pair| Path {
                    protocol: of_wire(pair.protocol),
                    local: pair.local.addr,
                    remote: pair.remote.addr,
                });
            }
            _ => {}
        }
    }
}

fn wire(protocol: Protocol) -> WireProtocol {
    match protocol {
        Protocol::Udp => WireProtocol::Udp,
        Protocol::Tcp => WireProtocol::Tcp,
    }
}

fn of_wire(protocol: WireProtocol) -> Protocol {
    if protocol == WireProtocol::Udp { Protocol::Udp } else { Protocol::Tcp }
}
