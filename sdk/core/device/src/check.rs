//! Tests of devices for users: does the speaker sound, does the microphone hear, does the camera see. They need no
//! room.

use std::path::Path;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use crate::audio::{
    AudioBlock, AudioDevices, AudioFormat, BLOCK, Microphone, MicrophoneConfig, Speaker, SpeakerConfig, StreamEvent, WavSource,
};
use crate::camera::CameraEvent;
use crate::{Camera, CameraConfig, DeviceError, RawFrame};

/// Shorter intervals would report single blocks.
const SHORTEST_INTERVAL: Duration = Duration::from_millis(20);
/// Blocks between microphone and speaker in a test with playback, so that neither waits for the other.
const PLAYBACK_BLOCKS: usize = 20;

/// A running test of a speaker; dropping it ends it.
#[derive(Debug)]
pub struct SpeakerTest {
    _speaker: Speaker,
}

impl SpeakerTest {
    /// Plays a WAV file once to the given speaker. `on_volume` gets the loudness of what is played, 0 to 100,
    /// every `interval`, and `None` when the file has ended.
    ///
    /// # Errors
    /// [`DeviceError::File`] when the file cannot be played, else as [`Speaker::open`].
    pub fn start(
        devices: &AudioDevices,
        config: SpeakerConfig,
        file: &Path,
        interval: Duration,
        mut on_volume: impl FnMut(Option<u32>) + Send + 'static,
    ) -> Result<Self, DeviceError> {
        let mut player = Player::new(WavSource::open_any(file, false)?);
        let mut meter = VolumeMeter::new(interval)?;
        let mut ended = false;
        let fill = move |block: &mut [i16], wanted: AudioFormat| {
            if ended {
                return;
            }
            ended = !player.fill(block, wanted);
            if ended {
                on_volume(None);
            } else if let Some(volume) = meter.take(block) {
                on_volume(Some(volume));
            }
        };
        Ok(Self { _speaker: Speaker::open(devices, config, fill, |_event| {})? })
    }
}

/// A running test of a microphone; dropping it ends it.
#[derive(Debug)]
pub struct MicrophoneTest {
    _microphone: Microphone,
    _speaker: Option<Speaker>,
}

impl MicrophoneTest {
    /// Reports the loudness of the microphone, 0 to 100, every `interval`. With `playback` what it hears is played as
    /// well, with the same number of channels.
    ///
    /// # Errors
    /// As [`Microphone::open`] and [`Speaker::open`]; [`DeviceError::Parameter`] for an interval below 20 ms.
    pub fn start(
        devices: &AudioDevices,
        config: MicrophoneConfig,
        interval: Duration,
        playback: Option<SpeakerConfig>,
        mut on_volume: impl FnMut(u32) + Send + 'static,
    ) -> Result<Self, DeviceError> {
        let mut meter = VolumeMeter::new(interval)?;
        let (blocks, heard) = sync_channel::<(Vec<i16>, u16)>(PLAYBACK_BLOCKS);
        let speaker = match playback {
            None => None,
            Some(playback) => {
                let fill = move |block: &mut [i16], format: AudioFormat| {
                    if let Ok((samples, channels)) = heard.try_recv() {
                        rearrange(&samples, channels, block, format.channels);
                    }
                };
                Some(Speaker::open(devices, playback, fill, |_event| {})?)
            }
        };
        let echoes = speaker.is_some();
        let on_block = move |block: &AudioBlock<'_>| {
            if echoes {
                pass_on(&blocks, block);
            }
            if let Some(volume) = meter.take(block.samples) {
                on_volume(volume);
            }
        };
        let microphone = Microphone::open(devices, config, on_block, |_event: StreamEvent| {})?;
        Ok(Self { _microphone: microphone, _speaker: speaker })
    }
}

/// A running test of a camera; dropping it ends it.
#[derive(Debug)]
pub struct CameraTest {
    _camera: Camera,
}

