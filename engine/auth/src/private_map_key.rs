//! PrivateMapKey: what a user may do in one room, signed by the application's server. It is a
//! [`UserSig`](crate::user_sig) with a small binary record inside, and is asked for only where an app has advanced
//! permission control switched on.

use std::fmt;
use std::ops::BitOr;

use thiserror::Error;

use crate::user_sig::{self, UserSigError};

/// What a member may do in a room, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Permissions(pub u32);

impl Permissions {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Create the room by entering it first.
    pub const CREATE: Self = Self(1);
    /// Enter the room.
    pub const ENTER: Self = Self(2);
    /// Publish a microphone.
    pub const SEND_AUDIO: Self = Self(4);
    /// Hear the others.
    pub const RECEIVE_AUDIO: Self = Self(8);
    /// Publish a camera.
    pub const SEND_VIDEO: Self = Self(16);
    /// See the others' cameras.
    pub const RECEIVE_VIDEO: Self = Self(32);
    /// Share a screen.
    pub const SEND_SUB: Self = Self(64);
    /// See shared screens.
    pub const RECEIVE_SUB: Self = Self(128);
    /// Everything.
    pub const ALL: Self = Self(255);
    /// What the documents of the original give to an audience: enter, hear and see.
    pub const AUDIENCE: Self = Self(42);

    /// Whether every permission of `other` is among these.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl BitOr for Permissions {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The room a PrivateMapKey is for. Number rooms and string rooms never match each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room<'a> {
    /// `roomId`.
    Number(u32),
    /// `strRoomId`.
    Text(&'a str),
}

impl fmt::Display for Room<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(n) => n.fmt(f),
            Self::Text(t) => write!(f, "{t:?}"),
        }
    }
}

/// Why a PrivateMapKey is refused. The original has one number for all of them, -100006 (-102010 is told later, when a
/// key that is in order does not allow to create the room).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PrivateMapKeyError {
    /// Nothing was given, and this app asks for one (-100006).
    #[error("the PrivateMapKey is empty, and this app requires one: make it on your server for this user and room")]
    Empty,
    /// Larger than a UserSig may be (-100006).
    #[error("the PrivateMapKey is larger than 4096 bytes")]
    TooLarge,
    /// Cannot be decoded, or it is a plain UserSig (-100006).
    #[error("the PrivateMapKey cannot be decoded ({0}): pass the whole text exactly as your server made it")]
    Malformed(&'static str),
    /// Signed with none of the app's keys (-100006).
    #[error("the PrivateMapKey is not signed with a key of this app: check the secret key your server signs with")]
    Forged,
    /// Its time has passed (-100006).
    #[error("the PrivateMapKey has expired {by_s} s ago: make a new one")]
    Expired {
        /// How long ago, in seconds.
        by_s: u64,
    },
    /// Made more than five minutes in the future (-100006).
    #[error("the PrivateMapKey was made {by_s} s in the future: check the clock of your server")]
    NotYetValid {
        /// How far, in seconds.
        by_s: u64,
    },
    /// Made for another user (-100006).
    #[error("the PrivateMapKey was made for another user")]
    OtherUser,
    /// Made for another app (-100006).
    #[error("the PrivateMapKey was made for another app")]
    OtherApp,
    /// Made for another room, or for a string room where this is a number room, or the reverse (-100006).
    #[error("the PrivateMapKey was made for another room (number rooms and string rooms are different rooms)")]
    OtherRoom,
}

impl From<UserSigError> for PrivateMapKeyError {
    fn from(error: UserSigError) -> Self {
        match error {
            UserSigError::Empty => Self::Empty,
            UserSigError::TooLarge => Self::TooLarge,
            UserSigError::Malformed(what) => Self::Malformed(what),
            UserSigError::Forged => Self::Forged,
            UserSigError::Expired { by_s } => Self::Expired { by_s },
            UserSigError::NotYetValid { by_s } => Self::NotYetValid { by_s },
            UserSigError::OtherUser => Self::OtherUser,
            UserSigError::OtherApp => Self::OtherApp,
        }
    }
}

/// Makes a PrivateMapKey for `user` in `room`, valid for `expire_s` seconds from `time_s` (seconds since 1970) on.
///
/// The record has 16 bits for the lengths of user and room and 32 for the end of validity: longer texts are cut, a later
/// end is 2106.
pub fn make(app: u32, user: &str, room: &Room<'_>, permissions: Permissions, key: &str, time_s: u64, expire_s: u64) -> String {
    let end_s = u32::try_from(time_s.saturating_add(expire_s)).unwrap_or(u32::MAX);
    let (version, number) = match room {
        Room::Number(number) => (VERSION_NUMBER_ROOM, *number),
        Room::Text(_) => (VERSION_STRING_ROOM, 0),
    };
    let mut record = vec![version];
    push_text(&mut record, user);
    for field in [app, number, end_s, permissions.0, ACCOUNT_TYPE] {
        record.extend(field.to_be_bytes());
    }
    if let Room::Text(text) = room {
        push_text(&mut record, text);
    }
    user_sig::make_with_userbuf(app, user, key, time_s, expire_s, &record)
}

