//! How much is lost, and whether that is for sending too much; it knows no delays.
//!
//! Loss alone does not tell a narrow network from a bad one: a policer loses what exceeds its rate, radio loses a share of
//! whatever is sent. So where there is loss without a queue, less is tried. If as much is lost of that, it is the network's
//! own, which sending less does not help, and only more than that counts from then on.

use crate::history::History;

/// Losses of one viewer.
#[derive(Debug)]
pub(crate) struct Loss {
    /// The first packet of which it is not settled whether it was lost.
    next: u64,
    /// Departure of the first of those that were lost in a row, and how many.
    run: Option<(i64, u32)>,
    since: Option<i64>,
    packets: u32,
    lost: u32,
    /// The share that is lost whatever is sent.
    inherent: f64,
    /// How many samples in a row said that too much is lost, and their sum.
    high: Option<(u32, f64)>,
    trial: Option<Trial>,
    /// More was lost of late than the network loses by itself.
    is_high: bool,
}

/// What was lost of some packets that were sent one after the other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) share: f64,
    packets: f64,
    /// Departure of the first and the last one, µs.
    since: i64,
    until: i64,
}

/// What follows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Advice {
    Nothing,
    /// There is a queue, and it overflows.
    Congested,
    /// Try whether less is lost of what arrives now.
    Try,
    /// It was in vain: this was as good.
    Restore(f64),
}

#[derive(Debug, Clone, Copy)]
struct Trial {
    begun: i64,
    /// The estimate, what was sent, and what was lost of it before.
    estimate: f64,
    sent: f64,
    share: f64,
    /// Departure of the first packets that it is judged by, and how many samples of them lost as much as before.
    judged: Option<(i64, u32)>,
    /// The most of these.
    most: f64,
}

impl Loss {
    pub(crate) fn new() -> Self {
        Self { next: 0, run: None, since: None, packets: 0, lost: 0, inherent: 0.0, high: None, trial: None, is_high: false }
    }

    /// Packets sent until then have arrived, and others may be overtaken by so much. Gives what was lost when there were enough
    /// of them to tell.
    pub(crate) fn observe(&mut self, history: &History, newest: i64, overtaken: i64) -> Option<Sample> {
        let settled = newest - overtaken;
        let (first, last) = (history.first()?, history.last()?);
        self.next = self.next.max(first);
        while self.next <= last {
            let Some(sent) = history.get(self.next) else {
                self.next += 1;
                continue;
            };
            if sent.at > settled {
                break;
            }
            self.next += 1;
            self.count(sent.at, sent.has_arrived);
        }
        let since = self.since?;
        let until = settled;
        if self.packets < PACKETS_LEAST || until - since < SPAN {
            return None;
        }
        let packets = f64::from(self.packets);
        let sample = Sample { share: f64::from(self.lost) / packets, packets, since, until };
        (self.since, self.packets, self.lost) = (None, 0, 0);
        Some(sample)
    }

    fn count(&mut self, sent: i64, has_arrived: bool) {
        self.since.get_or_insert(sent);
        if !has_arrived {
            let (first, lost) = self.run.unwrap_or((sent, 0));
            self.run = Some((first, lost + 1));
            return;
        }
        self.packets += 1;
        if let Some((first, lost)) = self.run.take()
            && sent - first < OUTAGE
        {
            self.packets += lost;
            self.lost += lost;
        }
    }

    /// What follows from a sample, by whether a queue stands, what is estimated, and what is sent.
    pub(crate) fn judge(&mut self, sample: Sample, has_queue: bool, estimate: f64, sent: f64) -> Advice {
        self.is_high = sample.share > self.inherent * 1.2 + SOME;
        if has_queue {
            self.trial = None;
            return if sample.share > self.inherent + TOO_MUCH_WITH_QUEUE { Advice::Congested } else { Advice::Nothing };
        }
        if let Some(trial) = self.trial {
            return self.follow(trial, sample, sent);
        }
        // What is lost by chance is now more, now less.
        let chance = DEVIATIONS * (self.inherent * (1.0 - self.inherent) / sample.packets).sqrt();
        if sample.share <= self.inherent + chance + TOO_MUCH {
            // What the network loses by itself may change slowly, and little of it is learned without a trial. But whatever is
            // too little for one is learned, or nothing would ever grow with it.
            let learning = if sample.share > self.inherent { LEARNING_MORE } else { LEARNING };
            let learned = self.inherent + (sample.share - self.inherent) / learning;
            self.inherent = learned.min(self.inherent.max(INHERENT_LEARNED));
            self.high = None;
            return Advice::Nothing;
        }
        let (count, sum) = self.high.unwrap_or((0, 0.0));
        let (count, sum) = (count + 1, sum + sample.share);
        if count < SAMPLES {
            self.high = Some((count, sum));
            return Advice::Nothing;
        }
        let share = sum / f64::from(count);
        (self.high, self.trial) = (None, Some(Trial { begun: sample.until, estimate, sent, share, judged: None, most: 0.0 }));
        Advice::Try
    }

