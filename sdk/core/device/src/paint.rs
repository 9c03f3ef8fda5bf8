//! Pictures into BGRA of another size, for thumbnails, icons and windows. Pictures that are encoded are converted
//! elsewhere.

use crate::{PixelFormat, RawFrame, Size};

/// Bytes of BGRA.
const PIXEL: usize = 4;
/// The distance from one pixel to the next.
const ONE: u32 = 256;

/// One pixel by BT.601 in limited range, opaque.
pub(crate) fn yuv_to_bgra([y, u, v]: [u8; 3]) -> [u8; 4] {
    let luma = 298 * (i32::from(y) - 16) + 128;
    let (u, v) = (i32::from(u) - 128, i32::from(v) - 128);
    let clamp = |value: i32| (value >> 8).clamp(0, 255) as u8;
    [clamp(luma + 516 * u), clamp(luma - 100 * u - 208 * v), clamp(luma + 409 * v), 255]
}

/// Converts a whole picture to BGRA without padding. Nothing is written when the frame is not complete.
pub(crate) fn to_bgra(frame: &RawFrame<'_>, into: &mut Vec<u8>) {
    into.clear();
    if !frame.is_complete() {
        return;
    }
    let width = frame.size.width as usize;
    let (planes, stride, height) = (frame.data, frame.stride, frame.size.height as usize);
    into.resize(frame.size.pixels() * PIXEL, 0);
    for (y, line) in into.chunks_exact_mut(width * PIXEL).enumerate() {
        let row = &planes[y * stride..];
        match frame.format {
            PixelFormat::Bgra => line.copy_from_slice(&row[..width * PIXEL]),
            PixelFormat::I420 => {
                let (colour_stride, colours) = (stride.div_ceil(2), width.div_ceil(2));
                let blue = stride * height + (y / 2) * colour_stride;
                let red = blue + colour_stride * height.div_ceil(2);
                let (blue, red) = (&planes[blue..][..colours], &planes[red..][..colours]);
                let pairs = line.chunks_mut(2 * PIXEL).zip(row[..width].chunks(2));
                for ((pair, luma), (blue, red)) in pairs.zip(blue.iter().zip(red)) {
                    paint_pair(pair, luma, *blue, *red);
                }
            }
            PixelFormat::Nv12 => {
                let colours = planes[stride * height + (y / 2) * stride..].chunks_exact(2);
                let pairs = line.chunks_mut(2 * PIXEL).zip(row[..width].chunks(2));
                for ((pair, luma), colour) in pairs.zip(colours) {
                    paint_pair(pair, luma, colour[0], colour[1]);
                }
            }
            PixelFormat::Yuyv => {
                for (pair, packed) in line.chunks_mut(2 * PIXEL).zip(row.chunks_exact(4)) {
                    paint_pair(pair, &[packed[0], packed[2]], packed[1], packed[3]);
                }
            }
        }
    }
}

/// Two pixels, or the last one of an odd row, with one colour between them.
fn paint_pair(pixels: &mut [u8], luma: &[u8], blue: u8, red: u8) {
    for (pixel, luma) in pixels.chunks_exact_mut(PIXEL).zip(luma) {
        pixel.copy_from_slice(&yuv_to_bgra([*luma, blue, red]));
    }
}

/// Makes a BGRA picture smaller or larger. Nothing but zeros comes out when there are too few bytes.
pub(crate) fn scale(from: &[u8], size: Size, wanted: Size) -> Vec<u8> {
    let mut into = vec![0; wanted.pixels() * PIXEL];
    if size.is_empty() || wanted.is_empty() || from.len() < size.pixels() * PIXEL {
        return into;
    }
    if size == wanted {
        into.copy_from_slice(&from[..wanted.pixels() * PIXEL]);
    } else if wanted.width * 2 <= size.width && wanted.height * 2 <= size.height {
        shrink(from, size, &mut into, wanted);
    } else {
        interpolate(from, size, &mut into, wanted);
    }
    into
}

/// Every new pixel is the mean of the old ones that it stands for.
fn shrink(from: &[u8], size: Size, into: &mut [u8], wanted: Size) {
    let columns = spans(size.width, wanted.width);
    let rows = spans(size.height, wanted.height);
    let stride = size.width as usize * PIXEL;
    for (line, &(top, bottom)) in into.chunks_exact_mut(wanted.width as usize * PIXEL).zip(&rows) {
        for (pixel, &(left, right)) in line.chunks_exact_mut(PIXEL).zip(&columns) {
            let mut sums = [0_u64; PIXEL];
            for y in top..bottom {
                let row = &from[y * stride + left * PIXEL..y * stride + right * PIXEL];
                for source in row.chunks_exact(PIXEL) {
                    for (sum, value) in sums.iter_mut().zip(source) {
                        *sum += u64::from(*value);
                    }
                }
            }
            let count = ((bottom - top) * (right - left)) as u64;
            for (value, sum) in pixel.iter_mut().zip(sums) {
                // The mean of bytes is a byte.
                *value = ((sum + count / 2) / count) as u8;
            }
        }
    }
}

