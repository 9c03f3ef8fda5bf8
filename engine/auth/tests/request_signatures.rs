//! Requests of the official clients are accepted as they arrived, and refused once anything signed was changed.

use proptest::prelude::*;
use rtc_auth::request_signature::{RequestParts, RequestSignatureError as Refused, Signed, sign_tc3, verify};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    secret_id: String,
    secret_key: String,
    requests: Vec<Recorded>,
}

#[derive(Deserialize, Clone, Debug)]
struct Recorded {
    name: String,
    method: String,
    query: String,
    headers: Vec<(String, String)>,
    body: String,
    timestamp: u64,
}

impl Recorded {
    fn with<T>(&self, f: impl FnOnce(RequestParts<'_>) -> T) -> T {
        let headers: Vec<_> = self.headers.iter().map(|(n, v)| (&n[..], v.as_bytes())).collect();
        f(RequestParts { method: &self.method, headers: &headers, query: &self.query, body: self.body.as_bytes() })
    }

    fn verify(&self, secret_key: &str, now_s: u64) -> Result<String, Refused> {
        self.with(|parts| verify(parts, now_s, |_| Some(secret_key)))
    }

    fn header(&mut self, name: &str) -> &mut String {
        &mut self.headers.iter_mut().find(|(n, _)| n.eq_ignore_ascii_case(name)).expect("the request has it").1
    }

    fn is_tc3(&self) -> bool {
        self.headers.iter().any(|(n, _)| n == "Authorization")
    }
}

fn recorded() -> File {
    serde_json::from_str(include_str!("../../../spec/server/request_signatures.json")).expect("the file has this shape")
}

/// A TC3 POST over JSON, the request most applications send.
fn usual() -> (Recorded, String) {
    let file = recorded();
    let request = file.requests.into_iter().find(|r| r.name == "python POST TC3").expect("the file has it");
    (request, file.secret_key)
}

#[test]
fn every_kind_of_request_of_the_official_clients_is_accepted() {
    let file = recorded();
    assert_eq!(file.requests.len(), 13);
    for r in &file.requests {
        for now_s in [r.timestamp - 300, r.timestamp, r.timestamp + 300] {
            assert_eq!(r.verify(&file.secret_key, now_s).as_ref(), Ok(&file.secret_id), "{}", r.name);
        }
    }
}

#[test]
fn more_than_five_minutes_either_way_is_too_much() {
    let file = recorded();
    for r in &file.requests {
        for now_s in [r.timestamp - 301, r.timestamp + 301, 0, u64::MAX] {
            let refused = Refused::Expired { signed_s: r.timestamp, now_s };
            assert_eq!(r.verify(&file.secret_key, now_s), Err(refused), "{}", r.name);
        }
    }
}

#[test]
fn another_key_an_empty_key_and_no_key_open_nothing() {
    for r in &recorded().requests {
        assert_eq!(r.verify("another key", r.timestamp), Err(Refused::Mismatch), "{}", r.name);
        assert_eq!(r.verify("", r.timestamp), Err(Refused::Mismatch), "{}", r.name);
        let unknown = r.with(|parts| verify(parts, r.timestamp, |_| None::<String>));
        assert_eq!(unknown, Err(Refused::UnknownSecretId), "{}", r.name);
    }
}

#[test]
fn a_changed_parameter_breaks_every_signature_that_covers_it() {
    let file = recorded();
    for mut r in file.requests {
        let covered = r.name != "python POST TC3, payload not signed";
        for text in [&mut r.query, &mut r.body] {
            *text = text.replace("1400000001", "1400000002");
        }
        let verdict = r.verify(&file.secret_key, r.timestamp);
        assert_eq!(verdict.is_err(), covered, "{}", r.name);
    }
}

#[test]
fn a_request_to_another_host_is_refused_and_a_missing_port_is_forgiven() {
    let file = recorded();
    for mut r in file.requests {
        *r.header("host") = "127.0.0.2:18999".into();
        assert_eq!(r.verify(&file.secret_key, r.timestamp), Err(Refused::Mismatch), "{}", r.name);
        if r.name.starts_with("node") && r.is_tc3() {
            *r.header("host") = "127.0.0.1:1".into();
            assert!(r.verify(&file.secret_key, r.timestamp).is_ok(), "{}: it signs the host without the port", r.name);
        }
    }
}

#[test]
fn the_day_of_the_credential_must_be_the_day_of_the_time() {
    let (mut r, key) = usual();
    let header = r.header("authorization");
    *header = header.replace("2026-11-23", "2026-11-22");
    assert_eq!(r.verify(&key, r.timestamp), Err(Refused::OtherDay));
}

#[test]
fn headers_chosen_by_the_client_are_covered_in_either_case() {
    let signed = "content-type;host;x-tc-action";
    let check = |action: &str, sent: &str| {
        let headers = [
            ("Host", &b"Engine:8080"[..]),
            ("Content-Type", b"application/json; charset=UTF-8"),
            ("X-TC-Timestamp", b"1700000000"),
            ("X-TC-Action", action.as_bytes()),
        ];
        let parts = RequestParts { method: "POST", headers: &headers, query: "", body: b"{}" };
        let authorization = sign_tc3(&parts, "id", "key", "trtc", signed, 1_700_000_000).expect("all headers are there");
        let mut headers = headers.to_vec();
        headers[3].1 = sent.as_bytes();
        headers.push(("Authorization", authorization.as_bytes()));
        verify(RequestParts { headers: &headers, ..parts }, 1_700_000_000, |_| Some("key"))
    };
    assert_eq!(check("RemoveUser", "RemoveUser"), Ok("id".into()));
    assert_eq!(check("RemoveUser", "DismissRoom"), Err(Refused::Mismatch));
}

#[test]
fn a_signed_header_that_did_not_arrive_is_named() {
    let (mut r, key) = usual();
    r.headers.retain(|(name, _)| name != "Content-Type");
    assert_eq!(r.verify(&key, r.timestamp), Err(Refused::SignedHeaderAbsent("content-type".into())));
    let (mut r, key) = usual();
    r.headers.retain(|(name, _)| name != "Host");
    assert_eq!(r.verify(&key, r.timestamp), Err(Refused::SignedHeaderAbsent("host".into())));
}

#[test]
fn headers_that_could_change_the_meaning_must_be_signed() {
    for signed in ["host", "content-type", "", ";", "Content-Type;Host"] {
        let (mut r, key) = usual();
        let header = r.header("authorization");
        *header = header.replace("content-type;host", signed);
        let refused = Refused::Malformed("SignedHeaders must have content-type and host, in lower case");
        assert_eq!(r.verify(&key, r.timestamp), Err(refused), "{signed}");
    }
}

#[test]
fn broken_authorizations_are_refused() {
    let good = {
        let (mut r, _) = usual();
        r.header("authorization").clone()
    };
    let many = format!("content-type;host{}", ";a".repeat(31));
    for bad in [
        String::new(),
        // What the official clients send when they are told not to sign.
        "SKIP".into(),
        "TC3-HMAC-SHA256".into(),
        "TC3-HMAC-SHA256 ".into(),
        good.replace("TC3-HMAC-SHA256 ", "TC3-HMAC-SHA256"),
        good.replace("TC3-HMAC-SHA256 ", "Bearer "),
        good.replace("/tc3_request", ""),
        good.replace("/tc3_request", "/aws4_request"),
        good.replace("/trtc/", "/trtc/more/"),
        good.replace("AKIDexample", ""),
        good.replace("Credential=", "Name="),
        good.replace("content-type;host", &many),
        good.split(", Signature").next().expect("split gives one piece at least").into(),
        good[..good.len() - 1].into(),
        format!("{good}0"),
        format!("{good}, Signature=00"),
        good.replace("Signature=8", "Signature=x"),
    ] {
        let (mut r, key) = usual();
        r.header("authorization").clone_from(&bad);
        let verdict = r.verify(&key, r.timestamp);
        assert!(matches!(verdict, Err(Refused::Malformed(_))), "{bad}: {verdict:?}");
    }
    let (mut r, key) = usual();
    let header = r.header("authorization");
    *header = header.replace(", ", ",");
    assert!(r.verify(&key, r.timestamp).is_ok(), "some clients leave the spaces out");
}

#[test]
fn a_time_is_a_plain_number_and_must_be_there() {
    for bad in ["", "now", "-1", "+1795406660", "1795406660.5", "99999999999999999999999"] {
        let (mut r, key) = usual();
        *r.header("x-tc-timestamp") = bad.into();
        assert_eq!(r.verify(&key, r.timestamp), Err(Refused::NotATime("X-TC-Timestamp")), "{bad}");
    }
    let (mut r, key) = usual();
    r.headers.retain(|(name, _)| name != "X-TC-Timestamp");
    assert_eq!(r.verify(&key, r.timestamp), Err(Refused::MissingField("the header X-TC-Timestamp")));
}

#[test]
fn a_form_must_have_what_its_signature_is_made_of() {
    let check = |from: &str, to: &str| {
        let file = recorded();
        let mut r = file.requests.into_iter().find(|r| r.name == "python POST HmacSHA256").expect("the file has it");
        r.body = r.body.replace(from, to);
        r.verify(&file.secret_key, r.timestamp)
    };
    assert_eq!(check("&Signature=", "&Autograph="), Err(Refused::Missing));
    assert_eq!(check("SecretId=", "Id="), Err(Refused::MissingField("the parameter SecretId")));
    assert_eq!(check("Timestamp=", "Time="), Err(Refused::MissingField("the parameter Timestamp")));
    assert_eq!(check("Nonce=", "Once="), Err(Refused::MissingField("the parameter Nonce")));
    assert_eq!(check("Timestamp=", "Timestamp=x"), Err(Refused::NotATime("Timestamp")));
    assert!(matches!(check("=HmacSHA256", "=HmacMD5"), Err(Refused::Malformed(_))));
    assert!(matches!(check("&Signature=", "&Signature=!"), Err(Refused::Malformed(_))));
    assert!(matches!(check("RoomId=", "RoomId=1&RoomId="), Err(Refused::Malformed(_))));
    assert_eq!(check("=HmacSHA256", "=HmacSHA1"), Err(Refused::Mismatch));
    assert_eq!(check("RoomId=a+", "RoomId=a%z"), Err(Refused::Missing), "this is no form");
    let mut r = recorded().requests.into_iter().find(|r| r.name == "python POST HmacSHA256").expect("the file has it");
    r.body.push_str("&Signature=what+nobody+signed");
    assert!(matches!(r.verify(&recorded().secret_key, r.timestamp), Err(Refused::Malformed(_))), "two signatures");
}

#[test]
fn what_is_not_signed_at_all_says_so() {
    let parts = RequestParts { method: "POST", headers: &[], query: "", body: br#"{"SdkAppId":1}"# };
    assert_eq!(Signed::parse(parts).err(), Some(Refused::Missing));
    assert_eq!(Signed::parse(RequestParts { method: "GET", body: b"", ..parts }).err(), Some(Refused::Missing));
}

#[test]
fn older_records_of_the_official_clients_are_read() {
    // Their secret key was not kept, so only what does not need it can be checked.
    #[derive(Deserialize)]
    struct Case {
        case: String,
        sent: Vec<Sent>,
    }
    #[derive(Deserialize)]
    struct Sent {
        method: String,
        path: String,
        headers: std::collections::BTreeMap<String, String>,
        body: String,
    }
    let text = include_str!("../../../spec/server/tc3_probe_python.json");
    let cases: Vec<Case> = serde_json::from_str(text).expect("the file has this shape");
    let mut seen = 0;
    let mut read = |name: &str, method: &str, query: &str, headers: Vec<(&str, &[u8])>, body: &str| {
        let parts = RequestParts { method, headers: &headers, query, body: body.as_bytes() };
        let signed = Signed::parse(parts).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(signed.secret_id(), "AKIDtest", "{name}");
        assert_eq!(signed.verify_time(1_795_399_130), Ok(()), "{name}");
        seen += 1;
    };
    for case in &cases {
        for sent in &case.sent {
            let query = sent.path.split_once('?').map_or("", |(_, query)| query);
            let headers = sent.headers.iter().map(|(n, v)| (&n[..], v.as_bytes())).collect();
            read(&case.case, &sent.method, query, headers, &sent.body);
        }
    }
    let text = include_str!("../../../spec/server/tc3_probe_node.txt");
    for line in text.lines().filter(|line| line.starts_with('{')) {
        let sent: serde_json::Value = serde_json::from_str(line).expect("the line is a JSON object");
        let headers = sent["headers"].as_object().expect("headers are an object");
        let headers = headers.iter().map(|(n, v)| (&n[..], v.as_str().expect("values are texts").as_bytes())).collect();
        read("node", "POST", "", headers, sent["body"].as_str().expect("the body is a text"));
    }
    assert_eq!(seen, 13);
}

proptest! {
    #[test]
    fn any_authorization_is_answered(header in "(TC3-HMAC-SHA256 )?(Credential=.{0,9}/.{0,9}/.{0,9}/tc3_request, ?)?.{0,80}", time in ".{0,24}") {
        let headers = [("authorization", header.as_bytes()), ("x-tc-timestamp", time.as_bytes()), ("host", b"a:1")];
        let parts = RequestParts { method: "POST", headers: &headers, query: "", body: b"" };
        let _ = verify(parts, 1_700_000_000, |_| Some("key"));
    }

    #[test]
    fn any_form_is_answered(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let parts = RequestParts { method: "POST", headers: &[("host", b"a:1")], query: "", body: &body };
        let _ = verify(parts, 1_700_000_000, |_| Some("key"));
    }

    #[test]
    fn any_signed_form_is_answered(tail in "(&[A-Za-z.0]{0,5}=[ -~]{0,9}){0,5}", host in "[a-z:0-9\\[\\]]{0,12}") {
        let body = format!("SecretId=i&Timestamp=1700000000&Nonce=1&Signature=AAAA{tail}");
        let parts = RequestParts { method: "POST", headers: &[("host", host.as_bytes())], query: "", body: body.as_bytes() };
        prop_assert!(verify(parts, 1_700_000_000, |_| Some("key")).is_err());
    }

    #[test]
    fn any_changed_byte_of_a_signed_request_breaks_it(at in 0usize..10_000, byte in any::<u8>()) {
        let (r, key) = usual();
        let mut body = r.body.clone().into_bytes();
        let at = at % body.len();
        prop_assume!(body[at] != byte);
        body[at] = byte;
        let verdict = r.with(|parts| verify(RequestParts { body: &body, ..parts }, r.timestamp, |_| Some(&key)));
        prop_assert_eq!(verdict, Err(Refused::Mismatch));
    }
}
