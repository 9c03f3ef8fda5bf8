//! What a recording must know of Opus packets: how long they are, and what silence looks like (RFC 6716). It decodes
//! nothing.

use std::time::Duration;

use crate::timeline;

/// The clock of Opus in files, whatever rate was encoded from (RFC 7845 section 5.1).
pub(crate) const RATE: u32 = 48_000;

/// A packet lasts 120 ms at most (RFC 6716 section 3.2.5).
const LONGEST: u32 = 5_760;

/// The largest packet that can be valid: 48 frames of 1275 bytes and their lengths (RFC 6716 section 3.2).
const LARGEST: usize = 48 * 1_275 + 2 * 48 + 2;

/// How long a packet plays, in samples at [`RATE`]; `None` when it is no Opus packet (RFC 6716 section 3.1).
pub(crate) fn duration(packet: &[u8]) -> Option<u32> {
    let toc = *packet.first()?;
    if packet.len() > LARGEST {
        return None;
    }
    let size = u32::from(toc >> 3 & 0b11);
    let frame = match toc >> 3 {
        // SILK: 10, 20, 40, 60 ms.
        0..12 => [480, 960, 1_920, 2_880][size as usize],
        // Hybrid: 10, 20 ms.
        12..16 => 480 << (size & 1),
        // CELT: 2.5, 5, 10, 20 ms.
        _ => 120 << size,
    };
    let frames = match toc & 0b11 {
        0 => 1,
        1 | 2 => 2,
        _ => u32::from(packet.get(1)? & 0b11_1111),
    };
    Some(frame * frames).filter(|&samples| samples > 0 && samples <= LONGEST)
}

/// Packets of digital silence that last for `gap`, less what is shorter than the shortest frame, 2.5 ms.
///
/// A player decodes packet after packet, and few honour a hole in the times of the packets; silence that is written plays
/// the same everywhere.
pub(crate) fn silence(gap: Duration, channels: u8) -> impl Iterator<Item = (u32, [u8; 3])> {
    let stereo = u8::from(channels > 1) << 2;
    let mut left = timeline::ticks(gap, RATE);
    std::iter::from_fn(move || {
        // Configurations 31 to 28 are CELT, full band, 20 to 2.5 ms. What follows the first byte is a range-coded frame whose
        // first bit, "silence", is set (RFC 6716 section 4.3).
        let (samples, config) =
            [(960, 31), (480, 30), (240, 29), (120, 28)].into_iter().find(|&(samples, _)| samples <= left)?;
        left -= samples;
        Some((samples as u32, [(config << 3) | stereo, 0xff, 0xfe]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_says_how_long_it_plays() {
        assert_eq!(duration(&[31 << 3, 1, 2]), Some(960), "one frame of 20 ms");
        assert_eq!(duration(&[28 << 3]), Some(120), "2.5 ms");
        assert_eq!(duration(&[3 << 3 | 1]), Some(5_760), "two SILK frames of 60 ms");
        assert_eq!(duration(&[15 << 3]), Some(960), "hybrid");
        assert_eq!(duration(&[31 << 3 | 3, 3]), Some(2_880), "three frames of 20 ms");
    }

    #[test]
    fn what_is_no_packet_has_no_duration() {
        for bytes in [&[][..], &[31 << 3 | 3], &[31 << 3 | 3, 0], &[31 << 3 | 3, 7], &[0; 70_000]] {
            assert_eq!(duration(bytes), None, "{:?}", &bytes[..bytes.len().min(4)]);
        }
    }

    #[test]
    fn silence_fills_a_gap_to_the_shortest_frame() {
        let total: u32 = silence(Duration::from_micros(47_600), 2).map(|(samples, _)| samples).sum();
        assert_eq!(total, 2 * 960 + 240 + 120);
        assert!(silence(Duration::from_millis(35), 1).all(|(samples, packet)| duration(&packet) == Some(samples)));
    }
}
