//! Coming back after the WebSocket was lost: when the next attempt is made, and when the session gives up.

use std::time::{Duration, Instant};

use super::arriving::Aim;
use super::{COMING_BACK, Connection, MediaState, Phase, Session};
use crate::signaling::{Asked, Signaling};
use crate::{Ending, Event, Failure, code};

const FIRST_RETRY: Duration = Duration::from_millis(200);
/// The longest pause: while networks change, and when it takes longer than that.
const SHORT_RETRY: Duration = Duration::from_secs(1);
const LAST_RETRY: Duration = Duration::from_secs(2);
const SOON: Duration = Duration::from_secs(30);
/// The engine keeps an absent member for 90 s; we go on for a little longer, since entering again is tried as well.
const GIVE_UP: Duration = Duration::from_secs(120);
/// At least so many attempts are made after that: a laptop that slept for an hour deserves some.
const LAST_ATTEMPTS: u32 = 3;

/// An outage under way.
#[derive(Debug, Default)]
pub(super) struct Rejoining {
    since: Option<Instant>,
    delay: Duration,
    /// Attempts made after [`GIVE_UP`].
    late: u32,
}

impl Rejoining {
    /// The pause before the next attempt; nothing when it is time to give up. `spread` keeps a room from coming back
    /// in one instant.
    fn next(&mut self, now: Instant, spread: u8) -> Option<Duration> {
        let since = *self.since.get_or_insert(now);
        let age = now.saturating_duration_since(since);
        if age > GIVE_UP {
            self.late += 1;
        }
        if self.late >= LAST_ATTEMPTS {
            return None;
        }
        let delay = self.delay;
        let longest = if age < SOON { SHORT_RETRY } else { LAST_RETRY };
        self.delay = (delay * 2).clamp(FIRST_RETRY, longest) * (800 + 400 * u32::from(spread) / 256) / 1000;
        Some(delay)
    }
}

impl Session {
    /// The connection on which we were known is gone.
    pub(super) fn signaling_lost(&mut self, now: Instant, first_pause: Duration) {
        let broken = Connection::Broken { retry_at: Some(now + first_pause) };
        if let Connection::Up(signaling) = std::mem::replace(&mut self.connection, broken) {
            self.unanswered(now, signaling);
        }
        self.rejoining = Rejoining { since: Some(now), delay: FIRST_RETRY * 2, late: 0 };
        self.alarms.verdict = None;
        self.update_state();
    }

    /// Gives the connection up, to come back on another.
    pub(super) fn drop_connection(&mut self, now: Instant, why: &str) {
        self.drop_connection_for(now, FIRST_RETRY, why);
    }

    /// The same, and not before a pause.
    pub(super) fn drop_connection_for(&mut self, now: Instant, pause: Duration, why: &str) {
        tracing::info!(why, "signaling dropped");
        let Connection::Up(signaling) = &self.connection else { return };
        let socket = signaling.socket;
        self.outputs.push_back(crate::Output::CloseSocket { socket, code: COMING_BACK, reason: "coming back" });
        match self.phase {
            Phase::Leaving { .. } => self.over_by_own_will(),
            _ => self.signaling_lost(now, pause),
        }
    }

    pub(super) fn socket_closed(&mut self, now: Instant, socket: crate::SocketId, why: &str) {
        match &self.connection {
            Connection::Joining(joining) if joining.signaling.socket == socket => {
                self.connection = Connection::Broken { retry_at: None };
                let failure = self.unreachable(why);
                self.join_failed(now, failure, true);
            }
            Connection::Up(signaling) if signaling.socket == socket => match self.phase {
                Phase::Leaving { .. } => self.over_by_own_will(),
                _ => self.signaling_lost(now, FIRST_RETRY),
            },
            _ => {}
        }
    }

