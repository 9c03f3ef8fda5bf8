//! Datagrams of a network test, as they come to the media port.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use rtc_probe::{Key, Probes, Terms, Token, glance};

/// The test that samples are of.
const TOKEN: Token = Token(0x0123_4567_89ab_cdef);
/// What they are signed with.
const SIGNING: Key = Key([7; 32]);
/// Bytes of the shortest question. An answer is as long, so that no flood grows here.
const SHORTEST: usize = 54;

/// Takes a datagram. What is sent for it goes to where it came from, and is not more than came.
pub fn probe_datagram(data: &[u8]) -> bool {
    let source = SocketAddr::from((Ipv4Addr::LOCALHOST, 40_000));
    let ours = Some(IpAddr::from(Ipv4Addr::LOCALHOST));
    let now = Instant::now();
    let mut probes = Probes::new(now);
    let terms = Terms { key: SIGNING, secret: Key([9; 32]), down_kbps: 500, until: now + Duration::from_secs(30) };
    probes.handle_begin(TOKEN, terms);
    let is_taken = probes.handle_datagram(now, source, ours, data).is_ok();
    assert!(!is_taken || glance(data) == Some(TOKEN), "it is of no test");
    let answers: Vec<_> = std::iter::from_fn(|| probes.poll_transmit()).collect();
    assert!(answers.iter().all(|answer| answer.to == source));
    let sent = answers.iter().map(|answer| answer.bytes.len()).sum::<usize>();
    assert!(sent == 0 || (is_taken && sent <= data.len() && data.len() >= SHORTEST), "{sent} bytes for {}", data.len());
    is_taken
}
