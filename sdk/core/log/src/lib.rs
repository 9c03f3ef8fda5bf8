//! The SDK's log: tracing events into rotated files, onto the console and to the application. It decides nothing about
//! what is logged.
//!
//! Crates of the SDK use the macros of `tracing`. [`Log`] is where their events go: formatted on the thread that logs, put
//! into a bounded queue, and written by a thread of the log. A full queue loses lines rather than time, and the loss is
//! counted and told.
//!
//! Secrets are kept out three times: [`Redacted`] wraps them where they live, fields with the names of secrets are not
//! written, and of other people's crates only warnings and errors are.

mod entry;
mod file;
mod layer;
mod level;
mod redacted;
mod writer;

pub use level::Level;
pub use redacted::Redacted;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fs, io, thread};

use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;

use crate::entry::Entry;
use crate::writer::Message;

/// Where log lines go besides files and the console: the level, the module that logged, the text.
///
/// It is called on the log's own thread, one line after the other. What it logs itself is ignored, because that would never
/// end.
pub type Sink = Box<dyn FnMut(Level, &str, &str) + Send>;

/// How a log is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The least serious level that is logged. By default nothing is.
    pub level: Level,
    /// Where files go; `None` for no files. It is made when it does not exist.
    pub directory: Option<PathBuf>,
    /// Whether lines go to standard error as well. By default they do not.
    pub console: bool,
    /// Whether full files are compressed with gzip. By default they are.
    pub compress: bool,
    /// How large a file becomes, in bytes. By default 10 MiB.
    pub file_size: u64,
    /// How many files are kept beside the one being written, the oldest going first. By default 10.
    pub files: usize,
    /// How many lines may wait to be written. By default 4096.
    pub queue: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            level: Level::None,
            directory: None,
            console: false,
            compress: true,
            file_size: 10 << 20,
            files: 10,
            queue: 4_096,
        }
    }
}

/// Why a log cannot be kept as wished.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Files cannot go there.
    #[error("cannot keep the log in {directory:?}: {source}; choose a folder that can be written")]
    Directory {
        /// The folder asked for.
        directory: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The log's thread could not be started.
    #[error("cannot start the log's thread: {0}")]
    Thread(io::Error),
    /// The process has a subscriber for tracing events already.
    #[error("this process collects tracing events already; add Log::layer to its subscriber instead")]
    Installed,
}

/// The log. Clones are the same log.
#[derive(Debug, Clone)]
pub struct Log {
    shared: Arc<Shared>,
    queue: SyncSender<Message>,
}

/// What the log's thread reads and callers change.
pub(crate) struct Shared {
    level: AtomicU8,
    /// Lines lost since that was last told.
    untold: AtomicU64,
    lost: AtomicU64,
    wishes: Mutex<Wishes>,
    sink: Mutex<Option<Sink>>,
}

/// What can change while the log is kept.
#[derive(Debug, Clone)]
pub(crate) struct Wishes {
    pub(crate) directory: Option<PathBuf>,
    pub(crate) console: bool,
    pub(crate) compress: bool,
}

impl Log {
    /// Begins a log. No file is made before there is a line to write.
    ///
    /// # Errors
    /// [`Error::Directory`] and [`Error::Thread`].
    pub fn start(settings: Settings) -> Result<Self, Error> {
        if let Some(directory) = &settings.directory {
            prepare(directory)?;
        }
        let shared = Arc::new(Shared {
            level: AtomicU8::new(settings.level as u8),
            untold: AtomicU64::new(0),
            lost: AtomicU64::new(0),
            wishes: Mutex::new(Wishes {
                directory: settings.directory,
                console: settings.console,
                compress: settings.compress,
            }),
            sink: Mutex::new(None),
        });
        let (queue, messages) = sync_channel(settings.queue.max(1));
        let writer = writer::Writer::new(Arc::clone(&shared), settings.file_size, settings.files);
        thread::Builder::new().name("rtc-log".into()).spawn(move || writer.run(&messages)).map_err(Error::Thread)?;
        Ok(Self { shared, queue })
    }

