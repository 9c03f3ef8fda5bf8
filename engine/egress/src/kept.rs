//! Packets of one stream that were sent lately, to be sent again when they are asked for. Payloads are shared with every other
//! viewer of the layer: what is kept for each is a reference and the fields of its own header.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::generosity::Generosity;
use crate::round_trip::RoundTrips;

/// Packets that are kept, and for how long. Clients of `str0m` ask five times within half a second; longer made no difference. They
/// take 48 bytes each, at most 49 kB a stream (1024 places); their payloads are everybody's, and are let go with them.
const PACKETS: usize = 600;
const AGE: Duration = Duration::from_millis(1500);
/// Between two answers to the same question, where the round trip is not known.
const LEAST_APART: Duration = Duration::from_millis(10);
/// Over how long it is looked at how much is sent again.
const WINDOW: Duration = Duration::from_millis(500);
/// What may always be sent again, so that the beginning of a stream can be repaired, too.
const ALWAYS: u64 = 16 * 1024;

/// A packet that was sent.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) seq: u64,
    pub(crate) time: u32,
    pub(crate) marker: bool,
    /// By which it is sent again.
    pub(crate) payload_type: u8,
    pub(crate) orientation: Option<u8>,
    pub(crate) payload: Arc<[u8]>,
    /// In milliseconds since the beginning of the store.
    sent: u32,
    /// When it was sent again last, in the same.
    again: Option<u32>,
    /// For how many requests.
    answered: u8,
    /// Whether it was asked for at all.
    missed: bool,
}

/// The packets of one stream.
#[derive(Debug)]
pub(crate) struct Store {
    start: Instant,
    /// By sequence number.
    kept: VecDeque<Kept>,
    shares: [Share; 2],
    window: Instant,
    generosity: Generosity,
}

/// Bytes that went out within a window.
#[derive(Debug, Clone, Copy, Default)]
struct Share {
    sent: u64,
    again: u64,
}

impl Store {
    pub(crate) fn new(start: Instant) -> Self {
        let generosity = Generosity::new(start);
        Self { start, kept: VecDeque::new(), shares: [Share::default(); 2], window: start, generosity }
    }

    /// Keeps a packet. `payload_type` is the one to send it again by.
    #[expect(clippy::too_many_arguments, reason = "the fields of a packet, which only here become one")]
    pub(crate) fn keep(
        &mut self,
        now: Instant,
        seq: u64,
        time: u32,
        marker: bool,
        payload_type: u8,
        orientation: Option<u8>,
        payload: Arc<[u8]>,
    ) {
        let sent = self.millis(now);
        self.turn(now);
        self.shares[0].sent += payload.len() as u64;
        self.generosity.sent(now);
        let oldest = sent.saturating_sub(AGE.as_millis() as u32);
        while self.kept.len() >= PACKETS || self.kept.front().is_some_and(|kept| kept.sent < oldest) {
            self.kept.pop_front();
        }
        let kept =
            Kept { seq, time, marker, payload_type, orientation, payload, sent, again: None, answered: 0, missed: false };
        if self.kept.back().is_none_or(|newest| newest.seq < seq) {
            self.kept.push_back(kept);
        } else if let Err(at) = self.kept.binary_search_by_key(&seq, |kept| kept.seq) {
            self.kept.insert(at, kept);
        }
    }

    /// Notes that a packet is asked for, by the 16 bits of its number that are seen. Its full number, and how often it is to be
    /// sent again, if it is: it is there, was not sent again just before, and not too much is.
    pub(crate) fn ask(&mut self, now: Instant, number: u16, round_trips: &RoundTrips) -> Option<(u64, u8)> {
        let newest = self.kept.back()?.seq;
        // The nearest number at or before the newest that ends like that.
        let seq = newest.checked_sub(u64::from((newest as u16).wrapping_sub(number)))?;
        let at = self.kept.binary_search_by_key(&seq, |kept| kept.seq).ok()?;
        let millis = self.millis(now);
        self.turn(now);
        let kept = self.kept.get_mut(at)?;
        let round_trip = round_trips.last().unwrap_or_default().max(LEAST_APART).as_millis() as u32;
        let age = millis.saturating_sub(kept.sent);
        let is_clear = round_trips.is_clear();
        let apart = self.generosity.apart(is_clear, round_trip);
        if age > AGE.as_millis() as u32 || kept.again.is_some_and(|again| millis.saturating_sub(again) < apart) {
            return None;
        }
        if !std::mem::replace(&mut kept.missed, true) {
            self.generosity.missed();
        }
        let length = kept.payload.len() as u64;
        let [Share { sent, again }, before] = self.shares;
        let most = (sent + before.sent) * self.generosity.share(is_clear) + ALWAYS;
        // Beyond that, what is sent again would choke what is new.
        let left = most.saturating_sub(again + before.again) / length.max(1);
        let copies = self.generosity.copies(is_clear, kept.answered, age.saturating_sub(round_trip)).min(left.min(255) as u8);
        if copies == 0 {
            return None;
        }
        kept.again = Some(millis);
        kept.answered = kept.answered.saturating_add(1);
        self.shares[0].again += length * u64::from(copies);
        Some((seq, copies))
    }

    /// The newest packets, newest first, with their bytes.
    pub(crate) fn newest(&self) -> impl Iterator<Item = (u64, usize)> {
        self.kept.iter().rev().map(|kept| (kept.seq, kept.payload.len()))
    }

