//! Payload headers, read just far enough to know where a viewer can be switched to a source; nothing is decoded.

use rtc_protocol::Codec;

/// Whether a decoder that has seen nothing of this source can start with this packet: the first packet of a key frame, or
/// the parameter sets right before it. Never panics; what is truncated or unknown is no switch point. Opus: always.
pub fn is_switch_point(codec: Codec, payload: &[u8]) -> bool {
    match codec {
        Codec::Opus => true,
        Codec::Vp8 => vp8(payload).unwrap_or(false),
        Codec::H264 => h264(payload).unwrap_or(false),
        Codec::Vp9 => vp9(payload).unwrap_or(false),
        Codec::Av1 => av1(payload).unwrap_or(false),
    }
}

/// RFC 7741: section 4.2 is the descriptor, 4.3 the first bytes of the frame.
fn vp8(payload: &[u8]) -> Option<bool> {
    let first = *payload.first()?;
    let starts_partition_0 = first & 0x10 != 0 && first & 0x07 == 0;
    if !starts_partition_0 {
        return Some(false);
    }
    let mut at = 1;
    if first & 0x80 != 0 {
        let extended = *payload.get(at)?;
        at += 1;
        if extended & 0x80 != 0 {
            // The picture id is one byte, or two when its own top bit is set.
            at += if *payload.get(at)? & 0x80 != 0 { 2 } else { 1 };
        }
        if extended & 0x40 != 0 {
            at += 1; // TL0PICIDX
        }
        if extended & 0x30 != 0 {
            at += 1; // TID, Y and KEYIDX share a byte
        }
    }
    let inter_frame = payload.get(at)? & 0x01 != 0;
    Some(!inter_frame)
}

/// RFC 6184: 5.3 NAL unit header, 5.7.1 STAP-A, 5.8 FU-A.
fn h264(payload: &[u8]) -> Option<bool> {
    match payload.first()? & 0x1f {
        H264_STAP_A => {
            let mut rest = payload.get(1..)?;
            while let [high, low, tail @ ..] = rest {
                let size = usize::from(u16::from_be_bytes([*high, *low]));
                // A size beyond the packet is malformed, but what came before it counted.
                let Some(nal) = tail.get(..size) else { break };
                if h264_starts(nal.first().copied().unwrap_or(0) & 0x1f, nal.get(1).copied()) {
                    return Some(true);
                }
                rest = &tail[size..];
            }
            Some(false)
        }
        H264_FU_A => {
            let header = *payload.get(1)?;
            let is_start = header & 0x80 != 0;
            Some(is_start && h264_starts(header & 0x1f, payload.get(2).copied()))
        }
        kind => Some(h264_starts(kind, payload.get(1).copied())),
    }
}

/// An IDR picture's first slice (`first_mb_in_slice` is 0, which its Exp-Golomb code writes as a leading 1), or the
/// sequence parameters before one. A later slice of the same picture is no place to start.
fn h264_starts(kind: u8, first_of_body: Option<u8>) -> bool {
    match kind {
        H264_IDR => first_of_body.is_some_and(|b| b & 0x80 != 0),
        H264_SPS => true,
        _ => false,
    }
}

/// RFC 9628 section 4.2: a frame that is not predicted from other pictures, at its beginning, in the lowest spatial layer.
fn vp9(payload: &[u8]) -> Option<bool> {
    let first = *payload.first()?;
    let [picture_id, predicted, layers, starts_frame] = [0x80, 0x40, 0x20, 0x08].map(|bit| first & bit != 0);
    if predicted || !starts_frame {
        return Some(false);
    }
    let mut at = 1;
    if picture_id {
        at += if *payload.get(at)? & 0x80 != 0 { 2 } else { 1 };
    }
    let spatial_layer = if layers { payload.get(at)? >> 1 & 0x07 } else { 0 };
    // A descriptor without a frame behind it is padding or a truncated packet.
    let has_body = payload.len() > at + usize::from(layers);
    Some(spatial_layer == 0 && has_body)
}

