//! What a member receives: the microphones it hears and the video it views.
//!
//! Hearing is a wish that holds for microphones to come; which ones a member hears follows from it. A view is of one
//! published track and ends with it.

use std::collections::BTreeSet;

use rtc_protocol::{Error, ErrorCode, Layer, Listen, SessionId, Track, TrackRef, Unview, UserId, View};

use crate::member::Member;
use crate::publication::Change;
use crate::room::{Room, Turn, not_in_room};
use crate::{FactBody, MediaCommand, Permissions};

impl Room {
    /// Views a video track, or another layer of it.
    pub(crate) fn view(&mut self, turn: &mut Turn<'_>, session: SessionId, view: &View) -> Result<(), Error> {
        let viewer = self.members.get(&session).ok_or_else(not_in_room)?;
        let track = Track::video_of(view.stream);
        may_receive(viewer, track)?;
        let publisher = self.visible(session, &view.user_id).filter(|publisher| publisher.publishes(track));
        let Some(publisher) = publisher else {
            return Err(Error::new(
                ErrorCode::NoSuchStream,
                format!("userId, stream: {} does not publish its {track:?} in this room", view.user_id),
            ));
        };
        // Only a camera has layers.
        let layer = if track == Track::Camera { view.layer } else { Layer::Big };
        let source = publisher.source(track);
        let fact = viewer.subscribed(publisher, track, layer);

        let Some(viewer) = self.members.get_mut(&session) else { return Err(not_in_room()) };
        match viewer.views.get(&source) {
            Some(former) if *former == layer => return Ok(()),
            None if viewer.views.len() >= turn.config.views => {
                return Err(Error::new(
                    ErrorCode::SlotsExhausted,
                    format!("{} views at the same time are all a member may have; end one first", turn.config.views),
                ));
            }
            _ => {}
        }
        viewer.views.insert(source, layer);
        self.fact(turn, fact);
        turn.outbox.media(MediaCommand::View { viewer: session, source, layer });
        Ok(())
    }

    /// Ends a view; there need not be one.
    pub(crate) fn unview(&mut self, turn: &mut Turn<'_>, session: SessionId, unview: &Unview) {
        let Unview { user_id, stream } = unview;
        if let Some(publisher) = self.visible(session, user_id) {
            let source = publisher.source(Track::video_of(*stream));
            self.end_view(turn, session, source);
        }
    }

    /// Hears one user, or everybody, or not.
    pub(crate) fn listen(&mut self, turn: &mut Turn<'_>, session: SessionId, listen: &Listen) -> Result<(), Error> {
        let listener = self.members.get(&session).ok_or_else(not_in_room)?;
        if listen.on {
            may_receive(listener, Track::Microphone)?;
        }
        let max = turn.config.listen_exceptions;
        let user = listener.user.clone();
        let is_new = self.change_hearing(turn, session, |listener| match &listen.user_id {
            Some(user) => listener.hearing.set(user, listen.on, max),
            None => Some(listener.hearing.set_everybody(listen.on)),
        });
        let Some(is_new) = is_new.ok_or_else(not_in_room)? else {
            return Err(Error::new(
                ErrorCode::InvalidParameter,
                format!("userId: {max} users are singled out already; listen without a userId sets all of them anew"),
            ));
        };
        if is_new {
            self.fact(turn, FactBody::HearingChanged { session, user, whom: listen.user_id.clone(), on: listen.on });
        }
        Ok(())
    }

    /// A member's permissions are others now: what they do not allow any more ends, what they newly allow to hear begins.
    pub(crate) fn change_permissions(&mut self, turn: &mut Turn<'_>, session: SessionId, permissions: Permissions) {
        let Some(member) = self.members.get(&session) else { return };
        if member.permissions == permissions {
            return;
        }
        let user = member.user.clone();
        self.fact(turn, FactBody::PermissionsChanged { session, user, permissions });
        self.change_hearing(turn, session, |member| member.permissions = permissions);
        let Some(member) = self.members.get(&session) else { return };
        let tracks = permissions.cut(member.tracks);
        let ended: Vec<TrackRef> =
            member.views.keys().copied().filter(|source| !permissions.allow(Permissions::to_receive(source.track))).collect();
        for source in ended {
            self.end_view(turn, session, source);
        }
        self.change_tracks(turn, session, tracks, Change::Asked);
    }

