//! What was sent and is still of interest, by number; bounded, and without an allocation for each packet.

use crate::ProbeId;

/// A packet that was sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sent {
    pub(crate) number: u64,
    /// µs on the sender's clock.
    pub(crate) at: i64,
    pub(crate) bytes: u32,
    pub(crate) probe: Option<ProbeId>,
    /// Bytes of the probe that had been sent by then.
    pub(crate) probed: u32,
    pub(crate) has_arrived: bool,
}

/// The packets sent last.
#[derive(Debug)]
pub(crate) struct History {
    /// Each packet in the place that the lowest bits of its number name. A power of two of them, none before the first packet.
    slots: Vec<Option<Sent>>,
    last: Option<u64>,
    /// Everything up to there was reported on.
    reported: u64,
    /// The last one of which it was not reported that it has arrived, though there were reports on later ones.
    missing: Option<u64>,
    /// µs for which those are kept that were reported not to have arrived yet.
    overtaken: i64,
}

impl History {
    pub(crate) fn new() -> Self {
        Self { slots: Vec::new(), last: None, reported: 0, missing: None, overtaken: OVERTAKEN }
    }

    /// Packets may be overtaken by so many µs, and are of interest for as long.
    pub(crate) fn expect(&mut self, overtaken: i64) {
        self.overtaken = overtaken.clamp(OVERTAKEN, NEWS_MAY_COME);
    }

    /// The number sent last.
    pub(crate) fn last(&self) -> Option<u64> {
        self.last
    }

    /// The lowest number that can still be here.
    pub(crate) fn first(&self) -> Option<u64> {
        Some(self.last?.saturating_sub(self.slots.len() as u64 - 1))
    }

    /// Whether a number was not given before, nor one after it.
    pub(crate) fn is_new(&self, number: u64) -> bool {
        self.last.is_none_or(|last| number > last)
    }

    /// Takes a packet whose number is new.
    pub(crate) fn push(&mut self, sent: Sent) {
        if self.slots.is_empty() {
            self.slots.resize(SLOTS_LEAST, None);
        }
        if self.slots.len() < SLOTS_MOST && self.displaces_news(&sent) {
            self.grow();
        }
        let place = self.place(sent.number);
        self.slots[place] = Some(sent);
        self.last = Some(sent.number);
    }

    /// Whether a packet would take the place of one of which something may yet be heard.
    fn displaces_news(&self, sent: &Sent) -> bool {
        // Of numbers that skip none, the place is that of this one. Where all up to there has arrived nothing needs to be looked
        // at, which would be a wait for memory that was last used a viewer's whole round ago.
        let displaced = sent.number.saturating_sub(self.slots.len() as u64);
        if displaced < self.reported && self.missing.is_none_or(|missing| missing < displaced) {
            return false;
        }
        let worth = |old: &Sent| if old.number > self.reported { NEWS_MAY_COME } else { self.overtaken };
        let old = self.slots[self.place(sent.number)].filter(|old| !old.has_arrived);
        old.is_some_and(|old| sent.at - old.at < worth(&old))
    }

    /// The packet was reported not to have arrived.
    pub(crate) fn miss(&mut self, number: u64) {
        self.missing = self.missing.max(Some(number));
    }

    pub(crate) fn get(&self, number: u64) -> Option<&Sent> {
        self.slots.get(self.place(number))?.as_ref().filter(|sent| sent.number == number)
    }

    /// The packet, which has arrived from now on; nothing if it had before.
    pub(crate) fn arrive(&mut self, number: u64) -> Option<Sent> {
        let place = self.place(number);
        let sent = self.slots.get_mut(place)?.as_mut().filter(|sent| sent.number == number && !sent.has_arrived)?;
        sent.has_arrived = true;
        Some(*sent)
    }

