//! One file of a movie: pictures and sound on one clock that begins with the file. It decides no names and no ends.

use std::collections::VecDeque;
use std::path::Path;
use std::time::Duration;

use crate::disk::Disk;
use crate::fragmented::{Fragmented, Sample};
use crate::header::{TrackKind, VIDEO_RATE};
use crate::picture::{Format, Picture};
use crate::sound_track::SoundTrack;
use crate::{Error, opus, timeline};

/// How much goes into a fragment, which is what a dying process loses.
const FRAGMENT: Duration = Duration::from_secs(1);

/// A key frame closes the fragment before it, so that players can seek to it, unless that one can be sought to as well and
/// would be shorter than this.
const SHORT_FRAGMENT: Duration = Duration::from_millis(250);

/// Sound closes a fragment when it is so long and no picture came in its last second.
const LONG_FRAGMENT: Duration = Duration::from_secs(2);

/// Pictures are told of later than sound of the same time, because encoding takes longer. A picture is not held to last
/// beyond the present less this.
const ENCODING: Duration = Duration::from_millis(200);

/// How long the only picture of a file is shown, when nothing says more.
const FIRST_INTERVAL: Duration = Duration::from_millis(40);

/// An Opus packet and when it is heard, on the caller's clock.
#[derive(Debug)]
pub(crate) struct Sound {
    pub(crate) at: Duration,
    /// How long it plays, at 48 kHz.
    pub(crate) samples: u32,
    pub(crate) packet: Vec<u8>,
}

/// One file of a movie.
#[derive(Debug)]
pub(crate) struct Movie {
    file: Fragmented,
    /// The caller's time that is the beginning of the file.
    zero: Duration,
    /// The latest time anything came with, on the caller's clock.
    latest: Duration,
    pictures: Option<Pictures>,
    sound: Option<SoundTrack>,
}

#[derive(Debug)]
struct Pictures {
    track: usize,
    format: Format,
    /// The last one, on the caller's clock.
    last: Option<Duration>,
    /// Between the last two: how long the last one will be shown if nothing comes after it.
    interval: Duration,
}

impl Movie {
    /// Writes the header into an empty file. Pictures are recorded if there is a format for them, sound if there are channels.
    pub(crate) fn begin(disk: Disk, zero: Duration, format: Option<Format>, channels: Option<u8>) -> Result<Self, Error> {
        let kinds: Vec<_> = format.clone().map(TrackKind::Video).into_iter().chain(channels.map(TrackKind::Audio)).collect();
        let sound = channels.map(|channels| SoundTrack { track: usize::from(format.is_some()), channels });
        let pictures = format.map(|format| Pictures { track: 0, format, last: None, interval: FIRST_INTERVAL });
        Ok(Self { file: Fragmented::begin(disk, kinds)?, zero, latest: zero, pictures, sound })
    }

    pub(crate) fn path(&self) -> &Path {
        self.file.disk().path()
    }

    /// The format of the pictures, if the file has any.
    pub(crate) fn format(&self) -> Option<&Format> {
        self.pictures.as_ref().map(|pictures| &pictures.format)
    }

    /// Whether a picture can go on in this file.
    pub(crate) fn takes(&self, at: Duration, picture: &Picture) -> bool {
        let Some(format) = self.format() else { return false };
        let same = picture.format.as_ref().map_or(picture.codec == format.codec, |other| format.goes_on_with(other));
        same && !self.jumped(at)
    }

    /// Whether the clock stepped since the last that came.
    pub(crate) fn jumped(&self, at: Duration) -> bool {
        timeline::jumped(self.latest, at)
    }

    /// How long this file has lasted at a time.
    pub(crate) fn since_begin(&self, at: Duration) -> Duration {
        at.saturating_sub(self.zero)
    }

    /// How long the last picture has been shown; `None` in a file without pictures.
    pub(crate) fn since_picture(&self, at: Duration) -> Option<Duration> {
        self.pictures.as_ref().map(|pictures| at.saturating_sub(pictures.last.unwrap_or(self.zero)))
    }

    /// The length of the file so far.
    pub(crate) fn duration(&self) -> Duration {
        self.file.duration()
    }

