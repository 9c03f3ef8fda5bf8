//! A test from end to end, over a network that is made of a queue.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use rtc_probe::{Key, Meter, Outcome, Probes, Refused, TRAIN, TRAIN_BYTES, Terms, Token};

const MS: Duration = Duration::from_millis(1);

/// A client, an engine, and what lies between them.
struct Network {
    start: Instant,
    now: Instant,
    engine: Probes,
    meter: Meter,
    token: Token,
    delay: Duration,
    /// Of each way, one in so many is lost; 0 is none.
    lost_up: u32,
    lost_down: u32,
    /// Kilobits a second the way up lets through; beyond that datagrams are lost.
    narrow: Option<u32>,
    counts: [u32; 2],
    passed: u64,
    /// What is on its way, by when it arrives: up, or down.
    flying: BTreeMap<(Instant, u64), (bool, Vec<u8>)>,
    sent_down: u64,
    received_up: u64,
}

fn here() -> SocketAddr {
    SocketAddr::from(([192, 0, 2, 7], 4000))
}

fn terms(now: Instant, down_kbps: u32) -> Terms {
    Terms { key: Key([1; 32]), secret: Key([2; 32]), down_kbps, until: now + Duration::from_secs(15) }
}

impl Network {
    fn new(up_kbps: u32, down_kbps: u32) -> Self {
        let now = Instant::now();
        let (mut engine, token) = (Probes::new(now), Token::new(77, 3));
        engine.handle_begin(token, terms(now, down_kbps));
        Self {
            start: now,
            now,
            engine,
            meter: Meter::new(now, token, Key([1; 32]), up_kbps, down_kbps),
            token,
            delay: 20 * MS,
            lost_up: 0,
            lost_down: 0,
            narrow: None,
            counts: [0; 2],
            passed: 0,
            flying: BTreeMap::new(),
            sent_down: 0,
            received_up: 0,
        }
    }

    fn run(mut self) -> (Outcome, Self) {
        while !self.meter.is_over() {
            self.turn();
        }
        let findings = self.engine.handle_end(self.token).expect("the test is there");
        (self.meter.outcome(&findings), self)
    }

    fn turn(&mut self) {
        while let Some(bytes) = self.meter.poll_transmit() {
            self.send(true, bytes);
        }
        while let Some(transmit) = self.engine.poll_transmit() {
            assert_eq!(transmit.to, here());
            self.sent_down += transmit.bytes.len() as u64;
            self.send(false, transmit.bytes);
        }
        let arrives = self.flying.keys().next().map(|(at, _)| *at);
        let next = [arrives, self.meter.poll_timeout(), self.engine.poll_timeout()].into_iter().flatten().min();
        self.now = next.expect("something is to come").max(self.now);
        if let Some(entry) = self.flying.first_entry().filter(|entry| entry.key().0 <= self.now) {
            match entry.remove() {
                (true, bytes) => {
                    self.received_up += bytes.len() as u64;
                    self.engine.handle_datagram(self.now, here(), None, &bytes).expect("an honest datagram");
                }
                (false, bytes) => self.meter.handle_datagram(self.now, &bytes),
            }
        }
        self.engine.handle_timeout(self.now);
        self.meter.handle_timeout(self.now);
    }

    fn send(&mut self, up: bool, bytes: Vec<u8>) {
        let (count, lost) = if up { (&mut self.counts[0], self.lost_up) } else { (&mut self.counts[1], self.lost_down) };
        *count += 1;
        if lost != 0 && *count % lost == 0 {
            return;
        }
        if let Some(kbps) = self.narrow.filter(|_| up && bytes.len() == TRAIN_BYTES) {
            let allowed = u64::from(kbps) * self.now.duration_since(self.start).as_micros() as u64 / 8_000;
            self.passed = self.passed.max(allowed.saturating_sub(4 * TRAIN_BYTES as u64));
            if self.passed + bytes.len() as u64 > allowed {
                return;
            }
            self.passed += bytes.len() as u64;
        }
        let number = u64::from(self.counts[0]) << 32 | u64::from(self.counts[1]);
        self.flying.insert((self.now + self.delay, number << 1 | u64::from(up)), (up, bytes));
    }

    fn took(&self) -> Duration {
        self.now - self.start
    }
}

#[test]
fn a_good_network_is_excellent_and_takes_what_was_asked_of_it() {
    let (outcome, network) = Network::new(1000, 2000).run();
    assert!(outcome.success);
    assert_eq!((outcome.quality, outcome.rtt_ms, outcome.address.as_str()), (1, 40, "192.0.2.7"));
    assert_eq!((outcome.up_lost, outcome.down_lost), (0.0, 0.0));
    assert_eq!((outcome.up_jitter_ms, outcome.down_jitter_ms), (0, 0));
    assert!((900..=1100).contains(&outcome.up_kbps), "{}", outcome.up_kbps);
    assert!((1800..=2200).contains(&outcome.down_kbps), "{}", outcome.down_kbps);
    assert!(network.took() < Duration::from_secs(10), "{:?}", network.took());
}

#[test]
fn without_rates_only_the_delay_is_tried() {
    let (outcome, network) = Network::new(0, 0).run();
    assert_eq!((outcome.quality, outcome.up_kbps, outcome.down_kbps), (1, 0, 0));
    assert!(network.took() < Duration::from_secs(2));
}

