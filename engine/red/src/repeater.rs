//! The sending end: packets of one stream, wrapped with those before them.

use crate::wire::{Block, MAX_BLOCKS, pack};

/// Remembers what one stream has sent lately and repeats it. Payloads are cheap to clone (an `Arc`).
#[derive(Debug, Clone)]
pub struct Repeater<P> {
    /// Each at the place of its sequence number modulo the length.
    sent: [Option<Sent<P>>; MAX_BLOCKS],
}

#[derive(Debug, Clone)]
struct Sent<P> {
    seq: u64,
    time: u32,
    payload: P,
}

impl<P: AsRef<[u8]> + Clone> Repeater<P> {
    /// One that has nothing to repeat yet.
    pub fn new() -> Self {
        Self { sent: std::array::from_fn(|_| None) }
    }

    /// Remembers a packet; late ones are sorted in. `time` is its RTP timestamp.
    pub fn remember(&mut self, seq: u64, time: u32, payload: &P) {
        let place = &mut self.sent[place(seq)];
        if place.as_ref().is_none_or(|sent| sent.seq <= seq) {
            *place = Some(Sent { seq, time, payload: payload.clone() });
        }
    }

    /// The RED payload for the packet with this number, which was remembered: the packet itself, with at most `earlier` of
    /// those before it, and no more bytes than `most`. Nothing where there is nothing to repeat: it is sent as it is.
    ///
    /// It stops at the first that is missing, too old or too long to be expressed, because receivers count back.
    pub fn wrap(&self, seq: u64, payload_type: u8, earlier: usize, most: usize) -> Option<Vec<u8>> {
        let newest = self.at(seq)?;
        let mut blocks = [Block::default(); MAX_BLOCKS - 1];
        let mut free = most.saturating_sub(1 + newest.payload.as_ref().len());
        let mut count = 0;
        while count < earlier.min(blocks.len()) {
            let Some(sent) = seq.checked_sub(count as u64 + 1).and_then(|seq| self.at(seq)) else { break };
            let payload = sent.payload.as_ref();
            let block = Block { payload_type, offset: newest.time.wrapping_sub(sent.time), payload };
            let Some(left) = free.checked_sub(4 + payload.len()).filter(|_| block.is_expressible()) else { break };
            free = left;
            count += 1;
            blocks[MAX_BLOCKS - 1 - count] = block;
        }
        let chosen = &blocks[MAX_BLOCKS - 1 - count..];
        (count > 0).then(|| pack(Block { payload_type, offset: 0, payload: newest.payload.as_ref() }, chosen))
    }

    fn at(&self, seq: u64) -> Option<&Sent<P>> {
        self.sent[place(seq)].as_ref().filter(|sent| sent.seq == seq)
    }
}

impl<P: AsRef<[u8]> + Clone> Default for Repeater<P> {
    fn default() -> Self {
        Self::new()
    }
}

fn place(seq: u64) -> usize {
    // Smaller than the length.
    (seq % MAX_BLOCKS as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unpack;

    fn repeater(seqs: impl IntoIterator<Item = u64>) -> Repeater<Vec<u8>> {
        let mut repeater = Repeater::new();
        for seq in seqs {
            // The clock wraps between the third packet and the fourth.
            repeater.remember(seq, (seq as u32).wrapping_mul(960).wrapping_sub(4 * 960), &vec![seq as u8; 3]);
        }
        repeater
    }

    fn repeated(repeater: &Repeater<Vec<u8>>, seq: u64, earlier: usize, most: usize) -> Vec<(u32, u8)> {
        let Some(bytes) = repeater.wrap(seq, 111, earlier, most) else { return Vec::new() };
        let blocks = unpack(&bytes).unwrap();
        assert_eq!((blocks.newest().payload, blocks.newest().payload_type), (&[seq as u8; 3][..], 111));
        blocks.earlier().iter().map(|block| (block.offset / 960, block.payload[0])).collect()
    }

    #[test]
    fn packets_carry_those_before_them_oldest_first() {
        let repeater = repeater(1..7);
        assert_eq!(repeated(&repeater, 6, 3, 1000), [(3, 3), (2, 4), (1, 5)]);
        assert_eq!(repeated(&repeater, 6, 0, 1000), []);
        assert_eq!(repeated(&repeater, 1, 3, 1000), [], "there was none before the first");
        assert_eq!(repeated(&repeater, 9, 3, 1000), [], "it was not remembered");
    }

    #[test]
    fn no_packet_is_left_out_in_between_and_late_ones_are_sorted_in() {
        let mut repeater = repeater([1, 2, 4, 5]);
        assert_eq!(repeated(&repeater, 5, 4, 1000), [(1, 4)]);
        repeater.remember(3, u32::MAX - 959, &vec![3; 3]);
        assert_eq!(repeated(&repeater, 5, 4, 1000), [(4, 1), (3, 2), (2, 3), (1, 4)]);
    }

    #[test]
    fn it_keeps_to_the_bytes_it_may_have_and_to_what_headers_can_say() {
        let repeater = repeater(1..40);
        assert_eq!(repeated(&repeater, 39, 17, 1 + 3 + 2 * 7), [(2, 37), (1, 38)]);
        assert_eq!(repeated(&repeater, 39, 17, 0), []);
        let all = repeated(&repeater, 39, 100, 1000);
        assert_eq!((all.len(), all[0]), (17, (17, 22)));
        let mut paused = Repeater::new();
        paused.remember(1, 0, &vec![1; 3]);
        paused.remember(2, 48_000, &vec![2; 3]);
        assert_eq!(repeated(&paused, 2, 5, 1000), [], "a second ago is too long ago");
    }
}
