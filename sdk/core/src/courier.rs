//! Carries events to the application: one thread, in order, one at a time. It decides nothing but what to leave out when the
//! application is slower than what happens.
//!
//! A listener may block, panic, call back into the SDK or drop the very instance it listens to: it only keeps its own
//! events waiting.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use rtc_api::{ErrorCode, Event, WarningCode};

use crate::lock::lock;
use crate::picture::Snapshot;

/// Beyond this many waiting events what comes again soon anyway (statistics, quality, volume) is left out.
const CROWDED: usize = 256;
/// Beyond this many waiting events custom messages are left out and counted, because another member can send any number.
const FULL: usize = 8192;

/// What an application gives to be told. Every method is called on the instance's one callback thread.
pub trait Listener: Send {
    /// Something happened.
    fn event(&mut self, event: &Event);

    /// A custom message of somebody (`onRecvCustomCmdMsg`).
    fn message(&mut self, message: &Message) {
        let _ = message;
    }

    /// An SEI message of somebody (`onRecvSEIMsg`).
    fn sei_message(&mut self, message: &SeiMessage) {
        let _ = message;
    }

    /// A picture asked for by [`crate::Cloud::snapshot_video`] is there (`onSnapshotComplete`).
    fn snapshot(&mut self, snapshot: &Snapshot) {
        let _ = snapshot;
    }
}

/// A custom message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Who sent it.
    pub user_id: String,
    /// 0 to 10.
    pub cmd_id: i32,
    /// The sender's own count for this `cmd_id`, from 1.
    pub seq: u32,
    /// 1 to 1024 bytes.
    pub data: Vec<u8>,
}

/// A message that came inside of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeiMessage {
    /// Who sent it.
    pub user_id: String,
    /// 1 to 1024 bytes: pages may send a little more than `sendSEIMsg` takes.
    pub data: Vec<u8>,
}

impl<F: FnMut(&Event) + Send> Listener for F {
    fn event(&mut self, event: &Event) {
        self(event);
    }
}

/// The way to the application. Clones lead to the same thread.
#[derive(Clone)]
pub(crate) struct Courier {
    shared: Arc<Shared>,
}

struct Shared {
    queue: Mutex<Queue>,
    arrived: Condvar,
}

#[derive(Default)]
struct Queue {
    parcels: VecDeque<Parcel>,
    /// Custom messages left out since the application was last told.
    missed: u32,
    is_closed: bool,
}

pub(crate) enum Parcel {
    Event(Event),
    Message(Message),
    SeiMessage(SeiMessage),
    Snapshot(Snapshot),
}

/// The callback thread, owned by whoever ends it.
pub(crate) struct CallbackThread {
    courier: Courier,
    thread: Option<JoinHandle<()>>,
}

impl CallbackThread {
    pub(crate) fn start(mut listener: Box<dyn Listener>) -> std::io::Result<Self> {
        let shared = Arc::new(Shared { queue: Mutex::default(), arrived: Condvar::new() });
        let courier = Courier { shared };
        let inbox = courier.clone();
        let thread = thread::Builder::new().name("rtc-callback".into()).spawn(move || {
            while let Some(parcel) = inbox.next() {
                // One broken callback must not end all others.
                let told = catch_unwind(AssertUnwindSafe(|| match parcel {
                    Parcel::Event(event) => listener.event(&event),
                    Parcel::Message(message) => listener.message(&message),
                    Parcel::SeiMessage(message) => listener.sei_message(&message),
                    Parcel::Snapshot(snapshot) => listener.snapshot(&snapshot),
                }));
                if told.is_err() {
                    tracing::error!("a callback of the application panicked; the events after it go on");
                }
            }
        })?;
        Ok(Self { courier, thread: Some(thread) })
    }

    pub(crate) fn courier(&self) -> Courier {
        self.courier.clone()
    }

    #[cfg(test)]
    fn id(&self) -> Option<thread::ThreadId> {
        self.thread.as_ref().map(|thread| thread.thread().id())
    }

    /// Nothing is told after this: waits for the callback that runs, unless it is called from inside of it.
    pub(crate) fn close(&mut self) {
        self.courier.close();
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != thread::current().id()
            && thread.join().is_err()
        {
            tracing::error!("the callback thread ended by a panic");
        }
    }
}

impl Drop for CallbackThread {
    fn drop(&mut self) {
        self.close();
    }
}

impl Courier {
    /// Tells an event after all that were told before.
    pub(crate) fn tell(&self, event: Event) {
        self.hand(Parcel::Event(event));
    }

