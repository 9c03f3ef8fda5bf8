//! RTP headers (RFC 3550 section 5.1) with the extensions (RFC 8285) that a client has negotiated for a line; no payloads.

/// The numbers by which a client knows the header extensions of a line, 1 to 255, where it knows them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Extensions {
    /// The line's name (RFC 9143).
    pub mid: Option<u8>,
    /// A number for each packet of the connection (draft-holmer-rmcat-transport-wide-cc-extensions).
    pub transport_sequence: Option<u8>,
    /// When it was sent.
    pub abs_send_time: Option<u8>,
    /// How loud it is (RFC 6464).
    pub audio_level: Option<u8>,
    /// How a picture was held (3GPP TS 26.114 section 7.4.5).
    pub orientation: Option<u8>,
}

/// The fixed part.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fixed {
    pub(crate) payload_type: u8,
    pub(crate) marker: bool,
    pub(crate) padding: bool,
    pub(crate) seq: u16,
    pub(crate) time: u32,
    pub(crate) ssrc: u32,
}

/// The extensions of one packet, as they are written.
#[derive(Debug)]
pub(crate) struct Elements {
    bytes: [u8; SPACE],
    used: usize,
    two_bytes: bool,
}

/// Bytes of a mid: what fits a header of one byte.
pub(crate) const MID_BYTES: usize = 16;
/// All five with headers of two bytes, and up to three zeros.
const SPACE: usize = 5 * 2 + MID_BYTES + 2 + 3 + 1 + 1 + 3;
const FIXED_BYTES: usize = 12;
/// Profiles of RFC 8285 sections 4.2 and 4.3.
const ONE_BYTE: [u8; 2] = [0xbe, 0xde];
const TWO_BYTES: [u8; 2] = [0x10, 0x00];
/// The largest number that a header of one byte has for use.
const MOST_IN_ONE_BYTE: u8 = 14;

impl Extensions {
    /// Nothing written yet. One number beyond 14 makes all headers of this line two bytes long.
    pub(crate) fn elements(&self) -> Elements {
        let ids = [self.mid, self.transport_sequence, self.abs_send_time, self.audio_level, self.orientation];
        let two_bytes = ids.into_iter().flatten().any(|id| id > MOST_IN_ONE_BYTE);
        Elements { bytes: [0; SPACE], used: 0, two_bytes }
    }
}

impl Elements {
    /// Adds an extension, where it was negotiated. `value` has 1 to 16 bytes.
    pub(crate) fn add(&mut self, id: Option<u8>, value: &[u8]) {
        let Some(id) = id.filter(|_| !value.is_empty() && value.len() <= MID_BYTES) else { return };
        let header = if self.two_bytes { 2 } else { 1 };
        let Some(place) = self.bytes.get_mut(self.used..self.used + header + value.len()) else { return };
        if self.two_bytes {
            place[0] = id;
            place[1] = value.len() as u8;
        } else {
            place[0] = id << 4 | (value.len() - 1) as u8;
        }
        place[header..].copy_from_slice(value);
        self.used += place.len();
    }

    /// Bytes of the header with these.
    pub(crate) fn header_bytes(&self) -> usize {
        if self.used == 0 { FIXED_BYTES } else { FIXED_BYTES + 4 + self.words() * 4 }
    }

    fn words(&self) -> usize {
        self.used.div_ceil(4)
    }
}

impl Fixed {
    /// Appends the header.
    pub(crate) fn write(&self, elements: &Elements, out: &mut Vec<u8>) {
        let extended = elements.used > 0;
        let mut bytes = [0; FIXED_BYTES];
        bytes[0] = 0x80 | u8::from(self.padding) << 5 | u8::from(extended) << 4;
        bytes[1] = u8::from(self.marker) << 7 | self.payload_type & 0x7f;
        bytes[2..4].copy_from_slice(&self.seq.to_be_bytes());
        bytes[4..8].copy_from_slice(&self.time.to_be_bytes());
        bytes[8..].copy_from_slice(&self.ssrc.to_be_bytes());
        out.extend_from_slice(&bytes);
        if extended {
            out.extend_from_slice(if elements.two_bytes { &TWO_BYTES } else { &ONE_BYTE });
            let words = elements.words();
            out.extend_from_slice(&(words as u16).to_be_bytes());
            // Zeros after the last element are its padding.
            out.extend_from_slice(&elements.bytes[..words * 4]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIXED: Fixed =
        Fixed { payload_type: 96, marker: true, padding: false, seq: 0x0102, time: 0x0304_0506, ssrc: 0x0708_090a };

    fn written(extensions: &Extensions, values: &[(Option<u8>, &[u8])]) -> Vec<u8> {
        let mut elements = extensions.elements();
        values.iter().for_each(|(id, value)| elements.add(*id, value));
        let mut out = b"before".to_vec();
        FIXED.write(&elements, &mut out);
        assert_eq!(out.len(), 6 + elements.header_bytes());
        out.split_off(6)
    }

    #[test]
    fn without_extensions_a_header_has_twelve_bytes() {
        let header = [0x80, 0xe0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        assert_eq!(written(&Extensions::default(), &[(None, &[1])]), header);
    }

    #[test]
    fn extensions_have_headers_of_one_byte_where_their_numbers_fit() {
        let extensions = Extensions { mid: Some(4), transport_sequence: Some(14), ..Extensions::default() };
        let header = written(&extensions, &[(extensions.transport_sequence, &[7, 8]), (extensions.mid, b"v1")]);
        assert_eq!(header[0], 0x90);
        assert_eq!(header[12..], [0xbe, 0xde, 0, 2, 0xe1, 7, 8, 0x41, b'v', b'1', 0, 0]);
    }

    #[test]
    fn a_number_that_does_not_fit_makes_all_headers_of_two_bytes() {
        let extensions = Extensions { mid: Some(4), transport_sequence: Some(15), ..Extensions::default() };
        let header = written(&extensions, &[(extensions.mid, b"v1")]);
        assert_eq!(header[12..], [0x10, 0, 0, 1, 4, 2, b'v', b'1']);
    }

    #[test]
    fn all_of_them_fit_at_their_longest() {
        let all = Extensions {
            mid: Some(1),
            transport_sequence: Some(2),
            abs_send_time: Some(3),
            audio_level: Some(4),
            orientation: Some(200),
        };
        let values: [(_, &[u8]); 5] = [
            (all.mid, &[b'm'; MID_BYTES]),
            (all.transport_sequence, &[0; 2]),
            (all.abs_send_time, &[0; 3]),
            (all.audio_level, &[0]),
            (all.orientation, &[3]),
        ];
        let header = written(&all, &values);
        assert_eq!(header.len(), 12 + 4 + 36);
        assert_eq!(header[header.len() - 6..], [200, 1, 3, 0, 0, 0]);
    }
}