impl CameraTest {
    /// Gives every picture of the camera to `on_frame`.
    ///
    /// # Errors
    /// As [`Camera::open`].
    pub fn start(
        config: CameraConfig,
        on_frame: impl FnMut(&RawFrame<'_>) + Send + 'static,
        on_event: impl FnMut(CameraEvent) + Send + 'static,
    ) -> Result<Self, DeviceError> {
        Ok(Self { _camera: Camera::open(config, on_frame, on_event)? })
    }
}

/// Plays a file in another sample rate and number of channels. Between two samples it goes straight, which is good
/// enough to hear whether a speaker sounds.
struct Player {
    source: WavSource,
    /// The frames between which the next one lies, left and right.
    before: [i16; 2],
    after: [i16; 2],
    /// How far it is from the one before to the one after, in frames.
    place: f64,
    /// There is nothing after the one before.
    at_last: bool,
    ended: bool,
}

impl Player {
    fn new(source: WavSource) -> Self {
        // The first two frames are read before anything is played.
        Self { source, before: [0; 2], after: [0; 2], place: 2.0, at_last: false, ended: false }
    }

    /// Fills a block. False when the file had ended before.
    fn fill(&mut self, block: &mut [i16], wanted: AudioFormat) -> bool {
        let step = f64::from(self.source.format().sample_rate) / f64::from(wanted.sample_rate);
        let mut sounded = false;
        for frame in block.chunks_exact_mut(usize::from(wanted.channels)) {
            while self.place >= 1.0 && !self.ended {
                self.place -= 1.0;
                self.advance();
            }
            if self.ended {
                frame.fill(0);
                continue;
            }
            sounded = true;
            // Between two i16.
            let mixed = [0, 1].map(|side| {
                let (before, after) = (f64::from(self.before[side]), f64::from(self.after[side]));
                (before + (after - before) * self.place) as i16
            });
            rearrange(&mixed, 2, frame, wanted.channels);
            self.place += step;
        }
        sounded
    }

    fn advance(&mut self) {
        self.before = self.after;
        self.ended = self.at_last;
        let mut frame = [0; 2];
        let channels = usize::from(self.source.format().channels);
        // A damaged file ends where the damage is. The last frame is held until its time is over.
        self.at_last = !self.source.fill(&mut frame[..channels]).unwrap_or(false);
        if !self.at_last {
            self.after = if channels == 1 { [frame[0]; 2] } else { frame };
        }
    }
}

fn pass_on(blocks: &SyncSender<(Vec<i16>, u16)>, block: &AudioBlock<'_>) {
    match blocks.try_send((block.samples.to_vec(), block.format.channels)) {
        // The speaker is slower than the microphone; what it has not played yet is enough.
        Ok(()) | Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {}
    }
}

/// Copies between one and two channels.
fn rearrange(from: &[i16], from_channels: u16, to: &mut [i16], to_channels: u16) {
    match (from_channels, to_channels) {
        (1, 2) => {
            for (pair, sample) in to.chunks_exact_mut(2).zip(from) {
                pair.fill(*sample);
            }
        }
        (2, 1) => {
            for (slot, pair) in to.iter_mut().zip(from.chunks_exact(2)) {
                // The mean of two i16 is one.
                *slot = ((i32::from(pair[0]) + i32::from(pair[1])) / 2) as i16;
            }
        }
        _ => {
            let length = from.len().min(to.len());
            to[..length].copy_from_slice(&from[..length]);
        }
    }
}

/// Reports loudness once in an interval.
#[derive(Debug)]
struct VolumeMeter {
    blocks: u32,
    seen: u32,
    energy: f64,
    samples: usize,
}

impl VolumeMeter {
    fn new(interval: Duration) -> Result<Self, DeviceError> {
        if interval < SHORTEST_INTERVAL {
            let why = format!("must be at least {SHORTEST_INTERVAL:?}, not {interval:?}");
            return Err(DeviceError::Parameter { name: "interval", why });
        }
        let blocks = u32::try_from(interval.as_nanos() / BLOCK.as_nanos()).unwrap_or(u32::MAX);
        Ok(Self { blocks, seen: 0, energy: 0.0, samples: 0 })
    }

