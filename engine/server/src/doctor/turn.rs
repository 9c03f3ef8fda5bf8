//! Whether media gets through by TURN: an allocation, and an ICE check through it, by each way that clients are told.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use rand::Rng as _;
use rtc_stun::Transaction;
use rtc_turn::client::{Client, Told, send};
use rtc_turn::{Frame, Grant, LONGEST, frame};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::facts::{Facts, Turn};
use super::leg::{Finding, Leg};
use super::wire::{self, Address, Stream};

/// How long one way may take.
const TRIED: Duration = Duration::from_secs(5);
/// When a datagram is sent again, as some are lost.
const AGAIN: Duration = Duration::from_millis(400);
/// Addresses that are tried.
const ADDRESSES: usize = 8;

/// A way to speak TURN.
#[derive(Debug, Clone)]
enum Way {
    Udp(SocketAddr),
    Tcp(SocketAddr),
    Tls(String),
}

impl Way {
    fn title(&self) -> &'static str {
        match self {
            Self::Udp(_) => "UDP",
            Self::Tcp(_) => "TCP",
            Self::Tls(_) => "TLS",
        }
    }
}

/// Tries every way at once, and says what follows.
pub(super) async fn check(facts: &Facts, peer: SocketAddr) -> Finding {
    let Some(turn) = &facts.turn else {
        return Finding::skipped(Leg::Turn, "the engine does not speak it (turn.enabled)");
    };
    let mut tries = JoinSet::new();
    for way in ways(facts, turn, peer) {
        let (facts, turn) = (facts.clone(), turn.clone());
        tries.spawn(async move {
            let tried = timeout(TRIED, through(&way, &facts, &turn)).await;
            let tried = tried.unwrap_or_else(|_| Err(io::Error::other("no answer")));
            (way, tried.map_err(|error| error.to_string()))
        });
    }
    judge(&tries.join_all().await, turn.tls.as_deref())
}

fn ways(facts: &Facts, turn: &Turn, peer: SocketAddr) -> Vec<Way> {
    let mut addresses = facts.addresses.clone();
    addresses.push(SocketAddr::new(peer.ip().to_canonical(), facts.port));
    addresses.dedup();
    addresses.truncate(ADDRESSES);
    let tls = turn.tls.clone().map(Way::Tls);
    addresses.into_iter().flat_map(|address| [Way::Udp(address), Way::Tcp(address)]).chain(tls).collect()
}

fn judge(tried: &[(Way, Result<(), String>)], tls: Option<&str>) -> Finding {
    let (mut by, mut failed) = (Vec::new(), Vec::new());
    for title in ["UDP", "TCP", "TLS"] {
        let mut of = tried.iter().filter(|(way, _)| way.title() == title).peekable();
        let Some((_, first)) = of.peek().copied() else { continue };
        match (of.any(|(_, result)| result.is_ok()), first) {
            (false, Err(why)) => failed.push(format!("{title} ({why})")),
            _ => by.push(title),
        }
    }
    let fix = "let UDP and TCP to the media port through; for networks that let nothing but TLS through, serve HTTP with a \
               certificate (port 443) whose name leads to the engine itself";
    if by.is_empty() {
        return Finding::failed(Leg::Turn, format!("media gets through by none of {}", failed.join(", ")), fix);
    }
    let mut found = format!("media gets through by {}", by.join(", "));
    if !failed.is_empty() {
        found += &format!("; not by {}", failed.join(", "));
    }
    if let Some(host) = tls.filter(|_| !by.contains(&"TLS")) {
        let fix =
            format!("have {host} lead to the engine itself and not to a proxy, or set turn.tls_host to the name that does");
        return Finding::advice(Leg::Turn, found, fix);
    }
    Finding::ok(Leg::Turn, found)
}

/// A socket or connection to a server.
enum Line {
    Udp(UdpSocket),
    Stream(Box<dyn Stream>, Vec<u8>),
}

