//! Datagrams that are sent more than once, byte for byte: packets of pictures that are asked for again and again, and requests
//! on a way that loses many. A receiver that has the first takes no notice of the others. It encrypts and sends nothing.
//!
//! The receiver's `str0m` asks five times for a packet that is missing and then never again, and each answer by
//! retransmission is lost as easily as the packet was. So what is asked for a second time is answered more than once.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use str0m::rtp::rtcp::Rtcp;

use crate::{Output, Protocol};

/// Sent packets of pictures that are kept, and for how long. Who is asked for an older one cannot help any more.
const KEPT_PACKETS: usize = 1000;
const KEPT_FOR: Duration = Duration::from_secs(2);
/// Between two of the same: losses come in bursts.
const APART: Duration = Duration::from_millis(12);
/// A packet that is still missed when it is this old was asked for several times, whether that was heard or not.
const OLD: Duration = Duration::from_millis(250);
/// The most copies that wait. What is beyond it would be late.
const MOST_WAITING: usize = 500;
/// Loss of both ways from which on requests of the other side must be thought lost, and packets are sent several times without
/// any.
const DEAF: f32 = 25.0;
/// Copies of each packet then. Of three of which half are lost one arrives in seven of eight cases; the rest is for requests.
const UNASKED: u32 = 2;

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Again {
    kept: BTreeMap<(u32, u16), Kept>,
    /// The keys of `kept`, oldest first.
    order: VecDeque<(Instant, (u32, u16))>,
    /// What is to be sent, by its time; the number tells those of one time apart.
    waiting: BTreeMap<(Instant, u64), Datagram>,
    number: u64,
    /// The last datagram of control packets, until it is known what is in it.
    control: Option<Datagram>,
    /// Percent lost on the way up and on the way down, as of the last report.
    loss: (f32, f32),
}

#[derive(Debug)]
struct Kept {
    at: Instant,
    asked: u32,
    datagram: Datagram,
}

/// A datagram and its way.
#[derive(Debug, Clone)]
pub(crate) struct Datagram {
    pub(crate) local: SocketAddr,
    pub(crate) remote: SocketAddr,
    pub(crate) bytes: Vec<u8>,
}

impl Again {
    /// What was lost lately, in percent. Who only sends or only receives knows of one way, and takes the other to be alike.
    pub(crate) fn know_loss(&mut self, up: Option<f32>, down: Option<f32>) {
        self.loss = (up.or(down).unwrap_or_default(), down.or(up).unwrap_or_default());
    }

    /// A datagram goes out. `is_video` knows the sources of pictures.
    pub(crate) fn sent(&mut self, now: Instant, datagram: &Datagram, is_video: impl Fn(u32) -> bool) {
        match Kind::of(&datagram.bytes) {
            Kind::Rtp { ssrc, seq } if is_video(ssrc) => {
                self.forget(now);
                self.order.push_back((now, (ssrc, seq)));
                self.kept.insert((ssrc, seq), Kept { at: now, asked: 0, datagram: datagram.clone() });
                self.repeat(now + APART, self.unasked(), datagram);
            }
            Kind::Rtcp => self.control = Some(datagram.clone()),
            Kind::Rtp { .. } | Kind::Other => {}
        }
    }

    /// What was in the last datagram of control packets: requests are sent as often as it takes for nine of ten to arrive.
    pub(crate) fn controlled(&mut self, now: Instant, packet: &Rtcp) {
        if !matches!(packet, Rtcp::Nack(_) | Rtcp::Pli(_) | Rtcp::Fir(_)) {
            return;
        }
        let copies = match self.loss.0 {
            0.0..15.0 => 0,
            ..35.0 => 1,
            _ => 2,
        };
        if let Some(datagram) = self.control.take() {
            self.repeat(now + APART, copies, &datagram);
        }
    }

    /// The other side misses packets of a source: pairs of a number and a mask of those after it (RFC 4585 section 6.2.1). Each
    /// is sent again once by `str0m` already.
    pub(crate) fn missed(&mut self, now: Instant, ssrc: u32, entries: impl Iterator<Item = (u16, u16)>) {
        if self.loss.0 < LOST {
            // They are late, not lost, and come twice as it is.
            return;
        }
        for (first, mask) in entries {
            let others = (0..16_u16).filter(|bit| mask >> bit & 1 == 1).map(|bit| first.wrapping_add(bit + 1));
            for seq in [first].into_iter().chain(others) {
                let Some(kept) = self.kept.get_mut(&(ssrc, seq)) else { continue };
                kept.asked += 1;
                let is_old = now.saturating_duration_since(kept.at) > OLD || self.loss.1 >= DEAF;
                let copies = if is_old { MOST_COPIES } else { (kept.asked - 1).min(MOST_COPIES) };
                let datagram = kept.datagram.clone();
                self.repeat(now + APART, copies, &datagram);
            }
        }
    }

    /// How often each packet of pictures is sent beside the first time.
    pub(crate) fn unasked(&self) -> u32 {
        if self.loss.0 >= DEAF && self.loss.1 >= DEAF { UNASKED } else { 0 }
    }

