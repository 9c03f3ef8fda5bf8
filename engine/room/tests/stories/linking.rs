//! Anchors of two rooms are linked, and what becomes of that. Ann is the anchor of room 7 where Zoe watches, Bob that of room
//! 8 where Yve watches.

use rtc_protocol::{ErrorCode, ForwardMode, MemberKind, Role, Scene, Stream};
use rtc_room::{FactBody, RoomConfig, RoomRequest};

use crate::sim::*;

const NOTHING: ForwardMode = ForwardMode { mute_audio: false, mute_video: false, mute_sub_stream: false };

fn two_rooms(config: RoomConfig) -> Sim {
    let mut sim = Sim::new(Scene::Live, config);
    sim.enter("ann");
    sim.watch("zoe");
    sim.try_enter("bob", |enter| enter.key = room(8)).expect("a room of its own");
    sim.try_enter("yve", |enter| (enter.key, enter.role) = (room(8), Role::Audience)).expect("there is a place");
    sim.forget();
    sim
}

/// Both publish, and are linked.
fn linked() -> Sim {
    let mut sim = two_rooms(RoomConfig::default());
    sim.publish("ann", Microphone, On);
    sim.publish("bob", Microphone, On);
    sim.publish("bob", Camera, On);
    sim.forget();
    sim.must("ann", connect(8, "bob"));
    sim
}

#[test]
fn everybody_in_both_rooms_sees_and_hears_the_anchor_of_the_other() {
    let mut sim = linked();
    for name in ["ann", "zoe"] {
        sim.expect(name, &["bob entered", "bob publishes microphone + camera"]);
    }
    for name in ["bob", "yve"] {
        sim.expect(name, &["ann entered", "ann publishes microphone"]);
    }
    sim.expect_media(&["ann hears bob", "zoe hears bob", "bob hears ann", "yve hears ann"]);
    let kinds: Vec<MemberKind> = sim.snapshot("zoe").members.iter().map(|view| view.kind).collect();
    assert_eq!(kinds, [MemberKind::Person, MemberKind::Linked]);

    sim.view("zoe", "bob", Stream::Main);
    sim.slots("zoe", &[("4", Some(("bob", Camera)))]);
    sim.expect("zoe", &["slots 4=bob Camera"]);
}

#[test]
fn whoever_comes_later_sees_the_linked_anchor_too() {
    let mut sim = linked();
    sim.watch("xia");
    assert_eq!(sim.seen_by("xia"), ["ann: microphone", "bob: microphone + camera"]);
    sim.forget();
    sim.publish("bob", Screen, On);
    sim.publish("bob", Camera, Off);
    for name in ["ann", "zoe", "xia"] {
        sim.expect(name, &["bob publishes microphone + camera + screen", "bob publishes microphone + screen"]);
    }
}

#[test]
fn either_end_may_end_it() {
    for who in ["ann", "bob"] {
        let mut sim = linked();
        sim.view("zoe", "bob", Stream::Main);
        sim.forget();
        sim.must(who, RoomRequest::DisconnectRoom);
        for name in ["ann", "zoe"] {
            sim.expect(name, &["bob publishes nothing", "bob left: Left"]);
        }
        for name in ["bob", "yve"] {
            sim.expect(name, &["ann publishes nothing", "ann left: Left"]);
        }
        let hears: Vec<_> = sim.media_books.hears.iter().map(|(viewer, _)| *viewer).collect();
        assert_eq!(hears, [sim.session("zoe"), sim.session("yve")], "each audience hears its own anchor");
        assert!(sim.media_books.views.is_empty());
        sim.must(who, RoomRequest::DisconnectRoom);
        sim.expect_silence();
    }
}

#[test]
fn what_is_held_back_is_off_for_the_whole_room_and_for_no_other() {
    let mut sim = linked();
    sim.view("zoe", "bob", Stream::Main);
    sim.forget();
    sim.must("ann", hold_back(8, "bob", ForwardMode { mute_audio: true, ..NOTHING }));
    for name in ["ann", "zoe"] {
        sim.expect(name, &["bob publishes camera"]);
    }
    sim.expect_media(&["ann unhears bob", "zoe unhears bob"]);
    sim.must("ann", hold_back(8, "bob", ForwardMode { mute_video: true, ..NOTHING }));
    sim.expect_media(&["ann hears bob", "zoe hears bob", "zoe unviews bob Camera"]);
    sim.forget();
    // What Bob does to it meanwhile is for his own room alone.
    sim.publish("bob", Camera, Muted);
    sim.expect("yve", &["bob publishes microphone + camera (muted)"]);
    sim.expect_silence();
    sim.must("ann", hold_back(8, "bob", NOTHING));
    sim.expect("zoe", &["bob publishes microphone + camera (muted)"]);
}

