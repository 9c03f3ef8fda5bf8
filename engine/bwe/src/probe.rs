//! Probes: more is sent for some milliseconds than the network is known to take, to see whether it does. When that is worth
//! while is decided here, not what follows for the estimate.

use std::num::NonZeroU32;
use std::time::Duration;

use crate::history::Sent;

/// Names a probe, so that its packets are told from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProbeId(pub(crate) NonZeroU32);

/// What is to be sent as a probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probe {
    /// Goes with each of its packets to [`crate::Estimator::sent`].
    pub id: ProbeId,
    /// In bits a second.
    pub rate: u64,
    /// So many bytes make it.
    pub bytes: usize,
    /// In so many packets at least.
    pub packets: u32,
    /// It is given up if it did not take place within this time.
    pub patience: Duration,
}

/// What became of a probe.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Outcome {
    /// It came through as fast as it was sent, in bits a second.
    Passed(f64),
    /// It was slowed down to this.
    Slowed(f64),
    /// It says nothing.
    Void,
}

/// When to probe, and what came of it. Times are µs of the sender's clock, where nothing else is said.
#[derive(Debug)]
pub(crate) struct Prober {
    last_id: NonZeroU32,
    pending: Option<Pending>,
    next: i64,
    /// Whatever is known, none before that.
    not_before: i64,
    rest: i64,
    /// Probes since anything was heard of the receiver.
    unheard: u32,
    retries: u32,
}

#[derive(Debug, Clone, Copy)]
struct Pending {
    probe: Probe,
    expires: i64,
    sent: Sum,
    arrived: Line,
}

/// Packets, and the rate at which they left.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    packets: u32,
    bytes: u32,
    first: i64,
    last: i64,
    /// Bytes that left in the last instant.
    last_bytes: u32,
}

/// A line through arrivals over the bytes that were sent up to each: its slope is the rate, and what is beside it tells how
/// well that is known. Arrivals in ms from the first one on, bytes in thousands.
#[derive(Debug, Clone, Copy, Default)]
struct Line {
    packets: u32,
    bytes: u32,
    first: i64,
    last: i64,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
    yy: f64,
}

impl Prober {
    pub(crate) fn new() -> Self {
        Self {
            last_id: NonZeroU32::MIN,
            pending: None,
            next: i64::MIN,
            not_before: i64::MIN,
            rest: REST_LEAST,
            unheard: 0,
            retries: 0,
        }
    }

    /// When one may be sent; nothing while one is under way, or while nobody seems to listen.
    pub(crate) fn next(&self) -> Option<i64> {
        (self.pending.is_none() && self.unheard < UNHEARD_MOST).then_some(self.next.max(self.not_before))
    }

    /// When the one under way is given up.
    pub(crate) fn expires(&self) -> Option<i64> {
        Some(self.pending?.expires)
    }

    /// Sends one at this rate that lasts for so many µs, or longer after those of which nothing came.
    pub(crate) fn begin(&mut self, now: i64, rate: u64, lasts: i64) -> Probe {
        let lasts = (lasts << self.retries.min(RETRIES)).min(LASTS_MOST);
        self.last_id = self.last_id.checked_add(1).unwrap_or(NonZeroU32::MIN);
        self.unheard += 1;
        let bytes = (rate as f64 / 8.0 * lasts as f64 / 1e6) as usize;
        let probe = Probe {
            id: ProbeId(self.last_id),
            rate,
            bytes: bytes.max(BYTES_LEAST),
            packets: PACKETS,
            patience: Duration::from_micros(PATIENCE as u64),
        };
        self.pending = Some(Pending { probe, expires: now + PATIENCE + NEWS, sent: Sum::default(), arrived: Line::default() });
        probe
    }

    /// A packet is sent. Gives the bytes of the probe that have been sent by that.
    pub(crate) fn sent(&mut self, probe: ProbeId, at: i64, bytes: u32) -> u32 {
        let Some(pending) = self.pending.as_mut().filter(|pending| pending.probe.id == probe) else { return 0 };
        pending.sent.add(at, bytes);
        pending.sent.bytes
    }

    /// A packet arrived, at this time of the receiver's clock.
    #[inline]
    pub(crate) fn arrived(&mut self, sent: &Sent, arrived: i64) {
        self.unheard = 0;
        if sent.probe.is_some()
            && let Some(pending) = self.pending.as_mut().filter(|pending| Some(pending.probe.id) == sent.probe)
        {
            pending.arrived.add(arrived, sent.bytes, sent.probed);
        }
    }

    /// When the last packet of the probe under way was sent.
    pub(crate) fn last_sent(&self) -> Option<i64> {
        self.pending.filter(|pending| pending.sent.packets > 0).map(|pending| pending.sent.last)
    }