async fn through(way: &Way, facts: &Facts, turn: &Turn) -> io::Result<()> {
    let mut line = match way {
        Way::Udp(address) => {
            let any: SocketAddr = if address.is_ipv4() { ([0; 4], 0).into() } else { ([0u16; 8], 0).into() };
            let socket = UdpSocket::bind(any).await?;
            socket.connect(address).await?;
            Line::Udp(socket)
        }
        Way::Tcp(address) => Line::Stream(Box::new(TcpStream::connect(address).await?), Vec::new()),
        Way::Tls(at) => {
            let address = Address::parse(&format!("https://{at}/")).map_err(io::Error::other)?;
            let wire = wire::connect(&address).await.map_err(|fault| io::Error::other(fault.found))?;
            Line::Stream(wire.stream, Vec::new())
        }
    };
    let grant = Grant { user_name: turn.username.clone(), password: turn.credential.clone() };
    let mut client = Client::new(grant);
    let allocated = line.ask(&mut client, Client::allocate).await?;
    let Some(peer) = facts.addresses.iter().find(|address| allocated.is_none_or(|is_v4| address.is_ipv4() == is_v4)) else {
        return Err(io::Error::other("no advertised address is of its kind"));
    };
    line.ask(&mut client, |client, transaction| client.permit(transaction, *peer)).await?;
    let user_name = format!("{}:doctor", facts.check.ufrag);
    let (transaction, tie_breaker): (Transaction, u64) = (rand::rng().random(), rand::rng().random());
    let check = rtc_stun::Check { user_name: &user_name, password: &facts.check.password, tie_breaker };
    let check = rtc_stun::check(&transaction, &check);
    let is_answer = |message: &[u8], client: &mut Client| match client.read(message) {
        Told::Data { data, .. } => rtc_stun::where_from(data, &transaction, Some(&facts.check.password)).map(|_| ()),
        _ => None,
    };
    line.exchange(&send(&transaction, *peer, &check), |message| is_answer(message, &mut client)).await
}

impl Line {
    /// Asks until it is done; tells whether the address that was allocated, if one was, is IPv4.
    async fn ask(
        &mut self,
        client: &mut Client,
        request: impl Fn(&Client, &Transaction) -> Vec<u8>,
    ) -> io::Result<Option<bool>> {
        loop {
            let request = request(client, &rand::rng().random());
            // What is of another request is passed over: a datagram may have been sent twice.
            let told = self
                .exchange(&request, |message| {
                    if message.get(8..20) != request.get(8..20) {
                        return None;
                    }
                    match client.read(message) {
                        Told::Again => Some(Ok(None)),
                        Told::Allocated { relayed, .. } => Some(Ok(Some(Some(relayed.is_ipv4())))),
                        Told::Done => Some(Ok(Some(None))),
                        Told::Refused(code) => Some(Err(io::Error::other(format!("refused with {code}")))),
                        Told::Data { .. } | Told::Nothing => None,
                    }
                })
                .await??;
            if let Some(done) = told {
                return Ok(done);
            }
        }
    }

    /// Sends until `read` makes something of what comes.
    async fn exchange<T>(&mut self, message: &[u8], mut read: impl FnMut(&[u8]) -> Option<T>) -> io::Result<T> {
        let mut buffer = [0; LONGEST];
        match self {
            Self::Udp(socket) => loop {
                socket.send(message).await?;
                while let Ok(length) = timeout(AGAIN, socket.recv(&mut buffer)).await {
                    if let Some(made) = read(&buffer[..length?]) {
                        return Ok(made);
                    }
                }
            },
            Self::Stream(stream, held) => {
                stream.write_all(message).await?;
                stream.flush().await?;
                loop {
                    match frame(held) {
                        Frame::Whole { length, taken } => {
                            let made = read(&held[..length]);
                            held.drain(..taken);
                            if let Some(made) = made {
                                return Ok(made);
                            }
                        }
                        Frame::Unfinished => match stream.read(&mut buffer).await? {
                            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                            length => held.extend(&buffer[..length]),
                        },
                        Frame::Broken => return Err(io::Error::other("something else than TURN answers")),
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::leg::State;
    use super::*;

    #[test]
    fn what_fails_is_named_and_matters_where_nothing_else_is_left() {
        let at: SocketAddr = ([192, 0, 2, 1], 8000).into();
        let (good, bad) = (Ok(()), Err("no answer".to_owned()));
        let state = |tried: &[(Way, Result<(), String>)], tls| judge(tried, tls).state;
        let udp = [(Way::Udp(at), bad.clone()), (Way::Udp(at), good.clone())];
        assert_eq!(state(&udp, None), State::Ok, "one address is enough");
        let tcp = [(Way::Udp(at), bad.clone()), (Way::Tcp(at), good.clone())];
        assert_eq!(judge(&tcp, None).found, "media gets through by TCP; not by UDP (no answer)");
        let tls = [tcp.as_slice(), &[(Way::Tls("h:443".into()), bad.clone())]].concat();
        assert_eq!(state(&tls, Some("h:443")), State::Advice);
        assert_eq!(state(&[(Way::Udp(at), bad.clone()), (Way::Tcp(at), bad)], None), State::Failed);
    }
}
