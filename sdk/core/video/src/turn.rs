//! Turns and mirrors pictures. Each works on whole planes and makes a new picture.

use yuv::{MirrorMode, RotationMode, mirror_plane, rotate_plane};

use crate::frame::{Frame, FrameError, Pool, Rotation};

impl Frame {
    /// The pixels turned clockwise. What [`Frame::rotation`] asks of the viewer is not touched.
    ///
    /// # Errors
    /// None that a frame of this crate causes.
    pub fn rotate(&self, by: Rotation, pool: &Pool) -> Result<Self, FrameError> {
        // The library turns the other way round.
        let mode = match by {
            Rotation::None => return Ok(self.clone()),
            Rotation::Clockwise90 => RotationMode::Rotate270,
            Rotation::Half => RotationMode::Rotate180,
            Rotation::Clockwise270 => RotationMode::Rotate90,
        };
        let mut canvas = pool.canvas(if by.is_sideways() { self.size().transposed() } else { self.size() });
        for (from, to) in self.planes().into_iter().zip(canvas.planes()) {
            rotate_plane(from.data, from.stride, to.data, to.stride, from.width, from.height, mode)?;
        }
        canvas.time_us = self.time_us;
        canvas.rotation = self.rotation;
        Ok(canvas.into_frame())
    }

    /// The picture as a viewer should see it: turned as [`Frame::rotation`] says.
    ///
    /// # Errors
    /// None that a frame of this crate causes.
    pub fn upright(&self, pool: &Pool) -> Result<Self, FrameError> {
        Ok(self.rotate(self.rotation, pool)?.turned(Rotation::None))
    }

    /// Left and right change places, as in a mirror.
    ///
    /// # Errors
    /// None that a frame of this crate causes.
    pub fn mirror(&self, pool: &Pool) -> Result<Self, FrameError> {
        let mut canvas = pool.canvas(self.size());
        for (from, to) in self.planes().into_iter().zip(canvas.planes()) {
            mirror_plane(from.data, from.stride, to.data, to.stride, from.width, from.height, MirrorMode::Horizontal)?;
        }
        canvas.time_us = self.time_us;
        canvas.rotation = self.rotation;
        Ok(canvas.into_frame())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Size;

    /// 1 2 3 4 over 5 6 7 8, with one chroma row.
    fn small(pool: &Pool) -> Frame {
        let mut canvas = pool.canvas(Size::new(4, 2).unwrap());
        canvas.i420().copy_from_slice(&[1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 20, 21]);
        canvas.into_frame()
    }

    #[test]
    fn a_quarter_clockwise_brings_the_left_column_on_top() {
        let pool = Pool::default();
        let turned = small(&pool).rotate(Rotation::Clockwise90, &pool).unwrap();
        assert_eq!((turned.width(), turned.height()), (2, 4));
        assert_eq!(turned.i420(), [5, 1, 6, 2, 7, 3, 8, 4, 10, 11, 20, 21]);
    }

    #[test]
    fn half_a_turn_and_three_quarters() {
        let pool = Pool::default();
        let frame = small(&pool);
        assert_eq!(frame.rotate(Rotation::Half, &pool).unwrap().i420(), [8, 7, 6, 5, 4, 3, 2, 1, 11, 10, 21, 20]);
        assert_eq!(frame.rotate(Rotation::Clockwise270, &pool).unwrap().i420(), [4, 8, 3, 7, 2, 6, 1, 5, 11, 10, 21, 20]);
    }

    #[test]
    fn a_mirror_changes_left_and_right_only() {
        let pool = Pool::default();
        let frame = small(&pool);
        assert_eq!(frame.mirror(&pool).unwrap().i420(), [4, 3, 2, 1, 8, 7, 6, 5, 11, 10, 21, 20]);
        assert_eq!(frame.mirror(&pool).unwrap().mirror(&pool).unwrap().i420(), frame.i420());
    }

    #[test]
    fn quarters_of_every_size_add_up_to_the_same_picture() {
        let pool = Pool::default();
        for (width, height) in [(2, 2), (2, 64), (34, 18), (130, 66), (640, 362)] {
            let mut canvas = pool.canvas(Size::new(width, height).unwrap());
            canvas.i420().iter_mut().enumerate().for_each(|(at, byte)| *byte = (at * 31 % 251) as u8);
            let frame = canvas.into_frame().turned(Rotation::Clockwise90);
            let mut turned = frame.upright(&pool).unwrap();
            assert_eq!(turned.rotation, Rotation::None);
            for _ in 0..3 {
                turned = turned.rotate(Rotation::Clockwise90, &pool).unwrap();
            }
            assert_eq!(turned.i420(), frame.i420(), "{width}x{height}");
        }
    }
}
