//! The messages. Reading one costs a pass over its attributes and allocates nothing; only what is answered is written.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use subtle::ConstantTimeEq as _;

/// Names a request, so that its answer is known. It must be random: whoever cannot see the request shall not guess it.
pub type Transaction = [u8; 12];

const HEADER: usize = 20;
const COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
/// Nothing longer is read: no honest request or answer comes near it.
const LONGEST: usize = 1500;

const REQUEST: u16 = 0x0001;
const SUCCESS: u16 = 0x0101;

const MAPPED_ADDRESS: u16 = 0x0001;
const USERNAME: u16 = 0x0006;
const MESSAGE_INTEGRITY: u16 = 0x0008;
const XOR_MAPPED_ADDRESS: u16 = 0x0020;
const PRIORITY: u16 = 0x0024;
const USE_CANDIDATE: u16 = 0x0025;
const FINGERPRINT: u16 = 0x8028;
const ICE_CONTROLLING: u16 = 0x802a;

/// Length of the MAC of MESSAGE-INTEGRITY (RFC 8489 section 14.5).
const MAC: usize = 20;
/// What a CRC is mixed with, so that it is none of another protocol's (section 14.7).
const FINGERPRINT_XOR: u32 = 0x5354_554e;
/// That of a host candidate with the highest preference (RFC 8445 section 5.1.2).
const HOST_PRIORITY: u32 = 0x7eff_ffff;

/// Who checks a path, and whom.
#[derive(Debug, Clone, Copy)]
pub struct Check<'a> {
    /// The other's user fragment, a colon, one's own.
    pub user_name: &'a str,
    /// The other's password.
    pub password: &'a str,
    /// Settles who decides, should both want to. Random.
    pub tie_breaker: u64,
}

/// A request in the open, as to a public server.
pub fn request(transaction: &Transaction) -> Vec<u8> {
    Writer::new(REQUEST, transaction).finish()
}

/// A request as an ICE agent checks a path and chooses it (RFC 8445 section 7.1 and 8.1.1).
pub fn check(transaction: &Transaction, check: &Check<'_>) -> Vec<u8> {
    let mut writer = Writer::new(REQUEST, transaction);
    writer.attribute(USERNAME, check.user_name.as_bytes());
    writer.attribute(PRIORITY, &HOST_PRIORITY.to_be_bytes());
    writer.attribute(ICE_CONTROLLING, &check.tie_breaker.to_be_bytes());
    writer.attribute(USE_CANDIDATE, &[]);
    writer.sign(check.password);
    writer.finish()
}

/// The user name of a binding request; nothing for any other message.
pub fn user_name(message: &[u8]) -> Option<&[u8]> {
    let reader = Reader::new(message, REQUEST)?;
    reader.attributes().find(|(kind, _)| *kind == USERNAME).map(|(_, value)| value)
}

/// Answers a request that bears the password; nothing for any other message. `source` is where it came from.
pub fn answer(request: &[u8], password: &str, source: SocketAddr) -> Option<Vec<u8>> {
    let reader = Reader::new(request, REQUEST)?;
    if !reader.is_signed(password) {
        return None;
    }
    let mut writer = Writer::new(SUCCESS, &reader.transaction());
    writer.address(source);
    writer.sign(password);
    Some(writer.finish())
}

/// Answers a request in the open, as a public server does; nothing for any other message.
pub fn answer_in_the_open(request: &[u8], source: SocketAddr) -> Option<Vec<u8>> {
    let reader = Reader::new(request, REQUEST)?;
    let mut writer = Writer::new(SUCCESS, &reader.transaction());
    writer.address(source);
    Some(writer.finish())
}

/// Where the answer to a request says that it came from. Nothing for any other message, nor, where there is a password, for
/// an answer that does not bear it.
pub fn where_from(answer: &[u8], transaction: &Transaction, password: Option<&str>) -> Option<SocketAddr> {
    let reader = Reader::new(answer, SUCCESS)?;
    if reader.transaction() != *transaction || password.is_some_and(|password| !reader.is_signed(password)) {
        return None;
    }
    // The plain attribute is that of servers older than RFC 5389; boxes on the way are known to change it.
    let find = |wanted: u16| reader.attributes().find(|(kind, _)| *kind == wanted).map(|(_, value)| value);
    match find(XOR_MAPPED_ADDRESS) {
        Some(value) => read_address(value, &mask(transaction)),
        None => read_address(find(MAPPED_ADDRESS)?, &[0; 16]),
    }
}

