//! An engine: everything wired, started and stopped.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use axum_server::{Handle, Server};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto;
use rtc_net::{Media, MediaConfig};
use rtc_protocol::Limits;
use rtc_store::{Credentials, KeptMembership, Store, StoreError};
use socket2::{Domain, Socket, Type};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::acme::Acme;
use crate::apps::Apps;
use crate::bus::Bus;
use crate::clock::wall_ms;
use crate::control::{Control, FromMedia, Input, Parts};
use crate::doctor::Wants;
use crate::door::Door;
use crate::gate::{At, Gate, HandOver};
use crate::http::{self, Face, Signer};
use crate::keeper::Keeper;
use crate::metrics::{Counters, QualityReader};
use crate::roster::Roster;
use crate::settings::{Demo, Settings, SettingsError};
use crate::signal::Signal;
use crate::tls::{self, Files, Followed};
use crate::turn::{Fork, Relays};
use crate::{addresses, public_address};

/// How often the store is told that the engine is alive.
const ALIVE: Duration = Duration::from_secs(1);
/// How long a connection may take to send its request.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// Connections the kernel holds until they are accepted: a room that comes back at once after a restart is many.
const BACKLOG: i32 = 1024;
/// How long a stopping engine waits for its clients to have read that it stops, and then for its parts to end. Together
/// less than the 3 s in which it must be gone.
const FAREWELL: Duration = Duration::from_millis(1200);
const PARTS_END: Duration = Duration::from_millis(1200);

/// Why an engine could not be started. Each message says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// A setting cannot be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another engine has the data folder.
    #[error("another engine uses the data folder {}; stop it, or set data_dir (RTC_ENGINE_DATA_DIR) to another folder", .0.display())]
    FolderInUse(PathBuf),
    /// An address cannot be listened on.
    #[error("cannot listen on {address} for {what}: {cause}; {remedy}")]
    Listen {
        /// HTTP or media.
        what: &'static str,
        /// The address.
        address: SocketAddr,
        /// What the system said.
        cause: io::Error,
        /// What to do.
        remedy: String,
    },
    /// No server has told the public address.
    #[error("cannot learn the public address ({0}); let UDP to these servers through, or set media.advertise to the address")]
    PublicAddress(String),
    /// The certificate cannot be used.
    #[error("cannot use the certificate {path} and its key: {cause}")]
    Certificate {
        /// The certificate's file.
        path: String,
        /// What is wrong.
        cause: String,
    },
}

/// A running engine.
pub struct Engine {
    http: SocketAddr,
    is_https: bool,
    lan: bool,
    first_credentials: Option<Credentials>,
    media: Arc<Media>,
    store: Store,
    control: Control,
    control_task: JoinHandle<Bus>,
    server: Handle<At>,
    server_task: JoinHandle<io::Result<()>>,
    alive_task: JoinHandle<()>,
    /// Nothing where there is no certificate that may change.
    certificate_task: Option<JoinHandle<()>>,
    connections: mpsc::Receiver<()>,
    _lock: File,
}

