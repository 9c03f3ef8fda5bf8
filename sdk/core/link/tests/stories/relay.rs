//! Something on the way to an engine that can break: TCP connections that are cut, datagrams that are lost.

use std::collections::HashMap;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// Carries TCP connections to another address, until they are cut.
pub(crate) struct TcpRelay {
    pub(crate) address: SocketAddr,
    connections: Arc<Mutex<Vec<TcpStream>>>,
    is_closed: Arc<AtomicBool>,
}

impl TcpRelay {
    pub(crate) fn to(target: SocketAddr) -> Self {
        Self::at("127.0.0.1:0".parse().expect("an address"), target)
    }

    pub(crate) fn at(address: SocketAddr, target: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).expect("a port");
        let address = listener.local_addr().expect("bound");
        let connections = Arc::new(Mutex::new(Vec::new()));
        let is_closed = Arc::new(AtomicBool::new(false));
        let (known, refuses) = (connections.clone(), is_closed.clone());
        thread::spawn(move || {
            for inner in listener.incoming().flatten() {
                if refuses.load(Ordering::Relaxed) {
                    continue;
                }
                let Ok(outer) = TcpStream::connect(target) else { continue };
                for (from, to) in [(&inner, &outer), (&outer, &inner)] {
                    let (mut from, mut to) = (from.try_clone().expect("a handle"), to.try_clone().expect("a handle"));
                    thread::spawn(move || {
                        let mut buffer = [0; 16 * 1024];
                        while let Ok(length) = from.read(&mut buffer) {
                            if length == 0 || to.write_all(&buffer[..length]).is_err() {
                                break;
                            }
                        }
                        let _ = to.shutdown(Shutdown::Both);
                    });
                }
                known.lock().expect("not poisoned").extend([inner, outer]);
            }
        });
        Self { address, connections, is_closed }
    }

    /// Breaks every connection there is.
    pub(crate) fn cut(&self) {
        for connection in self.connections.lock().expect("not poisoned").drain(..) {
            let _ = connection.shutdown(Shutdown::Both);
        }
    }

    /// Lets nobody through, until opened again.
    pub(crate) fn close(&self, is_closed: bool) {
        self.is_closed.store(is_closed, Ordering::Relaxed);
    }
}

/// Carries datagrams to another address and back, until it loses them or forgets who they are from.
pub(crate) struct UdpRelay {
    /// Which datagrams are lost: one in so many; none where it is 0.
    one_in: Arc<AtomicU32>,
    /// How often it has forgotten.
    forgotten: Arc<AtomicU32>,
}

impl UdpRelay {
    pub(crate) fn at(address: SocketAddr, target: SocketAddr) -> Self {
        let inner = UdpSocket::bind(address).expect("a port");
        let (one_in, forgotten) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
        let (loses, forgets) = (one_in.clone(), forgotten.clone());
        thread::spawn(move || {
            let mut outer: HashMap<SocketAddr, UdpSocket> = HashMap::new();
            let (mut buffer, mut count, mut age) = ([0; 2048], 0, 0);
            while let Ok((length, client)) = inner.recv_from(&mut buffer) {
                if is_lost(&loses, &mut count) {
                    continue;
                }
                let now = forgets.load(Ordering::Relaxed);
                if std::mem::replace(&mut age, now) != now {
                    outer.clear();
                }
                let socket = outer.entry(client).or_insert_with(|| {
                    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
                    let (back, inner) = (socket.try_clone().expect("a handle"), inner.try_clone().expect("a handle"));
                    let (loses, forgets) = (loses.clone(), forgets.clone());
                    thread::spawn(move || {
                        let (mut buffer, mut count) = ([0; 2048], 0);
                        while let Ok(length) = back.recv(&mut buffer) {
                            if forgets.load(Ordering::Relaxed) != age {
                                return;
                            }
                            if !is_lost(&loses, &mut count) {
                                let _ = inner.send_to(&buffer[..length], client);
                            }
                        }
                    });
                    socket
                });
                let _ = socket.send_to(&buffer[..length], target);
            }
        });
        Self { one_in, forgotten }
    }

    /// Forgets its clients, as a network address translator does: they are known by other addresses from now on.
    pub(crate) fn forget(&self) {
        self.forgotten.fetch_add(1, Ordering::Relaxed);
    }

    /// Loses everything, or nothing.
    pub(crate) fn lose(&self, is_losing: bool) {
        self.lose_one_in(is_losing.into());
    }

    pub(crate) fn lose_one_in(&self, one_in: u32) {
        self.one_in.store(one_in, Ordering::Relaxed);
    }
}

fn is_lost(one_in: &AtomicU32, count: &mut u32) -> bool {
    *count = count.wrapping_add(1);
    let one_in = one_in.load(Ordering::Relaxed);
    one_in != 0 && count.is_multiple_of(one_in)
}
