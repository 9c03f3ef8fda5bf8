//! What the thread of a watched stream does: packets to pictures, pictures to windows and the application, and events about
//! how it goes. It knows no network.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rtc_api::{AVStatusChangeReason, AVStatusType, Event};
use rtc_session::Incoming;
use rtc_video::cipher::Cipher;
use rtc_video::codec::Software;
use rtc_video::frame::{Frame, Pool, Size};
use rtc_video::rtp::assembler::Packet;
use rtc_video::viewer::Viewer;

use super::encoded;
use super::payload_key::{PayloadKey, is_same};
use super::settings;
use super::view::{Arrival, View, ViewTurn, ViewWishes};
use super::window::Window;
use super::worker::hook;
use crate::courier::{Parcel, SeiMessage};

/// Key frames are asked for at most so often.
const ASK_EVERY: Duration = Duration::from_millis(300);

/// The work of one thread.
pub(super) struct Watching {
    view: Arc<View>,
    revision: u64,
    wishes: ViewWishes,
    pool: Pool,
    cipher: Option<Arc<Cipher>>,
    viewer: Viewer,
    window: Window,
    status: Status,
    /// Of the last picture.
    size: Option<Size>,
    asked: Option<Instant>,
}

/// What the application knows of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    /// Nothing was shown yet.
    Waiting,
    Playing,
    /// No picture comes, and nobody said why.
    Loading,
    /// Its owner does not show it.
    Stopped,
}

impl Watching {
    pub(super) fn new(view: Arc<View>, wishes: ViewWishes) -> Self {
        let pool = Pool::default();
        let cipher = cipher(wishes.key.as_ref());
        let viewer = viewer(&wishes, cipher.clone(), &pool);
        let (window, status) = (Window::default(), Status::Waiting);
        let mut watching = Self { view, revision: 0, wishes, pool, cipher, viewer, window, status, size: None, asked: None };
        watching.change_back();
        watching
    }

    pub(super) fn run(mut self) {
        let view = Arc::clone(&self.view);
        loop {
            let due = self.due();
            let Some(turn) = view.next(&mut self.revision, due) else { return };
            self.take(turn, Instant::now());
        }
    }

    fn due(&self) -> Option<Instant> {
        let gap = (self.status == Status::Playing).then(|| self.view.gap_due()).flatten();
        [self.viewer.poll_timeout(), gap].into_iter().flatten().min()
    }

    fn take(&mut self, turn: ViewTurn, now: Instant) {
        if let Some(wishes) = turn.wishes {
            self.adopt(wishes, now);
        }
        for arrival in turn.arrivals {
            match arrival {
                Arrival::Packet(packet) => self.packet(packet, now),
                Arrival::Restart => {
                    self.viewer = viewer(&self.wishes, self.cipher.clone(), &self.pool);
                    self.change_back();
                }
                Arrival::Pause => self.view.pause(now),
            }
        }
        self.viewer.handle_timeout(now);
        while let Some(message) = self.viewer.poll_message() {
            let message = SeiMessage { user_id: self.view.user().to_string(), data: message.data };
            self.view.courier().hand(Parcel::SeiMessage(message));
        }
        if let Some(frame) = self.viewer.poll_frame(now) {
            self.show(&frame, now);
        }
        if self.status == Status::Playing && self.view.gap_due().is_some_and(|due| due <= now) {
            self.change(Status::Loading, AVStatusType::Loading, AVStatusChangeReason::BufferingBegin);
        }
        let may_ask = self.asked.is_none_or(|last| now.saturating_duration_since(last) >= ASK_EVERY);
        if may_ask && self.viewer.keyframe_wanted(now) {
            self.asked = Some(now);
            self.view.want_keyframe();
        }
    }

