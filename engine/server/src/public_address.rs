//! The public address of this machine, as STUN servers see it. Only those that the settings name are asked, and only once,
//! when the engine starts.

use std::net::IpAddr;
use std::time::Duration;

use rand::Rng as _;
use rtc_stun::Transaction;
use tokio::net::lookup_host;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::engine::StartError;
use crate::question;
use crate::settings::Settings;

/// When a request is sent again (RFC 8489 section 6.2.1), counted from the first.
const AGAIN: [Duration; 5] = [
    Duration::ZERO,
    Duration::from_millis(500),
    Duration::from_millis(1500),
    Duration::from_millis(3500),
    Duration::from_millis(7500),
];

/// Learns the public addresses, one of each kind at most; none when the settings do not ask for them.
pub(crate) async fn learn(settings: &Settings) -> Result<Vec<IpAddr>, StartError> {
    if !settings.asks_for_address() {
        return Ok(Vec::new());
    }
    let within = Duration::from_secs(settings.media.stun_seconds);
    let from = settings.media.listen.ip();
    let servers = settings.stun_servers()?;
    // A socket that is bound to one kind of address receives no other.
    let kinds = match from {
        IpAddr::V6(ip) if ip.is_unspecified() => &[false, true][..],
        IpAddr::V6(_) => &[true],
        IpAddr::V4(_) => &[false],
    };
    let mut asked = JoinSet::new();
    for (host, port) in &servers {
        for is_v6 in kinds.iter().copied() {
            let (host, port) = (host.clone(), *port);
            asked.spawn(async move {
                let seen = timeout(within, ask(&host, port, from, is_v6)).await;
                let seen = seen.unwrap_or_else(|_| Err(format!("no answer within {} s", within.as_secs())));
                (format!("{host}:{port}"), is_v6, seen)
            });
        }
    }
    let (mut learned, mut faults): (Vec<IpAddr>, Vec<String>) = (Vec::new(), Vec::new());
    // The first answer of each kind counts; nobody waits for slower servers to say the same.
    while learned.len() < kinds.len()
        && let Some(answer) = asked.join_next().await
    {
        match answer {
            Ok((server, is_v6, Ok(ip))) if !learned.iter().any(|known| known.is_ipv6() == is_v6) => {
                tracing::info!(%ip, server, "the public address");
                learned.push(ip);
            }
            Ok((server, is_v6, Err(fault))) => {
                tracing::debug!(server, is_v6, fault, "no public address");
                faults.push(format!("{server} over IPv{}: {fault}", if is_v6 { 6 } else { 4 }));
            }
            // The same again.
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "asking for the public address has failed"),
        }
    }
    if learned.is_empty() {
        faults.sort();
        return Err(StartError::PublicAddress(faults.join("; ")));
    }
    // IPv4 first: more clients have it.
    learned.sort_by_key(IpAddr::is_ipv6);
    Ok(learned)
}

/// Asks one server over one kind of address.
async fn ask(host: &str, port: u16, from: IpAddr, is_v6: bool) -> Result<IpAddr, String> {
    let mut found = lookup_host((host, port)).await.map_err(|error| error.to_string())?;
    let server = found.find(|address| address.is_ipv6() == is_v6).ok_or("it has no address of this kind")?;
    let transaction: Transaction = rand::rng().random();
    let request = rtc_stun::request(&transaction);
    // By the way that media takes, where the settings choose one.
    let seen =
        question::ask(server, Some(from), &request, &AGAIN, |bytes| rtc_stun::where_from(bytes, &transaction, None)).await;
    let seen = seen.map_err(|error| error.to_string())?.ip().to_canonical();
    if is_public(seen) && seen.is_ipv6() == is_v6 {
        Ok(seen)
    } else {
        Err(format!("it sees {seen}, which is no public address"))
    }
}

