//! All that leaves for one viewer: packets wait here until they are sent, questions of the viewer are answered, and what it
//! reports is handed on. Which network it goes over is not known here.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use rtc_bwe::{Class, Departure as Admitted, Padding, ProbeId, Released};

use crate::keys::Keying;
use crate::network::{Network, Waiting};
use crate::round_trip::RoundTrips;
use crate::rtcp::{self, Compound, Item, ReportBlock};
use crate::srtp::{Opener, Sealer};
use crate::stream::{Departure, Outgoing, Stream, StreamSpec, Terms};
use crate::wall::WallClock;

/// Where datagrams go.
pub trait Sink {
    /// Room for one datagram: a buffer whose end it becomes. Exactly so many bytes are appended before anything else is asked
    /// of the sink.
    fn room(&mut self, bytes: usize) -> &mut Vec<u8>;
}

/// What came of a packet that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// It leaves with the next [`Egress::send`], or later.
    Yes,
    /// Too much waits already.
    Congested,
    /// Its number was used before, or is too old; it is dropped.
    Repeated,
    /// There is no such stream.
    NoStream,
}

/// What came of RTCP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It was about what is sent here and nothing else.
    Whole,
    /// It says something about what the viewer sends as well, which is to be read elsewhere.
    Shared,
    /// It is not of the other end, has come before, or is malformed.
    Refused,
    /// There are no keys yet.
    NotYet,
}

/// What a viewer has said.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// It cannot decode a stream any more.
    KeyframeWanted {
        /// The stream's number.
        stream: usize,
    },
    /// So much of a stream was lost lately, 0 to 1.
    Loss {
        /// The stream's number.
        stream: usize,
        /// The share.
        share: f32,
    },
    /// So many bits a second it believes that it can receive (REMB).
    Most(u64),
    /// So many bits a second its network takes by our own estimate; nothing where that is not known yet.
    Estimate(Option<u64>),
}

/// Streams to one viewer.
#[derive(Debug)]
pub struct Egress {
    wall: WallClock,
    keys: Option<(Sealer, Opener)>,
    streams: Vec<Stream>,
    queue: VecDeque<(usize, Outgoing)>,
    queued_bytes: usize,
    /// Packets to send again, by stream and number.
    again: VecDeque<(usize, u64)>,
    transport_seq: u64,
    /// Where bandwidth is to be estimated: what a network may be like that nothing was negotiated for yet.
    estimating: bool,
    /// Once it is clear that the viewer tells of arrivals.
    network: Option<Box<Network>>,
    goal: (u64, u64),
    /// When it was told to send last.
    sent: Instant,
    round_trips: RoundTrips,
    /// When reports are due, while there is something to report.
    next_report: Instant,
    /// Whether there is: for all streams, and for one that does not wait for its turn.
    unreported: bool,
    wants_first_report: bool,
    leaving: bool,
    /// Requests for what is missed of the other end's streams.
    requests: Vec<u8>,
    events: VecDeque<Event>,
    /// Kept for their allocation.
    clear: Vec<u8>,
    compound: Vec<u8>,
}

/// Bytes that may wait.
const QUEUED_MOST: usize = 512 * 1024;
/// Bits a second that bandwidth is looked for at least: a first picture should not have to wait for that.
const GOAL_LEAST: u64 = 1_000_000;
/// Packets that have waited leave no sooner than this after the ones before, so that they leave together.
const PACE: Duration = Duration::from_millis(1);
/// About what a packet has before its payload.
const HEADER: usize = 24;
/// Bytes of padding for which packets that were sent are as good as nothing, which fits so many in one.
const PADDING_SMALL: usize = 255;
/// Packets that are made at once at most.
const PADDING_PACKETS: usize = 64;
/// How often a stream is reported.
const REPORTS: Duration = Duration::from_secs(1);
/// How much later reports may be, so that they leave together with packets.
const REPORTS_LATE: Duration = Duration::from_millis(100);
/// Whose requests are where nothing is sent; no source that anybody would draw.
const NO_SOURCE: u32 = 1;
/// Bytes of an RTCP compound before it is encrypted.
const COMPOUND: usize = 1100;

