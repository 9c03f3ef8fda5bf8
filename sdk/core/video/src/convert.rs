//! Between our I420 and the layouts that applications, cameras and screens use. Colours are BT.601 in the limited range, as
//! browsers read and write them; a picture of the wrong length is an error.

use std::borrow::Cow;

use yuv::{
    BufferStoreMut, YuvConversionMode, YuvError, YuvPackedImage, YuvPackedImageMut, YuvPlanarImage, YuvPlanarImageMut,
    YuvRange, YuvStandardMatrix, bgra_to_yuv420, rgba_to_yuv420, yuv420_to_bgra, yuv420_to_rgba, yuv420_to_yuyv422,
    yuyv422_to_yuv420,
};

use crate::frame::{Canvas, Frame, FrameError, MAX_SIDE, PlaneMut, Pool, Size};

/// How the pixels of a picture lie in memory. All planes lie one after the other without padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PixelFormat {
    /// Y, then U, then V; colour at half the width and height.
    I420,
    /// Y, then U and V by turns.
    Nv12,
    /// Y, then V and U by turns.
    Nv21,
    /// Four bytes a pixel: blue, green, red, alpha.
    Bgra,
    /// Four bytes a pixel: red, green, blue, alpha.
    Rgba,
    /// Four bytes for two pixels: Y, U, Y, V, as many webcams write.
    Yuyv,
}

impl PixelFormat {
    /// Bytes of a picture of this format; colour planes of an odd size are rounded up. `None` when the size is impossible.
    pub const fn bytes(self, width: u32, height: u32) -> Option<usize> {
        if width < 2 || height < 2 || width > MAX_SIDE || height > MAX_SIDE {
            return None;
        }
        let (width, height) = (width as usize, height as usize);
        Some(match self {
            Self::I420 | Self::Nv12 | Self::Nv21 => width * height + 2 * width.div_ceil(2) * height.div_ceil(2),
            Self::Bgra | Self::Rgba => width * height * 4,
            Self::Yuyv => width.div_ceil(2) * height * 4,
        })
    }
}

/// A picture in memory that is not ours.
#[derive(Debug, Clone, Copy)]
pub struct RawPicture<'a> {
    /// How the pixels lie.
    pub format: PixelFormat,
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Bytes from one row of the first plane to the next; 0 means that rows follow each other. The stride of U and V apart
    /// is half of it, rounded up; that of U and V by turns is the same, or for 0 and an odd width one more.
    pub stride: usize,
    /// The pixels. More bytes than needed are allowed, because devices round up their buffers.
    pub data: &'a [u8],
}

