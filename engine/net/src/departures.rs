//! What goes out of a shard: packets into slots and to other shards, what the forwarder wants done, and what peer connections
//! have to say.

use std::net::{IpAddr, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use rtc_egress::Sink;
use rtc_sfu::{Output, PeerKey};

use crate::EndReason;
use crate::inbox::Control;
use crate::media::MediaEvent;
use crate::peer::{MediaPacket, PeerEvent, PeerOutput, Transmit, Transport, Written};
use crate::shard::Shard;
use crate::socket::Udp;
use crate::stats::ShardStats;
use crate::tcp::Stream;

/// Media for one session, on its way into the UDP socket.
struct UdpSink<'a> {
    udp: &'a mut Udp,
    to: SocketAddr,
    from: Option<IpAddr>,
    stats: &'a mut ShardStats,
}

/// Media for one session, on its way into its TCP connection.
struct TcpSink<'a> {
    stream: Option<&'a mut Stream>,
    stats: &'a mut ShardStats,
    /// For what the connection does not take.
    dropped: Vec<u8>,
}

/// Media for one session, on its way through TURN. Few are reached like that, so its memory is made anew each time.
#[derive(Default)]
struct RelaySink {
    bytes: Vec<u8>,
    lengths: Vec<usize>,
}

impl Shard {
    /// Sends a packet to the viewers of this shard, and if it is a publisher's own packet, to the other shards.
    pub(crate) fn forward(&mut self, now: Instant, packet: &MediaPacket) {
        let Self { forwarder, sessions, touched, stats, .. } = self;
        forwarder.handle_packet(now, &packet.info, &mut |PeerKey(key), rewrite| {
            let Some(session) = sessions.get_mut(key as usize) else { return };
            let written = catch_unwind(AssertUnwindSafe(|| session.peer.write(now, packet, rewrite)));
            match written {
                Ok(Written::Yes) => stats.counts.packets_out += 1,
                Ok(Written::NoCodec) => stats.drops.codec_mismatch += 1,
                Ok(Written::Congested) => stats.drops.congested += 1,
                Ok(Written::NoSlot) => {}
                Err(_) => session.broken = true,
            }
            if !std::mem::replace(&mut session.touched, true) {
                touched.push(key);
            }
        });
        if packet.info.layer.source.publisher.shard() != self.index {
            return;
        }
        let mut shared = None;
        for shard in self.forwarder.interested_shards(&packet.info.layer).iter().filter(|shard| *shard != self.index) {
            let Some(outlet) = self.outlets.get(usize::from(shard)) else { continue };
            let shared = shared.get_or_insert_with(|| Arc::new(packet.clone()));
            match outlet.try_hand(shared.clone()) {
                Ok(()) => self.stats.counts.packets_crossed += 1,
                Err(_) => self.stats.drops.queue_overflow += 1,
            }
            self.to_ring[usize::from(shard)] = true;
        }
    }

    pub(crate) fn handle_output(&mut self, now: Instant, output: Output) {
        match output {
            Output::Interest { layer, on } => match layer.source.publisher.shard() {
                shard if shard == self.index => self.forwarder.handle_interest(now, shard, layer, on),
                shard => self.tell(shard, Control::Interest { from: self.index, layer, on }),
            },
            Output::Keyframe { layer, need } => match layer.source.publisher.shard() {
                shard if shard == self.index => self.forwarder.handle_layer_keyframe_request(now, layer, need),
                shard => self.tell(shard, Control::Keyframe { layer, need }),
            },
            Output::RequestKeyframe { key: PeerKey(key), track, layer } => {
                let Some(session) = self.sessions.get_mut(key as usize) else { return };
                self.stats.counts.keyframes_requested += 1;
                let peer = &mut session.peer;
                session.broken |= catch_unwind(AssertUnwindSafe(|| peer.request_keyframe(track, layer))).is_err();
                self.touch(key);
            }
            Output::Slots { session, changed } => {
                let Some(peer) = self.by_id.get(&session).and_then(|key| self.sessions.get(*key as usize)) else { return };
                let changed = changed
                    .into_iter()
                    .filter_map(|(slot, source)| Some((peer.peer.slot_mid(slot)?.to_owned(), source)))
                    .collect();
                (self.emit)(MediaEvent::Slots { session, changed });
            }
            Output::Goal { key: PeerKey(key), most, least } => {
                let Some(session) = self.sessions.get_mut(key as usize) else { return };
                let peer = &mut session.peer;
                session.broken |= catch_unwind(AssertUnwindSafe(|| peer.set_goal(most, least))).is_err();
                self.touch(key);
            }
            Output::Encode { session, layers } => (self.emit)(MediaEvent::Encode { session, layers }),
        }
    }

