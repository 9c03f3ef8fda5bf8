//! Frames of an application on their way into blocks, in whatever format the last one had.

use std::sync::{Arc, Mutex, MutexGuard};

use rtc_audio::{Block, Channels, FormatError, Inlet, RATE};

use super::hook::AudioFrame;
use crate::lock::lock;

/// Takes an application's frames.
struct Feed {
    rate: u32,
    channels: Channels,
    inlet: Inlet,
}

impl Feed {
    fn new() -> Result<Self, FormatError> {
        Ok(Self { rate: RATE, channels: Channels::Mono, inlet: Inlet::new(RATE, Channels::Mono)? })
    }

    /// Refuses what is no sound, and all of it when a second waits already.
    fn push(&mut self, frame: &AudioFrame) -> Result<(), FormatError> {
        let channels = match frame.channels {
            1 => Channels::Mono,
            2 => Channels::Stereo,
            _ => return Err(FormatError::Ragged),
        };
        if (self.rate, self.channels) != (frame.sample_rate, channels) {
            self.inlet = Inlet::new(frame.sample_rate, channels)?;
            (self.rate, self.channels) = (frame.sample_rate, channels);
        }
        self.inlet.push(&frame.samples)
    }

    fn pull(&mut self) -> Option<Block> {
        self.inlet.pull()
    }

    /// Milliseconds that wait.
    fn buffered_ms(&self) -> u32 {
        u32::try_from(self.inlet.buffered().as_millis()).unwrap_or(u32::MAX)
    }
}

/// A [`Feed`] that an application fills while a thread of sound takes from it; nothing is taken while it is off. Its lock is
/// held by nobody for longer than a copy, so that it may be filled from anywhere, also from inside of a hook.
#[derive(Clone, Default)]
pub(crate) struct SharedFeed(Arc<Mutex<Option<Feed>>>);

impl SharedFeed {
    pub(crate) fn turn(&self, is_on: bool) {
        *self.lock() = is_on.then(|| Feed::new().ok()).flatten();
    }

    pub(crate) fn is_on(&self) -> bool {
        self.lock().is_some()
    }

    /// Milliseconds that wait now; nothing while it is off.
    pub(crate) fn push(&self, frame: &AudioFrame) -> Result<Option<u32>, FormatError> {
        let mut feed = self.lock();
        let Some(feed) = feed.as_mut() else { return Ok(None) };
        feed.push(frame)?;
        Ok(Some(feed.buffered_ms()))
    }

    pub(crate) fn pull(&self) -> Option<Block> {
        self.lock().as_mut()?.pull()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Feed>> {
        lock(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(sample_rate: u32, channels: u32, samples: usize) -> AudioFrame {
        AudioFrame { samples: vec![100; samples], sample_rate, channels, ..AudioFrame::default() }
    }

    #[test]
    fn a_format_may_change_between_two_frames() {
        let mut feed = Feed::new().expect("a feed");
        feed.push(&frame(48_000, 1, 480)).expect("mono at 48 kHz");
        assert!(feed.pull().is_some());
        feed.push(&frame(16_000, 2, 640)).expect("stereo at 16 kHz");
        assert_eq!(feed.pull().map(|block| block.channels()), Some(Channels::Stereo));
    }

    #[test]
    fn what_is_no_sound_is_refused() {
        let mut feed = Feed::new().expect("a feed");
        assert_eq!(feed.push(&frame(48_000, 0, 480)), Err(FormatError::Ragged));
        assert_eq!(feed.push(&frame(48_000, 2, 481)), Err(FormatError::Ragged));
        assert_eq!(feed.push(&frame(8_000, 1, 80)), Err(FormatError::Rate(8_000)));
        assert_eq!(feed.push(&frame(48_000, 1, 48_001)), Err(FormatError::Full));
    }
}
