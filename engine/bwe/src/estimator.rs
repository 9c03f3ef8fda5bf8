//! What the network takes, by what was sent and what the receiver says of it: Google Congestion Control
//! (draft-ietf-rmcat-gcc-02) with other answers where a viewer of a forwarded stream is another thing than a sender that may
//! encode as much as it likes. The crate's decision record says which.

use std::time::{Duration, Instant};

use crate::flow::Flow;
use crate::history::{History, Sent};
use crate::loss::{Advice, Loss};
use crate::path::{LONG_QUEUE, Path, STANDING};
use crate::probe::{Outcome, Prober};
use crate::{Feedback, Probe, ProbeId, ReferenceTime, Settings, sent_number};

/// The estimate for one viewer.
///
/// Times inside are µs: of departures since the estimator began, of arrivals on the receiver's clock.
#[derive(Debug)]
pub struct Estimator {
    settings: Settings,
    began: Instant,
    most: u64,
    least: u64,
    /// Bits a second.
    rate: f64,
    is_measured: bool,
    history: History,
    departures: Flow,
    path: Path,
    loss: Loss,
    prober: Prober,
    round_trip: RoundTrip,
    /// Arrivals began.
    heard_first: Option<i64>,
    /// When the estimate was last let grow, and when it was last taken back.
    grown: i64,
    cut: i64,
    /// How long nothing is probed after that.
    calm: i64,
    /// When less was tried because of loss, and how long nothing is probed after that.
    tried: i64,
    calm_of_loss: i64,
    /// What arrived when too much was sent last.
    limit: Option<f64>,
    /// What a queue was taken for may have been none.
    doubt: Option<Doubt>,
    /// Departure of the first packet since news came last.
    unanswered: Option<i64>,
    silence: Option<Silence>,
    /// Nothing is to be done before, and perhaps not even then. Kept, because it is asked for after each burst.
    due: Option<i64>,
}

/// A cut for a queue that may be none: of a path that has become longer, or on which packets are late for other reasons.
#[derive(Debug, Clone, Copy)]
struct Doubt {
    since: i64,
    /// µs that packets were late, and by which they were known to be overtaken.
    delay: i64,
    overtaken: i64,
    /// The estimate, and what was sent before.
    rate: f64,
    sent: f64,
}

/// Nothing is heard although packets are sent.
#[derive(Debug, Clone, Copy)]
struct Silence {
    /// The estimate before.
    before: f64,
    /// When it falls next.
    next: i64,
}

#[derive(Debug, Default)]
struct RoundTrip {
    /// The least of this span and the one before, in µs.
    least: [Option<i64>; 2],
    span_ends: i64,
    told: Option<Duration>,
}

/// What one feedback brought.
#[derive(Debug, Default)]
struct News {
    /// Packets of the silence before it that are reported on, and of these the ones that arrived.
    missed: u32,
    found: u32,
}

impl Estimator {
    /// An estimator that knows nothing yet.
    pub fn new(now: Instant, settings: Settings) -> Self {
        Self {
            settings,
            began: now,
            most: settings.goal,
            least: 0,
            rate: settings.first as f64,
            is_measured: false,
            history: History::new(),
            departures: Flow::new(),
            path: Path::new(ReferenceTime::default()),
            loss: Loss::new(),
            prober: Prober::new(),
            round_trip: RoundTrip::default(),
            heard_first: None,
            grown: 0,
            cut: -LONG_AGO,
            calm: CALM,
            tried: -LONG_AGO,
            calm_of_loss: CALM_OF_LOSS,
            limit: None,
            doubt: None,
            unanswered: None,
            silence: None,
            due: None,
        }
    }

