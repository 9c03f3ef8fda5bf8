//! The own camera in windows of the application.

use std::sync::Arc;

use rtc_core::video::frame::{Pool, Rotation};
use rtc_core::video::measure::psnr;
use rtc_core::{RenderParams, VideoFillMode, VideoMirrorType, VideoResolution, VideoRotation};

use crate::engine::Engine;
use crate::person::Person;
use crate::seen::{Eyes, encoding, source_of};
use crate::windows::{BELOW, Board, SQUARE, TALL, WIDE, display};

/// Looks at a window whenever a picture was shown.
fn until_drawn(own: &Eyes, what: &str, is_it: impl Fn() -> bool) {
    own.until("", what, |_| is_it().then_some(()));
}

#[test]
fn the_own_camera_is_drawn_into_one_window_and_then_into_another() {
    let Some(server) = display(the_own_camera_is_drawn_into_one_window_and_then_into_another) else { return };
    let engine = Engine::start();
    let ann = Person::new(&engine);
    let [first, second] = [WIDE, BELOW].map(|area| Board::open(&server, area));
    let own = Arc::<Eyes>::default();
    ann.cloud.set_local_video_render_callback(Some(own.clone()));
    ann.cloud.set_video_encoder_param(encoding(VideoResolution::R160x90));
    ann.cloud.start_local_preview(first.id());
    let is_like = |board: &Board| {
        let shown = own.latest("").expect("something was shown");
        psnr(&shown, &board.frame()).is_some_and(|likeness| likeness > 25.0)
    };
    until_drawn(&own, "the camera in the first window", || is_like(&first));
    ann.cloud.update_local_view(second.id());
    until_drawn(&own, "the camera in the second window", || is_like(&second));
    first.paint_plain(0);
    (0..5).for_each(|_| own.until("", "anything", |_| Some(())));
    assert!(!is_like(&first), "the first window is still drawn into");
}

#[test]
fn the_own_camera_is_drawn_turned_mirrored_and_filling_as_it_is_wished() {
    let Some(server) = display(the_own_camera_is_drawn_turned_mirrored_and_filling_as_it_is_wished) else { return };
    let engine = Engine::start();
    let ann = Person::new(&engine);
    let (_camera, own) = ann.shows(7);
    let [wide, tall, square] = [WIDE, TALL, SQUARE].map(|area| Board::open(&server, area));
    let pool = Pool::default();
    let is_mirrored = || source_of(&wide.frame().mirror(&pool).expect("a good size")) == Some(7);
    let is_plain = || source_of(&wide.frame()) == Some(7);
    ann.cloud.update_local_view(wide.id());
    until_drawn(&own, "her mark", is_plain);
    ann.cloud.set_local_render_params(RenderParams { mirror_type: VideoMirrorType::Enable, ..RenderParams::default() });
    until_drawn(&own, "a mirror", is_mirrored);
    ann.cloud.set_local_view_mirror(false);
    until_drawn(&own, "no mirror", is_plain);
    ann.cloud.set_local_view_mirror(true);
    until_drawn(&own, "a mirror again", is_mirrored);
    ann.cloud.set_local_view_mirror(false);

    ann.cloud.update_local_view(tall.id());
    ann.cloud.set_local_view_rotation(VideoRotation::Clockwise90);
    let upright = || tall.frame().rotate(Rotation::Clockwise270, &pool).expect("a good size");
    until_drawn(&own, "a quarter", || source_of(&upright()) == Some(7));
    ann.cloud.set_local_view_rotation(VideoRotation::Clockwise0);

    ann.cloud.update_local_view(square.id());
    ann.cloud.set_local_view_fill_mode(VideoFillMode::Fill);
    until_drawn(&own, "a full window", || square.lower_edge() > 100);
    ann.cloud.set_local_view_fill_mode(VideoFillMode::Fit);
    until_drawn(&own, "a whole picture", || square.lower_edge() == 0);
}

#[test]
fn a_camera_is_tested_in_a_window() {
    let Some(server) = display(a_camera_is_tested_in_a_window) else { return };
    let engine = Engine::start();
    let ann = Person::new(&engine);
    let board = Board::open(&server, WIDE);
    board.paint_plain(0);
    let own = Arc::<Eyes>::default();
    ann.cloud.set_local_video_render_callback(Some(own.clone()));
    assert_eq!(ann.cloud.device_manager().start_camera_device_test(board.id()), 0);
    // The preview gives the beat.
    ann.cloud.start_local_preview(0);
    until_drawn(&own, "something in the window", || board.lower_edge() > 100);
    assert_eq!(ann.cloud.device_manager().stop_camera_device_test(), 0);
    board.paint_plain(0);
    own.close();
    (0..10).for_each(|_| own.until("", "anything", |_| Some(())));
    assert_eq!(board.lower_edge(), 0, "the test goes on");
}
