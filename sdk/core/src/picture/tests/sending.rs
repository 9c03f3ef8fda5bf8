//! Stories of the way out.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rtc_api::{CameraCaptureMode, CameraCaptureParam, ErrorCode, Event, SnapshotSourceType, VideoResolution, VideoStreamType};
use rtc_protocol::{Codec, Layer, Track};
use rtc_video::frame::{Frame, Pool};
use rtc_video::pattern::Mark;

use super::super::VideoProcessor;
use super::stage::{Camera, Engine, Eye, PATIENCE, Stage, Told, param, pattern, seen, source_of};

#[test]
fn a_preview_needs_no_room() {
    let stage = Stage::new();
    let (eye, frames) = Eye::new();
    stage.pictures.set_local_sink(Some(eye));
    stage.pictures.start_camera(0);
    stage.wait_for_this(&Event::CameraDidReady);
    let user_id = String::new();
    stage.wait_for_this(&Event::FirstVideoFrame { user_id, stream_type: VideoStreamType::Big, width: 320, height: 180 });
    seen(&frames, |frame| (frame.width(), frame.height()) == (320, 180));
    // A larger picture is asked for: the camera is opened anew, without a word.
    stage.pictures.set_encoder_param(Track::Camera, &param(VideoResolution::R640x360));
    seen(&frames, |frame| (frame.width(), frame.height()) == (640, 360));
    let manual = CameraCaptureParam { mode: CameraCaptureMode::Manual, width: 480, height: 270 };
    stage.pictures.set_capture_param(&manual);
    seen(&frames, |frame| (frame.width(), frame.height()) == (480, 270));
    // The twin is there whatever it is called.
    stage.pictures.choose_camera(Some("another".into()));
    stage.pictures.stop_camera();
    while frames.try_recv().is_ok() {}
    stage.pictures.start_camera(0);
    stage.wait_for_this(&Event::CameraDidReady);
    seen(&frames, |_| true);
    assert!(stage.packets.is_empty(), "pictures went out without a room");
}

#[test]
fn what_nobody_watches_is_not_encoded_and_who_begins_gets_a_key_frame() {
    let (stage, _camera) = Stage::with_camera();
    let (eye, frames) = Eye::new();
    stage.pictures.set_small_param(true, &param(VideoResolution::R160x90));
    stage.pictures.set_local_sink(Some(eye));
    let (mut big, mut small) = (Engine::new(), Engine::new());
    assert!(stage.sent(&mut big, Layer::Big).key);
    stage.wait_for_this(&Event::SendFirstLocalVideoFrame { stream_type: VideoStreamType::Big });

    stage.encode(false, false);
    // The preview goes on; once it has shown two more pictures, the thread knows.
    let shown = |count: u32| (0..count).for_each(|_| drop(seen(&frames, |_| true)));
    while frames.try_recv().is_ok() {}
    shown(2);
    let rest: Vec<_> = stage.packets.try_iter().collect();
    shown(5);
    assert!(stage.packets.is_empty(), "nobody watched");
    rest.into_iter().for_each(|packet| drop(big.take(packet)));

    stage.encode(false, true);
    assert!(stage.sent(&mut small, Layer::Small).key);
    assert!(!stage.sent(&mut small, Layer::Small).key);
    let measured = stage.pictures.measure().sent;
    let layers: Vec<_> = measured.iter().map(|sent| (sent.layer, sent.size)).collect();
    assert!(layers.contains(&(Layer::Small, (160, 90))), "{layers:?}");
    let resting = measured.iter().find(|sent| sent.layer == Layer::Big).expect("it is published all the same");
    assert!(resting.captured_per_second > 0.0, "{resting:?}");

    stage.encode(true, false);
    assert!(stage.sent(&mut big, Layer::Big).key, "who begins to watch needs a key frame");
}

#[test]
fn a_still_source_gives_a_key_frame_when_one_is_wanted() {
    let stage = Stage::new();
    stage.enter();
    stage.pictures.set_custom_capture(Track::Camera, true);
    stage.pictures.set_sending(Track::Camera, true);
    assert!(stage.pictures.send_custom(Track::Camera, pattern(7).draw(1, 0, &Pool::default())));
    let mut engine = Engine::new();
    assert!(stage.sent(&mut engine, Layer::Big).key);
    stage.pictures.want_keyframe(Track::Camera, Layer::Big);
    assert!(stage.sent(&mut engine, Layer::Big).key, "the last picture is good enough");
}

