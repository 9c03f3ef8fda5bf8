//! The rows of the scenario: the levels of bad networks for which TRTC publishes that calls and live shows survive them, or
//! how they then sound, and others that networks are like. They are facts; nothing is measured here.

use std::time::Duration;

use clap::builder::PossibleValuesParser;
use rtc_wire::{Bursts, Direction, Jitter, Loss, Outage, Profile as Impairment, Rate, Reorder};
use serde::{Serialize, Serializer};

use super::super::conversation::Web;
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
    /// Whether the way back is as bad.
    pub(super) is_both: bool,
    /// Whether packets are lost in bursts: a sixth of them, ten in a row.
    pub(super) has_bursts: bool,
    /// Percent of packets that are held back for 100 ms, so that others overtake them.
    pub(super) reordered: u32,
    /// Percent of packets that arrive twice.
    pub(super) doubled: u32,
    /// What happens meanwhile.
    pub(super) change: Change,
    /// Who is a browser.
    pub(super) web: Web,
    #[serde(skip)]
    pub(super) published: Published,
}

/// What happens to a network during the speech.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) enum Change {
    /// It stays as it is.
    None,
    /// Nothing gets through either way for so many seconds.
    Outage(u64),
    /// It carries 2 Mbit/s, then 300 kbit/s for ten seconds, then 2 Mbit/s again.
    Narrow,
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
    is_both: false,
    has_bursts: false,
    reordered: 0,
    doubled: 0,
    change: Change::None,
    web: Web::Nobody,
    published: Published::Sound { mos: PUBLISHED_BEST, delay_ms: 186 },
};
const BOTH: Row = Row { is_both: true, ..UP };
const WEB_SPEAKS: Row = Row { web: Web::Speaker, ..BOTH };
const WEB_HEARS: Row = Row { web: Web::Listener, direction: Direction::Down, ..BOTH };
const UP: Row = Row { published: Published::Nothing, ..CALL };
const UP_LIMIT: Row = Row { published: Published::Limit, ..CALL };
const DOWN_LIMIT: Row = Row { direction: Direction::Down, ..UP_LIMIT };
const LIVE: Row = Row { name: "live", is_live: true, published: Published::Nothing, ..CALL };
const LIVE_UP_LIMIT: Row = Row { is_live: true, ..UP_LIMIT };

