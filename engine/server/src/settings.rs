//! The settings: defaults, the file `engine.toml`, and `RTC_ENGINE_*` variables over it. It reads and checks them; what
//! they mean is in `engine.toml` itself, which is the reference.

mod nearest;
mod overlay;
mod value;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::{env, fs};

use rtc_net::{MediaConfig, TurnConfig};
use rtc_room::RoomConfig;
use serde::{Deserialize, Serialize};

pub use overlay::SettingsError;

/// The reference manual of the settings, as it is in the repository.
pub const MANUAL: &str = include_str!("../../../engine.toml");

/// Everything that can be set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where the store and files are; empty for the user's data folder.
    pub data_dir: String,
    /// What is logged: a level, or directives as in `info,rtc_net=debug`.
    pub log: String,
    /// `text` or `json`.
    pub log_format: LogFormat,
    /// Seconds that members have to leave by themselves after SIGTERM; 0 where it stops at once.
    pub drain_seconds: u64,
    /// Whether the endpoint that signs UserSigs for anybody is there.
    pub demo: Demo,
    /// HTTP and WebSocket.
    pub http: HttpSettings,
    /// Media.
    pub media: MediaSettings,
    /// TURN.
    pub turn: TurnSettings,
    /// Signaling connections.
    pub signal: SignalSettings,
    /// Rooms.
    pub rooms: RoomSettings,
    /// The Cloud API.
    pub cloud_api: CloudApiSettings,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Whether anybody can have a UserSig signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Demo {
    /// Only where nobody else can reach it: on loopback, or in a LAN that was asked for by `--lan`.
    Auto,
    /// Yes.
    On,
    /// No.
    Off,
}

/// HTTP and WebSocket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HttpSettings {
    /// Where to listen. The address of media is possible, too.
    pub listen: SocketAddr,
    /// PEM file with the certificate chain; with `tls_key` it makes this https.
    pub tls_certificate: String,
    /// PEM file with the key.
    pub tls_key: String,
    /// A certificate that the engine gets by itself.
    pub acme: AcmeSettings,
    /// Connections in total.
    pub max_connections: usize,
    /// Connections of one address that have not said anything of use yet.
    pub max_silent_per_address: usize,
}

/// A certificate from an authority, by ACME.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AcmeSettings {
    /// The names of the certificate; empty for none.
    pub domains: Vec<String>,
    /// Whom the authority may write to; empty for nobody.
    pub contact: String,
    /// The authority.
    pub directory: String,
    /// PEM file with whom to trust of the authority beside those the system trusts.
    pub directory_root: String,
    /// Where account and certificate are kept; empty for the data folder.
    pub folder: String,
}

/// Media.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MediaSettings {
    /// Where to listen, UDP and TCP.
    pub listen: SocketAddr,
    /// Addresses told to clients: `IP`, `IP:PORT`, or `auto` for the public one.
    pub advertise: Vec<String>,
    /// Servers that know the public address: `HOST` or `HOST:PORT`.
    pub stun_servers: Vec<String>,
    /// Seconds their answers are waited for.
    pub stun_seconds: u64,
    /// Media threads; 0 for one a core.
    pub shards: u8,
    /// Cores that media threads stay on, as `2,4-7`; empty for any.
    pub cores: String,
    /// By how much media threads go before others, -20 to 0.
    pub niceness: i8,
    /// Bandwidth estimation towards clients, and layers that fit.
    pub bandwidth_estimation: bool,
    /// The most receiving slot pairs a session may negotiate.
    pub max_slots: u16,
    /// The most voices a member hears at once.
    pub voices: u16,
    /// Bits a second that one session may send; 0 for no bound.
    pub publisher_bits: u64,
    /// TCP connections in total.
    pub tcp_connections: usize,
    /// TCP connections of one address.
    pub tcp_connections_per_source: usize,
    /// STUN messages a second of one address before ICE has proved it.
    pub stun_per_second_per_source: u32,
    /// Bytes of each shard's UDP buffers.
    pub socket_buffer_bytes: usize,
}

