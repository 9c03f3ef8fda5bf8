//! A question over UDP that is asked again until it is answered; not what is asked.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

use tokio::net::UdpSocket;
use tokio::time::sleep_until;

/// The longest answer that is read.
pub(crate) const LONGEST: usize = 1500;

/// Asks `server`, which alone can answer, at these times after the first. `read` makes something of an answer, or passes over it.
/// Where `from` is of the server's kind it is asked from there. It waits for ever after the last time: bound it.
pub(crate) async fn ask<T>(
    server: SocketAddr,
    from: Option<IpAddr>,
    request: &[u8],
    again: &[Duration],
    read: impl Fn(&[u8]) -> Option<T>,
) -> io::Result<T> {
    let any: IpAddr = if server.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let from = from.filter(|from| from.is_ipv4() == server.is_ipv4()).unwrap_or(any);
    let socket = UdpSocket::bind((from, 0)).await?;
    socket.connect(server).await?;
    let began = Instant::now();
    let send = async {
        for at in again {
            sleep_until((began + *at).into()).await;
            // An error of an earlier one may be told here; what counts is whether an answer comes.
            let _ = socket.send(request).await;
        }
        std::future::pending::<()>().await;
    };
    let receive = async {
        let mut buffer = [0; LONGEST];
        loop {
            let length = socket.recv(&mut buffer).await?;
            if let Some(answer) = read(&buffer[..length]) {
                return Ok(answer);
            }
        }
    };
    tokio::select! {
        answered = receive => answered,
        () = send => Err(io::ErrorKind::TimedOut.into()),
    }
}