impl Engine {
    /// Starts an engine. With `lan` it can be reached from the whole network, by https with a certificate of its own.
    pub async fn start(settings: &Settings, lan: bool) -> Result<Self, StartError> {
        let folder = settings.data_dir();
        let store = Store::open(&folder).await?;
        let lock = lock(&folder)?;
        let credentials = store.first_credentials().await?;
        let app = credentials.sdk_app_id;

        let (settings, encryption) = match lan {
            true => (for_the_network(settings), Some(own_certificate(&folder)?)),
            false => (settings.clone(), None),
        };
        let followed = if lan { None } else { operators_certificate(&settings)? };
        let acme = if lan { None } else { authoritys_certificate(&settings, &folder)? };
        let (acme, asked) = acme.unzip();
        let encryption = encryption.or_else(|| followed.as_ref().map(Followed::config)).or(asked);
        let (gate, visits) = match settings.is_one_port() {
            true => Gate::on_media_port(settings.media.listen),
            false => {
                (Gate::own(listen(settings.http.listen)?).map_err(|cause| listen_error(settings.http.listen, cause))?, None)
            }
        };
        let http = gate.address();

        let learned = public_address::learn(&settings).await?;
        let (to_control, from_media) = mpsc::unbounded_channel();
        let media = Arc::new(start_media(&settings, &learned, to_control.clone(), visits)?);
        let turn_in_tls = turn_in_tls(&settings, followed.as_ref(), http.port())?;
        let relays = Relays::new(Arc::clone(&media), turn_in_tls);
        let (counters, roster) = (Arc::new(Counters::default()), Arc::new(Roster::default()));
        let before = store.memberships().await?;
        let mut bus = Bus::default();
        let in_store = Arc::clone(&roster);
        let (written, last_written) = watch::channel(0);
        bus.attach(QualityReader(Arc::clone(&counters)));
        bus.attach(Keeper { store: store.clone(), roster: Arc::clone(&roster), written });
        let (control, control_task) = Control::start(Parts {
            rooms: settings.room_config(),
            limits: limits(&settings),
            max_sessions: settings.rooms.max_sessions,
            media: Arc::clone(&media),
            relays: relays.clone(),
            from_media,
            to_control,
            bus,
            roster,
            counters: Arc::clone(&counters),
        });
        if !before.is_empty() {
            restore(before, &control, &store, &in_store).await?;
        }

        let (alive, connections) = mpsc::channel(1);
        let signal = Signal {
            control: control.clone(),
            apps: Apps::read(store.clone()).await?,
            counters: Arc::clone(&counters),
            settings: settings.signal.clone(),
            media: Arc::clone(&media),
            testers: Arc::default(),
            written: last_written,
            alive,
        };
        let is_demo = match settings.demo {
            Demo::On => true,
            Demo::Off => false,
            Demo::Auto => lan || http.ip().is_loopback(),
        };
        let demo = match is_demo {
            true => {
                let addresses_only = settings.demo == Demo::Auto;
                Some(Signer { app, apps: Apps::read(store.clone()).await?, addresses_only })
            }
            false => None,
        };
        let cloud = Face::cloud(
            control.clone(),
            store.clone(),
            Apps::read(store.clone()).await?,
            settings.cloud_api.requests_per_second,
        );
        let wants = Wants::of(&settings);
        let face = Face {
            cloud,
            control: control.clone(),
            media: Arc::clone(&media),
            relays,
            counters: Arc::clone(&counters),
            wants,
            demo,
        };
        let router = http::router(Arc::new(face), Arc::new(signal));

        let is_https = encryption.is_some();
        let door = Door::new(settings.http.max_connections, settings.http.max_silent_per_address, counters);
        let server = Handle::new();
        let encryption =
            encryption.map(|config| Fork::new(RustlsAcceptor::new(config).acceptor(door.clone()), Arc::clone(&media)));
        let server_task = serve(gate, router, door, encryption, server.clone());
        let alive_task = tokio::spawn(mark_alive(store.clone()));
        let certificate_task = match (followed, acme) {
            (Some(followed), _) => Some(tokio::spawn(followed.follow())),
            (None, acme) => acme.map(|acme| tokio::spawn(acme.keep())),
        };
        tracing::info!(%http, media = %media.local_addr(), shards = media.shards(), demo = is_demo, folder = %folder.display(), "serving");
        Ok(Self {
            http,
            is_https,
            lan,
            first_credentials: credentials.created.then_some(credentials),
            media,
            store,
            control,
            control_task,
            server,
            server_task,
            alive_task,
            certificate_task,
            connections,
            _lock: lock,
        })
    }

    /// The credentials this start has made, if it was the first one on its data folder.
    pub fn first_credentials(&self) -> Option<&Credentials> {
        self.first_credentials.as_ref()
    }

    /// Where HTTP is served, with the real port.
    pub fn http_addr(&self) -> SocketAddr {
        self.http
    }

    /// Where media is served, with the real port.
    pub fn media_addr(&self) -> SocketAddr {
        self.media.local_addr()
    }

    /// The addresses to open in a browser, the best first.
    pub fn urls(&self) -> Vec<String> {
        let scheme = if self.is_https { "https" } else { "http" };
        let mut hosts = if self.lan { addresses::of_the_network() } else { Vec::new() };
        if hosts.is_empty() {
            let ip = self.http.ip();
            hosts.push(if ip.is_unspecified() { Ipv4Addr::LOCALHOST.into() } else { ip });
        }
        hosts.into_iter().map(|ip| format!("{scheme}://{}/", SocketAddr::new(ip, self.http.port()))).collect()
    }

    /// Takes nobody in any more and waits until the last member is gone, but no longer than `within`. Members who are here stay, may
    /// come back after an outage, and are told. `/readyz` says that the engine is not ready from now on.
    pub async fn drain(&self, within: Duration) {
        let within_ms = u32::try_from(within.as_millis()).unwrap_or(u32::MAX);
        if timeout(within, self.control.ask(|gone| Input::Drain { within_ms, gone })).await.is_err() {
            tracing::info!("members are still here, but the time is over");
        }
    }