#[test]
fn what_was_held_back_is_forgotten_with_the_link() {
    let mut sim = linked();
    sim.must("ann", hold_back(8, "bob", ForwardMode { mute_audio: true, mute_video: true, mute_sub_stream: true }));
    assert_eq!(sim.seen_by("zoe"), ["ann: microphone", "bob: nothing"]);
    sim.must("bob", RoomRequest::DisconnectRoom);
    sim.must("bob", connect(7, "ann"));
    assert_eq!(sim.seen_by("zoe"), ["ann: microphone", "bob: microphone + camera"]);
}

#[test]
fn it_ends_with_either_membership_and_the_others_are_told_how() {
    type End = fn(&mut Sim);
    let endings: [(End, &str); 5] = [
        (|sim| sim.exit("bob"), "bob left: Left"),
        (|sim| sim.switch("bob", Role::Audience), "bob left: BecameAudience"),
        (|sim| drop(sim.switch_room("bob", 9)), "bob left: Left"),
        (|sim| sim.rooms.handle_remove_users(sim.now, &room(8), &[user("bob")]).expect("it is there"), "bob left: Removed"),
        (|sim| sim.rooms.handle_dismiss(sim.now, &room(8)).expect("it is there"), "bob left: Left"),
    ];
    for (end, told) in endings {
        let mut sim = linked();
        sim.view("zoe", "bob", Stream::Main);
        sim.forget();
        end(&mut sim);
        sim.settle();
        sim.expect("zoe", &["bob publishes nothing", told]);
        assert_eq!(sim.seen_by("zoe"), ["ann: microphone"]);
    }
}

#[test]
fn the_caller_s_end_ends_it_too() {
    let mut sim = linked();
    sim.lose("ann");
    sim.wait(89_999);
    assert_eq!(sim.seen_by("yve"), ["ann: microphone", "bob: microphone + camera"]);
    sim.forget();
    sim.wait(1);
    sim.expect("yve", &["ann publishes nothing", "ann left: TimedOut"]);
    sim.expect("zoe", &["bob publishes nothing", "bob left: Left", "ann publishes nothing", "ann left: TimedOut"]);
}

#[test]
fn the_room_of_the_caller_may_be_dismissed() {
    let mut sim = linked();
    sim.forget();
    sim.dismiss();
    sim.expect("yve", &["ann publishes nothing", "ann left: Left"]);
    assert_eq!(sim.seen_by("yve"), ["bob: microphone + camera"]);
    assert!(sim.fact_books.linked.is_empty());
}

#[test]
fn removing_a_linked_anchor_from_a_room_ends_the_link_alone() {
    let mut sim = linked();
    sim.forget();
    sim.remove(&["bob"]);
    sim.expect("zoe", &["bob publishes nothing", "bob left: Left"]);
    sim.expect("bob", &["ann publishes nothing", "ann left: Left"]);
    assert_eq!(sim.seen_by("yve"), ["bob: microphone + camera"]);
}

#[test]
fn a_member_takes_the_place_of_a_linked_one_of_its_name() {
    let mut sim = linked();
    sim.forget();
    sim.watch("bob'");
    sim.expect("zoe", &["bob publishes nothing", "bob left: Left"]);
    sim.expect("bob", &["ann publishes nothing", "ann left: Left"]);
    assert_eq!(sim.seen_by("bob'"), ["ann: microphone"]);
}

#[test]
fn moving_into_the_room_one_is_linked_with_makes_a_member_of_the_linked_one() {
    let mut sim = linked();
    sim.forget();
    let snapshot = sim.switch_room("bob", 7).expect("there is a place");
    assert_eq!(snapshot.members.len(), 1);
    let told = ["bob publishes nothing", "bob left: Left", "bob entered", "bob publishes microphone + camera"];
    sim.expect("zoe", &told);
    sim.exit("bob");
    assert_eq!(sim.seen_by("zoe"), ["ann: microphone"]);
}

