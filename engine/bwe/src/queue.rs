//! How long packets stand in a queue: their delay beyond the least there was. It knows no rates.

use crate::groups::Group;

/// The queue in front of the narrowest link.
///
/// The least delay among the last ones is what tells a queue from everything else that makes packets late. Jitter, and a
/// receiver that did not come to read, let some packets through without delay; a queue lets none.
#[derive(Debug)]
pub(crate) struct Queue {
    /// The least delay in each of the last spans, newest first, µs.
    least: [i64; SPANS],
    span_ends: Option<i64>,
    /// Beyond the least. µs.
    delay: i64,
    last: Option<i64>,
    /// By how much a delay is less than the one before, on average over all. µs.
    jitter: f64,
    /// Since which arrival, and in how many groups, none came without delay.
    standing: Option<(i64, u32)>,
    arrived: i64,
}

impl Queue {
    pub(crate) fn new() -> Self {
        Self { least: [i64::MAX; SPANS], span_ends: None, delay: 0, last: None, jitter: 0.0, standing: None, arrived: 0 }
    }

    /// A group is complete, on a link that takes this rate at least.
    pub(crate) fn observe(&mut self, group: &Group, rate: f64) {
        let ends = *self.span_ends.get_or_insert(group.last_arrived + SPAN);
        if group.last_arrived >= ends {
            self.least.rotate_right(1);
            self.least[0] = i64::MAX;
            self.span_ends = Some(group.last_arrived + SPAN);
        }
        self.least[0] = self.least[0].min(group.delay);
        let least = self.least.iter().copied().min().unwrap_or(group.delay);
        self.delay = group.delay - least;
        self.arrived = group.last_arrived;
        if let Some(last) = self.last.replace(group.delay) {
            // Only what falls: what rises may be a queue.
            self.jitter += ((last - group.delay).max(0) as f64 - self.jitter) * JITTER_GAIN;
        }
        self.standing = match self.standing {
            _ if self.delay < self.threshold(group.bytes, rate) => None,
            None => Some((group.last_arrived, 1)),
            Some((since, groups)) => Some((since, groups.saturating_add(1))),
        };
    }

    /// For how long none came without delay, in µs of the receiver's time: a jam that bursts is over in an instant. Nothing for
    /// fewer groups than can be told from chance.
    pub(crate) fn standing(&self) -> i64 {
        match self.standing {
            Some((since, groups)) if groups >= GROUPS_LEAST => self.arrived - since,
            _ => 0,
        }
    }

    /// µs beyond the least.
    pub(crate) fn delay(&self) -> i64 {
        self.delay
    }

    /// How much delays differ, in µs.
    pub(crate) fn jitter(&self) -> i64 {
        self.jitter as i64
    }

    /// Beyond this a packet came with delay. The link takes its time for the packet itself as well, and more of it than for
    /// the smallest one there was when it was fast.
    fn threshold(&self, bytes: u32, rate: f64) -> i64 {
        let itself = (f64::from(bytes) * 8.0 * 1e6 / rate.max(1.0)).min(ITSELF_MOST) as i64;
        itself + THRESHOLD_LEAST.max((self.jitter * JITTERS) as i64)
    }
}

const SPAN: i64 = 5_000_000;
const SPANS: usize = 4;
const THRESHOLD_LEAST: i64 = 15_000;
/// µs.
const ITSELF_MOST: f64 = 200_000.0;
const JITTER_GAIN: f64 = 1.0 / 32.0;
const JITTERS: f64 = 3.0;
const GROUPS_LEAST: u32 = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::groups::Groups;

    /// For how many ms at most none came without delay, of packets every 10 ms with these delays in ms.
    fn standing(delays: impl IntoIterator<Item = i64>) -> i64 {
        let (mut groups, mut queue) = (Groups::default(), Queue::new());
        let found = delays.into_iter().enumerate().filter_map(|(n, delay)| {
            let sent = n as i64 * 10_000;
            queue.observe(&groups.observe(sent, sent + delay * 1000, 1000)?, 2e6);
            Some(queue.standing() / 1000)
        });
        found.max().unwrap_or(0)
    }

    #[test]
    fn a_queue_stands_for_as_long_as_it_is_there() {
        let emptying = (0..60).map(|n| 290 - n * 4);
        let delays = (0..100).map(|_| 40).chain((0..50).map(|n| 40 + n * 5)).chain(emptying).chain((0..100).map(|_| 50));
        assert!((850..1100).contains(&standing(delays)));
    }

    #[test]
    fn a_receiver_that_did_not_read_for_a_while_is_no_queue() {
        // For 400 ms nothing is read, then everything within a few.
        let delays = (0..100).map(|_| 40).chain((0..40).map(|n| 40 + 400 - n * 10)).chain((0..100).map(|_| 40));
        assert!(standing(delays) < 20);
        // The same where reading takes its time.
        let slow = (0..100).map(|_| 40).chain((0..40).map(|n| 40 + 400 - n * 8)).chain((0..10).map(|n| 120 - n * 8));
        assert!(standing(slow.chain((0..100).map(|_| 40))) < 100);
    }

    #[test]
    fn jitter_is_no_queue() {
        let delays = (0..3000u64).map(|n| 40 + (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as i64 % 100);
        assert!(standing(delays) < 100);
    }
}
