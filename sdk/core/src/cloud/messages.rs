//! Custom messages and messages inside of pictures.

use std::time::Instant;

use rtc_api::ErrorCode;
use rtc_protocol::{Track, limits};
use rtc_session::Command;

use super::Cloud;
use crate::shared::Phase;

/// The most bytes an SEI message may have (`sendSEIMsg`): a kilobyte less what frames it.
const SEI_BYTES: usize = 1000;
/// The most pictures one SEI message rides on.
const SEI_REPEATS: i32 = 60;

impl Cloud {
    /// Sends a message to everybody in the room: `cmd_id` 0 to 10, 1 to 1024 bytes, at most 30 messages and 16 KB a second.
    /// False where it was not taken: outside of a room, as audience, or beyond these bounds. Every message is reliable and
    /// in order here, whatever is asked for, because that is what one connection gives; the two must be the same.
    pub fn send_custom_cmd_msg(&self, cmd_id: u32, data: &[u8], reliable: bool, ordered: bool) -> bool {
        let refuse = |reason: &str| {
            tracing::warn!("a custom message is not sent: {reason}");
            false
        };
        let cmd_id = u8::try_from(cmd_id).ok().filter(|cmd_id| *cmd_id <= limits::CUSTOM_MESSAGE_MAX_CMD_ID);
        let Some(cmd_id) = cmd_id else { return refuse("cmdID must be from 0 to 10") };
        if data.is_empty() || data.len() > limits::CUSTOM_MESSAGE_BYTES {
            return refuse("a message has 1 to 1024 bytes");
        }
        if reliable != ordered {
            return refuse("reliable and ordered must be the same");
        }
        if !self.may_speak() {
            return refuse("only an anchor in a room can send one");
        }
        if !self.inner.shared.may_send(data.len(), Instant::now()) {
            return refuse("more than 30 messages or 16 KB in this second");
        }
        let data = data.to_vec();
        self.inner.inbox.call(move |control| control.command(Command::SendMessage { cmd_id, data }));
        true
    }

    /// Lets a message ride on the next `repeat_count` pictures, at most 1000 bytes. Pictures go out as H.264 from then on,
    /// because only it carries such messages. The same bounds a second apply as for custom messages.
    pub fn send_sei_msg(&self, data: &[u8], repeat_count: i32) -> bool {
        let refuse = |reason: &str| {
            tracing::warn!("an SEI message is not sent: {reason}");
            false
        };
        if data.is_empty() || data.len() > SEI_BYTES {
            return refuse("it has 1 to 1000 bytes");
        }
        if !(1..=SEI_REPEATS).contains(&repeat_count) {
            return refuse("repeatCount must be from 1 to 60");
        }
        if !self.may_speak() {
            return refuse("only an anchor in a room can send one");
        }
        if !self.inner.shared.may_send(data.len(), Instant::now()) {
            return refuse("more than 30 messages or 16 KB in this second");
        }
        let (data, repeat) = (data.to_vec(), repeat_count.unsigned_abs());
        self.inner.inbox.call(move |control| {
            control.carry_sei();
            // The message rides on the camera, and on the screen where only that is shared.
            let track = if control.is_started(Track::Camera) { Track::Camera } else { Track::Screen };
            control.pictures.send_sei(track, data, repeat);
        });
        true
    }

    fn may_speak(&self) -> bool {
        self.inner.shared.phase() == Phase::In && !self.inner.shared.is_audience()
    }

    /// `ERR_NOT_SUPPORTED` with words, in the log and as `onError`.
    pub(super) fn not_supported(&self, method: &'static str) {
        self.inner.courier.error(ErrorCode::NOT_SUPPORTED, format!("{method} is not there yet in this version"));
    }
}