    /// A new member hears whom it wants to hear.
    pub(crate) fn hear_everybody(&self, turn: &mut Turn<'_>, listener: SessionId) {
        for source in self.heard_by(listener) {
            turn.outbox.media(MediaCommand::Hear { viewer: listener, source });
        }
    }

    /// A microphone has been published: whoever wants to hear it does.
    pub(crate) fn let_hear(&self, turn: &mut Turn<'_>, publisher: SessionId) {
        let Some(publisher) = self.members.get(&publisher) else { return };
        let source = publisher.source(Track::Microphone);
        for listener in self.members.values().filter(|listener| listener.hears(publisher)) {
            turn.outbox.media(MediaCommand::Hear { viewer: listener.session, source });
        }
    }

    /// A track is published no more: whoever received it does so no more.
    pub(crate) fn end_reception(&mut self, turn: &mut Turn<'_>, source: TrackRef) {
        let Some(publisher) = self.members.get(&source.publisher) else { return };
        if source.track == Track::Microphone {
            for listener in self.members.values().filter(|listener| listener.hears(publisher)) {
                turn.outbox.media(MediaCommand::Unhear { viewer: listener.session, source });
            }
            return;
        }
        let viewers = self.members.values().filter(|member| member.views.contains_key(&source));
        for viewer in viewers.map(|viewer| viewer.session).collect::<Vec<_>>() {
            self.end_view(turn, viewer, source);
        }
    }

    /// A member that lives on elsewhere receives nothing of this room any more.
    pub(crate) fn end_own_reception(&mut self, turn: &mut Turn<'_>, session: SessionId) {
        for source in self.heard_by(session) {
            turn.outbox.media(MediaCommand::Unhear { viewer: session, source });
        }
        let Some(member) = self.members.get(&session) else { return };
        for source in member.views.keys().copied().collect::<Vec<_>>() {
            self.end_view(turn, session, source);
        }
    }

    fn end_view(&mut self, turn: &mut Turn<'_>, viewer: SessionId, source: TrackRef) {
        let Some(member) = self.members.get_mut(&viewer) else { return };
        if member.views.remove(&source).is_none() {
            return;
        }
        let (member, publisher) = (self.members.get(&viewer), self.members.get(&source.publisher));
        if let (Some(member), Some(publisher)) = (member, publisher) {
            self.fact(turn, member.unsubscribed(publisher, source.track));
        }
        turn.outbox.media(MediaCommand::Unview { viewer, source });
    }

    /// Changes what decides whom a member hears, and says what came of it. `None` if there is no such member.
    fn change_hearing<T>(
        &mut self,
        turn: &mut Turn<'_>,
        listener: SessionId,
        change: impl FnOnce(&mut Member) -> T,
    ) -> Option<T> {
        let before = self.heard_by(listener);
        let result = change(self.members.get_mut(&listener)?);
        let after = self.heard_by(listener);
        for source in before.difference(&after) {
            turn.outbox.media(MediaCommand::Unhear { viewer: listener, source: *source });
        }
        for source in after.difference(&before) {
            turn.outbox.media(MediaCommand::Hear { viewer: listener, source: *source });
        }
        Some(result)
    }

    /// The microphones a member hears now.
    fn heard_by(&self, listener: SessionId) -> BTreeSet<TrackRef> {
        let Some(listener) = self.members.get(&listener) else { return BTreeSet::new() };
        self.announced()
            .filter(|other| other.publishes(Track::Microphone) && listener.hears(other))
            .map(|other| other.source(Track::Microphone))
            .collect()
    }

    /// A user as a member sees it: an anchor other than itself.
    fn visible(&self, viewer: SessionId, user: &UserId) -> Option<&Member> {
        let session = self.users.get(user)?;
        if *session == viewer || !self.anchors.contains(session) {
            return None;
        }
        self.members.get(session)
    }
}

fn may_receive(member: &Member, track: Track) -> Result<(), Error> {
    if member.permissions.allow(Permissions::to_receive(track)) {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::NoPermissionToReceive,
        format!("privateMapKey: does not allow to receive the {track:?} of others"),
    ))
}
