//! The others in the room, and what changed about them since the application was last told. It asks nothing.

use std::collections::{BTreeMap, BTreeSet};

use rtc_protocol::{LeaveReason, MemberView, Snapshot, Track, TrackState, Tracks, UserId};

use crate::Event;

/// Members that are kept. An engine allows far fewer in a room; one that lies shall not fill the memory.
const MOST: usize = 20_000;

#[derive(Debug, Default)]
pub(crate) struct Members {
    views: BTreeMap<UserId, MemberView>,
    /// Tracks that are told as they were although the engine has forgotten them.
    held: BTreeMap<UserId, Held>,
}

#[derive(Debug)]
struct Held {
    tracks: BTreeSet<Track>,
    /// What the engine says.
    truth: Tracks,
}

impl Members {
    pub(crate) fn find(&self, user: &UserId) -> Option<&MemberView> {
        self.views.get(user)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.views.is_empty()
    }

    pub(crate) fn entered(&mut self, mut view: MemberView) -> Vec<Event> {
        let known = self.views.get(&view.user_id).map(|known| known.tracks);
        if known.is_none() && self.views.len() >= MOST {
            return Vec::new();
        }
        if let Some(known) = known {
            view.tracks = self.with_held(&view.user_id, known, view.tracks);
        }
        let mut events = Vec::new();
        let user_id = view.user_id.clone();
        if known.is_none() {
            events.push(Event::MemberEntered(MemberView { tracks: Tracks::default(), ..view.clone() }));
        }
        events.extend(changed(&user_id, known.unwrap_or_default(), view.tracks));
        self.views.insert(user_id, view);
        events
    }

    pub(crate) fn tracks_changed(&mut self, user: &UserId, truth: Tracks) -> Vec<Event> {
        let Some(known) = self.views.get(user).map(|view| view.tracks) else { return Vec::new() };
        let tracks = self.with_held(user, known, truth);
        if let Some(view) = self.views.get_mut(user) {
            view.tracks = tracks;
        }
        changed(user, known, tracks).into_iter().collect()
    }

    pub(crate) fn left(&mut self, user: &UserId, reason: LeaveReason) -> Vec<Event> {
        let Some(known) = self.views.remove(user) else { return Vec::new() };
        self.held.remove(user);
        let mut events: Vec<Event> = changed(user, known.tracks, Tracks::default()).into_iter().collect();
        events.push(Event::MemberLeft { user_id: user.clone(), reason });
        events
    }

    /// Takes a snapshot for the truth: departures first, then arrivals and changes. Why somebody is missing is not told: it
    /// is taken for an ordinary departure.
    pub(crate) fn snapshot(&mut self, snapshot: &Snapshot) -> Vec<Event> {
        let present: BTreeSet<&UserId> = snapshot.members.iter().map(|member| &member.user_id).collect();
        let gone: Vec<UserId> = self.views.keys().filter(|user| !present.contains(user)).cloned().collect();
        let mut events: Vec<Event> = gone.iter().flat_map(|user| self.left(user, LeaveReason::Left)).collect();
        for view in &snapshot.members {
            events.extend(self.entered(view.clone()));
        }
        events
    }

    /// Takes the first snapshot of an engine that was started anew. It knows the members but not yet what they publish: who
    /// published is given time to say so again, until [`Members::release`], before it is told as a change.
    pub(crate) fn snapshot_after_restart(&mut self, snapshot: &Snapshot) -> Vec<Event> {
        for MemberView { user_id, tracks: truth, .. } in &snapshot.members {
            let Some(known) = self.views.get(user_id).map(|view| view.tracks) else { continue };
            let forgotten = |track: &Track| truth.state(*track) == TrackState::Off && known.state(*track) != TrackState::Off;
            let tracks: BTreeSet<Track> = Track::ALL.into_iter().filter(forgotten).collect();
            if !tracks.is_empty() {
                self.held.insert(user_id.clone(), Held { tracks, truth: *truth });
            }
        }
        self.snapshot(snapshot)
    }

    /// Whether a track is only told as published because its publisher has not come back yet.
    pub(crate) fn is_held(&self, user: &UserId, track: Track) -> bool {
        self.held.get(user).is_some_and(|held| held.tracks.contains(&track))
    }

