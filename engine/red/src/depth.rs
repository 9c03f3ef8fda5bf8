//! How many packets are repeated at a loss that reports tell; not what the repeating costs in bits, which the caller bounds.

use std::time::{Duration, Instant};

use crate::wire::MAX_BLOCKS;

/// The share of packets that may stay lost.
const LEFT: f32 = 0.004;

/// Below this, the codec's own correction is enough.
const HARDLY: f32 = 0.015;

/// What is sent grows by no more than this at once, so that it shows whether more makes the network lose more.
const GROWTH: usize = 8;

/// So many reports have to ask for less before it gets less.
const CALM: usize = 4;

/// How long it stays with less after more has made it worse, the first time and at most.
const HOLD: Duration = Duration::from_secs(20);
const LONGEST_HOLD: Duration = Duration::from_secs(320);

/// Follows the loss of one stream.
///
/// Loss that comes from too much being sent grows when more is sent. So after what is sent was at least doubled, the next
/// reports that cover only what was sent since are compared with those before: where loss has grown by half of what a full
/// pipe would make of it, it goes back, and stays there for a while; unless going back does not make it less, for then it was no pipe
/// that was full, but loss that grew at the same time.
#[derive(Debug, Clone, Default)]
pub struct Depth {
    earlier: usize,
    /// What the last reports asked for.
    wanted: [usize; CALM],
    /// What the last report told.
    loss: Option<f32>,
    /// What was before it was deepened, with the loss there was then, until it is judged.
    trial: Option<Trial>,
    /// The same once it has gone back, until that is judged.
    doubt: Option<Doubt>,
    /// No deeper than this until then.
    held: Option<(usize, Instant)>,
    hold: Duration,
}

#[derive(Debug, Clone)]
struct Trial {
    earlier: usize,
    /// What was lost before.
    loss: f32,
    /// What reports have said since. The first is partly about the time before.
    since: [f32; 3],
    reports: usize,
}

#[derive(Debug, Clone)]
struct Doubt {
    /// More than this, and it is no less than with more copies.
    bound: f32,
    since: [f32; 3],
    reports: usize,
}

impl Depth {
    /// How many earlier packets each packet carries from now on: 0 to 17.
    pub fn earlier(&self) -> usize {
        self.earlier
    }

    /// Takes the share of packets, 0.0 to 1.0, that was lost since the report before.
    pub fn handle_report(&mut self, now: Instant, loss: f32) {
        let loss = if loss.is_finite() { loss.clamp(0.0, 1.0) } else { 0.0 };
        self.doubt(loss);
        self.judge(now, loss);
        self.wanted.rotate_right(1);
        self.wanted[0] = needed(loss);
        let ceiling = match self.held {
            Some((earlier, until)) if now < until => earlier,
            _ => MAX_BLOCKS - 1,
        };
        let deepest = self.wanted.into_iter().max().unwrap_or(0).min(ceiling);
        if self.wanted[0] > self.earlier && ceiling > self.earlier {
            if self.trial.is_none() {
                let earlier = self.wanted[0].min(ceiling).min((self.earlier + 1) * GROWTH - 1);
                if earlier + 1 >= 2 * (self.earlier + 1) {
                    // Less than doubled, and what is random in the reports would say more than what was done.
                    let loss = self.loss.map_or(loss, |before| before.max(loss));
                    self.trial = Some(Trial { earlier: self.earlier, loss, since: [0.0; 3], reports: 0 });
                }
                self.earlier = earlier;
            }
        } else if deepest < self.earlier {
            self.earlier = deepest;
            self.trial = None;
        }
        self.loss = Some(loss);
    }

    fn doubt(&mut self, loss: f32) {
        let Some(doubt) = &mut self.doubt else { return };
        doubt.since[doubt.reports] = loss;
        doubt.reports += 1;
        if doubt.reports < doubt.since.len() {
            return;
        }
        if (doubt.since[1] + doubt.since[2]) / 2.0 > doubt.bound {
            (self.held, self.hold) = (None, Duration::ZERO);
        }
        self.doubt = None;
    }

    fn judge(&mut self, now: Instant, loss: f32) {
        let Some(trial) = &mut self.trial else { return };
        trial.since[trial.reports] = loss;
        trial.reports += 1;
        if trial.reports < trial.since.len() {
            return;
        }
        let loss = (trial.since[1] + trial.since[2]) / 2.0;
        let ratio = (trial.earlier + 1) as f32 / (self.earlier + 1) as f32;
        let full = 1.0 - (1.0 - trial.loss) * ratio;
        let bound = (trial.loss + full) / 2.0;
        if loss > bound {
            self.doubt = Some(Doubt { bound, since: [0.0; 3], reports: 0 });
            self.earlier = trial.earlier;
            self.hold = (self.hold * 2).clamp(HOLD, LONGEST_HOLD);
            self.held = Some((trial.earlier, now + self.hold));
        } else {
            self.hold = Duration::ZERO;
        }
        self.trial = None;
    }
}

