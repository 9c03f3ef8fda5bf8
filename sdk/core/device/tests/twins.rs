//! Sound without devices: every twin of microphone and speaker.

use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rtc_device::audio::{MemoryMicrophone, MemorySpeaker, Tone};
use rtc_device::{
    AudioBackend, AudioBlock, AudioDevices, AudioFormat, DeviceChange, DeviceError, DeviceKind, Microphone, MicrophoneConfig,
    MicrophoneSource, Speaker, SpeakerConfig, SpeakerTarget, StreamEvent,
};

/// Far longer than anything takes, also on a machine that is busy otherwise.
const PATIENCE: Duration = Duration::from_secs(60);

fn devices() -> AudioDevices {
    AudioDevices::open(&AudioBackend::Synthetic).expect("it touches no device")
}

type Heard = (Microphone, Receiver<(Vec<i16>, Instant)>, Receiver<StreamEvent>);

fn listen(source: MicrophoneSource, channels: u16) -> Heard {
    let (heard, blocks) = channel();
    let (told, events) = channel();
    let on_block = move |block: &AudioBlock<'_>| {
        let _the_test_is_over = heard.send((block.samples.to_vec(), block.captured_at));
    };
    let on_event = move |event| {
        let _the_test_is_over = told.send(event);
    };
    let config = MicrophoneConfig { source, channels };
    let microphone = Microphone::open(&devices(), config, on_block, on_event).expect("it needs no device");
    (microphone, blocks, events)
}

#[test]
fn a_microphone_hears_what_is_said_from_memory_in_whole_blocks() {
    let format = AudioFormat { sample_rate: 16_000, channels: 1 };
    let (mut mouth, source) = MemoryMicrophone::pair(format).expect("it has whole blocks");
    let (_microphone, blocks, events) = listen(source, 1);
    mouth.say(&[1; 100]).expect("it listens");
    mouth.say(&[2; 300]).expect("it listens");
    let (first, _) = blocks.recv_timeout(PATIENCE).expect("it hears");
    assert_eq!((first.len(), first[99], first[100]), (160, 1, 2));
    assert_eq!(blocks.recv_timeout(PATIENCE).expect("it hears").0, [2; 160]);
    drop(mouth);
    assert_eq!(events.recv_timeout(PATIENCE), Ok(StreamEvent::Started { device: String::new(), format }));
    assert_eq!(events.recv_timeout(PATIENCE), Ok(StreamEvent::Ended));
    assert!(blocks.recv_timeout(PATIENCE).is_err(), "nothing follows the end");
}

#[test]
fn a_closed_microphone_cannot_be_spoken_to() {
    let (mut mouth, source) = MemoryMicrophone::pair(AudioFormat::at_48k(1)).expect("it has whole blocks");
    drop(listen(source, 1));
    assert!(matches!(mouth.say(&[0; 480]), Err(DeviceError::Gone(_))));
}

#[test]
fn a_tone_has_a_block_every_ten_milliseconds_by_its_own_clock() {
    let (_microphone, blocks, _) = listen(MicrophoneSource::Tone(Tone::default()), 2);
    let mut times = Vec::new();
    for _ in 0..5 {
        let (samples, captured_at) = blocks.recv_timeout(PATIENCE).expect("it sounds");
        assert_eq!(samples.len(), 960);
        assert!(samples.iter().any(|sample| *sample != 0));
        assert!(samples.chunks(2).all(|pair| pair[0] == pair[1]), "both channels are the same");
        times.push(captured_at);
    }
    // Beyond a second the machine was asleep, which is not caught up with.
    let (tick, asleep) = (Duration::from_millis(10), Duration::from_secs(1));
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] == tick || pair[1] - pair[0] > asleep), "{times:?}");
}

#[test]
fn silence_is_silent() {
    let (_microphone, blocks, _) = listen(MicrophoneSource::Silence, 1);
    assert_eq!(blocks.recv_timeout(PATIENCE).expect("it runs").0, [0; 480]);
}

