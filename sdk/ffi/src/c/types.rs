//! Structs and callback types.

use std::ffi::{c_char, c_void};

use crate::error::CallError;
use crate::{boundary, frame};

/// Gets the events of an instance as JSON: {"event":"onUserVideoAvailable","data":{"userId":"a","available":true}}.
/// Called on the instance's one callback thread, in order, never twice at the same time. The text lives until the
/// callback returns. It may call any function of this header, also rtc_destroy. A callback that takes long delays other
/// events and nothing else. It must not throw.
pub type EventFn = Option<unsafe extern "C" fn(user: *mut c_void, event_json: *const c_char)>;

/// Gets a picture to show. `user_id` is empty for one's own camera; `stream_type` is 0 big, 1 small, 2 sub. Called on the
/// engine's threads, for different streams possibly at the same time. Frame and text live until the callback returns.
pub type RenderFn =
    Option<unsafe extern "C" fn(user: *mut c_void, user_id: *const c_char, stream_type: i32, frame: *const VideoFrame)>;

/// Gets the captured picture and a second one of the same format and size to fill. Returns 0 when it has filled it, anything
/// else to keep the captured one. Called for each frame before it is shown and encoded, so be quick.
pub type ProcessFn = Option<unsafe extern "C" fn(user: *mut c_void, source: *const VideoFrame, result: *mut VideoFrame) -> i32>;

/// Gets a picture that was asked for with snapshotVideo, BGRA, on the instance's callback thread.
pub type SnapshotFn = RenderFn;

/// Gets a custom message of another member, on the instance's callback thread. Text and bytes live until the callback
/// returns.
pub type CmdMsgFn = Option<
    unsafe extern "C" fn(user: *mut c_void, user_id: *const c_char, cmd_id: i32, sequence: u32, data: *const u8, length: u32),
>;

/// Gets an SEI message of another member, on the instance's callback thread. Text and bytes live until the callback returns.
pub type SeiMsgFn = Option<unsafe extern "C" fn(user: *mut c_void, user_id: *const c_char, data: *const u8, length: u32)>;

/// Gets sound, 20 ms at a time unless a format was set. Called on the engine's sound threads: never wait in it.
pub type AudioFn = Option<unsafe extern "C" fn(user: *mut c_void, frame: *mut AudioFrame)>;

/// Gets the sound of one remote user. As rtc_audio_fn otherwise.
pub type UserAudioFn = Option<unsafe extern "C" fn(user: *mut c_void, user_id: *const c_char, frame: *mut AudioFrame)>;

/// May change something encoded. `kind`: 0 a picture of one's own, 1 somebody's picture, 2 sound of one's own, 3 somebody's
/// sound. `user_id` is whose, null for one's own; `stream_type` is 0 big, 1 small, 2 sub, and 0 for sound. Returns 0 to leave
/// it as it is, or 1 with other bytes in `result`, which must live until its next call on the same thread; anything else
/// says that it failed, and then it goes nowhere. Called on the threads of pictures and sound, so be quick.
pub type EncodedFn = Option<
    unsafe extern "C" fn(
        user: *mut c_void,
        kind: i32,
        user_id: *const c_char,
        stream_type: i32,
        data: *const u8,
        length: u32,
        result: *mut Bytes,
    ) -> i32,
>;

/// Is shown packets of sound. Where `user_id` is null one is about to be sent: return 1 with up to 100 bytes in `bytes`, which
/// travel with it and must live until the next call on the same thread, or 0. Otherwise one with such bytes has come from
/// that user. Called on the threads of sound: never wait in it.
pub type AudioPacketFn = Option<unsafe extern "C" fn(user: *mut c_void, user_id: *const c_char, bytes: *mut Bytes) -> i32>;

/// Gets a line of the log: the text, its level (0 verbose to 5 fatal) and the module it comes from. Called on any thread
/// of the engine.
pub type LogFn = Option<unsafe extern "C" fn(user: *mut c_void, line: *const c_char, level: i32, module: *const c_char)>;

/// Is told how an update of the network time went: 0 and an empty text; 1 when the time may be off by more than 30 ms; -1 when
/// it is not known. Called on a thread of the engine.
pub type NetworkTimeFn = Option<unsafe extern "C" fn(user: *mut c_void, code: i32, message: *const c_char)>;

