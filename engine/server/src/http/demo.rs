//! The endpoint of the demo page that signs a UserSig for anybody who asks. It is there only while the demo is on.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use rtc_protocol::{SdkAppId, UserId};
use serde::{Deserialize, Serialize};

use super::{Face, read};
use crate::apps::Apps;
use crate::clock::wall_ms;

/// How long a UserSig of the demo is good for, in seconds: a day, so that a page left open overnight still works.
const EXPIRE_S: u64 = 86_400;
/// A request has one user id in it.
const MOST_BYTES: usize = 1024;

/// Signs for the demo.
pub(crate) struct Signer {
    pub(crate) app: SdkAppId,
    pub(crate) apps: Apps,
    /// Whether the page must have been opened by an address or as `localhost`. A foreign page could else give its own
    /// name the engine's address and be of the same origin.
    pub(crate) addresses_only: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    user_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Signed {
    sdk_app_id: SdkAppId,
    user_sig: String,
}

/// `POST /demo/usersig` `{"userId":"ann"}` gives `{"sdkAppId":…,"userSig":"…"}`. Only to pages of the same origin, and
/// without CORS, so that no page elsewhere can have a ticket for this engine.
pub(super) async fn sign(State(face): State<Arc<Face>>, headers: HeaderMap, body: Body) -> Response {
    let Some(signer) = &face.demo else {
        return refused(StatusCode::NOT_FOUND, "the demo is off on this engine; set demo = \"on\" if anybody may enter");
    };
    if let Err(words) = check_origin(&headers, signer.addresses_only) {
        return refused(StatusCode::FORBIDDEN, words);
    }
    let is_json =
        |value: &str| value.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    // A browser sends this type to another origin only after asking, and it is told no.
    if !headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(is_json) {
        return refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "send Content-Type: application/json");
    }
    let Some(body) = read(body, MOST_BYTES).await else {
        return refused(StatusCode::PAYLOAD_TOO_LARGE, "the body is too long, or did not arrive");
    };
    let Ok(wanted) = serde_json::from_slice::<Wanted>(&body) else {
        return refused(StatusCode::BAD_REQUEST, "send {\"userId\": \"…\"}");
    };
    let user = match UserId::parse(&wanted.user_id) {
        Ok(user) => user,
        Err(error) => return refused(StatusCode::BAD_REQUEST, format!("userId: {error}")),
    };
    match signer.sign(&user).await {
        Some(signed) => Json(signed).into_response(),
        None => refused(StatusCode::INTERNAL_SERVER_ERROR, "the app of the demo has no key"),
    }
}

impl Signer {
    async fn sign(&self, user: &UserId) -> Option<Signed> {
        let app = self.apps.find(self.app).await?;
        let key = app.keys.last()?;
        let user_sig = rtc_auth::user_sig::make(app.id.0, user.as_str(), key.expose(), wall_ms() / 1000, EXPIRE_S);
        Some(Signed { sdk_app_id: app.id, user_sig })
    }
}

fn check_origin(headers: &HeaderMap, addresses_only: bool) -> Result<(), &'static str> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(host) = text("host") else { return Err("the request names no host") };
    if let Some(origin) = text("origin")
        && origin.split_once("://").map(|(_, host)| host) != Some(host)
    {
        return Err("only the engine's own pages are given a UserSig");
    }
    if text("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return Err("only the engine's own pages are given a UserSig");
    }
    if addresses_only && !is_address(host) {
        return Err("open the page by the engine's address, or set demo = \"on\"");
    }
    Ok(())
}

/// Whether a host (with or without port) is an address or `localhost`.
fn is_address(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok()
}

fn refused(status: StatusCode, words: impl Into<String>) -> Response {
    #[derive(Serialize)]
    struct Refused {
        error: String,
    }
    (status, Json(Refused { error: words.into() })).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(fields: &[(&'static str, &str)]) -> bool {
        let headers = fields.iter().map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("a value")));
        check_origin(&headers.collect(), true).is_ok()
    }

    #[test]
    fn only_pages_of_the_engine_are_given_a_ticket() {
        assert!(check(&[("host", "127.0.0.1:8080")]));
        assert!(check(&[("host", "127.0.0.1:8080"), ("origin", "http://127.0.0.1:8080"), ("sec-fetch-site", "same-origin")]));
        assert!(check(&[("host", "localhost"), ("origin", "https://localhost")]));
        assert!(check(&[("host", "[::1]:8080")]));
        assert!(!check(&[("host", "127.0.0.1:8080"), ("origin", "http://127.0.0.1:9090")]));
        assert!(!check(&[("host", "127.0.0.1:8080"), ("origin", "null")]));
        assert!(!check(&[("host", "127.0.0.1:8080"), ("sec-fetch-site", "cross-site")]));
        assert!(!check(&[("host", "rebound.example:8080"), ("origin", "http://rebound.example:8080")]));
        assert!(!check(&[]));
    }
}
