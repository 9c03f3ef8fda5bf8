//! Opens WebSockets on threads of their own: names are resolved and handshakes are made there, so that nothing else waits.

use std::io;
use std::net::{TcpStream, ToSocketAddrs as _};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rtc_session::SocketId;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection};
use tungstenite::WebSocket;
use tungstenite::http::Uri;
use tungstenite::protocol::WebSocketConfig;

use crate::Access;
use crate::queue::Queue;
use crate::stream::Stream;

/// What one address, and one step of a handshake, may take. The session gives up after 5 s.
const STEP: Duration = Duration::from_secs(4);
/// Addresses of a name that are tried.
const ADDRESSES: usize = 4;
/// The longest message that is read; the session checks again.
const MESSAGE_BYTES: usize = 4 * 1024 * 1024;

/// A WebSocket that opened, or why it did not.
pub(crate) type Opened = (SocketId, io::Result<Box<WebSocket<Stream>>>);

pub(crate) struct Opener {
    access: Access,
    /// Made once, by the first thread that needs it.
    tls: Arc<OnceLock<Arc<ClientConfig>>>,
    sender: Sender<Opened>,
    receiver: Receiver<Opened>,
}

impl Opener {
    pub(crate) fn new(access: Access) -> Self {
        let (sender, receiver) = channel();
        Self { access, tls: Arc::default(), sender, receiver }
    }

    /// Begins to open one. The result is given by [`Opener::next`], after the queue's thread was woken.
    pub(crate) fn open(&self, socket: SocketId, url: String, queue: &Arc<Queue>) {
        let (access, tls) = (self.access.clone(), self.tls.clone());
        let (sender, queue_of_thread) = (self.sender.clone(), queue.clone());
        let open = move || {
            let result = open(&url, &access, &tls).map(Box::new);
            if let Err(error) = &result {
                tracing::info!(%error, "signaling did not open");
            }
            // Nobody waits for it when the link has ended.
            let _ = sender.send((socket, result));
            queue_of_thread.wake_for_news();
        };
        if let Err(error) = std::thread::Builder::new().name("rtc-open".into()).spawn(open) {
            let _ = self.sender.send((socket, Err(error)));
            queue.wake_for_news();
        }
    }

    pub(crate) fn next(&self) -> Option<Opened> {
        self.receiver.try_recv().ok()
    }
}

pub(crate) fn open(url: &str, access: &Access, tls: &OnceLock<Arc<ClientConfig>>) -> io::Result<WebSocket<Stream>> {
    let uri: Uri = url.parse().map_err(io::Error::other)?;
    let host = uri.host().ok_or_else(|| io::Error::other("the address has no host"))?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_secure = uri.scheme_str() == Some("wss");
    let port = uri.port_u16().unwrap_or(if is_secure { 443 } else { 80 });
    let tcp = match access.proxy.as_ref().filter(|proxy| proxy.through().signaling) {
        Some(proxy) => proxy.connect(host, port)?,
        None => connect(host, port)?,
    };
    tcp.set_nodelay(true)?;
    tcp.set_read_timeout(Some(STEP))?;
    tcp.set_write_timeout(Some(STEP))?;
    let tls = if is_secure {
        let config = match tls.get() {
            Some(config) => config.clone(),
            None => tls
                .get_or_init({
                    let made = access.trust.tls()?;
                    || made
                })
                .clone(),
        };
        let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
        Some(ClientConnection::new(config, name).map_err(io::Error::other)?)
    } else {
        None
    };
    let config = WebSocketConfig::default()
        .max_message_size(Some(MESSAGE_BYTES))
        .max_frame_size(Some(MESSAGE_BYTES))
        .max_write_buffer_size(MESSAGE_BYTES);
    let stream = Stream::new(tcp, tls);
    let (websocket, _) = tungstenite::client::client_with_config(url, stream, Some(config)).map_err(io::Error::other)?;
    Ok(websocket)
}

fn connect(host: &str, port: u16) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in (host, port).to_socket_addrs()?.take(ADDRESSES) {
        match TcpStream::connect_timeout(&address, STEP) {
            Ok(tcp) => return Ok(tcp),
            Err(error) => last = error,
        }
    }
    Err(last)
}
