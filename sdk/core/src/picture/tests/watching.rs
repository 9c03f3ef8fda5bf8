//! Stories of the way in.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use crossbeam_channel::{Receiver, bounded};
use rtc_api::{
    AVStatusChangeReason as Reason, AVStatusType as Status, Event, PayloadPrivateEncryptionConfig, SnapshotSourceType,
    VideoResolution, VideoStreamType,
};
use rtc_protocol::{Codec, Layer, Stream, Track, TrackState, Tracks, UserId};
use rtc_session::SourceClock;
use rtc_video::frame::Frame;
use rtc_video::pattern::Mark;
use rtc_video::rtp;

use super::super::{PayloadKey, VideoSink};
use super::stage::{Eye, PATIENCE, Stage, Told, param, seen, source_of};

fn status(user: &UserId, status: Status, reason: Reason) -> Event {
    Event::RemoteVideoStatusUpdated { user_id: user.to_string(), stream_type: VideoStreamType::Big, status, reason }
}

fn camera(state: TrackState) -> Tracks {
    Tracks { camera: state, ..Tracks::default() }
}

#[test]
fn what_is_shown_is_what_was_sent_in_either_codec() {
    for codec in [Codec::Vp8, Codec::H264] {
        let (stage, _camera) = Stage::with_camera();
        stage.pictures.set_codec(codec);
        let (ann, frames, _repeater) = stage.watch("ann");
        let user_id = ann.to_string();
        stage.wait_for_this(&Event::FirstVideoFrame { user_id, stream_type: VideoStreamType::Big, width: 320, height: 180 });
        stage.wait_for_this(&status(&ann, Status::Playing, Reason::LocalStarted));
        let mut last = None;
        for _ in 0..10 {
            let frame = seen(&frames, |_| true);
            let mark = Mark::read(&frame).expect("the code survives");
            assert_eq!(mark.source, 7);
            assert!(last.is_none_or(|last| mark.number > last), "{codec:?}: {mark:?} after {last:?}");
            last = Some(mark.number);
        }
        let measured = stage.pictures.measure();
        let watched = measured.watched.first().expect("somebody is watched");
        assert_eq!((&watched.user, watched.track, watched.size), (&ann, Track::Camera, (320, 180)));
        assert!(watched.frames_per_second > 0.0);
        stage.pictures.set_view_layer(&ann, Stream::Main, Layer::Small);
        assert_eq!(stage.pictures.measure().watched.first().map(|watched| watched.layer), Some(Layer::Small));
        stage.pictures.stop_view(&ann, Stream::Main);
        stage.wait_for_this(&status(&ann, Status::Stopped, Reason::LocalStopped));
    }
}

#[test]
fn a_message_rides_on_pictures_and_is_told_once() {
    let (stage, _camera) = Stage::with_camera();
    stage.pictures.set_codec(Codec::H264);
    let (ann, frames, _repeater) = stage.watch("ann");
    seen(&frames, |_| true);
    stage.pictures.send_sei(Track::Camera, b"hello".to_vec(), 3);
    stage.pictures.send_sei(Track::Camera, b"world".to_vec(), 1);
    let next = || stage.wait_for("a message", |told| if let Told::Sei(message) = told { Some(message) } else { None });
    let (first, second) = (next(), next());
    assert_eq!((first.user_id.as_str(), first.data.as_slice()), (ann.as_str(), b"hello".as_slice()));
    // Had the repeats been told as well, they would have come before what is told after more pictures.
    assert_eq!(second.data, b"world");
    (0..5).for_each(|_| drop(seen(&frames, |_| true)));
    stage.pictures.stop_view(&ann, Stream::Main);
    stage.wait_for("the end", |told| match told {
        Told::Sei(message) => panic!("told twice: {message:?}"),
        Told::Event(event) => (event == status(&ann, Status::Stopped, Reason::LocalStopped)).then_some(()),
        Told::Snapshot(_) => None,
    });
}

