//! What arrivals tell of the way to a viewer: how much comes through, whether delays grow, and whether a queue stands. It makes no
//! estimate of that.

use crate::ReferenceTime;
use crate::disorder::Disorder;
use crate::flow::Flow;
use crate::groups::Groups;
use crate::history::Sent;
use crate::queue::Queue;
use crate::trend::{Trend, Usage};

/// What is known of the way there, all of which a receiver whose clock jumps makes void.
#[derive(Debug)]
pub(crate) struct Path {
    pub(crate) reference: ReferenceTime,
    arrivals: Flow,
    groups: Groups,
    trend: Trend,
    pub(crate) queue: Queue,
    pub(crate) disorder: Disorder,
    /// Departure and arrival of the packet sent last of those that arrived.
    pub(crate) newest: Option<(i64, i64)>,
    /// Departure of the packet that the queue was last judged by.
    pub(crate) judged: i64,
    /// Packets sent until then met a queue that a probe has made.
    pub(crate) probed_until: i64,
}

impl Path {
    pub(crate) fn new(reference: ReferenceTime) -> Self {
        Self {
            reference,
            arrivals: Flow::new(),
            groups: Groups::default(),
            trend: Trend::new(),
            queue: Queue::new(),
            disorder: Disorder::default(),
            newest: None,
            judged: i64::MIN,
            probed_until: i64::MIN,
        }
    }

    /// A packet arrived, on a link that takes this rate at least.
    #[inline]
    pub(crate) fn arrive(&mut self, sent: &Sent, arrived: i64, rate: f64) {
        if let Some((newest_sent, newest_arrived)) = self.newest {
            let jumped = (arrived - newest_arrived).abs_diff(sent.at - newest_sent) > JUMP;
            let rested = sent.at - newest_sent > IDLE;
            if jumped || rested {
                // Another clock, or so long ago that clocks have drifted.
                *self = Self { probed_until: self.probed_until, ..Self::new(self.reference) };
            }
        }
        let behind = self.newest.map_or(0, |(newest, _)| newest - sent.at);
        self.disorder.observe(arrived, behind);
        if behind <= 0 {
            self.newest = Some((sent.at, arrived));
        }
        self.arrivals.observe(arrived, sent.bytes);
        if sent.probe.is_some() || sent.at <= self.probed_until {
            return;
        }
        if let Some(group) = self.groups.observe(sent.at, arrived, sent.bytes) {
            self.judged = sent.at;
            self.trend.observe(&group);
            self.queue.observe(&group, rate, self.disorder.explains());
        }
    }

    /// Delays have become others for good.
    pub(crate) fn forget_delays(&mut self) {
        (self.groups, self.trend, self.queue) = (Groups::default(), Trend::new(), Queue::new());
    }

    /// Bits a second that arrived lately.
    pub(crate) fn arrived(&self, over: i64) -> Option<f64> {
        self.arrivals.rate(over).map(|rate| rate as f64)
    }

    /// Delays grow and a queue stands, or it is so long that it need not grow.
    pub(crate) fn is_congested(&self) -> bool {
        let is_long = self.queue.delay() > LONG_QUEUE && self.queue.raised() > LONG_STANDING && self.trend.slope() > -0.01;
        self.trend.usage() == Usage::Over && self.queue.growing() >= STANDING || is_long
    }

    /// Delays neither grow nor shrink.
    pub(crate) fn is_calm(&self) -> bool {
        self.trend.usage() == Usage::Normal && self.queue.growing() < STANDING
    }
}

/// A queue that stands for so long is no accident.
pub(crate) const STANDING: i64 = 100_000;
/// A queue is long beyond this, and need not grow to be one when it stands for so long.
pub(crate) const LONG_QUEUE: i64 = 300_000;
const LONG_STANDING: i64 = 500_000;

/// µs by which a receiver's clock may differ from what passed here.
const JUMP: u64 = 10_000_000;
/// µs without a packet after which nothing is known of its delays any more.
const IDLE: i64 = 10_000_000;