/// A message whose header is good.
struct Reader<'a> {
    message: &'a [u8],
}

impl<'a> Reader<'a> {
    fn new(message: &'a [u8], kind: u16) -> Option<Self> {
        let header = message.first_chunk::<HEADER>().filter(|_| message.len() <= LONGEST)?;
        let length = usize::from(u16::from_be_bytes([header[2], header[3]]));
        let is_good = header[..2] == kind.to_be_bytes() && header[4..8] == COOKIE && length == message.len() - HEADER;
        (is_good && length % 4 == 0).then_some(Self { message })
    }

    fn transaction(&self) -> Transaction {
        let mut transaction = [0; 12];
        transaction.copy_from_slice(&self.message[8..HEADER]);
        transaction
    }

    /// The attributes up to the MAC: what follows that is not covered by it.
    fn attributes(&self) -> impl Iterator<Item = (u16, &'a [u8])> {
        self.with_places().take_while(|(_, kind, _)| *kind != MESSAGE_INTEGRITY).map(|(_, kind, value)| (kind, value))
    }

    /// Every attribute with where it begins. Ends at the first whose length is a lie.
    fn with_places(&self) -> impl Iterator<Item = (usize, u16, &'a [u8])> {
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

    fn is_signed(&self, password: &str) -> bool {
        let Some((place, _, mac)) = self.with_places().find(|(_, kind, _)| *kind == MESSAGE_INTEGRITY) else { return false };
        mac.len() == MAC && bool::from(sign(&self.message[..place], password).ct_eq(mac))
    }
}

struct Writer(Vec<u8>);

impl Writer {
    fn new(kind: u16, transaction: &Transaction) -> Self {
        let mut bytes = Vec::with_capacity(128);
        bytes.extend(kind.to_be_bytes());
        bytes.extend([0, 0]);
        bytes.extend(COOKIE);
        bytes.extend(transaction);
        Self(bytes)
    }

    fn attribute(&mut self, kind: u16, value: &[u8]) {
        self.0.extend(kind.to_be_bytes());
        // User names are what is longest, and those are ours.
        self.0.extend((value.len() as u16).to_be_bytes());
        self.0.extend(value);
        self.0.resize(self.0.len().next_multiple_of(4), 0);
    }

    fn address(&mut self, address: SocketAddr) {
        let mut transaction = [0; 12];
        transaction.copy_from_slice(&self.0[8..HEADER]);
        let (mask, ip) = (mask(&transaction), address.ip().to_canonical());
        let port = address.port() ^ u16::from_be_bytes([mask[0], mask[1]]);
        let family = if ip.is_ipv4() { 1 } else { 2 };
        let mut value = vec![0, family];
        value.extend(port.to_be_bytes());
        let octets = match ip {
            IpAddr::V4(ip) => ip.octets().to_vec(),
            IpAddr::V6(ip) => ip.octets().to_vec(),
        };
        value.extend(octets.iter().zip(mask).map(|(octet, mask)| octet ^ mask));
        self.attribute(XOR_MAPPED_ADDRESS, &value);
    }

    fn sign(&mut self, password: &str) {
        let mac = sign(&self.0, password);
        self.attribute(MESSAGE_INTEGRITY, &mac);
    }

