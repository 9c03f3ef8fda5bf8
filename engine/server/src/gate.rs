//! Where connections of HTTP come from: a listener of their own, or the media port, which hands over what begins like TLS or
//! HTTP. Who may stay is the [`crate::door`]'s business.

use std::io;
use std::net::SocketAddr;

use axum_server::{AddrListener, Address};
use rtc_net::Visitor;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, mpsc};

/// Visitors that may wait to be taken over. More come only faster than a task can be woken.
const WAITING: usize = 1024;

/// The listening end.
#[derive(Debug)]
pub(crate) struct Gate {
    address: SocketAddr,
    from: From,
}

#[derive(Debug)]
enum From {
    Listener(TcpListener),
    MediaPort(Mutex<mpsc::Receiver<Visitor>>),
}

/// The kind of address that a [`Gate`] has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At(pub(crate) SocketAddr);

/// Hands visitors of the media port on. Never blocks; what is not taken is closed.
pub(crate) type HandOver = Box<dyn Fn(Visitor) -> bool + Send>;

impl Gate {
    /// A listener of its own.
    pub(crate) fn own(listener: std::net::TcpListener) -> io::Result<Self> {
        let address = listener.local_addr()?;
        Ok(Self { address, from: From::Listener(TcpListener::from_std(listener)?) })
    }

    /// The media port, which is at `address` once media has started, and what it has to be given.
    pub(crate) fn on_media_port(address: SocketAddr) -> (Self, Option<HandOver>) {
        let (give, take) = mpsc::channel(WAITING);
        let gate = Self { address, from: From::MediaPort(Mutex::new(take)) };
        (gate, Some(Box::new(move |visitor| give.try_send(visitor).is_ok())))
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Address for At {
    type Stream = TcpStream;
    type Listener = Gate;
}

impl AddrListener<TcpStream, At> for Gate {
    async fn bind_to(At(address): At) -> io::Result<Self> {
        Ok(Self { address, from: From::Listener(TcpListener::bind(address).await?) })
    }

    async fn accept_stream(&self) -> io::Result<(TcpStream, At)> {
        match &self.from {
            From::Listener(listener) => listener.accept().await.map(|(stream, remote)| (stream, At(remote))),
            From::MediaPort(visitors) => match visitors.lock().await.recv().await {
                Some(Visitor { stream, remote }) => Ok((TcpStream::from_std(stream)?, At(remote))),
                // The media port has gone: nobody comes any more, and whoever is in stays until the engine stops.
                None => std::future::pending().await,
            },
        }
    }

    fn get_local_addr(&self) -> io::Result<At> {
        Ok(At(self.address))
    }
}
