//! A blocking signaling client: as much of the protocol as a load generator needs.

use std::net::TcpStream;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};
use rtc_protocol::{
    Answer, ClientFrame, EngineFrame, Hello, HelloRoom, MediaAnswer, MediaOffer, Outcome, Request, Role, Scene, SdkAppId,
    SdkInfo, VERSION,
};
use tungstenite::{Message, WebSocket};

/// Where to enter, and with what.
#[derive(Clone, Copy)]
pub(crate) struct Door<'a> {
    /// Host and port of the engine's HTTP face.
    pub(crate) http: &'a str,
    /// The app.
    pub(crate) app: SdkAppId,
    /// The app's key.
    pub(crate) key: &'a str,
}

/// One member's WebSocket.
pub(crate) struct Signal {
    socket: WebSocket<TcpStream>,
    next_id: u32,
}

impl Signal {
    /// Enters a live room.
    pub(crate) fn enter(door: Door<'_>, room: u32, user: &str, role: Role) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(door.http)?;
        stream.set_nodelay(true)?;
        let (socket, _) = tungstenite::client(format!("ws://{}/v1/signal", door.http), stream)?;
        let mut signal = Self { socket, next_id: 0 };
        let now_s = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        signal.ask(Request::Hello(Box::new(Hello {
            protocol: VERSION,
            sdk: SdkInfo { name: "bench".into(), version: env!("CARGO_PKG_VERSION").into(), platform: "linux".into() },
            sdk_app_id: door.app,
            user_id: user.into(),
            user_sig: rtc_auth::user_sig::make(door.app.0, user, door.key, now_s, 3600),
            room: HelloRoom::Number(room.into()),
            scene: Scene::Live,
            role,
            private_map_key: None,
            auto_receive_audio: false,
            user_define_record_id: None,
            resume: None,
        })))?;
        Ok(signal)
    }

    /// Offers, and returns the answer.
    pub(crate) fn offer(&mut self, offer: MediaOffer) -> anyhow::Result<MediaAnswer> {
        Ok(serde_json::from_value(self.ask(Request::Offer(offer))?)?)
    }

    /// Sends a request and waits for its answer; pushes in between are passed over.
    pub(crate) fn ask(&mut self, request: Request) -> anyhow::Result<serde_json::Value> {
        self.next_id += 1;
        let frame = ClientFrame { id: self.next_id, request };
        self.socket.send(Message::text(serde_json::to_string(&frame)?))?;
        loop {
            let Message::Text(text) = self.socket.read()? else { continue };
            match serde_json::from_str(&text).with_context(|| format!("cannot read {text}"))? {
                EngineFrame::Answer(Answer { re, outcome }) if re == self.next_id => match outcome {
                    Outcome::Ok(value) => return Ok(value),
                    Outcome::Error(error) => bail!("refused: {error}"),
                },
                _ => {}
            }
        }
    }

    /// From now on [`Signal::keep_alive`] does not block.
    pub(crate) fn settle(&mut self) -> anyhow::Result<()> {
        Ok(self.socket.get_ref().set_nonblocking(true)?)
    }

    /// Reads and drops what came, which answers the engine's pings.
    pub(crate) fn keep_alive(&mut self) -> anyhow::Result<()> {
        loop {
            match self.socket.read() {
                Ok(_) => {}
                Err(tungstenite::Error::Io(error)) if error.kind() == std::io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }
}
