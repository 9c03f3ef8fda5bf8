//! Capture of sound from a microphone or one of its twins. Echo, noise and level are dealt with elsewhere.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use super::backend::CaptureTarget;
use super::clocked::BlockClock;
use super::file::WavSource;
use super::lasting::{LOOK, Lasting, Opened, keep_open};
use super::ring::{CaptureEnd, RingCounters};
use super::tone::{Tone, ToneGenerator};
use super::{AudioBlock, AudioDevices, AudioFormat, StreamEvent};
use crate::worker::{Stop, Worker};
use crate::{DeviceError, DeviceKind};

/// Where a microphone's sound comes from.
#[derive(Debug)]
pub enum MicrophoneSource {
    /// The microphone in use, see [`AudioDevices::current`]; the stream moves when that changes.
    Device,
    /// Zeros in real time.
    Silence,
    /// A sine in real time.
    Tone(Tone),
    /// A WAV file in real time, in its own sample rate and number of channels.
    File {
        /// The file.
        path: PathBuf,
        /// Start again at the end; else [`StreamEvent::Ended`].
        repeat: bool,
    },
    /// What a [`MemoryMicrophone`] says, when it says it.
    Memory(MemoryInput),
}

/// What to capture.
#[derive(Debug)]
pub struct MicrophoneConfig {
    /// Where the sound comes from.
    pub source: MicrophoneSource,
    /// 1 or 2. A device that has only one gives one; files and memory have their own number.
    pub channels: u16,
}

/// A running microphone; dropping it closes it.
#[derive(Debug)]
pub struct Microphone {
    _worker: Worker,
    counters: Arc<RingCounters>,
}

