//! Random stories beside the model: after every step the stage checks that what each client was told by pushes adds up to what
//! the model says.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::Index;
use rtc_protocol::{ForwardMode, Layer, Role, Scene, SceneClass, Stream, Track, Tracks};
use rtc_room::{Permissions, RoomConfig, RoomRequest};

use crate::model::{Ask, Model, Person, Someone};
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
        linked_anchors: 2,
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
    Move { to: u64, permissions: Permissions },
    Crash,
    Slot { mid: u8, publisher: &'static str, track: Option<Track> },
    Encode { track: Track, big: bool },
    MediaReset,
    Wait(u64),
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
                } else {
                    model.end_links_into(room, user);
                }
            }
        }
        (Step::Move { to, permissions }, Some(name)) => {
            let me = present.expect("it has a name");
            let answer = sim.switch_room_with(&name, *to, *permissions);
            let expected = model.switch_room(me, *to, *permissions);
            assert_eq!(answer.map(drop).map_err(|error| error.name), expected, "{name} moves to {to}");
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
                Ask::Connect { ref whom } => {
                    let (to, whom) = model.find_someone(me, whom);
                    connect(to, whom)
                }
                Ask::Disconnect => RoomRequest::DisconnectRoom,
                Ask::HoldBack { ref whom, mode } => {
                    let (home, whom) = model.find_someone(me, whom);
                    hold_back(home, whom, mode)
                }
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

/// Most of it happens in one room, so that people meet.
fn room_number() -> impl Strategy<Value = u64> {
    prop_oneof![4 => Just(7), 2 => Just(8), 1 => 9..7 + ROOMS]
}

fn someone() -> impl Strategy<Value = Someone> {
    prop_oneof![
        1 => (room_number(), user_name()).prop_map(|(room, user)| Someone::Named { room, user }),
        2 => any::<Index>().prop_map(Someone::Elsewhere),
        2 => any::<Index>().prop_map(Someone::Linked),
    ]
}

fn forward_mode() -> impl Strategy<Value = ForwardMode> {
    let bits = (any::<bool>(), any::<bool>(), any::<bool>());
    bits.prop_map(|(mute_audio, mute_video, mute_sub_stream)| ForwardMode { mute_audio, mute_video, mute_sub_stream })
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
        8 => someone().prop_map(|whom| Ask::Connect { whom }),
        1 => Just(Ask::Disconnect),
        4 => (someone(), forward_mode()).prop_map(|(whom, mode)| Ask::HoldBack { whom, mode }),
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
        3 => (room_number(), permissions()).prop_map(|(to, permissions)| Step::Move { to, permissions }),
        1 => Just(Step::Crash),
        3 => (0..4_u8, user_name(), prop::option::weighted(0.8, track()))
            .prop_map(|(mid, publisher, track)| Step::Slot { mid, publisher, track }),
        1 => (track(), any::<bool>()).prop_map(|(track, big)| Step::Encode { track, big }),
        1 => Just(Step::MediaReset),
        2 => wait.prop_map(Step::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_story_goes_as_the_model_says(
        exclusive_screen in any::<bool>(),
        steps in prop::collection::vec((user_name(), room_number(), step()), 1..100),
    ) {
        let mut sim = Sim::new(Scene::Live, config(exclusive_screen));
        let (now, config) = (sim.now.0, config(exclusive_screen));
        let mut model = Model { config, now, people: Vec::new(), rooms: BTreeMap::new(), links: BTreeSet::new(), held_back: BTreeMap::new() };
        for (count, (user, room, step)) in steps.iter().enumerate() {
            act(&mut sim, &mut model, count, user, *room, step);
            model.tidy();
            model.check(&sim);
        }
        sim.wait(10_000_000);
        model.wait(10_000_000);
        model.tidy();
        model.check(&sim);
    }
}
