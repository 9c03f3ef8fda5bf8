//! Drives a network test before entering: one thread with the WebSocket `/v1/probe` and a UDP socket, past a proxy or through it. What is sent and what
//! follows from it is decided by `rtc-probe`.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rtc_probe::{Key, Meter, Outcome, Token};
use rtc_protocol::{Error, ProbeAnswer, ProbeBegin, ProbeRequest, ProbeTicket};
use tungstenite::{Message, WebSocket};

use crate::proxy::{self, Proxy, Relay};
use crate::stream::Stream;
use crate::{Access, opener};

/// How long the thread waits for a datagram before it looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(50);
/// The largest datagram that is read.
const DATAGRAM_BYTES: usize = 2048;

/// Why a test brought nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SpeedTestError {
    /// The engine cannot be reached.
    #[error("the engine cannot be reached: {0}")]
    Unreachable(#[from] io::Error),
    /// The engine does not let this user test now.
    #[error("{0}")]
    Refused(Error),
    /// What answered is no engine, or one of another version.
    #[error("the engine answered what is not understood: {0}")]
    Nonsense(String),
    /// It was stopped.
    #[error("the test was stopped")]
    Stopped,
}

/// A running test. Dropping it stops it without another word.
#[derive(Debug)]
pub struct SpeedTest {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl SpeedTest {
    /// Begins. `handler` is called once, on the test's own thread, unless the test is stopped before; it may take about ten
    /// seconds. `server` is the engine's address.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        server: &str,
        access: Access,
        begin: ProbeBegin,
        handler: impl FnOnce(Result<Outcome, SpeedTestError>) + Send + 'static,
    ) -> io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let (server, is_stopped) = (server.to_owned(), stop.clone());
        let thread = std::thread::Builder::new().name("rtc-speed-test".into()).spawn(move || {
            let result = Test { is_stopped: &is_stopped }.run(&server, &access, begin);
            if !is_stopped.load(Ordering::Acquire) {
                handler(result);
            }
        })?;
        Ok(Self { stop, thread: Some(thread) })
    }

    /// Whether it has come to its end.
    pub fn is_over(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }
}

impl Drop for SpeedTest {
    fn drop(&mut self) {
        // The thread sees it within a datagram's wait, or when a step of the connection times out; nobody waits for it.
        self.stop.store(true, Ordering::Release);
        self.thread = None;
    }
}

struct Test<'a> {
    is_stopped: &'a AtomicBool,
}