    /// Bytes of the file so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.file.disk().length()
    }

    #[cfg(test)]
    pub(crate) fn disk_mut(&mut self) -> &mut Disk {
        self.file.disk_mut()
    }

    /// Adds a picture that this file takes.
    pub(crate) fn push_picture(&mut self, at: Duration, picture: Picture) -> Result<(), Error> {
        let time = at.saturating_sub(self.zero);
        self.latest = self.latest.max(at);
        let Some(pictures) = &mut self.pictures else { return Ok(()) };
        let is_start = picture.format.is_some();
        let ticks = timeline::ticks(time, VIDEO_RATE);
        if let Some((begin, begins_with_start)) = self.file.track_begin(pictures.track) {
            let span = time.saturating_sub(timeline::time(begin, VIDEO_RATE));
            let can_be_sought = is_start && (span >= SHORT_FRAGMENT || !begins_with_start);
            if span >= FRAGMENT || can_be_sought || self.file.is_full() {
                self.file.extend(pictures.track, ticks);
                if let Some(sound) = self.sound {
                    // Sound may be late, but not by so much.
                    sound.fill(&mut self.file, time.saturating_sub(FRAGMENT));
                }
                self.file.close_fragment()?;
            }
        }
        if let Some(interval) = pictures.last.and_then(|last| at.checked_sub(last)) {
            pictures.interval = interval.clamp(Duration::from_millis(1), FRAGMENT);
        }
        pictures.last = Some(at);
        let duration = timeline::ticks(pictures.interval, VIDEO_RATE) as u32;
        self.file.push(pictures.track, Sample { at: ticks, duration, is_start, data: picture.data });
        Ok(())
    }

    /// Adds a packet. `false` when it was too late, from before the file, or of a clock that stepped.
    pub(crate) fn push_sound(&mut self, sound: Sound) -> Result<bool, Error> {
        let (Some(track), Some(time)) = (self.sound, sound.at.checked_sub(self.zero)) else { return Ok(false) };
        if self.jumped(sound.at) {
            return Ok(false);
        }
        self.latest = self.latest.max(sound.at);
        if !track.push(&mut self.file, time, sound.samples, sound.packet) {
            return Ok(false);
        }
        let end = track.end(&self.file);
        let span = self.file.fragment_begin().map_or(Duration::ZERO, |begin| end.saturating_sub(begin));
        let is_closed_by_sound = match &self.pictures {
            None => span >= FRAGMENT,
            Some(pictures) => {
                let shown = sound.at.saturating_sub(pictures.last.unwrap_or(self.zero));
                (span >= LONG_FRAGMENT || self.file.is_full()) && shown >= FRAGMENT
            }
        };
        if is_closed_by_sound {
            if let Some(pictures) = &self.pictures {
                self.file.extend(pictures.track, timeline::ticks(end.saturating_sub(ENCODING), VIDEO_RATE));
            }
            self.file.close_fragment()?;
        }
        Ok(true)
    }

    /// Takes sound that begins at a time or later out again, as far as it is not written.
    pub(crate) fn take_sound_from(&mut self, at: Duration) -> VecDeque<Sound> {
        let Some(sound) = self.sound else { return VecDeque::new() };
        let samples = self.file.take_from(sound.track, timeline::ticks(at.saturating_sub(self.zero), opus::RATE));
        let sound = |sample: Sample| Sound {
            at: self.zero.saturating_add(timeline::time(sample.at, opus::RATE)),
            samples: sample.duration,
            packet: sample.data,
        };
        samples.into_iter().map(sound).collect()
    }

    /// Writes what is left and closes the file. The last picture is shown until a time, if that is known, else while there is
    /// sound. Returns the length of the file.
    pub(crate) fn finish(mut self, until: Option<Duration>) -> Result<Duration, Error> {
        if let Some(pictures) = &self.pictures {
            let sound = self.sound.map_or(Duration::ZERO, |sound| sound.end(&self.file));
            let until = until.map_or(sound, |until| until.saturating_sub(self.zero));
            let until = timeline::ticks(until, VIDEO_RATE);
            if until > self.file.end(pictures.track) {
                self.file.extend(pictures.track, until);
            }
        }
        let duration = self.file.duration();
        self.file.finish()?;
        Ok(duration)
    }
}
