//! A connection to an engine's HTTP port, with or without TLS. Certificates are looked at by `certificate`, so that a bad
//! one keeps nobody from looking at the rest.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::http::Uri;
use rustls::ClientConfig;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::anybody;
use super::leg::Leg;

/// How long a connection may take to come about, and a handshake to be done.
const CONNECTED: Duration = Duration::from_secs(5);
const SHAKEN: Duration = Duration::from_secs(10);
/// Addresses of one name that are tried.
const TRIED: usize = 4;

/// Where an engine is.
#[derive(Debug, Clone)]
pub(super) struct Address {
    /// A name, or an address without brackets.
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) is_tls: bool,
}

/// A leg that failed, and ends the way.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    pub(super) leg: Leg,
    pub(super) found: String,
    pub(super) fix: String,
}

/// What was seen of TLS.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) version: String,
    pub(super) chain: Vec<CertificateDer<'static>>,
}

pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// A connection.
pub(super) struct Wire {
    pub(super) stream: Box<dyn Stream>,
    pub(super) peer: SocketAddr,
    pub(super) seen: Option<Seen>,
}

impl Address {
    /// Reads a URL. What stands behind the host is not looked at.
    pub(super) fn parse(url: &str) -> Result<Self, String> {
        let wrong = |why: &str| format!("{url:?} {why}: give the engine's address, such as https://rtc.example.com/");
        let uri: Uri = url.parse().map_err(|_| wrong("is no URL"))?;
        let is_tls = match uri.scheme_str() {
            Some("https" | "wss") => true,
            Some("http" | "ws") => false,
            _ => return Err(wrong("does not begin with http:// or https://")),
        };
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(|| wrong("names no host"))?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Self { host, port: uri.port_u16().unwrap_or(if is_tls { 443 } else { 80 }), is_tls })
    }

    pub(super) fn of(address: SocketAddr, is_tls: bool) -> Self {
        Self { host: address.ip().to_string(), port: address.port(), is_tls }
    }

    /// As a `Host` field names it.
    pub(super) fn authority(&self) -> String {
        let Self { host, port, .. } = self;
        if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
    }

    pub(super) fn url(&self) -> String {
        format!("{}://{}/", if self.is_tls { "https" } else { "http" }, self.authority())
    }
}

/// Opens a connection.
pub(super) async fn connect(address: &Address) -> Result<Wire, Fault> {
    let fault = |found: String, fix: &str| Fault { leg: Leg::Http, found, fix: fix.into() };
    let looked_up = timeout(CONNECTED, lookup_host((address.host.as_str(), address.port))).await;
    let found: Vec<SocketAddr> = match looked_up.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
        Ok(found) => found.take(TRIED).collect(),
        Err(error) => {
            return Err(fault(
                format!("the name {} could not be looked up: {error}", address.host),
                "correct the name, or give it an address record in DNS",
            ));
        }
    };
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for one in found {
        match timeout(CONNECTED, TcpStream::connect(one)).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
            Ok(stream) => return secure(stream, one, address).await,
            Err(error) => last = error,
        }
    }
    let fix = match last.kind() {
        io::ErrorKind::ConnectionRefused => "start the engine (rtc-engine serve), or correct the port; see http.listen",
        _ => "let TCP to this port through every firewall on the way, and see that http.listen is not loopback",
    };
    Err(fault(format!("no connection to {}: {last}", address.authority()), fix))
}

async fn secure(stream: TcpStream, peer: SocketAddr, address: &Address) -> Result<Wire, Fault> {
    if !address.is_tls {
        return Ok(Wire { stream: Box::new(stream), peer, seen: None });
    }
    let fault = |found: String| Fault {
        leg: Leg::Tls,
        found,
        fix: "write http:// if this port has no TLS, else set http.tls_certificate and http.tls_key, or mend the reverse \
              proxy's TLS"
            .into(),
    };
    let name = ServerName::try_from(address.host.clone()).map_err(|error| fault(format!("{}: {error}", address.host)))?;
    let shaken = timeout(SHAKEN, TlsConnector::from(config()).connect(name, stream)).await;
    let stream = shaken
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
        .map_err(|error| fault(format!("the handshake failed: {error}")))?;
    let connection = stream.get_ref().1;
    let version = connection.protocol_version().map_or_else(|| "TLS".into(), |version| format!("{version:?}"));
    let chain = connection.peer_certificates().unwrap_or_default().iter().map(|one| one.clone().into_owned()).collect();
    let version = version.replace("TLSv1_", "TLS 1.");
    Ok(Wire { stream: Box::new(stream), peer, seen: Some(Seen { version, chain }) })
}

fn config() -> Arc<ClientConfig> {
    let mut config = anybody::config();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Arc::new(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_read_and_what_is_none_is_told() {
        let url = |text| Address::parse(text).map(|address| address.url());
        assert_eq!(url("https://rtc.example.com"), Ok("https://rtc.example.com:443/".into()));
        assert_eq!(url("http://[::1]:8080/demo?x"), Ok("http://[::1]:8080/".into()));
        assert_eq!(url("wss://10.0.0.1/v1/signal"), Ok("https://10.0.0.1:443/".into()));
        for wrong in ["", "rtc.example.com", "127.0.0.1:8080", "ftp://x/", "http://", "http:///x"] {
            assert!(url(wrong).expect_err(wrong).contains("such as"), "{wrong}");
        }
    }
}
