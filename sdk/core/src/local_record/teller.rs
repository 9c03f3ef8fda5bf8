//! The thread on which a recorder tells the application, one event after the other. It decides nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use crossbeam_channel::{Sender, unbounded};

use super::LocalRecordEvent;
use crate::lock::lock;

/// The way to the application. Clones lead to the same one.
#[derive(Clone)]
pub(super) struct Teller {
    /// Nothing once it has ended.
    events: Arc<Mutex<Option<Sender<LocalRecordEvent>>>>,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
}

impl Teller {
    pub(super) fn start(mut listener: impl FnMut(&LocalRecordEvent) + Send + 'static) -> std::io::Result<Self> {
        // A recorder tells a handful of things, so that nothing need bound them.
        let (events, told) = unbounded();
        let tell = move || {
            for event in told {
                if catch_unwind(AssertUnwindSafe(|| listener(&event))).is_err() {
                    tracing::error!("a callback of the application panicked over {event:?}; what comes after is told");
                }
            }
        };
        let thread = thread::Builder::new().name("rtc-local-record".into()).spawn(tell)?;
        Ok(Self { events: Arc::new(Mutex::new(Some(events))), thread: Arc::new(Mutex::new(Some(thread))) })
    }

    pub(super) fn tell(&self, event: LocalRecordEvent) {
        if let Some(events) = &*lock(&self.events) {
            // The thread lives as long as there is somebody who tells.
            let _ = events.send(event);
        }
    }

    /// Tells what is left and no more. Waits for that, unless the application itself is the caller.
    pub(super) fn end(&self) {
        drop(lock(&self.events).take());
        let Some(thread) = lock(&self.thread).take() else { return };
        if thread.thread().id() != thread::current().id() && thread.join().is_err() {
            tracing::error!("the thread that tells of a recording ended by a panic");
        }
    }
}
