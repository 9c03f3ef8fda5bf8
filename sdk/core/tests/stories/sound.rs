//! Sound from one instance to another: a tone that is said is heard, and nobody else's.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rtc_core::{AppScene, AudioFrame, AudioQuality, AudioRecordingContent, AudioRecordingParams, Event, Params};

use crate::engine::{Engine, PATIENCE, Tickets as _};
use crate::heard::{ALL, Heard};
use crate::person::{Person, twins};

#[test]
fn a_tone_that_is_said_is_heard_and_nothing_else() {
    let engine = Engine::start();
    let mut ann = Person::with(&engine, &twins(440.0));
    let mut bob = Person::with(&engine, &twins(880.0));
    let heard = Arc::<Heard>::default();
    bob.cloud.set_audio_frame_callback(Some(heard.clone()));
    ann.enter(engine.ticket("ann"), AppScene::AudioCall);
    bob.enter(engine.ticket("bob"), AppScene::AudioCall);
    for person in [&ann, &bob] {
        person.cloud.start_local_audio(AudioQuality::Music);
    }
    ann.until_event(&Event::SendFirstLocalAudioFrame);
    bob.until_event(&Event::FirstAudioFrame { user_id: "ann".into() });
    heard.until_tone("ann", 440.0);
    heard.until_tone(ALL, 440.0);
}

#[test]
fn what_is_heard_is_recorded() {
    let engine = Engine::start();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("talk.wav");
    let ann = Person::enters(&engine, "ann");
    let mut bob = Person::enters(&engine, "bob");
    ann.cloud.start_local_audio(AudioQuality::Default);
    bob.until_event(&Event::FirstAudioFrame { user_id: "ann".into() });
    let params = |path: &std::path::Path, recording_content| AudioRecordingParams {
        file_path: path.to_string_lossy().into_owned(),
        recording_content,
        ..Default::default()
    };
    let remote = params(&path, AudioRecordingContent::Remote);
    assert_eq!(bob.cloud.start_audio_recording(remote.clone()), 0);
    assert_eq!(bob.cloud.start_audio_recording(remote.clone()), -1, "a second recording began");
    let deadline = Instant::now() + PATIENCE;
    while std::fs::metadata(&path).map_or(0, |file| file.len()) < 300_000 {
        assert!(Instant::now() < deadline, "nothing is recorded");
        std::thread::park_timeout(Duration::from_millis(50));
    }
    bob.cloud.stop_audio_recording();
    let bytes = std::fs::read(&path).expect("the file");
    let samples: Vec<i16> = bytes[44..].chunks_exact(4).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect();
    // On a busy machine a part of it may have come too late to be played.
    assert!(samples.windows(9_600).step_by(2_400).any(|part| rtc_audio::tone_share(part, 440.0) > 0.8));
    assert_eq!(bob.cloud.start_audio_recording(params(&folder.path().join("a.flac"), AudioRecordingContent::All)), -3);
    assert_eq!(bob.cloud.start_audio_recording(params(&folder.path().join("no/a.wav"), AudioRecordingContent::All)), -2);
}

#[test]
fn an_application_can_be_the_microphone_and_the_speaker() {
    let engine = Engine::start();
    let mut ann = Person::new(&engine);
    let mut bob = Person::new(&engine);
    bob.cloud.enable_custom_audio_rendering(true);
    ann.enter(Params { ..engine.ticket("ann") }, AppScene::AudioCall);
    bob.enter(engine.ticket("bob"), AppScene::AudioCall);
    ann.cloud.enable_custom_audio_capture(true);
    bob.until_event(&Event::UserAudioAvailable { user_id: "ann".into(), available: true });
    let mut tone = rtc_audio::Tone::new(1000.0, 0.5);
    let mut heard = Vec::new();
    let deadline = Instant::now() + PATIENCE;
    // Both are driven by this thread, 20 ms at a time, at the pace at which they are heard.
    let mut next = Instant::now();
    while heard.len() < 48_000 || rtc_audio::tone_share(&heard[heard.len() - 24_000..], 1000.0) < 0.8 {
        assert!(Instant::now() < deadline, "the tone is not heard");
        let mut samples = tone.block(rtc_audio::Channels::Mono).samples().to_vec();
        samples.extend(tone.block(rtc_audio::Channels::Mono).samples());
        let frame = AudioFrame { samples, sample_rate: 48_000, channels: 1, ..AudioFrame::default() };
        ann.cloud.send_custom_audio_data(&frame).expect("a good frame");
        let mut frame = AudioFrame { samples: vec![0; 960], sample_rate: 48_000, channels: 1, ..AudioFrame::default() };
        bob.cloud.custom_audio_rendering_frame(&mut frame).expect("a good format");
        heard.extend(frame.samples);
        next += Duration::from_millis(20);
        std::thread::park_timeout(next.saturating_duration_since(Instant::now()));
    }
}
