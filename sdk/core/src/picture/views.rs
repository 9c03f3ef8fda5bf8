//! All streams an instance watches, and what was said about showing them. It decodes nothing.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::time::{Duration, Instant};

use rtc_api::{AVStatusChangeReason, AVStatusType, RenderParams};
use rtc_protocol::{Layer, Track, TrackState, Tracks, UserId};
use rtc_session::{Incoming, Line, SourceClock};

use super::payload_key::PayloadKey;
use super::uplink::Uplink;
use super::view::{View, ViewWishes};
use super::watching::tell_status;
use super::worker::Worker;
use super::{PictureWatched, VideoSink};
use crate::courier::Courier;
use crate::encoded::EncodedDataHook;
use crate::lock::lock;

/// Words about more streams than this are nonsense.
const MOST: usize = 2048;
/// How long missing packets are waited for while the way to the engine is not known.
const PATIENCE: Duration = Duration::from_millis(150);
const LEAST_PATIENCE: Duration = Duration::from_millis(60);
const MOST_PATIENCE: Duration = Duration::from_millis(600);
/// A change of patience below this is not worth a word.
const SAME: Duration = Duration::from_millis(20);

type Key = (UserId, Track);

/// The streams.
pub(super) struct Views {
    courier: Courier,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    views: BTreeMap<Key, Arc<View>>,
    /// May be said before a stream is watched, and last until something else is said.
    sinks: BTreeMap<Key, Arc<dyn VideoSink>>,
    renders: BTreeMap<Key, RenderParams>,
    uplink: Option<Arc<dyn Uplink>>,
    key: Option<PayloadKey>,
    encoded: Option<Arc<dyn EncodedDataHook>>,
}

impl Views {
    pub(super) fn new(courier: Courier) -> Arc<Self> {
        Arc::new(Self { courier, table: Mutex::default() })
    }

    pub(super) fn connect(&self, uplink: Option<Arc<dyn Uplink>>) {
        let before = {
            let mut table = self.lock();
            table.views.values().for_each(|view| view.connect(uplink.clone()));
            std::mem::replace(&mut table.uplink, uplink)
        };
        // The last reference to a session says goodbye; not with our lock held.
        drop(before);
    }

    /// Decrypts all pictures from now on, or no longer.
    pub(super) fn set_key(&self, key: Option<&PayloadKey>) {
        let mut table = self.lock();
        table.key = key.cloned();
        table.views.values().for_each(|view| view.wish(|wishes| wishes.key = key.cloned()));
    }

    /// Has all pictures changed back from now on, or no longer.
    pub(super) fn set_encoded(&self, encoded: Option<&Arc<dyn EncodedDataHook>>) {
        let before = {
            let mut table = self.lock();
            table.views.values().for_each(|view| view.wish(|wishes| wishes.encoded = encoded.cloned()));
            std::mem::replace(&mut table.encoded, encoded.cloned())
        };
        // The application's own drop runs without our lock.
        drop(before);
    }

    /// Watches a stream, or shows one that is watched elsewhere.
    pub(super) fn start(&self, user: &UserId, track: Track, window: u64) {
        let key = (user.clone(), track);
        let mut table = self.lock();
        if let Some(view) = table.views.get(&key) {
            return view.wish(|wishes| wishes.window = window);
        }
        if table.views.len() >= MOST {
            return;
        }
        let wishes = ViewWishes {
            layer: Layer::Big,
            window,
            render: table.renders.get(&key).cloned().unwrap_or_default(),
            sink: table.sinks.get(&key).cloned(),
            is_published: true,
            patience: patience(table.uplink.as_deref()),
            least_delay: Duration::ZERO,
            key: table.key.clone(),
            encoded: table.encoded.clone(),
        };
        let view = View::start(user.clone(), track, wishes, table.uplink.clone(), self.courier.clone());
        table.views.insert(key, view);
    }

    pub(super) fn stop(&self, user: &UserId, track: Track) {
        let Some(view) = self.lock().views.remove(&(user.clone(), track)) else { return };
        view.end();
        view.join(Worker::deadline());
        tell_status(&view, AVStatusType::Stopped, AVStatusChangeReason::LocalStopped);
    }

