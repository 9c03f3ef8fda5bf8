//! Stories of loss, reordering and hostile packets.

use proptest::prelude::*;

use super::*;
use crate::nal::START_CODE;
use crate::rtp::{MAX_PAYLOAD, Packetizer};

const PATIENCE: Duration = Duration::from_millis(200);
const INTERVAL: u32 = 3000;

/// A sender whose pictures are their number, repeated.
struct Sender {
    packetizer: Packetizer,
    codec: VideoCodec,
    seq: u64,
    time: u32,
}

impl Sender {
    fn new() -> Self {
        Self { packetizer: Packetizer::new(MAX_PAYLOAD, 7), codec: VideoCodec::Vp8, seq: 1000, time: 90_000 }
    }

    /// The packets of a picture of so many bytes.
    fn send(&mut self, key: bool, number: u8, bytes: usize) -> Vec<Packet> {
        self.time = self.time.wrapping_add(INTERVAL);
        let data = picture(self.codec, key, number, bytes).into();
        let frame = EncodedFrame { codec: self.codec, data, key, time_us: 0 };
        let payloads = self.packetizer.packetize(&frame);
        payloads
            .into_iter()
            .map(|payload| {
                self.seq += 1;
                Packet { seq: self.seq, time: self.time, marker: payload.marker, codec: self.codec, payload: payload.data }
            })
            .collect()
    }
}

fn picture(codec: VideoCodec, key: bool, number: u8, bytes: usize) -> Vec<u8> {
    let body = vec![number.max(1); bytes];
    match (codec, key) {
        (VideoCodec::Vp8, key) => [&[0x10 | u8::from(!key)], &body[..]].concat(),
        (VideoCodec::H264, false) => [&START_CODE[..], &[0x41, 0x9a], &body].concat(),
        (VideoCodec::H264, true) => {
            [&START_CODE[..], &[0x67, 0x42], &START_CODE, &[0x68, 0xce], &START_CODE, &[0x65, 0x88], &body].concat()
        }
    }
}

struct Viewer {
    assembler: Assembler,
    now: Instant,
}

impl Viewer {
    fn new() -> Self {
        Self { assembler: Assembler::new(PATIENCE), now: Instant::now() }
    }

    /// The numbers of the pictures that these packets complete.
    fn receive(&mut self, packets: impl IntoIterator<Item = Packet>) -> Vec<u8> {
        packets.into_iter().for_each(|packet| self.assembler.insert(packet));
        self.pictures()
    }

    fn pictures(&mut self) -> Vec<u8> {
        std::iter::from_fn(|| self.assembler.poll(self.now)).map(|frame| frame.data[frame.data.len() - 1]).collect()
    }

    fn wait(&mut self, duration: Duration) -> Vec<u8> {
        self.now += duration;
        self.pictures()
    }

    fn is_asking(&mut self) -> bool {
        self.assembler.keyframe_wanted(self.now)
    }
}

#[test]
fn pictures_come_out_as_they_were_sent() {
    for codec in [VideoCodec::Vp8, VideoCodec::H264] {
        let (mut sender, mut viewer) = (Sender::new(), Viewer::new());
        sender.codec = codec;
        for (number, bytes) in [(1, 5000), (2, 10), (3, 2000), (4, 1)] {
            let packets = sender.send(number == 1, number, bytes);
            packets.into_iter().for_each(|packet| viewer.assembler.insert(packet));
            let frame = viewer.assembler.poll(viewer.now).unwrap();
            assert_eq!(frame.data, picture(codec, number == 1, number, bytes));
            assert_eq!(
                (frame.codec, frame.key, frame.time_us),
                (codec, number == 1, (ROUND + u64::from(sender.time)) * 100 / 9)
            );
        }
        assert_eq!(
            viewer.assembler.counters(),
            Counters {
                packets: if codec == VideoCodec::Vp8 { 9 } else { 10 },
                frames: 4,
                key_frames: 1,
                ..Counters::default()
            }
        );
        assert_eq!(viewer.assembler.buffered_bytes(), 0);
        assert!(!viewer.is_asking());
    }
}

#[test]
fn reordered_and_repeated_packets_change_nothing() {
    let (mut sender, mut viewer) = (Sender::new(), Viewer::new());
    let mut packets = sender.send(true, 1, 5000);
    packets.extend(sender.send(false, 2, 3000));
    packets.extend(packets.clone());
    packets.reverse();
    assert_eq!(viewer.receive(packets), [1, 2]);
    assert_eq!(viewer.assembler.counters().duplicates, 8);
}

