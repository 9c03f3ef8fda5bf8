//! Members who were put out while they were away and could not be told: they are told when they come back.

use std::collections::{HashMap, VecDeque};

use rtc_protocol::{RemovalReason, RoomKey, SessionId, UserId};
use rtc_room::{LeaveCause, Time};

use super::token::{ResumeToken, TokenHash};

/// How many are remembered.
const MOST: usize = 10_000;
/// For how long, in milliseconds: somewhat longer than a client tries to come back.
const KEPT_MS: u64 = 300_000;

#[derive(Debug, Default)]
pub(super) struct Departed {
    by_session: HashMap<SessionId, Departure>,
    order: VecDeque<SessionId>,
}

#[derive(Debug)]
pub(super) struct Departure {
    pub(super) room: RoomKey,
    pub(super) user: UserId,
    pub(super) token: TokenHash,
    pub(super) reason: RemovalReason,
    pub(super) at: Time,
}

/// What somebody who was away is told when it comes back too late. Not that it was away too long: it knows, and enters
/// again.
pub(super) fn reason(cause: LeaveCause) -> Option<RemovalReason> {
    match cause {
        LeaveCause::Left | LeaveCause::TimedOut => None,
        LeaveCause::Removed => Some(RemovalReason::Banned),
        LeaveCause::Dismissed => Some(RemovalReason::RoomDisband),
        LeaveCause::Replaced => Some(RemovalReason::Kick),
    }
}

impl Departed {
    pub(super) fn remember(&mut self, session: SessionId, departure: Departure) {
        let now = departure.at;
        while let Some(oldest) = self.order.front() {
            let old = self.by_session.get(oldest).is_none_or(|departure| now.since(departure.at) > KEPT_MS);
            if !old && self.order.len() < MOST {
                break;
            }
            self.by_session.remove(oldest);
            self.order.pop_front();
        }
        self.by_session.insert(session, departure);
        self.order.push_back(session);
    }

    /// The departure this token is of, if it was not too long ago. It is told once.
    pub(super) fn take(&mut self, now: Time, token: &ResumeToken, room: &RoomKey, user: &UserId) -> Option<RemovalReason> {
        let departure = self.by_session.get(&token.session)?;
        let is_it = departure.token.is_of(token) && departure.room == *room && departure.user == *user;
        if !is_it || now.since(departure.at) > KEPT_MS {
            return None;
        }
        self.by_session.remove(&token.session).map(|departure| departure.reason)
    }
}

#[cfg(test)]
mod tests {
    use rtc_protocol::{RoomId, SdkAppId};

    use super::*;

    fn departure(token: &ResumeToken, at: u64) -> Departure {
        Departure {
            room: RoomKey { app: SdkAppId(1), room: RoomId::Number(1) },
            user: UserId::parse("ann").expect("a good id"),
            token: token.hash(),
            reason: RemovalReason::Banned,
            at: Time(at),
        }
    }

    #[test]
    fn who_comes_back_is_told_once_and_in_time() {
        let mut departed = Departed::default();
        let tokens: Vec<_> = (0..3).map(|n| ResumeToken::new(SessionId(n))).collect();
        for token in &tokens {
            departed.remember(token.session, departure(token, 0));
        }
        let Departure { room, user, .. } = departure(&tokens[0], 0);
        assert_eq!(departed.take(Time(10), &tokens[0], &room, &user), Some(RemovalReason::Banned));
        assert_eq!(departed.take(Time(10), &tokens[0], &room, &user), None);
        assert_eq!(departed.take(Time(10), &ResumeToken::new(SessionId(1)), &room, &user), None, "another's token");
        assert_eq!(departed.take(Time(KEPT_MS + 1), &tokens[2], &room, &user), None, "too late");
    }

    #[test]
    fn it_does_not_grow_for_ever() {
        let mut departed = Departed::default();
        for n in 0..MOST as u64 + 100 {
            let token = ResumeToken::new(SessionId(n));
            departed.remember(token.session, departure(&token, n));
        }
        assert_eq!(departed.by_session.len(), MOST);
        let late = ResumeToken::new(SessionId(u64::MAX));
        departed.remember(late.session, departure(&late, 10 * KEPT_MS));
        assert_eq!((departed.by_session.len(), departed.order.len()), (1, 1));
    }
}
