//! A SOCKS5 proxy for stories (RFC 1928, RFC 1929), which counts what goes through and can refuse datagrams or lose its relays.

use std::io::{self, Read, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// Who may use it.
pub(crate) const USER: &str = "ann";
pub(crate) const PASSWORD: &str = "open sesame";

#[derive(Clone)]
pub(crate) struct Socks {
    pub(crate) address: SocketAddr,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    connections: AtomicUsize,
    datagrams: AtomicUsize,
    refuses_datagrams: AtomicBool,
    relays: Mutex<Vec<TcpStream>>,
}

impl Socks {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("bound");
        let state = Arc::<State>::default();
        let kept = state.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let state = kept.clone();
                // Who does not keep to the protocol is hung up on.
                thread::spawn(move || drop(serve(client, &state)));
            }
        });
        Self { address, state }
    }

    pub(crate) fn refuses_datagrams(self) -> Self {
        self.state.refuses_datagrams.store(true, Ordering::Relaxed);
        self
    }

    /// Connections that were made through it.
    pub(crate) fn connections(&self) -> usize {
        self.state.connections.load(Ordering::Relaxed)
    }

    /// Datagrams that were relayed, both ways.
    pub(crate) fn datagrams(&self) -> usize {
        self.state.datagrams.load(Ordering::Relaxed)
    }

    /// Ends every relay there is.
    pub(crate) fn loses_relays(&self) {
        for control in self.state.relays.lock().expect("not poisoned").drain(..) {
            let _ = control.shutdown(Shutdown::Both);
        }
    }
}

fn serve(mut client: TcpStream, state: &Arc<State>) -> io::Result<()> {
    let [_, count] = read(&mut client)?;
    let mut methods = vec![0; usize::from(count)];
    client.read_exact(&mut methods)?;
    if !methods.contains(&2) {
        return client.write_all(&[5, 0xff]);
    }
    client.write_all(&[5, 2])?;
    let [_, length] = read(&mut client)?;
    let user = text(&mut client, length)?;
    let [length] = read(&mut client)?;
    if user != USER || text(&mut client, length)? != PASSWORD {
        return client.write_all(&[1, 1]);
    }
    client.write_all(&[1, 0])?;
    let [_, command, _, kind] = read(&mut client)?;
    let host = match kind {
        1 => Ipv4Addr::from(read::<4>(&mut client)?).to_string(),
        3 => {
            let [length] = read(&mut client)?;
            text(&mut client, length)?
        }
        _ => return client.write_all(&[5, 8, 0, 1, 0, 0, 0, 0, 0, 0]),
    };
    let port = u16::from_be_bytes(read(&mut client)?);
    match command {
        1 => connect(client, &host, port, state),
        3 if !state.refuses_datagrams.load(Ordering::Relaxed) => associate(client, state),
        _ => client.write_all(&[5, 7, 0, 1, 0, 0, 0, 0, 0, 0]),
    }
}

fn connect(mut client: TcpStream, host: &str, port: u16, state: &State) -> io::Result<()> {
    let target = match TcpStream::connect((host, port)) {
        Ok(target) => target,
        Err(_) => return client.write_all(&[5, 5, 0, 1, 0, 0, 0, 0, 0, 0]),
    };
    state.connections.fetch_add(1, Ordering::Relaxed);
    client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])?;
    let (mut up, mut down) = (client.try_clone()?, target.try_clone()?);
    let other = thread::spawn(move || {
        let _ = io::copy(&mut down, &mut up);
        let _ = up.shutdown(Shutdown::Both);
    });
    let (mut from, mut to) = (client, target);
    let _ = io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Both);
    let _ = other.join();
    Ok(())
}

fn associate(mut client: TcpStream, state: &Arc<State>) -> io::Result<()> {
    let (inner, outer) = (UdpSocket::bind("127.0.0.1:0")?, UdpSocket::bind("127.0.0.1:0")?);
    // Without saying where: then it is where the proxy was found.
    let port = inner.local_addr()?.port().to_be_bytes();
    client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, port[0], port[1]])?;
    state.relays.lock().expect("not poisoned").push(client.try_clone()?);
    let user: Arc<Mutex<Option<SocketAddr>>> = Arc::default();
    let (back_inner, back_outer, back_user) = (inner.try_clone()?, outer.try_clone()?, user.clone());
    let back_state = state.clone();
    thread::spawn(move || {
        let mut buffer = [0; 2048];
        while let Ok((length, SocketAddr::V4(from))) = back_outer.recv_from(&mut buffer) {
            let Some(user) = *back_user.lock().expect("not poisoned") else { continue };
            let head = [&[0, 0, 0, 1], &from.ip().octets()[..], &from.port().to_be_bytes()].concat();
            back_state.datagrams.fetch_add(1, Ordering::Relaxed);
            let _ = back_inner.send_to(&[&head[..], &buffer[..length]].concat(), user);
        }
    });
    let state = state.clone();
    thread::spawn(move || {
        let mut buffer = [0; 2048];
        while let Ok((length, from)) = inner.recv_from(&mut buffer) {
            *user.lock().expect("not poisoned") = Some(from);
            let ([0, 0, 0, 1, a, b, c, d, high, low], datagram) =
                buffer[..length].split_first_chunk::<10>().expect("a datagram with a head")
            else {
                panic!("only IPv4 is spoken here")
            };
            state.datagrams.fetch_add(1, Ordering::Relaxed);
            let to = SocketAddr::from(([*a, *b, *c, *d], u16::from_be_bytes([*high, *low])));
            let _ = outer.send_to(datagram, to);
        }
    });
    // The relay is there as long as this connection is; its sockets stay until the test ends, which nobody minds.
    let _ = client.read(&mut [0; 1]);
    Ok(())
}

fn read<const N: usize>(from: &mut TcpStream) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn text(from: &mut TcpStream, length: u8) -> io::Result<String> {
    let mut bytes = vec![0; usize::from(length)];
    from.read_exact(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
