//! What an engine tells the doctor of itself: `GET /v1/doctor`. Nothing in it is secret but from other machines: figures of
//! the machine are told on it alone.

use std::net::{IpAddr, SocketAddr};

use rtc_net::{Grant, Media};
use rustix::process::{Resource, getrlimit};
use serde::{Deserialize, Serialize};

use crate::clock::wall_ms;
use crate::settings::Settings;
use crate::turn::Relays;

/// The longest answer that is read.
pub(crate) const BYTES: usize = 64 * 1024;

/// What the engine tells.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Facts {
    /// The engine's version.
    pub(crate) version: String,
    /// Its clock, milliseconds since 1970.
    pub(crate) time_ms: u64,
    /// Where clients are told to send media to.
    pub(crate) addresses: Vec<SocketAddr>,
    /// The port it listens on for media.
    pub(crate) port: u16,
    /// With these, checks of a path are answered.
    pub(crate) check: Check,
    /// With these, TURN can be tried; nothing where it is not spoken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) turn: Option<Turn>,
    /// Only to who asks from the same machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) machine: Option<Machine>,
}

/// Credentials of a checkup.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Check {
    pub(crate) ufrag: String,
    pub(crate) password: String,
    pub(crate) within_ms: u64,
}

/// Credentials of TURN.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Turn {
    pub(crate) username: String,
    pub(crate) credential: String,
    /// Where clients are told that it can be had in TLS, `HOST:PORT`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tls: Option<String>,
}

/// What the machine lets the engine have, and what the settings may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Machine {
    /// Files that may be open; nothing where there is no limit.
    pub(crate) open_files: Option<u64>,
    pub(crate) open_files_wanted: u64,
    pub(crate) receive_buffer: u64,
    pub(crate) send_buffer: u64,
    pub(crate) buffer_wanted: u64,
}

/// What a request of the facts needs of the settings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wants {
    open_files: u64,
    buffer: u64,
}

impl Wants {
    pub(crate) fn of(settings: &Settings) -> Self {
        /// The store, logs, listeners, and what each shard holds.
        const BESIDE: usize = 256;
        let connections = settings.http.max_connections.saturating_add(settings.media.tcp_connections);
        Self { open_files: connections.saturating_add(BESIDE) as u64, buffer: settings.media.socket_buffer_bytes as u64 }
    }

    /// With what the machine grants.
    pub(crate) fn with(self, open_files: Option<u64>, receive_buffer: u64, send_buffer: u64) -> Machine {
        let Self { open_files: open_files_wanted, buffer: buffer_wanted } = self;
        Machine { open_files, open_files_wanted, receive_buffer, send_buffer, buffer_wanted }
    }
}

impl Facts {
    /// The facts for somebody at an address.
    pub(crate) fn of(media: &Media, relays: &Relays, wants: Wants, asker: IpAddr) -> Self {
        let checkup = media.begin_checkup();
        let within_ms = u64::try_from(checkup.within.as_millis()).unwrap_or(u64::MAX);
        let buffers = media.buffers();
        Self {
            version: env!("CARGO_PKG_VERSION").into(),
            time_ms: wall_ms(),
            addresses: media.advertised().to_vec(),
            port: media.local_addr().port(),
            check: Check { ufrag: checkup.ufrag, password: checkup.password, within_ms },
            turn: relays.of_doctor().map(|(Grant { user_name, password }, tls)| Turn {
                username: user_name,
                credential: password,
                tls,
            }),
            machine: asker.to_canonical().is_loopback().then(|| {
                let open_files = getrlimit(Resource::Nofile).current;
                wants.with(open_files, buffers.receive as u64, buffers.send as u64)
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rtc_net::MediaConfig;

    use super::*;

    #[test]
    fn other_machines_are_told_nothing_of_this_one() {
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let media = Media::start(MediaConfig { listen, ..MediaConfig::default() }, |_| {}).expect("media");
        let media = Arc::new(media);
        let relays = Relays::new(Arc::clone(&media), None);
        let told = |asker: &str| {
            let asker = asker.parse().expect("an address");
            Facts::of(&media, &relays, Wants { open_files: 1, buffer: 1 }, asker).machine.is_some()
        };
        assert!(told("127.0.0.1") && told("::1") && told("::ffff:127.0.0.1"));
        assert!(!told("10.0.0.1") && !told("192.0.2.1") && !told("2001:db8::1"));
    }
}
