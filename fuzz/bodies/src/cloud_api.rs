//! Requests to the Cloud API, with rooms of paper behind it.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use rtc_auth::request_signature::sign_tc3;
use rtc_cloudapi::{CloudApi, Config, Credentials, Fault, Request, Rooms, RoomsError};
use rtc_protocol::{RoomId, RoomKey, SdkAppId, UserId};
use serde_json::Value;

use crate::raw_request::RawRequest;
use crate::{APP, KEY, NOW_S, SECRET_ID};

const REQUEST_ID: &str = "r-1";

/// A request as it came, and the same honestly signed: a fuzzer does not find a signature, and most of the parsing comes
/// after it.
pub fn cloud_api(data: &[u8]) -> bool {
    let Some(mut request) = RawRequest::read(data) else { return false };
    answer(&request);

    let stale = ["authorization", "x-tc-timestamp"];
    request.headers.retain(|(name, _)| !stale.iter().any(|stale| name.eq_ignore_ascii_case(stale)));
    let time = NOW_S.to_string();
    request.headers.push(("X-TC-Timestamp", time.as_bytes()));
    for (name, value) in [("Host", "127.0.0.1"), ("Content-Type", "application/json")] {
        if !request.has(name) {
            request.headers.push((name, value.as_bytes()));
        }
    }
    let signature = sign_tc3(&request.parts(), SECRET_ID, KEY, "trtc", "content-type;host", NOW_S);
    // A header that is no text cannot be signed.
    let Ok(signature) = signature else { return false };
    request.headers.push(("Authorization", signature.as_bytes()));
    match answer(&request) {
        None => true,
        Some(code) => {
            assert!(!code.starts_with("AuthFailure"), "{code}");
            false
        }
    }
}

/// The code it is refused with, if it is.
fn answer(request: &RawRequest<'_>) -> Option<String> {
    let api = CloudApi::new(Paper, Config::default());
    let response = ready(api.handle(Request {
        method: request.method,
        headers: &request.headers,
        query: request.query,
        body: request.body,
        now_ms: NOW_S * 1000,
        request_id: REQUEST_ID,
    }));
    let answer: Value = serde_json::from_str(&response.body).expect("an answer is JSON");
    let answer = &answer["Response"];
    assert_eq!(answer["RequestId"], REQUEST_ID);
    let error = answer.get("Error")?;
    assert!(error["Message"].as_str().is_some_and(|message| !message.is_empty()));
    Some(error["Code"].as_str().expect("a refusal has a code").to_owned())
}

/// Every number room is there, and no string room.
struct Paper;

impl Paper {
    fn find(room: &RoomKey) -> Result<(), RoomsError> {
        assert_eq!(room.app, SdkAppId(APP), "the credential may not act for it");
        match &room.room {
            RoomId::Number(number) => {
                assert!(RoomId::number((*number).into()).is_ok(), "{number}");
                Ok(())
            }
            RoomId::Text(text) => {
                assert!(RoomId::text(text).is_ok(), "{text}");
                Err(RoomsError::RoomMissing)
            }
        }
    }
}

impl Credentials for Paper {
    async fn secret_key(&self, secret_id: &str) -> Result<Option<String>, Fault> {
        Ok((secret_id == SECRET_ID).then(|| KEY.into()))
    }

    async fn may_act_for(&self, secret_id: &str, app: SdkAppId) -> Result<bool, Fault> {
        Ok(secret_id == SECRET_ID && app.0 == APP)
    }
}

impl Rooms for Paper {
    async fn remove_users(&self, room: &RoomKey, users: &[UserId]) -> Result<(), RoomsError> {
        assert!((1..=10).contains(&users.len()), "{users:?}");
        Self::find(room)
    }

    async fn dismiss(&self, room: &RoomKey) -> Result<(), RoomsError> {
        Self::find(room)
    }
}

/// Runs a future that has nothing to wait for.
fn ready<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("paper never waits"),
    }
}
