//! VP8 by libvpx, through the shim in `shim/vp8.c`. It knows whole pictures, not packets.
#![allow(unsafe_code)] // libvpx is a C library.

use std::ffi::{CStr, c_char, c_int, c_uint, c_ulong};
use std::ptr::{self, NonNull};

use bytes::Bytes;

use crate::codec::{CodecError, Content, EncodedFrame, EncoderSettings, VideoCodec, VideoDecoder};
use crate::encoding;
use crate::frame::{Frame, Pool, Size};

/// Real-time VP8 at a constant bitrate, without temporal layers; key frames come only when asked for.
pub(crate) type Encoder = encoding::Encoder<OpenVpx>;

/// The library, opened for pictures of one size.
pub(crate) struct OpenVpx {
    handle: NonNull<RawEncoder>,
    /// The library's clock: it has to go up, whatever the times of the pictures do.
    ticks: i64,
    last_time_us: u64,
    /// Between two pictures, in microseconds.
    interval: i64,
}

// SAFETY: libvpx keeps no thread-local state; a handle may be used from one thread after another, and `&mut self` on every
// use keeps it to one at a time.
unsafe impl Send for OpenVpx {}

impl encoding::Library for OpenVpx {
    const CODEC: VideoCodec = VideoCodec::Vp8;

    fn open(settings: EncoderSettings, first: &Frame) -> Result<Self, CodecError> {
        let (size, mut error) = (first.size(), 0);
        // Negative numbers are a fixed effort, the less the smaller they are. With positive ones the library would look at
        // the clock, and what comes out would depend on what else the machine does.
        let speed = match size.area() {
            ..=307_200 => -6,
            307_201..=921_600 => -8,
            _ => -10,
        };
        // SAFETY: plain numbers, and a place for the error that outlives the call.
        let handle = unsafe {
            rtc_vp8_encoder_new(
                size.width(),
                size.height(),
                settings.bitrate_kbps.max(1),
                frame_rate(settings),
                settings.threads.clamp(1, 8),
                speed,
                c_int::from(settings.content == Content::Screen),
                &raw mut error,
            )
        };
        let handle = NonNull::new(handle).ok_or_else(|| library_error(error))?;
        Ok(Self { handle, ticks: 0, last_time_us: 0, interval: interval(settings) })
    }

    fn set_rate(&mut self, settings: EncoderSettings) -> Result<(), CodecError> {
        self.interval = interval(settings);
        // SAFETY: the handle lives as long as `self`.
        match unsafe { rtc_vp8_encoder_rate(self.handle.as_ptr(), settings.bitrate_kbps.max(1), frame_rate(settings)) } {
            0 => Ok(()),
            error => Err(library_error(error)),
        }
    }

    fn encode(&mut self, frame: &Frame, force_key: bool) -> Result<Option<EncodedFrame>, CodecError> {
        // A pause of the source must not look like a budget saved up for minutes.
        let passed = i64::try_from(frame.time_us.saturating_sub(self.last_time_us)).unwrap_or(i64::MAX);
        self.ticks += passed.clamp(1, 4 * self.interval);
        self.last_time_us = frame.time_us;

        let [y, u, v] = frame.planes();
        let (mut data, mut length, mut is_key) = (ptr::null(), 0, 0);
        // SAFETY: the planes have the size the encoder was opened with and outlive the call; the strides are theirs and fit
        // an int, because a side has at most 4096 pixels.
        let error = unsafe {
            rtc_vp8_encode(
                self.handle.as_ptr(),
                y.data.as_ptr(),
                u.data.as_ptr(),
                v.data.as_ptr(),
                y.stride as c_int,
                u.stride as c_int,
                self.ticks,
                self.interval as c_ulong,
                c_int::from(force_key),
                &raw mut data,
                &raw mut length,
                &raw mut is_key,
            )
        };
        if error != 0 {
            return Err(library_error(error));
        }
        if data.is_null() {
            return Ok(None);
        }
        // SAFETY: the library says so many bytes are there, valid until the next call on this handle.
        let data = Bytes::copy_from_slice(unsafe { std::slice::from_raw_parts(data, length) });
        Ok(Some(EncodedFrame { codec: VideoCodec::Vp8, data, key: is_key != 0, time_us: frame.time_us }))
    }
}

impl Drop for OpenVpx {
    fn drop(&mut self) {
        // SAFETY: the handle was made by the shim and is freed once.
        unsafe { rtc_vp8_encoder_free(self.handle.as_ptr()) }
    }
}

/// Decodes VP8. Damage ends in an error, and nothing but a key frame is taken afterwards.
pub struct Decoder {
    handle: NonNull<RawDecoder>,
    pool: Pool,
    needs_key: bool,
}

// SAFETY: as for the encoder.
unsafe impl Send for Decoder {}

impl Decoder {
    /// A decoder whose pictures take their memory from `pool`.
    ///
    /// # Errors
    /// [`CodecError::Library`].
    pub fn new(pool: Pool) -> Result<Self, CodecError> {
        let mut error = 0;
        // SAFETY: a place for the error that outlives the call.
        let handle = NonNull::new(unsafe { rtc_vp8_decoder_new(&raw mut error) }).ok_or_else(|| library_error(error))?;
        Ok(Self { handle, pool, needs_key: true })
    }

