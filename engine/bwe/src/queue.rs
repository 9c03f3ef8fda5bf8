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
    /// The same on average over some seconds, and how far single ones are from that.
    usual: f64,
    deviation: f64,
    last: Option<i64>,
    /// By how much a delay is less than the one before, on average over all. µs.
    jitter: f64,
    /// None came without delay.
    raised: Run,
    /// None came without more delay than usual.
    growing: Run,
    arrived: i64,
}

/// Groups in a row, by the arrival of the first one.
#[derive(Debug, Default)]
struct Run {
    since: i64,
    groups: u32,
}

impl Queue {
    pub(crate) fn new() -> Self {
        Self {
            least: [i64::MAX; SPANS],
            span_ends: None,
            delay: 0,
            usual: 0.0,
            deviation: 0.0,
            last: None,
            jitter: 0.0,
            raised: Run::default(),
            growing: Run::default(),
            arrived: 0,
        }
    }

    /// A group is complete, on a link that takes this rate at least and makes packets late by so many µs without a queue.
    pub(crate) fn observe(&mut self, group: &Group, rate: f64, disorder: f64) {
        let ends = *self.span_ends.get_or_insert(group.last_arrived + SPAN);
        if group.last_arrived >= ends {
            self.least.rotate_right(1);
            self.least[0] = i64::MAX;
            self.span_ends = Some(group.last_arrived + SPAN);
        }
        self.least[0] = self.least[0].min(group.delay);
        let least = self.least.iter().copied().min().unwrap_or(group.delay);
        self.delay = group.delay - least;
        if let Some(last) = self.last.replace(group.delay) {
            // Only what falls: what rises may be a queue.
            self.jitter += ((last - group.delay).max(0) as f64 - self.jitter) * JITTER_GAIN;
        }
        // The link takes its time for the packet itself as well, and more of it than for the smallest one there was when it
        // was fast.
        let itself = (f64::from(group.bytes) * 8.0 * 1e6 / rate.max(1.0)).min(ITSELF_MOST);
        let delay = self.delay as f64 - itself;
        let threshold = THRESHOLD.max(self.jitter * JITTERS).max(disorder);
        self.raised.observe(group.last_arrived, delay > threshold);
        let unusual = threshold.max(self.usual + self.deviation + THRESHOLD);
        self.growing.observe(group.last_arrived, delay > unusual);

        let passed = (group.last_arrived - self.arrived).clamp(0, USUAL / 4) as f64 / USUAL as f64;
        self.deviation += ((delay - self.usual).abs() - self.deviation) * passed;
        self.usual += (delay - self.usual) * passed;
        self.arrived = group.last_arrived;
    }

    /// For how long none came without delay, in µs of the receiver's time: a jam that bursts is over in an instant. Nothing for
    /// fewer groups than can be told from chance.
    pub(crate) fn raised(&self) -> i64 {
        self.raised.lasts(self.arrived)
    }

    /// For how long none came without more delay than is usual.
    pub(crate) fn growing(&self) -> i64 {
        self.growing.lasts(self.arrived)
    }

    /// µs beyond the least.
    pub(crate) fn delay(&self) -> i64 {
        self.delay
    }

    /// How much delays differ, in µs.
    pub(crate) fn jitter(&self) -> i64 {
        self.jitter as i64
    }
}

impl Run {
    fn observe(&mut self, arrived: i64, continues: bool) {
        match (continues, self.groups) {
            (false, _) => self.groups = 0,
            (true, 0) => *self = Self { since: arrived, groups: 1 },
            (true, groups) => self.groups = groups.saturating_add(1),
        }
    }

    fn lasts(&self, until: i64) -> i64 {
        if self.groups < GROUPS_LEAST { 0 } else { until - self.since }
    }
}

const SPAN: i64 = 5_000_000;
const SPANS: usize = 4;
const USUAL: i64 = 3_000_000;
/// µs.
const THRESHOLD: f64 = 15_000.0;
const ITSELF_MOST: f64 = 200_000.0;
const JITTER_GAIN: f64 = 1.0 / 32.0;
const JITTERS: f64 = 3.0;
const GROUPS_LEAST: u32 = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::groups::Groups;

    /// For how many ms at most none came without delay, of packets every 10 ms with these delays in ms.
    fn raised(delays: impl IntoIterator<Item = i64>) -> i64 {
        let (mut groups, mut queue) = (Groups::default(), Queue::new());
        let found = delays.into_iter().enumerate().filter_map(|(n, delay)| {
            let sent = n as i64 * 10_000;
            queue.observe(&groups.observe(sent, sent + delay * 1000, 1000)?, 2e6, 0.0);
            Some(queue.raised() / 1000)
        });
        found.max().unwrap_or(0)
    }

    #[test]
    fn a_queue_stands_for_as_long_as_it_is_there() {
        let emptying = (0..60).map(|n| 290 - n * 4);
        let delays = (0..100).map(|_| 40).chain((0..50).map(|n| 40 + n * 5)).chain(emptying).chain((0..100).map(|_| 50));
        assert!((850..1100).contains(&raised(delays)));
    }

    #[test]
    fn a_receiver_that_did_not_read_for_a_while_is_no_queue() {
        // For 400 ms nothing is read, then everything within a few.
        let delays = (0..100).map(|_| 40).chain((0..40).map(|n| 40 + 400 - n * 10)).chain((0..100).map(|_| 40));
        assert!(raised(delays) < 20);
        // The same where reading takes its time.
        let slow = (0..100).map(|_| 40).chain((0..40).map(|n| 40 + 400 - n * 8)).chain((0..10).map(|n| 120 - n * 8));
        assert!(raised(slow.chain((0..100).map(|_| 40))) < 100);
    }

    #[test]
    fn jitter_is_no_queue() {
        let delays = (0..3000u64).map(|n| 40 + (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as i64 % 100);
        assert!(raised(delays) < 100);
    }
}
