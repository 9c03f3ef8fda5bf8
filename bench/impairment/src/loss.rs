//! Whether the network is in a bad time. It knows no packets.

use crate::chance::Chance;
use crate::profile::Loss;

/// A model of loss with what it remembers.
#[derive(Debug)]
pub(crate) struct Losing {
    model: Loss,
    is_bad: bool,
}

impl Losing {
    pub(crate) fn new(model: Loss) -> Self {
        Self { model, is_bad: false }
    }

    /// Whether the next packet is lost.
    pub(crate) fn strikes(&mut self, chance: &mut Chance) -> bool {
        match self.model {
            Loss::None => false,
            Loss::Uniform(share) => chance.strikes(share),
            Loss::Bursts(bursts) => {
                let changes = if self.is_bad { bursts.end } else { bursts.begin };
                self.is_bad ^= chance.strikes(changes);
                chance.strikes(if self.is_bad { bursts.loss_within } else { bursts.loss_between })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Bursts;

    #[test]
    fn bursts_are_as_long_and_as_rare_as_they_are_said_to_be() {
        let bursts = Bursts { begin: 0.02, end: 0.25, loss_between: 0.0, loss_within: 1.0 };
        let (mut losing, mut chance) = (Losing::new(Loss::Bursts(bursts)), Chance::new(1));
        let lost: Vec<bool> = (0..200_000).map(|_| losing.strikes(&mut chance)).collect();
        let count = lost.iter().filter(|lost| **lost).count() as f64;
        let begun = lost.windows(2).filter(|pair| !pair[0] && pair[1]).count() as f64;
        // 4 of 54 packets on average.
        assert!((count / 200_000.0 - 4.0 / 54.0).abs() < 0.004, "{count}");
        assert!((count / begun - 4.0).abs() < 0.2, "{}", count / begun);
    }

    #[test]
    fn a_network_may_lose_some_in_good_times_and_spare_some_in_bad_ones() {
        let bursts = Bursts { begin: 0.0, end: 0.0, loss_between: 0.1, loss_within: 1.0 };
        let share = |bursts| {
            let (mut losing, mut chance) = (Losing::new(Loss::Bursts(bursts)), Chance::new(2));
            (0..50_000).filter(|_| losing.strikes(&mut chance)).count() as f64 / 50_000.0
        };
        assert!((share(bursts) - 0.1).abs() < 0.01);
        let always_bad = Bursts { begin: 1.0, end: 0.0, loss_between: 0.0, loss_within: 0.6 };
        assert!((share(always_bad) - 0.6).abs() < 0.01);
    }
}