#[test]
fn encrypted_pictures_are_seen_with_the_same_key_only() {
    let key = |text: &str| {
        let config = PayloadPrivateEncryptionConfig { encryption_key: text.into(), ..Default::default() };
        PayloadKey::new(config).expect("a good key")
    };
    assert!(PayloadKey::new(PayloadPrivateEncryptionConfig::default()).is_err(), "no key is a key");
    let (right, wrong) = (key("0123456789abcdef"), key("fedcba9876543210"));
    for codec in [Codec::Vp8, Codec::H264] {
        let (stage, _camera) = Stage::with_camera();
        let (eye, own) = Eye::new();
        stage.pictures.set_local_sink(Some(eye));
        stage.pictures.set_codec(codec);
        stage.pictures.set_key(Some(&right));
        let (_, frames, _repeater) = stage.watch("ann");
        seen(&frames, |frame| source_of(frame) == Some(7));

        stage.pictures.inner.views.set_key(Some(&wrong));
        while own.try_recv().is_ok() {}
        // What was decrypted before may still wait to be shown; this one may be the last of it.
        let last = Mark::read(&seen(&own, |_| true)).expect("a code").number;
        seen(&own, |frame| Mark::read(frame).is_some_and(|mark| mark.number > last + 20));
        let is_of_before = |frame: Frame| Mark::read(&frame).is_some_and(|mark| mark.number <= last);
        assert!(frames.try_iter().all(is_of_before), "{codec:?} was seen with the wrong key");

        stage.pictures.inner.views.set_key(Some(&right));
        stage.pictures.want_keyframe(Track::Camera, Layer::Big);
        seen(&frames, |frame| source_of(frame) == Some(7));
    }
}

#[test]
fn another_size_is_told_and_shown() {
    let (stage, _camera) = Stage::with_camera();
    let (ann, frames, _repeater) = stage.watch("ann");
    seen(&frames, |frame| frame.width() == 320);
    stage.pictures.set_encoder_param(Track::Camera, &param(VideoResolution::R160x90));
    seen(&frames, |frame| (frame.width(), frame.height()) == (160, 90));
    let user_id = ann.to_string();
    stage.wait_for_this(&Event::UserVideoSizeChanged {
        user_id,
        stream_type: VideoStreamType::Big,
        new_width: 160,
        new_height: 90,
    });
}

#[test]
fn after_a_loss_a_key_frame_is_asked_for_and_pictures_go_on() {
    let (stage, _camera) = Stage::with_camera();
    let (ann, frames, repeater) = stage.watch("ann");
    let before = Mark::read(&seen(&frames, |_| true)).expect("a code").number;
    while stage.wanted.try_recv().is_ok() {}
    repeater.lose(4);
    assert_eq!(stage.wanted.recv_timeout(PATIENCE), Ok((ann, Track::Camera)));
    stage.pictures.want_keyframe(Track::Camera, Layer::Big);
    seen(&frames, |frame| Mark::read(frame).is_some_and(|mark| mark.number > before + 4));
}

#[test]
fn another_line_begins_a_new_stream() {
    let (stage, _camera) = Stage::with_camera();
    let (ann, frames, _repeater) = stage.watch("ann");
    seen(&frames, |_| true);
    stage.pictures.inner.views.view(&ann, Track::Camera).expect("it is watched").restart();
    while stage.wanted.try_recv().is_ok() {}
    // In the middle of a stream nothing can be decoded.
    assert_eq!(stage.wanted.recv_timeout(PATIENCE), Ok((ann, Track::Camera)));
    stage.pictures.want_keyframe(Track::Camera, Layer::Big);
    while frames.try_recv().is_ok() {}
    seen(&frames, |frame| source_of(frame) == Some(7));
}

