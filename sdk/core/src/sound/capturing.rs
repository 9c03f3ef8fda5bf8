//! The microphone's side of the desk: processes what was captured and gives it to every seat that sends. Its device is
//! opened elsewhere.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rtc_audio::{Block, Channels, Gain, Inlet, Level, Meter, Processing, Processor, Quality, Volume};

use super::feed::SharedFeed;
use super::hook::{AudioFrame, AudioFrameFormat, AudioFrameHook, HookPlace, HookPoint};
use super::sending::Sending;
use crate::lock::lock;

/// Captured blocks with next to nothing in them, after which the microphone counts as silent.
const SILENT_BLOCKS: u32 = 500;
/// From this level on, in -dBov, there is next to nothing.
const SILENT_LEVEL: u8 = 90;

/// What the speaker played lately, for echo cancellation: written by the speaker's thread, read by the microphone's.
#[derive(Default)]
pub(super) struct Played(Mutex<VecDeque<Block>>);

impl Played {
    /// Beyond this nobody reads.
    const MOST: usize = 50;

    pub(super) fn push(&self, block: Block) {
        let mut blocks = lock(&self.0);
        if blocks.len() == Self::MOST {
            blocks.pop_front();
        }
        blocks.push_back(block);
    }

    fn take(&self) -> VecDeque<Block> {
        std::mem::take(&mut *lock(&self.0))
    }
}

/// The own voice as others need it: what was captured last, for ear monitoring and recording.
pub(super) type OwnVoice = Arc<Mutex<VecDeque<Block>>>;

/// The microphone's side.
pub(super) struct Capturing {
    processor: Processor,
    /// What goes on of a microphone with two channels.
    channels: Channels,
    played: Arc<Played>,
    /// From the device's format.
    inlet: Option<(u32, Channels, Inlet)>,
    gain: Gain,
    meter: Meter,
    silent_blocks: u32,
    blocks: u64,
    hook: Option<Arc<dyn AudioFrameHook>>,
    captured: Option<HookPoint>,
    processed: Option<HookPoint>,
    formats: (AudioFrameFormat, AudioFrameFormat),
    seats: BTreeMap<u32, SeatOut>,
    /// The last 200 ms of what was sent, for [`AudioFrameHook::mixed_all`].
    own: OwnVoice,
}

/// A seat's part of it.
pub(super) struct SeatOut {
    pub(super) sending: Sending,
    /// Whether the microphone is sent; else only what the application hands in.
    pub(super) from_microphone: bool,
    /// `sendCustomAudioData`.
    pub(super) custom: SharedFeed,
    /// `mixExternalAudioFrame` for those who are sent to.
    pub(super) external: (SharedFeed, Gain),
    /// What else the machine plays (`startSystemAudioLoopback`).
    pub(super) system: (SharedFeed, Gain),
}

impl Capturing {
    pub(super) fn new(played: Arc<Played>, own: OwnVoice) -> Self {
        Self {
            processor: Processor::new(Processing::of(Quality::Default)),
            channels: Quality::Default.channels(),
            played,
            inlet: None,
            gain: Gain::default(),
            meter: Meter::new(),
            silent_blocks: 0,
            blocks: 0,
            hook: None,
            captured: None,
            processed: None,
            formats: (AudioFrameFormat::DEFAULT, AudioFrameFormat::DEFAULT),
            seats: BTreeMap::new(),
            own,
        }
    }

    pub(super) fn seat(&mut self, number: u32) -> Option<&mut SeatOut> {
        self.seats.get_mut(&number)
    }

    pub(super) fn add_seat(&mut self, number: u32, seat: SeatOut) {
        self.seats.insert(number, seat);
    }

    pub(super) fn remove_seat(&mut self, number: u32) {
        self.seats.remove(&number);
    }

    /// Whether some seat wants the microphone.
    pub(super) fn wants_microphone(&self) -> bool {
        self.seats.values().any(|seat| seat.from_microphone)
    }

    /// What the microphone is for follows the most demanding seat: music is left as it is, on both sides.
    pub(super) fn choose_processing(&mut self) {
        let qualities = self.seats.values().filter(|seat| seat.from_microphone).map(|seat| seat.sending.quality());
        let quality = qualities.max_by_key(|quality| quality.bitrate()).unwrap_or_default();
        self.processor.set(Processing::of(quality));
        self.channels = quality.channels();
    }

    pub(super) fn set_volume(&mut self, volume: Volume) {
        self.gain.set(volume);
    }

    pub(super) fn set_delay(&mut self, delay: Duration) {
        self.processor.set_delay(delay);
    }

    pub(super) fn set_hook(&mut self, hook: Option<Arc<dyn AudioFrameHook>>) {
        self.hook = hook;
        self.rebuild_hooks();
    }

    pub(super) fn set_captured_format(&mut self, format: AudioFrameFormat) {
        self.formats.0 = format;
        self.rebuild_hooks();
    }

    pub(super) fn set_processed_format(&mut self, format: AudioFrameFormat) {
        self.formats.1 = format;
        self.rebuild_hooks();
    }

    fn rebuild_hooks(&mut self) {
        let point =
            |place, format| self.hook.as_ref().filter(|hook| hook.wants(place)).and_then(|_| HookPoint::new(format).ok());
        let (captured, processed) = self.formats;
        self.captured = point(HookPlace::Captured, captured);
        self.processed = point(HookPlace::LocalProcessed, processed);
    }

