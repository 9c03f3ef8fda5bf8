//! UserSig: the proof, signed by an application's server, that a client is a certain user of a certain app. It says
//! nothing about rooms; that is [`private_map_key`](crate::private_map_key).
//!
//! A JSON object, deflated with a zlib header, in base64 with three letters exchanged so that it needs no escaping in a
//! URL. The signature inside covers the fields and not their encoding: libraries differ in the order of keys, white
//! space and compression.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{Read, Write as _};

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde::{Deserialize, Deserializer, Serialize};
use thiserror::Error;

use crate::{MAX_SKEW_S, mac};

/// The most bytes a UserSig may have as text. Honest ones have 200 to 700.
pub const MAX_TEXT_BYTES: usize = 4096;
/// The most bytes a UserSig may have once inflated, so that a small text cannot claim much memory.
pub const MAX_INFLATED_BYTES: usize = 4096;

/// What a UserSig says, once it has been verified.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UserSig {
    /// The app it was made for (`SDKAppID`).
    pub app: u32,
    /// The user it was made for.
    pub user: String,
    /// When it was made, in seconds since 1970.
    pub time_s: u64,
    /// How long it is valid from then on, in seconds.
    pub expire_s: u64,
    /// What the application's server put inside; a PrivateMapKey is a UserSig that has its permissions here.
    pub userbuf: Option<Vec<u8>>,
}

/// Why a UserSig is refused. The numbers are those the original tells its clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum UserSigError {
    /// Nothing was given (70002).
    #[error("the UserSig is empty: make one on your server for this user")]
    Empty,
    /// More than [`MAX_TEXT_BYTES`], or more than [`MAX_INFLATED_BYTES`] once inflated (70003).
    #[error("the UserSig is larger than 4096 bytes")]
    TooLarge,
    /// Not base64, not zlib, not JSON, or a field is missing: usually cut off on its way (70003).
    #[error("the UserSig cannot be decoded ({0}): pass the whole text exactly as your server made it")]
    Malformed(&'static str),
    /// The signature was made with none of the app's keys (70009).
    #[error("the UserSig is not signed with a key of this app: check the secret key your server signs with")]
    Forged,
    /// `time + expire` has passed (70001).
    #[error("the UserSig has expired {by_s} s ago: make a new one")]
    Expired {
        /// How long ago, in seconds.
        by_s: u64,
    },
    /// Made more than five minutes in the future (70001, the code for a period that does not hold now). The usual cause
    /// is a server that signs milliseconds as seconds; accepting that would make a UserSig that never ends.
    #[error("the UserSig was made {by_s} s in the future: check the clock of your server, and that it signs seconds")]
    NotYetValid {
        /// How far, in seconds.
        by_s: u64,
    },
    /// Made for another user (70013).
    #[error("the UserSig was made for another user")]
    OtherUser,
    /// Made for another app (70014).
    #[error("the UserSig was made for another app")]
    OtherApp,
}

/// Makes a UserSig for `user`, valid for `expire_s` seconds from `time_s` (seconds since 1970) on.
pub fn make(app: u32, user: &str, key: &str, time_s: u64, expire_s: u64) -> String {
    seal(app, user, key, time_s, expire_s, None)
}

/// Makes a UserSig that carries `userbuf`.
pub fn make_with_userbuf(app: u32, user: &str, key: &str, time_s: u64, expire_s: u64, userbuf: &[u8]) -> String {
    seal(app, user, key, time_s, expire_s, Some(BASE64.encode(userbuf)))
}