    /// What became of the one under way, as soon as that is known. `newest` is the departure of the newest arrival, `inherent` the
    /// share that is lost whatever is sent.
    pub(crate) fn conclude(&mut self, now: i64, newest: i64, inherent: f64) -> Option<Outcome> {
        let Pending { probe, expires, sent, arrived } = self.pending?;
        let is_sent = sent.bytes as usize >= probe.bytes && sent.packets >= probe.packets;
        let is_whole = is_sent && arrived.packets == sent.packets;
        let is_late = sent.packets > 0 && newest > sent.last + OVERTAKEN;
        if !is_whole && !is_late && now < expires {
            return None;
        }
        self.pending = None;
        Some(outcome(&probe, &sent, &arrived, inherent))
    }

    /// Something is known by now that makes another one worth while at once.
    pub(crate) fn hurry(&mut self, now: i64) {
        (self.next, self.rest, self.retries) = (self.next.min(now), REST_LEAST, 0);
    }

    /// Nothing came of the last one, for no fault of the network, so it is soon tried again; but not for ever.
    pub(crate) fn retry(&mut self, now: i64) {
        self.retries += 1;
        if self.retries > RETRIES {
            return self.tire(now);
        }
        self.next = now + RETRY;
    }

    /// The last one was of no use, so the next one comes later.
    pub(crate) fn tire(&mut self, now: i64) {
        self.retries = 0;
        self.next = now + self.rest;
        self.rest = (self.rest * 2).min(REST_MOST);
    }

    /// There is none before that, and the one under way counts for nothing.
    pub(crate) fn wait_until(&mut self, time: i64) {
        self.pending = None;
        self.not_before = self.not_before.max(time);
    }
}

impl Sum {
    fn add(&mut self, at: i64, bytes: u32) {
        if self.packets == 0 {
            self.first = at;
        }
        if at > self.last || self.packets == 0 {
            (self.last, self.last_bytes) = (at, 0);
        }
        self.packets += 1;
        self.bytes = self.bytes.saturating_add(bytes);
        self.last_bytes = self.last_bytes.saturating_add(bytes);
    }

    /// Bits a second, without the last bytes, which are followed by nothing. Nothing for what left in one instant.
    fn rate(&self) -> Option<f64> {
        let took = self.last - self.first;
        (took >= INTERVAL_LEAST).then(|| f64::from(self.bytes - self.last_bytes) * 8e6 / took as f64)
    }
}

impl Line {
    /// A packet arrived that was sent when so many bytes had been, it included.
    fn add(&mut self, at: i64, bytes: u32, sent: u32) {
        if self.packets == 0 {
            (self.first, self.last) = (at, at);
        }
        let (x, y) = (f64::from(sent) / 1e3, (at - self.first) as f64 / 1e3);
        self.packets += 1;
        self.bytes = self.bytes.saturating_add(bytes);
        self.last = self.last.max(at);
        self.x += x;
        self.y += y;
        self.xx += x * x;
        self.xy += x * y;
        self.yy += y * y;
    }

    /// ms for a thousand bytes, and the standard error of that.
    fn slope(&self) -> Option<(f64, f64)> {
        let count = f64::from(self.packets);
        let xx = self.xx - self.x * self.x / count;
        let xy = self.xy - self.x * self.y / count;
        let yy = self.yy - self.y * self.y / count;
        if self.packets < 3 || xx <= 0.0 {
            return None;
        }
        let slope = xy / xx;
        let beside = (yy - slope * xy).max(0.0) / (count - 2.0);
        Some((slope, (beside / xx).sqrt()))
    }
}

fn outcome(probe: &Probe, sent: &Sum, arrived: &Line, inherent: f64) -> Outcome {
    // Of what the network does not lose by itself; that is now more, now less.
    let chance = (inherent / (1.0 - inherent) / f64::from(sent.packets.max(1))).sqrt();
    let share = f64::from(arrived.bytes) / f64::from(sent.bytes.max(1)) / (1.0 - inherent) + chance;
    if arrived.packets < PACKETS - 1 || share < ARRIVED_LEAST {
        return Outcome::Void;
    }
    // A burst of media that took its place left in an instant, and tells as much.
    let left = sent.rate();
    let out = left.unwrap_or(probe.rate as f64);
    if out < probe.rate as f64 / 2.0 {
        return Outcome::Void;
    }
    let Some((slope, error)) = arrived.slope() else { return Outcome::Void };
    // How much longer it took to arrive than to leave, as a factor, and how well that is known.
    let (longer, doubt) = (slope * out / 8e6, 2.0 * error * out / 8e6);
    // A jam on the way lets all arrive at once. Then nothing is known of the link.
    let is_jam = match left {
        Some(_) => longer < LONGER_LEAST,
        None => arrived.last - arrived.first < SPREAD_LEAST,
    };
    if is_jam {
        return Outcome::Void;
    }
    // What does not arrive at all may be what did not fit.
    let share = if share < SHARE_WHOLE { share } else { 1.0 };
    let there = out / longer.max(1.0) * share;
    if longer <= SLOWED && share == 1.0 {
        if longer + doubt < SLOWED + DOUBT_MOST { Outcome::Passed(there) } else { Outcome::Void }
    } else if share < 1.0 || longer - doubt > SLOWED || doubt < DOUBT_MOST / 2.0 {
        Outcome::Slowed(there)
    } else {
        Outcome::Void
    }
}

