//! The device manager: lists, choice, volume and tests of microphones and speakers.

use std::path::Path;

use hound::{SampleFormat, WavSpec, WavWriter};
use rtc_core::{Event, MediaDeviceState, MediaDeviceType};

use crate::engine::Engine;
use crate::person::Person;
use crate::sound::{Ear, another_program, machine, streams};
use crate::sound_server::SoundServer;

const MIC: MediaDeviceType = MediaDeviceType::Mic;
const SPEAKER: MediaDeviceType = MediaDeviceType::Speaker;

fn ids(person: &Person, kind: MediaDeviceType) -> Vec<String> {
    person.cloud.device_manager().devices_list(kind).into_iter().map(|device| device.device_pid).collect()
}

/// Waits for what the observer of devices is told, and then the callback of older versions.
fn until_change(person: &mut Person, id: &str, wanted: MediaDeviceState) {
    let what = format!("{wanted:?} of {id}");
    let kind = person.until(&what, |event| match event {
        Event::DeviceChanged { device_id, kind, state } => (device_id == id && *state == wanted).then_some(*kind),
        _ => None,
    });
    person.until_event(&Event::DeviceChange { device_id: id.into(), kind, state: wanted });
}

#[test]
fn devices_are_listed_chosen_and_told_of_when_they_come_and_go() {
    let (server, engine) = (SoundServer::start(), Engine::start());
    let mut ann = Person::with(&engine, &machine(&server));
    assert_eq!(ids(&ann, SPEAKER), ["first"]);
    assert!(ids(&ann, MIC).is_empty() && ids(&ann, MediaDeviceType::Unknown).is_empty());
    let first = ann.cloud.device_manager().current_device(SPEAKER);
    assert_eq!((first.device_pid.as_str(), first.device_name.as_str()), ("first", "First"));

    let second = server.plug("second");
    until_change(&mut ann, "second", MediaDeviceState::Added);
    server.plug_microphone("headset", "first");
    until_change(&mut ann, "headset", MediaDeviceState::Added);
    assert_eq!((ids(&ann, SPEAKER).len(), ids(&ann, MIC)), (2, vec!["headset".to_owned()]));

    let devices = ann.cloud.device_manager();
    assert_eq!(devices.set_current_device(SPEAKER, "third"), -2);
    assert_eq!(devices.set_current_device(SPEAKER, "second"), 0);
    until_change(&mut ann, "second", MediaDeviceState::Active);
    assert_eq!(ann.cloud.device_manager().current_device(SPEAKER).device_pid, "second");
    server.unplug(&second);
    until_change(&mut ann, "second", MediaDeviceState::Removed);
    until_change(&mut ann, "first", MediaDeviceState::Active);
}

#[test]
fn the_default_of_the_system_is_followed_where_that_is_wished() {
    let (server, engine) = (SoundServer::start(), Engine::start());
    server.plug("second");
    let mut ann = Person::with(&engine, &machine(&server));
    let current = |person: &Person| person.cloud.device_manager().current_device(SPEAKER).device_pid;
    assert_eq!(current(&ann), "first");
    server.pactl(&["set-default-sink", "second"]);
    until_change(&mut ann, "second", MediaDeviceState::Active);
    assert_eq!(ann.cloud.device_manager().enable_following_default_audio_device(SPEAKER, false), 0);
    server.pactl(&["set-default-sink", "first"]);
    until_change(&mut ann, "first", MediaDeviceState::DefaultChanged);
    assert_eq!(current(&ann), "second");
    assert_eq!(ann.cloud.device_manager().enable_following_default_audio_device(SPEAKER, true), 0);
    until_change(&mut ann, "first", MediaDeviceState::Active);
}

