//! Links between rooms: two anchors, each of whom is in the other's room as a linked member.
//!
//! A linked member is seen, heard and viewed like any anchor. It is told nothing and counts for no limit but its own; its
//! state follows that of the member it is at home, less what is held back. Two anchors of a room may be linked with the same
//! anchor of another, who then stays until the last of the links has ended.

use std::collections::{BTreeMap, BTreeSet};

use rtc_protocol::{Error, ErrorCode, ForwardMode, LeaveReason, PushBody, Role, RoomKey, SessionId, Track, Tracks, UserId};

use crate::FactBody;
use crate::member::Member;
use crate::publication::Change;
use crate::room::{Room, Turn, not_in_room};

/// Who is linked with whom. Both ends are anchors, of rooms that are not the same.
#[derive(Debug, Default)]
pub(crate) struct Links(BTreeMap<SessionId, BTreeSet<SessionId>>);

impl Links {
    fn join(&mut self, one: SessionId, other: SessionId) {
        self.0.entry(one).or_default().insert(other);
        self.0.entry(other).or_default().insert(one);
    }

    fn part(&mut self, one: SessionId, other: SessionId) {
        for (from, to) in [(one, other), (other, one)] {
            if let Some(partners) = self.0.get_mut(&from) {
                partners.remove(&to);
                if partners.is_empty() {
                    self.0.remove(&from);
                }
            }
        }
    }

    fn are_joined(&self, one: SessionId, other: SessionId) -> bool {
        self.0.get(&one).is_some_and(|partners| partners.contains(&other))
    }

    fn partners(&self, of: SessionId) -> impl Iterator<Item = SessionId> + '_ {
        self.0.get(&of).into_iter().flatten().copied()
    }
}

impl Turn<'_> {
    /// The rooms in which a member is present as a linked one.
    fn rooms_linked_into(&self, session: SessionId) -> BTreeSet<RoomKey> {
        self.links.partners(session).filter_map(|partner| self.directory.get(&partner)).cloned().collect()
    }
}

/// A member as it is taken into another room.
struct Guest {
    session: SessionId,
    user: UserId,
    home: RoomKey,
    tracks: Tracks,
    uplink: u8,
}

/// What members ask.
impl Room {
    /// Links a member with an anchor of another room. There may be such a link already.
    pub(crate) fn connect_room(
        &mut self,
        turn: &mut Turn<'_>,
        session: SessionId,
        key: &RoomKey,
        user: &UserId,
    ) -> Result<(), Error> {
        let caller = self.members.get(&session).ok_or_else(not_in_room)?;
        if caller.role == Role::Audience {
            return Err(Error::new(ErrorCode::LinkAsAudience, "role: audience may not link rooms; become anchor first"));
        }
        if *key == self.key || key.app != self.key.app {
            return Err(Error::new(ErrorCode::LinkParameterInvalid, "room: is not another room of this app"));
        }
        let caller = caller.guest(&self.key);
        self.pay_announcement(turn, session)?;

        let other = turn.rooms.get(key).ok_or_else(|| Error::new(ErrorCode::RoomUnknown, "room: nobody is in it"))?;
        let invited = other
            .anchor_at_home(user)
            .ok_or_else(|| Error::new(ErrorCode::NoSuchStream, format!("userId: there is no anchor {user} in that room")))?;
        let guest = invited.guest(key);
        if turn.links.are_joined(session, guest.session) {
            return Ok(());
        }
        self.has_place_for_guest(&guest, turn.config.linked_anchors)?;
        other.has_place_for_guest(&caller, turn.config.linked_anchors)?;

        turn.links.join(session, guest.session);
        self.seat_guest(turn, guest);
        turn.in_room(key, |other, turn| other.seat_guest(turn, caller));
        Ok(())
    }

    /// Holds back something of a linked anchor, and lets everything else through.
    pub(crate) fn update_forward_mode(
        &mut self,
        turn: &mut Turn<'_>,
        session: SessionId,
        home: &RoomKey,
        user: &UserId,
        mode: ForwardMode,
    ) -> Result<(), Error> {
        if self.members.get(&session).ok_or_else(not_in_room)?.role == Role::Audience {
            return Err(Error::new(ErrorCode::LinkAsAudience, "role: audience is not linked with anybody"));
        }
        self.pay_announcement(turn, session)?;
        let linked = self
            .users
            .get(user)
            .copied()
            .filter(|linked| turn.links.are_joined(session, *linked) && turn.directory.get(linked) == Some(home));
        let Some(linked) = linked else {
            return Err(Error::new(
                ErrorCode::LinkParameterInvalid,
                format!("room, userId: this member is not linked with {user} of that room"),
            ));
        };
        let Some(member) = self.members.get_mut(&linked) else { return Err(not_in_room()) };
        if std::mem::replace(&mut member.held_back, mode) == mode {
            return Ok(());
        }
        self.fact(turn, FactBody::ForwardModeChanged { session: linked, user: user.clone(), mode });
        if let Some(tracks) = turn.rooms.get(home).and_then(|home| home.members.get(&linked)).map(|member| member.tracks) {
            self.follow(turn, linked, tracks);
        }
        Ok(())
    }
}

