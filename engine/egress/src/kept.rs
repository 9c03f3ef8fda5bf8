//! Packets of one stream that were sent lately, to be sent again when they are asked for. Payloads are shared with every other
//! viewer of the layer: what is kept for each is a reference and the fields of its own header.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Packets that are kept, and for how long.
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
}

/// The packets of one stream.
#[derive(Debug)]
pub(crate) struct Store {
    start: Instant,
    /// By sequence number.
    kept: VecDeque<Kept>,
    shares: [Share; 2],
    window: Instant,
}

/// Bytes that went out within a window.
#[derive(Debug, Clone, Copy, Default)]
struct Share {
    sent: u64,
    again: u64,
}

impl Store {
    pub(crate) fn new(start: Instant) -> Self {
        Self { start, kept: VecDeque::new(), shares: [Share::default(); 2], window: start }
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
        let oldest = sent.saturating_sub(AGE.as_millis() as u32);
        while self.kept.len() >= PACKETS || self.kept.front().is_some_and(|kept| kept.sent < oldest) {
            self.kept.pop_front();
        }
        let kept = Kept { seq, time, marker, payload_type, orientation, payload, sent, again: None };
        if self.kept.back().is_none_or(|newest| newest.seq < seq) {
            self.kept.push_back(kept);
        } else if let Err(at) = self.kept.binary_search_by_key(&seq, |kept| kept.seq) {
            self.kept.insert(at, kept);
        }
    }

    /// Notes that a packet is asked for, by the 16 bits of its number that are seen. Its full number, if it is to be sent again:
    /// it is there, was not sent within the last round trip, and not too much is sent again.
    pub(crate) fn ask(&mut self, now: Instant, number: u16, round_trip: Option<Duration>) -> Option<u64> {
        let newest = self.kept.back()?.seq;
        // The nearest number at or before the newest that ends like that.
        let seq = newest.checked_sub(u64::from((newest as u16).wrapping_sub(number)))?;
        let at = self.kept.binary_search_by_key(&seq, |kept| kept.seq).ok()?;
        let millis = self.millis(now);
        self.turn(now);
        let kept = self.kept.get_mut(at)?;
        let apart = round_trip.unwrap_or_default().max(LEAST_APART).as_millis() as u32;
        let aged = AGE.as_millis() as u32;
        if millis.saturating_sub(kept.sent) > aged || kept.again.is_some_and(|again| millis.saturating_sub(again) < apart) {
            return None;
        }
        let bytes = kept.payload.len() as u64;
        let [Share { sent, again }, before] = self.shares;
        if (again + before.again + bytes).saturating_sub(ALWAYS) > sent + before.sent {
            // Half of what goes out is repetition: more would choke what is new.
            return None;
        }
        kept.again = Some(millis);
        self.shares[0].again += bytes;
        Some(seq)
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

    fn keep(store: &mut Store, now: Instant, seq: u64) {
        store.keep(now, seq, seq as u32, false, 97, None, vec![seq as u8; 1000].into());
    }

    #[test]
    fn a_packet_is_found_by_what_is_seen_of_its_number_across_a_turn_and_out_of_order() {
        let start = Instant::now();
        let mut store = Store::new(start);
        for seq in [65_533, 65_534, 65_537, 65_536] {
            keep(&mut store, start, seq);
        }
        for (number, seq) in [(65_533, 65_533), (1, 65_537), (0, 65_536)] {
            assert_eq!(store.ask(start, number, None), Some(seq));
            assert_eq!(store.find(seq).expect("kept").time, seq as u32);
        }
        assert_eq!(store.ask(start, 65_535, None), None, "it was never sent");
        assert_eq!(store.ask(start, 2, None), None, "it was not sent yet");
    }

    #[test]
    fn a_packet_is_sent_again_once_a_round_trip() {
        let start = Instant::now();
        let mut store = Store::new(start);
        keep(&mut store, start, 1000);
        let round_trip = Some(80 * MS);
        let mut asks = |ms: u32| store.ask(start + ms * MS, 1000, round_trip).is_some();
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
        assert_eq!(store.ask(start + AGE + MS, 999, None), None);
        keep(&mut store, start + AGE + MS, 1000);
        assert_eq!(store.kept.len(), 1);
    }

    #[test]
    fn no_more_is_sent_again_than_is_sent() {
        let start = Instant::now();
        let mut store = Store::new(start);
        for seq in 0..100 {
            keep(&mut store, start, seq);
        }
        let mut again = 0;
        for round in 0..10 {
            let now = start + round * 20 * MS;
            again += (0..100).filter(|number| store.ask(now, *number, None).is_some()).count();
        }
        assert!((100..120).contains(&again), "{again} of 1000 that were asked for");
        // What is sent later may be repeated again.
        keep(&mut store, start + 1200 * MS, 100);
        assert!(store.ask(start + 1200 * MS, 100, None).is_some());
    }
}
