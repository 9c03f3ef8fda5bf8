//! One video track on its way out, as everybody but its own thread sees it: what is wished, the latest picture, and the
//! counts. The pictures are worked on in [`super::pipeline`].

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rtc_api::{Event, RenderParams, VideoEncParam};
use rtc_protocol::{EncodeLayers, Layer, Track};
use rtc_session::Outgoing;
use rtc_video::codec::{Content, EncodedFrame, VideoCodec};
use rtc_video::frame::{Frame, Rotation, Size};
use rtc_video::layers::{self, LayerSettings};
use rtc_video::overlay::Watermark;
use rtc_video::publisher::Published;
use rtc_video::rate::QualityPreference;

use super::payload_key::PayloadKey;
use super::pipeline::Pipeline;
use super::uplink::Uplink;
use super::worker::Worker;
use super::{PictureSent, VideoProcessor, VideoSink, settings};
use crate::courier::Courier;
use crate::encoded::EncodedDataHook;
use crate::lock::lock;

/// More messages than this wait for no picture.
const MOST_MESSAGES: usize = 32;
/// Times of an application's own pictures that are farther from ours than this are on no clock we can follow.
const FARTHEST: Duration = Duration::from_secs(1);
/// Pictures are at least this far apart, in microseconds: the clock of RTP has to move on.
pub(super) const CLOSEST_US: u64 = 1000;

/// Sees encoded pictures of the big layer before they are encrypted.
pub(super) type Tap = Arc<dyn Fn(&EncodedFrame) + Send + Sync>;

/// One track. It is there as long as the instance; its thread as long as it has a source of pictures.
pub(super) struct Sending {
    track: Track,
    courier: Courier,
    /// What times of pictures are counted from.
    epoch: Instant,
    state: Mutex<State>,
    changed: Condvar,
    worker: Mutex<Option<Worker>>,
}

struct State {
    wishes: Wishes,
    /// Raised by every change of the wishes.
    revision: u64,
    /// The latest picture, until the thread takes it.
    picture: Option<Frame>,
    keys: [bool; 2],
    messages: Vec<(Vec<u8>, u32)>,
    /// Which thread may go on: one that a hook held for too long must not work beside its successor.
    life: Option<u64>,
    lives: u64,
    uplink: Option<Arc<dyn Uplink>>,
    has_told_sent: bool,
    /// Goes on for the life of the instance.
    seqs: [u64; 2],
    /// The application is the source.
    is_custom: bool,
    /// Ours minus the application's clock, in microseconds.
    custom_clock: Option<i128>,
    last_custom_us: u64,
    counts: Counts,
    latest: Latest,
}

/// Since it was measured last.
struct Counts {
    since: Instant,
    captured: u32,
    /// Pictures and size of each layer.
    sent: [(u32, Option<Size>); 2],
}

/// The last pictures, for snapshots.
#[derive(Default)]
struct Latest {
    captured: Option<Frame>,
    shown: Option<Frame>,
}

/// What is wished of a track.
#[derive(Clone)]
pub(super) struct Wishes {
    pub(super) content: Content,
    /// Counts the sources it had, so that the first picture of each is told.
    pub(super) source: u64,
    pub(super) big: LayerSettings,
    pub(super) small: Option<LayerSettings>,
    pub(super) preference: QualityPreference,
    pub(super) codec: VideoCodec,
    /// What somebody watches.
    pub(super) wanted: [bool; 2],
    pub(super) kbps: Option<u32>,
    /// There is an engine.
    pub(super) is_connected: bool,
    /// It lets us.
    pub(super) is_open: bool,
    pub(super) is_muted: bool,
    /// What is sent while muted, so many times a second.
    pub(super) mute_image: Option<(Frame, u32)>,
    pub(super) rotation: Rotation,
    pub(super) is_mirrored: bool,
    pub(super) watermark: Option<Arc<Mutex<Watermark>>>,
    pub(super) window: u64,
    pub(super) render: RenderParams,
    pub(super) processor: Option<Arc<dyn VideoProcessor>>,
    pub(super) sink: Option<Arc<dyn VideoSink>>,
    pub(super) tap: Option<Tap>,
    /// Changes pictures after they were encoded.
    pub(super) encoded: Option<Arc<dyn EncodedDataHook>>,
    /// Pictures are encrypted with it, or not sent.
    pub(super) key: Option<PayloadKey>,
}

