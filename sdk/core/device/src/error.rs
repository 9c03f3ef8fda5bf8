//! Why a device could not do what was asked, and what to do about it. The numbers applications see are given elsewhere.

use std::path::PathBuf;

use crate::DeviceKind;

/// Why a device could not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeviceError {
    /// There is no device of this kind at all.
    #[error("this machine has no {0}; attach one, or choose a synthetic source")]
    None(DeviceKind),
    /// There is no device with this id.
    #[error("there is no {kind} '{id}'; choose one of the list")]
    NotFound {
        /// The kind asked for.
        kind: DeviceKind,
        /// The id asked for.
        id: String,
    },
    /// Another program holds the device.
    #[error("'{0}' is used by another program; close that program")]
    Busy(String),
    /// This user may not use the device.
    #[error("this user may not use '{0}'; ask the system's administrator for the right")]
    NotAuthorized(String),
    /// The system or the device cannot do this.
    #[error("{what} cannot be done here: {why}")]
    Unsupported {
        /// What was asked.
        what: &'static str,
        /// Why it cannot be done, with the remedy if there is one.
        why: String,
    },
    /// The device, its server or its window is gone.
    #[error("'{0}' is gone; list the devices again")]
    Gone(String),
    /// A file could not be read, written or understood.
    #[error("file {path}: {cause}; check the path and the format", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system or the format's reader said.
        cause: String,
    },
    /// A parameter is out of its range.
    #[error("parameter '{name}' {why}")]
    Parameter {
        /// Its name.
        name: &'static str,
        /// What it must be.
        why: String,
    },
    /// The sound, camera or window system reported something else.
    #[error("{system}: {cause}; look at the log of that system")]
    System {
        /// Which system.
        system: &'static str,
        /// What it said.
        cause: String,
    },
}

impl DeviceError {
    #[expect(clippy::needless_pass_by_value, reason = "map_err hands errors over by value")]
    pub(crate) fn system(system: &'static str, cause: impl ToString) -> Self {
        Self::System { system, cause: cause.to_string() }
    }

    #[expect(clippy::needless_pass_by_value, reason = "map_err hands errors over by value")]
    pub(crate) fn file(path: impl Into<PathBuf>, cause: impl ToString) -> Self {
        Self::File { path: path.into(), cause: cause.to_string() }
    }
}
