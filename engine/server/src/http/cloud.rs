//! The Cloud API over HTTP: the request's parts to `rtc_cloudapi`, and the engine behind it.

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use rtc_cloudapi::{CloudApi, Credentials, Fault, MAX_BODY_BYTES, Request, Rooms, RoomsError};
use rtc_protocol::{RoomKey, SdkAppId, UserId};
use rtc_room::RoomMissing;
use rtc_store::Store;
use subtle::ConstantTimeEq as _;

use super::read;
use crate::apps::Apps;
use crate::clock::wall_ms;
use crate::control::{Control, Input};

/// What the Cloud API acts on.
pub(crate) struct Behind {
    pub(super) control: Control,
    pub(super) store: Store,
    pub(super) apps: Apps,
}

pub(super) async fn answer(
    cloud: &CloudApi<Behind>,
    method: &str,
    headers: &[(&str, &[u8])],
    query: &str,
    body: Body,
) -> Response {
    let request_id = request_id();
    let response = match read(body, MAX_BODY_BYTES).await {
        Some(body) => {
            let request = Request { method, headers, query, body: &body, now_ms: wall_ms(), request_id: &request_id };
            cloud.handle(request).await
        }
        None => rtc_cloudapi::Response::too_large(&request_id),
    };
    ([(header::CONTENT_TYPE, rtc_cloudapi::Response::CONTENT_TYPE)], response.body).into_response()
}

/// A random UUID (RFC 9562 section 5.4), as the original's are.
fn request_id() -> String {
    let bits: u128 = rand::random();
    let bits = bits & !(0xf000 << 64) & !(0b11 << 62) | 0x4000 << 64 | 0b10 << 62;
    let hex = format!("{bits:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

impl Credentials for Behind {
    async fn secret_key(&self, secret_id: &str) -> Result<Option<String>, Fault> {
        let credentials = self.store.api_credentials().await.map_err(|error| Fault(error.to_string()))?;
        let found = credentials.into_iter().find(|known| known.secret_id.as_bytes().ct_eq(secret_id.as_bytes()).into());
        Ok(found.map(|credential| credential.secret_key.expose().to_owned()))
    }

    /// Every credential is the operator's and acts for all apps of the engine.
    async fn may_act_for(&self, _: &str, app: SdkAppId) -> Result<bool, Fault> {
        Ok(self.apps.find(app).await.is_some())
    }
}

impl Rooms for Behind {
    async fn remove_users(&self, room: &RoomKey, users: &[UserId]) -> Result<(), RoomsError> {
        let (room, users) = (room.clone(), users.to_vec());
        outcome(self.control.ask(|reply| Input::RemoveUsers { room, users, reply }).await)
    }

    async fn dismiss(&self, room: &RoomKey) -> Result<(), RoomsError> {
        let room = room.clone();
        outcome(self.control.ask(|reply| Input::Dismiss { room, reply }).await)
    }
}

fn outcome(answer: Option<Result<(), RoomMissing>>) -> Result<(), RoomsError> {
    match answer {
        Some(Ok(())) => Ok(()),
        Some(Err(RoomMissing)) => Err(RoomsError::RoomMissing),
        None => Err(RoomsError::Fault(Fault("the engine is stopping".into()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_id_is_a_random_uuid() {
        let id = request_id();
        let parts: Vec<usize> = id.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12]);
        assert_eq!(&id[14..15], "4");
        assert!("89ab".contains(&id[19..20]));
        assert_ne!(id, request_id());
    }
}
