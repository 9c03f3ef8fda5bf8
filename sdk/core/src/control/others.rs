//! What the application was told of the others in the room, and what it must be told next. It views and hears nobody.
//!
//! Who enters is told first, then what he publishes; who leaves is first told to publish nothing, then as gone
//! (`onRemoteUserEnterRoom` and the `onUser…Available` events).

use std::collections::BTreeMap;

use rtc_api::Event;
use rtc_protocol::{LeaveReason, MemberView, Track, TrackState, Tracks, UserId};

/// The others, as the application knows them.
#[derive(Debug, Default)]
pub(crate) struct Others {
    members: BTreeMap<UserId, Tracks>,
}

impl Others {
    /// Somebody is there.
    pub(crate) fn entered(&mut self, member: &MemberView, tell: &mut impl FnMut(Event)) {
        if !self.members.contains_key(&member.user_id) {
            let user_id = member.user_id.to_string();
            tell(Event::RemoteUserEnterRoom { user_id: user_id.clone() });
            // The name of older versions; applications that were never changed still wait for it.
            tell(Event::UserEnter { user_id });
            self.members.insert(member.user_id.clone(), Tracks::default());
        }
        self.changed(&member.user_id, member.tracks, tell);
    }

    /// Somebody publishes something else than before.
    pub(crate) fn changed(&mut self, user: &UserId, now: Tracks, tell: &mut impl FnMut(Event)) {
        let Some(known) = self.members.get_mut(user) else { return };
        let before = std::mem::replace(known, now);
        for track in [Track::Microphone, Track::Camera, Track::Screen] {
            let available = is_available(now, track);
            if is_available(before, track) != available {
                tell(availability(user, track, available));
            }
        }
    }

    /// Somebody is gone.
    pub(crate) fn left(&mut self, user: &UserId, reason: LeaveReason, tell: &mut impl FnMut(Event)) {
        self.changed(user, Tracks::default(), tell);
        if self.members.remove(user).is_some() {
            let user_id = user.to_string();
            let reason = i32::from(u8::from(reason));
            tell(Event::RemoteUserLeaveRoom { user_id: user_id.clone(), reason });
            tell(Event::UserExit { user_id, reason });
        }
    }

    /// Whether somebody was told to publish a track that can be seen or heard.
    pub(crate) fn has(&self, user: &UserId, track: Track) -> bool {
        self.members.get(user).is_some_and(|tracks| is_available(*tracks, track))
    }

    /// Our own stay is over; nobody is told of the others then.
    pub(crate) fn forget(&mut self) {
        self.members.clear();
    }
}

fn is_available(tracks: Tracks, track: Track) -> bool {
    tracks.state(track) == TrackState::On
}

fn availability(user: &UserId, track: Track, available: bool) -> Event {
    let user_id = user.to_string();
    match track {
        Track::Microphone => Event::UserAudioAvailable { user_id, available },
        Track::Camera => Event::UserVideoAvailable { user_id, available },
        Track::Screen => Event::UserSubStreamAvailable { user_id, available },
    }
}

#[cfg(test)]
mod tests {
    use rtc_protocol::{MemberKind, Role};

    use super::*;

    fn user(name: &str) -> UserId {
        UserId::parse(name).expect("a user id")
    }

    fn tracks(microphone: TrackState, camera: TrackState) -> Tracks {
        Tracks { microphone, camera, ..Tracks::default() }
    }

    fn member(name: &str, tracks: Tracks) -> MemberView {
        MemberView { user_id: user(name), role: Role::Anchor, kind: MemberKind::Person, tracks }
    }

    fn told(act: impl FnOnce(&mut dyn FnMut(Event))) -> Vec<String> {
        let mut all = Vec::new();
        act(&mut |event| all.push(format!("{event:?}")));
        all
    }

    #[test]
    fn who_enters_is_told_before_what_he_publishes() {
        let mut others = Others::default();
        let events = told(|tell| others.entered(&member("ann", tracks(TrackState::On, TrackState::Muted)), &mut |e| tell(e)));
        assert_eq!(
            events,
            [
                r#"RemoteUserEnterRoom { user_id: "ann" }"#,
                r#"UserEnter { user_id: "ann" }"#,
                r#"UserAudioAvailable { user_id: "ann", available: true }"#,
            ]
        );
        let events = told(|tell| others.changed(&user("ann"), tracks(TrackState::Muted, TrackState::On), &mut |e| tell(e)));
        assert_eq!(
            events,
            [
                r#"UserAudioAvailable { user_id: "ann", available: false }"#,
                r#"UserVideoAvailable { user_id: "ann", available: true }"#,
            ]
        );
    }

    #[test]
    fn who_leaves_is_told_as_publishing_nothing_first() {
        let mut others = Others::default();
        others.entered(&member("ann", tracks(TrackState::On, TrackState::On)), &mut |_| {});
        let events = told(|tell| others.left(&user("ann"), LeaveReason::TimedOut, &mut |e| tell(e)));
        assert_eq!(
            events,
            [
                r#"UserAudioAvailable { user_id: "ann", available: false }"#,
                r#"UserVideoAvailable { user_id: "ann", available: false }"#,
                r#"RemoteUserLeaveRoom { user_id: "ann", reason: 1 }"#,
                r#"UserExit { user_id: "ann", reason: 1 }"#,
            ]
        );
    }

    #[test]
    fn what_is_told_twice_reaches_the_application_once() {
        let mut others = Others::default();
        let ann = member("ann", tracks(TrackState::On, TrackState::Off));
        others.entered(&ann, &mut |_| {});
        assert!(told(|tell| others.entered(&ann, &mut |e| tell(e))).is_empty());
        assert!(told(|tell| others.changed(&user("bob"), Tracks::default(), &mut |e| tell(e))).is_empty());
        assert!(told(|tell| others.left(&user("bob"), LeaveReason::Left, &mut |e| tell(e))).is_empty());
    }
}
