//! H.264 NAL units in Annex B form: where each begins and ends, and emulation prevention both ways. It reads headers, not
//! contents.

/// The kind of a slice of an IDR picture.
pub const IDR: u8 = 5;
/// The kind of supplemental enhancement information.
pub const SEI: u8 = 6;
/// The kind of a sequence parameter set.
pub const SPS: u8 = 7;
/// The kind of a picture parameter set.
pub const PPS: u8 = 8;
/// The kind of an access unit delimiter.
pub const DELIMITER: u8 = 9;

/// What stands before each unit when this crate writes.
pub const START_CODE: [u8; 4] = [0, 0, 0, 1];

/// The units of an Annex B stream without their start codes; empty ones are left out.
pub fn units(stream: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = after_start_code(stream);
    std::iter::from_fn(move || {
        loop {
            let current = rest?;
            let (unit, next) = match start_code(current) {
                Some(at) => (&current[..at], current.get(at + 3..)),
                None => (current, None),
            };
            rest = next;
            // A zero before a start code belongs to it, and zeros at the end are padding: no unit ends in one.
            let length = unit.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1);
            if length > 0 {
                return Some(&unit[..length]);
            }
        }
    })
}

/// `nal_unit_type`, the lower five bits of the first byte.
pub fn kind(unit: &[u8]) -> Option<u8> {
    unit.first().map(|byte| byte & 0x1f)
}

/// Whether a unit of this kind carries a part of the picture itself.
pub const fn is_slice(kind: u8) -> bool {
    kind >= 1 && kind <= IDR
}

/// Whether a unit is where the picture of a key frame begins: a slice of an IDR picture whose `first_mb_in_slice` is 0,
/// which Exp-Golomb writes as a leading 1.
pub fn starts_idr(unit: &[u8]) -> bool {
    matches!(unit, [header, body, ..] if header & 0x1f == IDR && body & 0x80 != 0)
}

/// Puts a byte 3 wherever the payload would look like a start code (7.4.1).
pub fn escape(payload: &[u8], target: &mut Vec<u8>) {
    let mut zeros = 0;
    target.reserve(payload.len());
    for &byte in payload {
        if zeros >= 2 && byte <= 3 {
            target.push(3);
            zeros = 0;
        }
        zeros = if byte == 0 { zeros + 1 } else { 0 };
        target.push(byte);
    }
}

/// Takes out the bytes that [`escape`] put in.
pub fn unescape(escaped: &[u8]) -> Vec<u8> {
    let mut payload = Vec::with_capacity(escaped.len());
    let mut zeros = 0;
    for &byte in escaped {
        if zeros >= 2 && byte == 3 {
            zeros = 0;
            continue;
        }
        zeros = if byte == 0 { zeros + 1 } else { 0 };
        payload.push(byte);
    }
    payload
}

fn after_start_code(stream: &[u8]) -> Option<&[u8]> {
    start_code(stream).and_then(|at| stream.get(at + 3..))
}

/// Where the three bytes of a start code are.
fn start_code(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    // Looking at every third byte first: a byte above 1 rules out three positions at once.
    while let Some(third) = bytes.get(at + 2) {
        match third {
            1 if bytes[at] == 0 && bytes[at + 1] == 0 => return Some(at),
            0 => at += 1,
            _ => at += 3,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(stream: &[u8]) -> Vec<&[u8]> {
        units(stream).collect()
    }

    #[test]
    fn units_are_found_behind_both_lengths_of_start_code() {
        assert_eq!(
            split(&[0, 0, 0, 1, 0x67, 9, 0, 0, 1, 0x68, 8, 0, 0, 0, 1, 0x65, 7]),
            [&[0x67u8, 9][..], &[0x68, 8], &[0x65, 7]]
        );
        assert_eq!(split(&[9, 9, 0, 0, 1, 0x41, 1, 0, 0]), [&[0x41u8, 1][..]], "what is before and padding after are left out");
        assert_eq!(split(&[0, 0, 1, 0, 0, 1, 0x41, 1]), [&[0x41u8, 1][..]], "an empty unit is none");
        assert!(split(&[]).is_empty() && split(&[0, 0]).is_empty() && split(&[1, 2, 3]).is_empty());
    }

    #[test]
    fn emulation_prevention_as_in_the_standard() {
        let mut escaped = Vec::new();
        escape(&[0, 0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 3, 0, 0, 4], &mut escaped);
        assert_eq!(escaped, [0, 0, 3, 0, 0, 3, 0, 1, 0, 0, 3, 2, 0, 0, 3, 3, 0, 0, 4]);
    }

    proptest! {
        #[test]
        fn what_is_escaped_comes_back_and_holds_no_start_code(payload in proptest::collection::vec(0u8..5, 0..200)) {
            let mut escaped = Vec::new();
            escape(&payload, &mut escaped);
            prop_assert!(start_code(&escaped).is_none());
            prop_assert_eq!(unescape(&escaped), payload);
        }

        #[test]
        fn any_bytes_split_into_units_without_start_codes(stream in proptest::collection::vec(0u8..4, 0..200)) {
            for unit in units(&stream) {
                prop_assert!(!unit.is_empty() && start_code(unit).is_none());
            }
        }
    }
}
