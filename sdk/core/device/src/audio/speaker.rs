//! Playout of sound to a speaker or one of its twins. It asks for blocks and mixes nothing.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use super::clocked::BlockClock;
use super::file::WavTarget;
use super::lasting::{LOOK, Lasting, Opened, keep_open};
use super::microphone::OnEvent;
use super::ring::{PlayoutEnd, RingCounters};
use super::{AudioDevices, AudioFormat, StreamEvent};
use crate::worker::{Stop, Worker};
use crate::{DeviceError, DeviceKind};

/// Blocks kept ready beyond what the device takes at once, for a late thread.
const SPARE_BLOCKS: usize = 1;

/// Where a speaker's sound goes.
#[derive(Debug)]
pub enum SpeakerTarget {
    /// The speaker in use, see [`AudioDevices::current`]; the stream moves when that changes.
    Device,
    /// Nowhere, in real time.
    Nowhere,
    /// A WAV file of 16 bit and 48 kHz, in real time.
    File(PathBuf),
    /// To a [`MemorySpeaker`], when it asks.
    Memory(MemoryOutput),
}

/// What to play.
#[derive(Debug)]
pub struct SpeakerConfig {
    /// Where the sound goes.
    pub target: SpeakerTarget,
    /// 1 or 2.
    pub channels: u16,
}

/// A running speaker; dropping it closes it.
#[derive(Debug)]
pub struct Speaker {
    _worker: Worker,
    counters: Arc<RingCounters>,
}

type OnFill = Box<dyn FnMut(&mut [i16], AudioFormat) + Send>;

impl Speaker {
    /// Opens a speaker. `fill` is asked for every 10 ms of sound, about [`Speaker::delay`] before it is heard; the slice
    /// it gets is silent. `fill` and `on_event` are called on the speaker's own thread and never after the speaker was
    /// dropped.
    ///
    /// # Errors
    /// When there is no such device, it is in use, it may not be used, or the file cannot be made.
    pub fn open(
        devices: &AudioDevices,
        config: SpeakerConfig,
        fill: impl FnMut(&mut [i16], AudioFormat) + Send + 'static,
        on_event: impl FnMut(StreamEvent) + Send + 'static,
    ) -> Result<Self, DeviceError> {
        let format = AudioFormat::at_48k(config.channels).check()?;
        let counters = Arc::new(RingCounters::default());
        let mut playout = Playout { fill: Box::new(fill), on_event: Box::new(on_event), counters: counters.clone() };
        let worker = match config.target {
            SpeakerTarget::Device => {
                let devices = devices.clone();
                let (ready, opened) = sync_channel(1);
                let worker = Worker::spawn("device-speaker", move |stop| {
                    let channels = config.channels;
                    let mut playing = PlayingDevice { playout: &mut playout, devices: &devices, channels, samples: Vec::new() };
                    keep_open(&mut playing, &devices, DeviceKind::Speaker, &stop, &ready);
                })?;
                let gone = || Err(DeviceError::system("threads", "the playing thread ended at once"));
                opened.recv().unwrap_or_else(|_| gone())?;
                worker
            }
            SpeakerTarget::Nowhere => Worker::spawn("device-speaker", move |stop| playout.run_clocked(format, None, &stop))?,
            SpeakerTarget::File(path) => {
                let file = WavTarget::create(&path, format)?;
                Worker::spawn("device-speaker", move |stop| playout.run_clocked(format, Some(file), &stop))?
            }
            SpeakerTarget::Memory(output) => {
                Worker::spawn("device-speaker", move |stop| playout.run_memory(format, &output, &stop))?
            }
        };
        Ok(Self { _worker: worker, counters })
    }

    /// Samples of silence that were played because `fill` took too long.
    #[must_use]
    pub fn missing_samples(&self) -> u64 {
        self.counters.lost()
    }

    /// How long after `fill` a block is heard, as well as the sound system knows.
    #[must_use]
    pub fn delay(&self) -> Duration {
        self.counters.delay()
    }
}

/// Asks a [`SpeakerTarget::Memory`] for what it would play.
#[derive(Debug)]
pub struct MemorySpeaker {
    asks: SyncSender<()>,
    blocks: Receiver<Vec<i16>>,
}

/// The speaker's end of a memory pair.
#[derive(Debug)]
pub struct MemoryOutput {
    asks: Receiver<()>,
    blocks: SyncSender<Vec<i16>>,
}