impl Wishes {
    pub(super) fn is_sending(&self) -> bool {
        self.is_connected && self.is_open
    }
}

/// What the thread has to do next.
pub(super) struct Turn {
    pub(super) picture: Option<Frame>,
    /// Where they have changed.
    pub(super) wishes: Option<Box<Wishes>>,
    pub(super) keys: [bool; 2],
    pub(super) messages: Vec<(Vec<u8>, u32)>,
}

impl Sending {
    pub(super) fn new(track: Track, param: &VideoEncParam, courier: Courier, epoch: Instant) -> Arc<Self> {
        let wishes = Wishes {
            content: content_of(track),
            source: 0,
            big: settings::layer_settings(param),
            small: None,
            preference: QualityPreference::Clear,
            codec: VideoCodec::Vp8,
            wanted: WANTED_FIRST,
            kbps: None,
            is_connected: false,
            is_open: false,
            is_muted: false,
            mute_image: None,
            rotation: Rotation::None,
            is_mirrored: false,
            watermark: None,
            window: 0,
            render: RenderParams::default(),
            processor: None,
            sink: None,
            tap: None,
            encoded: None,
            key: None,
        };
        let state = State {
            wishes,
            revision: 1,
            picture: None,
            keys: [false; 2],
            messages: Vec::new(),
            life: None,
            lives: 0,
            uplink: None,
            has_told_sent: false,
            seqs: [1; 2],
            is_custom: false,
            custom_clock: None,
            last_custom_us: 0,
            counts: Counts { since: Instant::now(), captured: 0, sent: [(0, None); 2] },
            latest: Latest::default(),
        };
        let (state, changed, worker) = (Mutex::new(state), Condvar::new(), Mutex::default());
        Arc::new(Self { track, courier, epoch, state, changed, worker })
    }

    pub(super) fn track(&self) -> Track {
        self.track
    }

    pub(super) fn courier(&self) -> &Courier {
        &self.courier
    }

    /// Microseconds on the track's clock.
    pub(super) fn time_us(&self, moment: Instant) -> u64 {
        // Half a million years fit.
        moment.saturating_duration_since(self.epoch).as_micros() as u64
    }

    /// A source of pictures begins: the application where `is_custom`. `content` is of another kind of content than the track's own, where a screen is shared as camera.
    pub(super) fn begin(self: &Arc<Self>, content: Content, is_custom: bool) {
        let begun = {
            let mut state = self.lock();
            state.wishes.content = content;
            state.wishes.source += 1;
            state.revision += 1;
            state.has_told_sent = false;
            state.custom_clock = None;
            state.is_custom = is_custom;
            state.picture = None;
            let is_new = state.life.is_none();
            if is_new {
                state.lives += 1;
                state.life = Some(state.lives);
            }
            is_new.then(|| (state.lives, state.wishes.clone()))
        };
        self.changed.notify_all();
        let Some((life, wishes)) = begun else { return };
        let pipeline = Pipeline::new(Arc::clone(self), life, wishes);
        match Worker::spawn("rtc-picture-out", move || pipeline.run()) {
            Ok(thread) => *self.worker() = Some(thread),
            Err(error) => tracing::error!("no thread for a picture that is sent: {error}"),
        }
    }

    /// The source is gone. Asks the thread to end, without waiting for it.
    pub(super) fn end(&self) {
        let (before, latest) = {
            let mut state = self.lock();
            (state.life, state.is_custom) = (None, false);
            state.messages.clear();
            (state.picture.take(), std::mem::take(&mut state.latest))
        };
        self.changed.notify_all();
        drop((before, latest));
    }

    /// Waits for the end that was asked for, if it was: nothing is sent or shown any more when this returns.
    pub(super) fn join(&self, deadline: Instant) {
        if self.lock().life.is_some() {
            return;
        }
        let worker = self.worker().take();
        if let Some(worker) = worker {
            worker.join(deadline);
        }
    }

