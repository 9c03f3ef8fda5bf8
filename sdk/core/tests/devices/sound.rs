//! What microphones hear and speakers play, from one end of a call to the other.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use rtc_core::{AppScene, AudioBackend, AudioQuality, Event, MediaDeviceType, MicrophoneChoice, Options, SpeakerChoice};
use rtc_device::{
    AudioBlock, AudioDevices, AudioFormat, Speaker, SpeakerConfig, SpeakerTarget, SystemSound, SystemSoundSource,
};

use crate::engine::{Engine, PATIENCE, Tickets as _};
use crate::heard::{ALL, Heard, SIDES, TONE, TwoTones, loudness};
use crate::person::{Person, twins};
use crate::sound_server::SoundServer;

/// The devices of a sound server.
pub(crate) fn machine(server: &SoundServer) -> Options {
    let mut options = twins(440.0);
    options.sound.backend = AudioBackend::PulseAudio { socket: Some(server.socket()) };
    options.sound.microphone = MicrophoneChoice::Device;
    options.sound.speaker = SpeakerChoice::Device;
    options
}

/// Another program that plays a tone, as loud as the twin of a microphone hears it.
pub(crate) fn another_program(devices: &AudioDevices, hertz: f64) -> Speaker {
    another_program_plays(devices, [hertz; 2])
}

/// The same with a tone on each side.
fn another_program_plays(devices: &AudioDevices, hertz: [f64; 2]) -> Speaker {
    let mut tones = TwoTones::new(hertz);
    let fill = move |samples: &mut [i16], _: AudioFormat| samples.copy_from_slice(&tones.block());
    let config = SpeakerConfig { target: SpeakerTarget::Device, channels: 2 };
    Speaker::open(devices, config, fill, |_| {}).expect("there is a speaker")
}

/// What a speaker plays; the one in use where none is named.
pub(crate) struct Ear {
    blocks: Receiver<Vec<i16>>,
    channels: u16,
    /// It listens as long as it is there.
    _sound: SystemSound,
}

impl Ear {
    pub(crate) fn at(devices: &AudioDevices, speaker: Option<&str>) -> Self {
        Self::with(devices, speaker, 1)
    }

    fn with(devices: &AudioDevices, speaker: Option<&str>, channels: u16) -> Self {
        let (heard, blocks) = channel();
        let on_block = move |block: &AudioBlock<'_>| {
            assert_eq!(block.format.channels, channels);
            let _ = heard.send(block.samples.to_vec());
        };
        let source = SystemSoundSource::Speaker(speaker.map(str::to_owned));
        let sound = SystemSound::open(devices, source, channels, on_block, |_| {}).expect("there is a monitor");
        Self { blocks, channels, _sound: sound }
    }

    /// Waits until 100 ms in a row fit.
    pub(crate) fn until(&self, what: &str, fits: impl Fn(&[i16]) -> bool) {
        let deadline = std::time::Instant::now() + PATIENCE;
        let wanted = 4800 * usize::from(self.channels);
        let mut window: Vec<i16> = Vec::new();
        while window.len() < wanted || !fits(&window) {
            assert!(std::time::Instant::now() < deadline, "{what} is not played");
            window.extend(self.blocks.recv_timeout(PATIENCE).expect("a monitor never rests"));
            let surplus = window.len().saturating_sub(wanted);
            window.drain(..surplus);
        }
    }

    pub(crate) fn until_tone(&self, hertz: f64) {
        self.until(&format!("{hertz} Hz"), |samples| rtc_audio::tone_share(samples, hertz) > 0.9);
    }
}

/// Somebody on twins who listens.
pub(crate) fn listener(engine: &Engine) -> (Person, Arc<Heard>) {
    let mut person = Person::new(engine);
    let heard = Arc::<Heard>::default();
    person.cloud.set_audio_frame_callback(Some(heard.clone()));
    person.enter(engine.ticket("bob"), AppScene::AudioCall);
    (person, heard)
}

#[test]
fn what_a_microphone_hears_is_heard_by_the_others() {
    let (server, engine) = (SoundServer::start(), Engine::start());
    server.plug_microphone("headset", "first");
    let _radio = another_program(&server.devices(), 700.0);
    let mut ann = Person::with(&engine, &machine(&server));
    ann.enter(engine.ticket("ann"), AppScene::AudioCall);
    let (mut bob, heard) = listener(&engine);
    ann.cloud.start_local_audio(AudioQuality::Music);
    ann.until_event(&Event::MicDidReady);
    bob.until_event(&Event::FirstAudioFrame { user_id: "ann".into() });
    heard.until_tone(ALL, 700.0);

    // The device itself, for every program.
    let devices = ann.cloud.device_manager();
    assert_eq!(devices.set_current_device_mute(MediaDeviceType::Mic, true), 0);
    heard.until_silence(ALL);
    assert_eq!(devices.set_current_device_mute(MediaDeviceType::Mic, false), 0);
    assert_eq!(devices.set_current_device_volume(MediaDeviceType::Mic, 50), 0);
    heard.until("ann", "less", |samples| (0.02..0.7).contains(&(loudness(samples) / TONE)));
    assert_eq!(streams(&server, "source-outputs"), 1);
    ann.cloud.stop_local_audio();
    ann.settles();
    assert_eq!(streams(&server, "source-outputs"), 0, "the microphone is still open");
}