/// TURN on the media port, and in TLS on that of HTTP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TurnSettings {
    /// Whether it is spoken.
    pub enabled: bool,
    /// `HOST` or `HOST:PORT` by which clients reach it in TLS; empty for a name of the certificate.
    pub tls_host: String,
    /// Allocations in total.
    pub max_allocations: usize,
    /// Allocations of one member.
    pub max_allocations_per_member: usize,
}

/// Signaling connections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignalSettings {
    /// Seconds a new connection has for its hello.
    pub hello_seconds: u64,
    /// Seconds between two pings.
    pub ping_seconds: u64,
    /// Seconds without a sign of life after which a connection is lost.
    pub silence_seconds: u64,
    /// Seconds one message may take to be written.
    pub write_seconds: u64,
    /// Requests a second one connection may make in the long run.
    pub requests_per_second: u32,
    /// Requests it may make at once.
    pub request_burst: u32,
    /// Messages that may wait for one client.
    pub queue_messages: usize,
    /// Bytes that may wait for one client.
    pub queue_bytes: usize,
}

/// Rooms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RoomSettings {
    /// Rooms in total.
    pub max_rooms: usize,
    /// Members in total, over all rooms.
    pub max_sessions: usize,
    /// Members in a room of a call scene.
    pub call_members: usize,
    /// Members of a call scene that publish at the same time.
    pub call_publishers: usize,
    /// Anchors in a room of a live scene.
    pub live_anchors: usize,
    /// Audience in a room of a live scene.
    pub live_audience: usize,
    /// Seconds an absent member is kept.
    pub away_seconds: u64,
    /// Seconds a live room without anchors is kept.
    pub live_room_kept_seconds: u64,
    /// Whether only one member of a room may share a screen at a time.
    pub exclusive_screen: bool,
}

/// The Cloud API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CloudApiSettings {
    /// Requests a second for each action.
    pub requests_per_second: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data_dir: String::new(),
            log: "info".into(),
            log_format: LogFormat::Text,
            drain_seconds: 0,
            demo: Demo::Auto,
            http: HttpSettings::default(),
            media: MediaSettings::default(),
            turn: TurnSettings::default(),
            signal: SignalSettings::default(),
            rooms: RoomSettings::default(),
            cloud_api: CloudApiSettings::default(),
        }
    }
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            tls_certificate: String::new(),
            tls_key: String::new(),
            acme: AcmeSettings::default(),
            max_connections: 20_000,
            max_silent_per_address: 1_000,
        }
    }
}

impl Default for AcmeSettings {
    fn default() -> Self {
        Self {
            domains: Vec::new(),
            contact: String::new(),
            directory: "https://acme-v02.api.letsencrypt.org/directory".into(),
            directory_root: String::new(),
            folder: String::new(),
        }
    }
}

impl Default for MediaSettings {
    fn default() -> Self {
        let config = MediaConfig::default();
        Self {
            listen: config.listen,
            advertise: Vec::new(),
            stun_servers: Vec::new(),
            stun_seconds: 5,
            shards: 0,
            cores: String::new(),
            niceness: config.niceness,
            bandwidth_estimation: config.bandwidth_estimation,
            max_slots: rtc_protocol::Limits::default().max_slots,
            voices: 16,
            publisher_bits: config.publisher_bits,
            tcp_connections: config.tcp_connections,
            tcp_connections_per_source: config.tcp_connections_per_source,
            stun_per_second_per_source: config.stun_per_second_per_source,
            socket_buffer_bytes: config.socket_buffer_bytes,
        }
    }
}

impl Default for TurnSettings {
    fn default() -> Self {
        let TurnConfig { allocations, allocations_per_user } = TurnConfig::default();
        Self {
            enabled: true,
            tls_host: String::new(),
            max_allocations: allocations,
            max_allocations_per_member: allocations_per_user,
        }
    }
}

impl Default for SignalSettings {
    fn default() -> Self {
        Self {
            hello_seconds: 10,
            ping_seconds: 10,
            silence_seconds: 25,
            write_seconds: 10,
            requests_per_second: 100,
            request_burst: 200,
            queue_messages: 1024,
            queue_bytes: 1 << 20,
        }
    }
}

