//! Recordings of sound alone, as ffmpeg finds them afterwards.

mod material;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use rtc_record::{AudioFile, AudioFormat, AudioSettings, Error};
use tempfile::TempDir;

/// The clock begins somewhere.
const BASE: Duration = Duration::from_secs(777);

fn settings(name: &str) -> (TempDir, AudioSettings) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    (folder, AudioSettings { path, rate: 48_000, channels: 2, max_duration: None })
}

/// Stereo that is different at every instant, 20 ms from a number on.
fn samples(number: u64) -> Vec<i16> {
    (0..960).flat_map(|instant| [(number * 960 + instant) as i16, -(number as i16)]).collect()
}

fn at(number: u64) -> Duration {
    BASE + Duration::from_millis(20 * number)
}

/// The samples of a WAV file, by its own header.
fn read(path: &Path) -> Vec<i16> {
    let file = std::fs::read(path).unwrap();
    let count = u32::from_le_bytes(file[40..44].try_into().unwrap()) as usize;
    file[44..44 + count].chunks_exact(2).map(|sample| i16::from_le_bytes([sample[0], sample[1]])).collect()
}

#[test]
fn a_wav_file_has_every_sample_and_says_what_it_is() {
    let (_folder, settings) = settings("talk.WAV");
    let mut audio = AudioFile::create(settings).unwrap();
    assert_eq!(audio.format(), AudioFormat::Wav);
    for number in 0..150 {
        // A capture clock jitters.
        audio.write_samples(at(number) + Duration::from_millis(number * 7 % 30), &samples(number)).unwrap();
    }
    let summary = audio.finish().unwrap();
    assert_eq!((summary.recorded, summary.files), (Duration::from_secs(3), 1));
    assert_eq!(read(&summary.path), (0..150).flat_map(samples).collect::<Vec<_>>());
    let probe = material::probe(&summary.path);
    let stream = material::stream(&probe, "audio").unwrap();
    assert_eq!((&stream["codec_name"], &stream["sample_rate"]), (&"pcm_s16le".into(), &"48000".into()));
    assert_eq!(stream["channels"], 2);
    assert!((material::duration(&probe) - 3.0).abs() < 0.001);
}

#[test]
fn a_gap_is_silence_of_its_length_and_what_comes_twice_is_dropped() {
    let (_folder, settings) = settings("talk.wav");
    let mut audio = AudioFile::create(settings).unwrap();
    for number in (0..5).chain([1]).chain(20..25) {
        audio.write_samples(at(number), &samples(number)).unwrap();
    }
    assert_eq!(audio.dropped(), 1);
    let path = audio.finish().unwrap().path;
    let silence = vec![0; 15 * 960 * 2];
    let expected = [(0..5).flat_map(samples).collect(), silence, (20..25).flat_map(samples).collect()].concat();
    assert_eq!(read(&path), expected);
}

#[test]
fn a_long_recording_goes_on_in_new_files_without_losing_a_sample() {
    let (folder, settings) = settings("talk.wav");
    let mut audio = AudioFile::create(AudioSettings { max_duration: Some(Duration::from_millis(10_010)), ..settings }).unwrap();
    for number in 0..1_200 {
        audio.write_samples(at(number), &samples(number)).unwrap();
    }
    let summary = audio.finish().unwrap();
    assert_eq!((summary.files, summary.recorded), (3, Duration::from_secs(24)));
    let files = ["talk.wav", "talk-2.wav", "talk-3.wav"].map(|name| read(&folder.path().join(name)));
    assert_eq!(files[0].len(), 480_480 * 2, "to the sample");
    assert_eq!(files.concat(), (0..1_200).flat_map(samples).collect::<Vec<_>>());
}

