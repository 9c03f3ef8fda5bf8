//! A recording of sound alone, in one file or several. It encodes nothing: WAV takes samples, MP4 takes Opus packets.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::disk::Disk;
use crate::fragmented::Fragmented;
use crate::header::TrackKind;
use crate::name::{Names, extension};
use crate::sound_track::{SoundTrack, check_channels};
use crate::timeline::{self, Arrival};
use crate::wav::Wav;
use crate::{Error, MIN_FILE_DURATION, Summary, opus};

/// Sound is written to disk at least so often, which is what a dying process loses.
const FRAGMENT: Duration = Duration::from_secs(1);

/// Silence in a WAV file is written by pieces of so many samples.
const SILENCE: usize = 4_800;

/// The format of a recording of sound, by the extension of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AudioFormat {
    /// `.wav`: samples of 16 bits.
    Wav,
    /// `.m4a` and `.mp4`: Opus in fragmented MP4.
    Opus,
}

impl AudioFormat {
    /// The format that a name asks for.
    ///
    /// # Errors
    /// [`Error::Format`]. For `.aac` it says that there is no encoder for it.
    pub fn of(path: &Path) -> Result<Self, Error> {
        let refuse = |reason| Err(Error::Format { path: path.to_path_buf(), reason });
        match extension(path).as_str() {
            "wav" => Ok(Self::Wav),
            "m4a" | "mp4" => Ok(Self::Opus),
            "aac" => refuse("there is no AAC encoder with a licence that allows it; use .m4a, which holds Opus, or .wav"),
            _ => refuse("the extension must be .wav, .m4a or .mp4"),
        }
    }
}

/// What to record sound into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AudioSettings {
    /// The first file. Its folder must exist, the file must not.
    pub path: PathBuf,
    /// Samples a second of what [`AudioFile::write_samples`] is given. Opus knows 48000 only and ignores it.
    pub rate: u32,
    /// One or two.
    pub channels: u8,
    /// Goes on in a new file after so long; `None` for never. See [`MIN_FILE_DURATION`].
    pub max_duration: Option<Duration>,
}

/// A recording of sound alone.
///
/// Times given to it are of any one clock that does not step: when the first sample of a piece is heard. Up to 40 ms early
/// or late a piece follows the one before; later than that, silence is put between; earlier, the piece is dropped, because
/// its place is taken. After a step of more than a minute, in whichever direction, the recording goes on in a new file.
///
/// The files are `talk.wav`, `talk-2.wav` and so on. A process that dies loses up to a second. Dropping it finishes it.
#[derive(Debug)]
pub struct AudioFile {
    settings: AudioSettings,
    names: Names,
    body: Option<Body>,
    /// The time at which this file begins, once it has.
    zero: Option<Duration>,
    path: PathBuf,
    files: u32,
    recorded: Duration,
    dropped: u64,
}

#[derive(Debug)]
enum Body {
    Wav(Wav),
    Opus(Fragmented, SoundTrack),
}

impl AudioFile {
    /// Makes the first file.
    ///
    /// # Errors
    /// [`Error::Format`], [`Error::Exists`], [`Error::NoFolder`], [`Error::Denied`], [`Error::Full`], [`Error::Disk`];
    /// [`Error::Input`] for channels or a rate that cannot be.
    pub fn create(settings: AudioSettings) -> Result<Self, Error> {
        let format = AudioFormat::of(&settings.path)?;
        check_channels(settings.channels)?;
        if !(8_000..=192_000).contains(&settings.rate) {
            return Err(Error::Input { reason: "the rate is 8000 to 192000 samples a second" });
        }
        let names = Names::new(&settings.path);
        let disk = names.first()?;
        let body = Some(Body::begin(format, disk, &settings)?);
        let path = settings.path.clone();
        Ok(Self { settings, names, body, zero: None, path, files: 1, recorded: Duration::ZERO, dropped: 0 })
    }

    /// What this recording takes.
    pub fn format(&self) -> AudioFormat {
        // The name was read when the recording was made.
        AudioFormat::of(&self.settings.path).unwrap_or(AudioFormat::Wav)
    }