impl MemorySpeaker {
    /// A pair: what is played there is heard here, block by block, when it is asked for.
    #[must_use]
    pub fn pair() -> (Self, SpeakerTarget) {
        let (asks, asked) = sync_channel(1);
        let (blocks, heard) = sync_channel(1);
        (Self { asks, blocks: heard }, SpeakerTarget::Memory(MemoryOutput { asks: asked, blocks }))
    }

    /// The next 10 ms.
    ///
    /// # Errors
    /// [`DeviceError::Gone`] when the speaker was closed.
    pub fn hear(&mut self) -> Result<Vec<i16>, DeviceError> {
        let gone = || DeviceError::Gone("memory speaker".to_owned());
        self.asks.send(()).map_err(|_| gone())?;
        self.blocks.recv().map_err(|_| gone())
    }
}

struct Playout {
    fill: OnFill,
    on_event: OnEvent,
    counters: Arc<RingCounters>,
}

impl Playout {
    fn run_clocked(&mut self, format: AudioFormat, mut file: Option<WavTarget>, stop: &Stop) {
        (self.on_event)(StreamEvent::Started { device: String::new(), format });
        let mut samples = vec![0; format.block_samples()];
        let mut clock = BlockClock::new(Instant::now());
        let mut written = Ok(());
        while written.is_ok() && clock.tick(stop).is_some() {
            samples.fill(0);
            (self.fill)(&mut samples, format);
            if let Some(file) = &mut file {
                written = file.write(&samples);
            }
        }
        if let Err(error) = written.and_then(|()| file.map_or(Ok(()), WavTarget::finish)) {
            (self.on_event)(StreamEvent::Failed(error));
        }
    }

    fn run_memory(&mut self, format: AudioFormat, output: &MemoryOutput, stop: &Stop) {
        (self.on_event)(StreamEvent::Started { device: String::new(), format });
        while !stop.is_set() {
            match output.asks.recv_timeout(LOOK) {
                Ok(()) => {
                    let mut samples = vec![0; format.block_samples()];
                    (self.fill)(&mut samples, format);
                    if output.blocks.send(samples).is_err() {
                        return (self.on_event)(StreamEvent::Ended);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return (self.on_event)(StreamEvent::Ended);
                }
            }
        }
    }
}

/// A playout with the device it is on.
struct PlayingDevice<'a> {
    playout: &'a mut Playout,
    devices: &'a AudioDevices,
    channels: u16,
    samples: Vec<i16>,
}

impl Lasting for PlayingDevice<'_> {
    type Ring = rtrb::Producer<i16>;

    fn open(&mut self) -> Result<Opened<Self::Ring>, DeviceError> {
        let device = self.devices.current(DeviceKind::Speaker)?.id;
        let (writer, counters) = (thread::current(), self.playout.counters.clone());
        let (ring_sender, ring) = sync_channel(1);
        let end = Box::new(move |format| {
            let (end, producer) = PlayoutEnd::new(format, writer, counters);
            // The receiver waits in this very function.
            let _ = ring_sender.send(producer);
            end
        });
        let stream = self.devices.backend().open_playout(&device, self.channels, end)?;
        let ring = ring.try_recv().map_err(|_| DeviceError::system("sound", "the stream has no format"))?;
        self.samples = vec![0; stream.format().block_samples()];
        Ok(Opened { device, stream, ring })
    }

    /// Keeps the ring as full as the device needs.
    fn carry(&mut self, opened: &mut Opened<Self::Ring>, stop: &Stop) {
        let format = opened.stream.format();
        let block = self.samples.len();
        let capacity = opened.ring.buffer().capacity();
        let counters = &self.playout.counters;
        let blocks = SPARE_BLOCKS + counters.largest_pull().div_ceil(block).max(1);
        let wanted = (blocks * block).min(capacity - block);
        while capacity - opened.ring.slots() < wanted && !stop.is_set() {
            self.samples.fill(0);
            (self.playout.fill)(&mut self.samples, format);
            if let Ok(chunk) = opened.ring.write_chunk_uninit(block) {
                chunk.fill_from_iter(self.samples.iter().copied());
            }
        }
        let ready = format.duration_of(capacity - opened.ring.slots());
        counters.set_delay(ready + opened.stream.delay());
    }

    fn tell(&mut self, event: StreamEvent) {
        (self.playout.on_event)(event);
    }
}
