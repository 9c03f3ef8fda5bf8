//! How fast a member may ask. Custom messages have limits of their own.

use rtc_protocol::{Error, ErrorCode};

use crate::Time;

/// What a request that concerns nobody else costs, in milliseconds of pace: 100 a second.
pub(crate) const QUIET_MS: u64 = 10;
/// What a request costs that everybody in the room is told of, in milliseconds of pace: 10 a second.
pub(crate) const ANNOUNCED_MS: u64 = 100;
/// How far ahead of the clock a member may be: 1000 quiet requests or 100 announced ones at once.
const AHEAD_MS: u64 = 10_000;

/// Each request moves `paid_until` on by what it costs, and the clock catches up. The applications of people never come
/// near the bound; it keeps one member from making the engine work for a hundred thousand others without end.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    paid_until: Time,
}

impl Pace {
    /// Takes the price of a request, or refuses it.
    pub(crate) fn spend(&mut self, now: Time, cost_ms: u64) -> Result<(), Error> {
        // The upper bound matters after the clock was set back: nobody waits longer than for one request.
        let from = self.paid_until.clamp(now, now + AHEAD_MS);
        let until = from + cost_ms;
        if until > now + AHEAD_MS {
            self.paid_until = from;
            return Err(Error::new(ErrorCode::RateLimited, "too many requests; ask again in a second, and less often"));
        }
        self.paid_until = until;
        Ok(())
    }
}