    /// Takes a block; gives the loudness when the interval is over.
    fn take(&mut self, samples: &[i16]) -> Option<u32> {
        self.energy += samples.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>();
        self.samples += samples.len();
        self.seen += 1;
        if self.seen < self.blocks {
            return None;
        }
        let level = loudness(self.energy, self.samples);
        (self.seen, self.energy, self.samples) = (0, 0.0, 0);
        Some(level)
    }
}

/// 0 at -60 dB of full scale and below, 100 at full scale, even in decibels between.
fn loudness(energy: f64, samples: usize) -> u32 {
    if samples == 0 || energy <= 0.0 {
        return 0;
    }
    let root = (energy / samples as f64).sqrt() / f64::from(i16::MAX);
    let decibels = 20.0 * root.log10();
    // Clamped to 0..=100.
    ((decibels + 60.0) / 60.0 * 100.0).clamp(0.0, 100.0).round() as u32
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;
    use crate::audio::{MemorySpeaker, Tone, WavTarget};
    use crate::camera::CameraSource;
    use crate::{AudioBackend, MicrophoneSource, Size};

    fn devices() -> AudioDevices {
        AudioDevices::open(&AudioBackend::Synthetic).expect("it touches no device")
    }

    #[test]
    fn loudness_is_even_in_decibels() {
        let of = |level: f64| loudness((level * f64::from(i16::MAX)).powi(2), 1);
        assert_eq!((of(1.0), of(0.0), of(0.0001)), (100, 0, 0));
        assert_eq!((of(0.1), of(0.01)), (67, 33));
    }

    #[test]
    fn a_speaker_test_plays_its_file_once_and_says_how_loud_it_is() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("ring.wav");
        let mut file = WavTarget::create(&path, AudioFormat::at_48k(1)).expect("it is new");
        file.write(&[10_000; 480 * 4]).expect("there is room");
        file.finish().expect("there is room");

        let (mut ear, target) = MemorySpeaker::pair();
        let (told, volumes) = channel();
        let config = SpeakerConfig { target, channels: 2 };
        let on_volume = move |volume| told.send(volume).expect("the test waits");
        let test = SpeakerTest::start(&devices(), config, &path, SHORTEST_INTERVAL, on_volume).expect("it can be played");
        for _ in 0..4 {
            assert!(ear.hear().expect("it plays") == [10_000; 960]);
        }
        assert!(ear.hear().expect("it plays") == [0; 960]);
        drop(test);
        let volumes: Vec<_> = volumes.iter().collect();
        assert_eq!(volumes, [Some(83), Some(83), None]);
    }

    #[test]
    fn a_file_of_another_sample_rate_lasts_as_long_as_it_should() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("old.wav");
        let format = AudioFormat { sample_rate: 24_000, channels: 2 };
        let mut file = WavTarget::create(&path, format).expect("it is new");
        file.write(&[0, 100, 200, 300, 400, 500]).expect("there is room");
        file.finish().expect("there is room");
        let mut player = Player::new(WavSource::open_any(&path, false).expect("it was just written"));
        let mut block = [0; 16];
        assert!(player.fill(&mut block, AudioFormat::at_48k(2)));
        assert_eq!(block, [0, 100, 100, 200, 200, 300, 300, 400, 400, 500, 400, 500, 0, 0, 0, 0]);
        assert!(!player.fill(&mut block, AudioFormat::at_48k(2)));
    }

    #[test]
    fn a_microphone_test_reports_and_plays_what_it_hears() {
        let (told, volumes) = channel();
        let (mut ear, target) = MemorySpeaker::pair();
        let tone = Tone { frequency: 1000.0, level: 1.0 };
        let config = MicrophoneConfig { source: MicrophoneSource::Tone(tone), channels: 1 };
        let playback = Some(SpeakerConfig { target, channels: 1 });
        let on_volume = move |volume| {
            let _the_test_is_over = told.send(volume);
        };
        let _test = MicrophoneTest::start(&devices(), config, SHORTEST_INTERVAL, playback, on_volume).expect("no device");
        assert_eq!(volumes.recv().expect("it reports"), 95, "a sine is 3 dB below its peak");
        while ear.hear().expect("it plays").iter().all(|sample| *sample == 0) {}
    }

    #[test]
    fn a_camera_test_shows_pictures() {
        let (seen, frames) = channel();
        let config = CameraConfig { source: CameraSource::Pattern, size: Size::new(64, 36), frame_rate: 30 };
        let on_frame = move |frame: &RawFrame<'_>| {
            let _the_test_is_over = seen.send((frame.size, frame.is_complete()));
        };
        let _test = CameraTest::start(config, on_frame, |_event| {}).expect("no device");
        assert_eq!(frames.recv().expect("it sees"), (Size::new(64, 36), true));
    }
}
