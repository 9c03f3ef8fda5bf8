//! Janus' JSON protocol over WebSocket: a session with one handle of VideoRoom. It knows no media.

use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use rtc_bench_client::Peer;
use serde_json::{Value, json};
use tungstenite::client::IntoClientRequest as _;
use tungstenite::http::HeaderValue;
use tungstenite::{Message, WebSocket};

use crate::systems::member::Signaling;

/// A session ends after a minute in which nothing was said.
const KEEP_ALIVE: Duration = Duration::from_secs(20);
const PATIENCE: Duration = Duration::from_secs(20);

/// A session and its handle.
pub(super) struct Handle {
    socket: WebSocket<TcpStream>,
    session: u64,
    handle: u64,
    transactions: u32,
    said: Instant,
}

impl Handle {
    /// Opens a session and attaches to the plugin.
    pub(super) fn attach(server: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(server)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut request = format!("ws://{server}/").into_client_request()?;
        request.headers_mut().insert("Sec-WebSocket-Protocol", HeaderValue::from_static("janus-protocol"));
        let (socket, _) = tungstenite::client(request, stream)?;
        let mut handle = Self { socket, session: 0, handle: 0, transactions: 0, said: Instant::now() };
        handle.session = handle.id_of(json!({ "janus": "create" }))?;
        handle.handle = handle.id_of(json!({ "janus": "attach", "plugin": "janus.plugin.videoroom" }))?;
        Ok(handle)
    }

    /// Sends a request to the plugin, with a description if there is one, and returns the description it brings.
    pub(super) fn ask(&mut self, body: &Value, jsep: Option<(&str, &str)>) -> anyhow::Result<Option<String>> {
        let mut message = json!({ "janus": "message", "body": body });
        if let Some((kind, sdp)) = jsep {
            // All candidates are in the description.
            message["jsep"] = json!({ "type": kind, "sdp": sdp, "trickle": false });
        }
        let event = self.exchange(message, "event")?;
        if let Some(error) = event["plugindata"]["data"]["error"].as_str() {
            bail!("Janus refuses {}: {error}", body["request"]);
        }
        Ok(event["jsep"]["sdp"].as_str().map(str::to_owned))
    }

    /// From now on tending does not block.
    pub(super) fn settle(&mut self) -> anyhow::Result<()> {
        Ok(self.socket.get_ref().set_nonblocking(true)?)
    }

    fn id_of(&mut self, request: Value) -> anyhow::Result<u64> {
        self.exchange(request, "success")?["data"]["id"].as_u64().context("Janus names no id")
    }

    /// Sends a request and waits for what answers it with this word; acknowledgements and events of others are passed over.
    fn exchange(&mut self, request: Value, word: &str) -> anyhow::Result<Value> {
        let transaction = self.send(request)?;
        loop {
            let Message::Text(text) = self.socket.read().context("Janus does not answer")? else { continue };
            let answer: Value = serde_json::from_str(&text).with_context(|| format!("cannot read {text}"))?;
            if answer["janus"] == "error" {
                bail!("Janus refuses: {}", answer["error"]["reason"]);
            }
            if answer["janus"] == word && answer["transaction"] == transaction {
                return Ok(answer);
            }
        }
    }

    fn send(&mut self, mut request: Value) -> anyhow::Result<String> {
        self.transactions += 1;
        self.said = Instant::now();
        let transaction = self.transactions.to_string();
        request["transaction"] = json!(transaction);
        for (name, id) in [("session_id", self.session), ("handle_id", self.handle)] {
            if id != 0 {
                request[name] = json!(id);
            }
        }
        self.socket.send(Message::text(request.to_string()))?;
        Ok(transaction)
    }
}

impl Signaling for Handle {
    /// Reads and drops what came, and keeps the session alive.
    fn tend(&mut self, _: &mut Peer) -> anyhow::Result<()> {
        if self.said.elapsed() > KEEP_ALIVE {
            self.send(json!({ "janus": "keepalive" }))?;
        }
        loop {
            match self.socket.read() {
                Ok(_) => {}
                Err(tungstenite::Error::Io(error)) if error.kind() == std::io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error).context("Janus hung up"),
            }
        }
    }
}
