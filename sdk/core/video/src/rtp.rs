//! Pictures in RTP packets and back. It writes and reads payloads; headers, sequence numbers and time belong to who sends.

pub mod assembler;
pub mod h264;
pub(crate) mod lateness;
pub mod playout;
pub mod vp8;

use std::sync::Arc;

use crate::codec::{EncodedFrame, VideoCodec};

/// The largest payload that [`Packetizer`] makes by default: with all headers of RTP, SRTP, UDP and IPv6 it stays below 1280
/// bytes, which every path carries.
pub const MAX_PAYLOAD: usize = 1150;

/// The RTP time of a picture, in 1/90000 s: what is sent with it, and for one that came out of an
/// [`assembler::Assembler`], what it was sent with.
pub fn time(frame_time_us: u64) -> u32 {
    // Rounding up undoes the rounding down of the way back. The low 32 bits are what RTP carries.
    (u128::from(frame_time_us) * 9).div_ceil(100) as u32
}

/// The payload of one packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    /// What stands after the RTP header.
    pub data: Arc<[u8]>,
    /// The RTP marker bit: the last packet of the picture.
    pub marker: bool,
}

/// Cuts pictures into payloads. One serves one RTP stream.
#[derive(Debug, Clone)]
pub struct Packetizer {
    max_payload: usize,
    vp8: vp8::Writer,
}

impl Packetizer {
    /// A packetizer whose payloads have at most so many bytes, 100 to 9000. `picture_id` is where the VP8 picture
    /// numbers start, of which 15 bits count; RFC 7741 wants it random.
    pub fn new(max_payload: usize, picture_id: u16) -> Self {
        Self { max_payload: max_payload.clamp(100, 9000), vp8: vp8::Writer::new(picture_id) }
    }

    /// The payloads of a picture, in the order in which they have to be sent. A picture without data has none.
    pub fn packetize(&mut self, frame: &EncodedFrame) -> Vec<Payload> {
        let payloads = match frame.codec {
            VideoCodec::Vp8 => self.vp8.write(&frame.data, self.max_payload),
            VideoCodec::H264 => h264::write(&frame.data, self.max_payload),
        };
        let last = payloads.len().saturating_sub(1);
        payloads.into_iter().enumerate().map(|(at, data)| Payload { data, marker: at == last }).collect()
    }
}
