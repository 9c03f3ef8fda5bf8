//! A network test over real sockets: whatever shard its datagrams land on, the figures are those of the network.

use std::net::UdpSocket;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use rtc_net::{Media, MediaConfig};
use rtc_probe::{Meter, Outcome, Token};

const PATIENCE: Duration = Duration::from_secs(60);

fn media() -> Media {
    let listen = ([127, 0, 0, 1], 0).into();
    Media::start(MediaConfig { listen, shards: 3, ..MediaConfig::default() }, |_| {}).expect("media")
}

/// Runs a test as a client does.
fn probe(media: &Media, up_kbps: u32, down_kbps: u32) -> Outcome {
    let (token, key) = media.begin_probe(down_kbps, Duration::from_secs(15));
    let socket = UdpSocket::bind("127.0.0.1:0").expect("loopback");
    socket.connect(media.advertised()[0]).expect("an address");
    let start = Instant::now();
    let mut meter = Meter::new(start, token, key, up_kbps, down_kbps);
    let mut buffer = [0; 1500];
    while !meter.is_over() {
        assert!(start.elapsed() < PATIENCE, "it does not end");
        while let Some(bytes) = meter.poll_transmit() {
            // What the kernel does not take is lost, as on any network.
            let _ = socket.send(&bytes);
        }
        let wait = meter.poll_timeout().map_or(Duration::ZERO, |at| at.saturating_duration_since(Instant::now()));
        socket.set_read_timeout(Some(wait.max(Duration::from_millis(1)))).expect("a timeout");
        if let Ok(length) = socket.recv(&mut buffer) {
            meter.handle_datagram(Instant::now(), &buffer[..length]);
        }
        meter.handle_timeout(Instant::now());
    }
    let (tell, told) = channel();
    media.end_probe(token, move |findings| drop(tell.send(findings)));
    let findings = told.recv_timeout(PATIENCE).expect("an answer").expect("the test is there");
    meter.outcome(&findings)
}

#[test]
fn loopback_answers_and_takes_what_it_is_given() {
    let media = media();
    let outcome = probe(&media, 500, 500);
    assert!(outcome.success && outcome.quality < 6, "{outcome:?}");
    assert_eq!(outcome.address, "127.0.0.1");
    assert!(outcome.up_kbps > 0 && outcome.down_kbps > 0, "{outcome:?}");
    assert_eq!(media.stats_now().total().drops.probe_refused, 0);
}

#[test]
fn what_is_of_no_test_is_passed_to_no_other_shard() {
    let media = media();
    let (token, key) = media.begin_probe(0, Duration::from_secs(15));
    // From many addresses, so that some land on a shard which has not got the test.
    let sockets: Vec<UdpSocket> = (0..32).map(|_| UdpSocket::bind("127.0.0.1:0").expect("loopback")).collect();
    for (shard, socket) in sockets.iter().enumerate() {
        let nobodys = Token::new(4711, (shard % 3) as u8);
        let echo = Meter::new(Instant::now(), nobodys, key.clone(), 0, 0).poll_transmit().expect("an echo");
        socket.send_to(&echo, media.advertised()[0]).expect("sent");
    }
    let start = Instant::now();
    while media.stats_now().total().drops.probe_refused < 32 {
        assert!(start.elapsed() < PATIENCE, "they are counted");
    }
    assert_eq!(media.stats_now().total().counts.datagrams_passed, 0);

    for socket in &sockets {
        let echo = Meter::new(Instant::now(), token, key.clone(), 0, 0).poll_transmit().expect("an echo");
        socket.send_to(&echo, media.advertised()[0]).expect("sent");
    }
    while media.stats_now().total().counts.datagrams_out < 32 {
        assert!(start.elapsed() < PATIENCE, "they are answered");
    }
    assert!(media.stats_now().total().counts.datagrams_passed > 0, "on whatever shard they landed");
}

#[test]
fn a_test_that_has_ended_is_no_more() {
    let media = media();
    let (token, key) = media.begin_probe(0, Duration::from_secs(15));
    let (tell, told) = channel();
    for _ in 0..2 {
        let tell = tell.clone();
        media.end_probe(token, move |findings| {
            let _ = tell.send(findings.is_some());
        });
    }
    assert_eq!(told.iter().take(2).collect::<Vec<_>>(), [true, false]);

    let socket = UdpSocket::bind("127.0.0.1:0").expect("loopback");
    let echo = Meter::new(Instant::now(), token, key, 0, 0).poll_transmit().expect("an echo");
    socket.send_to(&echo, media.advertised()[0]).expect("sent");
    socket.send_to(&[12; 30], media.advertised()[0]).expect("sent");
    let start = Instant::now();
    while media.stats_now().total().drops.probe_refused < 2 {
        assert!(start.elapsed() < PATIENCE, "they are counted");
    }
    assert_eq!(media.stats_now().total().counts.datagrams_out, 0, "and not answered");
}