/// Checks that `sig` was made for `app` and `user` with one of `keys`, and is valid at `now_s` (seconds since 1970).
///
/// An app has two keys while it changes from one to the other. An empty key opens nothing.
pub fn verify(sig: &str, app: u32, user: &str, keys: &[impl AsRef<str>], now_s: u64) -> Result<UserSig, UserSigError> {
    let ticket = decode(sig)?;
    if ticket.app != u64::from(app) {
        return Err(UserSigError::OtherApp);
    }
    if ticket.user != user {
        return Err(UserSigError::OtherUser);
    }
    // Decoded before the signature is checked: strict base64 has no line breaks, so that with the user compared above no
    // field can pretend to be several lines of the signed text.
    let userbuf = match &ticket.userbuf {
        Some(text) => Some(BASE64.decode(text).map_err(|_| UserSigError::Malformed("TLS.userbuf is not base64"))?),
        None => None,
    };
    let signature = BASE64.decode(&ticket.signature).map_err(|_| UserSigError::Malformed("TLS.sig is not base64"))?;
    let text = ticket.signed_text();
    let signed_by = |key: &str| !key.is_empty() && mac::equal(&mac::hmac_sha256(key.as_bytes(), text.as_bytes()), &signature);
    if !keys.iter().any(|key| signed_by(key.as_ref())) {
        return Err(UserSigError::Forged);
    }
    if let Some(by_s) = ticket.time_s.checked_sub(now_s).filter(|by_s| *by_s > MAX_SKEW_S) {
        return Err(UserSigError::NotYetValid { by_s });
    }
    let end_s = ticket.time_s.saturating_add(ticket.expire_s);
    if now_s >= end_s {
        return Err(UserSigError::Expired { by_s: now_s - end_s });
    }
    Ok(UserSig { app, user: ticket.user.into_owned(), time_s: ticket.time_s, expire_s: ticket.expire_s, userbuf })
}

/// The JSON object. Some libraries write the numbers as texts, so both are read.
#[derive(Serialize, Deserialize)]
struct Ticket<'a> {
    #[serde(rename = "TLS.ver", default, skip_deserializing)]
    version: &'static str,
    #[serde(rename = "TLS.identifier")]
    user: Cow<'a, str>,
    #[serde(rename = "TLS.sdkappid", deserialize_with = "number")]
    app: u64,
    #[serde(rename = "TLS.time", deserialize_with = "number")]
    time_s: u64,
    #[serde(rename = "TLS.expire", deserialize_with = "number")]
    expire_s: u64,
    #[serde(rename = "TLS.userbuf", default, skip_serializing_if = "Option::is_none")]
    userbuf: Option<String>,
    #[serde(rename = "TLS.sig")]
    signature: String,
}

impl Ticket<'_> {
    fn signed_text(&self) -> String {
        let Self { user, app, time_s, expire_s, .. } = self;
        let mut text = format!("TLS.identifier:{user}\nTLS.sdkappid:{app}\nTLS.time:{time_s}\nTLS.expire:{expire_s}\n");
        if let Some(userbuf) = &self.userbuf {
            writeln!(text, "TLS.userbuf:{userbuf}").expect("writing to a String does not fail");
        }
        text
    }
}

fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Number(u64),
        Text(String),
    }
    match Written::deserialize(deserializer)? {
        Written::Number(n) => Ok(n),
        Written::Text(text) => text.parse().map_err(serde::de::Error::custom),
    }
}

fn seal(app: u32, user: &str, key: &str, time_s: u64, expire_s: u64, userbuf: Option<String>) -> String {
    let mut ticket =
        Ticket { version: "2.0", user: user.into(), app: app.into(), time_s, expire_s, userbuf, signature: String::new() };
    ticket.signature = BASE64.encode(mac::hmac_sha256(key.as_bytes(), ticket.signed_text().as_bytes()));
    let json = serde_json::to_vec(&ticket).expect("an object of texts and numbers can be written as JSON");
    encode(&json)
}

fn encode(json: &[u8]) -> String {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(json).expect("writing to memory does not fail");
    let deflated = encoder.finish().expect("writing to memory does not fail");
    BASE64.encode(deflated).chars().map(escape).collect()
}

fn decode(sig: &str) -> Result<Ticket<'static>, UserSigError> {
    if sig.is_empty() {
        return Err(UserSigError::Empty);
    }
    if sig.len() > MAX_TEXT_BYTES {
        return Err(UserSigError::TooLarge);
    }
    let base64: Vec<u8> = sig.bytes().map(unescape).collect();
    let deflated = BASE64.decode(base64).map_err(|_| UserSigError::Malformed("it is not base64"))?;
    let mut json = Vec::new();
    ZlibDecoder::new(deflated.as_slice())
        .take(MAX_INFLATED_BYTES as u64 + 1)
        .read_to_end(&mut json)
        .map_err(|_| UserSigError::Malformed("it is not zlib data, or cut off"))?;
    if json.len() > MAX_INFLATED_BYTES {
        return Err(UserSigError::TooLarge);
    }
    serde_json::from_slice(&json).map_err(|_| UserSigError::Malformed("the JSON inside lacks a field or is broken"))
}

