//! The ring between a sound system's thread and ours: no lock and no allocation on the sound system's side.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread::Thread;
use std::time::Duration;

use super::AudioFormat;

/// What a ring can hold. Longer than any period of a device and than any pause of a busy machine that a jitter buffer
/// would bridge.
const CAPACITY: Duration = Duration::from_millis(400);

/// What both sides count.
#[derive(Debug, Default)]
pub(crate) struct RingCounters {
    /// Samples lost because the other side was late.
    lost: AtomicU64,
    /// The most samples a device took at once.
    largest_pull: AtomicUsize,
    /// Microseconds the sound system buffers beyond the ring.
    delay: AtomicU64,
}

impl RingCounters {
    pub(crate) fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    pub(crate) fn largest_pull(&self) -> usize {
        self.largest_pull.load(Ordering::Relaxed)
    }

    pub(crate) fn delay(&self) -> Duration {
        Duration::from_micros(self.delay.load(Ordering::Relaxed))
    }

    pub(crate) fn set_delay(&self, delay: Duration) {
        self.delay.store(u64::try_from(delay.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

fn capacity(format: AudioFormat) -> usize {
    format.block_samples() * (CAPACITY.as_millis() / super::BLOCK.as_millis()) as usize
}

/// The sound system's end of a capture ring.
pub(crate) struct CaptureEnd {
    producer: rtrb::Producer<i16>,
    reader: Thread,
    pub(crate) counters: Arc<RingCounters>,
}

impl CaptureEnd {
    /// A ring whose samples are taken out by `reader`, which is unparked when there are some.
    pub(crate) fn new(format: AudioFormat, reader: Thread, counters: Arc<RingCounters>) -> (Self, rtrb::Consumer<i16>) {
        let (producer, consumer) = rtrb::RingBuffer::new(capacity(format));
        (Self { producer, reader, counters }, consumer)
    }

    /// Takes what the device captured. When the reader is too late the newest samples are lost.
    pub(crate) fn push(&mut self, samples: impl ExactSizeIterator<Item = i16>) {
        let wanted = samples.len();
        let room = self.producer.slots().min(wanted);
        // The ring has one producer, so the room cannot have shrunk in between.
        if let Ok(chunk) = self.producer.write_chunk_uninit(room) {
            chunk.fill_from_iter(samples);
        }
        if room < wanted {
            self.counters.lost.fetch_add((wanted - room) as u64, Ordering::Relaxed);
        }
        self.reader.unpark();
    }
}

/// The sound system's end of a playout ring.
pub(crate) struct PlayoutEnd {
    consumer: rtrb::Consumer<i16>,
    writer: Thread,
    pub(crate) counters: Arc<RingCounters>,
}

impl PlayoutEnd {
    /// A ring that is filled by `writer`, which is unparked when there is room.
    pub(crate) fn new(format: AudioFormat, writer: Thread, counters: Arc<RingCounters>) -> (Self, rtrb::Producer<i16>) {
        let (producer, consumer) = rtrb::RingBuffer::new(capacity(format));
        (Self { consumer, writer, counters }, producer)
    }

    /// Waits a little until so many samples are there. Not for callbacks of a real-time thread.
    pub(crate) fn wait_for(&self, samples: usize, patience: Duration) {
        const STEP: Duration = Duration::from_millis(1);
        let mut left = patience;
        while self.consumer.slots() < samples && left > Duration::ZERO {
            self.writer.unpark();
            std::thread::sleep(STEP);
            left = left.saturating_sub(STEP);
        }
    }

    /// Gives `put` the next `wanted` samples, silence where the writer is late.
    pub(crate) fn pull(&mut self, wanted: usize, mut put: impl FnMut(i16)) {
        self.counters.largest_pull.fetch_max(wanted, Ordering::Relaxed);
        let ready = self.consumer.slots().min(wanted);
        // The ring has one consumer, so what is ready cannot have shrunk in between.
        if let Ok(chunk) = self.consumer.read_chunk(ready) {
            chunk.into_iter().for_each(&mut put);
        }
        for _ in ready..wanted {
            put(0);
        }
        if ready < wanted {
            self.counters.lost.fetch_add((wanted - ready) as u64, Ordering::Relaxed);
        }
        self.writer.unpark();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_reader_loses_the_newest_and_is_told_how_much() {
        let format = AudioFormat::at_48k(1);
        let counters = Arc::new(RingCounters::default());
        let (mut end, mut consumer) = CaptureEnd::new(format, std::thread::current(), counters.clone());
        let room = capacity(format);
        end.push((0..room + 7).map(|n| n as i16));
        assert_eq!(counters.lost(), 7);
        assert_eq!(consumer.slots(), room);
        assert_eq!(consumer.pop(), Ok(0));
    }

    #[test]
    fn a_late_writer_is_heard_as_silence() {
        let counters = Arc::new(RingCounters::default());
        let (mut end, mut producer) = PlayoutEnd::new(AudioFormat::at_48k(1), std::thread::current(), counters.clone());
        for sample in [1, 2, 3] {
            producer.push(sample).expect("the ring is empty");
        }
        let mut heard = Vec::new();
        end.pull(5, |sample| heard.push(sample));
        assert_eq!(heard, [1, 2, 3, 0, 0]);
        assert_eq!((counters.lost(), counters.largest_pull()), (2, 5));
    }
}
