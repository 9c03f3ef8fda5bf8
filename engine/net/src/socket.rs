//! A shard's UDP socket: bursts off the kernel (GRO), batches into it (GSO). It knows nothing of what it carries.

use std::collections::VecDeque;
use std::io::{self, IoSliceMut};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use quinn_udp::{BATCH_SIZE, RecvMeta, Transmit, UdpSockRef, UdpSocketState};
use socket2::{Domain, SockRef, Socket, Type};

use crate::filter;
use crate::media::Buffers;
use crate::stats::{Counts, Drops};

/// What one receive buffer holds: the most the kernel joins into one read.
const READ: usize = 64 * 1024;
/// The most bytes in one GSO batch: what fits a UDP length beside its headers.
const BATCH_BYTES: usize = 65_000;
/// Bytes that may wait for a socket that would block.
const WAITING_BYTES: usize = 4 << 20;

/// Opens a socket that shares its port with others of this engine.
pub(crate) fn bind(address: SocketAddr, buffer_bytes: usize) -> io::Result<std::net::UdpSocket> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, None)?;
    socket.set_reuse_port(true)?;
    if address.ip() == IpAddr::V6(Ipv6Addr::UNSPECIFIED) {
        socket.set_only_v6(false)?;
    }
    socket.set_nonblocking(true)?;
    // The kernel grants what its limits allow, without an error.
    socket.set_recv_buffer_size(buffer_bytes)?;
    socket.set_send_buffer_size(buffer_bytes)?;
    filter::attach(&socket);
    socket.bind(&address.into())?;
    Ok(socket.into())
}

/// What the kernel has granted. Linux tells twice that, because it counts its own keeping as well (socket(7)).
pub(crate) fn buffers(socket: &std::net::UdpSocket) -> io::Result<Buffers> {
    let socket = SockRef::from(socket);
    let own = if cfg!(target_os = "linux") { 2 } else { 1 };
    Ok(Buffers { receive: socket.recv_buffer_size()? / own, send: socket.send_buffer_size()? / own })
}

/// Opens the TCP socket beside them. Connections that wait to be accepted are many, because a flood of them should not turn
/// honest ones away.
pub(crate) fn listen(address: SocketAddr) -> io::Result<std::net::TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    // A restart must not wait for old connections to be forgotten.
    socket.set_reuse_address(true)?;
    if address.ip() == IpAddr::V6(Ipv6Addr::UNSPECIFIED) {
        socket.set_only_v6(false)?;
    }
    socket.bind(&address.into())?;
    socket.listen(4096)?;
    Ok(socket.into())
}

/// Buffers for one burst, and what is in them.
pub(crate) struct Burst {
    buffers: Box<[u8]>,
    metas: [RecvMeta; BATCH_SIZE],
    reads: usize,
}

/// A datagram as it came off the socket.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrival<'a> {
    pub(crate) source: SocketAddr,
    pub(crate) local_ip: Option<IpAddr>,
    pub(crate) bytes: &'a [u8],
}

impl Burst {
    pub(crate) fn new() -> Self {
        Self { buffers: vec![0; READ * BATCH_SIZE].into(), metas: [RecvMeta::default(); BATCH_SIZE], reads: 0 }
    }

    /// The datagrams, in the order they came.
    pub(crate) fn arrivals(&self) -> impl Iterator<Item = Arrival<'_>> {
        let reads = self.buffers.chunks(READ).zip(&self.metas).take(self.reads);
        reads.flat_map(|(buffer, meta)| {
            let (source, local_ip) = (canonical(meta.addr), meta.dst_ip.map(|ip| ip.to_canonical()));
            let bytes = &buffer[..meta.len.min(READ)];
            // An empty datagram is one, too; its stride is 0.
            let datagrams = bytes.chunks(meta.stride.max(1)).chain(bytes.is_empty().then_some(bytes));
            datagrams.map(move |bytes| Arrival { source, local_ip, bytes })
        })
    }
}

/// An IPv4 client of a dual-stack socket is an IPv4 client everywhere else.
pub(crate) fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

/// The socket with its pending batch.
pub(crate) struct Udp {
    socket: mio::net::UdpSocket,
    state: UdpSocketState,
    ipv6: bool,
    /// Whether answers must name the address they come from, because the socket has many.
    wildcard: bool,
    batch: Batch,
    /// Batches the kernel had no room for.
    waiting: VecDeque<Batch>,
    waiting_bytes: usize,
}

/// Datagrams for one address that leave in one system call.
#[derive(Debug, Default)]
struct Batch {
    to: Option<(SocketAddr, Option<IpAddr>)>,
    bytes: Vec<u8>,
    /// The size of all but the last, which may be smaller.
    segment: usize,
    count: usize,
    /// A smaller one is in: nothing can follow.
    closed: bool,
}