    fn worker(&self) -> MutexGuard<'_, Option<Worker>> {
        lock(&self.worker)
    }

    /// Changes what is wished.
    pub(super) fn wish<T>(&self, change: impl FnOnce(&mut Wishes) -> T) -> T {
        let mut state = self.lock();
        let result = change(&mut state.wishes);
        state.revision += 1;
        drop(state);
        self.changed.notify_all();
        result
    }

    pub(super) fn wishes(&self) -> Wishes {
        self.lock().wishes.clone()
    }

    /// A stay begins or, with nothing, ends.
    pub(super) fn connect(&self, uplink: Option<Arc<dyn Uplink>>) {
        let mut state = self.lock();
        let before = std::mem::replace(&mut state.uplink, uplink);
        state.has_told_sent = false;
        state.wishes.wanted = WANTED_FIRST;
        state.wishes.kbps = None;
        state.wishes.is_connected = state.uplink.is_some();
        if state.uplink.is_none() {
            state.wishes.is_open = false;
            state.wishes.codec = VideoCodec::Vp8;
            state.wishes.key = None;
            state.messages.clear();
        }
        state.keys = [true; 2];
        state.revision += 1;
        drop(state);
        self.changed.notify_all();
        // The last reference to a session says goodbye; not with our lock held.
        drop(before);
    }

    pub(super) fn set_open(&self, is_open: bool) {
        let mut state = self.lock();
        if state.wishes.is_open == is_open {
            return;
        }
        state.wishes.is_open = is_open;
        if is_open {
            // Until the engine says something else, it wants to know what the line carries.
            state.wishes.wanted = WANTED_FIRST;
            state.keys = [true; 2];
        }
        state.revision += 1;
        drop(state);
        self.changed.notify_all();
    }

    /// The engine says what somebody watches. What begins to be watched begins with a key frame.
    pub(super) fn want(&self, layers: EncodeLayers) {
        let mut state = self.lock();
        for (layer, is_wanted) in [layers.big, layers.small].into_iter().enumerate() {
            if is_wanted && !state.wishes.wanted[layer] {
                state.keys[layer] = true;
            }
            state.wishes.wanted[layer] = is_wanted;
        }
        state.revision += 1;
        drop(state);
        self.changed.notify_all();
    }

    pub(super) fn want_keyframe(&self, layer: Layer) {
        self.lock().keys[usize::from(layer == Layer::Small)] = true;
        self.changed.notify_all();
    }

    /// A message for the next `repeat` pictures.
    pub(super) fn send_message(&self, data: Vec<u8>, repeat: u32) {
        let mut state = self.lock();
        if state.life.is_none() || state.messages.len() >= MOST_MESSAGES {
            tracing::warn!("an SEI message is left out: no picture takes it");
            return;
        }
        state.messages.push((data, repeat));
        drop(state);
        self.changed.notify_all();
    }

    /// Takes the latest picture; one that was not yet taken is replaced. Never waits.
    pub(super) fn put(&self, picture: Frame) {
        let mut state = self.lock();
        if state.life.is_none() {
            return;
        }
        state.counts.captured = state.counts.captured.saturating_add(1);
        state.picture = Some(picture);
        drop(state);
        self.changed.notify_all();
    }

    /// The same for a picture of the application's own, whose time is on a clock of its own or 0.
    /// False where the application is not the source.
    pub(super) fn put_custom(&self, picture: Frame) -> bool {
        let now = self.time_us(Instant::now());
        let mut state = self.lock();
        if !state.is_custom || state.life.is_none() {
            return false;
        }
        let theirs = picture.time_us;
        let mapped = state.custom_clock.map(|offset| i128::from(theirs) + offset).and_then(|ours| u64::try_from(ours).ok());
        let last = state.last_custom_us;
        let is_sane = |ours: &u64| *ours > last && u128::from(ours.abs_diff(now)) <= FARTHEST.as_micros();
        let ours = mapped.filter(|ours| theirs != 0 && is_sane(ours)).unwrap_or(now).max(last + CLOSEST_US);
        state.custom_clock = Some(i128::from(ours) - i128::from(theirs));
        state.last_custom_us = ours;
        drop(state);
        self.put(picture.at(ours));
        true
    }

    /// What both layers ask for while they are sent, else 0.
    pub(super) fn asked_kbps(&self) -> u64 {
        let state = self.lock();
        let wishes = &state.wishes;
        if state.life.is_none() || !wishes.is_sending() {
            return 0;
        }
        u64::from(wishes.big.bitrate_kbps) + wishes.small.map_or(0, |small| u64::from(small.bitrate_kbps))
    }

    pub(super) fn set_bandwidth(&self, kbps: u32) {
        if self.lock().wishes.kbps != Some(kbps) {
            self.wish(|wishes| wishes.kbps = Some(kbps));
        }
    }

    pub(super) fn set_tap(&self, tap: Option<Tap>) {
        // Whoever records begins with a key frame.
        self.lock().keys[0] |= tap.is_some();
        drop(self.wish(|wishes| std::mem::replace(&mut wishes.tap, tap)));
    }

    /// Waits for something to do, until `due` at most. Nothing when the thread of this life is to end.
    pub(super) fn next(&self, life: u64, revision: &mut u64, due: Option<Instant>) -> Option<Turn> {
        let mut state = self.lock();
        loop {
            if state.life != Some(life) {
                return None;
            }
            let has_news = state.revision != *revision || state.keys != [false; 2] || !state.messages.is_empty();
            let now = Instant::now();
            if has_news || state.picture.is_some() || due.is_some_and(|due| due <= now) {
                let wishes = (state.revision != *revision).then(|| Box::new(state.wishes.clone()));
                *revision = state.revision;
                return Some(Turn {
                    picture: state.picture.take(),
                    wishes,
                    keys: std::mem::take(&mut state.keys),
                    messages: std::mem::take(&mut state.messages),
                });
            }
            state = match due {
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(due) => self.changed.wait_timeout(state, due - now).unwrap_or_else(PoisonError::into_inner).0,
            };
        }
    }

    /// Hands the packets of a picture to the session, if they may still go out.
    pub(super) fn send(&self, life: u64, picture: Published, size: Option<Size>) {
        let at = picture.layer as usize;
        let mut state = self.lock();
        // It may have been closed while the picture was encoded. A picture that is only recorded is not for the engine.
        if state.life != Some(life) || !state.wishes.is_sending() || !state.wishes.wanted[at] {
            return;
        }
        let Some(uplink) = state.uplink.clone() else { return };
        let first = state.seqs[at];
        state.seqs[at] += picture.payloads.len() as u64;
        let (count, sent) = &mut state.counts.sent[at];
        *count = count.saturating_add(1);
        *sent = size;
        let is_first = picture.layer == layers::Layer::Big && !std::mem::replace(&mut state.has_told_sent, true);
        drop(state);
        let codec = settings::wire_codec(picture.frame.codec);
        for (seq, payload) in (first..).zip(picture.payloads) {
            uplink.send(Outgoing {
                track: self.track,
                layer: settings::wire_layer(picture.layer),
                codec,
                seq,
                time: picture.time,
                marker: payload.marker,
                level: None,
                payload: payload.data,
            });
        }
        if is_first {
            self.courier.tell(Event::SendFirstLocalVideoFrame { stream_type: settings::stream_type(self.track) });
        }
    }

    pub(super) fn keep_captured(&self, life: u64, picture: &Frame) {
        let mut state = self.lock();
        if state.life == Some(life) {
            state.latest.captured = Some(picture.clone());
        }
    }

    pub(super) fn keep_shown(&self, life: u64, picture: &Frame) {
        let mut state = self.lock();
        if state.life == Some(life) {
            state.latest.shown = Some(picture.clone());
        }
    }

    /// The last picture, as it was captured or as it is shown and sent.
    pub(super) fn latest(&self, is_captured: bool) -> Option<Frame> {
        let state = self.lock();
        if is_captured { state.latest.captured.clone() } else { state.latest.shown.clone() }
    }

    /// The layers that are sent, since the last time this was asked.
    pub(super) fn measure(&self, now: Instant) -> Vec<PictureSent> {
        let mut state = self.lock();
        let fresh = Counts { since: now, captured: 0, sent: [(0, None); 2] };
        let counts = std::mem::replace(&mut state.counts, fresh);
        let seconds = now.saturating_duration_since(counts.since).as_secs_f32();
        let rate = |count| super::gaps::per_second(count, seconds);
        // What rests because nobody watches is there all the same.
        let resting = (state.life.is_some() && state.wishes.is_sending()).then_some(state.wishes.big.size);
        let layers = [(Layer::Big, resting), (Layer::Small, None)].into_iter().zip(counts.sent);
        let sent = layers.filter_map(|((layer, resting), (count, size))| {
            let size = size.or(resting)?;
            Some(PictureSent {
                track: self.track,
                layer,
                size: (size.width(), size.height()),
                captured_per_second: rate(counts.captured),
                frames_per_second: rate(count),
            })
        });
        sent.collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

/// Big, not small: what is encoded before the engine has said anything.
const WANTED_FIRST: [bool; 2] = [true, false];

pub(super) fn content_of(track: Track) -> Content {
    match track {
        Track::Microphone | Track::Camera => Content::Camera,
        Track::Screen => Content::Screen,
    }
}