    /// A packet left with this number, whose lowest 16 bits it bears on the wire. Numbers rise; `bytes` are what counts for
    /// the network, so best with everything that is wrapped around it.
    #[inline]
    pub fn sent(&mut self, number: u64, at: Instant, bytes: usize, probe: Option<ProbeId>) {
        if !self.history.is_new(number) {
            return;
        }
        let (at, bytes) = (self.micros(at), bytes.min(u32::MAX as usize) as u32);
        let is_first = self.history.last().is_none();
        let probed = probe.map_or(0, |probe| self.prober.sent(probe, at, bytes));
        self.history.push(Sent { number, at, bytes, probe, probed, has_arrived: false });
        self.departures.observe(at, bytes);
        if is_first {
            // Now there is somebody to probe for.
            self.reckon();
        }
        if self.unanswered.is_none() {
            self.unanswered = Some(at);
            if self.is_measured {
                self.due = Some(self.due.map_or(at + SILENT, |due| due.min(at + SILENT)));
            }
        }
    }

    /// The receiver says what it got.
    pub fn handle_feedback(&mut self, now: Instant, feedback: &Feedback<'_>) {
        let now = self.micros(now);
        let Some(news) = self.read(now, feedback) else { return };
        let Some((newest, _)) = self.path.newest else { return };
        self.end_silence(now, &news);
        self.heard_first.get_or_insert(now);

        let sent = self.departed(now);
        let has_queue = self.path.queue.raised() >= STANDING;
        let overtaken = self.path.disorder.most();
        self.history.expect(overtaken + OVERTAKEN);
        if let Some(sample) = self.loss.observe(&self.history, newest, OVERTAKEN.max(overtaken + overtaken / 4)) {
            match self.loss.judge(sample, has_queue, self.rate, sent) {
                Advice::Nothing => {}
                Advice::Congested => self.back_off(now),
                Advice::Try => {
                    // In bursts more is lost than on the whole.
                    self.reduce(now, self.carried(now, TRY_SPAN).map_or(self.rate, |arrived| arrived * TRY_LEAVES));
                    let calm = if now - self.tried < FORGIVEN { self.calm_of_loss * 2 } else { CALM_OF_LOSS };
                    (self.tried, self.calm_of_loss) = (now, calm.min(CALM_OF_LOSS_MOST));
                    self.prober.wait_until(now + self.calm_of_loss);
                }
                Advice::Restore(before) => {
                    self.rate = self.rate.max(before);
                    self.tried = -LONG_AGO;
                }
            }
        }
        self.clear_up(now, sent);
        if self.path.is_congested() {
            self.back_off(now);
        } else if self.path.is_calm() && !self.loss.is_high() && !self.loss.is_trying() {
            self.grow(now);
        } else {
            self.grown = now;
        }
        self.conclude_probe(now, newest);
        self.settle(now);
        self.reckon();
    }

    /// A round trip measured otherwise, as by reception reports. It counts instead of what feedback says.
    pub fn handle_round_trip(&mut self, round_trip: Duration) {
        self.round_trip.told = Some(round_trip.min(ROUND_TRIP_MOST));
        self.reckon();
    }

    /// What the viewer would like, in bits a second: `most` is looked for by probes, up to `least` padding is made.
    pub fn set_goal(&mut self, now: Instant, most: u64, least: u64) {
        let is_raised = most > self.most.saturating_add(self.most / 20);
        (self.most, self.least) = (most.min(self.settings.ceiling), least);
        if is_raised {
            self.prober.hurry(self.micros(now));
        }
        self.reckon();
    }

    /// Time has passed.
    pub fn handle_timeout(&mut self, now: Instant) {
        let now = self.micros(now);
        let newest = self.path.newest.map_or(i64::MIN, |(sent, _)| sent);
        self.conclude_probe(now, newest);
        if let Some(due) = self.silent_at().filter(|due| *due <= now) {
            let silence = self.silence.get_or_insert(Silence { before: self.rate, next: due });
            if now - due > LATE {
                // It was this machine that slept, and news may lie unread.
                silence.next = now + LATE / 2;
            } else {
                silence.next = now + SILENT_STEP;
                self.rate = (self.rate * SILENT_LEAVES).max(self.settings.floor as f64);
            }
        }
        self.reckon();
    }

