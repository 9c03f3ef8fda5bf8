//! How loud it is: the volume of one, of all, of the own voice and of the own ears, and the figures that are told of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rtc_core::{
    AppScene, AudioFrame, AudioQuality, AudioRecordingContent, AudioRecordingParams, AudioVolumeEvaluateParams, Event,
};

use crate::engine::{Engine, PATIENCE, Tickets as _};
use crate::heard::{ALL, Heard, is_as_loud, is_silent};
use crate::person::{Person, twins};

/// Somebody whose microphone hears 440 Hz, and somebody who hears her.
fn pair(engine: &Engine) -> (Person, Person, Arc<Heard>) {
    let [mut ann, mut bob] = [440.0, 880.0].map(|hertz| Person::with(engine, &twins(hertz)));
    let heard = Arc::<Heard>::default();
    bob.cloud.set_audio_frame_callback(Some(heard.clone()));
    ann.enter(engine.ticket("ann"), AppScene::AudioCall);
    ann.cloud.start_local_audio(AudioQuality::Music);
    bob.enter(engine.ticket("bob"), AppScene::AudioCall);
    heard.until_loudness(ALL, 1.0);
    (ann, bob, heard)
}

#[test]
fn one_of_the_others_is_turned_down_and_nobody_else() {
    let engine = Engine::start();
    let (_ann, bob, heard) = pair(&engine);
    let mut carl = Person::with(&engine, &twins(880.0));
    // Before he speaks.
    bob.cloud.set_remote_audio_volume("carl", 50);
    carl.enter(engine.ticket("carl"), AppScene::AudioCall);
    carl.cloud.start_local_audio(AudioQuality::Music);
    heard.until_tones(ALL, &[(440.0, 0.8), (880.0, 0.2)]);
    bob.cloud.set_remote_audio_volume("ann", 0);
    heard.until_tone(ALL, 880.0);
    heard.until_loudness(ALL, 0.5);
    bob.cloud.set_remote_audio_volume("carl", 150);
    heard.until_loudness(ALL, 1.5);
}

#[test]
fn the_own_voice_is_sent_as_loud_as_it_is_to_be() {
    let engine = Engine::start();
    let (ann, _bob, heard) = pair(&engine);
    assert_eq!(ann.cloud.audio_capture_volume(), 100);
    ann.cloud.set_audio_capture_volume(50);
    assert_eq!(ann.cloud.audio_capture_volume(), 50);
    heard.until_loudness("ann", 0.5);
    // The same setting by another name.
    ann.cloud.audio_effect_manager().set_voice_capture_volume(25);
    assert_eq!(ann.cloud.audio_capture_volume(), 25);
    heard.until_loudness("ann", 0.25);
    for (given, taken) in [(1000, 150), (-1, 0)] {
        ann.cloud.set_audio_capture_volume(given);
        assert_eq!(ann.cloud.audio_capture_volume(), taken);
    }
}

#[test]
fn everything_is_played_and_recorded_as_loud_as_it_is_to_be() {
    let engine = Engine::start();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("talk.wav");
    let (_ann, bob, heard) = pair(&engine);
    assert_eq!(bob.cloud.audio_playout_volume(), 100);
    bob.cloud.set_audio_playout_volume(50);
    assert_eq!(bob.cloud.audio_playout_volume(), 50);
    heard.until_loudness(ALL, 0.5);
    // Before that, each voice is as it was sent.
    heard.until_loudness("ann", 1.0);
    let params = AudioRecordingParams {
        file_path: path.to_string_lossy().into_owned(),
        recording_content: AudioRecordingContent::Remote,
        ..AudioRecordingParams::default()
    };
    assert_eq!(bob.cloud.start_audio_recording(params), 0);
    let deadline = Instant::now() + PATIENCE;
    while std::fs::metadata(&path).map_or(0, |file| file.len()) < 100_000 {
        assert!(Instant::now() < deadline, "nothing is recorded");
        std::thread::park_timeout(Duration::from_millis(50));
    }
    bob.cloud.stop_audio_recording();
    let bytes = std::fs::read(&path).expect("the file");
    let samples: Vec<i16> = bytes[44..].chunks_exact(4).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect();
    // On a busy machine a part of it may have come too late to be played.
    assert!(samples.windows(9600).step_by(2400).any(|part| is_as_loud(part, 0.5)), "a recording is as loud as what is played");
    for (given, taken) in [(1000, 150), (-1, 0)] {
        bob.cloud.set_audio_playout_volume(given);
        assert_eq!(bob.cloud.audio_playout_volume(), taken);
    }
}