/// Which old pixels each new pixel stands for: one at least.
fn spans(old: u32, new: u32) -> Vec<(usize, usize)> {
    let edge = |index: u32| (u64::from(index) * u64::from(old) / u64::from(new)) as usize;
    (0..new).map(|index| (edge(index), edge(index + 1).max(edge(index) + 1))).collect()
}

/// Every new pixel lies between four old ones and is mixed from them by distance.
fn interpolate(from: &[u8], size: Size, into: &mut [u8], wanted: Size) {
    let columns = neighbours(size.width, wanted.width);
    let rows = neighbours(size.height, wanted.height);
    let stride = size.width as usize * PIXEL;
    for (line, &(top, bottom, down)) in into.chunks_exact_mut(wanted.width as usize * PIXEL).zip(&rows) {
        let (above, below) = (&from[top * stride..][..stride], &from[bottom * stride..][..stride]);
        for (pixel, &(left, right, along)) in line.chunks_exact_mut(PIXEL).zip(&columns) {
            for (channel, value) in pixel.iter_mut().enumerate() {
                let mix = |row: &[u8]| {
                    u32::from(row[left * PIXEL + channel]) * (ONE - along) + u32::from(row[right * PIXEL + channel]) * along
                };
                let sum = mix(above) * (ONE - down) + mix(below) * down;
                // The mean of bytes is a byte.
                *value = ((sum + ONE * ONE / 2) / (ONE * ONE)) as u8;
            }
        }
    }
}

/// The old pixels around the middle of each new one, and how far it is from the first to the second, in [`ONE`]s.
fn neighbours(old: u32, new: u32) -> Vec<(usize, usize, u32)> {
    let last = old as usize - 1;
    let place = |index: u32| {
        let middle = (2 * u64::from(index) + 1) * u64::from(old) * u64::from(ONE) / (2 * u64::from(new));
        let place = middle.saturating_sub(u64::from(ONE) / 2);
        let first = ((place / u64::from(ONE)) as usize).min(last);
        (first, (first + 1).min(last), (place % u64::from(ONE)) as u32)
    };
    (0..new).map(place).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn converted(format: PixelFormat, size: Size, stride: usize, data: &[u8]) -> Vec<u8> {
        let mut bgra = Vec::new();
        to_bgra(&RawFrame { format, size, stride, data, captured_at: Instant::now() }, &mut bgra);
        bgra
    }

    #[test]
    fn the_same_grey_comes_out_of_every_format() {
        let grey = [126, 126, 126, 255].repeat(2);
        let size = Size::new(2, 1);
        assert_eq!(converted(PixelFormat::I420, size, 2, &[124, 124, 128, 128]), grey);
        assert_eq!(converted(PixelFormat::Nv12, size, 2, &[124, 124, 128, 128]), grey);
        assert_eq!(converted(PixelFormat::Yuyv, size, 4, &[124, 128, 124, 128]), grey);
        assert_eq!(converted(PixelFormat::Bgra, size, 8, &grey), grey);
    }

    #[test]
    fn padding_is_not_painted_and_a_short_frame_is_nothing() {
        let size = Size::new(1, 2);
        let data = [1, 2, 3, 4, 9, 9, 9, 9, 5, 6, 7, 8, 9, 9, 9, 9];
        assert_eq!(converted(PixelFormat::Bgra, size, 8, &data), [1, 2, 3, 4, 5, 6, 7, 8]);
        assert!(converted(PixelFormat::Bgra, size, 8, &data[..15]).is_empty());
    }

    #[test]
    fn red_and_blue_are_not_mixed_up() {
        let [blue, green, red, _] = yuv_to_bgra([82, 90, 240]);
        assert!(red > 250 && green < 5 && blue < 5, "this is red in BT.601");
    }

    #[test]
    fn a_smaller_picture_has_the_mean_and_a_larger_one_goes_over_smoothly() {
        let checks: Vec<u8> = [[0; 4], [200; 4], [200; 4], [0; 4]].concat();
        assert_eq!(scale(&checks, Size::new(2, 2), Size::new(1, 1)), [100; 4]);
        let larger = scale(&[[0; 4], [200; 4]].concat(), Size::new(2, 1), Size::new(4, 3));
        let row: Vec<u8> = larger[..16].iter().step_by(4).copied().collect();
        assert_eq!(row, [0, 50, 150, 200]);
        assert_eq!(larger[..16], larger[32..], "all rows are the same");
    }

    #[test]
    fn one_colour_stays_that_colour_in_every_size() {
        let size = Size::new(7, 5);
        let colour = [9, 130, 255, 77];
        for wanted in [Size::new(1, 1), Size::new(3, 2), Size::new(6, 9), Size::new(7, 5), Size::new(40, 31)] {
            assert_eq!(scale(&colour.repeat(35), size, wanted), colour.repeat(wanted.pixels()), "{wanted:?}");
        }
    }
}
