//! STUN checks, which anybody may send to the media port.

use std::net::SocketAddr;

/// The password of samples.
const PASSWORD: &str = "0123456789abcdef0123456789abcdef01234567";
/// Names the request that samples of answers are of.
const TRANSACTION: [u8; 12] = [7; 12];

/// A STUN message: a check that is answered, or an answer that is understood.
pub fn stun_message(data: &[u8]) -> bool {
    let source = SocketAddr::from(([192, 0, 2, 1], 4711));
    let _ = rtc_stun::user_name(data);
    let _ = rtc_stun::where_from(data, &TRANSACTION, None);
    let answer = rtc_stun::answer(data, PASSWORD, source);
    if let Some(answer) = &answer {
        let transaction = data[8..20].try_into().expect("what is answered has a header");
        assert_eq!(rtc_stun::where_from(answer, &transaction, Some(PASSWORD)), Some(source));
    }
    answer.is_some() || rtc_stun::where_from(data, &TRANSACTION, Some(PASSWORD)).is_some()
}
