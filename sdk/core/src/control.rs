//! The one thread that owns an instance's state: what the application asked, where the session is, who is in the room. Calls
//! and events are taken one after the other, so that no lock protects any of it. It neither encodes nor plays: sound and
//! pictures have threads of their own.

mod entering;
mod events;
mod hooks;
mod leaving;
mod linking;
mod listening;
mod others;
mod publishing;
mod statistics;
mod viewing;

use std::sync::Arc;
use std::thread::{self, JoinHandle};

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use rtc_link::Link;
use rtc_session::Event;

use crate::courier::Courier;
use crate::picture::Pictures;
use crate::recording::Recordings;
use crate::shared::{Phase, Shared};
use crate::sound::{PacketHooks, Seat};

pub(crate) use self::entering::Entry;
use self::listening::Hearing;
use self::others::Others;
use self::publishing::Publications;
use self::statistics::Measuring;
pub(crate) use self::statistics::quality;
use self::viewing::Views;
pub(crate) use self::viewing::stream_and_layer;

type Call = Box<dyn FnOnce(&mut Control) + Send>;

enum Input {
    Call(Call),
    /// Of which stay, so that what comes late is told apart.
    Session(u64, Event),
    Stop(Sender<()>),
}

/// The way into the control thread. Clones lead to the same one.
#[derive(Clone)]
pub(crate) struct Inbox(Sender<Input>);

impl Inbox {
    /// Does something with the state, after all that was asked before.
    pub(crate) fn call(&self, call: impl FnOnce(&mut Control) + Send + 'static) {
        // The thread may be gone while a handle lives on: nothing is left to be done then.
        let _ = self.0.send(Input::Call(Box::new(call)));
    }

    /// What a session tells.
    pub(crate) fn session(&self, stay: u64, event: Event) {
        let _ = self.0.send(Input::Session(stay, event));
    }
}

/// The control thread, owned by whoever ends it.
pub(crate) struct ControlThread {
    inbox: Inbox,
    thread: Option<JoinHandle<()>>,
}

impl ControlThread {
    pub(crate) fn start(parts: Parts) -> std::io::Result<Self> {
        let (sender, receiver) = unbounded();
        let inbox = Inbox(sender);
        let own = inbox.clone();
        let thread =
            thread::Builder::new().name("rtc-control".into()).spawn(move || Control::new(parts, own).run(&receiver))?;
        Ok(Self { inbox, thread: Some(thread) })
    }

    pub(crate) fn inbox(&self) -> Inbox {
        self.inbox.clone()
    }

    /// Leaves the room if there is one, lets go of every device, and ends the thread.
    pub(crate) fn stop(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        let (done, is_done) = bounded(1);
        if self.inbox.0.send(Input::Stop(done)).is_ok() {
            let _ = is_done.recv();
        }
        if thread.join().is_err() {
            tracing::error!("the control thread ended by a panic");
        }
    }
}

impl Drop for ControlThread {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What an instance is made of besides its state.
pub(crate) struct Parts {
    pub(crate) courier: Courier,
    pub(crate) shared: Arc<Shared>,
    pub(crate) seat: Seat,
    pub(crate) pictures: Pictures,
    pub(crate) recordings: Arc<Recordings>,
}

/// The state of an instance.
pub(crate) struct Control {
    pub(crate) courier: Courier,
    pub(crate) shared: Arc<Shared>,
    pub(crate) seat: Seat,
    pub(crate) pictures: Pictures,
    recordings: Arc<Recordings>,
    inbox: Inbox,
    stay: Option<Stay>,
    /// How many stays there were, which numbers them.
    stays: u64,
    /// Where to go once the room is left.
    next: Option<Box<Entry>>,
    /// Exits that called off an entry before its turn came; each is answered when the room is left.
    called_off: u32,
    others: Others,
    hearing: Hearing,
    publications: Publications,
    views: Views,
    measuring: Measuring,
    packet_hooks: PacketHooks,
}

/// One stay in a room, from the call that enters until the session is over.
struct Stay {
    number: u64,
    link: Arc<Link>,
    is_leaving: bool,
}

impl Control {
    fn new(parts: Parts, inbox: Inbox) -> Self {
        let Parts { courier, shared, seat, pictures, recordings } = parts;
        Self {
            courier,
            shared,
            seat,
            pictures,
            recordings,
            inbox,
            stay: None,
            stays: 0,
            next: None,
            called_off: 0,
            others: Others::default(),
            hearing: Hearing::default(),
            publications: Publications::default(),
            views: Views::default(),
            measuring: Measuring::default(),
            packet_hooks: PacketHooks::default(),
        }
    }

    fn run(mut self, inputs: &Receiver<Input>) {
        loop {
            match inputs.recv() {
                Ok(Input::Call(call)) => call(&mut self),
                Ok(Input::Session(stay, event)) => self.handle_session(stay, event),
                Ok(Input::Stop(done)) => {
                    self.shut_down();
                    let _ = done.send(());
                    return;
                }
                Err(_) => return self.shut_down(),
            }
        }
    }

    /// The session, where a command can reach it.
    fn link(&self) -> Option<&Arc<Link>> {
        self.stay.as_ref().filter(|stay| !stay.is_leaving).map(|stay| &stay.link)
    }

    pub(crate) fn command(&self, command: rtc_session::Command) {
        if let Some(link) = self.link()
            && link.command(command).is_err()
        {
            tracing::warn!("the session takes no more commands: it is over, or its queue is full");
        }
    }

    fn is_in_room(&self) -> bool {
        self.shared.phase() == Phase::In
    }
}
