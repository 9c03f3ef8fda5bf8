//! One watched stream, as everybody but its own thread sees it: packets that came, what is wished, and what was shown last.
//! The packets are worked on in [`super::watching`].

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rtc_api::RenderParams;
use rtc_protocol::{Layer, Track, UserId};
use rtc_session::{Incoming, Line, SourceClock};
use rtc_video::frame::Frame;
use rtc_video::rtp;
use rtc_video::sync::Played;

use super::gaps::Gaps;
use super::lines::{Belongs, Lines};
use super::payload_key::PayloadKey;
use super::uplink::Uplink;
use super::watching::Watching;
use super::worker::Worker;
use super::{PictureWatched, VideoSink};
use crate::courier::Courier;
use crate::encoded::EncodedDataHook;
use crate::lock::lock;

/// Packets that wait for the thread: a second of a fast stream. What comes then is lost, as on a network.
const MOST_PACKETS: usize = 2048;
/// From here on it is a gap, as every platform counts it.
const GAP: Duration = Duration::from_millis(600);
/// A screen on which nothing moves may send next to nothing.
const SCREEN_GAP: Duration = Duration::from_secs(3);

/// One stream that is watched, from `startRemoteView` to `stopRemoteView`.
pub(super) struct View {
    user: UserId,
    track: Track,
    courier: Courier,
    state: Mutex<State>,
    changed: Condvar,
    worker: Mutex<Option<Worker>>,
}

struct State {
    arrivals: VecDeque<Arrival>,
    lines: Lines<Line>,
    wishes: ViewWishes,
    /// Raised by every change of the wishes.
    revision: u64,
    is_ended: bool,
    uplink: Option<Arc<dyn Uplink>>,
    gaps: Gaps,
    delay: Duration,
    shown: Option<Shown>,
    /// Of the line it comes on.
    clock: Option<SourceClock>,
}

/// The picture that is seen now.
struct Shown {
    frame: Frame,
    at: Instant,
}

/// What comes from the session, in order.
pub(super) enum Arrival {
    Packet(Incoming),
    /// Another stream of packets begins.
    Restart,
    /// No packets come for now.
    Pause,
}

/// What is wished of a view.
#[derive(Clone)]
pub(super) struct ViewWishes {
    /// The layer that was asked for. The engine may give the big one instead, and does not say so.
    pub(super) layer: Layer,
    pub(super) window: u64,
    pub(super) render: RenderParams,
    pub(super) sink: Option<Arc<dyn VideoSink>>,
    /// Whether its owner shows it at the moment.
    pub(super) is_published: bool,
    /// How long missing packets are waited for.
    pub(super) patience: Duration,
    /// Pictures are shown at least so late, because the sound is.
    pub(super) least_delay: Duration,
    /// What pictures are encrypted with.
    pub(super) key: Option<PayloadKey>,
    /// Changes pictures back before they are decoded.
    pub(super) encoded: Option<Arc<dyn EncodedDataHook>>,
}

/// What the thread has to do next.
pub(super) struct ViewTurn {
    pub(super) arrivals: VecDeque<Arrival>,
    /// Where they have changed.
    pub(super) wishes: Option<ViewWishes>,
}

impl View {
    pub(super) fn start(
        user: UserId,
        track: Track,
        wishes: ViewWishes,
        uplink: Option<Arc<dyn Uplink>>,
        courier: Courier,
    ) -> Arc<Self> {
        let gap = if track == Track::Screen { SCREEN_GAP } else { GAP };
        let state = State {
            arrivals: VecDeque::new(),
            lines: Lines::new(),
            wishes: wishes.clone(),
            revision: 1,
            is_ended: false,
            uplink,
            gaps: Gaps::new(gap),
            delay: Duration::ZERO,
            shown: None,
            clock: None,
        };
        let (state, changed, worker) = (Mutex::new(state), Condvar::new(), Mutex::default());
        let view = Arc::new(Self { user, track, courier, state, changed, worker });
        let watching = Watching::new(Arc::clone(&view), wishes);
        match Worker::spawn("rtc-picture-in", move || watching.run()) {
            Ok(thread) => *lock(&view.worker) = Some(thread),
            Err(error) => tracing::error!("no thread for a picture that is watched: {error}"),
        }
        view
    }

    pub(super) fn user(&self) -> &UserId {
        &self.user
    }

    pub(super) fn track(&self) -> Track {
        self.track
    }

    pub(super) fn courier(&self) -> &Courier {
        &self.courier
    }

    /// Asks the thread to end, without waiting for it.
    pub(super) fn end(&self) {
        let uplink = {
            let mut state = self.lock();
            state.is_ended = true;
            state.arrivals.clear();
            state.uplink.take()
        };
        self.changed.notify_all();
        drop(uplink);
    }

    /// Waits for the end that was asked for: nothing is shown any more when this returns.
    pub(super) fn join(&self, deadline: Instant) {
        let worker = lock(&self.worker).take();
        if let Some(worker) = worker {
            worker.join(deadline);
        }
    }

    pub(super) fn connect(&self, uplink: Option<Arc<dyn Uplink>>) {
        let before = std::mem::replace(&mut self.lock().uplink, uplink);
        drop(before);
    }

