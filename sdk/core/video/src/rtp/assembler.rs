//! Puts packets that come late, twice, out of order or never together to whole pictures in the order of decoding. It asks
//! for no packet again, because retransmission happens beneath it; it only waits a while, and then wants a key frame.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{h264, vp8};
use crate::codec::{EncodedFrame, VideoCodec};

/// What came in one RTP packet of a stream.
#[derive(Debug, Clone)]
pub struct Packet {
    /// The sequence number, extended so that it does not go round.
    pub seq: u64,
    /// The RTP time in 1/90000 s.
    pub time: u32,
    /// The RTP marker bit.
    pub marker: bool,
    /// What the payload type stands for. A stream may change it, because its sources may.
    pub codec: VideoCodec,
    /// What stands after the RTP header; empty for padding.
    pub payload: Arc<[u8]>,
}

/// What happened to the packets and pictures of a stream since it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// Packets that came in.
    pub packets: u64,
    /// Those that came twice.
    pub duplicates: u64,
    /// Those that came when their picture had been given out or given up.
    pub late: u64,
    /// Pictures given out.
    pub frames: u64,
    /// Key frames among them.
    pub key_frames: u64,
    /// How often the wait for a packet was given up, or what came was no picture.
    pub losses: u64,
}

/// The packets of one stream on their way to pictures. Times are instants of one clock that never go back between calls.
#[derive(Debug)]
pub struct Assembler {
    packets: BTreeMap<u64, Stored>,
    bytes: usize,
    /// Where key frames may begin among `packets`.
    key_starts: BTreeMap<u64, KeyStart>,
    /// The first packet of the picture to give out next; `None` while only a key frame helps.
    next: Option<u64>,
    /// All packets from `next` up to this one, exclusive, are there and belong to one picture.
    scanned: u64,
    /// What is below is late.
    floor: u64,
    /// Late packets in a row, which mean that the source counts anew.
    late_in_a_row: u32,
    blocked: Option<Blocked>,
    has_parameters: bool,
    patience: Duration,
    last_request: Option<Instant>,
    /// Requests since something could be decoded.
    requests: u32,
    /// The last packet's RTP time, extended so that it does not go round.
    last_time: Option<u64>,
    counters: Counters,
}

#[derive(Debug)]
struct Stored {
    time: u64,
    marker: bool,
    codec: VideoCodec,
    payload: Arc<[u8]>,
}

/// The wait for a missing packet.
#[derive(Debug, Clone, Copy)]
struct Blocked {
    since: Instant,
    until: Instant,
}

/// What makes a packet look like the beginning of a key frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KeyStart {
    /// It is the beginning, whatever was before.
    Surely,
    /// It begins the slice of a key frame. Parameter sets, without which the slice may mean something else, can have been in
    /// a packet before.
    Slice,
}

/// How far the picture at some packet has come.
enum Progress {
    /// All packets from the first to this one, exclusive, are there.
    Complete(u64),
    /// The packet with this number is missing.
    Missing(u64),
}

impl Assembler {
    /// An assembler that waits so long for a missing packet. About three round trips give a retransmission its chance.
    pub fn new(patience: Duration) -> Self {
        Self {
            packets: BTreeMap::new(),
            bytes: 0,
            key_starts: BTreeMap::new(),
            next: None,
            scanned: 0,
            floor: 0,
            late_in_a_row: 0,
            blocked: None,
            has_parameters: false,
            patience,
            last_request: None,
            requests: 0,
            last_time: None,
            counters: Counters::default(),
        }
    }

    /// Waits so long for a missing packet from now on.
    pub fn set_patience(&mut self, patience: Duration) {
        self.patience = patience;
    }

    /// Takes a packet. Pictures that it completes come out of [`Assembler::poll`].
    pub fn insert(&mut self, packet: Packet) {
        self.counters.packets += 1;
        if packet.seq > LARGEST_SEQ {
            // No sender counts so far, and below there is nothing to overflow.
            return;
        }
        if packet.seq < self.floor {
            self.counters.late += 1;
            self.late_in_a_row += 1;
            if self.late_in_a_row < RESTART_AFTER {
                return;
            }
            self.lose_everything();
            self.floor = packet.seq;
        }
        self.late_in_a_row = 0;
        if self.packets.contains_key(&packet.seq) {
            self.counters.duplicates += 1;
            return;
        }
        if let Some(start) = self.key_start(&packet) {
            self.key_starts.insert(packet.seq, start);
        }
        self.bytes += packet.payload.len();
        let time = self.extended(packet.time);
        let Packet { seq, marker, codec, payload, .. } = packet;
        self.packets.insert(seq, Stored { time, marker, codec, payload });
        self.keep_bounds();
    }

