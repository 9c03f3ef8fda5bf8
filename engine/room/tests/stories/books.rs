//! Two readers of a room's outputs, each of which insists that what it is told makes sense.

use std::collections::{BTreeMap, BTreeSet};

use rtc_protocol::{Layer, Qos, Role, RoomKey, SessionId, Track, TrackRef, TrackState, UserId};
use rtc_room::{Fact, FactBody, MediaCommand};

/// What the media engine holds after all commands.
#[derive(Debug, Default)]
pub(crate) struct MediaBooks {
    pub(crate) published: BTreeMap<TrackRef, (TrackState, bool)>,
    pub(crate) views: BTreeMap<(SessionId, TrackRef), Layer>,
    pub(crate) hears: BTreeSet<(SessionId, TrackRef)>,
    pub(crate) qos: BTreeMap<SessionId, Qos>,
    closed: BTreeSet<SessionId>,
}

impl MediaBooks {
    pub(crate) fn apply(&mut self, command: &MediaCommand) {
        let open = |session: &SessionId| assert!(!self.closed.contains(session), "{command:?} after its session closed");
        match *command {
            MediaCommand::Publish { source, state: TrackState::Off, .. } => {
                open(&source.publisher);
                assert!(self.published.remove(&source).is_some(), "{command:?}, but it was off");
                assert!(self.views.keys().all(|(_, other)| *other != source), "a view outlives {source:?}");
                assert!(self.hears.iter().all(|(_, other)| *other != source), "somebody still hears {source:?}");
            }
            MediaCommand::Publish { source, state, small } => {
                open(&source.publisher);
                assert_ne!(self.published.insert(source, (state, small)), Some((state, small)), "{command:?} says nothing new");
            }
            MediaCommand::View { viewer, source, layer } => {
                open(&viewer);
                assert_ne!(viewer, source.publisher, "nobody views itself");
                assert!(self.published.contains_key(&source), "{command:?} of what is not published");
                assert_ne!(self.views.insert((viewer, source), layer), Some(layer), "{command:?} says nothing new");
            }
            MediaCommand::Unview { viewer, source } => {
                open(&viewer);
                assert!(self.views.remove(&(viewer, source)).is_some(), "{command:?} without a view");
            }
            MediaCommand::Hear { viewer, source } => {
                open(&viewer);
                assert_ne!(viewer, source.publisher, "nobody hears itself");
                assert_eq!(source.track, Track::Microphone);
                assert!(self.published.contains_key(&source), "{command:?} of what is not published");
                assert!(self.hears.insert((viewer, source)), "{command:?} twice");
            }
            MediaCommand::Unhear { viewer, source } => {
                open(&viewer);
                assert!(self.hears.remove(&(viewer, source)), "{command:?} without hearing");
            }
            MediaCommand::Qos { session, qos } => {
                open(&session);
                assert_ne!(self.qos.insert(session, qos).unwrap_or_default(), qos, "{command:?} says nothing new");
            }
            MediaCommand::Close { session } => {
                open(&session);
                self.closed.insert(session);
                self.published.retain(|source, _| source.publisher != session);
                self.views.retain(|(viewer, _), _| *viewer != session);
                self.hears.retain(|(viewer, _)| *viewer != session);
            }
        }
    }
}

/// What a reader of nothing but facts knows.
#[derive(Debug, Default)]
pub(crate) struct FactBooks {
    pub(crate) last: u64,
    pub(crate) rooms: BTreeSet<RoomKey>,
    pub(crate) members: BTreeMap<SessionId, (RoomKey, UserId, Role)>,
    pub(crate) published: BTreeMap<TrackRef, TrackState>,
    pub(crate) views: BTreeMap<(SessionId, TrackRef), Layer>,
    /// Who is linked into which room.
    pub(crate) linked: BTreeSet<(RoomKey, SessionId)>,
    away: BTreeSet<SessionId>,
    introduced: Option<SessionId>,
}

impl FactBooks {
    /// Of a reader that was not there before.
    pub(crate) fn after(last: u64) -> Self {
        Self { last, ..Self::default() }
    }

