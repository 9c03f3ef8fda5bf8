//! What a viewer is told: sender reports with names (RFC 3550 sections 6.4.1 and 6.5), and good-bye (section 6.6).

use super::kind;

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
}
