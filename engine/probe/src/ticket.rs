//! What names a test and signs its datagrams.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// Names a test. The low 8 bits name the shard that has it, as in a session's id; the rest is random.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(pub u64);

impl Token {
    /// A token of a shard, from random bits.
    pub fn new(random: u64, shard: u8) -> Self {
        Self(random << 8 | u64::from(shard))
    }

    /// The shard that has the test.
    pub fn shard(self) -> u8 {
        (self.0 & 0xff) as u8
    }

    /// Reads 16 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 8];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(u64::from_be_bytes(bytes)))
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// A secret of a test.
#[derive(Clone)]
pub struct Key(pub [u8; 32]);

impl Key {
    /// Reads 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// The key as it travels.
    pub fn to_text(&self) -> String {
        hex::encode(self.0)
    }

    /// HMAC-SHA256, cut to `N` bytes (RFC 2104 section 5).
    pub(crate) fn sign<const N: usize>(&self, parts: &[&[u8]]) -> [u8; N] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length (RFC 2104, 2)");
        for part in parts {
            mac.update(part);
        }
        let whole: [u8; 32] = mac.finalize().into_bytes().into();
        let mut cut = [0; N];
        cut.copy_from_slice(&whole[..N]);
        cut
    }

    pub(crate) fn has_signed<const N: usize>(&self, parts: &[&[u8]], mac: &[u8; N]) -> bool {
        self.sign::<N>(parts).ct_eq(mac).into()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_come_back_from_their_text_and_do_not_print_themselves() {
        let token = Token::new(0x0012_3456_789a_bcde, 7);
        assert_eq!((Token::parse(&token.to_string()), token.shard()), (Some(token), 7));
        let key = Key([9; 32]);
        assert_eq!(Key::parse(&key.to_text()).map(|key| key.0), Some(key.0));
        assert_eq!(format!("{token:?} {key:?}"), "Token(…) Key(…)");
        assert!(Token::parse("12").is_none() && Key::parse("zz").is_none());
    }
}
