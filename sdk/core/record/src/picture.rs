//! An encoded picture as a recording sees it: its format if it is a key frame, and its bytes as the file wants them. It
//! decodes nothing.

use crate::{h264, vp8};

/// How pictures are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VideoCodec {
    /// H.264, one access unit a call, as NAL units with start codes (ITU-T H.264 Annex B).
    H264,
    /// VP8, one frame a call (RFC 6386).
    Vp8,
}

/// What the header of a file says about its pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Format {
    pub(crate) codec: VideoCodec,
    pub(crate) width: u16,
    pub(crate) height: u16,
    /// For H.264.
    pub(crate) sets: h264::ParameterSets,
}

impl Format {
    /// Whether pictures of another format can go on in a file with this one. Other parameter sets of the same size can,
    /// because they stay in the stream.
    pub(crate) fn goes_on_with(&self, other: &Self) -> bool {
        (self.codec, self.width, self.height) == (other.codec, other.width, other.height)
    }
}

/// A picture of more bytes than this is refused, because lengths in a fragment have 32 bits.
const LARGEST: usize = 32 << 20;

/// One encoded picture.
#[derive(Debug)]
pub(crate) struct Picture {
    /// Of a key frame.
    pub(crate) format: Option<Format>,
    pub(crate) codec: VideoCodec,
    /// As the file stores it.
    pub(crate) data: Vec<u8>,
}

impl Picture {
    /// Reads a picture; `None` when it is none. What is in the `header` of the file need not be stored again. A key frame that
    /// does not say its format has that of the `last` one.
    pub(crate) fn read(codec: VideoCodec, bytes: &[u8], header: Option<&Format>, last: Option<&Format>) -> Option<Self> {
        if bytes.len() > LARGEST {
            return None;
        }
        match codec {
            VideoCodec::H264 => {
                let unit = h264::read(bytes, header.map(|header| &header.sets))?;
                let format = match unit.kind {
                    h264::Kind::Delta => None,
                    h264::Kind::Key if unit.sets.sequence.is_empty() => last.filter(|last| last.codec == codec).cloned(),
                    h264::Kind::Key => unit.sets.size().map(|(width, height)| Format { codec, width, height, sets: unit.sets }),
                };
                Some(Self { format, codec, data: unit.data })
            }
            VideoCodec::Vp8 => {
                let size = vp8::key_frame_size(bytes);
                if size.is_none() && !vp8::is_delta_frame(bytes) {
                    return None;
                }
                let format = size.map(|(width, height)| Format { codec, width, height, sets: h264::ParameterSets::default() });
                Some(Self { format, codec, data: bytes.to_vec() })
            }
        }
    }
}
