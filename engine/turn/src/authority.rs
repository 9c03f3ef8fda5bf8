//! Who may ask: user names that say until when they are good, passwords and nonces that follow from a secret. Nothing is kept
//! of any of them.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use md5::{Digest as _, Md5};
use rtc_stun::Secret;
use subtle::ConstantTimeEq as _;

/// What clients are told as the realm. Short, because strangers are told it, too.
pub(crate) const REALM: &str = "rtc";
/// The longest user name that is read.
const NAME: usize = 128;
/// How long a nonce is good. Clients ask for another by themselves.
const NONCE_LASTS: u64 = 600;
/// Digits of a nonce that say when it was given, and all of it.
const WHEN: usize = 6;
pub(crate) const NONCE: usize = 20;

/// What a client shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Grant {
    /// Until when it is good, a colon, the user.
    pub user_name: String,
    /// A secret.
    pub password: String,
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grant").field("user_name", &self.user_name).finish_non_exhaustive()
    }
}

/// Gives grants, and tells them from what others make up.
#[derive(Debug)]
pub struct Authority {
    secret: Secret,
    /// Times are seconds since then, because the secret is as old.
    began: Instant,
}

impl Authority {
    /// `secret` must be random and of this run alone.
    pub fn new(secret: [u8; 32], began: Instant) -> Self {
        Self { secret: Secret(secret), began }
    }

    /// Lets a user have allocations for a while. The user's name tells quotas whose they are.
    pub fn grant(&self, now: Instant, user: &str, within: Duration) -> Grant {
        let user_name = format!("{}:{user}", self.seconds(now) + within.as_secs());
        let password = self.secret.password(user_name.as_bytes());
        Grant { user_name, password }
    }

    /// The user of a name that is still good. The password has not been looked at.
    pub(crate) fn user<'a>(&self, now: Instant, user_name: &'a [u8]) -> Option<&'a [u8]> {
        let colon = user_name.iter().position(|byte| *byte == b':').filter(|_| user_name.len() <= NAME)?;
        let (until, user) = (&user_name[..colon], &user_name[colon + 1..]);
        let until: u64 = std::str::from_utf8(until).ok()?.parse().ok()?;
        (self.seconds(now) < until).then_some(user)
    }

    /// What the messages of a user name are signed with (RFC 8489 section 9.2.2).
    pub(crate) fn key(&self, user_name: &[u8]) -> [u8; 16] {
        key(user_name, REALM.as_bytes(), self.secret.password(user_name).as_bytes())
    }

    /// A nonce for who is at an address.
    pub(crate) fn nonce(&self, now: Instant, remote: SocketAddr) -> [u8; NONCE] {
        self.nonce_of(self.seconds(now), remote)
    }

    /// Whether a nonce was given to who is at an address, not long ago.
    pub(crate) fn knows(&self, now: Instant, remote: SocketAddr, nonce: &[u8]) -> bool {
        let Some(when) = nonce.get(..WHEN).filter(|_| nonce.len() == NONCE) else { return false };
        let Some(when) = std::str::from_utf8(when).ok().and_then(|when| u64::from_str_radix(when, 16).ok()) else {
            return false;
        };
        let now = self.seconds(now);
        // What the digits leave out is that of now, or of a little while ago.
        let span = 1 << (4 * WHEN);
        let age = (now % span + span - when) % span;
        age < NONCE_LASTS && age <= now && bool::from(self.nonce_of(now - age, remote).ct_eq(nonce))
    }

    fn nonce_of(&self, seconds: u64, remote: SocketAddr) -> [u8; NONCE] {
        // No user name begins with a letter, so no password is a nonce.
        let mut name = b"nonce".to_vec();
        name.extend(seconds.to_be_bytes());
        match remote.ip() {
            IpAddr::V4(ip) => name.extend(ip.octets()),
            IpAddr::V6(ip) => name.extend(ip.octets()),
        }
        name.extend(remote.port().to_be_bytes());
        let mac = self.secret.password(&name);
        let mut nonce = [0; NONCE];
        let when = format!("{:06x}", seconds % (1 << (4 * WHEN)));
        nonce[..WHEN].copy_from_slice(when.as_bytes());
        nonce[WHEN..].copy_from_slice(&mac.as_bytes()[..NONCE - WHEN]);
        nonce
    }

    fn seconds(&self, now: Instant) -> u64 {
        now.saturating_duration_since(self.began).as_secs()
    }
}

