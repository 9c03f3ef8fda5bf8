//! Packets that came before the engine said whose they are: media and signaling are two ways, and either may be faster.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use crate::{Incoming, Line};

/// Packets that are held for a line: a key frame with some to spare.
const MOST: usize = 128;
/// What waits longer was not for the next source.
const LONGEST: Duration = Duration::from_millis(500);

#[derive(Debug, Default)]
pub(super) struct Held {
    packets: BTreeMap<Line, VecDeque<Incoming>>,
}

impl Held {
    pub(super) fn hold(&mut self, line: Line, packet: Incoming) {
        let packets = self.packets.entry(line).or_default();
        if packets.len() >= MOST {
            packets.pop_front();
        }
        packets.push_back(packet);
    }

    /// What waited on a line, without what waited too long.
    pub(super) fn take(&mut self, now: Instant, line: Line) -> impl Iterator<Item = Incoming> + use<> {
        let packets = self.packets.remove(&line).unwrap_or_default();
        packets.into_iter().filter(move |packet| now.saturating_duration_since(packet.arrived) <= LONGEST)
    }

    pub(super) fn clear(&mut self) {
        self.packets.clear();
    }
}