#[test]
fn a_retransmission_within_patience_saves_the_picture() {
    let (mut sender, mut viewer) = (Sender::new(), Viewer::new());
    assert_eq!(viewer.receive(sender.send(true, 1, 100)), [1]);
    let mut second = sender.send(false, 2, 3000);
    let lost = second.remove(1);
    assert_eq!(viewer.receive(second), []);
    assert_eq!(viewer.receive(sender.send(false, 3, 100)), []);
    assert_eq!(viewer.assembler.poll_timeout(), Some(viewer.now + PATIENCE));
    assert_eq!(viewer.wait(Duration::from_millis(150)), []);
    assert!(!viewer.is_asking());
    assert_eq!(viewer.receive([lost]), [2, 3]);
    assert_eq!(viewer.assembler.poll_timeout(), None);
}

#[test]
fn a_wait_is_over_when_the_packet_has_come_though_the_picture_goes_on() {
    let (mut sender, mut viewer) = (Sender::new(), Viewer::new());
    assert_eq!(viewer.receive(sender.send(true, 1, 100)), [1]);
    let mut second = sender.send(false, 2, 5000);
    let (rest, lost) = (second.split_off(3), second.remove(1));
    assert_eq!(viewer.receive(second), []);
    assert_eq!(viewer.wait(Duration::from_millis(150)), []);
    assert_eq!(viewer.receive([lost]), []);
    assert_eq!(viewer.assembler.poll_timeout(), None, "nothing is known to be missing");
    assert_eq!(viewer.wait(PATIENCE), []);

    // What is missing of the rest is waited for as long as anything.
    let (between, last) = rest.split_at(rest.len() - 1);
    assert_eq!(viewer.receive(last.to_vec()), []);
    assert_eq!(viewer.assembler.poll_timeout(), Some(viewer.now + PATIENCE));
    assert_eq!(viewer.wait(Duration::from_millis(150)), []);
    assert_eq!(viewer.receive(between.to_vec()), [2]);
}

#[test]
fn a_packet_that_never_comes_ends_in_a_wish_for_a_key_frame() {
    let (mut sender, mut viewer) = (Sender::new(), Viewer::new());
    viewer.receive(sender.send(true, 1, 100));
    let lost = sender.send(false, 2, 100);
    assert_eq!(viewer.receive(sender.send(false, 3, 100)), []);
    assert_eq!(viewer.wait(PATIENCE), []);
    assert!(viewer.is_asking() && !viewer.is_asking(), "once at first");
    assert_eq!(viewer.wait(REPEAT_REQUEST), []);
    assert!(viewer.is_asking(), "and again when nothing came");
    assert_eq!(viewer.receive(lost), [], "too late, pictures after it would be wrong");
    assert_eq!(viewer.receive(sender.send(false, 4, 100)), []);
    assert_eq!(viewer.receive(sender.send(true, 5, 100)), [5]);
    assert!(!viewer.is_asking());
    assert_eq!(viewer.receive(sender.send(false, 6, 100)), [6]);
    assert_eq!(viewer.assembler.counters().losses, 1);
}

#[test]
fn a_key_frame_beyond_a_gap_ends_the_wait() {
    let (mut sender, mut viewer) = (Sender::new(), Viewer::new());
    viewer.receive(sender.send(true, 1, 100));
    let late = sender.send(false, 2, 100);
    assert_eq!(viewer.receive(sender.send(true, 3, 2000)), [], "it may only have overtaken");
    assert_eq!(viewer.assembler.poll_timeout(), Some(viewer.now + REORDERING));
    assert_eq!(viewer.wait(REORDERING), [3]);
    assert_eq!(viewer.receive(late), []);
    assert_eq!(viewer.assembler.counters().late, 1);
    assert!(!viewer.is_asking());
}

#[test]
fn half_a_key_frame_beyond_a_gap_shortens_no_wait() {
    let (mut sender, mut viewer) = (Sender::new(), Viewer::new());
    viewer.receive(sender.send(true, 1, 100));
    sender.send(false, 2, 100);
    let mut key = sender.send(true, 3, 3000);
    let middle = key.remove(1);
    assert_eq!(viewer.receive(key), []);
    assert_eq!(viewer.wait(REORDERING), []);
    assert_eq!(viewer.assembler.poll_timeout(), Some(viewer.now - REORDERING + PATIENCE));
    assert_eq!(viewer.receive([middle]), [3]);
}