#[test]
fn the_own_voice_is_in_the_own_ears_while_it_is_wanted_there() {
    let engine = Engine::start();
    let mut ann = Person::with(&engine, &twins(440.0));
    ann.cloud.enable_custom_audio_rendering(true);
    let effects = ann.cloud.audio_effect_manager();
    // Kept for when it is wanted.
    effects.set_voice_ear_monitor_volume(50);
    ann.cloud.start_local_audio(AudioQuality::Music);
    until_played(&ann, "silence", is_silent);
    ann.cloud.audio_effect_manager().enable_voice_ear_monitor(true);
    until_played(&ann, "half of the own voice", |samples| is_as_loud(samples, 0.5));
    // The volume of the others is not that of the own ears.
    ann.cloud.set_audio_playout_volume(0);
    ann.cloud.audio_effect_manager().set_voice_ear_monitor_volume(100);
    until_played(&ann, "the own voice", |samples| is_as_loud(samples, 1.0));
    ann.cloud.audio_effect_manager().enable_voice_ear_monitor(false);
    until_played(&ann, "silence", is_silent);
    ann.settles();
}

/// Plays by itself, at the pace of a speaker, until the last 200 ms fit.
fn until_played(person: &Person, what: &str, fits: impl Fn(&[i16]) -> bool) {
    let (deadline, mut next) = (Instant::now() + PATIENCE, Instant::now());
    let mut played = Vec::new();
    while played.len() < 9600 || !fits(&played[played.len() - 9600..]) {
        assert!(Instant::now() < deadline, "{what} is not played");
        let mut frame = AudioFrame { samples: vec![0; 480], sample_rate: 48_000, channels: 1, ..AudioFrame::default() };
        person.cloud.custom_audio_rendering_frame(&mut frame).expect("a good format");
        played.extend(frame.samples);
        next += Duration::from_millis(10);
        std::thread::park_timeout(next.saturating_duration_since(Instant::now()));
    }
}

#[test]
fn volumes_are_told_of_oneself_and_of_the_others_until_nobody_asks_any_more() {
    let engine = Engine::start();
    let (mut ann, bob, heard) = pair(&engine);
    bob.cloud.start_local_audio(AudioQuality::Music);
    let params = AudioVolumeEvaluateParams {
        interval: 100,
        enable_spectrum_calculation: true,
        enable_pitch_calculation: true,
        ..AudioVolumeEvaluateParams::default()
    };
    ann.cloud.enable_audio_volume_evaluation(true, params);
    let (own, other, total) = ann.until("both voices", |event| match event {
        Event::UserVoiceVolume { user_volumes, total_volume } => {
            let of = |user: &str| user_volumes.iter().find(|info| info.user_id == user && info.volume > 20).cloned();
            of("").zip(of("bob")).map(|(own, other)| (own, other, *total_volume))
        }
        _ => None,
    });
    assert_eq!((own.spectrum_data.len(), other.spectrum_data.len()), (256, 256));
    // The pitch is told of the own voice only, and nobody asked whether it is a voice.
    assert!((430.0..450.0).contains(&own.pitch) && other.pitch == 0.0, "{own:?}, {other:?}");
    assert_eq!((own.vad, total), (0, other.volume));

    ann.cloud.enable_audio_volume_evaluation(false, AudioVolumeEvaluateParams::default());
    ann.settles();
    // What she sends is heard to change five times, each of which takes 200 ms at least.
    for percent in [50, 100, 50, 100, 50] {
        ann.cloud.set_audio_capture_volume(percent);
        heard.until_loudness("ann", f64::from(percent) / 100.0);
    }
    let told = ann.ends();
    assert!(!told.iter().any(|told| format!("{told:?}").contains("UserVoiceVolume")), "volumes are still told");
}
