//! What reads the network's bytes here, for the fuzz targets alone. Nothing of it is an interface.

use std::net::SocketAddr;
use std::sync::LazyLock;
use std::time::Instant;

use rtc_protocol::{MediaOffer, SessionId};

use crate::negotiator::MakePeer as _;
use crate::offer::Offer;
use crate::route::{MAX_DATAGRAM, Protocol, Ufrag};
use crate::str0m_peer::{PeerMaker, rtp_ssrc};
use crate::stun::{self, Glance};
use crate::{MediaConfig, OfferError, door, tcp};

/// Reads an offer, builds a peer connection for it, and has it read once more on that. Gives the answers.
pub fn offer(offer: &MediaOffer) -> Result<[String; 2], OfferError> {
    static MAKER: LazyLock<(MediaConfig, PeerMaker)> = LazyLock::new(|| {
        let config = MediaConfig { bandwidth_estimation: true, ..MediaConfig::default() };
        let maker = PeerMaker::new(&config, &[SocketAddr::from(([192, 0, 2, 1], 8000))]);
        (config, maker.expect("an address that can be advertised"))
    });
    let (config, maker) = &*MAKER;
    let (first, again) = (Offer::read(offer, config.terms())?, Offer::read(offer, config.terms())?);
    let now = Instant::now();
    let mut peer = maker.make(now, SessionId::new(1, 0));
    Ok([peer.handle_offer(now, first)?, peer.handle_offer(now, again)?])
}

/// Where a datagram belongs, as far as it says so itself: the shard that its check names, or the source of its RTP.
pub fn datagram(bytes: &[u8]) -> Option<u64> {
    match Protocol::of(bytes) {
        Protocol::Stun => match stun::glance(bytes) {
            Glance::Request { ufrag, .. } => {
                // Remembered, so it must not fail for what was glanced at.
                let _ = stun::transaction(bytes);
                Ufrag::parse(ufrag).map(|ufrag| ufrag.shard() as u64)
            }
            Glance::Other | Glance::Malformed => None,
        },
        Protocol::Probe => rtc_probe::glance(bytes).map(|token| token.0),
        Protocol::Rtp => rtp_ssrc(bytes).map(u64::from),
        Protocol::Dtls | Protocol::Rtcp | Protocol::Unknown => None,
    }
}

/// What a new TCP connection has said so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Greeting {
    /// Too little to tell.
    Unfinished,
    /// The user fragment of a session.
    Names([u8; 16]),
    /// A request to a TURN server begins.
    Turn,
    /// Something else.
    Foreign,
}

/// Reads the beginning of a TCP connection.
pub fn greeting(bytes: &[u8]) -> Greeting {
    match door::greeting(bytes) {
        door::Greeting::Unfinished => Greeting::Unfinished,
        door::Greeting::Names(ufrag) => Greeting::Names(ufrag.bytes()),
        door::Greeting::Turn => Greeting::Turn,
        door::Greeting::Foreign => Greeting::Foreign,
    }
}

/// The frames of a TCP connection's bytes, what is left of an unfinished one, and whether the rest is none.
pub fn frames(bytes: &[u8]) -> (Vec<&[u8]>, &[u8], bool) {
    let (frames, end, over) = tcp::split(bytes);
    (frames.into_iter().map(|frame| &bytes[frame]).collect(), &bytes[end..], over)
}

/// The longest datagram, framed or not.
pub const LONGEST: usize = MAX_DATAGRAM;
