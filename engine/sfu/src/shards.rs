//! A set of shards, as bits; it holds nothing else and allocates nothing.

/// Some of the 256 shards a node can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ShardSet([u64; 4]);

impl ShardSet {
    /// Nobody.
    pub const EMPTY: Self = Self([0; 4]);

    /// Whether the shard is in it.
    pub fn contains(&self, shard: u8) -> bool {
        self.0[usize::from(shard >> 6)] >> (shard & 63) & 1 == 1
    }

    /// Whether no shard is in it.
    pub fn is_empty(&self) -> bool {
        self.0 == [0; 4]
    }

    /// The shards, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u8> + use<> {
        let words = self.0;
        (0..4u8).flat_map(move |w| {
            let mut word = words[usize::from(w)];
            std::iter::from_fn(move || {
                if word == 0 {
                    return None;
                }
                let bit = word.trailing_zeros() as u8;
                word &= word - 1;
                Some(w << 6 | bit)
            })
        })
    }

    /// Puts a shard in or takes it out; says whether that changed anything.
    pub(crate) fn set(&mut self, shard: u8, on: bool) -> bool {
        let word = &mut self.0[usize::from(shard >> 6)];
        let before = *word;
        if on {
            *word |= 1 << (shard & 63);
        } else {
            *word &= !(1 << (shard & 63));
        }
        *word != before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_lists_what_was_put_in_and_nothing_that_was_taken_out() {
        let mut set = ShardSet::EMPTY;
        for shard in [0, 3, 63, 64, 200, 255] {
            assert!(set.set(shard, true));
        }
        assert!(!set.set(200, true));
        assert!(set.set(63, false));
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 3, 64, 200, 255]);
        assert!(set.contains(255) && !set.contains(63) && !set.is_empty());
    }
}
