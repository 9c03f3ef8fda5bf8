//! Probes: more is sent for some milliseconds than the network is known to take, to see whether it does. When that is worth
//! while is decided here, not what follows for the estimate.

use std::time::Duration;

use crate::history::Sent;

/// Names a probe, so that its packets are told from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProbeId(pub(crate) u32);

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
    ids: u32,
    pending: Option<Pending>,
    next: i64,
    rest: i64,
    /// Probes since anything was heard of the receiver.
    unheard: u32,
}

#[derive(Debug, Clone, Copy)]
struct Pending {
    probe: Probe,
    expires: i64,
    sent: Sum,
    arrived: Sum,
}

/// Packets, and the rate at which they came past.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    packets: u32,
    bytes: u64,
    first: i64,
    last: i64,
    /// Bytes that came in the first instant, and in the last.
    first_bytes: u64,
    last_bytes: u64,
}

impl Prober {
    pub(crate) fn new() -> Self {
        Self { ids: 0, pending: None, next: i64::MIN, rest: REST_LEAST, unheard: 0 }
    }

    /// When one may be sent; nothing while one is under way, or while nobody seems to listen.
    pub(crate) fn next(&self) -> Option<i64> {
        (self.pending.is_none() && self.unheard < UNHEARD_MOST).then_some(self.next)
    }

    /// When the one under way is given up.
    pub(crate) fn expires(&self) -> Option<i64> {
        Some(self.pending?.expires)
    }

    /// Sends one at this rate that lasts for so many µs.
    pub(crate) fn begin(&mut self, now: i64, rate: u64, lasts: i64) -> Probe {
        self.ids = self.ids.wrapping_add(1);
        self.unheard += 1;
        let bytes = (rate as f64 / 8.0 * lasts as f64 / 1e6) as usize;
        let probe = Probe {
            id: ProbeId(self.ids),
            rate,
            bytes: bytes.max(BYTES_LEAST),
            packets: PACKETS,
            patience: Duration::from_micros(PATIENCE as u64),
        };
        self.pending = Some(Pending { probe, expires: now + PATIENCE + NEWS, sent: Sum::default(), arrived: Sum::default() });
        probe
    }

    pub(crate) fn sent(&mut self, sent: &Sent) {
        if let Some(pending) = self.pending.as_mut().filter(|pending| Some(pending.probe.id) == sent.probe) {
            pending.sent.add(sent.at, sent.bytes);
        }
    }

    /// A packet arrived, at this time of the receiver's clock.
    #[inline]
    pub(crate) fn arrived(&mut self, sent: &Sent, arrived: i64) {
        self.unheard = 0;
        if sent.probe.is_some()
            && let Some(pending) = self.pending.as_mut().filter(|pending| Some(pending.probe.id) == sent.probe)
        {
            pending.arrived.add(arrived, sent.bytes);
        }
    }

    /// When the last packet of the probe under way was sent.
    pub(crate) fn last_sent(&self) -> Option<i64> {
        self.pending.filter(|pending| pending.sent.packets > 0).map(|pending| pending.sent.last)
    }

    /// What became of the one under way, as soon as that is known. `newest` is the departure of the newest arrival.
    pub(crate) fn conclude(&mut self, now: i64, newest: i64) -> Option<Outcome> {
        let Pending { probe, expires, sent, arrived } = self.pending?;
        let is_sent = sent.bytes >= probe.bytes as u64 && sent.packets >= probe.packets;
        let is_whole = is_sent && arrived.packets == sent.packets;
        let is_late = sent.packets > 0 && newest > sent.last + OVERTAKEN;
        if !is_whole && !is_late && now < expires {
            return None;
        }
        self.pending = None;
        Some(outcome(&probe, &sent, &arrived))
    }

    /// Something is known by now that makes another one worth while at once.
    pub(crate) fn hurry(&mut self, now: i64) {
        (self.next, self.rest) = (self.next.min(now), REST_LEAST);
    }

    /// The last one was of no use, so the next one comes later.
    pub(crate) fn tire(&mut self, now: i64) {
        self.next = now + self.rest;
        self.rest = (self.rest * 2).min(REST_MOST);
    }