    /// When to come back to [`Self::handle_timeout`], and let the pacer follow.
    pub fn poll_timeout(&self) -> Option<Instant> {
        Some(self.began + Duration::from_micros(self.due?.max(0) as u64))
    }

    /// What the network takes, in bits a second; nothing until that was measured.
    pub fn estimate(&self) -> Option<u64> {
        self.is_measured.then_some(self.rate as u64)
    }

    /// Whether a queue stands before the narrowest link; nothing until the network was measured.
    pub fn has_queue(&self) -> Option<bool> {
        self.is_measured.then(|| self.path.queue.raised() >= STANDING)
    }

    /// The time from a packet's departure to the news of its arrival; at its least, as the receiver keeps news for a while.
    pub fn round_trip(&self) -> Option<Duration> {
        let measured = self.round_trip.least.into_iter().flatten().min();
        self.round_trip.told.or(measured.map(|micros| Duration::from_micros(micros.max(0) as u64)))
    }

    /// Up to how many bits a second padding is to be made.
    pub fn padding(&self) -> u64 {
        self.least.min(self.rate as u64)
    }

    /// A probe that should be sent now. [`crate::Pacer::follow`] asks for it.
    pub fn poll_probe(&mut self, now: Instant) -> Option<Probe> {
        let now = self.micros(now);
        self.probe_at().filter(|at| *at <= now)?;
        let most = self.goal() * PROBE_BEYOND;
        let least = self.rate * if self.is_measured { PROBE_STEP } else { PROBE_FIRST };
        // After silence the network may well be what it was before.
        let before = self.silence.take().map_or(0.0, |silence| silence.before / 2.0);
        let rate = least.max(before).min(most).max(PROBE_LEAST);
        let lasts = (self.path.queue.jitter() * 5).clamp(PROBE_LASTS, PROBE_LASTS_MOST);
        let probe = self.prober.begin(now, rate as u64, lasts);
        self.reckon();
        Some(probe)
    }

    /// Reads feedback. Nothing if it says nothing new.
    fn read(&mut self, now: i64, feedback: &Feedback<'_>) -> Option<News> {
        let last = self.history.last()?;
        let first = sent_number(last, feedback.first())?;
        let reported = first.saturating_add(u64::from(feedback.count()) - 1).min(last);
        self.history.report(first, reported);
        let reference = self.path.reference.unwrap(feedback.reference());
        let (mut news, mut newest_here) = (News::default(), None);
        for (number, (_, offset)) in (first..=reported).zip(feedback.entries()) {
            let Some(offset) = offset else {
                self.history.miss(number);
                let is_missed = self.silence.is_some() && self.history.get(number).is_some_and(|sent| self.is_unanswered(sent));
                news.missed += u32::from(is_missed);
                continue;
            };
            let Some(sent) = self.history.arrive(number) else { continue };
            if self.silence.is_some() && self.is_unanswered(&sent) {
                news.missed += 1;
                news.found += 1;
            }
            // No clock comes near the bound, but who lies might.
            let arrived = (reference + i64::from(offset)).saturating_mul(250).clamp(-FAR, FAR);
            newest_here = newest_here.max(Some(sent.at));
            self.prober.arrived(&sent, arrived);
            self.path.arrive(&sent, arrived, self.rate);
        }
        let newest_here = newest_here?;
        self.round_trip.observe(now, now - newest_here);
        if let Some(until) = self.prober.last_sent() {
            self.path.probed_until = self.path.probed_until.max(until + PROBE_FADES);
        }
        Some(news)
    }

    fn is_unanswered(&self, sent: &Sent) -> bool {
        self.unanswered.is_some_and(|since| sent.at >= since)
    }

