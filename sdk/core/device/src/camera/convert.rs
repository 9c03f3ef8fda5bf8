//! What cameras send into what handlers get: packed rows, and JPEG into I420. It knows no device.

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::LARGEST;
use crate::{PixelFormat, Size};

/// Decodes a picture of Motion JPEG into I420 without padding.
///
/// # Errors
/// What is wrong with it, in words. Cameras send a damaged picture now and then.
pub(super) fn jpeg_to_i420(jpeg: &[u8], expected: Size, into: &mut Vec<u8>) -> Result<(), String> {
    let options = DecoderOptions::default()
        .set_max_width(LARGEST as usize)
        .set_max_height(LARGEST as usize)
        .jpeg_set_out_colorspace(ColorSpace::YCbCr);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(jpeg), options);
    let pixels = decoder.decode().map_err(|error| error.to_string())?;
    let found = decoder.dimensions().ok_or("it has no size")?;
    if found != (expected.width as usize, expected.height as usize) {
        return Err(format!("it is {}x{}", found.0, found.1));
    }
    match decoder.output_colorspace() {
        Some(ColorSpace::YCbCr) => planes(&pixels, expected, into),
        other => Err(format!("its colours are {other:?}")),
    }
}

/// Full-range Y, U, V of every pixel into limited-range I420; colours are the mean of up to four pixels.
fn planes(pixels: &[u8], size: Size, into: &mut Vec<u8>) -> Result<(), String> {
    let (width, height) = (size.width as usize, size.height as usize);
    if pixels.len() < size.pixels() * 3 {
        return Err("it ends too early".to_owned());
    }
    into.clear();
    into.reserve(PixelFormat::I420.length(width, size.height));
    // JPEG has 0 to 255 (JFIF 1.02); video has 16 to 235 and 16 to 240 (BT.601).
    into.extend(pixels.chunks_exact(3).take(width * height).map(|pixel| {
        let luma = u32::from(pixel[0]);
        (16 + (luma * 219 + 127) / 255) as u8
    }));
    for plane in [1, 2] {
        for y in (0..height).step_by(2) {
            for x in (0..width).step_by(2) {
                let (mut sum, mut count) = (0_u32, 0);
                for row in y..(y + 2).min(height) {
                    for column in x..(x + 2).min(width) {
                        sum += u32::from(pixels[(row * width + column) * 3 + plane]);
                        count += 1;
                    }
                }
                let mean = (sum + count / 2) / count;
                // 224/255 of the distance from grey, with an offset that keeps it positive.
                into.push((16 + (mean * 224 + 127) / 255) as u8);
            }
        }
    }
    Ok(())
}

/// Checks that a raw picture is as long as its format says, so that handlers can rely on it.
pub(super) fn is_whole(format: PixelFormat, size: Size, stride: usize, length: usize) -> bool {
    stride >= format.row(size.width) && length >= format.length(stride, size.height)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_range_becomes_limited_range_and_colours_are_averaged() {
        // Three by one: black, white, black; the last colour stands alone.
        let pixels = [0, 0, 255, 255, 100, 255, 0, 128, 128];
        let mut into = Vec::new();
        planes(&pixels, Size::new(3, 1), &mut into).expect("it is whole");
        assert_eq!(into, [16, 235, 16, 60, 128, 240, 128]);
    }

    #[test]
    fn noise_is_an_error_and_no_panic() {
        let size = Size::new(16, 16);
        let mut into = Vec::new();
        assert!(jpeg_to_i420(b"", size, &mut into).is_err());
        assert!(jpeg_to_i420(&[0xff, 0xd8, 0xff, 0xc0, 0, 4, 8, 0], size, &mut into).is_err());
        assert!(planes(&[0; 10], size, &mut into).is_err());
    }

    #[test]
    fn a_real_picture_of_one_colour_is_decoded() {
        let mut into = Vec::new();
        let size = Size::new(16, 8);
        jpeg_to_i420(RED, size, &mut into).expect("it is a picture");
        assert_eq!(into.len(), PixelFormat::I420.length(16, 8));
        let near = |value: u8, wanted: u8| value.abs_diff(wanted) <= 2;
        assert!(into[..128].iter().all(|y| near(*y, 82)), "luma of red");
        assert!(into[128..160].iter().all(|u| near(*u, 90)), "U of red");
        assert!(into[160..].iter().all(|v| near(*v, 240)), "V of red");
        assert_eq!(jpeg_to_i420(RED, Size::new(8, 8), &mut into), Err("it is 16x8".to_owned()));
        assert!(jpeg_to_i420(&RED[..RED.len() / 2], size, &mut into).is_err());
    }

    /// 16 by 8 pixels of pure red.
    const RED: &[u8] = include_bytes!("red.jpg");
}
