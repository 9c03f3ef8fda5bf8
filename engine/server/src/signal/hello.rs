//! Checks a hello: who somebody is and what he may do. Whoever passes is handed to the control.

use std::net::IpAddr;

use rtc_auth::user_sig::UserSigError;
use rtc_auth::{private_map_key, user_sig};
use rtc_protocol::{Error, Hello, PREVIOUS_VERSION, RoomId, RoomKey, SdkAppId, SdkInfo, UserId, VERSION};
use rtc_room::Permissions;

use crate::apps::Apps;
use crate::clock::wall_ms;
use crate::control::{Arrival, Link, ResumeToken};
use crate::refusal;

/// The most bytes kept of each text that describes an SDK.
const SDK_TEXT_BYTES: usize = 128;

/// Somebody who has proved who it is. What it shows later is checked against this.
#[derive(Debug, Clone)]
pub(super) struct Identity {
    app: SdkAppId,
    user: UserId,
    room: RoomId,
}

/// Checks everything that can be checked without looking at the room.
pub(super) async fn check(
    re: u32,
    hello: Hello,
    apps: &Apps,
    address: IpAddr,
    link: Link,
) -> Result<(Identity, Arrival), Error> {
    if !(PREVIOUS_VERSION..=VERSION).contains(&hello.protocol) {
        return Err(refusal::version(hello.protocol.into()));
    }
    let user = UserId::parse(&hello.user_id).map_err(refusal::user_id)?;
    let room = hello.room.parse().map_err(refusal::room_id)?;
    let id = hello.sdk_app_id;
    let app = apps.find(id).await.ok_or_else(|| refusal::app_unknown(id))?;
    let resume = hello.resume.as_deref().and_then(ResumeToken::parse);
    let expired = match user_sig::verify(&hello.user_sig, id.0, user.as_str(), &app.keys, wall_ms() / 1000) {
        Ok(_) => None,
        // The original does not end a call because a UserSig ran out during it. The control knows whether there is one.
        Err(error @ UserSigError::Expired { .. }) if resume.is_some() => Some(refusal::user_sig(&error)),
        Err(error) => return Err(refusal::user_sig(&error)),
    };

    let identity = Identity { app: id, user, room };
    let permissions = match hello.private_map_key.as_deref() {
        None | Some("") if app.room_key_required => {
            return Err(refusal::private_map_key(&private_map_key::PrivateMapKeyError::Empty));
        }
        None | Some("") => Permissions::ALL,
        Some(key) => identity.permissions(key, apps).await?,
    };
    let arrival = Arrival {
        re,
        protocol: hello.protocol,
        room: RoomKey { app: id, room: identity.room.clone() },
        user: identity.user.clone(),
        scene: hello.scene,
        role: hello.role,
        permissions,
        auto_receive_audio: hello.auto_receive_audio,
        sdk: cut(hello.sdk),
        record_id: hello.user_define_record_id,
        resume,
        expired,
        address,
        link,
    };
    Ok((identity, arrival))
}

impl Identity {
    /// What a PrivateMapKey allows this user in this room.
    pub(super) async fn permissions(&self, key: &str, apps: &Apps) -> Result<Permissions, Error> {
        let app = apps.find(self.app).await.ok_or_else(|| refusal::app_unknown(self.app))?;
        let room = match &self.room {
            RoomId::Number(number) => private_map_key::Room::Number(*number),
            RoomId::Text(text) => private_map_key::Room::Text(text),
        };
        private_map_key::verify(key, self.app.0, self.user.as_str(), &room, &app.keys, wall_ms() / 1000)
            .map(|permissions| Permissions(permissions.0))
            .map_err(|error| refusal::private_map_key(&error))
    }
}

/// The texts are kept as long as the member is there.
fn cut(sdk: SdkInfo) -> SdkInfo {
    let cut = |mut text: String| {
        text.truncate(text.floor_char_boundary(SDK_TEXT_BYTES));
        text.shrink_to_fit();
        text
    };
    SdkInfo { name: cut(sdk.name), version: cut(sdk.version), platform: cut(sdk.platform) }
}
