//! Recording into files on this machine: sound alone, or one's own camera with sound. Files are written on a thread of
//! `rtc-record`; here is only what goes into them.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rtc_api::{AudioRecordingContent, AudioRecordingParams, Event, LocalRecordType, LocalRecordingParams, WarningCode};
use rtc_audio::{Block, Encoder, Gain, Mixer, OpusError, PACKET_FRAMES, Quality, RATE};
use rtc_protocol::Track;
use rtc_record::{AudioFormat, AudioSettings, MovieSettings, Recorder, Told, Tracks, VideoCodec};
use rtc_video::codec::{EncodedFrame, VideoCodec as Coded};

use crate::courier::Courier;
use crate::lock::lock;
use crate::picture::Pictures;
use crate::sound::{Desk, Tap};

/// The recordings of an instance, one of each kind at a time.
pub(crate) struct Recordings {
    desk: Arc<Desk>,
    pictures: Pictures,
    courier: Courier,
    epoch: Instant,
    sound: Mutex<Option<Running>>,
    movie: Mutex<Option<Running>>,
}

/// A recording as the taps of sound and pictures see it: nothing once it has ended.
#[derive(Clone)]
pub(crate) struct Running {
    recorder: Arc<Mutex<Option<Recorder>>>,
    is_over: Arc<AtomicBool>,
}

impl Running {
    pub(crate) fn new(recorder: Recorder) -> Self {
        Self { recorder: Arc::new(Mutex::new(Some(recorder))), is_over: Arc::default() }
    }

    /// False once it has ended.
    pub(crate) fn write(&self, write: impl FnOnce(&Recorder)) -> bool {
        lock(&self.recorder).as_ref().map(write).is_some()
    }

    pub(crate) fn is_running(&self) -> bool {
        self.write(|_| {})
    }

    /// Whether its file waits for a key frame.
    pub(crate) fn needs_key_frame(&self) -> bool {
        lock(&self.recorder).as_ref().is_some_and(Recorder::needs_key_frame)
    }

    /// Ends it; when this returns, the file is whole.
    pub(crate) fn end(&self) {
        self.is_over.store(true, Ordering::Release);
        let Some(recorder) = lock(&self.recorder).take() else { return };
        if recorder.finish().join().is_err() {
            tracing::error!("a recording ended by a panic");
        }
    }
}

impl Recordings {
    /// What `startAudioRecording` returns, and `onLocalRecordBegin` tells, where a recording runs already.
    const SOUND_RUNS: i32 = -1;
    const MOVIE_RUNS: i32 = -6;
    /// What `startAudioRecording` returns where its file cannot be made.
    const NO_FILE: i32 = -2;

    pub(crate) fn new(desk: Arc<Desk>, pictures: Pictures, courier: Courier) -> Self {
        Self { desk, pictures, courier, epoch: Instant::now(), sound: Mutex::default(), movie: Mutex::default() }
    }

    /// `startAudioRecording`.
    pub(crate) fn start_sound(&self, params: &AudioRecordingParams) -> i32 {
        if crate::inside::is_inside() {
            tracing::warn!("startAudioRecording is refused inside of a hook of sound");
            return Self::NO_FILE;
        }
        let mut running = lock(&self.sound);
        if running.as_ref().is_some_and(Running::is_running) {
            return Self::SOUND_RUNS;
        }
        let path = PathBuf::from(&params.file_path);
        let encoding = match AudioFormat::of(&path).map(|format| match format {
            AudioFormat::Wav => Ok(Encoding::Samples),
            AudioFormat::Opus => Encoding::opus(Quality::Music),
        }) {
            Ok(Ok(encoding)) => encoding,
            Ok(Err(error)) => {
                tracing::error!("startAudioRecording: {error}");
                return Self::NO_FILE;
            }
            Err(error) => {
                tracing::warn!("startAudioRecording: {error}");
                return error.audio_code();
            }
        };
        let settings = AudioSettings { path, rate: RATE, channels: 2, max_duration: positive(params.max_duration_per_file) };
        let told = self.courier.clone();
        let tell = move |news| match news {
            Told::Ended(Err(error)) => {
                told.warning(WarningCode::AUDIO_RECORDING_WRITE_FAIL, format!("the recording of sound ended: {error}"));
            }
            Told::Ended(Ok(summary)) => tracing::info!(?summary, "a recording of sound is whole"),
            Told::Event(event) => tracing::info!(?event, "a recording of sound goes on"),
        };
        match Recorder::audio(settings, tell) {
            Ok(recorder) => {
                let recording = Running::new(recorder);
                self.tap_sound(params.recording_content, encoding, recording.clone());
                *running = Some(recording);
                0
            }
            Err(error) => {
                tracing::warn!("startAudioRecording: {error}");
                error.audio_code()
            }
        }
    }

    /// `stopAudioRecording`.
    pub(crate) fn stop_sound(&self) {
        if let Some(running) = lock(&self.sound).take() {
            running.end();
            self.desk.drop_taps(&self.courier);
        }
    }

