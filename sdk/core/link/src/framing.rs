//! Datagrams in a TCP connection: a length of two bytes before each (RFC 4571 section 2). It knows nothing of what they
//! carry.

/// The most that is kept of what was read: two datagrams.
const READ: usize = 2 * (2 + u16::MAX as usize);
/// Bytes that may wait to be written. Beyond it datagrams are lost, as in a network.
const UNSENT: usize = 512 * 1024;

/// What is half read and half written.
#[derive(Debug, Default)]
pub(crate) struct Framing {
    read: Vec<u8>,
    unsent: Vec<u8>,
}

impl Framing {
    /// Takes bytes that were read, and hands on each datagram that is complete.
    pub(crate) fn take(&mut self, bytes: &[u8], mut datagram: impl FnMut(&[u8])) {
        self.read.extend_from_slice(bytes);
        let mut rest = self.read.as_slice();
        while let Some((length, after)) = rest.split_first_chunk::<2>() {
            let length = usize::from(u16::from_be_bytes(*length));
            let Some((frame, after)) = after.split_at_checked(length) else { break };
            datagram(frame);
            rest = after;
        }
        let taken = self.read.len() - rest.len();
        self.read.drain(..taken);
        debug_assert!(self.read.len() <= READ, "less than one datagram is left");
    }

    /// Queues a datagram. What does not fit is lost.
    pub(crate) fn queue(&mut self, datagram: &[u8]) {
        let Ok(length) = u16::try_from(datagram.len()) else { return };
        if self.unsent.len() + datagram.len() + 2 <= UNSENT {
            self.unsent.extend_from_slice(&length.to_be_bytes());
            self.unsent.extend_from_slice(datagram);
        }
    }

    pub(crate) fn unsent(&self) -> &[u8] {
        &self.unsent
    }

    pub(crate) fn sent(&mut self, length: usize) {
        self.unsent.drain(..length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datagrams_are_found_wherever_the_stream_is_cut() {
        let mut sender = Framing::default();
        for datagram in [b"one".as_slice(), b"", b"three"] {
            sender.queue(datagram);
        }
        for step in 1..sender.unsent().len() {
            let (mut receiver, mut found) = (Framing::default(), Vec::new());
            for piece in sender.unsent().chunks(step) {
                receiver.take(piece, |datagram| found.push(datagram.to_vec()));
            }
            assert_eq!(found, [b"one".to_vec(), b"".to_vec(), b"three".to_vec()]);
        }
    }

    #[test]
    fn a_stream_that_does_not_flow_loses_datagrams_and_no_memory() {
        let mut framing = Framing::default();
        for _ in 0..2000 {
            framing.queue(&[0; 1200]);
        }
        assert!(framing.unsent().len() <= UNSENT);
    }
}
