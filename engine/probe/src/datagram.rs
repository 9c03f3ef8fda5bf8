//! The datagrams of a test.
//!
//! ```text
//!  0      1      2          10       14         22        30        38        54
//!  class  kind   token      number   sent       echoed    cookie    MAC       padding of trains
//! ```
//!
//! Numbers are in network order. `sent` is the sender's own clock in microseconds, `echoed` that of the probe that is
//! answered, `cookie` what the engine wants to see again. The MAC covers what is before it; the padding is zeros and means
//! nothing.

use crate::{Key, Token};

/// The first byte of each: in 4..=15, which RFC 7983 section 7 (with RFC 9443) leaves to nobody.
pub const FIRST_BYTE: u8 = 12;
/// Bytes before the padding.
pub(crate) const HEADER: usize = SIGNED + MAC;
const SIGNED: usize = 38;
const MAC: usize = 16;

/// What a datagram is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A client's probe, to be answered.
    Echo = 1,
    /// The engine's answer.
    Answer = 2,
    /// One of a client's train.
    Up = 3,
    /// A client wants a train, and shows the cookie.
    Want = 4,
    /// One of the engine's train.
    Down = 5,
}

/// A datagram without its padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Datagram {
    pub(crate) kind: Kind,
    pub(crate) token: Token,
    pub(crate) number: u32,
    pub(crate) sent_us: u64,
    pub(crate) echoed_us: u64,
    pub(crate) cookie: [u8; 8],
}

/// The test a datagram says it is of; nothing for one that is of none. Who it is from is not looked at.
pub fn glance(bytes: &[u8]) -> Option<Token> {
    let header = bytes.first_chunk::<HEADER>().filter(|header| header[0] == FIRST_BYTE)?;
    Some(Token(u64::from_be_bytes(part(header, 2))))
}

impl Datagram {
    /// Reads a datagram; nothing for one that is malformed or not signed by the key.
    pub(crate) fn read(bytes: &[u8], key: &Key) -> Option<Self> {
        let header = bytes.first_chunk::<HEADER>().filter(|header| header[0] == FIRST_BYTE)?;
        if !key.has_signed(&[&header[..SIGNED]], &part::<MAC>(header, SIGNED)) {
            return None;
        }
        let kind = match header[1] {
            1 => Kind::Echo,
            2 => Kind::Answer,
            3 => Kind::Up,
            4 => Kind::Want,
            5 => Kind::Down,
            _ => return None,
        };
        Some(Self {
            kind,
            token: Token(u64::from_be_bytes(part(header, 2))),
            number: u32::from_be_bytes(part(header, 10)),
            sent_us: u64::from_be_bytes(part(header, 14)),
            echoed_us: u64::from_be_bytes(part(header, 22)),
            cookie: part(header, 30),
        })
    }

    /// Writes it, padded to `length` if that is more than it has.
    pub(crate) fn write(&self, key: &Key, length: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(length.max(HEADER));
        bytes.extend([FIRST_BYTE, self.kind as u8]);
        bytes.extend(self.token.0.to_be_bytes());
        bytes.extend(self.number.to_be_bytes());
        bytes.extend(self.sent_us.to_be_bytes());
        bytes.extend(self.echoed_us.to_be_bytes());
        bytes.extend(self.cookie);
        let mac: [u8; MAC] = key.sign(&[&bytes]);
        bytes.extend(mac);
        bytes.resize(length.max(HEADER), 0);
        bytes
    }
}

/// `N` bytes from `at` on, which lie within the header.
fn part<const N: usize>(header: &[u8; HEADER], at: usize) -> [u8; N] {
    let mut part = [0; N];
    part.copy_from_slice(&header[at..at + N]);
    part
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn datagram() -> Datagram {
        Datagram { kind: Kind::Want, token: Token(0x1122_3344_5566_7788), number: 7, sent_us: 8, echoed_us: 9, cookie: [5; 8] }
    }

    #[test]
    fn what_is_written_is_read_with_its_key_alone() {
        let (key, other) = (Key([1; 32]), Key([2; 32]));
        for length in [0, TRAIN] {
            let bytes = datagram().write(&key, length);
            assert_eq!(bytes.len(), length.max(HEADER));
            assert_eq!(glance(&bytes), Some(datagram().token));
            assert_eq!(Datagram::read(&bytes, &key), Some(datagram()));
            assert_eq!(Datagram::read(&bytes, &other), None);
        }
    }

    #[test]
    fn every_byte_that_means_something_is_signed() {
        let key = Key([1; 32]);
        let bytes = datagram().write(&key, 0);
        for i in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[i] ^= 1;
            assert_eq!(Datagram::read(&changed, &key), None, "byte {i}");
            assert_eq!(Datagram::read(&bytes[..i], &key), None, "cut at {i}");
        }
    }

    const TRAIN: usize = 1200;

    proptest! {
        #[test]
        fn nonsense_is_read_as_nothing(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(Datagram::read(&bytes, &Key([1; 32])), None);
            let _ = glance(&bytes);
        }
    }
}
