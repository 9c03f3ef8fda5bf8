//! A recording of pictures and sound, in one file or several. It encodes nothing and decides no quality.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::disk::Disk;
use crate::movie::{Movie, Sound};
use crate::name::{Names, extension};
use crate::picture::{Format, Picture, VideoCodec};
use crate::sound_track::check_channels;
use crate::{Error, MIN_FILE_DURATION, Summary, opus};

/// So long sound waits for the first picture. After that the recording begins with sound alone.
const PATIENCE: Duration = Duration::from_secs(3);

/// Sound that waits is bounded in number as well, should its times not move on.
const MOST_WAITING: usize = 2_048;

/// When a new file is due and no picture came for so long, it begins without one.
const STALLED: Duration = Duration::from_secs(5);

/// Events nobody fetched are forgotten from the oldest on beyond so many.
const MOST_EVENTS: usize = 256;

/// Which tracks are recorded (`TRTCLocalRecordType`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tracks {
    /// Sound alone. Pictures are ignored.
    Audio,
    /// Pictures alone. Sound is ignored.
    Video,
    /// Both.
    Both,
}

/// What to record into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovieSettings {
    /// The first file. It ends in `.mp4`, its folder must exist, the file must not.
    pub path: PathBuf,
    /// What is recorded.
    pub tracks: Tracks,
    /// Channels of the sound: one or two.
    pub channels: u8,
    /// How often [`Event::Progress`] comes, 1 to 10 s; wishes beyond are moved to the nearer end. `None` for never.
    pub interval: Option<Duration>,
    /// Goes on in a new file after so long; `None` for never. See [`MIN_FILE_DURATION`].
    pub max_duration: Option<Duration>,
    /// Goes on in a new file after about so many bytes, within some seconds; `None` for never.
    pub max_bytes: Option<u64>,
}

/// What the application is told while a recording runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// `onLocalRecording`: so much has been recorded, in all files together.
    Progress {
        /// Time recorded.
        recorded: Duration,
        /// The file being written.
        path: PathBuf,
    },
    /// `onLocalRecordFragment`: a file is complete, and the recording goes on in the next.
    Fragment {
        /// The file that is complete.
        finished: PathBuf,
        /// The file that was begun.
        next: PathBuf,
    },
}

/// A recording of pictures and sound.
///
/// All times are of any one clock that does not step: when a picture was taken, when sound is to be heard. What is missing
/// stays missing in time: a picture stays until the next, and silence stands where no sound came.
///
/// - The first key frame is the beginning. Sound from before it is left out; sound that finds no picture for 3 s begins
///   alone, and pictures then begin a new file.
/// - Another size or codec begins a new file, because the header, which is written first, says what there is. So does a
///   clock that steps by more than a minute.
/// - A new file begins with a key frame: see [`MovieFile::needs_key_frame`].
///
/// Fragments are written every second. A process that dies loses what came after the last one, and the file plays up to
/// there. Dropping the recording finishes it.
#[derive(Debug)]
pub struct MovieFile {
    settings: MovieSettings,
    names: Names,
    stage: Stage,
    events: VecDeque<Event>,
    next_progress: Option<Duration>,
    needs_key_frame: bool,
    /// Of the last key frame.
    format: Option<Format>,
    /// A picture is missing, and those that depend on it are of no use.
    is_broken: bool,
    path: PathBuf,
    /// The file before this one.
    finished: Option<PathBuf>,
    files: u32,
    /// In the files before this one.
    recorded: Duration,
    dropped: u64,
}

#[derive(Debug)]
enum Stage {
    /// For a key frame, or for sound to lose its patience.
    Waiting {
        disk: Disk,
        sound: VecDeque<Sound>,
    },
    Writing(Box<Movie>),
    Over,
}