/// What becomes of links.
impl Room {
    /// Ends every link of a member, and says why it is not to be seen in other rooms any more.
    pub(crate) fn end_links(&mut self, turn: &mut Turn<'_>, session: SessionId, reason: LeaveReason) {
        for partner in turn.links.partners(session).collect::<Vec<_>>() {
            self.end_link(turn, session, partner, reason);
        }
    }

    /// Ends every link of members of this room with an anchor of another one.
    pub(crate) fn end_links_of(&mut self, turn: &mut Turn<'_>, linked: SessionId) {
        for partner in turn.links.partners(linked).collect::<Vec<_>>() {
            if turn.directory.get(&partner) == Some(&self.key) {
                self.end_link(turn, partner, linked, LeaveReason::Left);
            }
        }
    }

    fn end_link(&mut self, turn: &mut Turn<'_>, session: SessionId, linked: SessionId, reason: LeaveReason) {
        turn.links.part(session, linked);
        self.unseat_guest(turn, linked, LeaveReason::Left);
        if let Some(home) = turn.directory.get(&linked).cloned() {
            turn.in_room(&home, |other, turn| other.unseat_guest(turn, session, reason));
        }
    }

    /// The tracks of a member have changed, or are about to: the rooms it is linked into follow.
    pub(crate) fn mirror_tracks(&self, turn: &mut Turn<'_>, session: SessionId, tracks: Tracks) {
        for key in turn.rooms_linked_into(session) {
            turn.in_room(&key, |other, turn| other.follow(turn, session, tracks));
        }
    }

    /// The quality of a member's uplink has changed: the rooms it is linked into are told as well.
    pub(crate) fn mirror_uplink(&self, turn: &mut Turn<'_>, session: SessionId, uplink: u8) {
        for key in turn.rooms_linked_into(session) {
            turn.in_room(&key, |other, turn| other.set_uplink(turn, session, uplink));
        }
    }

    fn follow(&mut self, turn: &mut Turn<'_>, linked: SessionId, mut tracks: Tracks) {
        let Some(member) = self.members.get(&linked) else { return };
        for track in Track::ALL.into_iter().filter(|track| member.held_back.holds_back(*track)) {
            tracks.switch_off(track);
        }
        self.change_tracks(turn, linked, tracks, Change::Asked);
    }

    fn anchor_at_home(&self, user: &UserId) -> Option<&Member> {
        let session = self.users.get(user).filter(|session| self.anchors.contains(session))?;
        self.members.get(session).filter(|member| !member.is_linked())
    }

    fn has_place_for_guest(&self, guest: &Guest, limit: usize) -> Result<(), Error> {
        match self.users.get(&guest.user) {
            // By another link.
            Some(session) if *session == guest.session => Ok(()),
            Some(_) => Err(Error::new(
                ErrorCode::LinkParameterInvalid,
                format!("userId: there is a {} in both rooms, whom nobody could tell apart", guest.user),
            )),
            None if self.linked.len() >= limit => Err(Error::new(
                ErrorCode::RoomFull,
                format!("room: one of the two is linked with {limit} anchors, which are all it may have"),
            )),
            None => Ok(()),
        }
    }

    fn seat_guest(&mut self, turn: &mut Turn<'_>, guest: Guest) {
        let Guest { session, user, home, tracks, uplink } = guest;
        if self.members.contains_key(&session) {
            return;
        }
        let member = Member::linked(session, user.clone(), turn.now);
        let view = member.view();
        self.users.insert(user.clone(), session);
        self.anchors.insert(session);
        self.linked.insert(session);
        self.members.insert(session, member);
        self.fact(turn, FactBody::LinkStarted { session, user, home });
        self.tell_others(turn, session, &PushBody::MemberEntered(view));
        self.follow(turn, session, tracks);
        self.set_uplink(turn, session, uplink);
    }

    /// Takes a linked member out, unless somebody here is linked with it still.
    fn unseat_guest(&mut self, turn: &mut Turn<'_>, linked: SessionId, reason: LeaveReason) {
        if turn.links.partners(linked).any(|partner| turn.directory.get(&partner) == Some(&self.key)) {
            return;
        }
        self.change_tracks(turn, linked, Tracks::default(), Change::Left);
        let Some((member, _)) = self.unseat(linked) else { return };
        self.fact(turn, FactBody::LinkEnded { session: linked, user: member.user.clone() });
        self.tell_left(turn, linked, &member.user, reason);
    }
}

impl Member {
    fn guest(&self, home: &RoomKey) -> Guest {
        let Self { session, tracks, uplink, .. } = *self;
        Guest { session, user: self.user.clone(), home: home.clone(), tracks, uplink }
    }
}
