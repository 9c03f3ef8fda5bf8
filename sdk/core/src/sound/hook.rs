//! What an application may hear and change on the way of its sound: frames of 16-bit samples in a format it chooses. It
//! sees no packets and no devices.

use std::collections::VecDeque;

use rtc_api::{AudioFrameCallbackFormat, AudioFrameOperationMode};
use rtc_audio::{Block, Channels, Format, FormatError, Inlet, Outlet, RATE};

/// Sound handed to an application, or taken from it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AudioFrame {
    /// Interleaved 16-bit samples.
    pub samples: Vec<i16>,
    /// Hertz of one channel: 16 000, 24 000, 32 000, 44 100 or 48 000.
    pub sample_rate: u32,
    /// 1 or 2.
    pub channels: u32,
    /// Milliseconds of sound since its thread began.
    pub timestamp: u64,
    /// At most [`AudioFrame::EXTRA_BYTES`] bytes. What [`AudioFrameHook::local_processed`] puts here is sent along, and is here in
    /// [`AudioFrameHook::play`] when that sound is heard; with a packet that is lost it is lost.
    pub extra_data: Vec<u8>,
}

impl AudioFrame {
    /// The most extra data a frame may have.
    pub const EXTRA_BYTES: usize = 100;
}

/// One of the places of [`AudioFrameHook`] that costs 10 ms of delay where its frames are longer than a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HookPlace {
    /// [`AudioFrameHook::captured`].
    Captured,
    /// [`AudioFrameHook::local_processed`].
    LocalProcessed,
    /// [`AudioFrameHook::mixed_play`].
    MixedPlay,
}

/// The places where an application hears and may change what passes. All methods are called on threads of sound: whoever
/// takes longer than the frame lasts makes it stutter. Inside of one, [`crate::Cloud::mix_external_audio_frame`] works;
/// recordings cannot be begun there, and no sub-instance can be made.
pub trait AudioFrameHook: Send + Sync {
    /// Whether frames are wanted at a place. Where not, sound passes as it is.
    fn wants(&self, place: HookPlace) -> bool {
        let _ = place;
        true
    }

    /// The microphone, after echo, noise and gain were dealt with.
    fn captured(&self, frame: &mut AudioFrame) {
        let _ = frame;
    }

    /// The same once more, before what the application and the machine play is mixed in and all is encoded. Bytes may be put
    /// beside it.
    fn local_processed(&self, frame: &mut AudioFrame) {
        let _ = frame;
    }

    /// One of the others, before mixing. To be heard only.
    fn play(&self, user: &str, frame: &AudioFrame) {
        let _ = (user, frame);
    }

    /// All others together, just before they are played.
    fn mixed_play(&self, frame: &mut AudioFrame) {
        let _ = frame;
    }

    /// All others and the own voice together. To be heard only.
    fn mixed_all(&self, frame: &AudioFrame) {
        let _ = frame;
    }
}

/// The format of the frames of one place, checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AudioFrameFormat {
    /// Sample rate, channels and length.
    pub format: Format,
    /// Whether what the application changes counts.
    pub is_writable: bool,
}

impl AudioFrameFormat {
    /// What applies until an application says something else: 48 kHz, mono, 20 ms, writable.
    pub const DEFAULT: Self =
        Self { format: Format { rate: RATE, channels: Channels::Mono, frames_per_call: 960 }, is_writable: true };

    /// Checks what an application gave; 0 stands for the default of a field.
    ///
    /// # Errors
    /// When the sample rate is none of 16, 24, 32, 44.1 and 48 kHz, or the samples of a call are not a multiple of 10 ms
    /// from 10 to 100 ms. A number of channels other than 1 and 2 is refused like ragged samples.
    pub fn new(given: &AudioFrameCallbackFormat) -> Result<Self, FormatError> {
        let positive = |value: i32| u32::try_from(value).unwrap_or(u32::MAX);
        let rate = if given.sample_rate == 0 { RATE } else { positive(given.sample_rate) };
        let channels = match given.channel {
            0 | 1 => Channels::Mono,
            2 => Channels::Stereo,
            _ => return Err(FormatError::Ragged),
        };
        let frames_per_call = if given.samples_per_call == 0 { rate / 50 } else { positive(given.samples_per_call) };
        let format = Format { rate, channels, frames_per_call };
        format.check()?;
        Ok(Self { format, is_writable: given.mode == AudioFrameOperationMode::ReadWrite })
    }
}

/// One place on the way of sound where an application listens: turns blocks into its frames, and what it changed back. Frames
/// that it leaves alone go on as they came, on both sides even where it is shown one.
pub(super) struct HookPoint {
    format: AudioFrameFormat,
    outlet: Outlet,
    inlet: Inlet,
    /// The blocks of the frame that is not shown yet.
    shown: Vec<Block>,
    /// A block goes in and one comes out each time, so that what a frame is longer than a block is silence before it.
    ready: VecDeque<Block>,
    /// What the application put beside its last frame, until it is taken.
    extra: Option<Vec<u8>>,
}

impl HookPoint {
    pub(super) fn new(format: AudioFrameFormat) -> Result<Self, FormatError> {
        let Format { rate, channels, frames_per_call } = format.format;
        let outlet = Outlet::new(format.format)?;
        let ahead = (frames_per_call / (rate / 100)).saturating_sub(1) as usize;
        Ok(Self {
            format,
            outlet,
            inlet: Inlet::new(rate, channels)?,
            shown: Vec::new(),
            ready: vec![Block::silence(channels); ahead].into(),
            extra: None,
        })
    }

    /// What the application put beside the frame that was shown last, once.
    pub(super) fn take_extra(&mut self) -> Option<Vec<u8>> {
        self.extra.take()
    }

