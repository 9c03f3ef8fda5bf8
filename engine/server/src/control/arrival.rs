//! Somebody at the door whose papers have been checked.

use std::net::IpAddr;

use rtc_protocol::{Error, MemberKind, Role, RoomKey, Scene, SdkInfo, SessionId, UserId};
use rtc_room::{Enter, Permissions};

use super::{Link, ResumeToken};

pub(crate) struct Arrival {
    /// The number of the hello.
    pub(crate) re: u32,
    /// The version that will be spoken.
    pub(crate) protocol: u16,
    pub(crate) room: RoomKey,
    pub(crate) user: UserId,
    pub(crate) scene: Scene,
    pub(crate) role: Role,
    pub(crate) permissions: Permissions,
    pub(crate) auto_receive_audio: bool,
    pub(crate) sdk: SdkInfo,
    pub(crate) record_id: Option<String>,
    pub(crate) resume: Option<ResumeToken>,
    /// Its UserSig has run out: what it is refused with unless it resumes a membership that lives.
    pub(crate) expired: Option<Error>,
    pub(crate) address: IpAddr,
    pub(crate) link: Link,
}

impl Arrival {
    /// The same in the words of rooms.
    pub(super) fn enter(&self, session: SessionId) -> Enter {
        Enter {
            session,
            key: self.room.clone(),
            user: self.user.clone(),
            scene: self.scene,
            role: self.role,
            kind: MemberKind::Person,
            permissions: self.permissions,
            auto_receive_audio: self.auto_receive_audio,
            sdk: self.sdk.clone(),
            address: self.address.to_string(),
            record_id: self.record_id.clone(),
        }
    }
}
