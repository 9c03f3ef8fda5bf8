//! A recording on a thread of its own, so that who brings sound and pictures never waits for a disk. It is a queue before
//! [`MovieFile`] or [`AudioFile`] and decides nothing they decide.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::{AudioFile, AudioSettings, Error, Event, MovieFile, MovieSettings, Summary, VideoCodec};

/// So many pieces may wait for the disk, some ten seconds of sound and pictures.
const MOST_PIECES: usize = 1_024;

/// And so many bytes.
const MOST_BYTES: usize = 32 << 20;

/// What the application is told, on the thread of the recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// The recording goes on.
    Event(Event),
    /// The recording is over: `onLocalRecordComplete`, or, for one of sound alone that an error ended, warning 7001. Nothing is
    /// told after this.
    Ended(Result<Summary, Error>),
}

/// A recording on a thread of its own.
///
/// When the disk is so slow that ten seconds or 32 MiB are waiting, what comes then is lost and counted. After a lost picture
/// those that depend on it are left out too, until the next key frame. Dropping a recorder finishes the recording as
/// [`Recorder::finish`] does.
#[derive(Debug)]
pub struct Recorder {
    queue: SyncSender<Piece>,
    shared: Arc<Shared>,
    thread: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Shared {
    needs_key_frame: AtomicBool,
    /// The last picture was lost.
    lost_picture: AtomicBool,
    lost: AtomicU64,
    waiting: AtomicUsize,
}

#[derive(Debug)]
enum Piece {
    Picture { at: Duration, codec: VideoCodec, data: Vec<u8>, follows_loss: bool },
    Packet { at: Duration, data: Vec<u8> },
    Samples { at: Duration, samples: Vec<i16> },
}

#[derive(Debug)]
enum Recording {
    Movie(MovieFile),
    Audio(AudioFile),
}

impl Recorder {
    /// Makes the first file of a movie and starts the thread. `tell` is called on that thread.
    ///
    /// # Errors
    /// As [`MovieFile::create`]; [`Error::Disk`] when there can be no thread.
    pub fn movie(settings: MovieSettings, tell: impl FnMut(Told) + Send + 'static) -> Result<Self, Error> {
        let movie = MovieFile::create(settings)?;
        let needs_key_frame = movie.needs_key_frame();
        Self::start(Recording::Movie(movie), needs_key_frame, tell)
    }

    /// Makes the first file of a recording of sound and starts the thread. `tell` is called on that thread.
    ///
    /// # Errors
    /// As [`AudioFile::create`]; [`Error::Disk`] when there can be no thread.
    pub fn audio(settings: AudioSettings, tell: impl FnMut(Told) + Send + 'static) -> Result<Self, Error> {
        Self::start(Recording::Audio(AudioFile::create(settings)?), false, tell)
    }

    /// Adds an encoded picture; see [`MovieFile::write_video`].
    pub fn write_video(&self, at: Duration, codec: VideoCodec, data: Vec<u8>) {
        // It is told with the next picture, not at once, because those that wait are whole.
        let follows_loss = self.shared.lost_picture.swap(false, Ordering::Relaxed);
        if !self.put(data.len(), Piece::Picture { at, codec, data, follows_loss }) {
            self.shared.lost_picture.store(true, Ordering::Relaxed);
        }
    }

    /// Adds an Opus packet; see [`MovieFile::write_audio`] and [`AudioFile::write_packet`].
    pub fn write_audio(&self, at: Duration, data: Vec<u8>) {
        self.put(data.len(), Piece::Packet { at, data });
    }

    /// Adds samples to a WAV recording; see [`AudioFile::write_samples`].
    pub fn write_samples(&self, at: Duration, samples: Vec<i16>) {
        self.put(2 * samples.len(), Piece::Samples { at, samples });
    }

    /// Whether the encoder should be asked for a key frame; see [`MovieFile::needs_key_frame`].
    pub fn needs_key_frame(&self) -> bool {
        self.shared.needs_key_frame.load(Ordering::Relaxed)
    }

    /// Pieces that were lost because the disk is too slow.
    pub fn lost(&self) -> u64 {
        self.shared.lost.load(Ordering::Relaxed)
    }

