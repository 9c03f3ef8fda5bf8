//! An encoder whose library is opened with the first picture, and anew for every other size. It knows no codec.

use crate::codec::{CodecError, EncodedFrame, EncoderSettings, VideoCodec, VideoEncoder};
use crate::frame::{Frame, Size};

/// A library that was opened for pictures of one size.
pub(crate) trait Library: Send + Sized {
    const CODEC: VideoCodec;

    fn open(settings: EncoderSettings, first: &Frame) -> Result<Self, CodecError>;

    /// Bitrate and frame rate are others from the next picture on.
    fn set_rate(&mut self, settings: EncoderSettings) -> Result<(), CodecError>;

    /// As [`VideoEncoder::encode`], for a picture of the size of the first.
    fn encode(&mut self, frame: &Frame, force_key: bool) -> Result<Option<EncodedFrame>, CodecError>;
}

/// The encoder. After an error its library is opened anew.
pub(crate) struct Encoder<L> {
    settings: EncoderSettings,
    open: Option<Open<L>>,
}

struct Open<L> {
    library: L,
    size: Size,
    is_rate_stale: bool,
}

impl<L: Library> Encoder<L> {
    pub(crate) const fn new(settings: EncoderSettings) -> Self {
        Self { settings, open: None }
    }

    fn change(&mut self, change: impl FnOnce(&mut EncoderSettings)) {
        change(&mut self.settings);
        if let Some(open) = &mut self.open {
            open.is_rate_stale = true;
        }
    }
}

impl<L: Library> VideoEncoder for Encoder<L> {
    fn codec(&self) -> VideoCodec {
        L::CODEC
    }

    fn encode(&mut self, frame: &Frame, force_key: bool) -> Result<Option<EncodedFrame>, CodecError> {
        let (settings, size) = (self.settings, frame.size());
        // Put back only if all goes well.
        let mut open = match self.open.take().filter(|open| open.size == size) {
            Some(open) => open,
            None => Open { library: L::open(settings, frame)?, size, is_rate_stale: false },
        };
        if std::mem::take(&mut open.is_rate_stale) {
            open.library.set_rate(settings)?;
        }
        let encoded = open.library.encode(frame, force_key)?;
        self.open = Some(open);
        Ok(encoded)
    }

    fn set_bitrate(&mut self, kbps: u32) {
        self.change(|settings| settings.bitrate_kbps = kbps);
    }

    fn set_frame_rate(&mut self, frame_rate: u32) {
        self.change(|settings| settings.frame_rate = frame_rate);
    }
}
