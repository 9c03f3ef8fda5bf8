//! Drives a client session: one thread with the WebSocket and the media sockets. It moves bytes and decides nothing; every
//! decision is in `rtc-session`.
//!
//! Nothing on the thread blocks: names are resolved, WebSockets are opened and proxies are spoken to on short-lived threads of
//! their own.

#![forbid(unsafe_code)]

mod addresses;
mod driver;
mod framing;
mod media;
mod network_time;
mod opener;
mod proxied;
mod proxy;
mod queue;
mod speed_test;
mod stream;
mod trust;
mod websocket;

use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;

use rtc_session::{Command, Config, EnterParams, Event, Outgoing, Statistics};

use driver::Driver;
use queue::Queue;

pub use network_time::{NetworkTime, NetworkTimeError};
pub use proxy::{InvalidProxy, Proxy, Through};
pub use rtc_probe::Outcome;
pub use speed_test::{SpeedTest, SpeedTestError};
pub use trust::Trust;

/// How a link works.
#[derive(Debug, Clone, Default)]
pub struct LinkConfig {
    /// The session's part.
    pub session: Config,
    /// How the engine is reached.
    pub access: Access,
}

/// How an engine is reached.
#[derive(Debug, Clone, Default)]
pub struct Access {
    /// How the engine's certificate is judged, where it has one.
    pub trust: Trust,
    /// What stands in between.
    pub proxy: Option<Proxy>,
}

/// A command was not taken: a thousand wait already, or the session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotTaken;

/// A session on a thread of its own.
///
/// Dropping it leaves the room in order, in the background; [`Link::close`] waits for that. The session ends by itself with
/// [`Event::EnterFailed`] or [`Event::Exited`]; what is handed over after that is void.
#[derive(Debug)]
pub struct Link {
    queue: Arc<Queue>,
    thread: Option<JoinHandle<()>>,
}

impl Link {
    /// Begins to enter. `handler` is called on the link's thread, in order, and must not block: media waits for it. It may
    /// use the link, but not [`Link::close`] it.
    ///
    /// Fails where this system gives no thread or no event queue.
    pub fn start(config: LinkConfig, params: EnterParams, handler: Box<dyn FnMut(Event) + Send>) -> io::Result<Self> {
        let (driver, queue) = Driver::new(config, params, handler)?;
        let thread = std::thread::Builder::new().name("rtc-link".into()).spawn(move || driver.run())?;
        Ok(Self { queue, thread: Some(thread) })
    }

    /// Hands over a command.
    pub fn command(&self, command: Command) -> Result<(), NotTaken> {
        self.queue.command(command)
    }

    /// Hands over a packet, and never waits. What the thread cannot keep up with is dropped, the oldest pictures first, and
    /// counted in [`Statistics::unsent`].
    pub fn send(&self, packet: Outgoing) {
        self.queue.send(packet);
    }

    /// What was measured last; empty in the first seconds.
    pub fn stats(&self) -> Arc<Statistics> {
        self.queue.statistics()
    }

    /// Leaves the room and waits until that is done: at most about 3 s, or until the handler returns.
    pub fn close(mut self) {
        self.queue.close();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread of a link had ended in a panic of its handler");
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.queue.close();
    }
}
