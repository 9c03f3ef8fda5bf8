//! A sender with an estimator and a pacer, a receiver that reports, and a link between them, in time that is turned by hand.
//! It is no RTP: packets are numbers that are as long as they say.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use rtc_bwe::{Class, Estimator, Feedback, Pacer, PacerSettings, ProbeId, Settings};
use rtc_impairment::{Impairment, Profile, Rate};

/// A packet on its way: who sent it, its number, and as many bytes as are to be.
#[derive(Clone)]
pub(crate) struct Parcel {
    pub sender: usize,
    pub number: u64,
    bytes: Vec<u8>,
}

impl AsRef<[u8]> for Parcel {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// One link with senders who share it.
pub(crate) struct World {
    start: Instant,
    pub now: Instant,
    pub link: Impairment<Parcel>,
    pub senders: Vec<Sender>,
    /// While set, receivers read nothing; all of it comes when it is over.
    pub jammed_until: Option<Instant>,
    jam: Vec<Parcel>,
    back: VecDeque<(Instant, usize, Vec<u8>)>,
    /// The way back takes so long; nothing comes back while it is cut.
    pub back_delay: Duration,
    pub is_back_cut: bool,
    /// Drops what is too much and lets nothing wait.
    pub policer: Option<Policer>,
}

/// Lets so many bits a second through, and 20 kB more after a rest.
pub(crate) struct Policer {
    pub rate: u64,
    pub dropped: u64,
    tokens: f64,
}

/// One sender and its receiver.
pub(crate) struct Sender {
    pub estimator: Estimator,
    pub pacer: Pacer<()>,
    number: u64,
    /// Media, in bits a second, made as frames; a frame's packets come at once.
    pub media: Media,
    next_frame: Instant,
    receiver: Receiver,
    pub sent_bytes: u64,
    pub arrived_bytes: u64,
    /// Packets that left with others at the same instant, and instants at which any left.
    pub packets: u64,
    pub departures: u64,
    last_departure: Option<Instant>,
    pub padding_bytes: u64,
    pub can_pad: bool,
    pub receives_feedback: bool,
    /// How often its receiver reports.
    pub reports: Duration,
    /// The layer that is sent, and since when there is a margin for the next.
    pub layer: usize,
    margin: Option<Instant>,
    pub switches: u32,
}

/// What is sent.
#[derive(Clone, Copy)]
pub(crate) enum Media {
    /// Always this, in bits a second.
    Fixed(u64),
    /// As much as is estimated, up to this.
    Greedy(u64),
    /// One of these layers, as a forwarder chooses: less at once, more when there was a margin for three seconds. A layer
    /// begins with a picture of ten times the usual size.
    Layers(&'static [u64]),
}

struct Receiver {
    start: Instant,
    arrived: VecDeque<(u64, Instant)>,
    /// The number after the highest that was reported on.
    next: u64,
    highest: Option<u64>,
    report: Instant,
    reports: u8,
}

const STEP: Duration = Duration::from_millis(1);
pub(crate) const FRAME: Duration = Duration::from_millis(33);
const PACKET: usize = 1200;

pub(crate) fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// A link of so many bits a second with 300 ms of queue and 25 ms each way.
pub(crate) fn link(bits_per_second: u64) -> Profile {
    let rate = Rate { bits_per_second, queue: ms(300) };
    Profile { rate: Some(rate), delay: ms(25), ..Profile::default() }
}

impl World {
    pub(crate) fn new(seed: u64, profile: Profile, senders: impl IntoIterator<Item = Media>) -> Self {
        let start = Instant::now();
        let mut link = Impairment::new(start, seed);
        link.set(start, profile);
        let mut world = Self {
            start,
            now: start,
            link,
            senders: Vec::new(),
            jammed_until: None,
            jam: Vec::new(),
            back: VecDeque::new(),
            back_delay: ms(25),
            is_back_cut: false,
            policer: None,
        };
        for media in senders {
            world.add(media);
        }
        world
    }

    pub(crate) fn add(&mut self, media: Media) {
        let now = self.now;
        let mut estimator = Estimator::new(now, Settings::default());
        match media {
            Media::Greedy(most) => estimator.set_goal(now, most, 0),
            Media::Layers(layers) => estimator.set_goal(now, layers.last().copied().unwrap_or(0) * 13 / 10, 0),
            Media::Fixed(_) => {}
        }
        self.senders.push(Sender {
            estimator,
            pacer: Pacer::new(now, PacerSettings::default()),
            number: 70_000 + 1000 * self.senders.len() as u64,
            media,
            next_frame: now,
            receiver: Receiver { start: self.start, arrived: VecDeque::new(), next: 0, highest: None, report: now, reports: 0 },
            sent_bytes: 0,
            arrived_bytes: 0,
            packets: 0,
            departures: 0,
            last_departure: None,
            padding_bytes: 0,
            can_pad: true,
            receives_feedback: true,
            reports: ms(60),
            layer: 0,
            margin: None,
            switches: 0,
        });
    }