#[test]
fn opus_packets_play_from_an_m4a_file() {
    let (folder, settings) = settings("talk.m4a");
    let packets = material::opus(12);
    let settings = AudioSettings { channels: 1, max_duration: Some(Duration::from_secs(10)), ..settings };
    let mut audio = AudioFile::create(settings).unwrap();
    for packet in packets.iter().filter(|packet| !(3_100..4_100).contains(&packet.at.as_millis())) {
        audio.write_packet(BASE + packet.at, &packet.data).unwrap();
    }
    assert_eq!(audio.finish().unwrap().files, 2);
    let path = folder.path().join("talk.m4a");
    let probe = material::probe(&path);
    assert_eq!(material::stream(&probe, "audio").unwrap()["codec_name"], "opus");
    assert!((material::duration(&probe) - 10.0).abs() < 0.05);
    material::decodes(&path);
    let tones = material::tones(&path);
    let first = packets[0].at.as_secs_f64();
    let expected = [0.48, 1.48, 2.48, 4.48, 5.48, 6.48, 7.48, 8.48, 9.48].map(|mark| mark - first);
    assert_eq!(tones.len(), expected.len(), "{tones:?}");
    assert!(tones.iter().zip(expected).all(|(tone, mark)| (tone - mark).abs() < 0.005), "{tones:?}");
}

#[test]
fn a_recording_whose_process_dies_plays_up_to_its_last_second() {
    const CHILD: &str = "RTC_RECORD_DIES_IN";
    if let Some(folder) = std::env::var_os(CHILD) {
        let folder = PathBuf::from(folder);
        let settings = |name| AudioSettings { path: folder.join(name), rate: 48_000, channels: 2, max_duration: None };
        let mut wav = AudioFile::create(settings("talk.wav")).unwrap();
        let mut opus = AudioFile::create(settings("talk.m4a")).unwrap();
        for number in 0..190 {
            wav.write_samples(at(number), &samples(number)).unwrap();
            opus.write_packet(at(number), &[0xfc, 0xff, 0xfe]).unwrap();
        }
        // No destructor runs.
        std::process::abort();
    }
    let folder = tempfile::tempdir().unwrap();
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_recording_whose_process_dies_plays_up_to_its_last_second"])
        .env(CHILD, folder.path())
        .output()
        .unwrap()
        .status;
    assert!(!status.success(), "it died");
    for name in ["talk.wav", "talk.m4a"] {
        let path = folder.path().join(name);
        let length = material::duration(&material::probe(&path));
        assert!((2.8..=3.8).contains(&length), "{name}: {length}");
        material::decodes(&path);
    }
}

#[test]
fn what_cannot_be_recorded_is_told_with_its_code() {
    let (folder, settings) = settings("talk.wav");
    let refused = |path: PathBuf| AudioFile::create(AudioSettings { path, ..settings.clone() }).unwrap_err();
    let aac = refused(folder.path().join("talk.aac"));
    assert!(aac.audio_code() == -3 && aac.to_string().contains("AAC"), "{aac}");
    assert_eq!(refused(folder.path().join("talk")).audio_code(), -3);
    assert_eq!(refused(folder.path().join("none/talk.wav")).audio_code(), -2);
    let channels = AudioFile::create(AudioSettings { channels: 6, ..settings.clone() }).unwrap_err();
    assert!(matches!(channels, Error::Input { .. }));
    assert_eq!(folder.path().read_dir().unwrap().count(), 0, "no file was made for what was refused");

    let mut audio = AudioFile::create(settings).unwrap();
    for refused in [audio.write_packet(BASE, &[0xfc]), audio.write_samples(BASE, &[1, 2, 3])] {
        assert!(refused.is_err_and(|error| !error.ends_recording()), "the recording goes on");
    }
    assert_eq!(audio.finish(), Err(Error::Nothing));
    assert_eq!(audio.write_samples(BASE, &samples(0)), Err(Error::Over));
    assert_eq!(folder.path().read_dir().unwrap().count(), 0, "nothing was recorded");
}

#[test]
fn times_of_any_size_are_taken_and_fill_no_disk() {
    let (folder, settings) = settings("talk.wav");
    let mut audio = AudioFile::create(settings).unwrap();
    for time in [Duration::MAX, BASE, Duration::ZERO, Duration::MAX, Duration::MAX, BASE + Duration::from_secs(59), BASE] {
        audio.write_samples(time, &samples(0)).unwrap();
    }
    let summary = audio.finish().unwrap();
    assert!(summary.recorded < Duration::from_secs(1), "{summary:?}");
    assert!(folder.path().read_dir().unwrap().all(|file| file.unwrap().metadata().unwrap().len() < 10_000));
}
