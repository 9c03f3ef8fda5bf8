//! The receiving end: which packets of one stream have come, and which come inside of later ones.

use crate::wire::{Blocks, RedError, unpack};

/// Numbers before the newest that are remembered: 10 s of packets of 20 ms.
const WINDOW: u64 = 512;

/// A number so far behind the newest is a sender that began anew, not a late packet.
const ANEW: u64 = 3_000;

/// A packet as it was before it was wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Its sequence number.
    pub seq: u64,
    /// How much earlier it was said than what it came in, in units of the RTP timestamp; 0 for the packet itself.
    pub offset: u32,
    /// What was encoded.
    pub payload: &'a [u8],
}

/// Remembers which packets of one stream have come.
#[derive(Debug, Clone, Default)]
pub struct Restorer {
    /// One more than the newest number; 0 before the first.
    end: u64,
    /// Whether a number has come: a bit each, at its place modulo [`WINDOW`].
    seen: [u64; (WINDOW / 64) as usize],
}

impl Restorer {
    /// Takes a packet that is not wrapped. Whether it is new: a copy of it may have come before it.
    pub fn take(&mut self, seq: u64) -> bool {
        if seq >= self.end {
            if self.end == 0 || seq - self.end >= WINDOW {
                // What came before the first is not missed.
                self.seen = [u64::MAX; (WINDOW / 64) as usize];
            } else {
                (self.end..seq).for_each(|missing| self.mark(missing, false));
            }
            self.mark(seq, true);
            // Numbers are 16 bits, extended: they do not come near the end of 64.
            self.end = seq.saturating_add(1);
            return true;
        }
        if self.end - seq > ANEW {
            *self = Self::default();
            return self.take(seq);
        }
        let is_new = self.misses(seq);
        self.mark_within(seq);
        is_new
    }

    /// Takes a RED payload whose packets are of `payload_type`. `restored` is called with each that has not come before,
    /// the oldest first and the packet itself, if it is new, last. Blocks of another type, and such whose times are not in
    /// order, are passed over.
    pub fn take_wrapped<'a>(
        &mut self,
        seq: u64,
        payload_type: u8,
        payload: &'a [u8],
        mut restored: impl FnMut(Frame<'a>),
    ) -> Result<(), RedError> {
        let blocks = unpack(payload)?;
        let newest = blocks.newest();
        if newest.payload_type != payload_type {
            return Ok(());
        }
        let is_new = self.take(seq);
        if is_in_order(&blocks) {
            for (index, block) in blocks.earlier().iter().enumerate() {
                let back = (blocks.earlier().len() - index) as u64;
                let Some(seq) = seq.checked_sub(back).filter(|_| block.payload_type == payload_type) else { continue };
                if self.misses(seq) && !block.payload.is_empty() {
                    self.mark_within(seq);
                    restored(Frame { seq, offset: block.offset, payload: block.payload });
                }
            }
        }
        if is_new {
            restored(Frame { seq, offset: 0, payload: newest.payload });
        }
        Ok(())
    }

    /// Whether a number before the newest has not come.
    fn misses(&self, seq: u64) -> bool {
        let is_remembered = seq < self.end && self.end - seq <= WINDOW;
        is_remembered && self.seen[index(seq)] & bit(seq) == 0
    }

    fn mark_within(&mut self, seq: u64) {
        if self.end - seq <= WINDOW {
            self.mark(seq, true);
        }
    }

    fn mark(&mut self, seq: u64, has_come: bool) {
        let word = &mut self.seen[index(seq)];
        if has_come { *word |= bit(seq) } else { *word &= !bit(seq) }
    }
}

/// Whether each block is older than the next.
fn is_in_order(blocks: &Blocks<'_>) -> bool {
    blocks.windows(2).all(|pair| pair[0].offset > pair[1].offset)
}

fn index(seq: u64) -> usize {
    // Smaller than the number of words.
    (seq % WINDOW / 64) as usize
}

