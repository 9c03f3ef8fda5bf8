//! Lays a watermark over pictures. It mixes colours; where the image comes from and on which streams it goes is decided
//! elsewhere.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x4;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};

use crate::convert::{PixelFormat, RawPicture};
use crate::frame::{Frame, FrameError, MAX_SIDE, Pool, Size};

/// An image with transparency and the place where it goes.
pub struct Watermark {
    rgba: Vec<u8>,
    width: u32,
    height: u32,
    place: Place,
    /// For the size of the last picture.
    prepared: Option<Prepared>,
}

/// Where a watermark goes, in parts of the picture: 0 to 1 of its width and height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Left edge, in parts of the picture's width.
    pub x: f32,
    /// Upper edge, in parts of the picture's height.
    pub y: f32,
    /// Width, in parts of the picture's width. The height follows from the image's shape.
    pub width: f32,
}

struct Prepared {
    for_size: Size,
    image: Frame,
    alpha: Vec<u8>,
    left: usize,
    top: usize,
}

impl Watermark {
    /// A watermark from an image of four bytes a pixel without padding, [`PixelFormat::Bgra`] or [`PixelFormat::Rgba`].
    /// Numbers outside 0 to 1 in `place` are brought inside.
    ///
    /// # Errors
    /// [`FrameError`] when the size is impossible, the length does not fit it, or the format has no transparency.
    pub fn new(format: PixelFormat, width: u32, height: u32, pixels: &[u8], place: Place) -> Result<Self, FrameError> {
        if !matches!(format, PixelFormat::Bgra | PixelFormat::Rgba) {
            return Err(FrameError::Conversion("a watermark is BGRA or RGBA".into()));
        }
        // One pixel is enough, unlike for a picture that is sent.
        let is_possible = |side: u32| (1..=MAX_SIDE).contains(&side);
        if !is_possible(width) || !is_possible(height) {
            return Err(FrameError::Size { width, height });
        }
        let needed = width as usize * height as usize * 4;
        let pixels = pixels.get(..needed).ok_or(FrameError::Length { needed, given: pixels.len() })?;
        let mut rgba = pixels.to_vec();
        if format == PixelFormat::Bgra {
            rgba.chunks_exact_mut(4).for_each(|pixel| pixel.swap(0, 2));
        }
        let part = |n: f32| if n.is_nan() { 0.0 } else { n.clamp(0.0, 1.0) };
        let place = Place { x: part(place.x), y: part(place.y), width: part(place.width) };
        Ok(Self { rgba, width, height, place, prepared: None })
    }

    /// The picture with the watermark on it. What sticks out is cut off.
    ///
    /// # Errors
    /// [`FrameError::Conversion`], which a watermark of this type does not cause.
    pub fn lay_over(&mut self, frame: Frame, pool: &Pool) -> Result<Frame, FrameError> {
        let size = frame.size();
        let prepared = match self.prepared.take() {
            Some(prepared) if prepared.for_size == size => prepared,
            _ => self.prepare(size, pool)?,
        };
        let prepared = self.prepared.insert(prepared);
        let mut canvas = frame.into_canvas(pool);
        let (image, stride) = (&prepared.image, prepared.image.width() as usize);
        for ((mut plane, source), half) in canvas.planes().into_iter().zip(image.planes()).zip([1, 2, 2]) {
            let (left, top) = (prepared.left / half, prepared.top / half);
            for (row, (target, source)) in plane.rows().skip(top).zip(source.rows()).enumerate() {
                let alpha = prepared.alpha[row * half * stride..].iter().step_by(half);
                for ((target, source), alpha) in target[left..].iter_mut().zip(source).zip(alpha) {
                    *target = mix(*target, *source, *alpha);
                }
            }
        }
        Ok(canvas.into_frame())
    }

    fn prepare(&self, for_size: Size, pool: &Pool) -> Result<Prepared, FrameError> {
        let pixels = |part: f32, of: u32| (part * of as f32).round() as u32;
        let width = pixels(self.place.width, for_size.width());
        let height = u64::from(width) * u64::from(self.height) / u64::from(self.width);
        let size = Size::nearest(width, u32::try_from(height).unwrap_or(u32::MAX));

        let source = TypedImageRef::<U8x4>::from_buffer(self.width, self.height, &self.rgba).map_err(failed)?;
        let mut scaled = vec![0; size.width() as usize * size.height() as usize * 4];
        let mut into = TypedImage::<U8x4>::from_buffer(size.width(), size.height(), &mut scaled).map_err(failed)?;
        // Colours are weighted by their alpha meanwhile, so that what cannot be seen leaves no rim.
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Hamming)).use_alpha(true);
        Resizer::new().resize_typed(&source, &mut into, &options).map_err(failed)?;

        let alpha = scaled.iter().skip(3).step_by(4).copied().collect();
        let picture =
            RawPicture { format: PixelFormat::Rgba, width: size.width(), height: size.height(), stride: 0, data: &scaled };
        let even = |n: u32, limit: u32| (n & !1).min(limit) as usize;
        Ok(Prepared {
            for_size,
            image: picture.to_frame(pool)?,
            alpha,
            left: even(pixels(self.place.x, for_size.width()), for_size.width()),
            top: even(pixels(self.place.y, for_size.height()), for_size.height()),
        })
    }
}

