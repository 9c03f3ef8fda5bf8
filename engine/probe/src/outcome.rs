//! What follows from the figures of both ends.

use rtc_protocol::{ProbeFindings, ProbeTrain};

/// What came of a test: the fields of the native `TRTCSpeedTestResult`, but for its words about failures.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Whether anything came back at all.
    pub success: bool,
    /// The client's address as the engine saw it; empty where nothing arrived.
    pub address: String,
    /// `TRTCQuality`: see [`Outcome::quality_of`].
    pub quality: u8,
    /// Lost on the way up, 0 to 1.
    pub up_lost: f32,
    /// Lost on the way down, 0 to 1.
    pub down_lost: f32,
    /// The median round trip, milliseconds.
    pub rtt_ms: u32,
    /// What the way up takes, kilobits a second, of the rate that was tried; 0 where none was.
    pub up_kbps: u32,
    /// What the way down takes, as above.
    pub down_kbps: u32,
    /// Jitter on the way up, milliseconds.
    pub up_jitter_ms: u32,
    /// Jitter on the way down, milliseconds.
    pub down_jitter_ms: u32,
}

/// What the client has seen.
#[derive(Debug)]
pub(crate) struct Seen<'a> {
    pub(crate) echoes: u32,
    pub(crate) answers: u32,
    pub(crate) round_trips_us: &'a [u64],
    pub(crate) jitter_ms: f32,
    pub(crate) down: ProbeTrain,
    pub(crate) tried_up: bool,
    pub(crate) tried_down: bool,
}

/// The most of round trip (ms), loss of the worse way (0 to 1) and jitter of the worse way (ms) for each quality from 1 on.
/// Beyond the last it is 5. They follow ITU-T G.114 (150 ms one way is good, 400 ms the most) and what Opus and video with
/// retransmission stand.
const QUALITIES: [(u32, f32, u32); 4] = [(100, 0.01, 20), (200, 0.03, 40), (400, 0.08, 80), (800, 0.2, 160)];
const VERY_BAD: u8 = 5;
const DOWN: u8 = 6;

impl Outcome {
    pub(crate) fn new(seen: &Seen<'_>, findings: &ProbeFindings) -> Self {
        let mut sorted = seen.round_trips_us.to_vec();
        sorted.sort_unstable();
        let median_us = sorted.get(sorted.len() / 2).copied();
        let whole = |ms: f32| ms.round().clamp(0.0, u32::MAX as f32) as u32;
        let mut outcome = Self {
            success: median_us.is_some(),
            address: findings.address.clone(),
            quality: DOWN,
            up_lost: lost(seen.echoes, findings.echoes),
            down_lost: lost(findings.echoes, seen.answers),
            rtt_ms: median_us.map_or(0, |us| whole(us as f32 / 1000.0)),
            up_kbps: if seen.tried_up { kbps(findings.up) } else { 0 },
            down_kbps: if seen.tried_down { kbps(seen.down) } else { 0 },
            up_jitter_ms: whole(findings.up_jitter_ms),
            down_jitter_ms: whole(seen.jitter_ms),
        };
        if outcome.success {
            let (loss, jitter) = (outcome.up_lost.max(outcome.down_lost), outcome.up_jitter_ms.max(outcome.down_jitter_ms));
            outcome.quality = Self::quality_of(outcome.rtt_ms, loss, jitter);
        }
        outcome
    }

    /// The quality of a network that answers, as `TRTCQuality` counts it: 1 excellent, 2 good, 3 poor, 4 bad, 5 very bad. Where
    /// nothing comes back it is 6, down.
    ///
    /// | | round trip | loss | jitter |
    /// | --- | --- | --- | --- |
    /// | 1 | 100 ms | 1 % | 20 ms |
    /// | 2 | 200 ms | 3 % | 40 ms |
    /// | 3 | 400 ms | 8 % | 80 ms |
    /// | 4 | 800 ms | 20 % | 160 ms |
    ///
    /// Each is the most for that quality, and all three must hold. The original's own thresholds are not public.
    pub fn quality_of(rtt_ms: u32, lost: f32, jitter_ms: u32) -> u8 {
        let holds = |(rtt, loss, jitter): &(u32, f32, u32)| rtt_ms <= *rtt && lost <= *loss && jitter_ms <= *jitter;
        QUALITIES.iter().position(holds).map_or(VERY_BAD, |index| index as u8 + 1)
    }
}

/// What part of `sent` is missing. Where nothing was sent nothing is known to be lost.
fn lost(sent: u32, arrived: u32) -> f32 {
    if sent == 0 { 0.0 } else { sent.saturating_sub(arrived) as f32 / sent as f32 }
}

/// The rate at which a train arrived. Its span lies between its first and its last datagram, so the first does not count.
fn kbps(train: ProbeTrain) -> u32 {
    if train.datagrams < 2 || train.span_us == 0 {
        return 0;
    }
    let counted = train.bytes - train.bytes / u64::from(train.datagrams);
    u32::try_from(counted.saturating_mul(8_000) / train.span_us).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_of_the_figures_decides() {
        assert_eq!(Outcome::quality_of(100, 0.01, 20), 1);
        assert_eq!(Outcome::quality_of(101, 0.0, 0), 2);
        assert_eq!(Outcome::quality_of(10, 0.05, 0), 3);
        assert_eq!(Outcome::quality_of(10, 0.0, 120), 4);
        assert_eq!(Outcome::quality_of(10, 0.21, 0), 5);
    }

    #[test]
    fn a_client_that_says_strange_things_gets_strange_figures_and_no_panic() {
        let train = ProbeTrain { datagrams: u32::MAX, bytes: u64::MAX, span_us: 1 };
        assert_eq!(kbps(train), u32::MAX);
        assert_eq!(kbps(ProbeTrain { datagrams: 2, bytes: 0, span_us: 0 }), 0);
        assert_eq!(lost(3, 9), 0.0);
    }
}
