//! What arrived at a crowd and how long it took. It measures nothing itself.

use std::time::Duration;

/// What members of one thread, or of all, went through.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) is_counting: bool,
    /// Microseconds from the publisher's call to the viewer's, of those who decrypt.
    pub(super) delays: Vec<u32>,
    /// Media datagrams that arrived.
    pub(super) packets: u64,
    /// Those that are missing among them.
    pub(super) lost: u64,
    pub(super) pushes: u64,
    /// From the beginning of an entry until media can flow, and until it arrived.
    pub(super) joins: Vec<Duration>,
    pub(super) firsts: Vec<Duration>,
    /// What went wrong.
    pub(super) failures: Vec<String>,
}

impl Tally {
    pub(super) fn add(&mut self, other: Self) {
        self.delays.extend(other.delays);
        self.packets += other.packets;
        self.lost += other.lost;
        self.pushes += other.pushes;
        self.joins.extend(other.joins);
        self.firsts.extend(other.firsts);
        self.failures.extend(other.failures);
    }

    /// The delay that this share of packets does not exceed, in milliseconds.
    pub(super) fn delay_ms(&mut self, share: f64) -> f64 {
        self.delays.sort_unstable();
        f64::from(at(&self.delays, share).copied().unwrap_or(0)) / 1000.0
    }

    /// The share of packets that is missing.
    pub(super) fn loss(&self) -> f64 {
        self.lost as f64 / (self.packets + self.lost).max(1) as f64
    }
}

/// Of some times, the one that this share does not exceed, in milliseconds.
pub(super) fn quantile_ms(times: &[Duration], share: f64) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    at(&sorted, share).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}

fn at<T>(sorted: &[T], share: f64) -> Option<&T> {
    sorted.get(((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1)))
}

/// One synchronisation source as it arrives, by the numbers in its headers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arriving {
    ssrc: u32,
    first: u64,
    newest: u64,
    count: u64,
}

/// What arrives at one member.
#[derive(Debug, Default)]
pub(super) struct Arrivals(Vec<Arriving>);

impl Arrivals {
    /// Takes a datagram in. Says whether it was media.
    pub(super) fn note(&mut self, datagram: &[u8]) -> bool {
        let &[first, kind, high, low, _, _, _, _, a, b, c, d, ..] = datagram else { return false };
        // RFC 5761 section 4: RTCP packet types read as payload types 64..=95.
        if first & 0xc0 != 0x80 || (64..96).contains(&(kind & 0x7f)) {
            return false;
        }
        let (ssrc, number) = (u32::from_be_bytes([a, b, c, d]), u16::from_be_bytes([high, low]));
        match self.0.iter_mut().find(|arriving| arriving.ssrc == ssrc) {
            Some(arriving) => {
                let ahead = number.wrapping_sub(arriving.newest as u16) as i16;
                let number = arriving.newest.saturating_add_signed(ahead.into());
                arriving.newest = arriving.newest.max(number);
                arriving.first = arriving.first.min(number);
                arriving.count += 1;
            }
            None => {
                // Far from nothing, so that an earlier one may come later.
                let number = u64::from(number) + (1 << 20);
                self.0.push(Arriving { ssrc, first: number, newest: number, count: 1 });
            }
        }
        true
    }

    /// What arrived and what is missing, and begins anew.
    pub(super) fn take(&mut self) -> (u64, u64) {
        let counts = self.0.iter().map(|a| (a.count, (a.newest - a.first + 1).saturating_sub(a.count)));
        let sum = counts.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        self.0.clear();
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rtp(ssrc: u8, number: u16) -> [u8; 12] {
        let [high, low] = number.to_be_bytes();
        [0x80, 96, high, low, 0, 0, 0, 0, 0, 0, 0, ssrc]
    }

    #[test]
    fn what_is_missing_is_counted_for_each_source_also_where_numbers_begin_anew() {
        let mut arrivals = Arrivals::default();
        for number in [65_534, 65_535, 1, 0, 3] {
            assert!(arrivals.note(&rtp(1, number)));
        }
        assert!(arrivals.note(&rtp(2, 7)));
        assert!(!arrivals.note(&[0x80, 200, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9]), "a report");
        assert!(!arrivals.note(&[22; 40]) && !arrivals.note(&[]));
        assert_eq!(arrivals.take(), (6, 1));
        assert_eq!(arrivals.take(), (0, 0));
    }

    #[test]
    fn a_quantile_is_a_time_that_was_measured() {
        let times: Vec<_> = (1..=100).map(Duration::from_millis).collect();
        assert_eq!([0.5, 0.99, 0.999, 1.0].map(|share| quantile_ms(&times, share)), [51.0, 100.0, 100.0, 100.0]);
        assert_eq!(quantile_ms(&[], 0.5), 0.0);
    }
}
