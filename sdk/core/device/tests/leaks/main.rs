//! What was opened is closed again: no thread and no file stays behind. Alone in its process, so that it can count.
//! Needs the Debian packages pulseaudio, pulseaudio-utils and xvfb.

#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../display/server.rs"]
mod display;
#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../sound/server.rs"]
mod sound;

use std::fs;
use std::sync::mpsc::channel;
use std::time::Duration;

use rtc_device::camera::CameraWatch;
use rtc_device::{
    Camera, CameraConfig, CameraSource, RawFrame, Rectangle, RenderOptions, ScreenCapture, ScreenOptions, ScreenTarget, Size,
    Speaker, SpeakerConfig, SpeakerTarget, SystemSound, SystemSoundSource, WindowRenderer,
};

const PATIENCE: Duration = Duration::from_secs(60);

fn own_threads() -> Vec<String> {
    let tasks = fs::read_dir("/proc/self/task").expect("tests run on Linux");
    let names = tasks.flatten().filter_map(|task| fs::read_to_string(task.path().join("comm")).ok());
    names.filter(|name| name.starts_with("device-")).collect()
}

fn open_files() -> usize {
    fs::read_dir("/proc/self/fd").expect("tests run on Linux").count()
}

#[test]
fn everything_that_was_opened_is_closed() {
    let server = sound::SoundServer::start();
    let screen = display::XServer::start();
    let area = Rectangle::new(0, 0, 64, 48);
    let window = screen.window("Talk", area);
    let before = open_files();
    for _ in 0..3 {
        let devices = server.devices();
        let config = SpeakerConfig { target: SpeakerTarget::Device, channels: 1 };
        let speaker = Speaker::open(&devices, config, |_, _| {}, |_| {}).expect("there is one");
        let (heard, blocks) = channel();
        let on_block = move |_: &rtc_device::AudioBlock<'_>| {
            let _the_test_is_over = heard.send(());
        };
        let source = SystemSoundSource::Speaker(None);
        let monitor = SystemSound::open(&devices, source, 1, on_block, |_| {}).expect("there is one");
        blocks.recv_timeout(PATIENCE).expect("it hears");

        let (seen, frames) = channel();
        let on_frame = move |_: &RawFrame<'_>| {
            let _the_test_is_over = seen.send(());
        };
        let target = ScreenTarget::Window { display: Some(screen.name.clone()), id: window.id };
        let capture = ScreenCapture::start(target, ScreenOptions::default(), on_frame, |_| {}).expect("it is there");
        frames.recv_timeout(PATIENCE).expect("it sees");
        let renderer = WindowRenderer::open(Some(&screen.name), window.id, RenderOptions::default());
        let config = CameraConfig { source: CameraSource::Pattern, size: Size::new(32, 32), frame_rate: 60 };
        let camera = Camera::open(config, |_| {}, |_| {}).expect("it needs no device");
        let watch = CameraWatch::start(|_| {}).expect("it needs no device");
        assert!(own_threads().len() >= 8, "{:?}", own_threads());
        drop((speaker, monitor, capture, renderer, camera, watch));
        drop(devices);
        assert_eq!(own_threads(), Vec::<String>::new());
    }
    assert_eq!(open_files(), before);
}
