//! Custom messages: short data from an anchor to the whole room, best effort, within limits of number and size.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rtc_protocol::{CustomMessage, Error, ErrorCode, PushBody, Role, SessionId, limits};

use crate::Time;
use crate::room::{Room, Turn, not_in_room};

/// How long a network may hold messages back and then deliver them together. Clients keep to a second's worth in any second, and
/// were told that a message was taken; a lost packet makes TCP keep all that follows for a second or more, and what then
/// arrives at once must not be refused for that. Over a longer time nobody gets more through than a second's worth a second.
const HELD_BACK_MS: u64 = 3000;
/// Base64 of the largest message, and what a decoder may write for it.
const MAX_ENCODED: usize = limits::CUSTOM_MESSAGE_BYTES.div_ceil(3) * 4;
const MAX_DECODED: usize = MAX_ENCODED / 4 * 3;

/// What one member sent.
#[derive(Debug, Default)]
pub(crate) struct MessageLedger {
    /// When the last one came.
    at: Time,
    messages: Bucket<{ limits::CUSTOM_MESSAGES_PER_SECOND }>,
    bytes: Bucket<{ limits::CUSTOM_MESSAGE_BYTES_PER_SECOND }>,
    /// How many with each `cmdId`.
    counts: [u32; limits::CUSTOM_MESSAGE_MAX_CMD_ID as usize + 1],
}

/// What runs out at so many a second, and overflows where more than that came in a second and the time that a network may
/// hold things back. Counted in thousandths, so that each millisecond takes a whole number.
#[derive(Debug, Default, Clone, Copy)]
struct Bucket<const A_SECOND: u32>(u64);

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
        // Nothing where the clock was set back; it runs out from there.
        let passed = now.since(std::mem::replace(&mut self.at, now));
        self.messages.run_out(passed);
        self.bytes.run_out(passed);
        let limited = |what: String| Err(Error::new(ErrorCode::RateLimited, what));
        if !self.messages.has_room(1) {
            return limited(format!("more than {} custom messages in a second", limits::CUSTOM_MESSAGES_PER_SECOND));
        }
        if !self.bytes.has_room(bytes) {
            return limited(format!(
                "more than {} bytes of custom messages in a second",
                limits::CUSTOM_MESSAGE_BYTES_PER_SECOND
            ));
        }
        // `size` has checked the range; a number outside of it would be a fault of ours and is refused, not a panic.
        let Some(count) = self.counts.get_mut(usize::from(cmd_id)) else {
            return Err(Error::new(ErrorCode::Internal, "cmdId was not checked"));
        };
        self.messages.add(1);
        self.bytes.add(bytes);
        *count = count.wrapping_add(1);
        Ok(*count)
    }
}

impl<const A_SECOND: u32> Bucket<A_SECOND> {
    const MOST: u64 = A_SECOND as u64 * (1000 + HELD_BACK_MS);

    fn run_out(&mut self, ms: u64) {
        self.0 = self.0.saturating_sub(ms.saturating_mul(u64::from(A_SECOND)));
    }

    fn has_room(self, count: u32) -> bool {
        self.0 + u64::from(count) * 1000 <= Self::MOST
    }

    fn add(&mut self, count: u32) {
        self.0 += u64::from(count) * 1000;
    }
}
