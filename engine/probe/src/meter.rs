//! The client's end of a test.

use std::collections::{BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use rtc_protocol::{ProbeFindings, ProbeTrain};

use crate::datagram::{Datagram, HEADER, Kind};
use crate::engine::due_bytes;
use crate::jitter::Jitter;
use crate::outcome::{Outcome, Seen};
use crate::{ECHO_PACING, ECHOES, Key, TRAIN, TRAIN_BYTES, Token};

/// How long answers are waited for after the last echo.
const LAST_ANSWER: Duration = Duration::from_millis(800);
/// How often a train is moved on.
const TICK: Duration = Duration::from_millis(5);
/// How often a train is asked for until it comes, and the pause in between.
const ASKED: u32 = 5;
const ASK_AGAIN: Duration = Duration::from_millis(300);
/// How long the end of a train is waited for.
const LAST_OF_TRAIN: Duration = Duration::from_millis(500);

/// Measures. After any `handle_*`, send what [`Meter::poll_transmit`] has; when [`Meter::is_over`], say `finish` and ask for
/// the [`Outcome`] with the findings that come.
#[derive(Debug)]
pub struct Meter {
    token: Token,
    key: Key,
    up_kbps: u32,
    down_kbps: u32,
    began: Instant,
    stage: Stage,
    due: Option<Instant>,
    transmits: VecDeque<Vec<u8>>,
    sent: u32,
    answered: BTreeSet<u32>,
    round_trips_us: Vec<u64>,
    jitter: Jitter,
    cookie: Option<[u8; 8]>,
    up: ProbeTrain,
    down: ProbeTrain,
    down_began: Option<Instant>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Echoing,
    /// All echoes have been sent.
    Awaiting,
    Uploading {
        began: Instant,
    },
    Asking {
        times: u32,
    },
    Downloading,
    Over,
}

impl Meter {
    /// Begins at `now`. Rates are kilobits a second as they were asked for; 0 tries none.
    pub fn new(now: Instant, token: Token, key: Key, up_kbps: u32, down_kbps: u32) -> Self {
        let mut meter = Self {
            token,
            key,
            up_kbps,
            down_kbps,
            began: now,
            stage: Stage::Echoing,
            due: Some(now),
            transmits: VecDeque::new(),
            sent: 0,
            answered: BTreeSet::new(),
            round_trips_us: Vec::new(),
            jitter: Jitter::default(),
            cookie: None,
            up: ProbeTrain::default(),
            down: ProbeTrain::default(),
            down_began: None,
        };
        meter.handle_timeout(now);
        meter
    }

    /// Whether nothing more is sent or waited for.
    pub fn is_over(&self) -> bool {
        self.stage == Stage::Over
    }

    /// A datagram from the engine. What is none of this test is passed over.
    pub fn handle_datagram(&mut self, now: Instant, bytes: &[u8]) {
        let Some(datagram) = Datagram::read(bytes, &self.key).filter(|datagram| datagram.token == self.token) else { return };
        match datagram.kind {
            Kind::Answer => self.take_answer(now, &datagram),
            Kind::Down => self.take_train(now, bytes.len()),
            Kind::Echo | Kind::Up | Kind::Want => {}
        }
    }

    /// Time has passed.
    pub fn handle_timeout(&mut self, now: Instant) {
        while let Some(due) = self.due.filter(|due| *due <= now) {
            self.due = self.step(now, due);
        }
    }

    /// When [`Meter::handle_timeout`] has something to do next; nothing once it is over.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.due
    }

    /// The next datagram to send.
    pub fn poll_transmit(&mut self) -> Option<Vec<u8>> {
        self.transmits.pop_front()
    }

    /// What came of the test, with what the engine has seen of it.
    pub fn outcome(&self, findings: &ProbeFindings) -> Outcome {
        Outcome::new(
            &Seen {
                echoes: self.sent,
                answers: self.answered.len() as u32,
                round_trips_us: &self.round_trips_us,
                jitter_ms: self.jitter.ms(),
                down: self.down,
                tried_up: self.up_kbps != 0,
                tried_down: self.down_kbps != 0,
            },
            findings,
        )
    }

    /// Does what was due, and says when the next thing is.
    fn step(&mut self, now: Instant, due: Instant) -> Option<Instant> {
        match self.stage {
            Stage::Echoing => {
                self.send(now, Kind::Echo, self.sent, HEADER);
                self.sent += 1;
                if self.sent < ECHOES {
                    return Some(due + ECHO_PACING);
                }
                self.stage = Stage::Awaiting;
                Some(due + LAST_ANSWER)
            }
            Stage::Awaiting if self.up_kbps != 0 && !self.answered.is_empty() => {
                self.stage = Stage::Uploading { began: now };
                Some(now)
            }
            Stage::Awaiting => self.ask(now),
            Stage::Uploading { began } => {
                let elapsed = now.saturating_duration_since(began);
                let due = due_bytes(self.up_kbps, elapsed.min(TRAIN));
                while self.up.bytes + TRAIN_BYTES as u64 <= due {
                    self.send(now, Kind::Up, self.up.datagrams, TRAIN_BYTES);
                    self.up.datagrams += 1;
                    self.up.bytes += TRAIN_BYTES as u64;
                }
                if elapsed < TRAIN { Some(now + TICK) } else { self.ask(now) }
            }
            Stage::Asking { times } if times < ASKED => {
                self.send_want(now);
                self.stage = Stage::Asking { times: times + 1 };
                Some(now + ASK_AGAIN)
            }
            Stage::Asking { .. } | Stage::Downloading | Stage::Over => self.end(),
        }
    }

    /// Asks for a train, if one is wanted and the engine answers at all.
    fn ask(&mut self, now: Instant) -> Option<Instant> {
        if self.down_kbps == 0 || self.cookie.is_none() {
            return self.end();
        }
        self.stage = Stage::Asking { times: 0 };
        Some(now)
    }

    fn end(&mut self) -> Option<Instant> {
        self.stage = Stage::Over;
        None
    }

    fn take_answer(&mut self, now: Instant, answer: &Datagram) {
        self.cookie = Some(answer.cookie);
        if answer.number >= self.sent || !self.answered.insert(answer.number) {
            return;
        }
        let clock = self.clock_us(now);
        self.round_trips_us.push(clock.saturating_sub(answer.echoed_us));
        self.jitter.observe(answer.sent_us, clock);
    }

    fn take_train(&mut self, now: Instant, bytes: usize) {
        if let Stage::Asking { .. } = self.stage {
            self.stage = Stage::Downloading;
            self.due = Some(now + TRAIN + LAST_OF_TRAIN);
        }
        if self.stage == Stage::Downloading {
            let began = *self.down_began.get_or_insert(now);
            self.down.datagrams += 1;
            self.down.bytes += bytes as u64;
            self.down.span_us = now.saturating_duration_since(began).as_micros() as u64;
        }
    }

    fn send_want(&mut self, now: Instant) {
        self.send(now, Kind::Want, 0, HEADER);
    }

    fn send(&mut self, now: Instant, kind: Kind, number: u32, length: usize) {
        let cookie = self.cookie.unwrap_or_default();
        let sent_us = self.clock_us(now);
        let datagram = Datagram { kind, token: self.token, number, sent_us, echoed_us: 0, cookie };
        self.transmits.push_back(datagram.write(&self.key, length));
    }

    fn clock_us(&self, now: Instant) -> u64 {
        now.saturating_duration_since(self.began).as_micros() as u64
    }
}
