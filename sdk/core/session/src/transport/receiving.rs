//! A receiving line: packets as they are handed on, those that came inside of others included, and what is counted of them.
//! It orders nothing.

use std::time::{Duration, Instant, SystemTime};

use rtc_protocol::Codec;
use rtc_red::Restorer;
use str0m::rtp::RtpPacket;

use crate::{Incoming, SourceClock};

/// A step of RTP time beyond this is another source, not jitter.
const STEP: f64 = 1.0;

/// What a payload type stands for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Format {
    pub(crate) codec: Codec,
    /// The payload type of the codec itself, where its packets come wrapped (RFC 2198).
    pub(crate) wraps: Option<u8>,
}

/// What is counted of a line.
#[derive(Debug, Default, Clone)]
pub(crate) struct Receiver {
    /// Which packets of sound have come.
    restorer: Restorer,
    highest: Option<u64>,
    last_report: Option<SystemTime>,
    /// Arrival and RTP time of the packet before.
    before: Option<(Instant, u32)>,
    /// Seconds (RFC 3550 section 6.4.1).
    jitter: f64,
    counts: Counts,
}

/// Counters since the source came on the line.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Counts {
    /// Numbers that were passed.
    pub(crate) expected: u64,
    /// Packets.
    pub(crate) packets: u64,
    /// Of those, without a payload.
    padding: u64,
    /// Bytes of payload.
    pub(crate) bytes: u64,
}

impl Receiver {
    /// The clock of a packet's sender, if that was told anew.
    pub(crate) fn take_clock(&mut self, packet: &RtpPacket) -> Option<SourceClock> {
        let info = packet.last_sender_info.as_ref().filter(|info| self.last_report != Some(info.ntp_time))?;
        self.last_report = Some(info.ntp_time);
        // The low 32 bits are what is on the wire.
        Some(SourceClock { ntp: info.ntp_time, time: info.rtp_time.numer() as u32 })
    }

    /// Counts a packet, and hands on what is in it and has not come before: nothing of padding, several where it carries
    /// lost ones.
    pub(crate) fn take(&mut self, now: Instant, packet: RtpPacket, format: Option<Format>, mut hand_on: impl FnMut(Incoming)) {
        let seq = *packet.seq_no;
        self.counts.expected += match self.highest {
            Some(highest) => seq.saturating_sub(highest),
            None => 1,
        };
        self.highest = self.highest.max(Some(seq));
        self.counts.packets += 1;
        self.counts.bytes += packet.payload.len() as u64;
        let Some(Format { codec, wraps }) = format.filter(|_| !packet.payload.is_empty()) else {
            self.counts.padding += 1;
            return;
        };
        let time = packet.header.timestamp;
        self.measure(now, time, if codec == Codec::Opus { 48_000.0 } else { 90_000.0 });
        let level = packet.header.ext_vals.audio_level.map(|level| level.unsigned_abs().min(127));
        let marker = packet.header.marker;
        let Some(inner) = wraps else {
            if codec != Codec::Opus || self.restorer.take(seq) {
                hand_on(Incoming { codec, seq, time, marker, level, payload: packet.payload, arrived: now });
            }
            return;
        };
        let result = self.restorer.take_wrapped(seq, inner, &packet.payload, |frame| {
            let is_newest = frame.offset == 0;
            hand_on(Incoming {
                codec,
                seq: frame.seq,
                time: time.wrapping_sub(frame.offset),
                marker: marker && is_newest,
                level: level.filter(|_| is_newest),
                payload: frame.payload.into(),
                arrived: now,
            });
        });
        if let Err(error) = result {
            tracing::debug!("a packet of sound was dropped: {error}");
        }
    }

    /// Another source is on this line: counts anew.
    pub(crate) fn source_changed(&mut self) {
        self.counts = Counts::default();
    }

    pub(crate) fn counts(&self) -> Counts {
        self.counts
    }

    pub(crate) fn jitter(&self) -> Duration {
        Duration::try_from_secs_f64(self.jitter).unwrap_or_default()
    }

    fn measure(&mut self, now: Instant, time: u32, rate: f64) {
        if let Some((arrived, before)) = self.before.replace((now, time)) {
            let sent = f64::from(time.wrapping_sub(before).cast_signed()) / rate;
            let took = now.saturating_duration_since(arrived).as_secs_f64();
            if sent.abs() < STEP {
                self.jitter += ((took - sent).abs() - self.jitter) / 16.0;
            }
        }
    }
}

impl Counts {
    /// Packets that did not come.
    pub(crate) fn lost(&self) -> u64 {
        self.expected.saturating_sub(self.packets)
    }

    /// Packets with something in them.
    pub(crate) fn useful(&self) -> u64 {
        self.packets - self.padding
    }
}
