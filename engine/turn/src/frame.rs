//! What belongs to TURN, and where a message ends in a stream.

use rtc_stun::wire::{COOKIE, HEADER};

use crate::LONGEST;
use crate::kind::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, REFRESH, SEND};

/// Channel numbers (RFC 8656 section 12).
pub(crate) const CHANNELS: std::ops::RangeInclusive<u16> = 0x4000..=0x4fff;
/// Bytes before the content of ChannelData.
pub(crate) const CHANNEL_HEADER: usize = 4;

/// The beginning of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame {
    /// A message.
    Whole {
        /// Its bytes.
        length: usize,
        /// These and its padding.
        taken: usize,
    },
    /// Too little to tell, or for a message.
    Unfinished,
    /// No message of TURN.
    Broken,
}

/// Whether a datagram is a client's to a TURN server. Nothing that media sends looks like it.
pub fn is_turn(datagram: &[u8]) -> bool {
    match datagram {
        [0x40..=0x4f, ..] => true,
        [a, b, _, _, cookie @ ..] => {
            let kind = u16::from_be_bytes([*a, *b]);
            [ALLOCATE, REFRESH, CREATE_PERMISSION, CHANNEL_BIND, SEND].contains(&kind) && cookie.starts_with(&COOKIE)
        }
        _ => false,
    }
}

/// Where the first message of a stream ends (RFC 8656 section 3.1 and 12.5).
pub fn frame(stream: &[u8]) -> Frame {
    let Some(head) = stream.first_chunk::<4>() else { return Frame::Unfinished };
    let after = usize::from(u16::from_be_bytes([head[2], head[3]]));
    let (length, taken) = match head[0] {
        0x00..=0x3f if after % 4 == 0 => (HEADER + after, HEADER + after),
        0x40..=0x4f => (CHANNEL_HEADER + after, CHANNEL_HEADER + after.next_multiple_of(4)),
        _ => return Frame::Broken,
    };
    match stream.len() >= taken {
        _ if length > LONGEST => Frame::Broken,
        true => Frame::Whole { length, taken },
        false => Frame::Unfinished,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_falls_into_messages() {
        assert_eq!(frame(&[0x40, 0, 0, 1, 7, 0, 0]), Frame::Unfinished, "its padding belongs to it");
        assert_eq!(frame(&[0x40, 0, 0, 1, 7, 0, 0, 0, 9]), Frame::Whole { length: 5, taken: 8 });
        assert_eq!(frame(&[0, 3, 0, 0]), Frame::Unfinished);
        assert_eq!(frame(&[0, 3, 0, 1]), Frame::Broken);
        assert_eq!(frame(&[0, 3, 0xf0, 0]), Frame::Broken, "longer than any");
        assert_eq!(frame(&[0x50, 0, 0, 0]), Frame::Broken);
        let mut message = vec![0, 3, 0, 4];
        message.extend(COOKIE);
        message.resize(24, 0);
        assert_eq!(frame(&message), Frame::Whole { length: 24, taken: 24 });
        assert!(is_turn(&message));
        message[1] = 1;
        assert!(!is_turn(&message), "a check");
        assert!(is_turn(&[0x4f]) && !is_turn(&[0x50]) && !is_turn(&[]) && !is_turn(&[0, 3, 0, 0]));
    }
}