/// Checks that `key` was made for `app`, `user` and `room` with one of `keys`, and is valid at `now_s` (seconds since
/// 1970); tells what it permits.
pub fn verify(
    key: &str,
    app: u32,
    user: &str,
    room: &Room<'_>,
    keys: &[impl AsRef<str>],
    now_s: u64,
) -> Result<Permissions, PrivateMapKeyError> {
    let sig = user_sig::verify(key, app, user, keys, now_s)?;
    let userbuf = sig.userbuf.ok_or(PrivateMapKeyError::Malformed("it is a UserSig without TLS.userbuf"))?;
    let record = Record::read(&userbuf).ok_or(PrivateMapKeyError::Malformed("TLS.userbuf is cut off or of a newer version"))?;
    if record.app != app {
        return Err(PrivateMapKeyError::OtherApp);
    }
    if record.user != user.as_bytes() {
        return Err(PrivateMapKeyError::OtherUser);
    }
    let same_room = match room {
        Room::Number(number) => record.text_room.is_none() && record.number_room == *number,
        Room::Text(text) => record.text_room == Some(text.as_bytes()),
    };
    if !same_room {
        return Err(PrivateMapKeyError::OtherRoom);
    }
    // The UserSig around it has an end of its own, checked above; both must hold.
    if let Some(by_s) = now_s.checked_sub(record.end_s.into()) {
        return Err(PrivateMapKeyError::Expired { by_s });
    }
    Ok(record.permissions)
}

const VERSION_NUMBER_ROOM: u8 = 0;
const VERSION_STRING_ROOM: u8 = 1;
const ACCOUNT_TYPE: u32 = 0;

/// The binary record: big-endian numbers, texts with a 16-bit length before them.
struct Record<'a> {
    user: &'a [u8],
    app: u32,
    number_room: u32,
    end_s: u32,
    permissions: Permissions,
    text_room: Option<&'a [u8]>,
}

impl<'a> Record<'a> {
    /// Bytes after the record are ignored: they are signed, so the application's server put them there.
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut bytes = Bytes(bytes);
        let version = bytes.take(1)?[0];
        let user = bytes.text()?;
        let [app, number_room, end_s, permissions, _account_type] =
            [bytes.number()?, bytes.number()?, bytes.number()?, bytes.number()?, bytes.number()?];
        let text_room = match version {
            VERSION_NUMBER_ROOM => None,
            VERSION_STRING_ROOM => Some(bytes.text()?),
            _ => return None,
        };
        Some(Self { user, app, number_room, end_s, permissions: Permissions(permissions), text_room })
    }
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(n)?;
        self.0 = tail;
        Some(head)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    fn text(&mut self) -> Option<&'a [u8]> {
        let length = u16::from_be_bytes(self.take(2)?.try_into().ok()?);
        self.take(length.into())
    }
}

