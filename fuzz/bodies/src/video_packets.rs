//! RTP packets of a picture, as a native client puts them together.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rtc_video::codec::VideoCodec;
use rtc_video::rtp::assembler::{Assembler, Packet};

/// The most that a picture may have.
const LARGEST: usize = 4 << 20;

/// Packets, each of them three bytes and a payload: how number and time go on from the packet before, what else stands in its
/// header, and its length. Whatever they are, memory stays below what came, and what comes out is a picture.
pub fn video_packets(data: &[u8]) -> bool {
    let mut assembler = Assembler::new(Duration::from_millis(100));
    let (mut now, mut rest, mut seq, mut time) = (Instant::now(), data, 1u64 << 20, 0u32);
    let mut has_picture = false;
    while let [step, flags, length, tail @ ..] = rest {
        let (payload, after) = tail.split_at(usize::from(*length).min(tail.len()));
        rest = after;
        // From 8 back to 7 on; 0 is the next one.
        seq = seq.saturating_add_signed(1 + i64::from(step.cast_signed() >> 4));
        time = time.wrapping_add(match step & 3 {
            0 => 0,
            1 => 3000,
            2 => 1 << 31,
            _ => 3000u32.wrapping_neg(),
        });
        let codec = if flags & 1 == 0 { VideoCodec::Vp8 } else { VideoCodec::H264 };
        assembler.insert(Packet { seq, time, marker: flags & 0x80 != 0, codec, payload: Arc::from(payload) });
        while let Some(frame) = assembler.poll(now) {
            assert!((1..=LARGEST).contains(&frame.data.len()));
            has_picture = true;
        }
        assert!(assembler.poll_timeout().is_none_or(|due| due > now), "a time that has passed would keep a thread busy");
        let _ = assembler.keyframe_wanted(now);
        now += Duration::from_millis(u64::from(flags >> 1 & 7) * 5);
    }
    assert!(assembler.buffered_bytes() <= data.len());
    has_picture
}