    /// Ends it with a fingerprint, which tells it from other protocols on the same port.
    fn finish(mut self) -> Vec<u8> {
        let length = (self.0.len() + 8 - HEADER) as u16;
        self.0[2..4].copy_from_slice(&length.to_be_bytes());
        let fingerprint = crc32(&self.0) ^ FINGERPRINT_XOR;
        self.attribute(FINGERPRINT, &fingerprint.to_be_bytes());
        self.0
    }
}

/// The MAC over what stands before it. The length in the header counts up to the MAC's end (RFC 8489 section 14.5).
fn sign(before: &[u8], password: &str) -> [u8; MAC] {
    let mut mac = Hmac::<Sha1>::new_from_slice(password.as_bytes()).expect("HMAC takes a key of any length (RFC 2104, 2)");
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
    use proptest::prelude::*;

    use super::*;

    const T: Transaction = [7; 12];

    fn ours() -> Check<'static> {
        Check { user_name: "engine:client", password: "0123456789012345678901", tie_breaker: 5 }
    }

    /// The sample request of RFC 5769 section 2.1, whose padding is spaces.
    const SAMPLE: &str = "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74\
                          002400046e0001ff80290008932ff9b151263b36000600096576746a3a68367659202020\
                          000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf";

    #[test]
    fn the_sample_of_the_standard_is_read() {
        let message = hex::decode(SAMPLE).expect("hexadecimal");
        assert_eq!(user_name(&message), Some(&b"evtj:h6vY"[..]));
        assert_eq!(crc32(&message[..message.len() - 8]) ^ FINGERPRINT_XOR, 0xe57a_3bcf);
        let source = SocketAddr::from(([192, 0, 2, 1], 32853));
        assert!(answer(&message, "VOkJxbRl1RmTxUk/WvJxBt", source).is_some());
        assert!(answer(&message, "VOkJxbRl1RmTxUk/WvJxBu", source).is_none());
    }

    #[test]
    fn both_ends_understand_each_other() {
        for source in ["192.0.2.1:4000", "[2001:db8::1]:4000"] {
            let source: SocketAddr = source.parse().expect("an address");
            let request = check(&T, &ours());
            assert_eq!(user_name(&request), Some(&b"engine:client"[..]));
            let told = answer(&request, ours().password, source).expect("an answer");
            assert!(told.len() <= request.len(), "nobody gets more than he sent");
            assert_eq!(where_from(&told, &T, Some(ours().password)), Some(source));
            assert_eq!(where_from(&told, &T, Some("another")), None);
            assert_eq!(where_from(&told, &[8; 12], None), None, "of another request");
            let open = answer_in_the_open(&super::request(&T), source).expect("an answer");
            assert_eq!(where_from(&open, &T, None), Some(source));
            assert_eq!(where_from(&open, &T, Some(ours().password)), None);
        }
    }

    #[test]
    fn every_byte_before_the_mac_is_signed() {
        let request = check(&T, &ours());
        let source = SocketAddr::from(([192, 0, 2, 1], 1));
        for i in 0..request.len() - 8 {
            let mut changed = request.clone();
            changed[i] ^= 1;
            assert_eq!(answer(&changed, ours().password, source), None, "byte {i}");
            assert_eq!(answer(&request[..i], ours().password, source), None, "cut at {i}");
        }
    }

    #[test]
    fn an_attribute_behind_the_mac_says_nothing() {
        let mut writer = Writer::new(SUCCESS, &T);
        writer.sign("password");
        writer.address(SocketAddr::from(([192, 0, 2, 1], 1)));
        assert_eq!(where_from(&writer.finish(), &T, None), None);
    }

    proptest! {
        #[test]
        fn nonsense_is_read_as_nothing(mut bytes in prop::collection::vec(any::<u8>(), 0..200), is_near in any::<bool>()) {
            if is_near && bytes.len() >= HEADER {
                // Past the header, where reading gets interesting.
                let length = bytes.len() / 4 * 4;
                bytes.truncate(length);
                bytes[..2].copy_from_slice(&SUCCESS.to_be_bytes());
                bytes[2..4].copy_from_slice(&((length - HEADER) as u16).to_be_bytes());
                bytes[4..8].copy_from_slice(&COOKIE);
                bytes[8..HEADER].copy_from_slice(&T);
            }
            let _ = where_from(&bytes, &T, None);
            prop_assert_eq!(where_from(&bytes, &T, Some("password")), None);
            prop_assert_eq!(answer(&bytes, "password", SocketAddr::from(([192, 0, 2, 1], 1))), None);
        }
    }
}
