//! The engine's end of tests: answers echoes, counts trains, sends trains to those who have shown that they are where they
//! say.

use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use rtc_protocol::{ProbeFindings, ProbeTrain};

use crate::datagram::{Datagram, HEADER, Kind};
use crate::jitter::Jitter;
use crate::{ECHOES, Key, TRAIN, TRAIN_BYTES, Token};

/// Echoes answered in a test, at most. Twice what an honest client sends.
const ANSWERED: u32 = 2 * ECHOES;
/// How often a train is moved on.
const TICK: Duration = Duration::from_millis(5);

/// What a test may do.
#[derive(Debug, Clone)]
pub struct Terms {
    /// Signs its datagrams.
    pub key: Key,
    /// Makes its cookies; the client does not know it.
    pub secret: Key,
    /// The rate of the train on the way down, kilobits a second. 0 is none.
    pub down_kbps: u32,
    /// When it is over.
    pub until: Instant,
}

/// A datagram to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transmit {
    /// Where to.
    pub to: SocketAddr,
    /// The address of ours the client knows.
    pub from: Option<IpAddr>,
    /// What.
    pub bytes: Vec<u8>,
}

/// Why nothing comes of a datagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// There is no such test, or it is over.
    Unknown,
    /// It is malformed, not signed with the key of its test, or not for an engine.
    Forged,
    /// It has no right cookie for its address.
    Unproved,
    /// The test has had all it may have of this.
    Spent,
}

/// The tests of one shard. After any `handle_*`, take what [`Probes::poll_transmit`] has.
#[derive(Debug)]
pub struct Probes {
    began: Instant,
    tests: BTreeMap<Token, Test>,
    transmits: VecDeque<Transmit>,
}

#[derive(Debug)]
struct Test {
    terms: Terms,
    findings: ProbeFindings,
    jitter: Jitter,
    up_began: Option<Instant>,
    train: Option<Train>,
}

/// A train on its way down.
#[derive(Debug)]
struct Train {
    to: SocketAddr,
    from: Option<IpAddr>,
    began: Instant,
    next: Option<Instant>,
}

impl Probes {
    /// No tests; `now` is where its clock begins.
    pub fn new(now: Instant) -> Self {
        Self { began: now, tests: BTreeMap::new(), transmits: VecDeque::new() }
    }

    /// Expects datagrams of a test.
    pub fn handle_begin(&mut self, token: Token, terms: Terms) {
        let findings = ProbeFindings::default();
        self.tests.insert(token, Test { terms, findings, jitter: Jitter::default(), up_began: None, train: None });
    }

    /// Ends a test, and says what was found; nothing if it was over.
    pub fn handle_end(&mut self, token: Token) -> Option<ProbeFindings> {
        self.tests.remove(&token).map(|test| test.findings)
    }

    /// A datagram that [`crate::glance`] says is one; `local_ip` is the address it was sent to.
    pub fn handle_datagram(
        &mut self,
        now: Instant,
        source: SocketAddr,
        local_ip: Option<IpAddr>,
        bytes: &[u8],
    ) -> Result<(), Refused> {
        let clock = self.clock_us(now);
        let token = crate::glance(bytes).ok_or(Refused::Forged)?;
        let test = self.tests.get_mut(&token).filter(|test| now < test.terms.until).ok_or(Refused::Unknown)?;
        let datagram = Datagram::read(bytes, &test.terms.key).ok_or(Refused::Forged)?;
        let cookie = cookie(&test.terms.secret, source);
        match datagram.kind {
            Kind::Echo => {
                if test.findings.echoes >= ANSWERED {
                    return Err(Refused::Spent);
                }
                test.findings.echoes += 1;
                test.findings.address = source.ip().to_canonical().to_string();
                test.jitter.observe(datagram.sent_us, clock);
                test.findings.up_jitter_ms = test.jitter.ms();
                let answer = Datagram { kind: Kind::Answer, sent_us: clock, echoed_us: datagram.sent_us, cookie, ..datagram };
                // As long as the shortest question there is.
                let bytes = answer.write(&test.terms.key, HEADER);
                self.transmits.push_back(Transmit { to: source, from: local_ip, bytes });
            }
            Kind::Up => test.count_up(now, bytes.len()),
            Kind::Want => {
                if datagram.cookie != cookie {
                    return Err(Refused::Unproved);
                }
                // Asking again is how a client whose question was lost goes on; the train leaves once.
                if test.terms.down_kbps != 0 && test.train.is_none() {
                    test.train = Some(Train { to: source, from: local_ip, began: now, next: Some(now) });
                    self.run_trains(now);
                }
            }
            Kind::Answer | Kind::Down => return Err(Refused::Forged),
        }
        Ok(())
    }

    /// Time has passed: trains move on, and tests that are over are forgotten.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.tests.retain(|_, test| now < test.terms.until);
        self.run_trains(now);
    }

    /// When [`Probes::handle_timeout`] has something to do next.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let next = |test: &Test| test.train.as_ref().and_then(|train| train.next).unwrap_or(test.terms.until);
        self.tests.values().map(next).min()
    }

    /// The next datagram to send.
    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        self.transmits.pop_front()
    }

    fn run_trains(&mut self, now: Instant) {
        let clock = self.clock_us(now);
        for (token, test) in &mut self.tests {
            let Test { terms, findings: ProbeFindings { down, .. }, train, .. } = test;
            let Some(train) = train.as_mut().filter(|train| train.next.is_some_and(|next| next <= now)) else { continue };
            let elapsed = now.saturating_duration_since(train.began);
            let due = due_bytes(terms.down_kbps, elapsed.min(TRAIN));
            while down.bytes + TRAIN_BYTES as u64 <= due {
                let datagram = Datagram {
                    kind: Kind::Down,
                    token: *token,
                    number: down.datagrams,
                    sent_us: clock,
                    echoed_us: 0,
                    cookie: [0; 8],
                };
                let bytes = datagram.write(&terms.key, TRAIN_BYTES);
                self.transmits.push_back(Transmit { to: train.to, from: train.from, bytes });
                down.datagrams += 1;
                down.bytes += TRAIN_BYTES as u64;
                down.span_us = elapsed.as_micros() as u64;
            }
            train.next = (elapsed < TRAIN).then(|| now + TICK);
        }
    }

    fn clock_us(&self, now: Instant) -> u64 {
        now.saturating_duration_since(self.began).as_micros() as u64
    }
}

impl Test {
    fn count_up(&mut self, now: Instant, bytes: usize) {
        let began = *self.up_began.get_or_insert(now);
        let up: &mut ProbeTrain = &mut self.findings.up;
        up.datagrams = up.datagrams.saturating_add(1);
        up.bytes += bytes as u64;
        up.span_us = now.saturating_duration_since(began).as_micros() as u64;
    }
}

/// Bytes that a rate makes in a time, the first datagram at once.
pub(crate) fn due_bytes(kbps: u32, elapsed: Duration) -> u64 {
    u64::from(kbps) * elapsed.as_micros() as u64 / 8_000 + TRAIN_BYTES as u64
}

/// What only somebody who gets what is sent to `source` can know.
fn cookie(secret: &Key, source: SocketAddr) -> [u8; 8] {
    secret.sign(&[source.to_string().as_bytes()])
}
