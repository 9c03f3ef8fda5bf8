//! What is asked over HTTP and the WebSocket.

use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::{Request, StatusCode, header};
use futures_util::{SinkExt as _, StreamExt as _};
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::facts::{self, Facts};
use super::leg::{Finding, Leg};
use super::wire::{self, Address, Fault, Wire};

const ANSWERED: Duration = Duration::from_secs(10);

/// Asks for the facts; tells how long the answer took.
pub(super) async fn facts(wire: Wire, address: &Address) -> Result<(Facts, Duration), Fault> {
    let fault = |found: String, fix: &str| Fault { leg: Leg::Http, found, fix: fix.into() };
    let asked = Instant::now();
    let (status, body) = match timeout(ANSWERED, ask(wire, address)).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => {
            return Err(fault(
                format!("what answers there speaks no HTTP: {error}"),
                "write https:// if this port has TLS, else correct the port",
            ));
        }
        Err(_) => {
            let found = format!("no answer within {} s", ANSWERED.as_secs());
            return Err(fault(found, "look at the engine's log and load, and restart it if it hangs"));
        }
    };
    let took = asked.elapsed();
    match status {
        StatusCode::OK => {}
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            return Err(fault(
                format!("a reverse proxy answers HTTP {}: it does not reach the engine", status.as_u16()),
                "start the engine, or correct the address in the proxy's settings",
            ));
        }
        status => return Err(fault(format!("GET /v1/doctor answers HTTP {}", status.as_u16()), NO_ENGINE)),
    }
    let facts =
        serde_json::from_slice(&body).map_err(|_| fault("the answer is not that of an RTC Engine".into(), NO_ENGINE))?;
    Ok((facts, took))
}

const NO_ENGINE: &str =
    "correct the address, update the engine if it is older, and let a reverse proxy pass on every path to the engine";

async fn ask(wire: Wire, address: &Address) -> Result<(StatusCode, Bytes), Box<dyn std::error::Error + Send + Sync>> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(wire.stream)).await?;
    // Ends with the sender.
    let connection = tokio::spawn(connection);
    let request = Request::get("/v1/doctor")
        .header(header::HOST, address.authority())
        .header(header::CONNECTION, "close")
        .body(Empty::<Bytes>::new())?;
    let response = sender.send_request(request).await?;
    let status = response.status();
    let body = Limited::new(response.into_body(), facts::BYTES).collect().await?.to_bytes();
    connection.abort();
    Ok((status, body))
}

/// Opens the WebSocket of signaling and has it answer.
pub(super) async fn socket(address: &Address) -> Finding {
    match timeout(ANSWERED, talk(address)).await {
        Ok(Ok(took)) => Finding::ok(Leg::WebSocket, format!("/v1/signal answered in {} ms", took.as_millis())),
        Ok(Err(why)) => Finding::failed(Leg::WebSocket, format!("/v1/signal: {why}"), PROXY),
        Err(_) => Finding::failed(Leg::WebSocket, format!("/v1/signal: no message within {} s", ANSWERED.as_secs()), PROXY),
    }
}

const PROXY: &str = "let the reverse proxy pass on the fields Upgrade and Connection for /v1/signal (HTTP/1.1), and keep other \
                     boxes on the way from touching WebSockets";

async fn talk(address: &Address) -> Result<Duration, String> {
    let wire = wire::connect(address).await.map_err(|fault| fault.found)?;
    let url = format!("{}://{}/v1/signal", if address.is_tls { "wss" } else { "ws" }, address.authority());
    // Whatever answers there may say anything.
    let bounds = WebSocketConfig::default().max_message_size(Some(facts::BYTES)).max_frame_size(Some(facts::BYTES));
    let began = Instant::now();
    let (mut socket, _) =
        tokio_tungstenite::client_async_with_config(url, wire.stream, Some(bounds)).await.map_err(|error| match error {
            Error::Http(response) => format!("the upgrade was answered HTTP {}", response.status().as_u16()),
            error => error.to_string(),
        })?;
    // No request has no type, so this is refused and changes nothing. That the refusal arrives is the point.
    socket.send(Message::text("{}")).await.map_err(|error| error.to_string())?;
    while let Some(message) = socket.next().await {
        match message {
            Ok(Message::Text(_)) => {
                let took = began.elapsed();
                let _ = socket.close(None).await;
                return Ok(took);
            }
            Ok(Message::Close(_)) => break,
            Ok(_) => {}
            Err(error) => return Err(error.to_string()),
        }
    }
    Err("it was closed without a message".into())
}