#[test]
fn an_anchor_that_two_are_linked_with_stays_until_the_last_link_has_ended() {
    let mut sim = linked();
    sim.enter("amy");
    sim.forget();
    sim.must("amy", connect(8, "bob"));
    sim.expect("yve", &["amy entered"]);
    sim.expect_outputs(&["fact: amy of 7 linked", "bob < amy entered", "yve < amy entered"]);
    sim.exit("ann");
    assert_eq!(sim.seen_by("zoe"), ["bob: microphone + camera", "amy: nothing"]);
    sim.must("amy", RoomRequest::DisconnectRoom);
    assert_eq!(sim.seen_by("zoe"), ["amy: nothing"]);
}

#[test]
fn only_anchors_link_and_only_with_anchors_who_are_there() {
    let mut sim = linked();
    sim.try_enter("cat", |enter| enter.key = room(9)).expect("a room of its own");
    let refusals = [
        ("zoe", connect(8, "bob"), ErrorCode::LinkAsAudience),
        ("ann", connect(7, "ann"), ErrorCode::LinkParameterInvalid),
        ("ann", connect(10, "bob"), ErrorCode::RoomUnknown),
        ("ann", connect(8, "dan"), ErrorCode::NoSuchStream),
        ("ann", connect(8, "yve"), ErrorCode::NoSuchStream),
        // Ann is in room 8 as a linked member, at home in room 7.
        ("cat", connect(8, "ann"), ErrorCode::NoSuchStream),
        ("zoe", hold_back(8, "bob", NOTHING), ErrorCode::LinkAsAudience),
        ("cat", hold_back(8, "bob", NOTHING), ErrorCode::LinkParameterInvalid),
        ("ann", hold_back(9, "bob", NOTHING), ErrorCode::LinkParameterInvalid),
        ("ann", hold_back(8, "yve", NOTHING), ErrorCode::LinkParameterInvalid),
    ];
    sim.forget();
    for (who, request, code) in refusals {
        assert_eq!(sim.refused(who, request.clone()), code, "{request:?}");
    }
    sim.must("ann", connect(8, "bob"));
    sim.expect_silence();
}

#[test]
fn two_of_one_name_are_not_brought_into_one_room() {
    let mut sim = two_rooms(RoomConfig::default());
    sim.watch("bob'");
    assert_eq!(sim.refused("ann", connect(8, "bob")), ErrorCode::LinkParameterInvalid);
    sim.try_enter("ann'", |enter| enter.key = room(9)).expect("a room of its own");
    assert_eq!(sim.refused("ann'", connect(7, "ann")), ErrorCode::LinkParameterInvalid);
}

#[test]
fn a_room_has_a_most_of_linked_anchors_who_take_no_place_of_others() {
    let mut sim = two_rooms(RoomConfig { linked_anchors: 1, live_anchors: 2, ..RoomConfig::default() });
    sim.try_enter("cat", |enter| enter.key = room(9)).expect("a room of its own");
    sim.must("ann", connect(8, "bob"));
    assert_eq!(sim.refused("ann", connect(9, "cat")), ErrorCode::RoomFull);
    assert_eq!(sim.refused("cat", connect(7, "ann")), ErrorCode::RoomFull);
    sim.enter("amy");
    sim.must("ann", RoomRequest::DisconnectRoom);
    sim.must("amy", connect(9, "cat"));
}

#[test]
fn the_quality_of_a_linked_anchor_is_told_in_both_rooms() {
    let mut sim = linked();
    sim.forget();
    sim.must("bob", report(4));
    sim.wait(2_100);
    sim.expect("zoe", &["quality bob=4"]);
    sim.expect("yve", &["quality bob=4"]);
}

#[test]
fn a_crash_ends_links() {
    let mut sim = linked();
    sim.view("zoe", "bob", Stream::Main);
    sim.crash();
    assert_eq!(sim.resume("zoe").expect("it is in room 7").members.len(), 1);
    assert!(sim.media_books.views.is_empty());
    sim.resume("ann").expect("it is in room 7");
    sim.must("ann", connect(8, "bob"));
    assert_eq!(sim.seen_by("zoe"), ["ann: microphone", "bob: microphone + camera"]);
}

#[test]
fn the_record_tells_links_apart_from_members() {
    let mut sim = linked();
    let home: Vec<_> = sim
        .facts()
        .into_iter()
        .map(|fact| match fact {
            FactBody::LinkStarted { user, home, .. } => (user.to_string(), home),
            other => panic!("a link makes nobody a member: {other:?}"),
        })
        .collect();
    assert_eq!(home, [("bob".into(), room(8)), ("ann".into(), room(7))]);
}
