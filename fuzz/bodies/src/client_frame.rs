//! Messages of a client on its WebSocket.

use rtc_protocol::{ClientFrame, Request, UserId};

/// Reads a message. What was read can be written, and reads as the same again.
pub fn client_frame(data: &[u8]) -> bool {
    let Ok(frame) = serde_json::from_slice::<ClientFrame>(data) else { return false };
    let written = serde_json::to_string(&frame).expect("what was read can be written");
    let again = serde_json::from_str::<ClientFrame>(&written);
    assert_eq!(again.expect("what was written can be read"), frame, "{written}");
    match frame.request {
        Request::Hello(hello) => hello.room.parse().is_ok() && UserId::parse(&hello.user_id).is_ok(),
        _ => true,
    }
}