fn bit(seq: u64) -> u64 {
    1 << (seq % 64)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{Block, Repeater, pack};

    const OPUS: u8 = 111;

    fn restored(restorer: &mut Restorer, seq: u64, payload: &[u8]) -> Vec<(u64, u32)> {
        let mut frames = Vec::new();
        restorer.take_wrapped(seq, OPUS, payload, |frame| frames.push((frame.seq, frame.offset / 960))).unwrap();
        frames
    }

    fn wrapped(earlier: &[u32]) -> Vec<u8> {
        let block = |offset: &u32| Block { payload_type: OPUS, offset: offset * 960, payload: &[1] };
        let earlier: Vec<_> = earlier.iter().map(block).collect();
        pack(Block { payload_type: OPUS, offset: 0, payload: &[2] }, &earlier)
    }

    #[test]
    fn what_is_missing_is_restored_once() {
        let mut restorer = Restorer::default();
        assert_eq!(restored(&mut restorer, 1000, &wrapped(&[2, 1])), [(1000, 0)], "what came before the first is not missed");
        assert_eq!(restored(&mut restorer, 1003, &wrapped(&[2, 1])), [(1001, 2), (1002, 1), (1003, 0)]);
        assert_eq!(restored(&mut restorer, 1004, &wrapped(&[3, 2, 1])), [(1004, 0)]);
        assert!(!restorer.take(1002), "the packet itself comes after its copy");
        assert!(!restorer.take(1004));
        assert!(restorer.take(1006) && restorer.take(1005) && !restorer.take(1005));
    }

    #[test]
    fn blocks_that_make_no_sense_are_passed_over() {
        let mut restorer = Restorer::default();
        restorer.take(7);
        assert_eq!(restored(&mut restorer, 10, &wrapped(&[1, 2])), [(10, 0)], "times run backwards");
        let other = pack(
            Block { payload_type: OPUS, offset: 0, payload: &[2] },
            &[Block { payload_type: 0, offset: 1920, payload: &[1] }, Block { payload_type: OPUS, offset: 960, payload: &[1] }],
        );
        assert_eq!(restored(&mut restorer, 13, &other), [(12, 1), (13, 0)]);
        let strange = pack(Block { payload_type: 9, offset: 0, payload: &[2] }, &[]);
        assert_eq!(restored(&mut restorer, 14, &strange), []);
        assert_eq!(restorer.take_wrapped(15, OPUS, &[0x80], |_| {}), Err(RedError::Truncated));
        let first = wrapped(&[2, 1]);
        assert_eq!(restored(&mut Restorer::default(), 1, &first), [(1, 0)], "numbers do not go below zero");
    }

    #[test]
    fn leaps_of_the_number_are_survived() {
        let mut restorer = Restorer::default();
        assert!(restorer.take(5));
        assert!(restorer.take(5 + 10 * WINDOW));
        assert!(!restorer.take(5 + 9 * WINDOW - 1), "too late to be told from what has come");
        assert!(restorer.take(5), "the sender began anew");
        assert!(restorer.take(6) && !restorer.take(5));
    }

    /// Every packet is given once, whatever the network does with the wrapped ones.
    #[test]
    fn nothing_is_given_twice_and_everything_that_a_copy_reached() {
        let mut state = 7u64;
        let mut random = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let (mut repeater, mut restorer) = (Repeater::new(), Restorer::default());
        let (mut flying, mut given, mut reached): (Vec<(u64, Vec<u8>)>, _, _) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        for seq in 0..5_000u64 {
            repeater.remember(seq, seq as u32 * 960, &seq.to_be_bytes().to_vec());
            let earlier = random(8) as usize;
            if let Some(bytes) = repeater.wrap(seq, OPUS, earlier, 1200).filter(|_| random(2) == 0) {
                flying.push((seq, bytes));
            }
            while flying.len() > 5 {
                let (seq, bytes) = flying.swap_remove(random(6) as usize);
                let count = unpack(&bytes).unwrap().len() as u64;
                if !given.is_empty() {
                    reached.extend((seq + 1).saturating_sub(count)..=seq);
                }
                restorer
                    .take_wrapped(seq, OPUS, &bytes, |frame| {
                        assert_eq!(frame.payload, frame.seq.to_be_bytes(), "it is the packet it is said to be");
                        assert_eq!(u64::from(frame.offset), (seq - frame.seq) * 960);
                        assert!(given.insert(frame.seq), "{} was given twice", frame.seq);
                    })
                    .unwrap();
            }
        }
        // The very first may have overtaken what is before it.
        assert!(reached.difference(&given).all(|seq| *seq < 20), "{:?}", reached.difference(&given));
        assert!(given.len() > 4_500);
    }
}
