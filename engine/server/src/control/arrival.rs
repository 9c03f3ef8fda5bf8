//! Somebody at the door whose papers have been checked.

use std::net::IpAddr;

use rtc_protocol::{Role, RoomKey, Scene, SdkInfo, UserId};
use rtc_room::Permissions;

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
    pub(crate) address: IpAddr,
    pub(crate) link: Link,
}