    pub(crate) fn set(&mut self, profile: Profile) {
        self.link.set(self.now, profile);
    }

    pub(crate) fn goal(&mut self, most: u64, least: u64) {
        let now = self.now;
        self.senders[0].estimator.set_goal(now, most, least);
    }

    /// The estimate of the first sender; nothing counts as 0.
    pub(crate) fn estimate(&self) -> u64 {
        self.senders[0].estimator.estimate().unwrap_or(0)
    }

    pub(crate) fn run(&mut self, time: Duration) {
        self.watch(time, |_| ());
    }

    /// Lets time pass, and looks every 10 ms.
    pub(crate) fn watch(&mut self, time: Duration, mut look: impl FnMut(&Self)) {
        let end = self.now + time;
        let mut steps = 0;
        while self.now < end {
            self.now += STEP;
            self.step();
            steps += 1;
            if steps % 10 == 0 {
                look(self);
            }
        }
    }

    /// The least and the most that is estimated within a time.
    pub(crate) fn range(&mut self, time: Duration) -> (u64, u64) {
        let (mut least, mut most) = (u64::MAX, 0);
        self.watch(time, |world| {
            least = least.min(world.estimate());
            most = most.max(world.estimate());
        });
        (least, most)
    }

    /// How long it takes until the estimate is as is wished, at most so long.
    pub(crate) fn until(&mut self, most: Duration, wished: impl Fn(u64) -> bool) -> Option<Duration> {
        let start = self.now;
        while self.now - start < most {
            self.run(ms(10));
            if wished(self.estimate()) {
                return Some(self.now - start);
            }
        }
        None
    }

    fn step(&mut self) {
        let now = self.now;
        while let Some(parcel) = self.link.poll(now) {
            match self.jammed_until {
                Some(_) => self.jam.push(parcel),
                None => self.senders[parcel.sender].arrive(now, &parcel),
            }
        }
        if self.jammed_until.is_some_and(|until| until <= now) {
            self.jammed_until = None;
            for parcel in std::mem::take(&mut self.jam) {
                self.senders[parcel.sender].arrive(now, &parcel);
            }
        }
        for index in 0..self.senders.len() {
            let sender = &mut self.senders[index];
            if self.jammed_until.is_none()
                && let Some(report) = sender.receiver.report(now, sender.reports)
                && !self.is_back_cut
            {
                self.back.push_back((now + self.back_delay, index, report));
            }
        }
        while let Some((_, index, report)) = self.back.pop_front_if(|(due, ..)| *due <= now) {
            let sender = &mut self.senders[index];
            if sender.receives_feedback {
                let feedback = Feedback::parse(&report).expect("receivers write what can be read");
                sender.estimator.handle_feedback(now, &feedback);
                sender.pacer.follow(now, &mut sender.estimator);
            }
        }
        for index in 0..self.senders.len() {
            let mut out = Vec::new();
            self.senders[index].send(now, index, &mut out);
            for parcel in out {
                if self.policer.as_mut().is_none_or(|policer| policer.lets_pass(parcel.bytes.len())) {
                    self.link.push(now, parcel);
                }
            }
        }
        if let Some(policer) = &mut self.policer {
            policer.tokens = (policer.tokens + policer.rate as f64 / 8.0 * STEP.as_secs_f64()).min(20_000.0);
        }
    }
}

impl Policer {
    pub(crate) fn new(rate: u64) -> Self {
        Self { rate, dropped: 0, tokens: 0.0 }
    }

    fn lets_pass(&mut self, bytes: usize) -> bool {
        let passes = self.tokens >= bytes as f64;
        if passes {
            self.tokens -= bytes as f64;
        } else {
            self.dropped += 1;
        }
        passes
    }
}

impl Sender {
    fn send(&mut self, now: Instant, index: usize, out: &mut Vec<Parcel>) {
        if self.estimator.poll_timeout().is_some_and(|due| due <= now) {
            self.estimator.handle_timeout(now);
            self.pacer.follow(now, &mut self.estimator);
        }
        if self.next_frame <= now {
            self.next_frame += FRAME;
            let rate = match self.media {
                Media::Fixed(rate) => rate,
                Media::Greedy(most) => self.estimator.estimate().unwrap_or(300_000).min(most),
                Media::Layers(layers) => self.choose(now, layers),
            };
            let mut left = (rate as f64 / 8.0 * FRAME.as_secs_f64()) as usize;
            while left > 0 {
                let bytes = left.min(PACKET);
                left -= bytes;
                match self.pacer.admit(now, Class::Picture, bytes) {
                    Some(departure) => self.depart(now, index, bytes, departure.probe, out),
                    None => drop(self.pacer.push(now, Class::Picture, bytes, ())),
                }
            }
        }
        while let Some(released) = self.pacer.poll(now) {
            self.depart(now, index, released.bytes, released.probe, out);
        }
        while let Some(padding) = self.pacer.poll_padding(now).filter(|_| self.can_pad) {
            let mut left = padding.bytes;
            while left > 0 {
                let bytes = left.clamp(50, 255);
                left = left.saturating_sub(bytes);
                self.padding_bytes += bytes as u64;
                let departure = self.pacer.admit(now, Class::Padding, bytes).expect("padding never waits");
                self.depart(now, index, bytes, departure.probe, out);
            }
        }
    }

