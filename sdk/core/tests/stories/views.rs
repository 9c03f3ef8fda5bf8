//! Whose pictures are received: views that are stopped or muted, one by one or all at once, and their layers.

use rtc_core::video::pattern::Mark;
use rtc_core::{VideoResolution, VideoStreamType};

use crate::engine::Engine;
use crate::person::Person;
use crate::seen::{encoding, source_of};

const BIG: VideoStreamType = VideoStreamType::Big;

#[test]
fn a_view_that_is_stopped_gets_no_more_pictures_and_one_that_is_begun_again_does() {
    let engine = Engine::start();
    let ann = Person::enters(&engine, "ann");
    let (_camera, own) = ann.shows(7);
    let mut bob = Person::enters(&engine, "bob");
    let eyes = bob.watches("ann");
    eyes.until("ann", "anything", |_| Some(()));
    bob.cloud.stop_remote_view("ann", BIG);
    bob.settles();
    eyes.close();
    eyes.until_left_behind("ann", &own);
    assert!(eyes.have_seen_nothing(), "a picture was shown after the end of its view");
    bob.cloud.start_remote_view("ann", BIG, 0);
    eyes.until("ann", "anything again", |_| Some(()));
}

#[test]
fn all_views_are_stopped_at_once() {
    let engine = Engine::start();
    let (ann, carl) = (Person::enters(&engine, "ann"), Person::enters(&engine, "carl"));
    let ((_first, own), (_second, other)) = (ann.shows(7), carl.shows(8));
    let mut bob = Person::enters(&engine, "bob");
    let (eyes, others) = (bob.watches("ann"), bob.watches("carl"));
    eyes.until("ann", "her mark", |frame| (source_of(frame) == Some(7)).then_some(()));
    others.until("carl", "his mark", |frame| (source_of(frame) == Some(8)).then_some(()));
    bob.cloud.stop_all_remote_view();
    bob.settles();
    eyes.close();
    others.close();
    eyes.until_left_behind("ann", &own);
    others.until_left_behind("carl", &other);
    assert!(eyes.have_seen_nothing() && others.have_seen_nothing(), "a picture was shown after the end of all views");
}

#[test]
fn a_stream_that_is_muted_for_oneself_comes_back_when_it_is_wanted_again() {
    let engine = Engine::start();
    let ann = Person::enters(&engine, "ann");
    let (_camera, own) = ann.shows(7);
    let mut bob = Person::enters(&engine, "bob");
    let eyes = bob.watches("ann");
    let last = eyes.until("ann", "a mark", Mark::read).number;
    bob.cloud.mute_remote_video_stream("ann", BIG, true);
    eyes.until_left_behind("ann", &own);
    bob.cloud.mute_remote_video_stream("ann", BIG, false);
    eyes.until("ann", "a later mark", |frame| Mark::read(frame).filter(|mark| mark.number > last + 30));
}

#[test]
fn all_streams_are_muted_for_oneself_but_for_the_one_that_is_wanted_all_the_same() {
    let engine = Engine::start();
    let (ann, carl) = (Person::enters(&engine, "ann"), Person::enters(&engine, "carl"));
    let ((_first, own), (_second, other)) = (ann.shows(7), carl.shows(8));
    let mut bob = Person::enters(&engine, "bob");
    let eyes = bob.watches("ann");
    eyes.until("ann", "anything", |_| Some(()));
    bob.cloud.mute_all_remote_video_streams(true);
    eyes.until_left_behind("ann", &own);
    // Also who is watched only now.
    let others = bob.watches("carl");
    others.until_left_behind("carl", &other);
    assert!(others.have_seen_nothing(), "a stream that is muted was shown");
    bob.cloud.mute_remote_video_stream("carl", BIG, false);
    others.until("carl", "anything", |_| Some(()));
    bob.cloud.mute_all_remote_video_streams(false);
    eyes.close();
    eyes.until("ann", "anything again", |_| Some(()));
}

#[test]
fn views_that_run_follow_the_layer_that_all_are_to_have() {
    let engine = Engine::start();
    let ann = Person::enters(&engine, "ann");
    let _camera = ann.shows(7);
    ann.cloud.enable_small_video_stream(true, encoding(VideoResolution::R160x90));
    let mut bob = Person::enters(&engine, "bob");
    let eyes = bob.watches("ann");
    eyes.until_size("ann", (320, 180));
    bob.cloud.set_prior_remote_video_stream_type(VideoStreamType::Small);
    eyes.until_size("ann", (160, 90));
}