    /// Tells a session the time and takes what it has to say.
    pub(crate) fn call(&mut self, now: Instant, key: u32) {
        let Some(session) = self.sessions.get_mut(key as usize) else { return };
        session.touched = false;
        if session.broken {
            return self.fail(now, key);
        }
        let peer = &mut session.peer;
        match catch_unwind(AssertUnwindSafe(|| peer.handle_timeout(now))) {
            Ok(Ok(())) => self.listen(now, key),
            Ok(Err(fault)) => {
                tracing::info!(session = %session.id, "peer connection broke: {fault}");
                self.end(now, key, EndReason::Failed);
            }
            Err(_) => self.fail(now, key),
        }
    }

    /// Sends what a session has of media.
    fn send_media(&mut self, now: Instant, key: u32) {
        let Self { sessions, udp, streams, streams_dirty, stats, .. } = self;
        let Some(session) = sessions.get_mut(key as usize) else { return };
        if !session.peer.wants_to_send(now) {
            return;
        }
        let Some(meant) = session.peer.route() else { return };
        let ((transport, to), from) = session.destination(meant, false);
        // Sessions before this one in the same turn have taken their time, which is not the network's.
        let now = Instant::now().max(now);
        let peer = &mut session.peer;
        let mut relayed = RelaySink::default();
        let mut send = |out: &mut dyn Sink| catch_unwind(AssertUnwindSafe(|| peer.send(now, out))).is_err();
        session.broken |= match transport {
            Transport::Udp if rtc_turn::is_relayed(&to) => send(&mut relayed),
            Transport::Udp => send(&mut UdpSink { udp, to, from, stats }),
            Transport::Tcp => {
                let stream = session.streams.iter().find(|(remote, _)| *remote == to).map(|(_, stream)| *stream);
                if let Some(stream) = stream.filter(|stream| streams_dirty.last() != Some(stream)) {
                    streams_dirty.push(stream);
                }
                let stream = stream.and_then(|stream| streams.get_mut(stream));
                send(&mut TcpSink { stream, stats, dropped: Vec::new() })
            }
        };
        let mut rest = relayed.bytes.as_slice();
        for length in relayed.lengths {
            // What broke while it was written may be shorter.
            let Some((datagram, after)) = rest.split_at_checked(length) else { return };
            self.relay(to, from, datagram);
            rest = after;
        }
    }

    /// Sends a session's media, and takes what it has to say, until it has no more.
    pub(crate) fn listen(&mut self, now: Instant, key: u32) {
        self.send_media(now, key);
        if self.sessions.get(key as usize).is_some_and(|session| session.broken && !session.leaving) {
            return self.fail(now, key);
        }
        loop {
            let Some(session) = self.sessions.get_mut(key as usize) else { return };
            let peer = &mut session.peer;
            let output = match catch_unwind(AssertUnwindSafe(|| peer.poll_output())) {
                Ok(Ok(output)) => output,
                Ok(Err(fault)) => {
                    tracing::info!(session = %session.id, "peer connection broke: {fault}");
                    return self.end(now, key, EndReason::Failed);
                }
                Err(_) => return self.fail(now, key),
            };
            match output {
                PeerOutput::Timeout(at) => return self.schedule(key, at),
                PeerOutput::Transmit(transmit) => self.transmit(key, &transmit),
                PeerOutput::Event(PeerEvent::Closed) => return self.end(now, key, EndReason::Closed),
                PeerOutput::Event(event) => self.handle_event(now, key, event),
            }
        }
    }

