//! Movies, as ffmpeg finds them afterwards.

mod material;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::time::Duration;

use material::Piece;
use mp4_atom::{Any, Codec, Decode, Moof};
use rtc_record::{Error, Event, MovieFile, MovieSettings, Summary, Tracks, VideoCodec};
use tempfile::TempDir;

/// The clock begins somewhere.
const BASE: Duration = Duration::from_secs(5_000);

/// How much later pictures come than sound of the same time.
const ENCODING: Duration = Duration::from_millis(70);

static H264: LazyLock<Vec<Piece>> = LazyLock::new(|| material::h264("320x240", 8, "baseline"));
static VP8: LazyLock<Vec<Piece>> = LazyLock::new(|| material::vp8("320x240", 4));
static OPUS: LazyLock<Vec<Piece>> = LazyLock::new(|| material::opus(24));

/// A folder, and settings for `talk.mp4` in it.
fn settings(tracks: Tracks) -> (TempDir, MovieSettings) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("talk.mp4");
    (folder, MovieSettings { path, tracks, channels: 1, interval: None, max_duration: None, max_bytes: None })
}

/// Gives a recording pictures and sound as they come in life: pictures take longer to encode.
fn feed(movie: &mut MovieFile, codec: VideoCodec, pictures: &[Piece], sound: &[Piece]) {
    let mut all: Vec<(bool, &Piece)> = pictures.iter().map(|piece| (true, piece)).collect();
    all.extend(sound.iter().map(|piece| (false, piece)));
    all.sort_by_key(|(is_picture, piece)| if *is_picture { piece.at + ENCODING } else { piece.at });
    for (is_picture, piece) in all {
        let at = BASE + piece.at;
        if is_picture { movie.write_video(at, codec, &piece.data) } else { movie.write_audio(at, &piece.data) }.unwrap();
    }
}

fn between(pieces: &[Piece], from: u64, to: u64) -> Vec<Piece> {
    let span = Duration::from_millis(from)..Duration::from_millis(to);
    pieces.iter().filter(|piece| span.contains(&piece.at)).cloned().collect()
}

/// The same, but later.
fn later(pieces: &[Piece], by: u64) -> Vec<Piece> {
    pieces.iter().map(|piece| Piece { at: piece.at + Duration::from_millis(by), data: piece.data.clone() }).collect()
}

fn record(settings: MovieSettings, codec: VideoCodec, pictures: &[Piece], sound: &[Piece]) -> Summary {
    let mut movie = MovieFile::create(settings).unwrap();
    feed(&mut movie, codec, pictures, sound);
    movie.finish().unwrap()
}

/// Marks are where they belong, and picture and sound have them together.
fn assert_in_sync(path: &Path, seconds: &[f64]) {
    let (flashes, tones) = (material::flashes(path), material::tones(path));
    assert_eq!((flashes.len(), tones.len()), (seconds.len(), seconds.len()), "flashes {flashes:?}, tones {tones:?}");
    for ((flash, tone), expected) in flashes.iter().zip(&tones).zip(seconds) {
        assert!((flash - expected).abs() < 0.005, "flash at {flash}, not {expected}");
        assert!((tone - expected).abs() < 0.005, "tone at {tone}, not {expected}");
    }
}

#[test]
fn h264_and_opus_play_in_sync_for_their_whole_length() {
    let (_folder, settings) = settings(Tracks::Both);
    let summary = record(settings, VideoCodec::H264, &between(&H264, 0, 4_000), &between(&OPUS, 0, 4_000));
    let probe = material::probe(&summary.path);
    let video = material::stream(&probe, "video").unwrap();
    assert_eq!((&video["codec_name"], &video["codec_tag_string"]), (&"h264".into(), &"avc1".into()));
    assert_eq!((&video["width"], &video["height"]), (&320.into(), &240.into()));
    let audio = material::stream(&probe, "audio").unwrap();
    assert_eq!((&audio["codec_name"], &audio["channels"]), (&"opus".into(), &1.into()));
    assert!((material::duration(&probe) - 4.0).abs() < 0.05, "{}", material::duration(&probe));
    assert!((summary.recorded.as_secs_f64() - 4.0).abs() < 0.05, "{summary:?}");
    material::decodes(&summary.path);
    assert_in_sync(&summary.path, &[0.48, 1.48, 2.48, 3.48]);
}

