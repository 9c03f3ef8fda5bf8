//! A picture in I420: shared, immutable and cheap to pass on as [`Frame`], writable and owned by one as [`Canvas`]. It does
//! not know where pictures come from or go to.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// The largest width and the largest height of a picture.
pub const MAX_SIDE: u32 = 4096;

/// Why bytes are no picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// A side is below 2 or above [`MAX_SIDE`].
    #[error("a picture of {width}x{height} is not possible; both sides must be from 2 to {MAX_SIDE}")]
    Size {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// The bytes do not fit the size and format they are said to have.
    #[error("the picture has {given} bytes where its size and format need {needed}; check width, height and format")]
    Length {
        /// Bytes that size and format need.
        needed: usize,
        /// Bytes that came.
        given: usize,
    },
    /// A row is longer than the distance between rows.
    #[error("a stride of {stride} bytes is too short for a row of {row} bytes")]
    Stride {
        /// Bytes from one row to the next.
        stride: usize,
        /// Bytes of a row.
        row: usize,
    },
    /// The conversion library refused, which checked input does not cause.
    #[error("the picture could not be converted: {0}")]
    Conversion(String),
}

/// Width and height of a picture in pixels: both even, from 2 to [`MAX_SIDE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Size {
    width: u32,
    height: u32,
}

impl Size {
    /// A size. An odd side loses its last column or row, because chroma has half of each.
    ///
    /// # Errors
    /// [`FrameError::Size`] when a side is below 2 or above [`MAX_SIDE`].
    pub const fn new(width: u32, height: u32) -> Result<Self, FrameError> {
        if width < 2 || height < 2 || width > MAX_SIDE || height > MAX_SIDE {
            return Err(FrameError::Size { width, height });
        }
        Ok(Self { width: width & !1, height: height & !1 })
    }

    /// The size nearest to the given one that is possible.
    pub fn nearest(width: u32, height: u32) -> Self {
        let side = |n: u32| n.clamp(2, MAX_SIDE) & !1;
        Self { width: side(width), height: side(height) }
    }

    /// Pixels in a row.
    pub const fn width(self) -> u32 {
        self.width
    }

    /// Rows.
    pub const fn height(self) -> u32 {
        self.height
    }

    /// Pixels in the picture.
    pub const fn area(self) -> u32 {
        self.width * self.height
    }

    /// The same picture lying on its side.
    pub const fn transposed(self) -> Self {
        Self { width: self.height, height: self.width }
    }

    const fn luma_bytes(self) -> usize {
        self.width as usize * self.height as usize
    }

    /// Bytes of all three planes without padding.
    pub const fn i420_bytes(self) -> usize {
        self.luma_bytes() / 2 * 3
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

/// By how much a picture has to be turned clockwise to be upright.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Rotation {
    /// It is upright.
    #[default]
    None,
    /// A quarter.
    Clockwise90,
    /// Upside down.
    Half,
    /// Three quarters.
    Clockwise270,
}

impl Rotation {
    /// From quarter turns clockwise, the numbers 0 to 3 that applications use; more turns come round again.
    pub const fn from_quarters(quarters: u32) -> Self {
        match quarters % 4 {
            0 => Self::None,
            1 => Self::Clockwise90,
            2 => Self::Half,
            _ => Self::Clockwise270,
        }
    }

    /// Quarter turns clockwise, 0 to 3.
    pub const fn quarters(self) -> u32 {
        match self {
            Self::None => 0,
            Self::Clockwise90 => 1,
            Self::Half => 2,
            Self::Clockwise270 => 3,
        }
    }

    /// This turn followed by another.
    #[must_use]
    pub const fn then(self, next: Self) -> Self {
        Self::from_quarters(self.quarters() + next.quarters())
    }

    /// Whether width and height change places.
    pub const fn is_sideways(self) -> bool {
        matches!(self, Self::Clockwise90 | Self::Clockwise270)
    }
}

/// One plane of a picture.
#[derive(Clone, Copy)]
pub struct Plane<'a> {
    /// The rows, each `stride` bytes after the one before.
    pub data: &'a [u8],
    /// Bytes from one row to the next.
    pub stride: usize,
    /// Samples in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

impl<'a> Plane<'a> {
    /// The rows without what lies between them.
    pub fn rows(self) -> impl Iterator<Item = &'a [u8]> {
        self.data.chunks(self.stride).take(self.height).map(move |row| &row[..self.width])
    }
}

/// One plane of a picture that is being made.
pub struct PlaneMut<'a> {
    /// The rows, each `stride` bytes after the one before.
    pub data: &'a mut [u8],
    /// Bytes from one row to the next.
    pub stride: usize,
    /// Samples in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