impl MovieFile {
    /// Makes the first file.
    ///
    /// # Errors
    /// [`Error::Format`], [`Error::Exists`], [`Error::NoFolder`], [`Error::Denied`], [`Error::Full`], [`Error::Disk`];
    /// [`Error::Input`] for channels that cannot be. [`Error::begin_code`] gives the number for `onLocalRecordBegin`.
    pub fn create(settings: MovieSettings) -> Result<Self, Error> {
        if extension(&settings.path) != "mp4" {
            return Err(Error::Format { path: settings.path, reason: "the extension must be .mp4" });
        }
        check_channels(settings.channels)?;
        let names = Names::new(&settings.path);
        let disk = names.first()?;
        Ok(Self {
            names,
            stage: Stage::Waiting { disk, sound: VecDeque::new() },
            events: VecDeque::new(),
            next_progress: settings.interval.map(bounded_interval),
            needs_key_frame: settings.tracks != Tracks::Audio,
            format: None,
            is_broken: false,
            finished: None,
            path: settings.path.clone(),
            files: 1,
            recorded: Duration::ZERO,
            dropped: 0,
            settings,
        })
    }

    /// The file being written, or the last one.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the encoder should be asked for a key frame, because a file cannot begin without one.
    pub fn needs_key_frame(&self) -> bool {
        self.needs_key_frame
    }

    /// Pictures and packets that were dropped because their place was taken, because they depend on a key frame that is not
    /// in the file, or because they were nothing of the kind.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// The next thing to tell the application.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Adds an encoded picture, in the order of decoding, which must be that of showing.
    ///
    /// # Errors
    /// What [`Error::ends_recording`]. A picture that cannot be used is no error; see [`MovieFile::dropped`].
    pub fn write_video(&mut self, at: Duration, codec: VideoCodec, picture: &[u8]) -> Result<(), Error> {
        let result = self.place_picture(at, codec, picture);
        self.settle(result)
    }

    /// Says that a picture was lost before it came here. Those that depend on it are dropped, until the next key frame.
    pub fn skip_to_key_frame(&mut self) {
        self.is_broken = true;
        self.needs_key_frame = self.settings.tracks != Tracks::Audio;
    }

    /// Adds an Opus packet. `at` is when what it decodes to is to be heard. An encoder looks ahead; its caller takes that off.
    ///
    /// # Errors
    /// What [`Error::ends_recording`]. A packet that cannot be used is no error; see [`MovieFile::dropped`].
    pub fn write_audio(&mut self, at: Duration, packet: &[u8]) -> Result<(), Error> {
        let result = self.place_packet(at, packet);
        self.settle(result)
    }

