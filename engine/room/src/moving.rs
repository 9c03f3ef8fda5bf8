//! Moving to another room: a member keeps its session, and so its connections, and everything it publishes.

use rtc_protocol::{Error, RoomKey, SessionId, Snapshot, Track, TrackState, Tracks};

use crate::member::Member;
use crate::publication::Change;
use crate::room::{Room, Turn};
use crate::{Enter, LeaveCause, Permissions, RoomConfig};

/// A member that wants to be in another room: what it would ask if it entered there anew, and what it would publish.
pub(crate) struct Mover {
    pub(crate) enter: Enter,
    tracks: Tracks,
}

/// A member between two rooms.
pub(crate) struct Moving {
    member: Member,
    tracks: Tracks,
}

impl Room {
    /// A member as one that would enter `key`. Nothing while it is away: then there is nobody who could ask.
    pub(crate) fn mover(&self, session: SessionId, key: &RoomKey, permissions: Permissions) -> Option<Mover> {
        let member = self.members.get(&session).filter(|member| member.connected())?;
        let enter = Enter {
            session,
            key: key.clone(),
            user: member.user.clone(),
            scene: self.scene,
            role: member.role,
            kind: member.kind,
            permissions,
            auto_receive_audio: member.hearing.everybody,
            sdk: member.origin.sdk.clone(),
            address: member.origin.address.clone(),
            record_id: member.origin.record_id.clone(),
        };
        Some(Mover { enter, tracks: permissions.cut(member.tracks) })
    }

    /// Whether there is a place for a mover and what it publishes.
    pub(crate) fn admit_mover(&self, mover: &Mover, config: &RoomConfig) -> Result<(), Error> {
        self.admit(&mover.enter, config)?;
        // A session of the same user makes room for this one, with what it publishes.
        let replaced = self.users.get(&mover.enter.user).copied().unwrap_or(mover.enter.session);
        let mut published = Track::ALL.into_iter().filter(|track| mover.tracks.state(*track) != TrackState::Off);
        published.try_for_each(|track| self.has_place_for(config, replaced, track))
    }

    /// Takes a member out that goes to another room. The others are told as if it left.
    pub(crate) fn depart(&mut self, turn: &mut Turn<'_>, session: SessionId) -> Option<Moving> {
        let cause = LeaveCause::Left;
        let tracks = self.members.get(&session)?.tracks;
        self.end_links(turn, session, cause.reason());
        self.change_tracks(turn, session, Tracks::default(), Change::Left);
        self.end_own_reception(turn, session);
        let (member, announced) = self.unseat(session)?;
        turn.directory.remove(&session);
        self.record_departure(turn, &member, cause);
        if announced {
            self.tell_left(turn, session, &member.user, cause.reason());
        }
        if self.members.is_empty() {
            self.emptied(turn, member.role, cause);
        }
        Some(Moving { member, tracks })
    }

    /// Takes a member in that comes from another room and has been admitted.
    pub(crate) fn arrive(&mut self, turn: &mut Turn<'_>, moving: Moving, permissions: Permissions) -> Result<Snapshot, Error> {
        let Moving { mut member, tracks } = moving;
        let session = member.session;
        member.permissions = permissions;
        member.origin.entered = turn.now;
        member.slots.clear();
        self.welcome(turn, member);
        self.change_tracks(turn, session, permissions.cut(tracks), Change::Asked);
        self.recover(turn, session)
    }
}
