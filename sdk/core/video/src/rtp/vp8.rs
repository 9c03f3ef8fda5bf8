//! The RTP payload format of VP8, RFC 7741. It moves whole frames and decodes nothing.

use std::sync::Arc;

/// Writes descriptors with picture numbers of 15 bits, as browsers do.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    picture_id: u16,
}

impl Writer {
    pub(super) const fn new(picture_id: u16) -> Self {
        Self { picture_id: picture_id & 0x7fff }
    }

    /// Cuts a frame into payloads of nearly equal length.
    pub(super) fn write(&mut self, frame: &[u8], max_payload: usize) -> Vec<Arc<[u8]>> {
        let [high, low] = self.picture_id.to_be_bytes();
        self.picture_id = (self.picture_id + 1) & 0x7fff;
        // Section 4.2: X, then I, then M with the upper seven bits.
        let mut descriptor = [0x90, 0x80, 0x80 | high, low];
        let pieces = even_pieces(frame, max_payload - descriptor.len());
        pieces
            .map(|piece| {
                let payload = [&descriptor, piece].concat().into();
                // S marks the first packet of a partition, and all of the frame goes as partition 0.
                descriptor[0] = 0x80;
                payload
            })
            .collect()
    }
}

/// What the descriptor of a packet says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Descriptor {
    /// Whether a frame starts here.
    pub is_start: bool,
    /// Whether no other frame depends on this one.
    pub is_discardable: bool,
    /// 7 or 15 bits, as the sender chose.
    pub picture_id: Option<u16>,
}

/// Takes a payload apart (section 4.2). `None` when it ends within the descriptor or has nothing behind it.
pub fn read(payload: &[u8]) -> Option<(Descriptor, &[u8])> {
    let (first, mut rest) = payload.split_first()?;
    let mut picture_id = None;
    if first & 0x80 != 0 {
        let extension = take(&mut rest)?;
        if extension & 0x80 != 0 {
            let high = take(&mut rest)?;
            picture_id = Some(match high & 0x80 {
                0 => u16::from(high),
                _ => u16::from_be_bytes([high & 0x7f, take(&mut rest)?]),
            });
        }
        if extension & 0x40 != 0 {
            take(&mut rest)?; // TL0PICIDX
        }
        if extension & 0x30 != 0 {
            take(&mut rest)?; // TID, Y and KEYIDX share a byte.
        }
    }
    let is_start = first & 0x10 != 0 && first & 0x07 == 0;
    (!rest.is_empty()).then_some((Descriptor { is_start, is_discardable: first & 0x20 != 0, picture_id }, rest))
}

/// Whether a payload is the first of a key frame (section 4.3: the lowest bit of the frame is P).
pub fn starts_key(payload: &[u8]) -> bool {
    read(payload).is_some_and(|(descriptor, frame)| descriptor.is_start && frame[0] & 1 == 0)
}

fn take(rest: &mut &[u8]) -> Option<u8> {
    let (first, tail) = rest.split_first()?;
    *rest = tail;
    Some(*first)
}

/// As few pieces as possible, of lengths that differ by at most one: a tiny last packet costs as much as a full one.
pub(super) fn even_pieces(mut data: &[u8], max: usize) -> impl Iterator<Item = &[u8]> {
    let mut left = data.len().div_ceil(max);
    std::iter::from_fn(move || {
        if left == 0 {
            return None;
        }
        let (piece, rest) = data.split_at(data.len().div_ceil(left));
        data = rest;
        left -= 1;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pieces_are_even_and_numbered_as_one_picture() {
        let mut writer = Writer::new(0x7fff);
        let frame: Vec<u8> = (0..250u8).collect();
        let payloads = writer.write(&frame, 104);
        assert_eq!(payloads.iter().map(|p| p.len()).collect::<Vec<_>>(), [88, 87, 87]);
        let read: Vec<_> = payloads.iter().map(|p| read(p).unwrap()).collect();
        assert!(read[0].0.is_start && !read[1].0.is_start && !read[2].0.is_start);
        assert!(read.iter().all(|(descriptor, _)| descriptor.picture_id == Some(0x7fff)));
        assert_eq!(read.iter().flat_map(|(_, piece)| piece.to_vec()).collect::<Vec<_>>(), frame);
        assert_eq!(super::read(&writer.write(&frame, 1000)[0]).unwrap().0.picture_id, Some(0), "15 bits, then round again");
    }

    #[test]
    fn descriptors_of_other_senders() {
        let descriptor = |is_start, is_discardable, picture_id| Descriptor { is_start, is_discardable, picture_id };
        assert_eq!(read(&[0x10, 1]), Some((descriptor(true, false, None), &[1][..])));
        assert_eq!(read(&[0xb0, 0xe0, 0x85, 0x01, 7, 0x20, 9]), Some((descriptor(true, true, Some(0x501)), &[9][..])));
        assert_eq!(read(&[0x90, 0x80, 0x05, 2]), Some((descriptor(true, false, Some(5)), &[2][..])));
        assert_eq!(read(&[0x11, 3]), Some((descriptor(false, false, None), &[3][..])), "another partition");
        for truncated in [&[][..], &[0x10], &[0x90], &[0x90, 0x80], &[0x90, 0x80, 0x80], &[0x90, 0xe0, 0x85, 1, 7, 0]] {
            assert_eq!(read(truncated), None, "{truncated:02x?}");
        }
    }

    proptest! {
        #[test]
        fn no_payload_panics(payload in proptest::collection::vec(any::<u8>(), 0..20)) {
            let _ = (read(&payload), starts_key(&payload));
        }

        #[test]
        fn pieces_cover_the_data_and_keep_to_the_limit(length in 0usize..3000, max in 1usize..1200) {
            let data = vec![1; length];
            let pieces: Vec<_> = even_pieces(&data, max).collect();
            prop_assert_eq!(pieces.iter().map(|p| p.len()).sum::<usize>(), length);
            prop_assert!(pieces.iter().all(|p| p.len() <= max && !p.is_empty()));
        }
    }
}
