//! Stories of sound and picture of one person on one clock.

mod net;

use std::time::{Duration, Instant};

use net::{Net, Received, audio, big, camera, mic, ms, video};
use rtc_protocol::{Layer, SessionId};

/// By how much the slot says the packet was captured earlier than it was, in milliseconds.
fn delay(r: &Received) -> f64 {
    millis(r.packet.captured, r.rewrite.wallclock)
}

fn millis(a: Instant, b: Instant) -> f64 {
    if a >= b { (a - b).as_secs_f64() * 1e3 } else { -(b - a).as_secs_f64() * 1e3 }
}

/// A viewer with one pair goes from person to person; each has other delays of camera and microphone.
fn tour(net: &mut Net, people: &[SessionId], switches: usize, stay: Duration) -> SessionId {
    let viewer = net.enter(0, 1, 1);
    for (n, &who) in people.iter().enumerate() {
        net.show(who);
        net.speak(who, 30);
        net.stream(big(camera(who))).transit = ms([40, 180, 5, 90][n % 4]);
        net.stream(big(mic(who))).transit = ms([10, 35, 120, 5][n % 4]);
    }
    for n in 0..=switches {
        let who = people[n % people.len()];
        if n > 0 {
            let before = people[(n - 1) % people.len()];
            net.unhear(viewer, before);
            net.unview(viewer, camera(before));
        }
        net.hear(viewer, who);
        net.view(viewer, camera(who), Layer::Big);
        net.run(stay);
    }
    viewer
}

#[test]
fn sound_and_picture_stay_together_over_ten_switches() {
    let mut net = Net::new(2);
    let people: Vec<_> = (0..4).map(|n| net.enter(n % 2, 0, 0)).collect();
    let viewer = tour(&mut net, &people, 10, ms(2013));
    let (sound, picture) = (net.received_in(viewer, audio(0)), net.received_in(viewer, video(0)));
    let mut compared = 0;
    for p in &picture {
        let who = p.packet.layer.source.publisher;
        // A second after the switch, the packet of the same person's sound that was sent nearest before.
        let since = picture.iter().rfind(|o| o.at < p.at && o.packet.layer.source.publisher != who).map_or(net.start, |o| o.at);
        if p.at - since < ms(1000) {
            continue;
        }
        let s = sound.iter().rfind(|s| s.at <= p.at).expect("there is sound");
        assert_eq!(s.packet.layer.source.publisher, who);
        let apart = (delay(p) - delay(s)).abs();
        assert!(apart < 5.0, "{apart} ms apart at {:?}", p.at - net.start);
        compared += 1;
    }
    assert!(compared > 500);
}

#[test]
fn even_right_after_a_switch_sound_and_picture_are_never_far_apart_with_ordinary_delays() {
    let mut net = Net::new(1);
    let people: Vec<_> = (0..3).map(|_| net.enter(0, 0, 0)).collect();
    let viewer = net.enter(0, 1, 1);
    for (n, &who) in people.iter().enumerate() {
        net.show(who);
        net.speak(who, 30);
        net.stream(big(camera(who))).transit = ms([30, 45, 40][n]);
        net.stream(big(mic(who))).transit = ms([20, 25, 30][n]);
    }
    for n in 0..12 {
        if n > 0 {
            net.unhear(viewer, people[(n - 1) % 3]);
            net.unview(viewer, camera(people[(n - 1) % 3]));
        }
        net.hear(viewer, people[n % 3]);
        net.view(viewer, camera(people[n % 3]), Layer::Big);
        net.run(ms(1007));
    }
    let sound = net.received_in(viewer, audio(0));
    for p in net.received_in(viewer, video(0)) {
        let who = p.packet.layer.source.publisher;
        let Some(s) = sound.iter().rfind(|s| s.at <= p.at && s.packet.layer.source.publisher == who) else { continue };
        let apart = (delay(&p) - delay(s)).abs();
        assert!(apart < 40.0, "{apart} ms apart at {:?}", p.at - net.start);
    }
}

