//! The connection on which the server says that devices, defaults or volumes changed. It does not say what to do.

use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use pulseaudio::protocol::{Command, SubscriptionMask};

use super::socket::{Message, Socket};
use crate::DeviceError;
use crate::audio::Notify;
use crate::audio::lock;
use crate::worker::{Stop, Worker};

/// How long to wait before a server that went away is looked for again.
const RECONNECT: Duration = Duration::from_secs(1);

/// Rings a bell at every change, and when the server goes and comes; ends when dropped.
pub(super) struct Subscription {
    current: Arc<Mutex<Option<UnixStream>>>,
    worker: Worker,
}

impl Subscription {
    pub(super) fn open(path: Option<PathBuf>, notify: Notify) -> Result<Self, DeviceError> {
        let first = subscribe(path.as_ref())?;
        let current = Arc::new(Mutex::new(Some(first.handle()?)));
        let shared = current.clone();
        let worker = Worker::spawn("device-events", move |stop| run(first, path.as_ref(), &shared, &notify, &stop))?;
        Ok(Self { current, worker })
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.worker.ask_to_stop();
        if let Some(stream) = lock(&self.current).take() {
            // Fails when the server is gone already.
            let _closed = stream.shutdown(Shutdown::Both);
        }
    }
}

fn subscribe(path: Option<&PathBuf>) -> Result<Socket, DeviceError> {
    let mut socket = Socket::connect(path.map(PathBuf::as_path))?;
    let mask = SubscriptionMask::SINK | SubscriptionMask::SOURCE | SubscriptionMask::SERVER;
    socket.tell(&Command::Subscribe(mask))?;
    socket.wait_for_ever()?;
    Ok(socket)
}

fn run(mut socket: Socket, path: Option<&PathBuf>, current: &Mutex<Option<UnixStream>>, notify: &Notify, stop: &Stop) {
    loop {
        loop {
            match socket.receive() {
                Ok(Message::Command(_, Command::SubscribeEvent(_), _)) => notify(),
                Ok(_) => {}
                Err(_) => break,
            }
        }
        notify();
        socket = loop {
            if !stop.wait_until(Instant::now() + RECONNECT) {
                return;
            }
            let Ok(socket) = subscribe(path) else { continue };
            let Ok(handle) = socket.handle() else { continue };
            *lock(current) = Some(handle);
            break socket;
        };
        // Between the new handle and now the subscription may have been dropped.
        if stop.is_set() {
            return;
        }
        notify();
    }
}
