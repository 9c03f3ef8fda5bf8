//! The floor's process: the loop itself.

use std::collections::HashSet;
use std::io::{self, Write as _};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::os::fd::AsRawFd as _;
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token};
use quinn_udp::{Transmit, UdpSockRef, UdpSocketState};

use super::cipher::{Cipher, KEY_BYTES, RTP_HEADER, TAG_BYTES};
use super::{PUBLISH, SUBSCRIBE};

/// How long it waits for the rest of a burst after its first packet: longer than a publisher takes to send one, and well
/// below the delay that a forwarder may add.
const GATHERING: Duration = Duration::from_micros(500);
/// What UDP can carry beside its headers.
const BATCH_BYTES: usize = 65_000;
const BUFFER_BYTES: usize = 8 << 20;

/// Options of the floor's process.
#[derive(Debug, clap::Args)]
pub(crate) struct FloorOptions {}

struct Destination {
    address: SocketAddr,
    cipher: Cipher,
}

struct Forwarder {
    socket: UdpSocket,
    state: UdpSocketState,
    publisher: Option<Cipher>,
    destinations: Vec<Destination>,
    known: HashSet<SocketAddr>,
    /// Datagrams of a burst as they were published, decrypted.
    burst: Vec<Vec<u8>>,
    batch: Vec<u8>,
}

/// Says where it listens, and forwards until it is ended.
pub(crate) fn run(_: &FloorOptions) -> anyhow::Result<()> {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::DGRAM, None)?;
    socket.set_recv_buffer_size(BUFFER_BYTES)?;
    socket.set_send_buffer_size(BUFFER_BYTES)?;
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    let socket = UdpSocket::from(socket);
    writeln!(io::stdout(), "{}", socket.local_addr()?)?;
    let state = UdpSocketState::new(UdpSockRef::from(&socket))?;
    let mut forwarder = Forwarder {
        socket,
        state,
        publisher: None,
        destinations: Vec::new(),
        known: HashSet::new(),
        burst: Vec::new(),
        batch: Vec::with_capacity(BATCH_BYTES),
    };
    forwarder.forward()
}

impl Forwarder {
    fn forward(&mut self) -> anyhow::Result<()> {
        let mut poll = Poll::new()?;
        poll.registry().register(&mut SourceFd(&self.socket.as_raw_fd()), Token(0), Interest::READABLE)?;
        let mut events = Events::with_capacity(1);
        loop {
            poll.poll(&mut events, None)?;
            self.receive()?;
            if !self.burst.is_empty() {
                thread::sleep(GATHERING);
                self.receive()?;
                self.send();
                self.burst.clear();
            }
        }
    }

    fn receive(&mut self) -> anyhow::Result<()> {
        let mut buffer = [0; 2000];
        loop {
            let (length, source) = match self.socket.recv_from(&mut buffer) {
                Ok(received) => received,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                // What a subscriber that is gone left behind.
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => continue,
                Err(error) => return Err(error).context("cannot receive"),
            };
            let datagram = &mut buffer[..length];
            if let [purpose @ (PUBLISH | SUBSCRIBE), key @ ..] = &*datagram {
                self.register(*purpose, source, key.try_into().context("a key has another length")?)?;
                self.socket.send_to(datagram, source)?;
            } else if let Some(length) = self.publisher.as_ref().and_then(|cipher| Some(cipher.open(datagram)?.len())) {
                self.burst.push(datagram[..RTP_HEADER + length].to_vec());
            }
        }
    }

    fn register(&mut self, purpose: u8, source: SocketAddr, key: &[u8; KEY_BYTES]) -> anyhow::Result<()> {
        // Who asks again did not hear the answer.
        if self.known.insert(source) {
            let cipher = Cipher::new(key)?;
            if purpose == PUBLISH {
                self.publisher = Some(cipher);
            } else {
                self.destinations.push(Destination { address: source, cipher });
            }
        }
        Ok(())
    }

    /// Sends the burst to everybody: packets of one size in a row as one batch, the last of which may be shorter.
    fn send(&mut self) {
        for destination in &self.destinations {
            let mut rest = self.burst.as_slice();
            while let Some(first) = rest.first() {
                let size = first.len() + TAG_BYTES;
                let most = (BATCH_BYTES / size).min(self.state.max_gso_segments());
                let equal = rest.iter().take(most).take_while(|packet| packet.len() == first.len()).count();
                let has_shorter = equal < most && rest.get(equal).is_some_and(|packet| packet.len() < first.len());
                let (run, after) = rest.split_at(equal + usize::from(has_shorter));
                rest = after;
                self.batch.clear();
                for packet in run {
                    let start = self.batch.len();
                    self.batch.extend_from_slice(packet);
                    if destination.cipher.seal(&mut self.batch, start).is_err() {
                        return;
                    }
                }
                let transmit = Transmit {
                    destination: destination.address,
                    ecn: None,
                    contents: &self.batch,
                    segment_size: (run.len() > 1).then_some(size),
                    src_ip: None,
                };
                // A full socket buffer is a lossy network.
                let _ = self.state.try_send(UdpSockRef::from(&self.socket), &transmit);
            }
        }
    }
}