#[test]
fn vp8_and_opus_play_in_sync_for_their_whole_length() {
    let (_folder, settings) = settings(Tracks::Both);
    let summary = record(settings, VideoCodec::Vp8, &VP8, &between(&OPUS, 0, 4_000));
    let probe = material::probe(&summary.path);
    let video = material::stream(&probe, "video").unwrap();
    assert_eq!((&video["codec_name"], &video["codec_tag_string"]), (&"vp8".into(), &"vp08".into()));
    assert!((material::duration(&probe) - 4.0).abs() < 0.05);
    material::decodes(&summary.path);
    assert_in_sync(&summary.path, &[0.48, 1.48, 2.48, 3.48]);
}

#[test]
fn the_boxes_of_a_high_profile_file_are_whole_and_its_fragments_begin_with_key_frames() {
    let (_folder, settings) = settings(Tracks::Video);
    let pictures = material::h264("322x182", 3, "high");
    let summary = record(settings, VideoCodec::H264, &pictures, &[]);
    let boxes = boxes(&summary.path);
    let moov = boxes.iter().find_map(|any| if let Any::Moov(moov) = any { Some(moov) } else { None }).unwrap();
    let Codec::Avc1(entry) = &moov.trak[0].mdia.minf.stbl.stsd.codecs[0] else { panic!("H.264 is avc1") };
    assert_eq!((entry.visual.width, entry.visual.height), (322, 182), "cropped to what is shown");
    assert_eq!(entry.avcc.ext.as_ref().map(|ext| ext.chroma_format), Some(1));
    assert_eq!(moov.mvex.as_ref().unwrap().mehd.as_ref().unwrap().fragment_duration, 3_000);
    let fragments: Vec<_> = fragments(&boxes).collect();
    assert_eq!(fragments.len(), 3, "a fragment a second");
    for fragment in fragments {
        let first = fragment.traf[0].trun[0].samples.get(0).unwrap();
        assert_eq!(first.flags, Some(0x0200_0000), "begins with a key frame");
    }
    assert!(matches!(boxes.last(), Some(Any::Mfra(index)) if index.tfra[0].entries.len() == 3));
}

#[test]
fn a_gap_stays_as_long_as_it_was() {
    let (_folder, settings) = settings(Tracks::Both);
    let without_middle = |pieces: &[Piece]| [between(pieces, 0, 2_400), between(pieces, 6_000, 8_000)].concat();
    let summary = record(settings, VideoCodec::H264, &without_middle(&H264), &without_middle(&between(&OPUS, 0, 8_000)));
    assert!((material::duration(&material::probe(&summary.path)) - 8.0).abs() < 0.05);
    assert_in_sync(&summary.path, &[0.48, 1.48, 6.48, 7.48]);
}

#[test]
fn pictures_that_pause_leave_sound_going_and_come_back_in_sync() {
    let (_folder, settings) = settings(Tracks::Both);
    let pictures = [between(&H264, 0, 1_400), between(&H264, 7_000, 8_000)].concat();
    let summary = record(settings, VideoCodec::H264, &pictures, &between(&OPUS, 0, 8_000));
    assert_eq!(summary.files, 1);
    let (flashes, tones) = (material::flashes(&summary.path), material::tones(&summary.path));
    assert_eq!(tones.len(), 8, "{tones:?}");
    assert!((flashes[1] - 7.48).abs() < 0.005, "{flashes:?}");
}

#[test]
fn sound_that_pauses_is_silence_and_comes_back_in_sync() {
    let (_folder, settings) = settings(Tracks::Both);
    let sound = [between(&OPUS, 0, 1_400), between(&OPUS, 6_010, 8_000)].concat();
    let summary = record(settings, VideoCodec::H264, &H264, &sound);
    let tones = material::tones(&summary.path);
    assert_eq!(tones.len(), 3, "{tones:?}");
    assert!((tones[1] - 6.48).abs() < 0.005, "{tones:?}");
    // Players read on from where they are, so that silence must not come in one piece after the pause.
    let boxes = boxes(&summary.path);
    assert_eq!(fragments(&boxes).count(), 8);
    for fragment in fragments(&boxes) {
        let number = fragment.mfhd.sequence_number;
        assert_eq!(fragment.traf.len(), 2, "pictures and sound in fragment {number}");
        let begin = fragment.traf[0].tfdt.as_ref().unwrap().base_media_decode_time;
        assert_eq!(begin, 90_000 * u64::from(number - 1), "fragments go with key frames");
    }
}