#[test]
fn numbers_go_on_when_the_source_is_started_again() {
    let (stage, camera) = Stage::with_camera();
    let mut engine = Engine::new();
    stage.sent(&mut engine, Layer::Big);
    drop(camera);
    stage.pictures.set_custom_capture(Track::Camera, false);
    assert!(!stage.pictures.send_custom(Track::Camera, pattern(7).draw(1, 0, &Pool::default())));
    stage.pictures.start_camera(0);
    // The engine's end checks that none is left out.
    while !stage.sent(&mut engine, Layer::Big).key {}
}

#[test]
fn a_muted_camera_is_seen_by_its_owner_only() {
    let (stage, _camera) = Stage::with_camera();
    let (_, remote, _repeater) = stage.watch("ann");
    let (eye, local) = Eye::new();
    stage.pictures.set_local_sink(Some(eye));
    seen(&remote, |frame| source_of(frame) == Some(7));

    stage.pictures.set_mute_image(Some(pattern(9).draw(1, 0, &Pool::default())), 10);
    stage.pictures.set_muted(Track::Camera, true);
    seen(&remote, |frame| source_of(frame) == Some(9));
    for _ in 0..5 {
        assert_eq!(source_of(&seen(&remote, |_| true)), Some(9), "a picture of a muted camera went out");
    }
    while local.try_recv().is_ok() {}
    assert_eq!(source_of(&seen(&local, |_| true)), Some(7));

    stage.pictures.set_mute_image(None, 10);
    stage.pictures.set_muted(Track::Camera, false);
    seen(&remote, |frame| source_of(frame) == Some(7));
}

#[test]
fn the_application_may_change_pictures_and_break() {
    /// Puts another picture in its place, and breaks at the first one.
    struct Painter(AtomicU32);
    impl VideoProcessor for Painter {
        fn process(&self, _frame: &Frame) -> Option<Frame> {
            let number = self.0.fetch_add(1, Ordering::Relaxed);
            assert_ne!(number, 0, "this hook is broken on purpose");
            Some(pattern(3).draw(number, 0, &Pool::default()))
        }
    }
    let (stage, _camera) = Stage::with_camera();
    let (_, remote, _repeater) = stage.watch("ann");
    stage.pictures.set_processor(Some(Arc::new(Painter(AtomicU32::new(0)))));
    seen(&remote, |frame| source_of(frame) == Some(3));
    stage.pictures.set_processor(None);
    seen(&remote, |frame| source_of(frame) == Some(7));
}

#[test]
fn a_recording_sees_encoded_pictures_also_where_nobody_watches() {
    let stage = Stage::new();
    stage.pictures.set_custom_capture(Track::Camera, true);
    let (recorded, frames) = crossbeam_channel::unbounded();
    let tap = move |frame: &rtc_video::codec::EncodedFrame| drop(recorded.send(frame.clone()));
    stage.pictures.set_tap(Track::Camera, Some(Arc::new(tap)));
    let _camera = Camera::start(stage.pictures.clone(), 7);
    assert!(frames.recv_timeout(PATIENCE).expect("a picture").key);
    frames.recv_timeout(PATIENCE).expect("another one");
    assert!(stage.packets.is_empty());
}

#[test]
fn a_screen_is_shared_paused_and_stopped() {
    let stage = Stage::new();
    stage.enter();
    let small = param(VideoResolution::R320x240);
    assert!(stage.pictures.start_screen(Track::Screen, 0, Some(&small)));
    stage.pictures.set_sending(Track::Screen, true);
    stage.wait_for_this(&Event::ScreenCaptureStarted);
    assert!(!stage.pictures.start_screen(Track::Screen, 0, None), "one screen is shared at a time");
    let mut engine = Engine::new();
    assert!(stage.sent(&mut engine, Layer::Big).key);
    stage.wait_for_this(&Event::SendFirstLocalVideoFrame { stream_type: VideoStreamType::Sub });
    let measured = stage.pictures.measure().sent;
    // The shape is the screen's, inside of what was asked for.
    assert_eq!(measured.first().map(|sent| (sent.track, sent.size)), Some((Track::Screen, (320, 180))));

    stage.pictures.pause_screen();
    stage.wait_for_this(&Event::ScreenCapturePaused { reason: 0 });
    stage.pictures.want_keyframe(Track::Screen, Layer::Big);
    while !stage.sent(&mut engine, Layer::Big).key {}
    stage.pictures.resume_screen();
    stage.wait_for_this(&Event::ScreenCaptureResumed { reason: 0 });
    stage.pictures.stop_screen();
    stage.wait_for_this(&Event::ScreenCaptureStoped { reason: 0 });
    assert!(stage.pictures.start_screen(Track::Screen, 0, None));
    stage.wait_for_this(&Event::ScreenCaptureStarted);
}

