//! One direction of a network: which packets arrive, and when.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::time::{Duration, Instant};

use crate::chance::Chance;
use crate::loss::Losing;
use crate::profile::{Order, Outage, Profile};

/// So many packets are under way at most; more are dropped, so that a flood into a long delay does not fill the memory.
pub const MOST_HELD: usize = 1 << 16;

/// One direction. Packets are anything with bytes, whose number is what a link of a limited rate counts.
#[derive(Debug)]
pub struct Impairment<P> {
    profile: Profile,
    since: Instant,
    chance: Chance,
    losing: Losing,
    under_way: BinaryHeap<Travelling<P>>,
    /// How many packets set out; tells which of two that are due at once was first.
    departures: u64,
    /// When the link has sent what it was given.
    free_at: Instant,
    /// When the latest of those that keep their order arrives.
    latest: Instant,
    counts: Counts,
}

/// What became of packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Came in.
    pub taken: u64,
    /// Gone in an outage.
    pub cut: u64,
    /// Lost by chance.
    pub lost: u64,
    /// Dropped because too much waited.
    pub dropped: u64,
    /// Made beside the original.
    pub doubled: u64,
    /// Went out.
    pub given: u64,
    /// Bytes that came in.
    pub taken_bytes: u64,
    /// Bytes that went out.
    pub given_bytes: u64,
}

#[derive(Debug)]
struct Travelling<P> {
    due: Instant,
    departure: u64,
    packet: P,
}

impl<P: AsRef<[u8]> + Clone> Impairment<P> {
    /// A direction that lets everything through. Two with the same seed decide alike.
    pub fn new(now: Instant, seed: u64) -> Self {
        let profile = Profile::default();
        Self {
            profile,
            since: now,
            chance: Chance::new(seed),
            losing: Losing::new(profile.loss),
            under_way: BinaryHeap::new(),
            departures: 0,
            free_at: now,
            latest: now,
            counts: Counts::default(),
        }
    }

    /// From now on this happens to packets. Those that are under way arrive when they would have.
    pub fn set(&mut self, now: Instant, profile: Profile) {
        self.profile = profile;
        self.since = now;
        self.losing = Losing::new(profile.loss);
    }

    /// A packet comes in.
    pub fn push(&mut self, now: Instant, packet: P) {
        self.counts.taken += 1;
        self.counts.taken_bytes += packet.as_ref().len() as u64;
        if self.profile.outage.is_down(now.saturating_duration_since(self.since)) {
            self.counts.cut += 1;
            return;
        }
        if self.losing.strikes(&mut self.chance) {
            self.counts.lost += 1;
            return;
        }
        let Some(sent) = self.through_link(now, packet.as_ref().len()) else {
            self.counts.dropped += 1;
            return;
        };
        let copy = self.chance.strikes(self.profile.duplicate).then(|| packet.clone());
        self.depart(sent, packet);
        if let Some(copy) = copy {
            self.counts.doubled += 1;
            self.depart(sent, copy);
        }
    }

    /// The next packet that has arrived by now.
    pub fn poll(&mut self, now: Instant) -> Option<P> {
        self.under_way.peek().filter(|first| first.due <= now)?;
        let first = self.under_way.pop()?;
        self.counts.given += 1;
        self.counts.given_bytes += first.packet.as_ref().len() as u64;
        Some(first.packet)
    }

    /// When the next packet arrives; nothing while none is under way.
    pub fn poll_timeout(&self) -> Option<Instant> {
        Some(self.under_way.peek()?.due)
    }

    /// What became of all packets until now. Those under way are `taken + doubled - cut - lost - dropped - given`.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// When the last bit of a packet has left the link; nothing where it is not let in.
    fn through_link(&mut self, now: Instant, bytes: usize) -> Option<Instant> {
        if self.under_way.len() >= MOST_HELD {
            return None;
        }
        let Some(rate) = self.profile.rate else { return Some(now) };
        let begin = self.free_at.max(now);
        if begin - now > rate.queue || rate.bits_per_second == 0 {
            return None;
        }
        self.free_at = begin + Duration::from_secs_f64(bytes as f64 * 8.0 / rate.bits_per_second as f64);
        Some(self.free_at)
    }

    fn depart(&mut self, sent: Instant, packet: P) {
        let Profile { delay, jitter, reorder, .. } = self.profile;
        let mut due = sent + delay + self.chance.up_to(jitter.most);
        if self.chance.strikes(reorder.share) {
            due += reorder.by;
        } else if jitter.order == Order::Kept {
            due = due.max(self.latest);
            self.latest = due;
        }
        self.under_way.push(Travelling { due, departure: self.departures, packet });
        self.departures += 1;
    }
}

impl Outage {
    /// Whether it lasts when this time has passed.
    fn is_down(self, passed: Duration) -> bool {
        match self {
            Self::None => false,
            Self::Always => true,
            Self::Repeated { up, down } => {
                let round = (up + down).as_nanos();
                round > 0 && passed.as_nanos() % round >= up.as_nanos()
            }
        }
    }
}

impl<P> Ord for Travelling<P> {
    /// The largest is the one that arrives first, because a heap gives the largest.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.due, other.departure).cmp(&(self.due, self.departure))
    }
}

impl<P> PartialOrd for Travelling<P> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<P> PartialEq for Travelling<P> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<P> Eq for Travelling<P> {}

#[cfg(test)]
mod tests;