    pub(crate) fn apply(&mut self, fact: &Fact) {
        assert_eq!(fact.n, self.last + 1, "facts are numbered without gaps");
        self.last = fact.n;
        let begins = matches!(fact.body, FactBody::RoomCreated { .. } | FactBody::RoomRestored { .. });
        assert!(begins || self.rooms.contains(&fact.room), "no room for {fact:?}");
        match &fact.body {
            FactBody::RoomCreated { .. } | FactBody::RoomRestored { .. } => assert!(self.rooms.insert(fact.room.clone())),
            FactBody::RoomEnded { .. } => {
                assert!(self.members.values().all(|(room, ..)| *room != fact.room), "a room ends with members in it");
                assert!(self.linked.iter().all(|(room, _)| *room != fact.room), "a room ends with links");
                assert!(self.rooms.remove(&fact.room));
            }
            FactBody::SessionInfo { session, .. } => self.introduced = Some(*session),
            FactBody::MemberEntered { session, user, role, .. } | FactBody::MemberRestored { session, user, role, .. } => {
                assert_eq!(self.introduced.take(), Some(*session));
                let room = fact.room.clone();
                assert!(
                    !self.members.values().any(|(other, name, _)| *other == room && name == user),
                    "{user} is in the room twice"
                );
                assert_eq!(self.members.insert(*session, (room, user.clone(), *role)), None);
                if let FactBody::MemberRestored { tracks, .. } = &fact.body {
                    self.away.insert(*session);
                    let published = Track::ALL.into_iter().filter(|track| tracks.state(*track) != TrackState::Off);
                    let source = |track| TrackRef { publisher: *session, track };
                    self.published.extend(published.map(|track| (source(track), tracks.state(track))));
                }
            }
            FactBody::PermissionsChanged { session, .. }
            | FactBody::HearingChanged { session, .. }
            | FactBody::QosChanged { session, .. } => assert!(self.members.contains_key(session)),
            FactBody::LinkStarted { session, user, home } => {
                let (room, name, role) = self.members.get(session).expect("who is linked is a member somewhere");
                assert_eq!((room, name, role), (home, user, &Role::Anchor));
                assert_ne!(*room, fact.room, "nobody is linked into its own room");
                assert!(self.linked.insert((fact.room.clone(), *session)), "{user} is linked in twice");
            }
            FactBody::ForwardModeChanged { session, .. } => assert!(self.linked.contains(&(fact.room.clone(), *session))),
            FactBody::LinkEnded { session, .. } => {
                assert!(self.linked.remove(&(fact.room.clone(), *session)));
                let here = |viewer: &SessionId| self.members.get(viewer).is_some_and(|(room, ..)| *room == fact.room);
                let views = |(viewer, source): &(SessionId, TrackRef)| here(viewer) && source.publisher == *session;
                assert!(!self.views.keys().any(views), "a view outlives the link");
            }
            FactBody::MemberLeft { session, user, role, .. } => {
                assert_eq!(self.members.remove(session), Some((fact.room.clone(), user.clone(), *role)));
                assert!(self.published.keys().all(|source| source.publisher != *session), "{user} left publishing");
                assert!(self.views.keys().all(|(viewer, _)| viewer != session), "{user} left viewing");
                assert!(self.linked.iter().all(|(_, linked)| linked != session), "{user} left linked");
                self.away.remove(session);
            }
            FactBody::RoleChanged { session, role, .. } => {
                let member = self.members.get_mut(session).expect("only members have roles");
                assert_ne!(member.2, *role);
                member.2 = *role;
            }
            FactBody::ConnectionLost { session, .. } => assert!(self.away.insert(*session)),
            FactBody::ConnectionResumed { session, .. } => assert!(self.away.remove(session)),
            FactBody::StreamStarted { session, track, state, .. } => {
                assert!(self.members.contains_key(session));
                assert_ne!(*state, TrackState::Off);
                assert_eq!(self.published.insert(TrackRef { publisher: *session, track: *track }, *state), None);
            }
            FactBody::StreamChanged { session, track, state, .. } => {
                assert_ne!(*state, TrackState::Off);
                let was = self.published.insert(TrackRef { publisher: *session, track: *track }, *state);
                assert!(was.is_some(), "it had not started");
            }
            FactBody::StreamStopped { session, track, .. } => {
                let source = TrackRef { publisher: *session, track: *track };
                assert!(self.published.remove(&source).is_some());
                assert!(self.views.keys().all(|(_, other)| *other != source), "a view outlives {source:?}");
            }
            FactBody::Subscribed { viewer, publisher, track, layer, .. } => {
                let source = TrackRef { publisher: *publisher, track: *track };
                assert!(self.published.contains_key(&source));
                assert_ne!(self.views.insert((*viewer, source), *layer), Some(*layer));
            }
            FactBody::Unsubscribed { viewer, publisher, track, .. } => {
                let source = TrackRef { publisher: *publisher, track: *track };
                assert!(self.views.remove(&(*viewer, source)).is_some());
            }
            FactBody::QualitySampled { session, .. } => assert!(self.members.contains_key(session)),
            other => panic!("a fact nobody here knows: {other:?}"),
        }
    }
}
