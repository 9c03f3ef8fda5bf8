//! Pictures from one instance to another, and what becomes of them: views, layers, messages inside, recordings, secrecy.

use std::process::Command;
use std::sync::Arc;

use rtc_core::video::convert::{PixelFormat, RawPicture};
use rtc_core::video::frame::{Frame, Pool, Rotation, Size};
use rtc_core::video::measure::psnr;
use rtc_core::video::pattern::{Mark, Pattern};
use rtc_core::{
    AppScene, AudioQuality, EncryptionAlgorithm, Event, LocalRecordingParams, PayloadPrivateEncryptionConfig, RenderParams,
    SeiMessage, Snapshot, SnapshotSourceType, VideoMirrorType, VideoResolution, VideoRotation, VideoStreamType,
};

use crate::engine::{Engine, Tickets as _};
use crate::person::{Person, Told};
use crate::seen::{Camera, Eyes, encoding, source_of};

/// Somebody sends coded pictures and somebody watches them.
pub(crate) fn watching(engine: &Engine) -> (Person, Camera, Person, Arc<Eyes>) {
    let ann = Person::enters(engine, "ann");
    ann.cloud.set_video_encoder_param(encoding(VideoResolution::R640x360));
    let camera = Camera::on(&ann, 7, (640, 360));
    let mut bob = Person::enters(engine, "bob");
    let eyes = bob.watches("ann");
    (ann, camera, bob, eyes)
}

#[test]
fn what_is_shown_there_is_what_was_sent_here() {
    let engine = Engine::start();
    let (_ann, _camera, mut bob, eyes) = watching(&engine);
    bob.until("onFirstVideoFrame", |event| match event {
        Event::FirstVideoFrame { user_id, width, height, .. } if user_id == "ann" => {
            assert_eq!((*width, *height), (640, 360));
            Some(())
        }
        _ => None,
    });
    // Past the first pictures, which the encoder's rate control is not used to yet, and those of a busy machine's pauses.
    let (pattern, pool) = (Pattern::new(7, Size::new(640, 360).expect("a size")), Pool::default());
    eyes.until("ann", "a picture more than 28 dB like what was sent", |frame| {
        let mark = Mark::read(frame).filter(|mark| mark.number > 30)?;
        assert_eq!(mark.source, 7);
        let sent = pattern.draw(mark.number, u64::from(mark.time_ms) * 1000, &pool);
        (psnr(&sent, frame).expect("equal sizes") > 28.0).then_some(())
    });
}

#[test]
fn the_small_layer_is_sent_when_somebody_asks_for_it() {
    let engine = Engine::start();
    let (ann, _camera, bob, eyes) = watching(&engine);
    eyes.until("ann", "the big size", |frame| (frame.width() == 640).then_some(()));
    ann.cloud.enable_small_video_stream(true, encoding(VideoResolution::R160x90));
    bob.cloud.set_remote_video_stream_type("ann", VideoStreamType::Small);
    eyes.until("ann", "the small size", |frame| (frame.width() == 160 && frame.height() == 90).then_some(()));
    bob.cloud.set_remote_video_stream_type("ann", VideoStreamType::Big);
    eyes.until("ann", "the big size again", |frame| (frame.width() == 640).then_some(()));
}

#[test]
fn a_message_inside_of_a_picture_arrives_once() {
    let engine = Engine::start();
    let (ann, _camera, mut bob, eyes) = watching(&engine);
    eyes.until("ann", "anything", |_| Some(()));
    assert!(ann.cloud.send_sei_msg(b"inside", 5));
    let told = |told: &Told| match told {
        Told::Sei(message) => Some(message.clone()),
        _ => None,
    };
    let message = bob.until_told("an SEI message", told);
    assert_eq!(message, SeiMessage { user_id: "ann".into(), data: b"inside".to_vec() });
    assert!(ann.cloud.send_sei_msg(b"the next", 5));
    assert_eq!(bob.until_told("the next SEI message", told).data, b"the next");
}

#[test]
fn a_snapshot_shows_what_is_seen() {
    let engine = Engine::start();
    let (mut ann, _camera, mut bob, eyes) = watching(&engine);
    eyes.until("ann", "anything", |_| Some(()));
    let snapshot = snapshot(&mut bob, "ann", SnapshotSourceType::Stream);
    assert_eq!((snapshot.user_id.as_str(), snapshot.width, snapshot.height), ("ann", 640, 360));
    assert_eq!(source_of(&developed(&snapshot)), Some(7));
    assert_eq!(source_of(&developed(&self::snapshot(&mut ann, "", SnapshotSourceType::Capture))), Some(7));

    // As the view shows it.
    let rotation = VideoRotation::Clockwise90;
    let render = RenderParams { rotation, mirror_type: VideoMirrorType::Enable, ..RenderParams::default() };
    bob.cloud.set_remote_render_params("ann", VideoStreamType::Big, render);
    let turned = developed(&self::snapshot(&mut bob, "ann", SnapshotSourceType::View));
    assert_eq!((turned.width(), turned.height()), (360, 640));
    let pool = Pool::default();
    let back = turned.mirror(&pool).and_then(|frame| frame.rotate(Rotation::Clockwise270, &pool)).expect("a good size");
    assert_eq!(source_of(&back), Some(7));
}

