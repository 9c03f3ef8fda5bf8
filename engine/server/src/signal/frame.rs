//! Reads one message of a client. Nothing in it is trusted; what is wrong is told with the number of the request, if one
//! can be made out.

use std::borrow::Cow;

use rtc_protocol::{ClientFrame, Error, PREVIOUS_VERSION, VERSION, limits};
use serde::Deserialize;

use crate::refusal;

/// Every request of the protocol, as it is named on the wire.
const KNOWN: [&str; 16] = [
    "hello",
    "offer",
    "publish",
    "view",
    "unview",
    "listen",
    "switchRole",
    "switchRoom",
    "connectRoom",
    "disconnectRoom",
    "updateForwardMode",
    "setQos",
    "message",
    "report",
    "snapshot",
    "exit",
];

/// A message that could not be read.
#[derive(Debug, PartialEq)]
pub(super) struct Unreadable {
    /// The number of the request, 0 if it has none.
    pub(super) re: u32,
    pub(super) error: Error,
    /// Whether it was too long.
    pub(super) oversized: bool,
}

/// The envelope alone. Reading it takes no memory, however long the message is, and works for any order of the fields,
/// which a look at the first bytes would not.
#[derive(Deserialize)]
struct Head<'a> {
    #[serde(default)]
    id: Option<u32>,
    #[serde(borrow, default, rename = "type")]
    kind: Option<Cow<'a, str>>,
}

/// The number of a message's request, 0 if none can be made out.
pub(super) fn number(text: &str) -> u32 {
    if text.len() > limits::MESSAGE_BYTES {
        return 0;
    }
    serde_json::from_str::<Head<'_>>(text).ok().and_then(|head| head.id).unwrap_or_default()
}

/// Reads a message. Its length is checked before anything is made of it: only an offer may be longer than 64 KB.
pub(super) fn read(text: &str) -> Result<ClientFrame, Unreadable> {
    let head: Head<'_> = serde_json::from_str(text).map_err(|error| unreadable(0, refusal::malformed(error)))?;
    let Some(re) = head.id else {
        return Err(unreadable(0, refusal::malformed("id: is missing")));
    };
    let Some(kind) = head.kind else {
        return Err(unreadable(re, refusal::malformed("type: is missing")));
    };
    if text.len() > limits::MESSAGE_BYTES && kind != "offer" {
        let words = format!("it has {} bytes; the most is {}", text.len(), limits::MESSAGE_BYTES);
        return Err(Unreadable { oversized: true, ..unreadable(re, refusal::malformed(words)) });
    }
    if !KNOWN.contains(&&*kind) {
        // The name is the client's; it is cut, so that the answer is not long.
        let kind: String = kind.chars().take(32).collect();
        return Err(unreadable(re, refusal::unknown_request(format!("type: there is no request {kind:?}"))));
    }
    serde_json::from_str(text).map_err(|error| {
        let version = (kind == "hello").then(|| version(text)).flatten();
        let spoken = u64::from(PREVIOUS_VERSION)..=u64::from(VERSION);
        match version {
            // A hello of another version may well look different; then that is what is wrong with it.
            Some(version) if !spoken.contains(&version) => unreadable(re, refusal::version(version)),
            _ => unreadable(re, refusal::malformed(error)),
        }
    })
}

fn version(hello: &str) -> Option<u64> {
    #[derive(Deserialize)]
    struct Hello {
        data: Data,
    }
    #[derive(Deserialize)]
    struct Data {
        protocol: u64,
    }
    serde_json::from_str::<Hello>(hello).ok().map(|hello| hello.data.protocol)
}

fn unreadable(re: u32, error: Error) -> Unreadable {
    Unreadable { re, error, oversized: false }
}

#[cfg(test)]
mod tests {
    use rtc_protocol::{ErrorCode, Request};

    use super::*;

    fn refused(text: &str) -> (u32, ErrorCode) {
        let Unreadable { re, error, .. } = read(text).expect_err("it cannot be read");
        (re, error.name)
    }

    #[test]
    fn good_messages_are_read() {
        let frame = read(r#"{"id":7,"type":"snapshot","data":{}}"#).expect("a good message");
        assert_eq!((frame.id, frame.request), (7, Request::Snapshot {}));
        let frame = read(r#"{"data":{},"type":"exit","id":8}"#).expect("any order");
        assert_eq!((frame.id, frame.request), (8, Request::Exit {}));
    }

    #[test]
    fn bad_messages_are_refused_with_their_number_where_there_is_one() {
        for text in ["", "{", "[]", "null", "\"hello\"", "{}", r#"{"id":-1,"type":"exit"}"#, r#"{"id":"1","type":"exit"}"#] {
            assert_eq!(refused(text), (0, ErrorCode::MalformedMessage), "{text}");
        }
        assert_eq!(refused(r#"{"id":3}"#), (3, ErrorCode::MalformedMessage));
        assert_eq!(refused(r#"{"id":3,"type":5}"#), (0, ErrorCode::MalformedMessage));
        assert_eq!(refused(r#"{"id":3,"type":"dance","data":{}}"#), (3, ErrorCode::UnknownRequest));
        assert_eq!(refused(r#"{"id":3,"type":"view","data":{}}"#), (3, ErrorCode::MalformedMessage));
        assert_eq!(refused(r#"{"id":3,"type":"view"}"#), (3, ErrorCode::MalformedMessage));
        let deep = format!(r#"{{"id":3,"type":"view","data":{}}}"#, "[".repeat(10_000));
        assert_eq!(refused(&deep).1, ErrorCode::MalformedMessage);
    }

    #[test]
    fn only_an_offer_may_be_long() {
        let filler = "x".repeat(limits::MESSAGE_BYTES);
        let offer = format!(r#"{{"id":1,"data":{{"purpose":"enter","sdp":"{filler}","lines":{{}}}},"type":"offer"}}"#);
        assert!(read(&offer).is_ok());
        let message = format!(r#"{{"id":2,"data":{{"cmdId":1,"data":"{filler}"}},"type":"message"}}"#);
        let refused = read(&message).expect_err("too long");
        assert_eq!((refused.re, refused.oversized), (2, true));
        assert!(refused.error.message.contains("65536"));
    }

    #[test]
    fn a_hello_of_the_future_is_told_of_its_version() {
        let hello = r#"{"id":1,"type":"hello","data":{"protocol":900,"ticket":"of another kind"}}"#;
        assert_eq!(refused(hello), (1, ErrorCode::VersionUnsupported));
    }

    #[test]
    fn every_request_is_known_by_its_name() {
        for kind in KNOWN {
            let text = format!(r#"{{"id":1,"type":"{kind}","data":5}}"#);
            let error = read(&text).expect_err("no request is a number").error;
            assert!(!error.message.contains("unknown variant"), "{kind}: {error}");
        }
    }
}
