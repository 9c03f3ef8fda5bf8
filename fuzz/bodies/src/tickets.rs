//! UserSigs and PrivateMapKeys. A fuzzer does not find its way through compression and signature, so what is inside them
//! has targets of its own, where the packing is done honestly.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use rtc_auth::private_map_key::{self, Room};
use rtc_auth::user_sig::{self, UserSigError};

use crate::{APP, KEY, NOW_S, USER};

const VALID_S: u64 = 600;

/// A UserSig as a client sends it.
pub fn user_sig(data: &[u8]) -> bool {
    std::str::from_utf8(data).is_ok_and(|sig| verified(sig).is_ok())
}

/// The JSON inside a UserSig.
pub fn user_sig_json(data: &[u8]) -> bool {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(data).expect("writing to memory does not fail");
    let deflated = encoder.finish().expect("writing to memory does not fail");
    let sig = STANDARD.encode(deflated).replace('+', "*").replace('/', "-").replace('=', "_");
    verified(&sig).is_ok()
}

/// A PrivateMapKey as a client sends it.
pub fn private_map_key(data: &[u8]) -> bool {
    std::str::from_utf8(data).is_ok_and(opens_a_room)
}

/// The binary record inside a PrivateMapKey.
pub fn private_map_key_record(data: &[u8]) -> bool {
    let key = user_sig::make_with_userbuf(APP, USER, KEY, NOW_S, VALID_S, data);
    opens_a_room(&key)
}

/// Whoever is let in is whom the ticket was made for, now, and by the one key.
fn verified(sig: &str) -> Result<(), UserSigError> {
    let verify = |key: &str, now_s| user_sig::verify(sig, APP, USER, &[key], now_s);
    let ticket = verify(KEY, NOW_S)?;
    assert_eq!((ticket.app, ticket.user.as_str()), (APP, USER));
    let end_s = ticket.time_s.saturating_add(ticket.expire_s);
    assert!(NOW_S < end_s, "it has ended at {end_s}");
    if end_s < u64::MAX {
        assert_eq!(verify(KEY, end_s), Err(UserSigError::Expired { by_s: 0 }));
    }
    assert_eq!(verify("another key", NOW_S), Err(UserSigError::Forged));
    assert_eq!(verify("", NOW_S), Err(UserSigError::Forged));
    Ok(())
}

fn opens_a_room(key: &str) -> bool {
    let opens = |room| private_map_key::verify(key, APP, USER, &room, &[KEY], NOW_S).is_ok();
    let (number, text) = (opens(Room::Number(7)), opens(Room::Text("7")));
    assert!(!(number && text), "one key opens two rooms");
    if number || text {
        let forged = private_map_key::verify(key, APP, USER, &Room::Number(7), &["another key"], NOW_S);
        assert!(forged.is_err(), "any key opens it");
    }
    number || text
}
