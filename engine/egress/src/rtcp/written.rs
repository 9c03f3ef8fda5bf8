//! What the other end is told: sender reports with names (RFC 3550 sections 6.4.1 and 6.5), good-bye (section 6.6), and what of its
//! own streams is missed (RFC 4585).

use super::{format, kind};

/// What a report says of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SenderInfo {
    pub(crate) ssrc: u32,
    /// The time of day that belongs to `time`.
    pub(crate) ntp: u64,
    pub(crate) time: u32,
    pub(crate) packets: u32,
    pub(crate) octets: u32,
}

const REPORT_WORDS: u16 = 6;
const NAME_ITEM: u8 = 1;

/// Bytes of a report with a name of so many bytes.
pub(crate) fn report_bytes(name: usize) -> usize {
    28 + 4 + description_words(name) * 4
}

/// Appends a sender report and the source's canonical name, which has at most 255 bytes.
pub(crate) fn report(info: &SenderInfo, name: &str, out: &mut Vec<u8>) {
    header(0, kind::SENDER_REPORT, REPORT_WORDS, out);
    out.extend_from_slice(&info.ssrc.to_be_bytes());
    out.extend_from_slice(&info.ntp.to_be_bytes());
    for word in [info.time, info.packets, info.octets] {
        out.extend_from_slice(&word.to_be_bytes());
    }
    let words = description_words(name.len());
    let end = out.len() + 4 + words * 4;
    header(1, kind::DESCRIPTION, words as u16, out);
    out.extend_from_slice(&info.ssrc.to_be_bytes());
    out.extend_from_slice(&[NAME_ITEM, name.len() as u8]);
    out.extend_from_slice(name.as_bytes());
    // A zero ends the list, and more fill the word.
    out.resize(end, 0);
}

/// Appends good-byes of sources.
pub(crate) fn goodbye(sources: &[u32], out: &mut Vec<u8>) {
    // The count has five bits.
    for sources in sources.chunks(31) {
        header(sources.len() as u8, kind::GOODBYE, sources.len() as u16, out);
        sources.iter().for_each(|ssrc| out.extend_from_slice(&ssrc.to_be_bytes()));
    }
}

/// Bytes of a request for so many packets at most.
pub(crate) fn missing_bytes(numbers: usize) -> usize {
    12 + 4 * numbers
}

/// Appends a request for packets of a source (RFC 4585 section 6.2.1), whose numbers rise. `from` is a source of ours.
pub(crate) fn missing(from: u32, ssrc: u32, numbers: &[u16], out: &mut Vec<u8>) {
    let start = out.len();
    header(format::NACK, kind::TRANSPORT_FEEDBACK, 0, out);
    out.extend_from_slice(&from.to_be_bytes());
    out.extend_from_slice(&ssrc.to_be_bytes());
    let mut rest = numbers;
    while let Some((&first, after)) = rest.split_first() {
        let behind = |number: &u16| (1..=16).contains(&number.wrapping_sub(first));
        let in_mask = after.iter().take_while(|number| behind(number)).count();
        let mask = after[..in_mask].iter().fold(0_u16, |mask, number| mask | 1 << (number.wrapping_sub(first) - 1));
        out.extend_from_slice(&first.to_be_bytes());
        out.extend_from_slice(&mask.to_be_bytes());
        rest = &after[in_mask..];
    }
    let words = ((out.len() - start) / 4 - 1) as u16;
    out[start + 2..start + 4].copy_from_slice(&words.to_be_bytes());
}

/// Appends a request for a key frame of a source (RFC 4585 section 6.3.1). `from` is a source of ours.
pub(crate) fn picture_loss(from: u32, ssrc: u32, out: &mut Vec<u8>) {
    header(format::PICTURE_LOSS, kind::PAYLOAD_FEEDBACK, 2, out);
    out.extend_from_slice(&from.to_be_bytes());
    out.extend_from_slice(&ssrc.to_be_bytes());
}

/// Bytes of such a request.
pub(crate) const PICTURE_LOSS: usize = 12;

fn description_words(name: usize) -> usize {
    // The source, the item's type and length, the name, and at least one zero.
    1 + (2 + name + 1).div_ceil(4)
}

fn header(count: u8, kind: u8, words: u16, out: &mut Vec<u8>) {
    out.extend_from_slice(&[0x80 | count, kind]);
    out.extend_from_slice(&words.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::super::{Compound, Item};
    use super::*;

    #[test]
    fn a_report_has_the_length_that_was_said_whatever_the_name() {
        let info = SenderInfo { ssrc: 7, ntp: 0x0102_0304_0506_0708, time: 9, packets: 10, octets: 11 };
        for name in ["", "a", "ab", "abc", "abcd", "slot-1"] {
            let mut out = Vec::new();
            report(&info, name, &mut out);
            assert_eq!(out.len(), report_bytes(name.len()), "{name}");
            let compound = Compound::read(&out).expect("well formed");
            assert_eq!(compound.items().collect::<Vec<_>>(), [Item::Foreign]);
            let words = [7, 0x0102_0304, 0x0506_0708, 9, 10, 11_u32];
            assert_eq!(out[4..28], words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<_>>());
            assert_eq!(out[36..38], [1, name.len() as u8]);
            assert_eq!(&out[38..38 + name.len()], name.as_bytes());
            assert_eq!(out.last(), Some(&0));
        }
    }

    #[test]
    fn many_sources_say_good_bye_in_several_packets() {
        let mut out = Vec::new();
        goodbye(&(0..40).collect::<Vec<_>>(), &mut out);
        assert_eq!(Compound::read(&out).expect("well formed").items().count(), 2);
        assert_eq!(out.len(), 4 + 31 * 4 + 4 + 9 * 4);
    }

    #[test]
    fn what_is_missed_is_named_once_each_in_few_words() {
        for numbers in [&[7][..], &[7, 8, 23], &[7, 24], &[65_530, 65_535, 3, 9, 500, 516, 517]] {
            let mut out = vec![0; 4];
            missing(9, 11, numbers, &mut out);
            assert!(out.len() - 4 <= missing_bytes(numbers.len()));
            let compound = Compound::read(&out[4..]).expect("well formed");
            let items: Vec<_> = compound.items().collect();
            let [Item::Nack { ssrc: 11, missing }] = items[..] else { panic!("{items:?}") };
            assert_eq!(missing.numbers().collect::<Vec<_>>(), numbers);
        }
        let mut out = Vec::new();
        missing(9, 11, &[7, 8, 23], &mut out);
        assert_eq!(out.len(), 16, "one entry");
    }

    #[test]
    fn a_key_frame_is_asked_for_as_it_is_read() {
        let mut out = Vec::new();
        picture_loss(9, 11, &mut out);
        assert_eq!(out.len(), PICTURE_LOSS);
        let compound = Compound::read(&out).expect("well formed");
        assert_eq!(compound.items().collect::<Vec<_>>(), [Item::KeyframeWanted { ssrc: 11 }]);
    }
}
