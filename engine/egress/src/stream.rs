//! One stream to a viewer, with its retransmissions: its numbers, what is reported of it, and its packets as bytes. It does not
//! decide when they leave.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rtc_bwe::{Estimator, ProbeId};

use crate::Sink;
use crate::header::{Extensions, Fixed};
use crate::kept::Store;
use crate::replay::Sent;
use crate::rtcp::{ReportBlock, SenderInfo};
use crate::srtp::Sealer;
use crate::wall::WallClock;

/// What was negotiated of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamSpec {
    /// Its source. No two streams of a session have the same.
    pub ssrc: u32,
    /// The source of its retransmissions (RFC 4588), where it has any.
    pub repeat_ssrc: Option<u32>,
    /// Whether it is sound, which never waits.
    pub is_sound: bool,
    /// The name of its line, of at most 16 bytes.
    pub mid: Box<str>,
    /// The canonical name, of at most 255 bytes.
    pub cname: Box<str>,
    /// What an offer may change.
    pub terms: Terms,
}

/// What a later offer may change of a stream.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Terms {
    /// By which numbers the client knows header extensions of its line.
    pub extensions: Extensions,
    /// A payload type of retransmissions, for what carries nothing.
    pub padding_type: Option<u8>,
}

/// A packet to send on a stream.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The client's payload type for it.
    pub payload_type: u8,
    /// The one to send it again by, where it may be.
    pub repeat_type: Option<u8>,
    /// Its sequence number with its turns. Every number is sent once.
    pub seq: u64,
    /// RTP time.
    pub time: u32,
    /// Ticks of RTP time a second.
    pub clock_rate: u32,
    /// The instant that belongs to `time` in reports, not after now.
    pub wallclock: Instant,
    /// The last of a frame, or the first after silence.
    pub marker: bool,
    /// As it is written (RFC 6464): whether it is voice in the highest bit, and -dBov.
    pub audio_level: Option<u8>,
    /// As it is written.
    pub orientation: Option<u8>,
    /// What is carried.
    pub payload: Arc<[u8]>,
}

/// What every packet that leaves at one moment needs.
pub(crate) struct Departure<'a> {
    pub(crate) sealer: &'a Sealer,
    pub(crate) abs_send_time: u32,
    pub(crate) now: Instant,
    /// The next transport-wide number.
    pub(crate) transport_seq: &'a mut u64,
    /// Who is to know what left.
    pub(crate) estimator: Option<&'a mut Estimator>,
}

