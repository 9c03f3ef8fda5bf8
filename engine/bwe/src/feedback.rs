//! Reads transport-wide congestion control feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1): which
//! packets a receiver got, and when. It judges nothing, and knows no packets that were sent.

/// One RTCP packet of feedback whose every entry is known to be there, so that going through them cannot fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feedback<'a> {
    first: u16,
    count: u16,
    /// 24 bits, in units of 64 ms.
    reference: u32,
    chunks: &'a [u8],
    deltas: &'a [u8],
}

/// Why bytes are not feedback. The remedy is to drop the packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FeedbackError {
    /// The packet is of another type or version.
    #[error("an RTCP packet is no transport-wide feedback")]
    OtherType,
    /// The packet ends inside its header, or is not as long as its header says.
    #[error("feedback is not as long as it says")]
    Length,
    /// The packet says that it reports on no packet at all.
    #[error("feedback reports on nothing")]
    Empty,
    /// There are fewer chunks of status than packets reported on.
    #[error("feedback has too few chunks of status")]
    Chunks,
    /// There are fewer times than packets that arrived.
    #[error("feedback has too few arrival times")]
    Times,
    /// A chunk uses the symbol that is reserved.
    #[error("feedback has a status that is reserved")]
    Reserved,
}

/// When a packet arrived, in ticks of 250 µs on the receiver's clock, counted from the reference time of its feedback.
/// Within ±2^31, as at most 65535 steps of at most 2^15 are added up.
pub type Offset = i32;

impl<'a> Feedback<'a> {
    /// Reads one RTCP packet, header and padding included, as RFC 3550 section 6.4 delimits it; not a compound one.
    pub fn parse(packet: &'a [u8]) -> Result<Self, FeedbackError> {
        let head = packet.first_chunk::<HEADER>().ok_or(FeedbackError::Length)?;
        if head[0] & !PADDED != VERSION | FORMAT || head[1] != TRANSPORT_FEEDBACK {
            return Err(FeedbackError::OtherType);
        }
        let words = usize::from(u16::from_be_bytes([head[2], head[3]]));
        if packet.len() != (words + 1) * 4 {
            return Err(FeedbackError::Length);
        }
        let padding = match packet.last() {
            Some(&last) if head[0] & PADDED != 0 => usize::from(last),
            _ => 0,
        };
        // A length of padding of 0 is as wrong as one of more than there is (RFC 3550 section 6.4.1).
        let is_padded_wrongly = head[0] & PADDED != 0 && padding == 0;
        let end = packet.len().checked_sub(padding).filter(|end| *end >= HEADER && !is_padded_wrongly);
        let rest = packet.get(HEADER..end.ok_or(FeedbackError::Length)?).ok_or(FeedbackError::Length)?;
        let (first, count) = (u16::from_be_bytes([head[12], head[13]]), u16::from_be_bytes([head[14], head[15]]));
        let reference = u32::from_be_bytes([0, head[16], head[17], head[18]]);
        if count == 0 {
            return Err(FeedbackError::Empty);
        }
        let (chunks, deltas) = measure(rest, count)?;
        let (chunks, rest) = rest.split_at_checked(chunks).ok_or(FeedbackError::Chunks)?;
        let deltas = rest.get(..deltas).ok_or(FeedbackError::Times)?;
        Ok(Self { first, count, reference, chunks, deltas })
    }

    /// The number of the first packet reported on.
    pub fn first(&self) -> u16 {
        self.first
    }

    /// How many packets are reported on, at least 1. Their numbers follow each other.
    pub fn count(&self) -> u16 {
        self.count
    }

    /// The time that arrivals are counted from, 24 bits in units of 64 ms.
    pub fn reference(&self) -> u32 {
        self.reference
    }

    /// Every packet reported on, by number, and when it arrived if it did.
    pub fn entries(&self) -> Entries<'a> {
        Entries { next: self.first, left: self.count, chunk: Chunk::None, chunks: self.chunks, deltas: self.deltas, at: 0 }
    }
}

/// The packets of one feedback.
#[derive(Debug, Clone)]
pub struct Entries<'a> {
    next: u16,
    left: u16,
    chunk: Chunk,
    chunks: &'a [u8],
    deltas: &'a [u8],
    at: Offset,
}