/// The key of the long-term credential mechanism (RFC 8489 section 9.2.2).
pub(crate) fn key(user_name: &[u8], realm: &[u8], password: &[u8]) -> [u8; 16] {
    let mut md5 = Md5::new();
    for part in [user_name, b":", realm, b":", password] {
        md5.update(part);
    }
    md5.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(port: u16) -> SocketAddr {
        SocketAddr::from(([192, 0, 2, 1], port))
    }

    #[test]
    fn the_key_is_that_of_the_standard() {
        // RFC 5769 section 2.4.
        let user = "\u{30de}\u{30c8}\u{30ea}\u{30c3}\u{30af}\u{30b9}";
        let signed = "000100602112a44278ad3433c6ad72c029da412e00060012e3839ee38388e383aae38383e382afe382b900000015001c662f2f\
                      3439396b39353464364f4c33346f4c3946535476793634734100140 00b6578616d706c652e6f7267000008 0014f67024656d\
                      d64a3e02b8e0712e85c9a28ca89666";
        let bytes: Vec<u8> = signed.bytes().filter(u8::is_ascii_hexdigit).collect();
        let bytes: Vec<u8> = bytes
            .chunks(2)
            .map(|two| u8::from_str_radix(std::str::from_utf8(two).expect("digits"), 16).expect("digits"))
            .collect();
        let reader = rtc_stun::wire::Reader::new(&bytes, 2048).expect("a message");
        assert!(reader.is_signed(&key(user.as_bytes(), b"example.org", b"TheMatrIX")));
    }

    #[test]
    fn a_name_is_good_until_it_says_and_its_password_is_the_engines_alone() {
        let began = Instant::now();
        let (authority, other) = (Authority::new([1; 32], began), Authority::new([2; 32], began));
        let now = began + Duration::from_secs(1_000_000);
        let Grant { user_name, password } = authority.grant(now, "ann:1", Duration::from_secs(60));
        assert_eq!(authority.user(now, user_name.as_bytes()), Some(&b"ann:1"[..]));
        assert_eq!(authority.user(now + Duration::from_secs(60), user_name.as_bytes()), None);
        assert_eq!(authority.key(user_name.as_bytes()), key(user_name.as_bytes(), b"rtc", password.as_bytes()));
        assert_ne!(other.key(user_name.as_bytes()), authority.key(user_name.as_bytes()));
        for wrong in [&b"ann"[..], b":ann", b"x:ann", b"-5:ann", b"99999999999999999999999:ann", &[b'9'; 200]] {
            assert_eq!(authority.user(now, wrong), None);
        }
    }

    #[test]
    fn a_nonce_is_good_for_one_address_and_a_while_and_cannot_be_made_up() {
        let began = Instant::now();
        let authority = Authority::new([1; 32], began);
        // Also where the digits begin anew.
        for since in [0, 5, (1 << 24) - 3, (1 << 24) + 3] {
            let now = began + Duration::from_secs(since);
            let nonce = authority.nonce(now, at(1));
            assert!(authority.knows(now, at(1), &nonce) && authority.knows(now + Duration::from_secs(599), at(1), &nonce));
            assert!(!authority.knows(now + Duration::from_secs(600), at(1), &nonce));
            assert!(!authority.knows(now, at(2), &nonce), "another address's");
            assert!(!Authority::new([2; 32], began).knows(now, at(1), &nonce), "another engine's");
            for i in 0..NONCE {
                let mut forged = nonce;
                forged[i] = if forged[i] == b'0' { b'1' } else { b'0' };
                assert!(!authority.knows(now, at(1), &forged), "digit {i}");
                assert!(!authority.knows(now, at(1), &nonce[..i]));
            }
        }
    }
}