    /// Ends the recording.
    ///
    /// # Errors
    /// [`Error::Nothing`] when nothing was recorded, and the file is gone; [`Error::Over`] after an error that ended it, or
    /// the second time. [`Error::complete_code`] gives the number for `onLocalRecordComplete`.
    pub fn finish(&mut self) -> Result<Summary, Error> {
        if let Stage::Waiting { sound, .. } = &self.stage
            && let Some(first) = sound.front()
        {
            let zero = first.at;
            self.begin(zero, None)?;
        }
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Over => return Err(Error::Over),
            Stage::Waiting { disk, .. } => {
                disk.remove()?;
                self.path = self.finished.take().ok_or(Error::Nothing)?;
                self.files -= 1;
            }
            Stage::Writing(movie) => {
                self.path = movie.path().to_path_buf();
                self.recorded += movie.finish(None)?;
            }
        }
        Ok(Summary { path: self.path.clone(), files: self.files, recorded: self.recorded })
    }

    fn place_picture(&mut self, at: Duration, codec: VideoCodec, bytes: &[u8]) -> Result<(), Error> {
        if self.settings.tracks == Tracks::Audio {
            return Ok(());
        }
        let header = match &self.stage {
            Stage::Over => return Err(Error::Over),
            Stage::Waiting { .. } => None,
            Stage::Writing(movie) => movie.format(),
        };
        let Some(mut picture) = Picture::read(codec, bytes, header, self.format.as_ref()) else {
            self.dropped += 1;
            return Ok(());
        };
        if picture.format.is_some() {
            self.format.clone_from(&picture.format);
        }
        if self.is_broken && picture.format.is_none() {
            self.dropped += 1;
            return Ok(());
        }
        if self.is_broken {
            self.is_broken = false;
            self.needs_key_frame = false;
        }
        if let Stage::Writing(movie) = &self.stage {
            let is_due = self.is_due(movie, at);
            let fits = movie.takes(at, &picture);
            if is_due || !fits {
                let is_key_frame = picture.format.is_some();
                if is_key_frame {
                    let until = if movie.jumped(at) { None } else { Some(at) };
                    self.roll(until)?;
                    // The next file's header holds this picture's parameter sets.
                    let Some(again) = Picture::read(codec, bytes, None, self.format.as_ref()) else { return Ok(()) };
                    picture = again;
                } else {
                    self.needs_key_frame = true;
                    if !fits {
                        self.dropped += 1;
                        return Ok(());
                    }
                }
            }
        }
        if matches!(self.stage, Stage::Waiting { .. }) {
            if picture.format.is_none() {
                self.needs_key_frame = true;
                self.dropped += 1;
                return Ok(());
            }
            self.begin(at, Some(&picture))?;
        }
        let Stage::Writing(movie) = &mut self.stage else { return Err(Error::Over) };
        movie.push_picture(at, picture)?;
        self.note_progress();
        Ok(())
    }

    fn place_packet(&mut self, at: Duration, packet: &[u8]) -> Result<(), Error> {
        if self.settings.tracks == Tracks::Video {
            return Ok(());
        }
        let Some(samples) = opus::duration(packet) else {
            self.dropped += 1;
            return Ok(());
        };
        let packet = Sound { at, samples, packet: packet.to_vec() };
        if let Stage::Writing(movie) = &self.stage {
            let is_due = self.is_due(movie, at);
            // With pictures, a new file waits for a key frame, but not for ever.
            if movie.jumped(at) || is_due && movie.since_picture(at).is_none_or(|since| since >= STALLED) {
                self.roll(None)?;
            }
        }
        match &mut self.stage {
            Stage::Over => return Err(Error::Over),
            Stage::Waiting { sound, .. } => {
                sound.push_back(packet);
                let zero = sound[0].at;
                if self.settings.tracks == Tracks::Audio || at.abs_diff(zero) >= PATIENCE || sound.len() >= MOST_WAITING {
                    self.begin(zero, None)?;
                }
            }
            Stage::Writing(movie) => {
                if !movie.push_sound(packet)? {
                    self.dropped += 1;
                }
            }
        }
        self.note_progress();
        Ok(())
    }

    /// Whether the file is as long or large as it shall be.
    fn is_due(&self, movie: &Movie, at: Duration) -> bool {
        let MovieSettings { max_duration, max_bytes, .. } = self.settings;
        max_duration.is_some_and(|most| movie.since_begin(at) >= most.max(MIN_FILE_DURATION))
            || max_bytes.is_some_and(|most| movie.bytes() >= most)
    }

    /// Begins the file that is waiting, with the sound that waited from `zero` on.
    fn begin(&mut self, zero: Duration, picture: Option<&Picture>) -> Result<(), Error> {
        let Stage::Waiting { disk, sound } = std::mem::replace(&mut self.stage, Stage::Over) else { return Err(Error::Over) };
        let channels = (self.settings.tracks != Tracks::Video).then_some(self.settings.channels);
        let format = picture.and_then(|picture| picture.format.clone());
        self.needs_key_frame &= format.is_none();
        let mut movie = Movie::begin(disk, zero, format, channels)?;
        for packet in sound {
            // What is heard before the first picture stays out, at most one packet's length of silence stands for its rest.
            if packet.at >= zero {
                movie.push_sound(packet)?;
            }
        }
        self.stage = Stage::Writing(Box::new(movie));
        Ok(())
    }

    /// Finishes this file, at a time if the next begins there, and makes the next.
    fn roll(&mut self, until: Option<Duration>) -> Result<(), Error> {
        let Stage::Writing(mut movie) = std::mem::replace(&mut self.stage, Stage::Over) else { return Err(Error::Over) };
        // Sound is ahead of pictures, which take time to encode. What is not written yet goes along.
        let sound = until.map(|until| movie.take_sound_from(until)).unwrap_or_default();
        let finished = movie.path().to_path_buf();
        self.recorded += movie.finish(until)?;
        let disk = self.names.next()?;
        self.path = disk.path().to_path_buf();
        self.files += 1;
        self.needs_key_frame = self.settings.tracks != Tracks::Audio;
        self.finished = Some(finished.clone());
        self.tell(Event::Fragment { finished, next: self.path.clone() });
        self.stage = Stage::Waiting { disk, sound };
        Ok(())
    }

    fn note_progress(&mut self) {
        let (Some(interval), Some(due)) = (self.settings.interval.map(bounded_interval), self.next_progress) else { return };
        let Stage::Writing(movie) = &self.stage else { return };
        let recorded = self.recorded + movie.duration();
        if recorded < due {
            return;
        }
        let passed = recorded.as_millis() / interval.as_millis();
        self.next_progress = u32::try_from(passed + 1).ok().and_then(|count| interval.checked_mul(count));
        self.tell(Event::Progress { recorded, path: self.path.clone() });
    }

    fn tell(&mut self, event: Event) {
        if self.events.len() == MOST_EVENTS {
            self.events.pop_front();
        }
        self.events.push_back(event);
    }

    fn settle(&mut self, result: Result<(), Error>) -> Result<(), Error> {
        if result.as_ref().is_err_and(Error::ends_recording) {
            self.stage = Stage::Over;
        }
        result
    }
}

