//! Sound from one instance to another: a tone that is said is heard, and nobody else's.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rtc_core::{
    AppScene, AudioFrame, AudioFrameHook, AudioQuality, AudioRecordingContent, AudioRecordingParams, AudioVolumeEvaluateParams,
    Event, Params,
};

use crate::engine::{Engine, PATIENCE, Tickets as _};
use crate::person::{Person, twins};

/// The last second of everybody's voice, by user.
#[derive(Default)]
struct Heard(Mutex<Vec<(String, Vec<i16>)>>);

impl AudioFrameHook for Heard {
    fn play(&self, user: &str, frame: &AudioFrame) {
        let mono: Vec<i16> = frame.samples.chunks_exact(frame.channels as usize).map(|pair| pair[0]).collect();
        let mut all = self.0.lock().expect("not poisoned");
        match all.iter_mut().find(|(known, _)| known == user) {
            Some((_, samples)) => {
                samples.extend(mono);
                let too_many = samples.len().saturating_sub(48_000);
                samples.drain(..too_many);
            }
            None => all.push((user.to_owned(), mono)),
        }
    }
}

impl Heard {
    /// The share of the power of somebody's last second that is at this frequency.
    fn share(&self, user: &str, hertz: f64) -> f64 {
        let all = self.0.lock().expect("not poisoned");
        let Some((_, samples)) = all.iter().find(|(known, _)| known == user) else { return 0.0 };
        if samples.len() < 48_000 { 0.0 } else { rtc_audio::tone_share(samples, hertz) }
    }

    fn until_share(&self, user: &str, hertz: f64, least: f64) {
        let deadline = Instant::now() + PATIENCE;
        while self.share(user, hertz) < least {
            assert!(Instant::now() < deadline, "{hertz} Hz is {} of what {user} says", self.share(user, hertz));
            std::thread::park_timeout(Duration::from_millis(50));
        }
    }
}

#[test]
fn a_tone_that_is_said_is_heard_and_can_be_muted() {
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
    heard.until_share("ann", 440.0, 0.9);
    assert!(heard.share("ann", 880.0) < 0.05, "bob hears himself");

    ann.cloud.mute_local_audio(true);
    bob.until_event(&Event::UserAudioAvailable { user_id: "ann".into(), available: false });
    ann.cloud.mute_local_audio(false);
    bob.until_event(&Event::UserAudioAvailable { user_id: "ann".into(), available: true });
    heard.until_share("ann", 440.0, 0.9);
}

#[test]
fn volumes_are_told_of_oneself_and_of_the_others() {
    let engine = Engine::start();
    let mut ann = Person::enters(&engine, "ann");
    let bob = Person::enters(&engine, "bob");
    for person in [&ann, &bob] {
        person.cloud.start_local_audio(AudioQuality::Default);
    }
    let params = AudioVolumeEvaluateParams { interval: 100, enable_spectrum_calculation: true, ..Default::default() };
    ann.cloud.enable_audio_volume_evaluation(true, params);
    let loud = ann.until("both voices", |event| match event {
        Event::UserVoiceVolume { user_volumes, total_volume } => {
            let of = |user: &str| user_volumes.iter().find(|info| info.user_id == user && info.volume > 20);
            of("").zip(of("bob")).map(|(own, other)| (own.spectrum_data.len(), other.spectrum_data.len(), *total_volume))
        }
        _ => None,
    });
    assert_eq!((loud.0, loud.1), (256, 256));
    assert!(loud.2 > 20);
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
    assert!(rtc_audio::tone_share(&samples[samples.len() - 24_000..], 440.0) > 0.8);
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