impl Test<'_> {
    fn run(&self, server: &str, access: &Access, begin: ProbeBegin) -> Result<Outcome, SpeedTestError> {
        let url = rtc_session::probe_url(server).map_err(|error| SpeedTestError::Nonsense(error.to_string()))?;
        let mut socket = opener::open(&url, access, &OnceLock::new())?;
        let (up_kbps, down_kbps) = (begin.expected_up_kbps, begin.expected_down_kbps);
        say(&mut socket, &ProbeRequest::Begin(Box::new(begin)))?;
        let ticket = match self.hear(&mut socket)? {
            ProbeAnswer::Ready(ticket) => ticket,
            ProbeAnswer::Refused(error) => return Err(SpeedTestError::Refused(error)),
            other => return Err(SpeedTestError::Nonsense(format!("{other:?}"))),
        };
        let meter = self.measure(&ticket, access.proxy.as_ref(), (up_kbps, down_kbps))?;
        say(&mut socket, &ProbeRequest::Finish {})?;
        let findings = match self.hear(&mut socket)? {
            ProbeAnswer::Findings(findings) => findings,
            ProbeAnswer::Refused(error) => return Err(SpeedTestError::Refused(error)),
            other => return Err(SpeedTestError::Nonsense(format!("{other:?}"))),
        };
        Ok(meter.outcome(&findings))
    }

    /// Sends and counts datagrams. Where there is no way to any of the engine's addresses, nothing comes back.
    fn measure(
        &self,
        ticket: &ProbeTicket,
        proxy: Option<&Proxy>,
        (up_kbps, down_kbps): (u32, u32),
    ) -> Result<Meter, SpeedTestError> {
        let nonsense = || SpeedTestError::Nonsense("a ticket with a broken token or key".to_owned());
        let token = Token::parse(&ticket.token).ok_or_else(nonsense)?;
        let key = Key::parse(&ticket.key).ok_or_else(nonsense)?;
        let addresses = ticket.addresses.iter().filter_map(|address| address.parse::<SocketAddr>().ok());
        let mut meter = Meter::new(Instant::now(), token, key, up_kbps, down_kbps);
        let proxy = proxy.filter(|proxy| proxy.through().udp);
        let Some(way) = addresses.take(8).find_map(|address| Way::to(address, proxy).ok()) else { return Ok(meter) };
        let mut buffer = [0; DATAGRAM_BYTES];
        while !meter.is_over() {
            if self.is_stopped.load(Ordering::Acquire) {
                return Err(SpeedTestError::Stopped);
            }
            while let Some(datagram) = meter.poll_transmit() {
                // A full socket buffer is a lossy network, and a port that nobody has is told by what does not come back.
                let _ = way.send(&datagram);
            }
            let now = Instant::now();
            let wait = meter.poll_timeout().map_or(LOOK, |due| due.saturating_duration_since(now)).min(LOOK);
            // A timeout of zero would be none.
            way.socket().set_read_timeout(Some(wait.max(Duration::from_micros(200))))?;
            if let Ok(length) = way.socket().recv(&mut buffer)
                && let Some(datagram) = way.datagram(&buffer[..length])
            {
                meter.handle_datagram(Instant::now(), datagram);
            }
            meter.handle_timeout(Instant::now());
        }
        Ok(meter)
    }

    fn hear(&self, socket: &mut WebSocket<Stream>) -> Result<ProbeAnswer, SpeedTestError> {
        loop {
            if self.is_stopped.load(Ordering::Acquire) {
                return Err(SpeedTestError::Stopped);
            }
            match socket.read().map_err(io::Error::other)? {
                Message::Text(text) => {
                    return serde_json::from_str(&text).map_err(|error| SpeedTestError::Nonsense(error.to_string()));
                }
                Message::Close(_) => return Err(SpeedTestError::Nonsense("the engine hung up".to_owned())),
                _ => {}
            }
        }
    }
}

fn say(socket: &mut WebSocket<Stream>, request: &ProbeRequest) -> Result<(), SpeedTestError> {
    let text = serde_json::to_string(request).map_err(|error| SpeedTestError::Nonsense(error.to_string()))?;
    Ok(socket.send(Message::text(text)).map_err(io::Error::other)?)
}

/// The way of the datagrams to one of the engine's addresses.
enum Way {
    Direct(UdpSocket),
    Proxied(Relay, SocketAddr),
}

impl Way {
    fn to(address: SocketAddr, proxy: Option<&Proxy>) -> io::Result<Self> {
        if let Some(proxy) = proxy {
            return Ok(Self::Proxied(proxy.associate()?, address));
        }
        let any: SocketAddr = if address.is_ipv4() { ([0, 0, 0, 0], 0).into() } else { ([0u16; 8], 0).into() };
        let socket = UdpSocket::bind(any)?;
        socket.connect(address)?;
        Ok(Self::Direct(socket))
    }

    fn socket(&self) -> &UdpSocket {
        match self {
            Self::Direct(socket) => socket,
            Self::Proxied(relay, _) => &relay.socket,
        }
    }

    fn send(&self, datagram: &[u8]) -> io::Result<usize> {
        match self {
            Self::Direct(socket) => socket.send(datagram),
            Self::Proxied(relay, address) => relay.socket.send(&proxy::wrap(*address, datagram)),
        }
    }

    /// What was received, without what the proxy puts around it.
    fn datagram<'a>(&self, received: &'a [u8]) -> Option<&'a [u8]> {
        match self {
            Self::Direct(_) => Some(received),
            Self::Proxied(_, address) => {
                let (source, datagram) = proxy::unwrap(received)?;
                (source == *address).then_some(datagram)
            }
        }
    }
}
