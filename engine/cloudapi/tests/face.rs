//! Requests to the face, with rooms of paper behind it.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::pin;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use proptest::prelude::*;
use rtc_auth::request_signature::{RequestParts, sign_tc3};
use rtc_cloudapi::{
    CloudApi, Code, Config, Credentials, Fault, MAX_BODY_BYTES, MAX_QUERY_BYTES, Request, Response, Rooms, RoomsError,
    action_names,
};
use rtc_protocol::{RoomId, RoomKey, SdkAppId, UserId};
use serde_json::{Value, json};

const APP: u32 = 1_400_000_001;
const OTHER_APP: u32 = 1_400_000_002;
const SECRET_ID: &str = "AKIDexample";
const SECRET_KEY: &str = "examplesecretkey0123456789abcdefgh";
const NOW_MS: u64 = 1_795_406_661_000;

/// Rooms as a list of who is in them; the app [`APP`] belongs to the credential, [`OTHER_APP`] exists and does not.
#[derive(Default)]
struct Paper {
    rooms: Mutex<BTreeMap<RoomKey, BTreeSet<String>>>,
    broken: bool,
}

impl Paper {
    fn fail(&self) -> Result<(), Fault> {
        if self.broken { Err(Fault("the disk is full at /srv/secret".into())) } else { Ok(()) }
    }
}

impl Credentials for &'static Paper {
    async fn secret_key(&self, secret_id: &str) -> Result<Option<String>, Fault> {
        Ok((secret_id == SECRET_ID).then(|| SECRET_KEY.into()))
    }

    async fn may_act_for(&self, secret_id: &str, app: SdkAppId) -> Result<bool, Fault> {
        Ok(secret_id == SECRET_ID && app.0 == APP)
    }
}

impl Rooms for &'static Paper {
    async fn remove_users(&self, room: &RoomKey, users: &[UserId]) -> Result<(), RoomsError> {
        self.fail()?;
        let mut rooms = self.rooms.lock().unwrap();
        let members = rooms.get_mut(room).ok_or(RoomsError::RoomMissing)?;
        members.retain(|member| !users.iter().any(|user| user.as_str() == member));
        Ok(())
    }

    async fn dismiss(&self, room: &RoomKey) -> Result<(), RoomsError> {
        self.fail()?;
        self.rooms.lock().unwrap().remove(room).map(|_| ()).ok_or(RoomsError::RoomMissing)
    }
}

struct Face {
    paper: &'static Paper,
    api: CloudApi<&'static Paper>,
}

impl Face {
    fn new() -> Self {
        Self::before(Paper::default(), Config::default())
    }

    fn before(paper: Paper, config: Config) -> Self {
        let paper: &'static Paper = Box::leak(Box::new(paper));
        Self { paper, api: CloudApi::new(paper, config) }
    }

    fn room(self, app: u32, room: RoomId, members: &[&str]) -> Self {
        let key = RoomKey { app: SdkAppId(app), room };
        self.paper.rooms.lock().unwrap().insert(key, members.iter().map(|m| (*m).to_owned()).collect());
        self
    }

    /// Who is in a room of [`APP`], sorted; nothing if there is no such room.
    fn members(&self, room: RoomId) -> Option<Vec<String>> {
        let rooms = self.paper.rooms.lock().unwrap();
        rooms.get(&RoomKey { app: SdkAppId(APP), room }).map(|members| members.iter().cloned().collect())
    }

    fn send(&self, request: Request<'_>) -> Value {
        let response = ready(self.api.handle(request));
        serde_json::from_str::<Value>(&response.body).expect("an answer is JSON")["Response"].take()
    }

    /// A TC3 POST, signed as the official clients do.
    fn post(&self, action: &str, body: &str) -> Value {
        Post { action, body, ..Post::default() }.send(self)
    }

    /// The code it is refused with, and the message.
    fn refusal(&self, action: &str, body: &Value) -> (String, String) {
        refusal(&self.post(action, &body.to_string()))
    }

    /// Nothing, or the code it is refused with.
    fn code(&self, action: &str, body: &Value) -> String {
        self.refusal(action, body).0
    }
}

/// A TC3 POST in all its parts.
struct Post<'a> {
    action: &'a str,
    version: &'a str,
    content_type: &'a str,
    body: &'a str,
    secret_id: &'a str,
    secret_key: &'a str,
    signed_s: u64,
    now_ms: u64,
}

