//! Who views and hears whom.

use rtc_protocol::{ErrorCode, Layer, Role, Scene, Stream};
use rtc_room::RoomConfig;

use crate::sim::*;

#[test]
fn a_published_microphone_is_heard_by_whoever_did_not_say_otherwise() {
    let mut sim = Sim::live();
    sim.enter("ann");
    sim.enter("bob");
    sim.watch("zoe");
    sim.try_enter("yan", |enter| enter.auto_receive_audio = false).unwrap();
    sim.forget();
    sim.publish("ann", Microphone, Muted);
    sim.publish("ann", Microphone, On);
    sim.publish("ann", Microphone, Off);
    sim.expect_media(&[
        "ann publishes Microphone Muted",
        "bob hears ann",
        "zoe hears ann",
        "ann publishes Microphone On",
        "bob unhears ann",
        "zoe unhears ann",
        "ann publishes Microphone Off",
    ]);
}

#[test]
fn whoever_enters_hears_the_microphones_that_are_published() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.publish("ann", Microphone, On);
    sim.publish("bob", Camera, On);
    sim.forget();
    sim.enter("cat");
    sim.expect_media(&["cat hears ann"]);
}

#[test]
fn one_user_can_be_left_unheard_and_heard_again() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.publish("ann", Microphone, On);
    sim.forget();
    sim.must("bob", listen(Some("ann"), false));
    sim.must("bob", listen(Some("ann"), false));
    sim.must("bob", listen(Some("ann"), true));
    sim.expect_media(&["bob unhears ann", "bob hears ann"]);
}

#[test]
fn a_wish_about_somebody_holds_before_it_enters_and_after_it_came_again() {
    let mut sim = Sim::call();
    sim.enter("bob");
    sim.must("bob", listen(Some("ann"), false));
    for ann in ["ann", "ann'"] {
        sim.enter(ann);
        sim.forget();
        sim.publish(ann, Microphone, On);
        sim.expect_media(&[&format!("{ann} publishes Microphone On")]);
    }
}

#[test]
fn a_wish_about_everybody_holds_for_those_to_come_and_forgets_what_was_said_of_single_users() {
    let mut sim = Sim::call();
    for name in ["ann", "bob", "cat"] {
        sim.enter(name);
    }
    sim.publish("ann", Microphone, On);
    sim.publish("bob", Microphone, On);
    sim.must("cat", listen(Some("ann"), false));
    sim.forget();

    sim.must("cat", listen(None, false));
    sim.expect_media(&["cat unhears bob"]);
    sim.must("cat", listen(Some("bob"), true));
    sim.enter("dan");
    sim.publish("dan", Microphone, On);
    sim.expect_media(&[
        "cat hears bob",
        "dan hears ann",
        "dan hears bob",
        "dan publishes Microphone On",
        "ann hears dan",
        "bob hears dan",
    ]);
    sim.must("cat", listen(None, true));
    sim.expect_media(&["cat hears ann", "cat hears dan"]);
}

#[test]
fn nobody_hears_itself_whatever_it_wishes() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.publish("ann", Microphone, On);
    sim.forget();
    sim.must("ann", listen(Some("ann"), false));
    sim.must("ann", listen(Some("ann"), true));
    sim.must("ann", listen(None, true));
    sim.expect_media(&[]);
}

#[test]
fn a_member_singles_out_so_many_users_and_no_more() {
    let mut sim = Sim::new(Scene::VideoCall, RoomConfig { listen_exceptions: 2, ..Default::default() });
    sim.enter("ann");
    sim.must("ann", listen(Some("x"), false));
    sim.must("ann", listen(Some("y"), false));
    assert_eq!(sim.refused("ann", listen(Some("z"), false)), ErrorCode::InvalidParameter);
    sim.must("ann", listen(Some("x"), true));
    sim.must("ann", listen(Some("z"), false));
}