    /// Stops: members are told, connections closed, media ended, the store written.
    pub async fn stop(mut self) {
        self.server.graceful_shutdown(Some(FAREWELL));
        self.control.ask(|reply| Input::Stop { reply }).await;
        // The last connection that ends drops the last sender. Those of clients that are slow to read are given up.
        let _ = timeout(FAREWELL, async { while self.connections.recv().await.is_some() {} }).await;
        self.server.shutdown();
        self.alive_task.abort();
        if let Some(task) = &self.certificate_task {
            task.abort();
        }
        let Self { media, store, control, control_task, server_task, .. } = self;
        let end = async {
            control.tell(Input::End).await;
            match control_task.await {
                Ok(bus) => bus.close().await,
                Err(_) => tracing::error!("the control has panicked"),
            }
            let _ = server_task.await;
            if let Some(media) = Arc::into_inner(media) {
                let _ = tokio::task::spawn_blocking(move || media.stop()).await;
            }
        };
        if timeout(PARTS_END, end).await.is_err() {
            tracing::warn!("not everything ended in time");
        }
        let _ = store.mark_alive(wall_ms()).await;
        store.close().await;
    }
}

/// Takes up the memberships of the run before. Those that cannot be are forgotten.
async fn restore(before: Vec<KeptMembership>, control: &Control, store: &Store, roster: &Roster) -> Result<(), StoreError> {
    let all = before.len();
    let restored = control.ask(|reply| Input::Restore { memberships: before, reply }).await.unwrap_or_default();
    let down_since_ms = store.alive_at().await?;
    tracing::info!(all, restored, down_since_ms, "members of the run before may come back");
    store.replace_memberships(&roster.all()).await
}

/// Makes sure that no other engine uses the folder: two would undo each other's memberships.
fn lock(folder: &Path) -> Result<File, StartError> {
    let path = folder.join("engine.lock");
    let failed = |cause| StartError::Store(StoreError::Folder { path: path.clone(), cause });
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StartError::FolderInUse(folder.to_owned())),
        Err(TryLockError::Error(cause)) => Err(failed(cause)),
    }
}

fn for_the_network(settings: &Settings) -> Settings {
    let everywhere = |address: SocketAddr| match address.ip().is_loopback() {
        true => SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), address.port()),
        false => address,
    };
    let mut settings = settings.clone();
    settings.http.listen = everywhere(settings.http.listen);
    settings.media.listen = everywhere(settings.media.listen);
    settings
}

fn own_certificate(folder: &Path) -> Result<RustlsConfig, StartError> {
    let mut names = addresses::of_this_machine();
    names.push(IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]));
    tls::self_signed(folder, &names)
        .and_then(|(certificate, key)| tls::config(&certificate, &key))
        .map(RustlsConfig::from_config)
        .map_err(|error| StartError::Certificate {
            path: folder.join("lan-certificate.pem").display().to_string(),
            cause: error.to_string(),
        })
}

fn operators_certificate(settings: &Settings) -> Result<Option<Followed>, StartError> {
    let path = &settings.http.tls_certificate;
    if path.is_empty() {
        return Ok(None);
    }
    let files = Files { certificate: path.into(), key: (&settings.http.tls_key).into() };
    Followed::open(files).map(Some).map_err(|error| StartError::Certificate { path: path.clone(), cause: error.to_string() })
}

/// The host and port by which browsers reach TURN in TLS: that of a certificate which they can trust.
fn turn_in_tls(settings: &Settings, certificate: Option<&Followed>, port: u16) -> Result<Option<(String, u16)>, StartError> {
    if certificate.is_none() && !settings.is_acme() {
        return Ok(None);
    }
    Ok(match settings.turn_tls_host()? {
        Some((host, own)) => Some((host, own.unwrap_or(port))),
        None => {
            let asked = settings.http.acme.domains.first().cloned();
            certificate.and_then(Followed::name).or(asked).map(|host| (host, port))
        }
    })
}

/// The keeper of a certificate that the engine gets by itself, and what connections are given.
fn authoritys_certificate(settings: &Settings, folder: &Path) -> Result<Option<(Acme, RustlsConfig)>, StartError> {
    if !settings.is_acme() {
        return Ok(None);
    }
    let open = || {
        let acme = Acme::open(&settings.http.acme, folder)?;
        let config = acme.config()?;
        Ok((acme, config))
    };
    open().map(Some).map_err(|error: anyhow::Error| StartError::Certificate {
        path: settings.http.acme.domains.join(", "),
        cause: error.to_string(),
    })
}

fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    let open = || {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
        // So that an engine can be started again while connections of the one before are still being forgotten.
        socket.set_reuse_address(true)?;
        socket.set_nonblocking(true)?;
        socket.bind(&address.into())?;
        socket.listen(BACKLOG)?;
        Ok(socket.into())
    };
    open().map_err(|cause| listen_error(address, cause))
}

