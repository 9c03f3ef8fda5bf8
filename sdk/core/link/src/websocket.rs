//! The WebSocket of the moment and those that are closing, without blocking. It does not know what messages mean.

use std::io;
use std::time::{Duration, Instant};

use mio::{Interest, Registry, Token};
use rtc_session::SocketId;
use tungstenite::protocol::CloseFrame;
use tungstenite::{Error, Message, WebSocket};

use crate::stream::Stream;

/// How long the other side may take to answer a close. Ending without its answer could take our last words with it.
const LAST_WORDS: Duration = Duration::from_secs(1);

pub(crate) struct Socket {
    pub(crate) id: SocketId,
    websocket: Box<WebSocket<Stream>>,
    /// Set when we closed it.
    pub(crate) close_by: Option<Instant>,
}

/// What came of reading.
#[derive(Debug)]
pub(crate) enum Read {
    Text(String),
    /// Nothing more for now.
    Nothing,
    /// It is gone.
    Gone,
}

impl Socket {
    pub(crate) fn new(
        id: SocketId,
        mut websocket: Box<WebSocket<Stream>>,
        registry: &Registry,
        token: Token,
    ) -> io::Result<Self> {
        let tcp = websocket.get_mut().polled()?;
        registry.register(tcp, token, Interest::READABLE | Interest::WRITABLE)?;
        Ok(Self { id, websocket, close_by: None })
    }

    /// Queues a text and writes what can be written. False when the socket is gone.
    pub(crate) fn send(&mut self, text: String) -> bool {
        good(self.websocket.write(Message::text(text))) && self.flush()
    }

    /// Says goodbye.
    pub(crate) fn close(&mut self, now: Instant, code: u16, reason: &'static str) -> bool {
        self.close_by = Some(now + LAST_WORDS);
        good(self.websocket.close(Some(CloseFrame { code: code.into(), reason: reason.into() }))) && self.flush()
    }

    pub(crate) fn flush(&mut self) -> bool {
        good(self.websocket.flush())
    }

    pub(crate) fn read(&mut self) -> Read {
        loop {
            match self.websocket.read() {
                Ok(Message::Text(text)) => return Read::Text(text.as_str().to_owned()),
                // Pings are answered by the library, with the next flush.
                Ok(_) => {}
                Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => {
                    return if self.flush() { Read::Nothing } else { Read::Gone };
                }
                Err(error) => {
                    tracing::debug!(%error, "signaling ended");
                    return Read::Gone;
                }
            }
        }
    }
}

fn good(result: Result<(), Error>) -> bool {
    match result {
        Ok(()) => true,
        Err(Error::Io(error)) => error.kind() == io::ErrorKind::WouldBlock,
        Err(_) => false,
    }
}
