//! What is missed of the pictures that a client sends, and when it is asked for beside what `str0m` asks. It only does so where much
//! is lost and no queue is in the way, and sends nothing itself.
//!
//! `str0m` asks five times within about half a second. Where half of all packets is lost either way, one request brings a packet
//! with a quarter's chance, and browsers answer it once. What is said of both is in decision 0036.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use rtc_egress::{Least, Losses};

/// Packets behind the newest that are asked for. `str0m` takes none that are more than a hundred behind.
const WINDOW: u64 = 100;
/// A packet is asked for until it is so old, and so often at most.
const AGE: Duration = Duration::from_secs(2);
const ASKED_MOST: u8 = 48;
/// Between two requests for a packet: half of a round trip, within these bounds.
const APART_LEAST: Duration = Duration::from_millis(25);
const APART_MOST: Duration = Duration::from_millis(120);
const APART: Duration = Duration::from_millis(60);
/// Requests that each packet is worth which came by itself, and how many are saved. Half of all packets lost both ways takes four
/// for each that is missed.
const CREDIT: u32 = 32;
const CREDIT_MOST: u32 = 400;

/// What is missed, and how long packets take, is looked at over so many packets at least.
const PACKETS: u32 = 12;
/// Packets of which the fastest takes so much longer than the fastest of the last 30 to 60 s wait in a queue.
const QUEUE: i64 = 50_000_000;
/// Times of sending are told modulo 64 s.
const TURN: i64 = 64_000_000_000;

/// Follows one stream.
#[derive(Debug)]
pub(crate) struct Missing {
    newest: Option<u64>,
    /// By number. Empty, and without an allocation, while little is lost.
    lost: VecDeque<Lost>,
    credit: u32,
    losses: Losses,
    /// Packets of this period that came by themselves.
    came: u32,
    ways: Ways,
}

#[derive(Debug)]
struct Lost {
    seq: u64,
    since: Instant,
    again: Instant,
    asked: u8,
}

/// How long packets take, but for what the two clocks are apart.
#[derive(Debug)]
struct Ways {
    /// The first one, which the others are told against, in nanoseconds like all of them.
    first: Option<i64>,
    /// The fastest of this period.
    lately: Option<i64>,
    least: Least<i64>,
    is_clear: bool,
}

impl Missing {
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            newest: None,
            lost: VecDeque::new(),
            credit: 0,
            losses: Losses::new(now, PACKETS),
            came: 0,
            ways: Ways { first: None, lately: None, least: Least::new(now), is_clear: false },
        }
    }

    /// Whether so much is lost, and nothing waits in a queue, that more is to be asked than usual.
    pub(crate) fn is_bad(&self) -> bool {
        self.losses.is_much() && self.ways.is_clear
    }

    /// Something has come by itself, and not because it was asked for, be it in time or when that has come already.
    pub(crate) fn handle_arrival(&mut self) {
        self.came = self.came.saturating_add(1);
        self.credit = (self.credit + CREDIT).min(CREDIT_MOST);
    }

    /// A packet that was not there has come, sent at that time by the sender's clock if it says so, and maybe the first of a key frame.
    pub(crate) fn handle_packet(&mut self, now: Instant, seq: u64, sent: Option<Instant>, is_key: bool) {
        if let Some(sent) = sent {
            self.ways.take(now, sent);
        }
        match self.newest {
            Some(newest) if seq > newest => {
                let step = seq - newest;
                self.losses.add(step.min(WINDOW) as u32);
                self.newest = Some(seq);
                self.look(now);
                if step > 1 && self.is_bad() {
                    self.miss(now, newest + 1, seq);
                }
            }
            Some(_) => {
                if let Ok(at) = self.lost.binary_search_by_key(&seq, |lost| lost.seq) {
                    self.lost.remove(at);
                }
            }
            None => {
                self.losses.add(1);
                self.newest = Some(seq);
            }
        }
        if is_key {
            // Whoever has waited goes on with this one.
            self.forget(seq);
        }
    }

    fn miss(&mut self, now: Instant, first: u64, end: u64) {
        let oldest = end.saturating_sub(WINDOW);
        self.forget(oldest);
        // It was asked for by `str0m` just now, or is any moment.
        let lost = |seq| Lost { seq, since: now, again: now + APART_LEAST, asked: 0 };
        self.lost.extend((first.max(oldest)..end).map(lost));
    }

    fn forget(&mut self, before: u64) {
        while self.lost.front().is_some_and(|lost| lost.seq < before) {
            self.lost.pop_front();
        }
    }

    fn look(&mut self, now: Instant) {
        let Some(sent) = self.losses.finished(now) else { return };
        self.losses.finish(now, sent.saturating_sub(std::mem::take(&mut self.came)));
        self.ways.turn(now);
        if !self.is_bad() {
            self.lost = VecDeque::new();
        }
    }

    /// When something is to be asked for.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.lost.iter().map(|lost| lost.again).min().filter(|_| self.credit > 0)
    }

    /// Adds what is to be asked for now, by the 16 bits of its numbers that are seen. They rise.
    pub(crate) fn ask(&mut self, now: Instant, round_trip: Option<Duration>, numbers: &mut Vec<u16>) {
        self.lost.retain(|lost| now.saturating_duration_since(lost.since) < AGE && lost.asked < ASKED_MOST);
        self.forget(self.newest.map_or(0, |newest| newest.saturating_sub(WINDOW)));
        let apart = round_trip.map_or(APART, |trip| (trip / 2).clamp(APART_LEAST, APART_MOST));
        for lost in self.lost.iter_mut().filter(|lost| lost.again <= now) {
            let Some(credit) = self.credit.checked_sub(1) else { return };
            self.credit = credit;
            lost.asked += 1;
            lost.again = now + apart;
            numbers.push(lost.seq as u16);
        }
    }
}

