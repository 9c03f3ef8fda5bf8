//! A participant's signaling connection: a token, a WebSocket, messages. It knows no media.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, bail};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use prost::Message as _;
use serde_json::json;
use tungstenite::{Message, WebSocket};

use super::message::{FromServer, Request, Response, ToServer};
use super::{KEY, SECRET};

const PATIENCE: Duration = Duration::from_secs(20);
/// Of the signaling, with a peer connection for each direction.
const PROTOCOL: u32 = 13;

/// What a participant may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grant {
    Publish,
    Subscribe,
}

/// A participant in the room.
pub(super) struct Room {
    socket: WebSocket<TcpStream>,
}

impl Room {
    /// Enters a room.
    pub(super) fn enter(server: SocketAddr, room: u32, identity: &str, grant: Grant) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(server)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let token = token(room, identity, grant)?;
        let url = format!("ws://{server}/rtc?access_token={token}&auto_subscribe=1&protocol={PROTOCOL}&sdk=rust");
        let (socket, _) = tungstenite::client(url, stream).context("LiveKit refuses the signaling connection")?;
        let mut room = Self { socket };
        room.wait_for(|message| matches!(message, FromServer::Join(_)).then_some(()))?;
        Ok(room)
    }

    /// Says something.
    pub(super) fn send(&mut self, message: ToServer) -> anyhow::Result<()> {
        let bytes = Request { message: Some(message) }.encode_to_vec();
        Ok(self.socket.send(Message::binary(bytes))?)
    }

    /// Waits for something; what is not wanted is passed over.
    pub(super) fn wait_for<T>(&mut self, mut wanted: impl FnMut(FromServer) -> Option<T>) -> anyhow::Result<T> {
        loop {
            let message = self.socket.read().context("LiveKit does not answer")?;
            if let Some(found) = read(&message)?.and_then(&mut wanted) {
                return Ok(found);
            }
        }
    }

    /// From now on [`Room::next`] does not block.
    pub(super) fn settle(&mut self) -> anyhow::Result<()> {
        Ok(self.socket.get_ref().set_nonblocking(true)?)
    }

    /// The next message, if one is there.
    pub(super) fn next(&mut self) -> anyhow::Result<Option<FromServer>> {
        loop {
            match self.socket.read() {
                Ok(message) => {
                    if let Some(message) = read(&message)? {
                        return Ok(Some(message));
                    }
                }
                Err(tungstenite::Error::Io(error)) if error.kind() == ErrorKind::WouldBlock => return Ok(None),
                Err(error) => return Err(error).context("LiveKit hung up"),
            }
        }
    }
}

/// Nothing where the message is of a kind that is not needed.
fn read(message: &Message) -> anyhow::Result<Option<FromServer>> {
    let Message::Binary(bytes) = message else { return Ok(None) };
    let response = Response::decode(&**bytes).context("cannot read LiveKit's message")?;
    if let Some(FromServer::Leave(leave)) = &response.message {
        bail!("LiveKit wants the participant to leave, for its reason {}", leave.reason);
    }
    Ok(response.message)
}

/// A JWT (RFC 7519) signed by HS256 (RFC 7515).
fn token(room: u32, identity: &str, grant: Grant) -> anyhow::Result<String> {
    let now_s = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let video = json!({
        "room": format!("load-{room}"),
        "roomJoin": true,
        "canPublish": grant == Grant::Publish,
        "canSubscribe": grant == Grant::Subscribe,
    });
    let claims = json!({ "iss": KEY, "sub": identity, "nbf": now_s - 60, "exp": now_s + 3600, "video": video });
    let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(json!({ "alg": "HS256", "typ": "JWT" })), part(claims));
    let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes()), signed.as_bytes());
    Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}
