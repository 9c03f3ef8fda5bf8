//! One handshake in memory at the start, so that the first client does not pay for what the cryptography library does once
//! (90 ms were seen). Its failure costs nothing but that.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use rtc_protocol::SessionId;
use str0m::change::SdpAnswer;
use str0m::media::{Direction, MediaKind};
use str0m::net::{Protocol as NetProtocol, Receive};
use str0m::{Candidate, Input, Output, Rtc};

use crate::negotiator::MakePeer;
use crate::offer::Offer;
use crate::peer::{Datagram, Peer, PeerEvent, PeerOutput, Transport};
use crate::route::Protocol;

/// Rounds in which each side speaks, on a clock of their own.
const ROUNDS: u32 = 200;
const STEP: Duration = Duration::from_millis(20);
/// Where the client says it is.
const CLIENT: ([u8; 4], u16) = ([127, 0, 0, 1], 9);

/// Has a client meet a peer connection. Says whether they connected.
pub(crate) fn warm_up(maker: &dyn MakePeer) -> bool {
    let Some(mut meeting) = Meeting::new(maker) else { return false };
    (0..ROUNDS).find_map(|_| meeting.round().map_or(Some(false), |connected| connected.then_some(true))).unwrap_or(false)
}

struct Meeting {
    now: Instant,
    client: Rtc,
    peer: Box<dyn Peer>,
    /// The candidate the client checked last, which is where answers must come from.
    engine: Option<SocketAddr>,
}

impl Meeting {
    fn new(maker: &dyn MakePeer) -> Option<Self> {
        let now = Instant::now();
        let mut client = Rtc::builder().set_rtp_mode(true).build(now);
        client.add_local_candidate(Candidate::host(CLIENT.into(), "udp").ok()?);
        let mut api = client.sdp_api();
        api.add_media(MediaKind::Audio, Direction::SendOnly, None, None, None);
        let (offer, pending) = api.apply()?;

        let mut peer = maker.make(now, SessionId::new(0, 0));
        let offer = Offer { sdp: offer, sending: Vec::new(), slots: Vec::new() };
        let answer = SdpAnswer::from_sdp_string(&peer.handle_offer(now, offer).ok()?).ok()?;
        client.sdp_api().accept_answer(pending, answer).ok()?;
        Some(Self { now, client, peer, engine: None })
    }

    /// Says whether they are connected now; nothing when one of them broke.
    fn round(&mut self) -> Option<bool> {
        self.now += STEP;
        self.client.handle_input(Input::Timeout(self.now)).ok()?;
        loop {
            match self.client.poll_output().ok()? {
                Output::Timeout(_) => break,
                Output::Event(_) => {}
                Output::Transmit(transmit) => {
                    self.engine = Some(transmit.destination);
                    let datagram = Datagram {
                        transport: Transport::Udp,
                        protocol: Protocol::of(&transmit.contents),
                        source: CLIENT.into(),
                        local: transmit.destination,
                        bytes: &transmit.contents,
                    };
                    let _ = self.peer.handle_datagram(self.now, &datagram);
                }
            }
        }
        self.peer.handle_timeout(self.now).ok()?;
        loop {
            match self.peer.poll_output().ok()? {
                PeerOutput::Timeout(_) => return Some(false),
                PeerOutput::Event(PeerEvent::Connected) => return Some(true),
                PeerOutput::Event(_) => {}
                PeerOutput::Transmit(transmit) => {
                    let receive = Receive::new(NetProtocol::Udp, self.engine?, CLIENT.into(), &transmit.bytes).ok()?;
                    self.client.handle_input(Input::Receive(self.now, receive)).ok()?;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MediaConfig;
    use crate::str0m_peer::PeerMaker;

    #[test]
    fn the_two_connect() {
        let maker = PeerMaker::new(&MediaConfig::default(), &[SocketAddr::from(([127, 0, 0, 1], 8000))]).expect("a maker");
        assert!(warm_up(&maker));
    }
}
