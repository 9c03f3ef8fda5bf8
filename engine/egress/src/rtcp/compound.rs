//! A compound as it came, read as a whole or not at all: one packet of it that lies makes the rest worth nothing.

use rtc_bwe::Feedback;

use super::{format, kind};

/// A compound whose packets all lie within it.
#[derive(Debug, Clone, Copy)]
pub struct Compound<'a> {
    bytes: &'a [u8],
}

/// The compound is not what its lengths say. The remedy is to drop it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// Something a viewer says of what it was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Item<'a> {
    /// How a source of ours arrives.
    Report(ReportBlock),
    /// Packets of a source of ours are missing.
    Nack {
        /// The source.
        ssrc: u32,
        /// The packets.
        missing: Nacked<'a>,
    },
    /// A source of ours cannot be decoded any more (PLI or FIR).
    KeyframeWanted {
        /// The source.
        ssrc: u32,
    },
    /// When packets arrived, by their transport-wide numbers.
    Arrivals(Feedback<'a>),
    /// What the viewer believes that it can receive, in bits a second (REMB).
    Most(u64),
    /// Something about what the viewer sends, which is others' business.
    Foreign,
}

/// RFC 3550 section 6.4.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportBlock {
    /// The source it is about.
    pub ssrc: u32,
    /// What was lost since the last report, in 256ths.
    pub lost: u8,
    /// The highest sequence number that came, with its turns.
    pub newest: u32,
    /// The middle of the time of our last report; 0 where none came.
    pub last_report: u32,
    /// How long ago that came, in 65536ths of a second.
    pub since_last_report: u32,
}

/// Sequence numbers of a NACK (RFC 4585 section 6.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nacked<'a> {
    /// Pairs of a number and a mask of those that follow it.
    entries: &'a [u8],
}

#[derive(Debug, Clone, Copy)]
struct Packet<'a> {
    kind: u8,
    /// Number of blocks, or the format of feedback.
    count: u8,
    /// Without the header and padding.
    body: &'a [u8],
    /// With both.
    whole: &'a [u8],
}

const HEADER: usize = 4;
const BLOCK: usize = 24;
const SENDER_INFO: usize = 20;
/// Both sources at the beginning of feedback.
const SOURCES: usize = 8;
const REMB: &[u8; 4] = b"REMB";

impl<'a> Compound<'a> {
    /// Reads a compound, decrypted. Also one that does not begin with a report (RFC 5506), which browsers send.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let (packet, after) = Packet::split(rest)?;
            packet.check()?;
            rest = after;
        }
        if bytes.is_empty() { Err(Malformed) } else { Ok(Self { bytes }) }
    }

    /// What it says, in order.
    pub fn items(&self) -> impl Iterator<Item = Item<'a>> {
        let mut rest = self.bytes;
        let packets = std::iter::from_fn(move || {
            // Every packet was checked before.
            let (packet, after) = Packet::split(rest).ok()?;
            rest = after;
            Some(packet)
        });
        packets.flat_map(Packet::items)
    }
}