#[test]
fn a_view_is_bound_changes_its_layer_and_ends() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.publish("ann", Camera, On);
    sim.forget();
    sim.must("bob", view("ann", Stream::Main, Layer::Big));
    sim.must("bob", view("ann", Stream::Main, Layer::Big));
    sim.must("bob", view("ann", Stream::Main, Layer::Small));
    sim.must("bob", unview("ann", Stream::Main));
    sim.must("bob", unview("ann", Stream::Main));
    sim.must("bob", unview("nobody", Stream::Sub));
    sim.expect_media(&["bob views ann Camera Big", "bob views ann Camera Small", "bob unviews ann Camera"]);
    sim.expect_silence();
}

#[test]
fn a_screen_has_only_its_big_layer() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.publish("ann", Screen, On);
    sim.forget();
    sim.must("bob", view("ann", Stream::Sub, Layer::Small));
    sim.expect_media(&["bob views ann Screen Big"]);
}

#[test]
fn what_is_not_published_or_not_visible_cannot_be_viewed() {
    let mut sim = Sim::live();
    sim.enter("ann");
    sim.enter("bob");
    sim.watch("zoe");
    sim.publish("ann", Camera, On);
    for (whom, stream) in [("ann", Stream::Sub), ("bob", Stream::Main), ("zoe", Stream::Main), ("nobody", Stream::Main)] {
        assert_eq!(sim.refused("zoe", view(whom, stream, Layer::Big)), ErrorCode::NoSuchStream);
    }
    assert_eq!(sim.refused("ann", view("ann", Stream::Main, Layer::Big)), ErrorCode::NoSuchStream, "nobody views itself");
}

#[test]
fn a_view_survives_muting_and_ends_with_the_track() {
    let mut sim = Sim::call();
    sim.enter("ann");
    sim.enter("bob");
    sim.publish("ann", Camera, Muted);
    sim.view("bob", "ann", Stream::Main);
    sim.forget();
    sim.publish("ann", Camera, On);
    sim.publish("ann", Camera, Muted);
    sim.expect_media(&["ann publishes Camera On", "ann publishes Camera Muted"]);
    sim.publish("ann", Camera, Off);
    sim.expect_media(&["bob unviews ann Camera", "ann publishes Camera Off"]);
    sim.publish("ann", Camera, On);
    sim.expect_media(&["ann publishes Camera On"]);
    sim.view("bob", "ann", Stream::Main);
    sim.expect_media(&["bob views ann Camera Big"]);
}

#[test]
fn views_end_in_every_way_their_publisher_can_go() {
    let leave: [fn(&mut Sim); 4] = [
        |sim| sim.exit("ann"),
        |sim| sim.remove(&["ann"]),
        |sim| sim.switch("ann", Role::Audience),
        |sim| {
            sim.lose("ann");
            sim.wait(90_000);
        },
    ];
    for leave in leave {
        let mut sim = Sim::live();
        sim.enter("ann");
        sim.watch("zoe");
        sim.publish("ann", Screen, On);
        sim.publish("ann", Microphone, On);
        sim.view("zoe", "ann", Stream::Sub);
        leave(&mut sim);
        assert!(sim.media_books.views.is_empty());
        assert!(sim.media_books.hears.is_empty());
        assert_eq!(sim.refused("zoe", view("ann", Stream::Sub, Layer::Big)), ErrorCode::NoSuchStream);
    }
}

#[test]
fn a_member_views_64_tracks_and_no_more() {
    let mut sim = Sim::call();
    sim.enter("zoe");
    for i in 0..33 {
        let name = format!("u{i}");
        sim.enter(&name);
        sim.publish(&name, Camera, On);
        sim.publish(&name, Screen, On);
    }
    for i in 0..32 {
        sim.view("zoe", &format!("u{i}"), Stream::Main);
        sim.view("zoe", &format!("u{i}"), Stream::Sub);
    }
    assert_eq!(sim.refused("zoe", view("u32", Stream::Main, Layer::Big)), ErrorCode::SlotsExhausted);
    sim.must("zoe", view("u0", Stream::Main, Layer::Small));
    sim.must("zoe", unview("u9", Stream::Sub));
    sim.view("zoe", "u32", Stream::Main);
}
