//! What estimating costs a packet, for who changes something here:
//! `cargo test --release -p rtc-egress cost -- --ignored --nocapture`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;

use super::tests::{Story, arrivals};
use super::*;

/// As many as make their memory a cache's, and pictures of five packets with reports on them as browsers send them at most.
const VIEWERS: usize = 200;
const PICTURES: u32 = 400;
const PACKETS: u32 = 5;
const EVERY: Duration = Duration::from_millis(33);
const REPORTED: Duration = Duration::from_millis(50);

#[derive(Default)]
struct Batch(Vec<u8>);

impl Sink for Batch {
    fn room(&mut self, _: usize) -> &mut Vec<u8> {
        if self.0.len() > 60_000 {
            self.0.clear();
        }
        &mut self.0
    }
}

#[test]
#[ignore = "measures, and judges nothing"]
fn nanoseconds_of_a_packet() {
    let mut text = String::new();
    for estimating in [false, true, false, true] {
        let [sending, hearing] = cost(estimating);
        let _ = writeln!(text, "estimating {estimating}: {sending:.0} ns to send a packet, {hearing:.0} to hear of it");
    }
    std::io::stdout().write_all(text.as_bytes()).expect("there is an output");
}

/// Of sending and of hearing, for each packet.
fn cost(estimating: bool) -> [f64; 2] {
    let mut viewers: Vec<Story> = (0..VIEWERS).map(|_| Story::new(estimating)).collect();
    let payload: Arc<[u8]> = vec![7; 1150].into();
    let mut out = Batch::default();
    let (mut sending, mut hearing) = (Duration::ZERO, Duration::ZERO);
    // The next number to be reported on, and when those after it were sent.
    let mut unreported: Vec<(u16, Vec<u64>)> = vec![(0, Vec::new()); VIEWERS];
    let (mut now, mut next_report) = (viewers[0].now, viewers[0].now + REPORTED);
    let began = now;
    for picture in 0..PICTURES {
        now += EVERY;
        let start = Instant::now();
        for packet in 0..PACKETS {
            let seq = u64::from(picture * PACKETS + packet);
            for viewer in &mut viewers {
                viewer.now = now;
                let _ = viewer.egress.write(0, viewer.outgoing(0, seq, payload.clone()));
            }
        }
        for viewer in &mut viewers {
            if viewer.egress.wants_to_send(now) {
                viewer.egress.send(now, &mut out);
            }
            while viewer.egress.poll_event().is_some() {}
            std::hint::black_box(viewer.egress.poll_timeout());
        }
        sending += start.elapsed();
        let ticks = (now - began).as_micros() as u64 / 250;
        for (viewer, (first, times)) in viewers.iter().zip(&mut unreported) {
            let sent = (viewer.egress.transport_seq as u16).wrapping_sub(*first);
            times.resize(usize::from(sent), ticks);
        }
        if !estimating || now < next_report {
            continue;
        }
        next_report += REPORTED;
        let report = |(viewer, (first, times)): (&mut Story, &mut (u16, Vec<u64>))| {
            let mut report = arrivals(*first, times);
            *first = first.wrapping_add(times.len() as u16);
            times.clear();
            viewer.viewer.seal_rtcp(&mut report, 0).expect("sealed");
            report
        };
        let reports: Vec<Vec<u8>> = viewers.iter_mut().zip(&mut unreported).map(report).collect();
        let start = Instant::now();
        for (viewer, report) in viewers.iter_mut().zip(&reports) {
            assert_eq!(viewer.egress.handle_rtcp(now, report), Taken::Whole);
            while viewer.egress.poll_event().is_some() {}
            std::hint::black_box(viewer.egress.poll_timeout());
        }
        hearing += start.elapsed();
    }
    let packets = f64::from(PICTURES * PACKETS) * VIEWERS as f64;
    [sending, hearing].map(|time| time.as_nanos() as f64 / packets)
}
