//! How much flows: bytes over the last second in steps of 20 ms.

/// Bytes by time. Time is in µs on any one clock and may jump.
#[derive(Debug, Clone)]
pub(crate) struct Flow {
    steps: [u32; STEPS as usize],
    /// The step that is being filled, and the first one there was.
    newest: Option<(i64, i64)>,
}

impl Flow {
    pub(crate) fn new() -> Self {
        Self { steps: [0; STEPS as usize], newest: None }
    }

    pub(crate) fn observe(&mut self, at: i64, bytes: u32) {
        let step = at.div_euclid(STEP);
        let (newest, first) = match self.newest {
            Some((newest, first)) if step > newest - STEPS && step < newest + FORGET => (newest, first),
            _ => {
                self.steps = [0; STEPS as usize];
                (step, step)
            }
        };
        for skipped in newest + 1..=step.min(newest + STEPS) {
            self.steps[place(skipped)] = 0;
        }
        self.steps[place(step)] = self.steps[place(step)].saturating_add(bytes);
        self.newest = Some((newest.max(step), first));
    }

    /// Bits a second over so many µs before the step that is being filled, or over what there is of them, but at least over
    /// half of them.
    pub(crate) fn rate(&self, over: i64) -> Option<u64> {
        let (newest, first) = self.newest?;
        self.rate_before(newest, first, over)
    }

    /// The same as of a time, at which nothing may have flowed for a while.
    pub(crate) fn rate_at(&self, at: i64, over: i64) -> Option<u64> {
        let (newest, first) = self.newest?;
        self.rate_before(at.div_euclid(STEP).max(newest), first, over)
    }

    fn rate_before(&self, end: i64, first: i64, over: i64) -> Option<u64> {
        let (newest, _) = self.newest?;
        let wanted = (over / STEP).clamp(1, STEPS - 1);
        let steps = wanted.min(end - first);
        if steps * 2 < wanted {
            return None;
        }
        let oldest = (end - steps).max(newest - STEPS + 1);
        let bytes: u64 = (oldest..end.min(newest + 1)).map(|step| u64::from(self.steps[place(step)])).sum();
        Some(bytes * 8 * 1_000_000 / (steps * STEP) as u64)
    }
}

fn place(step: i64) -> usize {
    step.rem_euclid(STEPS) as usize
}

const STEP: i64 = 20_000;
const STEPS: i64 = 64;
/// After so many steps without anything, it begins anew.
const FORGET: i64 = 500;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_steady_flow_is_what_it_is_over_any_time() {
        let mut flow = Flow::new();
        for n in 0..500 {
            flow.observe(n * 4000, 500);
        }
        for over in [100_000, 200_000, 500_000, 1_000_000] {
            assert_eq!(flow.rate(over), Some(1_000_000));
        }
        assert_eq!(flow.rate_at(2_250_000, 500_000), Some(520_000), "for 240 of 500 ms nothing flowed");
        assert_eq!(flow.rate_at(9_000_000, 500_000), Some(0));
    }

    #[test]
    fn nothing_is_said_before_enough_was_seen() {
        let mut flow = Flow::new();
        assert_eq!(flow.rate(200_000), None);
        flow.observe(0, 500);
        flow.observe(80_000, 500);
        assert_eq!(flow.rate(200_000), None);
        flow.observe(100_000, 500);
        assert_eq!(flow.rate(200_000), Some(80_000));
    }

    proptest! {
        #[test]
        fn any_times_are_taken(events in prop::collection::vec((prop_oneof![-1i64 << 50..1 << 50, -3_000_000i64..3_000_000], any::<u32>()), 0..100), over in 0..2_000_000i64) {
            let mut flow = Flow::new();
            for (at, bytes) in events {
                flow.observe(at, bytes);
                let _ = (flow.rate(over), flow.rate_at(at, over));
            }
        }
    }
}