#[test]
fn volume_and_mute_are_those_of_the_system() {
    let (server, engine) = (SoundServer::start(), Engine::start());
    server.plug_microphone("headset", "first");
    let mut ann = Person::with(&engine, &machine(&server));
    let devices = ann.cloud.device_manager();
    for (kind, [volume, mute], name) in
        [(SPEAKER, ["get-sink-volume", "get-sink-mute"], "first"), (MIC, ["get-source-volume", "get-source-mute"], "headset")]
    {
        assert_eq!(devices.set_current_device_volume(kind, 40), 0);
        assert_eq!(devices.current_device_volume(kind), 40);
        assert!(server.pactl(&[volume, name]).contains(" 40%"));
        assert_eq!(devices.set_current_device_volume(kind, 101), -2);
        for is_muted in [true, false] {
            assert_eq!(devices.set_current_device_mute(kind, is_muted), 0);
            assert_eq!(devices.current_device_mute(kind), is_muted);
            assert_eq!(server.pactl(&[mute, name]), format!("Mute: {}", if is_muted { "yes" } else { "no" }));
        }
    }
    server.pactl(&["set-sink-volume", "first", "75%"]);
    ann.until_event(&Event::AudioDevicePlayoutVolumeChanged { volume: 75, muted: false });
    server.pactl(&["set-source-volume", "headset", "30%"]);
    ann.until_event(&Event::AudioDeviceCaptureVolumeChanged { volume: 30, muted: false });
}

#[test]
fn a_microphone_is_tested_and_heard_where_that_is_wished() {
    let (server, engine) = (SoundServer::start(), Engine::start());
    server.plug("second");
    server.plug_microphone("headset", "first");
    let _radio = another_program(&server.devices(), 700.0);
    let mut ann = Person::with(&engine, &machine(&server));
    let is_loud = |event: &Event| match event {
        Event::TestMicVolume { volume } => (*volume > 20).then_some(()),
        _ => None,
    };
    let devices = ann.cloud.device_manager();
    assert_eq!(devices.start_mic_device_test(10), -2, "an interval below 20 ms was taken");
    assert_eq!(devices.start_mic_device_test(100), 0);
    ann.until("what the microphone hears", is_loud);
    assert_eq!(ann.cloud.device_manager().stop_mic_device_test(), 0);
    assert_eq!(streams(&server, "source-outputs"), 0, "the microphone is still open");

    let second = Ear::at(&server.devices(), Some("second"));
    let devices = ann.cloud.device_manager();
    assert_eq!(devices.set_current_device(SPEAKER, "second"), 0);
    assert_eq!(devices.start_mic_device_test_with_playback(100, true), 0);
    ann.until("what the microphone hears", is_loud);
    second.until_tone(700.0);
    assert_eq!(ann.cloud.device_manager().stop_mic_device_test(), 0);
    second.until("silence", |samples| samples.iter().all(|sample| *sample == 0));
}

#[test]
fn a_speaker_is_tested_with_a_file() {
    let (server, engine) = (SoundServer::start(), Engine::start());
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("test.wav");
    record_tone(&file, 880.0);
    let mut ann = Person::with(&engine, &machine(&server));
    let ear = Ear::at(&server.devices(), None);
    let devices = ann.cloud.device_manager();
    assert_eq!(devices.start_speaker_device_test("nowhere.wav"), -2);
    assert_eq!(devices.start_speaker_device_test(&file.to_string_lossy()), 0);
    ear.until_tone(880.0);
    ann.until("how loud it is", |event| match event {
        Event::TestSpeakerVolume { volume } => (*volume > 20).then_some(()),
        _ => None,
    });
    assert_eq!(ann.cloud.device_manager().stop_speaker_device_test(), 0);
    // The file has ten seconds.
    ear.until("silence", |samples| samples.iter().all(|sample| *sample == 0));
    assert_eq!(streams(&server, "sink-inputs"), 0, "the speaker is still open");
}

fn record_tone(path: &Path, hertz: f64) {
    let spec = WavSpec { channels: 1, sample_rate: 48_000, bits_per_sample: 16, sample_format: SampleFormat::Int };
    let mut file = WavWriter::create(path, spec).expect("there is room");
    let mut tone = rtc_audio::Tone::new(hertz, 0.25);
    for _ in 0..1000 {
        for sample in tone.block(rtc_audio::Channels::Mono).samples() {
            file.write_sample(*sample).expect("there is room");
        }
    }
    file.finalize().expect("there is room");
}