    /// Ends the recording once everything before this is written, without waiting. [`Told::Ended`] says how it ended. Who
    /// must know that it has, before the process ends for instance, joins the thread.
    pub fn finish(self) -> JoinHandle<()> {
        self.thread
    }

    fn start(recording: Recording, needs_key_frame: bool, tell: impl FnMut(Told) + Send + 'static) -> Result<Self, Error> {
        let shared = Arc::new(Shared { needs_key_frame: AtomicBool::new(needs_key_frame), ..Shared::default() });
        let (queue, pieces) = sync_channel(MOST_PIECES);
        let path = recording.path();
        let of_thread = Arc::clone(&shared);
        let thread = thread::Builder::new()
            .name("rtc-record".into())
            .spawn(move || run(recording, &pieces, &of_thread, tell))
            .map_err(|error| Error::Disk { path, message: error.to_string() })?;
        Ok(Self { queue, shared, thread })
    }

    /// `false` when the piece is lost because too much waits.
    fn put(&self, bytes: usize, piece: Piece) -> bool {
        let has_room = self.shared.waiting.fetch_add(bytes, Ordering::Relaxed) + bytes <= MOST_BYTES;
        let result = if has_room { self.queue.try_send(piece) } else { Err(TrySendError::Full(piece)) };
        if result.is_err() {
            self.shared.waiting.fetch_sub(bytes, Ordering::Relaxed);
        }
        // When the recording has ended by itself, nothing is lost that was to be recorded.
        let is_lost = matches!(result, Err(TrySendError::Full(_)));
        if is_lost {
            self.shared.lost.fetch_add(1, Ordering::Relaxed);
        }
        !is_lost
    }
}

/// Writes until the recorder is gone or an error ends the recording.
fn run(mut recording: Recording, pieces: &Receiver<Piece>, shared: &Shared, mut tell: impl FnMut(Told)) {
    let mut result = Ok(());
    while let (true, Ok(piece)) = (result.is_ok(), pieces.recv()) {
        shared.waiting.fetch_sub(piece.bytes(), Ordering::Relaxed);
        result = match recording.write(piece) {
            Err(error) if error.ends_recording() => Err(error),
            // What this recording does not take is the caller's mistake, and no reason to end.
            _ => Ok(()),
        };
        if let Recording::Movie(movie) = &mut recording {
            shared.needs_key_frame.store(movie.needs_key_frame(), Ordering::Relaxed);
            while let Some(event) = movie.poll_event() {
                tell(Told::Event(event));
            }
        }
    }
    let ended = result.and_then(|()| recording.finish());
    tell(Told::Ended(ended));
}

impl Piece {
    fn bytes(&self) -> usize {
        match self {
            Self::Picture { data, .. } | Self::Packet { data, .. } => data.len(),
            Self::Samples { samples, .. } => 2 * samples.len(),
        }
    }
}

impl Recording {
    fn path(&self) -> std::path::PathBuf {
        match self {
            Self::Movie(movie) => movie.path().to_path_buf(),
            Self::Audio(audio) => audio.path().to_path_buf(),
        }
    }

    fn write(&mut self, piece: Piece) -> Result<(), Error> {
        match (self, piece) {
            (Self::Movie(movie), Piece::Picture { at, codec, data, follows_loss }) => {
                if follows_loss {
                    movie.skip_to_key_frame();
                }
                movie.write_video(at, codec, &data)
            }
            (Self::Movie(movie), Piece::Packet { at, data }) => movie.write_audio(at, &data),
            (Self::Audio(audio), Piece::Packet { at, data }) => audio.write_packet(at, &data),
            (Self::Audio(audio), Piece::Samples { at, samples }) => audio.write_samples(at, &samples),
            (Self::Movie(_), Piece::Samples { .. }) => Err(Error::Input { reason: "a movie takes Opus packets" }),
            (Self::Audio(_), Piece::Picture { .. }) => Err(Error::Input { reason: "this recording is of sound alone" }),
        }
    }

    fn finish(&mut self) -> Result<Summary, Error> {
        match self {
            Self::Movie(movie) => movie.finish(),
            Self::Audio(audio) => audio.finish(),
        }
    }
}
