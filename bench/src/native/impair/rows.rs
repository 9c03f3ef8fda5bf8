//! The rows of the scenario: the levels of bad networks for which TRTC publishes that calls and live shows survive them, or
//! how they then sound. They are facts; nothing is measured here.

use std::time::Duration;

use clap::builder::PossibleValuesParser;
use rtc_wire::{Direction, Jitter, Loss, Profile as Impairment, Rate};
use serde::{Serialize, Serializer};

use super::way;

/// How much may wait for a slow link. Publications say nothing of it; home routers hold about this much.
const QUEUE: Duration = Duration::from_millis(500);

/// One network.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    pub(super) name: &'static str,
    /// A live show with its larger picture instead of a call.
    pub(super) is_live: bool,
    #[serde(serialize_with = "direction")]
    pub(super) direction: Direction,
    /// Percent of packets, each by itself.
    pub(super) loss: u32,
    /// The most, drawn evenly for each packet by itself; the order is not kept.
    pub(super) jitter_ms: u64,
    pub(super) delay_ms: u64,
    /// What the link carries, in kbit/s; without limit if nothing.
    pub(super) kilobits: Option<u64>,
    #[serde(skip)]
    pub(super) published: Published,
}

/// What is published for it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Published {
    Nothing,
    /// The most at which a call or a live show still works.
    Limit,
    /// MOS and delay, from one Android phone to another.
    Sound {
        mos: f64,
        delay_ms: u32,
    },
}

/// MOS without impairment, from which published drops are counted.
pub(super) const PUBLISHED_BEST: f64 = 4.75;

const CALL: Row = Row {
    name: "call",
    is_live: false,
    direction: Direction::Up,
    loss: 0,
    jitter_ms: 0,
    delay_ms: 0,
    kilobits: None,
    published: Published::Sound { mos: PUBLISHED_BEST, delay_ms: 186 },
};
const UP: Row = Row { published: Published::Nothing, ..CALL };
const UP_LIMIT: Row = Row { published: Published::Limit, ..CALL };
const DOWN_LIMIT: Row = Row { direction: Direction::Down, ..UP_LIMIT };
const LIVE: Row = Row { name: "live", is_live: true, published: Published::Nothing, ..CALL };
const LIVE_UP_LIMIT: Row = Row { is_live: true, ..UP_LIMIT };

/// All rows. The unimpaired one of a scene comes before the others of it, which are compared with it.
pub(super) const ROWS: [Row; 21] = [
    CALL,
    Row { name: "call-up-loss-50", loss: 50, ..UP },
    Row { name: "call-up-loss-65", loss: 65, ..UP_LIMIT },
    Row { name: "call-up-loss-75", loss: 75, published: Published::Sound { mos: 3.82, delay_ms: 571 }, ..UP },
    Row { name: "call-up-loss-80", loss: 80, ..UP },
    Row { name: "call-up-jitter-1700", jitter_ms: 1700, ..UP_LIMIT },
    Row { name: "call-up-jitter-2000", jitter_ms: 2000, published: Published::Sound { mos: 4.28, delay_ms: 1362 }, ..UP },
    Row {
        name: "call-up-loss-55-jitter-1200",
        loss: 55,
        jitter_ms: 1200,
        published: Published::Sound { mos: 3.59, delay_ms: 1570 },
        ..UP
    },
    Row { name: "call-up-loss-40-jitter-700", loss: 40, jitter_ms: 700, ..UP_LIMIT },
    Row { name: "call-up-loss-40-delay-700", loss: 40, delay_ms: 700, ..UP_LIMIT },
    Row { name: "call-up-rate-250", kilobits: Some(250), ..UP_LIMIT },
    Row { name: "call-down-loss-65", loss: 65, ..DOWN_LIMIT },
    Row { name: "call-down-jitter-1600", jitter_ms: 1600, ..DOWN_LIMIT },
    Row { name: "call-down-loss-40-jitter-700", loss: 40, jitter_ms: 700, ..DOWN_LIMIT },
    Row { name: "call-down-loss-40-delay-600", loss: 40, delay_ms: 600, ..DOWN_LIMIT },
    LIVE,
    Row { name: "live-up-loss-55", loss: 55, ..LIVE_UP_LIMIT },
    Row { name: "live-up-loss-20-jitter-300", loss: 20, jitter_ms: 300, ..LIVE_UP_LIMIT },
    Row { name: "live-up-loss-20-delay-350", loss: 20, delay_ms: 350, ..LIVE_UP_LIMIT },
    Row { name: "live-up-rate-500", kilobits: Some(500), ..LIVE_UP_LIMIT },
    Row { name: "live-down-loss-70", is_live: true, loss: 70, ..DOWN_LIMIT },
];

/// Those of a quick run.
pub(super) const QUICK: [&str; 3] = ["call", "call-up-loss-75", "call-down-loss-40-jitter-700"];

/// For the command line.
pub(super) fn names() -> PossibleValuesParser {
    ROWS.iter().map(|row| row.name).collect::<Vec<_>>().into()
}

impl Row {
    /// What happens to packets.
    pub(super) fn impairment(&self) -> Impairment {
        Impairment {
            loss: Loss::Uniform(f64::from(self.loss) / 100.0),
            rate: self.kilobits.map(|kilobits| Rate { bits_per_second: kilobits * 1000, queue: QUEUE }),
            delay: Duration::from_millis(self.delay_ms),
            jitter: Jitter { most: Duration::from_millis(self.jitter_ms), ..Jitter::default() },
            ..Impairment::default()
        }
    }

    /// Whether anything does.
    pub(super) fn is_impaired(&self) -> bool {
        self.loss > 0 || self.jitter_ms > 0 || self.delay_ms > 0 || self.kilobits.is_some()
    }

    /// In words.
    pub(super) fn what(&self) -> String {
        let mut parts = Vec::new();
        parts.extend((self.loss > 0).then(|| format!("{} % loss", self.loss)));
        parts.extend((self.jitter_ms > 0).then(|| format!("{} ms jitter", self.jitter_ms)));
        parts.extend((self.delay_ms > 0).then(|| format!("{} ms delay", self.delay_ms)));
        parts.extend(self.kilobits.map(|kilobits| format!("{kilobits} kbit/s")));
        if parts.is_empty() { "no impairment".into() } else { format!("{} {}", way(self.direction), parts.join(" + ")) }
    }
}

fn direction<S: Serializer>(direction: &Direction, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(way(*direction))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_scene_begins_with_its_unimpaired_row_and_names_tell_rows_apart() {
        for is_live in [false, true] {
            let scene: Vec<&Row> = ROWS.iter().filter(|row| row.is_live == is_live).collect();
            assert!(!scene[0].is_impaired());
            assert!(scene[1..].iter().all(|row| row.is_impaired()));
        }
        let names: std::collections::BTreeSet<&str> = ROWS.iter().map(|row| row.name).collect();
        assert_eq!(names.len(), ROWS.len());
        assert!(QUICK.iter().all(|name| names.contains(name)));
    }
}
