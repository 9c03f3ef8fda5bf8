//! Pictures from one instance to another through the engine: what one shows the other sees, and nobody else.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rtc_core::video::frame::{Frame, Pool, Size};
use rtc_core::video::pattern::{Mark, Pattern};
use rtc_core::{Cloud, Event, SnapshotSourceType, VideoEncParam, VideoResolution, VideoSink, VideoStreamType};

use crate::engine::{Engine, PATIENCE};
use crate::person::{Person, Told};

/// Sees pictures.
struct Eye(Mutex<Sender<(VideoStreamType, Frame)>>);

impl VideoSink for Eye {
    fn frame(&self, _user: &str, stream_type: VideoStreamType, frame: &Frame) {
        let _ = self.0.lock().expect("not poisoned").send((stream_type, frame.clone()));
    }
}

fn eye() -> (Arc<Eye>, Receiver<(VideoStreamType, Frame)>) {
    let (sender, seen) = channel();
    (Arc::new(Eye(Mutex::new(sender))), seen)
}

/// The first picture that is taken.
fn until(seen: &Receiver<(VideoStreamType, Frame)>, what: &str, is_it: impl Fn(VideoStreamType, &Frame) -> bool) -> Frame {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let Ok((kind, frame)) = seen.recv_timeout(left) else { panic!("{what} is not seen") };
        if is_it(kind, &frame) {
            return frame;
        }
    }
}

