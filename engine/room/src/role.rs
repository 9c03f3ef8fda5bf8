//! Becoming anchor or audience, in live scenes.

use rtc_protocol::{Error, ErrorCode, LeaveReason, PushBody, Role, SceneClass, SessionId, Tracks};

use crate::publication::Change;
use crate::room::{Room, Turn, not_in_room};
use crate::{FactBody, Permissions};

impl Room {
    /// Gives a member a role, and new permissions if it brought any. Either both take effect or none.
    pub(crate) fn switch_role(
        &mut self,
        turn: &mut Turn<'_>,
        session: SessionId,
        role: Role,
        permissions: Option<Permissions>,
    ) -> Result<(), Error> {
        let former = self.members.get(&session).ok_or_else(not_in_room)?.role;
        if self.class() == SceneClass::Call {
            return Err(Error::new(
                ErrorCode::SceneOrRoleMismatch,
                format!("role: there are no roles in {:?}; they exist in Live and VoiceChatRoom", self.scene),
            ));
        }
        if role == Role::Anchor && former == Role::Audience {
            let limit = turn.config.live_anchors;
            if self.anchors.len() - self.linked.len() >= limit {
                return Err(Error::new(ErrorCode::RoomFull, format!("the room has all the {limit} anchors it may have")));
            }
            self.pay_announcement(turn, session)?;
        }

        if let Some(permissions) = permissions {
            self.change_permissions(turn, session, permissions);
        }
        match (former, role) {
            (Role::Audience, Role::Anchor) => self.become_anchor(turn, session),
            (Role::Anchor, Role::Audience) => self.become_audience(turn, session),
            (Role::Anchor, Role::Anchor) | (Role::Audience, Role::Audience) => {}
        }
        Ok(())
    }

    fn become_anchor(&mut self, turn: &mut Turn<'_>, session: SessionId) {
        let Some(member) = self.members.get_mut(&session) else { return };
        member.role = Role::Anchor;
        let view = member.view();
        self.anchors.insert(session);
        self.fact(turn, FactBody::RoleChanged { session, user: view.user_id.clone(), role: Role::Anchor });
        self.tell_others(turn, session, &PushBody::MemberEntered(view));
    }

    fn become_audience(&mut self, turn: &mut Turn<'_>, session: SessionId) {
        self.end_links(turn, session, LeaveReason::BecameAudience);
        self.change_tracks(turn, session, Tracks::default(), Change::Asked);
        let Some(member) = self.members.get_mut(&session) else { return };
        member.role = Role::Audience;
        let user = member.user.clone();
        self.anchors.remove(&session);
        self.fact(turn, FactBody::RoleChanged { session, user: user.clone(), role: Role::Audience });
        self.tell_left(turn, session, &user, LeaveReason::BecameAudience);
    }
}
