//! Redundant audio data (RFC 2198): earlier packets carried again beside the newest; not when to do so.

/// The distance in time a header can express: 14 bits of timestamp (RFC 2198 section 3), 341 ms at 48 kHz.
pub const MAX_OFFSET: u32 = (1 << 14) - 1;

/// The longest redundant block: 10 bits of length.
pub const MAX_REDUNDANT_LEN: usize = (1 << 10) - 1;

/// Blocks of one packet, at most: with packets of 20 ms, 16 earlier ones are as many as [`MAX_OFFSET`] reaches.
pub const MAX_BLOCKS: usize = 17;

/// One piece of encoded sound inside a RED packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RedBlock<'a> {
    /// The RTP payload type of the codec, 0..=127.
    pub payload_type: u8,
    /// The RTP timestamp of its first frame.
    pub timestamp: u32,
    /// The encoded bytes; may be empty.
    pub payload: &'a [u8],
}

/// Why bytes are not a RED packet. The remedy is to drop the packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedError {
    /// The packet ends inside its headers or blocks.
    #[error("a RED packet ends before its blocks do")]
    Truncated,
    /// There are more than [`MAX_BLOCKS`].
    #[error("a RED packet has more than 17 blocks")]
    TooManyBlocks,
}

/// Writes a RED payload. `primary` is the newest packet, `redundant` are earlier ones, oldest first. Those that cannot be
/// expressed (more than [`MAX_OFFSET`] earlier, not earlier at all, or longer than [`MAX_REDUNDANT_LEN`]) are left out,
/// and so are the oldest ones beyond [`MAX_BLOCKS`] in all.
pub fn pack(primary: RedBlock<'_>, redundant: &[RedBlock<'_>]) -> Vec<u8> {
    let fits = |block: &&RedBlock<'_>| {
        let offset = primary.timestamp.wrapping_sub(block.timestamp);
        (1..=MAX_OFFSET).contains(&offset) && block.payload.len() <= MAX_REDUNDANT_LEN
    };
    let chosen: Vec<&RedBlock<'_>> = redundant.iter().filter(fits).collect();
    let chosen = &chosen[chosen.len().saturating_sub(MAX_BLOCKS - 1)..];
    let len = 1 + primary.payload.len() + chosen.iter().map(|block| 4 + block.payload.len()).sum::<usize>();
    let mut out = Vec::with_capacity(len);
    for block in chosen {
        // 14 bits of offset and 10 of length; `fits` has made sure of both.
        let offset = primary.timestamp.wrapping_sub(block.timestamp);
        let word = offset << 10 | block.payload.len() as u32;
        out.push(0x80 | block.payload_type & 0x7f);
        out.extend_from_slice(&word.to_be_bytes()[1..]);
    }
    out.push(primary.payload_type & 0x7f);
    for block in chosen {
        out.extend_from_slice(block.payload);
    }
    out.extend_from_slice(primary.payload);
    out
}

/// Reads a RED payload that came with this RTP timestamp. The blocks are oldest first, the primary one is last.
pub fn unpack(payload: &[u8], timestamp: u32) -> Result<Vec<RedBlock<'_>>, RedError> {
    let mut headers = [(0u8, 0u32, 0usize); MAX_BLOCKS];
    let mut count = 0;
    let mut rest = payload;
    let primary_type = loop {
        let (&first, after) = rest.split_first().ok_or(RedError::Truncated)?;
        if first & 0x80 == 0 {
            rest = after;
            break first;
        }
        let (word, after) = after.split_first_chunk::<3>().ok_or(RedError::Truncated)?;
        if count == MAX_BLOCKS - 1 {
            return Err(RedError::TooManyBlocks);
        }
        let word = u32::from_be_bytes([0, word[0], word[1], word[2]]);
        headers[count] = (first & 0x7f, word >> 10, (word & 0x3ff) as usize);
        count += 1;
        rest = after;
    };
    let mut blocks = Vec::with_capacity(count + 1);
    for &(payload_type, offset, len) in &headers[..count] {
        let (payload, after) = rest.split_at_checked(len).ok_or(RedError::Truncated)?;
        blocks.push(RedBlock { payload_type, timestamp: timestamp.wrapping_sub(offset), payload });
        rest = after;
    }
    blocks.push(RedBlock { payload_type: primary_type, timestamp, payload: rest });
    Ok(blocks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tone::Random;

    fn block(timestamp: u32, payload: &[u8]) -> RedBlock<'_> {
        RedBlock { payload_type: 111, timestamp, payload }
    }

    #[test]
    fn what_was_packed_is_unpacked_also_across_the_wrap() {
        let blocks = [block(u32::MAX - 999, &[1; 40]), block(u32::MAX - 39, &[2; 3]), block(920, &[3; 60])];
        let bytes = pack(blocks[2], &blocks[..2]);
        assert_eq!(bytes.len(), 4 + 4 + 1 + 40 + 3 + 60);
        assert_eq!(unpack(&bytes, 920).unwrap(), blocks);
    }

    #[test]
    fn bytes_are_those_of_the_standard() {
        let bytes = pack(block(1920, &[9, 9]), &[block(960, &[7])]);
        // F=1 PT=111, offset 960 in 14 bits, length 1 in 10 bits; F=0 PT=111.
        assert_eq!(bytes, [0x80 | 111, 0x0f, 0x00, 0x01, 111, 7, 9, 9]);
    }

    #[test]
    fn what_a_header_cannot_say_is_left_out() {
        let long = [0; 1024];
        let old = [block(0, &[1]), block(90_000, &long), block(100_000, &[4])];
        let bytes = pack(block(100_000, &[5]), &old);
        assert_eq!(unpack(&bytes, 100_000).unwrap(), [block(100_000, &[5])]);
    }

    #[test]
    fn at_most_seventeen_blocks_are_written_and_read() {
        let many: Vec<_> = (0..20).map(|n| block(n * 900, &[0])).collect();
        let bytes = pack(block(20 * 900, &[1]), &many);
        let read = unpack(&bytes, 20 * 900).unwrap();
        assert_eq!(read.len(), MAX_BLOCKS);
        assert_eq!(read[0].timestamp, 4 * 900);
        assert_eq!(unpack(&[0xff; 400], 0), Err(RedError::TooManyBlocks));
    }

    #[test]
    fn hostile_bytes_are_refused_or_read_within_bounds() {
        assert_eq!(unpack(&[], 0), Err(RedError::Truncated));
        assert_eq!(unpack(&[0x80, 0, 0], 0), Err(RedError::Truncated));
        assert_eq!(unpack(&[0x80, 0, 0, 9, 0, 1], 0), Err(RedError::Truncated));
        let mut random = Random::new(7);
        for _ in 0..20_000 {
            let bytes: Vec<u8> = (0..random.below(40)).map(|_| random.next() as u8).collect();
            if let Ok(blocks) = unpack(&bytes, random.next() as u32) {
                assert!(blocks.iter().map(|block| block.payload.len()).sum::<usize>() < bytes.len());
            }
        }
    }
}