impl PlaneMut<'_> {
    /// The rows without what lies between them.
    pub fn rows(&mut self) -> impl Iterator<Item = &mut [u8]> {
        let width = self.width;
        self.data.chunks_mut(self.stride).take(self.height).map(move |row| &mut row[..width])
    }
}

/// A picture. Clones share the pixels.
#[derive(Clone)]
pub struct Frame {
    pixels: Arc<Pixels>,
    /// When it was taken, in microseconds on the clock of whoever made it.
    pub time_us: u64,
    /// What the viewer has to do to it; the pixels are as they were taken.
    pub rotation: Rotation,
}

impl Frame {
    /// Width and height of the pixels as they lie in memory, before [`Frame::rotation`].
    pub fn size(&self) -> Size {
        self.pixels.size
    }

    /// Pixels in a row.
    pub fn width(&self) -> u32 {
        self.size().width
    }

    /// Rows.
    pub fn height(&self) -> u32 {
        self.size().height
    }

    /// When it was taken, in milliseconds.
    pub const fn time_ms(&self) -> u64 {
        self.time_us / 1000
    }

    /// Brightness, and the two colour planes of half the width and height: Y, U, V.
    pub fn planes(&self) -> [Plane<'_>; 3] {
        let layout = Layout::of(self.size());
        let (y, chroma) = self.pixels.bytes.split_at(layout.luma);
        let (u, v) = chroma.split_at(layout.chroma);
        [layout.plane(y, 0), layout.plane(u, 1), layout.plane(v, 2)]
    }

    /// All three planes one after the other, without padding.
    pub fn i420(&self) -> &[u8] {
        &self.pixels.bytes
    }

    /// The same picture with another time.
    #[must_use]
    pub fn at(mut self, time_us: u64) -> Self {
        self.time_us = time_us;
        self
    }

    /// The same picture with another turn to be made by the viewer.
    #[must_use]
    pub fn turned(mut self, rotation: Rotation) -> Self {
        self.rotation = rotation;
        self
    }

    /// The picture to be painted on: its own pixels when nobody else has them, else a copy from `pool`.
    pub fn into_canvas(self, pool: &Pool) -> Canvas {
        let (time_us, rotation) = (self.time_us, self.rotation);
        match Arc::try_unwrap(self.pixels) {
            Ok(pixels) => Canvas { pixels, time_us, rotation },
            Err(shared) => {
                let mut canvas = pool.canvas(shared.size);
                canvas.pixels.bytes.copy_from_slice(&shared.bytes);
                canvas.time_us = time_us;
                canvas.rotation = rotation;
                canvas
            }
        }
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frame").field("size", &self.size()).field("time_us", &self.time_us).finish_non_exhaustive()
    }
}

/// A picture being made. [`Canvas::into_frame`] finishes it.
pub struct Canvas {
    pixels: Pixels,
    /// Becomes [`Frame::time_us`].
    pub time_us: u64,
    /// Becomes [`Frame::rotation`].
    pub rotation: Rotation,
}

impl Canvas {
    /// Width and height.
    pub fn size(&self) -> Size {
        self.pixels.size
    }

    /// Y, U, V.
    pub fn planes(&mut self) -> [PlaneMut<'_>; 3] {
        let layout = Layout::of(self.pixels.size);
        let (y, chroma) = self.pixels.bytes.split_at_mut(layout.luma);
        let (u, v) = chroma.split_at_mut(layout.chroma);
        [layout.plane_mut(y, 0), layout.plane_mut(u, 1), layout.plane_mut(v, 2)]
    }

    /// All three planes one after the other, without padding.
    pub fn i420(&mut self) -> &mut [u8] {
        &mut self.pixels.bytes
    }

    /// One colour everywhere.
    pub fn fill(&mut self, y: u8, u: u8, v: u8) {
        for (mut plane, value) in self.planes().into_iter().zip([y, u, v]) {
            plane.rows().for_each(|row| row.fill(value));
        }
    }

    /// Ends the painting.
    pub fn into_frame(self) -> Frame {
        Frame { pixels: Arc::new(self.pixels), time_us: self.time_us, rotation: self.rotation }
    }
}

/// Where the memory of pictures comes from and goes back to. Clones are the same pool.
#[derive(Clone)]
pub struct Pool(Arc<Shelf>);

impl Pool {
    /// A pool that keeps the memory of at most `spare` pictures for later.
    pub fn new(spare: usize) -> Self {
        Self(Arc::new(Shelf { spare, free: Mutex::new(Vec::with_capacity(spare)) }))
    }

