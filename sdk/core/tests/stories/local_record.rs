//! Recording a screen without a room and without an engine.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};

use rtc_core::{LocalRecord, LocalRecordError, LocalRecordEvent, RecordConfig, Rect, ScreenCaptureSourceType};

use crate::engine::PATIENCE;
use crate::person::twins;
use crate::recorded::{probe, sound, until_size};

fn recorder() -> (LocalRecord, Receiver<LocalRecordEvent>) {
    let (sender, told) = channel();
    let listener = move |event: &LocalRecordEvent| drop(sender.send(event.clone()));
    (LocalRecord::new(&twins(440.0), listener).expect("a thread"), told)
}

fn config(path: &Path) -> RecordConfig {
    RecordConfig { file_path: path.to_string_lossy().into_owned(), ..RecordConfig::default() }
}

fn start(recorder: &LocalRecord, config: &RecordConfig, kind: ScreenCaptureSourceType) -> LocalRecordError {
    recorder.start(config, kind, 0, &Rect::default())
}

fn told(events: &Receiver<LocalRecordEvent>) -> LocalRecordEvent {
    events.recv_timeout(PATIENCE).expect("something is told")
}

#[test]
fn a_screen_is_recorded_with_the_microphone_in_the_size_that_was_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("screen.mp4");
    let (recorder, events) = recorder();
    recorder.enable_microphone(true);
    let config = RecordConfig { record_width: 640, fps: 20, ..config(&path) };
    assert_eq!(start(&recorder, &config, ScreenCaptureSourceType::Screen), LocalRecordError::Success);
    assert_eq!(told(&events), LocalRecordEvent::Started { width: 640, height: 360, fps: 20 });
    assert_eq!(start(&recorder, &config, ScreenCaptureSourceType::Screen), LocalRecordError::HasBegin);
    until_size(&path, 80_000);
    recorder.stop();
    assert_eq!(told(&events), LocalRecordEvent::Complete { path: path.clone() });
    let words = probe(&path);
    for expected in ["codec_name=h264", "width=640", "height=360", "codec_name=opus", "channels=2"] {
        assert!(words.contains(expected), "no {expected} in {words}");
    }
    let sound = sound(&path);
    assert!(sound.len() > 24_000, "{} samples", sound.len());
    // A busy machine leaves gaps: somewhere there is none for 200 ms.
    assert!(sound.windows(9_600).step_by(2_400).any(|part| rtc_audio::tone_share(part, 440.0) > 0.8));
}

#[test]
fn sound_alone_is_recorded_and_one_recorder_records_again_and_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let (recorder, events) = recorder();
    recorder.enable_microphone(true);
    for name in ["one.mp4", "two.mp4"] {
        let path = folder.path().join(name);
        assert_eq!(start(&recorder, &config(&path), ScreenCaptureSourceType::Unknown), LocalRecordError::Success);
        assert_eq!(told(&events), LocalRecordEvent::Started { width: 0, height: 0, fps: 0 });
        until_size(&path, 20_000);
        recorder.stop();
        assert_eq!(told(&events), LocalRecordEvent::Complete { path: path.clone() });
        let words = probe(&path);
        assert!(words.contains("codec_name=opus") && !words.contains("h264"), "{words}");
    }
    recorder.stop();
    drop(recorder);
    assert!(events.recv().is_err(), "nothing is told after its end");
}

#[test]
fn what_cannot_be_recorded_is_refused_and_leaves_no_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let (recorder, _events) = recorder();
    let refused = |path: PathBuf, kind| start(&recorder, &config(&path), kind);
    use ScreenCaptureSourceType::{Screen, Unknown};
    assert_eq!(refused(path("a.mp4"), Unknown), LocalRecordError::NoRecordTarget);
    assert_eq!(refused(path("a.mkv"), Screen), LocalRecordError::FileFormatInvalid);
    assert_eq!(refused(path("none/a.mp4"), Screen), LocalRecordError::FilePathInvalid);
    assert_eq!(refused(PathBuf::new(), Screen), LocalRecordError::FilePathInvalid);
    std::fs::write(path("old.mp4"), b"old").expect("written");
    assert_eq!(refused(path("old.mp4"), Screen), LocalRecordError::CreateRecordFileFailure);
    drop(recorder);
    let (sender, events) = channel();
    let listener = move |event: &LocalRecordEvent| drop(sender.send(event.clone()));
    // The machine's own windows: nobody has this number, if there are any at all.
    let options = rtc_core::Options { picture: rtc_core::PictureOptions::default(), ..twins(440.0) };
    let recorder = LocalRecord::new(&options, listener).expect("a thread");
    recorder.enable_microphone(true);
    let refusal = recorder.start(&config(&path("a.mp4")), ScreenCaptureSourceType::Window, 0x7fff_fff0, &Rect::default());
    assert!(matches!(refusal, LocalRecordError::WindowIdInvalid | LocalRecordError::CreateRecordCaptureFailed), "{refusal:?}");
    assert!(!path("a.mp4").exists());
    drop(recorder);
    assert_eq!(events.into_iter().next(), None, "what was answered is not told");
}
