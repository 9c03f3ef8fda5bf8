//! What somebody sees, and a camera of coded pictures for others to see. It draws into no window.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rtc_core::video::frame::{Frame, Pool, Size};
use rtc_core::video::pattern::{Mark, Pattern};
use rtc_core::{Event, VideoEncParam, VideoResolution, VideoSink, VideoStreamType};

use crate::engine::PATIENCE;
use crate::person::Person;

/// The size of pictures wherever it does not matter.
pub(crate) const SMALL: (u32, u32) = (320, 180);
/// More than this many pictures behind is not slow, but over.
const BEHIND: u32 = 30;
/// More pictures than this wait for nobody.
const MOST: usize = 100;

/// Everybody's pictures, as many as were not waited for yet.
#[derive(Default)]
pub(crate) struct Eyes {
    seen: Mutex<BTreeMap<(String, bool), Seen>>,
    changed: Condvar,
}

#[derive(Default)]
struct Seen {
    waiting: Vec<Frame>,
    latest: Option<Frame>,
}

impl VideoSink for Eyes {
    fn frame(&self, user: &str, kind: VideoStreamType, frame: &Frame) {
        let mut all = self.seen.lock().expect("not poisoned");
        let seen = all.entry(key(user, kind)).or_default();
        seen.latest = Some(frame.clone());
        seen.waiting.push(frame.clone());
        let too_many = seen.waiting.len().saturating_sub(MOST);
        seen.waiting.drain(..too_many);
        self.changed.notify_all();
    }
}

fn key(user: &str, kind: VideoStreamType) -> (String, bool) {
    (user.to_owned(), kind == VideoStreamType::Sub)
}

impl Eyes {
    /// Waits for a picture of somebody's camera for which `find` finds something.
    pub(crate) fn until<T>(&self, user: &str, what: &str, find: impl Fn(&Frame) -> Option<T>) -> T {
        self.until_of(user, VideoStreamType::Big, what, find)
    }

    /// The same of any stream.
    pub(crate) fn until_of<T>(&self, user: &str, kind: VideoStreamType, what: &str, find: impl Fn(&Frame) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let frame = self.next(user, kind, left).unwrap_or_else(|| panic!("no picture of {user:?} with {what}"));
            // Looked at without the lock: nothing is held up by it.
            if let Some(found) = find(&frame) {
                return found;
            }
        }
    }

    /// Waits for a picture of this size.
    pub(crate) fn until_size(&self, user: &str, size: (u32, u32)) {
        self.until(user, &format!("{size:?}"), |frame| ((frame.width(), frame.height()) == size).then_some(()));
    }

    /// Waits until somebody's pictures, which are coded, come no more although he goes on taking them, as he sees himself.
    pub(crate) fn until_left_behind(&self, user: &str, own: &Self) {
        own.until("", "a number far beyond what is seen", |frame| {
            let latest = self.latest(user).and_then(|frame| Mark::read(&frame)).map_or(0, |mark| mark.number);
            Mark::read(frame).filter(|mark| mark.number > latest + BEHIND)
        });
    }

    /// The last picture of somebody's camera.
    pub(crate) fn latest(&self, user: &str) -> Option<Frame> {
        self.seen.lock().expect("not poisoned").get(&key(user, VideoStreamType::Big))?.latest.clone()
    }

    /// Forgets what was seen.
    pub(crate) fn close(&self) {
        self.seen.lock().expect("not poisoned").clear();
    }

    /// Whether nothing was seen since.
    pub(crate) fn have_seen_nothing(&self) -> bool {
        self.seen.lock().expect("not poisoned").is_empty()
    }

    fn next(&self, user: &str, kind: VideoStreamType, patience: Duration) -> Option<Frame> {
        let all = self.seen.lock().expect("not poisoned");
        let is_waiting =
            |all: &mut BTreeMap<(String, bool), Seen>| all.get(&key(user, kind)).is_none_or(|seen| seen.waiting.is_empty());
        let (mut all, _) = self.changed.wait_timeout_while(all, patience, is_waiting).expect("not poisoned");
        all.get_mut(&key(user, kind)).filter(|seen| !seen.waiting.is_empty()).map(|seen| seen.waiting.remove(0))
    }
}

/// Reads which source drew a picture.
pub(crate) fn source_of(frame: &Frame) -> Option<u16> {
    Mark::read(frame).map(|mark| mark.source)
}

/// Sends coded pictures, twenty a second, until dropped.
pub(crate) struct Camera(Arc<AtomicBool>, Option<JoinHandle<()>>);

impl Camera {
    pub(crate) fn on(person: &Person, source: u16, size: (u32, u32)) -> Self {
        Self::of(person, VideoStreamType::Big, source, size)
    }

    /// The same in place of any stream.
    pub(crate) fn of(person: &Person, kind: VideoStreamType, source: u16, size: (u32, u32)) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (cloud, stopped) = (person.cloud.clone(), Arc::clone(&stop));
        cloud.enable_custom_video_capture(kind, true);
        let thread = std::thread::spawn(move || {
            let (pattern, pool) = (Pattern::new(source, Size::new(size.0, size.1).expect("a size")), Pool::default());
            for number in 0.. {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                let time_us = cloud.generate_custom_pts() * 1000;
                cloud.send_custom_video_data(kind, pattern.draw(number, time_us, &pool));
                std::thread::park_timeout(Duration::from_millis(50));
            }
        });
        Self(stop, Some(thread))
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
        let _ = self.1.take().expect("once").join();
    }
}

pub(crate) fn encoding(video_resolution: VideoResolution) -> VideoEncParam {
    VideoEncParam { video_resolution, video_fps: 20, video_bitrate: 800, ..VideoEncParam::default() }
}

impl Person {
    /// Shows coded pictures of [`SMALL`] size; the eyes are the own ones.
    pub(crate) fn shows(&self, source: u16) -> (Camera, Arc<Eyes>) {
        let own = Arc::<Eyes>::default();
        self.cloud.set_local_video_render_callback(Some(own.clone()));
        self.cloud.set_video_encoder_param(encoding(VideoResolution::R320x180));
        (Camera::on(self, source, SMALL), own)
    }

    /// Watches somebody, once he is told as publishing.
    pub(crate) fn watches(&mut self, user: &str) -> Arc<Eyes> {
        self.until_event(&Event::UserVideoAvailable { user_id: user.into(), available: true });
        let eyes = Arc::<Eyes>::default();
        self.cloud.set_remote_video_render_callback(user, Some(eyes.clone())).expect("a user id");
        self.cloud.start_remote_view(user, VideoStreamType::Big, 0);
        eyes
    }
}