#[test]
fn the_first_key_frame_is_the_beginning_for_pictures_and_sound() {
    let (_folder, settings) = settings(Tracks::Both);
    let mut movie = MovieFile::create(settings).unwrap();
    assert!(movie.needs_key_frame());
    feed(&mut movie, VideoCodec::H264, &between(&H264, 520, 4_000), &between(&OPUS, 200, 4_000));
    assert!(!movie.needs_key_frame());
    assert_eq!(movie.dropped(), 12, "pictures that depend on a key frame that is not there");
    let summary = movie.finish().unwrap();
    assert!((material::duration(&material::probe(&summary.path)) - 3.0).abs() < 0.05);
    assert_in_sync(&summary.path, &[0.48, 1.48, 2.48]);
}

#[test]
fn sound_that_finds_no_picture_begins_alone_and_pictures_begin_a_new_file() {
    let (folder, settings) = settings(Tracks::Both);
    let mut movie = MovieFile::create(settings).unwrap();
    feed(&mut movie, VideoCodec::H264, &later(&between(&H264, 0, 2_000), 5_000), &between(&OPUS, 0, 7_000));
    let next = folder.path().join("talk-2.mp4");
    let told = Event::Fragment { finished: folder.path().join("talk.mp4"), next: next.clone() };
    assert_eq!(movie.poll_event(), Some(told));
    assert_eq!(movie.finish().unwrap().files, 2);
    let alone = material::probe(&folder.path().join("talk.mp4"));
    assert!(material::stream(&alone, "video").is_none());
    assert!((material::duration(&alone) - 5.0).abs() < 0.1, "{}", material::duration(&alone));
    assert_in_sync(&next, &[0.48, 1.48]);
}

#[test]
fn another_size_begins_a_new_file() {
    let (folder, settings) = settings(Tracks::Both);
    let larger = later(&material::h264("640x360", 2, "baseline"), 2_000);
    let pictures = [between(&H264, 0, 2_000), larger].concat();
    let mut movie = MovieFile::create(settings).unwrap();
    feed(&mut movie, VideoCodec::H264, &pictures, &between(&OPUS, 0, 4_000));
    let summary = movie.finish().unwrap();
    assert_eq!((summary.files, &summary.path), (2, &folder.path().join("talk-2.mp4")));
    for (name, width) in [("talk.mp4", 320), ("talk-2.mp4", 640)] {
        let path = folder.path().join(name);
        let probe = material::probe(&path);
        assert_eq!(material::stream(&probe, "video").unwrap()["width"], width);
        assert!((material::duration(&probe) - 2.0).abs() < 0.05, "{name}: {}", material::duration(&probe));
        material::decodes(&path);
        assert_in_sync(&path, &[0.48, 1.48]);
    }
}

#[test]
fn another_codec_begins_a_new_file() {
    let (folder, settings) = settings(Tracks::Video);
    let mut movie = MovieFile::create(settings).unwrap();
    feed(&mut movie, VideoCodec::H264, &between(&H264, 0, 1_000), &[]);
    feed(&mut movie, VideoCodec::Vp8, &later(&between(&VP8, 0, 1_000), 1_000), &[]);
    assert_eq!(movie.finish().unwrap().files, 2);
    let probe = material::probe(&folder.path().join("talk-2.mp4"));
    assert_eq!(material::stream(&probe, "video").unwrap()["codec_name"], "vp8");
}

#[test]
fn key_frames_without_parameter_sets_are_of_the_format_before() {
    let (folder, settings) = settings(Tracks::Video);
    let mut movie = MovieFile::create(MovieSettings { max_duration: Some(Duration::from_secs(10)), ..settings }).unwrap();
    feed(&mut movie, VideoCodec::H264, &H264, &[]);
    // Only the first key frame of all has them.
    let bare = later(&H264, 8_000).into_iter().map(|piece| Piece { data: without_sets(&piece.data), ..piece });
    feed(&mut movie, VideoCodec::H264, &bare.collect::<Vec<_>>(), &[]);
    assert_eq!(movie.finish().unwrap().files, 2);
    let next = folder.path().join("talk-2.mp4");
    material::decodes(&next);
    assert_eq!(material::flashes(&next).len(), 6);
}