#[test]
fn who_joins_in_the_middle_waits_for_a_key_frame() {
    for codec in [VideoCodec::Vp8, VideoCodec::H264] {
        let (mut sender, mut viewer) = (Sender::new(), Viewer::new());
        sender.codec = codec;
        sender.send(true, 1, 100);
        assert!(!viewer.is_asking(), "nothing is sent yet");
        assert_eq!(viewer.receive(sender.send(false, 2, 100)), []);
        assert!(viewer.is_asking());
        let mut key = sender.send(true, 3, 4000);
        let last = key.pop();
        assert_eq!(viewer.receive(key), []);
        viewer.now += REPEAT_REQUEST;
        assert!(!viewer.is_asking(), "one is on its way");
        assert_eq!(viewer.receive(last), [3]);
    }
}

#[test]
fn a_slot_goes_on_when_another_source_with_another_codec_takes_it() {
    let (mut sender, mut viewer) = (Sender::new(), Viewer::new());
    assert_eq!(viewer.receive(sender.send(true, 1, 3000)), [1]);
    assert_eq!(viewer.receive(sender.send(false, 2, 100)), [2]);
    sender.codec = VideoCodec::H264;
    assert_eq!(viewer.receive(sender.send(true, 3, 5000)), [3]);
    assert_eq!(viewer.receive(sender.send(false, 4, 100)), [4]);
    sender.codec = VideoCodec::Vp8;
    assert_eq!(viewer.receive(sender.send(true, 5, 100)), [5]);
    assert_eq!(viewer.assembler.counters().losses, 0);
}

#[test]
fn a_picture_without_its_marker_ends_where_the_next_begins() {
    let (mut sender, mut viewer) = (Sender::new(), Viewer::new());
    let mut first = sender.send(true, 1, 3000);
    first.iter_mut().for_each(|packet| packet.marker = false);
    assert_eq!(viewer.receive(first), []);
    assert_eq!(viewer.receive(sender.send(false, 2, 100)), [1, 2]);
}

#[test]
fn padding_between_pictures_is_passed_over() {
    let (mut sender, mut viewer) = (Sender::new(), Viewer::new());
    assert_eq!(viewer.receive(sender.send(true, 1, 100)), [1]);
    for _ in 0..3 {
        sender.seq += 1;
        let padding =
            Packet { seq: sender.seq, time: sender.time, marker: false, codec: VideoCodec::Vp8, payload: Arc::from([]) };
        viewer.receive([padding]);
    }
    assert_eq!(viewer.receive(sender.send(false, 2, 100)), [2]);
    assert_eq!(viewer.assembler.counters().losses, 0);
}

#[test]
fn times_that_go_round_stay_in_order_and_can_be_had_back() {
    let (mut sender, mut viewer) = (Sender::new(), Viewer::new());
    sender.time = u32::MAX - 4000;
    let mut last = 0;
    for number in 1..5 {
        sender.send(number == 1, number, 3000).into_iter().for_each(|packet| viewer.assembler.insert(packet));
        let frame = viewer.assembler.poll(viewer.now).unwrap();
        assert!(last == 0 || frame.time_us.abs_diff(last + 33_333) <= 1);
        assert_eq!(crate::rtp::time(frame.time_us), sender.time);
        last = frame.time_us;
    }
}

#[test]
fn a_failed_decoder_gets_a_key_frame_next() {
    let (mut sender, mut viewer) = (Sender::new(), Viewer::new());
    viewer.receive(sender.send(true, 1, 100));
    viewer.assembler.wait_for_key();
    assert!(viewer.is_asking());
    assert_eq!(viewer.receive(sender.send(false, 2, 100)), []);
    assert_eq!(viewer.receive(sender.send(true, 3, 100)), [3]);
}

#[test]
fn an_h264_slice_that_overtook_its_parameter_sets_waits_for_them() {
    let (mut sender, mut viewer) = (Sender::new(), Viewer::new());
    sender.codec = VideoCodec::H264;
    let mut key = sender.send(true, 1, 3000);
    let parameters = key.remove(0);
    assert_eq!(viewer.receive(key), []);
    assert_eq!(viewer.receive([parameters]), [1]);
}

#[test]
fn an_h264_key_frame_of_another_source_is_not_begun_without_its_parameter_sets() {
    let (mut sender, mut viewer) = (Sender::new(), Viewer::new());
    sender.codec = VideoCodec::H264;
    assert_eq!(viewer.receive(sender.send(true, 1, 100)), [1]);
    let mut other = sender.send(true, 2, 3000);
    let parameters = other.remove(0);
    assert_eq!(viewer.receive(other), []);
    assert_eq!(viewer.wait(Duration::from_millis(100)), [], "a retransmission may bring them");
    assert_eq!(viewer.receive([parameters]), [2]);

    let mut third = sender.send(true, 3, 3000);
    third.remove(0);
    assert_eq!(viewer.receive(third), []);
    assert_eq!(viewer.wait(PATIENCE), []);
    assert!(viewer.is_asking());
}