    /// Hands over what is no event.
    pub(crate) fn hand(&self, parcel: Parcel) {
        let mut queue = self.lock();
        if queue.is_closed {
            return;
        }
        let waiting = queue.parcels.len();
        match &parcel {
            Parcel::Event(event) if waiting >= CROWDED && comes_again(event) => return,
            Parcel::Message(_) | Parcel::SeiMessage(_) if waiting >= FULL => {
                queue.missed = queue.missed.saturating_add(1);
                if queue.missed == 1 {
                    tracing::warn!("the application is slower than the messages that arrive; some are left out");
                }
                return;
            }
            _ => {}
        }
        queue.parcels.push_back(parcel);
        drop(queue);
        self.shared.arrived.notify_one();
    }

    /// Tells an error as `onError` and the log.
    pub(crate) fn error(&self, code: ErrorCode, message: impl Into<String>) {
        let err_msg = message.into();
        tracing::error!(code = code.0, "{err_msg}");
        self.tell(Event::Error { err_code: code, err_msg });
    }

    /// Tells a warning as `onWarning` and the log.
    pub(crate) fn warning(&self, code: WarningCode, message: impl Into<String>) {
        let warning_msg = message.into();
        tracing::warn!(code = code.0, "{warning_msg}");
        self.tell(Event::Warning { warning_code: code, warning_msg });
    }

    /// How many custom messages were left out since this was last asked.
    pub(crate) fn take_missed(&self) -> u32 {
        std::mem::take(&mut self.lock().missed)
    }

    fn next(&self) -> Option<Parcel> {
        let mut queue = self.lock();
        loop {
            if queue.is_closed {
                return None;
            }
            if let Some(parcel) = queue.parcels.pop_front() {
                return Some(parcel);
            }
            queue = self.shared.arrived.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn close(&self) {
        let mut queue = self.lock();
        queue.is_closed = true;
        queue.parcels.clear();
        drop(queue);
        self.shared.arrived.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        lock(&self.shared.queue)
    }
}

fn comes_again(event: &Event) -> bool {
    matches!(event, Event::Statistics { .. } | Event::NetworkQuality { .. } | Event::UserVoiceVolume { .. })
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn exit(reason: i32) -> Event {
        Event::ExitRoom { reason }
    }

    #[test]
    fn events_arrive_in_order_on_another_thread() {
        let (told, heard) = mpsc::channel();
        let callbacks = CallbackThread::start(Box::new(move |event: &Event| {
            told.send((event.clone(), thread::current().id())).expect("the test listens");
        }))
        .expect("a thread");
        for reason in 0..100 {
            callbacks.courier().tell(exit(reason));
        }
        for reason in 0..100 {
            let (event, thread) = heard.recv().expect("an event");
            assert_eq!(event, exit(reason));
            assert_eq!(Some(thread), callbacks.id());
        }
    }

    #[test]
    fn a_panic_in_a_callback_does_not_end_the_others() {
        let (told, heard) = mpsc::channel();
        let callbacks = CallbackThread::start(Box::new(move |event: &Event| {
            assert_ne!(*event, exit(1), "this callback is broken on purpose");
            told.send(event.clone()).expect("the test listens");
        }))
        .expect("a thread");
        callbacks.courier().tell(exit(1));
        callbacks.courier().tell(exit(2));
        assert_eq!(heard.recv(), Ok(exit(2)));
    }

    #[test]
    fn nothing_is_told_after_the_end() {
        let (told, heard) = mpsc::channel();
        let mut callbacks =
            CallbackThread::start(Box::new(move |event: &Event| drop(told.send(event.clone())))).expect("a thread");
        let courier = callbacks.courier();
        courier.tell(exit(0));
        assert_eq!(heard.recv(), Ok(exit(0)));
        callbacks.close();
        courier.tell(exit(1));
        assert!(heard.recv().is_err(), "an event came after the end");
    }

    #[test]
    fn an_application_that_blocks_keeps_what_matters() {
        let (open, gate) = mpsc::channel::<()>();
        let (told, heard) = mpsc::channel();
        let callbacks = CallbackThread::start(Box::new(move |event: &Event| {
            if *event == exit(0) {
                let _ = gate.recv();
            }
            told.send(event.clone()).expect("the test listens");
        }))
        .expect("a thread");
        let courier = callbacks.courier();
        courier.tell(exit(0));
        for seq in 0..FULL as u32 + 100 {
            let message = Message { user_id: "a".into(), cmd_id: 1, seq, data: Vec::new() };
            courier.hand(Parcel::Message(message));
        }
        courier.tell(exit(9));
        assert!(courier.take_missed() >= 99, "messages beyond the bound were kept");
        open.send(()).expect("the callback waits");
        assert_eq!([heard.recv(), heard.recv()], [Ok(exit(0)), Ok(exit(9))]);
    }
}
