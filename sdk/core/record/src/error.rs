//! Why a recording cannot begin or go on, and the numbers applications know these reasons by. It prints nothing.

use std::io;
use std::path::{Path, PathBuf};

/// Why a recording cannot begin or go on.
///
/// After [`Error::Full`], [`Error::Disk`] or [`Error::Denied`] from a write the recording is over: what was written before
/// is kept and playable. [`Error::Input`] changes nothing and the recording goes on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The extension names no format that can be written.
    #[error("cannot record into {path:?}: {reason}")]
    Format {
        /// The path asked for.
        path: PathBuf,
        /// What the extension may be, or why this one cannot.
        reason: &'static str,
    },
    /// There is no folder of that name, or it is a file.
    #[error("cannot record into {path:?}: its folder does not exist; make it first")]
    NoFolder {
        /// The path asked for.
        path: PathBuf,
    },
    /// There is a file or a folder of that name already. Recordings overwrite nothing.
    #[error("cannot record into {path:?}: it exists; choose another name or remove it")]
    Exists {
        /// The path asked for.
        path: PathBuf,
    },
    /// The system does not allow writing there.
    #[error("cannot record into {path:?}: no permission to write; choose another folder")]
    Denied {
        /// The path asked for.
        path: PathBuf,
    },
    /// The disk, the quota or the largest size of a file is used up.
    #[error("stopped recording into {path:?}: no space left; what was written before can be played")]
    Full {
        /// The file that could not grow.
        path: PathBuf,
    },
    /// Any other failure of the system.
    #[error("cannot write {path:?}: {message}")]
    Disk {
        /// The file concerned.
        path: PathBuf,
        /// The system's own words.
        message: String,
    },
    /// A setting or an input that this recording cannot take. The recording goes on without it.
    #[error("cannot record this: {reason}")]
    Input {
        /// What was wrong, and what is expected.
        reason: &'static str,
    },
    /// The recording was finished, or an earlier error ended it.
    #[error("the recording is over; begin another one")]
    Over,
    /// The recording ended before anything could be written. No file is left.
    #[error("nothing was recorded, because no sound and no key frame came")]
    Nothing,
}

impl Error {
    /// The code of this error in `onLocalRecordBegin`: -2 for the extension, -7 for a file that exists, -8 for a missing
    /// permission, -1 for the rest.
    pub fn begin_code(&self) -> i32 {
        match self {
            Self::Format { .. } => -2,
            Self::Exists { .. } => -7,
            Self::Denied { .. } => -8,
            _ => -1,
        }
    }

    /// The code of this error in `onLocalRecordComplete`: -3 when nothing was recorded, -1 for the rest. The code -2, for an
    /// end because the size of the picture changed, is never used: the recording goes on in a new file instead.
    pub fn complete_code(&self) -> i32 {
        match self {
            Self::Nothing => -3,
            _ => -1,
        }
    }

    /// What `startAudioRecording` returns for this error: -3 for the extension, -2 for a file that cannot be made. (-1, for a
    /// recording that runs already, is the caller's to know.)
    pub fn audio_code(&self) -> i32 {
        match self {
            Self::Format { .. } => -3,
            _ => -2,
        }
    }

    /// Whether the recording has ended with this error.
    pub fn ends_recording(&self) -> bool {
        !matches!(self, Self::Input { .. })
    }

    pub(crate) fn from_io(path: &Path, error: &io::Error) -> Self {
        let path = path.to_path_buf();
        match error.kind() {
            io::ErrorKind::AlreadyExists => Self::Exists { path },
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::NoFolder { path },
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::Denied { path },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => Self::Full { path },
            _ => Self::Disk { path, message: error.to_string() },
        }
    }
}
