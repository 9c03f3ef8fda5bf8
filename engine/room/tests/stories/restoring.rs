//! The engine crashes and is started again. Each story keeps what a store that listens to facts would have written.

use rtc_protocol::{ErrorCode, Layer, MemberKind, Role, Scene, Stream};
use rtc_room::{EndCause, FactBody, LeaveCause, Membership, Permissions, RoomConfig, RoomRequest, Time};

use crate::sim::*;

/// Ann with camera and microphone, and bob who views her small picture.
fn a_call() -> Sim {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.publish("ann", Microphone, Muted);
    sim.must("ann", RoomRequest::Publish(rtc_protocol::Publish { track: Camera, state: On, small: true, codec: None }));
    sim.must("bob", view("ann", Stream::Main, Layer::Small));
    sim.forget();
    sim
}

#[test]
fn whoever_comes_back_finds_the_room_as_it_was_and_nobody_is_told_anything() {
    let mut sim = a_call();
    sim.publish("bob", Screen, On);
    let before = (sim.snapshot("ann"), sim.snapshot("bob"));
    sim.forget();

    assert_eq!(sim.crash(), [sim.session("ann"), sim.session("bob")]);
    sim.wait(30_000);
    let bob = sim.resume("bob").unwrap();
    sim.wait(30_000);
    let ann = sim.resume("ann").unwrap();
    assert_eq!((&ann.members, ann.tracks, ann.role), (&before.0.members, before.0.tracks, before.0.role));
    assert_eq!((&bob.members, bob.tracks, bob.role), (&before.1.members, before.1.tracks, before.1.role));
    sim.wait(200_000);
    sim.expect_silence();
}

#[test]
fn media_is_told_everything_again_in_an_order_it_can_follow() {
    let mut sim = a_call();
    sim.publish("bob", Microphone, On);
    sim.forget();
    sim.crash();
    sim.expect_media(&[
        "ann publishes Microphone Muted",
        "ann publishes Camera On with small",
        "bob publishes Microphone On",
        "ann hears bob",
        "bob hears ann",
        "bob views ann Camera Small",
    ]);
    sim.resume("bob").unwrap();
    sim.expect_media(&[]);
}

#[test]
fn whoever_does_not_come_back_is_evicted_and_the_others_are_told_it_timed_out() {
    let mut sim = a_call();
    sim.crash();
    sim.forget();
    sim.resume("bob").unwrap();
    sim.wait(89_999);
    sim.expect_silence();
    sim.wait(1);
    sim.expect("bob", &["ann publishes nothing", "ann left: TimedOut"]);
    assert_eq!(sim.resume("ann").unwrap_err().name, ErrorCode::NotInRoom);
    sim.enter("ann'");
    sim.expect("bob", &["ann entered"]);
}

#[test]
fn a_room_to_which_nobody_comes_back_ends() {
    let mut sim = Sim::live();
    sim.watch("zoe");
    sim.crash();
    sim.facts();
    sim.wait(90_000);
    let facts = sim.facts();
    assert!(matches!(facts[0], FactBody::MemberLeft { cause: LeaveCause::TimedOut, .. }), "{facts:?}");
    assert_eq!(facts[1], FactBody::RoomEnded { cause: EndCause::Emptied });
    assert_eq!((sim.rooms.room_count(), sim.rooms.poll_timeout()), (0, None));
}

#[test]
fn a_room_that_was_kept_without_members_is_free() {
    let mut sim = Sim::live();
    sim.watch("zoe");
    sim.exit("zoe");
    assert_eq!(sim.rooms.room_count(), 1);
    assert_eq!(sim.crash(), []);
    assert_eq!(sim.rooms.room_count(), 0);
}

#[test]
fn pushes_are_numbered_anew_from_the_snapshot() {
    let mut sim = a_call();
    sim.crash();
    assert_eq!(sim.resume("bob").unwrap().n, 0);
    sim.resume("ann").unwrap();
    sim.publish("ann", Microphone, On);
    sim.expect("bob", &["ann publishes microphone + camera + small"]);
    assert_eq!(sim.snapshot("bob").n, 1);
}