    /// A packet that was kept.
    pub(crate) fn find(&self, seq: u64) -> Option<&Kept> {
        self.kept.get(self.kept.binary_search_by_key(&seq, |kept| kept.seq).ok()?)
    }

    fn turn(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.window);
        if passed < WINDOW {
            return;
        }
        let before = if passed < 2 * WINDOW { self.shares[0] } else { Share::default() };
        self.shares = [Share::default(), before];
        self.window = now;
    }

    /// A session of 49 days is at its end before this is.
    fn millis(&self, now: Instant) -> u32 {
        now.saturating_duration_since(self.start).as_millis() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// What is known of round trips of so many milliseconds, once there was one.
    fn trips(start: Instant, ms: Option<u32>) -> RoundTrips {
        let mut trips = RoundTrips::new(start);
        ms.iter().for_each(|ms| assert!(trips.take(start, *ms * MS, MS, None)));
        trips
    }

    fn keep(store: &mut Store, now: Instant, seq: u64) {
        store.keep(now, seq, seq as u32, false, 97, None, vec![seq as u8; 1000].into());
    }

    #[test]
    fn a_packet_is_found_by_what_is_seen_of_its_number_across_a_turn_and_out_of_order() {
        let start = Instant::now();
        let (mut store, trips) = (Store::new(start), trips(start, None));
        for seq in [65_533, 65_534, 65_537, 65_536] {
            keep(&mut store, start, seq);
        }
        for (number, seq) in [(65_533, 65_533), (1, 65_537), (0, 65_536)] {
            assert_eq!(store.ask(start, number, &trips), Some((seq, 1)));
            assert_eq!(store.find(seq).expect("kept").time, seq as u32);
        }
        assert_eq!(store.ask(start, 65_535, &trips), None, "it was never sent");
        assert_eq!(store.ask(start, 2, &trips), None, "it was not sent yet");
    }

    #[test]
    fn a_packet_is_sent_again_once_a_round_trip() {
        let start = Instant::now();
        let mut store = Store::new(start);
        keep(&mut store, start, 1000);
        let trips = trips(start, Some(80));
        let mut asks = |ms: u32| store.ask(start + ms * MS, 1000, &trips).is_some();
        assert_eq!([0, 20, 79, 80, 120, 160].map(&mut asks), [true, false, false, true, false, true]);
    }

    #[test]
    fn packets_are_kept_by_number_and_by_age() {
        let start = Instant::now();
        let mut store = Store::new(start);
        for seq in 0..1000 {
            keep(&mut store, start, seq);
        }
        assert_eq!(store.kept.len(), PACKETS);
        assert!(store.find(399).is_none() && store.find(400).is_some());
        assert_eq!(store.ask(start + AGE + MS, 999, &trips(start, None)), None);
        keep(&mut store, start + AGE + MS, 1000);
        assert_eq!(store.kept.len(), 1);
    }

    /// Asks for each of a hundred packets ten times, 20 ms after another. How often any is sent again.
    fn ask_for_all(store: &mut Store, start: Instant, first: u64, trips: &RoundTrips) -> usize {
        let mut again = 0;
        for round in 0..10 {
            let now = start + round * 20 * MS;
            let asked = (first..first + 100).filter_map(|seq| store.ask(now, seq as u16, trips));
            again += asked.map(|(_, copies)| usize::from(copies)).sum::<usize>();
        }
        again
    }

    #[test]
    fn no_more_is_sent_again_than_is_sent() {
        let start = Instant::now();
        let (mut store, trips) = (Store::new(start), trips(start, Some(10)));
        for seq in 0..100 {
            keep(&mut store, start, seq);
        }
        let again = ask_for_all(&mut store, start, 0, &trips);
        assert!((100..120).contains(&again), "{again} of 1000 that were asked for");
        // What is sent later may be repeated again.
        keep(&mut store, start + 1200 * MS, 100);
        assert!(store.ask(start + 1200 * MS, 100, &trips).is_some());
    }

    #[test]
    fn four_times_as_much_may_be_sent_again_where_much_is_lost_and_no_queue_is_in_the_way() {
        let start = Instant::now();
        let (mut store, clear, unknown) = (Store::new(start), trips(start, Some(10)), trips(start, None));
        // Three seconds in which each second packet is asked for.
        for seq in 0..150 {
            let now = start + seq as u32 * 20 * MS;
            keep(&mut store, now, seq);
            if seq % 2 == 0 {
                assert_eq!(store.ask(now, seq as u16, &clear), Some((seq, 1)), "at first once");
            }
        }
        let now = start + 10_000 * MS;
        for seq in 150..250 {
            keep(&mut store, now, seq);
        }
        assert_eq!([0, 20, 40, 60].map(|ms| store.ask(now + ms * MS, 150, &clear)), [1, 2, 4, 6].map(|n| Some((150, n))));
        assert_eq!(store.ask(now + 80 * MS, 150, &unknown), Some((150, 1)));
        let again = ask_for_all(&mut store, now + 100 * MS, 150, &clear) + 14;
        assert!((400..420).contains(&again), "{again} of 4900 that would have been sent again");
    }

    #[test]
    fn what_is_kept_of_a_packet_is_as_little_as_is_said() {
        assert_eq!(size_of::<Kept>(), 48);
    }
}