impl Default for Post<'_> {
    fn default() -> Self {
        Self {
            action: "RemoveUser",
            version: "2019-07-22",
            content_type: "application/json",
            body: "{}",
            secret_id: SECRET_ID,
            secret_key: SECRET_KEY,
            signed_s: NOW_MS / 1000,
            now_ms: NOW_MS,
        }
    }
}

impl Post<'_> {
    fn send(&self, face: &Face) -> Value {
        let time = self.signed_s.to_string();
        let mut headers = vec![
            ("Host", &b"127.0.0.1:8080"[..]),
            ("Content-Type", self.content_type.as_bytes()),
            ("X-TC-Action", self.action.as_bytes()),
            ("X-TC-Version", self.version.as_bytes()),
            ("X-TC-Timestamp", time.as_bytes()),
        ];
        headers.retain(|(_, value)| !value.is_empty());
        let parts = RequestParts { method: "POST", headers: &headers, query: "", body: self.body.as_bytes() };
        let signature = sign_tc3(&parts, self.secret_id, self.secret_key, "trtc", "content-type;host", self.signed_s);
        let signature = signature.expect("both headers are there");
        headers.push(("Authorization", signature.as_bytes()));
        face.send(Request {
            method: "POST",
            headers: &headers,
            query: "",
            body: self.body.as_bytes(),
            now_ms: self.now_ms,
            request_id: "r-1",
        })
    }

    fn code(&self) -> String {
        refusal(&self.send(&Face::new())).0
    }
}

fn refusal(answer: &Value) -> (String, String) {
    let text = |field: &str| answer["Error"][field].as_str().unwrap_or_default().to_owned();
    (text("Code"), text("Message"))
}

/// Runs a future that has nothing to wait for.
fn ready<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("paper never waits"),
    }
}

fn number(n: u64) -> RoomId {
    RoomId::number(n).unwrap()
}

fn text(t: &str) -> RoomId {
    RoomId::text(t).unwrap()
}

#[test]
fn removing_users_leaves_the_others() {
    let face = Face::new().room(APP, number(7), &["anna", "bert", "carl"]);
    let answer = face.post("RemoveUser", &json!({"SdkAppId": APP, "RoomId": 7, "UserIds": ["anna", "carl"]}).to_string());
    assert_eq!(answer, json!({"RequestId": "r-1"}));
    assert_eq!(face.members(number(7)), Some(vec!["bert".into()]));
}

#[test]
fn dismissing_ends_the_room() {
    let face = Face::new().room(APP, number(7), &["anna"]).room(APP, text("seven"), &["bert"]);
    assert_eq!(face.code("DismissRoom", &json!({"SdkAppId": APP, "RoomId": 7})), "");
    assert_eq!(face.code("DismissRoomByStrRoomId", &json!({"SdkAppId": APP, "RoomId": "seven"})), "");
    assert_eq!(face.members(number(7)), None);
    assert_eq!(face.members(text("seven")), None);
}

#[test]
fn number_rooms_and_string_rooms_of_one_name_are_apart() {
    let face = Face::new().room(APP, number(7), &["anna"]).room(APP, text("7"), &["anna"]);
    let call = json!({"SdkAppId": APP, "RoomId": "7", "UserIds": ["anna"]});
    assert_eq!(face.code("RemoveUserByStrRoomId", &call), "");
    assert_eq!(face.members(text("7")), Some(vec![]));
    assert_eq!(face.members(number(7)), Some(vec!["anna".into()]));
}

#[test]
fn a_room_that_is_not_there_is_named_and_the_twin_action_too() {
    let face = Face::new().room(APP, text("7"), &["anna"]);
    for (action, room, twin) in [
        ("RemoveUser", json!(7), "RemoveUserByStrRoomId"),
        ("RemoveUserByStrRoomId", json!("8"), "RemoveUser "),
        ("DismissRoom", json!(7), "DismissRoomByStrRoomId"),
        ("DismissRoomByStrRoomId", json!("8"), "DismissRoom "),
    ] {
        let mut call = json!({"SdkAppId": APP, "RoomId": room});
        if action.starts_with("Remove") {
            call["UserIds"] = json!(["anna"]);
        }
        let (code, message) = face.refusal(action, &call);
        assert_eq!(code, "FailedOperation.RoomNotExist", "{action}");
        assert!(message.contains(&room.to_string()) && message.contains(twin), "{message}");
    }
}