#[test]
fn the_record_is_told_who_is_still_there_and_nothing_starts_twice() {
    let mut sim = Sim::live();
    sim.try_enter("ann", |enter| {
        enter.record_id = Some("lesson-1".into());
        enter.kind = MemberKind::Robot;
    })
    .unwrap();
    let entered = sim.now;
    sim.watch("zoe");
    sim.publish("ann", Camera, On);
    sim.view("zoe", "ann", Stream::Main);
    let info = sim.facts()[1].clone();
    sim.wait(5_000);
    sim.crash();

    let (ann, zoe, tracks) = (sim.session("ann"), sim.session("zoe"), sim.snapshot("ann").tracks);
    let facts = sim.facts();
    assert_eq!(facts[0], FactBody::RoomRestored { scene: Scene::Live });
    assert_eq!(facts[1], info);
    assert_eq!(
        facts[2],
        FactBody::MemberRestored {
            session: ann,
            user: user("ann"),
            role: Role::Anchor,
            kind: MemberKind::Robot,
            tracks,
            entered,
            record_id: Some("lesson-1".into()),
        }
    );
    assert!(matches!(&facts[4], FactBody::MemberRestored { session, role: Role::Audience, .. } if *session == zoe));
    assert!(matches!(&facts[5], FactBody::Subscribed { viewer, publisher, .. } if (*viewer, *publisher) == (zoe, ann)));
    assert_eq!(facts.len(), 6);
    for fact in facts {
        let written = serde_json::to_string(&fact).unwrap();
        assert_eq!(serde_json::from_str::<FactBody>(&written).unwrap(), fact, "{written}");
    }

    sim.resume("zoe").unwrap();
    assert_eq!(sim.facts(), [FactBody::ConnectionResumed { session: zoe, user: user("zoe") }]);
}

#[test]
fn whom_a_member_hears_and_what_it_may_do_are_as_before() {
    let mut sim = Sim::live();
    for name in ["ann", "bob", "cat"] {
        sim.enter(name);
    }
    sim.must("ann", listen(Some("bob"), false));
    sim.must("bob", listen(None, false));
    sim.must("bob", listen(Some("dan"), true));
    let permissions = Some(Permissions::AUDIENCE | Permissions::SEND_AUDIO);
    sim.must("cat", RoomRequest::SwitchRole { role: Role::Anchor, permissions });
    sim.crash();
    for name in ["ann", "bob", "cat"] {
        sim.resume(name).unwrap();
    }
    sim.forget();
    assert_eq!(sim.refused("cat", publish(Camera, On)), ErrorCode::NoPermissionToPublish);
    sim.publish("bob", Microphone, On);
    sim.expect_media(&["bob publishes Microphone On", "cat hears bob"]);
    sim.enter("dan");
    sim.publish("dan", Microphone, On);
    sim.expect_media(&["dan hears bob", "dan publishes Microphone On", "ann hears dan", "bob hears dan", "cat hears dan"]);
}

#[test]
fn only_what_is_new_is_written_down() {
    let mut sim = a_call();
    sim.must("ann", listen(None, true));
    sim.must("ann", listen(Some("bob"), true));
    let live = || RoomRequest::SwitchRole { role: Role::Anchor, permissions: Some(Permissions::ALL) };
    let mut stage = Sim::live();
    stage.enter("ann");
    stage.facts();
    stage.must("ann", live());
    assert_eq!((sim.facts(), stage.facts()), (vec![], vec![]));

    sim.must("ann", listen(Some("bob"), false));
    sim.must("ann", listen(Some("bob"), false));
    let (session, user, whom) = (sim.session("ann"), user("ann"), Some(user("bob")));
    assert_eq!(sim.facts(), [FactBody::HearingChanged { session, user, whom, on: false }]);
}

#[test]
fn a_switched_role_lasts_and_the_audience_stays_unseen() {
    let mut sim = Sim::live();
    sim.watch("zoe");
    sim.enter("ann");
    sim.publish("ann", Camera, On);
    sim.switch("ann", Role::Audience);
    sim.switch("zoe", Role::Anchor);
    sim.crash();
    assert_eq!(sim.resume("ann").unwrap().role, Role::Audience);
    assert_eq!(sim.seen_by("ann"), ["zoe: nothing"]);
    assert_eq!(sim.seen_by("zoe"), [] as [String; 0]);
}

#[test]
fn a_member_that_was_away_already_has_its_time_anew() {
    let mut sim = a_call();
    sim.lose("ann");
    sim.wait(80_000);
    sim.crash();
    sim.wait(80_000);
    assert!(sim.resume("ann").is_ok());
}

#[test]
fn the_same_user_may_enter_anew_instead_of_coming_back() {
    let mut sim = a_call();
    sim.crash();
    sim.resume("bob").unwrap();
    sim.forget();
    sim.enter("ann'");
    sim.expect("bob", &["ann publishes nothing", "ann left: Left", "ann entered"]);
}

#[test]
fn one_crash_may_follow_another() {
    let mut sim = a_call();
    let kept = sim.kept.clone();
    sim.crash();
    sim.crash();
    assert_eq!(sim.kept, kept);
    assert_eq!(sim.resume("bob").unwrap().members.len(), 1);
}

#[test]
fn a_membership_survives_being_written() {
    let mut sim = a_call();
    sim.must("ann", listen(Some("bob"), false));
    for membership in sim.kept.values() {
        let written = serde_json::to_string(membership).unwrap();
        assert_eq!(serde_json::from_str::<Membership>(&written).unwrap(), *membership, "{written}");
    }
}

