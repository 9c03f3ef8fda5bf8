//! Which packets belong to the stream, and where in it; not when they are played.

/// Sequence numbers that are remembered, to tell a packet that comes again from one that comes late.
const REMEMBERED: i64 = 1024;

/// A packet whose number differs more is none of this stream until a second one agrees with it.
const MAX_SEQUENCE_JUMP: i64 = 3000;

/// Likewise for the time it says it needed, in frames: 5 s.
const MAX_TRANSIT_JUMP: i64 = 5 * 48_000;

/// A packet's place in the stream, with numbers that do not wrap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) sequence: i64,
    /// The timestamp of its first frame.
    pub(super) start: i64,
}

/// What an arrival is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// One of the stream. `missing` packets between it and the newest before it have not come.
    New { place: Place, missing: u32 },
    /// One that has come before.
    Duplicate,
    /// One that fits nothing known.
    Stray,
    /// The second of a new stream, which takes the place of the old one.
    Restart { place: Place },
}

/// Follows one stream of RTP packets (RFC 3550 appendix A.1 has the idea of probation).
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    newest: Option<Newest>,
    /// A stray packet, which is believed when the next one continues it.
    stray: Option<(u16, u32)>,
    /// Expected packets of earlier streams that never came.
    lost_before: u64,
}

#[derive(Debug)]
struct Newest {
    place: Place,
    /// Arrival minus timestamp of the packet accepted last.
    transit: i64,
    first: i64,
    received: u64,
    seen: [u64; (REMEMBERED / 64) as usize],
}

impl Arrivals {
    /// Sorts a packet that arrived at frame `now` of the receiver's clock.
    pub(super) fn sort(&mut self, sequence: u16, timestamp: u32, now: i64) -> Sort {
        let Some(newest) = &mut self.newest else {
            let place = Place { sequence: i64::from(sequence), start: i64::from(timestamp) };
            self.newest = Some(Newest::new(place, now));
            return Sort::New { place, missing: 0 };
        };
        let place = newest.place_of(sequence, timestamp);
        let transit = now - place.start;
        let plausible = (place.sequence - newest.place.sequence).abs() <= MAX_SEQUENCE_JUMP
            && (transit - newest.transit).abs() <= MAX_TRANSIT_JUMP;
        if !plausible {
            let expected = self.stray.map(|(sequence, _)| sequence.wrapping_add(1));
            let near = self.stray.is_some_and(|(_, earlier)| timestamp.wrapping_sub(earlier) <= 48_000);
            if expected != Some(sequence) || !near {
                self.stray = Some((sequence, timestamp));
                return Sort::Stray;
            }
            self.stray = None;
            self.lost_before += newest.lost();
            self.newest = Some(Newest::new(place, now));
            return Sort::Restart { place };
        }
        if newest.has_seen(place.sequence) {
            return Sort::Duplicate;
        }
        self.stray = None;
        newest.transit = transit;
        newest.received += 1;
        let ahead = place.sequence - newest.place.sequence;
        newest.see(place);
        // At most 3000.
        Sort::New { place, missing: (ahead - 1).max(0) as u32 }
    }

    /// Packets that should have come and have not.
    pub(super) fn lost(&self) -> u64 {
        self.lost_before + self.newest.as_ref().map_or(0, Newest::lost)
    }
}

impl Newest {
    fn new(place: Place, now: i64) -> Self {
        let mut newest = Self { place, transit: now - place.start, first: place.sequence, received: 1, seen: [0; 16] };
        newest.see(place);
        newest
    }

    fn place_of(&self, sequence: u16, timestamp: u32) -> Place {
        // The difference to the newest, taken as a signed number, is right across a wrap.
        let ahead = sequence.wrapping_sub(self.place.sequence as u16) as i16;
        let later = timestamp.wrapping_sub(self.place.start as u32) as i32;
        Place { sequence: self.place.sequence + i64::from(ahead), start: self.place.start + i64::from(later) }
    }