fn listen_error(address: SocketAddr, cause: io::Error) -> StartError {
    unlistened("HTTP", "http.listen (RTC_ENGINE_HTTP_LISTEN)", address, cause)
}

fn unlistened(what: &'static str, setting: &str, address: SocketAddr, cause: io::Error) -> StartError {
    let remedy = match cause.kind() {
        io::ErrorKind::AddrInUse => format!("stop the program that uses this port, or set {setting} to another"),
        io::ErrorKind::AddrNotAvailable => format!("this machine does not have that address; set {setting} to one it has"),
        io::ErrorKind::PermissionDenied => format!("ports below 1024 need a privilege; set {setting} to a higher one"),
        _ => format!("set {setting} to an address that can be used"),
    };
    StartError::Listen { what, address, cause, remedy }
}

/// The cores of media threads, if this process may use all of them.
fn cores(settings: &Settings) -> Result<Vec<usize>, SettingsError> {
    let cores = settings.cores()?;
    match cores.iter().find(|core| !rtc_net::may_use_core(**core)) {
        Some(core) => Err(SettingsError::value("media.cores", &format!("names core {core}, which this process may not use"))),
        None => Ok(cores),
    }
}

fn start_media(
    settings: &Settings,
    learned: &[IpAddr],
    to_control: mpsc::UnboundedSender<FromMedia>,
    visits: Option<HandOver>,
) -> Result<Media, StartError> {
    let media = &settings.media;
    let config = MediaConfig {
        turn: settings.turn_config(),
        listen: media.listen,
        advertise: addresses::advertised(settings, learned)?,
        shards: settings.shards(),
        cores: cores(settings)?,
        niceness: media.niceness,
        bandwidth_estimation: media.bandwidth_estimation,
        max_slots: media.max_slots.into(),
        voices: media.voices.into(),
        publisher_bits: media.publisher_bits,
        tcp_connections: media.tcp_connections,
        tcp_connections_per_source: media.tcp_connections_per_source,
        stun_per_second_per_source: media.stun_per_second_per_source,
        socket_buffer_bytes: media.socket_buffer_bytes,
    };
    let events = move |event| drop(to_control.send(FromMedia::Event(event)));
    Media::start_sharing(config, events, visits)
        .map_err(|cause| unlistened("media", "media.listen (RTC_ENGINE_MEDIA_LISTEN)", media.listen, cause))
}

fn limits(settings: &Settings) -> Limits {
    let away_ms = u32::try_from(settings.rooms.away_seconds * 1000).unwrap_or(u32::MAX);
    Limits { away_ms, max_slots: settings.media.max_slots, ..Limits::default() }
}

fn serve(
    gate: Gate,
    router: axum::Router,
    door: Door,
    encryption: Option<Fork>,
    handle: Handle<At>,
) -> JoinHandle<io::Result<()>> {
    let mut server = Server::<At>::from_listener(gate).handle(handle);
    // HTTP/1.1 alone: telling versions apart would wait for ever for a connection that says nothing.
    let mut http = auto::Builder::new(TokioExecutor::new()).http1_only();
    http.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT);
    *server.http_builder() = http;
    let service = router.into_make_service();
    match encryption {
        Some(fork) => tokio::spawn(server.acceptor(fork).serve(service)),
        None => tokio::spawn(server.acceptor(door).serve(service)),
    }
}

/// Down time bills nobody: this is how it is known.
async fn mark_alive(store: Store) {
    let mut seconds = interval(ALIVE);
    seconds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        seconds.tick().await;
        if let Err(error) = store.mark_alive(wall_ms()).await {
            tracing::warn!(%error, "the store could not be told that the engine is alive");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_a_network_only_what_was_loopback_is_opened() {
        let opened = for_the_network(&Settings::default());
        assert_eq!(opened.http.listen.to_string(), "0.0.0.0:8080");
        assert_eq!(opened.media.listen.to_string(), "0.0.0.0:8000");
        let mut chosen = Settings::default();
        chosen.http.listen = SocketAddr::from(([192, 0, 2, 1], 443));
        assert_eq!(for_the_network(&chosen).http.listen, chosen.http.listen);
    }

    #[test]
    fn what_is_advertised_by_default_can_be_reached() {
        let opened = for_the_network(&Settings::default());
        let advertised = addresses::advertised(&opened, &[]).expect("good settings");
        assert!(advertised.contains(&SocketAddr::from(([127, 0, 0, 1], 0))));
        assert!(advertised.iter().all(|address| !address.ip().is_unspecified() && address.is_ipv4()));
        // Media then advertises what it listens on.
        assert!(addresses::advertised(&Settings::default(), &[]).expect("good settings").is_empty());
    }
}
