//! A value that does not print. It protects against logging, not against reading memory.

use std::fmt;

/// A secret: a UserSig, a key, a token. However it is formatted, only `[redacted]` comes out.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Redacted<T>(T);

/// What is printed instead of a secret.
pub(crate) const REDACTED: &str = "[redacted]";

impl<T> Redacted<T> {
    /// Wraps a secret.
    pub const fn new(secret: T) -> Self {
        Self(secret)
    }

    /// The secret itself, for the one place that needs it.
    pub const fn reveal(&self) -> &T {
        &self.0
    }

    /// Unwraps the secret.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Redacted<T> {
    fn from(secret: T) -> Self {
        Self(secret)
    }
}

impl<T> fmt::Debug for Redacted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl<T> fmt::Display for Redacted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_in_no_format() {
        #[derive(Debug)]
        #[allow(dead_code)] // It is there to be printed.
        struct Proof {
            user: &'static str,
            sig: Redacted<String>,
        }
        let sig = Redacted::new("eJw-secret".to_owned());
        let all = format!("{sig} {sig:?} {sig:#?} {sig:>40} {:?}", Proof { user: "ada", sig: sig.clone() });
        assert!(!all.contains("eJw") && all.contains("ada"), "{all}");
        assert_eq!(sig.reveal(), "eJw-secret");
    }
}
