//! H.264 access units, from a byte stream to a file: NAL units, parameter sets, the size in them (ITU-T H.264 sections
//! 7.3.1, 7.3.2 and Annex B; ISO/IEC 14496-15 section 5). It decodes no picture.

// NAL unit types (table 7-1).
const IDR_SLICE: u8 = 5;
const SEQUENCE_SET: u8 = 7;
const PICTURE_SET: u8 = 8;
const DELIMITER: u8 = 9;
const END_OF_SEQUENCE: u8 = 10;
const END_OF_STREAM: u8 = 11;
const FILLER: u8 = 12;

/// The sequence and picture parameter sets that came with a key frame.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ParameterSets {
    pub(crate) sequence: Vec<Vec<u8>>,
    pub(crate) picture: Vec<Vec<u8>>,
}

impl ParameterSets {
    /// Width and height in pixels; `None` when the sets make no sense, or do not fit into the header of a file.
    pub(crate) fn size(&self) -> Option<(u16, u16)> {
        // The numbers of sets are bytes in the header (ISO/IEC 14496-15 section 5.3.3.1), and their lengths two.
        let fits = |sets: &[Vec<u8>], most| (1..=most).contains(&sets.len()) && sets.iter().all(|set| set.len() <= 0xffff);
        if !fits(&self.sequence, 31) || !fits(&self.picture, 255) {
            return None;
        }
        let sequence = Sequence::read(self.sequence.first()?)?;
        Some((sequence.width, sequence.height))
    }
}

/// Whether decoding can start with an access unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Key,
    Delta,
}

/// One picture.
#[derive(Debug)]
pub(crate) struct AccessUnit {
    pub(crate) kind: Kind,
    /// What came with it.
    pub(crate) sets: ParameterSets,
    /// With lengths instead of start codes.
    pub(crate) data: Vec<u8>,
}

/// Reads an access unit and turns start codes into lengths; `None` when there is no slice in it.
///
/// Parameter sets that equal those in the header of the file, or are going to be in it, are left out, as `avc1` wants it.
/// Changed ones stay in the stream, where every decoder finds them.
pub(crate) fn read(bytes: &[u8], header: Option<&ParameterSets>) -> Option<AccessUnit> {
    let mut sets = ParameterSets::default();
    let mut kind = None;
    for unit in units(bytes) {
        match unit[0] & 0x1f {
            SEQUENCE_SET => sets.sequence.push(unit.to_vec()),
            PICTURE_SET => sets.picture.push(unit.to_vec()),
            IDR_SLICE => kind = Some(Kind::Key),
            1..IDR_SLICE => kind = kind.or(Some(Kind::Delta)),
            _ => {}
        }
    }
    let kind = kind?;
    let in_header = header.is_none_or(|header| *header == sets);
    let mut data = Vec::with_capacity(bytes.len() + 16);
    for unit in units(bytes) {
        let unit_kind = unit[0] & 0x1f;
        let is_set = matches!(unit_kind, SEQUENCE_SET | PICTURE_SET);
        if matches!(unit_kind, DELIMITER | END_OF_SEQUENCE | END_OF_STREAM | FILLER) || is_set && in_header {
            continue;
        }
        data.extend_from_slice(&(unit.len() as u32).to_be_bytes());
        data.extend_from_slice(unit);
    }
    Some(AccessUnit { kind, sets, data })
}

/// The NAL units of a byte stream, without start codes and the zeros around them. None is empty.
fn units(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = start_code(bytes).map_or(&[][..], |at| &bytes[at + 3..]);
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let end = start_code(rest);
            let unit = &rest[..end.unwrap_or(rest.len())];
            rest = end.map_or(&[][..], |at| &rest[at + 3..]);
            let length = unit.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
            if length > 0 {
                return Some(&unit[..length]);
            }
        }
        None
    })
}

fn start_code(bytes: &[u8]) -> Option<usize> {
    bytes.windows(3).position(|window| window == [0, 0, 1])
}

/// What a file's header needs of a sequence parameter set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sequence {
    pub(crate) width: u16,
    pub(crate) height: u16,
    /// Of the profiles that say so in the header: chroma format and the bit depths of luma and chroma.
    pub(crate) high: Option<(u8, u8, u8)>,
}

