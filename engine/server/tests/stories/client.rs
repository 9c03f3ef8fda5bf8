//! A client: as honest or as rude as its story wants.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};

/// Nothing in these stories takes this long unless it is broken.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Client {
    socket: WebSocketStream<TcpStream>,
    next: u64,
    pushes: VecDeque<Value>,
    /// What the engine welcomed it with.
    pub(crate) welcome: Value,
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        Self::over(TcpStream::connect(address).await.expect("the engine listens"), address).await
    }

    pub(crate) async fn over(stream: TcpStream, address: SocketAddr) -> Self {
        let url = format!("ws://{address}/v1/signal");
        let (socket, _) = tokio_tungstenite::client_async(url, stream).await.expect("a WebSocket");
        Self { socket, next: 1, pushes: VecDeque::new(), welcome: Value::Null }
    }

    /// Says hello; gives the refusal when there is one.
    pub(crate) async fn enter(&mut self, hello: Value) -> Result<(), Value> {
        self.welcome = self.ask("hello", hello).await?;
        Ok(())
    }

    /// The token to come back with.
    pub(crate) fn resume(&self) -> String {
        self.welcome["resume"].as_str().expect("a token").into()
    }

    /// The users the welcome told of.
    pub(crate) fn saw(&self) -> Vec<&str> {
        let members = self.welcome["snapshot"]["members"].as_array().expect("members");
        members.iter().map(|member| member["userId"].as_str().expect("a user")).collect()
    }

    /// Asks something and waits for the answer; pushes that come before it are kept.
    pub(crate) async fn ask(&mut self, kind: &str, data: Value) -> Result<Value, Value> {
        let id = self.post(kind, data).await;
        self.answer(id).await
    }

    /// Asks something that must be done.
    pub(crate) async fn done(&mut self, kind: &str, data: Value) -> Value {
        self.ask(kind, data).await.unwrap_or_else(|error| panic!("{kind} was refused: {error}"))
    }

    /// Sends a request and does not wait.
    pub(crate) async fn post(&mut self, kind: &str, data: Value) -> u64 {
        let id = self.next;
        self.next += 1;
        self.send(json!({"id": id, "type": kind, "data": data}).to_string()).await;
        id
    }

    pub(crate) async fn send(&mut self, text: impl Into<String>) {
        self.socket.send(Message::text(text.into())).await.expect("the connection is open");
    }

    /// Sends whatever; the connection may be over already.
    pub(crate) async fn try_send(&mut self, message: Message) -> Result<(), Error> {
        self.socket.send(message).await
    }

    pub(crate) async fn answer(&mut self, id: u64) -> Result<Value, Value> {
        loop {
            let frame = self.frame().await;
            match frame.get("re") {
                Some(re) if *re == json!(id) => {
                    return match frame.get("error") {
                        Some(error) => Err(error.clone()),
                        None => Ok(frame["ok"].clone()),
                    };
                }
                Some(_) => panic!("an answer to something else: {frame}"),
                None => self.pushes.push_back(frame),
            }
        }
    }

    /// The next push.
    pub(crate) async fn push(&mut self) -> Value {
        match self.pushes.pop_front() {
            Some(push) => push,
            None => self.frame().await,
        }
    }

    /// The next push, which must be of this kind: its data.
    pub(crate) async fn told(&mut self, kind: &str) -> Value {
        let push = self.push().await;
        assert_eq!(push["type"], kind, "{push}");
        push["data"].clone()
    }

    /// Nothing but what was told so far: proved by asking something that is answered after it.
    pub(crate) async fn told_nothing_more(&mut self) {
        self.done("snapshot", json!({})).await;
        assert!(self.pushes.is_empty(), "{:?}", self.pushes);
    }

    /// The close code with which the engine ends the connection; pushes before it are kept.
    pub(crate) async fn closed(&mut self) -> u16 {
        loop {
            match self.message().await {
                Ok(Some(frame)) => self.pushes.push_back(frame),
                Ok(None) => {}
                Err(code) => return code,
            }
        }
    }

    /// Closes as a client that leaves does (1000), or otherwise.
    pub(crate) async fn close(mut self, code: u16) {
        let frame = CloseFrame { code: code.into(), reason: "".into() };
        self.socket.close(Some(frame)).await.expect("it was open");
        while let Some(Ok(_)) = self.socket.next().await {}
    }

    /// Is gone without a word.
    pub(crate) fn vanish(self) {
        drop(self);
    }

    async fn frame(&mut self) -> Value {
        loop {
            match self.message().await {
                Ok(Some(frame)) => return frame,
                Ok(None) => {}
                Err(code) => panic!("the connection was closed with {code}"),
            }
        }
    }

    /// A frame, nothing for a ping, or the close code (1006 where there was none).
    async fn message(&mut self) -> Result<Option<Value>, u16> {
        let message = timeout(PATIENCE, self.socket.next()).await.expect("something comes in time");
        match message {
            Some(Ok(Message::Text(text))) => Ok(Some(serde_json::from_str(&text).expect("JSON"))),
            Some(Ok(Message::Close(frame))) => Err(frame.map_or(1005, |frame| frame.code.into())),
            Some(Ok(_)) => Ok(None),
            Some(Err(_)) | None => Err(1006),
        }
    }
}
