//! Refusals a client can get: the one table that maps the engine's errors to the numeric codes of the original.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// What went wrong. [`ErrorCode::code`] is the number an application written for the original expects: the
        /// `extraCode` of a Web `SERVER_ERROR` (5400) and the `errCode` of native callbacks share it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[serde(rename_all = "camelCase")]
        #[ts(rename_all = "camelCase")]
        #[non_exhaustive]
        pub enum ErrorCode {
            $($(#[$doc])* $name,)*
        }

        impl ErrorCode {
            /// Every code, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The number known outside.
            pub const fn code(self) -> i32 {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

codes! {
    /// The UserSig's `time + expire` has passed.
    UserSigExpired = 70001,
    /// No UserSig was given.
    UserSigEmpty = 70002,
    /// The UserSig cannot be decoded: truncated, not base64, not zlib, too large once inflated, not JSON.
    UserSigMalformed = 70003,
    /// The UserSig's signature is not one of the app's keys'.
    UserSigForged = 70009,
    /// The UserSig was made for another user.
    UserSigOtherUser = 70013,
    /// The UserSig was made for another app.
    UserSigOtherApp = 70014,
    /// No such app on this engine.
    AppUnknown = 70020,
    /// The room id is missing, out of range or has forbidden characters.
    RoomIdInvalid = -10012,
    /// The user id is missing, too long or has forbidden characters (`ERR_TRTC_INVALID_USER_ID`).
    UserIdInvalid = -3319,
    /// A cross-room request names its room or its user in a way that cannot be
    /// (`ERR_TRTC_CONNECT_OTHER_ROOM_INVALID_PARAMETER`).
    LinkParameterInvalid = -3328,
    /// Audience may not link rooms; become anchor first (`ERR_TRTC_CONNECT_OTHER_ROOM_AS_AUDIENCE`).
    LinkAsAudience = -3330,
    /// The PrivateMapKey is missing, forged, expired, or for another room.
    PrivateMapKeyInvalid = -100006,
    /// The room was made with the other kind of scene, or the role does not exist in it.
    SceneOrRoleMismatch = -100011,
    /// The engine takes no more sessions now.
    Overloaded = -100021,
    /// Nobody is in the room that was named (`ERR_SERVER_CENTER_ROOM_NOT_EXIST`).
    RoomUnknown = -102005,
    /// The room is being refused to this member for a reason of flow control: too many requests.
    RateLimited = -102006,
    /// The member is not (or no longer) in the room; enter again (`ERR_SERVER_CENTER_USER_WAS_DELETED`).
    NotInRoom = -102018,
    /// The PrivateMapKey does not allow to create this room.
    NoPermissionToCreate = -102010,
    /// The PrivateMapKey does not allow to enter this room.
    NoPermissionToEnter = -102011,
    /// The role or the PrivateMapKey does not allow to send audio or camera.
    NoPermissionToPublish = -102013,
    /// The role or the PrivateMapKey does not allow to share a screen.
    NoPermissionToShareScreen = -102015,
    /// Somebody else shares a screen in this room, and the engine is set to allow one.
    ScreenShareOccupied = -102016,
    /// The PrivateMapKey does not allow to receive this.
    NoPermissionToReceive = -102019,
    /// A field has a value that cannot be; the message names it.
    InvalidParameter = -102023,
    /// The room has all the members or publishers it may have.
    RoomFull = -102052,
    /// The message is not JSON of this protocol.
    MalformedMessage = -102053,
    /// The request is not known, or not at this moment.
    UnknownRequest = -102054,
    /// The user or the stream asked for is not in the room.
    NoSuchStream = -102007,
    /// All receiving slots are in use; grow the pool with one more offer, then ask again.
    SlotsExhausted = -102056,
    /// Neither this protocol version nor the one before is spoken here; update the SDK or the engine.
    VersionUnsupported = -3301,
    /// The engine failed; the fault is in its log.
    Internal = -102000,
}

/// A refusal as it travels: number, name and words for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Error {
    /// The number known outside.
    pub code: i32,
    /// The name in this protocol.
    pub name: ErrorCode,
    /// What was wrong with which field, and what to do.
    pub message: String,
}

impl Error {
    /// Builds a refusal.
    pub fn new(name: ErrorCode, message: impl Into<String>) -> Self {
        Self { code: name.code(), name, message: message.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({:?} {})", self.message, self.name, self.code)
    }
}

impl std::error::Error for Error {}
