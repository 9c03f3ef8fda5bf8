//! Sound through a real PulseAudio server. Needs the Debian packages pulseaudio, pulseaudio-utils and
//! libasound2-plugins.

mod alsa;
mod server;

use std::f64::consts::TAU;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use rtc_device::{
    AudioBackend, AudioBlock, AudioDevices, AudioFormat, DeviceChange, DeviceError, DeviceEvent, DeviceKind, Microphone,
    MicrophoneConfig, MicrophoneSource, Speaker, SpeakerConfig, SpeakerTarget, StreamEvent, SystemSound, SystemSoundSource,
};
use server::SoundServer;

/// Far longer than anything takes, also on a machine that is busy otherwise.
const PATIENCE: Duration = Duration::from_secs(60);

/// Gives what comes until something fits, and fails when nothing does.
fn wait_for<T: std::fmt::Debug, R>(from: &Receiver<T>, what: &str, mut fits: impl FnMut(T) -> Option<R>) -> R {
    let end = Instant::now() + PATIENCE;
    loop {
        let left = end.saturating_duration_since(Instant::now());
        let came = from.recv_timeout(left).unwrap_or_else(|error| panic!("{what} did not come: {error}"));
        if let Some(fit) = fits(came) {
            return fit;
        }
    }
}

fn telling<T: Send + 'static>(to: Sender<T>) -> impl FnMut(T) + Send + 'static {
    move |event| {
        let _the_test_is_over = to.send(event);
    }
}

fn play(devices: &AudioDevices, frequency: f64) -> (Speaker, Receiver<StreamEvent>) {
    let mut phase = 0.0_f64;
    let fill = move |block: &mut [i16], format: AudioFormat| {
        for frame in block.chunks_exact_mut(usize::from(format.channels)) {
            frame.fill(((phase * TAU).sin() * 16_000.0) as i16);
            phase = (phase + frequency / f64::from(format.sample_rate)).fract();
        }
    };
    let (told, events) = channel();
    let config = SpeakerConfig { target: SpeakerTarget::Device, channels: 2 };
    (Speaker::open(devices, config, fill, telling(told)).expect("there is a speaker"), events)
}

/// A capture's blocks of one channel, and its events.
type Heard = (Receiver<Vec<i16>>, Receiver<StreamEvent>);

fn listen(devices: &AudioDevices, speaker: Option<&str>) -> (SystemSound, Heard) {
    let (heard, blocks) = channel();
    let (told, events) = channel();
    let source = SystemSoundSource::Speaker(speaker.map(str::to_owned));
    let on_block = telling(heard);
    let sound = SystemSound::open(devices, source, 1, keep(on_block), telling(told)).expect("there is a monitor");
    (sound, (blocks, events))
}

fn keep(mut give: impl FnMut(Vec<i16>) + Send + 'static) -> impl FnMut(&AudioBlock<'_>) + Send + 'static {
    move |block| {
        assert_eq!(block.samples.len(), block.format.block_samples());
        give(block.samples.to_vec());
    }
}

/// The share of a sine of this frequency in the energy of 48 kHz sound, 0 to 1 (Goertzel).
fn share(samples: &[i16], frequency: f64) -> f64 {
    let turn = TAU * frequency / 48_000.0;
    let (mut real, mut imaginary, mut energy) = (0.0, 0.0, 0.0);
    for (n, sample) in samples.iter().enumerate() {
        let value = f64::from(*sample);
        real += value * (turn * n as f64).cos();
        imaginary += value * (turn * n as f64).sin();
        energy += value * value;
    }
    if energy == 0.0 { 0.0 } else { 2.0 * (real * real + imaginary * imaginary) / (samples.len() as f64 * energy) }
}

/// Waits until 100 ms in a row are this tone and almost nothing else.
fn wait_for_tone(blocks: &Receiver<Vec<i16>>, frequency: f64) {
    let mut window: Vec<i16> = Vec::new();
    wait_for(blocks, "the tone", |block| {
        window.extend_from_slice(&block);
        let surplus = window.len().saturating_sub(4800);
        window.drain(..surplus);
        (window.len() == 4800 && share(&window, frequency) > 0.95).then_some(())
    });
}

fn change_of(event: &DeviceEvent) -> (&str, DeviceChange) {
    (event.device.id.as_str(), event.change)
}

