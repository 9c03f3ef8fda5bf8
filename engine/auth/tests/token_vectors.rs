//! Tokens made by the official libraries are accepted, and ours say the same as theirs.

use rtc_auth::private_map_key::{self, Permissions, Room};
use rtc_auth::user_sig::{self, UserSigError};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vector {
    name: String,
    kind: String,
    sdk_app_id: u32,
    key: String,
    user_id: String,
    expire: u64,
    time: u64,
    room_id: Option<u32>,
    str_room_id: Option<String>,
    privilege_map: Option<u32>,
    node_sig: String,
    python_sig: String,
    userbuf_hex: Option<String>,
}

impl Vector {
    fn room(&self) -> Room<'_> {
        match (&self.str_room_id, self.room_id) {
            (Some(text), None) => Room::Text(text),
            (None, Some(number)) => Room::Number(number),
            _ => panic!("{}: one kind of room", self.name),
        }
    }

    fn verify(&self, sig: &str, now_s: u64) -> Result<user_sig::UserSig, UserSigError> {
        user_sig::verify(sig, self.sdk_app_id, &self.user_id, &[&self.key], now_s)
    }
}

fn vectors() -> Vec<Vector> {
    let text = include_str!("../../../spec/server/usersig_vectors.json");
    serde_json::from_str::<File>(text).expect("the file has this shape").vectors
}

#[test]
fn user_sigs_of_the_official_libraries_are_accepted_until_they_end() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 6);
    for v in &vectors {
        for sig in [&v.node_sig, &v.python_sig] {
            let read = v.verify(sig, v.time).unwrap_or_else(|e| panic!("{}: {e}", v.name));
            assert_eq!((read.time_s, read.expire_s), (v.time, v.expire), "{}", v.name);
            assert_eq!(read.userbuf.map(hex::encode), v.userbuf_hex, "{}", v.name);
            assert!(v.verify(sig, v.time + v.expire - 1).is_ok());
            assert_eq!(v.verify(sig, v.time + v.expire), Err(UserSigError::Expired { by_s: 0 }));
        }
    }
}

#[test]
fn ours_say_the_same_as_theirs() {
    for v in vectors() {
        let userbuf = v.userbuf_hex.as_ref().map(|text| hex::decode(text).expect("the file has hexadecimal digits"));
        let ours = match (&v.kind[..], userbuf) {
            ("usersig", None) => user_sig::make(v.sdk_app_id, &v.user_id, &v.key, v.time, v.expire),
            ("privateMapKey", Some(userbuf)) => {
                let permissions = Permissions(v.privilege_map.expect("the file gives it"));
                let ours = private_map_key::make(v.sdk_app_id, &v.user_id, &v.room(), permissions, &v.key, v.time, v.expire);
                assert_eq!(v.verify(&ours, v.time).expect("ours is valid").userbuf, Some(userbuf), "{}", v.name);
                ours
            }
            other => panic!("{}: {other:?}", v.name),
        };
        assert_eq!(v.verify(&ours, v.time), v.verify(&v.node_sig, v.time), "{}", v.name);
    }
}

#[test]
fn private_map_keys_of_the_official_libraries_give_their_permissions() {
    let mut seen = 0;
    for v in vectors().iter().filter(|v| v.kind == "privateMapKey") {
        for key in [&v.node_sig, &v.python_sig] {
            let verify = |room| private_map_key::verify(key, v.sdk_app_id, &v.user_id, &room, &[&v.key], v.time);
            assert_eq!(verify(v.room()).map(|p| Some(p.0)), Ok(v.privilege_map), "{}", v.name);
            assert!(verify(Room::Number(1)).is_err());
            assert!(verify(Room::Text("another")).is_err());
        }
        seen += 1;
    }
    assert_eq!(seen, 3);
}
