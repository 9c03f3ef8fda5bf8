//! Pictures drawn into a window of the application, or into memory. It decodes nothing and makes no window.

use std::time::Instant;

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{ConnectionExt as _, CreateGCAux, Gcontext, Window};

use crate::x11::{Failure, PictureWriter, X11};
use crate::{DeviceError, PixelFormat, RawFrame, Size, paint};

/// What happens to a picture whose shape is not that of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scaling {
    /// All of it is seen, with black beside it.
    #[default]
    Fit,
    /// The window is full, and what sticks out is cut off evenly.
    Fill,
}

/// A rotation in the direction of the hands of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rotation {
    /// As it comes.
    #[default]
    None,
    /// Upper edge to the right.
    Quarter,
    /// Upside down.
    Half,
    /// Upper edge to the left.
    ThreeQuarters,
}

/// How pictures are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RenderOptions {
    /// What happens to another shape.
    pub scaling: Scaling,
    /// Left and right change places, after the rotation.
    pub mirrored: bool,
    /// Turned before it is scaled.
    pub rotation: Rotation,
}

/// Something that shows pictures.
pub trait Renderer: Send {
    /// Shows a picture until the next one.
    ///
    /// # Errors
    /// [`DeviceError::Gone`] when the window was closed; every further call says the same.
    fn draw(&mut self, frame: &RawFrame<'_>) -> Result<(), DeviceError>;

    /// Draws differently from the next picture on.
    fn change(&mut self, options: RenderOptions);
}

/// Draws into a window that the application made, on a connection of its own. The window may be resized, hidden and
/// closed at any time.
pub struct WindowRenderer {
    x11: X11,
    window: Window,
    context: Gcontext,
    writer: PictureWriter,
    options: RenderOptions,
    canvas: Canvas,
    /// The id may belong to another window after this one was closed.
    gone: bool,
}

impl WindowRenderer {
    /// Opens a renderer for a window of the named display, or of the one in `DISPLAY`.
    ///
    /// # Errors
    /// [`DeviceError::Gone`] when there is no such window, [`DeviceError::System`] when there is no display,
    /// [`DeviceError::Unsupported`] when the window has less than 24 bits a pixel.
    pub fn open(display: Option<&str>, window: u32, options: RenderOptions) -> Result<Self, DeviceError> {
        let x11 = X11::open(display)?;
        let failed = |failure: Failure| failure.about(&name(window));
        let state = x11.window_state(window).map_err(failed)?;
        if !matches!(state.depth, 24 | 32) {
            let why = format!("it has {} bits a pixel; make it with 24", state.depth);
            return Err(DeviceError::Unsupported { what: "drawing into this window", why });
        }
        let context = make_context(&x11, window).map_err(failed)?;
        let (writer, canvas) = (PictureWriter::default(), Canvas::default());
        Ok(Self { x11, window, context, writer, options, canvas, gone: false })
    }

    fn put(&mut self, frame: &RawFrame<'_>) -> Result<(), Failure> {
        let state = self.x11.window_state(self.window)?;
        let size = state.area.size();
        // An invisible window loses what is drawn into it.
        if size.is_empty() || !state.viewable {
            return Ok(());
        }
        self.canvas.compose(frame, self.options, size);
        let picture = (self.canvas.pixels.as_slice(), size);
        match self.writer.write(&self.x11, self.window, self.context, state.depth, picture) {
            // What refuses a picture may be a window that was closed in between, or one that was resized.
            Err(Failure::Gone) => self.x11.window_state(self.window).map(|_resized| ()),
            written => written,
        }
    }
}

fn name(window: Window) -> String {
    format!("window {window}")
}

fn make_context(x11: &X11, window: Window) -> Result<Gcontext, Failure> {
    let context = x11.connection.generate_id()?;
    x11.connection.create_gc(context, window, &CreateGCAux::new().graphics_exposures(0))?.check()?;
    Ok(context)
}

impl Renderer for WindowRenderer {
    fn draw(&mut self, frame: &RawFrame<'_>) -> Result<(), DeviceError> {
        if self.gone {
            return Err(DeviceError::Gone(name(self.window)));
        }
        check(frame)?;
        let drawn = self.put(frame);
        self.gone = drawn.is_err();
        drawn.map_err(|failure| failure.about(&name(self.window)))
    }

