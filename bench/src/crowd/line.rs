//! A member's signaling connection that never waits: one thread serves hundreds. It knows the envelopes and no more.

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::net::TcpStream;
use std::os::fd::{AsRawFd as _, RawFd};

use anyhow::{Context as _, bail};
use rtc_protocol::{Answer, ClientFrame, Request};
use tungstenite::handshake::MidHandshake;
use tungstenite::handshake::client::ClientHandshake;
use tungstenite::{HandshakeError, Message, WebSocket};

use crate::systems::Door;

/// The connection.
pub(super) struct Line {
    state: State,
    socket: RawFd,
    /// Said before the connection was up.
    unsaid: VecDeque<String>,
    next_id: u32,
}

enum State {
    Shaking(Box<MidHandshake<ClientHandshake<TcpStream>>>),
    Open(Box<WebSocket<TcpStream>>),
    /// While its state changes, and when it is over.
    Over,
}

impl Line {
    /// Begins to connect.
    pub(super) fn connect(door: Door<'_>) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(door.http)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        let socket = stream.as_raw_fd();
        let state = match tungstenite::client(format!("ws://{}/v1/signal", door.http), stream) {
            Ok((web_socket, _)) => State::Open(Box::new(web_socket)),
            Err(HandshakeError::Interrupted(half)) => State::Shaking(Box::new(half)),
            Err(HandshakeError::Failure(error)) => return Err(error.into()),
        };
        Ok(Self { state, socket, unsaid: VecDeque::new(), next_id: 0 })
    }

    /// To wait for what arrives.
    pub(super) fn socket(&self) -> RawFd {
        self.socket
    }

    /// Asks, and returns the number of the question.
    pub(super) fn ask(&mut self, request: Request) -> anyhow::Result<u32> {
        self.next_id += 1;
        self.unsaid.push_back(serde_json::to_string(&ClientFrame { id: self.next_id, request })?);
        Ok(self.next_id)
    }

    /// Says what there is to say, and hands out the answers that came. Pushes are counted only: that is what is returned.
    pub(super) fn drive(&mut self, mut answered: impl FnMut(Answer)) -> anyhow::Result<u64> {
        if let State::Shaking(_) = &self.state {
            let State::Shaking(half) = std::mem::replace(&mut self.state, State::Over) else { return Ok(0) };
            self.state = match half.handshake() {
                Ok((web_socket, _)) => State::Open(Box::new(web_socket)),
                Err(HandshakeError::Interrupted(half)) => State::Shaking(Box::new(half)),
                Err(HandshakeError::Failure(error)) => return Err(error).context("the upgrade to a WebSocket"),
            };
        }
        let web_socket = match &mut self.state {
            State::Shaking(_) => return Ok(0),
            State::Open(web_socket) => web_socket,
            State::Over => bail!("the connection is over"),
        };
        while let Some(text) = self.unsaid.pop_front() {
            would_block(web_socket.write(Message::text(text)))?;
        }
        let mut pushes = 0;
        loop {
            match web_socket.read() {
                Ok(Message::Text(text)) if text.starts_with("{\"re\":") => answered(serde_json::from_str(&text)?),
                Ok(Message::Text(_)) => pushes += 1,
                Ok(Message::Close(frame)) => bail!("the engine closed the connection: {frame:?}"),
                Ok(_) => {}
                Err(tungstenite::Error::Io(error)) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error.into()),
            }
        }
        would_block(web_socket.flush())?;
        Ok(pushes)
    }
}

/// What does not fit the socket is kept by the library and written with the next call.
fn would_block(written: tungstenite::Result<()>) -> anyhow::Result<()> {
    match written {
        Err(tungstenite::Error::Io(error)) if error.kind() == ErrorKind::WouldBlock => Ok(()),
        other => Ok(other?),
    }
}