    /// `startLocalRecording`: one's own camera and voice.
    pub(crate) fn start_movie(&self, params: &LocalRecordingParams) {
        let mut running = lock(&self.movie);
        let storage_path = params.file_path.clone();
        let begin = |err_code| Event::LocalRecordBegin { err_code, storage_path: storage_path.clone() };
        if running.as_ref().is_some_and(Running::is_running) {
            return self.courier.tell(begin(Self::MOVIE_RUNS));
        }
        let (tracks, has_sound, has_pictures) = match params.record_type {
            LocalRecordType::Audio => (Tracks::Audio, true, false),
            LocalRecordType::Video => (Tracks::Video, false, true),
            LocalRecordType::Both => (Tracks::Both, true, true),
        };
        let settings = MovieSettings {
            path: PathBuf::from(&params.file_path),
            tracks,
            channels: 1,
            interval: positive(params.interval),
            max_duration: positive(params.max_duration_per_file),
            max_bytes: None,
        };
        let encoding = match Encoding::opus(Quality::Default) {
            Ok(encoding) => encoding,
            Err(error) => {
                tracing::error!("startLocalRecording: {error}");
                return self.courier.tell(begin(-1));
            }
        };
        let (told, path) = (self.courier.clone(), storage_path.clone());
        let recorder = match Recorder::movie(settings, move |news| tell_movie(&told, &path, news)) {
            Ok(recorder) => recorder,
            Err(error) => {
                tracing::warn!("startLocalRecording: {error}");
                return self.courier.tell(begin(error.begin_code()));
            }
        };
        self.courier.tell(begin(0));
        let recording = Running::new(recorder);
        if has_sound {
            self.tap_sound(AudioRecordingContent::Local, encoding, recording.clone());
        }
        if has_pictures {
            self.tap_pictures(recording.clone());
        }
        *running = Some(recording);
    }

    /// `stopLocalRecording`, and the end of a stay.
    pub(crate) fn stop_movie(&self) {
        if let Some(running) = lock(&self.movie).take() {
            self.pictures.set_tap(Track::Camera, None);
            running.end();
            self.desk.drop_taps(&self.courier);
        }
    }

    pub(crate) fn stop(&self) {
        self.stop_sound();
        self.stop_movie();
    }

    fn tap_pictures(&self, recording: Running) {
        let epoch = self.epoch;
        let is_first = AtomicBool::new(true);
        let pictures = self.pictures.clone();
        let tap = move |frame: &EncodedFrame| {
            let codec = match frame.codec {
                Coded::Vp8 => VideoCodec::Vp8,
                Coded::H264 => VideoCodec::H264,
            };
            recording.write(|recorder| {
                recorder.write_video(epoch.elapsed(), codec, frame.data.to_vec());
                // Nothing can begin, and no new file can, without one.
                if is_first.swap(false, Ordering::Relaxed) && !frame.key || recorder.needs_key_frame() {
                    pictures.want_keyframe(Track::Camera, rtc_protocol::Layer::Big);
                }
            });
        };
        self.pictures.set_tap(Track::Camera, Some(Arc::new(tap)));
    }

    fn tap_sound(&self, content: AudioRecordingContent, mut encoding: Encoding, recording: Running) {
        let epoch = self.epoch;
        let mut mixer = Mixer::new();
        let is_over = recording.is_over.clone();
        let take = move |heard: &Block, said: Option<&Block>| {
            if content != AudioRecordingContent::Local {
                mixer.add(heard, &mut Gain::default());
            }
            if let Some(said) = said.filter(|_| content != AudioRecordingContent::Remote) {
                mixer.add(said, &mut Gain::default());
            }
            let (at, block) = (epoch.elapsed(), mixer.finish());
            recording.write(|recorder| encoding.write(recorder, at, &block));
        };
        self.desk.add_tap(Tap { is_over, take: Box::new(take) }, &self.courier);
    }
}

/// How sound is written.
pub(crate) enum Encoding {
    Samples,
    /// With how much earlier than its last block a packet is heard: the block before, and what the encoder looks ahead.
    Opus(Box<Encoder>, Duration),
}

impl Encoding {
    pub(crate) fn opus(quality: Quality) -> Result<Self, OpusError> {
        let mut encoder = Encoder::new(quality)?;
        // A file has no losses to be armed against, and no gaps.
        encoder.set_discontinuous(false)?;
        encoder.set_error_correction(false)?;
        let early = u64::from(encoder.delay_frames()?) + PACKET_FRAMES as u64 / 2;
        Ok(Self::Opus(Box::new(encoder), Duration::from_micros(early * 1_000_000 / u64::from(RATE))))
    }

    pub(crate) fn write(&mut self, recorder: &Recorder, at: Duration, block: &Block) {
        match self {
            Self::Samples => recorder.write_samples(at, block.samples().to_vec()),
            Self::Opus(encoder, early) => match encoder.encode(block) {
                Ok(Some(packet)) => recorder.write_audio(at.saturating_sub(*early), packet.payload),
                Ok(None) => {}
                Err(error) => tracing::warn!("20 ms of a recording are missing: {error}"),
            },
        }
    }
}

fn tell_movie(courier: &Courier, first: &str, news: Told) {
    let text = |path: PathBuf| path.to_string_lossy().into_owned();
    courier.tell(match news {
        Told::Event(rtc_record::Event::Progress { recorded, path }) => Event::LocalRecording {
            duration: i64::try_from(recorded.as_millis()).unwrap_or(i64::MAX),
            storage_path: text(path),
        },
        Told::Event(rtc_record::Event::Fragment { finished, .. }) => {
            Event::LocalRecordFragment { storage_path: text(finished) }
        }
        Told::Ended(Ok(summary)) => Event::LocalRecordComplete { err_code: 0, storage_path: text(summary.path) },
        Told::Ended(Err(error)) => {
            tracing::warn!("the local recording ended: {error}");
            Event::LocalRecordComplete { err_code: error.complete_code(), storage_path: first.to_owned() }
        }
    });
}

/// Milliseconds above zero; nothing for the rest.
fn positive(milliseconds: i32) -> Option<Duration> {
    u64::try_from(milliseconds).ok().filter(|ms| *ms > 0).map(Duration::from_millis)
}
