//! A second opinion on what the uplink takes, from the delays and losses that the engine reports of each packet. It estimates
//! nothing by itself: it says where `str0m`'s estimate is too low.
//!
//! That estimate falls when packets come later than those before, and when many are lost, whatever the reason. But a queue
//! delays every packet, and jitter some: while the luckiest of a second are as fast as they ever were, nothing waits for
//! anything. And a full queue loses less when less is sent, which a bad radio does not.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use str0m::rtp::rtcp::Twcc;

/// How often it is judged.
const EVERY: Duration = Duration::from_millis(400);
/// Packets of which the luckiest counts: those that arrived in this time.
const LUCK: Duration = Duration::from_millis(800);
/// Fewer say nothing about luck.
const FEWEST: usize = 12;
/// The luckiest are so many; a single one may be a fault of the report.
const LUCKIEST_PERCENT: usize = 5;
/// The luckiest was late by so many microseconds: there is a queue. Where packets tremble more than that, so do the luckiest.
const QUEUE_US: i64 = 80_000;
/// How long the shortest way is remembered. Clocks drift, and routes change.
const SHORTEST_FOR: Duration = Duration::from_secs(40);
/// When it is certain enough that a packet will not arrive any more.
const LOST_AFTER: Duration = Duration::from_millis(1300);
/// The packets of which loss is counted were sent in this time.
const LOSS_OVER: Duration = Duration::from_secs(1);
/// A change of loss beyond this is one.
const LOSS_STEP: f64 = 0.1;
/// What is sent less to see whether less is lost then, and how long that takes.
const LESS: f64 = 0.7;
const SEE: Duration = Duration::from_millis(2800);
/// Growth each time it is judged.
const GROWTH: f64 = 1.08;
const LEAST: f64 = 50_000.0;
/// Of what is sent so much arrives at least, where nothing is dropped; and of what arrives so much is sent, where something is.
const ALL: f64 = 0.9;
/// Bits that may overtake a packet, some 25 of its kind. Beyond a hundred the receiver's `str0m` takes it for lost for ever, and
/// long before it asks for every second one again.
const OVERTAKEN_BITS: f64 = 225_000.0;
/// What sound takes that is not repeated, and who divides the rest expects it to.
const SOUND_MOST: f64 = 64_000.0;
/// A way that is shorter or longer by more than the luckiest ones before, in microseconds, is a report that was made or read
/// wrongly; but not so many of them in a row.
const TOO_SHORT_US: i64 = 500_000;
const TOO_LONG_US: i64 = 20_000_000;
const MOST_ABSURD: u32 = 300;
/// Packets that are remembered.
const MOST: usize = 4000;

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Uplink {
    /// Those that were sent, oldest first, with consecutive numbers.
    sent: VecDeque<Sent>,
    /// The number of the first of them.
    first: u64,
    /// What arrival times are counted from.
    zero: Option<Instant>,
    /// The shortest ways of each time that it was judged.
    shortest: VecDeque<(Instant, i64)>,
    /// Ways in a row that are no ways.
    absurd: u32,
    judged: Option<Instant>,
    /// `str0m`'s estimate.
    estimate: Option<f64>,
    /// What it is raised to, while there is no queue.
    floor: Option<f64>,
    is_queueing: bool,
    loss: f64,
    /// The loss that is there whatever is sent.
    usual_loss: f64,
    trial: Option<Trial>,
    wanted: Option<f64>,
    /// The most that can be sent while packets overtake each other as they do.
    most_trembling: f64,
    told: f64,
    /// The number of the last report, and the share of them that is lost.
    last_report: Option<u8>,
    reports_lost: f64,
}

#[derive(Debug)]
struct Sent {
    at: Instant,
    bytes: u32,
    what: Sends,
    /// Whether it was said to be missing. It may still come.
    is_missing: bool,
    /// Microseconds of the way, but for a constant, and when that was reported.
    way: Option<(i64, Instant)>,
}

/// What a packet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sends {
    Sound,
    Picture,
    /// A picture's packet that is sent again, or padding.
    Again,
}

/// Less is sent, to see whether less is lost.
#[derive(Debug)]
struct Trial {
    until: Instant,
    loss: f64,
    before: f64,
}

/// What follows from a judgement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Verdict {
    /// What pictures and sound may have, in bits a second, without what is sent again.
    pub(crate) media: u64,
    /// What the estimate should begin anew with.
    pub(crate) begin_anew: Option<u64>,
}