/// At least so many packets, so that there are distances to measure, and so many bytes.
const PACKETS: u32 = 5;
const BYTES_LEAST: usize = 1000;
const PATIENCE: i64 = 1_000_000;
/// For so long news of it may come.
const NEWS: i64 = 1_500_000;
const OVERTAKEN: i64 = 150_000;
const REST_LEAST: i64 = 1_000_000;
const REST_MOST: i64 = 3_000_000;
const RETRY: i64 = 200_000;
const RETRIES: u32 = 3;
/// µs.
const LASTS_MOST: i64 = 120_000;
const UNHEARD_MOST: u32 = 5;
const INTERVAL_LEAST: i64 = 1_000;
const SPREAD_LEAST: i64 = 5_000;
const ARRIVED_LEAST: f64 = 0.6;
const SHARE_WHOLE: f64 = 0.9;
const LONGER_LEAST: f64 = 0.5;
/// By this factor it may take longer to arrive and still have passed, and so far may the truth be from that.
const SLOWED: f64 = 1.11;
const DOUBT_MOST: f64 = 0.5;

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of a probe of 10 packets of 500 bytes each 2 ms (2 Mbit/s), that arrive by this rule.
    fn probed(arrival: impl Fn(i64) -> Option<i64>) -> Outcome {
        probed_where_lost(0.0, arrival)
    }

    /// The same where such a share is lost of everything.
    fn probed_where_lost(inherent: f64, arrival: impl Fn(i64) -> Option<i64>) -> Outcome {
        let mut prober = Prober::new();
        let probe = prober.begin(0, 2_000_000, 20_000);
        assert_eq!((probe.bytes, probe.packets), (5000, 5));
        for n in 0..10 {
            let probed = prober.sent(probe.id, n * 2000, 500);
            let sent = Sent { number: n as u64, at: n * 2000, bytes: 500, probe: Some(probe.id), probed, has_arrived: true };
            if let Some(arrival) = arrival(n) {
                prober.arrived(&sent, arrival);
            }
        }
        prober.conclude(500_000, 400_000, inherent).expect("it was sent")
    }

    #[test]
    fn what_the_network_always_loses_is_not_held_against_a_probe() {
        let half = |n: i64| (n % 2 == 0).then_some(50_000 + n * 2000);
        assert_eq!(probed(half), Outcome::Void);
        assert_eq!(probed_where_lost(0.5, half), Outcome::Passed(2e6));
        assert!(matches!(probed_where_lost(0.5, |n| half(n).map(|at| at + n * 2000)), Outcome::Slowed(rate) if rate < 1.1e6));
    }

    #[test]
    fn a_probe_finds_what_the_link_takes() {
        assert_eq!(probed(|n| Some(50_000 + n * 2000)), Outcome::Passed(2e6));
        assert_eq!(probed(|n| Some(50_000 + n * 4000)), Outcome::Slowed(1e6));
        assert_eq!(probed(|n| (n % 4 != 1).then_some(50_000 + n * 2000)), Outcome::Slowed(1.4e6));
    }

    #[test]
    fn a_burst_that_took_its_place_is_as_good_where_the_link_has_spread_it() {
        let burst = |spread: i64| {
            let mut prober = Prober::new();
            let probe = prober.begin(0, 2_000_000, 20_000);
            for n in 0..5 {
                let probed = prober.sent(probe.id, 0, 1250);
                let sent = Sent { number: n as u64, at: 0, bytes: 1250, probe: Some(probe.id), probed, has_arrived: true };
                prober.arrived(&sent, 50_000 + n * spread);
            }
            prober.conclude(500_000, 400_000, 0.0).expect("it was sent")
        };
        assert_eq!(burst(2000), Outcome::Passed(2e6), "five megabits, but no more than was asked");
        assert_eq!(burst(10_000), Outcome::Slowed(1e6));
        assert_eq!(burst(500), Outcome::Void);
    }

    #[test]
    fn what_came_out_of_a_jam_says_nothing_nor_what_is_lost() {
        assert_eq!(probed(|n| Some(50_000 + n * 100)), Outcome::Void);
        assert_eq!(probed(|n| (n < 4).then_some(50_000 + n * 2000)), Outcome::Void);
    }

    #[test]
    fn who_never_answers_is_not_probed_for_ever() {
        let mut prober = Prober::new();
        let mut probes = 0;
        for now in (0..1000).map(|n| n * 1_000_000) {
            if prober.conclude(now, 0, 0.0).is_some() {
                prober.tire(now);
            }
            if prober.next().is_some_and(|next| next <= now) {
                prober.begin(now, 1_000_000, 20_000);
                probes += 1;
            }
        }
        assert_eq!(probes, UNHEARD_MOST);
    }
}
