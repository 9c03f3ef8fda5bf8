//! Entering a room, and coming back to it.

use std::collections::BTreeSet;

use rtc_protocol::{Error, ErrorCode, PushBody, Role, SceneClass, SdkInfo, SessionId, Snapshot};

use crate::member::{Arrival, Member, Origin};
use crate::membership::Hearing;
use crate::room::{Room, Turn, not_in_room};
use crate::timers::Timer;
use crate::{Enter, FactBody, LeaveCause, Permissions, RoomConfig, Time};

/// The most bytes kept of each text that describes an SDK.
const SDK_TEXT_BYTES: usize = 128;
/// The most bytes of a `userDefineRecordId`.
const RECORD_ID_BYTES: usize = 64;

impl Enter {
    /// What can be said without looking at the room.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if !self.permissions.allow(Permissions::ENTER) {
            return Err(Error::new(ErrorCode::NoPermissionToEnter, "privateMapKey: does not allow to enter this room"));
        }
        let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        match &self.record_id {
            Some(id) if id.len() > RECORD_ID_BYTES || !id.chars().all(word) => Err(Error::new(
                ErrorCode::InvalidParameter,
                format!("userDefineRecordId: is not at most {RECORD_ID_BYTES} of the characters A-Z a-z 0-9 _ -"),
            )),
            _ => Ok(()),
        }
    }

    /// The role it gets: call scenes know only anchors.
    fn granted_role(&self) -> Role {
        match self.scene.class() {
            SceneClass::Call => Role::Anchor,
            SceneClass::Live => self.role,
        }
    }

    fn arrival(self, now: Time) -> Arrival {
        let role = self.granted_role();
        let Self { session, user, kind, permissions, auto_receive_audio, sdk, address, record_id, .. } = self;
        let hearing = Hearing { everybody: auto_receive_audio, except: BTreeSet::new() };
        let origin = Origin { entered: now, sdk: cut(sdk), address, record_id };
        Arrival { session, user, role, kind, permissions, hearing, origin }
    }
}

impl Room {
    /// Whether there is a place. A session of the same user makes room for this one.
    pub(crate) fn admit(&self, enter: &Enter, config: &RoomConfig) -> Result<(), Error> {
        if enter.scene.class() != self.class() {
            return Err(Error::new(
                ErrorCode::SceneOrRoleMismatch,
                format!(
                    "scene: this room was made as {:?}, and {:?} does not meet it; enter with {} or choose another room",
                    self.scene,
                    enter.scene,
                    match self.class() {
                        SceneClass::Call => "VideoCall or AudioCall (the Web's rtc)",
                        SceneClass::Live => "Live or VoiceChatRoom (the Web's live)",
                    }
                ),
            ));
        }
        let at_home = |session| self.members.get(session).filter(|member| !member.is_linked());
        let replaced = self.users.get(&enter.user).and_then(at_home);
        let taken = |role: Role| {
            let all = match role {
                Role::Anchor => self.anchors.len() - self.linked.len(),
                Role::Audience => self.members.len() - self.anchors.len(),
            };
            all - usize::from(replaced.is_some_and(|member| member.role == role))
        };
        let role = enter.granted_role();
        let (limit, what) = match (self.class(), role) {
            (SceneClass::Call, _) => (config.call_members, "members"),
            (SceneClass::Live, Role::Anchor) => (config.live_anchors, "anchors"),
            (SceneClass::Live, Role::Audience) => (config.live_audience, "audience members"),
        };
        if taken(role) >= limit {
            return Err(Error::new(ErrorCode::RoomFull, format!("the room has all the {limit} {what} it may have")));
        }
        Ok(())
    }

    /// Takes a member in who has been admitted, in place of an earlier session of the same user.
    pub(crate) fn enter(&mut self, turn: &mut Turn<'_>, enter: Enter) -> Result<Snapshot, Error> {
        let member = Member::new(enter.arrival(turn.now));
        let session = member.session;
        self.welcome(turn, member);
        self.recover(turn, session)
    }

    /// Gives a member its place, in place of an earlier session or of a linked member of the same user, and announces it.
    pub(crate) fn welcome(&mut self, turn: &mut Turn<'_>, member: Member) {
        if let Some(at) = self.kept_until.take() {
            turn.timers.cancel(at, Timer::EndRoom(self.key.clone()));
        }
        let replaced = self.users.get(&member.user).copied();
        let again = replaced.is_some_and(|earlier| !self.linked.contains(&earlier));
        match replaced {
            Some(earlier) if again => self.leave(turn, earlier, LeaveCause::Replaced),
            Some(linked) => self.end_links_of(turn, linked),
            None => {}
        }

        let (session, user, role, kind) = (member.session, member.user.clone(), member.role, member.kind);
        let (info, record_id) = (member.info(), member.origin.record_id.clone());
        let entered = PushBody::MemberEntered(member.view());
        self.seat(turn, member);

        self.fact(turn, info);
        self.fact(turn, FactBody::MemberEntered { session, user, role, kind, again, record_id });
        self.hear_everybody(turn, session);
        if role == Role::Anchor {
            self.tell_others(turn, session, &entered);
        }
    }

    /// Makes room for a member, in silence.
    pub(crate) fn seat(&mut self, turn: &mut Turn<'_>, member: Member) {
        let session = member.session;
        self.users.insert(member.user.clone(), session);
        if member.role == Role::Anchor {
            self.anchors.insert(session);
        }
        self.members.insert(session, member);
        turn.directory.insert(session, self.key.clone());
    }

    /// The connection of a member is lost. It keeps its place, and nobody is told.
    pub(crate) fn connection_lost(&mut self, turn: &mut Turn<'_>, session: SessionId) {
        let Some(member) = self.members.get_mut(&session) else { return };
        if !member.connected() {
            return;
        }
        let until = turn.now + turn.config.away_ms;
        member.away_until = Some(until);
        turn.timers.set(until, Timer::Evict(session));
        let user = member.user.clone();
        self.fact(turn, FactBody::ConnectionLost { session, user });
    }

    /// A member is back.
    pub(crate) fn resume(&mut self, turn: &mut Turn<'_>, session: SessionId) -> Result<Snapshot, Error> {
        let member = self.members.get_mut(&session).ok_or_else(not_in_room)?;
        if let Some(until) = member.away_until.take() {
            turn.timers.cancel(until, Timer::Evict(session));
            let user = member.user.clone();
            self.fact(turn, FactBody::ConnectionResumed { session, user });
        }
        self.recover(turn, session)
    }

    /// The snapshot, for a member that may have missed pushes.
    pub(crate) fn recover(&mut self, turn: &mut Turn<'_>, session: SessionId) -> Result<Snapshot, Error> {
        self.qualities_missed(turn, session);
        self.snapshot(session)
    }
}

fn cut(sdk: SdkInfo) -> SdkInfo {
    let cut = |mut text: String| {
        text.truncate(text.floor_char_boundary(SDK_TEXT_BYTES));
        text
    };
    SdkInfo { name: cut(sdk.name), version: cut(sdk.version), platform: cut(sdk.platform) }
}