    fn choose(&mut self, now: Instant, layers: &[u64]) -> u64 {
        let before = self.layer;
        let estimate = self.estimator.estimate().unwrap_or(u64::MAX);
        let fits = |margin: u64| layers.iter().rposition(|rate| rate * margin / 100 <= estimate).unwrap_or(0);
        self.layer = self.layer.min(fits(100));
        let next = fits(115);
        if next <= self.layer {
            self.margin = None;
        } else if now - *self.margin.get_or_insert(now) > ms(3000) || self.packets == 0 {
            (self.layer, self.margin) = (next, None);
        }
        self.switches += u32::from(self.layer != before);
        layers[self.layer] * if self.layer != before { 10 } else { 1 }
    }

    fn depart(&mut self, now: Instant, sender: usize, bytes: usize, probe: Option<ProbeId>, out: &mut Vec<Parcel>) {
        self.number += 1;
        self.packets += 1;
        self.departures += u64::from(self.last_departure.replace(now) != Some(now));
        self.sent_bytes += bytes as u64;
        self.estimator.sent(self.number, now, bytes, probe);
        out.push(Parcel { sender, number: self.number, bytes: vec![0; bytes] });
    }

    fn arrive(&mut self, now: Instant, parcel: &Parcel) {
        self.arrived_bytes += parcel.as_ref().len() as u64;
        self.receiver.arrived.push_back((parcel.number, now));
    }
}

impl Receiver {
    /// Reports on everything up to the highest that arrived, and again from the lowest that came after all.
    fn report(&mut self, now: Instant, reports: Duration) -> Option<Vec<u8>> {
        if now < self.report || self.arrived.is_empty() {
            return None;
        }
        self.report = now + reports;
        let mut arrived: Vec<_> = self.arrived.drain(..).collect();
        arrived.sort_unstable();
        arrived.dedup_by_key(|(number, _)| *number);
        let (lowest, highest) = (arrived[0].0, arrived[arrived.len() - 1].0.max(self.highest.unwrap_or(0)));
        let first = match self.highest {
            Some(_) => lowest.min(self.next),
            None => lowest,
        };
        self.highest = Some(highest);
        self.next = highest + 1;
        self.reports = self.reports.wrapping_add(1);
        Some(write(self.start, first, highest, self.reports, &arrived))
    }
}

/// Feedback as browsers write it, on a receiver's clock that began an hour before `start`.
pub(crate) fn write(start: Instant, first: u64, last: u64, reports: u8, arrived: &[(u64, Instant)]) -> Vec<u8> {
    let ticks = |at: Instant| (at + Duration::from_secs(3600)).saturating_duration_since(start).as_micros() as i64 / 250;
    let earliest = arrived.iter().map(|(_, at)| ticks(*at)).min().expect("something arrived");
    let reference = earliest / 256;
    let mut packet = vec![0x8f, 205, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2];
    packet.extend((first as u16).to_be_bytes());
    packet.extend(((last - first + 1) as u16).to_be_bytes());
    packet.extend(&(reference as u32).to_be_bytes()[1..]);
    packet.push(reports);
    let (mut at, mut deltas, mut statuses) = (reference * 256, Vec::new(), Vec::new());
    let mut entries = arrived.iter().peekable();
    for number in first..=last {
        let Some((_, arrival)) = entries.next_if(|(arrived, _)| *arrived == number) else {
            statuses.push(0u16);
            continue;
        };
        let delta = ticks(*arrival) - at;
        at += delta;
        match u8::try_from(delta) {
            Ok(byte) => {
                statuses.push(1);
                deltas.push(byte);
            }
            Err(_) => {
                statuses.push(2);
                deltas.extend((delta as i16).to_be_bytes());
            }
        }
    }
    for statuses in statuses.chunks(7) {
        let symbols = (0..7).fold(0, |word, n| word << 2 | statuses.get(n).copied().unwrap_or(0));
        packet.extend((0xc000 | symbols).to_be_bytes());
    }
    packet.extend(deltas);
    let padding = packet.len().next_multiple_of(4) - packet.len();
    if padding > 0 {
        packet[0] |= 0x20;
        packet.resize(packet.len() + padding - 1, 0);
        packet.push(padding as u8);
    }
    let words = (packet.len() / 4 - 1) as u16;
    packet[2..4].copy_from_slice(&words.to_be_bytes());
    packet
}