impl RawPicture<'_> {
    /// Makes a frame of it. The last column or row of an odd size is left out, and alpha is not looked at.
    ///
    /// # Errors
    /// [`FrameError`] when the size is impossible or the data too short for it.
    pub fn to_frame(&self, pool: &Pool) -> Result<Frame, FrameError> {
        let size = Size::new(self.width, self.height)?;
        let stride = self.checked_stride()?;
        let mut canvas = pool.canvas(size);
        let rows = || self.whole_rows(stride as usize, size.height());
        match self.format {
            PixelFormat::I420 => self.copy_planar(&mut canvas),
            PixelFormat::Nv12 => self.split_chroma(&mut canvas, [0, 1]),
            PixelFormat::Nv21 => self.split_chroma(&mut canvas, [1, 0]),
            PixelFormat::Bgra => bgra_to_yuv420(&mut planar_mut(&mut canvas), &rows(), stride, RANGE, MATRIX, MODE)?,
            PixelFormat::Rgba => rgba_to_yuv420(&mut planar_mut(&mut canvas), &rows(), stride, RANGE, MATRIX, MODE)?,
            PixelFormat::Yuyv => {
                let (width, height) = (size.width(), size.height());
                let packed = YuvPackedImage { yuy: &rows(), yuy_stride: stride, width, height };
                yuyv422_to_yuv420(&mut planar_mut(&mut canvas), &packed)?;
            }
        }
        Ok(canvas.into_frame())
    }

    /// The stride as the conversion library wants it, after the length of the data was found to suffice.
    fn checked_stride(&self) -> Result<u32, FrameError> {
        let (width, height) = (self.width as usize, self.height as usize);
        let row = match self.format {
            PixelFormat::Bgra | PixelFormat::Rgba => width * 4,
            PixelFormat::Yuyv => width.div_ceil(2) * 4,
            PixelFormat::I420 => width,
            PixelFormat::Nv12 | PixelFormat::Nv21 if self.stride == 0 => width,
            // U and V of the last odd pixel need a byte each.
            PixelFormat::Nv12 | PixelFormat::Nv21 => width.div_ceil(2) * 2,
        };
        let stride = if self.stride == 0 { row } else { self.stride };
        // A stride that no picture of ours can have would overflow the sums below.
        if stride < row || stride > MAX_SIDE as usize * 64 {
            return Err(FrameError::Stride { stride, row });
        }
        let layout = self.planar_layout();
        let needed = match self.format {
            PixelFormat::Bgra | PixelFormat::Rgba | PixelFormat::Yuyv => stride * (height - 1) + row,
            PixelFormat::I420 => layout.chroma_start + 2 * layout.chroma_stride * height.div_ceil(2),
            PixelFormat::Nv12 | PixelFormat::Nv21 => layout.chroma_start + layout.chroma_stride * height.div_ceil(2),
        };
        if self.data.len() < needed {
            return Err(FrameError::Length { needed, given: self.data.len() });
        }
        // At most 64 times 4096.
        Ok(stride as u32)
    }

    /// The data as the conversion library needs them: exactly so many rows, each with the bytes up to its stride. It refuses
    /// more, and leaves out the last two rows when the last one is shorter.
    fn whole_rows(&self, stride: usize, rows: u32) -> Cow<'_, [u8]> {
        let needed = stride * rows as usize;
        match self.data.get(..needed) {
            Some(data) => Cow::Borrowed(data),
            None => {
                let mut data = self.data.to_vec();
                data.resize(needed, 0);
                Cow::Owned(data)
            }
        }
    }

    /// Where the planes of a planar format lie.
    fn planar_layout(&self) -> PlanarLayout {
        let (width, height) = (self.width as usize, self.height as usize);
        let luma_stride = if self.stride == 0 { width } else { self.stride };
        let chroma_stride = match (self.format, self.stride) {
            (PixelFormat::I420, _) => luma_stride.div_ceil(2),
            (_, 0) => width.div_ceil(2) * 2,
            (_, stride) => stride,
        };
        PlanarLayout { luma_stride, chroma_stride, chroma_start: luma_stride * height }
    }

    fn copy_planar(&self, canvas: &mut Canvas) {
        let PlanarLayout { luma_stride, chroma_stride, chroma_start } = self.planar_layout();
        let [mut y, mut u, mut v] = canvas.planes();
        let chroma_bytes = chroma_stride * (self.height as usize).div_ceil(2);
        copy_rows(self.data, luma_stride, &mut y);
        copy_rows(&self.data[chroma_start..], chroma_stride, &mut u);
        copy_rows(&self.data[chroma_start + chroma_bytes..], chroma_stride, &mut v);
    }

    fn split_chroma(&self, canvas: &mut Canvas, order: [usize; 2]) {
        let PlanarLayout { luma_stride, chroma_stride, chroma_start } = self.planar_layout();
        let [mut y, mut u, mut v] = canvas.planes();
        copy_rows(self.data, luma_stride, &mut y);
        let source = self.data[chroma_start..].chunks(chroma_stride);
        for ((source, u), v) in source.zip(u.rows()).zip(v.rows()) {
            for ((pair, u), v) in source.chunks_exact(2).zip(u).zip(v) {
                *u = pair[order[0]];
                *v = pair[order[1]];
            }
        }
    }
}

struct PlanarLayout {
    luma_stride: usize,
    chroma_stride: usize,
    chroma_start: usize,
}

impl Frame {
    /// Writes the pixels in another layout. Alpha is 255.
    ///
    /// # Errors
    /// [`FrameError::Length`] when `target` is not exactly as long as [`PixelFormat::bytes`] says.
    pub fn write(&self, format: PixelFormat, target: &mut [u8]) -> Result<(), FrameError> {
        let size = self.size();
        let needed = format.bytes(size.width(), size.height()).expect("a frame has a possible size");
        if target.len() != needed {
            return Err(FrameError::Length { needed, given: target.len() });
        }
        let stride = size.width() * 4;
        match format {
            PixelFormat::I420 => target.copy_from_slice(self.i420()),
            PixelFormat::Nv12 => self.join_chroma(target, [0, 1]),
            PixelFormat::Nv21 => self.join_chroma(target, [1, 0]),
            PixelFormat::Bgra => yuv420_to_bgra(&planar(self), target, stride, RANGE, MATRIX)?,
            PixelFormat::Rgba => yuv420_to_rgba(&planar(self), target, stride, RANGE, MATRIX)?,
            PixelFormat::Yuyv => {
                let mut packed = YuvPackedImageMut {
                    yuy: BufferStoreMut::Borrowed(target),
                    yuy_stride: size.width() * 2,
                    width: size.width(),
                    height: size.height(),
                };
                yuv420_to_yuyv422(&mut packed, &planar(self))?;
            }
        }
        Ok(())
    }

