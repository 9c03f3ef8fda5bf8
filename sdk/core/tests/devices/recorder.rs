//! What a recorder, which needs no room, hears of a machine.

use std::sync::mpsc::channel;

use rtc_core::{LocalRecord, LocalRecordError, LocalRecordEvent, RecordConfig, Rect, ScreenCaptureSourceType};

use crate::engine::PATIENCE;
use crate::recorded::{sound, until_size};
use crate::sound::{another_program, machine};
use crate::sound_server::SoundServer;

#[test]
fn what_the_machine_plays_is_recorded_beside_the_microphone() {
    let server = SoundServer::start();
    server.plug("second");
    server.plug_microphone("headset", "second");
    let _radio = another_program(&server.devices(), 1000.0);
    let (sender, events) = channel();
    let listener = move |event: &LocalRecordEvent| drop(sender.send(event.clone()));
    let recorder = LocalRecord::new(&machine(&server), listener).expect("a thread");
    let folder = tempfile::tempdir().expect("a folder");
    let record = |name: &str| {
        let path = folder.path().join(name);
        let config = RecordConfig { file_path: path.to_string_lossy().into_owned(), ..RecordConfig::default() };
        let started = recorder.start(&config, ScreenCaptureSourceType::Unknown, 0, &Rect::default());
        assert_eq!(started, LocalRecordError::Success);
        until_size(&path, 4_000);
        recorder.stop();
        while events.recv_timeout(PATIENCE).expect("its end") != (LocalRecordEvent::Complete { path: path.clone() }) {}
        let sound = sound(&path);
        rtc_audio::tone_share(&sound[sound.len() / 2..], 1000.0)
    };
    recorder.enable_microphone(true);
    assert!(record("microphone.mp4") < 0.1, "the microphone hears what the machine plays");
    recorder.enable_system_audio(true);
    assert!(record("both.mp4") > 0.8, "what the machine plays is not recorded");
    recorder.enable_microphone(false);
    assert!(record("machine.mp4") > 0.8, "what the machine plays is not recorded alone");
}
