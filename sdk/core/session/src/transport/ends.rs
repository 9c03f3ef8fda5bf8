//! Where the two ends of a connection are: sockets of its own, addresses of the engine, and when TCP is tried as well. It
//! opens nothing by itself, and does not know which path is in use.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use str0m::Candidate;
use str0m::net::TcpType;

use crate::{Config, MediaPaths, Output, Protocol};

/// See the module.
#[derive(Debug)]
pub(crate) struct Ends {
    paths: MediaPaths,
    tcp_after: Duration,
    own: Vec<(Protocol, SocketAddr, Candidate)>,
    /// Where the engine is, by the last answer.
    udp: Vec<SocketAddr>,
    tcp: Vec<SocketAddr>,
    /// When TCP is tried as well.
    tcp_at: Option<Instant>,
}

impl Ends {
    pub(crate) fn new(config: &Config) -> Self {
        let Config { paths, tcp_after, .. } = *config;
        Self { paths, tcp_after, own: Vec::new(), udp: Vec::new(), tcp: Vec::new(), tcp_at: None }
    }

    /// Takes the engine's addresses from its answer, and has paths to them opened instead of those there were.
    pub(crate) fn begin_anew(&mut self, now: Instant, sdp: &str, outputs: &mut VecDeque<Output>) {
        self.udp = candidates(sdp, "udp");
        self.tcp = candidates(sdp, "tcp");
        self.own.clear();
        outputs.push_back(Output::ClosePaths);
        if self.paths != MediaPaths::Tcp {
            outputs.push_back(Output::OpenPaths { protocol: Protocol::Udp, remotes: self.udp.clone() });
        }
        self.tcp_at = match self.paths {
            MediaPaths::Udp => None,
            MediaPaths::UdpThenTcp => Some(now + self.tcp_after),
            MediaPaths::Tcp => Some(now),
        };
    }

    /// A socket is there: the candidate it makes, if it is a new one.
    pub(crate) fn opened(&mut self, protocol: Protocol, local: SocketAddr) -> Option<Candidate> {
        if self.own.len() >= 2 * Output::MOST_PATHS || self.position(protocol, local).is_some() {
            return None;
        }
        let candidate = match protocol {
            Protocol::Udp => Candidate::host(local, "udp"),
            // RFC 6544 section 4.1: who connects is active.
            Protocol::Tcp => Candidate::builder().tcp().host(local).tcptype(TcpType::Active).build(),
        };
        match candidate {
            Ok(candidate) => {
                self.own.push((protocol, local, candidate.clone()));
                Some(candidate)
            }
            Err(error) => {
                tracing::warn!(%local, %error, "an own address cannot be used");
                None
            }
        }
    }

    /// A socket is gone: the candidate it was.
    pub(crate) fn closed(&mut self, protocol: Protocol, local: SocketAddr) -> Option<Candidate> {
        self.position(protocol, local).map(|at| self.own.remove(at).2)
    }

    /// Whether the engine is there.
    pub(crate) fn is_engine(&self, address: SocketAddr) -> bool {
        self.udp.contains(&address) || self.tcp.contains(&address)
    }

    /// The engine's addresses for TCP, once, when it is time to try them.
    pub(crate) fn take_tcp(&mut self, now: Instant) -> Option<&[SocketAddr]> {
        self.tcp_at.take_if(|at| *at <= now).map(|_| &*self.tcp)
    }

    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        self.tcp_at
    }

    fn position(&self, protocol: Protocol, local: SocketAddr) -> Option<usize> {
        self.own.iter().position(|(p, l, _)| (*p, *l) == (protocol, local))
    }
}

/// The candidates of a protocol (RFC 8839 section 5.1: foundation, component, transport, priority, address, port).
fn candidates(sdp: &str, protocol: &str) -> Vec<SocketAddr> {
    let mut found = Vec::new();
    for line in sdp.lines().filter_map(|line| line.strip_prefix("a=candidate:")) {
        let words: Vec<&str> = line.split(' ').take(6).collect();
        let [_, _, transport, _, ip, port] = words[..] else { continue };
        let (Ok(ip), Ok(port)) = (ip.parse(), port.parse()) else { continue };
        let address = SocketAddr::new(ip, port);
        if transport.eq_ignore_ascii_case(protocol) && !found.contains(&address) && found.len() < Output::MOST_PATHS {
            found.push(address);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_are_found_once_and_not_without_end() {
        let mut sdp = "a=candidate:1 1 udp 5 10.0.0.1 9 typ host\r\na=candidate:1 1 UDP 5 10.0.0.1 9 typ host\r\n\
            a=candidate:2 1 tcp 4 10.0.0.1 9 typ host tcptype passive\r\na=candidate:broken\r\n\
            a=candidate:1 1 udp 5 nonsense 9 typ host\r\n"
            .to_owned();
        assert_eq!(candidates(&sdp, "udp"), ["10.0.0.1:9".parse().expect("an address")]);
        assert_eq!(candidates(&sdp, "tcp").len(), 1);
        for port in 1..100 {
            sdp.push_str(&format!("a=candidate:1 1 udp 5 10.0.0.1 {port} typ host\r\n"));
        }
        assert_eq!(candidates(&sdp, "udp").len(), Output::MOST_PATHS);
    }
}
