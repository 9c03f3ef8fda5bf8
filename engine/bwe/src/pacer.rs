//! When packets leave: at once while few do, otherwise in bursts of some milliseconds at a multiple of the estimate, so that
//! a burst is one send to the kernel. It sends nothing, and does not look into what it keeps.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::{Estimator, PacerSettings, Probe, ProbeId};

/// What a packet is, in the order in which those that wait leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Sound. Never waits.
    Sound,
    /// What is sent again.
    Repair,
    /// Pictures.
    Picture,
    /// Nothing of use. Never waits, as it is made only when there is room.
    Padding,
}

/// A packet may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Departure {
    /// The probe it is part of, for [`Estimator::sent`].
    pub probe: Option<ProbeId>,
}

/// A packet that waited leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Released<T> {
    /// What was left here.
    pub item: T,
    /// What it is.
    pub class: Class,
    /// As was said when it came.
    pub bytes: usize,
    /// The probe it is part of, for [`Estimator::sent`].
    pub probe: Option<ProbeId>,
}

/// Padding is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Padding {
    /// So much of it, in as many packets as it takes, and rather more than less.
    pub bytes: usize,
}

/// The packets towards one viewer.
///
/// While no more leave than a burst takes, nothing waits here, nothing is allocated and no timer runs.
#[derive(Debug)]
pub struct Pacer<T> {
    settings: PacerSettings,
    /// Bits a second; nothing while no estimate is known, and then nothing waits.
    rate: Option<u64>,
    /// Bits a second to make up by padding.
    padding: u64,
    /// Bytes that left and are not yet paid for by time, as of `at`.
    debt: f64,
    /// Bytes of padding that are due, as of `at`; below nothing after more has left than is to be made up.
    due: f64,
    at: Instant,
    /// A burst was used up. Packets wait until it is paid for.
    is_resting: bool,
    repairs: VecDeque<Waiting<T>>,
    pictures: VecDeque<Waiting<T>>,
    waiting: usize,
    probing: Option<Probing>,
    /// Padding was wanted then, and nothing has left since.
    wanted: Option<Instant>,
}

#[derive(Debug)]
struct Waiting<T> {
    item: T,
    bytes: usize,
    since: Instant,
}

/// A probe under way.
#[derive(Debug, Clone, Copy)]
struct Probing {
    probe: Probe,
    /// When its first packet left.
    begun: Option<Instant>,
    bytes: usize,
    packets: u32,
    until: Instant,
}

impl<T> Pacer<T> {
    /// A pacer that lets everything leave until an estimate is there.
    pub fn new(now: Instant, settings: PacerSettings) -> Self {
        Self {
            settings,
            rate: None,
            padding: 0,
            debt: 0.0,
            due: 0.0,
            at: now,
            is_resting: false,
            repairs: VecDeque::new(),
            pictures: VecDeque::new(),
            waiting: 0,
            probing: None,
            wanted: None,
        }
    }

    /// Takes over what the estimator says, and the probe it wants if it wants one.
    pub fn follow(&mut self, now: Instant, estimator: &mut Estimator) {
        self.advance(now);
        self.rate = estimator.estimate().map(|bits| bits.saturating_mul(u64::from(self.settings.speed)) / 100);
        self.padding = estimator.padding();
        if self.probing.is_none()
            && let Some(probe) = estimator.poll_probe(now)
        {
            self.probing = Some(Probing { probe, begun: None, bytes: 0, packets: 0, until: now + probe.patience });
        }
    }

    /// Whether a packet may leave at once. It counts as gone if it may; otherwise it has to be left here by [`Self::push`],
    /// or dropped.
    #[inline]
    pub fn admit(&mut self, now: Instant, class: Class, bytes: usize) -> Option<Departure> {
        self.advance(now);
        let may = match class {
            Class::Sound | Class::Padding => true,
            Class::Repair => self.repairs.is_empty() && self.has_room(now),
            Class::Picture => self.waiting == 0 && self.has_room(now),
        };
        may.then(|| self.depart(now, bytes))
    }

    /// Leaves a packet here until its time has come. Comes back if too much waits already.
    pub fn push(&mut self, now: Instant, class: Class, bytes: usize, item: T) -> Result<(), T> {
        if self.waiting.saturating_add(bytes) > self.settings.most_waiting {
            return Err(item);
        }
        self.waiting += bytes;
        let queue = if class == Class::Picture { &mut self.pictures } else { &mut self.repairs };
        queue.push_back(Waiting { item, bytes, since: now });
        Ok(())
    }

    /// The next packet whose time has come. It counts as gone.
    pub fn poll(&mut self, now: Instant) -> Option<Released<T>> {
        if self.waiting == 0 && self.repairs.is_empty() && self.pictures.is_empty() {
            return None;
        }
        self.advance(now);
        if !self.has_room(now) {
            return None;
        }
        let (class, queue) = match self.repairs.is_empty() {
            false => (Class::Repair, &mut self.repairs),
            true => (Class::Picture, &mut self.pictures),
        };
        let Waiting { item, bytes, .. } = queue.pop_front()?;
        self.waiting -= bytes;
        let Departure { probe } = self.depart(now, bytes);
        Some(Released { item, class, bytes, probe })
    }

    /// How much padding to make now, after everything else. Each packet of it is then told by [`Self::admit`]. Who can make
    /// none is asked again after a while.
    pub fn poll_padding(&mut self, now: Instant) -> Option<Padding> {
        self.advance(now);
        if self.waiting > 0 {
            return None;
        }
        let bytes = match &self.probing {
            Some(probing) => probing.lacks(now),
            None if self.padding > 0 && self.due >= self.padding_least() => self.due as usize,
            None => 0,
        };
        if bytes == 0 {
            return None;
        }
        self.wanted = Some(now);
        Some(Padding { bytes })
    }

