//! WAV files as microphones and speakers. It reads and writes integer and float PCM and resamples nothing.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};

use super::AudioFormat;
use crate::DeviceError;

/// A WAV file read block by block, in its own sample rate.
pub(crate) struct WavSource {
    path: PathBuf,
    reader: hound::WavReader<BufReader<File>>,
    format: AudioFormat,
    repeat: bool,
    /// How many samples were read since the start of the file; a file without any must not be repeated.
    read: u64,
}

impl WavSource {
    /// Opens a file that is read in blocks of 10 ms.
    ///
    /// # Errors
    /// As [`Self::open_any`], and when its sample rate has no whole blocks.
    pub(crate) fn open(path: &Path, repeat: bool) -> Result<Self, DeviceError> {
        let source = Self::open_any(path, repeat)?;
        source.format.check().map_err(|error| DeviceError::file(path, error))?;
        Ok(source)
    }

    /// Opens a file of any sample rate.
    ///
    /// # Errors
    /// [`DeviceError::File`] when it is no WAV file of 1 or 2 channels.
    pub(crate) fn open_any(path: &Path, repeat: bool) -> Result<Self, DeviceError> {
        let reader = hound::WavReader::open(path).map_err(|error| DeviceError::file(path, error))?;
        let spec = reader.spec();
        let format = AudioFormat { sample_rate: spec.sample_rate, channels: spec.channels };
        if !matches!(format.channels, 1 | 2) || format.sample_rate == 0 {
            let cause = format!("it has {} channels of {} Hz", format.channels, format.sample_rate);
            return Err(DeviceError::file(path, cause));
        }
        Ok(Self { path: path.to_owned(), reader, format, repeat, read: 0 })
    }

    pub(crate) fn format(&self) -> AudioFormat {
        self.format
    }

    /// Fills `samples`, the rest with silence. False when there was nothing left to read.
    ///
    /// # Errors
    /// [`DeviceError::File`] when the file is damaged.
    pub(crate) fn fill(&mut self, samples: &mut [i16]) -> Result<bool, DeviceError> {
        let mut filled = 0;
        loop {
            let got = self.read_some(&mut samples[filled..]).map_err(|error| DeviceError::file(&self.path, error))?;
            filled += got;
            self.read += got as u64;
            if filled == samples.len() || !self.repeat || self.read == 0 {
                break;
            }
            self.reader.seek(0).map_err(|error| DeviceError::file(&self.path, error))?;
            self.read = 0;
        }
        samples[filled..].fill(0);
        Ok(filled > 0)
    }

    fn read_some(&mut self, into: &mut [i16]) -> hound::Result<usize> {
        let spec = self.reader.spec();
        let mut count = 0;
        match spec.sample_format {
            hound::SampleFormat::Float => {
                for (slot, sample) in into.iter_mut().zip(self.reader.samples::<f32>()) {
                    *slot = (sample?.clamp(-1.0, 1.0) * f32::from(i16::MAX)) as i16;
                    count += 1;
                }
            }
            hound::SampleFormat::Int => {
                let shift = i32::from(spec.bits_per_sample) - 16;
                for (slot, sample) in into.iter_mut().zip(self.reader.samples::<i32>()) {
                    let sample = sample?;
                    // Up to 32 bits are brought to 16, so the result fits.
                    *slot = if shift >= 0 { sample >> shift } else { sample << -shift } as i16;
                    count += 1;
                }
            }
        }
        Ok(count)
    }
}

/// A WAV file of 16 bit written block by block.
pub(crate) struct WavTarget {
    path: PathBuf,
    writer: hound::WavWriter<BufWriter<File>>,
}

impl WavTarget {
    /// # Errors
    /// [`DeviceError::File`] when the file cannot be made.
    pub(crate) fn create(path: &Path, format: AudioFormat) -> Result<Self, DeviceError> {
        let spec = hound::WavSpec {
            channels: format.channels,
            sample_rate: format.sample_rate,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let writer = hound::WavWriter::create(path, spec).map_err(|error| DeviceError::file(path, error))?;
        Ok(Self { path: path.to_owned(), writer })
    }

    /// # Errors
    /// [`DeviceError::File`] when the disk is full.
    pub(crate) fn write(&mut self, samples: &[i16]) -> Result<(), DeviceError> {
        let mut write = || {
            for &sample in samples {
                self.writer.write_sample(sample)?;
            }
            Ok(())
        };
        write().map_err(|error: hound::Error| DeviceError::file(&self.path, error))
    }

    /// Writes the length into the head of the file.
    ///
    /// # Errors
    /// [`DeviceError::File`] when the disk is full.
    pub(crate) fn finish(self) -> Result<(), DeviceError> {
        self.writer.finalize().map_err(|error| DeviceError::file(self.path, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_file_goes_on_in_the_middle_of_a_block() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("short.wav");
        let mut target = WavTarget::create(&path, AudioFormat::at_48k(1)).expect("it is new");
        target.write(&[1, 2, 3]).expect("there is room");
        target.finish().expect("there is room");

        let mut samples = [0; 7];
        let mut once = WavSource::open(&path, false).expect("it was just written");
        assert_eq!(once.fill(&mut samples), Ok(true));
        assert_eq!(samples, [1, 2, 3, 0, 0, 0, 0]);
        assert_eq!(once.fill(&mut samples), Ok(false));

        let mut repeated = WavSource::open(&path, true).expect("it was just written");
        assert_eq!(repeated.fill(&mut samples), Ok(true));
        assert_eq!(samples, [1, 2, 3, 1, 2, 3, 1]);
    }

    #[test]
    fn an_empty_file_cannot_be_repeated_for_ever() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("empty.wav");
        WavTarget::create(&path, AudioFormat::at_48k(2)).and_then(WavTarget::finish).expect("there is room");
        let mut source = WavSource::open(&path, true).expect("it was just written");
        assert_eq!(source.fill(&mut [0; 960]), Ok(false));
    }

    #[test]
    fn what_is_no_wav_file_is_an_error_with_its_path() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("noise.wav");
        std::fs::write(&path, b"RIFF and then nothing sensible").expect("there is room");
        let Err(DeviceError::File { path: named, .. }) = WavSource::open(&path, false) else {
            panic!("noise was taken for sound");
        };
        assert_eq!(named, path);
    }
}
