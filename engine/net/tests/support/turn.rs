//! A network that lets nothing through but TURN: a relay of datagrams in front of the engine which is a TURN client for each
//! of its clients, over UDP or TCP.

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use rtc_net::Grant;
use rtc_stun::Transaction;
use rtc_turn::client::{Client, Told, send_by_channel};
use rtc_turn::{Frame, frame};

use super::PATIENCE;

const CHANNEL: u16 = 0x4000;

/// A client's way to a TURN server.
pub enum Way {
    Udp(UdpSocket),
    Tcp(TcpStream, Vec<u8>),
}

impl Way {
    pub fn open(engine: SocketAddr, is_tcp: bool) -> Self {
        if is_tcp {
            let stream = TcpStream::connect(engine).expect("loopback");
            stream.set_nodelay(true).expect("a socket");
            stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
            return Self::Tcp(stream, Vec::new());
        }
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a port on loopback");
        socket.connect(engine).expect("loopback");
        socket.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        Self::Udp(socket)
    }

    pub fn send(&mut self, message: &[u8]) {
        // The engine may just have gone.
        let _ = match self {
            Self::Udp(socket) => socket.send(message).map(drop),
            Self::Tcp(stream, _) => stream.write_all(message),
        };
    }

    /// The next message.
    pub fn receive(&mut self) -> io::Result<Vec<u8>> {
        let mut buffer = [0; 2048];
        match self {
            Self::Udp(socket) => socket.recv(&mut buffer).map(|length| buffer[..length].to_vec()),
            Self::Tcp(stream, read) => loop {
                match frame(read) {
                    Frame::Whole { length, taken } => {
                        let message = read[..length].to_vec();
                        read.drain(..taken);
                        return Ok(message);
                    }
                    Frame::Unfinished => match stream.read(&mut buffer)? {
                        0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                        length => read.extend(&buffer[..length]),
                    },
                    Frame::Broken => panic!("no TURN: {read:?}"),
                }
            },
        }
    }

    /// Asks until there is an answer that is more than how to ask.
    pub fn ask(&mut self, client: &mut Client, request: impl Fn(&Client, &Transaction) -> Vec<u8>) -> Option<SocketAddr> {
        loop {
            self.send(&request(client, &rand()));
            match client.read(&self.receive().expect("an answer")) {
                Told::Again => {}
                Told::Allocated { relayed, .. } => return Some(relayed),
                Told::Done => return None,
                other => panic!("{other:?}"),
            }
        }
    }
}

fn rand() -> Transaction {
    static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let mut transaction = [0; 12];
    transaction[..4].copy_from_slice(&NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    transaction
}

pub struct TurnRelay {
    front: UdpSocket,
    pub address: SocketAddr,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl TurnRelay {
    pub fn new() -> Self {
        let front = UdpSocket::bind("127.0.0.1:0").expect("a port on loopback");
        let address = front.local_addr().expect("bound");
        Self { front, address, stop: Arc::default(), threads: Vec::new() }
    }

    /// Begins to work for an engine. Its clients come by UDP and TCP in turn.
    pub fn start(&mut self, engine: SocketAddr, grant: &Grant) {
        let (front, stop, peer, grant) =
            (self.front.try_clone().expect("a descriptor"), self.stop.clone(), self.address, grant.clone());
        front.set_read_timeout(Some(Duration::from_millis(5))).expect("a timeout");
        self.threads.push(std::thread::spawn(move || {
            let mut ways: HashMap<SocketAddr, (Way, JoinHandle<()>)> = HashMap::new();
            let mut buffer = [0; 2048];
            while !stop.load(Ordering::Relaxed) {
                let Ok((size, client)) = front.recv_from(&mut buffer) else { continue };
                let is_tcp = ways.len() % 2 == 1;
                let (way, _) = ways.entry(client).or_insert_with(|| {
                    let (mut way, mut turn) = (Way::open(engine, is_tcp), Client::new(grant.clone()));
                    way.ask(&mut turn, Client::allocate);
                    way.ask(&mut turn, |turn, transaction| turn.bind(transaction, CHANNEL, peer));
                    let back = match &way {
                        Way::Udp(socket) => Way::Udp(socket.try_clone().expect("a descriptor")),
                        Way::Tcp(stream, _) => Way::Tcp(stream.try_clone().expect("a descriptor"), Vec::new()),
                    };
                    let (front, stop) = (front.try_clone().expect("a descriptor"), stop.clone());
                    (way, std::thread::spawn(move || carry_back(back, turn, &front, client, &stop)))
                });
                let mut message = send_by_channel(CHANNEL, &buffer[..size]);
                if let Way::Udp(_) = way {
                    message.truncate(4 + size);
                }
                way.send(&message);
            }
            for (way, thread) in ways.into_values() {
                if let Way::Tcp(stream, _) = way {
                    let _ = stream.shutdown(std::net::Shutdown::Both);
                }
                // Its panic has been printed.
                let _ = thread.join();
            }
        }));
    }
}

fn carry_back(mut way: Way, mut turn: Client, front: &UdpSocket, client: SocketAddr, stop: &AtomicBool) {
    if let Way::Udp(socket) = &way {
        socket.set_read_timeout(Some(Duration::from_millis(50))).expect("a timeout");
    }
    while !stop.load(Ordering::Relaxed) {
        match way.receive() {
            Ok(message) => {
                let Told::Data { channel: Some(CHANNEL), data, .. } = turn.read(&message) else { panic!("no data") };
                let _ = front.send_to(data, client);
            }
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return,
            Err(_) => {}
        }
    }
}

impl Drop for TurnRelay {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // Its panic has been printed.
            let _ = thread.join();
        }
    }
}