/// What a store may hold when the last facts before a crash were not written.
mod when_the_last_facts_were_lost {
    use super::*;

    #[test]
    fn of_two_sessions_of_a_user_the_later_one_lives_on() {
        let mut sim = a_call();
        let earlier = sim.kept[&sim.session("ann")].clone();
        sim.wait(1);
        sim.enter("ann'");
        sim.kept.insert(earlier.session, earlier);
        sim.forget();
        assert_eq!(sim.crash(), [sim.session("bob"), sim.session("ann'")]);
        sim.expect_media(&[]);
        assert_eq!(sim.seen_by("bob"), ["ann: nothing"]);
    }

    #[test]
    fn a_view_of_somebody_who_is_gone_or_of_a_track_that_is_off_has_ended() {
        let mut sim = a_call();
        sim.enter("cat");
        sim.publish("cat", Camera, On);
        sim.view("bob", "cat", Stream::Main);
        let (ann, cat) = (sim.session("ann"), sim.session("cat"));
        sim.kept.get_mut(&ann).unwrap().tracks.camera = Off;
        sim.kept.remove(&cat);
        sim.forget();
        sim.crash();
        sim.expect_media(&["ann publishes Microphone Muted", "bob hears ann"]);
        assert_eq!(sim.seen_by("bob"), ["ann: microphone (muted)"]);
    }

    #[test]
    fn a_session_that_was_never_written_has_to_enter_again() {
        let mut sim = a_call();
        let ann = sim.session("ann");
        sim.kept.remove(&ann);
        sim.crash();
        assert_eq!(sim.resume("ann").unwrap_err().name, ErrorCode::NotInRoom);
        assert_eq!(sim.resume("bob").unwrap().members, []);
    }
}

/// What an engine of another version, or with other settings, may have written.
mod what_cannot_be {
    use super::*;

    #[test]
    fn tracks_that_are_not_allowed_are_off() {
        let mut sim = a_call();
        let ann = sim.session("ann");
        sim.kept.get_mut(&ann).unwrap().permissions = Permissions::AUDIENCE | Permissions::SEND_AUDIO;
        sim.forget();
        sim.crash();
        assert_eq!(sim.seen_by("bob"), ["ann: microphone (muted)"]);
    }

    #[test]
    fn an_audience_publishes_nothing_and_a_call_has_none() {
        let mut call = a_call();
        let ann = call.session("ann");
        call.kept.get_mut(&ann).unwrap().role = Role::Audience;
        call.crash();
        assert_eq!(call.seen_by("bob"), ["ann: microphone (muted) + camera + small"]);

        let mut live = Sim::live();
        live.enter("ann");
        live.publish("ann", Camera, On);
        live.forget();
        let ann = live.session("ann");
        live.kept.get_mut(&ann).unwrap().role = Role::Audience;
        live.crash();
        live.expect_media(&[]);
    }

    #[test]
    fn whoever_was_there_with_the_other_kind_of_scene_is_not_taken_up() {
        let mut sim = a_call();
        let bob = sim.session("bob");
        sim.kept.get_mut(&bob).unwrap().scene = Scene::Live;
        assert_eq!(sim.crash(), [sim.session("ann")]);
    }

    #[test]
    fn whoever_has_entered_since_has_taken_the_place() {
        let mut sim = a_call();
        let kept: Vec<Membership> = sim.kept.values().cloned().collect();
        let mut rooms = rtc_room::Rooms::new(RoomConfig::default());
        let mut enter = None;
        sim.try_enter("ann'", |asked| enter = Some(asked.clone())).unwrap();
        rooms.handle_enter(Time(5), enter.unwrap()).unwrap();
        assert_eq!(rooms.handle_restore(Time(6), kept.clone()), [sim.session("bob")].into());
        assert_eq!(rooms.handle_restore(Time(7), kept), [].into(), "nor is anybody taken up twice");
        assert_eq!(rooms.member_count(), 2);
    }

    #[test]
    fn more_than_is_allowed_now_is_cut_and_members_are_not() {
        let mut sim = a_call();
        sim.enter("cat");
        sim.publish("cat", Camera, On);
        sim.view("bob", "cat", Stream::Main);
        sim.must("bob", listen(Some("dan"), false));
        sim.must("bob", listen(Some("eve"), false));
        let kept: Vec<Membership> = sim.kept.values().cloned().collect();
        let config = RoomConfig { call_members: 1, call_publishers: 1, views: 1, listen_exceptions: 1, ..Default::default() };
        let mut rooms = rtc_room::Rooms::new(config);
        assert_eq!(rooms.handle_restore(Time(5), kept).len(), 3);
        let bob = rooms.membership(sim.session("bob")).unwrap();
        assert_eq!((bob.views.len(), bob.hearing.except.len()), (1, 1));
    }
}
