//! From what a DTLS handshake left to the keys of both directions (RFC 5764 section 4.2, RFC 3711 section 4.3); it encrypts
//! nothing.

use std::fmt;

use aws_lc_rs::cipher::{AES_128, AES_256, EncryptingKey, EncryptionContext, UnboundCipherKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::iv::FixedLength;

/// How packets are protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// AES in counter mode with a tag of 80 bits of HMAC-SHA1 (RFC 5764).
    Aes128CmSha1_80,
    /// AES-128-GCM (RFC 7714).
    Aes128Gcm,
    /// AES-256-GCM (RFC 7714).
    Aes256Gcm,
}

/// What a DTLS handshake has agreed upon for media. Its secrets show nowhere.
#[derive(Clone)]
pub struct Keying {
    profile: Profile,
    material: Box<[u8]>,
    is_client: bool,
}

/// The master key and salt of one direction.
struct Master<'a> {
    key: &'a [u8],
    salt: &'a [u8],
}

/// The keys of one direction, for RTP or for RTCP.
pub(crate) struct Keys {
    pub(crate) cipher: Vec<u8>,
    pub(crate) salt: Vec<u8>,
    /// Only where the cipher does not authenticate.
    pub(crate) auth: Vec<u8>,
}

/// Labels of RFC 3711 section 4.3.1: those of RTCP are three more.
const LABEL_CIPHER: u8 = 0;
const LABEL_AUTH: u8 = 1;
const LABEL_SALT: u8 = 2;
pub(crate) const RTP: u8 = 0;
pub(crate) const RTCP: u8 = 3;

const AUTH_BYTES: usize = 20;

impl Profile {
    const fn key_bytes(self) -> usize {
        match self {
            Self::Aes128CmSha1_80 | Self::Aes128Gcm => 16,
            Self::Aes256Gcm => 32,
        }
    }

    const fn salt_bytes(self) -> usize {
        match self {
            Self::Aes128CmSha1_80 => 14,
            Self::Aes128Gcm | Self::Aes256Gcm => 12,
        }
    }
}

impl Keying {
    /// `material` is what was exported: the client's key, the server's, the client's salt, the server's. Nothing where its
    /// length is not the profile's.
    pub fn new(profile: Profile, material: &[u8], is_client: bool) -> Option<Self> {
        let length = 2 * (profile.key_bytes() + profile.salt_bytes());
        (material.len() == length).then(|| Self { profile, material: material.into(), is_client })
    }

    pub(crate) fn profile(&self) -> Profile {
        self.profile
    }

    /// The keys by which we send, for RTP or RTCP.
    pub(crate) fn ours(&self, kind: u8) -> Result<Keys, Unspecified> {
        self.master(self.is_client).derive(self.profile, kind)
    }

    /// The keys by which the other end sends.
    pub(crate) fn theirs(&self, kind: u8) -> Result<Keys, Unspecified> {
        self.master(!self.is_client).derive(self.profile, kind)
    }

    fn master(&self, of_client: bool) -> Master<'_> {
        let (key, salt) = (self.profile.key_bytes(), self.profile.salt_bytes());
        // The length was checked when it was made.
        let (keys, salts) = self.material.split_at(2 * key);
        let side = usize::from(!of_client);
        Master { key: &keys[side * key..][..key], salt: &salts[side * salt..][..salt] }
    }
}

impl fmt::Debug for Keying {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keying").field("profile", &self.profile).finish_non_exhaustive()
    }
}

impl Master<'_> {
    fn derive(&self, profile: Profile, kind: u8) -> Result<Keys, Unspecified> {
        let auth = if profile == Profile::Aes128CmSha1_80 { AUTH_BYTES } else { 0 };
        Ok(Keys {
            cipher: self.stream(kind + LABEL_CIPHER, profile.key_bytes())?,
            auth: self.stream(kind + LABEL_AUTH, auth)?,
            salt: self.stream(kind + LABEL_SALT, profile.salt_bytes())?,
        })
    }

    /// The key stream of AES in counter mode for a label, at a key derivation rate of 0. A salt of 12 bytes has zeros behind it
    /// (RFC 7714 section 11).
    fn stream(&self, label: u8, length: usize) -> Result<Vec<u8>, Unspecified> {
        let mut iv = [0; 16];
        iv[..self.salt.len()].copy_from_slice(self.salt);
        iv[7] ^= label;
        let algorithm = if self.key.len() == 32 { &AES_256 } else { &AES_128 };
        let cipher = EncryptingKey::ctr(UnboundCipherKey::new(algorithm, self.key)?)?;
        let mut stream = vec![0; length];
        cipher.less_safe_encrypt(&mut stream, EncryptionContext::Iv128(FixedLength::from(iv)))?;
        Ok(stream)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex")).collect()
    }

    #[test]
    fn keys_are_derived_as_the_standard_shows() {
        // RFC 3711 appendix B.3.
        let (key, salt) = (hex("E1F97A0D3E018BE0D64FA32C06DE4139"), hex("0EC675AD498AFEEBB6960B3AABE6"));
        let material = [&key[..], &[0; 16], &salt, &[0; 14]].concat();
        let keying = Keying::new(Profile::Aes128CmSha1_80, &material, true).expect("a length that fits");
        let keys = keying.ours(RTP).expect("derived");
        assert_eq!(keys.cipher, hex("C61E7A93744F39EE10734AFE3FF7A087"));
        assert_eq!(keys.salt, hex("30CBBC08863D8C85D49DB34A9AE1"));
        assert_eq!(keys.auth, hex("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4"));
        assert_ne!(keying.ours(RTCP).expect("derived").cipher, keys.cipher);
        let server = Keying::new(Profile::Aes128CmSha1_80, &material, false).expect("a length that fits");
        assert_eq!(server.theirs(RTP).expect("derived").cipher, keys.cipher);
        assert_ne!(server.ours(RTP).expect("derived").cipher, keys.cipher);
    }

    #[test]
    fn material_of_another_length_makes_no_keys_and_none_is_printed() {
        assert!(Keying::new(Profile::Aes128Gcm, &[7; 55], true).is_none());
        let keying = Keying::new(Profile::Aes128Gcm, &[77; 56], true).expect("a length that fits");
        assert_eq!(format!("{keying:?}"), "Keying { profile: Aes128Gcm, .. }");
    }
}