#[test]
fn users_who_are_not_in_the_room_are_passed_over() {
    let face = Face::new().room(APP, number(7), &["anna", "bert"]);
    let call = json!({"SdkAppId": APP, "RoomId": 7, "UserIds": ["nobody", "anna", "anna"]});
    assert_eq!(face.code("RemoveUser", &call), "");
    assert_eq!(face.members(number(7)), Some(vec!["bert".into()]));
}

#[test]
fn an_app_of_somebody_else_and_one_that_is_not_there_look_the_same() {
    let face = Face::new().room(OTHER_APP, number(7), &["anna"]);
    let answers = [OTHER_APP, 5].map(|app| {
        let (code, message) = face.refusal("DismissRoom", &json!({"SdkAppId": app, "RoomId": 7}));
        assert_eq!(code, "UnauthorizedOperation.SdkAppId");
        message.replace(&app.to_string(), "?")
    });
    assert_eq!(answers[0], answers[1]);
    assert_eq!(face.paper.rooms.lock().unwrap().len(), 1, "nothing happened to it");
}

#[test]
fn each_wrong_parameter_has_its_code() {
    let face = Face::before(Paper::default(), Config { requests_per_second: 0 });
    let long_user = "u".repeat(33);
    let users: Vec<_> = (0..11).map(|n| n.to_string()).collect();
    for (action, field, value, code) in [
        ("RemoveUser", "SdkAppId", Value::Null, "MissingParameter.SdkAppId"),
        ("RemoveUser", "SdkAppId", json!("1400000001"), "InvalidParameter.SdkAppId"),
        ("RemoveUser", "SdkAppId", json!(0), "InvalidParameter.SdkAppId"),
        ("RemoveUser", "SdkAppId", json!(-1), "InvalidParameter.SdkAppId"),
        ("RemoveUser", "SdkAppId", json!(4_294_967_296_u64), "InvalidParameter.SdkAppId"),
        ("RemoveUser", "SdkAppId", json!(1.5), "InvalidParameter.SdkAppId"),
        ("RemoveUser", "RoomId", Value::Null, "MissingParameter.RoomId"),
        ("RemoveUser", "RoomId", json!("7"), "InvalidParameter.RoomId"),
        ("RemoveUser", "RoomId", json!([7]), "InvalidParameter.RoomId"),
        ("RemoveUser", "RoomId", json!(7.5), "InvalidParameter.RoomId"),
        ("RemoveUser", "RoomId", json!(0), "InvalidParameterValue.RoomId"),
        ("RemoveUser", "RoomId", json!(-7), "InvalidParameterValue.RoomId"),
        ("RemoveUser", "RoomId", json!(4_294_967_295_u64), "InvalidParameterValue.RoomId"),
        ("RemoveUser", "RoomId", json!(u64::MAX), "InvalidParameterValue.RoomId"),
        ("RemoveUser", "RoomId", json!(4_294_967_294_u64), "FailedOperation.RoomNotExist"),
        ("RemoveUserByStrRoomId", "RoomId", json!(7), "InvalidParameter.RoomId"),
        ("RemoveUserByStrRoomId", "RoomId", json!(""), "InvalidParameterValue.RoomId"),
        ("RemoveUserByStrRoomId", "RoomId", json!("a".repeat(65)), "InvalidParameterValue.RoomId"),
        ("RemoveUserByStrRoomId", "RoomId", json!("a/b"), "InvalidParameterValue.RoomId"),
        ("RemoveUserByStrRoomId", "RoomId", json!("a".repeat(64)), "FailedOperation.RoomNotExist"),
        ("RemoveUser", "UserIds", Value::Null, "MissingParameter.UserIds"),
        ("RemoveUser", "UserIds", json!([]), "MissingParameter.UserIds"),
        ("RemoveUser", "UserIds", json!("anna"), "InvalidParameter.UserIds"),
        ("RemoveUser", "UserIds", json!({"0": "anna"}), "InvalidParameter.UserIds"),
        ("RemoveUser", "UserIds", json!(["anna", 7]), "InvalidParameter.UserIds"),
        ("RemoveUser", "UserIds", json!(["anna", ""]), "InvalidParameter.UserIds"),
        ("RemoveUser", "UserIds", json!([long_user]), "InvalidParameter.UserIds"),
        ("RemoveUser", "UserIds", json!(["an\u{0}na"]), "InvalidParameter.UserIds"),
        ("RemoveUser", "UserIds", json!(users), "InvalidParameter.UserIds"),
        ("RemoveUser", "UserIds", json!(users[..10]), "FailedOperation.RoomNotExist"),
        ("RemoveUser", "roomId", json!(7), "UnknownParameter"),
        ("RemoveUser", "Reason", json!("spam"), "UnknownParameter"),
    ] {
        let room = if action == "RemoveUser" { json!(7) } else { json!("seven") };
        let mut call = json!({"SdkAppId": APP, "RoomId": room, "UserIds": ["anna"]});
        call[field] = value.clone();
        let (given, message) = face.refusal(action, &call);
        assert_eq!(given, code, "{action} {field} {value}: {message}");
        assert!(message.contains(if code.starts_with("Failed") { "room" } else { field }), "{message}");
    }
    assert_eq!(face.code("DismissRoom", &json!({"SdkAppId": APP, "RoomId": 7, "UserIds": ["anna"]})), "UnknownParameter");
    assert_eq!(face.code("DismissRoom", &json!({})), "MissingParameter.SdkAppId");
    assert_eq!(refusal(&face.post("DismissRoom", "")).0, "MissingParameter.SdkAppId");
}

