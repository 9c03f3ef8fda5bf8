//! H.264 constrained baseline by OpenH264, whose source is compiled in. It knows whole access units, not packets.
#![allow(unsafe_code)] // One option of the library has no safe door: the bitrate of a running encoder.

use bytes::Bytes;
use openh264::OpenH264API;
use openh264::encoder::{
    BitRate, Complexity, EncoderConfig, FrameRate, FrameType, IntraFramePeriod, Profile, RateControlMode, SpsPpsStrategy,
    UsageType,
};
use openh264::formats::{YUVSlices, YUVSource};
use openh264_sys2::{
    ENCODER_OPTION_BITRATE, ENCODER_OPTION_FRAME_RATE, ENCODER_OPTION_MAX_BITRATE, SBitrateInfo, SPATIAL_LAYER_ALL,
};

use crate::codec::{CodecError, Content, EncodedFrame, EncoderSettings, VideoCodec, VideoDecoder};
use crate::encoding;
use crate::frame::{Frame, Pool, Size};
use crate::nal;

/// Real-time H.264 at a constant bitrate: one slice a picture, parameter sets before each key frame, no B frames; key frames
/// come only when asked for.
pub(crate) type Encoder = encoding::Encoder<OpenH264>;

/// The library, opened for pictures of one size.
pub(crate) struct OpenH264 {
    encoder: openh264::encoder::Encoder,
    first_time_us: u64,
}

impl encoding::Library for OpenH264 {
    const CODEC: VideoCodec = VideoCodec::H264;

    fn open(settings: EncoderSettings, first: &Frame) -> Result<Self, CodecError> {
        let size = first.size();
        let (long, short) = (size.width().max(size.height()), size.width().min(size.height()));
        if short < 16 || long > 3840 || short > 2160 {
            return Err(CodecError::Size { codec: VideoCodec::H264, size });
        }
        let is_screen = settings.content == Content::Screen;
        let config = EncoderConfig::new()
            .bitrate(BitRate::from_bps(bits(settings)))
            .max_frame_rate(FrameRate::from_hz(rate(settings)))
            .rate_control_mode(RateControlMode::Bitrate)
            .skip_frames(true)
            .usage_type(if is_screen { UsageType::ScreenContentRealTime } else { UsageType::CameraVideoRealTime })
            .profile(Profile::Baseline)
            .complexity(if size.area() > 640 * 480 { Complexity::Low } else { Complexity::Medium })
            // One pair of ids for ever: a viewer that lost a key frame must not meet a picture with unknown ones.
            .sps_pps_strategy(SpsPpsStrategy::ConstantId)
            .intra_frame_period(IntraFramePeriod::from_num_frames(0))
            // For a camera, a change of scene would put key frames where nobody asked for one. For a screen the library
            // insists, and has none of the other two.
            .scene_change_detect(is_screen)
            .adaptive_quantization(!is_screen)
            .background_detection(!is_screen)
            .num_threads(u16::try_from(settings.threads.clamp(1, 8)).unwrap_or(1));
        let encoder =
            openh264::encoder::Encoder::with_api_config(OpenH264API::from_source(), config).map_err(|e| library_error(&e))?;
        Ok(Self { encoder, first_time_us: first.time_us })
    }

    fn encode(&mut self, frame: &Frame, force_key: bool) -> Result<Option<EncodedFrame>, CodecError> {
        if force_key {
            self.encoder.force_intra_frame();
        }
        let (size, [y, u, v]) = (frame.size(), frame.planes());
        let source = YUVSlices::new(
            (y.data, u.data, v.data),
            (size.width() as usize, size.height() as usize),
            (y.stride, u.stride, v.stride),
        );
        // The library's clock is a number of milliseconds that it subtracts; it starts near 0.
        let time = openh264::Timestamp::from_millis(frame.time_us.saturating_sub(self.first_time_us) / 1000);
        let output = self.encoder.encode_at(&source, time).map_err(|e| library_error(&e))?;
        let key = match output.frame_type() {
            FrameType::IDR => true,
            FrameType::I | FrameType::P | FrameType::IPMixed => false,
            FrameType::Invalid | FrameType::Skip => return Ok(None),
        };
        let data = output.to_vec();
        if data.is_empty() {
            return Ok(None);
        }
        Ok(Some(EncodedFrame { codec: VideoCodec::H264, data: Bytes::from(data), key, time_us: frame.time_us }))
    }