    /// The pixels in another layout. A snapshot is [`PixelFormat::Bgra`].
    ///
    /// # Errors
    /// None that a frame of this crate causes.
    pub fn to_bytes(&self, format: PixelFormat) -> Result<Vec<u8>, FrameError> {
        let size = self.size();
        let mut target = vec![0; format.bytes(size.width(), size.height()).expect("a frame has a possible size")];
        self.write(format, &mut target)?;
        Ok(target)
    }

    fn join_chroma(&self, target: &mut [u8], order: [usize; 2]) {
        let [y, u, v] = self.planes();
        let (luma, chroma) = target.split_at_mut(y.data.len());
        luma.copy_from_slice(y.data);
        for ((pair, u), v) in chroma.chunks_exact_mut(2).zip(u.data).zip(v.data) {
            pair[order[0]] = *u;
            pair[order[1]] = *v;
        }
    }
}

impl From<YuvError> for FrameError {
    fn from(error: YuvError) -> Self {
        Self::Conversion(error.to_string())
    }
}

const RANGE: YuvRange = YuvRange::Limited;
const MATRIX: YuvStandardMatrix = YuvStandardMatrix::Bt601;
const MODE: YuvConversionMode = YuvConversionMode::Balanced;

fn planar(frame: &Frame) -> YuvPlanarImage<'_, u8> {
    let [y, u, v] = frame.planes();
    // A side has at most 4096 pixels, so a stride fits.
    YuvPlanarImage {
        y_plane: y.data,
        y_stride: y.stride as u32,
        u_plane: u.data,
        u_stride: u.stride as u32,
        v_plane: v.data,
        v_stride: v.stride as u32,
        width: frame.width(),
        height: frame.height(),
    }
}

fn planar_mut(canvas: &mut Canvas) -> YuvPlanarImageMut<'_, u8> {
    let size = canvas.size();
    let [y, u, v] = canvas.planes();
    YuvPlanarImageMut {
        y_stride: y.stride as u32,
        y_plane: BufferStoreMut::Borrowed(y.data),
        u_stride: u.stride as u32,
        u_plane: BufferStoreMut::Borrowed(u.data),
        v_stride: v.stride as u32,
        v_plane: BufferStoreMut::Borrowed(v.data),
        width: size.width(),
        height: size.height(),
    }
}

