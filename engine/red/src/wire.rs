//! The payload format of RFC 2198; not which packets are in it.

use std::ops::Deref;

/// The distance in time that a header can express: 14 bits of timestamp (RFC 2198 section 3), 341 ms at 48 kHz.
pub const MAX_OFFSET: u32 = (1 << 14) - 1;

/// The longest redundant block: 10 bits of length.
pub const MAX_REDUNDANT_LEN: usize = (1 << 10) - 1;

/// Blocks of one packet, at most: with packets of 20 ms, 17 earlier ones are as many as [`MAX_OFFSET`] reaches.
pub const MAX_BLOCKS: usize = 18;

/// One piece of encoded sound inside a RED packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Block<'a> {
    /// The RTP payload type of the codec, 0..=127.
    pub payload_type: u8,
    /// How much earlier it was said than the newest, in units of the RTP timestamp; 0 for the newest itself.
    pub offset: u32,
    /// The encoded bytes; may be empty.
    pub payload: &'a [u8],
}

/// The blocks of one packet, oldest first: the last one is the newest, which is always there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blocks<'a> {
    blocks: [Block<'a>; MAX_BLOCKS],
    /// At least 1.
    count: usize,
}

/// Why bytes are not a RED packet. The remedy is to drop the packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedError {
    /// The packet ends inside its headers or blocks.
    #[error("a RED packet ends before its blocks do")]
    Truncated,
    /// There are more than [`MAX_BLOCKS`].
    #[error("a RED packet has more than {MAX_BLOCKS} blocks")]
    TooManyBlocks,
}

/// Writes a RED payload. `newest` is the packet's own sound, `earlier` what is repeated, oldest first. Blocks that cannot be
/// expressed (more than [`MAX_OFFSET`] earlier, not earlier at all, or longer than [`MAX_REDUNDANT_LEN`]) are left out, and
/// so are the oldest ones beyond [`MAX_BLOCKS`] in all.
pub fn pack(newest: Block<'_>, earlier: &[Block<'_>]) -> Vec<u8> {
    let fits = |block: &&Block<'_>| block.is_expressible();
    let spare = earlier.iter().filter(fits).count().saturating_sub(MAX_BLOCKS - 1);
    let chosen = || earlier.iter().filter(fits).skip(spare);
    let len = 1 + newest.payload.len() + chosen().map(|block| 4 + block.payload.len()).sum::<usize>();
    let mut out = Vec::with_capacity(len);
    for block in chosen() {
        // 14 bits of offset and 10 of length, of which `fits` has made sure.
        let word = block.offset << 10 | block.payload.len() as u32;
        out.push(0x80 | block.payload_type & 0x7f);
        out.extend_from_slice(&word.to_be_bytes()[1..]);
    }
    out.push(newest.payload_type & 0x7f);
    for block in chosen() {
        out.extend_from_slice(block.payload);
    }
    out.extend_from_slice(newest.payload);
    out
}

/// Reads a RED payload.
pub fn unpack(payload: &[u8]) -> Result<Blocks<'_>, RedError> {
    let mut blocks = [Block::default(); MAX_BLOCKS];
    let mut lengths = [0; MAX_BLOCKS];
    let mut count = 0;
    let mut rest = payload;
    loop {
        let (&first, after) = rest.split_first().ok_or(RedError::Truncated)?;
        let Some(block) = blocks.get_mut(count) else { return Err(RedError::TooManyBlocks) };
        block.payload_type = first & 0x7f;
        if first & 0x80 == 0 {
            rest = after;
            break;
        }
        let (word, after) = after.split_first_chunk::<3>().ok_or(RedError::Truncated)?;
        let word = u32::from_be_bytes([0, word[0], word[1], word[2]]);
        block.offset = word >> 10;
        lengths[count] = (word & 0x3ff) as usize;
        count += 1;
        rest = after;
    }
    for (block, len) in blocks[..count].iter_mut().zip(lengths) {
        (block.payload, rest) = rest.split_at_checked(len).ok_or(RedError::Truncated)?;
    }
    blocks[count].payload = rest;
    Ok(Blocks { blocks, count: count + 1 })
}

impl Block<'_> {
    /// Whether a header can say how old and how long it is.
    pub(crate) fn is_expressible(&self) -> bool {
        (1..=MAX_OFFSET).contains(&self.offset) && self.payload.len() <= MAX_REDUNDANT_LEN
    }
}

impl<'a> Blocks<'a> {
    /// The packet's own sound.
    pub fn newest(&self) -> Block<'a> {
        self.blocks[self.count - 1]
    }

    /// What is repeated, oldest first.
    pub fn earlier(&self) -> &[Block<'a>] {
        &self.blocks[..self.count - 1]
    }
}

impl<'a> Deref for Blocks<'a> {
    type Target = [Block<'a>];

    fn deref(&self) -> &Self::Target {
        &self.blocks[..self.count]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(offset: u32, payload: &[u8]) -> Block<'_> {
        Block { payload_type: 111, offset, payload }
    }

    #[test]
    fn what_was_packed_is_unpacked() {
        let blocks = [block(1920, &[1; 40]), block(960, &[2; 3]), block(0, &[3; 60])];
        let bytes = pack(blocks[2], &blocks[..2]);
        assert_eq!(bytes.len(), 4 + 4 + 1 + 40 + 3 + 60);
        let read = unpack(&bytes).unwrap();
        assert_eq!(*read, blocks);
        assert_eq!((read.newest(), read.earlier()), (blocks[2], &blocks[..2]));
    }

    #[test]
    fn bytes_are_those_of_the_standard() {
        let bytes = pack(block(0, &[9, 9]), &[block(960, &[7])]);
        // F=1 PT=111, offset 960 in 14 bits, length 1 in 10 bits; F=0 PT=111.
        assert_eq!(bytes, [0x80 | 111, 0x0f, 0x00, 0x01, 111, 7, 9, 9]);
    }

    #[test]
    fn what_a_header_cannot_say_is_left_out() {
        let long = [0; 1024];
        let old = [block(MAX_OFFSET + 1, &[1]), block(960, &long), block(0, &[4])];
        let bytes = pack(block(0, &[5]), &old);
        assert_eq!(*unpack(&bytes).unwrap(), [block(0, &[5])]);
    }

    #[test]
    fn no_more_blocks_are_written_and_read_than_are_allowed() {
        let many: Vec<_> = (0..20).map(|n| block(960 * (20 - n) / 2, &[0])).collect();
        let bytes = pack(block(0, &[1]), &many);
        let read = unpack(&bytes).unwrap();
        assert_eq!(read.len(), MAX_BLOCKS);
        assert_eq!(read[0], many[3]);
        assert_eq!(unpack(&[0xff; 400]), Err(RedError::TooManyBlocks));
    }

    #[test]
    fn a_packet_cut_short_is_refused() {
        let bytes = pack(block(0, &[9, 9]), &[block(960, &[7; 5])]);
        for cut in 0..bytes.len() - 2 {
            assert_eq!(unpack(&bytes[..cut]), Err(RedError::Truncated), "at {cut}");
        }
    }
}
