//! Whether media gets through: ICE checks to each address that clients are told, over UDP and TCP, and to where the engine
//! was met. From which of them are answered follows what is wrong.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use rand::Rng as _;
use rtc_stun::Transaction;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::facts::{Check, Facts};
use super::leg::{Finding, Leg};
use crate::{addresses, question};

/// How long an answer is waited for.
const ANSWERED: Duration = Duration::from_secs(3);
/// When a datagram is sent again, as some are lost.
const AGAIN: [Duration; 5] = [
    Duration::ZERO,
    Duration::from_millis(150),
    Duration::from_millis(400),
    Duration::from_millis(900),
    Duration::from_millis(1800),
];
/// Addresses that are tried. An engine with more has other worries.
const TRIED: usize = 24;

/// What came of the checks of one address.
#[derive(Debug, Clone)]
pub(super) struct Tried {
    address: SocketAddr,
    /// Whether clients are told of it. Else the engine was met there.
    is_advertised: bool,
    udp: Result<Duration, String>,
    tcp: Result<Duration, String>,
}

/// Tries every address at once.
pub(super) async fn check(facts: &Facts, peer: SocketAddr) -> Vec<Tried> {
    let peer = peer.ip().to_canonical();
    let mut addresses: Vec<(SocketAddr, bool)> = Vec::new();
    let advertised = facts.addresses.iter().map(|address| (*address, true));
    let ports = facts.addresses.iter().map(SocketAddr::port).chain([facts.port]);
    let met = ports.map(|port| (SocketAddr::new(peer, port), false));
    for (address, is_advertised) in advertised.chain(met) {
        if addresses.len() < TRIED && !addresses.iter().any(|(known, _)| *known == address) {
            addresses.push((address, is_advertised));
        }
    }
    let mut tries = JoinSet::new();
    for (address, is_advertised) in addresses {
        let check = facts.check.clone();
        tries.spawn(async move {
            let (udp, tcp) =
                tokio::join!(timeout(ANSWERED, over_udp(address, &check)), timeout(ANSWERED, over_tcp(address, &check)));
            let told = |result: Result<io::Result<Duration>, _>| match result {
                Ok(Ok(took)) => Ok(took),
                Ok(Err(error)) => Err(error.to_string()),
                Err(_) => Err("no answer".to_owned()),
            };
            Tried { address, is_advertised, udp: told(udp), tcp: told(tcp) }
        });
    }
    let mut tried = tries.join_all().await;
    tried.sort_by_key(|one| (!one.is_advertised, one.address));
    tried
}

fn request(check: &Check) -> (Transaction, Vec<u8>) {
    let mut rng = rand::rng();
    let (transaction, tie_breaker) = (rng.random(), rng.random());
    let user_name = format!("{}:doctor", check.ufrag);
    let asked = rtc_stun::Check { user_name: &user_name, password: &check.password, tie_breaker };
    (transaction, rtc_stun::check(&transaction, &asked))
}

async fn over_udp(address: SocketAddr, check: &Check) -> io::Result<Duration> {
    let (transaction, request) = request(check);
    let began = Instant::now();
    let is_answer = |bytes: &[u8]| rtc_stun::where_from(bytes, &transaction, Some(&check.password)).map(|_| began.elapsed());
    question::ask(address, None, &request, &AGAIN, is_answer).await
}

async fn over_tcp(address: SocketAddr, check: &Check) -> io::Result<Duration> {
    let began = Instant::now();
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (transaction, request) = request(check);
    // Framed as RFC 4571 says.
    let mut frame = (request.len() as u16).to_be_bytes().to_vec();
    frame.extend(request);
    stream.write_all(&frame).await?;
    let length = usize::from(stream.read_u16().await?);
    let mut answer = vec![0; length.min(question::LONGEST)];
    stream.read_exact(&mut answer).await?;
    match rtc_stun::where_from(&answer, &transaction, Some(&check.password)) {
        Some(_) => Ok(began.elapsed()),
        None => Err(io::Error::other("something else than this engine answers")),
    }
}

/// Says what follows for the advertised addresses, UDP and TCP. `peer` is where the engine was met; `is_here` says that
/// this is its own machine, from which a public address often cannot be reached though it is right.
pub(super) fn judge(tried: &[Tried], peer: IpAddr, is_here: bool) -> [Finding; 3] {
    [advertised(tried, peer, is_here), way(tried, Leg::Udp), way(tried, Leg::Tcp)]
}