#[test]
fn what_sender_reports_say_of_a_slot_does_not_jump_at_a_switch() {
    let mut net = Net::new(2);
    let people: Vec<_> = (0..4).map(|n| net.enter(n % 2, 0, 0)).collect();
    let viewer = tour(&mut net, &people, 40, ms(517));
    for (slot, rate) in [(audio(0), 48_000.0), (video(0), 90_000.0)] {
        let got = net.received_in(viewer, slot);
        let line = |r: &Received| millis(r.rewrite.wallclock, net.start) - r.rewrite.time as f64 / rate * 1e3;
        let first = line(&got[0]);
        for r in &got {
            assert!((line(r) - first).abs() < 1.0, "{slot:?} is off by {} ms", line(r) - first);
            assert!(r.rewrite.wallclock <= r.at, "a report about the future cannot be made");
        }
    }
}

#[test]
fn a_jitter_buffer_hardly_notices_switches_of_sound() {
    let mut net = Net::new(2);
    let people: Vec<_> = (0..4).map(|n| net.enter(n % 2, 0, 0)).collect();
    let viewer = tour(&mut net, &people, 60, ms(333));
    let got = net.received_in(viewer, audio(0));
    // How far RTP time is ahead of the arrivals: only the phase of the packets may show, and it must not add up.
    let ahead = |r: &Received| r.rewrite.time as f64 / 48.0 - millis(r.at, net.start);
    let first = ahead(&got[0]);
    for w in got.windows(2) {
        assert_eq!((w[1].rewrite.time - w[0].rewrite.time) % 960, 0);
        assert!(w[1].rewrite.time > w[0].rewrite.time);
        assert!((ahead(&w[1]) - first).abs() <= 21.0, "{} ms", ahead(&w[1]) - first);
    }
}

#[test]
fn a_voice_that_joins_a_running_picture_pulls_it_into_sync() {
    let mut net = Net::new(1);
    let (viewer, anna, bert) = (net.enter(0, 1, 1), net.enter(0, 0, 0), net.enter(0, 0, 0));
    for who in [anna, bert] {
        net.speak(who, 30);
        net.show(who);
    }
    net.stream(big(mic(bert))).transit = ms(100);
    net.stream(big(camera(bert))).transit = ms(60);
    net.hear(viewer, anna);
    net.view(viewer, camera(bert), Layer::Big);
    net.run(ms(1000));
    net.unhear(viewer, anna);
    net.hear(viewer, bert);
    net.run(ms(1000));
    let last = |slot| *net.received_in(viewer, slot).last().expect("it flows");
    assert!((delay(&last(video(0))) - delay(&last(audio(0)))).abs() < 5.0);
    let got = net.received_in(viewer, video(0));
    let frames: Vec<u64> = got.iter().filter(|r| r.packet.marker).map(|r| r.rewrite.time).collect();
    assert!(frames.windows(2).all(|w| w[1] > w[0]));
    assert!(frames.windows(2).all(|w| (3500..=5500).contains(&(w[1] - w[0]))), "by little steps");
}

#[test]
fn a_sender_report_that_lies_about_time_does_not_move_the_slot() {
    let mut net = Net::new(1);
    let (viewer, anna, bert) = (net.enter(0, 1, 1), net.enter(0, 0, 0), net.enter(0, 0, 0));
    net.publish(camera(anna), rtc_protocol::TrackState::On);
    net.show(bert);
    net.view(viewer, camera(bert), Layer::Big);
    net.run(ms(500));
    net.unview(viewer, camera(bert));
    net.view(viewer, camera(anna), Layer::Big);
    let before = *net.received_in(viewer, video(0)).last().expect("it flows");
    let mut lie = before.packet;
    lie.layer = big(camera(anna));
    lie.ssrc = 5;
    lie.keyframe = true;
    lie.captured = net.now + Duration::from_secs(1_000_000);
    net.deliver(&lie);
    lie.seq += 1;
    lie.captured = net.start - Duration::from_secs(3000);
    net.deliver(&lie);
    for r in net.received_in(viewer, video(0)).iter().rev().take(2) {
        assert!(r.rewrite.time - before.rewrite.time < 90_000);
        assert!(r.rewrite.wallclock <= r.at && r.at - r.rewrite.wallclock < Duration::from_secs(4));
    }
}
