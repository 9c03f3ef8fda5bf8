//! A client by `str0m`, and the engine's end of its connection, for stories in a time of their own. What is between them, and who
//! calls them when, is the stories' matter.

use std::time::Instant;

use rtc_protocol::{Lines, MediaOffer, OfferPurpose, SessionId};
use str0m::change::{SdpAnswer, SdpApi};
use str0m::net::{Protocol as NetProtocol, Receive};
use str0m::{Candidate, Input, Rtc, RtcConfig};

use super::{CLIENT, ENGINE, Sent};
use crate::negotiator::MakePeer;
use crate::offer::{Offer, Terms};
use crate::peer::{Datagram, Peer, Taken, Transport};
use crate::route::Protocol;
use crate::str0m_peer::PeerMaker;

pub(super) struct End {
    pub(super) session: SessionId,
    pub(super) peer: Box<dyn Peer>,
    pub(super) peer_due: Instant,
    pub(super) client: Rtc,
    pub(super) client_due: Instant,
}

impl End {
    /// They have agreed on lines, and on reports of what arrives where `feedback` says so; nothing has been sent yet.
    pub(super) fn agreed(
        now: Instant,
        maker: &PeerMaker,
        session: SessionId,
        client: RtcConfig,
        feedback: bool,
        offers: impl FnOnce(&mut SdpApi<'_>) -> Lines,
    ) -> (Self, Lines) {
        let mut client = client.set_rtp_mode(true).build(now);
        client.add_local_candidate(Candidate::host(CLIENT.into(), "udp").expect("an address"));
        let mut api = client.sdp_api();
        let lines = offers(&mut api);
        let (offer, pending) = api.apply().expect("an offer");
        let offer = MediaOffer { purpose: OfferPurpose::Enter, sdp: offer.to_sdp_string(), lines: lines.clone() };
        let offer = Offer::read(&offer, Terms { max_slots: 4, feedback }).expect("a good offer");
        let mut peer = maker.make(now, session);
        let answer = peer.handle_offer(now, offer).expect("an answer");
        client.sdp_api().accept_answer(pending, SdpAnswer::from_sdp_string(&answer).expect("SDP")).expect("it fits");
        (Self { session, peer, peer_due: now, client, client_due: now }, lines)
    }

    /// A datagram of the engine's comes to the client.
    pub(super) fn give_client(&mut self, now: Instant, datagram: &[u8]) {
        let receive = Receive::new(NetProtocol::Udp, ENGINE.into(), CLIENT.into(), datagram).expect("a datagram");
        self.client.handle_input(Input::Receive(now, receive)).expect("it lives");
    }

    /// A datagram of the client's comes to the engine.
    pub(super) fn give_engine(&mut self, now: Instant, bytes: &[u8]) -> Taken {
        let (transport, protocol) = (Transport::Udp, Protocol::of(bytes));
        self.peer.handle_datagram(now, &Datagram { transport, protocol, source: CLIENT.into(), local: ENGINE.into(), bytes })
    }

    /// What the engine's end sends now of what it was given to send.
    pub(super) fn send(&mut self, now: Instant) -> Sent {
        let mut sent = Sent::default();
        if self.peer.wants_to_send(now) && self.peer.route() == Some((Transport::Udp, CLIENT.into())) {
            self.peer.send(now, &mut sent);
        }
        sent
    }
}
