//! Sockets in two namespaces with a real wire between them.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

use rtc_wire::{Direction, FAR, Loss, NEAR, Network, Profile};

/// Nothing without root, who alone can make one; the README says that `./test` wants it.
fn network() -> Option<Network> {
    rustix::process::geteuid().is_root().then(|| Network::new(1).expect("root can make a network"))
}

fn socket(network: &Network, address: Ipv4Addr) -> UdpSocket {
    let place = if address == NEAR { network.near() } else { network.far() };
    let socket = place.within(|| UdpSocket::bind((address, 0))).unwrap().unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    socket
}

fn next(socket: &UdpSocket) -> u8 {
    let mut byte = [0];
    socket.recv(&mut byte).unwrap();
    byte[0]
}

#[test]
fn what_is_lost_one_way_comes_the_other() {
    let Some(network) = network() else { return };
    let (near, far) = (socket(&network, NEAR), socket(&network, FAR));
    near.connect(far.local_addr().unwrap()).unwrap();
    far.connect(near.local_addr().unwrap()).unwrap();
    far.send(&[1]).unwrap();
    assert_eq!(next(&near), 1);
    network.set(Direction::Up, Profile { loss: Loss::Uniform(1.0), ..Profile::default() });
    let before = network.counts(Direction::Up).lost;
    far.send(&[2]).unwrap();
    while network.counts(Direction::Up).lost == before {
        thread::yield_now();
    }
    near.send(&[3]).unwrap();
    assert_eq!(next(&far), 3);
    network.set(Direction::Up, Profile::default());
    far.send(&[4]).unwrap();
    assert_eq!(next(&near), 4);
}

#[test]
fn a_connection_lives_through_loss_and_delay() {
    let Some(network) = network() else { return };
    let listener = network.near().within(|| TcpListener::bind((NEAR, 0))).unwrap().unwrap();
    let address = listener.local_addr().unwrap();
    let mut far = network.far().within(|| TcpStream::connect(address)).unwrap().unwrap();
    let (mut near, _) = listener.accept().unwrap();
    network.set(Direction::Up, Profile { loss: Loss::Uniform(0.2), delay: Duration::from_millis(20), ..Profile::default() });
    let sent: Vec<u8> = (0..200_000u32).map(|number| (number % 251) as u8).collect();
    let begin = Instant::now();
    let heard = thread::scope(|scope| {
        scope.spawn(|| {
            far.write_all(&sent).unwrap();
            drop(far);
        });
        let mut heard = Vec::new();
        near.read_to_end(&mut heard).unwrap();
        heard
    });
    assert!(heard == sent);
    assert!(begin.elapsed() >= Duration::from_millis(20));
    assert!(network.counts(Direction::Up).lost > 0);
    assert_eq!(network.counts(Direction::Down).lost, 0);
}

#[test]
fn a_program_is_where_it_was_put() {
    let Some(network) = network() else { return };
    for (place, address) in [(network.near(), NEAR), (network.far(), FAR)] {
        let output = place.command("ip".as_ref()).args(["-o", "address"]).output().unwrap();
        let words = String::from_utf8(output.stdout).unwrap();
        assert!(words.contains(&format!(" wire    inet {address}/24 ")), "{words}");
    }
}
