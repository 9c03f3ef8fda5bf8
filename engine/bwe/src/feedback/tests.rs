use proptest::prelude::*;

use super::*;

/// Writes feedback as a receiver would; `choice` picks among the kinds of chunk that can say the same.
pub(crate) fn write(first: u16, reference: u32, entries: &[Option<i16>], choice: impl Fn(usize) -> u8) -> Vec<u8> {
    let mut packet = vec![VERSION | FORMAT, TRANSPORT_FEEDBACK, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2];
    packet.extend(first.to_be_bytes());
    packet.extend((entries.len() as u16).to_be_bytes());
    packet.extend(&reference.to_be_bytes()[1..]);
    packet.push(7);
    let status = |entry: &Option<i16>| match entry {
        None => 0,
        Some(0..=255) => SMALL,
        Some(_) => LARGE,
    };
    let mut at = 0;
    while at < entries.len() {
        let left = &entries[at..];
        let run = left.iter().take_while(|entry| status(entry) == status(&left[0])).count().min(0x1fff);
        let short = left.iter().take(14).all(|entry| status(entry) != LARGE);
        let (word, took) = match choice(at) % 3 {
            0 if short => {
                let took = left.len().min(14);
                let symbols = (0..14).fold(0, |word, n| word << 1 | left.get(n).map_or(0, status));
                (0x8000 | symbols, took)
            }
            1 => {
                let took = left.len().min(7);
                let symbols = (0..7).fold(0, |word, n| word << 2 | left.get(n).map_or(0, status));
                (0xc000 | symbols, took)
            }
            _ => (status(&left[0]) << 13 | run as u16, run),
        };
        packet.extend(word.to_be_bytes());
        at += took;
    }
    for delta in entries.iter().flatten() {
        match delta {
            0..=255 => packet.push(*delta as u8),
            _ => packet.extend(delta.to_be_bytes()),
        }
    }
    let padding = packet.len().next_multiple_of(4) - packet.len();
    if padding > 0 {
        packet[0] |= PADDED;
        packet.resize(packet.len() + padding - 1, 0);
        packet.push(padding as u8);
    }
    let words = (packet.len() / 4 - 1) as u16;
    packet[2..4].copy_from_slice(&words.to_be_bytes());
    packet
}

#[test]
fn bytes_are_those_of_the_draft() {
    // Three packets from 0xffff on: after 64 ms and a quarter, lost, 2 ms before that. One vector of seven symbols.
    let packet = [
        0xaf,
        205,
        0,
        6,
        0,
        0,
        0,
        1,
        0,
        0,
        0,
        2,
        0xff,
        0xff,
        0,
        3,
        0,
        0,
        5,
        9, //
        0b1101_0010,
        0,
        1,
        0xff,
        0xf8,
        0,
        0,
        3,
    ];
    let feedback = Feedback::parse(&packet).expect("it is well formed");
    assert_eq!((feedback.first(), feedback.count(), feedback.reference()), (0xffff, 3, 5));
    assert_eq!(feedback.entries().collect::<Vec<_>>(), [(0xffff, Some(1)), (0, None), (1, Some(-7))]);
}

#[test]
fn a_chunk_may_say_more_than_there_are_packets() {
    // A run of 8191 that arrived, of which only two are reported on.
    let packet = [0x8f, 205, 0, 5, 0, 0, 0, 1, 0, 0, 0, 2, 0, 1, 0, 2, 0, 0, 5, 9, 0x3f, 0xff, 4, 8];
    let feedback = Feedback::parse(&packet).expect("it is well formed");
    assert_eq!(feedback.entries().collect::<Vec<_>>(), [(1, Some(4)), (2, Some(12))]);
}

#[test]
fn what_is_missing_is_told() {
    let whole = [0x8f, 205, 0, 5, 0, 0, 0, 1, 0, 0, 0, 2, 0, 1, 0, 2, 0, 0, 5, 9, 0x20, 2, 4, 8];
    let with = |at: usize, byte: u8| {
        let mut packet = whole;
        packet[at] = byte;
        Feedback::parse(&packet).map(|feedback| feedback.entries().collect::<Vec<_>>())
    };
    assert_eq!(with(0, 0x8f), Ok(vec![(1, Some(4)), (2, Some(12))]));
    assert_eq!(with(0, 0x8e), Err(FeedbackError::OtherType));
    assert_eq!(with(0, 0x4f), Err(FeedbackError::OtherType));
    assert_eq!(with(1, 206), Err(FeedbackError::OtherType));
    assert_eq!(with(3, 4), Err(FeedbackError::Length));
    assert_eq!(with(15, 0), Err(FeedbackError::Empty));
    assert_eq!(with(21, 1), Err(FeedbackError::Times), "the times are read as a chunk");
    assert_eq!(with(14, 8), Err(FeedbackError::Chunks));
    assert_eq!(with(20, 0x40), Err(FeedbackError::Times));
    assert_eq!(with(20, 0x60), Err(FeedbackError::Reserved));
    assert_eq!(with(20, 0xff), Err(FeedbackError::Reserved));
    // Padding of nothing, and of more than there is.
    let mut packet = whole;
    packet[0] |= PADDED;
    packet[23] = 0;
    assert_eq!(Feedback::parse(&packet), Err(FeedbackError::Length));
    packet[23] = 8;
    assert_eq!(Feedback::parse(&packet), Err(FeedbackError::Length));
    for end in 0..whole.len() {
        assert_eq!(Feedback::parse(&whole[..end]), Err(FeedbackError::Length), "cut at {end}");
    }
}

#[test]
fn times_that_only_go_one_way_do_not_overflow() {
    let entries = vec![Some(i16::MIN); 30_000];
    let packet = write(0, 0, &entries, |_| 2);
    let last = Feedback::parse(&packet).expect("it is well formed").entries().last();
    assert_eq!(last, Some((29_999, Some(-32_768 * 30_000))));
}

proptest! {
    #[test]
    fn what_a_receiver_writes_is_read(
        first: u16,
        reference in 0..1u32 << 24,
        entries in prop::collection::vec(prop::option::weighted(0.8, prop_oneof![3 => 0..256i16, 1 => any::<i16>()]), 1..600),
        choices: [u8; 8],
    ) {
        let packet = write(first, reference, &entries, |at| choices[at % 8]);
        let feedback = Feedback::parse(&packet).unwrap();
        prop_assert_eq!((feedback.first(), feedback.reference()), (first, reference));
        let mut sum = 0;
        let wanted: Vec<_> = entries.iter().enumerate().map(|(n, delta)| {
            let at = delta.map(|delta| { sum += Offset::from(delta); sum });
            (first.wrapping_add(n as u16), at)
        }).collect();
        prop_assert_eq!(feedback.entries().collect::<Vec<_>>(), wanted);
    }

    #[test]
    fn what_is_taken_has_every_entry(mut packet in prop::collection::vec(any::<u8>(), 20..200), count in 1..80u16) {
        packet.truncate(packet.len() / 4 * 4);
        packet[0] = VERSION | FORMAT;
        packet[1] = TRANSPORT_FEEDBACK;
        let words = (packet.len() / 4 - 1) as u16;
        packet[2..4].copy_from_slice(&words.to_be_bytes());
        packet[14..16].copy_from_slice(&count.to_be_bytes());
        if let Ok(feedback) = Feedback::parse(&packet) {
            prop_assert_eq!(feedback.entries().count(), usize::from(count));
        }
    }
}
