//! One picture as it comes from a device: bytes, format and time. It converts nothing.

use std::time::Instant;

/// A width and a height in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Size {
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

impl Size {
    /// A size of `width` by `height` pixels.
    #[must_use]
    pub const fn new(width: u32, height: u32) -> Self {
        Self { width, height }
    }

    /// Whether there is no pixel in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.width == 0 || self.height == 0
    }

    /// How many pixels it has.
    #[must_use]
    pub const fn pixels(self) -> usize {
        self.width as usize * self.height as usize
    }

    /// The largest size of the same shape that fits into `limit`, at least one pixel each way.
    #[must_use]
    pub fn fitted(self, limit: Self) -> Self {
        if self.is_empty() || limit.is_empty() {
            return Self::default();
        }
        let (width, height) = (u64::from(self.width), u64::from(self.height));
        let (limit_width, limit_height) = (u64::from(limit.width), u64::from(limit.height));
        // Both results are at most the limit's, which are u32.
        if width * limit_height > limit_width * height {
            Self::new(limit.width, ((height * limit_width / width) as u32).max(1))
        } else {
            Self::new(((width * limit_height / height) as u32).max(1), limit.height)
        }
    }
}

/// A rectangle in pixels; the origin is the upper left corner and may be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rectangle {
    /// Left edge.
    pub x: i32,
    /// Upper edge.
    pub y: i32,
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

impl Rectangle {
    /// A rectangle from its upper left corner and its size.
    #[must_use]
    pub const fn new(x: i32, y: i32, width: u32, height: u32) -> Self {
        Self { x, y, width, height }
    }

    /// Its size.
    #[must_use]
    pub const fn size(self) -> Size {
        Size::new(self.width, self.height)
    }

    /// Whether there is no pixel in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.size().is_empty()
    }

    /// What lies in both; empty when nothing does.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        let left = i64::from(self.x).max(i64::from(other.x));
        let top = i64::from(self.y).max(i64::from(other.y));
        let right = (i64::from(self.x) + i64::from(self.width)).min(i64::from(other.x) + i64::from(other.width));
        let bottom = (i64::from(self.y) + i64::from(self.height)).min(i64::from(other.y) + i64::from(other.height));
        if right <= left || bottom <= top {
            return Self::default();
        }
        // Edges lie within one of the rectangles, so they fit their types.
        Self::new(left as i32, top as i32, (right - left) as u32, (bottom - top) as u32)
    }
}

/// How the bytes of a picture are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PixelFormat {
    /// Four bytes a pixel: blue, green, red, alpha.
    Bgra,
    /// Full-size Y, then quarter-size U and V, each plane by itself. The stride is that of Y; those of U and V are half
    /// of it, rounded up.
    I420,
    /// Full-size Y, then half-height rows of alternating U and V with the same stride.
    Nv12,
    /// Four bytes for two pixels: Y, U, Y, V.
    Yuyv,
}

impl PixelFormat {
    /// Bytes of one picture whose rows of the first plane are `stride` bytes apart.
    #[must_use]
    pub const fn length(self, stride: usize, height: u32) -> usize {
        let height = height as usize;
        match self {
            Self::Bgra | Self::Yuyv => stride * height,
            Self::I420 => stride * height + 2 * stride.div_ceil(2) * height.div_ceil(2),
            Self::Nv12 => stride * height + stride * height.div_ceil(2),
        }
    }

    /// Bytes of one row of the first plane without padding.
    #[must_use]
    pub const fn row(self, width: u32) -> usize {
        let width = width as usize;
        match self {
            Self::Bgra => width * 4,
            Self::I420 => width,
            // U and V of the last odd pixel need a byte each.
            Self::Nv12 => width.div_ceil(2) * 2,
            Self::Yuyv => width.div_ceil(2) * 4,
        }
    }
}

/// One picture, lent for the length of a call.
#[derive(Debug, Clone, Copy)]
pub struct RawFrame<'a> {
    /// How to read `data`.
    pub format: PixelFormat,
    /// Width and height in pixels.
    pub size: Size,
    /// Bytes from one row of the first plane to the next.
    pub stride: usize,
    /// The planes, one after the other; at least [`PixelFormat::length`] bytes.
    pub data: &'a [u8],
    /// When it was captured.
    pub captured_at: Instant,
}

impl RawFrame<'_> {
    /// Whether `stride` and `data` are large enough for what the frame says of itself.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        !self.size.is_empty()
            && self.stride >= self.format.row(self.size.width)
            && self.data.len() >= self.format.length(self.stride, self.size.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fitted_size_keeps_the_shape_and_the_limit() {
        assert_eq!(Size::new(1920, 1080).fitted(Size::new(320, 320)), Size::new(320, 180));
        assert_eq!(Size::new(1080, 1920).fitted(Size::new(320, 320)), Size::new(180, 320));
        assert_eq!(Size::new(4000, 1).fitted(Size::new(16, 16)), Size::new(16, 1));
        assert!(Size::new(0, 1).fitted(Size::new(16, 16)).is_empty());
    }

    #[test]
    fn rectangles_intersect_also_left_of_the_origin() {
        let screen = Rectangle::new(0, 0, 100, 50);
        assert_eq!(Rectangle::new(-10, -5, 30, 30).intersection(screen), Rectangle::new(0, 0, 20, 25));
        assert!(Rectangle::new(100, 0, 5, 5).intersection(screen).is_empty());
    }

    #[test]
    fn odd_pictures_have_room_for_their_last_colours() {
        assert_eq!(PixelFormat::I420.length(3, 3), 9 + 2 * 4);
        assert_eq!(PixelFormat::Nv12.length(4, 3), 12 + 8);
        let data = [0; 16];
        let frame =
            RawFrame { format: PixelFormat::I420, size: Size::new(3, 3), stride: 3, data: &data, captured_at: Instant::now() };
        assert!(!frame.is_complete(), "one byte is missing");
    }
}