impl Egress {
    /// Nothing to send yet. `estimating` says whether it is to be found out what the viewer's network takes, where the viewer
    /// tells of arrivals.
    pub fn new(now: Instant, wall: WallClock, estimating: bool) -> Self {
        Self {
            wall,
            keys: None,
            streams: Vec::new(),
            queue: VecDeque::new(),
            queued_bytes: 0,
            again: VecDeque::new(),
            transport_seq: 0,
            estimating,
            network: None,
            goal: (GOAL_LEAST, 0),
            sent: now,
            round_trips: RoundTrips::new(now),
            next_report: now,
            unreported: false,
            wants_first_report: false,
            leaving: false,
            requests: Vec::new(),
            events: VecDeque::new(),
            clear: Vec::new(),
            compound: Vec::new(),
        }
    }

    /// Whether packets can be encrypted.
    pub fn has_keys(&self) -> bool {
        self.keys.is_some()
    }

    /// Takes the keys of the connection, for its whole life. `false` when they make no ciphers.
    pub fn set_keys(&mut self, keying: &Keying) -> bool {
        if self.keys.is_none() {
            self.keys = Sealer::new(keying).and_then(|sealer| Ok((sealer, Opener::new(keying)?))).ok();
        }
        self.keys.is_some()
    }

    /// Adds a stream; the first has number 0.
    pub fn add_stream(&mut self, now: Instant, spec: StreamSpec) {
        self.streams.push(Stream::new(now, spec));
        self.look_at_network(now);
    }

    /// What a later offer has made of a stream.
    pub fn set_terms(&mut self, now: Instant, stream: usize, terms: Terms) {
        if let Some(stream) = self.streams.get_mut(stream) {
            stream.spec.terms = terms;
        }
        self.look_at_network(now);
    }

    fn look_at_network(&mut self, now: Instant) {
        let tells = |stream: &Stream| stream.spec.terms.extensions.transport_sequence.is_some();
        if self.estimating && self.network.is_none() && self.streams.iter().any(tells) {
            let mut network = Box::new(Network::new(now));
            network.set_goal(now, self.goal.0, self.goal.1);
            self.network = Some(network);
        }
    }

    /// Has bandwidth looked for up to `most`, and packets of nothing made up to `least` as far as the estimate goes, both in
    /// bits a second.
    pub fn set_goal(&mut self, now: Instant, most: u64, least: u64) {
        self.goal = (most.max(GOAL_LEAST), least);
        if let Some(network) = &mut self.network {
            network.set_goal(now, self.goal.0, self.goal.1);
        }
    }

    /// Puts a packet into a stream.
    pub fn write(&mut self, stream: usize, packet: Outgoing) -> Written {
        let Some(of) = self.streams.get_mut(stream) else { return Written::NoStream };
        let waiting = self.network.as_ref().map_or(0, |network| network.pacer.waiting());
        if self.queued_bytes + waiting > QUEUED_MOST {
            return Written::Congested;
        }
        if !of.take(packet.seq) {
            return Written::Repeated;
        }
        self.queued_bytes += packet.payload.len();
        self.queue.push_back((stream, packet));
        Written::Yes
    }

    /// Asks for packets of a source of the other end with the next [`Self::send`]; their numbers rise. What has no room in one
    /// datagram is left out.
    pub fn request_missing(&mut self, ssrc: u32, numbers: &[u16]) {
        if !numbers.is_empty() && self.has_keys() && self.requests.len() + rtcp::missing_bytes(numbers.len()) <= COMPOUND {
            rtcp::missing(self.own_source(), ssrc, numbers, &mut self.requests);
        }
    }