/// A picture.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct VideoFrame {
    /// 1 I420, 3 BGRA, 4 NV21, 5 RGBA.
    pub format: i32,
    /// 1, memory. Textures are not supported yet.
    pub buffer_type: i32,
    /// The planes without gaps: rows of exactly `width`, I420 as Y, U, V.
    pub data: *mut u8,
    /// Bytes in `data`.
    pub length: u32,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Milliseconds on the clock of generateCustomPTS; 0 lets the engine choose.
    pub timestamp_ms: u64,
    /// Quarter turns clockwise, 0 to 3, that make the picture upright.
    pub rotation: i32,
}

/// Sound.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct AudioFrame {
    /// 1, interleaved signed 16-bit samples in the byte order of the machine.
    pub format: i32,
    /// The samples. A callback may change them where the API says so.
    pub data: *mut u8,
    /// Bytes in `data`.
    pub length: u32,
    /// In Hz: 16000, 24000, 32000, 44100 or 48000.
    pub sample_rate: u32,
    /// 1 or 2.
    pub channels: u32,
    /// Milliseconds on the clock of generateCustomPTS; 0 lets the engine choose.
    pub timestamp_ms: u64,
    /// Up to 100 bytes that travel with the sound, or null. A callback that may change the sound may set this to bytes of
    /// its own, which must live until its next call.
    pub extra_data: *mut u8,
    /// Bytes in `extra_data`.
    pub extra_data_length: u32,
}

/// Some bytes.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Bytes {
    /// Where they begin; may be null when there are none.
    pub data: *const u8,
    /// How many there are.
    pub length: u32,
}

/// The five places at which the sound can be heard. Any of them may be null.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct AudioFrameCallbacks {
    /// Comes back with every call.
    pub user: *mut c_void,
    /// The microphone after echo, noise and gain control; may be changed.
    pub on_captured: AudioFn,
    /// The same with effects and music, before encoding; may be changed, and extra data be added.
    pub on_local_processed: AudioFn,
    /// One remote user before mixing; read only.
    pub on_remote: UserAudioFn,
    /// Everything that will be played; may be changed.
    pub on_mixed_play: AudioFn,
    /// Microphone and everything played; read only.
    pub on_mixed_all: AudioFn,
}

/// A still picture, four bytes a pixel in the order B, G, R, A.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Image {
    /// Rows from the top, without gaps; null when there is no picture.
    pub data: *const u8,
    /// Bytes in `data`.
    pub length: u32,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// A screen or a window that can be shared.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct ScreenSource {
    /// -1 unknown, 0 window, 1 screen.
    pub kind: i32,
    /// What selectScreenCaptureTarget takes.
    pub source_id: u64,
    /// The title.
    pub name: *const c_char,
    /// A small picture of it.
    pub thumbnail: Image,
    /// The program's icon.
    pub icon: Image,
    /// Whether the window is minimised.
    pub is_minimized: bool,
    /// Whether it is the main screen.
    pub is_main_screen: bool,
    /// Left edge on the desktop, in pixels.
    pub x: i32,
    /// Upper edge on the desktop, in pixels.
    pub y: i32,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

impl VideoFrame {
    /// What C sees of a frame of the engine. It must not write to it.
    pub(crate) fn lend(frame: &frame::VideoFrame<'_>) -> Self {
        Self {
            format: frame.format,
            buffer_type: frame.buffer_type,
            data: frame.data.as_ptr().cast_mut(),
            length: frame.data.len() as u32,
            width: frame.width,
            height: frame.height,
            timestamp_ms: frame.timestamp,
            rotation: frame.rotation,
        }
    }

    /// What the engine sees of a frame from C.
    ///
    /// # Safety
    ///
    /// `data` is null or points to `length` bytes that stay unchanged while the result lives.
    pub(crate) unsafe fn read(&self) -> Result<frame::VideoFrame<'_>, CallError> {
        // SAFETY: promised by the caller.
        let data = unsafe { boundary::bytes(self.data, self.length, "frame.data") }?;
        if data.is_empty() {
            return Err(CallError::invalid("frame.data has no bytes; fill the frame first"));
        }
        Ok(frame::VideoFrame {
            format: self.format,
            buffer_type: self.buffer_type,
            data,
            width: self.width,
            height: self.height,
            timestamp: self.timestamp_ms,
            rotation: self.rotation,
        })
    }
}

