//! Local recording: WAV and MP4 files from samples and encoded frames. It captures and encodes nothing.
//!
//! [`AudioFile`] writes sound alone: PCM into WAV, or Opus packets into MP4. [`MovieFile`] writes pictures (H.264 or VP8)
//! and sound (Opus) into fragmented MP4. Both are told the time of everything they are given, on one clock of the caller's
//! choice, and keep gaps where there were gaps.
//!
//! Both write to disk on the calling thread. [`Recorder`] gives one of them a thread of its own, for callers that must not
//! wait. A process that dies leaves a file that plays, short of its last second; see [`MovieFile`] and [`AudioFile`].

mod audio_file;
mod disk;
mod error;
mod fragmented;
mod h264;
mod header;
mod movie;
mod movie_file;
mod name;
mod opus;
mod picture;
mod recorder;
mod sound_track;
mod timeline;
mod vp8;
mod wav;

pub use audio_file::{AudioFile, AudioFormat, AudioSettings};
pub use error::Error;
pub use movie_file::{Event, MovieFile, MovieSettings, Tracks};
pub use picture::VideoCodec;
pub use recorder::{Recorder, Told};

use std::path::PathBuf;
use std::time::Duration;

/// What a recording came to, all of its files together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The last file written. For a recording of one file, the file.
    pub path: PathBuf,
    /// How many files there are.
    pub files: u32,
    /// Time recorded. Gaps count, time between two files does not.
    pub recorded: Duration,
}

/// The shortest time after which a recording may go on in a new file. Shorter wishes are raised to it.
pub const MIN_FILE_DURATION: Duration = Duration::from_secs(10);