impl Ways {
    fn take(&mut self, now: Instant, sent: Instant) {
        let way = now.saturating_duration_since(sent).as_nanos() as i64;
        let first = *self.first.get_or_insert(way);
        // The nearer way round.
        let apart = (way - first + TURN / 2).rem_euclid(TURN) - TURN / 2;
        self.lately = Some(self.lately.map_or(apart, |lately| lately.min(apart)));
    }

    fn turn(&mut self, now: Instant) {
        // Where nobody says when it was sent, nothing is known.
        let lately = self.lately.take();
        self.is_clear = lately.is_some_and(|lately| lately <= self.least.take(now, lately).saturating_add(QUEUE));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    struct Story {
        now: Instant,
        missing: Missing,
        seq: u64,
        asked: Vec<u16>,
    }

    impl Story {
        fn new() -> Self {
            let now = Instant::now() + Duration::from_secs(1000);
            Self { now, missing: Missing::new(now), seq: 500, asked: Vec::new() }
        }

        /// So many seconds of 50 packets, which take so long, and of which those are lost. Gives how much was asked for.
        fn runs(&mut self, seconds: u32, way: Duration, is_lost: impl Fn(u64) -> bool) -> usize {
            let before = self.asked.len();
            for _ in 0..seconds * 50 {
                self.seq += 1;
                if !is_lost(self.seq) {
                    self.missing.handle_arrival();
                    self.missing.handle_packet(self.now, self.seq, Some(self.now - way), false);
                }
                self.now += 20 * MS;
                if self.missing.due().is_some_and(|due| due <= self.now) {
                    self.missing.ask(self.now, Some(40 * MS), &mut self.asked);
                }
            }
            self.asked.len() - before
        }
    }

    #[test]
    fn it_is_asked_often_where_much_is_lost_and_not_otherwise() {
        let mut story = Story::new();
        assert_eq!(story.runs(10, 20 * MS, |_| false), 0);
        assert_eq!(story.runs(10, 20 * MS, |seq| seq % 13 == 0), 0, "str0m is enough");
        assert_eq!(story.missing.lost.capacity(), 0, "nothing is kept for it");
        let asked = story.runs(10, 20 * MS, |seq| seq % 2 == 0);
        assert!((1500..=(250 * CREDIT + CREDIT_MOST) as usize).contains(&asked), "{asked}");
        story.runs(3, 20 * MS, |_| false);
        assert_eq!((story.runs(10, 20 * MS, |_| false), story.missing.is_bad(), story.missing.lost.capacity()), (0, false, 0));
    }

    #[test]
    fn a_queue_is_not_filled() {
        let mut story = Story::new();
        story.runs(5, 20 * MS, |_| false);
        assert_eq!(story.runs(20, 71 * MS, |seq| seq % 2 == 0), 0);
        assert!(story.runs(20, 69 * MS, |seq| seq % 2 == 0) > 0);
        let asked = story.asked.len();
        story.runs(2, 300 * MS, |seq| seq % 2 == 0);
        assert_eq!(story.runs(5, 300 * MS, |seq| seq % 2 == 0), 0);
        assert!(story.asked.len() > asked);
    }

    #[test]
    fn who_does_not_say_when_it_sends_is_asked_as_ever() {
        let (mut missing, now) = (Missing::new(Instant::now()), Instant::now());
        for n in 0..1000 {
            missing.handle_arrival();
            missing.handle_packet(now + n * 20 * MS, (2 * n).into(), None, false);
        }
        assert_eq!(missing.due(), None);
    }

    #[test]
    fn clocks_that_are_apart_are_no_queue_also_where_they_turn() {
        let mut missing = Missing::new(Instant::now());
        let base = Instant::now() + Duration::from_secs(1000);
        for n in 0..10_000 {
            let now = base + n * 20 * MS;
            // 63.99 and 0.01 s are 20 ms apart.
            let way = if n % 2 == 0 { 63_990 * MS } else { 10 * MS };
            missing.handle_arrival();
            missing.handle_packet(now, (2 * n).into(), Some(now - way), false);
            assert!(n < 500 || missing.is_bad());
        }
    }

    #[test]
    fn what_has_come_or_is_of_no_use_any_more_is_not_asked_for() {
        let mut story = Story::new();
        story.runs(10, 20 * MS, |seq| seq % 2 == 0);
        let (now, newest) = (story.now, story.seq - 1);
        story.missing.credit = CREDIT_MOST;
        story.missing.handle_packet(now, newest - 1, None, false);
        story.missing.ask(now + 200 * MS, None, &mut story.asked);
        assert!(!story.asked[story.asked.len() - 10..].contains(&((newest - 1) as u16)));
        assert!(story.missing.due().is_some());
        story.missing.handle_packet(now, newest + 1, None, true);
        assert_eq!(story.missing.due(), None, "a key frame was begun");

        story.missing.handle_packet(now, newest + 3, None, false);
        let mut asked = Vec::new();
        let mut last = now;
        for n in 0..10_000 {
            let before = asked.len();
            story.missing.credit = CREDIT_MOST;
            story.missing.ask(now + n * MS, Some(20 * MS), &mut asked);
            last = if asked.len() > before { now + n * MS } else { last };
        }
        assert!(asked.len() <= ASKED_MOST.into() && asked.len() > 20 && last - now <= AGE, "{} {:?}", asked.len(), last - now);
    }

    #[test]
    fn who_lies_about_what_it_sends_is_asked_no_more_than_it_has_paid_for() {
        let mut story = Story::new();
        story.runs(5, 20 * MS, |seq| seq % 2 == 0);
        for jump in [99, 100, 5000, 3_000_000_000_u64] {
            let (before, mut numbers) = (story.missing.credit as usize, Vec::new());
            for n in 0..1000 {
                story.seq += jump;
                story.missing.handle_arrival();
                story.missing.handle_packet(story.now, story.seq, Some(story.now), false);
                assert!(story.missing.lost.len() <= WINDOW as usize);
                assert!(story.missing.losses.finished(story.now + 1000 * MS).is_none_or(|sent| sent < 1_000_000));
                story.now += MS;
                story.missing.ask(story.now, Some(Duration::ZERO), &mut numbers);
                assert!(numbers.len() <= before + (n + 1) * CREDIT as usize, "{jump}: {}", numbers.len());
            }
        }
    }
}
