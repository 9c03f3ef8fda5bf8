//! The beginning of a VP8 frame (RFC 6386 section 9.1): is it a key frame, and how large. It decodes nothing.

/// Width and height of a key frame in pixels; `None` for other frames and for what is no frame.
pub(crate) fn key_frame_size(frame: &[u8]) -> Option<(u16, u16)> {
    let header = frame.first_chunk::<10>()?;
    let is_key_frame = header[0] & 1 == 0;
    if !is_key_frame || header[3..6] != [0x9d, 0x01, 0x2a] {
        return None;
    }
    // The two upper bits are how a player should scale, not size.
    let size = |low, high| u16::from_le_bytes([low, high]) & 0x3fff;
    let (width, height) = (size(header[6], header[7]), size(header[8], header[9]));
    (width > 0 && height > 0).then_some((width, height))
}

/// Whether these bytes can be a frame that is no key frame.
pub(crate) fn is_delta_frame(frame: &[u8]) -> bool {
    frame.len() >= 3 && frame[0] & 1 == 1
}