    fn change(&mut self, options: RenderOptions) {
        self.options = options;
    }
}

impl std::fmt::Debug for WindowRenderer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WindowRenderer").field("window", &self.window).finish_non_exhaustive()
    }
}

/// The twin of a window.
#[derive(Debug)]
pub struct MemoryRenderer {
    size: Size,
    options: RenderOptions,
    canvas: Canvas,
    shown: Option<Instant>,
}

impl MemoryRenderer {
    /// A window of this size that nobody sees.
    #[must_use]
    pub fn new(size: Size, options: RenderOptions) -> Self {
        Self { size, options, canvas: Canvas::default(), shown: None }
    }

    /// What a window would show, in BGRA without padding, and when it was captured; `None` before the first picture.
    #[must_use]
    pub fn picture(&self) -> Option<RawFrame<'_>> {
        self.shown.map(|captured_at| RawFrame {
            format: PixelFormat::Bgra,
            size: self.size,
            stride: self.size.width as usize * 4,
            data: &self.canvas.pixels,
            captured_at,
        })
    }
}

impl Renderer for MemoryRenderer {
    fn draw(&mut self, frame: &RawFrame<'_>) -> Result<(), DeviceError> {
        check(frame)?;
        self.canvas.compose(frame, self.options, self.size);
        self.shown = Some(frame.captured_at);
        Ok(())
    }

    fn change(&mut self, options: RenderOptions) {
        self.options = options;
    }
}

fn check(frame: &RawFrame<'_>) -> Result<(), DeviceError> {
    if frame.is_complete() {
        return Ok(());
    }
    let why = format!("of {}x{} has too few bytes", frame.size.width, frame.size.height);
    Err(DeviceError::Parameter { name: "frame", why })
}

/// Where a picture is put together.
#[derive(Debug, Default)]
struct Canvas {
    source: Vec<u8>,
    pixels: Vec<u8>,
}

impl Canvas {
    fn compose(&mut self, frame: &RawFrame<'_>, options: RenderOptions, size: Size) {
        const BLACK: [u8; 4] = [0, 0, 0, 255];
        paint::to_bgra(frame, &mut self.source);
        let (source, source_size) = turn(&self.source, frame.size, options.rotation, options.mirrored);
        match options.scaling {
            Scaling::Fill => {
                // The largest part of the picture with the shape of the window.
                let part = size.fitted(source_size);
                let (left, top) = ((source_size.width - part.width) / 2, (source_size.height - part.height) / 2);
                let cut = crop(&source, source_size, (left, top), part);
                self.pixels = paint::scale(&cut, part, size);
            }
            Scaling::Fit => {
                let inner = source_size.fitted(size);
                let scaled = paint::scale(&source, source_size, inner);
                if inner == size {
                    self.pixels = scaled;
                    return;
                }
                self.pixels = BLACK.repeat(size.pixels());
                let left = ((size.width - inner.width) / 2) as usize;
                let top = ((size.height - inner.height) / 2) as usize;
                let (row, wide) = (inner.width as usize * 4, size.width as usize * 4);
                for (y, line) in scaled.chunks_exact(row.max(1)).enumerate() {
                    let start = (top + y) * wide + left * 4;
                    self.pixels[start..start + row].copy_from_slice(line);
                }
            }
        }
    }
}

fn crop(from: &[u8], size: Size, (left, top): (u32, u32), part: Size) -> Vec<u8> {
    let stride = size.width as usize * 4;
    let mut cut = Vec::with_capacity(part.pixels() * 4);
    for row in from.chunks_exact(stride.max(1)).skip(top as usize).take(part.height as usize) {
        cut.extend_from_slice(&row[left as usize * 4..(left + part.width) as usize * 4]);
    }
    cut
}