#[test]
fn music_is_heard_on_the_side_where_it_was_captured() {
    let [here, there] = [(); 2].map(|()| SoundServer::start());
    let engine = Engine::start();
    here.plug("second");
    here.plug_microphone("headset", "first");
    let _radio = another_program_plays(&here.devices(), SIDES);
    let mut ann = Person::with(&engine, &machine(&here));
    // What she hears is not what her microphone hears.
    assert_eq!(ann.cloud.device_manager().set_current_device(MediaDeviceType::Speaker, "second"), 0);
    let mut bob = Person::with(&engine, &machine(&there));
    ann.enter(engine.ticket("ann"), AppScene::AudioCall);
    bob.enter(engine.ticket("bob"), AppScene::AudioCall);
    ann.cloud.start_local_audio(AudioQuality::Music);
    let ear = Ear::with(&there.devices(), None, 2);
    ear.until("each tone on its side", |samples| TwoTones::shares(samples, SIDES).iter().all(|share| *share > 0.9));

    // The microphone stays open while the quality changes.
    let open = here.pactl(&["list", "short", "source-outputs"]);
    ann.cloud.start_local_audio(AudioQuality::Speech);
    let are_both = |samples: &[i16]| TwoTones::shares(samples, SIDES).iter().all(|share| (0.1..0.9).contains(share));
    ear.until("both tones on both sides", are_both);
    assert_eq!(here.pactl(&["list", "short", "source-outputs"]), open);
    ann.cloud.start_local_audio(AudioQuality::Music);
    ear.until("each tone on its side", |samples| TwoTones::shares(samples, SIDES).iter().all(|share| *share > 0.9));
}

/// How many streams of programs the server has, either `source-outputs` or `sink-inputs`.
pub(crate) fn streams(server: &SoundServer, kind: &str) -> usize {
    // Modules that lead from one device to another have streams as well.
    server.pactl(&["list", "short", kind]).lines().filter(|line| !line.contains("module-")).count()
}

#[test]
fn what_the_others_say_is_played_by_the_speaker() {
    let (server, engine) = (SoundServer::start(), Engine::start());
    let mut ann = Person::new(&engine);
    ann.enter(engine.ticket("ann"), AppScene::AudioCall);
    ann.cloud.start_local_audio(AudioQuality::Music);
    let mut bob = Person::with(&engine, &machine(&server));
    bob.enter(engine.ticket("bob"), AppScene::AudioCall);
    let ear = Ear::at(&server.devices(), None);
    ear.until_tone(440.0);
    bob.cloud.set_audio_playout_volume(0);
    ear.until("silence", |samples| loudness(samples) < TONE / 100.0);
    bob.cloud.set_audio_playout_volume(100);

    // Another speaker is chosen in the middle.
    server.plug("second");
    bob.until("the second speaker", |event| match event {
        Event::DeviceChange { device_id, .. } => (device_id == "second").then_some(()),
        _ => None,
    });
    let second = Ear::at(&server.devices(), Some("second"));
    assert_eq!(bob.cloud.device_manager().set_current_device(MediaDeviceType::Speaker, "second"), 0);
    second.until_tone(440.0);
    ear.until("silence", |samples| loudness(samples) < TONE / 100.0);
    assert_eq!(bob.cloud.device_manager().current_device(MediaDeviceType::Speaker).device_pid, "second");
}

#[test]
fn what_the_machine_plays_is_sent_along_with_the_voice() {
    let (server, engine) = (SoundServer::start(), Engine::start());
    let _radio = another_program(&server.devices(), 1000.0);
    let mut options = machine(&server);
    options.sound.microphone = MicrophoneChoice::Tone(440.0);
    options.sound.speaker = SpeakerChoice::Nowhere;
    let mut ann = Person::with(&engine, &options);
    ann.enter(engine.ticket("ann"), AppScene::AudioCall);
    let (_bob, heard) = listener(&engine);
    ann.cloud.start_local_audio(AudioQuality::Music);
    heard.until_tone(ALL, 440.0);
    ann.cloud.start_system_audio_loopback("");
    ann.until_event(&Event::SystemAudioLoopbackError { err_code: rtc_core::ErrorCode(0) });
    heard.until_tones(ALL, &[(440.0, 0.5), (1000.0, 0.5)]);
    ann.cloud.set_system_audio_loopback_volume(50);
    heard.until_tones(ALL, &[(440.0, 0.8), (1000.0, 0.2)]);
    // The same setting by its older name.
    ann.cloud.set_sub_stream_mix_volume(100);
    heard.until_tones(ALL, &[(440.0, 0.5), (1000.0, 0.5)]);
    ann.cloud.stop_system_audio_loopback();
    heard.until_tone(ALL, 440.0);

    // Where nothing is played there is nothing to be sent along, and what is not there cannot be heard.
    server.plug("second");
    ann.cloud.start_system_audio_loopback("second");
    ann.until_event(&Event::SystemAudioLoopbackError { err_code: rtc_core::ErrorCode(0) });
    ann.cloud.start_system_audio_loopback("third");
    ann.until("the error", |event| match event {
        Event::SystemAudioLoopbackError { err_code } => (err_code.0 != 0).then_some(()),
        _ => None,
    });
    heard.until_tone(ALL, 440.0);
}
