//! New secrets and identifiers, from the operating system's generator.

use rand::TryRngCore as _;
use rand::rngs::OsRng;

use crate::Secret;

const ALPHANUMERIC: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// An app's key: 64 hexadecimal digits, as the original's console shows them.
pub(crate) fn app_key() -> Secret {
    Secret::new(hex::encode(bytes::<32>()))
}

/// A Cloud API secret id: `AKID` and 32 letters or digits.
pub(crate) fn secret_id() -> String {
    format!("AKID{}", alphanumeric(32))
}

/// A Cloud API secret key: 32 letters or digits.
pub(crate) fn secret_key() -> Secret {
    Secret::new(alphanumeric(32))
}

fn alphanumeric(length: usize) -> String {
    // Bytes beyond the last multiple of 62 would favour the first letters, so they are thrown away.
    let mut out = String::with_capacity(length);
    while out.len() < length {
        for byte in bytes::<64>() {
            if byte < 248 && out.len() < length {
                out.push(ALPHANUMERIC[usize::from(byte) % 62].into());
            }
        }
    }
    out
}

fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    OsRng.try_fill_bytes(&mut bytes).expect("a system without randomness cannot run an engine");
    bytes
}
