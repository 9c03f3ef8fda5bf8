//! What a packet costs, for who changes something here: `cargo test --release -p rtc-bwe --test cost -- --ignored --nocapture`.

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::Write as _;
use std::time::{Duration, Instant};

use rtc_bwe::{Class, Estimator, Feedback, Pacer, PacerSettings, Settings};

/// 2 Mbit/s for an hour: bursts of seven packets, and feedback after each three.
const BURSTS: u64 = 100_000;
const TOGETHER: u64 = 7;
const EVERY: u64 = 3;

#[test]
#[ignore = "measures, and judges nothing"]
fn nanoseconds_of_a_packet() {
    let start = Instant::now();
    let mut estimator = Estimator::new(start, Settings::default());
    let mut pacer = Pacer::<()>::new(start, PacerSettings::default());
    // Each in ns of one packet or entry. The middle one is told, as others use the machine as well.
    let (mut sending, mut hearing) = (Vec::new(), Vec::new());
    let mut number = 0u64;
    for burst in 0..BURSTS {
        let now = start + Duration::from_millis(33) * burst as u32;
        let (began, before) = (Instant::now(), number);
        for _ in 0..TOGETHER {
            let departure = match pacer.admit(now, Class::Picture, 1200) {
                Some(departure) => departure,
                None => {
                    let _ = pacer.push(now, Class::Picture, 1200, ());
                    continue;
                }
            };
            number += 1;
            estimator.sent(number, now, 1200, departure.probe);
        }
        // What had to wait for the burst before.
        let later = now + Duration::from_millis(16);
        while let Some(released) = pacer.poll(later) {
            number += 1;
            estimator.sent(number, later, 1200, released.probe);
        }
        sending.push(began.elapsed().as_nanos() as f64 / (number - before).max(1) as f64);
        if burst % EVERY == EVERY - 1 {
            let count = TOGETHER * EVERY;
            let report = report(number + 1 - count.min(number), count as u16, burst * 33);
            let began = Instant::now();
            let feedback = Feedback::parse(black_box(&report)).expect("it is well formed");
            estimator.handle_feedback(now + Duration::from_millis(32), &feedback);
            pacer.follow(now + Duration::from_millis(32), &mut estimator);
            hearing.push(began.elapsed().as_nanos() as f64 / count as f64);
        }
    }
    let mut text = String::new();
    let _ = writeln!(text, "a packet sent: {:.1} ns; an entry of feedback: {:.1} ns", middle(sending), middle(hearing));
    let _ = writeln!(
        text,
        "estimator: {} bytes and what was sent; pacer: {} bytes",
        size_of::<Estimator>(),
        size_of::<Pacer<()>>()
    );
    std::io::stdout().write_all(text.as_bytes()).expect("there is an output");
}

fn middle(mut times: Vec<f64>) -> f64 {
    times.sort_unstable_by(f64::total_cmp);
    times[times.len() / 2]
}

/// All of them arrived, 4 ms after each other.
fn report(first: u64, count: u16, at_ms: u64) -> Vec<u8> {
    let mut packet = vec![0x8f, 205, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2];
    packet.extend((first as u16).to_be_bytes());
    packet.extend(count.to_be_bytes());
    packet.extend(&((at_ms / 64) as u32).to_be_bytes()[1..]);
    packet.push(0);
    packet.extend((0x2000 | count).to_be_bytes());
    packet.extend(std::iter::repeat_n(16, usize::from(count)));
    packet.resize(packet.len().next_multiple_of(4), 0);
    let words = (packet.len() / 4 - 1) as u16;
    packet[2..4].copy_from_slice(&words.to_be_bytes());
    packet
}
