//! A model of rooms so simple that it can be read at a glance: a list of people, each with what it asked for, and who is linked
//! with whom. It says what must be answered, what everybody must see, and what media must do.

use std::collections::{BTreeMap, BTreeSet};

use proptest::sample::Index;
use rtc_protocol::{
    ErrorCode, ForwardMode, Layer, Role, Scene, SceneClass, SessionId, Stream, Track, TrackRef, TrackState, Tracks,
};
use rtc_room::{Permissions, RoomConfig};

use crate::sim::*;

#[derive(Debug, Clone)]
pub(crate) enum Ask {
    Publish { track: Track, state: TrackState, small: bool },
    View { whom: &'static str, stream: Stream, layer: Layer },
    Unview { whom: &'static str, stream: Stream },
    Listen { whom: Option<&'static str>, on: bool },
    Switch { role: Role, permissions: Option<Permissions> },
    Connect { whom: Someone },
    Disconnect,
    HoldBack { whom: Someone, mode: ForwardMode },
    Message { cmd_id: u8 },
    Report { quality: u8 },
    Exit,
}

/// A user of a room, or whoever is linked with the one who asks or could be, so that stories with links are not rare.
#[derive(Debug, Clone)]
pub(crate) enum Someone {
    Named { room: u64, user: &'static str },
    Elsewhere(Index),
    Linked(Index),
}

#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) user: &'static str,
    pub(crate) room: u64,
    pub(crate) role: Role,
    pub(crate) permissions: Permissions,
    pub(crate) tracks: Tracks,
    pub(crate) everybody: bool,
    pub(crate) except: BTreeSet<&'static str>,
    pub(crate) views: BTreeMap<(&'static str, Track), Layer>,
    pub(crate) evicted_at: Option<u64>,
}

#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) config: RoomConfig,
    pub(crate) now: u64,
    /// In the order they entered.
    pub(crate) people: Vec<Person>,
    /// The class of each room, and until when it is kept if nobody is in it.
    pub(crate) rooms: BTreeMap<u64, (SceneClass, Option<u64>)>,
    /// Who is linked with whom, by name, each pair in both directions.
    pub(crate) links: BTreeSet<(String, String)>,
    /// What is held back of a linked person, by name, in a room.
    pub(crate) held_back: BTreeMap<(u64, String), ForwardMode>,
}

impl Person {
    fn place(&self) -> (u64, &'static str) {
        (self.room, self.user)
    }
}

pub(crate) type Answer = Result<(), ErrorCode>;

impl Model {
    pub(crate) fn find(&self, user: &str, room: u64) -> Option<usize> {
        self.people.iter().position(|person| person.user == user && person.room == room)
    }

    fn others(&self, me: usize) -> impl Iterator<Item = &Person> {
        let room = self.people[me].room;
        self.people.iter().enumerate().filter(move |(i, other)| *i != me && other.room == room).map(|(_, other)| other)
    }

    fn room_of(&self, name: &str) -> Option<u64> {
        self.people.iter().find(|person| person.name == name).map(|person| person.room)
    }

    /// Whether a person is linked into a room.
    fn is_linked_into(&self, person: &Person, room: u64) -> bool {
        self.links.iter().any(|(one, other)| *one == person.name && self.room_of(other) == Some(room))
    }

    fn linked_into(&self, room: u64) -> impl Iterator<Item = &Person> {
        self.people.iter().filter(move |person| self.is_linked_into(person, room))
    }

    /// The others a person may see, with what it may receive of them.
    fn visible(&self, me: usize) -> Vec<(&Person, Tracks)> {
        let room = self.people[me].room;
        let anchors = self.others(me).filter(|other| other.role == Role::Anchor).map(|other| (other, other.tracks));
        anchors.chain(self.linked_into(room).map(|other| (other, self.forwarded(other, room)))).collect()
    }

    fn forwarded(&self, person: &Person, room: u64) -> Tracks {
        let mode = self.held_back.get(&(room, person.name.clone())).copied().unwrap_or_default();
        let mut tracks = person.tracks;
        for track in Track::ALL.into_iter().filter(|track| mode.holds_back(*track)) {
            tracks.switch_off(track);
        }
        tracks
    }

    fn end_links(&mut self, name: &str) {
        self.links.retain(|(one, other)| one != name && other != name);
    }

    /// Ends the links of whoever is linked into a room under the name of this user.
    pub(crate) fn end_links_into(&mut self, room: u64, user: &str) {
        let here: BTreeSet<String> = self.people.iter().filter(|p| p.room == room).map(|p| p.name.clone()).collect();
        let linked: BTreeSet<String> = self.linked_into(room).filter(|p| p.user == user).map(|p| p.name.clone()).collect();
        let ends = |one: &String, other: &String| here.contains(one) && linked.contains(other);
        self.links.retain(|(one, other)| !ends(one, other) && !ends(other, one));
    }

    /// Lets go of what cannot be any more: links of those who are gone or audience, what was held back of them, views of
    /// what cannot be received.
    pub(crate) fn tidy(&mut self) {
        let anchors: BTreeSet<String> =
            self.people.iter().filter(|person| person.role == Role::Anchor).map(|person| person.name.clone()).collect();
        self.links.retain(|(one, other)| anchors.contains(one) && anchors.contains(other));
        let linked = |(room, name): &(u64, String)| self.linked_into(*room).any(|person| person.name == *name);
        let kept: Vec<_> = self.held_back.keys().filter(|held| linked(held)).cloned().collect();
        self.held_back.retain(|held, _| kept.contains(held));
        for me in 0..self.people.len() {
            let receivable: BTreeSet<(&str, Track)> = self
                .visible(me)
                .into_iter()
                .flat_map(|(other, tracks)| Track::ALL.map(|track| (other.user, track, tracks.state(track))))
                .filter(|(.., state)| *state != Off)
                .map(|(user, track, _)| (user, track))
                .collect();
            self.people[me].views.retain(|view, _| receivable.contains(view));
        }
    }

    pub(crate) fn enter(&mut self, person: Person, scene: Scene) -> Answer {
        self.admit(&person, scene.class())?;
        if let Some(earlier) = self.find(person.user, person.room) {
            self.people.remove(earlier);
        }
        self.end_links_into(person.room, person.user);
        self.rooms.insert(person.room, (scene.class(), None));
        self.people.push(person);
        Ok(())
    }

    fn admit(&self, person: &Person, scene: SceneClass) -> Answer {
        if !person.permissions.allow(Permissions::ENTER) {
            return Err(ErrorCode::NoPermissionToEnter);
        }
        match self.rooms.get(&person.room) {
            None if !person.permissions.allow(Permissions::CREATE) => return Err(ErrorCode::NoPermissionToCreate),
            None if self.rooms.len() == self.config.rooms => return Err(ErrorCode::Overloaded),
            None => {}
            Some((class, _)) if *class != scene => return Err(ErrorCode::SceneOrRoleMismatch),
            Some((class, _)) => {
                let others = self.people.iter().filter(|other| other.room == person.room && other.user != person.user);
                let alike = others.filter(|other| other.role == person.role).count();
                let limit = match (class, person.role) {
                    (SceneClass::Call, _) => self.config.call_members,
                    (SceneClass::Live, Role::Anchor) => self.config.live_anchors,
                    (SceneClass::Live, Role::Audience) => self.config.live_audience,
                };
                if alike >= limit {
                    return Err(ErrorCode::RoomFull);
                }
            }
        }
        Ok(())
    }

    pub(crate) fn switch_room(&mut self, me: usize, to: u64, permissions: Permissions) -> Answer {
        let Person { ref name, user, room, role, tracks, everybody, ref except, evicted_at, .. } = self.people[me];
        if room == to {
            return Err(ErrorCode::InvalidParameter);
        }
        if evicted_at.is_some() {
            return Err(ErrorCode::NotInRoom);
        }
        let mut moved = Person {
            name: name.clone(),
            user,
            room: to,
            role,
            permissions,
            tracks,
            everybody,
            except: except.clone(),
            views: BTreeMap::new(),
            evicted_at,
        };
        for track in Track::ALL.into_iter().filter(|track| !permissions.allow(Permissions::to_send(*track))) {
            moved.tracks.switch_off(track);
        }
        let class = self.rooms[&room].0;
        self.admit(&moved, class)?;
        let others: Vec<&Person> = self.people.iter().filter(|other| other.room == to && other.user != user).collect();
        for track in Track::ALL.into_iter().filter(|track| moved.tracks.state(*track) != Off) {
            self.has_place_for(&others, class, track)?;
        }
        self.end_links(&moved.name);
        self.leave(me, false);
        if let Some(earlier) = self.find(user, to) {
            self.people.remove(earlier);
        }
        self.end_links_into(to, user);
        self.rooms.insert(to, (class, None));
        self.people.push(moved);
        Ok(())
    }

    pub(crate) fn find_someone(&self, me: usize, someone: &Someone) -> (u64, &'static str) {
        let me = &self.people[me];
        let linked = |other: &&Person| self.links.contains(&(me.name.clone(), other.name.clone()));
        let (among, index): (Vec<&Person>, _) = match someone {
            Someone::Named { room, user } => return (*room, user),
            Someone::Elsewhere(index) => (self.people.iter().filter(|other| other.room != me.room).collect(), index),
            Someone::Linked(index) => (self.people.iter().filter(linked).collect(), index),
        };
        if among.is_empty() { (me.room, me.user) } else { index.get(&among).place() }
    }

    fn connect(&mut self, me: usize, to: u64, whom: &str) -> Answer {
        let caller = &self.people[me];
        if caller.role == Role::Audience {
            return Err(ErrorCode::LinkAsAudience);
        }
        if caller.room == to {
            return Err(ErrorCode::LinkParameterInvalid);
        }
        if !self.rooms.contains_key(&to) {
            return Err(ErrorCode::RoomUnknown);
        }
        let invited = self.people.iter().find(|p| p.room == to && p.user == whom && p.role == Role::Anchor);
        let invited = invited.ok_or(ErrorCode::NoSuchStream)?;
        let pair = (caller.name.clone(), invited.name.clone());
        if self.links.contains(&pair) {
            return Ok(());
        }
        for (guest, room) in [(invited, caller.room), (caller, to)] {
            let linked: Vec<&Person> = self.linked_into(room).collect();
            if linked.iter().any(|person| person.name == guest.name) {
                continue;
            }
            if self.find(guest.user, room).is_some() || linked.iter().any(|person| person.user == guest.user) {
                return Err(ErrorCode::LinkParameterInvalid);
            }
            if linked.len() >= self.config.linked_anchors {
                return Err(ErrorCode::RoomFull);
            }
        }
        self.links.insert((pair.1.clone(), pair.0.clone()));
        self.links.insert(pair);
        Ok(())
    }

    fn hold_back(&mut self, me: usize, home: u64, whom: &str, mode: ForwardMode) -> Answer {
        let caller = &self.people[me];
        if caller.role == Role::Audience {
            return Err(ErrorCode::LinkAsAudience);
        }
        let linked = self.people.iter().find(|person| {
            person.room == home && person.user == whom && self.links.contains(&(caller.name.clone(), person.name.clone()))
        });
        let linked = linked.ok_or(ErrorCode::LinkParameterInvalid)?.name.clone();
        let room = caller.room;
        self.held_back.insert((room, linked), mode);
        Ok(())
    }

    pub(crate) fn leave(&mut self, i: usize, timed_out: bool) {
        let Person { room, role, .. } = self.people.remove(i);
        if self.people.iter().any(|other| other.room == room) {
            return;
        }
        let class = self.rooms[&room].0;
        if class == SceneClass::Live && role == Role::Audience && !timed_out {
            self.rooms.insert(room, (class, Some(self.now + self.config.live_room_kept_ms)));
        } else {
            self.rooms.remove(&room);
        }
    }

    pub(crate) fn wait(&mut self, ms: u64) {
        let until = self.now + ms;
        while let Some((at, i)) = self
            .people
            .iter()
            .enumerate()
            .filter_map(|(i, person)| Some((person.evicted_at?, i)))
            .min()
            .filter(|due| due.0 <= until)
        {
            self.now = at;
            self.leave(i, true);
        }
        self.now = until;
        self.rooms.retain(|_, (_, kept)| kept.is_none_or(|kept| kept > until));
    }

    /// Everybody is away; of a room without members nothing is left.
    pub(crate) fn crash(&mut self) {
        let until = self.now + self.config.away_ms;
        self.people.iter_mut().for_each(|person| person.evicted_at = Some(until));
        self.links.clear();
        self.rooms.retain(|room, _| self.people.iter().any(|person| person.room == *room));
    }

    pub(crate) fn ask(&mut self, me: usize, ask: &Ask) -> Answer {
        let class = self.rooms[&self.people[me].room].0;
        match *ask {
            Ask::Publish { track, state, small } => self.publish(me, class, track, state, small),
            Ask::View { whom, stream, layer } => {
                let track = Track::video_of(stream);
                if !self.people[me].permissions.allow(Permissions::to_receive(track)) {
                    return Err(ErrorCode::NoPermissionToReceive);
                }
                if !self.visible(me).iter().any(|(other, tracks)| other.user == whom && tracks.state(track) != Off) {
                    return Err(ErrorCode::NoSuchStream);
                }
                let layer = if stream == Stream::Main { layer } else { Layer::Big };
                let (max, views) = (self.config.views, &mut self.people[me].views);
                if !views.contains_key(&(whom, track)) && views.len() == max {
                    return Err(ErrorCode::SlotsExhausted);
                }
                views.insert((whom, track), layer);
                Ok(())
            }
            Ask::Unview { whom, stream } => {
                self.people[me].views.remove(&(whom, Track::video_of(stream)));
                Ok(())
            }
            Ask::Listen { whom, on } => {
                let max = self.config.listen_exceptions;
                let person = &mut self.people[me];
                if on && !person.permissions.allow(Permissions::RECEIVE_AUDIO) {
                    return Err(ErrorCode::NoPermissionToReceive);
                }
                match whom {
                    None => {
                        person.everybody = on;
                        person.except.clear();
                    }
                    Some(whom) if on == person.everybody => drop(person.except.remove(whom)),
                    Some(whom) if !person.except.contains(whom) && person.except.len() == max => {
                        return Err(ErrorCode::InvalidParameter);
                    }
                    Some(whom) => drop(person.except.insert(whom)),
                }
                Ok(())
            }
            Ask::Switch { role, permissions } => {
                if class == SceneClass::Call {
                    return Err(ErrorCode::SceneOrRoleMismatch);
                }
                let anchors = self.others(me).filter(|other| other.role == Role::Anchor).count();
                if role == Role::Anchor && self.people[me].role == Role::Audience && anchors >= self.config.live_anchors {
                    return Err(ErrorCode::RoomFull);
                }
                if let Some(permissions) = permissions {
                    let person = &mut self.people[me];
                    person.permissions = permissions;
                    person.views.retain(|(_, track), _| permissions.allow(Permissions::to_receive(*track)));
                    for track in Track::ALL.into_iter().filter(|track| !permissions.allow(Permissions::to_send(*track))) {
                        self.stop(me, track);
                    }
                }
                self.people[me].role = role;
                if role == Role::Audience {
                    Track::ALL.into_iter().for_each(|track| self.stop(me, track));
                }
                Ok(())
            }
            Ask::Connect { ref whom } => {
                let (to, whom) = self.find_someone(me, whom);
                self.connect(me, to, whom)
            }
            Ask::Disconnect => {
                let name = self.people[me].name.clone();
                self.end_links(&name);
                Ok(())
            }
            Ask::HoldBack { ref whom, mode } => {
                let (home, whom) = self.find_someone(me, whom);
                self.hold_back(me, home, whom, mode)
            }
            Ask::Message { cmd_id } => match self.people[me].role {
                Role::Audience => Err(ErrorCode::NoPermissionToPublish),
                Role::Anchor if cmd_id > 10 => Err(ErrorCode::InvalidParameter),
                Role::Anchor => Ok(()),
            },
            Ask::Report { .. } => Ok(()),
            Ask::Exit => {
                self.leave(me, false);
                Ok(())
            }
        }
    }

    fn publish(&mut self, me: usize, class: SceneClass, track: Track, state: TrackState, small: bool) -> Answer {
        let person = &self.people[me];
        if state == Off {
            self.stop(me, track);
            return Ok(());
        }
        let same = person.tracks.state(track) == state && (track != Camera || person.tracks.small == small);
        if same {
            return Ok(());
        }
        if person.role == Role::Audience || !person.permissions.allow(Permissions::to_send(track)) {
            return Err(if track == Screen { ErrorCode::NoPermissionToShareScreen } else { ErrorCode::NoPermissionToPublish });
        }
        let others: Vec<&Person> = self.others(me).collect();
        self.has_place_for(&others, class, track)?;
        let tracks = &mut self.people[me].tracks;
        *tracks.state_mut(track) = state;
        if track == Camera {
            tracks.small = small;
        }
        Ok(())
    }

    fn has_place_for(&self, others: &[&Person], class: SceneClass, track: Track) -> Answer {
        if self.config.exclusive_screen && track == Screen && others.iter().any(|other| other.tracks.screen != Off) {
            return Err(ErrorCode::ScreenShareOccupied);
        }
        let publishers = others.iter().filter(|other| other.tracks != Tracks::default()).count();
        if class == SceneClass::Call && publishers >= self.config.call_publishers {
            return Err(ErrorCode::RoomFull);
        }
        Ok(())
    }

    fn stop(&mut self, me: usize, track: Track) {
        self.people[me].tracks.switch_off(track);
    }

    /// Compares everything there is.
    pub(crate) fn check(&self, sim: &Sim) {
        assert_eq!(sim.rooms.member_count(), self.people.len());
        assert_eq!(sim.rooms.room_count(), self.rooms.len());
        let (mut published, mut hears, mut views) = (BTreeMap::new(), BTreeSet::new(), BTreeMap::new());
        for (i, person) in self.people.iter().enumerate() {
            let snapshot = sim.snapshot(&person.name);
            assert_eq!((snapshot.role, snapshot.tracks), (person.role, person.tracks), "{} itself", person.name);
            let seen: Vec<_> = snapshot.members.iter().map(|view| (view.user_id.as_str(), view.tracks)).collect();
            let mut visible = self.visible(i);
            visible.sort_by_key(|(other, _)| sim.session(&other.name));
            let expected: Vec<_> = visible.iter().map(|(other, tracks)| (other.user, *tracks)).collect();
            assert_eq!(seen, expected, "whom {} sees", person.name);

            let me = sim.session(&person.name);
            let source = |session: SessionId, track: Track| TrackRef { publisher: session, track };
            for track in Track::ALL.into_iter().filter(|track| person.tracks.state(*track) != Off) {
                let small = track == Camera && person.tracks.small;
                published.insert(source(me, track), (person.tracks.state(track), small));
            }
            for (other, tracks) in visible {
                let them = sim.session(&other.name);
                let wanted = person.everybody != person.except.contains(other.user);
                if wanted && person.permissions.allow(Permissions::RECEIVE_AUDIO) && tracks.microphone != Off {
                    hears.insert((me, source(them, Microphone)));
                }
                for ((_, track), layer) in person.views.iter().filter(|((user, _), _)| *user == other.user) {
                    views.insert((me, source(them, *track)), *layer);
                }
            }
        }
        assert_eq!(sim.media_books.published, published);
        assert_eq!(sim.media_books.hears, hears);
        assert_eq!(sim.media_books.views, views);
    }
}
