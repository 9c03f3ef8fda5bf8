//! One remote voice from its packets to a steady stream of blocks: the jitter buffer; not how packets get here.
//!
//! Packets go in as they arrive; a block comes out each time one is asked for, whatever has arrived. The receiver waits as
//! long as most packets need ([`delay`]), stretches or shortens the sound to keep to that ([`stretch`]), and fills what is
//! missing from redundancy, or with the codec's guess ([`playout`]).

mod arrivals;
mod delay;
mod playout;
mod sound;
mod statistics;
mod stretch;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::opus::PacketHeader;
use crate::{Block, RATE};
use arrivals::{Arrivals, Place, Sort};
use delay::DelayEstimate;
use playout::Playout;
pub use statistics::Statistics;

/// Packets that wait at most: 6 s of 20 ms each.
const MAX_PACKETS: usize = 300;

/// Bytes of a packet that is accepted: more does not fit a datagram.
const MAX_PAYLOAD: usize = 1500;

/// After so many late packets with nothing else to play, it is the clock of the sender that has been put back.
const MAX_LATE_RUN: u32 = 25;

/// An RTP packet of one voice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival<'a> {
    /// The RTP sequence number.
    pub sequence: u16,
    /// The RTP timestamp, in frames at 48 kHz (RFC 7587 section 4.2).
    pub timestamp: u32,
    /// An Opus packet.
    pub payload: &'a [u8],
}

/// What became of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Received {
    /// It waits to be played.
    Queued,
    /// It has come before.
    Duplicate,
    /// Its time is over.
    Late,
    /// It is no Opus packet, or too big.
    Invalid,
    /// It fits neither the stream nor the stray packet before it.
    Stray,
}

/// How long a receiver lets sound wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceiverOptions {
    /// At least this; at least 10 ms.
    pub min_delay: Duration,
    /// At most this; at most 4 s.
    pub max_delay: Duration,
}

impl Default for ReceiverOptions {
    fn default() -> Self {
        Self { min_delay: Duration::from_millis(40), max_delay: Duration::from_millis(2_000) }
    }
}

/// Plays one remote voice.
#[derive(Debug)]
pub struct Receiver {
    /// When the first call came: frame 0 of the receiver's clock.
    epoch: Option<Instant>,
    arrivals: Arrivals,
    delay: DelayEstimate,
    waiting: Waiting,
    playout: Playout,
    late_run: u32,
    statistics: Statistics,
}

/// The packets that wait, by the timestamp of their first frame.
type Waiting = BTreeMap<i64, WaitingPacket>;

#[derive(Debug)]
struct WaitingPacket {
    sequence: i64,
    header: PacketHeader,
    payload: Box<[u8]>,
}

impl Receiver {
    /// A receiver that waits for its first packet.
    pub fn new(options: ReceiverOptions) -> Self {
        let (min, max) = range(options);
        Self {
            epoch: None,
            arrivals: Arrivals::default(),
            delay: DelayEstimate::new(min, max),
            waiting: Waiting::new(),
            playout: Playout::new(),
            late_run: 0,
            statistics: Statistics::default(),
        }
    }

    /// Other limits of the delay, which are gone to without a break.
    pub fn set_options(&mut self, options: ReceiverOptions) {
        let (min, max) = range(options);
        self.delay.set_range(min, max);
    }