    fn end_silence(&mut self, now: i64, news: &News) {
        // What was sent before it began does not tell what it was.
        if self.silence.is_some_and(|silence| silence.next < i64::MAX) && news.missed == 0 {
            return;
        }
        self.unanswered = None;
        let Some(silence) = self.silence.as_mut().filter(|silence| silence.next < i64::MAX) else { return };
        if f64::from(news.found) >= f64::from(news.missed) * FOUND && news.found > 0 {
            // Only the news was late.
            self.rate = self.rate.max(silence.before);
            self.silence = None;
        } else {
            // Kept until the next probe, which it says the size of.
            silence.next = i64::MAX;
            self.prober.hurry(now);
        }
    }

    /// When the estimate falls next because nothing is heard.
    fn silent_at(&self) -> Option<i64> {
        let since = self.unanswered.filter(|_| self.is_measured)?;
        let trip = self.round_trip().map_or(0, |trip| trip.as_micros() as i64);
        match self.silence.filter(|silence| silence.next < i64::MAX) {
            Some(silence) if self.rate > self.settings.floor as f64 => Some(silence.next),
            Some(_) => None,
            None => Some(since + SILENT.max(trip * 4)),
        }
    }

    /// Bits a second that the network took lately: what arrived, and what it loses of whatever is sent.
    fn carried(&self, now: i64, over: i64) -> Option<f64> {
        let arrived = self.path.arrived(over)?;
        Some(arrived.max((arrived / (1.0 - self.loss.inherent())).min(self.departed(now) * 1.1)))
    }

    fn departed(&self, now: i64) -> f64 {
        self.departures.rate_at(now, RATE_SPAN).unwrap_or(0) as f64
    }

    /// More is sent than gets through.
    fn back_off(&mut self, now: i64) {
        // While the queue is short it may be something else that only looks like one. Then what flows may go on, and the rest
        // of the estimate goes in steps. In a long one nothing counts but what arrived since it began.
        let is_short = self.is_measured && self.path.queue.delay() < SHORT_QUEUE;
        if now - self.cut < if is_short { CUT_REST_SHORT } else { CUT_REST } {
            return;
        }
        let since = self.carried(now, self.path.queue.growing().clamp(CUT_SPAN, RATE_SPAN)).unwrap_or(self.rate);
        let (arrived, from) = if is_short {
            let arrived = since.max(self.carried(now, RATE_SPAN).unwrap_or(0.0));
            (arrived, self.rate.clamp(arrived, arrived * PROVED))
        } else {
            (since, since)
        };
        let (delay, overtaken) = (self.path.queue.delay(), self.path.disorder.most());
        let doubt = Doubt { since: now, delay, overtaken, rate: self.rate, sent: self.departed(now) };
        self.doubt.get_or_insert(doubt);
        self.limit = Some(arrived);
        self.calm = match now - self.cut {
            ..CALM => self.calm,
            CALM..AGAIN => (self.calm * 2).min(CALM_MOST),
            _ => CALM,
        };
        self.reduce(now, from * CUT);
    }

    /// A queue gets shorter when less is sent, and keeps the order. What does neither was no queue.
    fn clear_up(&mut self, now: i64, sent: f64) {
        let Some(doubt) = self.doubt else { return };
        let (queue, passed) = (&self.path.queue, now - doubt.since);
        let trip = self.round_trip().map_or(0, |trip| trip.as_micros() as i64);
        let is_disorder = self.path.disorder.most() > (doubt.delay * 3 / 4).max(doubt.overtaken * 5 / 4);
        let is_less = sent < doubt.sent * DOUBT_LESS;
        let stays = queue.raised() > DOUBT_LASTS && queue.delay() > LONG_QUEUE.max(doubt.delay * 3 / 4);
        if is_disorder || is_less && stays && passed > DOUBT_LASTS + trip {
            if !is_disorder {
                self.path.forget_delays();
            }
            self.rate = self.rate.max(doubt.rate);
            (self.doubt, self.limit) = (None, None);
        } else if passed > DOUBT_ENDS {
            self.doubt = None;
        }
    }