    /// Stops everything, without a word to the application.
    pub(super) fn stop_all(&self) {
        let views = std::mem::take(&mut self.lock().views);
        views.values().for_each(|view| view.end());
        let deadline = Worker::deadline();
        views.values().for_each(|view| view.join(deadline));
    }

    /// Lets go of the application's hooks.
    pub(super) fn forget_sinks(&self) {
        let sinks = std::mem::take(&mut self.lock().sinks);
        drop(sinks);
    }

    /// Somebody shows something else than before.
    pub(super) fn published(&self, user: &UserId, tracks: Tracks) {
        for track in [Track::Camera, Track::Screen] {
            let is_published = tracks.state(track) == TrackState::On;
            if let Some(view) = self.view(user, track) {
                view.wish(|wishes| wishes.is_published = is_published);
            }
        }
    }

    pub(super) fn set_sink(&self, user: &UserId, track: Track, sink: Option<Arc<dyn VideoSink>>) {
        let key = (user.clone(), track);
        let mut table = self.lock();
        if let Some(view) = table.views.get(&key) {
            view.wish(|wishes| wishes.sink.clone_from(&sink));
        }
        let before = match sink {
            Some(_) if table.sinks.len() >= MOST && !table.sinks.contains_key(&key) => return,
            Some(sink) => table.sinks.insert(key, sink),
            None => table.sinks.remove(&key),
        };
        drop(table);
        // The application's own drop runs without our lock.
        drop(before);
    }

    pub(super) fn change_render(&self, user: &UserId, track: Track, change: impl FnOnce(&mut RenderParams)) {
        let key = (user.clone(), track);
        let mut table = self.lock();
        if table.renders.len() >= MOST && !table.renders.contains_key(&key) {
            return;
        }
        let render = table.renders.entry(key.clone()).or_default();
        change(render);
        let render = render.clone();
        if let Some(view) = table.views.get(&key) {
            view.wish(|wishes| wishes.render = render);
        }
    }

    pub(super) fn view(&self, user: &UserId, track: Track) -> Option<Arc<View>> {
        self.lock().views.get(&(user.clone(), track)).cloned()
    }

    pub(super) fn measure(&self, now: Instant) -> Vec<PictureWatched> {
        let (views, patience) = {
            let table = self.lock();
            (table.views.values().cloned().collect::<Vec<_>>(), patience(table.uplink.as_deref()))
        };
        for view in &views {
            if view.wishes().patience.abs_diff(patience) > SAME {
                view.wish(|wishes| wishes.patience = patience);
            }
        }
        views.iter().filter_map(|view| view.measure(now)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        lock(&self.table)
    }
}

/// Three round trips give a retransmission its chance.
fn patience(uplink: Option<&dyn Uplink>) -> Duration {
    let round_trip = uplink.and_then(Uplink::round_trip);
    round_trip.map_or(PATIENCE, |rtt| (3 * rtt).clamp(LEAST_PATIENCE, MOST_PATIENCE))
}

/// Takes the packets of pictures, on the session's thread. It never waits.
pub(crate) struct PictureInbox(Weak<Views>);

impl PictureInbox {
    pub(super) fn new(views: &Arc<Views>) -> Self {
        Self(Arc::downgrade(views))
    }

    pub(crate) fn packet(&self, user: &UserId, track: Track, line: Line, packet: Incoming) {
        if let Some(view) = self.view(user, track) {
            view.packet(line, packet);
        }
    }

    /// Somebody's stream moves to another line, or comes no more.
    pub(crate) fn source_changed(&self, user: &UserId, track: Track, line: Option<Line>) {
        if let Some(view) = self.view(user, track) {
            view.moved(line);
        }
    }

    /// The sender's clock, for lip sync.
    pub(crate) fn clock(&self, user: &UserId, track: Track, line: Line, clock: SourceClock) {
        if let Some(view) = self.view(user, track) {
            view.clock(line, clock);
        }
    }

    fn view(&self, user: &UserId, track: Track) -> Option<Arc<View>> {
        self.0.upgrade()?.view(user, track)
    }
}