#[test]
fn a_screen_that_is_not_there_is_an_error() {
    let stage = Stage::new();
    // Nothing is that large: it stands for a window that was closed.
    let source = rtc_api::ScreenCaptureSourceInfo { source_id: u64::MAX, ..Default::default() };
    stage.pictures.select_screen(&source, rtc_api::Rect::default(), &rtc_api::ScreenCaptureProperty::default());
    stage.wait_for_event("an error", |event| match event {
        Event::Error { err_code, .. } => (*err_code == ErrorCode::SCREEN_CAPTURE_START_FAIL).then_some(()),
        _ => None,
    });
}

#[test]
fn the_line_is_divided_between_camera_and_screen() {
    let (stage, _camera) = Stage::with_camera();
    let kbps = |track| stage.pictures.sending(track).wishes().kbps;
    stage.pictures.set_bandwidth(1_100_000);
    assert_eq!(kbps(Track::Camera), Some(1000));
    stage.pictures.start_screen(Track::Screen, 0, Some(&param(VideoResolution::R640x360)));
    stage.pictures.set_sending(Track::Screen, true);
    assert_eq!((kbps(Track::Camera), kbps(Track::Screen)), (Some(500), Some(500)));
    stage.pictures.leave();
    assert_eq!(kbps(Track::Camera), None);
}

#[test]
fn the_line_is_asked_for_what_is_sent() {
    let (stage, _camera) = Stage::with_camera();
    let asked = || stage.bandwidth.load(Ordering::Relaxed);
    let one = asked();
    assert!((400_000..600_000).contains(&one), "300 kbps, the sound and headers: {one}");
    stage.pictures.start_screen(Track::Screen, 0, Some(&param(VideoResolution::R640x360)));
    stage.pictures.set_sending(Track::Screen, true);
    assert_eq!(asked() - one, 330_000, "the screen asks for 300 kbps");
    stage.pictures.set_sending(Track::Camera, false);
    assert_eq!(asked(), one, "as much as the camera did");
}

#[test]
fn leaving_ends_pictures_and_the_next_room_begins_anew() {
    let (stage, camera) = Stage::with_camera();
    let mut engine = Engine::new();
    stage.pictures.set_codec(Codec::H264);
    while stage.packets.recv_timeout(PATIENCE).expect("a packet").codec != Codec::H264 {}
    stage.pictures.leave();
    drop(camera);
    let before = stage.packets.try_iter().last().map(|packet| packet.seq);
    stage.enter();
    stage.pictures.set_custom_capture(Track::Camera, true);
    stage.pictures.set_sending(Track::Camera, true);
    let _camera = Camera::start(stage.pictures.clone(), 8);
    let first = stage.packets.recv_timeout(PATIENCE).expect("a packet");
    assert_eq!(first.codec, Codec::Vp8);
    assert!(before.is_none_or(|before| first.seq == before + 1));
    engine.take(first);
    stage.sent(&mut engine, Layer::Big);
}

#[test]
fn a_snapshot_shows_the_own_camera_or_nothing() {
    let stage = Stage::new();
    let taken = || {
        stage.pictures.snapshot(None, VideoStreamType::Big, SnapshotSourceType::Stream);
        stage.wait_for("a snapshot", |told| if let Told::Snapshot(snapshot) = told { Some(snapshot) } else { None })
    };
    let nothing = taken();
    assert_eq!((nothing.width, nothing.data.len()), (0, 0));
    let (eye, frames) = Eye::new();
    stage.pictures.set_local_sink(Some(eye));
    stage.pictures.set_custom_capture(Track::Camera, true);
    stage.pictures.send_custom(Track::Camera, pattern(7).draw(5, 0, &Pool::default()));
    stage.pictures.send_custom(Track::Camera, pattern(7).draw(6, 0, &Pool::default()));
    seen(&frames, |frame| Mark::read(frame).is_some_and(|mark| mark.number == 6));
    // It is kept right after it was shown: the next one is shown only then.
    stage.pictures.send_custom(Track::Camera, pattern(7).draw(7, 0, &Pool::default()));
    seen(&frames, |_| true);
    let snapshot = taken();
    assert_eq!((snapshot.width, snapshot.height, snapshot.data.len()), (320, 180, 320 * 180 * 4));
}