/// RTP payload format for AV1, 4.4 (aggregation header), and AV1 bitstream 5.3.2 (OBU header): the first packet of a coded
/// video sequence, or one that begins with a sequence header.
fn av1(payload: &[u8]) -> Option<bool> {
    let header = *payload.first()?;
    let [continues, new_sequence] = [0x80, 0x08].map(|bit| header & bit != 0);
    let elements = header >> 4 & 0x03;
    if continues {
        return Some(false);
    }
    let mut at = 1;
    if elements != 1 {
        // With W = 1 the only element has no length before it; otherwise the first one has (LEB128, at most 8 bytes).
        let length = payload.get(at..)?.iter().take(8).position(|b| b & 0x80 == 0)?;
        at += length + 1;
    }
    let obu = *payload.get(at)?;
    let kind = obu >> 3 & 0x0f;
    // A temporal delimiter should have been removed by the sender; the sequence header then is not first, but N is set.
    Some(new_sequence || kind == AV1_SEQUENCE_HEADER)
}

const H264_IDR: u8 = 5;
const H264_SPS: u8 = 7;
const H264_STAP_A: u8 = 24;
const H264_FU_A: u8 = 28;
const AV1_SEQUENCE_HEADER: u8 = 1;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: u8 = 0x10; // show_frame, version 0, not inter
    const INTER: u8 = 0x11;

    fn starts(codec: Codec, samples: &[&[u8]]) {
        for s in samples {
            assert!(is_switch_point(codec, s), "{codec:?} should start at {s:02x?}");
        }
    }

    fn does_not_start(codec: Codec, samples: &[&[u8]]) {
        for s in samples {
            assert!(!is_switch_point(codec, s), "{codec:?} should not start at {s:02x?}");
        }
    }

    #[test]
    fn vp8_starts_at_the_first_packet_of_a_key_frame() {
        starts(
            Codec::Vp8,
            &[
                &[0x10, KEY, 0, 0, 0x9d, 0x01, 0x2a],
                &[0x90, 0x80, 0x05, KEY],             // 7-bit picture id
                &[0x90, 0x80, 0x85, 0x01, KEY],       // 15-bit picture id
                &[0x90, 0xe0, 0x85, 0x01, 7, 0, KEY], // picture id, TL0PICIDX, TID: what Chromium sends
                &[0x90, 0x40, 7, KEY],                // TL0PICIDX alone
                &[0x90, 0x10, 0x1f, KEY],             // KEYIDX alone
                &[0x90, 0x00, KEY],                   // extension byte without any field
            ],
        );
        does_not_start(
            Codec::Vp8,
            &[
                &[0x10, INTER],
                &[0x00, KEY], // not the start of a partition
                &[0x11, KEY], // partition 1
                &[0x90, 0xe0, 0x85, 0x01, 7, 0, INTER],
                &[0x90, 0xe0, 0x85, 0x01, 7, 0], // ends with the descriptor
                &[0x90, 0x80],
                &[0x90],
                &[],
            ],
        );
    }

    #[test]
    fn h264_starts_at_parameter_sets_and_at_the_first_slice_of_an_idr_picture() {
        starts(
            Codec::H264,
            &[
                &[0x67, 0x42, 0xe0, 0x1f],
                &[0x65, 0x88, 0x84],
                &[0x78, 0, 2, 0x67, 0x42, 0, 2, 0x68, 0xce],       // STAP-A: SPS, PPS
                &[0x78, 0, 2, 0x09, 0xf0, 0, 2, 0x67, 0x42],       // STAP-A: delimiter, SPS
                &[0x78, 0, 1, 0x06, 0, 2, 0x65, 0x88, 0xff, 0xff], // a bad tail does not undo what came before
                &[0x7c, 0x85, 0x88],                               // FU-A start of an IDR slice
            ],
        );
        does_not_start(
            Codec::H264,
            &[
                &[0x61, 0x88], // a slice of another picture
                &[0x68, 0xce], // PPS
                &[0x65, 0x40], // a later slice of an IDR picture
                &[0x65],
                &[0x7c, 0x05, 0x88], // FU-A, not the start
                &[0x7c, 0x81, 0x88], // FU-A start of a slice that is not IDR
                &[0x7c, 0x85, 0x40],
                &[0x7c, 0x85],
                &[0x7c],
                &[0x78, 0, 2, 0x61, 0x88],
                &[0x78, 0, 9, 0x67], // longer than the packet
                &[0x78, 0, 0, 0, 0],
                &[0x78, 0],
                &[0x78],
                &[],
            ],
        );
    }

    #[test]
    fn vp9_starts_where_a_frame_needs_no_other_picture() {
        starts(
            Codec::Vp9,
            &[
                &[0x08, 0x82],
                &[0x88, 0x05, 0x82],                   // 7-bit picture id
                &[0x8c, 0x81, 0x05, 0x82],             // 15-bit picture id, start and end in one packet
                &[0xaa, 0x81, 0x05, 0x00, 0x01, 0x82], // layer indices, scalability structure, SID 0
                &[0xb8, 0x81, 0x05, 0x10, 0x82],       // flexible mode
            ],
        );
        does_not_start(
            Codec::Vp9,
            &[
                &[0x48, 0x82],                   // predicted
                &[0x00, 0x82],                   // not the beginning
                &[0xa8, 0x81, 0x05, 0x02, 0, 1], // SID 1
                &[0xa8, 0x81, 0x05],
                &[0x88, 0x81],
                &[0x88, 0x05], // no frame
                &[0x08],
                &[],
            ],
        );
    }

    #[test]
    fn av1_starts_with_a_new_coded_video_sequence() {
        starts(
            Codec::Av1,
            &[
                &[0x18, 0x0a, 0x0b],          // W=1, N
                &[0x28, 0x02, 0x08, 0x00, 7], // W=2, N, sequence header of 2 bytes
                &[0x10, 0x08, 0x00],          // W=1, sequence header, sender forgot N
                &[0x00, 0x83, 0x00, 0x08, 0], // W=0, padded LEB128 length
            ],
        );
        does_not_start(
            Codec::Av1,
            &[
                &[0x98, 0x0a], // continues an element
                &[0x10, 0x30], // a frame
                &[0x20, 0x02, 0x30, 0x00],
                &[0x08], // N, but nothing inside
                &[0x08, 0x02],
                &[0x00, 0x80],
                &[0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x08],
                &[],
            ],
        );
    }

    #[test]
    fn every_opus_packet_is_a_start() {
        starts(Codec::Opus, &[&[0xfc, 1, 2], &[]]);
    }

    proptest! {
        #[test]
        fn no_payload_makes_a_parser_panic(payload in proptest::collection::vec(any::<u8>(), 0..64)) {
            for codec in [Codec::Opus, Codec::Vp8, Codec::H264, Codec::Vp9, Codec::Av1] {
                let whole = is_switch_point(codec, &payload);
                // Reading is bounded by the header: a longer packet gives no other answer once the answer was yes.
                if whole && codec != Codec::Opus {
                    let mut longer = payload.clone();
                    longer.extend_from_slice(&[0; 8]);
                    prop_assert!(is_switch_point(codec, &longer));
                }
            }
        }

        #[test]
        fn short_payloads_that_look_like_headers_do_not_panic(first in any::<u8>(), rest in proptest::collection::vec(prop_oneof![Just(0u8), Just(0x80), Just(0xff), any::<u8>()], 0..6)) {
            let payload: Vec<u8> = std::iter::once(first).chain(rest).collect();
            for codec in [Codec::Vp8, Codec::H264, Codec::Vp9, Codec::Av1] {
                is_switch_point(codec, &payload);
            }
        }
    }
}