impl Drop for MovieFile {
    fn drop(&mut self) {
        // Who wants to know how it ended calls finish.
        let _ = self.finish();
    }
}

fn bounded_interval(interval: Duration) -> Duration {
    interval.clamp(Duration::from_secs(1), Duration::from_secs(10))
}

#[cfg(test)]
mod tests {
    use mp4_atom::{Any, Decode};

    use super::*;

    /// As far as a file looks into it: 320 x 240.
    const KEY_FRAME: [u8; 10] = [0, 0, 0, 0x9d, 0x01, 0x2a, 64, 1, 240, 0];

    #[test]
    fn a_full_disk_ends_the_recording_and_leaves_whole_fragments() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("talk.mp4");
        let settings = MovieSettings {
            path: path.clone(),
            tracks: Tracks::Both,
            channels: 2,
            interval: None,
            max_duration: None,
            max_bytes: None,
        };
        let mut movie = MovieFile::create(settings).unwrap();
        let mut results = (0_u64..).map(|number| {
            let at = Duration::from_millis(20 * number);
            let result =
                movie.write_video(at, VideoCodec::Vp8, &KEY_FRAME).and_then(|()| movie.write_audio(at, &[0xfc, 0xff, 0xfe]));
            if let Stage::Writing(movie) = &mut movie.stage {
                movie.disk_mut().limit(4_000);
            }
            result
        });
        let error = results.find_map(Result::err).unwrap();
        assert_eq!((&error, error.complete_code()), (&Error::Full { path: path.clone() }, -1));
        assert_eq!(results.next(), Some(Err(Error::Over)));
        let file = std::fs::read(&path).unwrap();
        let mut rest = &file[..];
        let mut fragments = 0;
        while !rest.is_empty() {
            fragments += u32::from(matches!(Any::decode(&mut rest).unwrap(), Any::Mdat(_)));
        }
        assert!(file.len() <= 4_000 && fragments > 1, "{} bytes, {fragments} fragments", file.len());
    }

    #[test]
    fn a_clock_that_steps_while_sound_waits_fills_no_disk() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("talk.mp4");
        let settings =
            MovieSettings { path, tracks: Tracks::Both, channels: 1, interval: None, max_duration: None, max_bytes: None };
        let mut movie = MovieFile::create(settings).unwrap();
        for day in 0..3 {
            movie.write_audio(Duration::from_secs(86_400 * day), &[0xf8, 0xff, 0xfe]).unwrap();
        }
        assert!(movie.finish().unwrap().recorded < Duration::from_secs(1));
    }

    #[test]
    fn times_that_do_not_move_on_are_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("talk.mp4");
        let settings =
            MovieSettings { path, tracks: Tracks::Both, channels: 1, interval: None, max_duration: None, max_bytes: None };
        let mut movie = MovieFile::create(settings).unwrap();
        for _ in 0..3 * MOST_WAITING {
            movie.write_audio(Duration::from_secs(1), &[0xf8, 0xff, 0xfe]).unwrap();
        }
        assert!(matches!(movie.stage, Stage::Writing(_)), "it waits no more");
        assert_eq!(movie.finish().unwrap().recorded, Duration::from_millis(20 * 3), "and packets do not pile up in one place");
    }
}