    fn reduce(&mut self, now: i64, to: f64) {
        // What was assumed before anything was measured is no better than this.
        self.rate = if self.is_measured { self.rate.min(to) } else { to }.max(self.settings.floor as f64);
        self.is_measured = true;
        (self.cut, self.grown) = (now, now);
        self.prober.wait_until(now + self.calm);
    }

    /// Nothing speaks against some more, as far as what is sent proves anything.
    fn grow(&mut self, now: i64) {
        let passed = (now - self.grown).clamp(0, 1_000_000) as f64 / 1e6;
        self.grown = now;
        let Some(arrived) = self.carried(now, RATE_SPAN).map(|carried| carried.min(self.departed(now) * 1.1)) else { return };
        if self.limit.is_some_and(|limit| arrived > limit * LIMIT_PASSED) {
            self.limit = None;
        }
        let far = self.rate * (GROWTH.powf(passed) - 1.0);
        let more = match self.limit {
            Some(limit) if arrived > limit * LIMIT_NEAR => {
                let trip = self.round_trip().map_or(0.1, |trip| trip.as_secs_f64());
                // A packet of those that a picture is sent in, for each response.
                let picture = self.rate / PICTURES;
                let packet = picture / (picture / PACKET_BITS).ceil().max(1.0);
                packet / (trip + 0.1) * passed
            }
            _ => far,
        };
        let proved = arrived * PROVED + 10_000.0;
        if self.rate < proved {
            self.rate = (self.rate + more).min(proved).min(self.settings.ceiling as f64);
        }
    }

    fn conclude_probe(&mut self, now: i64, newest: i64) {
        let Some(outcome) = self.prober.conclude(now, newest, self.loss.inherent()) else { return };
        let (found, has_limit) = match outcome {
            Outcome::Void => return self.prober.retry(now),
            Outcome::Passed(rate) => (rate, false),
            Outcome::Slowed(rate) => (rate * SLOWED, true),
        };
        // What is assumed before anything was measured is no better than a limit that was met.
        let is_more = found > self.rate * WORTH_IT;
        if is_more || !self.is_measured && has_limit {
            self.rate = found.clamp(self.settings.floor as f64, self.settings.ceiling as f64);
        }
        if is_more {
            self.limit = None;
            self.prober.hurry(now);
        }
        // Whoever passed may pass more.
        if !is_more || has_limit || self.rate >= self.goal() * NEAR_GOAL {
            self.is_measured = true;
            self.prober.tire(now);
        }
    }

    /// What has gone well for a while is an estimate, though no probe came about.
    fn settle(&mut self, now: i64) {
        if !self.is_measured && self.heard_first.is_some_and(|first| now - first > SETTLED) {
            self.rate = self.rate.max(self.carried(now, RATE_SPAN).unwrap_or(0.0));
            self.is_measured = true;
        }
    }

    /// When a probe is due; nothing while none is wanted.
    fn probe_at(&self) -> Option<i64> {
        let is_wanted = self.history.last().is_some()
            && self.rate < self.goal() * NEAR_GOAL
            && self.silence.is_none_or(|silence| silence.next == i64::MAX);
        let next = self.prober.next().filter(|_| is_wanted)?;
        // A queue of which nothing was heard for a while is there no more.
        let queue = &self.path.queue;
        let has_queue = queue.growing() >= STANDING || queue.raised() >= STANDING && queue.delay() > SHORT_QUEUE;
        Some(if has_queue { next.max(self.path.judged.saturating_add(QUEUE_FADES)) } else { next })
    }

    /// What is looked for. At first as much as whoever comes may soon want, for then it is too late to begin.
    fn goal(&self) -> f64 {
        let first = if self.is_measured { 0 } else { self.settings.goal };
        self.most.max(first) as f64
    }

    /// When to be told the time, by all that is known.
    fn reckon(&mut self) {
        self.due = [self.silent_at(), self.prober.expires(), self.probe_at()].into_iter().flatten().min();
    }

