//! A thread that belongs to a value and ends with it. It does not know what the thread does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use crate::DeviceError;

/// Tells a worker that it should end.
#[derive(Debug, Clone)]
pub(crate) struct Stop(Arc<AtomicBool>);

impl Stop {
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// Waits for a moment. False when the worker should end instead.
    pub(crate) fn wait_until(&self, moment: Instant) -> bool {
        loop {
            if self.is_set() {
                return false;
            }
            let now = Instant::now();
            if now >= moment {
                return true;
            }
            thread::park_timeout(moment - now);
        }
    }
}

/// A thread that is asked to end, and waited for, when this is dropped.
#[derive(Debug)]
pub(crate) struct Worker {
    stop: Stop,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    pub(crate) fn spawn(name: &str, run: impl FnOnce(Stop) + Send + 'static) -> Result<Self, DeviceError> {
        let stop = Stop(Arc::new(AtomicBool::new(false)));
        let given = stop.clone();
        let thread = thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || run(given))
            .map_err(|error| DeviceError::system("threads", error))?;
        Ok(Self { stop, thread: Some(thread) })
    }

    /// Sets the flag and unparks, without waiting.
    pub(crate) fn ask_to_stop(&self) {
        self.stop.0.store(true, Ordering::Release);
        self.unpark();
    }

    pub(crate) fn unpark(&self) {
        if let Some(thread) = &self.thread {
            thread.thread().unpark();
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.ask_to_stop();
        // A handler may drop the value it belongs to; a thread cannot wait for itself.
        if let Some(thread) = self.thread.take().filter(|thread| thread.thread().id() != thread::current().id()) {
            let _panicked = thread.join();
        }
    }
}