#[test]
fn what_a_speaker_plays_is_heard_on_its_monitor() {
    let server = SoundServer::start();
    let devices = server.devices();
    let (_speaker, events) = play(&devices, 1000.0);
    let format = AudioFormat::at_48k(2);
    assert_eq!(events.recv_timeout(PATIENCE), Ok(StreamEvent::Started { device: "first".to_owned(), format }));
    let (_sound, (blocks, _)) = listen(&devices, None);
    wait_for_tone(&blocks, 1000.0);
}

#[test]
fn monitors_are_no_microphones_and_real_ones_are_heard() {
    let server = SoundServer::start();
    let devices = server.devices();
    assert_eq!(devices.list(DeviceKind::Microphone), Ok(Vec::new()));
    assert_eq!(devices.current(DeviceKind::Microphone), Err(DeviceError::None(DeviceKind::Microphone)));
    let config = || MicrophoneConfig { source: MicrophoneSource::Device, channels: 1 };
    let refused = Microphone::open(&devices, config(), |_| {}, |_| {});
    assert_eq!(refused.err(), Some(DeviceError::None(DeviceKind::Microphone)));

    let (told, events) = channel();
    devices.observe(Some(Box::new(telling(told))));
    server.plug_microphone("headset", "first");
    wait_for(&events, "the microphone", |event| (change_of(&event) == ("headset", DeviceChange::Active)).then_some(()));
    assert_eq!(devices.current(DeviceKind::Microphone).map(|device| device.id), Ok("headset".to_owned()));
    let (_speaker, _) = play(&devices, 700.0);
    let (heard, blocks) = channel();
    let microphone = Microphone::open(&devices, config(), keep(telling(heard)), |_| {}).expect("there is one now");
    wait_for_tone(&blocks, 700.0);
    assert!(microphone.delay() > Duration::ZERO);
}

#[test]
fn a_microphone_gives_as_many_channels_as_it_has_of_those_that_are_wanted() {
    let server = SoundServer::start();
    let devices = server.devices();
    server.plug_microphone("stereo", "first");
    server.plug_mono_microphone("mono", "first");
    for (id, wanted, given) in [("stereo", 2, 2), ("stereo", 1, 1), ("mono", 2, 1), ("mono", 1, 1)] {
        devices.choose(DeviceKind::Microphone, id).expect("it is there");
        let (heard, formats) = channel();
        let mut tell = telling(heard);
        let config = MicrophoneConfig { source: MicrophoneSource::Device, channels: wanted };
        let _microphone = Microphone::open(&devices, config, move |block| tell(block.format), |_| {}).expect("it opens");
        assert_eq!(formats.recv_timeout(PATIENCE), Ok(AudioFormat::at_48k(given)), "{id}, {wanted} wanted");
    }
}

#[test]
fn volume_and_mute_are_those_of_the_system() {
    let server = SoundServer::start();
    let devices = server.devices();
    let speaker = DeviceKind::Speaker;
    devices.set_volume(speaker, 40).expect("there is a speaker");
    assert_eq!(devices.volume(speaker), Ok(40));
    assert!(server.pactl(&["get-sink-volume", "first"]).contains(" 40%"));
    assert!(matches!(devices.set_volume(speaker, 101), Err(DeviceError::Parameter { name: "volume", .. })));
    devices.set_muted(speaker, true).expect("there is a speaker");
    assert_eq!(devices.muted(speaker), Ok(true));
    assert_eq!(server.pactl(&["get-sink-mute", "first"]), "Mute: yes");

    let (told, events) = channel();
    devices.observe(Some(Box::new(telling(told))));
    server.pactl(&["set-sink-volume", "first", "75%"]);
    wait_for(&events, "the new volume", |event| {
        (change_of(&event) == ("first", DeviceChange::Volume { volume: 75, muted: true })).then_some(())
    });
    server.pactl(&["set-sink-mute", "first", "0"]);
    wait_for(&events, "the end of the mute", |event| {
        (change_of(&event) == ("first", DeviceChange::Volume { volume: 75, muted: false })).then_some(())
    });
}

