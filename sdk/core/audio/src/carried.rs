//! Bytes that ride in an Opus packet beside its sound: in the padding (RFC 6716 section 3.2.5), as extensions of it, which
//! every decoder passes over. It does not know what the bytes mean.

use std::borrow::Cow;

/// What bytes beside sound are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Kind {
    /// The application's, with a frame of sound.
    Frame = 1,
    /// The application's, with a packet.
    Packet = 2,
    /// A whole packet as the application has changed it. The packet that carries it is silent.
    Changed = 3,
}

/// One piece of bytes.
pub type Piece<'a> = (Kind, &'a [u8]);

/// A packet, and what rode in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detached<'a> {
    /// The packet without it, as its encoder made it.
    pub packet: Cow<'a, [u8]>,
    /// In the order in which they were put there.
    pub pieces: Vec<Piece<'a>>,
}

/// The packet with these pieces in it. Nothing where it is no Opus packet.
pub fn attach(packet: &[u8], pieces: &[Piece<'_>]) -> Option<Vec<u8>> {
    let layout = Layout::read(packet)?;
    let mut padding = Vec::new();
    for (kind, bytes) in pieces {
        let length = TAG.len() + 1 + bytes.len();
        padding.push(EXTENSION);
        padding.extend(std::iter::repeat_n(255, length / 255));
        padding.push((length % 255) as u8);
        padding.extend_from_slice(&TAG);
        padding.push(*kind as u8);
        padding.extend_from_slice(bytes);
    }
    // Last, because the extension that ends there need not tell its length.
    padding.extend_from_slice(layout.padding);
    Some(layout.written(&padding))
}

/// Takes the pieces out of a packet. One without any stays as it is, and so does what is no packet.
pub fn detach(packet: &[u8]) -> Detached<'_> {
    let untouched = Detached { packet: Cow::Borrowed(packet), pieces: Vec::new() };
    let Some(layout) = Layout::read(packet) else { return untouched };
    let (mut rest, mut pieces) = (layout.padding, Vec::new());
    while let Some((piece, after)) = first_piece(rest) {
        pieces.push(piece);
        rest = after;
    }
    if pieces.is_empty() {
        return untouched;
    }
    Detached { packet: Cow::Owned(layout.written(rest)), pieces }
}

/// A packet that lasts as long as this one and has no sound. Nothing where it is no Opus packet.
pub fn silence_like(packet: &[u8]) -> Option<Vec<u8>> {
    let layout = Layout::read(packet)?;
    // Frames of no bytes: what was not sent (RFC 6716 section 3.2.1).
    Some(Layout { is_variable: false, frames: &[], padding: &[], ..layout }.written(&[]))
}

/// A packet as one of code 3 has it, which all others can be written as.
struct Layout<'a> {
    toc: u8,
    count: u8,
    /// Whether frames have lengths of their own.
    is_variable: bool,
    /// Those lengths, and the frames.
    frames: &'a [u8],
    padding: &'a [u8],
}

impl<'a> Layout<'a> {
    fn read(packet: &'a [u8]) -> Option<Self> {
        let (&toc, rest) = packet.split_first()?;
        let of = |count, is_variable| Self { toc: toc & !CODE, count, is_variable, frames: rest, padding: &[] };
        match toc & CODE {
            0 => Some(of(1, false)),
            1 if rest.len().is_multiple_of(2) => Some(of(2, false)),
            1 => None,
            2 => Some(of(2, true)),
            _ => {
                let (&count, mut rest) = rest.split_first()?;
                let mut padding = 0;
                if count & PADDED != 0 {
                    loop {
                        let (&byte, after) = rest.split_first()?;
                        rest = after;
                        padding += usize::from(byte.min(254));
                        if byte != 255 {
                            break;
                        }
                    }
                }
                let (frames, padding) = rest.split_at_checked(rest.len().checked_sub(padding)?)?;
                let is_variable = count & VARIABLE != 0;
                (count & COUNT != 0).then_some(Self { toc: toc & !CODE, count: count & COUNT, is_variable, frames, padding })
            }
        }
    }

    /// The same with other padding, in the shortest form.
    fn written(&self, padding: &[u8]) -> Vec<u8> {
        let mut packet = Vec::with_capacity(self.frames.len() + padding.len() + padding.len() / 254 + 3);
        match (padding.len(), self.count, self.is_variable) {
            (0, 1, false) => packet.push(self.toc),
            (0, 2, false) => packet.push(self.toc | 1),
            (0, 2, true) => packet.push(self.toc | 2),
            (length, ..) => {
                packet.push(self.toc | CODE);
                let flags = if self.is_variable { VARIABLE } else { 0 } | if length > 0 { PADDED } else { 0 };
                packet.push(self.count | flags);
                if length > 0 {
                    // 255 stands for 254 bytes and more to come, so that the last byte may be 0.
                    packet.extend(std::iter::repeat_n(255, length / 254));
                    packet.push((length % 254) as u8);
                }
            }
        }
        packet.extend_from_slice(self.frames);
        packet.extend_from_slice(padding);
        packet
    }
}

/// The piece that padding begins with, if it does, and what is behind it.
fn first_piece(padding: &[u8]) -> Option<(Piece<'_>, &[u8])> {
    let mut rest = padding.strip_prefix(&[EXTENSION])?;
    let mut length = 0;
    loop {
        let (&byte, after) = rest.split_first()?;
        rest = after;
        length += usize::from(byte);
        if byte != 255 {
            break;
        }
    }
    let (content, rest) = rest.split_at_checked(length)?;
    let (&kind, bytes) = content.strip_prefix(&TAG)?.split_first()?;
    let kind = [Kind::Frame, Kind::Packet, Kind::Changed].into_iter().find(|known| *known as u8 == kind)?;
    Some(((kind, bytes), rest))
}