impl<'a> Packet<'a> {
    fn split(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Malformed> {
        let Some(&[first, kind, high, low]) = bytes.first_chunk() else { return Err(Malformed) };
        if first >> 6 != 2 {
            return Err(Malformed);
        }
        let length = HEADER + 4 * usize::from(u16::from_be_bytes([high, low]));
        let (packet, after) = bytes.split_at_checked(length).ok_or(Malformed)?;
        let mut body = &packet[HEADER..];
        if first & 0x20 != 0 {
            let padding = usize::from(*body.last().ok_or(Malformed)?);
            // Whole words and in the last one only, says the standard (RFC 3550 section 6.4.1). Reports of arrivals have what makes
            // them whole, wherever they stand: to refuse those would be to refuse what `str0m` says beside them, most of the time.
            if padding == 0 {
                return Err(Malformed);
            }
            body = body.get(..body.len().wrapping_sub(padding)).ok_or(Malformed)?;
        }
        Ok((Self { kind, count: first & 0x1f, body, whole: packet }, after))
    }

    /// Whether all that its header promises is there.
    fn check(&self) -> Result<(), Malformed> {
        if (self.kind, self.count) == (kind::TRANSPORT_FEEDBACK, format::ARRIVALS) {
            return Feedback::parse(self.whole).map(drop).map_err(|_| Malformed);
        }
        let blocks = BLOCK * usize::from(self.count);
        let least = match (self.kind, self.count) {
            (kind::SENDER_REPORT, _) => 4 + SENDER_INFO + blocks,
            (kind::RECEIVER_REPORT, _) => 4 + blocks,
            (kind::TRANSPORT_FEEDBACK, format::NACK) => SOURCES + 4,
            (kind::PAYLOAD_FEEDBACK, format::FULL_INTRA) => SOURCES + 8,
            (kind::TRANSPORT_FEEDBACK | kind::PAYLOAD_FEEDBACK, _) => SOURCES,
            _ => 0,
        };
        if self.body.len() < least { Err(Malformed) } else { Ok(()) }
    }

    fn items(self) -> impl Iterator<Item = Item<'a>> {
        let (sources, rest) = self.body.split_at_checked(SOURCES).unwrap_or_default();
        let about = word(sources, 4);
        let blocks = usize::from(self.count) * BLOCK;
        let (foreign, reports, asked, one): (_, &'a [u8], &'a [u8], _) = match (self.kind, self.count) {
            (kind::SENDER_REPORT, _) => (true, part(self.body, 4 + SENDER_INFO, blocks), &[], None),
            (kind::RECEIVER_REPORT, _) => (false, part(self.body, 4, blocks), &[], None),
            (kind::GOODBYE | kind::EXTENDED_REPORT, _) => (true, &[], &[], None),
            (kind::TRANSPORT_FEEDBACK, format::NACK) => {
                (false, &[], &[], Some(Item::Nack { ssrc: about, missing: Nacked { entries: rest } }))
            }
            (kind::TRANSPORT_FEEDBACK, format::ARRIVALS) => {
                (false, &[], &[], Feedback::parse(self.whole).ok().map(Item::Arrivals))
            }
            (kind::PAYLOAD_FEEDBACK, format::PICTURE_LOSS) => (false, &[], &[], Some(Item::KeyframeWanted { ssrc: about })),
            (kind::PAYLOAD_FEEDBACK, format::FULL_INTRA) => (false, &[], rest, None),
            (kind::PAYLOAD_FEEDBACK, format::APPLICATION) => (false, &[], &[], remb(rest).map(Item::Most)),
            _ => (false, &[], &[], None),
        };
        let reports = reports.chunks_exact(BLOCK).map(|block| Item::Report(ReportBlock::read(block)));
        // RFC 5104 section 4.3.1.1: each entry names a source.
        let asked = asked.chunks_exact(8).map(|entry| Item::KeyframeWanted { ssrc: word(entry, 0) });
        foreign.then_some(Item::Foreign).into_iter().chain(reports).chain(asked).chain(one)
    }
}

impl ReportBlock {
    /// `block` has [`BLOCK`] bytes.
    fn read(block: &[u8]) -> Self {
        Self {
            ssrc: word(block, 0),
            lost: block.get(4).copied().unwrap_or_default(),
            newest: word(block, 8),
            last_report: word(block, 16),
            since_last_report: word(block, 20),
        }
    }
}

impl<'a> Nacked<'a> {
    /// Each number, in the order they are asked for.
    pub fn numbers(self) -> impl Iterator<Item = u16> + 'a {
        self.entries.chunks_exact(4).flat_map(|entry| {
            let (first, mask) = (word(entry, 0) >> 16, word(entry, 0) as u16);
            let after = (0..16).filter(move |bit| mask & (1 << bit) != 0).map(move |bit| (first as u16).wrapping_add(1 + bit));
            std::iter::once(first as u16).chain(after)
        })
    }
}

/// draft-alvestrand-rmcat-remb section 2.2.
fn remb(rest: &[u8]) -> Option<u64> {
    let (name, rest) = rest.split_first_chunk::<4>()?;
    let [_, high, middle, low] = *rest.first_chunk()?;
    let (exponent, top) = (high >> 2, high & 3);
    let mantissa = u64::from(u32::from_be_bytes([0, top, middle, low]));
    (name == REMB)
        .then(|| mantissa.checked_shl(exponent.into()).filter(|bits| bits >> exponent == mantissa).unwrap_or(u64::MAX))
}

fn word(bytes: &[u8], at: usize) -> u32 {
    crate::srtp::u32_at(bytes, at).unwrap_or_default()
}

