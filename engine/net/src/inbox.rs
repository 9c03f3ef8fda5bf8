//! The bounded queues into a shard, and the bell that wakes it. Nobody but the shard reads them.
//!
//! There are three, because they differ in what overflow means: what rooms and clients ask for must not be lost and may make
//! its sender wait; datagrams and packets of other shards are dropped like the network drops them.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crossbeam_channel::{Receiver, Sender, bounded};
use mio::Waker;
use rtc_probe::{Terms, Token};
use rtc_protocol::{MediaAnswer, MediaOffer, ProbeFindings, SessionId};
use rtc_sfu::{KeyframeNeed, LayerRef};

use crate::OfferError;
use crate::offer::Offer;
use crate::peer::{MediaPacket, Peer};
use crate::route::MAX_DATAGRAM;
use crate::stats::{Queues, ShardStats};
use crate::tcp::Greeted;

const CONTROL: usize = 16 * 1024;
const DATAGRAMS: usize = 2048;
const PACKETS: usize = 8192;

/// Calls back with the answer to an offer; called once.
pub(crate) type Reply = Box<dyn FnOnce(Result<MediaAnswer, OfferError>) + Send>;

/// Calls back with the findings of a network test, if there is one; called once.
pub(crate) type FindingsReply = Box<dyn FnOnce(Option<ProbeFindings>) + Send>;

/// What is asked of a shard.
pub(crate) enum Control {
    /// A room's wish.
    Command(rtc_sfu::Command),
    /// A new peer connection for a session, in place of the one it may have.
    Install { session: SessionId, peer: Box<dyn Peer>, answer: MediaAnswer, reply: Reply },
    /// A later offer on the running peer connection.
    Renegotiate { session: SessionId, offer: Box<Offer>, reply: Reply },
    /// Another shard wants a layer of a publisher here, or does so no more.
    Interest { from: u8, layer: LayerRef, on: bool },
    /// Another shard needs a key frame of a publisher here.
    Keyframe { layer: LayerRef, need: KeyframeNeed },
    /// Another shard has proved an address whose datagrams arrive here.
    Address { address: SocketAddr, shard: u8 },
    /// A TCP connection that named a session here.
    Stream(Box<Greeted>),
    /// A network test begins.
    Probe { token: Token, terms: Box<Terms> },
    /// A network test begins on another shard: its datagrams may land here until then.
    ProbeElsewhere { token: Token, until: Instant },
    /// It ends: tell what was found.
    ProbeEnd { token: Token, reply: FindingsReply },
    /// Tell the figures of now.
    Stats(Sender<ShardStats>),
    /// End all sessions, then the thread.
    Stop,
}

/// A datagram that landed on the wrong shard. The bytes are inline, so that the queue's memory is allocated once and passing
/// one on allocates nothing.
pub(crate) struct Passed {
    pub(crate) from: u8,
    pub(crate) source: SocketAddr,
    pub(crate) local_ip: Option<IpAddr>,
    len: u16,
    bytes: [u8; MAX_DATAGRAM],
}

impl Passed {
    /// `bytes` has at most [`MAX_DATAGRAM`]; what is longer is cut.
    pub(crate) fn new(from: u8, source: SocketAddr, local_ip: Option<IpAddr>, datagram: &[u8]) -> Self {
        let len = datagram.len().min(MAX_DATAGRAM);
        let mut bytes = [0; MAX_DATAGRAM];
        bytes[..len].copy_from_slice(&datagram[..len]);
        Self { from, source, local_ip, len: len as u16, bytes }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }
}

/// The way into a shard.
#[derive(Clone)]
pub(crate) struct Outlet {
    control: Sender<Control>,
    datagrams: Sender<Passed>,
    packets: Sender<Arc<MediaPacket>>,
    bell: Arc<Bell>,
}

/// What a shard reads.
pub(crate) struct Inbox {
    pub(crate) control: Receiver<Control>,
    pub(crate) datagrams: Receiver<Passed>,
    pub(crate) packets: Receiver<Arc<MediaPacket>>,
    bell: Arc<Bell>,
}

/// Wakes the shard at most once until it looks.
struct Bell {
    waker: Waker,
    rung: AtomicBool,
}

/// A queue that was full, or whose shard has gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full;

/// Makes the two ends.
pub(crate) fn inbox(waker: Waker) -> (Outlet, Inbox) {
    let (control_in, control) = bounded(CONTROL);
    let (datagrams_in, datagrams) = bounded(DATAGRAMS);
    let (packets_in, packets) = bounded(PACKETS);
    let bell = Arc::new(Bell { waker, rung: AtomicBool::new(false) });
    let outlet = Outlet { control: control_in, datagrams: datagrams_in, packets: packets_in, bell: bell.clone() };
    (outlet, Inbox { control, datagrams, packets, bell })
}

impl Outlet {
    /// Asks, and waits while the queue is full. Not for shards, which could wait for each other. Gives the request back when
    /// the shard has gone.
    pub(crate) fn ask(&self, control: Control) -> Result<(), Control> {
        let sent = self.control.send(control).map_err(|e| e.0);
        self.ring();
        sent
    }

    /// Asks if there is room; [`ring`](Self::ring) afterwards.
    pub(crate) fn try_ask(&self, control: Control) -> Result<(), Full> {
        self.control.try_send(control).map_err(|_| Full)
    }

    /// Passes a datagram on if there is room; [`ring`](Self::ring) afterwards.
    pub(crate) fn try_pass(&self, datagram: Passed) -> Result<(), Full> {
        self.datagrams.try_send(datagram).map_err(|_| Full)
    }

    /// Hands a packet over if there is room; [`ring`](Self::ring) afterwards.
    pub(crate) fn try_hand(&self, packet: Arc<MediaPacket>) -> Result<(), Full> {
        self.packets.try_send(packet).map_err(|_| Full)
    }

    /// Wakes the shard. A shard that has not looked since it was woken last is not woken again.
    pub(crate) fn ring(&self) {
        if !self.bell.rung.swap(true, Ordering::AcqRel)
            && let Err(e) = self.bell.waker.wake()
        {
            tracing::error!("a shard cannot be woken: {e}");
        }
    }
}

impl Inbox {
    /// Says that the shard is about to look: who comes after this rings again.
    pub(crate) fn hush(&self) {
        self.bell.rung.store(false, Ordering::Release);
    }

    /// How much waits.
    pub(crate) fn depths(&self) -> Queues {
        let depth = |len: usize| len as u64;
        Queues {
            control: depth(self.control.len()),
            datagrams: depth(self.datagrams.len()),
            packets: depth(self.packets.len()),
            ..Queues::default()
        }
    }

    /// Whether something is left.
    pub(crate) fn is_empty(&self) -> bool {
        self.control.is_empty() && self.datagrams.is_empty() && self.packets.is_empty()
    }
}

/// An offer with the one who waits for its answer.
pub(crate) struct Application {
    pub(crate) session: SessionId,
    pub(crate) offer: MediaOffer,
    pub(crate) reply: Reply,
}
