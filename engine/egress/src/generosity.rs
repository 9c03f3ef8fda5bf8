//! How generously requests are answered: how often a packet is sent again for one of them, and how much of what goes out may be
//! that. It decides by how many packets are missed, and knows none of them.

use std::time::Instant;

use crate::losses::Losses;

/// Copies for the first request for a packet, the second, and so on. Clients made of `str0m` ask five times and then never again:
/// of 19 copies of which 70 % are lost one arrives in 999 of 1000 cases, of 5 in 832.
const COPIES: [u8; 4] = [1, 2, 4, 6];
/// A packet that is asked for in milliseconds so much later than a round trip after it was sent was asked for before, heard or not;
/// after twice that, twice.
const ASKED_EVERY: u32 = 200;
/// Bytes that may be sent again for each that is sent: half of what goes out, or four fifths. Where 70 % are lost a packet takes 2.3
/// more of its kind if none is wasted.
const SHARE: u64 = 1;
const GENEROUS_SHARE: u64 = 4;

/// What is missed is looked at over so many packets at least.
const PACKETS: u32 = 30;

/// Follows one stream.
#[derive(Debug)]
pub(crate) struct Generosity {
    losses: Losses,
    /// How many packets of this period, or of just before, were asked for.
    missed: u32,
}

impl Generosity {
    pub(crate) fn new(now: Instant) -> Self {
        Self { losses: Losses::new(now, PACKETS), missed: 0 }
    }

    /// A packet is sent for the first time.
    pub(crate) fn sent(&mut self, now: Instant) {
        if self.losses.finished(now).is_some() {
            self.losses.finish(now, std::mem::take(&mut self.missed));
        }
        self.losses.add(1);
    }

    /// A packet was asked for that was not asked for before.
    pub(crate) fn missed(&mut self) {
        self.missed += 1;
    }

    /// How often a packet is sent for a request, which was answered so often before and was sent so many milliseconds more than a
    /// round trip ago. Where it is not known that no queue is in the way, more would fill that.
    pub(crate) fn copies(&self, is_clear: bool, answered: u8, age: u32) -> u8 {
        let tries = usize::from(answered).max((age / ASKED_EVERY) as usize).min(COPIES.len() - 1);
        COPIES[if self.losses.is_much() && is_clear { tries } else { 0 }]
    }

    /// Within how many milliseconds after an answer the same request is no other one, by the round trip. Clients made of `str0m`
    /// ask for half a second, so where a round trip is longer they never know that an answer was lost.
    pub(crate) fn apart(&self, is_clear: bool, round_trip: u32) -> u32 {
        if self.losses.is_much() && is_clear { round_trip.min(ASKED_EVERY) } else { round_trip }
    }

    /// Bytes that may be sent again for each that is sent.
    pub(crate) fn share(&self, is_clear: bool) -> u64 {
        if self.losses.is_much() && is_clear { GENEROUS_SHARE } else { SHARE }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// So many seconds of 50 packets of which so many in a hundred are asked for. Gives those in which it was generous.
    fn run(of: &mut Generosity, now: &mut Instant, seconds: u32, percent: u32) -> u32 {
        let second = |second: u32| {
            for packet in 0..50 {
                of.sent(*now);
                let number = second * 50 + packet;
                if (number + 1) * percent / 100 > number * percent / 100 {
                    of.missed();
                }
                *now += 20 * MS;
            }
            u32::from(of.share(true) == GENEROUS_SHARE)
        };
        (0..seconds).map(second).sum()
    }

    #[test]
    fn what_is_asked_for_often_is_answered_with_more_where_much_is_lost() {
        let mut now = Instant::now();
        let mut of = Generosity::new(now);
        assert_eq!(run(&mut of, &mut now, 20, 8), 0);
        assert_eq!([0, 1, 4].map(|answered| of.copies(true, answered, 0)), [1; 3]);
        assert!(run(&mut of, &mut now, 20, 50) >= 16);
        assert_eq!([0, 1, 2, 3, 9].map(|answered| of.copies(true, answered, 0)), [1, 2, 4, 6, 6]);
        assert_eq!([199, 200, 600, 6000].map(|age| of.copies(true, 0, age)), [1, 2, 6, 6], "those that were not heard count");
        assert_eq!((of.copies(false, 3, 0), of.share(false)), (1, SHARE), "a queue is not filled");
        assert_eq!([(true, 50), (true, 600), (false, 600)].map(|(clear, trip)| of.apart(clear, trip)), [50, 200, 600]);
        assert_eq!(run(&mut of, &mut now, 20, 8), 20, "it does not waver");
        assert!(run(&mut of, &mut now, 20, 2) <= 3);
    }
}