fn part(bytes: &[u8], at: usize, length: usize) -> &[u8] {
    bytes.get(at..at + length).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(first: u8, kind: u8, body: &[u8]) -> Vec<u8> {
        let words = (body.len() / 4) as u16;
        [&[0x80 | first, kind], &words.to_be_bytes()[..], body].concat()
    }

    fn words(words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    fn items(bytes: &[u8]) -> Vec<Item<'_>> {
        Compound::read(bytes).expect("a good compound").items().collect()
    }

    #[test]
    fn reports_of_both_kinds_are_read() {
        let block = [7, 64 << 24, 70_001, 3, 0x1234_5678, 0x0001_8000];
        let expected =
            ReportBlock { ssrc: 7, lost: 64, newest: 70_001, last_report: 0x1234_5678, since_last_report: 0x0001_8000 };
        let receiver = packet(1, 201, &words(&[&[1][..], &block].concat()));
        assert_eq!(items(&receiver), [Item::Report(expected)]);
        let sender = packet(1, 200, &words(&[&[1, 2, 3, 4, 5, 6][..], &block].concat()));
        assert_eq!(items(&sender), [Item::Foreign, Item::Report(expected)]);
        assert_eq!(items(&[receiver, sender].concat()).len(), 3);
    }

    #[test]
    fn a_nack_names_each_packet() {
        let nack = packet(1, 205, &words(&[1, 9, 0xffff_8001, 0x0010_0000]));
        let Item::Nack { ssrc: 9, missing } = items(&nack)[0] else { panic!("no nack") };
        assert_eq!(missing.numbers().collect::<Vec<_>>(), [0xffff, 0, 15, 16]);
    }

    #[test]
    fn key_frames_are_asked_for_in_two_ways() {
        let pli = packet(1, 206, &words(&[1, 9]));
        assert_eq!(items(&pli), [Item::KeyframeWanted { ssrc: 9 }]);
        let fir = packet(4, 206, &words(&[1, 0, 9, 1 << 24, 10, 1 << 24]));
        assert_eq!(items(&fir), [Item::KeyframeWanted { ssrc: 9 }, Item::KeyframeWanted { ssrc: 10 }]);
    }

    #[test]
    fn an_estimate_of_the_viewer_is_read_however_large_it_claims_to_be() {
        let remb = |exponent: u32, mantissa: u32| {
            packet(15, 206, &words(&[1, 0, u32::from_be_bytes(*REMB), 1 << 24 | exponent << 18 | mantissa, 9]))
        };
        assert_eq!(items(&remb(3, 100_000)), [Item::Most(800_000)]);
        assert_eq!(items(&remb(63, 0x3_ffff)), [Item::Most(u64::MAX)]);
        assert_eq!(items(&remb(63, 0)), [Item::Most(0)]);
        assert_eq!(items(&packet(15, 206, &words(&[1, 0, 0x1234_5678, 0, 9]))), [], "of another application");
    }

    #[test]
    fn arrivals_are_read_and_what_is_not_known_is_skipped() {
        // Two packets from number 7 on, both there, 1 and 2 ticks of 250 us after each other.
        let twcc = packet(15, 205, &words(&[1, 9, 0x0007_0002, 0x0000_0300, 0x2002_0102]));
        let Item::Arrivals(feedback) = items(&twcc)[0] else { panic!("no arrivals") };
        assert_eq!(feedback.entries().collect::<Vec<_>>(), [(7, Some(1)), (8, Some(3))]);
        let forged = packet(15, 205, &words(&[1, 9, 0x0007_ffff, 0x0000_0300, 0x2002_0102]));
        assert!(Compound::read(&[packet(1, 206, &words(&[1, 9])), forged].concat()).is_err());
        let others = [packet(1, 202, &words(&[1, 0])), packet(0, 204, &[]), packet(31, 205, &words(&[1, 2]))].concat();
        assert_eq!(items(&others), []);
        assert_eq!(items(&packet(1, 203, &words(&[1]))), [Item::Foreign]);
    }

    #[test]
    fn padding_is_left_off_wherever_it_stands() {
        let padded = packet(0x20 | 1, 205, &words(&[1, 9, 0x0005_0000, 4]));
        let Item::Nack { missing, .. } = items(&padded)[0] else { panic!("no nack") };
        assert_eq!(missing.numbers().collect::<Vec<_>>(), [5]);
        let twcc = packet(0x20 | 15, 205, &words(&[1, 9, 0x0007_0001, 0x0000_0300, 0x2001_0501]));
        let Item::Arrivals(feedback) = items(&twcc)[0] else { panic!("no arrivals") };
        assert_eq!(feedback.entries().collect::<Vec<_>>(), [(7, Some(5))]);
        let first = [twcc, padded, packet(1, 206, &words(&[1, 9]))].concat();
        let read = items(&first);
        assert!(matches!(read[..], [Item::Arrivals(_), Item::Nack { .. }, Item::KeyframeWanted { ssrc: 9 }]), "{read:?}");
        for wrong in [0, 17] {
            assert!(Compound::read(&packet(0x20 | 1, 205, &words(&[1, 9, 5, wrong]))).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_cut_short_or_promises_too_much_is_refused_as_a_whole() {
        let good = [
            packet(1, 201, &words(&[1, 7, 0, 0, 0, 0, 0])),
            packet(4, 206, &words(&[1, 0, 9, 0])),
            packet(1, 205, &words(&[1, 9, 0x0005_0000])),
        ]
        .concat();
        assert_eq!(items(&good).len(), 3);
        for cut in 0..good.len() {
            let boundary = [32, 52].contains(&cut);
            assert_eq!(Compound::read(&good[..cut]).is_ok(), boundary, "cut at {cut}");
        }
        assert!(Compound::read(&packet(2, 201, &words(&[1, 7, 0, 0, 0, 0, 0]))).is_err(), "two blocks promised");
        assert!(Compound::read(&packet(1, 205, &words(&[1, 9]))).is_err(), "a NACK of nothing");
        let mut version = good;
        version[0] = 0x41;
        assert!(Compound::read(&version).is_err());
    }
}
