//! Makes pictures larger and smaller, and fits them into another shape. It cuts and pads, it does not turn.

use fast_image_resize::images::{TypedCroppedImageMut, TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};

use crate::frame::{Frame, FrameError, Plane, PlaneMut, Pool, Size};

/// What happens when a picture and the place for it have different shapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum FillMode {
    /// The place is full; what sticks out on two sides is cut off.
    #[default]
    Fill,
    /// The picture is whole; two sides stay black.
    Fit,
    /// The picture is whole and the place full; circles become ellipses.
    ScaleFill,
}

/// Scales pictures; keeps its working memory from one to the next.
pub struct Scaler {
    resizer: Resizer,
    pool: Pool,
}

impl Scaler {
    /// A scaler whose pictures take their memory from `pool`.
    pub fn new(pool: Pool) -> Self {
        Self { resizer: Resizer::new(), pool }
    }

    /// The picture in another size. One that has the size already is shared, not copied.
    ///
    /// # Errors
    /// [`FrameError::Conversion`], which a frame of this crate does not cause.
    pub fn scale(&mut self, frame: &Frame, size: Size, mode: FillMode) -> Result<Frame, FrameError> {
        if frame.size() == size {
            return Ok(frame.clone());
        }
        let (source, target) = match mode {
            FillMode::Fill => (Area::inside(frame.size(), size), Area::whole(size)),
            FillMode::Fit => (Area::whole(frame.size()), Area::inside(size, frame.size())),
            FillMode::ScaleFill => (Area::whole(frame.size()), Area::whole(size)),
        };
        let filter = if source.is_larger_than(target) { FilterType::Hamming } else { FilterType::Bilinear };
        let mut canvas = self.pool.canvas(size);
        if target != Area::whole(size) {
            canvas.fill(16, 128, 128);
        }
        for ((from, mut to), half) in frame.planes().into_iter().zip(canvas.planes()).zip([1, 2, 2]) {
            self.plane(from, &mut to, source.divided(half), target.divided(half), filter)?;
        }
        canvas.time_us = frame.time_us;
        canvas.rotation = frame.rotation;
        Ok(canvas.into_frame())
    }

    fn plane(
        &mut self,
        from: Plane<'_>,
        to: &mut PlaneMut<'_>,
        source: Area,
        target: Area,
        filter: FilterType,
    ) -> Result<(), FrameError> {
        // A frame's planes have no padding, so a plane is an image as it lies. Its type is known here: if it were not, the code
        // for a dozen others would be linked as well, four megabytes of it.
        let image = TypedImageRef::<U8>::from_buffer(from.width as u32, from.height as u32, from.data).map_err(failed)?;
        let (width, height) = (to.width as u32, to.height as u32);
        let mut into = TypedImage::<U8>::from_buffer(width, height, to.data).map_err(failed)?;
        let mut into =
            TypedCroppedImageMut::from_ref(&mut into, target.left, target.top, target.width, target.height).map_err(failed)?;
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter)).crop(
            f64::from(source.left),
            f64::from(source.top),
            f64::from(source.width),
            f64::from(source.height),
        );
        self.resizer.resize_typed(&image, &mut into, &options).map_err(failed)
    }
}

/// A part of a picture whose edges are even, so that its half is a part of the chroma planes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Area {
    left: u32,
    top: u32,
    width: u32,
    height: u32,
}

impl Area {
    const fn whole(size: Size) -> Self {
        Self { left: 0, top: 0, width: size.width(), height: size.height() }
    }

    /// The largest part of `outer`, in its middle, that has the shape of `shape`.
    fn inside(outer: Size, shape: Size) -> Self {
        let even = |n: u64| u32::try_from(n & !1).unwrap_or(u32::MAX).max(2);
        let [outer_width, outer_height, width, height] =
            [outer.width(), outer.height(), shape.width(), shape.height()].map(u64::from);
        let (width, height) = if outer_width * height > outer_height * width {
            (even((outer_height * width + height / 2) / height).min(outer.width()), outer.height())
        } else {
            (outer.width(), even((outer_width * height + width / 2) / width).min(outer.height()))
        };
        let half_of_rest = |whole: u32, part: u32| (whole - part) / 2;
        let (left, top) = (half_of_rest(outer.width(), width) & !1, half_of_rest(outer.height(), height) & !1);
        Self { left, top, width, height }
    }