impl Default for RoomSettings {
    fn default() -> Self {
        let config = RoomConfig::default();
        Self {
            max_rooms: config.rooms,
            max_sessions: 20_000,
            call_members: config.call_members,
            call_publishers: config.call_publishers,
            live_anchors: config.live_anchors,
            live_audience: config.live_audience,
            away_seconds: config.away_ms / 1000,
            live_room_kept_seconds: config.live_room_kept_ms / 1000,
            exclusive_screen: config.exclusive_screen,
        }
    }
}

impl Default for CloudApiSettings {
    fn default() -> Self {
        Self { requests_per_second: 20 }
    }
}

impl Settings {
    /// Reads the settings: the defaults, over them the file (`path`, else `RTC_ENGINE_CONFIG`, else `engine.toml` in the
    /// current folder if it is there), over it the variables.
    pub fn load(path: Option<&Path>) -> Result<Self, SettingsError> {
        let variables: Vec<(String, String)> = env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned())))
            .collect();
        let named = path.map(Path::to_owned).or_else(|| {
            let (_, value) = variables.iter().find(|(name, value)| name == overlay::CONFIG_VARIABLE && !value.is_empty())?;
            Some(PathBuf::from(value))
        });
        let path = named.or_else(|| Some(PathBuf::from("engine.toml")).filter(|path| path.is_file()));
        let text = match &path {
            Some(path) => fs::read_to_string(path)
                .map_err(|cause| SettingsError::File { path: path.clone(), cause: cause.to_string() })?,
            None => String::new(),
        };
        Self::parse(&text, &variables).map_err(|error| if let Some(path) = path { error.in_file(&path) } else { error })
    }

    /// Reads the settings from the text of a file and from variables.
    pub fn parse(text: &str, variables: &[(String, String)]) -> Result<Self, SettingsError> {
        let settings: Self = overlay::parse(text, variables)?;
        settings.check()?;
        Ok(settings)
    }

    /// Variables that look like misspelt settings, each with what may have been meant.
    pub fn misspelt_variables() -> Vec<(String, String)> {
        overlay::misspelt(env::vars_os().filter_map(|(name, _)| name.into_string().ok()))
    }

    /// The folder of the store.
    ///
    /// It is the user's data folder (`$XDG_DATA_HOME/rtc-engine`, else `~/.local/share/rtc-engine`) and not the current
    /// one, so that `rtc-engine credentials` finds the running engine's store from wherever it is called.
    pub fn data_dir(&self) -> PathBuf {
        if !self.data_dir.is_empty() {
            return PathBuf::from(&self.data_dir);
        }
        let from = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        match from("XDG_DATA_HOME").or_else(|| from("HOME").map(|home| home.join(".local/share"))) {
            Some(folder) => folder.join("rtc-engine"),
            // A service without a home has at least a working folder.
            None => PathBuf::from("data"),
        }
    }

    /// What rooms are told.
    pub fn room_config(&self) -> RoomConfig {
        let rooms = &self.rooms;
        RoomConfig {
            call_members: rooms.call_members,
            call_publishers: rooms.call_publishers,
            live_anchors: rooms.live_anchors,
            live_audience: rooms.live_audience,
            rooms: rooms.max_rooms,
            away_ms: rooms.away_seconds * 1000,
            live_room_kept_ms: rooms.live_room_kept_seconds * 1000,
            exclusive_screen: rooms.exclusive_screen,
            ..RoomConfig::default()
        }
    }

    /// Media threads there will be.
    pub fn shards(&self) -> usize {
        match self.media.shards {
            0 => std::thread::available_parallelism().map_or(1, |n| n.get().min(64)),
            n => n.into(),
        }
    }

    /// The cores that `media.cores` names, in its order.
    pub fn cores(&self) -> Result<Vec<usize>, SettingsError> {
        let wrong =
            |part: &str| SettingsError::value("media.cores", &format!("{part:?} is neither a core nor a range of cores"));
        let mut cores = Vec::new();
        for part in self.media.cores.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let number = |text: &str| text.trim().parse().ok().filter(|core| *core < CORES).ok_or_else(|| wrong(part));
            let (first, last): (usize, usize) = (number(first)?, number(last)?);
            if last < first {
                return Err(wrong(part));
            }
            cores.extend(first..=last);
        }
        Ok(cores)
    }

    /// What `media.advertise` names beside `auto`. A port of 0 stands for the one listened on.
    pub fn advertised(&self) -> Result<Vec<SocketAddr>, SettingsError> {
        self.media.advertise.iter().filter(|text| *text != AUTO).map(|text| advertised(text)).collect()
    }

    /// Whether the public address has to be asked for.
    pub fn asks_for_address(&self) -> bool {
        self.media.advertise.iter().any(|text| text == AUTO)
    }

    /// Whether HTTP is served on the media port.
    pub fn is_one_port(&self) -> bool {
        // Twice any free port is two ports.
        self.http.listen == self.media.listen && self.http.listen.port() != 0
    }

    /// The host and port of each of `media.stun_servers`.
    pub fn stun_servers(&self) -> Result<Vec<(String, u16)>, SettingsError> {
        self.media.stun_servers.iter().map(|text| stun_server(text)).collect()
    }

    /// What media is told of TURN.
    pub fn turn_config(&self) -> Option<TurnConfig> {
        let TurnSettings { enabled, max_allocations, max_allocations_per_member, .. } = self.turn;
        enabled.then_some(TurnConfig { allocations: max_allocations, allocations_per_user: max_allocations_per_member })
    }

    /// The host of `turn.tls_host`, and its port if one is given; nothing when it is empty.
    pub fn turn_tls_host(&self) -> Result<Option<(String, Option<u16>)>, SettingsError> {
        let text = &self.turn.tls_host;
        let wrong = || SettingsError::value("turn.tls_host", &format!("{text:?} is neither HOST nor HOST:PORT"));
        if text.is_empty() {
            return Ok(None);
        }
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse().ok().filter(|port| *port != 0).ok_or_else(wrong)?)),
            None => (text.as_str(), None),
        };
        if is_name(host) { Ok(Some((host.into(), port))) } else { Err(wrong()) }
    }

    /// Whether the engine gets its certificate by itself.
    pub fn is_acme(&self) -> bool {
        !self.http.acme.domains.is_empty()
    }

    fn check_acme(&self) -> Result<(), SettingsError> {
        let AcmeSettings { domains, contact, directory, .. } = &self.http.acme;
        if let Some(domain) = domains.iter().find(|domain| !is_name(domain) || domain.parse::<IpAddr>().is_ok()) {
            let wrong = format!("{domain:?} is no name; those with a wildcard cannot be proved this way");
            return Err(SettingsError::value("http.acme.domains", &wrong));
        }
        if self.is_acme() && !self.http.tls_certificate.is_empty() {
            return Err(SettingsError::value("http.acme.domains", "cannot be together with http.tls_certificate"));
        }
        if !contact.is_empty() && !contact.contains('@') {
            return Err(SettingsError::value("http.acme.contact", "must be an e-mail address"));
        }
        if !directory.starts_with("https://") {
            return Err(SettingsError::value("http.acme.directory", "must be an https URL"));
        }
        value::at_most("http.acme.domains", domains.len(), ACME_DOMAINS)
    }

    /// Whether every value may be. Those that were read have been checked.
    pub(crate) fn check(&self) -> Result<(), SettingsError> {
        use value::{at_least, at_most};
        self.advertised()?;
        let servers = self.stun_servers()?;
        if self.asks_for_address() && servers.is_empty() {
            return Err(SettingsError::value("media.stun_servers", "is needed with \"auto\" in media.advertise"));
        }
        at_most("media.stun_servers", servers.len(), STUN_SERVERS)?;
        at_least("media.stun_seconds", self.media.stun_seconds, 1)?;
        at_most("media.stun_seconds", self.media.stun_seconds, 60)?;
        if self.http.tls_certificate.is_empty() != self.http.tls_key.is_empty() {
            let (has, lacks) =
                if self.http.tls_key.is_empty() { ("tls_certificate", "tls_key") } else { ("tls_key", "tls_certificate") };
            return Err(SettingsError::value(&format!("http.{lacks}"), &format!("is needed with http.{has}")));
        }
        self.check_acme()?;
        at_most("media.shards", self.media.shards, 64)?;
        self.cores()?;
        at_least("media.niceness", self.media.niceness, -20)?;
        at_most("media.niceness", self.media.niceness, 0)?;
        at_least("media.max_slots", self.media.max_slots, 1)?;
        // With three sending lines, that is what the sections of one offer suffice for.
        at_most("media.max_slots", usize::from(self.media.max_slots), (rtc_protocol::limits::MEDIA_SECTIONS - 3) / 2)?;
        at_least("media.voices", self.media.voices, 1)?;
        at_least("http.max_connections", self.http.max_connections, 1)?;
        at_least("http.max_silent_per_address", self.http.max_silent_per_address, 1)?;
        self.turn_tls_host()?;
        at_least("turn.max_allocations", self.turn.max_allocations, 1)?;
        at_least("turn.max_allocations_per_member", self.turn.max_allocations_per_member, 1)?;
        let signal = &self.signal;
        for (key, seconds) in [
            ("signal.hello_seconds", signal.hello_seconds),
            ("signal.ping_seconds", signal.ping_seconds),
            ("signal.write_seconds", signal.write_seconds),
            ("rooms.away_seconds", self.rooms.away_seconds),
        ] {
            at_least(key, seconds, 1)?;
            at_most(key, seconds, 86_400)?;
        }
        at_most("drain_seconds", self.drain_seconds, 86_400)?;
        at_most("rooms.live_room_kept_seconds", self.rooms.live_room_kept_seconds, 86_400)?;
        if signal.silence_seconds <= signal.ping_seconds {
            return Err(SettingsError::value("signal.silence_seconds", "must be more than signal.ping_seconds"));
        }
        at_most("signal.silence_seconds", signal.silence_seconds, 86_400)?;
        at_least("signal.requests_per_second", signal.requests_per_second, 1)?;
        at_least("signal.request_burst", signal.request_burst, 1)?;
        at_least("signal.queue_messages", signal.queue_messages, 16)?;
        at_least("signal.queue_bytes", signal.queue_bytes, rtc_protocol::limits::OFFER_BYTES)?;
        at_least("cloud_api.requests_per_second", self.cloud_api.requests_per_second, 1)?;
        Ok(())
    }
}