    /// There is a report on packets from the one number to the other.
    pub(crate) fn report(&mut self, first: u64, last: u64) {
        if first > self.reported + 1 {
            // The report on those between is lost.
            self.miss(first - 1);
        }
        self.reported = self.reported.max(last);
    }

    fn place(&self, number: u64) -> usize {
        // Empty only before the first packet, and then nothing is found at any place.
        number as usize & self.slots.len().wrapping_sub(1)
    }

    fn grow(&mut self) {
        let old = std::mem::take(&mut self.slots);
        self.slots.resize(old.len() * 2, None);
        for sent in old.into_iter().flatten() {
            let place = self.place(sent.number);
            self.slots[place] = Some(sent);
        }
    }
}

const SLOTS_LEAST: usize = 64;
const SLOTS_MOST: usize = 4096;
/// µs for which packets are kept that nothing was heard of, and at least those that were reported not to have arrived yet.
const NEWS_MAY_COME: i64 = 5_000_000;
const OVERTAKEN: i64 = 500_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(number: u64, at: i64) -> Sent {
        Sent { number, at, bytes: 1200, probe: None, probed: 0, has_arrived: false }
    }

    #[test]
    fn what_may_still_arrive_is_kept_and_the_rest_is_not() {
        let mut history = History::new();
        assert!(history.arrive(0).is_none());
        for n in 0..500 {
            assert!(history.is_new(n));
            history.push(sent(n, n as i64 * 1000));
        }
        assert!((0..500).all(|n| history.arrive(n).is_some_and(|sent| sent.at == n as i64 * 1000)));
        assert!(history.arrive(7).is_none(), "it has arrived before");
        assert!(history.arrive(500).is_none(), "it was not sent");
        assert!(!history.is_new(499), "its number was given before");
    }

    #[test]
    fn memory_does_not_grow_while_news_comes_and_has_an_end_when_none_does() {
        let mut history = History::new();
        for n in 0..10_000 {
            history.push(sent(n, n as i64 * 1000));
            history.arrive(n.saturating_sub(30));
        }
        assert_eq!(history.slots.len(), SLOTS_LEAST);
        for n in 10_000..40_000 {
            history.push(sent(n, n as i64 * 100));
        }
        assert_eq!(history.slots.len(), SLOTS_MOST);
        assert_eq!(history.first(), Some(40_000 - SLOTS_MOST as u64));
    }

    #[test]
    fn what_is_missing_may_have_been_overtaken_and_keeps_its_place_for_a_while() {
        // Every packet but one is reported to have arrived; of that one it is reported that it has not, or its report is lost.
        for is_reported in [true, false] {
            let mut history = History::new();
            for n in 0..200 {
                history.push(sent(n, n as i64 * 1000));
                if n != 100 {
                    history.report(n, n);
                    history.arrive(n);
                } else if is_reported {
                    history.report(n, n);
                    history.miss(n);
                }
            }
            assert!(history.arrive(100).is_some(), "after 100 ms");
            for n in 200..1000 {
                history.push(sent(n, n as i64 * 1000));
                history.report(n, n);
                history.arrive(n);
            }
            assert_eq!(history.slots.len(), 2 * SLOTS_LEAST, "it grew for that one and no further");
        }
    }

    #[test]
    fn where_packets_are_overtaken_by_seconds_the_missing_keep_their_places_for_as_long() {
        let mut history = History::new();
        history.expect(2_000_000);
        for n in 0..1800 {
            history.push(sent(n, n as i64 * 1000));
            history.report(n, n);
            if n == 100 {
                history.miss(n);
            } else {
                history.arrive(n);
            }
        }
        assert!(history.arrive(100).is_some(), "after 1.7 s");
    }

    #[test]
    fn packets_that_come_seldom_displace_old_ones() {
        let mut history = History::new();
        for n in 0..1000 {
            history.push(sent(n, n as i64 * 100_000));
        }
        assert_eq!(history.slots.len(), SLOTS_LEAST);
    }
}