impl Uplink {
    /// A packet with this transport-wide number goes out.
    pub(crate) fn sent(&mut self, now: Instant, number: u16, bytes: usize, what: Sends) {
        let next = self.first + self.sent.len() as u64;
        let ahead = u64::from(number.wrapping_sub(next as u16));
        if self.sent.is_empty() || ahead > 1000 {
            self.sent.clear();
            self.first = u64::from(number) + (1 << 16);
        } else {
            // Those between were not seen here; they count as never reported.
            self.sent.extend((0..ahead).map(|_| Sent { at: now, bytes: 0, what: Sends::Sound, is_missing: false, way: None }));
        }
        self.sent.push_back(Sent { at: now, bytes: bytes as u32, what, is_missing: false, way: None });
        while self.sent.len() > MOST {
            self.sent.pop_front();
            self.first += 1;
        }
    }

    /// The engine reports arrivals.
    pub(crate) fn reported(&mut self, now: Instant, report: Twcc) {
        let Some(last) = (!self.sent.is_empty()).then(|| self.first + self.sent.len() as u64 - 1) else { return };
        let zero = *self.zero.get_or_insert(now);
        let passed = self.last_report.replace(report.feedback_count).map_or(1, |last| report.feedback_count.wrapping_sub(last));
        if (1..100).contains(&passed) {
            // Each of those between was lost; over a second or two of them.
            (0..passed).for_each(|lost| self.reports_lost += (f64::from(u8::from(lost > 0)) - self.reports_lost) / 30.0);
        }
        for (number, _, arrived) in report.into_iter(zero, last.into()) {
            let Some(at) = number.checked_sub(self.first).and_then(|at| usize::try_from(at).ok()) else { continue };
            let Some(sent) = self.sent.get_mut(at) else { continue };
            match arrived {
                Some(arrived) => {
                    let way = micros(zero, arrived) - micros(zero, sent.at);
                    let known = self.shortest.back().map(|(_, known)| *known);
                    let is_absurd = |known: i64| way < known - TOO_SHORT_US || way > known + TOO_LONG_US;
                    if known.is_some_and(is_absurd) {
                        self.absurd += 1;
                        if self.absurd > MOST_ABSURD {
                            // It is the clock that was set.
                            (self.absurd, self.shortest) = (0, VecDeque::new());
                        }
                    } else {
                        self.absurd = 0;
                        sent.way.get_or_insert((way, now));
                    }
                }
                None => sent.is_missing = true,
            }
        }
    }

    /// Percent of packets that are lost and not merely late, nothing before that is known.
    pub(crate) fn loss(&self) -> Option<f32> {
        (!self.shortest.is_empty()).then_some((self.loss * 100.0) as f32)
    }

    /// Percent of its reports that were lost, nothing before there was one.
    pub(crate) fn way_back_loss(&self) -> Option<f32> {
        self.last_report.map(|_| (self.reports_lost * 100.0) as f32)
    }

    /// What `str0m` thinks.
    pub(crate) fn estimated(&mut self, bits_per_second: u64) {
        self.estimate = Some(bits_per_second as f64);
    }

    /// What is wanted of it at most.
    pub(crate) fn want(&mut self, bits_per_second: u64) {
        self.wanted = Some(bits_per_second as f64);
    }

    /// Whether packets wait in a queue, so that what is lost was too much.
    pub(crate) fn is_queueing(&self) -> bool {
        self.is_queueing
    }

