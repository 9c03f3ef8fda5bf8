//! DTLS datagrams of sessions that are not connected yet. Each costs up to a millisecond of cryptography, so they wait until
//! the media of others has had its turn, and then only some go on. It reads none of them.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;

use rtc_protocol::SessionId;

use crate::peer::{Datagram, Transport};
use crate::route::Protocol;

/// Datagrams that may wait. Clients repeat what is dropped.
const WAITING: usize = 4096;
/// Of one session: a flight has about five, so nobody can keep the others waiting.
const WAITING_EACH: u8 = 8;

/// Those that wait, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Handshakes {
    parts: VecDeque<Part>,
    /// By session; those with none are not here.
    each: HashMap<SessionId, u8>,
}

/// A datagram, with whose it is.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) key: u32,
    pub(crate) session: SessionId,
    transport: Transport,
    source: SocketAddr,
    local: SocketAddr,
    bytes: Box<[u8]>,
}

impl Handshakes {
    /// Takes one, if there is room.
    pub(crate) fn push(&mut self, key: u32, session: SessionId, datagram: &Datagram<'_>) -> bool {
        let waiting = self.each.get(&session).copied().unwrap_or(0);
        if self.parts.len() >= WAITING || waiting >= WAITING_EACH {
            return false;
        }
        self.each.insert(session, waiting + 1);
        let Datagram { transport, source, local, bytes, .. } = *datagram;
        self.parts.push_back(Part { key, session, transport, source, local, bytes: bytes.into() });
        true
    }

    pub(crate) fn pop(&mut self) -> Option<Part> {
        let part = self.parts.pop_front()?;
        if let Some(waiting) = self.each.get_mut(&part.session) {
            *waiting -= 1;
            if *waiting == 0 {
                self.each.remove(&part.session);
            }
        }
        Some(part)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

impl Part {
    pub(crate) fn datagram(&self) -> Datagram<'_> {
        let Self { transport, source, local, ref bytes, .. } = *self;
        Datagram { transport, protocol: Protocol::Dtls, source, local, bytes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_keep_their_order_and_nobody_takes_all_the_room() {
        let address = SocketAddr::from(([127, 0, 0, 1], 1));
        let mut handshakes = Handshakes::default();
        let push = |handshakes: &mut Handshakes, n: u64, bytes: &[u8]| {
            let datagram =
                Datagram { transport: Transport::Udp, protocol: Protocol::Dtls, source: address, local: address, bytes };
            handshakes.push(n as u32, SessionId(n), &datagram)
        };
        let taken = (0..100).filter(|n| push(&mut handshakes, 1, &[22, *n])).count();
        assert_eq!(taken, usize::from(WAITING_EACH));
        assert!(push(&mut handshakes, 2, &[22, 200]));
        let parts: Vec<_> = std::iter::from_fn(|| handshakes.pop()).map(|part| part.datagram().bytes[1]).collect();
        assert_eq!(parts, [0, 1, 2, 3, 4, 5, 6, 7, 200]);
        assert!(push(&mut handshakes, 1, &[22, 0]), "there is room again");
        let all = (3..2 * WAITING as u64).filter(|n| push(&mut handshakes, *n, &[22, 0])).count();
        assert_eq!(all, WAITING - 1);
    }
}
