//! The RTP payload format of H.264, RFC 6184 in packetization mode 1: single NAL units, STAP-A and FU-A. It moves NAL units
//! and reads nothing but their headers.

use std::sync::Arc;

use super::vp8::even_pieces;
use crate::nal::{self, START_CODE};

/// Cuts an access unit into payloads. Small units share a packet, as far as they follow each other.
pub(super) fn write(access_unit: &[u8], max_payload: usize) -> Vec<Arc<[u8]>> {
    let mut payloads = Vec::new();
    let mut together: Vec<&[u8]> = Vec::new();
    let mut length = 1;
    for unit in nal::units(access_unit) {
        if length + 2 + unit.len() > max_payload {
            flush(&mut together, &mut payloads);
            length = 1;
        }
        if unit.len() > max_payload {
            fragment(unit, max_payload, &mut payloads);
        } else {
            together.push(unit);
            length += 2 + unit.len();
        }
    }
    flush(&mut together, &mut payloads);
    payloads
}

fn flush(together: &mut Vec<&[u8]>, payloads: &mut Vec<Arc<[u8]>>) {
    match together.as_slice() {
        [] => {}
        [unit] => payloads.push(Arc::from(*unit)),
        units => payloads.push(aggregate(units)),
    }
    together.clear();
}

/// Section 5.7.1. The header has the highest importance of the units inside.
fn aggregate(units: &[&[u8]]) -> Arc<[u8]> {
    let importance = units.iter().map(|unit| unit[0] & 0x60).max().unwrap_or(0);
    let mut payload = vec![importance | STAP_A];
    for unit in units {
        // They fit a packet together, so each length fits 16 bits as long as packets do.
        payload.extend_from_slice(&(unit.len() as u16).to_be_bytes());
        payload.extend_from_slice(unit);
    }
    payload.into()
}

/// Section 5.8.
fn fragment(unit: &[u8], max_payload: usize, payloads: &mut Vec<Arc<[u8]>>) {
    let (header, body) = (unit[0], &unit[1..]);
    let count = body.len().div_ceil(max_payload - 2);
    for (at, piece) in even_pieces(body, max_payload - 2).enumerate() {
        let start = if at == 0 { START } else { 0 };
        let end = if at + 1 == count { END } else { 0 };
        payloads.push([&[header & 0xe0 | FU_A, start | end | header & 0x1f], piece].concat().into());
    }
}

/// Puts the payloads of one access unit together to Annex B form. A unit whose fragments do not belong together, or that is
/// longer than `max_bytes`, makes the result `None`, and so does a payload of a kind that mode 1 does not have.
pub fn read<'a>(payloads: impl Iterator<Item = &'a [u8]>, max_bytes: usize) -> Option<Vec<u8>> {
    let mut stream = Vec::new();
    let mut is_fragment_open = false;
    for payload in payloads {
        let (header, rest) = payload.split_first()?;
        match header & 0x1f {
            FU_A => {
                let (flags, piece) = rest.split_first()?;
                match (flags & START != 0, is_fragment_open) {
                    (true, false) => {
                        stream.extend_from_slice(&START_CODE);
                        stream.push(header & 0xe0 | flags & 0x1f);
                    }
                    (false, true) => {}
                    _ => return None,
                }
                stream.extend_from_slice(piece);
                is_fragment_open = flags & END == 0;
            }
            _ if is_fragment_open => return None,
            STAP_A => {
                for unit in aggregated(rest) {
                    append(unit?, &mut stream);
                }
            }
            1..=23 => append(payload, &mut stream),
            _ => return None,
        }
        if stream.len() > max_bytes {
            return None;
        }
    }
    (!is_fragment_open && !stream.is_empty()).then_some(stream)
}

/// Whether a payload is the first of a key frame: parameter sets, or the first slice of an IDR picture.
pub fn starts_key(payload: &[u8]) -> bool {
    kinds_begin(payload, |unit| nal::kind(unit) == Some(nal::SPS) || nal::starts_idr(unit))
}

/// Whether a payload carries parameter sets, without which an IDR picture means nothing to a newcomer.
pub fn has_parameters(payload: &[u8]) -> bool {
    kinds_begin(payload, |unit| nal::kind(unit) == Some(nal::SPS))
}

/// Whether a unit that begins in this payload is what is looked for. Of a fragment only the beginning is there.
fn kinds_begin(payload: &[u8], is_wanted: impl Fn(&[u8]) -> bool) -> bool {
    match payload {
        [header, rest @ ..] if header & 0x1f == STAP_A => aggregated(rest).flatten().any(is_wanted),
        [header, flags, rest @ ..] if header & 0x1f == FU_A => {
            let begin = [header & 0xe0 | flags & 0x1f, rest.first().copied().unwrap_or(0)];
            flags & START != 0 && is_wanted(&begin)
        }
        _ => is_wanted(payload),
    }
}