/// An access unit less its parameter sets.
fn without_sets(unit: &[u8]) -> Vec<u8> {
    let starts: Vec<usize> = (0..unit.len() - 3).filter(|&at| unit[at..at + 3] == [0, 0, 1]).collect();
    let ends = starts.iter().skip(1).copied().chain([unit.len()]);
    let units = starts.iter().zip(ends).filter(|&(&start, _)| !matches!(unit[start + 3] & 0x1f, 7 | 8));
    units.flat_map(|(&start, end)| &unit[start..end]).copied().collect()
}

#[test]
fn a_long_recording_goes_on_in_new_files_and_tells_how_far_it_is() {
    let (folder, settings) = settings(Tracks::Both);
    let ten = Duration::from_secs(10);
    // One second is below the documented least and means ten.
    let mut movie =
        MovieFile::create(MovieSettings { max_duration: Some(Duration::from_secs(1)), interval: Some(ten), ..settings })
            .unwrap();
    let pictures: Vec<Piece> = (0..3).flat_map(|round| later(&H264, 8_000 * round)).collect();
    feed(&mut movie, VideoCodec::H264, &pictures, &OPUS);
    let mut progress = 0;
    let mut fragments = Vec::new();
    while let Some(event) = movie.poll_event() {
        match event {
            Event::Progress { recorded, .. } => {
                progress += 1;
                assert!(recorded >= ten * progress && recorded < ten * progress + Duration::from_secs(1));
            }
            Event::Fragment { finished, .. } => fragments.push(finished),
        }
    }
    let summary = movie.finish().unwrap();
    assert_eq!((progress, fragments.len(), summary.files), (2, 2, 3));
    fragments.push(summary.path);
    let lengths: Vec<f64> = fragments.iter().map(|path| material::duration(&material::probe(path))).collect();
    for (length, expected) in lengths.iter().zip([10.0, 10.0, 4.0]) {
        assert!((length - expected).abs() < 0.06, "{lengths:?}");
    }
    assert_in_sync(&fragments[1], &(0..10).map(|second| f64::from(second) + 0.48).collect::<Vec<_>>());
    assert_eq!(folder.path().read_dir().unwrap().count(), 3);
}

#[test]
fn a_large_recording_goes_on_in_new_files() {
    let (folder, settings) = settings(Tracks::Both);
    let most = 100_000;
    let mut movie = MovieFile::create(MovieSettings { max_bytes: Some(most), ..settings }).unwrap();
    let pictures: Vec<Piece> = (0..3).flat_map(|round| later(&H264, 8_000 * round)).collect();
    feed(&mut movie, VideoCodec::H264, &pictures, &OPUS);
    let summary = movie.finish().unwrap();
    let files: Vec<PathBuf> = folder.path().read_dir().unwrap().map(|file| file.unwrap().path()).collect();
    assert!(files.len() > 2 && files.len() == summary.files as usize, "{summary:?}");
    for file in &files {
        let length = std::fs::metadata(file).unwrap().len();
        // What comes before the next key frame, some seconds of it, goes into the same file.
        assert!(*file == summary.path || (most..3 * most).contains(&length), "{file:?}: {length}");
        material::decodes(file);
    }
}

#[test]
fn sound_alone_is_a_movie_too_and_new_files_lose_nothing_of_it() {
    let (_folder, settings) = settings(Tracks::Audio);
    let settings = MovieSettings { max_duration: Some(Duration::from_secs(10)), ..settings };
    let mut movie = MovieFile::create(settings).unwrap();
    assert!(!movie.needs_key_frame());
    feed(&mut movie, VideoCodec::H264, &between(&H264, 0, 500), &OPUS);
    let summary = movie.finish().unwrap();
    assert_eq!((summary.files, movie.dropped()), (3, 0));
    let expected = 0.02 * OPUS.len() as f64;
    assert!((summary.recorded.as_secs_f64() - expected).abs() < 0.001, "{summary:?} {expected}");
}