    /// Asks for a key frame of a source of the other end in the same way.
    pub fn request_keyframe(&mut self, ssrc: u32) {
        if self.has_keys() && self.requests.len() + rtcp::PICTURE_LOSS <= COMPOUND {
            rtcp::picture_loss(self.own_source(), ssrc, &mut self.requests);
        }
    }

    fn own_source(&self) -> u32 {
        self.streams.first().map_or(NO_SOURCE, |stream| stream.spec.ssrc)
    }

    /// Sends what waits and is due.
    pub fn send(&mut self, now: Instant, out: &mut dyn Sink) {
        self.sent = now;
        // What is due leaves first: behind a burst that fills a network's queue reports would be lost again and again, and with them
        // what the round trip is known by.
        self.send_reports(now, out);
        if let Some((sealer, _)) = &mut self.keys {
            seal(sealer, &mut self.requests, out);
        }
        let Self { streams, queue, again, transport_seq, wall, network, unreported, wants_first_report, .. } = self;
        let Some((sealer, _)) = &self.keys else { return };
        let abs_send_time = wall.abs_send_time(now);
        let departure = Departure { sealer, abs_send_time, now, transport_seq, estimator: None };
        match network {
            None => {
                let mut leaving = Leaving { departure, streams, unreported, wants_first_report, out };
                again.drain(..).for_each(|(stream, seq)| leaving.again(stream, seq, None));
                queue.drain(..).for_each(|(stream, packet)| leaving.first(stream, packet, None));
            }
            Some(network) => {
                network.handle_timeout(now);
                let Network { estimator, pacer, .. } = &mut **network;
                let departure = Departure { estimator: Some(estimator), ..departure };
                let mut leaving = Leaving { departure, streams, unreported, wants_first_report, out };
                for (stream, seq) in again.drain(..) {
                    let bytes = leaving.bytes(stream, seq);
                    match pacer.admit(now, Class::Repair, bytes) {
                        Some(Admitted { probe }) => leaving.again(stream, seq, probe),
                        // When it comes to it, it is asked for once more.
                        None => drop(pacer.push(now, Class::Repair, bytes, Waiting::Again(stream, seq))),
                    }
                }
                while let Some(Released { item, probe, .. }) = pacer.poll(now) {
                    match item {
                        Waiting::New(stream, packet) => leaving.first(stream, packet, probe),
                        Waiting::Again(stream, seq) => leaving.again(stream, seq, probe),
                    }
                }
                for (stream, packet) in queue.drain(..) {
                    let is_sound = leaving.streams.get(stream).is_some_and(|stream| stream.spec.is_sound);
                    let class = if is_sound { Class::Sound } else { Class::Picture };
                    let bytes = HEADER + packet.payload.len();
                    match pacer.admit(now, class, bytes) {
                        Some(Admitted { probe }) => leaving.first(stream, packet, probe),
                        None => drop(pacer.push(now, class, bytes, Waiting::New(stream, packet))),
                    }
                }
                if let Some(Padding { bytes }) = pacer.poll_padding(now) {
                    leaving.padding(bytes, |bytes| pacer.admit(now, Class::Padding, bytes).and_then(|admitted| admitted.probe));
                }
            }
        }
        if let Some(network) = &mut self.network {
            network.settle();
        }
        self.queued_bytes = 0;
        self.send_reports(now, out);
        if std::mem::take(&mut self.leaving) {
            self.send_goodbye(out);
        }
    }

    fn send_reports(&mut self, now: Instant, out: &mut dyn Sink) {
        let all = self.unreported && now >= self.next_report;
        if !all && !self.wants_first_report {
            return;
        }
        if all {
            self.next_report = now + REPORTS;
        }
        let Self { keys: Some((sealer, _)), streams, wall, compound, .. } = self else { return };
        for stream in streams.iter_mut().filter(|stream| all || stream.wants_first_report()) {
            let Some(info) = stream.report(now, wall) else { continue };
            let name = &stream.spec.cname;
            if compound.len() + rtcp::report_bytes(name.len()) > COMPOUND {
                seal(sealer, compound, out);
            }
            rtcp::report(&info, name, compound);
        }
        seal(sealer, compound, out);
        self.wants_first_report = false;
        self.unreported = self.streams.iter().any(Stream::is_unreported);
    }

