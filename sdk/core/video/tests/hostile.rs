//! Bytes from strangers: whatever they are, nothing panics and nothing grows. Each body takes any bytes, so that a fuzzer can
//! drive it as well.

use std::sync::Arc;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use rtc_video::cipher::{Algorithm, Cipher};
use rtc_video::codec::{Codecs, EncodedFrame, EncoderSettings, Software, VideoCodec};
use rtc_video::frame::{Pool, Size};
use rtc_video::pattern::Pattern;
use rtc_video::rtp::assembler::{Assembler, Packet};
use rtc_video::rtp::{MAX_PAYLOAD, Packetizer};
use rtc_video::sei::Sei;

/// Packets with headers and payloads from the bytes: two bytes say how number and time go on, marker, codec and length.
fn fuzz_assembler(data: &[u8]) {
    let mut assembler = Assembler::new(Duration::from_millis(100));
    let (mut now, mut rest, mut seq, mut time) = (Instant::now(), data, 1u64 << 20, 0u32);
    while let [step, flags, tail @ ..] = rest {
        let (payload, after) = tail.split_at(usize::from(flags & 0x1f).min(tail.len()));
        rest = after;
        seq = seq.saturating_add_signed(i64::from(step.cast_signed() / 16));
        time = time.wrapping_add_signed(i32::from(step & 3) * 3000 - 3000);
        let codec = if flags & 0x40 != 0 { VideoCodec::Vp8 } else { VideoCodec::H264 };
        assembler.insert(Packet { seq, time, marker: flags & 0x80 != 0, codec, payload: Arc::from(payload) });
        while let Some(frame) = assembler.poll(now) {
            assert!(!frame.data.is_empty() && frame.data.len() <= 4 << 20);
        }
        if let Some(due) = assembler.poll_timeout() {
            assert!(due > now, "a time that has passed would keep a thread busy");
        }
        let _ = assembler.keyframe_wanted(now);
        now += Duration::from_millis(u64::from(step & 7) * 5);
    }
    assert!(assembler.buffered_bytes() <= data.len());
}

/// The bytes as pictures for a decoder that had a good one, and one for it afterwards.
fn fuzz_decoder(codec: VideoCodec, data: &[u8]) {
    let pool = Pool::default();
    let frame = Pattern::new(1, Size::nearest(64, 48)).draw(1, 0, &pool);
    let good = Software.encoder(codec, EncoderSettings::default()).unwrap().encode(&frame, true).unwrap().unwrap();
    let mut decoder = Software.decoder(codec, &pool).unwrap();
    assert!(decoder.decode(&good).unwrap().is_some());
    let mut spoiled = good.data.to_vec();
    for (at, byte) in data.iter().enumerate() {
        let length = spoiled.len();
        spoiled[at * 37 % length] ^= byte;
    }
    for bytes in [data.to_vec(), spoiled] {
        let _ = decoder.decode(&EncodedFrame { data: bytes.into(), ..good.clone() });
    }
    assert!(decoder.decode(&good).unwrap().is_some(), "the next key frame mends it");
}

/// The bytes as an access unit: everything that reads one.
fn fuzz_access_unit(data: &[u8]) {
    for codec in [VideoCodec::Vp8, VideoCodec::H264] {
        let frame = EncodedFrame { codec, data: data.to_vec().into(), key: false, time_us: 0 };
        let payloads = Packetizer::new(MAX_PAYLOAD, 0).packetize(&frame);
        assert!(payloads.iter().all(|payload| (1..=MAX_PAYLOAD).contains(&payload.data.len())));
        let mut cipher = Cipher::new(Algorithm::Aes128Gcm, b"key", &[0; 32], [0; 8]).unwrap();
        let _ = cipher.open_frame(&frame);
        let sealed = cipher.seal_frame(&frame).unwrap();
        cipher.open_frame(&sealed).unwrap();
    }
    for message in Sei::extract(data) {
        assert!(message.data.len() <= rtc_video::sei::MAX_BYTES);
    }
}

/// Bytes that headers are made of come more often than others.
fn bytes(length: usize) -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        3 => prop::sample::select(vec![0u8, 1, 3, 0x10, 0x11, 0x41, 0x65, 0x67, 0x68, 0x78, 0x7c, 0x80, 0x85, 0x90, 0x9d, 0xff]),
        2 => any::<u8>(),
    ];
    proptest::collection::vec(byte, 0..length)
}

proptest! {
    #[test]
    fn the_assembler_survives_any_packets(data in bytes(600)) {
        fuzz_assembler(&data);
    }

    #[test]
    fn access_units_may_be_anything(data in bytes(300)) {
        fuzz_access_unit(&data);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn decoders_survive_any_picture(data in bytes(120)) {
        fuzz_decoder(VideoCodec::Vp8, &data);
        fuzz_decoder(VideoCodec::H264, &data);
    }
}
