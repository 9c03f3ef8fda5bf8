//! Whether delays grow: the slope of a line through them, against a threshold that gets used to what is normal on a network
//! (draft-ietf-rmcat-gcc-02 section 5, with a line by least squares in place of the Kalman filter).

use crate::groups::Group;

/// What delays do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Usage {
    /// They stay.
    #[default]
    Normal,
    /// They grow: more is sent than gets through.
    Over,
    /// They shrink: a queue empties.
    Under,
}

/// The line.
#[derive(Debug)]
pub(crate) struct Trend {
    last: Option<Group>,
    /// Arrival of the first group, which times are counted from so that they stay precise. µs.
    origin: i64,
    groups: u32,
    /// Delay against the first group, and the same smoothed. ms.
    delay: f64,
    smoothed: f64,
    /// Arrival and smoothed delay of the groups seen last, in ms.
    points: [(f64, f64); POINTS],
    slope: f64,
    threshold: f64,
    threshold_at: i64,
    /// For how long, in ms, and in how many groups, the slope has been beyond the threshold.
    over: (f64, u32),
    usage: Usage,
}

impl Trend {
    pub(crate) fn new() -> Self {
        Self {
            last: None,
            origin: 0,
            groups: 0,
            delay: 0.0,
            smoothed: 0.0,
            points: [(0.0, 0.0); POINTS],
            slope: 0.0,
            threshold: THRESHOLD,
            threshold_at: 0,
            over: (0.0, 0),
            usage: Usage::Normal,
        }
    }

    pub(crate) fn usage(&self) -> Usage {
        self.usage
    }

    /// ms by which delay grows each ms.
    pub(crate) fn slope(&self) -> f64 {
        self.slope
    }

    /// A group is complete.
    pub(crate) fn observe(&mut self, group: &Group) {
        let Some(last) = self.last.replace(*group) else {
            self.origin = group.last_arrived;
            self.threshold_at = group.last_arrived;
            return;
        };
        let sent = (group.last_sent - last.last_sent) as f64 / 1000.0;
        let arrived = (group.last_arrived - last.last_arrived) as f64 / 1000.0;
        self.delay += arrived - sent;
        self.smoothed = SMOOTHING * self.smoothed + (1.0 - SMOOTHING) * self.delay;
        let point = ((group.last_arrived - self.origin) as f64 / 1000.0, self.smoothed);
        self.points[self.groups as usize % POINTS] = point;
        self.groups = self.groups.saturating_add(1);
        let before = self.slope;
        if self.groups as usize >= POINTS {
            self.slope = slope(&self.points).unwrap_or(before);
        }
        self.judge(before, sent, group.last_arrived);
    }

    fn judge(&mut self, before: f64, sent: f64, arrived: i64) {
        let trend = f64::from(self.groups.min(GROUPS_COUNTED)) * self.slope * GAIN;
        if trend > self.threshold {
            let (time, groups) = self.over;
            self.over = (if groups == 0 { sent / 2.0 } else { time + sent }, groups.saturating_add(1));
            // Once is no trend, and what is getting better is none either.
            if self.over.0 > OVER_LEAST && self.over.1 > 1 && self.slope >= before {
                self.usage = Usage::Over;
                self.over = (0.0, 0);
            }
        } else {
            self.over = (0.0, 0);
            self.usage = if trend < -self.threshold { Usage::Under } else { Usage::Normal };
        }
        self.adapt(trend.abs(), arrived);
    }

    /// Section 5.4: quickly down and slowly up, so that a flow that fills queues does not starve this one. A jump says nothing
    /// of what is normal.
    fn adapt(&mut self, trend: f64, arrived: i64) {
        let passed = ((arrived - self.threshold_at) as f64 / 1000.0).clamp(0.0, 100.0);
        self.threshold_at = arrived;
        if trend > self.threshold + JUMP {
            return;
        }
        let gain = if trend < self.threshold { GAIN_DOWN } else { GAIN_UP };
        self.threshold = (self.threshold + gain * (trend - self.threshold) * passed).clamp(THRESHOLD_LEAST, THRESHOLD_MOST);
    }
}

fn slope(points: &[(f64, f64)]) -> Option<f64> {
    let count = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0, y + point.1));
    let (x, y) = (x / count, y / count);
    let (above, below) = points.iter().fold((0.0, 0.0), |(above, below), point| {
        let away = point.0 - x;
        (above + away * (point.1 - y), below + away * away)
    });
    (below > 0.0).then(|| above / below)
}

const POINTS: usize = 20;
const SMOOTHING: f64 = 0.9;
/// The slope is weighed by how many groups there were, up to so many, and by a gain: so thresholds are in the order of ms.
const GROUPS_COUNTED: u32 = 60;
const GAIN: f64 = 4.0;
const THRESHOLD: f64 = 12.5;
const THRESHOLD_LEAST: f64 = 6.0;
const THRESHOLD_MOST: f64 = 600.0;
const GAIN_UP: f64 = 0.0087;
const GAIN_DOWN: f64 = 0.039;
const JUMP: f64 = 15.0;
/// ms.
const OVER_LEAST: f64 = 10.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::groups::Groups;

    /// What is said of packets every 10 ms with these delays in ms.
    fn usages(delays: impl IntoIterator<Item = f64>) -> Vec<Usage> {
        let (mut groups, mut trend) = (Groups::default(), Trend::new());
        let mut said = Vec::new();
        for (n, delay) in delays.into_iter().enumerate() {
            let sent = n as i64 * 10_000;
            if let Some(group) = groups.observe(sent, sent + (delay * 1000.0) as i64, 1000) {
                trend.observe(&group);
                said.push(trend.usage());
            }
        }
        said
    }

    #[test]
    fn a_growing_queue_is_seen_within_a_quarter_of_a_second_and_its_end_as_well() {
        let up = (0..100).map(|n| 50.0 + f64::max(0.0, n as f64 - 50.0) * 5.0);
        let said = usages(up.chain((0..60).map(|n| 300.0 - n as f64 * 4.0)));
        assert!(said[..50].iter().all(|usage| *usage == Usage::Normal), "{said:?}");
        assert!(said[50..75].contains(&Usage::Over), "{said:?}");
        assert_eq!(said.last(), Some(&Usage::Under));
    }

    #[test]
    fn delays_that_come_and_go_are_normal() {
        let said = usages((0..500).map(|n| 50.0 + (n * 7919 % 13) as f64));
        assert!(said.iter().all(|usage| *usage == Usage::Normal));
    }
}
