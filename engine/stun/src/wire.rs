//! How a message is laid out (RFC 8489 section 5), whatever it is about. Reading one costs a pass over its attributes and
//! allocates nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use subtle::ConstantTimeEq as _;

use crate::attribute::{FINGERPRINT, MESSAGE_INTEGRITY};

/// Names a request, so that its answer is known. It must be random: whoever cannot see the request shall not guess it.
pub type Transaction = [u8; 12];

/// Bytes of the header.
pub const HEADER: usize = 20;
/// What bytes 4 to 8 of every message are.
pub const COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];

/// Length of the MAC of MESSAGE-INTEGRITY (RFC 8489 section 14.5).
const MAC: usize = 20;
/// What values may fill of a message, so that MAC and fingerprint still fit.
const LONGEST: usize = 65_000;
/// What a CRC is mixed with, so that it is none of another protocol's (section 14.7).
const FINGERPRINT_XOR: u32 = 0x5354_554e;

/// A message whose header is good.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    message: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Takes a message of at most `longest` bytes whose header is good.
    pub fn new(message: &'a [u8], longest: usize) -> Option<Self> {
        let header = message.first_chunk::<HEADER>().filter(|_| message.len() <= longest)?;
        let length = usize::from(u16::from_be_bytes([header[2], header[3]]));
        let is_good = header[0] < 0x40 && header[4..8] == COOKIE && length == message.len() - HEADER;
        (is_good && length % 4 == 0).then_some(Self { message })
    }

    /// What it is: method and class (RFC 8489 section 5).
    pub fn kind(&self) -> u16 {
        u16::from_be_bytes([self.message[0], self.message[1]])
    }

    /// The request's name.
    pub fn transaction(&self) -> Transaction {
        let mut transaction = [0; 12];
        transaction.copy_from_slice(&self.message[8..HEADER]);
        transaction
    }

    /// The attributes up to the MAC: what follows that is not covered by it.
    pub fn attributes(&self) -> impl Iterator<Item = (u16, &'a [u8])> + use<'a> {
        self.with_places().take_while(|(_, kind, _)| *kind != MESSAGE_INTEGRITY).map(|(_, kind, value)| (kind, value))
    }

    /// The first attribute of a kind, before the MAC.
    pub fn find(&self, wanted: u16) -> Option<&'a [u8]> {
        self.attributes().find(|(kind, _)| *kind == wanted).map(|(_, value)| value)
    }

    /// The address in the first attribute of a kind, mixed as those of the XOR kinds are.
    pub fn address(&self, wanted: u16) -> Option<SocketAddr> {
        self.mixed_address(self.find(wanted)?)
    }

    /// An address as the XOR kinds hold it.
    pub fn mixed_address(&self, value: &[u8]) -> Option<SocketAddr> {
        read_address(value, &mask(&self.transaction()))
    }

    /// The address in the first attribute of a kind that is not mixed.
    pub fn plain_address(&self, wanted: u16) -> Option<SocketAddr> {
        read_address(self.find(wanted)?, &[0; 16])
    }

    /// Whether there is a MAC, good or bad.
    pub fn has_mac(&self) -> bool {
        self.with_places().any(|(_, kind, _)| kind == MESSAGE_INTEGRITY)
    }

    /// Whether it bears the MAC of a key.
    pub fn is_signed(&self, key: &[u8]) -> bool {
        let Some((place, _, mac)) = self.with_places().find(|(_, kind, _)| *kind == MESSAGE_INTEGRITY) else { return false };
        mac.len() == MAC && bool::from(sign(&self.message[..place], key).ct_eq(mac))
    }

    /// Every attribute with where it begins. Ends at the first whose length is a lie.
    fn with_places(&self) -> impl Iterator<Item = (usize, u16, &'a [u8])> + use<'a> {
        let (message, mut at) = (self.message, HEADER);
        std::iter::from_fn(move || {
            let head = message.get(at..)?.first_chunk::<4>()?;
            let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
            let value = message.get(at + 4..at + 4 + length)?;
            let place = at;
            // Each value is padded to a multiple of 4 (RFC 8489 section 5).
            at += 4 + length.next_multiple_of(4);
            Some((place, u16::from_be_bytes([head[0], head[1]]), value))
        })
    }
}

