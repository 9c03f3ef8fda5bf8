//! What waits for the link's thread: commands and packets, both bounded. It wakes the thread and does nothing else.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mio::Waker;
use rtc_session::{Command, Outgoing, Statistics, Track};

use crate::NotTaken;

/// Commands that may wait.
const COMMANDS: usize = 1000;
/// Packets of sound that may wait: some seconds.
const SOUND: usize = 200;
/// Packets of pictures that may wait: about a megabyte.
const PICTURES: usize = 1000;

#[derive(Debug)]
pub(crate) struct Queue {
    state: Mutex<State>,
    waker: Waker,
}

#[derive(Debug, Default)]
struct State {
    waiting: Waiting,
    /// Whether the thread was woken and has not looked yet.
    is_woken: bool,
    /// Whether nothing is taken any more.
    is_closed: bool,
    statistics: Arc<Statistics>,
}

/// What waits.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    pub(crate) commands: VecDeque<Command>,
    pub(crate) sound: VecDeque<Outgoing>,
    pub(crate) pictures: VecDeque<Outgoing>,
    /// Packets that were dropped.
    pub(crate) dropped: u64,
    /// Whether the application has closed the link.
    pub(crate) is_closing: bool,
}

impl Queue {
    pub(crate) fn new(waker: Waker) -> Self {
        Self { state: Mutex::default(), waker }
    }

    pub(crate) fn command(&self, command: Command) -> Result<(), NotTaken> {
        let mut state = self.state();
        if state.is_closed || state.waiting.commands.len() >= COMMANDS {
            return Err(NotTaken);
        }
        state.waiting.commands.push_back(command);
        self.wake(state);
        Ok(())
    }

    pub(crate) fn send(&self, packet: Outgoing) {
        let mut state = self.state();
        if state.is_closed {
            return;
        }
        let Waiting { sound, pictures, dropped, .. } = &mut state.waiting;
        let (packets, most) = if packet.track == Track::Microphone { (sound, SOUND) } else { (pictures, PICTURES) };
        if packets.len() >= most {
            packets.pop_front();
            *dropped += 1;
        }
        packets.push_back(packet);
        self.wake(state);
    }

    pub(crate) fn statistics(&self) -> Arc<Statistics> {
        self.state().statistics.clone()
    }

    /// Nothing is taken any more, and the thread shall come to its end.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        if !state.is_closed {
            state.is_closed = true;
            state.waiting.is_closing = true;
            self.wake(state);
        }
    }

    /// Everything that waits; for the thread.
    pub(crate) fn take(&self) -> Waiting {
        let mut state = self.state();
        state.is_woken = false;
        std::mem::take(&mut state.waiting)
    }

    pub(crate) fn tell_statistics(&self, statistics: Statistics) {
        self.state().statistics = Arc::new(statistics);
    }

    /// The thread is at its end.
    pub(crate) fn ended(&self) {
        let mut state = self.state();
        state.is_closed = true;
        state.waiting = Waiting::default();
    }

    /// Something else than the queue wants the thread's attention.
    pub(crate) fn wake_for_news(&self) {
        self.wake(self.state());
    }

    fn wake(&self, mut state: MutexGuard<'_, State>) {
        let is_needed = !std::mem::replace(&mut state.is_woken, true);
        drop(state);
        if is_needed && let Err(error) = self.waker.wake() {
            tracing::error!(%error, "the link's thread cannot be woken");
        }
    }

    /// No code that holds it can panic between two changes that belong together.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use mio::{Poll, Token};
    use rtc_session::{Codec, Layer};

    use super::*;

    fn packet(track: Track, seq: u64) -> Outgoing {
        let payload = Arc::from([0_u8].as_slice());
        Outgoing { track, layer: Layer::Big, codec: Codec::Vp8, seq, time: 0, marker: false, level: None, payload }
    }

    #[test]
    fn the_oldest_pictures_go_first_and_sound_stays() {
        let poll = Poll::new().expect("an event queue");
        let queue = Queue::new(Waker::new(poll.registry(), Token(0)).expect("a waker"));
        queue.send(packet(Track::Microphone, 7));
        for seq in 0..PICTURES as u64 + 5 {
            queue.send(packet(Track::Camera, seq));
        }
        let waiting = queue.take();
        assert_eq!((waiting.sound.len(), waiting.pictures.len(), waiting.dropped), (1, PICTURES, 5));
        assert_eq!(waiting.pictures.front().map(|packet| packet.seq), Some(5));
    }

    #[test]
    fn commands_are_bounded_and_end_with_the_link() {
        let poll = Poll::new().expect("an event queue");
        let queue = Queue::new(Waker::new(poll.registry(), Token(0)).expect("a waker"));
        let taken = (0..COMMANDS + 1).filter(|_| queue.command(Command::DisconnectRoom).is_ok()).count();
        assert_eq!(taken, COMMANDS);
        queue.take();
        queue.close();
        assert_eq!(queue.command(Command::Exit), Err(NotTaken));
        assert!(queue.take().is_closing);
    }
}