/// In `media.advertise`, what stands for the public address.
const AUTO: &str = "auto";
/// No core of `media.cores` has this number or a higher one: what Linux calls by a set of cores (CPU_SET(3)).
const CORES: usize = 1024;
/// The most of `media.stun_servers`: each is asked at once.
const STUN_SERVERS: usize = 8;
/// The most of `http.acme.domains`: what authorities put into one certificate.
const ACME_DOMAINS: usize = 100;
/// The port of STUN (RFC 8489 section 4).
const STUN_PORT: u16 = 3478;

fn stun_server(text: &str) -> Result<(String, u16), SettingsError> {
    let wrong = || SettingsError::value("media.stun_servers", &format!("{text:?} is neither HOST nor HOST:PORT"));
    let text = text.strip_prefix("stun:").unwrap_or(text);
    if let Ok(ip) = text.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
        return Ok((ip.to_string(), STUN_PORT));
    }
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Ok((address.ip().to_string(), address.port()));
    }
    let (host, port) = match text.split_once(':') {
        Some((host, port)) => (host, port.parse().map_err(|_| wrong())?),
        None => (text, STUN_PORT),
    };
    if is_name(host) && port != 0 { Ok((host.to_owned(), port)) } else { Err(wrong()) }
}

fn is_name(host: &str) -> bool {
    !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
}

fn advertised(text: &str) -> Result<SocketAddr, SettingsError> {
    let address = text.parse::<SocketAddr>().or_else(|_| text.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, 0)));
    match address {
        Ok(address) if address.ip().is_unspecified() => {
            Err(SettingsError::value("media.advertise", &format!("{text:?} is no address that a client can send to")))
        }
        Ok(address) => Ok(address),
        Err(_) => Err(SettingsError::value("media.advertise", &format!("{text:?} is neither IP nor IP:PORT nor auto"))),
    }
}

#[cfg(test)]
mod tests;
