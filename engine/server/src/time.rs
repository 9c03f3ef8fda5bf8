//! The engine's clock for everybody: the WebSocket `/v1/time`. Who asks stays a guest at the door, who may be sent away for
//! somebody who has something to say.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::extract::ws::{Message, WebSocket};
use axum::extract::{State, WebSocketUpgrade};
use axum::response::Response;
use rtc_protocol::{TimeAnswer, TimeQuestion, limits};
use tokio::time::timeout;

use crate::signal::Signal;

/// The longest message: a question is far shorter.
const MESSAGE_BYTES: usize = 256;
/// A whole conversation.
const WITHIN: Duration = Duration::from_millis(limits::TIME_MS);

/// The handler of `/v1/time`.
pub(crate) async fn upgrade(State(signal): State<Arc<Signal>>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.read_buffer_size(MESSAGE_BYTES).max_message_size(MESSAGE_BYTES).max_frame_size(MESSAGE_BYTES).on_upgrade(
        move |mut socket| async move {
            let _alive = signal.alive.clone();
            let _ = timeout(WITHIN, answer(&mut socket)).await;
            let _ = timeout(signal.settings.write_timeout(), socket.send(Message::Close(None))).await;
        },
    )
}

/// Answers until the client has asked enough, hangs up, or says what is no question.
async fn answer(socket: &mut WebSocket) {
    let mut asked = 0;
    while asked < limits::TIME_QUESTIONS {
        let Some(Ok(message)) = socket.recv().await else { return };
        let time_us = now_us();
        match message {
            Message::Text(text) => {
                let Ok(TimeQuestion { id }) = serde_json::from_str(&text) else { return };
                let text = serde_json::to_string(&TimeAnswer { id, time_us }).expect("two numbers can be written");
                if socket.send(Message::text(text)).await.is_err() {
                    return;
                }
                asked += 1;
            }
            Message::Ping(_) | Message::Pong(_) => {}
            Message::Binary(_) | Message::Close(_) => return,
        }
    }
}

fn now_us() -> u64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX)
}
