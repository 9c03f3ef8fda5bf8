//! A publisher's thread: sends a load on time and marks every packet.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::load::{Load, LoadPacket, MediaPacket};
use crate::systems::{Mark, Packet, Publisher};

/// A load being sent by each of some publishers. Ends when dropped.
pub(super) struct Publishing {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<anyhow::Result<()>>>,
}

#[derive(Default)]
struct Shared {
    sent: AtomicU64,
    stop: AtomicBool,
}

/// What is counted while sending.
struct Sending {
    publisher: Box<dyn Publisher>,
    /// Of a load with sound.
    has_voice: bool,
    epoch: Instant,
    shared: Arc<Shared>,
    video_seq: u64,
    voice_seq: u64,
    picture: u16,
    /// RTP time of the present picture.
    picture_time: u32,
    keyframe_due: bool,
}

impl Publishing {
    /// Begins with nobody.
    pub(super) fn start() -> Self {
        Self { shared: Arc::new(Shared::default()), threads: Vec::new() }
    }

    /// Has one more send. Times in marks count from `epoch`.
    pub(super) fn add(&mut self, publisher: Box<dyn Publisher>, has_voice: bool, load: Arc<Load>, epoch: Instant) {
        let sending = Sending {
            publisher,
            has_voice,
            epoch,
            shared: self.shared.clone(),
            video_seq: 0,
            voice_seq: 0,
            picture: 0,
            picture_time: 0,
            keyframe_due: true,
        };
        self.threads.push(thread::spawn(move || sending.run(&load)));
    }

    /// How many packets were sent by all, which is the index of the next one.
    pub(super) fn sent(&self) -> u64 {
        self.shared.sent.load(Ordering::Acquire)
    }

    /// Ends, and says what went wrong meanwhile.
    pub(super) fn stop(mut self) -> anyhow::Result<()> {
        self.join()
    }

    fn join(&mut self) -> anyhow::Result<()> {
        self.shared.stop.store(true, Ordering::Relaxed);
        let ends = self.threads.drain(..).map(JoinHandle::join);
        let failed = ends.map(|end| end.map_err(|_| anyhow::anyhow!("a publisher's thread failed"))?);
        failed.fold(Ok(()), anyhow::Result::and)
    }
}

impl Drop for Publishing {
    fn drop(&mut self) {
        // Whoever drops it without `stop` has an error of its own to tell.
        let _ = self.join();
    }
}

impl Sending {
    fn run(mut self, load: &Load) -> anyhow::Result<()> {
        let mut period_begins = Instant::now();
        let mut tended = Instant::now();
        loop {
            for packet in &load.packets {
                let due = period_begins + packet.at;
                while Instant::now() < due {
                    if self.shared.stop.load(Ordering::Relaxed) {
                        return Ok(());
                    }
                    // What was written goes out before the wait, so a burst leaves as one.
                    self.drive()?;
                    if tended.elapsed() > Duration::from_secs(1) {
                        tended = Instant::now();
                        self.publisher.tend()?;
                    }
                    thread::sleep(due.saturating_duration_since(Instant::now()).min(Duration::from_millis(1)));
                }
                if packet.media == MediaPacket::Voice && !self.has_voice {
                    continue;
                }
                self.write(packet, period_begins.duration_since(self.epoch) + packet.at)?;
            }
            period_begins += load.period;
        }
    }

    fn drive(&mut self) -> anyhow::Result<()> {
        self.publisher.drive()?;
        self.keyframe_due |= self.publisher.take_keyframe_request();
        Ok(())
    }

    fn write(&mut self, packet: &LoadPacket, at: Duration) -> anyhow::Result<()> {
        // Before it leaves, so that no packet that arrives is beyond what was sent.
        let index = self.shared.sent.fetch_add(1, Ordering::AcqRel);
        let mark = Mark { index, sent_us: self.epoch.elapsed().as_micros() as u64 };
        let packet = match packet.media {
            MediaPacket::Voice => {
                self.voice_seq += 1;
                // 20 ms of sound a packet.
                let time = (self.voice_seq as u32).wrapping_mul(960);
                let payload = mark.opus(packet.bytes);
                Packet { is_video: false, seq: self.voice_seq, time, marker: false, payload }
            }
            MediaPacket::Picture { first, last, key } => {
                self.video_seq += 1;
                let mut is_key = false;
                if first {
                    self.picture = self.picture.wrapping_add(1);
                    self.picture_time = (at.as_micros() as u64 * 9 / 100) as u32;
                    is_key = std::mem::take(&mut self.keyframe_due) || key;
                }
                let payload = mark.vp8(packet.bytes, self.picture, first, is_key);
                Packet { is_video: true, seq: self.video_seq, time: self.picture_time, marker: last, payload }
            }
        };
        self.publisher.write(&packet)
    }
}
