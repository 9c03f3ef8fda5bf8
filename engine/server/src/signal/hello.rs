//! Checks a hello: who somebody is and what he may do. Whoever passes is handed to the control.

use std::net::IpAddr;

use rtc_auth::user_sig::{self, UserSigError};
use rtc_protocol::{Error, Hello, PREVIOUS_VERSION, RoomKey, SdkInfo, UserId, VERSION};

use super::identity::Identity;
use crate::apps::Apps;
use crate::clock::wall_ms;
use crate::control::{Arrival, Link, ResumeToken};
use crate::refusal;

/// The most bytes kept of each text that describes an SDK.
const SDK_TEXT_BYTES: usize = 128;

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
    let permissions = identity.entry_permissions(hello.private_map_key.as_deref(), &app)?;
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

/// The texts are kept as long as the member is there.
fn cut(sdk: SdkInfo) -> SdkInfo {
    let cut = |mut text: String| {
        text.truncate(text.floor_char_boundary(SDK_TEXT_BYTES));
        text.shrink_to_fit();
        text
    };
    SdkInfo { name: cut(sdk.name), version: cut(sdk.version), platform: cut(sdk.platform) }
}