    /// A picture to paint on. What is on it is left over from an earlier one of this pool, so all of it has to be painted.
    pub fn canvas(&self, size: Size) -> Canvas {
        let mut bytes = self.0.take(size.i420_bytes());
        bytes.resize(size.i420_bytes(), 0);
        Canvas { pixels: Pixels { bytes, size, home: Some(Arc::clone(&self.0)) }, time_us: 0, rotation: Rotation::None }
    }

    /// Pictures whose memory waits to be used again.
    pub fn spare(&self) -> usize {
        self.0.free().len()
    }
}

impl Default for Pool {
    fn default() -> Self {
        Self::new(8)
    }
}

struct Pixels {
    bytes: Vec<u8>,
    size: Size,
    home: Option<Arc<Shelf>>,
}

impl Drop for Pixels {
    fn drop(&mut self) {
        if let Some(home) = self.home.take() {
            home.put(std::mem::take(&mut self.bytes));
        }
    }
}

struct Shelf {
    spare: usize,
    free: Mutex<Vec<Vec<u8>>>,
}

impl Shelf {
    fn free(&self) -> std::sync::MutexGuard<'_, Vec<Vec<u8>>> {
        // Every state of the list is a valid one, so a panic elsewhere does not spoil it.
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Memory of the wanted length if there is any, so that its old contents need not be cleared; else of any length.
    fn take(&self, length: usize) -> Vec<u8> {
        let mut free = self.free();
        match free.iter().position(|bytes| bytes.len() == length) {
            Some(at) => free.swap_remove(at),
            None if free.len() == self.spare => free.pop().unwrap_or_default(),
            None => Vec::new(),
        }
    }

    fn put(&self, bytes: Vec<u8>) {
        let mut free = self.free();
        if free.len() < self.spare {
            free.push(bytes);
        }
    }
}

struct Layout {
    luma: usize,
    chroma: usize,
    width: usize,
    height: usize,
}

impl Layout {
    const fn of(size: Size) -> Self {
        let luma = size.luma_bytes();
        Self { luma, chroma: luma / 4, width: size.width as usize, height: size.height as usize }
    }

    fn plane<'a>(&self, data: &'a [u8], index: u32) -> Plane<'a> {
        let half = index.min(1);
        let (width, height) = (self.width >> half, self.height >> half);
        Plane { data, stride: width, width, height }
    }

    fn plane_mut<'a>(&self, data: &'a mut [u8], index: u32) -> PlaneMut<'a> {
        let half = index.min(1);
        let (width, height) = (self.width >> half, self.height >> half);
        PlaneMut { data, stride: width, width, height }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_odd_side_loses_its_last_line_and_an_impossible_one_is_an_error() {
        assert_eq!(Size::new(641, 361).unwrap(), Size::new(640, 360).unwrap());
        for (width, height) in [(0, 10), (10, 1), (4097, 10), (10, u32::MAX)] {
            assert_eq!(Size::new(width, height), Err(FrameError::Size { width, height }));
        }
        assert_eq!(Size::nearest(0, 9999), Size { width: 2, height: 4096 });
    }

    #[test]
    fn clones_share_their_pixels_and_the_last_one_gives_them_back() {
        let pool = Pool::new(2);
        let mut canvas = pool.canvas(Size::new(8, 4).unwrap());
        canvas.fill(1, 2, 3);
        let frame = canvas.into_frame().at(7000);
        let again = frame.clone();
        assert_eq!(frame.i420().as_ptr(), again.i420().as_ptr());
        assert_eq!(frame.i420(), [[1; 32].as_slice(), &[2; 8], &[3; 8]].concat());
        assert_eq!(frame.time_ms(), 7);
        drop(frame);
        assert_eq!(pool.spare(), 0);
        let address = again.i420().as_ptr();
        drop(again);
        assert_eq!(pool.spare(), 1);
        assert_eq!(pool.canvas(Size::new(8, 4).unwrap()).into_frame().i420().as_ptr(), address);
    }

    #[test]
    fn painting_on_a_shared_picture_leaves_the_others_as_they_were() {
        let pool = Pool::default();
        let mut canvas = pool.canvas(Size::new(4, 4).unwrap());
        canvas.fill(10, 128, 128);
        let frame = canvas.into_frame();
        let mut copy = frame.clone().into_canvas(&pool);
        copy.fill(200, 128, 128);
        assert_eq!(copy.into_frame().i420()[0], 200);
        assert_eq!(frame.i420()[0], 10);
    }

    #[test]
    fn turns_add_up() {
        assert_eq!(Rotation::Clockwise270.then(Rotation::Half), Rotation::Clockwise90);
        assert_eq!(Rotation::from_quarters(7), Rotation::Clockwise270);
    }
}
