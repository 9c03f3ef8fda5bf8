//! What a shard needs of a peer connection, as a trait: ICE, DTLS, SRTP and RTCP are behind it. It opens no socket and
//! decides nothing about forwarding.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use rtc_egress::Sink;
use rtc_protocol::{Layer, Track};
use rtc_sfu::{PacketInfo, Rewrite, SlotId, SlotSpec};
use str0m::format::PayloadParams;
use str0m::rtp::VideoOrientation;

use crate::OfferError;
use crate::offer::Offer;
use crate::route::{Protocol, Ufrag};

/// How a datagram travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    /// As a UDP datagram.
    Udp,
    /// Framed in a TCP stream (RFC 4571).
    Tcp,
}

/// A way to a client.
pub(crate) type Route = (Transport, SocketAddr);

/// A datagram that arrived.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Datagram<'a> {
    pub(crate) transport: Transport,
    pub(crate) protocol: Protocol,
    pub(crate) source: SocketAddr,
    /// The advertised address it was sent to.
    pub(crate) local: SocketAddr,
    pub(crate) bytes: &'a [u8],
}

/// What came of a datagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It was worked in; poll for what follows.
    Yes,
    /// It is no RTP or RTCP, whatever its first byte said.
    Malformed,
    /// It has a synchronisation source more than a session may have.
    TooManySources,
    /// It is RTCP that is not of the client, has come before, or is malformed inside.
    BadRtcp,
    /// The layers below would not have it.
    Refused,
}

/// What a peer connection has to say.
#[derive(Debug)]
pub(crate) enum PeerOutput {
    /// Send this.
    Transmit(Transmit),
    /// This happened.
    Event(PeerEvent),
    /// Nothing more until then, or until there is input.
    Timeout(Instant),
}

/// A datagram to send.
#[derive(Debug)]
pub(crate) struct Transmit {
    pub(crate) transport: Transport,
    pub(crate) destination: SocketAddr,
    pub(crate) bytes: Vec<u8>,
}

/// What happened on a peer connection.
#[derive(Debug)]
pub(crate) enum PeerEvent {
    /// Media can flow, for the first time or again.
    Connected,
    /// The client has not been heard for about 12 s.
    Lost,
    /// The client closed the connection.
    Closed,
    /// A packet of one of the client's tracks.
    Packet(MediaPacket),
    /// A packet of a line that sends no track.
    Unexpected,
    /// What the network towards the client takes of media, in bits a second; nothing where that is not known yet, or no
    /// more.
    Estimate(Option<u64>),
    /// The client cannot decode what is in one of its slots and wants a key frame.
    KeyframeWanted(SlotId),
}

/// A received packet on its way to viewers: parsed once, then shared.
#[derive(Debug, Clone)]
pub(crate) struct MediaPacket {
    /// What forwarding decides by.
    pub(crate) info: PacketInfo,
    /// The codec it was negotiated as by its publisher. Packets of a layer share one allocation, so that viewers can tell
    /// by the pointer that nothing has changed.
    pub(crate) format: Arc<PayloadParams>,
    pub(crate) payload: Arc<[u8]>,
    /// RFC 6464, as viewers want it too.
    pub(crate) audio_level: Option<i8>,
    pub(crate) voice_activity: Option<bool>,
    pub(crate) orientation: Option<VideoOrientation>,
}

/// What came of writing a packet into a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// It will leave with the next [`Peer::send`], or later.
    Yes,
    /// The client has not negotiated the codec.
    NoCodec,
    /// Too much waits already for this slot's turn to be sent.
    Congested,
    /// There is no such slot (yet).
    NoSlot,
}

/// A fault of a peer connection that it does not survive.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct PeerFault(pub(crate) String);

/// A peer connection. After any call but [`proves`](Self::proves) and [`write`](Self::write) it is told to
/// [`send`](Self::send), where it wants to and has a route, and polled until it says `Timeout`; after writing,
/// [`handle_timeout`](Self::handle_timeout) is called first.
pub(crate) trait Peer: Send {
    /// Takes an offer, the first or a later one, and gives the answer.
    fn handle_offer(&mut self, now: Instant, offer: Offer) -> Result<String, OfferError>;

    /// The user fragment by which the client's STUN is told from others'. An offer may change it.
    fn ufrag(&self) -> Ufrag;

    /// All receiving lines, as of the last offer.
    fn slots(&self) -> Vec<SlotSpec>;

    /// The mid of a slot.
    fn slot_mid(&self, slot: SlotId) -> Option<&str>;

    /// Whether a STUN message bears the session's password. Changes nothing.
    fn proves(&self, now: Instant, datagram: &Datagram<'_>) -> bool;

    /// Takes a datagram from an address that was proved.
    fn handle_datagram(&mut self, now: Instant, datagram: &Datagram<'_>) -> Taken;

    /// Time has passed, or packets were written.
    fn handle_timeout(&mut self, now: Instant) -> Result<(), PeerFault>;

    /// The next thing it has to say.
    fn poll_output(&mut self) -> Result<PeerOutput, PeerFault>;

    /// Puts a packet into a slot.
    fn write(&mut self, now: Instant, packet: &MediaPacket, rewrite: &Rewrite) -> Written;

    /// Where media goes; nothing before ICE has chosen.
    fn route(&self) -> Option<Route>;

    /// Whether there is something to [`send`](Self::send) by now.
    fn wants_to_send(&self, now: Instant) -> bool;

    /// Sends what was written, and what else of media is due.
    fn send(&mut self, now: Instant, out: &mut dyn Sink);

    /// Asks the client for a key frame of one of its layers.
    fn request_keyframe(&mut self, track: Track, layer: Layer);

    /// Has bandwidth looked for up to `most`, and traffic made up to `least` as far as the estimate goes, both in bits a
    /// second. It is called afterwards as after writing.
    fn set_goal(&mut self, most: u64, least: u64);

    /// Says good-bye to the client; poll once more.
    fn close(&mut self);
}