    fn set_rate(&mut self, settings: EncoderSettings) -> Result<(), CodecError> {
        let bits = i32::try_from(bits(settings)).unwrap_or(i32::MAX);
        let mut frame_rate = rate(settings);
        let mut bitrate = SBitrateInfo { iLayer: SPATIAL_LAYER_ALL, iBitrate: bits };
        // SAFETY: the options are written as the library's interface says: a float, and a structure of layer and bitrate.
        // The maximum goes first, because the library clamps the target to it. Before the first picture it may refuse,
        // but rates only become stale after one.
        let errors = unsafe {
            let raw = self.encoder.raw_api();
            [
                raw.set_option(ENCODER_OPTION_FRAME_RATE, (&raw mut frame_rate).cast()),
                raw.set_option(ENCODER_OPTION_MAX_BITRATE, (&raw mut bitrate).cast()),
                raw.set_option(ENCODER_OPTION_BITRATE, (&raw mut bitrate).cast()),
            ]
        };
        match errors.into_iter().find(|error| *error != 0) {
            Some(error) => Err(CodecError::Library { codec: VideoCodec::H264, reason: format!("rate refused, code {error}") }),
            None => Ok(()),
        }
    }
}

/// Decodes H.264. Damage ends in an error, and nothing but a key frame is taken afterwards.
pub struct Decoder {
    library: openh264::decoder::Decoder,
    pool: Pool,
    needs_key: bool,
}

impl Decoder {
    /// A decoder whose pictures take their memory from `pool`.
    ///
    /// # Errors
    /// [`CodecError::Library`].
    pub fn new(pool: Pool) -> Result<Self, CodecError> {
        Ok(Self { library: open_decoder()?, pool, needs_key: true })
    }

    fn decode_data(&mut self, data: &[u8], time_us: u64) -> Result<Option<Frame>, CodecError> {
        let Some(picture) = self.library.decode(data).map_err(|e| CodecError::Damaged(e.to_string()))? else {
            return Ok(None);
        };
        let (width, height) = picture.dimensions();
        let size = Size::new(u32::try_from(width).unwrap_or(u32::MAX), u32::try_from(height).unwrap_or(u32::MAX))?;
        let mut canvas = self.pool.canvas(size);
        let strides = picture.strides();
        let sources = [(picture.y(), strides.0), (picture.u(), strides.1), (picture.v(), strides.2)];
        for (mut target, (source, stride)) in canvas.planes().into_iter().zip(sources) {
            for (row, target) in target.rows().enumerate() {
                let source = source.get(row * stride..).and_then(|rest| rest.get(..target.len()));
                target.copy_from_slice(source.ok_or_else(|| CodecError::Damaged("the picture has too few rows".into()))?);
            }
        }
        Ok(Some(canvas.into_frame().at(time_us)))
    }
}

impl VideoDecoder for Decoder {
    fn codec(&self) -> VideoCodec {
        VideoCodec::H264
    }

    fn decode(&mut self, frame: &EncodedFrame) -> Result<Option<Frame>, CodecError> {
        if frame.codec != VideoCodec::H264 {
            return Err(CodecError::WrongCodec { expected: VideoCodec::H264, given: frame.codec });
        }
        // What the packets say is not trusted: only the access unit itself decides how it is read.
        let is_key = nal::units(&frame.data).any(|unit| nal::kind(unit) == Some(nal::IDR));
        if self.needs_key {
            if !is_key {
                return Err(CodecError::KeyframeNeeded);
            }
            // After damage the library may be in any state; a new one costs less than a wrong picture.
            self.library = open_decoder()?;
        }
        let result = self.decode_data(&frame.data, frame.time_us);
        self.needs_key = match &result {
            Err(_) => true,
            // A key frame that shows nothing has not been understood.
            Ok(None) => is_key || self.needs_key,
            Ok(Some(_)) => false,
        };
        if is_key && matches!(result, Ok(None)) {
            return Err(CodecError::Damaged("a key frame without a picture".into()));
        }
        result
    }
}

fn open_decoder() -> Result<openh264::decoder::Decoder, CodecError> {
    openh264::decoder::Decoder::new().map_err(|e| library_error(&e))
}

fn bits(settings: EncoderSettings) -> u32 {
    settings.bitrate_kbps.clamp(1, 1_000_000) * 1000
}

fn rate(settings: EncoderSettings) -> f32 {
    // At most 120, which a float holds exactly.
    settings.frame_rate.clamp(1, 120) as f32
}

fn library_error(error: &openh264::Error) -> CodecError {
    CodecError::Library { codec: VideoCodec::H264, reason: error.to_string() }
}
