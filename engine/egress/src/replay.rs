//! Which numbers have been used: of SRTCP that arrives, so that nothing is taken twice, and of RTP that leaves, so that nothing
//! is encrypted twice under one number.

use crate::srtp::Refused;

/// Sources of the other end that are remembered. An honest client reports with a handful.
const SOURCES: usize = 64;

/// The newest numbers of each source of the other end (RFC 3711 section 3.3.2).
#[derive(Debug, Default)]
pub(crate) struct Replay {
    /// The one heard last is the last.
    sources: Vec<Source>,
}

#[derive(Debug, Clone, Copy)]
struct Source {
    ssrc: u32,
    newest: u32,
    /// Bit `n`: the number `n` before the newest has come.
    seen: u64,
}

impl Replay {
    /// The index, if nothing with it has come yet.
    pub(crate) fn fresh(&self, ssrc: u32, index: u32) -> Result<u32, Refused> {
        let Some(source) = self.sources.iter().find(|source| source.ssrc == ssrc) else { return Ok(index) };
        match source.newest.checked_sub(index) {
            None => Ok(index),
            Some(age) if age < u64::BITS && source.seen & (1 << age) == 0 => Ok(index),
            Some(_) => Err(Refused::Replayed),
        }
    }

    /// Notes an index of a packet that proved to be genuine.
    pub(crate) fn remember(&mut self, ssrc: u32, index: u32) {
        if self.sources.last().is_none_or(|source| source.ssrc != ssrc) {
            let source = match self.sources.iter().position(|source| source.ssrc == ssrc) {
                Some(at) => self.sources.remove(at),
                None => Source { ssrc, newest: index, seen: 0 },
            };
            if self.sources.len() == SOURCES {
                self.sources.remove(0);
            }
            self.sources.push(source);
        }
        let Some(source) = self.sources.last_mut() else { return };
        if let Some(ahead) = index.checked_sub(source.newest) {
            source.seen = source.seen.checked_shl(ahead).unwrap_or(0);
            source.newest = index;
        }
        source.seen |= 1_u64.checked_shl(source.newest - index).unwrap_or(0);
    }
}

/// The numbers a source of ours has sent.
#[derive(Debug)]
pub(crate) struct Sent {
    next: u64,
    /// A bit for each of the last numbers, at its place modulo the window.
    window: [u64; WORDS],
}

const WORDS: usize = 16;
/// How late a packet may be: longer than anything waits for one that is missing.
const WINDOW: u64 = WORDS as u64 * 64;

impl Sent {
    pub(crate) const fn new() -> Self {
        Self { next: 0, window: [0; WORDS] }
    }

    /// Takes a number for use. `false` when it was used, or is so old that this is not known any more.
    pub(crate) fn take(&mut self, seq: u64) -> bool {
        if seq >= self.next {
            if seq - self.next >= WINDOW {
                self.window = [0; WORDS];
            } else {
                (self.next..seq).for_each(|skipped| self.set(skipped, false));
            }
            self.set(seq, true);
            self.next = seq + 1;
            return true;
        }
        let (word, bit) = place(seq);
        if self.next - seq > WINDOW || self.window[word] & bit != 0 {
            return false;
        }
        self.set(seq, true);
        true
    }

    fn set(&mut self, seq: u64, used: bool) {
        let (word, bit) = place(seq);
        if used {
            self.window[word] |= bit;
        } else {
            self.window[word] &= !bit;
        }
    }
}

fn place(seq: u64) -> (usize, u64) {
    let at = seq % WINDOW;
    // Smaller than WORDS.
    ((at / 64) as usize, 1 << (at % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_of_a_source_counts_once_in_any_order() {
        let mut replay = Replay::default();
        let mut takes = |ssrc, index| {
            let fresh = replay.fresh(ssrc, index).is_ok();
            if fresh {
                replay.remember(ssrc, index);
            }
            fresh
        };
        for index in [5, 7, 6, 0, 200, 150] {
            assert!(takes(1, index), "{index}");
            assert!(!takes(1, index), "{index} again");
        }
        assert!(!takes(1, 136), "64 before the newest is too old");
        assert!(takes(1, 137) && takes(2, 7), "sources are apart");
        assert!(!takes(1, 7) && !takes(2, 7));
        assert!(takes(1, u32::MAX >> 1) && !takes(1, 200));
    }

    #[test]
    fn only_so_many_sources_are_remembered_and_the_ones_in_use_stay() {
        let mut replay = Replay::default();
        replay.remember(7, 1);
        for ssrc in 1000..1000 + 2 * SOURCES as u32 {
            replay.remember(ssrc, 1);
            replay.remember(7, ssrc);
        }
        assert_eq!(replay.sources.len(), SOURCES);
        assert_eq!(replay.fresh(7, 1000), Err(Refused::Replayed));
    }

    #[test]
    fn a_number_of_ours_is_used_once_also_late_and_across_a_jump() {
        let mut sent = Sent::new();
        assert!(sent.take(1000) && sent.take(1003) && sent.take(1001));
        assert!(!sent.take(1000) && !sent.take(1001) && !sent.take(1003));
        assert!(sent.take(1002));
        assert!(sent.take(1003 + WINDOW - 1) && sent.take(1004) && !sent.take(1003), "at the edge of the window");
        assert!(sent.take(1_000_000) && !sent.take(1004));
        assert!(!sent.take(1_000_000 - WINDOW) && sent.take(1_000_001 - WINDOW) && !sent.take(1_000_001 - WINDOW));
    }
}