    /// Tells of those who have not published again.
    pub(crate) fn release(&mut self) -> Vec<Event> {
        let held = std::mem::take(&mut self.held);
        held.into_iter().flat_map(|(user, held)| self.tracks_changed(&user, held.truth)).collect()
    }

    /// Forgets everybody, untold.
    pub(crate) fn clear(&mut self) {
        self.views.clear();
        self.held.clear();
    }

    /// The truth, but for tracks that are held; one that is published again is held no longer.
    fn with_held(&mut self, user: &UserId, known: Tracks, truth: Tracks) -> Tracks {
        let Some(held) = self.held.get_mut(user) else { return truth };
        held.truth = truth;
        held.tracks.retain(|track| truth.state(*track) == TrackState::Off);
        let mut tracks = truth;
        for track in &held.tracks {
            *tracks.state_mut(*track) = known.state(*track);
        }
        if held.tracks.contains(&Track::Camera) {
            tracks.small = known.small;
        }
        if held.tracks.is_empty() {
            self.held.remove(user);
        }
        tracks
    }
}

fn changed(user: &UserId, before: Tracks, after: Tracks) -> Option<Event> {
    (before != after).then(|| Event::TracksChanged { user_id: user.clone(), before, after })
}

#[cfg(test)]
mod tests {
    use rtc_protocol::{MemberKind, Role};

    use super::*;

    fn user(id: &str) -> UserId {
        UserId::parse(id).expect("a good id")
    }

    fn member(id: &str, camera: TrackState) -> MemberView {
        let tracks = Tracks { camera, ..Tracks::default() };
        MemberView { user_id: user(id), role: Role::Anchor, kind: MemberKind::Person, tracks }
    }

    fn snapshot(members: Vec<MemberView>) -> Snapshot {
        Snapshot { n: 1, role: Role::Anchor, tracks: Tracks::default(), members, slots: vec![], encode: vec![] }
    }

    fn names(events: &[Event]) -> Vec<String> {
        let name = |event: &Event| match event {
            Event::MemberEntered(view) => format!("{} entered", view.user_id),
            Event::MemberLeft { user_id, .. } => format!("{user_id} left"),
            Event::TracksChanged { user_id, after, .. } => format!("{user_id} camera {:?}", after.camera),
            other => format!("{other:?}"),
        };
        events.iter().map(name).collect()
    }

    #[test]
    fn a_snapshot_becomes_the_difference_to_what_was_known() {
        let mut members = Members::default();
        members.snapshot(&snapshot(vec![member("ann", TrackState::On), member("bob", TrackState::Off)]));
        let events = members.snapshot(&snapshot(vec![member("bob", TrackState::On), member("cat", TrackState::Off)]));
        assert_eq!(names(&events), ["ann camera Off", "ann left", "bob camera On", "cat entered"]);
        let again = members.snapshot(&snapshot(vec![member("bob", TrackState::On), member("cat", TrackState::Off)]));
        assert!(again.is_empty());
    }

    #[test]
    fn after_a_restart_of_the_engine_who_published_has_time_to_say_so_again() {
        let mut members = Members::default();
        members.snapshot(&snapshot(vec![member("ann", TrackState::On), member("bob", TrackState::On)]));
        let events =
            members.snapshot_after_restart(&snapshot(vec![member("ann", TrackState::Off), member("bob", TrackState::Off)]));
        assert!(events.is_empty());
        assert!(members.is_held(&user("ann"), Track::Camera));
        assert!(members.tracks_changed(&user("ann"), member("ann", TrackState::On).tracks).is_empty());
        assert!(!members.is_held(&user("ann"), Track::Camera));
        assert_eq!(names(&members.release()), ["bob camera Off"]);
    }

    #[test]
    fn who_is_not_known_cannot_change_or_leave() {
        let mut members = Members::default();
        assert!(members.left(&user("eve"), LeaveReason::Left).is_empty());
        assert!(members.tracks_changed(&user("eve"), member("eve", TrackState::On).tracks).is_empty());
    }
}
