//! Raw video files as a source: YUV4MPEG2 and bare I420, read picture by picture from any reader. It decodes nothing and
//! keeps no time.

use std::io::{self, BufRead, Read};

use crate::frame::{Frame, FrameError, Pool, Size};

/// Why a file gives no (further) picture.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The beginning is none of YUV4MPEG2.
    #[error("the file has no YUV4MPEG2 header ({0}); only progressive 4:2:0 with 8 bits is read")]
    Header(&'static str),
    /// Its pictures have an impossible size.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// It could not be read.
    #[error("the file could not be read: {0}")]
    Read(#[from] io::Error),
}

/// Pictures from a file, one after the other.
#[derive(Debug)]
pub struct File<R> {
    reader: R,
    size: Size,
    /// Pictures a second as a fraction.
    rate: (u32, u32),
    has_headers: bool,
    number: u64,
}

impl<R: BufRead> File<R> {
    /// A YUV4MPEG2 file, usually with the extension `.y4m`.
    ///
    /// # Errors
    /// [`FileError`].
    pub fn y4m(mut reader: R) -> Result<Self, FileError> {
        let header = line(&mut reader)?;
        let header =
            header.as_deref().and_then(|header| header.strip_prefix("YUV4MPEG2 ")).ok_or(FileError::Header("signature"))?;
        let (mut width, mut height, mut rate) = (0, 0, (25, 1));
        for field in header.split(' ').filter(|field| field.is_char_boundary(1)) {
            let (name, value) = field.split_at(1);
            let bad = |what| move |_| FileError::Header(what);
            match name {
                "W" => width = value.parse().map_err(bad("width"))?,
                "H" => height = value.parse().map_err(bad("height"))?,
                "F" => {
                    let (over, under) = value.split_once(':').ok_or(FileError::Header("frame rate"))?;
                    rate = (over.parse().map_err(bad("frame rate"))?, under.parse().map_err(bad("frame rate"))?);
                }
                "C" if !matches!(value, "420" | "420jpeg" | "420mpeg2" | "420paldv") => {
                    return Err(FileError::Header("colour space"));
                }
                _ => {}
            }
        }
        if rate.0 == 0 || rate.1 == 0 {
            return Err(FileError::Header("frame rate"));
        }
        // Rounding an odd size down would shift every picture that follows.
        if width % 2 != 0 || height % 2 != 0 {
            return Err(FrameError::Size { width, height }.into());
        }
        Ok(Self { reader, size: Size::new(width, height)?, rate, has_headers: true, number: 0 })
    }

    /// A file with nothing but I420 pictures of this size and rate.
    pub fn i420(reader: R, size: Size, frame_rate: u32) -> Self {
        Self { reader, size, rate: (frame_rate.max(1), 1), has_headers: false, number: 0 }
    }

    /// The size of its pictures.
    pub const fn size(&self) -> Size {
        self.size
    }

    /// Pictures a second.
    pub fn frame_rate(&self) -> f64 {
        f64::from(self.rate.0) / f64::from(self.rate.1)
    }

    /// The next picture, with its time from the beginning of the file. `None` at the end; a last one that is cut off counts
    /// as the end.
    ///
    /// # Errors
    /// [`FileError::Read`] and [`FileError::Header`].
    pub fn next_frame(&mut self, pool: &Pool) -> Result<Option<Frame>, FileError> {
        if self.has_headers {
            match line(&mut self.reader)? {
                None => return Ok(None),
                Some(header) if header.starts_with("FRAME") => {}
                Some(_) => return Err(FileError::Header("frame")),
            }
        }
        let mut canvas = pool.canvas(self.size);
        match self.reader.read_exact(canvas.i420()) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            result => result?,
        }
        let time = u128::from(self.number) * 1_000_000 * u128::from(self.rate.1) / u128::from(self.rate.0);
        self.number += 1;
        Ok(Some(canvas.into_frame().at(u64::try_from(time).unwrap_or(u64::MAX))))
    }
}

/// A line without its end; `None` at the end of the file. One that is not text or too long is an error.
fn line(reader: &mut impl BufRead) -> Result<Option<String>, FileError> {
    let mut bytes = Vec::new();
    reader.take(MAX_LINE).read_until(b'\n', &mut bytes)?;
    match bytes.pop() {
        None => Ok(None),
        Some(b'\n') => String::from_utf8(bytes).map(Some).map_err(|_| FileError::Header("text")),
        Some(_) => Err(FileError::Header("line")),
    }
}

const MAX_LINE: u64 = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_y4m_file_gives_its_pictures_and_their_times() {
        let bytes = [
            &b"YUV4MPEG2 W4 H2 F30000:1001 Ip A1:1 C420jpeg\nFRAME\n"[..],
            &[1; 12],
            b"FRAME Ix\n",
            &[2; 12],
            b"FRAME\n",
            &[3; 5],
        ];
        let bytes = bytes.concat();
        let mut file = File::y4m(&bytes[..]).unwrap();
        assert_eq!((file.size(), file.frame_rate().round()), (Size::new(4, 2).unwrap(), 30.0));
        let pool = Pool::default();
        let frames: Vec<_> = std::iter::from_fn(|| file.next_frame(&pool).unwrap()).collect();
        let told: Vec<_> = frames.iter().map(|frame| (frame.i420()[11], frame.time_us)).collect();
        assert_eq!(told, [(1, 0), (2, 33_366)], "the third one is cut off");
    }

    #[test]
    fn bare_pictures_need_nothing_around_them() {
        let mut file = File::i420(&[7; 13][..], Size::new(4, 2).unwrap(), 10);
        assert!(file.next_frame(&Pool::default()).unwrap().is_some());
        assert!(file.next_frame(&Pool::default()).unwrap().is_none());
    }

    #[test]
    fn other_files_are_errors() {
        let headers = [
            "",
            "RIFF",
            "YUV4MPEG2 W4\n",
            "YUV4MPEG2 W4 H3 F1:1\n",
            "YUV4MPEG2 W4 H2 F0:1\n",
            "YUV4MPEG2 W4 H2 C444\n",
            "YUV4MPEG2 W-1 H2\n",
            "YUV4MPEG2 W4 H2 F\u{e9}\n",
        ];
        for header in headers {
            assert!(File::y4m(header.as_bytes()).is_err(), "{header:?}");
        }
        assert!(File::y4m(&[b'Y'; 5000][..]).is_err());
        let mut file = File::y4m(&b"YUV4MPEG2 W4 H2\nNOISE\n"[..]).unwrap();
        assert!(file.next_frame(&Pool::default()).is_err());
    }
}