    fn micros(&self, at: Instant) -> i64 {
        let passed = at.saturating_duration_since(self.began);
        // `as_micros` is 128 bits wide, and this is done for each packet.
        passed.as_secs() as i64 * 1_000_000 + i64::from(passed.subsec_micros())
    }
}

impl RoundTrip {
    fn observe(&mut self, now: i64, trip: i64) {
        if now >= self.span_ends {
            self.least = [None, self.least[0]];
            self.span_ends = now + ROUND_TRIP_SPAN;
        }
        self.least[0] = Some(self.least[0].map_or(trip, |least| least.min(trip)));
    }
}

const LONG_AGO: i64 = 1 << 50;
const FAR: i64 = 1 << 60;
const ROUND_TRIP_MOST: Duration = Duration::from_secs(5);
const ROUND_TRIP_SPAN: i64 = 5_000_000;

/// What arrives is measured over so long: when it proves what can be had, and when it says what is too much.
const RATE_SPAN: i64 = 500_000;
const CUT_SPAN: i64 = 120_000;
const TRY_SPAN: i64 = 1_000_000;
const TRY_LEAVES: f64 = 0.95;

/// µs by which a packet may be overtaken before it counts as lost, at least.
const OVERTAKEN: i64 = 150_000;
const QUEUE_FADES: i64 = 1_500_000;
const SHORT_QUEUE: i64 = 120_000;

/// So long less is sent before a queue that stays as long is believed to be none, and then nothing more is concluded.
const DOUBT_LASTS: i64 = 2_000_000;
const DOUBT_LESS: f64 = 0.7;
const DOUBT_ENDS: i64 = 8_000_000;

/// What is left of what arrived when that was too much (section 5.5).
const CUT: f64 = 0.85;
const CUT_REST: i64 = 200_000;
const CUT_REST_SHORT: i64 = 600_000;
/// So long after a cut nothing is probed, and twice as long when it was not the only one: who shares a link with others
/// finds it empty now and then, which is no reason to take it all.
const CALM: i64 = 1_000_000;
const CALM_MOST: i64 = 3_000_000;
const AGAIN: i64 = 10_000_000;
/// A policer lets a probe pass and not what follows it, so each time it is longer until the next, up to a limit.
const CALM_OF_LOSS: i64 = 3_000_000;
const CALM_OF_LOSS_MOST: i64 = 32_000_000;
const FORGIVEN: i64 = 60_000_000;

/// A second's growth far from any limit (section 5.5).
const GROWTH: f64 = 1.08;
/// A packet for each response when near to one.
const PACKET_BITS: f64 = 9_600.0;
const PICTURES: f64 = 30.0;
const LIMIT_NEAR: f64 = 0.8;
const LIMIT_PASSED: f64 = 1.2;
/// What arrives proves that so much more can be had.
const PROVED: f64 = 1.5;

const PROBE_FIRST: f64 = 3.0;
const PROBE_STEP: f64 = 2.0;
/// Probes go beyond the goal, so that what they find is not just short of it.
const PROBE_BEYOND: f64 = 1.1;
const PROBE_LEAST: f64 = 60_000.0;
const PROBE_LASTS: i64 = 20_000;
const PROBE_LASTS_MOST: i64 = 100_000;
/// The queue that a probe makes takes so long to go.
const PROBE_FADES: i64 = 60_000;
const NEAR_GOAL: f64 = 0.95;
const WORTH_IT: f64 = 1.05;
/// A link that slowed a probe down is used to this share, so that what the probe left in its queue can leave.
const SLOWED: f64 = 0.95;
const SETTLED: i64 = 3_000_000;

/// Nothing was heard for so long: then it falls to the share, and again after each step.
const SILENT: i64 = 1_500_000;
const SILENT_STEP: i64 = 500_000;
const SILENT_LEAVES: f64 = 0.7;
/// Who comes so late to a timeout was not running.
const LATE: i64 = 200_000;
/// This share of what was sent in silence must have arrived for it to have been nothing but silence.
const FOUND: f64 = 0.7;