    /// The next picture in the order of decoding, if one is complete. Called until it is `None`, after packets came and when
    /// [`Assembler::poll_timeout`] says.
    pub fn poll(&mut self, now: Instant) -> Option<EncodedFrame> {
        loop {
            let start = match self.next {
                Some(start) => start,
                None => self.begin_at_key()?,
            };
            match self.progress(start) {
                Progress::Complete(end) => {
                    self.blocked = None;
                    if let Some(frame) = self.take(start, end) {
                        return Some(frame);
                    }
                }
                Progress::Missing(missing) => {
                    if self.packets.range(missing..).next().is_none() {
                        // What has not been sent yet is not missing, and what was has come.
                        self.blocked = None;
                        return None;
                    }
                    let since = self.blocked.map_or(now, |blocked| blocked.since);
                    let better = self.complete_key_after(missing);
                    // What was sent before a key frame that is there already may only have been overtaken by it.
                    let until = since + if better.is_some() { REORDERING.min(self.patience) } else { self.patience };
                    self.blocked = Some(Blocked { since, until });
                    if now < until {
                        return None;
                    }
                    self.counters.losses += 1;
                    self.give_up(better.unwrap_or(missing));
                    self.next = better;
                }
            }
        }
    }

    /// When [`Assembler::poll`] has to be called although no packet came.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.blocked.map(|blocked| blocked.until)
    }

    /// Whether the sender has to be asked for a key frame now: nothing that has come can be decoded. Says so again until one
    /// comes, each half second at first and then ever more seldom: a key frame takes many packets, and where none gets through
    /// whole, the next one each half second is what the network has no room for.
    pub fn keyframe_wanted(&mut self, now: Instant) -> bool {
        let is_waiting = self.next.is_none() && self.counters.packets > 0 && self.key_from(0).is_none();
        if !is_waiting {
            (self.last_request, self.requests) = (None, 0);
            return false;
        }
        // What is on its way is not asked for again: it may take as long as any other packet that is missing.
        let pause = (REPEAT_REQUEST * (1 << (self.requests / 2).min(2))).max(self.patience);
        let is_due = self.last_request.is_none_or(|last| now.saturating_duration_since(last) >= pause);
        if is_due {
            self.last_request = Some(now);
            self.requests = self.requests.saturating_add(1);
        }
        is_due
    }

    /// The decoder failed at the picture given out last: nothing but a key frame helps.
    pub fn wait_for_key(&mut self) {
        self.next = None;
        self.blocked = None;
    }

    /// What has happened so far.
    pub const fn counters(&self) -> Counters {
        self.counters
    }

    /// Bytes of payload that wait.
    pub const fn buffered_bytes(&self) -> usize {
        self.bytes
    }

    /// RTP times go round every 13 hours.
    fn extended(&mut self, time: u32) -> u64 {
        let extended = match self.last_time {
            // One round ahead, so that a packet from before the first one has a time as well.
            None => ROUND + u64::from(time),
            Some(last) => last.saturating_add_signed(i64::from(time.wrapping_sub(last as u32).cast_signed())),
        };
        self.last_time = Some(extended);
        extended
    }

    fn key_start(&mut self, packet: &Packet) -> Option<KeyStart> {
        match packet.codec {
            VideoCodec::Vp8 => vp8::starts_key(&packet.payload).then_some(KeyStart::Surely),
            VideoCodec::H264 if h264::has_parameters(&packet.payload) => {
                self.has_parameters = true;
                Some(KeyStart::Surely)
            }
            // A slice alone starts a picture only for a decoder that has parameter sets from before.
            VideoCodec::H264 => (self.has_parameters && h264::starts_key(&packet.payload)).then_some(KeyStart::Slice),
        }
    }

    /// The first packet of the oldest key frame from here on whose beginning is there.
    fn key_from(&self, from: u64) -> Option<u64> {
        self.key_starts.range(from..).find_map(|(seq, start)| self.beginning(*seq, *start))
    }

    /// The first packet of the picture to which this one belongs: messages and parameter sets go before the slice. `None`
    /// when a packet before is missing that may have carried them.
    fn beginning(&self, mut seq: u64, mut start: KeyStart) -> Option<u64> {
        let time = self.packets.get(&seq)?.time;
        for _ in 0..MAX_BEFORE_SLICE {
            match seq.checked_sub(1).map(|before| (before, self.packets.get(&before))) {
                None => return Some(seq),
                Some((_, Some(packet))) if packet.time != time || packet.marker => return Some(seq),
                Some((before, Some(_))) => {
                    seq = before;
                    start = self.key_starts.get(&seq).copied().unwrap_or(start);
                }
                Some((before, None)) if before < self.floor || start == KeyStart::Surely => return Some(seq),
                Some((_, None)) => return None,
            }
        }
        None
    }

    /// Goes on with the oldest key frame there is.
    fn begin_at_key(&mut self) -> Option<u64> {
        let start = self.key_from(0)?;
        self.give_up(start);
        self.scanned = start;
        self.next = Some(start);
        Some(start)
    }

    fn progress(&mut self, start: u64) -> Progress {
        let Some(first) = self.packets.get(&start) else { return Progress::Missing(start) };
        let (time, codec) = (first.time, first.codec);
        self.scanned = self.scanned.max(start);
        loop {
            let at = self.scanned;
            match self.packets.get(&at) {
                None => return Progress::Missing(at),
                // A picture may end without its marker, when that packet was padding or the source changed.
                Some(packet) if packet.time != time || packet.codec != codec => return Progress::Complete(at),
                Some(packet) if packet.marker => return Progress::Complete(at + 1),
                Some(_) => self.scanned += 1,
            }
        }
    }

    /// The first packet of a key frame beyond a gap that is whole.
    fn complete_key_after(&self, missing: u64) -> Option<u64> {
        let start = self.key_from(missing)?;
        let time = self.packets.get(&start)?.time;
        for (expected, (seq, packet)) in (start..).zip(self.packets.range(start..)) {
            if *seq != expected {
                return None;
            }
            if packet.time != time || packet.marker {
                return Some(start);
            }
        }
        None
    }

    /// Takes out the packets of a picture and makes it. `None` when they were padding or make no picture.
    fn take(&mut self, start: u64, end: u64) -> Option<EncodedFrame> {
        let first = self.packets.get(&start)?;
        let (time, codec) = (first.time, first.codec);
        let payloads = || self.packets.range(start..end).map(|(_, packet)| &packet.payload[..]).filter(|p| !p.is_empty());
        let is_padding = payloads().next().is_none();
        let data = match codec {
            VideoCodec::Vp8 => join_vp8(payloads()),
            VideoCodec::H264 => h264::read(payloads(), MAX_BYTES),
        };
        self.give_up(end);
        self.next = Some(end);
        if is_padding {
            return None;
        }
        let Some(data) = data else {
            self.counters.losses += 1;
            self.next = None;
            return None;
        };
        let key = is_key(codec, &data);
        self.counters.frames += 1;
        self.counters.key_frames += u64::from(key);
        let time_us = time.saturating_mul(100) / 9;
        Some(EncodedFrame { codec, data: data.into(), key, time_us })
    }

    /// Forgets all packets before this one. What comes of them from now on is late.
    fn give_up(&mut self, before: u64) {
        let kept = self.packets.split_off(&before);
        self.bytes -= self.packets.values().map(|packet| packet.payload.len()).sum::<usize>();
        self.packets = kept;
        self.key_starts = self.key_starts.split_off(&before);
        self.floor = self.floor.max(before);
        self.blocked = None;
        self.scanned = self.scanned.max(before);
    }

    fn keep_bounds(&mut self) {
        // While nothing but a key frame helps, the packets of other pictures are kept only because one of them may turn out
        // to belong to it.
        let is_waiting = self.next.is_none() && self.packets.len() > MAX_WAITING && self.key_from(0).is_none();
        let limit = if is_waiting { MAX_WAITING } else { MAX_PACKETS };
        while self.packets.len() > limit || self.bytes > MAX_BYTES {
            let Some((oldest, _)) = self.packets.first_key_value() else { break };
            let before = oldest + 1;
            if self.next.is_some() {
                self.counters.losses += 1;
                self.next = None;
            }
            self.give_up(before);
        }
    }

    fn lose_everything(&mut self) {
        self.packets.clear();
        self.key_starts.clear();
        self.bytes = 0;
        self.next = None;
        self.scanned = 0;
        self.floor = 0;
        self.blocked = None;
        self.counters.losses += 1;
    }
}

