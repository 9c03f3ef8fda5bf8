//! The floor: a loop that decrypts what one publisher sends, and encrypts and sends it to everybody who asked for it. It has
//! the cipher, the packets and the sends of a forwarder and nothing else: no ICE, no DTLS (keys are told in clear), no
//! feedback, no retransmission. What it costs is what no forwarder on these sockets can go below.

mod cipher;
mod forwarder;

use std::io::{BufRead as _, BufReader, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::os::fd::{AsRawFd as _, RawFd};
use std::process::Stdio;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, bail};
use rtc_bench_client::{Arrival, Stamped};

use super::process::Process;
use super::{Packet, Publisher, Subscriber, System};
use cipher::{Cipher, KEY_BYTES, RTP_HEADER};

pub(crate) use forwarder::{FloorOptions, run};

/// What a datagram to the floor begins with when it is no RTP: who sends it wants packets, or is the publisher. A key
/// follows, and the floor sends the datagram back.
const SUBSCRIBE: u8 = 1;
const PUBLISH: u8 = 2;

/// A running floor.
pub(super) struct Floor {
    process: Process,
    address: SocketAddr,
}

struct Sender {
    socket: UdpSocket,
    cipher: Cipher,
}

struct Receiver {
    socket: Stamped,
    cipher: Cipher,
}

impl Floor {
    /// Starts this very program as the floor.
    pub(super) fn start() -> anyhow::Result<Self> {
        let program = std::env::current_exe()?;
        let mut process = Process::start(&program, |command| {
            command.arg("floor").stdout(Stdio::piped());
        })?;
        let mut address = String::new();
        let output = process.child().stdout.take().context("the floor has no output")?;
        BufReader::new(output).read_line(&mut address)?;
        let address = address.trim().parse().context("the floor ended instead of saying where it listens")?;
        Ok(Self { process, address })
    }

    /// A socket whose key the floor knows.
    fn socket(&self, purpose: u8, number: u32) -> anyhow::Result<(UdpSocket, Cipher)> {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        socket.connect(self.address)?;
        let mut key = [purpose; KEY_BYTES];
        key[..4].copy_from_slice(&number.to_be_bytes());
        let request = [&[purpose], &key[..]].concat();
        socket.set_read_timeout(Some(Duration::from_millis(500)))?;
        let mut answer = [0; 1 + KEY_BYTES];
        for _ in 0..10 {
            socket.send(&request)?;
            if socket.recv(&mut answer).is_ok_and(|length| answer[..length] == request) {
                socket.set_nonblocking(true)?;
                return Ok((socket, Cipher::new(&key)?));
            }
        }
        bail!("the floor does not answer")
    }
}

impl System for Floor {
    fn pid(&self) -> u32 {
        self.process.id()
    }

    fn publisher(&mut self, _room: u32, _index: u32, _voice: bool) -> anyhow::Result<Box<dyn Publisher>> {
        let (socket, cipher) = self.socket(PUBLISH, 0)?;
        Ok(Box::new(Sender { socket, cipher }))
    }

    fn subscriber(&mut self, _room: u32, index: u32, _publishers: u32) -> anyhow::Result<Box<dyn Subscriber>> {
        let (socket, cipher) = self.socket(SUBSCRIBE, index)?;
        Ok(Box::new(Receiver { socket: Stamped::new(socket)?, cipher }))
    }
}

impl Publisher for Sender {
    fn media(&self) -> RawFd {
        self.socket.as_raw_fd()
    }

    fn write(&mut self, packet: &Packet) -> anyhow::Result<()> {
        let (payload_type, ssrc) = if packet.is_video { (96_u8, 1_u32) } else { (111, 2) };
        let mut datagram = Vec::with_capacity(RTP_HEADER + packet.payload.len() + cipher::TAG_BYTES);
        datagram.extend_from_slice(&[0x80, payload_type | if packet.marker { 0x80 } else { 0 }]);
        datagram.extend_from_slice(&(packet.seq as u16).to_be_bytes());
        datagram.extend_from_slice(&packet.time.to_be_bytes());
        datagram.extend_from_slice(&ssrc.to_be_bytes());
        datagram.extend_from_slice(&packet.payload);
        self.cipher.seal(&mut datagram, 0)?;
        // A full socket buffer is a lossy network.
        let _ = self.socket.send(&datagram);
        Ok(())
    }

    fn drive(&mut self) -> anyhow::Result<Instant> {
        Ok(Instant::now() + Duration::from_secs(1))
    }

    fn take_keyframe_request(&mut self) -> bool {
        false
    }

    fn tend(&mut self) -> anyhow::Result<()> {
        Ok(())
    }
}

impl Subscriber for Receiver {
    fn media(&self) -> RawFd {
        self.socket.socket().as_raw_fd()
    }

    fn drive(&mut self, arrived: &mut dyn FnMut(&[u8], SystemTime)) -> anyhow::Result<Instant> {
        let mut buffer = [0; 2000];
        loop {
            match self.socket.receive(&mut buffer) {
                Ok(Arrival { length, at, .. }) => {
                    if let Some(payload) = self.cipher.open(&mut buffer[..length]) {
                        arrived(payload, at);
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error).context("the floor is gone"),
            }
        }
        Ok(Instant::now() + Duration::from_secs(1))
    }

    fn tend(&mut self) -> anyhow::Result<()> {
        Ok(())
    }
}