    pub(super) fn meter(&mut self) -> &mut Meter {
        &mut self.meter
    }

    /// The microphone gives nothing but silence for five seconds and more.
    pub(super) fn is_silent(&self) -> bool {
        self.silent_blocks >= SILENT_BLOCKS
    }

    /// The microphone was closed.
    pub(super) fn stop(&mut self) {
        self.meter.reset();
        self.inlet = None;
        self.silent_blocks = 0;
        drop(self.played.take());
    }

    /// Samples of the microphone, in its own format.
    pub(super) fn capture(&mut self, samples: &[i16], rate: u32, channels: Channels) {
        if rate == rtc_audio::RATE
            && let Some(block) = Block::new(channels, samples)
        {
            return self.capture_block(block);
        }
        if self.inlet.as_ref().is_none_or(|(known, count, _)| (*known, *count) != (rate, channels)) {
            match Inlet::new(rate, channels) {
                Ok(inlet) => self.inlet = Some((rate, channels, inlet)),
                Err(error) => return tracing::warn!("the microphone's sound is left out: {error}"),
            }
        }
        let Some((_, _, inlet)) = &mut self.inlet else { return };
        // A full inlet says that this thread was held up for a second; what came in that time is lost.
        let _ = inlet.push(samples);
        let blocks: Vec<Block> = std::iter::from_fn(|| inlet.pull()).collect();
        for block in blocks {
            self.capture_block(block);
        }
    }

    fn capture_block(&mut self, mut block: Block) {
        if self.channels == Channels::Mono {
            block = block.to_channels(Channels::Mono);
        }
        for played in self.played.take() {
            // Without a reference there is an echo, which is better than no voice.
            let _ = self.processor.render(&played);
        }
        if let Err(error) = self.processor.capture(&mut block) {
            tracing::debug!("a block was not processed: {error}");
        }
        self.gain.apply(&mut block);
        self.blocks += 1;
        let timestamp = self.blocks * 10;
        if let (Some(hook), Some(point)) = (&self.hook, &mut self.captured) {
            block = point.pass(&block, timestamp, |frame: &mut AudioFrame| hook.captured(frame));
        }
        self.meter.push(&block);
        let is_silent = Level::of(block.samples()).negative_dbov() >= SILENT_LEVEL;
        self.silent_blocks = if is_silent { self.silent_blocks.saturating_add(1) } else { 0 };
        if let (Some(hook), Some(point)) = (&self.hook, &mut self.processed) {
            block = point.pass(&block, timestamp, |frame: &mut AudioFrame| hook.local_processed(frame));
        }
        let beside = self.processed.as_mut().and_then(HookPoint::take_extra);
        let mut is_heard = false;
        for seat in self.seats.values_mut().filter(|seat| seat.from_microphone) {
            if let Some(beside) = &beside {
                seat.sending.add_extra(beside);
            }
            let mixed_in = seat.mixed_in();
            seat.sending.send(&block, mixed_in.as_ref());
            is_heard |= !seat.sending.is_muted();
        }
        // Who is muted everywhere is not recorded either.
        remember(&self.own, if is_heard { block } else { Block::silence(block.channels()) });
    }

    /// What an application captured itself (`sendCustomAudioData`); it is not processed.
    pub(super) fn capture_custom(&mut self, number: u32) {
        let Some(seat) = self.seats.get_mut(&number) else { return };
        let blocks: Vec<Block> = std::iter::from_fn(|| seat.custom.pull()).collect();
        for mut block in blocks {
            self.gain.apply(&mut block);
            self.meter.push(&block);
            if let (Some(hook), Some(point)) = (&self.hook, &mut self.processed) {
                self.blocks += 1;
                let timestamp = self.blocks * 10;
                block = point.pass(&block, timestamp, |frame: &mut AudioFrame| hook.local_processed(frame));
            }
            if let Some(beside) = self.processed.as_mut().and_then(HookPoint::take_extra) {
                seat.sending.add_extra(&beside);
            }
            let mixed_in = seat.mixed_in();
            seat.sending.send(&block, mixed_in.as_ref());
            remember(&self.own, block);
        }
    }
}

/// Keeps the last 200 ms for whoever listens to the own voice.
fn remember(own: &OwnVoice, block: Block) {
    let mut own = lock(own);
    if own.len() >= 20 {
        own.pop_front();
    }
    own.push_back(block);
}

impl SeatOut {
    pub(super) fn new(sending: Sending) -> Self {
        let mixed = || (SharedFeed::default(), Gain::default());
        Self { sending, from_microphone: false, custom: SharedFeed::default(), external: mixed(), system: mixed() }
    }

    /// Whether something of one's own is sent.
    pub(super) fn is_on(&self) -> bool {
        self.from_microphone || self.custom.is_on()
    }

    /// Whatever is mixed into the voice, as one block.
    fn mixed_in(&mut self) -> Option<Block> {
        let blocks: Vec<(Block, &mut Gain)> =
            [&mut self.external, &mut self.system].into_iter().filter_map(|(feed, gain)| Some((feed.pull()?, gain))).collect();
        if blocks.is_empty() {
            return None;
        }
        let mut mixer = rtc_audio::Mixer::new();
        for (block, gain) in blocks {
            mixer.add(&block, gain);
        }
        Some(mixer.finish())
    }
}
