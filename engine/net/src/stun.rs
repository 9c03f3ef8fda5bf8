//! The few fields of a STUN message (RFC 8489) that routing needs. It checks no password: the session does.

/// What a datagram that looks like STUN is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Glance<'a> {
    /// A binding request, with the part of its user name that names the receiver (RFC 8445 section 7.2.2).
    Request {
        /// The receiver's user fragment.
        ufrag: &'a [u8],
        /// Whether it bears USE-CANDIDATE: the client has chosen this path.
        nominates: bool,
    },
    /// Well-formed, and nothing an ICE-lite engine is ever sent by right: it asks nobody, so nobody answers.
    Other,
    /// Not STUN.
    Malformed,
}

/// Length of the fixed header.
pub(crate) const HEADER: usize = 20;
/// The magic cookie at bytes 4..8.
pub(crate) const COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];

const BINDING_REQUEST: u16 = 0x0001;
const USERNAME: u16 = 0x0006;
const USE_CANDIDATE: u16 = 0x0025;

/// Looks at a message without copying anything; costs one pass over its attributes.
pub(crate) fn glance(message: &[u8]) -> Glance<'_> {
    let Some((header, mut attributes)) = message.split_at_checked(HEADER) else { return Glance::Malformed };
    let length = usize::from(u16::from_be_bytes([header[2], header[3]]));
    if length != attributes.len() || length % 4 != 0 || header[4..8] != COOKIE {
        return Glance::Malformed;
    }
    if u16::from_be_bytes([header[0], header[1]]) != BINDING_REQUEST {
        return Glance::Other;
    }
    let (mut ufrag, mut nominates) = (None, false);
    while let Some((head, rest)) = attributes.split_at_checked(4) {
        let kind = u16::from_be_bytes([head[0], head[1]]);
        let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
        let Some(value) = rest.get(..length) else { return Glance::Malformed };
        match kind {
            USERNAME => ufrag = value.iter().position(|b| *b == b':').map(|colon| &value[..colon]),
            USE_CANDIDATE => nominates = true,
            _ => {}
        }
        // Each value is padded to a multiple of 4 (RFC 8489 section 5).
        attributes = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
    }
    match ufrag {
        Some(ufrag) => Glance::Request { ufrag, nominates },
        None => Glance::Malformed,
    }
}

/// What tells a message from those before it: four bytes of its transaction id, which is random (RFC 8489 section 5). 0 for
/// what is no message.
pub(crate) fn transaction(message: &[u8]) -> u32 {
    message.get(8..).and_then(<[u8]>::first_chunk).copied().map_or(0, u32::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: u16, attributes: &[(u16, &[u8])]) -> Vec<u8> {
        let mut body = Vec::new();
        for (kind, value) in attributes {
            body.extend(kind.to_be_bytes());
            body.extend((value.len() as u16).to_be_bytes());
            body.extend(*value);
            body.resize(body.len().next_multiple_of(4), 0);
        }
        let mut message = Vec::new();
        message.extend(kind.to_be_bytes());
        message.extend((body.len() as u16).to_be_bytes());
        message.extend(COOKIE);
        message.extend([7; 12]);
        message.extend(body);
        message
    }

    #[test]
    fn the_receivers_half_of_the_user_name_is_found_behind_other_attributes() {
        let bytes = message(1, &[(0x0024, &[0, 0, 0, 1]), (0xc057, &[1, 2, 3]), (6, b"engine:client")]);
        assert_eq!(glance(&bytes), Glance::Request { ufrag: b"engine", nominates: false });
        let bytes = message(1, &[(6, b"engine:client"), (0x0025, &[])]);
        assert_eq!(glance(&bytes), Glance::Request { ufrag: b"engine", nominates: true });
    }

    #[test]
    fn an_answer_is_not_for_us() {
        assert_eq!(glance(&message(0x0101, &[(6, b"a:b")])), Glance::Other);
    }

    #[test]
    fn every_truncation_and_every_lie_about_a_length_is_malformed() {
        let bytes = message(1, &[(6, b"engine:client")]);
        for cut in 0..bytes.len() {
            assert_eq!(glance(&bytes[..cut]), Glance::Malformed, "cut at {cut}");
        }
        let mut lie = bytes.clone();
        lie[23] = 200;
        assert_eq!(glance(&lie), Glance::Malformed);
        let mut cookie = bytes;
        cookie[5] ^= 1;
        assert_eq!(glance(&cookie), Glance::Malformed);
        assert_eq!(glance(&message(1, &[(6, b"nocolon")])), Glance::Malformed);
        assert_eq!(glance(&message(1, &[])), Glance::Malformed);
    }
}
