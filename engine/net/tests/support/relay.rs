//! A narrow network in front of the engine: a relay of datagrams that lets only so many bits a second through to each
//! client, queues a little, and drops what does not fit. What clients send is not held back.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The longest a datagram waits. Beyond that, the queue of the network is full.
const QUEUE: Duration = Duration::from_millis(200);

pub struct Relay {
    front: UdpSocket,
    pub address: SocketAddr,
    bits_per_second: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// The way of one client.
struct Way {
    /// What the engine takes for the client.
    socket: UdpSocket,
    queue: VecDeque<(Instant, Vec<u8>)>,
    free: Instant,
}

impl Relay {
    pub fn new(bits_per_second: u64) -> Self {
        let front = UdpSocket::bind("127.0.0.1:0").expect("a port on loopback");
        front.set_read_timeout(Some(Duration::from_millis(1))).expect("a timeout");
        let address = front.local_addr().expect("bound");
        Self { front, address, bits_per_second: Arc::new(AtomicU64::new(bits_per_second)), stop: Arc::default(), thread: None }
    }

    /// Begins to work for an engine.
    pub fn start(&mut self, engine: SocketAddr) {
        let front = self.front.try_clone().expect("a descriptor");
        let (rate, stop) = (self.bits_per_second.clone(), self.stop.clone());
        self.thread = Some(std::thread::spawn(move || {
            let mut ways: HashMap<SocketAddr, Way> = HashMap::new();
            while !stop.load(Ordering::Relaxed) {
                turn(&front, engine, rate.load(Ordering::Relaxed), &mut ways);
            }
        }));
    }

    pub fn set_rate(&self, bits_per_second: u64) {
        self.bits_per_second.store(bits_per_second, Ordering::Relaxed);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // Its panic has been printed.
            let _ = thread.join();
        }
    }
}

fn turn(front: &UdpSocket, engine: SocketAddr, rate: u64, ways: &mut HashMap<SocketAddr, Way>) {
    let mut buffer = [0; 2048];
    // Waits a millisecond at most, which is how exact this network is.
    for _ in 0..64 {
        let Ok((size, client)) = front.recv_from(&mut buffer) else { break };
        let way = ways.entry(client).or_insert_with(|| {
            let socket = UdpSocket::bind("127.0.0.1:0").expect("a port on loopback");
            socket.set_nonblocking(true).expect("a socket");
            Way { socket, queue: VecDeque::new(), free: Instant::now() }
        });
        // The engine may just have gone.
        let _ = way.socket.send_to(&buffer[..size], engine);
    }
    for (client, way) in ways {
        let now = Instant::now();
        loop {
            match way.socket.recv_from(&mut buffer) {
                Ok((size, _)) => {
                    let begins = way.free.max(now);
                    if begins - now <= QUEUE {
                        way.free = begins + Duration::from_micros(size as u64 * 8_000_000 / rate);
                        way.queue.push_back((way.free, buffer[..size].to_vec()));
                    }
                }
                Err(e) if e.kind() == io::ErrorKind::ConnectionRefused => {}
                Err(_) => break,
            }
        }
        while let Some((_, datagram)) = way.queue.pop_front_if(|(at, _)| *at <= now) {
            let _ = front.send_to(&datagram, client);
        }
    }
}