    /// An attempt to come back failed.
    pub(super) fn rejoin_failed(&mut self, now: Instant, failure: Failure) {
        if !failure.is_passing() {
            tracing::info!(%failure, "refused on coming back");
            self.exited(Ending::Failed(failure));
            return;
        }
        match self.rejoining.next(now, self.spread()) {
            Some(pause) => self.connection = Connection::Broken { retry_at: Some(now + pause) },
            None => {
                let words = "the engine could not be reached again; enter anew when the network is back";
                self.exited(Ending::Failed(Failure::local(code::CONNECT_SERVER_TIMEOUT, words)));
            }
        }
    }

    /// Time passes on the way to the engine.
    pub(super) fn signaling_due(&mut self, now: Instant) {
        if let Phase::Leaving { until } = self.phase
            && until <= now
        {
            self.over_by_own_will();
            return;
        }
        match &mut self.connection {
            Connection::Broken { retry_at } => {
                if super::due(retry_at, now) {
                    self.retry(now);
                }
            }
            Connection::Joining(_) => self.joining_due(now),
            Connection::Up(signaling) => {
                signaling.expect_reports(self.media.state == MediaState::Up);
                if let Some(asked) = signaling.overdue(now) {
                    match asked {
                        Asked::Report => self.drop_connection(now, "no heartbeat"),
                        Asked::Snapshot => self.drop_connection(now, "no snapshot"),
                        asked => {
                            let failure = asked.timed_out();
                            self.answered(now, asked, Err(failure), ANSWER_TOOK);
                        }
                    }
                }
            }
        }
    }

    fn retry(&mut self, now: Instant) {
        match self.phase {
            Phase::Entering { .. } => self.enter_anew(now),
            Phase::Inside => {
                self.tell(Event::Reconnecting);
                if self.membership.resume.is_some() {
                    self.join(now, Aim::Return);
                } else {
                    self.enter_anew(now);
                }
            }
            Phase::Leaving { .. } | Phase::Over => {}
        }
    }

    /// What was asked on a connection that is gone: wishes are asked again, the rest has failed.
    fn unanswered(&mut self, now: Instant, signaling: Signaling) {
        self.membership.last_push = self.membership.last_push.max(signaling.last_push());
        for asked in signaling.unanswered() {
            match asked {
                Asked::Message { .. }
                | Asked::SwitchRoom(_)
                | Asked::ConnectRoom { .. }
                | Asked::DisconnectRoom
                | Asked::ForwardMode { .. } => {
                    let words = "the connection was lost before the engine answered";
                    self.answered(now, asked, Err(Failure::local(code::REQUEST_TIMEOUT, words)), ANSWER_TOOK);
                }
                Asked::Offer { .. } => self.offer_lost(),
                // A change of role is remembered; publications and views are compared with what the engine says.
                _ => {}
            }
        }
    }

    /// A number of this user's own, without randomness (FNV-1a over the user id).
    fn spread(&self) -> u8 {
        let hash =
            self.params.user_id.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        (hash & 0xff) as u8
    }
}

/// How long an answer took that did not come: nothing is measured by it.
const ANSWER_TOOK: Option<Duration> = None;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_second_at_first_and_to_two_later_and_end_after_two_minutes() {
        let began = Instant::now();
        let mut now = began;
        let mut rejoining = Rejoining { since: Some(now), delay: FIRST_RETRY, late: 0 };
        let mut pauses = Vec::new();
        while let Some(pause) = rejoining.next(now, 128) {
            pauses.push(pause);
            now += pause + Duration::from_millis(10);
        }
        assert_eq!(pauses[..4], [200, 400, 800, 1000].map(Duration::from_millis));
        let (short, long) = pauses[4..].split_at(pauses[4..].partition_point(|pause| *pause == SHORT_RETRY));
        assert!(short.iter().sum::<Duration>() < SOON && long.iter().all(|pause| *pause == LAST_RETRY));
        assert!(now - began > GIVE_UP && now - began < GIVE_UP + LAST_RETRY * 4);
    }
}