#[test]
fn who_stops_showing_and_begins_again_is_told_about() {
    let (stage, _camera) = Stage::with_camera();
    let (ann, _frames, _repeater) = stage.watch("ann");
    stage.wait_for_this(&status(&ann, Status::Playing, Reason::LocalStarted));
    stage.pictures.others_changed(&ann, camera(TrackState::Muted));
    stage.wait_for_this(&status(&ann, Status::Stopped, Reason::RemoteStopped));
    stage.pictures.others_changed(&ann, camera(TrackState::On));
    stage.wait_for_this(&status(&ann, Status::Playing, Reason::RemoteStarted));
}

#[test]
fn pictures_that_stay_away_are_a_gap() {
    let (stage, _camera) = Stage::with_camera();
    let (ann, _frames, repeater) = stage.watch("ann");
    stage.wait_for_this(&status(&ann, Status::Playing, Reason::LocalStarted));
    repeater.lose(u32::MAX);
    stage.wait_for_this(&status(&ann, Status::Loading, Reason::BufferingBegin));
    let blocked = stage.pictures.measure().watched.first().map(|watched| watched.blocked_ms);
    assert!(blocked.is_some_and(|blocked| blocked >= 600.0), "{blocked:?}");
    repeater.lose(0);
    stage.pictures.want_keyframe(Track::Camera, Layer::Big);
    stage.wait_for_this(&status(&ann, Status::Playing, Reason::BufferingEnd));
}

#[test]
fn pictures_tell_when_they_were_taken_and_wait_for_the_sound() {
    let (stage, _camera) = Stage::with_camera();
    let (ann, frames, _repeater) = stage.watch("ann");
    let first = seen(&frames, |_| true);
    // A sender report from a little before the clock of RTP goes round to the first picture.
    let (ntp, before) = (SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000), Duration::from_millis(1500));
    let time = rtp::time(first.time_us).wrapping_sub(90 * 1500);
    stage.pictures.inner.views.view(&ann, Track::Camera).expect("it is watched").set_clock(SourceClock { ntp, time });
    let played = || stage.pictures.measure().watched.first().and_then(|watched| watched.played).expect("the clock is known");
    assert!(played().taken + Duration::from_millis(1) >= ntp + before);

    // Longer than they wait by themselves, which is little where the machine is not busy.
    let least = played().delay + Duration::from_millis(150);
    stage.pictures.set_least_delay(&ann, Stream::Main, least);
    let deadline = Instant::now() + PATIENCE;
    while played().delay < least {
        assert!(Instant::now() < deadline, "pictures do not wait");
        seen(&frames, |_| true);
    }
}

#[test]
fn a_hook_that_blocks_holds_up_nothing_else() {
    /// Waits until the test ends.
    struct Wall(Receiver<()>);
    impl VideoSink for Wall {
        fn frame(&self, _user: &str, _stream_type: VideoStreamType, _frame: &Frame) {
            let _ = self.0.recv();
        }
    }
    let (stage, _camera) = Stage::with_camera();
    let (open, closed) = bounded::<()>(0);
    let (_, frames, _repeater) = stage.watch("ann");
    seen(&frames, |_| true);
    stage.pictures.set_local_sink(Some(Arc::new(Wall(closed))));
    // The camera is held up; the view shows what is under way, and then every call still returns.
    let before = Instant::now();
    stage.pictures.leave();
    assert!(before.elapsed() < PATIENCE);
    drop(open);
}

#[test]
fn a_snapshot_of_somebody_is_the_last_picture() {
    let (stage, _camera) = Stage::with_camera();
    let (ann, frames, _repeater) = stage.watch("ann");
    seen(&frames, |_| true);
    stage.pictures.snapshot(Some(&ann), VideoStreamType::Big, SnapshotSourceType::Stream);
    let snapshot = stage.wait_for("a snapshot", |told| if let Told::Snapshot(snapshot) = told { Some(snapshot) } else { None });
    assert_eq!((snapshot.user_id.as_str(), snapshot.width, snapshot.height), (ann.as_str(), 320, 180));
    assert_eq!(snapshot.data.len(), 320 * 180 * 4);
    let levels = snapshot.data.iter().step_by(4);
    assert!(levels.clone().max() > levels.min(), "the picture is of one colour");
}