    /// Takes a packet that arrived at this time. Nothing in it is trusted.
    pub fn insert(&mut self, packet: Arrival<'_>, arrived: Instant) -> Received {
        let header = match PacketHeader::read(packet.payload) {
            Ok(header) if packet.payload.len() <= MAX_PAYLOAD => header,
            _ => {
                self.statistics.packets_invalid += 1;
                return Received::Invalid;
            }
        };
        let now = self.frames(arrived);
        let (place, missing) = match self.arrivals.sort(packet.sequence, packet.timestamp, now) {
            Sort::New { place, missing } => (place, missing),
            Sort::Restart { place } => {
                self.statistics.packets_discarded += self.waiting.len() as u64;
                self.waiting.clear();
                self.playout.restart();
                self.delay.reset();
                (place, 0)
            }
            Sort::Duplicate => {
                self.statistics.packets_duplicate += 1;
                return Received::Duplicate;
            }
            Sort::Stray => {
                self.statistics.packets_invalid += 1;
                return Received::Stray;
            }
        };
        self.statistics.packets_received += 1;
        self.delay.arrive(place.start, now);
        self.learn_redundancy(place, header, missing, now);
        if self.playout.is_past(place.start + header.frames as i64 - 1) {
            self.late_run += u32::from(self.waiting.is_empty());
            if self.late_run <= MAX_LATE_RUN {
                self.statistics.packets_late += 1;
                return Received::Late;
            }
            self.playout.restart();
            self.delay.reset();
            self.delay.arrive(place.start, now);
        }
        self.late_run = 0;
        self.queue(place, header, packet.payload);
        Received::Queued
    }

    /// The next 10 ms, to be called once each 10 ms or a few times in a row. Before the first packet it is silence.
    pub fn pull(&mut self, now: Instant) -> Block {
        let now = self.frames(now);
        self.playout.pull(now, &mut self.waiting, &self.delay, &mut self.statistics)
    }

    /// What has happened so far.
    pub fn statistics(&self) -> Statistics {
        let duration = |frames: i64| Duration::from_micros(frames.max(0) as u64 * 1_000_000 / u64::from(RATE));
        Statistics {
            target_delay: duration(self.delay.target()),
            current_delay: duration(self.playout.transit().map_or(0, |transit| transit - self.delay.base())),
            packets_lost: self.arrivals.lost(),
            ..self.statistics
        }
    }

    /// The RTP timestamp of the sound that the next pull begins with, to a few milliseconds: what a picture has to be shown
    /// with. `None` while nothing plays.
    pub fn position(&self) -> Option<u32> {
        // Timestamps wrap as the cast does.
        self.playout.position().map(|place| place as u32)
    }

    /// How much sound waits in packets and decoded, not counting holes.
    pub fn buffered(&self) -> Duration {
        let packets: usize = self.waiting.values().map(|packet| packet.header.frames).sum();
        let frames = packets + self.playout.decoded_frames();
        Duration::from_micros(frames as u64 * 1_000_000 / u64::from(RATE))
    }

    /// A packet that can replace lost ones brings their sound at its own arrival: waiting for it is worth as much as
    /// waiting for a late packet.
    fn learn_redundancy(&mut self, place: Place, header: PacketHeader, missing: u32, now: i64) {
        let reach = if header.may_have_deep_redundancy {
            self.playout.deep_reach().max(i64::from(header.has_previous) * header.frames as i64)
        } else if header.has_previous {
            header.frames as i64
        } else {
            0
        };
        let step = header.frames as i64;
        for lost in 1..=i64::from(missing).min(reach / step) {
            self.delay.arrive(place.start - lost * step, now);
        }
    }

    fn queue(&mut self, place: Place, header: PacketHeader, payload: &[u8]) {
        let packet = WaitingPacket { sequence: place.sequence, header, payload: payload.into() };
        self.waiting.insert(place.start, packet);
        while self.waiting.len() > MAX_PACKETS {
            self.waiting.pop_first();
            self.statistics.packets_discarded += 1;
        }
    }

    /// A time as a frame of the receiver's clock.
    fn frames(&mut self, now: Instant) -> i64 {
        let epoch = *self.epoch.get_or_insert(now);
        let micros = now.saturating_duration_since(epoch).as_micros();
        // 6000 years fit.
        (micros * u128::from(RATE) / 1_000_000) as i64
    }
}

impl Default for Receiver {
    fn default() -> Self {
        Self::new(ReceiverOptions::default())
    }
}

fn range(options: ReceiverOptions) -> (i64, i64) {
    let frames = |duration: Duration| (duration.as_millis().min(4_000) as i64) * i64::from(RATE) / 1_000;
    let min = frames(options.min_delay).max(480);
    (min, frames(options.max_delay).max(min))
}
