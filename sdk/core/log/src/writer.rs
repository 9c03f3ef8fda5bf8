//! The log's thread: takes lines from the queue and gives them to the file, the console and the sink. It decides nothing
//! about lines.

use std::cell::{Cell, RefCell};
use std::io::Write;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError};

use crate::entry::Entry;
use crate::file::Files;
use crate::{Level, Shared, Sink};

/// What the thread is sent.
#[derive(Debug)]
pub(crate) enum Message {
    /// A line.
    Entry(Entry),
    /// Everything before this shall be written, and the sender told.
    Flush(SyncSender<()>),
}

thread_local! {
    static IS_WRITER: Cell<bool> = const { Cell::new(false) };
    /// What a sink that runs wants in its place.
    static REPLACEMENT: RefCell<Option<Option<Sink>>> = const { RefCell::new(None) };
}

/// Whether this is the thread of a log.
pub(crate) fn is_current() -> bool {
    IS_WRITER.get()
}

/// Sets the sink that follows the one that is running on this thread.
pub(crate) fn replace_sink(sink: Option<Sink>) {
    REPLACEMENT.set(Some(sink));
}

/// The thread's state.
#[derive(Debug)]
pub(crate) struct Writer {
    shared: Arc<Shared>,
    files: Files,
}

impl Writer {
    pub(crate) fn new(shared: Arc<Shared>, file_size: u64, files: usize) -> Self {
        Self { shared, files: Files::new(file_size, files) }
    }

    /// Writes until nobody can log any more.
    pub(crate) fn run(mut self, messages: &Receiver<Message>) {
        IS_WRITER.set(true);
        loop {
            let message = match messages.try_recv() {
                Ok(message) => message,
                Err(TryRecvError::Disconnected) => break,
                Err(TryRecvError::Empty) => {
                    // Nothing to do for now, so what is buffered can go to the file, and losses can be told.
                    self.tell_losses();
                    self.files.flush();
                    match messages.recv() {
                        Ok(message) => message,
                        Err(_) => break,
                    }
                }
            };
            match message {
                Message::Entry(entry) => self.write(&entry),
                Message::Flush(done) => {
                    self.tell_losses();
                    self.files.flush();
                    // Who asked may have gone.
                    let _ = done.send(());
                }
            }
        }
        self.tell_losses();
        self.files.close();
    }

    fn write(&mut self, entry: &Entry) {
        let wishes = self.shared.wishes().clone();
        let line = entry.line();
        if wishes.console {
            // There may be no console.
            let _ = std::io::stderr().lock().write_all(line.as_bytes());
        }
        if let Some(directory) = &wishes.directory
            && !self.files.write(directory, wishes.compress, entry.time, &line)
        {
            self.shared.lose(1);
        }
        self.call_sink(entry);
    }

    fn call_sink(&self, entry: &Entry) {
        // The lock is held meanwhile, so that who replaces the sink knows that it does not run any more.
        let mut sink = self.shared.sink();
        let Some(call) = sink.as_mut() else { return };
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| call(entry.level, &entry.module, &entry.text)));
        if let Some(replacement) = REPLACEMENT.take() {
            *sink = replacement;
        } else if outcome.is_err() {
            // A sink that panics is not called again; the log goes on.
            *sink = None;
        }
    }

    fn tell_losses(&mut self) {
        if self.files.are_failing() {
            // This line would be lost as well. It is told when there is a file again.
            return;
        }
        let lost = self.shared.take_untold();
        if lost > 0 {
            let text = format!("{lost} lines were lost, because too many came at once or the disk took no more");
            self.write(&Entry::new(Level::Warn, "rtc_log", text));
        }
    }
}
