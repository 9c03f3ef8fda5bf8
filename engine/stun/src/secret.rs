//! Passwords that need not be remembered.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

/// Makes the password of a name out of the name, so that whoever knows the secret can check a password without having kept
/// it.
#[derive(Clone)]
pub struct Secret(pub [u8; 32]);

impl Secret {
    /// The password of a name: 40 hexadecimal digits, which ICE takes as they are (RFC 8839 section 5.4).
    pub fn password(&self, name: &[u8]) -> String {
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.0).expect("HMAC takes a key of any length (RFC 2104, 2)");
        mac.update(name);
        hex::encode(mac.finalize().into_bytes())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_password_for_each_secret() {
        let (one, other) = (Secret([1; 32]), Secret([2; 32]));
        assert_eq!(one.password(b"ann"), one.password(b"ann"));
        assert_ne!(one.password(b"ann"), one.password(b"bob"));
        assert_ne!(one.password(b"ann"), other.password(b"ann"));
        assert_eq!(one.password(b"ann").len(), 40);
        assert_eq!(format!("{one:?}"), "Secret(…)");
    }
}
