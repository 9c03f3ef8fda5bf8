//! SRTP and SRTCP (RFC 3711, RFC 7714): packets that we send are encrypted where they lie, RTCP of the other end is opened. It
//! decrypts no RTP, and knows nothing of what is in a packet but its source.

use std::fmt;

use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{AES_128, EncryptingKey, EncryptionContext, UnboundCipherKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::{constant_time, hmac};

use crate::keys::{Keying, Keys, Profile, RTCP, RTP};
use crate::replay::Replay;

/// Header and source of the first packet of a compound, which stay readable (RFC 3711 section 3.4).
const RTCP_CLEAR: usize = 8;
const INDEX_BYTES: usize = 4;
const ENCRYPTED: u32 = 1 << 31;
/// Where our SRTCP index begins. The library that speaks ICE, DTLS and RTCP to publishers sends RTCP under the same key and counts
/// from 0. A nonce is made of key, source and index (RFC 7714 section 9.1), so two packets with the same source and index
/// would give the key away. We write only with our slots' sources, and the library is left without those; this makes it
/// certain even if a source should ever coincide: at fifty packets a second the library would need eight months to get here.
const FIRST_RTCP_INDEX: u32 = 1 << 30;
/// The index may not wrap (RFC 3711 section 9.2).
const LAST_RTCP_INDEX: u32 = ENCRYPTED - 1;

/// Encrypts what we send.
pub(crate) struct Sealer {
    rtp: Cipher,
    rtcp: Cipher,
    next_rtcp_index: u32,
}

/// Opens RTCP of the other end.
pub(crate) struct Opener {
    rtcp: Cipher,
    replay: Replay,
}

/// Why RTCP was not opened. The remedy is to drop it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Too short, or not made with the key.
    Forged,
    /// It has come before, or is too old to tell.
    Replayed,
}

enum Cipher {
    Gcm { key: LessSafeKey, salt: [u8; 12] },
    // Boxed, because a key schedule with its way to run is large, and rarely used.
    Cm(Box<Cm>),
}

struct Cm {
    key: EncryptingKey,
    auth: hmac::Key,
    salt: [u8; 14],
}

const GCM_TAG: usize = 16;
const CM_TAG: usize = 10;

impl Sealer {
    pub(crate) fn new(keying: &Keying) -> Result<Self, Unspecified> {
        let profile = keying.profile();
        let rtp = Cipher::new(profile, &keying.ours(RTP)?)?;
        let rtcp = Cipher::new(profile, &keying.ours(RTCP)?)?;
        Ok(Self { rtp, rtcp, next_rtcp_index: FIRST_RTCP_INDEX })
    }

    /// Bytes by which RTP grows.
    pub(crate) fn rtp_overhead(&self) -> usize {
        self.rtp.tag_bytes()
    }

    /// Bytes by which RTCP grows.
    pub(crate) fn rtcp_overhead(&self) -> usize {
        INDEX_BYTES + self.rtcp.tag_bytes()
    }

    /// Encrypts the RTP packet that is the end of `buffer` from `start` on, and appends its tag. The header has `header`
    /// bytes. `index` is the sequence number with its turns; with the same source it must never come twice.
    pub(crate) fn seal_rtp(
        &self,
        buffer: &mut Vec<u8>,
        start: usize,
        header: usize,
        ssrc: u32,
        index: u64,
    ) -> Result<(), Unspecified> {
        match &self.rtp {
            Cipher::Gcm { key, salt } => {
                let (clear, body) = buffer[start..].split_at_mut(header);
                // RFC 7714 section 8.1: source, turns, sequence number; 48 bits of the index.
                let tag = key.seal_in_place_separate_tag(gcm_nonce(salt, ssrc, index), Aad::from(&*clear), body)?;
                buffer.extend_from_slice(tag.as_ref());
            }
            Cipher::Cm(cm) => {
                cm.apply(ssrc, index, &mut buffer[start + header..])?;
                let mut context = hmac::Context::with_key(&cm.auth);
                context.update(&buffer[start..]);
                context.update(&((index >> 16) as u32).to_be_bytes());
                buffer.extend_from_slice(&context.sign().as_ref()[..CM_TAG]);
            }
        }
        Ok(())
    }

    /// The same for an RTCP compound.
    pub(crate) fn seal_rtcp(&mut self, buffer: &mut Vec<u8>, start: usize) -> Result<(), Unspecified> {
        let index = self.next_rtcp_index;
        if index == LAST_RTCP_INDEX {
            return Err(Unspecified);
        }
        let ssrc = rtcp_ssrc(&buffer[start..]).ok_or(Unspecified)?;
        self.next_rtcp_index += 1;
        let word = (index | ENCRYPTED).to_be_bytes();
        match &self.rtcp {
            Cipher::Gcm { key, salt } => {
                let (clear, body) = buffer[start..].split_at_mut(RTCP_CLEAR);
                // RFC 7714 section 9.2: what is authenticated besides ends with the word that follows the tag.
                let mut aad = [0; RTCP_CLEAR + INDEX_BYTES];
                aad[..RTCP_CLEAR].copy_from_slice(clear);
                aad[RTCP_CLEAR..].copy_from_slice(&word);
                let tag = key.seal_in_place_separate_tag(gcm_nonce(salt, ssrc, index.into()), Aad::from(&aad), body)?;
                buffer.extend_from_slice(tag.as_ref());
                buffer.extend_from_slice(&word);
            }
            Cipher::Cm(cm) => {
                cm.apply(ssrc, index.into(), &mut buffer[start + RTCP_CLEAR..])?;
                buffer.extend_from_slice(&word);
                let tag = hmac::sign(&cm.auth, &buffer[start..]);
                buffer.extend_from_slice(&tag.as_ref()[..CM_TAG]);
            }
        }
        Ok(())
    }
}