/// Whether an address can be one that the whole Internet reaches: none of those set aside for private networks, one link or
/// one machine (RFC 6890), nor for providers' own NAT (RFC 6598).
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [first, second, ..] = ip.octets();
            let is_shared = first == 100 && (64..128).contains(&second);
            let is_set_aside = first == 0 || first >= 224 || ip.is_loopback() || ip.is_private() || ip.is_link_local();
            !is_shared && !is_set_aside
        }
        // Those that have been given out begin with 001.
        IpAddr::V6(ip) => ip.segments()[0] >> 13 == 1,
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use tokio::net::UdpSocket;

    use super::*;

    /// A server that sees everybody at one address, after it has kept silent `deaf` times and answered one stranger.
    async fn server(sees: &'static str, deaf: usize) -> String {
        let socket = UdpSocket::bind("127.0.0.1:0").await.expect("loopback");
        let address = socket.local_addr().expect("bound").to_string();
        tokio::spawn(async move {
            let mut buffer = [0; 1500];
            for number in 0.. {
                let (length, from) = socket.recv_from(&mut buffer).await.expect("a request");
                if number >= deaf {
                    let sees = SocketAddr::new(sees.parse().expect("an address"), from.port());
                    let mut foreign = buffer[..length].to_vec();
                    foreign[8] ^= 1;
                    for request in [&foreign, &buffer[..length]] {
                        let answer = rtc_stun::answer_in_the_open(request, sees).expect("a request");
                        socket.send_to(&answer, from).await.expect("sent");
                    }
                }
            }
        });
        address
    }

    fn settings(servers: &[String]) -> Settings {
        let mut settings = Settings::default();
        settings.media.advertise = vec!["auto".into()];
        settings.media.stun_servers = servers.to_vec();
        settings.media.stun_seconds = 2;
        settings
    }

    #[tokio::test]
    async fn what_a_server_sees_is_learned_though_its_first_answer_was_lost() {
        let learned = learn(&settings(&[server("192.0.2.7", 1).await])).await.expect("an answer");
        assert_eq!(learned, [IpAddr::from([192, 0, 2, 7])]);
        let none = learn(&Settings::default()).await.expect("nobody is asked");
        assert!(none.is_empty());
    }

    #[tokio::test]
    async fn one_server_that_answers_is_enough() {
        let mute = UdpSocket::bind("127.0.0.1:0").await.expect("loopback");
        let mute_at = mute.local_addr().expect("bound").to_string();
        let servers = [mute_at, server("10.0.0.1", 0).await, server("192.0.2.7", 0).await];
        let learned = learn(&settings(&servers)).await.expect("an answer");
        assert_eq!(learned, [IpAddr::from([192, 0, 2, 7])]);
    }

    #[tokio::test]
    async fn who_learns_nothing_is_told_what_each_server_said() {
        let mute = UdpSocket::bind("127.0.0.1:0").await.expect("loopback");
        let servers = [mute.local_addr().expect("bound").to_string(), server("10.0.0.1", 0).await];
        let mut settings = settings(&servers);
        settings.media.stun_seconds = 1;
        let words = learn(&settings).await.expect_err("nothing").to_string();
        assert!(words.contains(&format!("{} over IPv4: no answer within 1 s", servers[0])), "{words}");
        assert!(words.contains("it sees 10.0.0.1, which is no public address"), "{words}");
        assert!(words.contains("media.advertise"), "{words}");
    }

    #[test]
    fn only_public_addresses_are() {
        let is = |text: &str| is_public(text.parse().expect("an address"));
        for public in ["8.8.8.8", "100.63.0.1", "100.128.0.1", "172.32.0.1", "2001:db8::1", "2a00::1"] {
            assert!(is(public), "{public}");
        }
        for other in [
            "0.1.2.3",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.1.1",
            "172.16.0.1",
            "192.168.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fd00::1",
            "ff02::1",
        ] {
            assert!(!is(other), "{other}");
        }
    }
}
