//! Media sockets through a proxy, each opened on a short-lived thread of its own. It reads and writes no media.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use rtc_session::Protocol;

use crate::proxy::{Proxy, Relay};
use crate::queue::Queue;

/// What was opened.
pub(crate) enum Made {
    Relay(Relay),
    Connection { stream: TcpStream, remote: SocketAddr },
}

pub(crate) struct Proxied {
    proxy: Proxy,
    queue: Arc<Queue>,
    /// Counted up when everything is closed: what was begun before is not wanted any more.
    generation: u64,
    is_associating: bool,
    sender: Sender<(u64, io::Result<Made>)>,
    receiver: Receiver<(u64, io::Result<Made>)>,
}

impl Proxied {
    pub(crate) fn new(proxy: Proxy, queue: &Arc<Queue>) -> Self {
        let (sender, receiver) = channel();
        Self { proxy, queue: queue.clone(), generation: 0, is_associating: false, sender, receiver }
    }

    /// Whether such media goes through the proxy.
    pub(crate) fn takes(&self, protocol: Protocol) -> bool {
        match protocol {
            Protocol::Udp => self.proxy.through().udp,
            Protocol::Tcp => self.proxy.through().tcp,
        }
    }

    /// Begins to have a relay for datagrams, unless one is on its way.
    pub(crate) fn associate(&mut self) -> io::Result<()> {
        if self.is_associating {
            return Ok(());
        }
        self.begin(|proxy| proxy.associate().map(Made::Relay))?;
        self.is_associating = true;
        Ok(())
    }

    /// Begins to connect.
    pub(crate) fn connect(&self, remote: SocketAddr) -> io::Result<()> {
        self.begin(move |proxy| {
            let stream = proxy.connect(&remote.ip().to_string(), remote.port())?;
            Ok(Made::Connection { stream, remote })
        })
    }

    /// What was begun and is not here yet is not wanted any more.
    pub(crate) fn forget(&mut self) {
        self.generation += 1;
        self.is_associating = false;
    }

    /// What was opened since this was asked last.
    pub(crate) fn next(&mut self) -> Option<Made> {
        loop {
            let (generation, made) = self.receiver.try_recv().ok()?;
            if generation != self.generation {
                continue;
            }
            match made {
                Ok(made) => {
                    self.is_associating &= !matches!(made, Made::Relay(_));
                    return Some(made);
                }
                // Another way may be tried; that there is none is told by the session.
                Err(error) => tracing::info!(%error, "no way for media through the proxy"),
            }
        }
    }

    fn begin(&self, open: impl FnOnce(&Proxy) -> io::Result<Made> + Send + 'static) -> io::Result<()> {
        let (proxy, queue, generation, sender) = (self.proxy.clone(), self.queue.clone(), self.generation, self.sender.clone());
        let open = move || {
            // Nobody waits for it when the link has ended.
            let _ = sender.send((generation, open(&proxy)));
            queue.wake_for_news();
        };
        std::thread::Builder::new().name("rtc-proxy".into()).spawn(open).map(drop)
    }
}
