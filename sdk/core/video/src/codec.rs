//! What an encoder and a decoder of pictures are, and what goes between them. Hardware codecs of a platform implement the
//! same traits as the two in this crate.

use bytes::Bytes;

use crate::frame::{Frame, FrameError, Pool, Size};

/// How pictures are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VideoCodec {
    /// VP8, RFC 6386.
    Vp8,
    /// H.264 constrained baseline, with start codes before each NAL unit (Annex B).
    H264,
}

/// One encoded picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodedFrame {
    /// How it is written.
    pub codec: VideoCodec,
    /// The whole picture: a VP8 frame, or an H.264 access unit in Annex B form.
    pub data: Bytes,
    /// Whether a decoder that has seen nothing can start here.
    pub key: bool,
    /// When the picture was taken, in microseconds. From a network it is the RTP time in this unit, so only differences
    /// mean something.
    pub time_us: u64,
}

/// What a stream shows, which decides what an encoder spends its time and bits on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Content {
    /// A camera: movement matters more than edges.
    #[default]
    Camera,
    /// A screen: text has to stay readable, pictures may be left out.
    Screen,
}

/// What an encoder is made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EncoderSettings {
    /// Bits to spend, in kbit/s; at least 1.
    pub bitrate_kbps: u32,
    /// Pictures a second that are expected, 1 to 120. It shapes the budget of a picture and leaves none out.
    pub frame_rate: u32,
    /// What is shown.
    pub content: Content,
    /// Threads to use, 1 to 8.
    pub threads: u32,
}

impl Default for EncoderSettings {
    fn default() -> Self {
        Self { bitrate_kbps: 550, frame_rate: 15, content: Content::Camera, threads: 1 }
    }
}

/// Why a picture was not encoded or decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodecError {
    /// Nothing can be decoded until a key frame comes. The sender has to be asked for one.
    #[error("the picture depends on pictures that are missing; ask for a key frame")]
    KeyframeNeeded,
    /// The data were no picture of this codec. The sender has to be asked for a key frame.
    #[error("the picture is damaged ({0}); ask for a key frame")]
    Damaged(String),
    /// The codec cannot do this size.
    #[error("{codec:?} cannot encode {size}; use at least 16x16 and at most 3840x2160")]
    Size {
        /// Which codec.
        codec: VideoCodec,
        /// Which size.
        size: Size,
    },
    /// The picture is written in another codec than this decoder reads.
    #[error("a decoder of {expected:?} got a picture in {given:?}; make one for that codec")]
    WrongCodec {
        /// What the decoder reads.
        expected: VideoCodec,
        /// What it got.
        given: VideoCodec,
    },
    /// A frame inside is impossible.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// The library failed at something that is not the data's fault, such as getting memory.
    #[error("the {codec:?} library failed: {reason}; make the codec anew")]
    Library {
        /// Which codec.
        codec: VideoCodec,
        /// What the library said.
        reason: String,
    },
}

impl CodecError {
    /// Whether the remedy is to ask the sender for a key frame.
    pub const fn wants_keyframe(&self) -> bool {
        matches!(self, Self::KeyframeNeeded | Self::Damaged(_))
    }
}

/// Turns pictures into data. One encoder serves one layer of one stream; pictures come in the order of their time.
pub trait VideoEncoder: Send {
    /// What it writes.
    fn codec(&self) -> VideoCodec;

    /// Encodes a picture; with `force_key` as a key frame. `None` means that this picture was left out to keep to the
    /// bitrate. The first picture, and the first of a new size, is a key frame by itself.
    ///
    /// # Errors
    /// [`CodecError::Size`] and [`CodecError::Library`].
    fn encode(&mut self, frame: &Frame, force_key: bool) -> Result<Option<EncodedFrame>, CodecError>;

    /// Bits to spend from the next picture on, in kbit/s; 0 counts as 1.
    fn set_bitrate(&mut self, kbps: u32);

    /// Pictures a second to expect from the next picture on; clamped to 1 to 120.
    fn set_frame_rate(&mut self, frame_rate: u32);
}

/// Turns data into pictures. One decoder serves one stream; after an error it takes only a key frame.
pub trait VideoDecoder: Send {
    /// What it reads.
    fn codec(&self) -> VideoCodec;

    /// Decodes one picture. `None` means that there is nothing to show for it.
    ///
    /// # Errors
    /// [`CodecError::wants_keyframe`] says whether the sender has to be asked for a key frame.
    fn decode(&mut self, frame: &EncodedFrame) -> Result<Option<Frame>, CodecError>;
}

/// Where encoders and decoders come from. A platform puts its hardware ones in front of [`Software`].
pub trait Codecs: Send + Sync {
    /// Makes an encoder.
    ///
    /// # Errors
    /// [`CodecError::Library`] when there is none to be had.
    fn encoder(&self, codec: VideoCodec, settings: EncoderSettings) -> Result<Box<dyn VideoEncoder>, CodecError>;

    /// Makes a decoder. Its pictures take their memory from `pool`.
    ///
    /// # Errors
    /// [`CodecError::Library`] when there is none to be had.
    fn decoder(&self, codec: VideoCodec, pool: &Pool) -> Result<Box<dyn VideoDecoder>, CodecError>;
}

/// libvpx and OpenH264, which every platform has.
#[derive(Debug, Clone, Copy, Default)]
pub struct Software;

impl Codecs for Software {
    fn encoder(&self, codec: VideoCodec, settings: EncoderSettings) -> Result<Box<dyn VideoEncoder>, CodecError> {
        Ok(match codec {
            VideoCodec::Vp8 => Box::new(crate::vp8::Encoder::new(settings)),
            VideoCodec::H264 => Box::new(crate::h264::Encoder::new(settings)),
        })
    }

    fn decoder(&self, codec: VideoCodec, pool: &Pool) -> Result<Box<dyn VideoDecoder>, CodecError> {
        Ok(match codec {
            VideoCodec::Vp8 => Box::new(crate::vp8::Decoder::new(pool.clone())?),
            VideoCodec::H264 => Box::new(crate::h264::Decoder::new(pool.clone())?),
        })
    }
}