#[test]
fn an_unplugged_speaker_is_replaced_by_the_default_without_a_word_of_the_application() {
    let server = SoundServer::start();
    let devices = server.devices();
    let (told, events) = channel();
    devices.observe(Some(Box::new(telling(told))));

    let second = server.plug("second");
    wait_for(&events, "the new card", |event| (change_of(&event) == ("second", DeviceChange::Added)).then_some(()));
    assert_eq!(
        devices.choose(DeviceKind::Speaker, "third"),
        Err(DeviceError::NotFound { kind: DeviceKind::Speaker, id: "third".to_owned() })
    );
    devices.choose(DeviceKind::Speaker, "second").expect("it was plugged in");
    wait_for(&events, "the choice", |event| (change_of(&event) == ("second", DeviceChange::Active)).then_some(()));

    let (_speaker, stream) = play(&devices, 1000.0);
    let started = |event, id: &str| matches!(event, StreamEvent::Started { device, .. } if device == id).then_some(());
    wait_for(&stream, "the stream", |event| started(event, "second"));
    let (_sound, (blocks, _)) = listen(&devices, Some("first"));

    server.unplug(&second);
    wait_for(&events, "the removal", |event| (change_of(&event) == ("second", DeviceChange::Removed)).then_some(()));
    wait_for(&events, "the fallback", |event| (change_of(&event) == ("first", DeviceChange::Active)).then_some(()));
    wait_for(&stream, "the loss", |event| (event == StreamEvent::Lost { device: "second".to_owned() }).then_some(()));
    wait_for(&stream, "the new stream", |event| started(event, "first"));
    wait_for_tone(&blocks, 1000.0);
}

#[test]
fn streams_follow_the_default_until_a_device_is_chosen() {
    let server = SoundServer::start();
    server.plug("second");
    let devices = server.devices();
    let (told, events) = channel();
    devices.observe(Some(Box::new(telling(told))));
    let (_speaker, stream) = play(&devices, 1000.0);
    let started = |event, id: &str| matches!(event, StreamEvent::Started { device, .. } if device == id).then_some(());
    wait_for(&stream, "the stream", |event| started(event, "first"));

    server.pactl(&["set-default-sink", "second"]);
    wait_for(&events, "the new default", |event| (change_of(&event) == ("second", DeviceChange::DefaultChanged)).then_some(()));
    wait_for(&events, "the move", |event| (change_of(&event) == ("second", DeviceChange::Active)).then_some(()));
    wait_for(&stream, "the moved stream", |event| started(event, "second"));

    devices.follow_default(DeviceKind::Speaker, false).expect("it is a kind of sound");
    server.pactl(&["set-default-sink", "first"]);
    wait_for(&events, "the old default", |event| (change_of(&event) == ("first", DeviceChange::DefaultChanged)).then_some(()));
    assert_eq!(devices.current(DeviceKind::Speaker).map(|device| device.id), Ok("second".to_owned()));
}

#[test]
fn a_server_that_crashed_and_came_back_is_found_again() {
    let mut server = SoundServer::start();
    let devices = server.devices();
    let (_speaker, stream) = play(&devices, 500.0);
    server.crash();
    wait_for(&stream, "the loss", |event| (event == StreamEvent::Lost { device: "first".to_owned() }).then_some(()));
    wait_for(&stream, "the failure", |event| matches!(event, StreamEvent::Failed(_)).then_some(()));
    assert!(devices.list(DeviceKind::Speaker).is_err());

    server.restart();
    wait_for(&stream, "the new stream", |event| matches!(event, StreamEvent::Started { .. }).then_some(()));
    let (_sound, (blocks, _)) = listen(&devices, None);
    wait_for_tone(&blocks, 500.0);
}

#[test]
fn a_machine_without_a_server_says_so() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let socket = Some(directory.path().join("native"));
    let refused = AudioDevices::open(&AudioBackend::PulseAudio { socket });
    assert!(matches!(refused, Err(DeviceError::System { system: "PulseAudio", .. })));
}

#[test]
fn a_slow_handler_loses_samples_and_nothing_else() {
    let server = SoundServer::start();
    server.plug_microphone("headset", "first");
    let devices = server.devices();
    let (_speaker, _) = play(&devices, 1000.0);
    let (go_on, may_go_on) = channel::<()>();
    let (heard, blocks) = channel();
    let mut give = telling(heard);
    let on_block = move |block: &AudioBlock<'_>| {
        // Stands still until the test has seen the loss.
        let _the_test_is_over = may_go_on.recv();
        give(block.samples.to_vec());
    };
    let config = MicrophoneConfig { source: MicrophoneSource::Device, channels: 1 };
    let microphone = Microphone::open(&devices, config, on_block, |_| {}).expect("it is there");
    let end = Instant::now() + PATIENCE;
    while microphone.lost_samples() == 0 {
        assert!(Instant::now() < end, "the ring has no end");
        std::thread::yield_now();
    }
    drop(go_on);
    wait_for_tone(&blocks, 1000.0);
}
