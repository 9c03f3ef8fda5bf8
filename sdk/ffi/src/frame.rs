//! Pictures and sound between the engine and the boundary, borrowed for the time of one call.

/// A picture. What the numbers mean is the application's business (`TRTCVideoPixelFormat` and so on); the engine checks
/// them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct VideoFrame<'a> {
    pub(crate) format: i32,
    pub(crate) buffer_type: i32,
    pub(crate) data: &'a [u8],
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Milliseconds on the clock of `generateCustomPTS`; 0 lets the engine choose.
    pub(crate) timestamp: u64,
    /// Quarter turns clockwise, 0 to 3.
    pub(crate) rotation: i32,
}

/// Sound: interleaved 16-bit samples.
#[derive(Debug)]
pub(crate) struct AudioFrame<'a> {
    pub(crate) samples: &'a mut [i16],
    /// In Hz.
    pub(crate) sample_rate: u32,
    pub(crate) channels: u32,
    /// Milliseconds.
    pub(crate) timestamp: u64,
    /// At most [`EXTRA_LIMIT`] bytes that travel with the sound.
    pub(crate) extra: Vec<u8>,
}

/// A still picture, four bytes a pixel.
#[derive(Debug, Clone, Default)]
pub(crate) struct Image {
    pub(crate) data: Vec<u8>,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// Where the watermark comes from.
#[derive(Debug)]
pub(crate) enum WatermarkPicture<'a> {
    None,
    File(&'a str),
    /// Pixels in the order of `format` (1 BGRA, 2 RGBA).
    Pixels {
        format: i32,
        data: &'a [u8],
        width: u32,
        height: u32,
    },
}

/// Where the watermark goes, in parts of the picture's size (0 to 1).
#[derive(Debug, Clone, Copy)]
pub(crate) struct WatermarkPlace {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) width: f32,
    pub(crate) on_preview: bool,
}

/// Something that can be shared: a screen or a window.
#[derive(Debug, Clone, Default)]
pub(crate) struct ScreenSource {
    /// -1 unknown, 0 window, 1 screen.
    pub(crate) kind: i32,
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) thumbnail: Image,
    pub(crate) icon: Image,
    pub(crate) is_minimized: bool,
    pub(crate) is_main_screen: bool,
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// Bytes that may travel with one audio frame.
pub(crate) const EXTRA_LIMIT: usize = 100;