    /// Shows a block, as soon as there is a whole frame of them; gives the block to go on with.
    pub(super) fn pass(&mut self, block: &Block, timestamp: u64, show: impl FnOnce(&mut AudioFrame)) -> Block {
        let Format { rate, channels, .. } = self.format.format;
        let samples = self.outlet.push(block);
        if self.format.is_writable {
            self.shown.push(block.clone());
        }
        if let Some(samples) = samples {
            // At another rate both ways have a delay, and sound must not jump from one to the other.
            let before = (self.format.is_writable && rate == RATE).then(|| samples.clone());
            let length = samples.len();
            let mut frame =
                AudioFrame { samples, sample_rate: rate, channels: channels.count() as u32, timestamp, extra_data: Vec::new() };
            crate::inside::guarded_hook(|| show(&mut frame));
            if self.format.is_writable {
                self.extra = Some(frame.extra_data).filter(|extra| !extra.is_empty());
                let came = std::mem::take(&mut self.shown);
                if before.is_some_and(|before| before == frame.samples) {
                    self.ready.extend(came);
                } else {
                    // The frame must stay as long as it was, or sound and time would come apart.
                    frame.samples.resize(length, 0);
                    if let Err(error) = self.inlet.push(&frame.samples) {
                        tracing::warn!("a frame of an application is left out: {error}");
                    }
                    self.ready.extend(std::iter::from_fn(|| self.inlet.pull()));
                }
            }
        }
        if self.format.is_writable {
            self.ready.pop_front().unwrap_or_else(|| Block::silence(block.channels()))
        } else {
            block.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(sample_rate: i32, channel: i32, samples_per_call: i32) -> Result<Format, FormatError> {
        let given = AudioFrameCallbackFormat { sample_rate, channel, samples_per_call, ..Default::default() };
        AudioFrameFormat::new(&given).map(|format| format.format)
    }

    #[test]
    fn nothing_given_is_the_default() {
        assert_eq!(format(0, 0, 0), Ok(AudioFrameFormat::DEFAULT.format));
        assert_eq!(format(16_000, 0, 0).map(|format| format.frames_per_call), Ok(320));
    }

    #[test]
    fn frames_are_whole_blocks_of_possible_rates() {
        assert!(format(44_100, 2, 4410).is_ok());
        assert_eq!(format(8_000, 1, 80), Err(FormatError::Rate(8_000)));
        assert_eq!(format(48_000, 3, 480), Err(FormatError::Ragged));
        for samples in [-480, 1, 479, 481, 5280, i32::MAX, i32::MIN] {
            assert!(matches!(format(48_000, 1, samples), Err(FormatError::FramesPerCall(_))), "{samples}");
        }
    }

    #[test]
    fn what_an_application_changes_is_what_goes_on() {
        let mut point = HookPoint::new(AudioFrameFormat::DEFAULT).expect("a good format");
        let loud = Block::new(Channels::Mono, &[1000; 480]).expect("a block");
        let mut shown = 0;
        let out: Vec<Block> = (0..4)
            .map(|_| {
                point.pass(&loud, 0, |frame| {
                    assert_eq!(frame.samples, [1000; 960]);
                    frame.samples.fill(7);
                    shown += 1;
                })
            })
            .collect();
        assert_eq!(shown, 2);
        assert_eq!(out[0], Block::silence(Channels::Mono), "a frame is longer than a block by one");
        assert!(out[1..].iter().all(|block| block.samples() == [7; 480]));
    }

    #[test]
    fn a_hook_that_panics_leaves_the_sound_as_it_is() {
        let mut point = HookPoint::new(AudioFrameFormat::DEFAULT).expect("a good format");
        let loud = Block::new(Channels::Mono, &[1000; 480]).expect("a block");
        let out: Vec<Block> = (0..4).map(|_| point.pass(&loud, 0, |_| panic!("a broken hook, on purpose"))).collect();
        assert!(out[1..].iter().all(|block| block.samples() == [1000; 480]));
    }

    #[test]
    fn who_only_listens_changes_nothing() {
        let format = AudioFrameFormat { is_writable: false, ..AudioFrameFormat::DEFAULT };
        let mut point = HookPoint::new(format).expect("a good format");
        let loud = Block::new(Channels::Mono, &[1000; 480]).expect("a block");
        assert!((0..4).all(|_| point.pass(&loud, 0, |frame| frame.samples.fill(7)) == loud));
    }

    #[test]
    fn a_frame_that_was_cut_short_is_made_whole() {
        let mut point = HookPoint::new(AudioFrameFormat::DEFAULT).expect("a good format");
        let loud = Block::new(Channels::Mono, &[1000; 480]).expect("a block");
        let out: Vec<Block> = (0..4).map(|_| point.pass(&loud, 0, |frame| frame.samples.clear())).collect();
        assert!(out[1..].iter().all(|block| block.samples() == [0; 480]));
    }
    #[test]
    fn what_an_application_leaves_alone_stays_stereo() {
        let mut point = HookPoint::new(AudioFrameFormat::DEFAULT).expect("a good format");
        let sides: Vec<i16> = (0..480).flat_map(|n| [n, -3 * n]).collect();
        let stereo = Block::new(Channels::Stereo, &sides).expect("a block");
        let mut calls = 0;
        let out: Vec<Block> = (0..6)
            .map(|_| {
                point.pass(&stereo, 0, |frame| {
                    calls += 1;
                    assert_eq!(frame.channels, 1);
                    if calls == 2 {
                        frame.samples.fill(7);
                    }
                })
            })
            .collect();
        assert!(out[1..3].iter().all(|block| *block == stereo));
        assert!(out[3..5].iter().all(|block| block.channels() == Channels::Mono && block.samples() == [7; 480]));
        assert_eq!(out[5], stereo);
    }
}