#[test]
fn a_clock_that_steps_begins_a_new_file_and_fills_no_disk() {
    let (folder, settings) = settings(Tracks::Both);
    let mut movie = MovieFile::create(settings).unwrap();
    feed(&mut movie, VideoCodec::H264, &between(&H264, 0, 2_000), &between(&OPUS, 0, 2_000));
    let month = 30 * 24 * 3_600_000;
    feed(&mut movie, VideoCodec::H264, &later(&between(&H264, 0, 2_000), month), &later(&between(&OPUS, 0, 2_000), month));
    let summary = movie.finish().unwrap();
    assert_eq!(summary.files, 2);
    assert!(summary.recorded < Duration::from_secs(5), "{summary:?}");
    assert_in_sync(&folder.path().join("talk-2.mp4"), &[0.48, 1.48]);
}

#[test]
fn a_recording_that_is_dropped_is_whole() {
    let (folder, settings) = settings(Tracks::Both);
    let mut movie = MovieFile::create(settings).unwrap();
    feed(&mut movie, VideoCodec::H264, &between(&H264, 0, 1_500), &between(&OPUS, 0, 1_500));
    drop(movie);
    let path = folder.path().join("talk.mp4");
    assert!((material::duration(&material::probe(&path)) - 1.5).abs() < 0.05);
    material::decodes(&path);
}

#[test]
fn a_recording_whose_process_dies_plays_up_to_its_last_second() {
    const CHILD: &str = "RTC_RECORD_DIES_INTO";
    if let Some(path) = std::env::var_os(CHILD) {
        let (_folder, settings) = settings(Tracks::Both);
        let mut movie = MovieFile::create(MovieSettings { path: PathBuf::from(path), ..settings }).unwrap();
        feed(&mut movie, VideoCodec::H264, &between(&H264, 0, 5_700), &between(&OPUS, 0, 5_700));
        // No destructor runs.
        std::process::abort();
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("talk.mp4");
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_recording_whose_process_dies_plays_up_to_its_last_second"])
        .env(CHILD, &path)
        .output()
        .unwrap()
        .status;
    assert!(!status.success(), "it died");
    let length = material::duration(&material::probe(&path));
    assert!((4.7..5.8).contains(&length), "{length}");
    material::decodes(&path);
    assert_in_sync(&path, &[0.48, 1.48, 2.48, 3.48, 4.48]);

    // A system that dies may leave half a fragment as well.
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() - 2_000]).unwrap();
    assert!(material::flashes(&path).len() >= 4);
}

#[test]
fn a_place_that_cannot_be_recorded_into_is_told_with_its_code() {
    let (folder, settings) = settings(Tracks::Both);
    let refused = |path: PathBuf| MovieFile::create(MovieSettings { path, ..settings.clone() }).unwrap_err();
    std::fs::write(folder.path().join("old.mp4"), b"precious").unwrap();
    let exists = refused(folder.path().join("old.mp4"));
    assert!(matches!(exists, Error::Exists { .. }) && exists.begin_code() == -7);
    assert_eq!(std::fs::read(folder.path().join("old.mp4")).unwrap(), b"precious");
    let format = refused(folder.path().join("talk.avi"));
    assert!(matches!(format, Error::Format { .. }) && format.begin_code() == -2);
    let no_folder = refused(folder.path().join("none/talk.mp4"));
    assert!(matches!(no_folder, Error::NoFolder { .. }) && no_folder.begin_code() == -1);
    let nothing = refused(PathBuf::new());
    assert_eq!(nothing.begin_code(), -2);
    let long = refused(folder.path().join("x".repeat(5_000)).with_extension("mp4"));
    assert!(matches!(long, Error::Disk { .. }), "{long}");
    #[cfg(target_os = "linux")]
    {
        // Nobody makes files there, not even root.
        let denied = refused(PathBuf::from("/sys/talk.mp4"));
        assert!(matches!(denied, Error::Denied { .. }) && denied.begin_code() == -8, "{denied}");
    }
}