    fn send_goodbye(&mut self, out: &mut dyn Sink) {
        let Self { keys: Some((sealer, _)), streams, compound, .. } = self else { return };
        let sources: Vec<u32> = streams.iter().filter(|stream| stream.has_sent()).map(|stream| stream.spec.ssrc).collect();
        rtcp::goodbye(&sources, compound);
        seal(sealer, compound, out);
    }

    /// Takes an SRTCP datagram.
    pub fn handle_rtcp(&mut self, now: Instant, datagram: &[u8]) -> Taken {
        let Some((_, opener)) = &mut self.keys else { return Taken::NotYet };
        let mut clear = std::mem::take(&mut self.clear);
        let taken = match opener.open(datagram, &mut clear).map(|()| Compound::read(&clear)) {
            Ok(Ok(compound)) => self.handle_compound(now, compound),
            _ => Taken::Refused,
        };
        self.clear = clear;
        taken
    }

    fn handle_compound(&mut self, now: Instant, compound: Compound<'_>) -> Taken {
        let mut taken = Taken::Whole;
        for item in compound.items() {
            match item {
                Item::Report(block) => self.handle_report(now, &block),
                Item::Nack { ssrc, missing } => {
                    let Some(index) = self.stream_of(ssrc) else { continue };
                    let (store, round_trips) = (&mut self.streams[index].store, &self.round_trips);
                    let asked = missing.numbers().filter_map(|number| store.ask(now, number, round_trips));
                    self.again.extend(asked.flat_map(|(seq, copies)| std::iter::repeat_n((index, seq), copies.into())));
                }
                Item::KeyframeWanted { ssrc } => {
                    let Some(stream) = self.stream_of(ssrc) else { continue };
                    let event = Event::KeyframeWanted { stream };
                    if !self.events.contains(&event) {
                        self.events.push_back(event);
                    }
                }
                Item::Most(bits) => self.events.push_back(Event::Most(bits)),
                Item::Arrivals(feedback) => {
                    if let Some(network) = &mut self.network {
                        network.handle_feedback(now, &feedback);
                    }
                }
                Item::Foreign => taken = Taken::Shared,
            }
        }
        taken
    }

    fn handle_report(&mut self, now: Instant, block: &ReportBlock) {
        if block.last_report != 0 {
            // RFC 3550 section 6.4.1: now, less when the report left, less how long it lay there.
            let units = self.wall.short_ntp(now).wrapping_sub(block.last_report).wrapping_sub(block.since_last_report);
            let time = |units: u32| Duration::from_nanos((u64::from(units) * 1_000_000_000) >> 16);
            let round_trip = time(units);
            let has_queue = self.network.as_ref().and_then(|network| network.estimator.has_queue());
            if self.round_trips.take(now, round_trip, time(block.since_last_report), has_queue)
                && let Some(network) = &mut self.network
            {
                network.handle_round_trip(round_trip);
            }
        }
        let Some(index) = self.stream_of(block.ssrc) else { return };
        if let Some(share) = self.streams[index].handle_report(now, block) {
            self.events.push_back(Event::Loss { stream: index, share });
        }
    }

    /// The stream with a source of its own; not that of its retransmissions.
    fn stream_of(&self, ssrc: u32) -> Option<usize> {
        self.streams.iter().position(|stream| stream.spec.ssrc == ssrc)
    }

