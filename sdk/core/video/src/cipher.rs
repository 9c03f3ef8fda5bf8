//! Encryption by a key that only the applications have: it hides what is in pictures and sounds from the engine, but not
//! where key frames begin. It is AES-GCM by aws-lc-rs; keys are not exchanged here.

use std::fmt;

use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};

use crate::codec::{EncodedFrame, VideoCodec};
use crate::nal::{self, START_CODE};

/// Which cipher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Algorithm {
    /// AES-GCM with a key of 128 bits.
    #[default]
    Aes128Gcm,
    /// AES-GCM with a key of 256 bits.
    Aes256Gcm,
}

/// Why something was not encrypted or decrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CipherError {
    /// There is no key.
    #[error("the encryption key is empty; set the same non-empty key for everybody in the room")]
    EmptyKey,
    /// Another key, another salt, or bytes that were changed on the way.
    #[error("the payload cannot be decrypted; check that sender and receiver have the same algorithm, key and salt")]
    Wrong,
    /// All numbers of this cipher have been used.
    #[error("the cipher is used up; make a new one with another prefix")]
    UsedUp,
}

/// Encrypts and decrypts the payloads of one sending or receiving side.
///
/// Each sealed piece ends with a number that is never used twice: eight bytes that are the cipher's own and four that
/// count. The length grows by [`Cipher::OVERHEAD`], for H.264 by that and a few bytes for each slice.
pub struct Cipher {
    key: LessSafeKey,
    prefix: [u8; PREFIX],
    next: u32,
    is_used_up: bool,
}

impl Cipher {
    /// Bytes by which a sealed audio packet or VP8 frame is longer than it was.
    pub const OVERHEAD: usize = TAG + NONCE_LEN;

    /// A cipher. `key` may have any length but none; the key of the algorithm is derived from it and `salt`. `prefix` has to
    /// be random and different for each cipher with this key, in the whole room: numbers begin with it.
    ///
    /// # Errors
    /// [`CipherError::EmptyKey`].
    pub fn new(algorithm: Algorithm, key: &[u8], salt: &[u8; 32], prefix: [u8; PREFIX]) -> Result<Self, CipherError> {
        if key.is_empty() {
            return Err(CipherError::EmptyKey);
        }
        let (algorithm, length) = match algorithm {
            Algorithm::Aes128Gcm => (&AES_128_GCM, 16),
            Algorithm::Aes256Gcm => (&AES_256_GCM, 32),
        };
        let mut derived = [0; 32];
        let derived = &mut derived[..length];
        let secret = Salt::new(HKDF_SHA256, salt).extract(key);
        let info: &[&[u8]] = &[b"rtc-engine payload"];
        let expanded = secret.expand(info, Length(length));
        expanded.and_then(|okm| okm.fill(derived)).expect("32 bytes are less than the most that HKDF gives");
        let key = UnboundKey::new(algorithm, derived).expect("the key has the length of the algorithm");
        Ok(Self { key: LessSafeKey::new(key), prefix, next: 0, is_used_up: false })
    }

    /// Encrypts a picture. Clear stay the headers that the engine looks for key frames in: the first bytes of VP8; headers
    /// and parameter sets of H.264.
    ///
    /// # Errors
    /// [`CipherError::UsedUp`] after 2³² pieces.
    pub fn seal_frame(&mut self, frame: &EncodedFrame) -> Result<EncodedFrame, CipherError> {
        let data = match frame.codec {
            VideoCodec::Vp8 => self.seal(&frame.data, vp8_clear(&frame.data))?,
            VideoCodec::H264 => {
                let mut stream = Vec::with_capacity(frame.data.len() + 2 * Self::OVERHEAD);
                for unit in nal::units(&frame.data) {
                    stream.extend_from_slice(&START_CODE);
                    match is_sealed(unit) {
                        false => stream.extend_from_slice(unit),
                        true => {
                            let mut sealed = self.seal(unit, H264_CLEAR)?;
                            // A unit must not end in a zero.
                            sealed.push(NAL_END);
                            // The clear bytes begin with a header that is not zero, so they stay as they are.
                            nal::escape(&sealed, &mut stream);
                        }
                    }
                }
                stream
            }
        };
        Ok(EncodedFrame { data: data.into(), ..frame.clone() })
    }

    /// Decrypts a picture.
    ///
    /// # Errors
    /// [`CipherError::Wrong`].
    pub fn open_frame(&self, frame: &EncodedFrame) -> Result<EncodedFrame, CipherError> {
        let data = match frame.codec {
            VideoCodec::Vp8 => {
                let length = frame.data.len().saturating_sub(Self::OVERHEAD);
                self.open(&frame.data, vp8_clear(&frame.data[..length]))?
            }
            VideoCodec::H264 => {
                let mut stream = Vec::with_capacity(frame.data.len());
                for unit in nal::units(&frame.data) {
                    stream.extend_from_slice(&START_CODE);
                    match is_sealed(unit) {
                        false => stream.extend_from_slice(unit),
                        true => {
                            let mut sealed = nal::unescape(unit);
                            if sealed.pop() != Some(NAL_END) {
                                return Err(CipherError::Wrong);
                            }
                            stream.extend_from_slice(&self.open(&sealed, H264_CLEAR)?);
                        }
                    }
                }
                stream
            }
        };
        Ok(EncodedFrame { data: data.into(), ..frame.clone() })
    }

