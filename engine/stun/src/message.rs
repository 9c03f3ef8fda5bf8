//! Binding requests and their answers.

use std::net::SocketAddr;

use crate::attribute::{MAPPED_ADDRESS, USERNAME, XOR_MAPPED_ADDRESS};
use crate::wire::{Reader, Transaction, Writer};

/// Nothing longer is read: no honest request or answer comes near it.
const LONGEST: usize = 1500;

const REQUEST: u16 = 0x0001;
const SUCCESS: u16 = 0x0101;

const PRIORITY: u16 = 0x0024;
const USE_CANDIDATE: u16 = 0x0025;
const ICE_CONTROLLING: u16 = 0x802a;

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
    writer.sign(check.password.as_bytes());
    writer.finish()
}

/// The user name of a binding request; nothing for any other message.
pub fn user_name(message: &[u8]) -> Option<&[u8]> {
    reader(message, REQUEST)?.find(USERNAME)
}

/// Answers a request that bears the password; nothing for any other message. `source` is where it came from.
pub fn answer(request: &[u8], password: &str, source: SocketAddr) -> Option<Vec<u8>> {
    let reader = reader(request, REQUEST)?;
    if !reader.is_signed(password.as_bytes()) {
        return None;
    }
    let mut writer = Writer::new(SUCCESS, &reader.transaction());
    writer.address(XOR_MAPPED_ADDRESS, source);
    writer.sign(password.as_bytes());
    Some(writer.finish())
}

/// Answers a request in the open, as a public server does; nothing for any other message.
pub fn answer_in_the_open(request: &[u8], source: SocketAddr) -> Option<Vec<u8>> {
    let reader = reader(request, REQUEST)?;
    let mut writer = Writer::new(SUCCESS, &reader.transaction());
    writer.address(XOR_MAPPED_ADDRESS, source);
    Some(writer.finish())
}

/// Where the answer to a request says that it came from. Nothing for any other message, nor, where there is a password, for
/// an answer that does not bear it.
pub fn where_from(answer: &[u8], transaction: &Transaction, password: Option<&str>) -> Option<SocketAddr> {
    let reader = reader(answer, SUCCESS)?;
    if reader.transaction() != *transaction || password.is_some_and(|password| !reader.is_signed(password.as_bytes())) {
        return None;
    }
    // The plain attribute is that of servers older than RFC 5389; boxes on the way are known to change it.
    if reader.find(XOR_MAPPED_ADDRESS).is_some() {
        return reader.address(XOR_MAPPED_ADDRESS);
    }
    reader.plain_address(MAPPED_ADDRESS)
}

fn reader(message: &[u8], kind: u16) -> Option<Reader<'_>> {
    Reader::new(message, LONGEST).filter(|reader| reader.kind() == kind)
}

/// The sample request of RFC 5769 section 2.1, whose padding is spaces.
#[cfg(test)]
pub(crate) const SAMPLE: &str = "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74\
                                 002400046e0001ff80290008932ff9b151263b36000600096576746a3a68367659202020\
                                 000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::wire::{COOKIE, HEADER};

    const T: Transaction = [7; 12];

    fn ours() -> Check<'static> {
        Check { user_name: "engine:client", password: "0123456789012345678901", tie_breaker: 5 }
    }

    #[test]
    fn the_sample_of_the_standard_is_read() {
        let message = hex::decode(SAMPLE).expect("hexadecimal");
        assert_eq!(user_name(&message), Some(&b"evtj:h6vY"[..]));
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
        writer.sign(b"password");
        writer.address(XOR_MAPPED_ADDRESS, SocketAddr::from(([192, 0, 2, 1], 1)));
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
