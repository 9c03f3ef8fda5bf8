//! TURN as far as it is the server's: what clients are told of it, and connections that turn out to speak it in TLS, which go
//! on to media. What is relayed is decided by `rtc_turn`.

use std::future::Future;
use std::io::{self, Cursor};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::middleware::AddExtension;
use axum_server::accept::Accept;
use axum_server::tls_rustls::RustlsAcceptor;
use rtc_net::{Grant, Media, TurnVisitor};
use rtc_protocol::{SessionId, TurnServers};
use tokio::io::{AsyncReadExt as _, Chain, Join, ReadHalf, WriteHalf, join, split};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::server::TlsStream;

use crate::door::{Door, Guest, GuestStream};

/// How long credentials are good: longer than a call, and a client that comes back after an outage is given others.
const LASTS: Duration = Duration::from_secs(86_400);
/// Those of the doctor.
const CHECKED_WITHIN: Duration = Duration::from_secs(60);
/// Whose allocations a doctor's are: all doctors share the quota of one member, so that they take nobody else's.
const DOCTOR: &str = "doctor";
/// Addresses of which clients are told. Browsers try every URL from every network they have.
const TOLD: usize = 2;
/// How long a connection may take to say something in its TLS. HTTP allows a request as long.
const FIRST_WORDS: Duration = Duration::from_secs(10);

/// What clients are told of TURN.
#[derive(Clone)]
pub(crate) struct Relays {
    media: Arc<Media>,
    urls: Arc<[String]>,
    tls: Option<String>,
}

impl Relays {
    /// `tls` is the host and port of TURN in TLS, where it can be reached by browsers.
    pub(crate) fn new(media: Arc<Media>, tls: Option<(String, u16)>) -> Self {
        let tls = tls.map(|(host, port)| format!("{host}:{port}"));
        let told = told(media.advertised());
        let ways = ["udp", "tcp"].into_iter().flat_map(|way| told.iter().map(move |at| format!("turn:{at}?transport={way}")));
        let urls = ways.chain(tls.iter().map(|at| format!("turns:{at}?transport=tcp"))).collect();
        Self { media, urls, tls }
    }

    /// For a member.
    pub(crate) fn of(&self, session: SessionId) -> Option<TurnServers> {
        let Grant { user_name, password } = self.media.grant_turn(&session.to_string(), LASTS)?;
        Some(TurnServers { urls: self.urls.to_vec(), username: user_name, credential: password })
    }

    /// For anybody who looks whether it can be reached, with the host and port of TURN in TLS.
    pub(crate) fn of_doctor(&self) -> Option<(Grant, Option<String>)> {
        Some((self.media.grant_turn(DOCTOR, CHECKED_WITHIN)?, self.tls.clone()))
    }
}

/// The addresses that others can most likely reach.
fn told(advertised: &[SocketAddr]) -> Vec<SocketAddr> {
    let mut told = advertised.to_vec();
    // Stable: what was named first stays first.
    told.sort_by_key(|address| match address.ip().to_canonical() {
        IpAddr::V4(ip) => (ip.is_loopback(), false),
        IpAddr::V6(ip) => (ip.is_loopback(), true),
    });
    told.truncate(TOLD);
    told
}

/// A connection of which a little has been read, which is read again.
type Opened = Join<Chain<Cursor<Vec<u8>>, ReadHalf<TlsStream<GuestStream>>>, WriteHalf<TlsStream<GuestStream>>>;

/// The acceptor of TLS that looks what is spoken inside: TURN goes to media, and the rest is HTTP's.
#[derive(Clone)]
pub(crate) struct Fork {
    tls: RustlsAcceptor<Door>,
    media: Arc<Media>,
}

impl Fork {
    pub(crate) fn new(tls: RustlsAcceptor<Door>, media: Arc<Media>) -> Self {
        Self { tls, media }
    }
}

impl<S: Send + 'static> Accept<TcpStream, S> for Fork {
    type Stream = Opened;
    type Service = AddExtension<S, Guest>;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let remote = stream.peer_addr();
        let (accepted, media) = (self.tls.accept(stream, service), Arc::clone(&self.media));
        Box::pin(async move {
            let (mut stream, service) = accepted.await?;
            let mut first = vec![0; 1024];
            let length = timeout(FIRST_WORDS, stream.read(&mut first)).await.map_err(io::Error::from)??;
            first.truncate(length);
            // No method of HTTP begins like this, and every client of TURN does (RFC 8656 section 17: Allocate).
            if first.first() != Some(&0) {
                // It is kept as long as the connection is.
                first.shrink_to_fit();
                let (read, write) = split(stream);
                return Ok((join(Cursor::new(first).chain(read), write), service));
            }
            let (guest, tls) = stream.into_inner();
            let stream = guest.into_stream().into_std()?;
            let is_taken = media.admit_turn(TurnVisitor { stream, tls, remote: remote?, read: first });
            // Which is how HTTP is told that there is nothing for it.
            Err(io::Error::other(if is_taken { "it speaks TURN" } else { "there is no room for TURN" }))
        })
    }
}

#[cfg(test)]
mod tests {
    use rtc_net::MediaConfig;

    use super::*;

    #[test]
    fn clients_are_told_what_others_reach_first() {
        let of = |texts: &[&str]| -> Vec<String> {
            let addresses: Vec<SocketAddr> = texts.iter().map(|text| text.parse().expect("an address")).collect();
            told(&addresses).iter().map(ToString::to_string).collect()
        };
        assert_eq!(of(&["127.0.0.1:1", "[2001:db8::1]:1", "192.0.2.1:1"]), ["192.0.2.1:1", "[2001:db8::1]:1"]);
        assert_eq!(of(&["127.0.0.1:1"]), ["127.0.0.1:1"]);
    }

    #[test]
    fn each_way_has_its_url_and_each_member_its_credentials() {
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let media = Arc::new(Media::start(MediaConfig { listen, ..MediaConfig::default() }, |_| {}).expect("media"));
        let port = media.local_addr().port();
        let relays = Relays::new(Arc::clone(&media), Some(("rtc.example.com".into(), 443)));
        let (ann, bob) = (relays.of(SessionId::new(1, 0)).expect("TURN"), relays.of(SessionId::new(2, 0)).expect("TURN"));
        assert_ne!((&ann.username, &ann.credential), (&bob.username, &bob.credential));
        let at = format!("127.0.0.1:{port}");
        let urls = [
            format!("turn:{at}?transport=udp"),
            format!("turn:{at}?transport=tcp"),
            "turns:rtc.example.com:443?transport=tcp".into(),
        ];
        assert_eq!(ann.urls, urls);
        assert_eq!(Relays::new(media, None).of(SessionId::new(1, 0)).expect("TURN").urls, urls[..2]);
        let off = Media::start(MediaConfig { listen, turn: None, ..MediaConfig::default() }, |_| {}).expect("media");
        assert!(Relays::new(Arc::new(off), None).of(SessionId::new(1, 0)).is_none());
    }
}