/// What stands in a packet behind its header.
#[derive(Debug, Clone, Copy)]
enum Body<'a> {
    New(&'a [u8]),
    /// Of the packet with this number.
    Again(u16, &'a [u8]),
    /// So many bytes of nothing.
    Padding(u8),
}

/// A stream.
#[derive(Debug)]
pub(crate) struct Stream {
    pub(crate) spec: StreamSpec,
    pub(crate) store: Store,
    sent: Sent,
    repeat_seq: u64,
    packets: u32,
    octets: u32,
    newest: Option<Clock>,
    /// Whether anything was sent since the last report.
    unreported: bool,
    reported: bool,
    /// The viewer has told of this source: it knows which line it is of.
    acknowledged: bool,
    losses: Losses,
}

/// RTP time with the instant it was captured at.
#[derive(Debug, Clone, Copy)]
struct Clock {
    time: u32,
    wallclock: Instant,
    rate: u32,
}

/// What reports say of loss, weighed by how much each is about.
#[derive(Debug)]
struct Losses {
    since: Instant,
    newest: Option<u32>,
    lost: f32,
    packets: f32,
}

/// How often what was lost is told.
const LOSSES: Duration = Duration::from_secs(2);
/// The most padding that a packet can have (RFC 3550 section 5.1).
const PADDING_MOST: usize = 255;

impl Stream {
    pub(crate) fn new(now: Instant, spec: StreamSpec) -> Self {
        Self {
            spec,
            store: Store::new(now),
            sent: Sent::new(),
            repeat_seq: 1,
            packets: 0,
            octets: 0,
            newest: None,
            unreported: false,
            reported: false,
            acknowledged: false,
            losses: Losses { since: now, newest: None, lost: 0.0, packets: 0.0 },
        }
    }

    /// Takes a number for a packet. `false` when it must not be sent, because it was, or is too old to tell.
    pub(crate) fn take(&mut self, seq: u64) -> bool {
        self.sent.take(seq)
    }

    /// Sends a packet whose number was taken, and keeps it.
    pub(crate) fn send(&mut self, departure: &mut Departure<'_>, packet: Outgoing, probe: Option<ProbeId>, out: &mut dyn Sink) {
        let fixed = Fixed {
            payload_type: packet.payload_type,
            marker: packet.marker,
            padding: false,
            seq: packet.seq as u16,
            time: packet.time,
            ssrc: self.spec.ssrc,
        };
        let about = (packet.audio_level, packet.orientation);
        self.put(departure, fixed, packet.seq, about, Body::New(&packet.payload), probe, out);
        self.packets = self.packets.wrapping_add(1);
        self.octets = self.octets.wrapping_add(packet.payload.len() as u32);
        self.unreported = true;
        self.newest = Some(Clock { time: packet.time, wallclock: packet.wallclock, rate: packet.clock_rate });
        if let Some(repeat_type) = packet.repeat_type.filter(|_| self.spec.repeat_ssrc.is_some()) {
            let Outgoing { seq, time, marker, orientation, payload, .. } = packet;
            self.store.keep(departure.now, seq, time, marker, repeat_type, orientation, payload);
        }
    }

    /// Sends a packet that was kept once more.
    pub(crate) fn send_again(&mut self, departure: &mut Departure<'_>, seq: u64, probe: Option<ProbeId>, out: &mut dyn Sink) {
        let (Some(ssrc), Some(kept)) = (self.spec.repeat_ssrc, self.store.find(seq)) else { return };
        let index = self.repeat_seq;
        self.repeat_seq += 1;
        let (payload_type, marker, time) = (kept.payload_type, kept.marker, kept.time);
        let fixed = Fixed { payload_type, marker, padding: false, seq: index as u16, time, ssrc };
        let (about, payload) = ((None, kept.orientation), kept.payload.clone());
        self.put(departure, fixed, index, about, Body::Again(seq as u16, &payload), probe, out);
    }

    /// Sends a packet of nothing.
    pub(crate) fn send_padding(&mut self, departure: &mut Departure<'_>, probe: Option<ProbeId>, out: &mut dyn Sink) {
        let (Some(ssrc), Some(payload_type)) = (self.spec.repeat_ssrc, self.spec.terms.padding_type) else { return };
        let index = self.repeat_seq;
        self.repeat_seq += 1;
        let time = self.newest.map_or(0, |newest| newest.time);
        let fixed = Fixed { payload_type, marker: false, padding: true, seq: index as u16, time, ssrc };
        self.put(departure, fixed, index, (None, None), Body::Padding(PADDING_MOST as u8), probe, out);
    }

    /// Whether what carries nothing can be sent beside it, and is reported on.
    pub(crate) fn takes_padding(&self) -> bool {
        let terms = &self.spec.terms;
        self.spec.repeat_ssrc.is_some() && terms.padding_type.is_some() && terms.extensions.transport_sequence.is_some()
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one packet")]
    fn put(
        &self,
        departure: &mut Departure<'_>,
        fixed: Fixed,
        index: u64,
        (audio_level, orientation): (Option<u8>, Option<u8>),
        body: Body<'_>,
        probe: Option<ProbeId>,
        out: &mut dyn Sink,
    ) {
        let extensions = &self.spec.terms.extensions;
        let mut elements = extensions.elements();
        if !self.acknowledged {
            elements.add(extensions.mid, self.spec.mid.as_bytes());
        }
        if extensions.transport_sequence.is_some() {
            elements.add(extensions.transport_sequence, &(*departure.transport_seq as u16).to_be_bytes());
        }
        elements.add(extensions.abs_send_time, &departure.abs_send_time.to_be_bytes()[1..]);
        if let Some(level) = audio_level {
            elements.add(extensions.audio_level, &[level]);
        }
        if let Some(orientation) = orientation {
            elements.add(extensions.orientation, &[orientation]);
        }
        let header = elements.header_bytes();
        let clear = header + body.bytes();
        if extensions.transport_sequence.is_some() {
            let number = *departure.transport_seq;
            *departure.transport_seq += 1;
            if let Some(estimator) = &mut departure.estimator {
                // As forwarding counts the rates of layers, which the estimate is held against.
                estimator.sent(number, departure.now, clear, probe);
            }
        }
        let length = clear + departure.sealer.rtp_overhead();
        let buffer = out.room(length);
        let start = buffer.len();
        fixed.write(&elements, buffer);
        body.write(buffer);
        if departure.sealer.seal_rtp(buffer, start, header, fixed.ssrc, index).is_err() {
            // Of no length that a packet has. What leaves is not what was said, so it must not be readable.
            buffer.truncate(start);
        }
        buffer.resize(start + length, 0);
    }

    /// Whether a report is due that does not wait for its turn: players sync two lines once each was reported.
    pub(crate) fn wants_first_report(&self) -> bool {
        self.unreported && !self.reported
    }

    /// Whether there is anything to report.
    pub(crate) fn is_unreported(&self) -> bool {
        self.unreported
    }

    /// What is to be reported now.
    pub(crate) fn report(&mut self, now: Instant, wall: &WallClock) -> Option<SenderInfo> {
        let clock = self.newest.filter(|_| self.unreported)?;
        (self.unreported, self.reported) = (false, true);
        let passed = now.saturating_duration_since(clock.wallclock);
        let ticks = passed.as_nanos() * u128::from(clock.rate) / 1_000_000_000;
        Some(SenderInfo {
            ssrc: self.spec.ssrc,
            ntp: wall.ntp(now),
            time: clock.time.wrapping_add(ticks as u32),
            packets: self.packets,
            octets: self.octets,
        })
    }

    /// Whether it has ever sent anything.
    pub(crate) fn has_sent(&self) -> bool {
        self.packets > 0
    }

    /// Takes a report of the viewer about its source. What was lost, when it is time to tell.
    pub(crate) fn handle_report(&mut self, now: Instant, block: &ReportBlock) -> Option<f32> {
        self.acknowledged = true;
        let losses = &mut self.losses;
        if let Some(before) = losses.newest {
            // What did not come after the last report is about nothing.
            let about = (block.newest.wrapping_sub(before) as i32).max(0) as f32;
            losses.lost += about * f32::from(block.lost) / 256.0;
            losses.packets += about;
        }
        losses.newest = Some(block.newest);
        if now.saturating_duration_since(losses.since) < LOSSES || losses.packets == 0.0 {
            return None;
        }
        let share = losses.lost / losses.packets;
        (losses.since, losses.lost, losses.packets) = (now, 0.0, 0.0);
        Some(share)
    }
}

impl Body<'_> {
    fn bytes(&self) -> usize {
        match self {
            Self::New(payload) => payload.len(),
            // RFC 4588 section 4: the number it had comes before it.
            Self::Again(_, payload) => 2 + payload.len(),
            Self::Padding(bytes) => usize::from(*bytes),
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::New(payload) => out.extend_from_slice(payload),
            Self::Again(seq, payload) => {
                out.extend_from_slice(&seq.to_be_bytes());
                out.extend_from_slice(payload);
            }
            Self::Padding(bytes) => {
                // The last byte says how many there are.
                out.resize(out.len() + usize::from(bytes.saturating_sub(1)), 0);
                out.push(*bytes);
            }
        }
    }
}