    const fn divided(self, by: u32) -> Self {
        Self { left: self.left / by, top: self.top / by, width: self.width / by, height: self.height / by }
    }

    const fn is_larger_than(self, other: Self) -> bool {
        self.width > other.width || self.height > other.height
    }
}

fn failed(error: impl std::fmt::Display) -> FrameError {
    FrameError::Conversion(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::psnr;
    use crate::pattern::Pattern;

    fn size(width: u32, height: u32) -> Size {
        Size::new(width, height).unwrap()
    }

    #[test]
    fn a_picture_made_small_and_large_again_is_still_itself() {
        let pool = Pool::default();
        let mut scaler = Scaler::new(pool.clone());
        let frame = Pattern::new(1, size(640, 360)).draw(1, 0, &pool).at(5);
        let small = scaler.scale(&frame, size(320, 180), FillMode::Fill).unwrap();
        let back = scaler.scale(&small, size(640, 360), FillMode::Fill).unwrap();
        assert_eq!((small.size(), back.time_us), (size(320, 180), 5));
        let quality = psnr(&frame, &back).unwrap();
        assert!(quality > 24.0, "{quality}");
    }

    #[test]
    fn the_same_size_is_shared() {
        let pool = Pool::default();
        let frame = Pattern::new(1, size(64, 64)).draw(1, 0, &pool);
        let same = Scaler::new(pool).scale(&frame, size(64, 64), FillMode::Fit).unwrap();
        assert_eq!(same.i420().as_ptr(), frame.i420().as_ptr());
    }

    /// A picture with a white left half and a black right half, except for a grey line on top.
    fn halves(pool: &Pool) -> Frame {
        let mut canvas = pool.canvas(size(80, 40));
        canvas.fill(235, 128, 128);
        let [mut y, _, _] = canvas.planes();
        y.rows().for_each(|row| row[40..].fill(16));
        canvas.into_frame()
    }

    #[test]
    fn fill_cuts_the_sides_and_fit_pads_above_and_below() {
        let pool = Pool::default();
        let mut scaler = Scaler::new(pool.clone());
        let frame = halves(&pool);
        let luma = |frame: &Frame, x: usize, y: usize| frame.i420()[y * frame.width() as usize + x];

        let fill = scaler.scale(&frame, size(40, 40), FillMode::Fill).unwrap();
        assert_eq!([luma(&fill, 0, 0), luma(&fill, 18, 20), luma(&fill, 22, 20), luma(&fill, 39, 39)], [235, 235, 16, 16]);

        let fit = scaler.scale(&frame, size(40, 40), FillMode::Fit).unwrap();
        assert_eq!([luma(&fit, 0, 9), luma(&fit, 0, 10), luma(&fit, 0, 29), luma(&fit, 0, 30)], [16, 235, 235, 16]);

        let stretched = scaler.scale(&frame, size(40, 40), FillMode::ScaleFill).unwrap();
        assert_eq!([luma(&stretched, 0, 0), luma(&stretched, 0, 39), luma(&stretched, 39, 0)], [235, 235, 16]);
    }

    #[test]
    fn the_smallest_and_the_flattest_sizes_work() {
        let pool = Pool::default();
        let mut scaler = Scaler::new(pool.clone());
        for from in [size(2, 2), size(4096, 2), size(2, 4096), size(30, 20)] {
            let mut canvas = pool.canvas(from);
            canvas.fill(100, 90, 80);
            let frame = canvas.into_frame();
            for to in [size(2, 2), size(2, 512), size(512, 2), size(16, 10)] {
                for mode in [FillMode::Fill, FillMode::Fit, FillMode::ScaleFill] {
                    let scaled = scaler.scale(&frame, to, mode).unwrap();
                    assert!(scaled.planes()[1].data.contains(&90), "{from} {to} {mode:?}");
                }
            }
        }
    }
}
