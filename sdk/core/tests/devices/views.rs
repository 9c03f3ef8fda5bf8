//! The pictures of others in windows of the application.

use std::sync::Arc;

use rtc_core::video::frame::{Frame, Pool, Rotation};
use rtc_core::{Event, RenderParams, VideoFillMode, VideoMirrorType, VideoRotation, VideoStreamType};

use crate::engine::Engine;
use crate::person::Person;
use crate::seen::{Camera, Eyes, SMALL, source_of};
use crate::windows::{BELOW, Board, SQUARE, TALL, WIDE, display};

const BIG: VideoStreamType = VideoStreamType::Big;
const SUB: VideoStreamType = VideoStreamType::Sub;

/// Somebody who shows coded pictures on this stream, and somebody whom the eyes belong to.
fn pair(engine: &Engine, kind: VideoStreamType) -> (Person, Camera, Person, Arc<Eyes>) {
    let ann = Person::enters(engine, "ann");
    let camera = if kind == BIG { ann.shows(7).0 } else { Camera::of(&ann, kind, 7, SMALL) };
    let mut bob = Person::enters(engine, "bob");
    let (user_id, available) = ("ann".into(), true);
    bob.until_event(&match kind {
        VideoStreamType::Sub => Event::UserSubStreamAvailable { user_id, available },
        _ => Event::UserVideoAvailable { user_id, available },
    });
    let eyes = Arc::<Eyes>::default();
    bob.cloud.set_remote_video_render_callback("ann", Some(eyes.clone())).expect("a user id");
    (ann, camera, bob, eyes)
}

/// Looks at a window whenever a picture was shown.
fn until_drawn(eyes: &Eyes, kind: VideoStreamType, what: &str, is_it: impl Fn() -> bool) {
    eyes.until_of("ann", kind, what, |_| is_it().then_some(()));
}

fn is_hers(frame: &Frame) -> bool {
    source_of(frame) == Some(7)
}

fn turned(frame: &Frame, by: Rotation) -> Frame {
    frame.rotate(by, &Pool::default()).expect("a good size")
}

#[test]
fn somebody_is_drawn_into_one_window_and_then_into_another() {
    let Some(server) = display(somebody_is_drawn_into_one_window_and_then_into_another) else { return };
    let engine = Engine::start();
    let (_ann, _camera, bob, eyes) = pair(&engine, BIG);
    let [first, second] = [WIDE, BELOW].map(|area| Board::open(&server, area));
    bob.cloud.start_remote_view("ann", BIG, first.id());
    until_drawn(&eyes, BIG, "a mark in the first window", || is_hers(&first.frame()));
    bob.cloud.update_remote_view("ann", BIG, second.id());
    until_drawn(&eyes, BIG, "a mark in the second window", || is_hers(&second.frame()));
    // Nobody draws into the first one any more.
    first.paint_plain(0);
    eyes.close();
    (0..5).for_each(|_| eyes.until("ann", "anything", |_| Some(())));
    assert!(!is_hers(&first.frame()), "the first window is still drawn into");
    // A window that goes takes nothing with it.
    second.window.close();
    eyes.close();
    (0..5).for_each(|_| eyes.until("ann", "anything", |_| Some(())));
    bob.cloud.update_remote_view("ann", BIG, first.id());
    until_drawn(&eyes, BIG, "a mark in the first window", || is_hers(&first.frame()));
}

#[test]
fn somebody_is_drawn_turned_mirrored_and_filling_as_it_is_wished() {
    let Some(server) = display(somebody_is_drawn_turned_mirrored_and_filling_as_it_is_wished) else { return };
    let engine = Engine::start();
    let (_ann, _camera, bob, eyes) = pair(&engine, BIG);
    let [wide, tall, square] = [WIDE, TALL, SQUARE].map(|area| Board::open(&server, area));
    bob.cloud.start_remote_view("ann", BIG, wide.id());
    let mirrored = RenderParams { mirror_type: VideoMirrorType::Enable, ..RenderParams::default() };
    bob.cloud.set_remote_render_params("ann", BIG, mirrored);
    until_drawn(&eyes, BIG, "a mirror", || is_hers(&wide.frame().mirror(&Pool::default()).expect("a good size")));
    bob.cloud.set_remote_render_params("ann", BIG, RenderParams::default());
    until_drawn(&eyes, BIG, "no mirror", || is_hers(&wide.frame()));

    bob.cloud.update_remote_view("ann", BIG, tall.id());
    bob.cloud.set_remote_view_rotation("ann", VideoRotation::Clockwise90);
    until_drawn(&eyes, BIG, "a quarter", || is_hers(&turned(&tall.frame(), Rotation::Clockwise270)));
    bob.cloud.set_remote_view_rotation("ann", VideoRotation::Clockwise0);

    bob.cloud.update_remote_view("ann", BIG, square.id());
    bob.cloud.set_remote_view_fill_mode("ann", VideoFillMode::Fill);
    until_drawn(&eyes, BIG, "a full window", || square.lower_edge() > 100);
    bob.cloud.set_remote_view_fill_mode("ann", VideoFillMode::Fit);
    until_drawn(&eyes, BIG, "a whole picture", || square.lower_edge() == 0);
}

#[test]
fn a_shared_screen_is_drawn_turned_and_filling_as_it_is_wished() {
    let Some(server) = display(a_shared_screen_is_drawn_turned_and_filling_as_it_is_wished) else { return };
    let engine = Engine::start();
    let (_ann, _camera, bob, eyes) = pair(&engine, SUB);
    let [tall, square] = [TALL, SQUARE].map(|area| Board::open(&server, area));
    bob.cloud.start_remote_view("ann", SUB, tall.id());
    bob.cloud.set_remote_sub_stream_view_rotation("ann", VideoRotation::Clockwise270);
    until_drawn(&eyes, SUB, "three quarters", || is_hers(&turned(&tall.frame(), Rotation::Clockwise90)));
    bob.cloud.set_remote_sub_stream_view_rotation("ann", VideoRotation::Clockwise0);
    bob.cloud.update_remote_view("ann", SUB, square.id());
    bob.cloud.set_remote_sub_stream_view_fill_mode("ann", VideoFillMode::Fill);
    until_drawn(&eyes, SUB, "a full window", || square.lower_edge() > 100);
    bob.cloud.set_remote_sub_stream_view_fill_mode("ann", VideoFillMode::Fit);
    until_drawn(&eyes, SUB, "a whole picture", || square.lower_edge() == 0);
}
