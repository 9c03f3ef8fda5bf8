//! Signed requests to the Cloud API: the `Authorization` header, or the form that carries the older signature.

use rtc_auth::request_signature::Signed;

use crate::raw_request::RawRequest;
use crate::{KEY, NOW_S, SECRET_ID};

/// A request with its signature. Only the one key opens it, and only as it was signed.
pub fn request_signature(data: &[u8]) -> bool {
    let Some(request) = RawRequest::read(data) else { return false };
    let parts = request.parts();
    let Ok(signed) = Signed::parse(parts) else { return false };
    let is_verified = signed.verify(KEY, NOW_S).is_ok();
    assert!(signed.verify("another key", NOW_S).is_err(), "any key opens it");
    assert!(signed.verify("", NOW_S).is_err(), "no key opens it");
    if !is_verified {
        return false;
    }
    assert!(signed.verify_time(NOW_S).is_ok());

    let leaves_body_open = parts.header("x-tc-content-sha256") == Some("UNSIGNED-PAYLOAD");
    let (mut body, mut query) = (request.body.to_vec(), request.query.to_owned());
    match parts.method {
        "GET" => query.push('x'),
        _ if leaves_body_open => return signed.secret_id() == SECRET_ID,
        _ => body.push(b'x'),
    }
    let mut changed = parts;
    (changed.body, changed.query) = (&body, &query);
    let opens = Signed::parse(changed).is_ok_and(|signed| signed.verify(KEY, NOW_S).is_ok());
    assert!(!opens, "it opens although it was changed");
    signed.secret_id() == SECRET_ID
}
