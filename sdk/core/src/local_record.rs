//! Recording a screen or window with sound into a file, without a room (`ITXLiteAVLocalRecord`). What a room has to do with
//! recordings is in `recording.rs`.

mod config;
mod pictures;
mod sound;
mod teller;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rtc_api::{LocalRecordError, RecordConfig, Rect, ScreenCaptureSourceType};
use rtc_device::{DeviceError, ScreenCapture, ScreenEvent, ScreenSource, ScreenTarget, Size};
use rtc_record::{Error, MovieSettings, Recorder, Told, Tracks};

use self::config::Plan;
use self::pictures::Pictures;
use self::sound::Sound;
use self::teller::Teller;
use crate::lock::lock;
use crate::options::Options;
use crate::picture;
use crate::recording::Running;

/// What the application is told of a recorder, in order, on one thread of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LocalRecordEvent {
    /// It has begun. All is 0 where only sound is recorded.
    Started {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
        /// Frames a second.
        fps: u32,
    },
    /// Something failed. What was recorded until then is kept.
    Error {
        /// What, as a number.
        code: LocalRecordError,
        /// The same in words.
        message: String,
    },
    /// A file is complete.
    Complete {
        /// Which.
        path: PathBuf,
    },
}

/// A recorder of screens and windows. It records one thing at a time, any number of times.
pub struct LocalRecord {
    options: Options,
    teller: Teller,
    wants: Mutex<Wants>,
    session: Mutex<Option<Session>>,
}

/// Which sound is recorded.
#[derive(Debug, Clone, Copy, Default)]
struct Wants {
    microphone: bool,
    system: bool,
}

/// One recording.
struct Session {
    recording: Running,
    /// Dropped before the recording is ended, so that nothing comes after its end.
    capture: Option<ScreenCapture>,
    sound: Option<Sound>,
}

impl LocalRecord {
    /// A recorder. No device is touched yet.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn new(options: &Options, listener: impl FnMut(&LocalRecordEvent) + Send + 'static) -> std::io::Result<Self> {
        let teller = Teller::start(listener)?;
        Ok(Self { options: options.clone(), teller, wants: Mutex::default(), session: Mutex::default() })
    }

    /// The screens and windows there are, with pictures of at most these sizes.
    ///
    /// # Errors
    /// [`DeviceError`] where the window system cannot be asked.
    pub fn screen_capture_sources(&self, thumbnail: Size, icon: Size) -> Result<Vec<ScreenSource>, DeviceError> {
        picture::screen_sources(self.options.picture.screen, thumbnail, icon)
    }

    /// Whether the microphone is recorded, from now on where a recording with sound runs.
    pub fn enable_microphone(&self, enable: bool) {
        self.change_sound(|wants| wants.microphone = enable);
    }

    /// Whether what the machine plays is recorded, as for the microphone.
    pub fn enable_system_audio(&self, enable: bool) {
        self.change_sound(|wants| wants.system = enable);
    }

    /// Begins to record this source or, where it is of an unknown type, only the sound that is enabled. `part` without an area
    /// is all of it.
    pub fn start(&self, config: &RecordConfig, kind: ScreenCaptureSourceType, source_id: u64, part: &Rect) -> LocalRecordError {
        let mut session = lock(&self.session);
        if session.as_ref().is_some_and(|session| session.recording.is_running()) {
            return refused(LocalRecordError::HasBegin, "a recording runs; stop it first");
        }
        // One that has ended by itself lets go of its devices here.
        *session = None;
        match self.begin(config, kind, source_id, part) {
            Ok(begun) => {
                *session = Some(begun);
                LocalRecordError::Success
            }
            Err((code, message)) => refused(code, &message),
        }
    }

    /// Ends it; when this returns, the files are whole.
    pub fn stop(&self) {
        let session = lock(&self.session).take();
        drop(session);
    }

    fn begin(
        &self,
        config: &RecordConfig,
        kind: ScreenCaptureSourceType,
        source_id: u64,
        part: &Rect,
    ) -> Result<Session, (LocalRecordError, String)> {
        let plan = Plan::new(config, self.options.picture.screen, kind, source_id, part)?;
        let wants = *lock(&self.wants);
        let tracks = match (&plan.target, wants.microphone || wants.system) {
            (Some(_), true) => Tracks::Both,
            (Some(_), false) => Tracks::Video,
            (None, true) => Tracks::Audio,
            (None, false) => {
                let words = "there is nothing to record: name a screen or window, or enable sound";
                return Err((LocalRecordError::NoRecordTarget, words.to_owned()));
            }
        };
        let settings = MovieSettings {
            path: plan.path.clone(),
            tracks,
            channels: 2,
            interval: None,
            max_duration: None,
            max_bytes: plan.most_bytes,
        };
        let epoch = Instant::now();
        let (told, has_begun) = (self.teller.clone(), Arc::new(AtomicBool::new(false)));
        let is_told = Arc::clone(&has_begun);
        let tell = move |news| match news {
            // What fails before anything was recorded is answered, not told.
            Told::Ended(Err(Error::Nothing)) if !is_told.load(Ordering::Acquire) => {}
            news => tell_file(&told, news),
        };
        let recorder = Recorder::movie(settings, tell).map_err(|error| file_error(&error))?;
        let mut session = Session { recording: Running::new(recorder), capture: None, sound: None };
        // What fails from here on ends the recording, and takes its empty file away.
        if tracks != Tracks::Video {
            let sound = Sound::new(&self.options, session.recording.clone(), self.teller.clone(), epoch)?;
            sound.change(wants)?;
            session.sound = Some(sound);
        }
        match &plan.target {
            Some(target) => session.capture = Some(self.capture(&plan, target, session.recording.clone(), epoch)?),
            None => self.teller.tell(LocalRecordEvent::Started { width: 0, height: 0, fps: 0 }),
        }
        has_begun.store(true, Ordering::Release);
        Ok(session)
    }

    fn capture(
        &self,
        plan: &Plan,
        target: &ScreenTarget,
        recording: Running,
        epoch: Instant,
    ) -> Result<ScreenCapture, (LocalRecordError, String)> {
        let mut pictures = Pictures::new(plan, recording.clone(), self.teller.clone(), epoch);
        let told = self.teller.clone();
        let on_event = move |event| match event {
            ScreenEvent::Closed => over(&told, &recording, "what was recorded is gone"),
            ScreenEvent::Failed(error) => over(&told, &recording, &error.to_string()),
            event => tracing::debug!(?event, "a screen is recorded"),
        };
        ScreenCapture::start(target.clone(), plan.options.clone(), move |raw| pictures.take(raw), on_event)
            .map_err(|error| (plan.code_of(&error), format!("it cannot be captured: {error}")))
    }

    fn change_sound(&self, change: impl FnOnce(&mut Wants)) {
        let wants = {
            let mut wants = lock(&self.wants);
            change(&mut wants);
            *wants
        };
        let session = lock(&self.session);
        let Some(session) = session.as_ref().filter(|session| session.recording.is_running()) else { return };
        let changed = match &session.sound {
            Some(sound) => sound.change(wants),
            None => return tracing::warn!("the recording was begun without sound; the next one has it"),
        };
        if let Err((code, message)) = changed {
            self.teller.tell(LocalRecordEvent::Error { code, message });
        }
    }
}