fn advertised(tried: &[Tried], peer: IpAddr, is_here: bool) -> Finding {
    let reached = |one: &&Tried| one.udp.is_ok() || one.tcp.is_ok();
    let told: Vec<&Tried> = tried.iter().filter(|one| one.is_advertised).collect();
    let (good, bad): (Vec<&Tried>, Vec<&Tried>) = told.iter().partition(|one| reached(one));
    if !good.is_empty() {
        let mut found = format!("{} can be reached", names(&good));
        if !bad.is_empty() {
            found += &format!("; {} cannot from here", names(&bad));
        }
        return Finding::ok(Leg::Advertised, found);
    }
    let fix = "set media.advertise to the address clients reach the engine by (its public one behind NAT), or to \"auto\"";
    match tried.iter().find(|one| !one.is_advertised && reached(one)) {
        Some(met) => {
            let found = format!(
                "clients are told to send media to {}, where nothing of this engine answers; {} answers",
                names(&told),
                met.address
            );
            let is_anothers = told.iter().all(|one| !addresses::of_this_machine().contains(&one.address.ip()));
            if is_here && is_anothers {
                let found = format!("{found}. Many networks cannot reach their own public address: look from outside as well");
                return Finding::advice(
                    Leg::Advertised,
                    found,
                    format!("rtc-engine doctor URL, on another machine; else {fix}"),
                );
            }
            Finding::failed(Leg::Advertised, found, fix)
        }
        None if !peer.to_canonical().is_loopback() && told.iter().all(|one| one.address.ip().is_loopback()) => {
            Finding::failed(Leg::Advertised, format!("only {} is told, which no other machine reaches", names(&told)), fix)
        }
        None => Finding::skipped(Leg::Advertised, format!("nothing answers at {}, so nothing can be said of it", names(&told))),
    }
}

/// A way is open when it leads to the engine by any address: which of them are told is another question.
fn way(tried: &[Tried], leg: Leg) -> Finding {
    let result = |one: &Tried| match leg {
        Leg::Udp => one.udp.clone(),
        _ => one.tcp.clone(),
    };
    let answered = tried.iter().filter_map(|one| Some((one.address, result(one).ok()?)));
    if let Some((address, took)) = answered.min_by_key(|(_, took)| *took) {
        return Finding::ok(leg, format!("{address} answered in {:.1} ms", took.as_secs_f64() * 1000.0));
    }
    let reasons: Vec<String> =
        tried.iter().map(|one| format!("{}: {}", one.address, result(one).err().unwrap_or_default())).collect();
    let (protocol, what) = match leg {
        Leg::Udp => ("UDP", "clients fall back to TCP, which stutters on lossy networks"),
        _ => ("TCP", "clients whose network blocks UDP get no media"),
    };
    let port = tried.first().map_or(0, |one| one.address.port());
    Finding::failed(
        leg,
        format!("{} ({what})", reasons.join("; ")),
        format!(
            "let {protocol} to port {port} through every firewall on the way (host, cloud security group, router), and behind \
             NAT forward it to the engine"
        ),
    )
}

fn names(tried: &[&Tried]) -> String {
    tried.iter().map(|one| one.address.to_string()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::leg::State;
    use std::net::Ipv4Addr;

    use super::*;

    const PEER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

    fn tried(address: &str, is_advertised: bool, udp: bool, tcp: bool) -> Tried {
        let result = |is_good: bool| if is_good { Ok(Duration::from_millis(1)) } else { Err("no answer".to_owned()) };
        Tried { address: address.parse().expect("an address"), is_advertised, udp: result(udp), tcp: result(tcp) }
    }

    fn states(tried: &[Tried]) -> [State; 3] {
        judge(tried, PEER, false).map(|finding| finding.state)
    }

    #[test]
    fn one_leg_is_named_for_one_fault() {
        use State::{Failed, Ok, Skipped};
        assert_eq!(states(&[tried("192.0.2.1:8000", true, true, true)]), [Ok, Ok, Ok]);
        assert_eq!(states(&[tried("192.0.2.1:8000", true, false, true)]), [Ok, Failed, Ok]);
        assert_eq!(states(&[tried("192.0.2.1:8000", true, true, false)]), [Ok, Ok, Failed]);
        let wrong = [tried("198.51.100.1:8000", true, false, false), tried("192.0.2.1:8000", false, true, true)];
        assert_eq!(states(&wrong), [Failed, Ok, Ok]);
        let both = [tried("10.0.0.1:8000", true, false, false), tried("192.0.2.1:8000", true, true, true)];
        assert_eq!(states(&both), [Ok, Ok, Ok]);
        assert_eq!(states(&[tried("192.0.2.1:8000", true, false, false)]), [Skipped, Failed, Failed]);
        assert_eq!(states(&[tried("127.0.0.1:8000", true, false, false)]), [Failed, Failed, Failed]);
    }

    #[test]
    fn on_its_own_machine_a_public_address_is_not_called_wrong() {
        let wrong = [tried("198.51.100.1:8000", true, false, false), tried("127.0.0.1:8000", false, true, true)];
        assert_eq!(judge(&wrong, PEER, true)[0].state, State::Advice);
        let own = [tried("127.0.0.1:1", true, false, false), tried("127.0.0.1:8000", false, true, true)];
        assert_eq!(judge(&own, PEER, true)[0].state, State::Failed);
    }
}