fn snapshot(person: &mut Person, of: &str, source: SnapshotSourceType) -> Snapshot {
    person.cloud.snapshot_video(of, VideoStreamType::Big, source);
    person.until_told("a snapshot", |told| match told {
        Told::Snapshot(snapshot) => Some(snapshot.clone()),
        _ => None,
    })
}

fn developed(snapshot: &Snapshot) -> Frame {
    let Snapshot { width, height, ref data, .. } = *snapshot;
    assert_eq!(data.len(), width as usize * height as usize * 4);
    let picture = RawPicture { format: PixelFormat::Bgra, width, height, stride: width as usize * 4, data };
    picture.to_frame(&Pool::default()).expect("a whole picture")
}

#[test]
fn only_who_has_the_key_sees_and_hears() {
    let engine = Engine::start();
    let key = |text: &str| PayloadPrivateEncryptionConfig {
        encryption_algorithm: EncryptionAlgorithm::Aes256Gcm,
        encryption_key: text.into(),
        encryption_salt: [3; 32],
    };
    let with_key = |user: &str, text: &str| {
        let mut person = Person::new(&engine);
        assert_eq!(person.cloud.enable_payload_private_encryption(true, key(text)), 0);
        person.enter(engine.ticket(user), AppScene::VideoCall);
        assert_eq!(person.cloud.enable_payload_private_encryption(true, key(text)), -3, "taken inside of a room");
        person
    };
    let ann = with_key("ann", "a secret");
    ann.cloud.set_video_encoder_param(encoding(VideoResolution::R640x360));
    ann.cloud.start_local_audio(AudioQuality::Default);
    let _camera = Camera::on(&ann, 7, (640, 360));
    let mut eve = with_key("eve", "another secret");
    // Whatever eve could see would be among these pictures.
    let eyes = eve.watches("ann");
    let mut bob = with_key("bob", "a secret");
    let others = bob.watches("ann");
    bob.until_event(&Event::FirstAudioFrame { user_id: "ann".into() });
    others.until("ann", "a late mark", |frame| Mark::read(frame).filter(|mark| mark.number > 20));
    assert!(eyes.have_seen_nothing(), "eve sees something");
    assert!(eve.ends().iter().all(|told| !matches!(told, Told::Event(Event::FirstAudioFrame { .. }))), "eve hears something");
    let nobody = Person::new(&engine);
    assert_eq!(nobody.cloud.enable_payload_private_encryption(true, key("")), -2, "an empty key was taken");
}

#[test]
fn the_own_camera_and_voice_are_recorded_into_a_file_that_plays() {
    let engine = Engine::start();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("talk.mp4");
    let mut ann = Person::enters(&engine, "ann");
    ann.cloud.set_video_encoder_param(encoding(VideoResolution::R320x180));
    ann.cloud.start_local_audio(AudioQuality::Default);
    ann.cloud.start_local_preview(0);
    let params = LocalRecordingParams { file_path: path.to_string_lossy().into_owned(), interval: 1000, ..Default::default() };
    // Nobody watches; what is recorded is encoded all the same.
    ann.cloud.start_local_recording(params.clone());
    ann.until("onLocalRecordBegin", |event| match event {
        Event::LocalRecordBegin { err_code, .. } => (*err_code == 0).then_some(()),
        _ => None,
    });
    ann.cloud.start_local_recording(params);
    ann.until("the refusal of a second one", |event| match event {
        Event::LocalRecordBegin { err_code, .. } => (*err_code == -6).then_some(()),
        _ => None,
    });
    ann.until("three seconds recorded", |event| match event {
        Event::LocalRecording { duration, .. } => (*duration >= 3000).then_some(()),
        _ => None,
    });
    ann.cloud.stop_local_recording();
    ann.until("onLocalRecordComplete", |event| match event {
        Event::LocalRecordComplete { err_code, .. } => (*err_code == 0).then_some(()),
        _ => None,
    });
    let probe = Command::new("ffprobe")
        .args(["-v", "error", "-show_entries", "stream=codec_name,width:format=duration", "-of", "default=nw=1"])
        .arg(&path)
        .output()
        .expect("ffprobe is there (Debian: ffmpeg)");
    let text = String::from_utf8_lossy(&probe.stdout);
    assert!(text.contains("codec_name=vp8") && text.contains("width=320") && text.contains("codec_name=opus"), "{text}");
    let seconds: f64 = text.lines().find_map(|line| line.strip_prefix("duration=")?.parse().ok()).expect("a duration");
    assert!(seconds > 2.5, "{seconds} s");
}

#[test]
fn a_camera_is_tested_without_a_room() {
    let engine = Engine::start();
    let ann = Person::new(&engine);
    let (eyes, own) = (Arc::<Eyes>::default(), Arc::<Eyes>::default());
    assert_eq!(ann.cloud.device_manager().start_camera_device_test_with_sink(eyes.clone()), 0);
    eyes.until("", "anything", |frame| (frame.width() >= 320).then_some(()));
    assert_eq!(ann.cloud.device_manager().stop_camera_device_test(), 0);
    eyes.close();
    // The preview gives the beat in which pictures would come.
    ann.cloud.set_local_video_render_callback(Some(own.clone()));
    ann.cloud.start_local_preview(0);
    (0..5).for_each(|_| own.until("", "anything", |_| Some(())));
    assert!(eyes.have_seen_nothing(), "the test goes on");
}