    /// There is none before that.
    pub(crate) fn wait_until(&mut self, time: i64) {
        self.next = self.next.max(time);
    }
}

impl Sum {
    fn add(&mut self, at: i64, bytes: u32) {
        let bytes = u64::from(bytes);
        if self.packets == 0 {
            *self = Self { packets: 1, bytes, first: at, last: at, first_bytes: bytes, last_bytes: bytes };
            return;
        }
        self.packets += 1;
        self.bytes += bytes;
        match at.cmp(&self.first) {
            std::cmp::Ordering::Less => (self.first, self.first_bytes) = (at, bytes),
            std::cmp::Ordering::Equal => self.first_bytes += bytes,
            std::cmp::Ordering::Greater => {}
        }
        match at.cmp(&self.last) {
            std::cmp::Ordering::Greater => (self.last, self.last_bytes) = (at, bytes),
            std::cmp::Ordering::Equal => self.last_bytes += bytes,
            std::cmp::Ordering::Less => {}
        }
    }

    /// Bits a second, without the bytes that the time between first and last does not cover.
    fn rate(&self, uncovered: u64) -> Option<f64> {
        let took = self.last - self.first;
        (took >= INTERVAL_LEAST).then(|| self.bytes.saturating_sub(uncovered) as f64 * 8.0 * 1e6 / took as f64)
    }
}

fn outcome(probe: &Probe, sent: &Sum, arrived: &Sum) -> Outcome {
    if arrived.packets < PACKETS - 1 || f64::from(arrived.packets) < f64::from(sent.packets) * ARRIVED_LEAST {
        return Outcome::Void;
    }
    // The last bytes sent are followed by nothing, the first to arrive preceded by nothing.
    let Some(out) = sent.rate(sent.last_bytes) else { return Outcome::Void };
    if out < probe.rate as f64 / 2.0 {
        return Outcome::Void;
    }
    // A jam on the way lets all arrive at once. Then nothing is known of the link.
    let Some(there) = arrived.rate(arrived.first_bytes).filter(|there| *there < out * FASTER_MOST) else {
        return Outcome::Void;
    };
    if there >= out * PASSED { Outcome::Passed(out.min(there)) } else { Outcome::Slowed(there) }
}

/// At least so many packets, so that there are distances to measure, and so many bytes.
const PACKETS: u32 = 5;
const BYTES_LEAST: usize = 1000;
const PATIENCE: i64 = 1_000_000;
/// For so long news of it may come.
const NEWS: i64 = 1_500_000;
const OVERTAKEN: i64 = 150_000;
const REST_LEAST: i64 = 1_000_000;
const REST_MOST: i64 = 4_000_000;
const UNHEARD_MOST: u32 = 5;
const INTERVAL_LEAST: i64 = 1_000;
const ARRIVED_LEAST: f64 = 0.6;
const FASTER_MOST: f64 = 2.0;
const PASSED: f64 = 0.9;

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of a probe of 10 packets of 500 bytes each 2 ms (2 Mbit/s), that arrive by this rule.
    fn probed(arrival: impl Fn(i64) -> Option<i64>) -> Outcome {
        let mut prober = Prober::new();
        let probe = prober.begin(0, 2_000_000, 20_000);
        assert_eq!((probe.bytes, probe.packets), (5000, 5));
        for n in 0..10 {
            let sent = Sent { number: n as u64, at: n * 2000, bytes: 500, probe: Some(probe.id), has_arrived: true };
            prober.sent(&sent);
            if let Some(arrival) = arrival(n) {
                prober.arrived(&sent, arrival);
            }
        }
        prober.conclude(500_000, 400_000).expect("it was sent")
    }

    #[test]
    fn a_probe_finds_what_the_link_takes() {
        assert_eq!(probed(|n| Some(50_000 + n * 2000)), Outcome::Passed(2e6));
        assert_eq!(probed(|n| Some(50_000 + n * 4000)), Outcome::Slowed(1e6));
        assert_eq!(probed(|n| (n % 4 != 1).then_some(50_000 + n * 2000)), Outcome::Slowed(1.5e6));
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
            if prober.conclude(now, 0).is_some() {
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
