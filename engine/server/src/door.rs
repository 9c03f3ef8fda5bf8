//! Who may have a TCP connection. There is a most in total and a most of silent ones for each address; beyond either, the
//! connection that has been silent longest is closed. So thousands that say nothing cost a bounded amount, and keep out
//! nobody who speaks: an honest client is silent for a few milliseconds.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv6Addr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::Extension;
use axum::middleware::AddExtension;
use axum_server::accept::Accept;
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tower_layer::Layer as _;

use crate::metrics::Counters;

/// Bytes the kernel may hold for a client that does not read. By itself it would take megabytes before the engine
/// noticed.
const SEND_BUFFER: usize = 256 * 1024;

/// Keeps count of all connections.
#[derive(Debug, Clone)]
pub(crate) struct Door {
    state: Arc<Mutex<State>>,
    most: usize,
    most_silent_per_address: usize,
    counters: Arc<Counters>,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    open: usize,
    /// In the order in which they came.
    silent: BTreeMap<u64, Silent>,
    silent_by_address: HashMap<IpAddr, BTreeSet<u64>>,
}

#[derive(Debug)]
struct Silent {
    address: IpAddr,
    evict: oneshot::Sender<()>,
}

/// What a request knows of its connection.
#[derive(Debug, Clone)]
pub(crate) struct Guest {
    pub(crate) address: IpAddr,
    number: u64,
    door: Door,
}

/// A connection's place. Dropping it makes room.
#[derive(Debug)]
struct Place {
    number: u64,
    door: Door,
}

impl Door {
    pub(crate) fn new(most: usize, most_silent_per_address: usize, counters: Arc<Counters>) -> Self {
        Self { state: Arc::default(), most, most_silent_per_address, counters }
    }

    /// Gives a new connection a place, and tells by the receiver when it has to go. Nothing when there is no place.
    fn admit(&self, address: IpAddr) -> Option<(Place, oneshot::Receiver<()>)> {
        let address = source(address);
        let mut state = self.lock();
        if state.silent_by_address.get(&address).is_some_and(|silent| silent.len() >= self.most_silent_per_address) {
            let oldest = state.silent_by_address[&address].first().copied();
            self.evict(&mut state, oldest);
        }
        if state.open >= self.most {
            let oldest = state.silent.keys().next().copied();
            if oldest.is_none() {
                self.counters.connections_refused.add(1);
                return None;
            }
            self.evict(&mut state, oldest);
        }
        self.counters.connections.add(1);
        let number = state.next;
        state.next += 1;
        state.open += 1;
        let (evict, evicted) = oneshot::channel();
        state.silent.insert(number, Silent { address, evict });
        state.silent_by_address.entry(address).or_default().insert(number);
        Some((Place { number, door: self.clone() }, evicted))
    }

    fn evict(&self, state: &mut State, number: Option<u64>) {
        if let Some(silent) = number.and_then(|number| state.no_longer_silent(number)) {
            self.counters.connections_evicted.add(1);
            let _ = silent.evict.send(());
        }
    }

    /// Nothing that is done under the lock can leave it half changed.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn no_longer_silent(&mut self, number: u64) -> Option<Silent> {
        let silent = self.silent.remove(&number)?;
        if let Some(numbers) = self.silent_by_address.get_mut(&silent.address) {
            numbers.remove(&number);
            if numbers.is_empty() {
                self.silent_by_address.remove(&silent.address);
            }
        }
        Some(silent)
    }
}

impl Guest {
    /// It has said something of use: it is not closed any more to make room for others.
    pub(crate) fn has_spoken(&self) {
        self.door.lock().no_longer_silent(self.number);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.door.lock();
        state.no_longer_silent(self.number);
        state.open -= 1;
    }
}

/// Whose a connection is: an IPv6 host usually has a whole /64 to itself.
fn source(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64)),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// The acceptor that stands before TLS and HTTP.
impl<S: Send + 'static> Accept<TcpStream, S> for Door {
    type Stream = GuestStream;
    type Service = AddExtension<S, Guest>;
    type Future = std::future::Ready<io::Result<(Self::Stream, Self::Service)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        std::future::ready(self.let_in(stream, service))
    }
}

impl Door {
    fn let_in<S>(&self, stream: TcpStream, service: S) -> io::Result<(GuestStream, AddExtension<S, Guest>)> {
        let address = stream.peer_addr()?.ip().to_canonical();
        stream.set_nodelay(true)?;
        SockRef::from(&stream).set_send_buffer_size(SEND_BUFFER)?;
        let Some((place, evicted)) = self.admit(address) else {
            return Err(io::Error::other("there are too many connections"));
        };
        let guest = Guest { address, number: place.number, door: self.clone() };
        let stream = GuestStream { stream, evicted: Some(evicted), _place: place };
        Ok((stream, Extension(guest).layer(service)))
    }
}

/// A connection that ends when it is evicted.
#[derive(Debug)]
pub(crate) struct GuestStream {
    stream: TcpStream,
    /// Nothing once it cannot be evicted any more.
    evicted: Option<oneshot::Receiver<()>>,
    _place: Place,
}

impl GuestStream {
    /// The connection without its place: it is no longer counted here.
    pub(crate) fn into_stream(self) -> TcpStream {
        self.stream
    }

    fn poll_evicted(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        let Some(evicted) = &mut self.evicted else { return Ok(()) };
        match Pin::new(evicted).poll(cx) {
            Poll::Pending => Ok(()),
            Poll::Ready(Ok(())) => Err(io::ErrorKind::ConnectionAborted.into()),
            Poll::Ready(Err(_)) => {
                // It has spoken.
                self.evicted = None;
                Ok(())
            }
        }
    }
}

impl AsyncRead for GuestStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.poll_evicted(cx)?;
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for GuestStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_evicted(cx)?;
        Pin::new(&mut self.stream).poll_write(cx, buffer)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.poll_evicted(cx)?;
        Pin::new(&mut self.stream).poll_write_vectored(cx, buffers)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