    /// Encrypts an audio packet. Its first byte stays clear: it says which mode of Opus follows.
    ///
    /// # Errors
    /// [`CipherError::UsedUp`] after 2³² pieces.
    pub fn seal_audio(&mut self, packet: &[u8]) -> Result<Vec<u8>, CipherError> {
        self.seal(packet, AUDIO_CLEAR.min(packet.len()))
    }

    /// Decrypts an audio packet.
    ///
    /// # Errors
    /// [`CipherError::Wrong`].
    pub fn open_audio(&self, packet: &[u8]) -> Result<Vec<u8>, CipherError> {
        // A packet without a first byte is sealed as nothing but tag and number.
        let clear = if packet.len() > Self::OVERHEAD { AUDIO_CLEAR } else { 0 };
        self.open(packet, clear)
    }

    fn seal(&mut self, plain: &[u8], clear: usize) -> Result<Vec<u8>, CipherError> {
        let number = self.number()?;
        let mut sealed = Vec::with_capacity(plain.len() + Self::OVERHEAD);
        sealed.extend_from_slice(plain);
        let (head, body) = sealed.split_at_mut(clear);
        let nonce = Nonce::assume_unique_for_key(number);
        let tag = self.key.seal_in_place_separate_tag(nonce, Aad::from(&*head), body).map_err(|_| CipherError::UsedUp)?;
        sealed.extend_from_slice(tag.as_ref());
        sealed.extend_from_slice(&number);
        Ok(sealed)
    }

    fn open(&self, sealed: &[u8], clear: usize) -> Result<Vec<u8>, CipherError> {
        let (rest, number) = sealed.split_last_chunk::<NONCE_LEN>().ok_or(CipherError::Wrong)?;
        let (head, body) = rest.split_at_checked(clear).ok_or(CipherError::Wrong)?;
        let mut body = body.to_vec();
        let nonce = Nonce::assume_unique_for_key(*number);
        let plain = self.key.open_in_place(nonce, Aad::from(head), &mut body).map_err(|_| CipherError::Wrong)?;
        Ok([head, plain].concat())
    }

    fn number(&mut self) -> Result<[u8; NONCE_LEN], CipherError> {
        if self.is_used_up {
            return Err(CipherError::UsedUp);
        }
        let mut number = [0; NONCE_LEN];
        number[..PREFIX].copy_from_slice(&self.prefix);
        number[PREFIX..].copy_from_slice(&self.next.to_be_bytes());
        match self.next.checked_add(1) {
            Some(next) => self.next = next,
            None => self.is_used_up = true,
        }
        Ok(number)
    }
}

impl fmt::Debug for Cipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cipher").field("algorithm", &self.key.algorithm()).finish_non_exhaustive()
    }
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// RFC 6386 section 9.1: the frame tag, and of a key frame the start code and the size as well.
pub(crate) fn vp8_clear(frame: &[u8]) -> usize {
    let is_inter = frame.first().is_some_and(|first| first & 1 != 0);
    frame.len().min(if is_inter { 3 } else { 10 })
}

/// Slices carry pictures and SEI carries messages; everything else has to be read on the way. A unit of two bytes has nothing
/// to hide.
fn is_sealed(unit: &[u8]) -> bool {
    unit.len() > H264_CLEAR && nal::kind(unit).is_some_and(|kind| nal::is_slice(kind) || kind == nal::SEI)
}

/// Bytes of a number that are the cipher's own.
pub const PREFIX: usize = 8;