    fn decode_data(&mut self, data: &[u8], time_us: u64) -> Result<Option<Frame>, CodecError> {
        let length = c_uint::try_from(data.len()).map_err(|_| CodecError::Damaged("larger than 4 GB".into()))?;
        let (mut planes, mut strides) = ([ptr::null(); 3], [0; 3]);
        let (mut width, mut height, mut is_corrupt) = (0, 0, 0);
        // SAFETY: the data outlive the call, and so do the places for the results.
        let error = unsafe {
            rtc_vp8_decode(
                self.handle.as_ptr(),
                data.as_ptr(),
                length,
                planes.as_mut_ptr(),
                strides.as_mut_ptr(),
                &raw mut width,
                &raw mut height,
                &raw mut is_corrupt,
            )
        };
        if error != 0 {
            return Err(CodecError::Damaged(error_text(error)));
        }
        if is_corrupt != 0 {
            return Err(CodecError::Damaged("parts of it are missing".into()));
        }
        if planes[0].is_null() {
            return Ok(None);
        }
        let mut canvas = self.pool.canvas(Size::new(width, height)?);
        for (mut target, (source, stride)) in canvas.planes().into_iter().zip(planes.into_iter().zip(strides)) {
            for (row, target) in target.rows().enumerate() {
                // SAFETY: the library's planes have at least the rows and columns of the size it told, which is the
                // canvas's rounded down; a row starts each stride bytes.
                let source = unsafe { std::slice::from_raw_parts(source.offset(row as isize * stride as isize), target.len()) };
                target.copy_from_slice(source);
            }
        }
        Ok(Some(canvas.into_frame().at(time_us)))
    }
}

impl VideoDecoder for Decoder {
    fn codec(&self) -> VideoCodec {
        VideoCodec::Vp8
    }

    fn decode(&mut self, frame: &EncodedFrame) -> Result<Option<Frame>, CodecError> {
        if frame.codec != VideoCodec::Vp8 {
            return Err(CodecError::WrongCodec { expected: VideoCodec::Vp8, given: frame.codec });
        }
        // What the packets say is not trusted: only the frame itself decides how it is read.
        match (Header::read(&frame.data), self.needs_key) {
            (None, _) => {
                self.needs_key = true;
                return Err(CodecError::Damaged("no VP8 frame header".into()));
            }
            (Some(Header::Inter), true) => return Err(CodecError::KeyframeNeeded),
            (Some(Header::Inter), false) => {}
            // Before the library gets memory for it.
            (Some(Header::Key { width, height }), _) => _ = Size::new(width, height)?,
        }
        let result = self.decode_data(&frame.data, frame.time_us);
        self.needs_key = result.is_err();
        result
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        // SAFETY: the handle was made by the shim and is freed once.
        unsafe { rtc_vp8_decoder_free(self.handle.as_ptr()) }
    }
}

/// The uncompressed beginning of a frame, RFC 6386 section 9.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Header {
    /// Stands alone.
    Key { width: u32, height: u32 },
    /// Depends on frames before it.
    Inter,
}

impl Header {
    pub(crate) fn read(data: &[u8]) -> Option<Self> {
        let [first, _, _, rest @ ..] = data else { return None };
        if first & 1 != 0 {
            return Some(Self::Inter);
        }
        let [0x9d, 0x01, 0x2a, width_low, width_high, height_low, height_high, ..] = rest else { return None };
        // The upper two bits of each ask for scaling, which nobody does.
        let side = |low: &u8, high: &u8| u32::from(u16::from_le_bytes([*low, *high]) & 0x3fff);
        Some(Self::Key { width: side(width_low, width_high), height: side(height_low, height_high) })
    }
}

fn interval(settings: EncoderSettings) -> i64 {
    1_000_000 / i64::from(frame_rate(settings))
}

fn frame_rate(settings: EncoderSettings) -> u32 {
    settings.frame_rate.clamp(1, 120)
}

fn library_error(error: c_int) -> CodecError {
    CodecError::Library { codec: VideoCodec::Vp8, reason: error_text(error) }
}

fn error_text(error: c_int) -> String {
    // SAFETY: the library answers every number with a text that lives for ever.
    unsafe { CStr::from_ptr(rtc_vp8_error(error)) }.to_string_lossy().into_owned()
}

#[repr(C)]
struct RawEncoder {
    _private: [u8; 0],
}

#[repr(C)]
struct RawDecoder {
    _private: [u8; 0],
}

// As in `shim/vp8.c`.
unsafe extern "C" {
    fn rtc_vp8_encoder_new(
        width: c_uint,
        height: c_uint,
        kbps: c_uint,
        frame_rate: c_uint,
        threads: c_uint,
        speed: c_int,
        is_screen: c_int,
        error: *mut c_int,
    ) -> *mut RawEncoder;
    fn rtc_vp8_encoder_rate(encoder: *mut RawEncoder, kbps: c_uint, frame_rate: c_uint) -> c_int;
    fn rtc_vp8_encode(
        encoder: *mut RawEncoder,
        y: *const u8,
        u: *const u8,
        v: *const u8,
        y_stride: c_int,
        uv_stride: c_int,
        time: i64,
        duration: c_ulong,
        force_key: c_int,
        data: *mut *const u8,
        length: *mut usize,
        is_key: *mut c_int,
    ) -> c_int;
    fn rtc_vp8_encoder_free(encoder: *mut RawEncoder);
    fn rtc_vp8_decoder_new(error: *mut c_int) -> *mut RawDecoder;
    fn rtc_vp8_decode(
        decoder: *mut RawDecoder,
        data: *const u8,
        length: c_uint,
        planes: *mut *const u8,
        strides: *mut c_int,
        width: *mut c_uint,
        height: *mut c_uint,
        is_corrupt: *mut c_int,
    ) -> c_int;
    fn rtc_vp8_decoder_free(decoder: *mut RawDecoder);
    fn rtc_vp8_error(error: c_int) -> *const c_char;
}