    /// The file being written, or the last one.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Pieces that were dropped because their place was taken, or because they were no Opus packets.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Adds interleaved samples to a WAV recording.
    ///
    /// # Errors
    /// [`Error::Input`] when this is no WAV recording or an instant is incomplete, and what [`Error::ends_recording`].
    pub fn write_samples(&mut self, at: Duration, samples: &[i16]) -> Result<(), Error> {
        let result = self.place_samples(at, samples);
        self.settle(result)
    }

    /// Adds an Opus packet to an MP4 recording.
    ///
    /// `at` is when what it decodes to is to be heard. An encoder looks ahead; its caller takes that off.
    ///
    /// # Errors
    /// [`Error::Input`] when this is no Opus recording, and what [`Error::ends_recording`].
    pub fn write_packet(&mut self, at: Duration, packet: &[u8]) -> Result<(), Error> {
        let result = self.place_packet(at, packet);
        self.settle(result)
    }

    /// Ends the recording.
    ///
    /// # Errors
    /// [`Error::Nothing`] when nothing was recorded, and the file is gone; [`Error::Over`] after an error that ended it, or
    /// the second time.
    pub fn finish(&mut self) -> Result<Summary, Error> {
        let body = self.body.take().ok_or(Error::Over)?;
        if self.zero.is_none() && self.files == 1 {
            body.into_nothing()?;
            return Err(Error::Nothing);
        }
        self.recorded += body.duration(self.settings.rate);
        body.finish()?;
        Ok(Summary { path: self.path.clone(), files: self.files, recorded: self.recorded })
    }

    fn place_samples(&mut self, at: Duration, mut samples: &[i16]) -> Result<(), Error> {
        let channels = usize::from(self.settings.channels);
        if !samples.len().is_multiple_of(channels) {
            return Err(Error::Input { reason: "samples of all channels come together" });
        }
        if !matches!(self.body.as_ref().ok_or(Error::Over)?, Body::Wav(_)) {
            return Err(Error::Input { reason: "this recording takes Opus packets" });
        }
        match self.arrival(at)? {
            Arrival::Late => {
                self.dropped += 1;
                return Ok(());
            }
            Arrival::AfterGap(gap) => {
                let mut missing = timeline::ticks(gap, self.settings.rate) as usize * channels;
                while missing > 0 {
                    let piece = missing.min(SILENCE * channels);
                    self.append(&[0; SILENCE * 2][..piece])?;
                    missing -= piece;
                }
            }
            Arrival::Follows => {}
        }
        while !samples.is_empty() {
            let written = self.append(samples)?;
            samples = &samples[written..];
        }
        Ok(())
    }

    /// Writes as many samples as this file takes, and goes on to the next when it takes none. Returns how many.
    fn append(&mut self, samples: &[i16]) -> Result<usize, Error> {
        let channels = usize::from(self.settings.channels);
        let most = self.most().map_or(u64::MAX, |most| timeline::ticks(most, self.settings.rate));
        let Some(Body::Wav(wav)) = &mut self.body else { return Err(Error::Over) };
        let room = wav.room().min(most.saturating_sub(wav.instants()));
        if room == 0 {
            let zero = self.end();
            self.roll(zero)?;
            return Ok(0);
        }
        let count = samples.len().min(usize::try_from(room).unwrap_or(usize::MAX).saturating_mul(channels));
        let result = wav.append(&samples[..count]);
        if result.is_err() {
            // What was written before shall be counted.
            let _ = wav.count();
        }
        result.map(|()| count)
    }

    fn place_packet(&mut self, at: Duration, packet: &[u8]) -> Result<(), Error> {
        if !matches!(self.body.as_ref().ok_or(Error::Over)?, Body::Opus(..)) {
            return Err(Error::Input { reason: "this recording takes samples" });
        }
        let Some(samples) = opus::duration(packet) else {
            self.dropped += 1;
            return Ok(());
        };
        if self.arrival(at)? == Arrival::Late {
            self.dropped += 1;
            return Ok(());
        }
        if let (Some(most), Some(Body::Opus(file, sound))) = (self.most(), &self.body)
            && sound.end(file) >= most
        {
            self.roll(Some(at))?;
        }
        let zero = self.zero.unwrap_or(at);
        let Some(Body::Opus(file, sound)) = &mut self.body else { return Err(Error::Over) };
        sound.push(file, at.saturating_sub(zero), samples, packet.to_vec());
        if file.fragment_begin().is_some_and(|begin| begin + FRAGMENT <= sound.end(file)) {
            file.close_fragment()?;
        }
        Ok(())
    }

