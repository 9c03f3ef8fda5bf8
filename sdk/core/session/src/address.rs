//! Where an engine's signaling is, from the address an application was given. It resolves no names.

use std::fmt;

/// Why a text is no address of an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidAddress {
    /// It does not begin with `http://`, `https://`, `ws://` or `wss://`.
    Scheme,
    /// There is no host, or a character that no host and no path has.
    Host,
}

impl fmt::Display for InvalidAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scheme => "the engine's address must begin with http://, https://, ws:// or wss://",
            Self::Host => "the engine's address needs a host, without blanks and without a user name",
        })
    }
}

impl std::error::Error for InvalidAddress {}

/// The same for the network test before entering: `…/v1/probe`.
pub fn probe_url(server: &str) -> Result<String, InvalidAddress> {
    url(server, "probe")
}

/// The same for the engine's clock: `…/v1/time`.
pub fn time_url(server: &str) -> Result<String, InvalidAddress> {
    url(server, "time")
}

/// The WebSocket's URL at an engine's address: `https://host/prefix` becomes `wss://host/prefix/v1/signal`.
pub fn signal_url(server: &str) -> Result<String, InvalidAddress> {
    url(server, "signal")
}

fn url(server: &str, what: &str) -> Result<String, InvalidAddress> {
    let server = server.trim();
    let (scheme, rest) = server.split_once("://").ok_or(InvalidAddress::Scheme)?;
    let scheme = match scheme.to_ascii_lowercase().as_str() {
        "http" | "ws" => "ws",
        "https" | "wss" => "wss",
        _ => return Err(InvalidAddress::Scheme),
    };
    let rest = rest.split('#').next().unwrap_or_default();
    let (rest, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
    let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let is_bad = |c: char| c.is_control() || c.is_whitespace();
    if host.is_empty() || host.starts_with(':') || host.contains('@') || server.contains(is_bad) {
        return Err(InvalidAddress::Host);
    }
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    Ok(format!("{scheme}://{host}{}/v1/{what}{query}", path.trim_end_matches('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_web_becomes_one_of_signaling() {
        for (server, url) in [
            ("http://127.0.0.1:8080", "ws://127.0.0.1:8080/v1/signal"),
            ("https://rtc.example/", "wss://rtc.example/v1/signal"),
            ("HTTPS://rtc.example/a/b/?token=1#top", "wss://rtc.example/a/b/v1/signal?token=1"),
            (" ws://[::1]:9 ", "ws://[::1]:9/v1/signal"),
        ] {
            assert_eq!(signal_url(server).as_deref(), Ok(url));
        }
    }

    #[test]
    fn what_names_no_engine_is_refused() {
        for server in ["", "rtc.example", "ftp://rtc.example", "http:/rtc.example"] {
            assert_eq!(signal_url(server), Err(InvalidAddress::Scheme), "{server}");
        }
        for server in ["http://", "http://:80", "http:///path", "http://a b", "http://me@rtc.example"] {
            assert_eq!(signal_url(server), Err(InvalidAddress::Host), "{server}");
        }
    }
}
