//! What becomes of the own picture on its way to the others: size, turn, mirror, watermark, mute image, processing.

use std::sync::Arc;

use rtc_core::video::convert::PixelFormat;
use rtc_core::video::frame::{Frame, Pool, Rotation, Size};
use rtc_core::video::overlay::{Place, Watermark};
use rtc_core::video::pattern::{Mark, Pattern};
use rtc_core::video::still::Still;
use rtc_core::{
    CameraCaptureMode, CameraCaptureParam, Event, GravitySensorAdaptiveMode, VideoEncParam, VideoProcessor, VideoResolution,
    VideoResolutionMode, VideoRotation, VideoStreamType,
};

use crate::engine::Engine;
use crate::person::Person;
use crate::seen::{Camera, Eyes, SMALL, encoding, source_of};

/// Somebody who shows coded pictures, and somebody who sees them.
fn pair(engine: &Engine) -> (Person, (Camera, Arc<Eyes>), Person, Arc<Eyes>) {
    let ann = Person::enters(engine, "ann");
    let camera = ann.shows(7);
    let mut bob = Person::enters(engine, "bob");
    let eyes = bob.watches("ann");
    eyes.until("ann", "her mark", |frame| (source_of(frame) == Some(7)).then_some(()));
    (ann, camera, bob, eyes)
}

fn is_hers(frame: Result<Frame, rtc_core::video::frame::FrameError>) -> Option<()> {
    (source_of(&frame.expect("a good size")) == Some(7)).then_some(())
}

#[test]
fn what_is_sent_is_turned_and_mirrored() {
    let engine = Engine::start();
    let (ann, _camera, _bob, eyes) = pair(&engine);
    let pool = Pool::default();
    ann.cloud.set_video_encoder_mirror(true);
    eyes.until("ann", "her mark in a mirror", |frame| is_hers(frame.mirror(&pool)));
    ann.cloud.set_video_encoder_mirror(false);
    ann.cloud.set_video_encoder_rotation(VideoRotation::Clockwise90);
    eyes.until("ann", "a turned mark", |frame| {
        assert!(frame.width() > frame.height() || (frame.width(), frame.height()) == (180, 320));
        is_hers(frame.rotate(Rotation::Clockwise270, &pool)).filter(|()| frame.width() < frame.height())
    });
    // There is no sensor of gravity that it could follow.
    ann.cloud.set_gravity_sensor_adaptive_mode(GravitySensorAdaptiveMode::FillByCenterCrop);
    ann.cloud.set_video_encoder_rotation(VideoRotation::Clockwise180);
    eyes.until("ann", "a mark upside down", |frame| {
        is_hers(frame.rotate(Rotation::Half, &pool)).filter(|()| (frame.width(), frame.height()) == SMALL)
    });
}

#[test]
fn pictures_stand_where_they_are_to_stand() {
    let engine = Engine::start();
    let (ann, _camera, mut bob, eyes) = pair(&engine);
    let portrait = VideoEncParam { res_mode: VideoResolutionMode::Portrait, ..encoding(VideoResolution::R320x180) };
    ann.cloud.set_video_encoder_param(portrait);
    eyes.until_size("ann", (180, 320));
    bob.until_event(&Event::UserVideoSizeChanged {
        user_id: "ann".into(),
        stream_type: VideoStreamType::Big,
        new_width: 180,
        new_height: 320,
    });
}

#[test]
fn a_watermark_is_seen_by_the_others() {
    let engine = Engine::start();
    let (ann, _camera, _bob, eyes) = pair(&engine);
    let lower_left = |frame: &Frame| {
        let [luma, ..] = frame.planes();
        let rows = luma.rows().skip(frame.height() as usize * 3 / 4);
        rows.flat_map(|row| row[..row.len() / 4].to_vec()).min()
    };
    assert!(lower_left(&eyes.latest("ann").expect("something was seen")) < Some(200));
    let white = vec![255; 64 * 64 * 4];
    // A square over the left quarter of the width and the lower half of the height.
    let place = Place { x: 0.0, y: 0.6, width: 0.3 };
    let mark = Watermark::new(PixelFormat::Rgba, 64, 64, &white, place).expect("an image");
    ann.cloud.set_water_mark(VideoStreamType::Big, Some(mark));
    eyes.until("ann", "the watermark", |frame| lower_left(frame).filter(|darkest| *darkest > 220));
    ann.cloud.set_water_mark(VideoStreamType::Big, None);
    eyes.until("ann", "no watermark", |frame| lower_left(frame).filter(|darkest| *darkest < 200));

    // The same square, of one pixel in a file.
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("white.gif");
    let gif = b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    std::fs::write(&path, gif).expect("written");
    let still = Still::read(&path).expect("a picture");
    let mark = Watermark::new(PixelFormat::Rgba, still.width, still.height, &still.rgba, place).expect("an image");
    ann.cloud.set_water_mark(VideoStreamType::Big, Some(mark));
    eyes.until("ann", "the watermark", |frame| lower_left(frame).filter(|darkest| *darkest > 220));
}

