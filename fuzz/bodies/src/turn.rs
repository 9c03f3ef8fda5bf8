//! What a TURN client sends, by datagrams and in a stream.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rtc_turn::client::{Client, Told};
use rtc_turn::{Authority, Caller, Config, Frame, Outcome, Quotas, Server, frame};

/// What an error's answer may be long: a stranger gets no more than this.
const LONGEST_ERROR: usize = 100;
/// Where the client of the samples is, and whom it may speak with.
const CLIENT: ([u8; 4], u16) = ([198, 51, 100, 7], 4711);
const PEER: ([u8; 4], u16) = ([192, 0, 2, 1], 8000);
const CHANNEL: u16 = 0x4001;

/// A message of a client that has an allocation, with a channel to its peer. It is taken when it is answered well, or carries
/// something to the peer.
pub fn turn_message(data: &[u8]) -> bool {
    if let Frame::Whole { length, taken } = frame(data) {
        assert!(length <= taken && taken <= data.len() && taken - length < 4);
    }
    let began = Instant::now();
    let authority = Arc::new(Authority::new([7; 32], began));
    let config = Config { peers: [PEER.into()].into(), index: 0, servers: 1 };
    let mut server = Server::new(config, Arc::clone(&authority), Arc::new(Quotas::new(2, 2)));
    let new_client = || Client::new(authority.grant(began, "ann", Duration::from_secs(60)));
    let (mut client, remote) = (new_client(), SocketAddr::from(CLIENT));
    let caller = Caller::Udp { remote, local_ip: None };
    // Another one, because what it reads may be what this server answers to a stranger.
    let _ = new_client().read(data);
    let mut ask = |client: &mut Client, request: Vec<u8>| match server.handle(began, caller, remote, &request) {
        Outcome::Answer { bytes, .. } => client.read(&bytes) != Told::Again,
        _ => unreachable!("a request is answered"),
    };
    let stranger = client.allocate(&[1; 12]);
    assert!(!ask(&mut client, stranger));
    let allocate = client.allocate(&[2; 12]);
    assert!(ask(&mut client, allocate));
    let bind = client.bind(&[3; 12], CHANNEL, PEER.into());
    assert!(ask(&mut client, bind));
    match server.handle(began, caller, remote, data) {
        Outcome::Relay { from, to, data: carried } => {
            assert!(rtc_turn::is_relayed(&from) && to == PEER.into() && carried.len() < data.len());
            true
        }
        Outcome::Answer { bytes, .. } => match client.read(&bytes) {
            Told::Done | Told::Allocated { .. } => true,
            _ => {
                assert!(bytes.len() <= LONGEST_ERROR, "{} bytes", bytes.len());
                false
            }
        },
        Outcome::Drop(_) => false,
    }
}
