//! Somebody who has proved who it is, and the tickets it shows later.

use rtc_auth::private_map_key::{self, PrivateMapKeyError};
use rtc_auth::user_sig;
use rtc_protocol::{Error, HelloRoom, RoomId, RoomKey, SdkAppId, SwitchRoom, UserId};
use rtc_room::{Destination, Permissions};
use rtc_store::App;

use crate::apps::Apps;
use crate::clock::wall_ms;
use crate::refusal;

/// What later tickets are checked against.
#[derive(Debug, Clone)]
pub(super) struct Identity {
    pub(super) app: SdkAppId,
    pub(super) user: UserId,
    /// The room it is in, or asks to enter.
    pub(super) room: RoomId,
}

impl Identity {
    /// What a PrivateMapKey allows this user in its room.
    pub(super) async fn permissions(&self, key: &str, apps: &Apps) -> Result<Permissions, Error> {
        let app = apps.find(self.app).await.ok_or_else(|| refusal::app_unknown(self.app))?;
        self.verify(key, &self.room, &app)
    }

    /// What this user may do in its room, which it is about to enter with or without a PrivateMapKey.
    pub(super) fn entry_permissions(&self, key: Option<&str>, app: &App) -> Result<Permissions, Error> {
        self.permissions_in(&self.room, key, app)
    }

    /// Checks what a client shows to be let into another room.
    pub(super) async fn destination(&self, switch: &SwitchRoom, apps: &Apps) -> Result<Destination, Error> {
        let SwitchRoom { room, user_sig, private_map_key } = switch;
        let room = room.parse().map_err(refusal::room_id)?;
        let app = apps.find(self.app).await.ok_or_else(|| refusal::app_unknown(self.app))?;
        if let Some(ticket) = user_sig.as_deref().filter(|ticket| !ticket.is_empty()) {
            user_sig::verify(ticket, self.app.0, self.user.as_str(), &app.keys, wall_ms() / 1000)
                .map_err(|error| refusal::user_sig(&error))?;
        }
        let permissions = self.permissions_in(&room, private_map_key.as_deref(), &app)?;
        Ok(Destination { key: RoomKey { app: self.app, room }, permissions })
    }

    /// Somebody in another room of the app, whom this user wants to be linked with.
    pub(super) fn elsewhere(&self, room: &HelloRoom, user: &str) -> Result<(RoomKey, UserId), Error> {
        let room = room.parse().map_err(|error| refusal::link_parameter("room", error))?;
        let user = UserId::parse(user).map_err(|error| refusal::link_parameter("userId", error))?;
        Ok((RoomKey { app: self.app, room }, user))
    }

    fn permissions_in(&self, room: &RoomId, key: Option<&str>, app: &App) -> Result<Permissions, Error> {
        match key {
            None | Some("") if app.room_key_required => Err(refusal::private_map_key(&PrivateMapKeyError::Empty)),
            None | Some("") => Ok(Permissions::ALL),
            Some(key) => self.verify(key, room, app),
        }
    }

    fn verify(&self, key: &str, room: &RoomId, app: &App) -> Result<Permissions, Error> {
        let room = match room {
            RoomId::Number(number) => private_map_key::Room::Number(*number),
            RoomId::Text(text) => private_map_key::Room::Text(text),
        };
        private_map_key::verify(key, self.app.0, self.user.as_str(), &room, &app.keys, wall_ms() / 1000)
            .map(|permissions| Permissions(permissions.0))
            .map_err(|error| refusal::private_map_key(&error))
    }
}