fn push_text(record: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    record.extend(length.to_be_bytes());
    record.extend(&bytes[..length.into()]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const APP: u32 = 1_400_000_000;
    const KEY: &str = "0123456789abcdef0123456789abcdef";
    const T: u64 = 1_700_000_000;

    fn check(key: &str, room: Room<'_>) -> Result<Permissions, PrivateMapKeyError> {
        verify(key, APP, "anna", &room, &[KEY], T)
    }

    fn made(room: Room<'_>, permissions: Permissions) -> String {
        make(APP, "anna", &room, permissions, KEY, T, 60)
    }

    /// A record of the test's own making, honestly signed.
    fn signed(record: &[u8]) -> String {
        user_sig::make_with_userbuf(APP, "anna", KEY, T, 60, record)
    }

    #[test]
    fn the_permissions_that_were_given_are_read_back() {
        for room in [Room::Number(7), Room::Number(u32::MAX - 1), Room::Text("7"), Room::Text("a room")] {
            for permissions in [Permissions::NONE, Permissions::AUDIENCE, Permissions::ALL] {
                assert_eq!(check(&made(room, permissions), room), Ok(permissions));
            }
        }
    }

    #[test]
    fn it_opens_no_other_room() {
        let number = made(Room::Number(7), Permissions::ALL);
        let text = made(Room::Text("7"), Permissions::ALL);
        assert_eq!(check(&number, Room::Number(8)), Err(PrivateMapKeyError::OtherRoom));
        assert_eq!(check(&text, Room::Text("8")), Err(PrivateMapKeyError::OtherRoom));
        assert_eq!(check(&text, Room::Text("7 ")), Err(PrivateMapKeyError::OtherRoom));
        // A string room's record has 0 where the number stands, and a number room's has no text.
        assert_eq!(check(&number, Room::Text("7")), Err(PrivateMapKeyError::OtherRoom));
        assert_eq!(check(&text, Room::Number(7)), Err(PrivateMapKeyError::OtherRoom));
        assert_eq!(check(&text, Room::Number(0)), Err(PrivateMapKeyError::OtherRoom));
        assert_eq!(check(&number, Room::Text("")), Err(PrivateMapKeyError::OtherRoom));
    }

    #[test]
    fn it_opens_for_nobody_else() {
        let key = made(Room::Number(7), Permissions::ALL);
        let other_user = verify(&key, APP, "bert", &Room::Number(7), &[KEY], T);
        assert_eq!(other_user, Err(PrivateMapKeyError::OtherUser));
        let other_app = verify(&key, APP + 1, "anna", &Room::Number(7), &[KEY], T);
        assert_eq!(other_app, Err(PrivateMapKeyError::OtherApp));
        let other_key = verify(&key, APP, "anna", &Room::Number(7), &["another key"], T);
        assert_eq!(other_key, Err(PrivateMapKeyError::Forged));
    }

    #[test]
    fn user_and_app_inside_the_record_count_too() {
        let record = |user: &str, app: u32| {
            let mut record = vec![0];
            push_text(&mut record, user);
            for field in [app, 7, u32::MAX, 255, 0] {
                record.extend(field.to_be_bytes());
            }
            signed(&record)
        };
        assert_eq!(check(&record("anna", APP), Room::Number(7)), Ok(Permissions::ALL));
        assert_eq!(check(&record("bert", APP), Room::Number(7)), Err(PrivateMapKeyError::OtherUser));
        assert_eq!(check(&record("anna", APP + 1), Room::Number(7)), Err(PrivateMapKeyError::OtherApp));
    }

    #[test]
    fn it_ends_when_the_record_says_so_even_if_the_user_sig_around_it_lasts() {
        let mut record = vec![0];
        push_text(&mut record, "anna");
        for field in [APP, 7, T as u32 - 5, 255, 0] {
            record.extend(field.to_be_bytes());
        }
        assert_eq!(check(&signed(&record), Room::Number(7)), Err(PrivateMapKeyError::Expired { by_s: 5 }));
    }

    #[test]
    fn its_own_end_is_exact() {
        let key = made(Room::Number(7), Permissions::ALL);
        let at = |now_s| verify(&key, APP, "anna", &Room::Number(7), &[KEY], now_s);
        assert!(at(T + 59).is_ok());
        assert_eq!(at(T + 60), Err(PrivateMapKeyError::Expired { by_s: 0 }));
    }

    #[test]
    fn a_plain_user_sig_is_no_private_map_key() {
        let sig = user_sig::make(APP, "anna", KEY, T, 60);
        let error = PrivateMapKeyError::Malformed("it is a UserSig without TLS.userbuf");
        assert_eq!(check(&sig, Room::Number(7)), Err(error));
        assert_eq!(check("", Room::Number(7)), Err(PrivateMapKeyError::Empty));
    }

    #[test]
    fn a_record_cut_anywhere_is_refused() {
        for (room, version) in [(Room::Number(7), 0), (Room::Text("seven"), 1)] {
            let key = made(room, Permissions::ALL);
            let record = user_sig::verify(&key, APP, "anna", &[KEY], T).unwrap().userbuf.unwrap();
            assert_eq!(record[0], version);
            for length in 0..record.len() {
                assert!(matches!(check(&signed(&record[..length]), room), Err(PrivateMapKeyError::Malformed(_))));
            }
        }
    }

    #[test]
    fn audience_may_enter_and_receive_and_nothing_else() {
        let receive = Permissions::ENTER | Permissions::RECEIVE_AUDIO | Permissions::RECEIVE_VIDEO;
        assert_eq!(Permissions::AUDIENCE, receive);
        assert!(Permissions::ALL.contains(receive));
        assert!(!Permissions::AUDIENCE.contains(Permissions::SEND_AUDIO));
        assert!(!Permissions::AUDIENCE.contains(Permissions::ENTER | Permissions::CREATE));
    }

    proptest! {
        #[test]
        fn any_record_is_answered(record in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = check(&signed(&record), Room::Number(7));
        }

        #[test]
        fn any_record_after_an_honest_head_is_answered(version in 0u8..3, tail in proptest::collection::vec(any::<u8>(), 0..60)) {
            let mut record = vec![version];
            push_text(&mut record, "anna");
            record.extend(tail);
            let _ = check(&signed(&record), Room::Text("7"));
        }
    }
}
