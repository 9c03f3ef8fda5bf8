//! Counters: plain values that each shard owns and copies out once a second. Nothing here is shared on the packet path.

use std::time::Duration;

use rtc_sfu::Waits;

/// What the media part has done since its start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MediaStats {
    /// Each shard, by index. A figure is at most about a second old.
    pub shards: Vec<ShardStats>,
}

impl MediaStats {
    /// All shards added up.
    pub fn total(&self) -> ShardStats {
        let mut total = ShardStats::default();
        for shard in &self.shards {
            total.add(shard);
        }
        total
    }
}

macro_rules! counters {
    ($(#[$outer:meta])* $name:ident { $($(#[$doc:meta])* $field:ident,)* } $($rest:tt)*) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$doc])* pub $field: u64,)*
        }

        impl $name {
            /// Every counter with its name, in the order of the table, for metrics.
            pub fn each(&self) -> impl Iterator<Item = (&'static str, u64)> {
                [$((stringify!($field), self.$field),)*].into_iter()
            }

            fn add(&mut self, other: &Self) {
                $(self.$field += other.$field;)*
            }
        }
    };
}

counters! {
    /// Datagrams, packets and connections that were dropped, by cause.
    Drops {
        /// First byte of no protocol spoken here, or no byte at all.
        unknown_protocol,
        /// Longer than any datagram of an honest client.
        oversized,
        /// STUN that is malformed or not a binding request with a user name.
        stun_malformed,
        /// STUN for a user fragment nobody has here.
        stun_unknown,
        /// STUN whose password is wrong.
        stun_refused,
        /// STUN beyond what one source may send unproved.
        stun_limited,
        /// DTLS from an address that ICE has not proved.
        dtls_unproved,
        /// RTP or RTCP from an address that ICE has not proved.
        rtp_unproved,
        /// RTP or RTCP whose header or extensions do not lie within the datagram.
        rtp_malformed,
        /// RTP with a synchronisation source beyond what a session may have.
        rtp_sources,
        /// RTP of a line that sends no track, or of an unknown codec.
        rtp_unexpected,
        /// RTP from the right place that gave no packet: unknown source, no or broken encryption, bad padding, a duplicate.
        /// Honest clients cause some, too: what is only padding counts here.
        rtp_empty,
        /// Datagrams of network tests that are not signed, not of a running test, or beyond what it may have.
        probe_refused,
        /// Datagrams that a session's lower layers would not have.
        refused,
        /// Datagrams that came over from another shard too late to be of use, or were not this shard's.
        astray,
        /// Media packets for a viewer that has not negotiated the codec.
        codec_mismatch,
        /// Media packets for a viewer whose network takes less than is sent to it (only with bandwidth estimation).
        congested,
        /// Messages for another shard whose queue was full.
        queue_overflow,
        /// Datagrams that the UDP socket would not take.
        udp_send,
        /// Datagrams for a TCP connection whose client does not read.
        tcp_send,
        /// TCP connections closed at once: too many in total or from one source.
        tcp_limited,
        /// TCP connections closed because they said nothing in time.
        tcp_silent,
        /// TCP connections closed because they said something else than framed STUN of a session here.
        tcp_refused,
    }
}

counters! {
    /// What has been counted on a shard.
    Counts {
        /// Datagrams received, those of TCP included.
        datagrams_in,
        /// Bytes received.
        bytes_in,
        /// Datagrams sent.
        datagrams_out,
        /// Bytes sent.
        bytes_out,
        /// System calls made to send UDP: a GSO batch is one.
        udp_batches_out,
        /// Datagrams received for sessions of other shards, and passed on.
        datagrams_passed,
        /// Media packets received.
        packets_in,
        /// Media packets forwarded to a viewer.
        packets_out,
        /// Media packets handed to another shard.
        packets_crossed,
        /// Packets in which a viewer can be switched to the source.
        keyframes_in,
        /// Key frames asked of publishers.
        keyframes_requested,
        /// Sessions that were heard again after a silence, or from another address.
        returns,
        /// TCP connections that began like TLS or HTTP and were handed over.
        visitors,
        /// Checks of checkups answered (`rtc-engine doctor`).
        checkups,
        /// Offers answered.
        offers,
        /// Offers refused that had been readable: of sessions not here, or not fitting what was negotiated before.
        offers_refused,
        /// Sessions ended because their code panicked.
        panics,
    }
}

/// What waits for a shard, or in it for its socket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Queues {
    /// Wishes of rooms and clients.
    pub control: u64,
    /// Datagrams that landed on other shards.
    pub datagrams: u64,
    /// Media packets of other shards' publishers.
    pub packets: u64,
    /// Bytes that the UDP socket had no room for.
    pub udp_bytes: u64,
}

impl Queues {
    /// Each with its name, for metrics.
    pub fn each(&self) -> impl Iterator<Item = (&'static str, u64)> {
        [("control", self.control), ("datagrams", self.datagrams), ("packets", self.packets), ("udp_bytes", self.udp_bytes)]
            .into_iter()
    }

    pub(crate) fn keep_most(&mut self, other: &Self) {
        self.control = self.control.max(other.control);
        self.datagrams = self.datagrams.max(other.datagrams);
        self.packets = self.packets.max(other.packets);
        self.udp_bytes = self.udp_bytes.max(other.udp_bytes);
    }
}

/// One shard's figures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShardStats {
    /// Peer connections that are held now.
    pub sessions: u64,
    /// Of these, those that are connected.
    pub connected: u64,
    /// TCP connections that are open now, those that have not said anything yet included.
    pub tcp_connections: u64,
    /// Time the loop was at work rather than asleep.
    pub busy: Duration,
    /// The most that waited in its queues within the last second.
    pub queues: Queues,
    /// How long viewers waited for pictures.
    pub waits: Waits,
    /// What has been counted.
    pub counts: Counts,
    /// What was dropped.
    pub drops: Drops,
}

impl ShardStats {
    fn add(&mut self, other: &Self) {
        self.sessions += other.sessions;
        self.connected += other.connected;
        self.tcp_connections += other.tcp_connections;
        self.busy += other.busy;
        self.queues.keep_most(&other.queues);
        self.waits.add(&other.waits);
        self.counts.add(&other.counts);
        self.drops.add(&other.drops);
    }
}