fn copy_rows(source: &[u8], stride: usize, target: &mut PlaneMut<'_>) {
    for (source, target) in source.chunks(stride).zip(target.rows()) {
        target.copy_from_slice(&source[..target.len()]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::psnr;
    use crate::pattern::Pattern;

    const ALL: [PixelFormat; 6] =
        [PixelFormat::I420, PixelFormat::Nv12, PixelFormat::Nv21, PixelFormat::Bgra, PixelFormat::Rgba, PixelFormat::Yuyv];

    fn raw(format: PixelFormat, width: u32, height: u32, data: &[u8]) -> RawPicture<'_> {
        RawPicture { format, width, height, stride: 0, data }
    }

    #[test]
    fn every_layout_there_and_back_is_the_same_picture() {
        let pool = Pool::default();
        let frame = Pattern::new(1, Size::new(64, 48).unwrap()).draw(3, 100_000, &pool);
        for format in ALL {
            let bytes = frame.to_bytes(format).unwrap();
            let back = raw(format, 64, 48, &bytes).to_frame(&pool).unwrap();
            match format {
                PixelFormat::Bgra | PixelFormat::Rgba => {
                    let quality = psnr(&frame, &back).unwrap();
                    assert!(quality > 38.0, "{format:?}: {quality}");
                }
                _ => assert_eq!(back.i420(), frame.i420(), "{format:?}"),
            }
        }
    }

    #[test]
    fn colours_are_where_they_belong() {
        let pool = Pool::default();
        let bgra = [0, 0, 255, 255].repeat(4);
        let frame = raw(PixelFormat::Bgra, 2, 2, &bgra).to_frame(&pool).unwrap();
        // Red in BT.601, limited range.
        for (byte, expected) in [(frame.i420()[0], 81), (frame.i420()[4], 90), (frame.i420()[5], 240)] {
            assert!(byte.abs_diff(expected) <= 1, "{byte} {expected}");
        }
        let rgba = frame.to_bytes(PixelFormat::Rgba).unwrap();
        assert!(rgba[0] > 250 && rgba[1] < 5 && rgba[2] < 5 && rgba[3] == 255, "{rgba:?}");
        let nv21 = frame.to_bytes(PixelFormat::Nv21).unwrap();
        assert!(nv21[4] > nv21[5], "V comes first: {nv21:?}");
    }

    #[test]
    fn the_last_line_of_an_odd_size_is_left_out() {
        let pool = Pool::default();
        for format in ALL {
            let bytes = vec![128; format.bytes(5, 3).unwrap()];
            let frame = raw(format, 5, 3, &bytes).to_frame(&pool).unwrap();
            assert_eq!((frame.width(), frame.height()), (4, 2), "{format:?}");
        }
        let i420: Vec<u8> = (0..PixelFormat::I420.bytes(3, 3).unwrap() as u8).collect();
        let frame = raw(PixelFormat::I420, 3, 3, &i420).to_frame(&pool).unwrap();
        assert_eq!(frame.i420(), [0, 1, 3, 4, 9, 13]);
    }

    #[test]
    fn rows_of_a_screen_may_have_something_between_them() {
        let pool = Pool::default();
        let mut data = vec![0; 3 * 16 + 8];
        data[16..24].fill(255);
        data[48..56].fill(255);
        let picture = RawPicture { format: PixelFormat::Bgra, width: 2, height: 4, stride: 16, data: &data };
        let frame = picture.to_frame(&pool).unwrap();
        assert!(frame.i420()[2] > 230 && frame.i420()[0] < 20 && frame.i420()[4] < 20 && frame.i420()[6] > 230);
        let short = RawPicture { stride: 4, ..picture };
        assert_eq!(short.to_frame(&pool).unwrap_err(), FrameError::Stride { stride: 4, row: 8 });
        let huge = RawPicture { stride: usize::MAX, ..picture };
        assert!(matches!(huge.to_frame(&pool), Err(FrameError::Stride { .. })));
    }

    #[test]
    fn planes_may_have_something_between_their_rows_as_well() {
        let pool = Pool::default();
        let frame = Pattern::new(1, Size::new(64, 48).unwrap()).draw(3, 100_000, &pool);
        // Every row is eight bytes longer than its pixels.
        let padded = |bytes: &[u8], row: usize| bytes.chunks(row).flat_map(|row| [row, &[99; 8]].concat()).collect::<Vec<_>>();
        let nv12 = frame.to_bytes(PixelFormat::Nv12).unwrap();
        let data = padded(&nv12, 64);
        let picture = RawPicture { format: PixelFormat::Nv12, width: 64, height: 48, stride: 72, data: &data };
        assert_eq!(picture.to_frame(&pool).unwrap().i420(), frame.i420());
        assert!(RawPicture { data: &data[1..], ..picture }.to_frame(&pool).is_err());

        let [y, u, v] = frame.planes();
        let chroma = |plane: &[u8]| plane.chunks(32).flat_map(|row| [row, &[99; 4]].concat()).collect::<Vec<_>>();
        let data = [padded(y.data, 64), chroma(u.data), chroma(v.data)].concat();
        let picture = RawPicture { format: PixelFormat::I420, data: &data, ..picture };
        assert_eq!(picture.to_frame(&pool).unwrap().i420(), frame.i420());
        assert!(RawPicture { data: &data[1..], ..picture }.to_frame(&pool).is_err());
    }

    #[test]
    fn a_picture_of_the_wrong_length_or_size_is_an_error_and_no_panic() {
        let pool = Pool::default();
        for format in ALL {
            let needed = format.bytes(16, 8).unwrap();
            let bytes = vec![0; needed - 1];
            let error = raw(format, 16, 8, &bytes).to_frame(&pool).unwrap_err();
            assert_eq!(error, FrameError::Length { needed, given: needed - 1 }, "{format:?}");
            for (width, height) in [(0, 0), (1, 8), (u32::MAX, u32::MAX), (16, 5000)] {
                assert!(matches!(raw(format, width, height, &bytes).to_frame(&pool), Err(FrameError::Size { .. })));
            }
        }
        let frame = raw(PixelFormat::I420, 2, 2, &[0; 6]).to_frame(&pool).unwrap();
        assert_eq!(frame.write(PixelFormat::Bgra, &mut [0; 15]), Err(FrameError::Length { needed: 16, given: 15 }));
    }
}
