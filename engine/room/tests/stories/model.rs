//! Random stories beside a model so simple that it can be read at a glance: a list of people, each with what it asked for.
//! After every step the model says what must have been answered, what everybody must see, and what media must do; the stage
//! checks that what each client was told by pushes adds up to the same.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use rtc_protocol::{ErrorCode, Layer, Role, Scene, SceneClass, SessionId, Stream, Track, TrackRef, TrackState, Tracks};
use rtc_room::{Permissions, RoomConfig, RoomRequest};

use crate::sim::*;

const USERS: [&str; 6] = ["ann", "bob", "cat", "dan", "eve", "fay"];
const ROOMS: u64 = 3;

/// Limits small enough to be met all the time.
fn config(exclusive_screen: bool) -> RoomConfig {
    RoomConfig {
        call_members: 4,
        call_publishers: 2,
        live_anchors: 3,
        live_audience: 3,
        rooms: 2,
        exclusive_screen,
        views: 2,
        listen_exceptions: 2,
        ..RoomConfig::default()
    }
}

#[derive(Debug, Clone)]
enum Step {
    Enter { scene: Scene, role: Role, permissions: Permissions, auto: bool },
    Ask(Ask),
    Lose,
    Resume,
    Remove { other: &'static str },
    Dismiss,
    Crash,
    Slot { mid: u8, publisher: &'static str, track: Option<Track> },
    Encode { track: Track, big: bool },
    MediaReset,
    Wait(u64),
}

#[derive(Debug, Clone)]
enum Ask {
    Publish { track: Track, state: TrackState, small: bool },
    View { whom: &'static str, stream: Stream, layer: Layer },
    Unview { whom: &'static str, stream: Stream },
    Listen { whom: Option<&'static str>, on: bool },
    Switch { role: Role, permissions: Option<Permissions> },
    Message { cmd_id: u8 },
    Report { quality: u8 },
    Exit,
}

#[derive(Debug)]
struct Person {
    name: String,
    user: &'static str,
    room: u64,
    role: Role,
    permissions: Permissions,
    tracks: Tracks,
    everybody: bool,
    except: BTreeSet<&'static str>,
    views: BTreeMap<(&'static str, Track), Layer>,
    evicted_at: Option<u64>,
}

#[derive(Debug)]
struct Model {
    config: RoomConfig,
    now: u64,
    /// In the order they entered.
    people: Vec<Person>,
    /// The class of each room, and until when it is kept if nobody is in it.
    rooms: BTreeMap<u64, (SceneClass, Option<u64>)>,
}

type Answer = Result<(), ErrorCode>;

impl Model {
    fn find(&self, user: &str, room: u64) -> Option<usize> {
        self.people.iter().position(|person| person.user == user && person.room == room)
    }

    fn others(&self, me: usize) -> impl Iterator<Item = &Person> {
        let room = self.people[me].room;
        self.people.iter().enumerate().filter(move |(i, other)| *i != me && other.room == room).map(|(_, other)| other)
    }

    fn enter(&mut self, person: Person, scene: Scene) -> Answer {
        if !person.permissions.allow(Permissions::ENTER) {
            return Err(ErrorCode::NoPermissionToEnter);
        }
        match self.rooms.get(&person.room) {
            None if !person.permissions.allow(Permissions::CREATE) => return Err(ErrorCode::NoPermissionToCreate),
            None if self.rooms.len() == self.config.rooms => return Err(ErrorCode::Overloaded),
            None => {}
            Some((class, _)) if *class != scene.class() => return Err(ErrorCode::SceneOrRoleMismatch),
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
        if let Some(earlier) = self.find(person.user, person.room) {
            self.forget(earlier);
        }
        self.rooms.insert(person.room, (scene.class(), None));
        self.people.push(person);
        Ok(())
    }

    fn forget(&mut self, i: usize) -> Person {
        let person = self.people.remove(i);
        for other in self.people.iter_mut().filter(|other| other.room == person.room) {
            other.views.retain(|(publisher, _), _| *publisher != person.user);
        }
        person
    }

    fn leave(&mut self, i: usize, timed_out: bool) {
        let Person { room, role, .. } = self.forget(i);
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

    fn wait(&mut self, ms: u64) {
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
    fn crash(&mut self) {
        let until = self.now + self.config.away_ms;
        self.people.iter_mut().for_each(|person| person.evicted_at = Some(until));
        self.rooms.retain(|room, _| self.people.iter().any(|person| person.room == *room));
    }

    fn ask(&mut self, me: usize, ask: &Ask) -> Answer {
        let class = self.rooms[&self.people[me].room].0;
        match *ask {
            Ask::Publish { track, state, small } => self.publish(me, class, track, state, small),
            Ask::View { whom, stream, layer } => {
                let track = Track::video_of(stream);
                if !self.people[me].permissions.allow(Permissions::to_receive(track)) {
                    return Err(ErrorCode::NoPermissionToReceive);
                }
                let publishes = |other: &Person| other.user == whom && other.tracks.state(track) != Off;
                if !self.others(me).any(publishes) {
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
        let shares = |other: &Person| other.tracks.screen != Off;
        if self.config.exclusive_screen && track == Screen && self.others(me).any(shares) {
            return Err(ErrorCode::ScreenShareOccupied);
        }
        let publishers = self.others(me).filter(|other| other.tracks != Tracks::default()).count();
        if class == SceneClass::Call && publishers >= self.config.call_publishers {
            return Err(ErrorCode::RoomFull);
        }
        let tracks = &mut self.people[me].tracks;
        *tracks.state_mut(track) = state;
        if track == Camera {
            tracks.small = small;
        }
        Ok(())
    }

    fn stop(&mut self, me: usize, track: Track) {
        let tracks = &mut self.people[me].tracks;
        *tracks.state_mut(track) = Off;
        tracks.small &= track != Camera;
        let (room, user) = (self.people[me].room, self.people[me].user);
        for other in self.people.iter_mut().filter(|other| other.room == room) {
            other.views.remove(&(user, track));
        }
    }

    /// Compares everything there is.
    fn check(&self, sim: &Sim) {
        assert_eq!(sim.rooms.member_count(), self.people.len());
        assert_eq!(sim.rooms.room_count(), self.rooms.len());
        let (mut published, mut hears, mut views) = (BTreeMap::new(), BTreeSet::new(), BTreeMap::new());
        for (i, person) in self.people.iter().enumerate() {
            let snapshot = sim.snapshot(&person.name);
            assert_eq!((snapshot.role, snapshot.tracks), (person.role, person.tracks), "{} itself", person.name);
            let seen: Vec<_> = snapshot.members.iter().map(|view| (view.user_id.as_str(), view.tracks)).collect();
            let visible = self.others(i).filter(|other| other.role == Role::Anchor);
            let expected: Vec<_> = visible.map(|other| (other.user, other.tracks)).collect();
            assert_eq!(seen, expected, "whom {} sees", person.name);

            let me = sim.session(&person.name);
            let source = |session: SessionId, track: Track| TrackRef { publisher: session, track };
            for track in Track::ALL.into_iter().filter(|track| person.tracks.state(*track) != Off) {
                let small = track == Camera && person.tracks.small;
                published.insert(source(me, track), (person.tracks.state(track), small));
            }
            for other in self.others(i) {
                let them = sim.session(&other.name);
                let wanted = person.everybody != person.except.contains(other.user);
                if wanted && person.permissions.allow(Permissions::RECEIVE_AUDIO) && other.tracks.microphone != Off {
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

/// Does a step in both worlds.
fn act(sim: &mut Sim, model: &mut Model, count: usize, user: &'static str, room: u64, step: &Step) {
    let present = model.find(user, room);
    let name = present.map(|i| model.people[i].name.clone());
    match (step, name) {
        (Step::Enter { scene, role, permissions, auto }, _) => {
            let name = format!("{user}{}", "'".repeat(count));
            let person = Person {
                name: name.clone(),
                user,
                room,
                role: if scene.class() == SceneClass::Call { Role::Anchor } else { *role },
                permissions: *permissions,
                tracks: Tracks::default(),
                everybody: *auto,
                except: BTreeSet::new(),
                views: BTreeMap::new(),
                evicted_at: None,
            };
            let answer = sim.try_enter(&name, |enter| {
                enter.key = crate::sim::room(room);
                enter.scene = *scene;
                enter.role = *role;
                enter.permissions = *permissions;
                enter.auto_receive_audio = *auto;
            });
            assert_eq!(answer.map(drop).map_err(|error| error.name), model.enter(person, *scene));
        }
        (Step::Wait(ms), _) => {
            sim.wait(*ms);
            model.wait(*ms);
        }
        (Step::Remove { other }, _) => {
            let users = [crate::sim::user(user), crate::sim::user(other)];
            let done = sim.rooms.handle_remove_users(sim.now, &crate::sim::room(room), &users);
            sim.settle();
            assert_eq!(done.is_ok(), model.rooms.contains_key(&room));
            for user in [user, other] {
                if let Some(i) = model.find(user, room) {
                    model.leave(i, false);
                }
            }
        }
        (Step::Dismiss, _) => {
            let done = sim.rooms.handle_dismiss(sim.now, &crate::sim::room(room));
            sim.settle();
            assert_eq!(done.is_ok(), model.rooms.remove(&room).is_some());
            model.people.retain(|person| person.room != room);
        }
        (Step::Crash, _) => {
            sim.crash();
            model.crash();
        }
        (_, None) => {}
        (Step::Ask(ask), Some(name)) => {
            let me = present.expect("it has a name");
            let request = match *ask {
                Ask::Publish { track, state, small } => {
                    RoomRequest::Publish(rtc_protocol::Publish { track, state, small, codec: None })
                }
                Ask::View { whom, stream, layer } => view(whom, stream, layer),
                Ask::Unview { whom, stream } => unview(whom, stream),
                Ask::Listen { whom, on } => listen(whom, on),
                Ask::Switch { role, permissions } => RoomRequest::SwitchRole { role, permissions },
                Ask::Message { cmd_id } => message(cmd_id, "aGk="),
                Ask::Report { quality } => report(quality),
                Ask::Exit => RoomRequest::Exit,
            };
            let answer = sim.ask(&name, request);
            assert_eq!(answer.map(drop).map_err(|error| error.name), model.ask(me, ask), "{name}: {ask:?}");
        }
        (Step::Lose, Some(name)) => {
            sim.lose(&name);
            let until = model.now + model.config.away_ms;
            model.people[present.expect("it has a name")].evicted_at.get_or_insert(until);
        }
        (Step::Resume, Some(name)) => {
            sim.resume(&name).expect("it is in the room");
            model.people[present.expect("it has a name")].evicted_at = None;
        }
        (Step::Slot { mid, publisher, track }, Some(name)) => {
            // Media may be a step behind, so the publisher may be anybody who ever was, or audience, or elsewhere.
            let publisher = model.people.iter().find(|person| person.user == *publisher);
            let source = track.and_then(|track| Some((publisher?.name.as_str(), track)));
            sim.slots(&name, &[(&mid.to_string(), source)]);
        }
        (Step::Encode { track, big }, Some(name)) => sim.encode(&name, *track, *big, false),
        (Step::MediaReset, Some(name)) => sim.media_reset(&name),
    }
}

fn user_name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&USERS[..])
}

fn permissions() -> impl Strategy<Value = Permissions> {
    prop_oneof![
        6 => Just(Permissions::ALL),
        1 => Just(Permissions::AUDIENCE),
        2 => (0..256_u32).prop_map(|bits| Permissions(bits) | Permissions::ENTER),
        1 => (0..256_u32).prop_map(Permissions),
    ]
}

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![Just(Role::Anchor), Just(Role::Audience)]
}

fn track() -> impl Strategy<Value = Track> {
    prop::sample::select(&Track::ALL[..])
}

fn stream() -> impl Strategy<Value = Stream> {
    prop_oneof![2 => Just(Stream::Main), 1 => Just(Stream::Sub)]
}

fn ask() -> impl Strategy<Value = Ask> {
    let state = prop_oneof![3 => Just(On), 1 => Just(Muted), 2 => Just(Off)];
    let layer = prop_oneof![Just(Layer::Big), Just(Layer::Small)];
    prop_oneof![
        10 => (track(), state, any::<bool>()).prop_map(|(track, state, small)| Ask::Publish { track, state, small }),
        8 => (user_name(), stream(), layer).prop_map(|(whom, stream, layer)| Ask::View { whom, stream, layer }),
        2 => (user_name(), stream()).prop_map(|(whom, stream)| Ask::Unview { whom, stream }),
        4 => (prop::option::of(user_name()), any::<bool>()).prop_map(|(whom, on)| Ask::Listen { whom, on }),
        4 => (role(), prop::option::of(permissions())).prop_map(|(role, permissions)| Ask::Switch { role, permissions }),
        1 => (0..12_u8).prop_map(|cmd_id| Ask::Message { cmd_id }),
        1 => (0..8_u8).prop_map(|quality| Ask::Report { quality }),
        2 => Just(Ask::Exit),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let scene = prop_oneof![
        3 => Just(Scene::Live),
        1 => Just(Scene::VoiceChatRoom),
        3 => Just(Scene::VideoCall),
        1 => Just(Scene::AudioCall)
    ];
    let enter = (scene, role(), permissions(), any::<bool>());
    let wait = prop_oneof![3 => 0..5_000_u64, 2 => 80_000..100_000_u64, 1 => Just(600_000_u64)];
    prop_oneof![
        10 => enter.prop_map(|(scene, role, permissions, auto)| Step::Enter { scene, role, permissions, auto }),
        24 => ask().prop_map(Step::Ask),
        3 => Just(Step::Lose),
        2 => Just(Step::Resume),
        1 => user_name().prop_map(|other| Step::Remove { other }),
        1 => Just(Step::Dismiss),
        1 => Just(Step::Crash),
        3 => (0..4_u8, user_name(), prop::option::weighted(0.8, track()))
            .prop_map(|(mid, publisher, track)| Step::Slot { mid, publisher, track }),
        1 => (track(), any::<bool>()).prop_map(|(track, big)| Step::Encode { track, big }),
        1 => Just(Step::MediaReset),
        2 => wait.prop_map(Step::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_story_goes_as_the_model_says(
        exclusive_screen in any::<bool>(),
        // Most of it happens in one room, so that people meet.
        steps in prop::collection::vec((user_name(), prop_oneof![6 => Just(7), 1 => 8..7 + ROOMS], step()), 1..80),
    ) {
        let mut sim = Sim::new(Scene::Live, config(exclusive_screen));
        let (now, config) = (sim.now.0, config(exclusive_screen));
        let mut model = Model { config, now, people: Vec::new(), rooms: BTreeMap::new() };
        for (count, (user, room, step)) in steps.iter().enumerate() {
            act(&mut sim, &mut model, count, user, *room, step);
            model.check(&sim);
        }
        sim.wait(10_000_000);
        model.wait(10_000_000);
        model.check(&sim);
    }
}
