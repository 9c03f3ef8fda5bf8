//! The network towards one viewer who tells when packets arrive: what it takes, and which packets wait for that. The decisions
//! are `rtc_bwe`'s.

use std::time::{Duration, Instant};

use rtc_bwe::{Estimator, Feedback, Pacer, PacerSettings, Settings};

use crate::stream::Outgoing;

/// What is known of the network, and what waits for it.
#[derive(Debug)]
pub(crate) struct Network {
    pub(crate) estimator: Estimator,
    pub(crate) pacer: Pacer<Waiting>,
    /// When the two are to be told the time; kept, because it is asked for at each turn and rarely changes in between.
    due: Option<Instant>,
    /// What was told last.
    told: Option<Option<u64>>,
}

/// A packet that waits.
#[derive(Debug)]
pub(crate) enum Waiting {
    /// A new one, for this stream.
    New(usize, Outgoing),
    /// One that was asked for again, of this stream.
    Again(usize, u64),
}

/// Packets leave together that the network takes in 2.5 times this. A picture of a stream that fits is 33 ms of it: only key
/// frames are worth more than one send.
const BURST: Duration = Duration::from_millis(20);
/// What waits longer leaves faster. Who forwards takes less when more is sent than fits; until then a receiver that is busy, and
/// looks like a narrow network, should not be half a second behind.
const LONGEST_WAIT: Duration = Duration::from_millis(400);
/// An estimate that has moved by no more than one of so many parts is none that anything would be decided by.
const PARTS: u64 = 64;

impl Network {
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            estimator: Estimator::new(now, Settings::default()),
            pacer: Pacer::new(now, PacerSettings { burst: BURST, longest_wait: LONGEST_WAIT, ..PacerSettings::default() }),
            due: None,
            told: None,
        }
    }

    /// What was done with the two may have changed when they are to be told the time.
    pub(crate) fn settle(&mut self) {
        self.due = [self.estimator.poll_timeout(), self.pacer.poll_timeout()].into_iter().flatten().min();
    }

    pub(crate) fn handle_feedback(&mut self, now: Instant, feedback: &Feedback<'_>) {
        self.estimator.handle_feedback(now, feedback);
        self.pacer.follow(now, &mut self.estimator);
        self.settle();
    }

    pub(crate) fn handle_round_trip(&mut self, round_trip: Duration) {
        self.estimator.handle_round_trip(round_trip);
        self.settle();
    }

    pub(crate) fn set_goal(&mut self, now: Instant, most: u64, least: u64) {
        self.estimator.set_goal(now, most, least);
        self.pacer.follow(now, &mut self.estimator);
        self.settle();
    }

    /// Time has passed; [`Self::settle`] afterwards.
    pub(crate) fn handle_timeout(&mut self, now: Instant) {
        if self.due.is_some_and(|at| at <= now) {
            self.estimator.handle_timeout(now);
            self.pacer.follow(now, &mut self.estimator);
        }
    }

    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        self.due
    }

    /// What the network takes, in bits a second, where that has changed. First of all that nothing is known.
    pub(crate) fn poll_estimate(&mut self) -> Option<Option<u64>> {
        let estimate = self.estimator.estimate();
        let same = match (self.told, estimate) {
            (None, _) => false,
            (Some(Some(told)), Some(now)) => told.abs_diff(now) <= told / PARTS,
            (Some(told), now) => told == now,
        };
        if same {
            return None;
        }
        let first = self.told.is_none();
        let estimate = estimate.filter(|_| !first);
        self.told = Some(estimate);
        Some(estimate)
    }
}
