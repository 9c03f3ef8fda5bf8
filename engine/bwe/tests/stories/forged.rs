//! Reports that are wrong, by mistake or on purpose.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use rtc_bwe::{Estimator, Feedback, ProbeId, Settings};

use crate::world::{ms, write};

/// An estimator that has sent a packet of 1000 bytes each 8 ms for three seconds: 1 Mbit/s.
struct Liar {
    estimator: Estimator,
    start: Instant,
    now: Instant,
    number: u64,
}

impl Liar {
    fn new() -> Self {
        let start = Instant::now();
        Self { estimator: Estimator::new(start, Settings::default()), start, now: start, number: 1_000_000 }
    }

    fn send(&mut self, packets: u64) {
        for _ in 0..packets {
            self.now += ms(8);
            self.number += 1;
            let probe: Option<ProbeId> = self.estimator.poll_probe(self.now).map(|probe| probe.id);
            self.estimator.sent(self.number, self.now, 1000, probe);
            if self.estimator.poll_timeout().is_some_and(|due| due <= self.now) {
                self.estimator.handle_timeout(self.now);
            }
        }
    }

    fn tell(&mut self, report: &[u8]) {
        let feedback = Feedback::parse(report).expect("it is well formed");
        self.estimator.handle_feedback(self.now, &feedback);
    }

    /// Honest reports for so many packets, whose arrivals are moved by the liar.
    fn report(&mut self, packets: u64, arrival: impl Fn(u64, Instant) -> Instant) {
        self.send(packets);
        let first = self.number - packets + 1;
        let arrived: Vec<_> = (0..packets).map(|n| (first + n, arrival(n, self.now - ms(8 * (packets - 1 - n))))).collect();
        self.tell(&write(self.start, first, self.number, 0, &arrived));
    }
}

#[test]
fn packets_that_were_never_sent_change_nothing() {
    let mut liar = Liar::new();
    for _ in 0..40 {
        liar.report(10, |_, at| at + ms(30));
    }
    let before = liar.estimator.estimate();
    for n in 0..1000 {
        let first = liar.number + 1 + n * 50;
        let arrived: Vec<_> = (first..first + 50).map(|number| (number, liar.now)).collect();
        liar.tell(&write(liar.start, first, first + 49, 0, &arrived));
    }
    assert_eq!(liar.estimator.estimate(), before);
}

#[test]
fn saying_the_same_again_changes_nothing() {
    let mut liar = Liar::new();
    for _ in 0..40 {
        liar.report(10, |_, at| at + ms(30));
    }
    let before = liar.estimator.estimate();
    let arrived: Vec<_> = (0..10).map(|n| (liar.number - 9 + n, liar.now)).collect();
    let again = write(liar.start, liar.number - 9, liar.number, 0, &arrived);
    for _ in 0..1000 {
        liar.tell(&again);
    }
    assert_eq!(liar.estimator.estimate(), before);
}

#[test]
fn a_clock_that_jumps_does_not_make_the_estimate_jump() {
    let mut liar = Liar::new();
    for round in 0..200u64 {
        let jump = if round % 7 == 6 { Duration::from_secs(round * 1000) } else { Duration::ZERO };
        liar.report(10, |_, at| at + ms(30) + jump);
    }
    let estimate = liar.estimator.estimate().expect("there is one");
    assert!((500_000..2_800_000).contains(&estimate), "{estimate}");
}

#[test]
fn who_says_that_ever_more_is_lost_breaks_nothing() {
    let mut liar = Liar::new();
    for round in 0..3000u64 {
        // Trial after trial, each of which is said to have helped.
        let lost = if round % 25 < 5 { 2 } else { 1000 };
        liar.send(25);
        let first = liar.number - 24;
        let arrived: Vec<_> = (0..25).filter(|n| n % lost != 1).map(|n| (first + n, liar.now - ms(8 * (24 - n)))).collect();
        liar.tell(&write(liar.start, first, liar.number, 0, &arrived));
    }
    let estimate = liar.estimator.estimate().expect("there is one");
    assert!((30_000..2_800_000).contains(&estimate), "{estimate}");
}

#[test]
fn who_says_that_all_came_at_once_is_given_no_more_than_was_sent_proves() {
    let mut liar = Liar::new();
    let start = liar.start;
    for _ in 0..400 {
        liar.report(10, |_, _| start + ms(30));
    }
    // One and a half times of what was sent, as ever.
    let estimate = liar.estimator.estimate().expect("there is one");
    assert!(estimate < 1_700_000, "{estimate}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn nothing_that_is_said_breaks_anything(
        reports in prop::collection::vec((any::<u16>(), 1..400u16, any::<u32>(), prop::collection::vec(any::<u8>(), 0..1200), 0..40u64), 1..60),
    ) {
        let mut liar = Liar::new();
        for (first, count, reference, body, sends) in reports {
            liar.send(sends);
            let mut packet = vec![0x8f, 205, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2];
            // Half of them are about what was sent.
            let first = if first % 2 == 0 { first } else { (liar.number as u16).wrapping_sub(first % 400) };
            packet.extend(first.to_be_bytes());
            packet.extend(count.to_be_bytes());
            packet.extend(reference.to_be_bytes());
            packet.extend(&body);
            packet.resize(packet.len().next_multiple_of(4), 0);
            let words = (packet.len() / 4 - 1) as u16;
            packet[2..4].copy_from_slice(&words.to_be_bytes());
            if let Ok(feedback) = Feedback::parse(&packet) {
                liar.estimator.handle_feedback(liar.now, &feedback);
            }
            let settings = Settings::default();
            if let Some(estimate) = liar.estimator.estimate() {
                prop_assert!((settings.floor..settings.goal * 2).contains(&estimate), "{}", estimate);
            }
        }
    }
}