impl Opener {
    pub(crate) fn new(keying: &Keying) -> Result<Self, Unspecified> {
        let rtcp = Cipher::new(keying.profile(), &keying.theirs(RTCP)?)?;
        Ok(Self { rtcp, replay: Replay::default() })
    }

    /// Decrypts an SRTCP datagram into `clear`, which is emptied before.
    pub(crate) fn open(&mut self, datagram: &[u8], clear: &mut Vec<u8>) -> Result<(), Refused> {
        let tag_bytes = self.rtcp.tag_bytes();
        if datagram.len() < RTCP_CLEAR + INDEX_BYTES + tag_bytes {
            return Err(Refused::Forged);
        }
        let ssrc = rtcp_ssrc(datagram).ok_or(Refused::Forged)?;
        clear.clear();
        let index = match &self.rtcp {
            Cipher::Gcm { key, salt } => {
                let (sealed, word) = datagram.split_at(datagram.len() - INDEX_BYTES);
                let word = u32_at(word, 0).ok_or(Refused::Forged)?;
                let index = self.replay.fresh(ssrc, word & !ENCRYPTED)?;
                if word & ENCRYPTED == 0 {
                    // Nobody negotiates that here, and nobody sends it.
                    return Err(Refused::Forged);
                }
                let mut aad = [0; RTCP_CLEAR + INDEX_BYTES];
                aad[..RTCP_CLEAR].copy_from_slice(&datagram[..RTCP_CLEAR]);
                aad[RTCP_CLEAR..].copy_from_slice(&word.to_be_bytes());
                clear.extend_from_slice(sealed);
                let nonce = gcm_nonce(salt, ssrc, index.into());
                let opened = key.open_in_place(nonce, Aad::from(&aad), &mut clear[RTCP_CLEAR..]);
                opened.map_err(|Unspecified| Refused::Forged)?;
                clear.truncate(clear.len() - tag_bytes);
                index
            }
            Cipher::Cm(cm) => {
                let (signed, tag) = datagram.split_at(datagram.len() - tag_bytes);
                let (sealed, word) = signed.split_at(signed.len() - INDEX_BYTES);
                let word = u32_at(word, 0).ok_or(Refused::Forged)?;
                let index = self.replay.fresh(ssrc, word & !ENCRYPTED)?;
                let made = hmac::sign(&cm.auth, signed);
                constant_time::verify_slices_are_equal(&made.as_ref()[..CM_TAG], tag).map_err(|_| Refused::Forged)?;
                clear.extend_from_slice(sealed);
                if word & ENCRYPTED != 0 {
                    let opened = cm.apply(ssrc, index.into(), &mut clear[RTCP_CLEAR..]);
                    opened.map_err(|Unspecified| Refused::Forged)?;
                }
                index
            }
        };
        self.replay.remember(ssrc, index);
        Ok(())
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer").finish_non_exhaustive()
    }
}

impl fmt::Debug for Opener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opener").finish_non_exhaustive()
    }
}

impl Cipher {
    fn new(profile: Profile, keys: &Keys) -> Result<Self, Unspecified> {
        let gcm = |algorithm| {
            let key = LessSafeKey::new(UnboundKey::new(algorithm, &keys.cipher)?);
            Ok(Self::Gcm { key, salt: keys.salt[..].try_into().map_err(|_| Unspecified)? })
        };
        match profile {
            Profile::Aes128Gcm => gcm(&AES_128_GCM),
            Profile::Aes256Gcm => gcm(&AES_256_GCM),
            Profile::Aes128CmSha1_80 => Ok(Self::Cm(Box::new(Cm {
                key: EncryptingKey::ctr(UnboundCipherKey::new(&AES_128, &keys.cipher)?)?,
                auth: hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &keys.auth),
                salt: keys.salt[..].try_into().map_err(|_| Unspecified)?,
            }))),
        }
    }

    fn tag_bytes(&self) -> usize {
        match self {
            Self::Gcm { .. } => GCM_TAG,
            Self::Cm(_) => CM_TAG,
        }
    }
}

impl Cm {
    /// RFC 3711 section 4.1.1; the same in both directions.
    fn apply(&self, ssrc: u32, index: u64, bytes: &mut [u8]) -> Result<(), Unspecified> {
        let mut iv = [0; 16];
        iv[..14].copy_from_slice(&self.salt);
        xor(&mut iv[4..8], &ssrc.to_be_bytes());
        xor(&mut iv[8..14], &index.to_be_bytes()[2..]);
        self.key.less_safe_encrypt(bytes, EncryptionContext::Iv128(FixedLength::from(iv)))?;
        Ok(())
    }
}

/// 48 bits of the index count: turns and sequence number of RTP, or 31 bits of RTCP.
fn gcm_nonce(salt: &[u8; 12], ssrc: u32, index: u64) -> Nonce {
    let mut nonce = *salt;
    xor(&mut nonce[2..6], &ssrc.to_be_bytes());
    xor(&mut nonce[6..], &index.to_be_bytes()[2..]);
    Nonce::assume_unique_for_key(nonce)
}

fn xor(bytes: &mut [u8], with: &[u8]) {
    bytes.iter_mut().zip(with).for_each(|(byte, with)| *byte ^= with);
}

fn rtcp_ssrc(compound: &[u8]) -> Option<u32> {
    u32_at(compound, 4)
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}