    fn lost(&self) -> u64 {
        u64::try_from(self.place.sequence - self.first + 1).unwrap_or(0).saturating_sub(self.received)
    }

    fn bit(sequence: i64) -> (usize, u64) {
        let index = sequence.rem_euclid(REMEMBERED);
        ((index / 64) as usize, 1 << (index % 64))
    }

    /// Anything too old to be remembered counts as not seen; it is late in any case.
    fn has_seen(&self, sequence: i64) -> bool {
        let age = self.place.sequence - sequence;
        let (word, bit) = Self::bit(sequence);
        (0..REMEMBERED).contains(&age) && self.seen[word] & bit != 0
    }

    fn see(&mut self, place: Place) {
        let ahead = place.sequence - self.place.sequence;
        if ahead > 0 {
            // The places of the numbers between are those of older ones, which are forgotten.
            for skipped in 1..=ahead.min(REMEMBERED) {
                let (word, bit) = Self::bit(self.place.sequence + skipped);
                self.seen[word] &= !bit;
            }
            self.place = place;
        }
        if self.place.sequence - place.sequence < REMEMBERED {
            let (word, bit) = Self::bit(place.sequence);
            self.seen[word] |= bit;
        }
        self.first = self.first.min(place.sequence);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sort(arrivals: &mut Arrivals, n: i64, now: i64) -> Sort {
        arrivals.sort(n as u16, (n * 960) as u32, now)
    }

    #[test]
    fn numbers_go_on_across_both_wraps() {
        let mut arrivals = Arrivals::default();
        let first = (1i64 << 32) / 960 - 10;
        let mut last = None;
        for n in first..first + 70_000 {
            match sort(&mut arrivals, n, n * 960) {
                Sort::New { place, missing: 0 } => {
                    if let Some(Place { sequence, start }) = last {
                        assert_eq!(place, Place { sequence: sequence + 1, start: start + 960 });
                    }
                    last = Some(place);
                }
                other => panic!("{n}: {other:?}"),
            }
        }
        assert_eq!(arrivals.lost(), 0);
    }

    #[test]
    fn duplicates_reordering_and_loss_are_told_apart() {
        let mut arrivals = Arrivals::default();
        sort(&mut arrivals, 10, 0);
        assert!(matches!(sort(&mut arrivals, 13, 0), Sort::New { missing: 2, .. }));
        assert_eq!(arrivals.lost(), 2);
        assert!(matches!(sort(&mut arrivals, 12, 0), Sort::New { missing: 0, .. }));
        assert_eq!(sort(&mut arrivals, 12, 0), Sort::Duplicate);
        assert_eq!(sort(&mut arrivals, 13, 0), Sort::Duplicate);
        assert_eq!(arrivals.lost(), 1);
    }

    #[test]
    fn one_stray_packet_is_ignored_and_two_in_a_row_are_a_new_stream() {
        let mut arrivals = Arrivals::default();
        sort(&mut arrivals, 10, 9_600);
        assert_eq!(arrivals.sort(40_000, 5, 10_000), Sort::Stray);
        assert!(matches!(sort(&mut arrivals, 11, 10_560), Sort::New { missing: 0, .. }));
        assert_eq!(arrivals.sort(7, 3_000_000_000, 11_000), Sort::Stray);
        assert!(matches!(arrivals.sort(8, 3_000_000_960, 12_000), Sort::Restart { .. }));
        assert!(matches!(arrivals.sort(9, 3_000_001_920, 13_000), Sort::New { missing: 0, .. }));
    }

    #[test]
    fn a_pause_of_ten_minutes_is_no_new_stream() {
        let mut arrivals = Arrivals::default();
        sort(&mut arrivals, 10, 9_600);
        let later = 600 * 48_000;
        assert!(matches!(arrivals.sort(11, 9_600 + later, i64::from(9_600 + later)), Sort::New { missing: 0, .. }));
    }
}
