//! YUV4MPEG2 files as a camera: a line of text, then raw 4:2:0 pictures. It knows no other subsampling.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::pattern::wait;
use super::{FrameClock, FrameSource, LARGEST};
use crate::{DeviceError, PixelFormat, RawFrame, Size};

/// Longer lines are no YUV4MPEG2.
const LONGEST_LINE: u64 = 512;

/// Reads pictures from any stream of bytes.
#[derive(Debug)]
pub struct Y4mReader<R> {
    reader: R,
    size: Size,
    frame_rate: u32,
}

impl<R: BufRead> Y4mReader<R> {
    /// Reads the first line.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn new(mut reader: R) -> Result<Self, String> {
        let line = line(&mut reader)?.ok_or("it is empty")?;
        let mut parameters = line.split(' ');
        if parameters.next() != Some("YUV4MPEG2") {
            return Err("it does not begin with YUV4MPEG2".to_owned());
        }
        let mut size = Size::default();
        let mut frame_rate = 25;
        for parameter in parameters {
            let Some(tag) = parameter.chars().next() else { continue };
            let value = &parameter[tag.len_utf8()..];
            match tag {
                'W' => size.width = value.parse().map_err(|_| "its width is no number")?,
                'H' => size.height = value.parse().map_err(|_| "its height is no number")?,
                'F' => frame_rate = rate(value).ok_or("its frame rate is no fraction")?,
                'C' if !matches!(value, "420" | "420jpeg" | "420mpeg2" | "420paldv") => {
                    return Err(format!("its colours are {value}; only 8 bit 4:2:0 is read"));
                }
                _ => {}
            }
        }
        if size.is_empty() || size.width > LARGEST || size.height > LARGEST {
            return Err(format!("its size is {}x{}", size.width, size.height));
        }
        Ok(Self { reader, size, frame_rate })
    }

    /// Width and height of all pictures.
    #[must_use]
    pub fn size(&self) -> Size {
        self.size
    }

    /// Pictures a second, 1 to 60.
    #[must_use]
    pub fn frame_rate(&self) -> u32 {
        self.frame_rate
    }

    /// Reads the next picture as I420 without padding. False at the end.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn read(&mut self, data: &mut Vec<u8>) -> Result<bool, String> {
        let Some(line) = line(&mut self.reader)? else { return Ok(false) };
        if line.split(' ').next() != Some("FRAME") {
            return Err("a picture does not begin with FRAME".to_owned());
        }
        data.resize(PixelFormat::I420.length(self.size.width as usize, self.size.height), 0);
        // An odd width has its last colour in both planes, which is what our length says as well.
        self.reader.read_exact(data).map_err(|error| error.to_string())?;
        Ok(true)
    }
}

fn line(reader: &mut impl BufRead) -> Result<Option<String>, String> {
    let mut line = Vec::new();
    reader.take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(|error| error.to_string())?;
    if line.is_empty() {
        return Ok(None);
    }
    if line.pop() != Some(b'\n') {
        return Err("a line has no end".to_owned());
    }
    String::from_utf8(line).map(Some).map_err(|_| "a line is no text".to_owned())
}

/// `30000:1001` is 30.
fn rate(value: &str) -> Option<u32> {
    let (above, below) = value.split_once(':')?;
    let (above, below): (u32, u32) = (above.parse().ok()?, below.parse().ok()?);
    let rounded = u64::from(above).checked_add(u64::from(below) / 2)?.checked_div(u64::from(below))?;
    u32::try_from(rounded).ok().map(|rate| rate.clamp(1, 60))
}

/// A file in a loop, at its frame rate.
pub(super) struct Y4mSource {
    path: PathBuf,
    file: Y4mReader<BufReader<File>>,
    clock: FrameClock,
    data: Vec<u8>,
}

impl Y4mSource {
    pub(super) fn open(path: &Path) -> Result<Self, DeviceError> {
        let failed = |cause: String| DeviceError::file(path, cause);
        let file = File::open(path).map_err(|error| failed(error.to_string()))?;
        let file = Y4mReader::new(BufReader::new(file)).map_err(failed)?;
        let clock = FrameClock::new(file.frame_rate, Instant::now());
        Ok(Self { path: path.to_owned(), file, clock, data: Vec::new() })
    }

    fn read(&mut self) -> Result<(), String> {
        if self.file.read(&mut self.data)? {
            return Ok(());
        }
        self.file.reader.seek(SeekFrom::Start(0)).map_err(|error| error.to_string())?;
        let _first = line(&mut self.file.reader)?;
        if self.file.read(&mut self.data)? { Ok(()) } else { Err("it has no picture".to_owned()) }
    }
}

impl FrameSource for Y4mSource {
    fn layout(&self) -> (PixelFormat, Size) {
        (PixelFormat::I420, self.file.size)
    }

    fn frame_rate(&self) -> u32 {
        self.file.frame_rate
    }

    fn next_frame(&mut self, patience: Duration) -> Result<Option<RawFrame<'_>>, DeviceError> {
        if !wait(&self.clock, patience) {
            return Ok(None);
        }
        let captured_at = self.clock.take(Instant::now());
        self.read().map_err(|cause| DeviceError::file(&self.path, cause))?;
        let size = self.file.size;
        let stride = size.width as usize;
        Ok(Some(RawFrame { format: PixelFormat::I420, size, stride, data: &self.data, captured_at }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_begins_again_at_its_end() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("two.y4m");
        let mut bytes = b"YUV4MPEG2 W3 H1 F60:1 Ip C420jpeg XABC\n".to_vec();
        for luma in [1, 2] {
            bytes.extend_from_slice(b"FRAME\n");
            bytes.extend_from_slice(&[luma, luma, luma, 128, 128, 129, 129]);
        }
        std::fs::write(&path, bytes).expect("there is room");
        let mut source = Y4mSource::open(&path).expect("it is whole");
        let mut seen = Vec::new();
        for _ in 0..3 {
            let frame = source.next_frame(Duration::from_secs(60)).expect("it is whole").expect("it is due");
            assert!(frame.is_complete());
            seen.push(frame.data[0]);
        }
        assert_eq!(seen, [1, 2, 1]);
    }

    #[test]
    fn what_is_not_understood_is_refused_in_words() {
        let refusal = |text: &str| Y4mReader::new(text.as_bytes()).err().unwrap_or_default();
        assert_eq!(refusal(""), "it is empty");
        assert_eq!(refusal("RIFF\n"), "it does not begin with YUV4MPEG2");
        assert_eq!(refusal("YUV4MPEG2 W2 H2 C444\n"), "its colours are 444; only 8 bit 4:2:0 is read");
        assert_eq!(refusal("YUV4MPEG2 W99999999 H2\n"), "its size is 99999999x2");
        assert_eq!(refusal("YUV4MPEG2 W2 H2 F1:0\n"), "its frame rate is no fraction");
        assert_eq!(refusal("YUV4MPEG2 W2 H2"), "a line has no end");
        assert_eq!(rate("30000:1001"), Some(30));
        assert_eq!(rate("4294967295:4294967295"), Some(1));
    }

    #[test]
    fn a_cut_picture_is_an_error() {
        let mut reader = Y4mReader::new(&b"YUV4MPEG2 W2 H2\nFRAME\n1234"[..]).expect("the first line is whole");
        assert!(reader.read(&mut Vec::new()).is_err());
    }
}