impl AudioFrame {
    /// What C sees of a frame of the engine.
    pub(crate) fn lend(frame: &mut frame::AudioFrame<'_>) -> Self {
        Self {
            format: PCM,
            data: frame.samples.as_mut_ptr().cast(),
            length: size_of_val(frame.samples) as u32,
            sample_rate: frame.sample_rate,
            channels: frame.channels,
            timestamp_ms: frame.timestamp,
            extra_data: if frame.extra.is_empty() { std::ptr::null_mut() } else { frame.extra.as_mut_ptr() },
            extra_data_length: frame.extra.len() as u32,
        }
    }

    /// The samples of a frame from C. They are copied, because C promises no alignment.
    ///
    /// # Safety
    ///
    /// `data` is null or points to `length` bytes.
    pub(crate) unsafe fn samples(&self) -> Result<Vec<i16>, CallError> {
        if self.format != PCM {
            return Err(CallError::invalid(format!("frame.format {} is unknown; the only one is {PCM}, PCM", self.format)));
        }
        if self.length as usize > AUDIO_LIMIT || !self.length.is_multiple_of(2) {
            return Err(CallError::invalid(format!(
                "frame.length is {}; it must be even and at most {AUDIO_LIMIT}, send 5 to 100 ms at a time",
                self.length
            )));
        }
        // SAFETY: promised by the caller.
        let data = unsafe { boundary::bytes(self.data, self.length, "frame.data") }?;
        Ok(data.chunks_exact(2).map(|pair| i16::from_ne_bytes([pair[0], pair[1]])).collect())
    }

    /// The extra data of a frame from C.
    ///
    /// # Safety
    ///
    /// `extra_data` is null or points to `extra_data_length` bytes.
    pub(crate) unsafe fn extra(&self) -> Result<Vec<u8>, CallError> {
        if self.extra_data_length as usize > frame::EXTRA_LIMIT {
            return Err(CallError::invalid(format!(
                "frame.extra_data_length is {}; at most {} bytes travel with a frame",
                self.extra_data_length,
                frame::EXTRA_LIMIT
            )));
        }
        // SAFETY: promised by the caller.
        unsafe { boundary::bytes(self.extra_data, self.extra_data_length, "frame.extra_data") }.map(<[u8]>::to_vec)
    }
}

impl Bytes {
    /// None at all.
    pub(crate) const NONE: Self = Self { data: std::ptr::null(), length: 0 };

    /// What C sees of bytes of the engine.
    pub(crate) fn lend(bytes: &[u8]) -> Self {
        Self { data: if bytes.is_empty() { std::ptr::null() } else { bytes.as_ptr() }, length: bytes.len() as u32 }
    }

    /// What the engine sees of bytes from C.
    ///
    /// # Safety
    ///
    /// `data` is null or points to `length` bytes, which stay unchanged while the result lives.
    pub(crate) unsafe fn read<'a>(&self, name: &str) -> Result<&'a [u8], CallError> {
        // SAFETY: promised by the caller.
        unsafe { boundary::bytes(self.data, self.length, name) }
    }
}

impl Image {
    /// What C sees of an image.
    pub(crate) fn lend(image: &frame::Image) -> Self {
        Self {
            data: if image.data.is_empty() { std::ptr::null() } else { image.data.as_ptr() },
            length: image.data.len() as u32,
            width: image.width,
            height: image.height,
        }
    }

    /// What the engine sees of an image from C.
    ///
    /// # Safety
    ///
    /// `data` is null or points to `length` bytes.
    pub(crate) unsafe fn read(&self) -> Result<frame::Image, CallError> {
        let wanted = (u64::from(self.width) * u64::from(self.height)).saturating_mul(4);
        if wanted == 0 || u64::from(self.length) != wanted {
            return Err(CallError::invalid(format!(
                "the image has {} bytes; {} × {} with four bytes a pixel are {wanted}, and none is no picture",
                self.length, self.width, self.height
            )));
        }
        // SAFETY: promised by the caller.
        let data = unsafe { boundary::bytes(self.data, self.length, "image.data") }?.to_vec();
        Ok(frame::Image { data, width: self.width, height: self.height })
    }
}

const PCM: i32 = 1;
/// Two channels of 48 kHz for one second; much more than is ever accepted.
const AUDIO_LIMIT: usize = 48_000 * 2 * 2;