    pub(super) fn wish(&self, change: impl FnOnce(&mut ViewWishes)) {
        let mut state = self.lock();
        change(&mut state.wishes);
        state.revision += 1;
        drop(state);
        self.changed.notify_all();
    }

    pub(super) fn wishes(&self) -> ViewWishes {
        self.lock().wishes.clone()
    }

    /// Takes a packet, on the session's thread.
    pub(super) fn packet(&self, line: Line, packet: Incoming) {
        let mut state = self.lock();
        match state.lines.packet(line) {
            Belongs::ToOld => return,
            Belongs::ToNew => state.restart(),
            Belongs::Here => {}
        }
        state.insert(packet);
        drop(state);
        self.changed.notify_all();
    }

    /// The stream moves to another line or comes on none.
    pub(super) fn moved(&self, line: Option<Line>) {
        let mut state = self.lock();
        state.lines.moved(line);
        if line.is_none() && state.arrivals.len() < MOST_PACKETS {
            state.arrivals.push_back(Arrival::Pause);
        }
        drop(state);
        self.changed.notify_all();
    }

    /// The sender's clock, for lip sync.
    pub(super) fn clock(&self, line: Line, clock: SourceClock) {
        let mut state = self.lock();
        if state.lines.is_on(line) {
            state.clock = Some(clock);
        }
    }

    /// Waits for something to do, until `due` at most. Nothing when the thread is to end.
    pub(super) fn next(&self, revision: &mut u64, due: Option<Instant>) -> Option<ViewTurn> {
        let mut state = self.lock();
        loop {
            if state.is_ended {
                return None;
            }
            let now = Instant::now();
            let has_news = state.revision != *revision || !state.arrivals.is_empty();
            if has_news || due.is_some_and(|due| due <= now) {
                let wishes = (state.revision != *revision).then(|| state.wishes.clone());
                *revision = state.revision;
                return Some(ViewTurn { arrivals: std::mem::take(&mut state.arrivals), wishes });
            }
            state = match due {
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(due) => self.changed.wait_timeout(state, due - now).unwrap_or_else(PoisonError::into_inner).0,
            };
        }
    }

    pub(super) fn want_keyframe(&self) {
        let uplink = self.lock().uplink.clone();
        if let Some(uplink) = uplink {
            uplink.want_keyframe(&self.user, self.track);
        }
    }

    pub(super) fn shown(&self, frame: &Frame, delay: Duration, now: Instant) {
        let mut state = self.lock();
        if !state.is_ended {
            state.shown = Some(Shown { frame: frame.clone(), at: now });
            state.delay = delay;
            state.gaps.shown(now);
        }
    }

    pub(super) fn pause(&self, now: Instant) {
        self.lock().gaps.pause(now);
    }

    /// When the time since the last picture becomes a gap.
    pub(super) fn gap_due(&self) -> Option<Instant> {
        self.lock().gaps.due()
    }

    /// The picture that is seen now.
    pub(super) fn latest(&self) -> Option<Frame> {
        self.lock().shown.as_ref().map(|shown| shown.frame.clone())
    }

    /// Nothing before the first picture.
    pub(super) fn measure(&self, now: Instant) -> Option<PictureWatched> {
        let mut state = self.lock();
        let size = state.shown.as_ref()?.frame.size();
        let smoothness = state.gaps.measure(now);
        let milliseconds = |duration: Duration| duration.as_secs_f32() * 1000.0;
        Some(PictureWatched {
            user: self.user.clone(),
            track: self.track,
            layer: state.wishes.layer,
            size: (size.width(), size.height()),
            frames_per_second: smoothness.pictures_per_second,
            delay_ms: milliseconds(state.delay),
            blocked_ms: milliseconds(smoothness.blocked),
            blocked_now_ms: milliseconds(smoothness.blocked_now),
            block_rate: smoothness.block_rate,
            played: state.played(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl State {
    fn insert(&mut self, packet: Incoming) {
        if self.arrivals.len() < MOST_PACKETS {
            self.arrivals.push_back(Arrival::Packet(packet));
        }
    }

    /// What waits belongs to a stream that is over.
    fn restart(&mut self) {
        self.arrivals.clear();
        self.arrivals.push_back(Arrival::Restart);
        self.clock = None;
    }

    /// Nothing before a picture was shown and its sender's clock is known.
    fn played(&self) -> Option<Played> {
        let (shown, clock) = (self.shown.as_ref()?, self.clock?);
        // RTP times go round; what lies less than half of it apart is before or after.
        let ticks = rtp::time(shown.frame.time_us).wrapping_sub(clock.time) as i32;
        let apart = Duration::from_micros(u64::from(ticks.unsigned_abs()) * 100 / 9);
        let taken = if ticks < 0 { clock.ntp.checked_sub(apart) } else { clock.ntp.checked_add(apart) };
        Some(Played { taken: taken?, shown: shown.at, delay: self.delay })
    }
}

/// What tests use in place of lines, which only a session can make.
#[cfg(test)]
impl View {
    pub(super) fn insert(&self, packet: Incoming) {
        self.lock().insert(packet);
        self.changed.notify_all();
    }

    pub(super) fn restart(&self) {
        self.lock().restart();
        self.changed.notify_all();
    }

    pub(super) fn set_clock(&self, clock: SourceClock) {
        self.lock().clock = Some(clock);
    }
}