const TAG: usize = 16;
/// The header, and of a slice the byte with `first_mb_in_slice`, whose top bit tells the engine where an IDR picture begins.
pub(crate) const H264_CLEAR: usize = 2;
const AUDIO_CLEAR: usize = 1;
const NAL_END: u8 = 0x80;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SALT: [u8; 32] = [7; 32];

    fn cipher(algorithm: Algorithm, key: &[u8]) -> Cipher {
        Cipher::new(algorithm, key, &SALT, [1; PREFIX]).unwrap()
    }

    fn frame(codec: VideoCodec, data: &[u8]) -> EncodedFrame {
        EncodedFrame { codec, data: data.to_vec().into(), key: true, time_us: 5 }
    }

    #[test]
    fn pictures_and_sounds_come_back_with_the_same_key_only() {
        let vp8 = frame(VideoCodec::Vp8, b"\x10\x00\x00\x9d\x01\x2a\x40\x01\xf0\x00picture");
        let h264 = frame(VideoCodec::H264, b"\0\0\0\x01\x67\x42\0\0\0\x01\x06\xf3message\x80\0\0\0\x01\x65\x88picture");
        for algorithm in [Algorithm::Aes128Gcm, Algorithm::Aes256Gcm] {
            let mut sender = cipher(algorithm, b"secret");
            let receiver = cipher(algorithm, b"secret");
            let strangers = [
                cipher(algorithm, b"Secret"),
                Cipher::new(algorithm, b"secret", &[8; 32], [1; PREFIX]).unwrap(),
                cipher(if algorithm == Algorithm::Aes128Gcm { Algorithm::Aes256Gcm } else { Algorithm::Aes128Gcm }, b"secret"),
            ];
            for plain in [&vp8, &h264] {
                let sealed = sender.seal_frame(plain).unwrap();
                assert!(!sealed.data.windows(7).any(|window| window == b"picture" || window == b"message"));
                assert_eq!(receiver.open_frame(&sealed).as_ref(), Ok(plain));
                assert!(strangers.iter().all(|stranger| stranger.open_frame(&sealed) == Err(CipherError::Wrong)));
            }
            for length in 0..12 {
                let short = frame(VideoCodec::Vp8, &vp8.data[..length]);
                assert_eq!(receiver.open_frame(&sender.seal_frame(&short).unwrap()), Ok(short));
            }
            for packet in [&b"\xfcsound"[..], b"\xfc", b""] {
                let sealed = sender.seal_audio(packet).unwrap();
                assert_eq!(sealed.len(), packet.len() + Cipher::OVERHEAD);
                assert_eq!(receiver.open_audio(&sealed).as_deref(), Ok(packet));
                assert!(strangers.iter().all(|stranger| stranger.open_audio(&sealed) == Err(CipherError::Wrong)));
            }
        }
    }

    #[test]
    fn the_engine_still_sees_key_frames() {
        let mut cipher = cipher(Algorithm::Aes128Gcm, b"k");
        let vp8 = cipher.seal_frame(&frame(VideoCodec::Vp8, b"\x10\x00\x00\x9d\x01\x2a\x40\x01\xf0\x00picture")).unwrap();
        assert_eq!(vp8.data[..10], *b"\x10\x00\x00\x9d\x01\x2a\x40\x01\xf0\x00");
        let inter = cipher.seal_frame(&frame(VideoCodec::Vp8, b"\x11\x00\x00picture")).unwrap();
        assert_eq!(inter.data[..3], *b"\x11\x00\x00");
        let h264 = cipher.seal_frame(&frame(VideoCodec::H264, b"\0\0\0\x01\x67\x42\0\0\0\x01\x65\x88picture")).unwrap();
        let units: Vec<_> = nal::units(&h264.data).collect();
        assert_eq!(units[0], [0x67, 0x42]);
        assert!(nal::starts_idr(units[1]));
    }

    #[test]
    fn what_was_changed_on_the_way_is_refused() {
        let mut cipher = cipher(Algorithm::Aes256Gcm, b"k");
        let sealed = cipher.seal_frame(&frame(VideoCodec::Vp8, b"\x10\x00\x00\x9d\x01\x2a\x40\x01\xf0\x00picture")).unwrap();
        for at in 1..sealed.data.len() {
            let mut data = sealed.data.to_vec();
            data[at] ^= 1;
            assert_eq!(cipher.open_frame(&frame(VideoCodec::Vp8, &data)), Err(CipherError::Wrong), "byte {at}");
        }
    }

    #[test]
    fn no_number_is_used_twice() {
        let mut cipher = cipher(Algorithm::Aes128Gcm, b"k");
        assert_ne!(cipher.seal_audio(b"same").unwrap(), cipher.seal_audio(b"same").unwrap());
        cipher.next = u32::MAX;
        assert!(cipher.seal_audio(b"last").is_ok());
        assert_eq!(cipher.seal_audio(b"more"), Err(CipherError::UsedUp));
        assert_eq!(Cipher::new(Algorithm::Aes128Gcm, b"", &SALT, [0; PREFIX]).err(), Some(CipherError::EmptyKey));
        assert!(!format!("{cipher:?}").contains("next"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_refused_without_panic(bytes in proptest::collection::vec(prop_oneof![Just(0u8), Just(1), Just(0x65), any::<u8>()], 0..80)) {
            let cipher = cipher(Algorithm::Aes128Gcm, b"k");
            let _ = (cipher.open_frame(&frame(VideoCodec::Vp8, &bytes)), cipher.open_frame(&frame(VideoCodec::H264, &bytes)));
            prop_assert_eq!(cipher.open_audio(&bytes), Err(CipherError::Wrong));
        }

        #[test]
        fn every_access_unit_comes_back(body in proptest::collection::vec(0u8..4, 1..300)) {
            let mut stream = b"\0\0\0\x01".to_vec();
            nal::escape(&[&[0x41], &body[..]].concat(), &mut stream);
            stream.push(0x80);
            let plain = frame(VideoCodec::H264, &stream);
            let mut cipher = cipher(Algorithm::Aes128Gcm, b"k");
            let sealed = cipher.seal_frame(&plain).unwrap();
            prop_assert_eq!(nal::units(&sealed.data).count(), 1);
            prop_assert_eq!(cipher.open_frame(&sealed), Ok(plain));
        }
    }
}