    fn adopt(&mut self, wishes: ViewWishes, now: Instant) {
        self.window.set(wishes.window, &wishes.render);
        self.viewer.set_patience(wishes.patience);
        self.viewer.playout().set_minimum_delay(wishes.least_delay);
        if !is_same(wishes.key.as_ref(), self.wishes.key.as_ref()) {
            self.cipher = cipher(wishes.key.as_ref());
            self.viewer.set_cipher(self.cipher.clone());
        }
        if !wishes.is_published && matches!(self.status, Status::Playing | Status::Loading) {
            self.view.pause(now);
            self.change(Status::Stopped, AVStatusType::Stopped, AVStatusChangeReason::RemoteStopped);
        }
        let is_same =
            wishes.layer == self.wishes.layer && encoded::is_same(wishes.encoded.as_ref(), self.wishes.encoded.as_ref());
        self.wishes = wishes;
        if !is_same {
            self.change_back();
        }
    }

    /// Lets the application change pictures back, if it wants to.
    fn change_back(&mut self) {
        let (view, wishes) = (&self.view, &self.wishes);
        let encoded = encoded::change_back(view.user().as_str(), view.track(), wishes.layer, wishes.encoded.as_ref());
        self.viewer.set_change_back(encoded);
    }

    fn packet(&mut self, packet: Incoming, now: Instant) {
        // Sound on a line of pictures is a mistake of somebody else.
        let Some(codec) = settings::video_codec(packet.codec) else { return };
        let Incoming { seq, time, marker, payload, .. } = packet;
        self.viewer.handle_packet(Packet { seq, time, marker, codec, payload }, now);
    }

    fn show(&mut self, frame: &Frame, now: Instant) {
        let (user, track) = (self.view.user().clone(), self.view.track());
        let (user_id, stream_type) = (user.to_string(), settings::stream_type(track));
        let (width, height) = settings::sides(frame.size());
        let delay = self.viewer.playout().delay();
        self.view.shown(frame, delay, now);
        match self.size.replace(frame.size()) {
            None => self.view.courier().tell(Event::FirstVideoFrame { user_id, stream_type, width, height }),
            Some(before) if before != frame.size() => {
                let event = Event::UserVideoSizeChanged { user_id, stream_type, new_width: width, new_height: height };
                self.view.courier().tell(event);
            }
            Some(_) => {}
        }
        let reason = match self.status {
            Status::Waiting => Some(AVStatusChangeReason::LocalStarted),
            Status::Loading => Some(AVStatusChangeReason::BufferingEnd),
            Status::Stopped => Some(AVStatusChangeReason::RemoteStarted),
            Status::Playing => None,
        };
        if self.wishes.is_published {
            if let Some(reason) = reason {
                self.change(Status::Playing, AVStatusType::Playing, reason);
            }
        } else {
            // What was under way when its owner stopped, or an image in its place: no gap follows it.
            self.view.pause(now);
        }
        if let Some(sink) = self.wishes.sink.clone() {
            hook(|| sink.frame(user.as_str(), stream_type, frame));
        }
        self.window.show(frame);
    }

    fn change(&mut self, status: Status, told: AVStatusType, reason: AVStatusChangeReason) {
        self.status = status;
        tell_status(&self.view, told, reason);
    }
}

fn viewer(wishes: &ViewWishes, cipher: Option<Arc<Cipher>>, pool: &Pool) -> Viewer {
    let mut viewer = Viewer::new(wishes.patience, Arc::new(Software), pool);
    viewer.playout().set_minimum_delay(wishes.least_delay);
    viewer.set_cipher(cipher);
    viewer
}

/// A key was tried when it was made, so that it gives a cipher; without one, what is encrypted is seen as damaged.
fn cipher(key: Option<&PayloadKey>) -> Option<Arc<Cipher>> {
    key.and_then(|key| key.cipher().ok()).map(Arc::new)
}

/// Tells the application how a stream goes.
pub(super) fn tell_status(view: &View, status: AVStatusType, reason: AVStatusChangeReason) {
    view.courier().tell(Event::RemoteVideoStatusUpdated {
        user_id: view.user().to_string(),
        stream_type: settings::stream_type(view.track()),
        status,
        reason,
    });
}
