//! Why the store could not do it.

use std::io;
use std::path::PathBuf;

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The data folder cannot be made or written.
    #[error("cannot use the data folder {path}: {cause}; make it writable or set data_dir to another one", path = .path.display())]
    Folder {
        /// The folder, or the file in it.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// The database refused. Also when another program holds it for longer than the busy timeout.
    #[error("the store failed: {0}")]
    Database(#[from] sqlx::Error),
    /// The schema cannot be brought up to date: usually a store of a newer engine.
    #[error("the store cannot be brought up to date ({0}); was it written by a newer engine?")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A row holds what no engine of this version writes.
    #[error("the store holds a {what} that cannot be read: {reason}")]
    Unreadable {
        /// Which kind of row.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// An app may have two live keys.
    #[error("app {sdk_app_id} has two live keys already; retire one first")]
    TwoLiveKeys {
        /// The app.
        sdk_app_id: u32,
    },
    /// The app's only live key cannot be retired: nobody could enter any more.
    #[error("this is the last live key of app {sdk_app_id}; add another one first")]
    LastLiveKey {
        /// The app.
        sdk_app_id: u32,
    },
    /// No such row.
    #[error("there is no such {what}")]
    Missing {
        /// Which kind of row.
        what: &'static str,
    },
}