#[test]
fn the_ways_are_told_apart() {
    let mut network = Network::new(0, 0);
    network.lost_up = 10;
    network.delay = 120 * MS;
    let (outcome, _) = network.run();
    assert!((0.09..0.11).contains(&outcome.up_lost), "{}", outcome.up_lost);
    assert_eq!((outcome.down_lost, outcome.rtt_ms, outcome.quality), (0.0, 240, 4));

    let mut network = Network::new(0, 500);
    network.lost_down = 4;
    let (outcome, _) = network.run();
    assert_eq!(outcome.up_lost, 0.0);
    assert!((0.2..0.3).contains(&outcome.down_lost), "{}", outcome.down_lost);
    assert!((300..450).contains(&outcome.down_kbps), "a quarter of the train is missing: {}", outcome.down_kbps);
    assert_eq!(outcome.quality, 5);
}

#[test]
fn a_narrow_way_up_shows() {
    let mut network = Network::new(2000, 0);
    network.narrow = Some(500);
    let (outcome, _) = network.run();
    assert!((400..700).contains(&outcome.up_kbps), "{}", outcome.up_kbps);
}

#[test]
fn where_nothing_comes_back_the_network_is_down_and_no_train_is_sent() {
    let mut network = Network::new(1000, 1000);
    network.lost_down = 1;
    let (outcome, network) = network.run();
    assert_eq!((outcome.success, outcome.quality), (false, 6));
    assert!(network.took() < Duration::from_secs(3));
    assert!(network.received_up < 10_000, "who hears nothing sends no train");
}

#[test]
fn the_engine_sends_no_more_than_it_was_allowed_and_only_once() {
    let (_, network) = Network::new(0, 5000).run();
    let train = 5000 * TRAIN.as_millis() as u64 / 8;
    assert!(network.sent_down > train * 9 / 10, "{} of {train}", network.sent_down);
    assert!(network.sent_down < train + 10_000, "{} of {train}", network.sent_down);
}

/// The first datagram of a client, as an attacker may have it.
fn first(now: Instant, token: Token, key: Key) -> Vec<u8> {
    Meter::new(now, token, key, 0, 1000).poll_transmit().expect("an echo")
}

#[test]
fn who_has_no_key_or_no_test_gets_nothing() {
    let now = Instant::now();
    let token = Token::new(77, 3);
    let mut engine = Probes::new(now);
    engine.handle_begin(token, terms(now, 1000));
    let mut refused = |bytes: &[u8]| engine.handle_datagram(now, here(), None, bytes).expect_err("refused");
    assert_eq!(refused(&first(now, token, Key([9; 32]))), Refused::Forged);
    assert_eq!(refused(&first(now, Token::new(78, 3), Key([1; 32]))), Refused::Unknown);
    assert_eq!(refused(&[12; 20]), Refused::Forged);
    assert_eq!(engine.poll_transmit(), None);
}

#[test]
fn an_answer_is_no_longer_than_its_question_and_their_number_is_bounded() {
    let now = Instant::now();
    let token = Token::new(77, 3);
    let mut engine = Probes::new(now);
    engine.handle_begin(token, terms(now, 1000));
    let echo = first(now, token, Key([1; 32]));
    let answered = (0..1000).filter(|_| engine.handle_datagram(now, here(), None, &echo).is_ok()).count();
    assert_eq!(answered, 100);
    assert_eq!(engine.handle_datagram(now, here(), None, &echo), Err(Refused::Spent));
    let mut answers = 0;
    while let Some(transmit) = engine.poll_transmit() {
        assert!(transmit.bytes.len() <= echo.len());
        answers += 1;
    }
    assert_eq!(answers, 100);
}

#[test]
fn a_train_does_not_go_to_an_address_that_has_not_shown_its_cookie() {
    let mut network = Network::new(0, 1000);
    // What the client says from its own address is replayed by somebody who pretends to be another.
    let victim = SocketAddr::from(([198, 51, 100, 1], 53));
    let local: Option<IpAddr> = None;
    let mut unproved = 0;
    while !network.meter.is_over() {
        let said: Vec<Vec<u8>> = std::iter::from_fn(|| network.meter.poll_transmit()).collect();
        for bytes in said {
            unproved +=
                usize::from(network.engine.handle_datagram(network.now, victim, local, &bytes) == Err(Refused::Unproved));
            while let Some(transmit) = network.engine.poll_transmit() {
                assert!(transmit.bytes.len() < TRAIN_BYTES, "a train to the victim");
            }
            network.send(true, bytes);
        }
        if let Some(at) = network.meter.poll_timeout() {
            network.now = network.now.max(at);
        }
        for ((_, _), (up, bytes)) in std::mem::take(&mut network.flying) {
            if up {
                network.engine.handle_datagram(network.now, here(), None, &bytes).expect("the client's own");
            }
        }
        while let Some(transmit) = network.engine.poll_transmit() {
            network.meter.handle_datagram(network.now, &transmit.bytes);
        }
        network.engine.handle_timeout(network.now);
        network.meter.handle_timeout(network.now);
    }
    assert!(unproved > 0, "the wish for a train was replayed");
}

#[test]
fn a_test_ends_with_its_time() {
    let now = Instant::now();
    let token = Token::new(77, 3);
    let mut engine = Probes::new(now);
    engine.handle_begin(token, terms(now, 1000));
    let end = engine.poll_timeout().expect("its end");
    assert_eq!(end, now + Duration::from_secs(15));
    let echo = first(now, token, Key([1; 32]));
    assert_eq!(engine.handle_datagram(end, here(), None, &echo), Err(Refused::Unknown));
    engine.handle_timeout(end);
    assert_eq!((engine.handle_end(token), engine.poll_timeout()), (None, None));
}