#[test]
fn a_recording_of_nothing_leaves_nothing() {
    let (folder, settings) = settings(Tracks::Both);
    let mut movie = MovieFile::create(settings).unwrap();
    feed(&mut movie, VideoCodec::H264, &between(&H264, 40, 900), &[]);
    for noise in [&[][..], &[0], &[0, 0, 1], &[0, 0, 1, 0x67], &[0xff; 64]] {
        movie.write_video(BASE, VideoCodec::H264, noise).unwrap();
        movie.write_video(BASE, VideoCodec::Vp8, noise).unwrap();
        movie.write_audio(BASE, &noise[..noise.len().min(1)][..0]).unwrap();
    }
    let error = movie.finish().unwrap_err();
    assert_eq!((&error, error.complete_code()), (&Error::Nothing, -3));
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
    assert_eq!(movie.write_video(BASE, VideoCodec::Vp8, &VP8[0].data), Err(Error::Over));
}

#[test]
fn whatever_comes_at_whatever_time_every_file_stays_whole() {
    // A generator of one's own gives the same story each time.
    let mut state = 1_u64;
    let mut random = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for round in 0..30 {
        let tracks = [Tracks::Audio, Tracks::Video, Tracks::Both][round % 3];
        let (folder, settings) = settings(tracks);
        let mut movie = MovieFile::create(MovieSettings { max_duration: Some(Duration::ZERO), ..settings }).unwrap();
        let mut now = BASE;
        for _ in 0..300 {
            now = match random(60) {
                0 => Duration::MAX,
                1 => Duration::ZERO,
                2 => now.saturating_add(Duration::from_secs(random(120))),
                3 => now.saturating_sub(Duration::from_secs(random(120))),
                4 => BASE,
                _ => now.saturating_add(Duration::from_millis(random(40))),
            };
            let noise: Vec<u8> = (0..random(40)).map(|_| random(256) as u8).collect();
            match random(12) {
                0 => movie.write_video(now, VideoCodec::H264, &noise),
                1 => movie.write_video(now, VideoCodec::Vp8, &noise),
                2 => movie.write_audio(now, &noise),
                3 => movie.write_video(now, VideoCodec::Vp8, &VP8[random(100) as usize].data),
                4..7 => movie.write_video(now, VideoCodec::H264, &H264[random(200) as usize].data),
                7 if random(10) == 0 => {
                    movie.skip_to_key_frame();
                    Ok(())
                }
                _ => movie.write_audio(now, &OPUS[random(1_000) as usize].data),
            }
            .unwrap();
        }
        movie.finish().unwrap();
        for file in folder.path().read_dir().unwrap() {
            assert_whole(&file.unwrap().path());
        }
    }
}

/// Nothing but whole boxes is in a file, times only move on, and every sample has its bytes.
fn assert_whole(path: &Path) {
    let mut ends: HashMap<u32, u64> = HashMap::new();
    let mut expected = 0;
    for any in boxes(path) {
        match any {
            Any::Moof(moof) => {
                expected = 0;
                for traf in &moof.traf {
                    let end = ends.entry(traf.tfhd.track_id).or_default();
                    let begin = traf.tfdt.as_ref().unwrap().base_media_decode_time;
                    assert!(begin >= *end, "{path:?}: {begin} after {end}");
                    *end = begin;
                    for sample in &traf.trun[0].samples {
                        assert!(sample.duration.unwrap() > 0, "{path:?}");
                        *end += u64::from(sample.duration.unwrap());
                        expected += sample.size.unwrap() as usize;
                    }
                }
            }
            Any::Mdat(mdat) => assert_eq!(mdat.data.len(), expected, "{path:?}"),
            Any::Ftyp(_) | Any::Moov(_) | Any::Mfra(_) => {}
            other => panic!("{path:?}: {other:?}"),
        }
    }
}

/// The boxes of a file, which has nothing else.
fn boxes(path: &Path) -> Vec<Any> {
    let file = std::fs::read(path).unwrap();
    let mut rest = &file[..];
    let mut boxes = Vec::new();
    while !rest.is_empty() {
        boxes.push(Any::decode(&mut rest).unwrap());
    }
    boxes
}

fn fragments(boxes: &[Any]) -> impl Iterator<Item = &Moof> {
    boxes.iter().filter_map(|any| if let Any::Moof(moof) = any { Some(moof) } else { None })
}
