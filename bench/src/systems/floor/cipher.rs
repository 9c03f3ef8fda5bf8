//! SRTP with AES-128-GCM (RFC 7714) for packets without header extensions and below one turn of the sequence number. It
//! has no replay list.

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

/// A key and its salt.
pub(super) const KEY_BYTES: usize = 16 + 12;
pub(super) const TAG_BYTES: usize = 16;
/// The fixed header (RFC 3550 section 5.1).
pub(super) const RTP_HEADER: usize = 12;

/// One direction of one connection.
pub(super) struct Cipher {
    key: LessSafeKey,
    salt: [u8; 12],
}

impl Cipher {
    pub(super) fn new(key: &[u8; KEY_BYTES]) -> Result<Self, aws_lc_rs::error::Unspecified> {
        let mut salt = [0; 12];
        salt.copy_from_slice(&key[16..]);
        Ok(Self { key: LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key[..16])?), salt })
    }

    /// Encrypts the packet that begins at `start` and is the end of `packets`, and appends the tag.
    pub(super) fn seal(&self, packets: &mut Vec<u8>, start: usize) -> Result<(), aws_lc_rs::error::Unspecified> {
        let packet = packets.get_mut(start..).unwrap_or_default();
        let (header, payload) = packet.split_at_mut_checked(RTP_HEADER).ok_or(aws_lc_rs::error::Unspecified)?;
        let tag = self.key.seal_in_place_separate_tag(self.nonce(header), Aad::from(&*header), payload)?;
        packets.extend_from_slice(tag.as_ref());
        Ok(())
    }

    /// The payload of a packet; nothing where it is forged or no RTP.
    pub(super) fn open<'a>(&self, packet: &'a mut [u8]) -> Option<&'a [u8]> {
        let (header, payload) = packet.split_at_mut_checked(RTP_HEADER)?;
        let payload = self.key.open_in_place(self.nonce(header), Aad::from(&*header), payload).ok()?;
        Some(payload)
    }

    /// RFC 7714 section 8.1, with a rollover counter of 0. `header` has its full length.
    fn nonce(&self, header: &[u8]) -> Nonce {
        let mut nonce = self.salt;
        for (at, byte) in (2..6).zip(&header[8..12]).chain((10..12).zip(&header[2..4])) {
            nonce[at] ^= byte;
        }
        Nonce::assume_unique_for_key(nonce)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_with_the_same_key_only() {
        let ours = Cipher::new(&[1; KEY_BYTES]).unwrap();
        let other = Cipher::new(&[2; KEY_BYTES]).unwrap();
        let mut sealed = b"before".to_vec();
        sealed.extend_from_slice(&[0x80; RTP_HEADER]);
        sealed.extend_from_slice(b"payload");
        ours.seal(&mut sealed, 6).unwrap();
        assert_eq!(sealed.len(), 6 + RTP_HEADER + 7 + TAG_BYTES);
        assert_eq!(other.open(&mut sealed.clone()[6..]), None);
        assert_eq!(ours.open(&mut sealed[6..]), Some(&b"payload"[..]));
    }
}