fn escape(c: char) -> char {
    match c {
        '+' => '*',
        '/' => '-',
        '=' => '_',
        other => other,
    }
}

fn unescape(byte: u8) -> u8 {
    match byte {
        b'*' => b'+',
        b'-' => b'/',
        b'_' => b'=',
        other => other,
    }
}

/// Padding is not asked for: applications that carry the text in a URL sometimes lose it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const APP: u32 = 1_400_000_000;
    const KEY: &str = "0123456789abcdef0123456789abcdef";
    const OLD_KEY: &str = "fedcba9876543210fedcba9876543210";
    const T: u64 = 1_700_000_000;

    fn check(sig: &str, now_s: u64) -> Result<UserSig, UserSigError> {
        verify(sig, APP, "anna", &[KEY], now_s)
    }

    /// Any JSON, packed the way a UserSig is.
    fn packed(json: &str) -> String {
        encode(json.as_bytes())
    }

    #[test]
    fn what_was_made_is_read_back() {
        let sig = make_with_userbuf(APP, "anna", KEY, T, 60, b"\x00\xffhello");
        let read = check(&sig, T + 59).unwrap();
        assert_eq!(read.user, "anna");
        assert_eq!((read.app, read.time_s, read.expire_s), (APP, T, 60));
        assert_eq!(read.userbuf.as_deref(), Some(&b"\x00\xffhello"[..]));
    }

    #[test]
    fn it_ends_in_the_second_it_was_made_to_end() {
        let sig = make(APP, "anna", KEY, T, 60);
        assert!(check(&sig, T + 59).is_ok());
        assert_eq!(check(&sig, T + 60), Err(UserSigError::Expired { by_s: 0 }));
        assert_eq!(check(&sig, T + 70), Err(UserSigError::Expired { by_s: 10 }));
    }

    #[test]
    fn a_clock_five_minutes_ahead_is_forgiven_and_no_more() {
        let sig = make(APP, "anna", KEY, T + 300, 60);
        assert!(check(&sig, T).is_ok());
        assert_eq!(check(&sig, T - 1), Err(UserSigError::NotYetValid { by_s: 301 }));
    }

    #[test]
    fn milliseconds_signed_as_seconds_do_not_make_an_eternal_user_sig() {
        let sig = make(APP, "anna", KEY, T * 1000, 60);
        assert!(matches!(check(&sig, T), Err(UserSigError::NotYetValid { .. })));
    }

    #[test]
    fn a_validity_beyond_the_end_of_time_does_not_wrap_around() {
        let sig = make(APP, "anna", KEY, T, u64::MAX);
        assert!(check(&sig, T + 1).is_ok());
    }

    #[test]
    fn while_keys_rotate_both_open_and_a_third_does_not() {
        let keys = [KEY, OLD_KEY];
        for key in keys {
            assert!(verify(&make(APP, "anna", key, T, 60), APP, "anna", &keys, T).is_ok());
        }
        let forged = make(APP, "anna", "another key", T, 60);
        assert_eq!(verify(&forged, APP, "anna", &keys, T), Err(UserSigError::Forged));
    }

    #[test]
    fn no_key_and_an_empty_key_open_nothing() {
        let sig = make(APP, "anna", "", T, 60);
        assert_eq!(verify(&sig, APP, "anna", &[""], T), Err(UserSigError::Forged));
        assert_eq!(verify(&sig, APP, "anna", &[] as &[&str], T), Err(UserSigError::Forged));
    }

    #[test]
    fn another_user_and_another_app_are_told_apart() {
        let sig = make(APP, "anna", KEY, T, 60);
        assert_eq!(verify(&sig, APP, "Anna", &[KEY], T), Err(UserSigError::OtherUser));
        assert_eq!(verify(&sig, APP + 1, "anna", &[KEY], T), Err(UserSigError::OtherApp));
    }

    #[test]
    fn each_field_is_signed() {
        let honest = make(APP, "anna", KEY, T, 60);
        let json = |f: fn(&mut Ticket<'static>)| {
            let mut ticket = decode(&honest).unwrap();
            f(&mut ticket);
            packed(&serde_json::to_string(&ticket).unwrap())
        };
        assert!(check(&json(|_| ()), T).is_ok());
        for forged in [
            json(|t| t.time_s -= 1),
            json(|t| t.expire_s += 1),
            json(|t| t.userbuf = Some("AAAA".into())),
            json(|t| t.signature = BASE64.encode([0; 32])),
            json(|t| t.signature = String::new()),
        ] {
            assert_eq!(check(&forged, T), Err(UserSigError::Forged));
        }
    }

    #[test]
    fn a_user_id_with_line_breaks_cannot_stand_for_another_user() {
        // The application's server signs whatever name it is asked for; the text it signs then begins with the lines
        // of a UserSig for "admin", and the rest is passed off as its userbuf.
        let name = format!("admin\nTLS.sdkappid:{APP}\nTLS.time:{T}\nTLS.expire:999999\nTLS.userbuf:");
        let stolen = decode(&make(APP, &name, KEY, T, 60)).unwrap();
        let forged = Ticket {
            user: "admin".into(),
            expire_s: 999_999,
            userbuf: Some(format!("\nTLS.sdkappid:{APP}\nTLS.time:{T}\nTLS.expire:60")),
            ..stolen
        };
        let sig = packed(&serde_json::to_string(&forged).unwrap());
        assert_eq!(verify(&sig, APP, "admin", &[KEY], T), Err(UserSigError::Malformed("TLS.userbuf is not base64")));
    }

    #[test]
    fn numbers_written_as_texts_are_read() {
        let Ticket { signature, .. } = decode(&make(APP, "anna", KEY, T, 60)).unwrap();
        let sig = packed(&format!(
            r#"{{"TLS.identifier":"anna","TLS.sdkappid":"{APP}","TLS.time":"{T}","TLS.expire":"60","TLS.sig":"{signature}"}}"#
        ));
        assert!(check(&sig, T).is_ok());
    }

    #[test]
    fn lost_padding_is_forgiven() {
        for user in ["a", "an", "ann", "anna"] {
            let sig = make(APP, user, KEY, T, 60);
            assert!(verify(sig.trim_end_matches('_'), APP, user, &[KEY], T).is_ok());
        }
    }

    #[test]
    fn nothing_garbage_and_halves_have_their_own_errors() {
        assert_eq!(check("", T), Err(UserSigError::Empty));
        assert_eq!(check("not base64 at all!", T), Err(UserSigError::Malformed("it is not base64")));
        assert_eq!(check("AAAA", T), Err(UserSigError::Malformed("it is not zlib data, or cut off")));
        let sig = make(APP, "anna", KEY, T, 60);
        assert!(matches!(check(&sig[..sig.len() / 2], T), Err(UserSigError::Malformed(_))));
        for json in ["", "{}", "[]", "null", r#"{"TLS.identifier":7}"#] {
            let error = UserSigError::Malformed("the JSON inside lacks a field or is broken");
            assert_eq!(check(&packed(json), T), Err(error), "{json}");
        }
    }

    #[test]
    fn a_small_text_cannot_claim_much_memory() {
        let bomb = packed(&" ".repeat(3_000_000));
        assert!(bomb.len() < MAX_TEXT_BYTES, "the text itself is within bounds");
        assert_eq!(check(&bomb, T), Err(UserSigError::TooLarge));
        assert_eq!(check(&"A".repeat(MAX_TEXT_BYTES + 1), T), Err(UserSigError::TooLarge));
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in ".{0,200}") {
            let _ = check(&text, T);
        }

        #[test]
        fn any_bytes_inside_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = check(&encode(&bytes), T);
            let text: String = BASE64.encode(&bytes).chars().map(escape).collect();
            let _ = check(&text, T);
        }

        #[test]
        fn one_changed_letter_never_opens_for_somebody_else(at in 0usize..400, letter in "[A-Za-z0-9*-]") {
            let mut sig = make(APP, "anna", KEY, T, 60);
            let at = at % sig.len();
            sig.replace_range(at..=at, &letter);
            // The checksum or the padding bits may be what changed, so it may still open, but only as what was signed.
            if let Ok(read) = check(&sig, T) {
                prop_assert_eq!((read.time_s, read.expire_s, read.userbuf), (T, 60, None));
            }
        }

        #[test]
        fn any_user_round_trips(user in "\\PC{1,32}", time_s in 0..u64::MAX / 2, expire_s in 1..u64::MAX / 2) {
            let sig = make(APP, &user, KEY, time_s, expire_s);
            prop_assert!(verify(&sig, APP, &user, &[KEY], time_s).is_ok());
        }
    }
}