    /// Whether so much was lost lately that nothing more should be sent.
    pub(crate) fn is_high(&self) -> bool {
        self.is_high
    }

    /// The share that is lost whatever is sent, as far as that is known.
    pub(crate) fn inherent(&self) -> f64 {
        self.inherent.min(INHERENT_MOST)
    }

    /// Whether less is tried.
    pub(crate) fn is_trying(&self) -> bool {
        self.trial.is_some()
    }

    fn follow(&mut self, trial: Trial, sample: Sample, sent: f64) -> Advice {
        let passed = sample.since - trial.begun;
        // Publishers and slots take a while to do what they are told, and some cannot send less at all.
        if passed < TRIAL_BEGINS || (sent > trial.sent * 0.9 && passed < TRIAL_ENDS) {
            return Advice::Nothing;
        }
        let (since, as_many) = trial.judged.unwrap_or((sample.since, 0));
        let as_many = as_many + u32::from(sample.share >= trial.share * SAME);
        let most = trial.most.max(sample.share);
        if as_many < SAMPLES_SAME {
            // Where losses come in bursts, a sample without any says little.
            let is_over = sample.until - since >= TRIAL_LASTS;
            self.trial = (!is_over).then_some(Trial { judged: Some((since, as_many)), most, ..trial });
            return Advice::Nothing;
        }
        self.trial = None;
        // The most, as these are few packets, and to take it for too little would be to try again and again.
        self.inherent = most.max(trial.share);
        Advice::Restore(trial.estimate)
    }
}

/// When nothing at all arrives for so many µs, that is an outage, and says nothing of how much is too much.
const OUTAGE: i64 = 200_000;
/// µs and packets of a sample.
const SPAN: i64 = 300_000;
const PACKETS_LEAST: u32 = 20;
/// So many samples in a row: losses in bursts have good ones in between, and those for sending too much have none.
const SAMPLES: u32 = 4;
const SOME: f64 = 0.04;
const TOO_MUCH: f64 = 0.1;
/// More than this is not taken for the network's own without a trial.
const INHERENT_LEARNED: f64 = 0.12;
/// Of which so much is believed when more is concluded from it.
const INHERENT_MOST: f64 = 0.8;
const TOO_MUCH_WITH_QUEUE: f64 = 0.05;
const DEVIATIONS: f64 = 2.0;
const TRIAL_BEGINS: i64 = 500_000;
const TRIAL_ENDS: i64 = 3_000_000;
/// So long it is judged whether less is lost, unless so many samples say before that it is not.
const TRIAL_LASTS: i64 = 2_500_000;
const SAMPLES_SAME: u32 = 2;
/// Samples over which it is learned what the network loses by itself.
const LEARNING: f64 = 64.0;
const LEARNING_MORE: f64 = 16.0;
/// Loss that falls less than to this share has not become less.
const SAME: f64 = 0.5;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::Sent;

    /// What is advised when of packets every 5 ms those are lost that `lost` says, while `sent` is sent by advice so far.
    fn advices(packets: u64, has_queue: bool, lost: impl Fn(u64, bool) -> bool) -> Vec<Advice> {
        let (mut history, mut loss) = (History::new(), Loss::new());
        let mut advices = Vec::new();
        let mut is_trying = false;
        for number in 0..packets {
            let at = number as i64 * 5000;
            history.push(Sent { number, at, bytes: 1000, probe: None, probed: 0, has_arrived: false });
            if lost(number, is_trying) {
                continue;
            }
            history.arrive(number);
            if let Some(sample) = loss.observe(&history, at, 150_000) {
                let sent = if is_trying { 600_000.0 } else { 1_000_000.0 };
                let advice = loss.judge(sample, has_queue, 1_000_000.0, sent);
                is_trying = is_trying && !matches!(advice, Advice::Restore(_)) || advice == Advice::Try;
                if advice != Advice::Nothing {
                    advices.push(advice);
                }
            }
        }
        advices
    }

    #[test]
    fn a_network_that_always_loses_a_share_is_found_out_once() {
        let lost = |n: u64, _| n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32 & 0xff < 51;
        assert_eq!(advices(4000, false, lost), [Advice::Try, Advice::Restore(1_000_000.0)]);
    }

    #[test]
    fn less_stays_less_where_that_ends_the_loss() {
        assert_eq!(advices(4000, false, |n, is_trying| !is_trying && n % 3 == 0), [Advice::Try]);
    }

    #[test]
    fn loss_with_a_queue_is_congestion() {
        assert_eq!(advices(200, true, |n, _| n % 8 == 0)[0], Advice::Congested);
    }

    #[test]
    fn an_outage_and_single_losses_are_not_congestion() {
        assert_eq!(advices(4000, false, |n, _| (500..900).contains(&n) || n % 50 == 0), []);
    }
}