#[test]
fn the_user_that_is_wrong_is_told_by_its_place() {
    let call = json!({"SdkAppId": APP, "RoomId": 7, "UserIds": ["anna", "x".repeat(40)]});
    let (_, message) = Face::new().refusal("RemoveUser", &call);
    assert_eq!(message, "UserIds.1 is longer than 32 bytes");
}

#[test]
fn a_body_that_is_not_what_it_says_is_refused() {
    fn post(content_type: &str, body: &str) -> String {
        Post { content_type, body, ..Post::default() }.code()
    }
    for body in ["{", "[]", "7", "null", "{\"SdkAppId\":1", "SdkAppId=1", "{} {}", &"[".repeat(1000)] {
        assert_eq!(post("application/json", body), "InvalidParameter.BodyParamsError", "{body}");
    }
    for content_type in ["text/plain", "multipart/form-data; boundary=x", "application/octet-stream", "application/jsonx"] {
        assert_eq!(post(content_type, "{}"), "InvalidParameter.BodyParamsError", "{content_type}");
    }
    assert_eq!(post("application/json; charset=utf-8", "{}"), "MissingParameter.SdkAppId");
    assert_eq!(post("application/x-www-form-urlencoded", "SdkAppId=1"), "MissingParameter.RoomId");
    assert_eq!(post("application/x-www-form-urlencoded", "SdkAppId=%"), "InvalidParameter.BodyParamsError");
}

#[test]
fn actions_and_versions_that_are_not_there_are_refused() {
    for action in ["Nothing", "removeUser", "RemoveUser2", "*"] {
        assert_eq!(Post { action, ..Post::default() }.code(), "InvalidAction", "{action}");
    }
    assert_eq!(Post { version: "2017-03-12", ..Post::default() }.code(), "NoSuchVersion");
    assert_eq!(Post { action: "", ..Post::default() }.code(), "MissingParameter");
    assert_eq!(Post { version: "", ..Post::default() }.code(), "MissingParameter");
    let endless = "A".repeat(10_000);
    let (_, message) = Face::new().refusal(&endless, &json!({}));
    assert!(message.len() < 200, "what comes from outside is cut");
}

#[test]
fn every_other_action_of_the_service_says_that_it_is_not_here_yet() {
    let face = Face::new();
    let mut planned = 0;
    for (action, here) in action_names() {
        if here {
            continue;
        }
        planned += 1;
        let (code, message) = face.refusal(action, &json!({"SdkAppId": APP}));
        assert_eq!(code, "UnsupportedOperation");
        assert!(message.starts_with(&format!("{action} ")), "{message}");
    }
    assert_eq!(planned, 82);
}

#[test]
fn the_wrong_signature_the_wrong_time_and_the_wrong_name_are_told_apart() {
    let now_s = NOW_MS / 1000;
    assert_eq!(Post { secret_key: "another", ..Post::default() }.code(), "AuthFailure.SignatureFailure");
    assert_eq!(Post { secret_id: "AKIDnobody", ..Post::default() }.code(), "AuthFailure.SecretIdNotFound");
    assert_eq!(Post { signed_s: now_s - 301, ..Post::default() }.code(), "AuthFailure.SignatureExpire");
    assert_eq!(Post { signed_s: now_s + 301, ..Post::default() }.code(), "AuthFailure.SignatureExpire");
    for signed_s in [now_s - 300, now_s + 300] {
        assert_eq!(Post { signed_s, ..Post::default() }.code(), "MissingParameter.SdkAppId", "five minutes are forgiven");
    }
}