impl Udp {
    pub(crate) fn new(socket: std::net::UdpSocket) -> io::Result<Self> {
        let local = socket.local_addr()?;
        let socket = mio::net::UdpSocket::from_std(socket);
        let state = UdpSocketState::new(UdpSockRef::from(&socket))?;
        Ok(Self {
            socket,
            state,
            ipv6: local.is_ipv6(),
            wildcard: local.ip().is_unspecified(),
            batch: Batch::default(),
            waiting: VecDeque::new(),
            waiting_bytes: 0,
        })
    }

    /// What waits for room in the kernel.
    pub(crate) fn waiting_bytes(&self) -> usize {
        self.waiting_bytes
    }

    pub(crate) fn source(&mut self) -> &mut mio::net::UdpSocket {
        &mut self.socket
    }

    /// Reads what is there, as much as one call gives. `false` when there is nothing (more).
    pub(crate) fn receive(&mut self, burst: &mut Burst) -> io::Result<bool> {
        burst.reads = 0;
        let mut chunks = burst.buffers.chunks_mut(READ);
        // There are BATCH_SIZE chunks by construction; an empty slice would only read nothing into it.
        let mut slices: [IoSliceMut<'_>; BATCH_SIZE] =
            std::array::from_fn(|_| IoSliceMut::new(chunks.next().unwrap_or_default()));
        match self.state.recv(UdpSockRef::from(&self.socket), &mut slices, &mut burst.metas) {
            Ok(reads) => {
                burst.reads = reads;
                Ok(reads > 0)
            }
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => Ok(false),
            Err(e) => Err(e),
        }
    }

    /// Adds a datagram to the batch, after sending the batch if it cannot be part of it. `from` is the local address the
    /// client knows us by.
    pub(crate) fn push(
        &mut self,
        to: SocketAddr,
        from: Option<IpAddr>,
        datagram: &[u8],
        counts: &mut Counts,
        drops: &mut Drops,
    ) {
        self.room(to, from, datagram.len(), counts, drops).extend_from_slice(datagram);
    }

    /// The same for a datagram that is yet to be written: the buffer to whose end exactly so many bytes are appended before
    /// anything else is asked of the socket.
    pub(crate) fn room(
        &mut self,
        to: SocketAddr,
        from: Option<IpAddr>,
        length: usize,
        counts: &mut Counts,
        drops: &mut Drops,
    ) -> &mut Vec<u8> {
        let to = (to, from.filter(|_| self.wildcard));
        if !self.batch.takes(to, length, self.state.max_gso_segments()) {
            self.flush(counts, drops);
        }
        counts.datagrams_out += 1;
        counts.bytes_out += length as u64;
        self.batch.room(to, length)
    }

    /// Sends the batch.
    pub(crate) fn flush(&mut self, counts: &mut Counts, drops: &mut Drops) {
        if self.batch.count == 0 {
            return;
        }
        if self.waiting.is_empty() && self.send(&self.batch, counts, drops) {
            self.batch.clear();
            return;
        }
        if self.waiting_bytes + self.batch.bytes.len() > WAITING_BYTES {
            drops.udp_send += self.batch.count as u64;
            self.batch.clear();
            return;
        }
        let batch = std::mem::take(&mut self.batch);
        self.waiting_bytes += batch.bytes.len();
        self.waiting.push_back(batch);
    }

    /// The socket takes data again.
    pub(crate) fn handle_writable(&mut self, counts: &mut Counts, drops: &mut Drops) {
        while let Some(batch) = self.waiting.front() {
            if !self.send(batch, counts, drops) {
                return;
            }
            self.waiting_bytes -= batch.bytes.len();
            self.waiting.pop_front();
        }
    }

    /// Sends a batch. `false` when the socket would block; other faults are the network's, and count as sent and lost.
    fn send(&self, batch: &Batch, counts: &mut Counts, drops: &mut Drops) -> bool {
        let Some((to, src_ip)) = batch.to else { return true };
        // GSO may have been found not to work since the batch was begun.
        let whole = batch.count == 1 || self.state.max_gso_segments() > 1;
        let step = if whole { batch.bytes.len() } else { batch.segment };
        for contents in batch.bytes.chunks(step.max(1)) {
            let mut lost = batch.count as u64;
            let segment_size = (whole && batch.count > 1).then_some(batch.segment);
            let transmit = Transmit {
                destination: self.wire(to),
                ecn: None,
                contents,
                segment_size,
                src_ip: src_ip.map(|ip| self.wire_ip(ip)),
            };
            counts.udp_batches_out += 1;
            match self.state.try_send(UdpSockRef::from(&self.socket), &transmit) {
                Ok(()) => continue,
                Err(e) if e.kind() == io::ErrorKind::WouldBlock && whole => return false,
                Err(e) => {
                    if !whole {
                        lost = 1;
                    } else if batch.count > 1 && self.state.max_gso_segments() <= 1 {
                        // That was the batch by which it was found out: send it again piece by piece.
                        return self.send(batch, counts, drops);
                    }
                    tracing::debug!(%to, "send: {e}");
                    drops.udp_send += lost;
                }
            }
        }
        true
    }

    fn wire(&self, to: SocketAddr) -> SocketAddr {
        SocketAddr::new(self.wire_ip(to.ip()), to.port())
    }

    fn wire_ip(&self, ip: IpAddr) -> IpAddr {
        match ip {
            IpAddr::V4(v4) if self.ipv6 => v4.to_ipv6_mapped().into(),
            ip => ip,
        }
    }
}

impl Batch {
    fn takes(&self, to: (SocketAddr, Option<IpAddr>), len: usize, max_segments: usize) -> bool {
        self.count == 0
            || (self.to == Some(to)
                && !self.closed
                && len <= self.segment
                && len > 0
                && self.count < max_segments
                && self.bytes.len() + len <= BATCH_BYTES)
    }

