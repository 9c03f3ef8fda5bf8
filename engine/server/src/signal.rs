//! Signaling: the WebSocket `/v1/signal`. It reads and checks what a client says, and writes what it is told; what is
//! meant by it is the control's business.

mod connection;
mod frame;
mod hello;
mod identity;
mod pace;

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::{State, WebSocketUpgrade};
use axum::response::Response;
use rtc_net::Media;
use rtc_protocol::limits;
use tokio::sync::{mpsc, watch};

use crate::apps::Apps;
use crate::control::Control;
use crate::door::Guest;
use crate::metrics::Counters;
use crate::probe::Testers;
use crate::settings::SignalSettings;

/// What every connection uses.
pub(crate) struct Signal {
    pub(crate) control: Control,
    pub(crate) apps: Apps,
    pub(crate) counters: Arc<Counters>,
    pub(crate) settings: SignalSettings,
    pub(crate) media: Arc<Media>,
    pub(crate) testers: Arc<Testers>,
    /// The number of the last fact that has been written.
    pub(crate) written: watch::Receiver<u64>,
    /// Held by each connection, so that whoever stops the engine can wait for the last one.
    pub(crate) alive: mpsc::Sender<()>,
}

/// Bytes the WebSocket reads at once. Its default would hold 128 KB for each silent connection.
const READ_BUFFER: usize = 8 * 1024;
/// Bytes it gathers before it writes of its own accord.
const WRITE_BUFFER: usize = 8 * 1024;

/// The handler of `/v1/signal`.
///
/// The page's origin is not looked at. A UserSig is what lets somebody in; it is in no cookie, so a foreign page has
/// nothing that a browser would send along for it. And applications are served from wherever their owners like.
pub(crate) async fn upgrade(
    State(signal): State<Arc<Signal>>,
    Extension(guest): Extension<Guest>,
    upgrade: WebSocketUpgrade,
) -> Response {
    upgrade
        .read_buffer_size(READ_BUFFER)
        .max_message_size(limits::OFFER_BYTES)
        .max_frame_size(limits::OFFER_BYTES)
        // Messages are flushed as soon as no more is waiting, so that a slow client is noticed.
        .write_buffer_size(WRITE_BUFFER)
        .on_upgrade(move |socket| async move { connection::run(socket, guest, &signal).await })
}

impl SignalSettings {
    pub(crate) fn hello_timeout(&self) -> Duration {
        Duration::from_secs(self.hello_seconds)
    }

    fn ping_interval(&self) -> Duration {
        Duration::from_secs(self.ping_seconds)
    }

    fn silence_timeout(&self) -> Duration {
        Duration::from_secs(self.silence_seconds)
    }

    pub(crate) fn write_timeout(&self) -> Duration {
        Duration::from_secs(self.write_seconds)
    }
}