#[test]
fn nothing_is_done_for_a_wrong_signature() {
    let face = Face::new().room(APP, number(7), &["anna"]);
    let body = json!({"SdkAppId": APP, "RoomId": 7}).to_string();
    for secret_key in ["another", ""] {
        let answer = Post { action: "DismissRoom", body: &body, secret_key, ..Post::default() }.send(&face);
        assert_eq!(refusal(&answer).0, "AuthFailure.SignatureFailure");
    }
    assert_eq!(face.members(number(7)), Some(vec!["anna".into()]));
}

#[test]
fn an_unsigned_request_is_refused_whatever_it_asks() {
    let send = |method, headers: &[(&str, &[u8])], query, body: &str| {
        let body = body.as_bytes();
        refusal(&Face::new().send(Request { method, headers, query, body, now_ms: NOW_MS, request_id: "r" })).0
    };
    let json = ("Content-Type", &b"application/json"[..]);
    let skip = ("Authorization", &b"SKIP"[..]);
    assert_eq!(send("POST", &[json], "", "{}"), "AuthFailure.InvalidAuthorization");
    assert_eq!(send("POST", &[json, skip], "", "{}"), "AuthFailure.InvalidAuthorization");
    assert_eq!(send("GET", &[], "Action=DismissRoom&SdkAppId=1", ""), "AuthFailure.InvalidAuthorization");
    assert_eq!(send("GET", &[], "Action=DismissRoom&Signature=AAAA", ""), "MissingParameter");
    assert_eq!(send("PUT", &[json], "", "{}"), "UnsupportedProtocol");
}

#[test]
fn what_is_too_large_is_refused_unread() {
    let send = |query: &str, body: &[u8]| {
        let request = Request { method: "POST", headers: &[], query, body, now_ms: NOW_MS, request_id: "r" };
        refusal(&Face::new().send(request)).0
    };
    assert_eq!(send("", &vec![b' '; MAX_BODY_BYTES + 1]), "RequestSizeLimitExceeded");
    assert_eq!(send(&"a".repeat(MAX_QUERY_BYTES + 1), b""), "RequestSizeLimitExceeded");
    assert_eq!(send(&"a".repeat(MAX_QUERY_BYTES), &vec![b' '; MAX_BODY_BYTES]), "AuthFailure.InvalidAuthorization");
    assert!(Response::too_large("r-9").body.contains("RequestSizeLimitExceeded"));
}

#[test]
fn the_twenty_first_request_in_a_second_has_to_wait() {
    let face = Face::new();
    let at = |action, now_ms| Post { action, now_ms, ..Post::default() }.send(&face);
    for _ in 0..20 {
        assert_eq!(refusal(&at("RemoveUser", NOW_MS)).0, "MissingParameter.SdkAppId");
    }
    let (code, message) = refusal(&at("RemoveUser", NOW_MS));
    assert_eq!(code, "RequestLimitExceeded");
    assert_eq!(message, "RemoveUser may be asked for 20 times in 1000 ms: wait 50 ms");
    assert_eq!(refusal(&at("DismissRoom", NOW_MS)).0, "MissingParameter.SdkAppId", "another action has its own pace");
    assert_eq!(refusal(&at("RemoveUser", NOW_MS + 50)).0, "MissingParameter.SdkAppId");
}

#[test]
fn the_pace_can_be_set_and_switched_off() {
    let passed = |requests_per_second| {
        let face = Face::before(Paper::default(), Config { requests_per_second });
        (0..100).filter(|_| face.code("RemoveUser", &json!({})) != "RequestLimitExceeded").count()
    };
    assert_eq!(passed(3), 3);
    assert_eq!(passed(0), 100);
}

#[test]
fn who_does_not_hold_the_key_cannot_use_up_the_pace() {
    let face = Face::before(Paper::default(), Config { requests_per_second: 1 });
    for _ in 0..10 {
        Post { secret_key: "another", ..Post::default() }.send(&face);
    }
    assert_eq!(face.code("RemoveUser", &json!({})), "MissingParameter.SdkAppId");
}

#[test]
fn a_failure_inside_is_not_told_outside() {
    let face = Face::before(Paper { broken: true, ..Paper::default() }, Config::default());
    let (code, message) = face.refusal("DismissRoom", &json!({"SdkAppId": APP, "RoomId": 7}));
    assert_eq!(code, "InternalError");
    assert!(!message.contains("disk"), "{message}");
}

