//! The key of payload encryption, from which every stream makes a cipher of its own. It encrypts nothing itself, and never
//! prints.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::Arc;

use rtc_api::{EncryptionAlgorithm, PayloadPrivateEncryptionConfig};
use rtc_video::cipher::{Algorithm, Cipher, CipherError};

/// What everybody in a room agreed on. Clones are the same.
#[derive(Clone)]
pub(crate) struct PayloadKey(Arc<PayloadPrivateEncryptionConfig>);

impl PayloadKey {
    /// Checks what the application gave.
    pub(crate) fn new(config: PayloadPrivateEncryptionConfig) -> Result<Self, CipherError> {
        let key = Self(Arc::new(config));
        key.cipher().map(|_| key)
    }

    /// A cipher for one stream. It fails only where [`PayloadKey::new`] does.
    pub(crate) fn cipher(&self) -> Result<Cipher, CipherError> {
        let algorithm = match self.0.encryption_algorithm {
            EncryptionAlgorithm::Aes128Gcm => Algorithm::Aes128Gcm,
            EncryptionAlgorithm::Aes256Gcm => Algorithm::Aes256Gcm,
        };
        // The prefix has to be different for each cipher in the room; nobody has to be unable to guess it. A hasher of the
        // standard library is keyed by 128 bits of the system's randomness and never twice the same.
        let prefix = RandomState::new().hash_one(0u8).to_be_bytes();
        Cipher::new(algorithm, self.0.encryption_key.as_bytes(), &self.0.encryption_salt, prefix)
    }

    /// Whether it is the very same.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Whether a wish for a key is still the same.
pub(super) fn is_same(a: Option<&PayloadKey>, b: Option<&PayloadKey>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => a.is(b),
        _ => false,
    }
}