fn join_vp8<'a>(payloads: impl Iterator<Item = &'a [u8]>) -> Option<Vec<u8>> {
    let mut data = Vec::new();
    for (at, payload) in payloads.enumerate() {
        let (descriptor, piece) = vp8::read(payload)?;
        if descriptor.is_start != (at == 0) {
            return None;
        }
        data.extend_from_slice(piece);
    }
    (!data.is_empty()).then_some(data)
}

fn is_key(codec: VideoCodec, data: &[u8]) -> bool {
    match codec {
        VideoCodec::Vp8 => data.first().is_some_and(|first| first & 1 == 0),
        VideoCodec::H264 => crate::nal::units(data).any(|unit| crate::nal::kind(unit) == Some(crate::nal::IDR)),
    }
}

/// RTP times go round after this many.
const ROUND: u64 = 1 << 32;
/// Packets that overtake each other on the way do so by less than this.
const REORDERING: Duration = Duration::from_millis(30);
const REPEAT_REQUEST: Duration = Duration::from_millis(500);
const RESTART_AFTER: u32 = 300;
const LARGEST_SEQ: u64 = u64::MAX >> 1;
const MAX_PACKETS: usize = 2048;
const MAX_WAITING: usize = 256;
/// Packets of one picture that may go before its first slice.
const MAX_BEFORE_SLICE: usize = 16;
const MAX_BYTES: usize = 4 << 20;

#[cfg(test)]
#[path = "assembler_tests.rs"]
mod tests;