/// The bits of the first byte that say how many frames follow, and how.
const CODE: u8 = 3;
/// The bits of the second byte of code 3.
const VARIABLE: u8 = 0x80;
const PADDED: u8 = 0x40;
const COUNT: u8 = 0x3f;
/// An extension of padding that is for experiments (number 121) and says how long it is, as draft-ietf-mlcodec-opus-extension
/// has them; deep redundancy is one as well.
const EXTENSION: u8 = 121 << 1 | 1;
/// Tells ours from another one's experiment.
const TAG: [u8; 2] = *b"RE";

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::opus::PacketHeader;
    use crate::{Arrival, Block, Channels, Encoder, Quality, Receiver, Tone};

    fn packets(quality: Quality, reach: Duration) -> Vec<Vec<u8>> {
        let mut encoder = Encoder::new(quality).expect("an encoder");
        encoder.set_expected_loss(30).expect("a loss");
        encoder.set_deep_redundancy(reach).expect("a reach");
        let mut speech = Tone::speech_like(1);
        let speech =
            (0..200).filter_map(|_| encoder.encode(&speech.block(Channels::Stereo)).expect("encoded")).collect::<Vec<_>>();
        speech.into_iter().map(|packet| packet.payload).collect()
    }

    #[test]
    fn what_rides_in_a_packet_comes_out_and_leaves_it_as_it_was() {
        let long = vec![7; 600];
        let pieces: [Piece<'_>; 3] = [(Kind::Frame, b"words"), (Kind::Packet, b""), (Kind::Changed, &long)];
        for quality in [Quality::Speech, Quality::Default, Quality::Music] {
            for reach in [Duration::ZERO, Duration::from_millis(500)] {
                for packet in packets(quality, reach) {
                    let carrying = attach(&packet, &pieces).expect("an Opus packet");
                    let header = |packet: &[u8]| PacketHeader::read(packet).map(|header| (header.frames, header.channels));
                    assert_eq!(header(&carrying), header(&packet), "decoders take it for the same");
                    let Detached { packet: left, pieces: found } = detach(&carrying);
                    assert_eq!((&*left, found.as_slice()), (&*packet, &pieces[..]));
                    assert_eq!(detach(&packet), Detached { packet: Cow::Borrowed(&packet), pieces: Vec::new() });
                }
            }
        }
    }

    #[test]
    fn a_decoder_hears_no_difference() {
        let heard = |carry: bool| {
            let mut receiver = Receiver::default();
            let began = std::time::Instant::now();
            let mut blocks: Vec<Block> = Vec::new();
            for (step, packet) in packets(Quality::Default, Duration::ZERO).iter().enumerate() {
                let payload =
                    if carry { attach(packet, &[(Kind::Frame, b"0123456789")]).expect("a packet") } else { packet.clone() };
                let now = began + Duration::from_millis(20) * step as u32;
                receiver.insert(Arrival { sequence: step as u16, timestamp: step as u32 * 960, payload: &payload }, now);
                blocks.extend([receiver.pull(now), receiver.pull(now + Duration::from_millis(10))]);
            }
            blocks
        };
        assert_eq!(heard(true), heard(false));
    }

    #[test]
    fn a_silent_packet_lasts_as_long_as_the_one_it_stands_for() {
        for packet in packets(Quality::Music, Duration::ZERO).iter().chain(&[vec![0xfb, 0x83, 1, 1, 9, 9, 9]]) {
            let silent = silence_like(packet).expect("a packet");
            let frames = |packet: &[u8]| PacketHeader::read(packet).map(|header| header.frames);
            assert_eq!(frames(&silent), frames(packet));
            assert!(silent.len() <= 2);
            let carrying = attach(&silent, &[(Kind::Changed, packet)]).expect("a packet");
            assert_eq!(detach(&carrying).pieces, [(Kind::Changed, &packet[..])]);
        }
    }

    #[test]
    fn what_is_no_packet_carries_nothing() {
        for nonsense in [&[][..], &[0x01, 1], &[0x03], &[0x03, 0], &[0x03, 0x41], &[0x03, 0x41, 5, 1]] {
            assert_eq!(attach(nonsense, &[(Kind::Frame, b"x")]), None, "{nonsense:02x?}");
        }
        // An extension of somebody else's, and one of ours that is cut short.
        for padding in [&b"\xf3\x04XYZ1"[..], b"\xf3\x09RE\x01x", b"\xf3\xff", b"\xf3\x03RE\x09"] {
            let packet = [&[0x03, 0x41, padding.len() as u8, 9], padding].concat();
            assert_eq!(detach(&packet).pieces, []);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_taken_apart_without_panic(bytes in proptest::collection::vec(prop_oneof![Just(3u8), Just(0x41), Just(255), Just(EXTENSION), Just(b'R'), Just(b'E'), any::<u8>()], 0..60)) {
            let detached = detach(&bytes);
            prop_assert!(detached.packet.len() <= bytes.len());
            if let Some(carrying) = attach(&bytes, &[(Kind::Packet, b"more")]) {
                prop_assert_eq!(detach(&carrying).pieces[0], (Kind::Packet, &b"more"[..]));
            }
        }
    }
}
