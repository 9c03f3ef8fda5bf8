//! A thread of pictures with an end that is waited for, but not for ever: a hook of the application may hold it. It does not
//! know what the thread does.

use std::convert::Infallible;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};

use crate::inside;

/// How long the end of a thread is waited for. Without a hook that blocks it takes as long as one picture.
const PATIENCE: Duration = Duration::from_secs(2);

/// A thread that was told to end some other way before it is joined.
pub(super) struct Worker {
    thread: JoinHandle<()>,
    /// Disconnected when the thread is over, by a panic as well.
    is_over: Receiver<Infallible>,
}

impl Worker {
    pub(super) fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> io::Result<Self> {
        let (running, is_over) = bounded(0);
        let thread = thread::Builder::new().name(name.to_owned()).spawn(move || {
            let _running = running;
            run();
        })?;
        Ok(Self { thread, is_over })
    }

    /// When to stop waiting for threads that are asked to end now.
    pub(super) fn deadline() -> Instant {
        Instant::now() + PATIENCE
    }

    /// Waits until the thread is over. One that is still held by the application then ends behind our back, as soon as it
    /// is let go of.
    pub(super) fn join(self, deadline: Instant) {
        // Called from a hook: a thread cannot wait for itself.
        if self.thread.thread().id() == thread::current().id() {
            return;
        }
        match self.is_over.recv_deadline(deadline) {
            Err(RecvTimeoutError::Timeout) => {
                tracing::warn!("a hook of the application still holds a picture; not waiting for it");
            }
            Ok(_) | Err(RecvTimeoutError::Disconnected) => {
                if self.thread.join().is_err() {
                    tracing::error!("a thread of pictures ended by a panic");
                }
            }
        }
    }
}

/// Calls a hook of the application. Nothing when it panicked: one broken hook must not end the stream.
pub(super) fn hook<T>(call: impl FnOnce() -> T) -> Option<T> {
    let called = catch_unwind(AssertUnwindSafe(|| inside::hook(call)));
    if called.is_err() {
        tracing::error!("a hook of the application panicked over a picture; the pictures after it go on");
    }
    called.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_is_held_is_not_waited_for_for_ever() {
        let (release, held) = bounded::<()>(0);
        let worker = Worker::spawn("held", move || assert!(held.recv().is_err())).expect("a thread");
        worker.join(Instant::now() + Duration::from_millis(20));
        drop(release);
        let worker = Worker::spawn("brief", || ()).expect("a thread");
        let before = Instant::now();
        worker.join(before + Duration::from_secs(600));
        assert!(before.elapsed() < Duration::from_secs(600));
    }

    #[test]
    fn a_broken_hook_is_survived() {
        assert_eq!(hook(|| 7), Some(7));
        assert_eq!(hook::<()>(|| panic!("a broken hook, on purpose")), None);
    }
}