#[test]
fn what_a_speaker_wrote_to_a_file_a_microphone_reads() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path().join("said.wav");
    let (asked, asks) = channel();
    let mut next = 0;
    let fill = move |block: &mut [i16], _format: AudioFormat| {
        next += 1;
        block.fill(next);
        let _the_test_is_over = asked.send(next);
    };
    let config = SpeakerConfig { target: SpeakerTarget::File(path.clone()), channels: 1 };
    let speaker = Speaker::open(&devices(), config, fill, |_event| {}).expect("the file can be made");
    while asks.recv_timeout(PATIENCE).expect("it plays") < 3 {}
    drop(speaker);

    let (_microphone, blocks, events) = listen(MicrophoneSource::File { path, repeat: false }, 2);
    for expected in 1..=3 {
        let (samples, _) = blocks.recv_timeout(PATIENCE).expect("it reads");
        assert_eq!(samples, [expected; 480], "a file has its own number of channels");
    }
    let ended = |event| (event == StreamEvent::Ended).then_some(());
    assert!(events.iter().find_map(ended).is_some());
}

#[test]
fn a_missing_file_is_an_error_with_its_path() {
    let source = MicrophoneSource::File { path: "/nowhere/said.wav".into(), repeat: false };
    let config = MicrophoneConfig { source, channels: 1 };
    let refused = Microphone::open(&devices(), config, |_| {}, |_| {});
    assert!(matches!(refused, Err(DeviceError::File { path, .. }) if path.ends_with("said.wav")));
}

#[test]
fn a_memory_speaker_plays_when_it_is_asked() {
    let (mut ear, target) = MemorySpeaker::pair();
    let mut next = 0;
    let fill = move |block: &mut [i16], _format: AudioFormat| {
        next += 1;
        block.fill(next);
    };
    let config = SpeakerConfig { target, channels: 2 };
    let speaker = Speaker::open(&devices(), config, fill, |_event| {}).expect("it needs no device");
    assert_eq!(ear.hear(), Ok(vec![1; 960]));
    assert_eq!(ear.hear(), Ok(vec![2; 960]));
    drop(speaker);
    assert!(matches!(ear.hear(), Err(DeviceError::Gone(_))));
}

#[test]
fn synthetic_devices_are_opened_like_real_ones() {
    let (_microphone, blocks, events) = listen(MicrophoneSource::Device, 1);
    let started = StreamEvent::Started { device: "synthetic-microphone".to_owned(), format: AudioFormat::at_48k(1) };
    assert_eq!(events.recv_timeout(PATIENCE), Ok(started));
    assert_eq!(blocks.recv_timeout(PATIENCE).expect("it runs").0, [0; 480]);

    let (asked, asks) = channel();
    let fill = move |block: &mut [i16], _format: AudioFormat| {
        let _the_test_is_over = asked.send(block.len());
    };
    let config = SpeakerConfig { target: SpeakerTarget::Device, channels: 2 };
    let _speaker = Speaker::open(&devices(), config, fill, |_event| {}).expect("it needs no device");
    for _ in 0..20 {
        assert_eq!(asks.recv_timeout(PATIENCE), Ok(960));
    }
}

#[test]
fn an_observer_may_use_the_devices_it_observes() {
    let devices = devices();
    let (told, events) = channel();
    let same = devices.clone();
    devices.observe(Some(Box::new(move |event| {
        let volume = same.volume(DeviceKind::Speaker);
        let again = same.choose(DeviceKind::Speaker, "synthetic-speaker");
        let _the_test_is_over = told.send((event, volume, again));
    })));
    devices.set_volume(DeviceKind::Speaker, 30).expect("it has a volume");
    let (event, volume, again) = events.recv_timeout(PATIENCE).expect("it is told");
    assert_eq!(event.change, DeviceChange::Volume { volume: 30, muted: false });
    assert_eq!((volume, again), (Ok(30), Ok(())));
    devices.observe(None);
}

#[test]
fn parameters_out_of_range_are_refused() {
    for channels in [0, 3] {
        let config = MicrophoneConfig { source: MicrophoneSource::Silence, channels };
        let refused = Microphone::open(&devices(), config, |_| {}, |_| {});
        assert!(matches!(refused, Err(DeviceError::Parameter { name: "channels", .. })));
        let config = SpeakerConfig { target: SpeakerTarget::Nowhere, channels };
        let refused = Speaker::open(&devices(), config, |_, _| {}, |_| {});
        assert!(matches!(refused, Err(DeviceError::Parameter { name: "channels", .. })));
    }
    assert!(devices().list(DeviceKind::Camera).is_err());
}