#[test]
fn an_h264_key_frame_that_follows_what_is_known_needs_no_parameter_sets() {
    let (mut sender, mut viewer) = (Sender::new(), Viewer::new());
    sender.codec = VideoCodec::H264;
    assert_eq!(viewer.receive(sender.send(true, 1, 100)), [1]);
    viewer.assembler.wait_for_key();
    assert_eq!(viewer.receive(sender.send(false, 2, 100)), []);
    let [mut key] = sender.send(true, 3, 100).try_into().unwrap();
    // The aggregate's last unit alone.
    key.payload = key.payload[key.payload.len() - 102..].into();
    assert_eq!(viewer.receive([key]), [3]);
}

#[test]
fn a_source_that_counts_anew_far_below_is_taken_up_after_a_while() {
    let (mut sender, mut viewer) = (Sender::new(), Viewer::new());
    sender.seq = 1_000_000;
    viewer.receive(sender.send(true, 1, 100));
    sender.seq = 10;
    for _ in 0..RESTART_AFTER {
        assert_eq!(viewer.receive(sender.send(false, 2, 100)), []);
    }
    assert!(viewer.is_asking());
    assert_eq!(viewer.receive(sender.send(true, 3, 100)), [3]);
}

#[test]
fn a_picture_without_end_is_bounded() {
    let mut viewer = Viewer::new();
    let mut sender = Sender::new();
    let [first] = sender.send(true, 1, 100).try_into().unwrap();
    for at in 0..10_000 {
        let packet = Packet { seq: first.seq + at, marker: false, payload: vec![0; 2000].into(), ..first.clone() };
        viewer.receive([if at == 0 { Packet { marker: false, ..first.clone() } } else { packet }]);
        assert!(viewer.assembler.buffered_bytes() <= MAX_BYTES && viewer.assembler.packets.len() <= MAX_PACKETS);
    }
    assert!(viewer.assembler.counters().losses > 0);
    sender.seq = first.seq + 10_000;
    assert_eq!(viewer.receive(sender.send(true, 2, 100)), [2]);
}

fn any_packet() -> impl Strategy<Value = Packet> {
    let payload = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..8),
        Just(vec![0x10, 0x10]),
        Just(vec![0x10, 0x11]),
        Just(vec![0x00, 0x11]),
        Just(vec![0x67, 1]),
        Just(vec![0x65, 0x88]),
        Just(vec![0x7c, 0x85, 0x88]),
    ];
    let seq = prop_oneof![20 => 0u64..40, 1 => any::<u64>(), 1 => Just(u64::MAX)];
    (seq, prop_oneof![4 => 0u32..4, 1 => any::<u32>()], any::<bool>(), any::<bool>(), payload).prop_map(
        |(seq, time, marker, is_vp8, payload)| {
            let codec = if is_vp8 { VideoCodec::Vp8 } else { VideoCodec::H264 };
            Packet { seq, time, marker, codec, payload: payload.into() }
        },
    )
}

proptest! {
    #[test]
    fn any_packets_are_survived_and_no_byte_is_lost_count_of(packets in proptest::collection::vec(any_packet(), 0..120)) {
        let mut viewer = Viewer::new();
        for packet in packets {
            viewer.receive([packet]);
            viewer.wait(Duration::from_millis(7));
            let _ = viewer.is_asking();
            let held: usize = viewer.assembler.packets.values().map(|packet| packet.payload.len()).sum();
            prop_assert_eq!(held, viewer.assembler.buffered_bytes());
        }
    }

    #[test]
    fn whatever_is_lost_only_whole_pictures_come_out_and_in_order(
        lost in proptest::collection::vec(any::<bool>(), 60),
        keys in proptest::collection::vec(0u8..6, 20),
    ) {
        let (mut sender, mut viewer) = (Sender::new(), Viewer::new());
        let (mut shown, mut sent) = (Vec::new(), 0usize);
        for (number, key) in keys.iter().enumerate() {
            let packets = sender.send(*key == 0 || number == 0, number as u8 + 1, 2500);
            for packet in packets {
                let is_lost = lost[sent % lost.len()] && sent % 5 == 0;
                sent += 1;
                if !is_lost {
                    shown.extend(viewer.receive([packet]));
                }
            }
            shown.extend(viewer.wait(Duration::from_millis(33)));
        }
        prop_assert!(shown.is_sorted_by(|a, b| a < b));
        // A picture that is no key frame follows the one before it.
        let mut last = 0;
        for number in shown {
            let is_key = keys[usize::from(number) - 1] == 0 || number == 1;
            prop_assert!(is_key || number == last + 1, "{} after {}", number, last);
            last = number;
        }
    }
}