/// Rotates, then mirrors.
fn turn(from: &[u8], size: Size, rotation: Rotation, mirrored: bool) -> (std::borrow::Cow<'_, [u8]>, Size) {
    if rotation == Rotation::None && !mirrored {
        return (from.into(), size);
    }
    let turned = match rotation {
        Rotation::None | Rotation::Half => size,
        Rotation::Quarter | Rotation::ThreeQuarters => Size::new(size.height, size.width),
    };
    let (right, bottom) = (size.width as usize - 1, size.height as usize - 1);
    let mut into = Vec::with_capacity(from.len());
    for y in 0..turned.height as usize {
        for x in 0..turned.width as usize {
            let x = if mirrored { turned.width as usize - 1 - x } else { x };
            let (from_x, from_y) = match rotation {
                Rotation::None => (x, y),
                Rotation::Quarter => (y, bottom - x),
                Rotation::Half => (right - x, bottom - y),
                Rotation::ThreeQuarters => (right - y, x),
            };
            let at = (from_y * size.width as usize + from_x) * 4;
            into.extend_from_slice(&from[at..at + 4]);
        }
    }
    (into.into(), turned)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One pixel for each letter, as its blue.
    fn shown(letters: &[u8], size: Size, window: Size, options: RenderOptions) -> String {
        let data: Vec<u8> = letters.iter().flat_map(|letter| [*letter, 0, 0, 255]).collect();
        let stride = size.width as usize * 4;
        let captured_at = Instant::now();
        let mut renderer = MemoryRenderer::new(window, options);
        let frame = RawFrame { format: PixelFormat::Bgra, size, stride, data: &data, captured_at };
        renderer.draw(&frame).expect("the frame is whole");
        let picture = renderer.picture().expect("it was drawn");
        assert!(picture.is_complete());
        picture.data.chunks_exact(4).map(|pixel| if pixel[0] == 0 { '.' } else { char::from(pixel[0]) }).collect()
    }

    #[test]
    fn a_fitted_picture_has_black_beside_it_and_a_filling_one_is_cut() {
        let (size, window) = (Size::new(4, 2), Size::new(4, 4));
        let fit = RenderOptions::default();
        assert_eq!(shown(b"abcdefgh", size, window, fit), "....abcdefgh....");
        let fill = RenderOptions { scaling: Scaling::Fill, ..fit };
        assert_eq!(shown(b"abcdefgh", size, Size::new(2, 2), fill), "bcfg");
    }

    #[test]
    fn a_picture_is_turned_and_then_mirrored() {
        let (size, window) = (Size::new(2, 1), Size::new(1, 2));
        let options = |rotation, mirrored| RenderOptions { rotation, mirrored, ..RenderOptions::default() };
        assert_eq!(shown(b"ab", size, window, options(Rotation::Quarter, false)), "ab");
        assert_eq!(shown(b"ab", size, window, options(Rotation::ThreeQuarters, false)), "ba");
        assert_eq!(shown(b"ab", size, size, options(Rotation::Half, false)), "ba");
        assert_eq!(shown(b"ab", size, size, options(Rotation::None, true)), "ba");
        assert_eq!(shown(b"abcd", Size::new(2, 2), Size::new(2, 2), options(Rotation::Quarter, false)), "cadb");
        assert_eq!(shown(b"abcd", Size::new(2, 2), Size::new(2, 2), options(Rotation::Quarter, true)), "acbd");
    }

    #[test]
    fn a_frame_with_too_few_bytes_is_refused() {
        let size = Size::new(2, 2);
        let frame = RawFrame { format: PixelFormat::Bgra, size, stride: 8, data: &[0; 15], captured_at: Instant::now() };
        let refused = MemoryRenderer::new(size, RenderOptions::default()).draw(&frame);
        assert!(matches!(refused, Err(DeviceError::Parameter { name: "frame", .. })));
    }
}