    /// What the viewer has said, oldest first.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front().or_else(|| {
            let network = self.network.as_mut().filter(|_| self.keys.is_some())?;
            network.poll_estimate().map(Event::Estimate)
        })
    }

    /// Whether [`Self::send`] has something to do by now.
    pub fn wants_to_send(&self, now: Instant) -> bool {
        let waits = !self.queue.is_empty() || !self.again.is_empty() || !self.requests.is_empty() || self.leaving;
        self.keys.is_some() && (waits || self.poll_timeout().is_some_and(|at| at <= now))
    }

    /// When to call [`Self::send`] at the latest.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.keys.as_ref()?;
        let unreported = self.unreported.then(|| self.next_report + REPORTS_LATE);
        let network = self.network.as_ref().and_then(|network| network.poll_timeout());
        // What cannot be made now would be wanted again and again.
        let network = network.map(|at| at.max(self.sent + PACE));
        [unreported, network].into_iter().flatten().min()
    }

    /// Has the next [`Self::send`] say good-bye.
    pub fn close(&mut self) {
        self.leaving = true;
    }
}

/// Streams while packets leave.
struct Leaving<'a> {
    departure: Departure<'a>,
    streams: &'a mut [Stream],
    unreported: &'a mut bool,
    wants_first_report: &'a mut bool,
    out: &'a mut dyn Sink,
}

impl Leaving<'_> {
    fn first(&mut self, stream: usize, packet: Outgoing, probe: Option<ProbeId>) {
        if let Some(stream) = self.streams.get_mut(stream) {
            stream.send(&mut self.departure, packet, probe, self.out);
            *self.unreported = true;
            *self.wants_first_report |= stream.wants_first_report();
        }
    }

    fn again(&mut self, stream: usize, seq: u64, probe: Option<ProbeId>) {
        if let Some(stream) = self.streams.get_mut(stream) {
            stream.send_again(&mut self.departure, seq, probe, self.out);
        }
    }

    /// About how many bytes a packet has that is sent again.
    fn bytes(&self, stream: usize, seq: u64) -> usize {
        let kept = self.streams.get(stream).and_then(|stream| stream.store.find(seq));
        HEADER + kept.map_or(0, |kept| kept.payload.len())
    }

    /// Makes so many bytes, or some more: of packets that were sent before, which may be of use, or of nothing.
    fn padding(&mut self, mut bytes: usize, mut tell: impl FnMut(usize) -> Option<ProbeId>) {
        let best = |(_, stream): &(usize, &Stream)| stream.store.newest().next().is_some();
        let takes = |(_, stream): &(usize, &Stream)| stream.takes_padding();
        let all = || self.streams.iter().enumerate().filter(takes);
        let Some((index, of)) = all().find(best).or_else(|| all().next()) else { return };
        let fits = |bytes: usize| move |(_, length): &(u64, usize)| *length > PADDING_SMALL && *length <= 2 * bytes;
        let again: Vec<(u64, usize)> = of.store.newest().filter(fits(bytes)).take(PADDING_PACKETS).collect();
        for (seq, length) in again {
            if bytes <= PADDING_SMALL {
                break;
            }
            bytes = bytes.saturating_sub(HEADER + length);
            let probe = tell(HEADER + length);
            self.again(index, seq, probe);
        }
        for _ in 0..PADDING_PACKETS {
            if bytes == 0 {
                break;
            }
            bytes = bytes.saturating_sub(HEADER + PADDING_SMALL);
            let probe = tell(HEADER + PADDING_SMALL);
            if let Some(stream) = self.streams.get_mut(index) {
                stream.send_padding(&mut self.departure, probe, self.out);
            }
        }
    }
}

/// Encrypts a compound and empties it.
fn seal(sealer: &mut Sealer, compound: &mut Vec<u8>, out: &mut dyn Sink) {
    if compound.is_empty() {
        return;
    }
    let length = compound.len() + sealer.rtcp_overhead();
    let buffer = out.room(length);
    let start = buffer.len();
    buffer.append(compound);
    if sealer.seal_rtcp(buffer, start).is_err() {
        // After a thousand million reports. Nothing of them may leave as it is.
        buffer.truncate(start);
    }
    buffer.resize(start + length, 0);
}

#[cfg(test)]
mod cost;
#[cfg(test)]
mod tests;
