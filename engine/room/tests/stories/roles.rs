//! Anchors become audience and audience becomes anchors.

use rtc_protocol::{ErrorCode, Publish, Role, Stream};
use rtc_room::{FactBody, Permissions, RoomRequest};

use crate::sim::*;

#[test]
fn an_anchor_that_becomes_audience_disappears_for_everybody_and_stays() {
    let mut sim = Sim::live();
    sim.enter("ann");
    sim.enter("bob");
    sim.watch("zoe");
    sim.publish("ann", Camera, On);
    sim.view("zoe", "ann", Stream::Main);
    sim.forget();

    sim.switch("ann", Role::Audience);
    sim.expect("bob", &["ann publishes nothing", "ann left: BecameAudience"]);
    sim.expect("zoe", &["ann publishes nothing", "ann left: BecameAudience"]);
    sim.expect_silence();
    sim.expect_media(&["zoe unviews ann Camera", "ann publishes Camera Off"]);
    assert_eq!(sim.snapshot("ann").role, Role::Audience);
    assert_eq!(sim.seen_by("ann"), ["bob: nothing"]);
    assert_eq!(sim.refused("ann", publish(Camera, On)), ErrorCode::NoPermissionToPublish);
}

#[test]
fn audience_that_becomes_anchor_appears_for_everybody() {
    let mut sim = Sim::live();
    sim.enter("ann");
    sim.watch("zoe");
    sim.watch("yan");
    sim.forget();

    sim.switch("zoe", Role::Anchor);
    sim.expect("ann", &["zoe entered"]);
    sim.expect("yan", &["zoe entered"]);
    sim.expect_silence();
    sim.publish("zoe", Microphone, On);
    sim.expect("yan", &["zoe publishes microphone"]);
}

#[test]
fn the_role_one_has_can_be_asked_for_again() {
    let mut sim = Sim::live();
    sim.enter("ann");
    sim.watch("zoe");
    sim.forget();
    sim.switch("ann", Role::Anchor);
    sim.switch("zoe", Role::Audience);
    sim.expect_outputs(&[]);
}

#[test]
fn a_call_has_no_roles() {
    let mut sim = Sim::call();
    sim.enter("ann");
    for role in [Role::Anchor, Role::Audience] {
        let request = RoomRequest::SwitchRole { role, permissions: None };
        assert_eq!(sim.refused("ann", request), ErrorCode::SceneOrRoleMismatch);
    }
}

#[test]
fn a_viewer_keeps_its_views_when_it_changes_role() {
    let mut sim = Sim::live();
    sim.enter("ann");
    sim.publish("ann", Camera, On);
    sim.publish("ann", Microphone, On);
    sim.watch("zoe");
    sim.view("zoe", "ann", Stream::Main);
    sim.forget();
    sim.switch("zoe", Role::Anchor);
    sim.switch("zoe", Role::Audience);
    sim.expect_media(&[]);
}

#[test]
fn a_new_ticket_with_the_role_is_what_counts_from_then_on() {
    let mut sim = Sim::live();
    sim.enter("ann");
    sim.try_enter("zoe", |enter| {
        enter.role = Role::Audience;
        enter.permissions = Permissions::AUDIENCE;
    })
    .unwrap();
    sim.switch("zoe", Role::Anchor);
    assert_eq!(sim.refused("zoe", publish(Camera, On)), ErrorCode::NoPermissionToPublish);

    sim.must("zoe", switch(Role::Anchor, Permissions::AUDIENCE | Permissions::SEND_VIDEO));
    sim.publish("zoe", Camera, On);
    assert_eq!(sim.refused("zoe", publish(Microphone, On)), ErrorCode::NoPermissionToPublish);
}

#[test]
fn a_narrower_ticket_ends_what_it_does_not_allow() {
    let mut sim = Sim::live();
    sim.enter("ann");
    sim.enter("bob");
    for name in ["ann", "bob"] {
        sim.publish(name, Microphone, On);
        sim.publish(name, Camera, On);
    }
    sim.view("bob", "ann", Stream::Main);
    sim.forget();

    sim.must("bob", switch(Role::Anchor, Permissions::ENTER | Permissions::SEND_AUDIO));
    sim.expect_media(&["bob unhears ann", "bob unviews ann Camera", "bob publishes Camera Off"]);
    sim.expect("ann", &["bob publishes microphone"]);

    sim.must("bob", switch(Role::Anchor, Permissions::ALL));
    sim.expect_media(&["bob hears ann"]);
    sim.expect_silence();
}

#[test]
fn a_camera_that_is_not_allowed_any_more_takes_its_small_layer_along() {
    let mut sim = Sim::live();
    sim.enter("ann");
    sim.enter("bob");
    sim.must("ann", RoomRequest::Publish(Publish { track: Camera, state: On, small: true, codec: None }));
    sim.forget();
    sim.must("ann", switch(Role::Anchor, Permissions::AUDIENCE));
    sim.expect("bob", &["ann publishes nothing"]);
}

#[test]
fn a_role_that_is_refused_leaves_the_old_permissions() {
    let mut sim = Sim::new(rtc_protocol::Scene::Live, rtc_room::RoomConfig { live_anchors: 1, ..Default::default() });
    sim.enter("ann");
    sim.publish("ann", Camera, On);
    sim.watch("zoe");
    sim.view("zoe", "ann", Stream::Main);
    assert_eq!(sim.refused("zoe", switch(Role::Anchor, Permissions::NONE)), ErrorCode::RoomFull);
    sim.must("zoe", unview("ann", Stream::Main));
    sim.view("zoe", "ann", Stream::Main);
}

#[test]
fn the_record_knows_of_each_change() {
    let mut sim = Sim::live();
    sim.enter("ann");
    sim.watch("zoe");
    sim.facts();
    sim.switch("zoe", Role::Anchor);
    let (session, user) = (sim.session("zoe"), user("zoe"));
    assert_eq!(sim.facts(), [FactBody::RoleChanged { session, user, role: Role::Anchor }]);
}
