//! From Opus packets to sound, with everything a packet can say about those before it; not which packet comes next.
//!
//! It calls the library itself, because the safe binding's decoder of deep redundancy cannot be told which of the lost
//! packets is wanted.
#![allow(unsafe_code)] // Calls into libopus: states are owned here, sizes of buffers are checked before each call.

use std::ptr::NonNull;

use opusic_c::sys;

use super::OpusError;
use super::encoder::DTX_LEN;
use crate::{Channels, RATE};

/// Frames of the longest packet there is: 120 ms (RFC 6716 section 2.1.4).
const MAX_PACKET_FRAMES: usize = 5760;

/// How far back deep redundancy is read.
const MAX_DEEP_REACH: i32 = RATE as i32;

/// From this complexity on, loss is concealed by a model of speech.
const DECODER_COMPLEXITY: i32 = 5;

/// What the first bytes of a packet say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PacketHeader {
    /// How long it is, 120..=5760.
    pub(crate) frames: usize,
    pub(crate) channels: Channels,
    /// Whether it holds a rougher copy of the packet before it.
    pub(crate) has_previous: bool,
    /// Whether it has the padding in which deep redundancy travels.
    pub(crate) may_have_deep_redundancy: bool,
    /// Whether the sender pauses with it.
    pub(crate) pause: bool,
}

impl PacketHeader {
    /// Reads what every Opus packet begins with, and checks its whole structure (RFC 6716 section 3.4).
    pub(crate) fn read(packet: &[u8]) -> Result<Self, OpusError> {
        let &[toc, ..] = packet else { return Err(OpusError::InvalidPacket) };
        let len = i32::try_from(packet.len()).map_err(|_| OpusError::InvalidPacket)?;
        let mut sizes = [0i16; 48];
        // SAFETY: the pointer and length are those of one slice that is not empty; the library wants room for 48 sizes and
        // takes null for what the caller does not ask for.
        let (frames, parsed, previous) = unsafe {
            let parsed = sys::opus_packet_parse(
                packet.as_ptr(),
                len,
                std::ptr::null_mut(),
                std::ptr::null_mut(),
                sizes.as_mut_ptr(),
                std::ptr::null_mut(),
            );
            if parsed <= 0 {
                return Err(OpusError::InvalidPacket);
            }
            let frames = sys::opus_packet_get_nb_samples(packet.as_ptr(), len, RATE as i32);
            (frames, parsed, sys::opus_packet_has_lbrr(packet.as_ptr(), len))
        };
        debug_assert!(parsed <= 48);
        let frames = usize::try_from(frames).map_err(|_| OpusError::InvalidPacket)?;
        if !(120..=MAX_PACKET_FRAMES).contains(&frames) {
            return Err(OpusError::InvalidPacket);
        }
        Ok(Self {
            frames,
            channels: if toc & 0x04 == 0 { Channels::Mono } else { Channels::Stereo },
            has_previous: previous == 1,
            // Code 3 packets have a second byte whose bit 6 says that there is padding (RFC 6716 section 3.2.5).
            may_have_deep_redundancy: toc & 3 == 3 && packet.get(1).is_some_and(|count| count & 0x40 != 0),
            pause: packet.len() <= DTX_LEN,
        })
    }
}

/// Decodes one stream, in order, into interleaved floats.
pub(crate) struct Decoder {
    state: NonNull<sys::OpusDecoder>,
    channels: Channels,
    deep: Option<Deep>,
}

/// The parts that read deep redundancy. They are made when it is first seen.
struct Deep {
    reader: NonNull<sys::OpusDREDDecoder>,
    content: NonNull<sys::OpusDRED>,
    /// Where the parsed content reaches, in frames before its packet: first and end.
    reach: (i32, i32),
}

impl Decoder {
    pub(crate) fn new(channels: Channels) -> Result<Self, OpusError> {
        let mut error = 0;
        // SAFETY: the arguments are among those the library allows; the result is checked and owned from here on.
        let state = unsafe { sys::opus_decoder_create(RATE as i32, channels.count() as i32, &raw mut error) };
        let state = NonNull::new(state).ok_or(OpusError::NoMemory)?;
        let decoder = Self { state, channels, deep: None };
        // SAFETY: a valid state; the request takes one integer.
        let result = unsafe { sys::opus_decoder_ctl(state.as_ptr(), sys::OPUS_SET_COMPLEXITY_REQUEST, DECODER_COMPLEXITY) };
        if result < 0 { Err(OpusError::Codec(result)) } else { Ok(decoder) }
    }

    /// Appends the sound of this packet. Returns its frames.
    pub(crate) fn decode(&mut self, packet: &[u8], out: &mut Vec<f32>) -> Result<usize, OpusError> {
        if packet.is_empty() {
            return Err(OpusError::InvalidPacket);
        }
        self.decode_into(Some(packet), MAX_PACKET_FRAMES, false, out)
    }

    /// Appends the `frames` before `next`, from the copy in it; what it has none of is concealed.
    pub(crate) fn decode_previous(&mut self, next: &[u8], frames: usize, out: &mut Vec<f32>) -> Result<usize, OpusError> {
        self.decode_into(Some(next), frames, true, out)
    }