impl Drop for LocalRecord {
    fn drop(&mut self) {
        self.stop();
        self.teller.end();
    }
}

impl std::fmt::Debug for LocalRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LocalRecord").field("wants", &*lock(&self.wants)).finish_non_exhaustive()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.capture = None;
        self.sound = None;
        self.recording.end();
    }
}

fn refused(code: LocalRecordError, message: &str) -> LocalRecordError {
    tracing::warn!("startLocalRecord: {message}");
    code
}

/// The source is gone: the recording ends with what there is. Called on the capture's own thread, which ends by itself.
fn over(teller: &Teller, recording: &Running, why: &str) {
    let message = format!("the recording ends: {why}");
    teller.tell(LocalRecordEvent::Error { code: LocalRecordError::CreateRecordCaptureFailed, message });
    recording.end();
}

fn tell_file(teller: &Teller, news: Told) {
    match news {
        Told::Event(rtc_record::Event::Fragment { finished, .. }) => teller.tell(LocalRecordEvent::Complete { path: finished }),
        Told::Event(rtc_record::Event::Progress { .. }) => {}
        Told::Ended(Ok(summary)) => teller.tell(LocalRecordEvent::Complete { path: summary.path }),
        Told::Ended(Err(error)) => {
            let code = match error {
                Error::Nothing => LocalRecordError::NoRecordTarget,
                _ => LocalRecordError::CreateRecordFileFailure,
            };
            teller.tell(LocalRecordEvent::Error { code, message: error.to_string() });
        }
    }
}

fn file_error(error: &Error) -> (LocalRecordError, String) {
    let code = match error {
        Error::Format { .. } => LocalRecordError::FileFormatInvalid,
        Error::NoFolder { .. } => LocalRecordError::FilePathInvalid,
        _ => LocalRecordError::CreateRecordFileFailure,
    };
    (code, error.to_string())
}

/// How long after the beginning something is.
fn since(epoch: Instant, moment: Instant) -> Duration {
    moment.saturating_duration_since(epoch)
}
