//! Payloads of RTP packets, as far as they are read to find key frames.

use rtc_protocol::Codec;
use rtc_sfu::keyframe::is_switch_point;

/// An AV1 payload.
pub fn keyframe_av1(data: &[u8]) -> bool {
    keyframe(Codec::Av1, data)
}

/// An H.264 payload.
pub fn keyframe_h264(data: &[u8]) -> bool {
    keyframe(Codec::H264, data)
}

/// A VP8 payload.
pub fn keyframe_vp8(data: &[u8]) -> bool {
    keyframe(Codec::Vp8, data)
}

/// A VP9 payload.
pub fn keyframe_vp9(data: &[u8]) -> bool {
    keyframe(Codec::Vp9, data)
}

/// Only the beginning is read: what a key frame begins with does not depend on how it goes on.
fn keyframe(codec: Codec, data: &[u8]) -> bool {
    let is_start = is_switch_point(codec, data);
    if is_start {
        let longer = [data, &[0xff; 4]].concat();
        assert!(is_switch_point(codec, &longer), "four more bytes undo it");
    }
    is_start
}