#[test]
fn every_way_the_official_clients_send_it_removes_the_same_users() {
    let file: Value = serde_json::from_str(include_str!("../../../spec/server/request_signatures.json")).unwrap();
    let requests = file["requests"].as_array().unwrap();
    assert_eq!(requests.len(), 13);
    for recorded in requests {
        let face = Face::new().room(APP, text("a b&c=d+e%~"), &["u1", "u2", "小明"]);
        let headers = recorded["headers"].as_array().unwrap();
        let headers: Vec<_> =
            headers.iter().map(|pair| (pair[0].as_str().unwrap(), pair[1].as_str().unwrap().as_bytes())).collect();
        let answer = face.send(Request {
            method: recorded["method"].as_str().unwrap(),
            headers: &headers,
            query: recorded["query"].as_str().unwrap(),
            body: recorded["body"].as_str().unwrap().as_bytes(),
            now_ms: recorded["timestamp"].as_u64().unwrap() * 1000,
            request_id: "r-1",
        });
        assert_eq!(answer, json!({"RequestId": "r-1"}), "{}", recorded["name"]);
        assert_eq!(face.members(text("a b&c=d+e%~")), Some(vec!["u2".into()]), "{}", recorded["name"]);
    }
}

#[test]
fn an_answer_may_be_made_on_any_thread() {
    fn is_send<T: Send>(_: T) {}
    let face = Face::new();
    is_send(face.api.handle(Request { method: "POST", headers: &[], query: "", body: b"", now_ms: NOW_MS, request_id: "r" }));
}

#[test]
fn the_table_has_the_actions_of_the_service_and_no_other() {
    let file: Value = serde_json::from_str(include_str!("../../../spec/server/actions.json")).unwrap();
    let wanted: BTreeSet<_> = file["actions"].as_object().unwrap().keys().map(|name| &name[..]).collect();
    let given: Vec<_> = action_names().map(|(name, _)| name).collect();
    assert_eq!(given.len(), 86);
    assert_eq!(given.into_iter().collect::<BTreeSet<_>>(), wanted);
    let here: Vec<_> = action_names().filter(|(_, here)| *here).map(|(name, _)| name).collect();
    assert_eq!(here, ["RemoveUser", "RemoveUserByStrRoomId", "DismissRoom", "DismissRoomByStrRoomId"]);
}

#[test]
fn every_code_is_one_that_the_original_has() {
    let actions: Value = serde_json::from_str(include_str!("../../../spec/server/actions.json")).unwrap();
    let gateway: Value = serde_json::from_str(include_str!("../../../spec/server/gateway_codes.json")).unwrap();
    let of_service: BTreeSet<_> = actions["errorCodes"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let of_gateway: BTreeSet<_> = gateway["codes"].as_object().unwrap().keys().map(|code| &code[..]).collect();
    let ours: BTreeSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(ours.len(), Code::ALL.len(), "no code twice");
    for code in &ours {
        assert!(of_service.contains(code) || of_gateway.contains(code), "{code}");
    }
    // Those listed for the room actions, but for the two that tell about a cache which this engine does not have.
    for code in gateway["room_management"]["codes"].as_array().unwrap().iter().filter_map(Value::as_str) {
        assert!(ours.contains(code) || code.starts_with("InternalError.Get"), "{code}");
    }
}

proptest! {
    #[test]
    fn every_request_is_answered(
        method in "GET|POST|PUT",
        headers in proptest::collection::vec(("[Xx]-TC-(Action|Version|Timestamp)|[Aa]uthorization|Content-Type|[a-z]{1,5}", "[ -~]{0,40}"), 0..6),
        query in "[ -~]{0,60}",
        body in proptest::collection::vec(any::<u8>(), 0..60),
    ) {
        let headers: Vec<_> = headers.iter().map(|(n, v)| (&n[..], v.as_bytes())).collect();
        let request = Request { method: &method, headers: &headers, query: &query, body: &body, now_ms: NOW_MS, request_id: "r" };
        let answer = Face::new().send(request);
        prop_assert_eq!(&answer["RequestId"], "r");
        prop_assert!(answer["Error"]["Code"].is_string());
    }

    #[test]
    fn every_signed_body_is_answered(body in "\\{(\"(SdkAppId|RoomId|UserIds)\":(-?[0-9]{0,12}|\"[a-z]{0,3}\"|\\[(\"a\",?){0,3}\\]),?){0,4}\\}?") {
        let answer = Face::new().post("RemoveUser", &body);
        prop_assert!(answer["Error"]["Code"].is_string());
    }
}
