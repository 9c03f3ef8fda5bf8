//! The way through ALSA, which here leads back to the PulseAudio server. Needs the Debian package libasound2-plugins.

use std::process::Command;
use std::sync::mpsc::channel;

use rtc_device::{
    AudioBackend, AudioDevices, DeviceError, DeviceKind, Microphone, MicrophoneConfig, MicrophoneSource, StreamEvent,
};

use crate::server::SoundServer;
use crate::{PATIENCE, keep, play, telling, wait_for_tone};

/// ALSA is told by the environment where its devices are, and a process can only set that for its children.
#[test]
fn a_machine_without_a_sound_server_is_heard_through_alsa() {
    let server = SoundServer::start();
    let socket = server.socket();
    let file = socket.with_file_name("asound.conf");
    let device = |name: &str, device: &str| {
        format!("pcm.{name} {{ type pulse server \"unix:{}\" device \"{device}\" }}\n", socket.display())
    };
    let plugins = "</usr/share/alsa/alsa.conf>\n";
    let devices = device("playing", "first") + &device("hearing", "first.monitor");
    let default = "pcm.!default { type asym playback.pcm \"playing\" capture.pcm \"hearing\" }\n";
    std::fs::write(&file, plugins.to_owned() + &devices + default).expect("there is room");

    let output = Command::new(std::env::current_exe().expect("this program has a path"))
        .args(["--exact", "alsa::the_inside_of_it", "--ignored", "--nocapture"])
        .env("ALSA_CONFIG_PATH", &file)
        .output()
        .expect("it is this program");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("1 passed"), "{said}");
}

#[test]
#[ignore = "is run by the test above with its environment"]
fn the_inside_of_it() {
    let devices = AudioDevices::open(&AudioBackend::Alsa).expect("it is linked");
    let listed = devices.list(DeviceKind::Speaker).expect("it lists");
    let current = devices.current(DeviceKind::Speaker).expect("there is a default");
    assert!(listed.contains(&current), "{current:?} is not among {listed:?}");
    assert!(matches!(devices.volume(DeviceKind::Speaker), Err(DeviceError::Unsupported { .. })));

    let (_speaker, events) = play(&devices, 1000.0);
    let started = events.recv_timeout(PATIENCE).expect("it plays");
    assert!(matches!(started, StreamEvent::Started { format, .. } if format.sample_rate == 48_000), "{started:?}");
    let (heard, blocks) = channel();
    let config = MicrophoneConfig { source: MicrophoneSource::Device, channels: 1 };
    let _microphone = Microphone::open(&devices, config, keep(telling(heard)), |_| {}).expect("there is a default");
    wait_for_tone(&blocks, 1000.0);
}
