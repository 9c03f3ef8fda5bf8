//! Custom messages: short data from an anchor to the whole room, best effort, within limits of number and size.

use std::collections::VecDeque;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rtc_protocol::{CustomMessage, Error, ErrorCode, PushBody, Role, SessionId, limits};

use crate::Time;
use crate::room::{Room, Turn, not_in_room};

/// Both limits hold for any stretch of this length, not for calendar seconds.
const WINDOW_MS: u64 = 1000;
/// Base64 of the largest message, and what a decoder may write for it.
const MAX_ENCODED: usize = limits::CUSTOM_MESSAGE_BYTES.div_ceil(3) * 4;
const MAX_DECODED: usize = MAX_ENCODED / 4 * 3;

/// What one member sent.
#[derive(Debug, Default)]
pub(crate) struct MessageLedger {
    /// When, and how many bytes, within the window; never more than a second's worth of messages.
    sent: VecDeque<(Time, u32)>,
    /// How many with each `cmdId`.
    counts: [u32; limits::CUSTOM_MESSAGE_MAX_CMD_ID as usize + 1],
}

impl Room {
    /// Passes a message of an anchor on to everybody else who is connected, audience included.
    pub(crate) fn send_message(
        &mut self,
        turn: &mut Turn<'_>,
        session: SessionId,
        message: CustomMessage,
    ) -> Result<(), Error> {
        let sender = self.members.get_mut(&session).ok_or_else(not_in_room)?;
        if sender.role != Role::Anchor {
            return Err(Error::new(
                ErrorCode::NoPermissionToPublish,
                "role: audience may not send custom messages; become anchor first",
            ));
        }
        let bytes = size(&message)?;
        let seq = sender.messages.count(turn.now, message.cmd_id, bytes)?;
        let body = PushBody::Message { user_id: sender.user.clone(), cmd_id: message.cmd_id, seq, data: message.data };
        self.tell_others(turn, session, &body);
        Ok(())
    }
}

/// Bytes of a message's data, if it is one that may be sent.
fn size(message: &CustomMessage) -> Result<u32, Error> {
    let invalid = |what: String| Err(Error::new(ErrorCode::InvalidParameter, what));
    if message.cmd_id > limits::CUSTOM_MESSAGE_MAX_CMD_ID {
        return invalid(format!("cmdId: {} is outside of 0..={}", message.cmd_id, limits::CUSTOM_MESSAGE_MAX_CMD_ID));
    }
    let too_large = || invalid(format!("data: has more than {} bytes", limits::CUSTOM_MESSAGE_BYTES));
    if message.data.len() > MAX_ENCODED {
        return too_large();
    }
    match STANDARD.decode_slice(&message.data, &mut [0; MAX_DECODED]) {
        Err(_) => invalid("data: is not base64 (standard alphabet, padded)".into()),
        Ok(0) => invalid("data: is empty".into()),
        Ok(bytes) if bytes > limits::CUSTOM_MESSAGE_BYTES => too_large(),
        Ok(bytes) => Ok(bytes as u32),
    }
}

impl MessageLedger {
    /// Enters a message, and says which one with its `cmd_id` it is, from 1. A refused message does not count.
    fn count(&mut self, now: Time, cmd_id: u8, bytes: u32) -> Result<u32, Error> {
        // The distance in both directions, so that a clock set back does not silence anybody.
        self.sent.retain(|(at, _)| at.0.abs_diff(now.0) < WINDOW_MS);
        let limited = |what: String| Err(Error::new(ErrorCode::RateLimited, what));
        if self.sent.len() >= limits::CUSTOM_MESSAGES_PER_SECOND as usize {
            return limited(format!("more than {} custom messages in a second", limits::CUSTOM_MESSAGES_PER_SECOND));
        }
        let sum: u32 = self.sent.iter().map(|(_, bytes)| bytes).sum();
        if sum + bytes > limits::CUSTOM_MESSAGE_BYTES_PER_SECOND {
            return limited(format!(
                "more than {} bytes of custom messages in a second",
                limits::CUSTOM_MESSAGE_BYTES_PER_SECOND
            ));
        }
        // `size` has checked the range; a number outside of it would be a fault of ours and is refused, not a panic.
        let Some(count) = self.counts.get_mut(usize::from(cmd_id)) else {
            return Err(Error::new(ErrorCode::Internal, "cmdId was not checked"));
        };
        self.sent.push_back((now, bytes));
        *count = count.wrapping_add(1);
        Ok(*count)
    }
}