/// The units of a STAP-A; `None` in place of one that is empty or longer than the packet, which ends it.
fn aggregated(mut rest: &[u8]) -> impl Iterator<Item = Option<&[u8]>> {
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let unit = (|| {
            let (length, tail) = rest.split_first_chunk::<2>()?;
            let (unit, tail) = tail.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
            rest = tail;
            (!unit.is_empty()).then_some(unit)
        })();
        if unit.is_none() {
            rest = &[];
        }
        Some(unit)
    })
}

fn append(unit: &[u8], stream: &mut Vec<u8>) {
    stream.extend_from_slice(&START_CODE);
    stream.extend_from_slice(unit);
}

const STAP_A: u8 = 24;
const FU_A: u8 = 28;
const START: u8 = 0x80;
const END: u8 = 0x40;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMIT: usize = 1 << 20;

    fn stream(units: &[&[u8]]) -> Vec<u8> {
        let mut stream = Vec::new();
        units.iter().for_each(|unit| append(unit, &mut stream));
        stream
    }

    fn read_all(payloads: &[Arc<[u8]>]) -> Option<Vec<u8>> {
        read(payloads.iter().map(|payload| &payload[..]), LIMIT)
    }

    #[test]
    fn parameter_sets_share_a_packet_and_a_large_slice_is_cut() {
        let slice: Vec<u8> = [0x65, 0x88].into_iter().chain((0..248).map(|n| n % 200 + 1)).collect();
        let access_unit = stream(&[&[0x67, 0x42, 0xe0, 0x1f], &[0x68, 0xce], &slice]);
        let payloads = write(&access_unit, 100);
        assert_eq!(payloads[0][..], [&[0x78, 0, 4, 0x67, 0x42, 0xe0, 0x1f][..], &[0, 2, 0x68, 0xce]].concat());
        assert_eq!(payloads[1][..3], [0x7c, 0x85, 0x88], "start of an IDR slice");
        assert_eq!(payloads[2][..2], [0x7c, 0x05]);
        assert_eq!(payloads[3][..2], [0x7c, 0x45], "its end");
        assert_eq!(payloads.len(), 4);
        assert!(payloads.iter().all(|payload| payload.len() <= 100));
        assert_eq!(read_all(&payloads), Some(access_unit));
        assert!(starts_key(&payloads[0]) && has_parameters(&payloads[0]));
        assert!(starts_key(&payloads[1]) && !has_parameters(&payloads[1]) && !starts_key(&payloads[2]));
    }

    #[test]
    fn a_small_unit_goes_alone() {
        let access_unit = stream(&[&[0x41, 0x9a, 1, 2, 3]]);
        let payloads = write(&access_unit, 100);
        assert_eq!(payloads, [Arc::from([0x41, 0x9a, 1, 2, 3])]);
        assert_eq!(read_all(&payloads), Some(access_unit));
    }

    #[test]
    fn what_does_not_belong_together_is_not_put_together() {
        let bad: &[&[&[u8]]] = &[
            &[&[0x7c, 0x05, 1]],                               // no start
            &[&[0x7c, 0x85, 1]],                               // no end
            &[&[0x7c, 0x85, 1], &[0x7c, 0x85, 2]],             // two starts
            &[&[0x7c, 0x85, 1], &[0x41, 2], &[0x7c, 0x45, 3]], // something between
            &[&[0x7c]],
            &[&[0x78, 0, 9, 1]],
            &[&[0x78, 0, 0]],
            &[&[0x79, 0, 0, 0, 1, 0x41]], // STAP-B
            &[&[0x1d, 0x85, 0, 0, 1]],    // FU-B
            &[&[]],
            &[],
        ];
        for payloads in bad {
            assert_eq!(read(payloads.iter().copied(), LIMIT), None, "{payloads:02x?}");
        }
        assert_eq!(read([&[0x41; 200][..]].into_iter(), 100), None, "longer than allowed");
    }

    proptest! {
        #[test]
        fn every_access_unit_comes_back(
            bodies in proptest::collection::vec((1u8..24, proptest::collection::vec(1u8..255, 0..400)), 1..6),
            max in 100usize..300,
        ) {
            let units: Vec<Vec<u8>> = bodies.into_iter().map(|(kind, body)| [&[0x60 | kind], &body[..]].concat()).collect();
            let access_unit = stream(&units.iter().map(Vec::as_slice).collect::<Vec<_>>());
            let payloads = write(&access_unit, max);
            prop_assert!(payloads.iter().all(|payload| payload.len() <= max));
            prop_assert_eq!(read_all(&payloads), Some(access_unit));
        }

        #[test]
        fn no_payload_panics(payloads in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..12), 0..6)) {
            let _ = read(payloads.iter().map(Vec::as_slice), 30);
            payloads.iter().for_each(|payload| _ = (starts_key(payload), has_parameters(payload)));
        }
    }
}
