//! A packet of the load as it is handed to a publisher, and the mark in its payload by which a subscriber knows it again.

use std::sync::Arc;

/// One packet to publish.
#[derive(Debug, Clone)]
pub(crate) struct Packet {
    /// Picture or voice.
    pub(crate) is_video: bool,
    /// Counted for picture and voice apart.
    pub(crate) seq: u64,
    /// RTP time: 90 kHz for pictures, 48 kHz for voice.
    pub(crate) time: u32,
    /// The last of a frame.
    pub(crate) marker: bool,
    /// What is carried.
    pub(crate) payload: Arc<[u8]>,
}

/// What a payload ends with: who it is and when it left. No system changes the end of a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The packet's number in the whole load.
    pub(crate) index: u64,
    /// Microseconds since the beginning of the load's clock.
    pub(crate) sent_us: u64,
}

/// Tells a payload of the load from what a server makes up itself, such as padding that probes the network.
const MAGIC: u32 = 0x5eed_ba11;
const MARK_BYTES: usize = 4 + 8 + 8;
/// The VP8 payload descriptor with a picture id of two bytes, and the header of a key frame.
const VP8_BYTES: usize = 4 + 10;
/// No payload of a load is smaller: a mark and what a forwarder may want to read have to fit.
pub(crate) const LEAST_PAYLOAD: usize = VP8_BYTES + MARK_BYTES;

impl Mark {
    /// Reads it; nothing where the payload is not of the load.
    pub(crate) fn read(payload: &[u8]) -> Option<Self> {
        let mark: &[u8; MARK_BYTES] = payload.last_chunk()?;
        let (magic, rest) = mark.split_first_chunk::<4>()?;
        let (index, sent_us) = rest.split_first_chunk::<8>()?;
        (u32::from_be_bytes(*magic) == MAGIC).then_some(())?;
        Some(Self { index: u64::from_be_bytes(*index), sent_us: u64::from_be_bytes(sent_us.try_into().ok()?) })
    }

    /// A payload of Opus to a forwarder, which does not look into it.
    pub(crate) fn opus(self, bytes: usize) -> Arc<[u8]> {
        self.fill(bytes).into()
    }

    /// A payload of VP8 to a forwarder, of a picture of 1280x720 that is sent as browsers do (RFC 7741 section 4.2: extended
    /// with a picture id of 15 bits).
    pub(crate) fn vp8(self, bytes: usize, picture: u16, first: bool, key: bool) -> Arc<[u8]> {
        let mut payload = self.fill(bytes);
        let start = if first { 0x90 } else { 0x80 };
        let [high, low] = (picture | 0x8000).to_be_bytes();
        payload[..4].copy_from_slice(&[start, 0x80, high, low]);
        if first {
            // RFC 6386 section 9.1: the frame tag, and after it in key frames a start code, width and height.
            let tag: &[u8] =
                if key { &[0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x00, 0x05, 0xd0, 0x02] } else { &[0x31, 0x02, 0x00] };
            payload[4..4 + tag.len()].copy_from_slice(tag);
        }
        payload.into()
    }

    fn fill(self, bytes: usize) -> Vec<u8> {
        let mut payload = vec![0xa5; bytes.max(LEAST_PAYLOAD)];
        let at = payload.len() - MARK_BYTES;
        payload[at..at + 4].copy_from_slice(&MAGIC.to_be_bytes());
        payload[at + 4..at + 12].copy_from_slice(&self.index.to_be_bytes());
        payload[at + 12..].copy_from_slice(&self.sent_us.to_be_bytes());
        payload
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARK: Mark = Mark { index: 1 << 40, sent_us: 77 };

    #[test]
    fn a_mark_is_read_from_the_end_of_any_payload() {
        for payload in [MARK.opus(3), MARK.opus(100), MARK.vp8(1150, 0x7fff, true, true), MARK.vp8(1, 0, false, false)] {
            assert_eq!(Mark::read(&payload), Some(MARK));
        }
        assert_eq!(MARK.vp8(1150, 0, true, true).len(), 1150);
    }

    #[test]
    fn what_a_server_makes_up_has_no_mark() {
        assert_eq!(Mark::read(&[]), None);
        assert_eq!(Mark::read(&[0; 300]), None);
    }
}