/// What is left of the chunk of status (sections 3.1.2 to 3.1.4) that is being read.
#[derive(Debug, Clone, Copy)]
enum Chunk {
    None,
    /// The same status so many times.
    Run {
        status: u16,
        left: u16,
    },
    /// The next status is in the lowest `width` bits of `symbols`.
    Vector {
        symbols: u16,
        width: u16,
        left: u16,
    },
}

impl Iterator for Entries<'_> {
    type Item = (u16, Option<Offset>);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let number = self.next;
        self.next = number.wrapping_add(1);
        let status = self.status()?;
        // Of times that were counted before, none is missing.
        let delta = match status {
            SMALL => self.take::<1>().map(|[byte]| Offset::from(byte))?,
            LARGE => self.take::<2>().map(|bytes| Offset::from(i16::from_be_bytes(bytes)))?,
            _ => return Some((number, None)),
        };
        self.at += delta;
        Some((number, Some(self.at)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (usize::from(self.left), Some(usize::from(self.left)))
    }
}

impl ExactSizeIterator for Entries<'_> {}

impl Entries<'_> {
    fn status(&mut self) -> Option<u16> {
        loop {
            match &mut self.chunk {
                Chunk::Run { status, left } if *left > 0 => {
                    *left -= 1;
                    return Some(*status);
                }
                Chunk::Vector { symbols, width, left } if *left > 0 => {
                    *left -= 1;
                    return Some(*symbols >> (*left * *width) & ((1 << *width) - 1));
                }
                _ => {
                    let (chunk, rest) = self.chunks.split_first_chunk::<2>()?;
                    (self.chunk, self.chunks) = (Chunk::read(u16::from_be_bytes(*chunk)), rest);
                }
            }
        }
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.deltas.split_first_chunk::<N>()?;
        self.deltas = rest;
        Some(*taken)
    }
}

impl Chunk {
    fn read(word: u16) -> Self {
        match word >> 14 {
            0 | 1 => Self::Run { status: word >> 13, left: word & 0x1fff },
            2 => Self::Vector { symbols: word & 0x3fff, width: 1, left: 14 },
            _ => Self::Vector { symbols: word & 0x3fff, width: 2, left: 7 },
        }
    }

    /// How many statuses it holds, how many bytes of times follow from the first `most` of them, and whether any of these is
    /// the reserved one.
    fn weigh(self, most: u16) -> (u16, usize, bool) {
        match self {
            Self::None => (0, 0, false),
            Self::Run { status, left } => {
                (left, usize::from(left.min(most)) * usize::from(status.min(LARGE)), status > LARGE && left.min(most) > 0)
            }
            Self::Vector { symbols, width, left } => {
                let used = symbols >> (left.saturating_sub(most) * width);
                if width == 1 {
                    return (left, used.count_ones() as usize, false);
                }
                let (low, high) = (used & 0x1555, used >> 1 & 0x1555);
                (left, (low.count_ones() + 2 * high.count_ones()) as usize, low & high != 0)
            }
        }
    }
}

/// How many bytes the chunks take that report on so many packets, and how many the times that belong to them.
fn measure(rest: &[u8], count: u16) -> Result<(usize, usize), FeedbackError> {
    let (mut left, mut chunks, mut deltas) = (count, 0, 0);
    while left > 0 {
        let word = rest.get(chunks..).and_then(|rest| rest.first_chunk::<2>()).ok_or(FeedbackError::Chunks)?;
        let (holds, bytes, has_reserved) = Chunk::read(u16::from_be_bytes(*word)).weigh(left);
        if has_reserved {
            return Err(FeedbackError::Reserved);
        }
        chunks += 2;
        deltas += bytes;
        left = left.saturating_sub(holds);
    }
    Ok((chunks, deltas))
}

/// Header of RTCP, two SSRCs, and what all of these packets have in front.
const HEADER: usize = 20;
const VERSION: u8 = 2 << 6;
const PADDED: u8 = 1 << 5;
const FORMAT: u8 = 15;
const TRANSPORT_FEEDBACK: u8 = 205;
/// Arrived, with a time of one byte.
const SMALL: u16 = 1;
/// Arrived, with a time of two bytes and a sign.
const LARGE: u16 = 2;

#[cfg(test)]
mod tests;
