//! Leaving a room, in every way, and what becomes of a room nobody is in.

use std::mem;

use rtc_protocol::{PushBody, RemovalReason, Role, SceneClass, SessionId, Track, Tracks, UserId};

use crate::member::Member;
use crate::publication::Change;
use crate::room::{Room, Turn};
use crate::timers::Timer;
use crate::{EndCause, FactBody, LeaveCause, MediaCommand};

impl LeaveCause {
    /// What the member itself is told. Whoever left by itself knows, and whoever was away cannot be told.
    fn removal(self) -> Option<RemovalReason> {
        match self {
            Self::Left | Self::TimedOut => None,
            Self::Removed => Some(RemovalReason::Banned),
            Self::Dismissed => Some(RemovalReason::RoomDisband),
            Self::Replaced => Some(RemovalReason::Kick),
        }
    }
}

impl Room {
    /// A member leaves by itself.
    pub(crate) fn exit(&mut self, turn: &mut Turn<'_>, session: SessionId) {
        self.leave(turn, session, LeaveCause::Left);
    }

    /// A member has been away too long.
    pub(crate) fn evict(&mut self, turn: &mut Turn<'_>, session: SessionId) {
        self.leave(turn, session, LeaveCause::TimedOut);
    }

    /// The server removes users. They may enter again at once. Of a linked anchor the link ends, and it stays in its room.
    pub(crate) fn remove_users(&mut self, turn: &mut Turn<'_>, users: &[UserId]) {
        for user in users {
            match self.users.get(user).copied() {
                Some(linked) if self.linked.contains(&linked) => self.end_links_of(turn, linked),
                Some(session) => self.leave(turn, session, LeaveCause::Removed),
                None => {}
            }
        }
    }

    /// Takes a member out. The others are told that it publishes nothing, then that it is gone; then it is told itself.
    /// A room that this leaves empty ends or is kept, except while the same user takes the place.
    pub(crate) fn leave(&mut self, turn: &mut Turn<'_>, session: SessionId, cause: LeaveCause) {
        self.end_links(turn, session, cause.reason());
        self.change_tracks(turn, session, Tracks::default(), Change::Left);
        let Some((mut member, announced)) = self.unseat(session) else { return };
        strike(turn, &member);
        self.record_views_ended(turn, &member);
        self.record_departure(turn, &member, cause);
        turn.outbox.media(MediaCommand::Close { session });

        if announced {
            self.tell_left(turn, session, &member.user, cause.reason());
        }
        if let Some(reason) = cause.removal() {
            member.tell_removed(turn, reason);
        }
        if self.members.is_empty() && cause != LeaveCause::Replaced {
            self.emptied(turn, member.role, cause);
        }
        turn.outbox.close(session);
    }

    /// Takes a member out of its place, in silence, and says whether it was announced.
    pub(crate) fn unseat(&mut self, session: SessionId) -> Option<(Member, bool)> {
        let member = self.members.remove(&session)?;
        self.users.remove(&member.user);
        self.linked.remove(&session);
        let announced = self.anchors.remove(&session);
        Some((member, announced))
    }

    /// The server ends the room. Nobody is told of anybody else any more, once the links with other rooms have ended.
    pub(crate) fn dismiss(&mut self, turn: &mut Turn<'_>) {
        for linked in self.linked.clone() {
            self.end_links_of(turn, linked);
        }
        for member in self.members.values() {
            strike(turn, member);
            self.record_views_ended(turn, member);
        }
        for member in self.members.values() {
            for track in Track::ALL.into_iter().filter(|track| member.publishes(*track)) {
                let (session, user) = (member.session, member.user.clone());
                self.fact(turn, FactBody::StreamStopped { session, user, track, left: true });
            }
            self.record_departure(turn, member, LeaveCause::Dismissed);
        }
        self.end(turn, EndCause::Dismissed);

        self.users.clear();
        self.anchors.clear();
        for (session, mut member) in mem::take(&mut self.members) {
            turn.outbox.media(MediaCommand::Close { session });
            member.tell_removed(turn, RemovalReason::RoomDisband);
            turn.outbox.close(session);
        }
    }

    /// Nobody came while the room was kept.
    pub(crate) fn kept_in_vain(&mut self, turn: &mut Turn<'_>) {
        if self.kept_until.is_some() {
            self.end(turn, EndCause::Emptied);
        }
    }

    /// The last member went. A live room outlives its audience for a while, so that a host who comes late finds it; it
    /// does not outlive its last anchor, nor members that all dropped out.
    pub(crate) fn emptied(&mut self, turn: &mut Turn<'_>, last: Role, cause: LeaveCause) {
        if self.class() == SceneClass::Live && last == Role::Audience && cause != LeaveCause::TimedOut {
            let until = turn.now + turn.config.live_room_kept_ms;
            self.kept_until = Some(until);
            turn.timers.set(until, Timer::EndRoom(self.key.clone()));
            self.quality.cancel(turn, &self.key);
        } else {
            self.end(turn, EndCause::Emptied);
        }
    }

    fn end(&mut self, turn: &mut Turn<'_>, cause: EndCause) {
        if let Some(at) = self.kept_until.take() {
            turn.timers.cancel(at, Timer::EndRoom(self.key.clone()));
        }
        self.quality.cancel(turn, &self.key);
        self.fact(turn, FactBody::RoomEnded { cause });
        self.over = true;
    }

    fn record_views_ended(&self, turn: &mut Turn<'_>, viewer: &Member) {
        for source in viewer.views.keys() {
            if let Some(publisher) = self.members.get(&source.publisher) {
                self.fact(turn, viewer.unsubscribed(publisher, source.track));
            }
        }
    }

    pub(crate) fn record_departure(&self, turn: &mut Turn<'_>, member: &Member, cause: LeaveCause) {
        let (session, user, role, kind) = (member.session, member.user.clone(), member.role, member.kind);
        self.fact(turn, FactBody::MemberLeft { session, user, role, kind, cause });
    }
}

impl Member {
    fn tell_removed(&mut self, turn: &mut Turn<'_>, reason: RemovalReason) {
        self.tell(turn.outbox, PushBody::Removed { reason, exit_reason: reason.exit_reason() });
    }
}

/// Forgets where a member is and that it is to be evicted.
fn strike(turn: &mut Turn<'_>, member: &Member) {
    turn.directory.remove(&member.session);
    if let Some(at) = member.away_until {
        turn.timers.cancel(at, Timer::Evict(member.session));
    }
}