/// All rows. The unimpaired one of a scene comes before the others of it, which are compared with it.
pub(super) const ROWS: [Row; 39] = [
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
    Row { name: "call-both-loss-20", loss: 20, ..BOTH },
    Row { name: "call-both-loss-50", loss: 50, ..BOTH },
    Row { name: "call-up-bursts", has_bursts: true, ..UP },
    Row { name: "call-down-bursts", has_bursts: true, direction: Direction::Down, ..UP },
    Row { name: "call-outage-1", change: Change::Outage(1), ..BOTH },
    Row { name: "call-outage-5", change: Change::Outage(5), ..BOTH },
    Row { name: "call-outage-20", change: Change::Outage(20), ..BOTH },
    Row { name: "call-up-narrow", change: Change::Narrow, ..UP },
    Row { name: "call-down-narrow", change: Change::Narrow, direction: Direction::Down, ..UP },
    Row { name: "call-reordered", reordered: 20, ..BOTH },
    Row { name: "call-doubled", doubled: 20, ..BOTH },
    Row { name: "web-speaks", ..WEB_SPEAKS },
    Row { name: "web-speaks-both-loss-20", loss: 20, ..WEB_SPEAKS },
    Row { name: "web-speaks-both-loss-50", loss: 50, ..WEB_SPEAKS },
    Row { name: "web-hears", ..WEB_HEARS },
    Row { name: "web-hears-both-loss-20", loss: 20, ..WEB_HEARS },
    Row { name: "web-hears-both-loss-50", loss: 50, ..WEB_HEARS },
    LIVE,
    Row { name: "live-both-loss-50", is_live: true, loss: 50, ..BOTH },
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
    /// What happens to packets in its direction from the beginning on.
    pub(super) fn impairment(&self) -> Impairment {
        let loss = f64::from(self.loss) / 100.0;
        let reorder = match self.reordered {
            0 => Reorder::default(),
            percent => Reorder { share: f64::from(percent) / 100.0, by: Duration::from_millis(100) },
        };
        let kilobits = if self.change == Change::Narrow { Some(2000) } else { self.kilobits };
        Impairment {
            loss: if self.has_bursts { Loss::Bursts(BURSTS) } else { Loss::Uniform(loss) },
            rate: kilobits.map(rate),
            delay: Duration::from_millis(self.delay_ms),
            jitter: Jitter { most: Duration::from_millis(self.jitter_ms), ..Jitter::default() },
            reorder,
            duplicate: f64::from(self.doubled) / 100.0,
            ..Impairment::default()
        }
    }

    /// What it is changed to, and how long after the speech has begun.
    pub(super) fn changes(&self) -> Vec<(Duration, Impairment)> {
        let at = Duration::from_secs;
        match self.change {
            Change::None => Vec::new(),
            Change::Outage(seconds) => {
                let outage = Impairment { outage: Outage::Always, ..self.impairment() };
                vec![(at(4), outage), (at(4 + seconds), self.impairment())]
            }
            Change::Narrow => {
                let narrow = Impairment { rate: Some(rate(300)), ..self.impairment() };
                vec![(at(6), narrow), (at(16), self.impairment())]
            }
        }
    }

    /// How long nothing gets through.
    pub(super) fn outage(&self) -> Option<Duration> {
        if let Change::Outage(seconds) = self.change { Some(Duration::from_secs(seconds)) } else { None }
    }

    /// Whether anything happens to packets.
    pub(super) fn is_impaired(&self) -> bool {
        self.impairment() != Impairment { loss: Loss::Uniform(0.0), ..Impairment::default() } || self.change != Change::None
    }

    /// Whether it is the unimpaired row that another one is compared with.
    pub(super) fn is_beside(&self, other: &Self) -> bool {
        !self.is_impaired() && (self.is_live, self.web) == (other.is_live, other.web)
    }

    /// In words.
    pub(super) fn what(&self) -> String {
        let mut parts = Vec::new();
        parts.extend((self.loss > 0).then(|| format!("{} % loss", self.loss)));
        parts.extend(self.has_bursts.then(|| "loss in bursts".to_owned()));
        parts.extend((self.jitter_ms > 0).then(|| format!("{} ms jitter", self.jitter_ms)));
        parts.extend((self.delay_ms > 0).then(|| format!("{} ms delay", self.delay_ms)));
        parts.extend((self.reordered > 0).then(|| format!("{} % overtaken", self.reordered)));
        parts.extend((self.doubled > 0).then(|| format!("{} % twice", self.doubled)));
        parts.extend(self.kilobits.map(|kilobits| format!("{kilobits} kbit/s")));
        match self.change {
            Change::None => {}
            Change::Outage(seconds) => parts.push(format!("outage of {seconds} s")),
            Change::Narrow => parts.push("2 Mbit/s, 300 kbit/s, 2 Mbit/s".into()),
        }
        let way = if self.is_both { "both ways" } else { way(self.direction) };
        let what = if parts.is_empty() { "no impairment".into() } else { format!("{way} {}", parts.join(" + ")) };
        match self.web {
            Web::Nobody => what,
            Web::Speaker => format!("Chromium to native, {what}"),
            Web::Listener => format!("native to Chromium, {what}"),
        }
    }
}

/// A network that is good for fifty packets on average and then bad for ten.
const BURSTS: Bursts = Bursts { begin: 0.02, end: 0.1, loss_between: 0.0, loss_within: 1.0 };

const fn rate(kilobits: u64) -> Rate {
    Rate { bits_per_second: kilobits * 1000, queue: QUEUE }
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
            assert!(scene[1..].iter().all(|row| row.is_impaired() || row.web != Web::Nobody));
        }
        let names: std::collections::BTreeSet<&str> = ROWS.iter().map(|row| row.name).collect();
        assert_eq!(names.len(), ROWS.len());
        assert!(QUICK.iter().all(|name| names.contains(name)));
    }
}