    fn handle_event(&mut self, now: Instant, key: u32, event: PeerEvent) {
        let Some(session) = self.sessions.get_mut(key as usize) else { return };
        if session.leaving {
            return;
        }
        let id = session.id;
        match event {
            PeerEvent::Connected => {
                session.set_connected(now, true);
                (self.emit)(MediaEvent::Connected { session: id });
            }
            PeerEvent::Lost => {
                session.set_connected(now, false);
                (self.emit)(MediaEvent::Lost { session: id });
            }
            PeerEvent::Packet(packet) => {
                self.stats.counts.packets_in += 1;
                self.stats.counts.keyframes_in += u64::from(packet.info.keyframe);
                self.packets.push(packet);
            }
            PeerEvent::Estimate(estimate) => self.forwarder.handle_estimate(now, PeerKey(key), estimate),
            PeerEvent::Unexpected => self.stats.drops.rtp_unexpected += 1,
            PeerEvent::KeyframeWanted(slot) => self.forwarder.handle_keyframe_request(now, PeerKey(key), slot),
            // Handled where it ends the session.
            PeerEvent::Closed => {}
        }
    }

    /// Sends what network tests have to send.
    pub(crate) fn send_probes(&mut self) {
        while let Some(rtc_probe::Transmit { to, from, bytes }) = self.probes.poll_transmit() {
            self.send(to, from, &bytes);
        }
    }

    fn transmit(&mut self, key: u32, transmit: &Transmit) {
        let Some(session) = self.sessions.get_mut(key as usize) else { return };
        let stun = transmit.bytes.first().is_some_and(|first| *first < 4);
        let ((transport, address), local_ip) = session.destination((transmit.transport, transmit.destination), stun);
        if transport == Transport::Udp && rtc_turn::is_relayed(&address) {
            return self.relay(address, local_ip, &transmit.bytes);
        }
        let ShardStats { counts, drops, .. } = &mut self.stats;
        match transport {
            Transport::Udp => self.udp.push(address, local_ip, &transmit.bytes, counts, drops),
            Transport::Tcp => {
                let stream = session.streams.iter().find(|(remote, _)| *remote == address).map(|(_, stream)| *stream);
                let Some(stream) = stream else { return };
                if self.streams.get_mut(stream).is_some_and(|stream| stream.push(&transmit.bytes)) {
                    counts.datagrams_out += 1;
                    counts.bytes_out += transmit.bytes.len() as u64;
                    if self.streams_dirty.last() != Some(&stream) {
                        self.streams_dirty.push(stream);
                    }
                } else {
                    drops.tcp_send += 1;
                }
            }
        }
    }
}

impl Sink for UdpSink<'_> {
    fn room(&mut self, bytes: usize) -> &mut Vec<u8> {
        let ShardStats { counts, drops, .. } = &mut *self.stats;
        self.udp.room(self.to, self.from, bytes, counts, drops)
    }
}

impl Sink for RelaySink {
    fn room(&mut self, bytes: usize) -> &mut Vec<u8> {
        self.lengths.push(bytes);
        &mut self.bytes
    }
}

impl Sink for TcpSink<'_> {
    fn room(&mut self, bytes: usize) -> &mut Vec<u8> {
        match self.stream.as_deref_mut().and_then(|stream| stream.room(bytes)) {
            Some(room) => {
                self.stats.counts.datagrams_out += 1;
                self.stats.counts.bytes_out += bytes as u64;
                room
            }
            None => {
                self.stats.drops.tcp_send += 1;
                self.dropped.clear();
                &mut self.dropped
            }
        }
    }
}
