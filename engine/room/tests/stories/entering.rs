//! Who is told of whom at the door.

use rtc_protocol::{ErrorCode, MemberKind, Role, RoomId, RoomKey, Scene, SdkAppId};

use crate::sim::*;

#[test]
fn in_a_call_everybody_is_told_of_everybody_else() {
    let mut sim = Sim::call();
    let alone = sim.enter("ann");
    assert_eq!((alone.n, alone.members.len()), (0, 0));
    sim.enter("bob");
    sim.enter("cat");

    sim.expect("ann", &["bob entered", "cat entered"]);
    sim.expect("bob", &["cat entered"]);
    sim.expect_silence();
    assert_eq!(sim.seen_by("cat"), ["ann: nothing", "bob: nothing"]);
}

#[test]
fn a_call_makes_an_anchor_of_whoever_asks_to_be_audience() {
    let mut sim = Sim::call();
    sim.enter("ann");
    assert_eq!(sim.watch("bob").role, Role::Anchor);
    sim.expect("ann", &["bob entered"]);
}

#[test]
fn in_a_live_room_anchors_are_announced_to_all_and_the_audience_to_nobody() {
    let mut sim = Sim::live();
    sim.watch("zoe");
    sim.enter("ann");
    sim.watch("yan");
    sim.enter("bob");

    sim.expect("zoe", &["ann entered", "bob entered"]);
    sim.expect("yan", &["bob entered"]);
    sim.expect("ann", &["bob entered"]);
    sim.expect_silence();
    assert_eq!(sim.seen_by("yan"), ["ann: nothing", "bob: nothing"]);
    assert_eq!(sim.seen_by("bob"), ["ann: nothing"]);

    sim.exit("zoe");
    sim.expect("zoe", &["closed"]);
    sim.expect_silence();
}

#[test]
fn whoever_enters_late_sees_what_is_published() {
    let mut sim = Sim::live();
    sim.enter("ann");
    sim.publish("ann", Microphone, On);
    sim.publish("ann", Camera, Muted);
    sim.watch("zoe");
    assert_eq!(sim.seen_by("zoe"), ["ann: microphone + camera (muted)"]);
    sim.expect_silence();
}

#[test]
fn scenes_of_one_class_meet_and_others_are_refused_with_both_names() {
    for (first, meets, refused) in [
        (Scene::VideoCall, Scene::AudioCall, Scene::Live),
        (Scene::AudioCall, Scene::VideoCall, Scene::VoiceChatRoom),
        (Scene::Live, Scene::VoiceChatRoom, Scene::VideoCall),
        (Scene::VoiceChatRoom, Scene::Live, Scene::AudioCall),
    ] {
        let mut sim = Sim::call();
        sim.try_enter("ann", |enter| enter.scene = first).unwrap();
        sim.try_enter("bob", |enter| enter.scene = meets).unwrap();
        sim.forget();
        let error = sim.try_enter("eve", |enter| enter.scene = refused).unwrap_err();
        assert_eq!(error.name, ErrorCode::SceneOrRoleMismatch);
        assert!(error.message.contains(&format!("{first:?}")), "{error}");
        assert!(error.message.contains(&format!("{refused:?}")), "{error}");
        sim.expect_outputs(&[]);
    }
}

#[test]
fn number_rooms_string_rooms_and_apps_are_apart() {
    let mut sim = Sim::call();
    let text = RoomKey { app: SdkAppId(1_400_000_001), room: RoomId::text("7").unwrap() };
    let other_app = RoomKey { app: SdkAppId(1_400_000_002), room: RoomId::number(7).unwrap() };
    sim.enter("ann");
    sim.try_enter("bob", |enter| enter.key = text).unwrap();
    sim.try_enter("cat", |enter| enter.key = other_app).unwrap();
    for name in ["ann", "bob", "cat"] {
        assert_eq!(sim.seen_by(name), [""; 0]);
    }
    sim.expect_silence();
    assert_eq!(sim.rooms.room_count(), 3);
}

#[test]
fn a_user_may_be_in_two_rooms() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.try_enter("ann'", |enter| enter.key = room(8)).unwrap();
    sim.expect_silence();
    assert!(!sim.is_closed("ann"));
}

#[test]
fn the_same_user_again_puts_the_first_out_and_the_others_see_it_leave_and_enter() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.publish("ann", Camera, On);
    sim.forget();

    let snapshot = sim.enter("ann'");
    assert_eq!(snapshot.members.iter().map(|view| view.user_id.as_str()).collect::<Vec<_>>(), ["bob"]);
    sim.expect("ann", &["removed: Kick, exit 1", "closed"]);
    sim.expect("bob", &["ann publishes nothing", "ann left: Left", "ann entered"]);
    sim.expect_silence();
    assert_eq!(sim.seen_by("bob"), ["ann: nothing"]);
}

#[test]
fn the_same_user_again_does_not_end_a_room_it_was_alone_in() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.forget();
    sim.enter("ann'");
    sim.expect_outputs(&[
        "fact: ann left: Replaced",
        "media: ann closes",
        "ann < removed: Kick, exit 1",
        "ann < closed",
        "fact: session of ann",
        "fact: ann entered",
    ]);
}

#[test]
fn an_anchor_that_comes_again_as_audience_is_gone_for_the_others() {
    let mut sim = Sim::live();
    sim.watch("zoe");
    sim.enter("ann");
    sim.forget();
    sim.watch("ann'");
    sim.expect("zoe", &["ann left: Left"]);
    assert_eq!(sim.seen_by("zoe"), [""; 0]);
}

#[test]
fn a_session_id_is_taken_once() {
    let mut sim = Sim::call();
    sim.enter("ann");
    let session = sim.session("ann");
    sim.forget();
    let error = sim.try_enter("bob", |enter| enter.session = session).unwrap_err();
    assert_eq!(error.name, ErrorCode::Internal);
    sim.expect_outputs(&[]);
}

#[test]
fn the_kind_of_a_member_is_told() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.try_enter("mixer", |enter| enter.kind = MemberKind::Robot).unwrap();
    assert_eq!(sim.snapshot("ann").members[0].kind, MemberKind::Robot);
}

#[test]
fn a_record_id_with_other_characters_or_too_long_is_refused() {
    let mut sim = Sim::call();
    for bad in ["a/b", "ü", &"x".repeat(65)] {
        let error = sim.try_enter("ann", |enter| enter.record_id = Some(bad.into())).unwrap_err();
        assert_eq!(error.name, ErrorCode::InvalidParameter);
        assert!(error.message.contains("userDefineRecordId"));
    }
    sim.expect_outputs(&[]);
    sim.try_enter("ann", |enter| enter.record_id = Some("x_Y-9".repeat(12))).unwrap();
}