/// How many copies beside the packet itself leave hardly any lost, if each is lost by itself.
fn needed(loss: f32) -> usize {
    if loss < HARDLY {
        return 0;
    }
    let copies = LEFT.ln() / loss.min(0.999).ln();
    // At least 1, and a small number.
    (copies.ceil().max(2.0) as usize - 1).min(MAX_BLOCKS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reports a network's loss every second, half of what was sent before the last report.
    fn run(depth: &mut Depth, now: &mut Instant, seconds: u64, loss: impl Fn(usize) -> f32) -> usize {
        let mut before = depth.earlier();
        for _ in 0..seconds {
            *now += Duration::from_secs(1);
            let seen = (loss(before) + loss(depth.earlier())) / 2.0;
            before = depth.earlier();
            depth.handle_report(*now, seen);
        }
        depth.earlier()
    }

    #[test]
    fn the_more_is_lost_the_more_is_repeated() {
        let wanted = [0.0, 0.01, 0.02, 0.1, 0.2, 0.5, 0.65, 0.75, 0.8, 1.0].map(needed);
        assert_eq!(wanted, [0, 0, 1, 2, 3, 7, 12, 17, 17, 17]);
    }

    #[test]
    fn random_loss_is_answered_within_seconds_and_forgotten_when_it_is_over() {
        let (mut depth, mut now) = (Depth::default(), Instant::now());
        assert_eq!(run(&mut depth, &mut now, 20, |_| 0.0), 0);
        assert_eq!(run(&mut depth, &mut now, 1, |_| 0.75), 7);
        assert_eq!(run(&mut depth, &mut now, 3, |_| 0.75), 17);
        assert_eq!(run(&mut depth, &mut now, 60, |_| 0.75), 17);
        assert_eq!(run(&mut depth, &mut now, 3, |_| 0.0), 17, "three good reports say little");
        assert_eq!(run(&mut depth, &mut now, 1, |_| 0.0), 0);
    }

    #[test]
    fn loss_that_wavers_does_not_make_it_waver() {
        let (mut depth, mut now) = (Depth::default(), Instant::now());
        run(&mut depth, &mut now, 20, |_| 0.5);
        for loss in [0.48, 0.52, 0.45, 0.5, 0.47, 0.51, 0.46, 0.49] {
            assert!((7..=8).contains(&run(&mut depth, &mut now, 2, |_| loss)));
        }
    }

    #[test]
    fn a_full_pipe_is_not_filled_further() {
        // Each copy takes an eighth of what goes through.
        let full = |earlier: usize| (1.0 - 8.0 / (6.0 + (earlier + 1) as f32)).max(0.03);
        let (mut depth, mut now) = (Depth::default(), Instant::now());
        let mut copies = 0;
        for _ in 0..150 {
            copies += run(&mut depth, &mut now, 1, full);
        }
        assert!(copies < 150 * 3, "{copies}");
    }

    #[test]
    fn a_pipe_that_holds_nothing_more_is_tried_ever_more_seldom() {
        let full = |earlier: usize| 1.0 - 0.9 / (earlier + 1) as f32;
        let (mut depth, mut now) = (Depth::default(), Instant::now());
        let mut deep = 0;
        for _ in 0..300 {
            deep += usize::from(run(&mut depth, &mut now, 1, full) > 0);
        }
        assert!((2..=20).contains(&deep), "{deep} of 300 reports found it deep");
    }

    #[test]
    fn loss_that_grows_just_after_more_was_sent_is_not_blamed_on_that_for_long() {
        let (mut depth, mut now) = (Depth::default(), Instant::now());
        assert_eq!(run(&mut depth, &mut now, 20, |_| 0.0), 0);
        assert_eq!(run(&mut depth, &mut now, 1, |_| 0.04), 1, "one report has seen the first of it");
        assert_eq!(run(&mut depth, &mut now, 3, |_| 0.5), 0, "it looks as if the copy had done that");
        assert_eq!(run(&mut depth, &mut now, 2, |_| 0.5), 0);
        assert_eq!(run(&mut depth, &mut now, 1, |_| 0.5), 7, "it had not");
        assert_eq!(run(&mut depth, &mut now, 60, |_| 0.5), 7);
    }

    #[test]
    fn nonsense_is_taken_for_no_loss() {
        let mut depth = Depth::default();
        for loss in [f32::NAN, -1.0, f32::NEG_INFINITY] {
            depth.handle_report(Instant::now(), loss);
        }
        assert_eq!(depth.earlier(), 0);
    }
}