impl Sequence {
    /// Reads a sequence parameter set (section 7.3.2.1.1), its NAL header included; `None` when it makes no sense.
    pub(crate) fn read(unit: &[u8]) -> Option<Self> {
        let mut bits = Bits::new(unit.get(1..)?);
        let profile = bits.read(8)?;
        bits.read(16)?; // constraints and level
        bits.golomb()?; // its id
        let mut chroma = 1;
        let mut high = None;
        if matches!(profile, 100 | 110 | 122 | 244 | 44 | 83 | 86 | 118 | 128 | 138 | 139 | 134 | 135) {
            chroma = bits.golomb()?;
            if chroma == 3 {
                bits.read(1)?;
            }
            let depths = (8 + bits.golomb()?, 8 + bits.golomb()?);
            high = Some((u8::try_from(chroma).ok()?, u8::try_from(depths.0).ok()?, u8::try_from(depths.1).ok()?));
            bits.read(1)?;
            if bits.read(1)? == 1 {
                for list in 0..if chroma == 3 { 12 } else { 8 } {
                    if bits.read(1)? == 1 {
                        bits.skip_scaling_list(if list < 6 { 16 } else { 64 })?;
                    }
                }
            }
        }
        bits.golomb()?; // frame number
        match bits.golomb()? {
            0 => drop(bits.golomb()?),
            1 => {
                bits.read(1)?;
                bits.golomb()?;
                bits.golomb()?;
                let cycle = bits.golomb()?;
                for _ in 0..cycle.min(256) {
                    bits.golomb()?;
                }
            }
            _ => {}
        }
        bits.golomb()?; // reference frames
        bits.read(1)?;
        let columns = bits.golomb()?.checked_add(1)?;
        let rows = bits.golomb()?.checked_add(1)?;
        let fields = 2 - bits.read(1)?;
        if fields == 2 {
            bits.read(1)?;
        }
        bits.read(1)?;
        let mut crop = (0, 0);
        if bits.read(1)? == 1 {
            let (left, right, top, bottom) = (bits.golomb()?, bits.golomb()?, bits.golomb()?, bits.golomb()?);
            let horizontal = if matches!(chroma, 1 | 2) { 2 } else { 1 };
            let vertical = if chroma == 1 { 2 * fields } else { fields };
            crop = (left.checked_add(right)?.checked_mul(horizontal)?, top.checked_add(bottom)?.checked_mul(vertical)?);
        }
        let width = columns.checked_mul(16)?.checked_sub(crop.0)?;
        let height = rows.checked_mul(16 * fields)?.checked_sub(crop.1)?;
        let side = |side: u32| u16::try_from(side).ok().filter(|&side| side > 0);
        Some(Self { width: side(width)?, height: side(height)?, high })
    }
}

/// Reads bits from a NAL unit, over the bytes that only keep start codes away (section 7.3.1).
struct Bits {
    bytes: Vec<u8>,
    at: usize,
}

impl Bits {
    fn new(unit: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(unit.len());
        let mut zeros = 0;
        for &byte in unit {
            if zeros >= 2 && byte == 3 {
                zeros = 0;
                continue;
            }
            zeros = if byte == 0 { zeros + 1 } else { 0 };
            bytes.push(byte);
        }
        Self { bytes, at: 0 }
    }

    fn read(&mut self, count: u32) -> Option<u32> {
        let mut value = 0;
        for _ in 0..count {
            let byte = *self.bytes.get(self.at / 8)?;
            value = value << 1 | u32::from(byte >> (7 - self.at % 8) & 1);
            self.at += 1;
        }
        Some(value)
    }

    /// An unsigned Exp-Golomb number (section 9.1); the bits of a signed one are the same.
    fn golomb(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while self.read(1)? == 0 {
            zeros += 1;
            if zeros > 31 {
                return None;
            }
        }
        Some((1 << zeros) - 1 + self.read(zeros)?)
    }

    /// Section 7.3.2.1.1.1.
    fn skip_scaling_list(&mut self, size: u32) -> Option<()> {
        let (mut last, mut next) = (8_i64, 8_i64);
        for _ in 0..size {
            if next != 0 {
                let code = i64::from(self.golomb()?);
                let delta = if code % 2 == 1 { (code + 1) / 2 } else { -(code / 2) };
                next = (last + delta).rem_euclid(256);
            }
            if next != 0 {
                last = next;
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_found_between_start_codes_of_either_length() {
        let stream = [9, 0, 0, 0, 1, 0x67, 1, 0, 0, 1, 0x68, 2, 0, 0, 0, 0, 1, 0x65, 0, 3, 0];
        assert_eq!(units(&stream).collect::<Vec<_>>(), [&[0x67, 1][..], &[0x68, 2], &[0x65, 0, 3]]);
        assert_eq!(units(&[0, 0, 1, 0, 0, 1]).count(), 0);
        assert_eq!(units(&[1, 2, 3]).count(), 0);
    }

    #[test]
    fn parameter_sets_of_the_header_leave_the_stream_and_changed_ones_stay() {
        let stream = [0, 0, 1, 0x67, 1, 0, 0, 1, 0x68, 2, 0, 0, 1, 0x65, 3];
        let slice_only = [0, 0, 0, 2, 0x65, 3];
        let sets = ParameterSets { sequence: vec![vec![0x67, 1]], picture: vec![vec![0x68, 2]] };
        assert_eq!(read(&stream, None).unwrap().data, slice_only);
        assert_eq!(read(&stream, Some(&sets)).unwrap().data, slice_only);
        let others = ParameterSets { sequence: vec![vec![0x67, 9]], ..sets };
        assert_eq!(read(&stream, Some(&others)).unwrap().data.len(), 3 * 6);
        assert!(read(&[0, 0, 1, 0x67, 1], None).is_none(), "no slice, no picture");
    }

    #[test]
    fn a_broken_parameter_set_is_refused_at_every_length() {
        // Baseline, 320x240, as an encoder wrote it.
        let whole = [0x67, 0x42, 0xc0, 0x0d, 0xda, 0x05, 0x07, 0xe8, 0x40, 0, 0, 3, 0, 0x40, 0, 0, 7, 0xa3, 0xc5, 0x0a, 0xa8];
        let read = Sequence::read(&whole).unwrap();
        assert_eq!((read.width, read.height, read.high), (320, 240, None));
        for length in 0..8 {
            assert_eq!(Sequence::read(&whole[..length]), None, "{length}");
        }
        for seed in 0..5_000_u32 {
            let noise: Vec<u8> = (0..24_u32).map(|at| ((seed * 31 + at).wrapping_mul(2_654_435_761) >> 13) as u8).collect();
            if let Some(read) = Sequence::read(&noise) {
                assert!(read.width > 0 && read.height > 0);
            }
        }
    }
}
