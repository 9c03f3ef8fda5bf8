//! The resume token: `<session in hex>.<128 random bits in hex>`. Whoever shows it is the client that was given it.

use rand::TryRngCore as _;
use rand::rngs::OsRng;
use rtc_protocol::SessionId;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// A token that was shown or is to be given. It is kept nowhere, only its [`TokenHash`] is.
#[derive(Clone)]
pub(crate) struct ResumeToken {
    pub(crate) session: SessionId,
    secret: [u8; 16],
}

/// What is remembered of a token.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TokenHash([u8; 32]);

impl ResumeToken {
    pub(crate) fn new(session: SessionId) -> Self {
        let mut secret = [0; 16];
        OsRng.try_fill_bytes(&mut secret).expect("a system without randomness cannot run an engine");
        Self { session, secret }
    }

    /// Reads what a client showed. Nothing when it is no token: it is then worth as much as one of a session long gone.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (session, secret) = text.split_once('.')?;
        let session = SessionId(u64::from_str_radix(session, 16).ok()?);
        let mut bytes = [0; 16];
        hex::decode_to_slice(secret, &mut bytes).ok()?;
        Some(Self { session, secret: bytes })
    }

    /// The token as the client keeps it.
    pub(crate) fn to_text(&self) -> String {
        format!("{}.{}", self.session, hex::encode(self.secret))
    }

    pub(crate) fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.secret).into())
    }
}

impl TokenHash {
    /// Whether this is the token's; takes the same time either way.
    pub(crate) fn is_of(&self, token: &ResumeToken) -> bool {
        self.0.ct_eq(&token.hash().0).into()
    }

    pub(crate) fn to_text(self) -> String {
        hex::encode(self.0)
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_by_its_hash_alone() {
        let token = ResumeToken::new(SessionId(0xab_cdef));
        let shown = ResumeToken::parse(&token.to_text()).expect("its own text");
        assert_eq!(shown.session, SessionId(0xab_cdef));
        let remembered = TokenHash::parse(&token.hash().to_text()).expect("its own text");
        assert!(remembered.is_of(&shown));
        assert!(!remembered.is_of(&ResumeToken::new(SessionId(0xab_cdef))));
    }

    #[test]
    fn what_is_no_token_is_none() {
        for text in ["", ".", "12", "12.", "xy.00112233445566778899aabbccddeeff", "12.0011", "1ffffffffffffffff.00"] {
            assert!(ResumeToken::parse(text).is_none(), "{text:?}");
        }
    }
}
