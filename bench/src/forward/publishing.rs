//! Everybody who publishes, served by one thread that sends a load on time and marks every packet.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token};

use super::load::{Load, LoadPacket, MediaPacket};
use crate::systems::{Mark, Packet, Publisher};

/// How often signaling is looked after.
const TENDING: Duration = Duration::from_secs(1);
/// Whoever is added, and the end, are noticed after this.
const NOTICED: Duration = Duration::from_millis(20);
/// Shorter waits are slept.
const POLLED: Duration = Duration::from_millis(1);

/// A load being sent by each of some publishers in each of some rooms. Ends when dropped.
pub(super) struct Publishing {
    /// How many packets were sent in each room.
    sent: Vec<Arc<AtomicU64>>,
    stop: Arc<AtomicBool>,
    added: Sender<Sending>,
    thread: Option<JoinHandle<anyhow::Result<()>>>,
}

/// A publisher, and what is counted while it sends.
struct Sending {
    publisher: Box<dyn Publisher>,
    load: Arc<Load>,
    /// Of a load with sound.
    has_voice: bool,
    epoch: Instant,
    sent: Arc<AtomicU64>,
    period_begins: Instant,
    /// The next packet of the period.
    position: usize,
    /// When the publisher is to be driven at the latest.
    next: Instant,
    tended: Instant,
    video_seq: u64,
    voice_seq: u64,
    picture: u16,
    /// RTP time of the present picture.
    picture_time: u32,
    keyframe_due: bool,
}

impl Publishing {
    /// Begins with nobody in so many rooms.
    pub(super) fn start(rooms: u32) -> Self {
        let (added, newcomers) = channel();
        let stop = Arc::new(AtomicBool::new(false));
        let until = stop.clone();
        let thread = thread::spawn(move || run(&newcomers, &until));
        Self { sent: (0..rooms).map(|_| Arc::default()).collect(), stop, added, thread: Some(thread) }
    }

    /// Has one more send in a room. Times in marks count from `epoch`.
    pub(super) fn add(&mut self, room: u32, publisher: Box<dyn Publisher>, has_voice: bool, load: Arc<Load>, epoch: Instant) {
        let now = Instant::now();
        // Where the thread has ended, the reason is told at the end.
        let _ = self.added.send(Sending {
            publisher,
            load,
            has_voice,
            epoch,
            sent: self.sent[room as usize].clone(),
            period_begins: now,
            position: 0,
            next: now,
            tended: now,
            video_seq: 0,
            voice_seq: 0,
            picture: 0,
            picture_time: 0,
            keyframe_due: true,
        });
    }

    /// How many packets were sent by all of each room, which is the index of the next one there.
    pub(super) fn sent(&self) -> Vec<u64> {
        self.sent.iter().map(|sent| sent.load(Ordering::Acquire)).collect()
    }

    /// Ends, and says what went wrong meanwhile.
    pub(super) fn stop(mut self) -> anyhow::Result<()> {
        self.join()
    }

    fn join(&mut self) -> anyhow::Result<()> {
        self.stop.store(true, Ordering::Relaxed);
        match self.thread.take() {
            Some(thread) => thread.join().map_err(|_| anyhow::anyhow!("the publishers' thread failed"))?,
            None => Ok(()),
        }
    }
}

impl Drop for Publishing {
    fn drop(&mut self) {
        // Whoever drops it without `stop` has an error of its own to tell.
        let _ = self.join();
    }
}

fn run(newcomers: &Receiver<Sending>, stop: &AtomicBool) -> anyhow::Result<()> {
    let mut poll = Poll::new()?;
    let mut events = Events::with_capacity(256);
    let mut all: Vec<Sending> = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        for sending in newcomers.try_iter() {
            let socket = sending.publisher.media();
            poll.registry().register(&mut SourceFd(&socket), Token(all.len()), Interest::READABLE)?;
            all.push(sending);
        }
        for sending in &mut all {
            if sending.due().min(sending.next) <= Instant::now() {
                sending.serve()?;
            }
        }
        let now = Instant::now();
        let next = all.iter().map(|sending| sending.due().min(sending.next)).fold(now + NOTICED, Instant::min);
        let wait = next.saturating_duration_since(now);
        if wait < POLLED {
            // Polls are rounded up, and what is due together would leave together.
            thread::sleep(wait);
            continue;
        }
        match poll.poll(&mut events, Some(Duration::from_millis(wait.as_millis() as u64))) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            other => other?,
        }
        for event in &events {
            all[event.token().0].drive()?;
        }
    }
    Ok(())
}

impl Sending {
    /// When its next packet is to be sent.
    fn due(&self) -> Instant {
        self.period_begins + self.load.packets[self.position].at
    }

    /// Sends what is due.
    fn serve(&mut self) -> anyhow::Result<()> {
        let load = self.load.clone();
        while self.due() <= Instant::now() {
            let packet = &load.packets[self.position];
            if packet.media != MediaPacket::Voice || self.has_voice {
                self.write(packet, self.due() - self.epoch)?;
            }
            self.position += 1;
            if self.position == load.packets.len() {
                self.position = 0;
                self.period_begins += load.period;
            }
        }
        // What was written goes out at once, a burst as one.
        self.drive()
    }

    fn drive(&mut self) -> anyhow::Result<()> {
        self.next = self.publisher.drive()?;
        self.keyframe_due |= self.publisher.take_keyframe_request();
        if self.tended.elapsed() > TENDING {
            self.tended = Instant::now();
            self.publisher.tend()?;
        }
        Ok(())
    }

    fn write(&mut self, packet: &LoadPacket, at: Duration) -> anyhow::Result<()> {
        // Before it leaves, so that no packet that arrives is beyond what was sent.
        let index = self.sent.fetch_add(1, Ordering::AcqRel);
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
