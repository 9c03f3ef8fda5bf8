//! Taking memberships up again after a crash, as if the connections of all had been lost at this moment.

use std::collections::{BTreeMap, BTreeSet};

use rtc_protocol::{Layer, MediaKind, Qos, Role, SceneClass, SessionId, Track, TrackRef, TrackState, Tracks};

use crate::member::{Arrival, Member, Origin};
use crate::membership::Viewed;
use crate::room::{Room, Turn};
use crate::timers::Timer;
use crate::{FactBody, MediaCommand, Membership, Permissions};

/// Of two memberships of a user in a room, the later one: the end of the earlier one was not written in time. In the order
/// in which they began.
pub(crate) fn latest(mut memberships: Vec<Membership>) -> Vec<Membership> {
    memberships.sort_by_key(|membership| (membership.entered, membership.session));
    let (mut sessions, mut users) = (BTreeSet::new(), BTreeSet::new());
    let mut latest: Vec<_> = memberships
        .into_iter()
        .rev()
        .filter(|Membership { session, key, user, .. }| users.insert((key.clone(), user.clone())) && sessions.insert(*session))
        .collect();
    latest.reverse();
    latest
}

impl Room {
    /// Takes members up, and says who they are.
    pub(crate) fn restore(&mut self, turn: &mut Turn<'_>, memberships: Vec<Membership>) -> Vec<SessionId> {
        let mut restored = Vec::with_capacity(memberships.len());
        for mut membership in memberships {
            // Whoever has entered since has taken the place.
            if membership.scene.class() != self.class() || self.users.contains_key(&membership.user) {
                continue;
            }
            let views = std::mem::take(&mut membership.views);
            restored.push((membership.session, views));
            self.take_up(turn, membership);
        }
        // Only now is everybody there who may be heard or viewed.
        for (session, views) in &restored {
            self.hear_everybody(turn, *session);
            self.take_up_views(turn, *session, views);
        }
        restored.into_iter().map(|(session, _)| session).collect()
    }

    fn take_up(&mut self, turn: &mut Turn<'_>, membership: Membership) {
        let Membership { session, user, entered, kind, permissions, tracks, mut hearing, qos, .. } = membership;
        // What was written by another version, or under other limits, is cut down to what could be now.
        let role = match self.class() {
            SceneClass::Call => Role::Anchor,
            SceneClass::Live => membership.role,
        };
        let tracks = match role {
            Role::Anchor => permissions.cut(tracks),
            Role::Audience => Tracks::default(),
        };
        while hearing.except.len() > turn.config.listen_exceptions {
            hearing.except.pop_last();
        }

        let Membership { sdk, address, record_id, .. } = membership;
        let origin = Origin { entered, sdk, address, record_id: record_id.clone() };
        let until = turn.now + turn.config.away_ms;
        let mut member = Member::new(Arrival { session, user: user.clone(), role, kind, permissions, hearing, origin });
        member.tracks = tracks;
        member.qos = qos;
        member.away_until = Some(until);
        turn.timers.set(until, Timer::Evict(session));
        self.fact(turn, member.info());
        self.seat(turn, member);
        self.fact(turn, FactBody::MemberRestored { session, user, role, kind, tracks, entered, record_id });

        if qos != Qos::default() {
            turn.outbox.media(MediaCommand::Qos { session, qos });
        }
        for track in Track::ALL {
            let (source, state) = (TrackRef { publisher: session, track }, tracks.state(track));
            if state != TrackState::Off {
                turn.outbox.media(MediaCommand::Publish { source, state, small: track == Track::Camera && tracks.small });
            }
        }
    }

    /// Views of those who were not taken up, or publish the track no more, have ended with the run before.
    fn take_up_views(&mut self, turn: &mut Turn<'_>, session: SessionId, views: &[Viewed]) {
        let Some(viewer) = self.members.get(&session) else { return };
        let mut taken_up = BTreeMap::new();
        let mut facts = Vec::new();
        for Viewed { publisher, track, layer } in views.iter().copied() {
            let source = TrackRef { publisher, track };
            let publisher = self.members.get(&publisher).filter(|publisher| publisher.publishes(track));
            let Some(publisher) = publisher.filter(|publisher| publisher.session != session) else { continue };
            let may_view = track.kind() == MediaKind::Video && viewer.permissions.allow(Permissions::to_receive(track));
            if !may_view || taken_up.len() >= turn.config.views {
                continue;
            }
            let layer = if track == Track::Camera { layer } else { Layer::Big };
            if taken_up.insert(source, layer).is_none() {
                facts.push(viewer.subscribed(publisher, track, layer));
            }
        }
        for fact in facts {
            self.fact(turn, fact);
        }
        for (source, layer) in &taken_up {
            turn.outbox.media(MediaCommand::View { viewer: session, source: *source, layer: *layer });
        }
        if let Some(viewer) = self.members.get_mut(&session) {
            viewer.views = taken_up;
        }
    }

    /// What is to be kept of a member.
    pub(crate) fn membership(&self, session: SessionId) -> Option<Membership> {
        let member = self.members.get(&session)?;
        let Origin { entered, sdk, address, record_id } = (*member.origin).clone();
        let viewed =
            |(source, layer): (&TrackRef, &Layer)| Viewed { publisher: source.publisher, track: source.track, layer: *layer };
        Some(Membership {
            session,
            key: self.key.clone(),
            user: member.user.clone(),
            entered,
            scene: self.scene,
            role: member.role,
            kind: member.kind,
            permissions: member.permissions,
            tracks: member.tracks,
            hearing: member.hearing.clone(),
            qos: member.qos,
            views: member.views.iter().map(viewed).collect(),
            sdk,
            address,
            record_id,
        })
    }
}