/// A message that is being written.
#[derive(Debug)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// Begins one.
    pub fn new(kind: u16, transaction: &Transaction) -> Self {
        Self::over(Vec::with_capacity(128), kind, transaction)
    }

    /// Begins one in the memory of another, whose content is forgotten.
    pub fn over(mut bytes: Vec<u8>, kind: u16, transaction: &Transaction) -> Self {
        bytes.clear();
        bytes.extend(kind.to_be_bytes());
        bytes.extend([0, 0]);
        bytes.extend(COOKIE);
        bytes.extend(transaction);
        Self(bytes)
    }

    /// Adds an attribute. No message is longer than about 64 KiB: of a value that would make it so, the rest is left out.
    pub fn attribute(&mut self, kind: u16, value: &[u8]) {
        let room = LONGEST.saturating_sub(self.0.len());
        self.put(kind, &value[..value.len().min(room)]);
    }

    fn put(&mut self, kind: u16, value: &[u8]) {
        self.0.extend(kind.to_be_bytes());
        self.0.extend((value.len() as u16).to_be_bytes());
        self.0.extend(value);
        self.0.resize(self.0.len().next_multiple_of(4), 0);
    }

    /// Adds an address, mixed as the XOR kinds are.
    pub fn address(&mut self, kind: u16, address: SocketAddr) {
        let mut transaction = [0; 12];
        transaction.copy_from_slice(&self.0[8..HEADER]);
        let (mask, ip) = (mask(&transaction), address.ip().to_canonical());
        let port = address.port() ^ u16::from_be_bytes([mask[0], mask[1]]);
        let mut value = [0; 20];
        value[2..4].copy_from_slice(&port.to_be_bytes());
        let octets = match ip {
            IpAddr::V4(ip) => {
                value[1] = 1;
                value[4..8].copy_from_slice(&ip.octets());
                4
            }
            IpAddr::V6(ip) => {
                value[1] = 2;
                value[4..].copy_from_slice(&ip.octets());
                16
            }
        };
        for (octet, mask) in value[4..4 + octets].iter_mut().zip(mask) {
            *octet ^= mask;
        }
        self.attribute(kind, &value[..4 + octets]);
    }

    /// Adds the MAC of a key over all before it.
    pub fn sign(&mut self, key: &[u8]) {
        let mac = sign(&self.0, key);
        self.put(MESSAGE_INTEGRITY, &mac);
    }

    /// Ends it with a fingerprint, which tells it from other protocols on the same port.
    pub fn finish(mut self) -> Vec<u8> {
        self.set_length(8);
        let fingerprint = crc32(&self.0) ^ FINGERPRINT_XOR;
        self.put(FINGERPRINT, &fingerprint.to_be_bytes());
        self.0
    }

    /// Ends it without one.
    pub fn finish_bare(mut self) -> Vec<u8> {
        self.set_length(0);
        self.0
    }

    fn set_length(&mut self, more: usize) {
        let length = (self.0.len() + more - HEADER) as u16;
        self.0[2..4].copy_from_slice(&length.to_be_bytes());
    }
}

/// The MAC over what stands before it. The length in the header counts up to the MAC's end (RFC 8489 section 14.5).
fn sign(before: &[u8], key: &[u8]) -> [u8; MAC] {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).expect("HMAC takes a key of any length (RFC 2104, 2)");
    let length = (before.len() + 4 + MAC - HEADER) as u16;
    mac.update(&before[..2]);
    mac.update(&length.to_be_bytes());
    mac.update(&before[4..]);
    mac.finalize().into_bytes().into()
}

/// What addresses are mixed with, so that boxes on the way do not take them for theirs to change (RFC 8489 section 14.2).
fn mask(transaction: &Transaction) -> [u8; 16] {
    let mut mask = [0; 16];
    mask[..4].copy_from_slice(&COOKIE);
    mask[4..].copy_from_slice(transaction);
    mask
}

fn read_address(value: &[u8], mask: &[u8; 16]) -> Option<SocketAddr> {
    let (head, octets) = value.split_at_checked(4)?;
    let port = u16::from_be_bytes([head[2] ^ mask[0], head[3] ^ mask[1]]);
    let mut plain = [0; 16];
    let plain = plain.get_mut(..octets.len())?;
    for (plain, (octet, mask)) in plain.iter_mut().zip(octets.iter().zip(mask)) {
        *plain = octet ^ mask;
    }
    let ip = match head[1] {
        1 => IpAddr::V4(Ipv4Addr::from(*plain.first_chunk::<4>().filter(|_| octets.len() == 4)?)),
        2 => IpAddr::V6(Ipv6Addr::from(*plain.first_chunk::<16>()?)),
        _ => return None,
    };
    Some(SocketAddr::new(ip, port))
}

/// The CRC of ITU-T V.42, bit by bit: messages are short and few.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(!0, |crc: u32, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_is_that_of_the_standard() {
        let message = hex::decode(crate::message::SAMPLE).expect("hexadecimal");
        assert_eq!(crc32(&message[..message.len() - 8]) ^ FINGERPRINT_XOR, 0xe57a_3bcf);
    }

    #[test]
    fn what_would_not_fit_a_message_is_cut() {
        let mut writer = Writer::new(1, &[0; 12]);
        writer.attribute(0x8000, &[1; 70_000]);
        writer.attribute(0x8001, &[2; 70_000]);
        let message = writer.finish();
        assert!(Reader::new(&message, usize::MAX).is_some_and(|reader| reader.attributes().count() == 3));
    }
}