    /// Judges, if it is time to, where each packet is sent so often beside the first time. Something only where it is other than
    /// before.
    pub(crate) fn judge(&mut self, now: Instant, copies: u32) -> Option<Verdict> {
        let estimate = self.estimate?;
        if self.judged.is_some_and(|at| now.saturating_duration_since(at) < EVERY) {
            return None;
        }
        self.judged = Some(now);
        let recent = || self.sent.iter().filter_map(|sent| sent.way.filter(|(_, at)| now - *at < LUCK).zip(Some(sent.bytes)));
        let mut ways: Vec<i64> = recent().map(|((way, _), _)| way).collect();
        let arrived = recent().map(|(_, bytes)| f64::from(bytes) * 8.0).sum::<f64>() / LUCK.as_secs_f64();
        if ways.is_empty() {
            // Nobody knows what becomes of anything.
            (self.floor, self.trial, self.is_queueing) = (None, None, false);
        } else if ways.len() >= FEWEST {
            ways.sort_unstable();
            let luckiest = ways[(ways.len() - 1) * LUCKIEST_PERCENT / 100];
            let spread = ways[ways.len() / 2] - luckiest;
            let widest = ways[(ways.len() - 1) * (100 - LUCKIEST_PERCENT) / 100] - luckiest;
            self.most_trembling = OVERTAKEN_BITS / (widest.max(1) as f64 / 1_000_000.0);
            self.shortest.push_back((now, luckiest));
            while self.shortest.front().is_some_and(|(at, _)| now.saturating_duration_since(*at) > SHORTEST_FOR) {
                self.shortest.pop_front();
            }
            let shortest = self.shortest.iter().map(|(_, way)| *way).min().unwrap_or(luckiest);
            self.is_queueing = luckiest - shortest > QUEUE_US.max(spread / 3);
            if let Some(loss) = self.loss_now(now) {
                self.loss += (loss - self.loss) * 0.4;
            }
            self.floor = if self.is_queueing {
                self.trial = None;
                None
            } else {
                Some(self.grown(now, estimate.max(arrived)))
            };
        }
        let [sound, first, again] = [Sends::Sound, Sends::Picture, Sends::Again].map(|what| self.bits_now(now, what));
        let total = match self.floor {
            Some(floor) => estimate.max(floor),
            // Where all that is sent arrives, the queue is somewhere else: a machine that is busy, for one.
            None if self.is_queueing && arrived < (sound + first + again) * ALL => estimate.min(arrived * ALL).max(LEAST),
            None => estimate,
        };
        // Sound takes what it takes. Of pictures what is lost is sent again, or everything is several times.
        // What is only late is asked for as well.
        let repeated = again / (first + again).max(1.0);
        let pictures = (total - sound).max(0.0);
        let pictures = match copies {
            _ if self.is_queueing => pictures,
            0 => pictures * (1.0 - self.loss.max(repeated).min(0.8)),
            copies => pictures / f64::from(copies + 1),
        };
        let media = pictures + sound.min(SOUND_MOST);
        let begin_anew = self.floor.filter(|floor| estimate < floor * 0.75).map(|floor| floor as u64);
        if begin_anew.is_some() {
            self.estimate = self.floor;
        }
        let is_news = (media - self.told).abs() > self.told * 0.03;
        if is_news {
            self.told = media;
        }
        (is_news || begin_anew.is_some()).then_some(Verdict { media: self.told as u64, begin_anew })
    }

    /// The floor from now on, where there is no queue.
    fn grown(&mut self, now: Instant, begin: f64) -> f64 {
        let most = self.wanted.unwrap_or(f64::INFINITY).min(self.most_trembling).max(LEAST);
        let floor = self.floor.unwrap_or(begin).min(most);
        if let Some(trial) = self.trial.take_if(|trial| trial.until <= now) {
            if trial.loss - self.loss < LOSS_STEP / 2.0 {
                // As much is lost as before: it was not what was sent.
                self.usual_loss = self.loss;
                return trial.before.min(most);
            }
            return floor;
        }
        if self.trial.is_some() {
            return floor;
        }
        self.usual_loss = self.usual_loss.min(self.loss);
        if self.loss > self.usual_loss + LOSS_STEP {
            self.trial = Some(Trial { until: now + SEE, loss: self.loss, before: floor });
            return (floor * LESS).max(LEAST);
        }
        (floor * GROWTH).min(most)
    }

    /// What was sent in the last second, in bits.
    fn bits_now(&self, now: Instant, what: Sends) -> f64 {
        let recent = self.sent.iter().rev().take_while(|sent| now.saturating_duration_since(sent.at) < LOSS_OVER);
        recent.filter(|sent| sent.what == what).map(|sent| f64::from(sent.bytes) * 8.0).sum()
    }

    /// The share of packets sent a while ago that did not arrive.
    fn loss_now(&self, now: Instant) -> Option<f64> {
        let (mut count, mut lost) = (0_u32, 0_u32);
        for sent in self.sent.iter().filter(|sent| sent.bytes > 0) {
            let age = now.saturating_duration_since(sent.at);
            if age > LOST_AFTER && age <= LOST_AFTER + LOSS_OVER {
                // Of some it is not known: their report was lost.
                count += u32::from(sent.way.is_some() || sent.is_missing);
                lost += u32::from(sent.way.is_none() && sent.is_missing);
            }
        }
        (count as usize >= FEWEST).then(|| f64::from(lost) / f64::from(count))
    }
}

fn micros(zero: Instant, at: Instant) -> i64 {
    match at.checked_duration_since(zero) {
        Some(after) => after.as_micros() as i64,
        None => -(zero.saturating_duration_since(at).as_micros() as i64),
    }
}