#[test]
fn a_muted_camera_is_seen_by_its_owner_and_its_image_by_the_others() {
    let engine = Engine::start();
    let (ann, (_camera, own), mut bob, eyes) = pair(&engine);
    let image = Pattern::new(9, Size::new(SMALL.0, SMALL.1).expect("a size")).draw(1, 0, &Pool::default());
    ann.cloud.set_video_mute_image(Some(image), 10);
    ann.cloud.mute_local_video(VideoStreamType::Big, true);
    bob.until_event(&Event::UserVideoAvailable { user_id: "ann".into(), available: false });
    eyes.until("ann", "the image", |frame| (source_of(frame) == Some(9)).then_some(()));
    own.close();
    own.until("", "her mark", |frame| (source_of(frame) == Some(7)).then_some(()));
    ann.cloud.mute_local_video(VideoStreamType::Big, false);
    bob.until_event(&Event::UserVideoAvailable { user_id: "ann".into(), available: true });
    eyes.until("ann", "her mark again", |frame| (source_of(frame) == Some(7)).then_some(()));
}

#[test]
fn the_application_changes_pictures_before_they_are_sent() {
    struct Painter;
    impl VideoProcessor for Painter {
        fn process(&self, frame: &Frame) -> Option<Frame> {
            Some(Pattern::new(3, frame.size()).draw(1, frame.time_us, &Pool::default()))
        }
    }
    let engine = Engine::start();
    let (ann, _camera, _bob, eyes) = pair(&engine);
    ann.cloud.set_local_video_custom_process_callback(Some(Arc::new(Painter)));
    eyes.until("ann", "what was painted", |frame| (source_of(frame) == Some(3)).then_some(()));
    ann.cloud.set_local_video_custom_process_callback(None);
    eyes.until("ann", "her mark again", |frame| (source_of(frame) == Some(7)).then_some(()));
}

#[test]
fn a_camera_is_opened_in_the_size_it_is_to_have_and_closed() {
    let engine = Engine::start();
    let mut ann = Person::enters(&engine, "ann");
    let mut bob = Person::enters(&engine, "bob");
    let own = Arc::<Eyes>::default();
    ann.cloud.set_local_video_render_callback(Some(own.clone()));
    let published = |available| Event::UserVideoAvailable { user_id: "ann".into(), available };
    ann.cloud.start_local_preview(0);
    ann.until_event(&Event::CameraDidReady);
    bob.until_event(&published(true));
    let manual = CameraCaptureParam { mode: CameraCaptureMode::Manual, width: 480, height: 270 };
    ann.cloud.device_manager().set_camera_capturer_param(manual);
    own.until_size("", (480, 270));

    ann.cloud.stop_local_preview();
    bob.until_event(&published(false));
    ann.settles();
    own.close();
    // There is no front and back on this machine.
    ann.cloud.start_local_preview_with_camera(true, 0);
    // Only one that was closed is told as opened.
    ann.until_event(&Event::CameraDidReady);
    bob.until_event(&published(true));
    own.until_size("", (480, 270));
}

#[test]
fn a_screen_is_seen_beside_the_camera_in_the_size_it_is_to_have() {
    let engine = Engine::start();
    let (mut ann, _camera, mut bob, eyes) = pair(&engine);
    let screen = Arc::<Eyes>::default();
    let published = |available| Event::UserSubStreamAvailable { user_id: "ann".into(), available };
    ann.cloud.start_screen_capture(0, VideoStreamType::Sub, Some(encoding(VideoResolution::R320x180)));
    ann.until_event(&Event::ScreenCaptureStarted);
    bob.until_event(&published(true));
    bob.cloud.set_remote_video_render_callback("ann", Some(screen.clone())).expect("a user id");
    bob.cloud.start_remote_view("ann", VideoStreamType::Sub, 0);
    let until_size = |size| {
        let find = |frame: &Frame| ((frame.width(), frame.height()) == size).then_some(());
        screen.until_of("ann", VideoStreamType::Sub, &format!("{size:?}"), find);
    };
    until_size((320, 180));
    ann.cloud.set_sub_stream_encoder_param(encoding(VideoResolution::R160x90));
    until_size((160, 90));
    screen.until("ann", "the camera's mark", |frame| Mark::read(frame).filter(|mark| mark.source == 7));
    drop(eyes);
    ann.cloud.stop_screen_capture();
    ann.until_event(&Event::ScreenCaptureStoped { reason: 0 });
    bob.until_event(&published(false));
}
