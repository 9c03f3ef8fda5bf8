//! What an encoder does against loss: the codec's own means where little is lost, a voice of few bits where packets are
//! repeated; not how often they are.

use std::time::Duration;

use super::Quality;
use crate::Channels;

/// The loss that the codec's correction is made for at least, percent: what a network does now says little of its next
/// second.
const LEAST_LOSS: u8 = 10;
/// From this loss on, percent, deep redundancy is sent where nothing is repeated, reaching back so far. Its price is paid by
/// the voice itself.
const DEEP_LOSS: u8 = 15;
const DEEP_REACH: Duration = Duration::from_millis(500);
/// What the codec shall be ready for where packets are repeated: the few that stay lost.
const LEFT_LOSS: u8 = 2;

/// What a voice costs with all its copies at most, bits a second, but for each copy's four bytes of header.
const BUDGET: u32 = 400_000;
/// What it costs at least by itself, each channel: with less, all packets together sound worse than most of them with this.
const LEAST_BITRATE: u32 = 22_000;
/// Up to here the bits are better spent on what 8 kHz of sound hold.
const WIDEBAND: u32 = 40_000;

/// How a voice is armed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Protection {
    /// Bits a second of one copy.
    pub bitrate: u32,
    /// Whether only what 8 kHz of sound hold is coded.
    pub wideband: bool,
    /// Whether each packet carries a rougher copy of the one before.
    pub correction: bool,
    /// The loss the codec arms itself against, percent.
    pub expected_loss: u8,
    /// How far deep redundancy reaches back.
    pub deep: Duration,
}

impl Protection {
    /// For a network that loses so many percent of packets, each of which carries `repeated` of those before it.
    pub fn new(quality: Quality, loss: u8, repeated: u8) -> Self {
        let full = quality.bitrate();
        if repeated == 0 {
            let deep = if loss >= DEEP_LOSS { DEEP_REACH } else { Duration::ZERO };
            let expected_loss = loss.clamp(LEAST_LOSS, 100);
            return Self { bitrate: full, wideband: quality == Quality::Speech, correction: true, expected_loss, deep };
        }
        let channels = if quality.channels() == Channels::Stereo { 2 } else { 1 };
        let least = (LEAST_BITRATE * channels).min(full);
        let bitrate = (BUDGET / (u32::from(repeated) + 1)).clamp(least, full);
        let wideband = quality == Quality::Speech || bitrate <= WIDEBAND * channels;
        Self { bitrate, wideband, correction: false, expected_loss: LEFT_LOSS, deep: Duration::ZERO }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voice_that_is_repeated_gives_bits_for_its_copies() {
        let default = |repeated| Protection::new(Quality::Default, 50, repeated);
        assert_eq!([1, 7, 9, 17].map(|repeated| default(repeated).bitrate), [50_000, 50_000, 40_000, 22_222]);
        assert_eq!([1, 7, 9, 17].map(|repeated| default(repeated).wideband), [false, false, true, true]);
        assert_eq!(Protection::new(Quality::Speech, 75, 17).bitrate, 16_000, "it costs little already");
        assert_eq!(Protection::new(Quality::Music, 75, 17).bitrate, 44_000);
        assert!(!default(1).correction && default(1).deep == Duration::ZERO);
    }

    #[test]
    fn where_nothing_is_repeated_the_codec_helps_itself() {
        let by_loss = |loss| Protection::new(Quality::Default, loss, 0);
        assert_eq!((by_loss(0).expected_loss, by_loss(0).deep), (10, Duration::ZERO));
        assert_eq!((by_loss(30).expected_loss, by_loss(30).deep), (30, DEEP_REACH));
        assert!(by_loss(0).correction && by_loss(0).bitrate == 50_000 && !by_loss(0).wideband);
    }
}