/// An application that is a camera: coded pictures at 30 a second until it is dropped.
struct Camera {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Camera {
    fn start(cloud: &Arc<Cloud>, source: u16) -> Self {
        cloud.enable_custom_video_capture(VideoStreamType::Big, true);
        let (stop, stopped) = channel::<()>();
        let cloud = Arc::clone(cloud);
        let thread = std::thread::spawn(move || {
            let (pattern, pool) = (Pattern::new(source, Size::nearest(640, 360)), Pool::default());
            for number in 0.. {
                cloud.send_custom_video_data(VideoStreamType::Big, pattern.draw(number, 0, &pool));
                // The pace of a camera.
                if stopped.recv_timeout(Duration::from_millis(33)) != Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                    return;
                }
            }
        });
        Self { stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[test]
fn a_camera_is_seen_and_stops_being_seen() {
    let engine = Engine::start();
    let ann = Person::enters(&engine, "ann");
    let mut bob = Person::enters(&engine, "bob");
    let mut ann = ann;
    let (sink, seen) = eye();
    bob.cloud.set_remote_video_render_callback("ann", Some(sink)).expect("a user id");
    ann.cloud.start_local_preview(0);
    bob.until_event(&Event::UserVideoAvailable { user_id: "ann".into(), available: true });
    bob.cloud.start_remote_view("ann", VideoStreamType::Big, 0);
    ann.until_event(&Event::SendFirstLocalVideoFrame { stream_type: VideoStreamType::Big });
    let first = Event::FirstVideoFrame { user_id: "ann".into(), stream_type: VideoStreamType::Big, width: 640, height: 360 };
    bob.until_event(&first);
    until(&seen, "the camera", |kind, frame| kind == VideoStreamType::Big && frame.width() == 640);

    bob.cloud.snapshot_video("ann", VideoStreamType::Big, SnapshotSourceType::Stream);
    let size = bob.until_told("a snapshot", |told| match told {
        Told::Snapshot(snapshot) => Some((snapshot.width, snapshot.height, snapshot.data.len())),
        _ => None,
    });
    assert_eq!(size, (640, 360, 640 * 360 * 4));
    let rate = bob.until("statistics of a picture", |event| match event {
        Event::Statistics { statistics } => {
            let remote = statistics.remote_statistics_array.iter().find(|row| row.user_id == "ann" && row.width == 640)?;
            (remote.frame_rate > 5 && remote.video_bitrate > 0).then_some(remote.frame_rate)
        }
        _ => None,
    });
    assert!(rate <= 20, "{rate} pictures a second");

    ann.cloud.mute_local_video(VideoStreamType::Big, true);
    bob.until_event(&Event::UserVideoAvailable { user_id: "ann".into(), available: false });
    ann.cloud.mute_local_video(VideoStreamType::Big, false);
    bob.until_event(&Event::UserVideoAvailable { user_id: "ann".into(), available: true });
    while seen.try_recv().is_ok() {}
    until(&seen, "the camera after it was muted", |_, _| true);
    ann.cloud.stop_local_preview();
    bob.until_event(&Event::UserVideoAvailable { user_id: "ann".into(), available: false });
}

#[test]
fn an_application_is_a_camera_in_two_layers() {
    let engine = Engine::start();
    let Person { cloud: ann, .. } = Person::enters(&engine, "ann");
    let ann = Arc::new(ann);
    let mut bob = Person::enters(&engine, "bob");
    let small = VideoEncParam { video_resolution: VideoResolution::R160x90, video_bitrate: 100, ..VideoEncParam::default() };
    ann.enable_small_video_stream(true, small);
    let _camera = Camera::start(&ann, 7);
    let (sink, seen) = eye();
    bob.cloud.set_remote_video_render_callback("ann", Some(sink)).expect("a user id");
    bob.until_event(&Event::UserVideoAvailable { user_id: "ann".into(), available: true });
    let shows = |frame: &Frame, width| frame.width() == width && Mark::read(frame).is_some_and(|mark| mark.source == 7);
    bob.cloud.start_remote_view("ann", VideoStreamType::Small, 0);
    until(&seen, "the small layer", |_, frame| shows(frame, 160));
    bob.cloud.set_remote_video_stream_type("ann", VideoStreamType::Big);
    until(&seen, "the big layer", |_, frame| shows(frame, 640));
    bob.cloud.set_remote_video_stream_type("ann", VideoStreamType::Small);
    until(&seen, "the small layer again", |_, frame| shows(frame, 160));
}

#[test]
fn a_message_rides_on_pictures() {
    let engine = Engine::start();
    let mut ann = Person::enters(&engine, "ann");
    let mut bob = Person::enters(&engine, "bob");
    ann.cloud.start_local_preview(0);
    bob.until_event(&Event::UserVideoAvailable { user_id: "ann".into(), available: true });
    bob.cloud.start_remote_view("ann", VideoStreamType::Big, 0);
    ann.until_event(&Event::SendFirstLocalVideoFrame { stream_type: VideoStreamType::Big });
    bob.until("a picture", |event| matches!(event, Event::FirstVideoFrame { .. }).then_some(()));
    assert!(ann.cloud.send_sei_msg(b"hello", 30));
    bob.until_told("a message", |told| match told {
        Told::Sei(message) => Some(assert_eq!((message.user_id.as_str(), message.data.as_slice()), ("ann", &b"hello"[..]))),
        _ => None,
    });
}

#[test]
fn a_screen_is_seen_beside_the_camera() {
    let engine = Engine::start();
    let mut ann = Person::enters(&engine, "ann");
    let mut bob = Person::enters(&engine, "bob");
    let (sink, seen) = eye();
    bob.cloud.set_remote_video_render_callback("ann", Some(sink)).expect("a user id");
    ann.cloud.start_local_preview(0);
    let param = VideoEncParam { video_resolution: VideoResolution::R480x270, video_bitrate: 300, ..VideoEncParam::default() };
    ann.cloud.start_screen_capture(0, VideoStreamType::Sub, Some(param));
    ann.until_event(&Event::ScreenCaptureStarted);
    bob.until_event(&Event::UserSubStreamAvailable { user_id: "ann".into(), available: true });
    bob.cloud.start_remote_view("ann", VideoStreamType::Sub, 0);
    bob.cloud.start_remote_view("ann", VideoStreamType::Big, 0);
    until(&seen, "the screen", |kind, frame| kind == VideoStreamType::Sub && frame.width() == 480);
    until(&seen, "the camera", |kind, frame| kind == VideoStreamType::Big && frame.width() == 640);
    ann.cloud.stop_screen_capture();
    ann.until_event(&Event::ScreenCaptureStoped { reason: 0 });
    bob.until_event(&Event::UserSubStreamAvailable { user_id: "ann".into(), available: false });
}
