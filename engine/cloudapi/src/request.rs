//! A request as it arrived, and the answer as it leaves.

use rtc_auth::request_signature::{RequestParts, Signed};
use serde_json::{Map, Value, json};

use crate::refusal::{Code, Refusal, quoted};

/// The largest body, in bytes: the server need not read more.
///
/// The original takes 10 MB under TC3 and 1 MB under version 1. A body is held before its signature can be checked, so
/// this is memory that any stranger can make the engine hold; the actions of this version need less than 1 KB, and 1 MiB
/// leaves room for whatever else an application may send by mistake to be told what is wrong with it.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;

/// The longest query of a GET, in bytes, as with the original.
pub const MAX_QUERY_BYTES: usize = 32 * 1024;

/// A request to `/`.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// In upper case.
    pub method: &'a str,
    /// Names in any case, values as they came. A request over HTTP/2 has no `host`; give its authority as one.
    pub headers: &'a [(&'a str, &'a [u8])],
    /// What followed the `?`, still escaped; empty if there was none.
    pub query: &'a str,
    /// At most [`MAX_BODY_BYTES`] need be read; if there is more, pass one byte more or use [`Response::too_large`].
    pub body: &'a [u8],
    /// The time, in milliseconds since 1970.
    pub now_ms: u64,
    /// An id that no other request has, for the answer and the log.
    pub request_id: &'a str,
}

impl<'a> Request<'a> {
    pub(crate) fn parts(&self) -> RequestParts<'a> {
        RequestParts { method: self.method, headers: self.headers, query: self.query, body: self.body }
    }

    pub(crate) fn check_shape(&self) -> Result<(), Refusal> {
        if !matches!(self.method, "GET" | "POST") {
            let message = format!("the method is {}: send POST (or GET)", quoted(self.method));
            return Err(Refusal::new(Code::UnsupportedProtocol, message));
        }
        if self.body.len() > MAX_BODY_BYTES {
            return Err(body_too_large());
        }
        if self.query.len() > MAX_QUERY_BYTES {
            let message = format!("the query is longer than {MAX_QUERY_BYTES} bytes: send POST");
            return Err(Refusal::new(Code::RequestSizeLimitExceeded, message));
        }
        Ok(())
    }
}

/// Whether a request to `/` is meant for this face: every POST, and a GET that names an action. The rest is somebody with
/// a browser.
pub fn is_cloud_api_request(method: &str, headers: &[(&str, &[u8])], query: &str) -> bool {
    method == "POST"
        || headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("x-tc-action"))
        || query.split('&').any(|field| field == "Action" || field.starts_with("Action="))
}

/// The answer: HTTP status [`Response::STATUS`], header `Content-Type: ` [`Response::CONTENT_TYPE`], and this body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// JSON.
    pub body: String,
}

impl Response {
    /// The HTTP status of every answer, refusals too.
    pub const STATUS: u16 = 200;

    /// The content type of every answer, to the letter.
    pub const CONTENT_TYPE: &str = "application/json";

    /// The answer to a request whose body is longer than [`MAX_BODY_BYTES`] and was not read.
    pub fn too_large(request_id: &str) -> Self {
        Self::new(request_id, Err(body_too_large()))
    }

    pub(crate) fn new(request_id: &str, outcome: Result<Map<String, Value>, Refusal>) -> Self {
        let mut response = outcome.unwrap_or_else(|refusal| {
            let error = json!({"Code": refusal.code.as_str(), "Message": refusal.message});
            Map::from_iter([("Error".to_owned(), error)])
        });
        response.insert("RequestId".into(), request_id.into());
        Self { body: json!({"Response": response}).to_string() }
    }
}

fn body_too_large() -> Refusal {
    Refusal::new(Code::RequestSizeLimitExceeded, format!("the body is longer than {MAX_BODY_BYTES} bytes"))
}

/// The parameters that every action has: headers under TC3, form fields under version 1.
#[derive(Debug)]
pub(crate) struct Common<'a> {
    pub(crate) action: &'a str,
    pub(crate) version: &'a str,
}

impl<'a> Common<'a> {
    /// Names of form fields that are no parameters of an action.
    pub(crate) const FIELDS: &'static [&'static str] = &[
        "Action",
        "Version",
        "Region",
        "Timestamp",
        "Nonce",
        "SecretId",
        "Signature",
        "SignatureMethod",
        "Token",
        "Language",
        "RequestClient",
    ];

    pub(crate) fn read(parts: &RequestParts<'a>, signed: &'a Signed<'_>) -> Result<Self, Refusal> {
        let find = |header: &'static str, field: &'static str| match signed.form() {
            None => parts
                .header(header)
                .filter(|value| !value.is_empty())
                .ok_or_else(|| Refusal::new(Code::MissingParameter, format!("the request lacks the header {header}"))),
            Some(form) => form
                .iter()
                .find(|(name, _)| name == field)
                .map(|(_, value)| &value[..])
                .ok_or_else(|| Refusal::new(Code::MissingParameter, format!("the request lacks the parameter {field}"))),
        };
        Ok(Self { action: find("X-TC-Action", "Action")?, version: find("X-TC-Version", "Version")? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_told_from_a_client() {
        let action = [("X-TC-Action", &b"RemoveUser"[..])];
        let browser = [("accept", &b"text/html"[..])];
        assert!(is_cloud_api_request("GET", &action, ""));
        assert!(is_cloud_api_request("GET", &browser, "SdkAppId=1&Action=RemoveUser"));
        assert!(is_cloud_api_request("POST", &browser, ""));
        assert!(!is_cloud_api_request("GET", &browser, ""));
        assert!(!is_cloud_api_request("GET", &browser, "room=Action&InAction=1&Actions=2"));
    }

    #[test]
    fn an_answer_is_wrapped_as_the_clients_expect() {
        let success = Response::new("r1", Ok(Map::new()));
        assert_eq!(success.body, r#"{"Response":{"RequestId":"r1"}}"#);
        let refusal = Response::new("r2", Err(Refusal::new(Code::InvalidAction, "no \"x\"")));
        assert_eq!(refusal.body, r#"{"Response":{"Error":{"Code":"InvalidAction","Message":"no \"x\""},"RequestId":"r2"}}"#);
    }
}