fn mix(below: u8, above: u8, alpha: u8) -> u8 {
    let (below, above, alpha) = (u32::from(below), u32::from(above), u32::from(alpha));
    // A weighted mean of two bytes is a byte.
    ((below * (255 - alpha) + above * alpha + 127) / 255) as u8
}

fn failed(error: impl std::fmt::Display) -> FrameError {
    FrameError::Conversion(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Place = Place { x: 0.0, y: 0.0, width: 1.0 };

    fn grey(pool: &Pool, width: u32, height: u32) -> Frame {
        let mut canvas = pool.canvas(Size::new(width, height).unwrap());
        canvas.fill(16, 128, 128);
        canvas.into_frame()
    }

    fn luma(frame: &Frame, x: usize, y: usize) -> u8 {
        frame.i420()[y * frame.width() as usize + x]
    }

    #[test]
    fn a_white_image_covers_its_place_and_nothing_else() {
        let pool = Pool::default();
        let white = [255; 8 * 4 * 4];
        let place = Place { x: 0.5, y: 0.25, width: 0.25 };
        let mut mark = Watermark::new(PixelFormat::Bgra, 8, 4, &white, place).unwrap();
        let frame = mark.lay_over(grey(&pool, 64, 32), &pool).unwrap();
        for (x, y, expected) in [(32, 8, 235), (47, 15, 235), (31, 8, 16), (48, 8, 16), (32, 7, 16), (32, 16, 16)] {
            assert_eq!(luma(&frame, x, y), expected, "{x},{y}");
        }
    }

    #[test]
    fn half_transparent_is_half_mixed_and_transparent_is_nothing() {
        let pool = Pool::default();
        for (alpha, expected) in [(0, 16), (128, 126), (255, 235)] {
            let image = [255, 255, 255, alpha].repeat(16);
            let mut mark = Watermark::new(PixelFormat::Rgba, 4, 4, &image, WHOLE).unwrap();
            let frame = mark.lay_over(grey(&pool, 16, 16), &pool).unwrap();
            assert!(luma(&frame, 8, 8).abs_diff(expected) <= 1, "{alpha}: {}", luma(&frame, 8, 8));
        }
    }

    #[test]
    fn an_image_at_the_edge_is_cut_off_and_strange_places_are_no_panic() {
        let pool = Pool::default();
        let image = [255; 4 * 4 * 4];
        for part in [0.0, 0.99, 1.0, 7.0, -3.0, f32::NAN, f32::INFINITY] {
            let place = Place { x: part, y: part, width: part };
            let mut mark = Watermark::new(PixelFormat::Rgba, 4, 4, &image, place).unwrap();
            for (width, height) in [(64, 32), (2, 2), (30, 200)] {
                mark.lay_over(grey(&pool, width, height), &pool).unwrap();
            }
        }
    }

    #[test]
    fn an_image_of_the_wrong_length_or_format_is_an_error() {
        let short = Watermark::new(PixelFormat::Rgba, 4, 4, &[0; 63], WHOLE);
        assert_eq!(short.err(), Some(FrameError::Length { needed: 64, given: 63 }));
        assert!(Watermark::new(PixelFormat::I420, 4, 4, &[0; 64], WHOLE).is_err());
        assert!(Watermark::new(PixelFormat::Rgba, 0, 4, &[0; 64], WHOLE).is_err());
        assert!(Watermark::new(PixelFormat::Rgba, u32::MAX, u32::MAX, &[0; 64], WHOLE).is_err());
    }

    #[test]
    fn a_pixel_is_an_image() {
        let pool = Pool::default();
        let mut mark = Watermark::new(PixelFormat::Rgba, 1, 1, &[255; 4], WHOLE).unwrap();
        let frame = mark.lay_over(grey(&pool, 16, 16), &pool).unwrap();
        assert!(frame.planes()[0].rows().all(|row| row == [235; 16]));
    }
}
