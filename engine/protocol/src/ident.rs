//! Identifiers: values that came from outside and were checked once, where they entered.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Track;

/// An application, as it is known outside (`SDKAppID`). Never 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(as = "u32")]
pub struct SdkAppId(pub u32);

impl fmt::Display for SdkAppId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A member's session: its place in a room, from entry until it has left. It survives a lost connection, a new peer
/// connection and a move to another room, and is never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(as = "String")]
pub struct SessionId(pub u64);

impl SessionId {
    /// A session on a shard: the low 8 bits name the shard, so that whoever holds the id can route to it.
    pub fn new(counter: u64, shard: u8) -> Self {
        Self(counter << 8 | u64::from(shard))
    }

    /// The shard that holds the session's media.
    pub fn shard(self) -> u8 {
        (self.0 & 0xff) as u8
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", self.0)
    }
}

/// Why a text is not an identifier. The message names the rule that was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidIdent {
    /// Nothing was given.
    Empty,
    /// More bytes than allowed.
    TooLong {
        /// The limit, in bytes.
        max: usize,
    },
    /// A character outside of the allowed set.
    Character(char),
    /// A number outside of 1..=4294967294.
    OutOfRange,
}

impl fmt::Display for InvalidIdent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("is empty"),
            Self::TooLong { max } => write!(f, "is longer than {max} bytes"),
            Self::Character(c) => write!(f, "contains {c:?}, which is not allowed"),
            Self::OutOfRange => f.write_str("is outside of 1..=4294967294"),
        }
    }
}

impl std::error::Error for InvalidIdent {}

/// A user within an app: 1 to 32 bytes of UTF-8 without control characters, case-sensitive.
///
/// The Web types allow only `[A-Za-z0-9_-]`; native applications of the original pass other characters and get away with
/// it, so the engine only refuses what could hurt a log or a file name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(try_from = "String", into = "String")]
#[ts(as = "String")]
pub struct UserId(Arc<str>);

impl UserId {
    /// The most bytes a user id may have.
    pub const MAX_BYTES: usize = 32;

    /// Checks a text.
    pub fn parse(text: &str) -> Result<Self, InvalidIdent> {
        if text.is_empty() {
            return Err(InvalidIdent::Empty);
        }
        if text.len() > Self::MAX_BYTES {
            return Err(InvalidIdent::TooLong { max: Self::MAX_BYTES });
        }
        match text.chars().find(|c| c.is_control() || matches!(c, '/' | '\\')) {
            Some(c) => Err(InvalidIdent::Character(c)),
            None => Ok(Self(text.into())),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for UserId {
    type Error = InvalidIdent;
    fn try_from(text: String) -> Result<Self, InvalidIdent> {
        Self::parse(&text)
    }
}

impl From<UserId> for String {
    fn from(id: UserId) -> Self {
        id.0.as_ref().into()
    }
}

/// A room within an app. Number rooms and string rooms are apart: `{"number":7}` and `{"text":"7"}` never meet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", try_from = "RawRoomId")]
#[ts(rename_all = "camelCase")]
pub enum RoomId {
    /// `roomId`, 1..=4294967294.
    Number(u32),
    /// `strRoomId`, 1 to 64 bytes of letters, digits, space and ``!#$%&()+-:;<=.>?@[]^_{}|~,``.
    Text(#[ts(as = "String")] Arc<str>),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum RawRoomId {
    Number(u64),
    Text(String),
}

impl RoomId {
    /// The most bytes a string room's id may have.
    pub const MAX_TEXT_BYTES: usize = 64;

    /// Checks a number. 4294967295 is refused, as most of the documents say (one page of the original allows it).
    pub fn number(value: u64) -> Result<Self, InvalidIdent> {
        match u32::try_from(value) {
            Ok(n) if n != 0 && n != u32::MAX => Ok(Self::Number(n)),
            _ => Err(InvalidIdent::OutOfRange),
        }
    }

    /// Checks a text.
    pub fn text(text: &str) -> Result<Self, InvalidIdent> {
        if text.is_empty() {
            return Err(InvalidIdent::Empty);
        }
        if text.len() > Self::MAX_TEXT_BYTES {
            return Err(InvalidIdent::TooLong { max: Self::MAX_TEXT_BYTES });
        }
        let allowed = |c: &char| c.is_ascii_alphanumeric() || " !#$%&()+-:;<=.>?@[]^_{}|~,".contains(*c);
        match text.chars().find(|c| !allowed(c)) {
            Some(c) => Err(InvalidIdent::Character(c)),
            None => Ok(Self::Text(text.into())),
        }
    }
}

impl TryFrom<RawRoomId> for RoomId {
    type Error = InvalidIdent;
    fn try_from(raw: RawRoomId) -> Result<Self, InvalidIdent> {
        match raw {
            RawRoomId::Number(n) => Self::number(n),
            RawRoomId::Text(t) => Self::text(&t),
        }
    }
}

impl fmt::Display for RoomId {
    /// Number rooms print bare, string rooms quoted, so that the two cannot be confused in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(n) => n.fmt(f),
            Self::Text(t) => write!(f, "{t:?}"),
        }
    }
}

/// A room, engine-wide: rooms are keyed by app.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RoomKey {
    /// The app the room belongs to.
    pub app: SdkAppId,
    /// Which of the app's rooms.
    pub room: RoomId,
}

impl fmt::Display for RoomKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.app, self.room)
    }
}

/// A published track, engine-wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrackRef {
    /// Whose.
    pub publisher: SessionId,
    /// Which.
    pub track: Track,
}

/// What is in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Occupant {
    /// Whose track.
    pub track: TrackRef,
    /// Whether it is held back for now, because the viewer's network does not take it.
    pub paused: bool,
}

impl From<TrackRef> for Occupant {
    fn from(track: TrackRef) -> Self {
        Self { track, paused: false }
    }
}