    /// When to come back: never while nothing waits and nothing is to be made up.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let waiting = (self.waiting > 0).then(|| self.relieved());
        let padding = match &self.probing {
            _ if self.waiting > 0 => None,
            Some(probing) => Some(probing.next()),
            None if self.padding > 0 => {
                let lacks = (self.padding_least() - self.due).max(0.0);
                Some(self.at + time_for(lacks, self.padding).min(LONGEST_TIMER))
            }
            None => None,
        };
        let patient = self.wanted.map(|wanted| wanted + UNANSWERED);
        let padding = padding.map(|padding| patient.map_or(padding, |patient| padding.max(patient)));
        [waiting, padding].into_iter().flatten().min()
    }

    /// Bytes that wait.
    pub fn waiting(&self) -> usize {
        self.waiting
    }

    /// How long the oldest packet has waited.
    pub fn oldest(&self, now: Instant) -> Option<Duration> {
        let first = [self.repairs.front(), self.pictures.front()].into_iter().flatten().map(|waiting| waiting.since).min()?;
        Some(now.saturating_duration_since(first))
    }

    /// Pays for what has left, and drops a probe that does not come about.
    fn advance(&mut self, now: Instant) {
        if now <= self.at {
            return;
        }
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        if let Some(rate) = self.rate {
            let rate = self.drain_rate(rate);
            self.debt = (self.debt - passed * rate as f64 / 8.0).max(0.0);
        } else {
            self.debt = 0.0;
        }
        self.due = match self.padding {
            0 => 0.0,
            padding => {
                let most = (padding as f64 / 8.0 * PADDING_MEMORY).max(PADDING_LEAST);
                (self.due + passed * padding as f64 / 8.0).clamp(-most, most)
            }
        };
        self.at = now;
        if self.probing.is_some_and(|probing| now >= probing.until) {
            self.probing = None;
        }
    }

    /// Faster than usual where the oldest would wait too long otherwise.
    fn drain_rate(&self, rate: u64) -> u64 {
        match self.oldest(self.at) {
            None => rate,
            Some(oldest) => {
                let left = self.settings.longest_wait.saturating_sub(oldest).max(self.settings.burst);
                rate.max((self.waiting as f64 * 8.0 / left.as_secs_f64()) as u64)
            }
        }
    }

    fn has_room(&mut self, now: Instant) -> bool {
        let Some(rate) = self.rate else { return true };
        // A probe is faster than the pace; what can be of use goes with it in place of padding.
        if self.probing.is_some_and(|probing| probing.lacks(now) > 0) {
            return true;
        }
        if self.is_resting && self.debt < PAID {
            self.is_resting = false;
        }
        if !self.is_resting && self.debt >= self.burst(rate) {
            self.is_resting = true;
        }
        !self.is_resting
    }

    /// When the burst will be paid for.
    fn relieved(&self) -> Instant {
        let Some(rate) = self.rate else { return self.at };
        if self.debt < self.burst(rate) && !self.is_resting {
            return self.at;
        }
        self.at + time_for(self.debt, self.drain_rate(rate)).min(LONGEST_TIMER)
    }

    fn burst(&self, rate: u64) -> f64 {
        (rate as f64 / 8.0 * self.settings.burst.as_secs_f64()).max(self.settings.burst_least as f64)
    }

    /// Less padding is not asked for at once.
    fn padding_least(&self) -> f64 {
        PADDING_LEAST.max(self.padding as f64 / 8.0 * PADDING_TOGETHER)
    }

    fn depart(&mut self, now: Instant, bytes: usize) -> Departure {
        if self.rate.is_some() {
            // Sound does not wait for it, so it must not grow without end.
            self.debt = (self.debt + bytes as f64).min(DEBT_MOST);
        }
        self.due -= bytes as f64;
        self.wanted = None;
        let Some(probing) = &mut self.probing else { return Departure { probe: None } };
        probing.begun.get_or_insert(now);
        probing.bytes += bytes;
        probing.packets += 1;
        let probe = Some(probing.probe.id);
        if probing.bytes >= probing.probe.bytes && probing.packets >= probing.probe.packets {
            self.probing = None;
        }
        Departure { probe }
    }
}

impl Probing {
    /// Bytes that should have left by now and have not.
    fn lacks(&self, now: Instant) -> usize {
        let Some(begun) = self.begun else { return PROBE_PACKET };
        let passed = now.saturating_duration_since(begun).as_secs_f64();
        let due = passed * self.probe.rate as f64 / 8.0;
        match (due as usize).checked_sub(self.bytes) {
            Some(lacks) => lacks.max(PROBE_PACKET),
            None => 0,
        }
    }

    fn next(&self) -> Instant {
        match self.begun {
            None => self.until - self.probe.patience,
            Some(begun) => begun + time_for(self.bytes as f64, self.probe.rate).min(LONGEST_TIMER),
        }
    }
}

fn time_for(bytes: f64, rate: u64) -> Duration {
    Duration::from_secs_f64(bytes * 8.0 / rate.max(1) as f64)
}

/// Bytes of padding, and seconds for which it is made together.
const PADDING_LEAST: f64 = 300.0;
const PADDING_TOGETHER: f64 = 0.01;
/// Who made no padding when it was wanted is asked again after this.
const UNANSWERED: Duration = Duration::from_millis(20);
/// What was sent more or less than is to be made up counts for so many seconds.
const PADDING_MEMORY: f64 = 0.1;
/// Bytes of a packet that is made for a probe.
const PROBE_PACKET: usize = 200;
const DEBT_MOST: f64 = 1e7;
/// Less than a byte is owed by rounding.
const PAID: f64 = 1.0;
const LONGEST_TIMER: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests;
