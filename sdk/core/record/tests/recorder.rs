//! Recordings on a thread of their own.

mod material;

use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use material::Piece;
use rtc_record::{AudioSettings, Error, Event, MovieSettings, Recorder, Told, Tracks, VideoCodec};
use tempfile::TempDir;

fn movie(interval: Option<Duration>) -> (TempDir, Recorder, Receiver<Told>, std::sync::mpsc::Sender<()>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("talk.mp4");
    let settings = MovieSettings { path, tracks: Tracks::Both, channels: 1, interval, max_duration: None, max_bytes: None };
    let (sender, told) = channel();
    let (release, gate) = channel::<()>();
    let tell = move |news: Told| {
        let is_event = matches!(news, Told::Event(_));
        sender.send(news).unwrap();
        if is_event {
            // A slow application holds up the thread as a slow disk does, until the other end is gone.
            let _ = gate.recv();
        }
    };
    (folder, Recorder::movie(settings, tell).unwrap(), told, release)
}

fn write(recorder: &Recorder, pieces: &[Piece]) {
    for piece in pieces {
        recorder.write_video(piece.at, VideoCodec::H264, piece.data.clone());
    }
}

#[test]
fn a_recording_is_begun_fed_and_finished_without_waiting_and_tells_its_end() {
    let (_folder, recorder, told, release) = movie(Some(Duration::from_secs(1)));
    drop(release);
    assert!(recorder.needs_key_frame());
    for packet in material::opus(2) {
        recorder.write_audio(packet.at, packet.data);
    }
    write(&recorder, &material::h264("160x120", 2, "baseline"));
    recorder.write_samples(Duration::ZERO, vec![0; 960]);
    assert_eq!(recorder.lost(), 0);
    recorder.finish().join().unwrap();
    let told: Vec<_> = told.iter().collect();
    assert!(matches!(told[0], Told::Event(Event::Progress { .. })), "{told:?}");
    let Some(Told::Ended(Ok(summary))) = told.last() else { panic!("{told:?}") };
    assert!((material::duration(&material::probe(&summary.path)) - 2.0).abs() < 0.05);
}

#[test]
fn pictures_that_find_no_room_are_counted_and_the_file_goes_on_at_the_next_key_frame() {
    let (_folder, recorder, told, release) = movie(Some(Duration::from_secs(1)));
    let pictures = material::h264("160x120", 60, "baseline");
    // After a second, at 26 pictures, the thread is held up, 1024 wait, and no more have room.
    let (first, rest) = pictures.split_at(30);
    write(&recorder, first);
    assert!(matches!(told.recv(), Ok(Told::Event(Event::Progress { .. }))));
    let (lost, last) = rest.split_at(1_200);
    write(&recorder, lost);
    let count = recorder.lost();
    assert!((1..1_200).contains(&count), "{count} of {} were lost", lost.len());
    drop(release);
    // There is room again when the last that waited is told of.
    while !matches!(told.recv(), Ok(Told::Event(Event::Progress { recorded, .. })) if recorded >= Duration::from_secs(40)) {}
    write(&recorder, last);
    recorder.finish().join().unwrap();
    let Some(Told::Ended(Ok(summary))) = told.iter().last() else { panic!("it ends well") };
    material::decodes(&summary.path);
    let times = material::picture_times(&summary.path);
    let resumed = times.windows(2).find(|pair| pair[1] - pair[0] > 1.0).unwrap()[1];
    assert!((resumed - resumed.round()).abs() < 0.001, "key frames are at full seconds: {resumed}");
    assert!((material::duration(&material::probe(&summary.path)) - 60.0).abs() < 0.05);
}

#[test]
fn sound_is_recorded_and_what_it_does_not_take_is_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("talk.wav");
    let (sender, told) = channel();
    let settings = AudioSettings { path: path.clone(), rate: 16_000, channels: 1, max_duration: None };
    let recorder = Recorder::audio(settings.clone(), move |news| sender.send(news).unwrap()).unwrap();
    recorder.write_video(Duration::ZERO, VideoCodec::Vp8, vec![0; 10]);
    for number in 0..50 {
        recorder.write_samples(Duration::from_millis(20 * number), vec![100; 320]);
    }
    drop(recorder);
    let Ok(Told::Ended(Ok(summary))) = told.recv() else { panic!("dropping it finishes it") };
    assert_eq!((&summary.path, summary.recorded), (&path, Duration::from_secs(1)));
    assert!(matches!(Recorder::audio(settings, |_| {}), Err(Error::Exists { .. })));
}