pub(super) type OnBlock = Box<dyn FnMut(&AudioBlock<'_>) + Send>;
pub(super) type OnEvent = Box<dyn FnMut(StreamEvent) + Send>;

impl Microphone {
    /// Opens a microphone. `on_block` is called every 10 ms, `on_event` from time to time, both on the microphone's own
    /// thread and never after the microphone was dropped.
    ///
    /// # Errors
    /// When there is no such device or file, it is in use, or it may not be used.
    pub fn open(
        devices: &AudioDevices,
        config: MicrophoneConfig,
        on_block: impl FnMut(&AudioBlock<'_>) + Send + 'static,
        on_event: impl FnMut(StreamEvent) + Send + 'static,
    ) -> Result<Self, DeviceError> {
        let from = match config.source {
            MicrophoneSource::Device => Input::Device(DeviceInput::microphone(devices)),
            MicrophoneSource::Silence => Input::Silence,
            MicrophoneSource::Tone(tone) => Input::Tone(ToneGenerator::new(tone)),
            MicrophoneSource::File { path, repeat } => Input::File(WavSource::open(&path, repeat)?),
            MicrophoneSource::Memory(input) => Input::Memory(input),
        };
        let capture = Capture { channels: config.channels, on_block: Box::new(on_block), on_event: Box::new(on_event) };
        let (worker, counters) = capture.start("device-microphone", from)?;
        Ok(Self { _worker: worker, counters })
    }

    /// Samples that were lost because `on_block` took too long.
    #[must_use]
    pub fn lost_samples(&self) -> u64 {
        self.counters.lost()
    }

    /// How old a block is when `on_block` gets it, as well as the sound system knows.
    #[must_use]
    pub fn delay(&self) -> Duration {
        self.counters.delay()
    }
}

/// Says into a [`MicrophoneSource::Memory`] what it should hear.
#[derive(Debug)]
pub struct MemoryMicrophone {
    format: AudioFormat,
    rest: Vec<i16>,
    blocks: SyncSender<Vec<i16>>,
}

/// The microphone's end of a memory pair.
#[derive(Debug)]
pub struct MemoryInput {
    format: AudioFormat,
    blocks: Receiver<Vec<i16>>,
}

impl MemoryMicrophone {
    /// Blocks that may wait for the handler.
    pub const CAPACITY: usize = 100;

    /// A pair: what is said here is heard there, block by block.
    ///
    /// # Errors
    /// [`DeviceError::Parameter`] when the format has no whole blocks.
    pub fn pair(format: AudioFormat) -> Result<(Self, MicrophoneSource), DeviceError> {
        let format = format.check()?;
        let (sender, receiver) = sync_channel(Self::CAPACITY);
        let input = MemoryInput { format, blocks: receiver };
        Ok((Self { format, rest: Vec::new(), blocks: sender }, MicrophoneSource::Memory(input)))
    }

    /// Says any number of samples. What is no whole block is kept for the next call.
    ///
    /// # Errors
    /// [`DeviceError::Gone`] when the microphone was closed, [`DeviceError::Busy`] when [`Self::CAPACITY`] blocks wait;
    /// the samples that did not fit are lost.
    pub fn say(&mut self, samples: &[i16]) -> Result<(), DeviceError> {
        self.rest.extend_from_slice(samples);
        while self.rest.len() >= self.format.block_samples() {
            let block = self.rest.drain(..self.format.block_samples()).collect();
            self.blocks.try_send(block).map_err(|error| match error {
                TrySendError::Full(_) => DeviceError::Busy("memory microphone".to_owned()),
                TrySendError::Disconnected(_) => DeviceError::Gone("memory microphone".to_owned()),
            })?;
        }
        Ok(())
    }
}

/// Where a capture comes from, opened as far as it can be in advance.
pub(super) enum Input {
    Device(DeviceInput),
    Silence,
    Tone(ToneGenerator),
    File(WavSource),
    Memory(MemoryInput),
}

/// Which device is captured, and whose default is followed.
pub(super) struct DeviceInput {
    pub(super) devices: AudioDevices,
    /// The kind whose current device counts: speakers for what the system plays.
    pub(super) kind: DeviceKind,
    /// A speaker that is captured whatever is in use.
    pub(super) pinned: Option<String>,
}

impl DeviceInput {
    fn microphone(devices: &AudioDevices) -> Self {
        Self { devices: devices.clone(), kind: DeviceKind::Microphone, pinned: None }
    }
}

/// What becomes of captured blocks.
pub(super) struct Capture {
    pub(super) channels: u16,
    pub(super) on_block: OnBlock,
    pub(super) on_event: OnEvent,
}

impl Capture {
    /// Starts a thread, and waits until its device is open.
    pub(super) fn start(mut self, name: &str, from: Input) -> Result<(Worker, Arc<RingCounters>), DeviceError> {
        AudioFormat::at_48k(self.channels).check()?;
        let counters = Arc::new(RingCounters::default());
        let given = counters.clone();
        let (ready, opened) = sync_channel(1);
        let worker = Worker::spawn(name, move |stop| match from {
            Input::Device(input) => {
                let mut capturing =
                    CapturingDevice { capture: &mut self, input: &input, counters: &given, samples: Vec::new() };
                keep_open(&mut capturing, &input.devices, input.kind, &stop, &ready);
            }
            synthetic => {
                let _nobody_waits = ready.send(Ok(()));
                self.run_synthetic(synthetic, &stop);
            }
        })?;
        let gone = || Err(DeviceError::system("threads", "the capturing thread ended at once"));
        opened.recv().unwrap_or_else(|_| gone())?;
        Ok((worker, counters))
    }

    fn run_synthetic(&mut self, mut from: Input, stop: &Stop) {
        let format = match &from {
            Input::File(file) => file.format(),
            Input::Memory(memory) => memory.format,
            _ => AudioFormat::at_48k(self.channels),
        };
        (self.on_event)(StreamEvent::Started { device: String::new(), format });
        let mut samples = vec![0; format.block_samples()];
        let mut clock = BlockClock::new(Instant::now());
        loop {
            let captured_at = match &mut from {
                Input::Memory(memory) => match memory.blocks.recv_timeout(LOOK) {
                    Ok(block) => {
                        samples = block;
                        Some(Instant::now())
                    }
                    Err(RecvTimeoutError::Timeout) if !stop.is_set() => continue,
                    Err(RecvTimeoutError::Timeout) => None,
                    Err(RecvTimeoutError::Disconnected) => {
                        (self.on_event)(StreamEvent::Ended);
                        None
                    }
                },
                _ => clock.tick(stop).and_then(|due| due.checked_sub(super::BLOCK)),
            };
            let Some(captured_at) = captured_at else { return };
            match &mut from {
                Input::Tone(tone) => tone.fill(&mut samples, format),
                Input::File(file) => match file.fill(&mut samples) {
                    Ok(true) => {}
                    Ok(false) => return (self.on_event)(StreamEvent::Ended),
                    Err(error) => return (self.on_event)(StreamEvent::Failed(error)),
                },
                Input::Silence | Input::Memory(_) | Input::Device(_) => {}
            }
            (self.on_block)(&AudioBlock { samples: &samples, format, captured_at });
        }
    }
}

/// A capture with the device it is on.
struct CapturingDevice<'a> {
    capture: &'a mut Capture,
    input: &'a DeviceInput,
    counters: &'a Arc<RingCounters>,
    samples: Vec<i16>,
}

impl Lasting for CapturingDevice<'_> {
    type Ring = rtrb::Consumer<i16>;

    fn open(&mut self) -> Result<Opened<Self::Ring>, DeviceError> {
        let device = match &self.input.pinned {
            Some(id) => id.clone(),
            None => self.input.devices.current(self.input.kind)?.id,
        };
        let target = match self.input.kind {
            DeviceKind::Speaker => CaptureTarget::Monitor(&device),
            _ => CaptureTarget::Microphone(&device),
        };
        let (reader, counters) = (thread::current(), self.counters.clone());
        let (ring_sender, ring) = sync_channel(1);
        let end = Box::new(move |format| {
            let (end, consumer) = CaptureEnd::new(format, reader, counters);
            // The receiver waits in this very function.
            let _ = ring_sender.send(consumer);
            end
        });
        let stream = self.input.devices.backend().open_capture(target, self.capture.channels, end)?;
        let ring = ring.try_recv().map_err(|_| DeviceError::system("sound", "the stream has no format"))?;
        self.samples = vec![0; stream.format().block_samples()];
        Ok(Opened { device, stream, ring })
    }

    fn carry(&mut self, opened: &mut Opened<Self::Ring>, stop: &Stop) {
        let format = opened.stream.format();
        while opened.ring.slots() >= self.samples.len() && !stop.is_set() {
            let age = format.duration_of(opened.ring.slots()) + opened.stream.delay();
            self.counters.set_delay(age);
            if let Ok(chunk) = opened.ring.read_chunk(self.samples.len()) {
                for (slot, sample) in self.samples.iter_mut().zip(chunk) {
                    *slot = sample;
                }
            }
            let now = Instant::now();
            let captured_at = now.checked_sub(age).unwrap_or(now);
            (self.capture.on_block)(&AudioBlock { samples: &self.samples, format, captured_at });
        }
    }

    fn tell(&mut self, event: StreamEvent) {
        (self.capture.on_event)(event);
    }
}