    fn room(&mut self, to: (SocketAddr, Option<IpAddr>), length: usize) -> &mut Vec<u8> {
        if self.count == 0 {
            self.to = Some(to);
            self.segment = length;
        }
        self.closed = length < self.segment;
        self.count += 1;
        &mut self.bytes
    }

    fn clear(&mut self) {
        self.to = None;
        self.bytes.clear();
        self.count = 0;
        self.closed = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair() -> (Udp, std::net::UdpSocket) {
        let local = SocketAddr::from(([127, 0, 0, 1], 0));
        let udp = Udp::new(bind(local, 1 << 20).expect("loopback")).expect("a UDP socket");
        let peer = std::net::UdpSocket::bind(local).expect("loopback");
        peer.set_read_timeout(Some(std::time::Duration::from_secs(60))).expect("a timeout");
        (udp, peer)
    }

    #[test]
    fn equal_datagrams_to_one_address_leave_in_one_call_and_arrive_as_they_were() {
        let (mut udp, peer) = pair();
        let (mut counts, mut drops) = (Counts::default(), Drops::default());
        let to = peer.local_addr().expect("bound");
        let sent: Vec<Vec<u8>> = [1000, 1000, 1000, 300, 1000, 1200].iter().map(|len| vec![*len as u8; *len]).collect();
        for datagram in &sent {
            udp.push(to, None, datagram, &mut counts, &mut drops);
        }
        udp.flush(&mut counts, &mut drops);
        let mut buffer = [0; 2000];
        for datagram in &sent {
            let len = peer.recv(&mut buffer).expect("a datagram");
            assert_eq!(&buffer[..len], datagram);
        }
        assert_eq!((counts.datagrams_out, drops), (6, Drops::default()));
        assert!(counts.udp_batches_out <= 6);
    }

    #[test]
    fn a_batch_ends_with_a_smaller_datagram_another_address_or_its_limits() {
        let to = (SocketAddr::from(([127, 0, 0, 1], 9)), None);
        let other = (SocketAddr::from(([127, 0, 0, 1], 10)), None);
        let mut batch = Batch::default();
        batch.room(to, 100).extend_from_slice(&[0; 100]);
        assert!(batch.takes(to, 100, 64) && batch.takes(to, 50, 64));
        assert!(!batch.takes(to, 101, 64), "larger");
        assert!(!batch.takes(other, 100, 64), "another address");
        assert!(!batch.takes(to, 100, 1), "no GSO");
        batch.room(to, 50).extend_from_slice(&[0; 50]);
        assert!(!batch.takes(to, 50, 64), "after a smaller one");
    }

    #[test]
    fn a_burst_is_read_in_order_with_its_source() {
        let (mut udp, peer) = pair();
        let to = udp.source().local_addr().expect("bound");
        for i in 0..40u8 {
            // Like RTP, so that the filter lets it pass.
            peer.send_to(&vec![128 + i; 10 + usize::from(i)], to).expect("sent");
        }
        let mut burst = Burst::new();
        let mut seen = Vec::new();
        while udp.receive(&mut burst).expect("a read") {
            for arrival in burst.arrivals() {
                assert_eq!(arrival.source, peer.local_addr().expect("bound"));
                assert_eq!(arrival.local_ip, Some(to.ip()));
                seen.push((arrival.bytes[0], arrival.bytes.len()));
            }
        }
        assert_eq!(seen, (0..40).map(|i| (128 + i, 10 + usize::from(i))).collect::<Vec<_>>());
    }
}