    /// Appends `frames` of what would probably have come, or of comfort noise in a pause.
    pub(crate) fn conceal(&mut self, frames: usize, out: &mut Vec<f32>) -> Result<usize, OpusError> {
        self.decode_into(None, frames, false, out)
    }

    fn decode_into(
        &mut self,
        packet: Option<&[u8]>,
        frames: usize,
        previous: bool,
        out: &mut Vec<f32>,
    ) -> Result<usize, OpusError> {
        let (data, len) = match packet {
            Some(packet) => (packet.as_ptr(), i32::try_from(packet.len()).map_err(|_| OpusError::InvalidPacket)?),
            None => (std::ptr::null(), 0),
        };
        let count = self.channels.count();
        let start = out.len();
        out.resize(start + frames * count, 0.0);
        // SAFETY: the state is valid; data and length are one slice, or null and 0, which asks for concealment; `out` has
        // just been given room for `frames` frames, at most 5760.
        let result = unsafe {
            sys::opus_decode_float(
                self.state.as_ptr(),
                data,
                len,
                out[start..].as_mut_ptr(),
                frames as i32,
                i32::from(previous),
            )
        };
        let decoded = usize::try_from(result).unwrap_or(0);
        out.truncate(start + decoded * count);
        if result < 0 { Err(error_of(result)) } else { Ok(decoded) }
    }

    /// Reads the deep redundancy of a packet, for [`Decoder::decode_deep`]. Tells whether there is any.
    pub(crate) fn read_deep(&mut self, packet: &[u8]) -> Result<bool, OpusError> {
        if self.deep.is_none() {
            self.deep = Some(Deep::new()?);
        }
        let Some(deep) = &mut self.deep else { return Ok(false) };
        deep.reach = (0, 0);
        let len = i32::try_from(packet.len()).map_err(|_| OpusError::InvalidPacket)?;
        let mut end = 0;
        // SAFETY: reader and content are valid; data and length are one slice; `end` outlives the call.
        let start = unsafe {
            sys::opus_dred_parse(
                deep.reader.as_ptr(),
                deep.content.as_ptr(),
                packet.as_ptr(),
                len,
                MAX_DEEP_REACH,
                RATE as i32,
                &raw mut end,
                0,
            )
        };
        if start < 0 {
            return Err(error_of(start));
        }
        deep.reach = (start, end);
        Ok(start > 0)
    }

    /// Whether what [`Decoder::read_deep`] read covers the sound that began `before` frames before its packet.
    pub(crate) fn deep_covers(&self, before: usize) -> bool {
        let before = i32::try_from(before).unwrap_or(i32::MAX);
        self.deep.as_ref().is_some_and(|deep| before <= deep.reach.0 && before > deep.reach.1)
    }

    /// How far back the deep redundancy read last reaches, in frames.
    pub(crate) fn deep_reach(&self) -> usize {
        self.deep.as_ref().map_or(0, |deep| usize::try_from(deep.reach.0).unwrap_or(0))
    }

    /// Appends `frames` that began `before` frames before the packet given to [`Decoder::read_deep`].
    pub(crate) fn decode_deep(&mut self, before: usize, frames: usize, out: &mut Vec<f32>) -> Result<usize, OpusError> {
        if !self.deep_covers(before) {
            return Err(OpusError::InvalidPacket);
        }
        let Some(deep) = &self.deep else { return Err(OpusError::InvalidPacket) };
        let count = self.channels.count();
        let start = out.len();
        out.resize(start + frames * count, 0.0);
        // SAFETY: state and content are valid, the content was filled by a successful parse (its reach is not empty), and
        // `out` has just been given room for `frames` frames.
        let result = unsafe {
            sys::opus_decoder_dred_decode_float(
                self.state.as_ptr(),
                deep.content.as_ptr(),
                before as i32,
                out[start..].as_mut_ptr(),
                frames as i32,
            )
        };
        let decoded = usize::try_from(result).unwrap_or(0);
        out.truncate(start + decoded * count);
        if result < 0 { Err(error_of(result)) } else { Ok(decoded) }
    }
}

impl Deep {
    fn new() -> Result<Self, OpusError> {
        let mut error = 0;
        // SAFETY: the library allocates; null is checked, and what it gave is freed when the second fails.
        unsafe {
            let reader = NonNull::new(sys::opus_dred_decoder_create(&raw mut error)).ok_or(OpusError::NoMemory)?;
            match NonNull::new(sys::opus_dred_alloc(&raw mut error)) {
                Some(content) => Ok(Self { reader, content, reach: (0, 0) }),
                None => {
                    sys::opus_dred_decoder_destroy(reader.as_ptr());
                    Err(OpusError::NoMemory)
                }
            }
        }
    }
}

impl Drop for Deep {
    fn drop(&mut self) {
        // SAFETY: both came from the library's own allocators and are freed once.
        unsafe {
            sys::opus_dred_free(self.content.as_ptr());
            sys::opus_dred_decoder_destroy(self.reader.as_ptr());
        }
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        // SAFETY: it came from the library's own allocator and is freed once.
        unsafe { sys::opus_decoder_destroy(self.state.as_ptr()) }
    }
}

// SAFETY: the states are plain memory without ties to a thread, and only `&mut self` changes them.
unsafe impl Send for Decoder {}

fn error_of(code: i32) -> OpusError {
    OpusError::from(opusic_c::ErrorCode::from(code))
}
