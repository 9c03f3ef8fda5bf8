//! Still pictures in files: PNG, JPEG, GIF and BMP. It reads them, and knows nothing of what they are for.

use std::fs;
use std::io::{self, Cursor, Read as _};
use std::path::Path;

use image::{DynamicImage, ImageDecoder as _, ImageError, ImageReader, Limits};

use crate::frame::MAX_SIDE;

/// The largest file that is read.
pub const MAX_BYTES: u64 = 16 * 1024 * 1024;
/// What decoding may allocate: the largest picture with 16 bits a channel, and as much again on the way there.
const MAX_MEMORY: u64 = 2 * 8 * MAX_SIDE as u64 * MAX_SIDE as u64;

/// A picture with transparency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Still {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Red, green, blue and alpha of each pixel, row by row.
    pub rgba: Vec<u8>,
}

/// Why a picture could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StillError {
    /// The file cannot be read.
    #[error(transparent)]
    File(#[from] io::Error),
    /// It is larger than [`MAX_BYTES`], or a side is longer than [`MAX_SIDE`].
    #[error("it is too large: at most {} MB and {MAX_SIDE} pixels a side", MAX_BYTES >> 20)]
    TooLarge,
    /// It is no picture, or a broken one.
    #[error("it is no PNG, JPEG, GIF or BMP, or a broken one: {0}")]
    NoPicture(String),
}

impl Still {
    /// Reads a file, whatever its name says of its format. Of several pictures it takes the first, and it turns photographs as
    /// the camera was held.
    ///
    /// # Errors
    /// When there is no such file, when it is too large, or no picture.
    pub fn read(path: &Path) -> Result<Self, StillError> {
        // A pipe would be waited for, for as long as nobody writes.
        if !fs::metadata(path)?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file").into());
        }
        let mut bytes = Vec::new();
        fs::File::open(path)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(StillError::TooLarge);
        }
        Self::decode(&bytes)
    }

    fn decode(bytes: &[u8]) -> Result<Self, StillError> {
        let mut limits = Limits::no_limits();
        limits.max_image_width = Some(MAX_SIDE);
        limits.max_image_height = Some(MAX_SIDE);
        limits.max_alloc = Some(MAX_MEMORY);
        let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
        reader.limits(limits);
        let mut decoder = reader.into_decoder()?;
        let orientation = decoder.orientation()?;
        let mut picture = DynamicImage::from_decoder(decoder)?;
        picture.apply_orientation(orientation);
        let picture = picture.into_rgba8();
        Ok(Self { width: picture.width(), height: picture.height(), rgba: picture.into_raw() })
    }
}

impl From<ImageError> for StillError {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Limits(_) => Self::TooLarge,
            ImageError::IoError(error) if error.kind() != io::ErrorKind::UnexpectedEof => Self::File(error),
            other => Self::NoPicture(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use image::codecs::{bmp::BmpEncoder, gif::GifEncoder, jpeg::JpegEncoder, png::PngEncoder};
    use image::{ExtendedColorType, ImageEncoder as _, ImageResult};
    use proptest::prelude::*;

    use super::*;

    const SIZE: (u32, u32) = (12, 8);

    /// Left half red, right half transparent.
    fn picture() -> Vec<u8> {
        let row = [[255, 0, 0, 255]; 6].into_iter().chain([[0; 4]; 6]);
        row.cycle().take(12 * 8).flatten().collect()
    }

    fn encoded(encode: impl FnOnce(&mut Cursor<Vec<u8>>) -> ImageResult<()>) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        encode(&mut bytes).expect("it can be written");
        bytes.into_inner()
    }

    fn png() -> Vec<u8> {
        encoded(|to| PngEncoder::new(to).write_image(&picture(), SIZE.0, SIZE.1, ExtendedColorType::Rgba8))
    }

    #[test]
    fn each_format_is_read_with_what_it_has_of_transparency() {
        let rgb: Vec<u8> = picture().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
        let gif = encoded(|to| GifEncoder::new(to).encode(&picture(), SIZE.0, SIZE.1, ExtendedColorType::Rgba8));
        let jpeg = encoded(|to| JpegEncoder::new(to).encode(&rgb, SIZE.0, SIZE.1, ExtendedColorType::Rgb8));
        let bmp = encoded(|to| BmpEncoder::new(to).encode(&rgb, SIZE.0, SIZE.1, ExtendedColorType::Rgb8));
        for (name, bytes, alpha) in [("png", png(), 0), ("gif", gif, 0), ("jpeg", jpeg, 255), ("bmp", bmp, 255)] {
            let still = Still::decode(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!((still.width, still.height), SIZE, "{name}");
            let [red, green, blue, solid] = still.rgba[..4] else { panic!("{name}: no pixel") };
            assert!(red > 230 && green < 25 && blue < 25 && solid == 255, "{name}: {:?}", &still.rgba[..4]);
            assert_eq!(still.rgba[12 * 4 - 1], alpha, "{name}");
        }
    }

    #[test]
    fn a_photograph_is_turned_as_the_camera_was_held() {
        let jpeg = encoded(|to| JpegEncoder::new(to).encode(&[200; 12 * 8 * 3], SIZE.0, SIZE.1, ExtendedColorType::Rgb8));
        // A big-endian TIFF with the only entry 0x0112, orientation: 6, a quarter to the right.
        let exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let length = u16::try_from(exif.len() + 2).expect("short").to_be_bytes();
        let turned = [&jpeg[..2], &[0xff, 0xe1], &length, exif, &jpeg[2..]].concat();
        let still = Still::decode(&turned).expect("a picture");
        assert_eq!((still.width, still.height), (SIZE.1, SIZE.0));
    }

    #[test]
    fn what_is_too_large_is_refused_before_it_is_unpacked() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("large.png");
        let mut claims = png();
        claims[16..24].copy_from_slice(&[0, 0, 0x10, 1, 0, 0, 0, 1]);
        let check = crc32(&claims[12..29]);
        claims[29..33].copy_from_slice(&check.to_be_bytes());
        assert!(matches!(Still::decode(&claims), Err(StillError::TooLarge)), "{:?}", Still::decode(&claims));
        fs::File::create(&path).and_then(|file| file.set_len(MAX_BYTES + 1)).expect("room for a hole");
        assert!(matches!(Still::read(&path), Err(StillError::TooLarge)));
    }

    /// As PNG has it, bit by bit.
    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
        })
    }

    #[test]
    fn what_is_no_picture_says_so() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("words.png");
        fs::write(&path, "only words").expect("written");
        assert!(matches!(Still::read(&path), Err(StillError::NoPicture(_))));
        assert!(matches!(Still::read(&folder.path().join("none.png")), Err(StillError::File(_))));
        assert!(matches!(Still::read(folder.path()), Err(StillError::File(_))));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn broken_pictures_are_refused_or_read_and_nothing_else(cut in 0_usize..400, at in 0_usize..400, with: u8) {
            let mut bytes = png();
            bytes.truncate(cut.max(8));
            let at = at % bytes.len();
            bytes[at] = with;
            if let Ok(still) = Still::decode(&bytes) {
                prop_assert_eq!(still.rgba.len(), still.width as usize * still.height as usize * 4);
            }
        }
    }
}