    /// Where a time belongs. Begins this file if it has not begun, and a new one if the clock stepped.
    fn arrival(&mut self, at: Duration) -> Result<Arrival, Error> {
        match self.end() {
            None => {
                self.zero = Some(at);
                Ok(Arrival::Follows)
            }
            Some(end) if timeline::jumped(end, at) => {
                self.roll(Some(at))?;
                Ok(Arrival::Follows)
            }
            Some(end) => Ok(timeline::arrival(end, at)),
        }
    }

    /// When this file ends, on the caller's clock.
    fn end(&self) -> Option<Duration> {
        Some(self.zero?.saturating_add(self.body.as_ref()?.duration(self.settings.rate)))
    }

    fn most(&self) -> Option<Duration> {
        self.settings.max_duration.map(|most| most.max(MIN_FILE_DURATION))
    }

    /// Finishes this file and begins the next.
    fn roll(&mut self, zero: Option<Duration>) -> Result<(), Error> {
        let format = self.format();
        let body = self.body.take().ok_or(Error::Over)?;
        self.recorded += body.duration(self.settings.rate);
        body.finish()?;
        let disk = self.names.next()?;
        self.path = disk.path().to_path_buf();
        self.files += 1;
        self.body = Some(Body::begin(format, disk, &self.settings)?);
        self.zero = zero;
        Ok(())
    }

    fn settle(&mut self, result: Result<(), Error>) -> Result<(), Error> {
        if result.as_ref().is_err_and(Error::ends_recording) {
            self.body = None;
        }
        result
    }
}

impl Drop for AudioFile {
    fn drop(&mut self) {
        // Who wants to know how it ended calls finish.
        let _ = self.finish();
    }
}

impl Body {
    fn begin(format: AudioFormat, disk: Disk, settings: &AudioSettings) -> Result<Self, Error> {
        Ok(match format {
            AudioFormat::Wav => Self::Wav(Wav::begin(disk, settings.rate, settings.channels)?),
            AudioFormat::Opus => Self::Opus(
                Fragmented::begin(disk, vec![TrackKind::Audio(settings.channels)])?,
                SoundTrack { track: 0, channels: settings.channels },
            ),
        })
    }

    fn duration(&self, rate: u32) -> Duration {
        match self {
            Self::Wav(wav) => timeline::time(wav.instants(), rate),
            Self::Opus(file, sound) => sound.end(file),
        }
    }

    fn finish(self) -> Result<(), Error> {
        match self {
            Self::Wav(wav) => wav.finish(),
            Self::Opus(file, _) => file.finish(),
        }
    }

    /// Takes away a file in which nothing is.
    fn into_nothing(self) -> Result<(), Error> {
        match self {
            Self::Wav(wav) => wav.into_disk().remove(),
            Self::Opus(file, _) => file.into_disk().remove(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_ends_the_recording_and_keeps_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("talk.wav");
        let settings = AudioSettings { path: path.clone(), rate: 8_000, channels: 1, max_duration: None };
        let mut audio = AudioFile::create(settings).unwrap();
        let Some(Body::Wav(wav)) = &mut audio.body else { panic!("it is WAV") };
        wav.disk_mut().limit(44 + 1_000);
        let results: Vec<_> = (0..5).map(|number| audio.write_samples(Duration::from_millis(20 * number), &[7; 160])).collect();
        let full = Error::Full { path: path.clone() };
        assert_eq!(results, [Ok(()), Ok(()), Ok(()), Err(full), Err(Error::Over)]);
        let file = std::fs::read(&path).unwrap();
        assert_eq!(file.len(), 44 + 960, "no broken piece is left");
        assert_eq!(file[40..44], 960_u32.to_le_bytes(), "everything is counted");
    }
}