    /// The next copy that is due.
    pub(crate) fn poll(&mut self, now: Instant) -> Option<Output> {
        let entry = self.waiting.first_entry().filter(|entry| entry.key().0 <= now)?;
        let Datagram { local, remote, bytes } = entry.remove();
        Some(Output::Transmit { protocol: Protocol::Udp, local, remote, bytes })
    }

    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        self.waiting.first_key_value().map(|((at, _), _)| *at)
    }

    /// There are other paths now.
    pub(crate) fn clear(&mut self) {
        *self = Self { loss: self.loss, ..Self::default() };
    }

    fn repeat(&mut self, first: Instant, copies: u32, datagram: &Datagram) {
        for copy in 0..copies {
            if self.waiting.len() >= MOST_WAITING {
                return;
            }
            self.number += 1;
            self.waiting.insert((first + APART * copy, self.number), datagram.clone());
        }
    }

    fn forget(&mut self, now: Instant) {
        while let Some((at, key)) = self.order.front()
            && (self.order.len() >= KEPT_PACKETS || now.saturating_duration_since(*at) > KEPT_FOR)
        {
            // A number that came round again belongs to the newer packet.
            if self.kept.get(key).is_some_and(|kept| kept.at == *at) {
                self.kept.remove(key);
            }
            self.order.pop_front();
        }
    }
}

/// Loss of the way there, in percent, below which nothing is sent more often than asked.
const LOST: f32 = 5.0;
/// Copies of a packet that was asked for often: of four of which half are lost one arrives in fifteen of sixteen cases.
const MOST_COPIES: u32 = 3;

/// What a datagram is (RFC 7983, RFC 5761).
enum Kind {
    Rtp { ssrc: u32, seq: u16 },
    Rtcp,
    Other,
}

impl Kind {
    fn of(bytes: &[u8]) -> Self {
        match bytes {
            [128..=191, 192..=223, ..] => Self::Rtcp,
            [128..=191, _, s1, s0, _, _, _, _, c3, c2, c1, c0, ..] => {
                Self::Rtp { ssrc: u32::from_be_bytes([*c3, *c2, *c1, *c0]), seq: u16::from_be_bytes([*s1, *s0]) }
            }
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use str0m::rtp::rtcp::Pli;

    use super::*;

    const VIDEO: u32 = 7;

    fn datagram(seq: u16, ssrc: u32) -> Datagram {
        let address = SocketAddr::from(([192, 0, 2, 1], 1));
        let mut bytes = vec![0x90, 96];
        bytes.extend(seq.to_be_bytes());
        bytes.extend([0; 4]);
        bytes.extend(ssrc.to_be_bytes());
        Datagram { local: address, remote: address, bytes }
    }

    fn control() -> Datagram {
        Datagram { bytes: vec![0x80, 201, 0, 1, 0, 0, 0, 1], ..datagram(0, 0) }
    }

    fn due(again: &mut Again, now: Instant) -> usize {
        std::iter::from_fn(|| again.poll(now)).count()
    }

    #[test]
    fn what_is_asked_for_once_more_is_answered_more_than_once() {
        let (mut again, start) = (Again::default(), Instant::now());
        again.know_loss(Some(50.0), Some(0.0));
        let at = |ms| start + Duration::from_millis(ms);
        for seq in [65_535, 0, 1, 2] {
            again.sent(start, &datagram(seq, VIDEO), |ssrc| ssrc == VIDEO);
        }
        again.sent(start, &datagram(1, 8), |ssrc| ssrc == VIDEO);
        // 65535 and 1.
        let missed = || [(65_535, 0b10)].into_iter();
        again.missed(at(50), VIDEO, missed());
        assert_eq!(again.poll_timeout(), None, "once is what str0m does");
        again.missed(at(100), VIDEO, missed());
        assert_eq!((again.poll_timeout(), due(&mut again, at(150))), (Some(at(112)), 2));
        again.missed(at(150), VIDEO, missed());
        assert_eq!(due(&mut again, at(249)), 4);
        again.missed(at(300), VIDEO, [(2, 0)].into_iter());
        assert_eq!(due(&mut again, at(400)), 3, "an old one is in danger");
        again.missed(at(301), VIDEO, [(40, 0xffff)].into_iter());
        assert_eq!(again.poll_timeout(), None, "never sent");
    }

    #[test]
    fn only_requests_are_repeated_and_only_where_much_is_lost() {
        let (mut again, start) = (Again::default(), Instant::now());
        let later = start + Duration::from_secs(1);
        let pli = Rtcp::Pli(Pli { sender_ssrc: 1.into(), ssrc: 2.into() });
        for (loss, copies) in [(None, 0), (Some(10.0), 0), (Some(20.0), 1), (Some(50.0), 2), (Some(100.0), 2)] {
            again.know_loss(loss, Some(0.0));
            again.sent(start, &control(), |_| false);
            again.controlled(start, &pli);
            again.controlled(start, &pli);
            assert_eq!(due(&mut again, later), copies, "{loss:?}");
        }
    }

    #[test]
    fn where_neither_packets_nor_requests_arrive_everything_is_sent_three_times() {
        let (mut again, start) = (Again::default(), Instant::now());
        again.know_loss(Some(50.0), Some(50.0));
        again.sent(start, &datagram(1, VIDEO), |ssrc| ssrc == VIDEO);
        again.sent(start, &datagram(1, 8), |ssrc| ssrc == VIDEO);
        assert_eq!(due(&mut again, start + Duration::from_secs(1)), 2);
    }

    #[test]
    fn what_is_kept_and_what_waits_is_bounded() {
        let (mut again, start) = (Again::default(), Instant::now());
        again.know_loss(Some(50.0), Some(50.0));
        for n in 0..100_000_u32 {
            let now = start + Duration::from_micros(n.into());
            again.sent(now, &datagram(n as u16, VIDEO + n % 3), |_| true);
            again.missed(now, VIDEO, [(n as u16, 0xffff)].into_iter());
        }
        assert!(again.kept.len() <= KEPT_PACKETS && again.order.len() <= KEPT_PACKETS);
        assert!(again.waiting.len() <= MOST_WAITING);
        again.sent(start + Duration::from_secs(9), &datagram(1, VIDEO), |_| true);
        assert_eq!((again.kept.len(), again.order.len()), (1, 1));
    }
}