    /// Makes this log the one of the process, unless the process has a subscriber already.
    ///
    /// # Errors
    /// [`Error::Installed`].
    pub fn install(&self) -> Result<(), Error> {
        let subscriber = tracing_subscriber::registry().with(self.layer());
        tracing::subscriber::set_global_default(subscriber).map_err(|_| Error::Installed)
    }

    /// This log as a part of somebody's subscriber.
    pub fn layer<S>(&self) -> impl tracing_subscriber::Layer<S> + use<S>
    where
        S: tracing::Subscriber + for<'span> LookupSpan<'span>,
    {
        layer::filtered(self.clone())
    }

    /// Writes a line that is no tracing event.
    pub fn write(&self, level: Level, module: &str, text: &str) {
        if self.wants(level) && !writer::is_current() {
            self.put(Entry::new(level, module, text.to_owned()));
        }
    }

    /// The least serious level that is logged.
    pub fn level(&self) -> Level {
        Level::from_code(i32::from(self.shared.level.load(Ordering::Relaxed))).unwrap_or(Level::None)
    }

    /// Changes the least serious level that is logged (`setLogLevel`).
    pub fn set_level(&self, level: Level) {
        self.shared.level.store(level as u8, Ordering::Relaxed);
        // Callsites remember what the filter said about them.
        tracing::callsite::rebuild_interest_cache();
    }

    /// Turns the console on and off (`setConsoleEnabled`).
    pub fn set_console(&self, on: bool) {
        self.shared.wishes().console = on;
    }

    /// Turns compression of full files on and off (`setLogCompressEnabled`).
    pub fn set_compress(&self, on: bool) {
        self.shared.wishes().compress = on;
    }

    /// Moves the log to another folder (`setLogDirPath`), from the next line on. What was written stays where it is, so this
    /// is best called first.
    ///
    /// # Errors
    /// [`Error::Directory`]; the log stays where it was.
    pub fn set_directory(&self, directory: &Path) -> Result<(), Error> {
        prepare(directory)?;
        self.shared.wishes().directory = Some(directory.to_path_buf());
        Ok(())
    }

    /// Sets who else is told every line, or nobody (`setLogCallback`). When this returns, the one before is not called any
    /// more, except when called from a sink itself.
    pub fn set_sink(&self, sink: Option<Sink>) {
        if writer::is_current() {
            // The sink that calls this holds the lock. This one takes its place when it returns.
            writer::replace_sink(sink);
        } else {
            *self.shared.sink() = sink;
        }
    }

    /// Lines that were lost since the log began, because too many came at once or the disk took no more.
    pub fn lost(&self) -> u64 {
        self.shared.lost.load(Ordering::Relaxed)
    }

    /// Waits until everything logged before is written. Not for threads that must not wait.
    pub fn flush(&self) {
        if writer::is_current() {
            return;
        }
        let (done, waiting) = sync_channel(1);
        if self.queue.send(Message::Flush(done)).is_ok() {
            // An error means that the thread is gone; then there is nothing to wait for.
            let _ = waiting.recv();
        }
    }

    pub(crate) fn wants(&self, level: Level) -> bool {
        // None is a filter, no line has it.
        level != Level::None && level as u8 >= self.shared.level.load(Ordering::Relaxed)
    }

    pub(crate) fn put(&self, entry: Entry) {
        if let Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) = self.queue.try_send(Message::Entry(entry)) {
            self.shared.lose(1);
        }
    }
}

impl Shared {
    pub(crate) fn wishes(&self) -> MutexGuard<'_, Wishes> {
        // They are whole after every statement that changes them.
        self.wishes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn sink(&self) -> MutexGuard<'_, Option<Sink>> {
        self.sink.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn lose(&self, lines: u64) {
        self.untold.fetch_add(lines, Ordering::Relaxed);
        self.lost.fetch_add(lines, Ordering::Relaxed);
    }

    /// Lines lost since this was last asked.
    pub(crate) fn take_untold(&self) -> u64 {
        self.untold.swap(0, Ordering::Relaxed)
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("level", &self.level).field("lost", &self.lost).finish_non_exhaustive()
    }
}

fn prepare(directory: &Path) -> Result<(), Error> {
    fs::create_dir_all(directory).map_err(|source| Error::Directory { directory: directory.to_path_buf(), source })
}
