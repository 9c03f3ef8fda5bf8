//! What the thread of a sent track does with a picture: the application's changes, the watermark, the preview, and encoding
//! for whoever watches. It captures nothing and knows no network.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rtc_api::{ErrorCode, Event};
use rtc_protocol::Track;
use rtc_video::cipher::CipherError;
use rtc_video::codec::{Content, Software, VideoCodec};
use rtc_video::frame::{Frame, FrameError, Pool, Size};
use rtc_video::layers::{Layer, LayerSettings};
use rtc_video::publisher::{PublishError, Published, Publisher, PublisherSettings};
use rtc_video::scale::FillMode;
use rtc_video::sei::Sei;

use super::encoded;
use super::payload_key::{PayloadKey, is_same};
use super::sending::{CLOSEST_US, Sending, Turn, Wishes};
use super::settings;
use super::window::Window;
use super::worker::hook;
use crate::lock::lock;

/// A source that shows nothing new for so long has its last picture encoded again, where somebody waits for a key frame.
const REPEAT: Duration = Duration::from_millis(100);

/// The work of one thread.
pub(super) struct Pipeline {
    sending: Arc<Sending>,
    /// See [`Sending::next`].
    life: u64,
    revision: u64,
    wishes: Wishes,
    pool: Pool,
    publisher: Publisher,
    /// Why pictures cannot be encrypted as they should be: nothing is sent then.
    cipher: Result<(), CipherError>,
    window: Window,
    /// The last picture of the source as it was sent or would have been, for who comes later.
    last: Option<(Frame, Instant)>,
    last_us: u64,
    /// Layers somebody waits for a key frame of.
    owed: [bool; 2],
    /// Pictures that messages still wait for.
    messages: u32,
    /// When the image that stands in for a muted camera goes out again.
    image_due: Option<Instant>,
    /// The source whose first picture was told.
    told: u64,
    is_broken: bool,
    /// Of the source's pictures; a shared screen decides the size of what is sent.
    shape: Option<Size>,
}

impl Pipeline {
    pub(super) fn new(sending: Arc<Sending>, life: u64, wishes: Wishes) -> Self {
        let pool = Pool::default();
        let (publisher, cipher) = publisher(&wishes, &pool);
        Self {
            sending,
            life,
            revision: 0,
            publisher,
            cipher,
            wishes,
            pool,
            window: Window::default(),
            last: None,
            last_us: 0,
            owed: [true; 2],
            messages: 0,
            image_due: None,
            told: 0,
            is_broken: false,
            shape: None,
        }
    }

    pub(super) fn run(mut self) {
        let sending = Arc::clone(&self.sending);
        loop {
            let due = self.due();
            let Some(turn) = sending.next(self.life, &mut self.revision, due) else { return };
            self.take(turn, Instant::now());
        }
    }

    fn take(&mut self, turn: Turn, now: Instant) {
        if let Some(wishes) = turn.wishes {
            self.adopt(*wishes, now);
        }
        for (layer, _) in [Layer::Big, Layer::Small].into_iter().zip(turn.keys).filter(|(_, is_wanted)| *is_wanted) {
            self.publisher.want_keyframe(layer);
            self.owed[layer as usize] = true;
        }
        for (data, repeat) in turn.messages {
            match self.publisher.send_message(Sei { uuid: None, data }, repeat) {
                Ok(true) => self.messages = self.messages.max(repeat),
                Ok(false) => tracing::warn!("an SEI message is left out: too many wait for a picture"),
                Err(error) => tracing::warn!("an SEI message is left out: {error}"),
            }
        }
        match turn.picture {
            Some(picture) => self.picture(picture, now),
            None if self.due().is_some_and(|due| due <= now) => self.stand_in(now),
            None => {}
        }
    }

    /// When something has to be sent although the source is silent.
    fn due(&mut self) -> Option<Instant> {
        if !self.is_encoding() {
            return None;
        }
        if self.wishes.is_muted {
            return self.image_due;
        }
        let (_, at) = self.last.as_ref()?;
        let due = *at + REPEAT;
        self.is_owing().then_some(due)
    }

    fn is_encoding(&self) -> bool {
        self.wishes.is_sending() || self.wishes.tap.is_some()
    }

    fn is_owing(&mut self) -> bool {
        let layers = self.publisher.layers();
        let [big, small] = [Layer::Big, Layer::Small].map(|layer| layers.budget(layer).is_some());
        let owes_message = self.messages > 0 && self.wishes.codec == VideoCodec::H264;
        (big && (self.owed[0] || owes_message)) || (small && self.owed[1])
    }

    fn adopt(&mut self, wishes: Wishes, now: Instant) {
        if wishes.content != self.wishes.content {
            (self.publisher, self.cipher) = publisher(&wishes, &self.pool);
            self.owed = [true; 2];
        } else if !is_same(wishes.key.as_ref(), self.wishes.key.as_ref()) {
            self.cipher = encrypt(&mut self.publisher, wishes.key.as_ref());
            self.owed = [true; 2];
        }
        if wishes.source != self.wishes.source {
            // The last picture of another source is nobody's business any more.
            (self.last, self.shape) = (None, None);
        }
        if wishes.is_muted {
            self.last = None;
        }
        self.wishes = wishes;
        let wishes = &self.wishes;
        self.window.set(wishes.window, &wishes.render);
        self.image_due = (wishes.is_muted && wishes.mute_image.is_some()).then(|| self.image_due.unwrap_or(now));
        self.publisher.set_codec(wishes.codec);
        self.publisher.set_change(encoded::change(self.sending.track(), wishes.encoded.as_ref()));
        let big = big(wishes, self.shape);
        let layers = self.publisher.layers();
        layers.set_preference(wishes.preference);
        layers.set_follows_source(wishes.rotation.is_sideways());
        layers.set_big(big);
        layers.set_small(wishes.small);
        let is_recorded = wishes.tap.is_some();
        layers.set_wanted(Layer::Big, is_recorded || (wishes.is_sending() && wishes.wanted[0]));
        layers.set_wanted(Layer::Small, wishes.is_sending() && wishes.wanted[1]);
        // What another stay's line carried means nothing for the next one.
        layers.handle_estimate(wishes.kbps.unwrap_or(u32::MAX));
    }

    /// A picture of the source: changed, shown, and sent.
    fn picture(&mut self, picture: Frame, now: Instant) {
        self.sending.keep_captured(self.life, &picture);
        let picture = match self.finished(picture) {
            Ok(picture) => picture,
            Err(error) => return self.broken(&error.into()),
        };
        let (track, user) = (self.sending.track(), String::new());
        let stream_type = settings::stream_type(track);
        if self.told != self.wishes.source {
            self.told = self.wishes.source;
            let (width, height) = settings::sides(picture.size());
            self.sending.courier().tell(Event::FirstVideoFrame { user_id: user.clone(), stream_type, width, height });
        }
        if let Some(sink) = self.wishes.sink.clone() {
            hook(|| sink.frame(&user, stream_type, &picture));
        }
        self.window.show(&picture);
        self.sending.keep_shown(self.life, &picture);
        if self.wishes.is_muted {
            // Not kept either: nothing that was taken meanwhile goes out when it is unmuted.
            if self.image_due.is_some_and(|due| due <= now) {
                self.stand_in(now);
            }
        } else {
            self.last = Some((picture.clone(), now));
            self.publish(picture);
        }
    }

    /// What the application and the watermark make of it.
    fn finished(&self, picture: Frame) -> Result<Frame, FrameError> {
        let mut picture = picture;
        let is_camera = self.sending.track() == Track::Camera && self.wishes.content == Content::Camera;
        if let Some(processor) = self.wishes.processor.as_ref().filter(|_| is_camera)
            && let Some(Some(other)) = hook(|| processor.process(&picture))
        {
            picture = other.at(picture.time_us);
        }
        match &self.wishes.watermark {
            Some(mark) => lock(mark).lay_over(picture, &self.pool),
            None => Ok(picture),
        }
    }

    /// Sends the last picture again, or the image that stands in for a muted source.
    fn stand_in(&mut self, now: Instant) {
        let time_us = self.sending.time_us(now);
        if !self.wishes.is_muted {
            let Some((picture, at)) = &mut self.last else { return };
            *at = now;
            let picture = picture.clone().at(time_us);
            return self.publish(picture);
        }
        let Some((image, rate)) = &self.wishes.mute_image else { return };
        self.image_due = Some(now + Duration::from_secs(1) / (*rate).max(1));
        let image = image.clone().at(time_us);
        self.publish(image);
    }

    fn publish(&mut self, picture: Frame) {
        if !self.is_encoding() {
            return;
        }
        if let Err(error) = &self.cipher {
            let error = (*error).into();
            return self.broken(&error);
        }
        match self.shaped(picture) {
            Ok(picture) => {
                let (published, error) = self.publisher.handle_frame(&picture);
                match error {
                    Some(error) => self.broken(&error),
                    None => self.is_broken = false,
                }
                published.into_iter().for_each(|picture| self.sent(picture));
            }
            Err(error) => self.broken(&error.into()),
        }
    }

    /// Turned and mirrored as those who are sent to see it, with a time after the last one's.
    fn shaped(&mut self, picture: Frame) -> Result<Frame, FrameError> {
        let time_us = picture.time_us.max(self.last_us + CLOSEST_US);
        self.last_us = time_us;
        let turn = picture.rotation.then(self.wishes.rotation);
        let mut picture = picture.at(time_us).turned(turn).upright(&self.pool)?;
        if self.wishes.is_mirrored {
            picture = picture.mirror(&self.pool)?;
        }
        if self.wishes.content == Content::Screen && !self.wishes.is_muted && self.shape != Some(picture.size()) {
            self.shape = Some(picture.size());
            let big = big(&self.wishes, self.shape);
            self.publisher.layers().set_big(big);
        }
        Ok(picture)
    }

    fn sent(&mut self, picture: Published) {
        if picture.frame.key {
            self.owed[picture.layer as usize] = false;
        }
        if picture.layer == Layer::Big {
            if picture.frame.codec == VideoCodec::H264 {
                self.messages = self.messages.saturating_sub(1);
            }
            if let Some(tap) = self.wishes.tap.clone() {
                tap(&picture.frame);
            }
        }
        let size = self.publisher.layers().budget(picture.layer).map(|budget| budget.size);
        self.sending.send(self.life, picture, size);
    }

    /// Told once, until it works again.
    fn broken(&mut self, error: &PublishError) {
        if !std::mem::replace(&mut self.is_broken, true) {
            let track = self.sending.track();
            self.sending
                .courier()
                .error(ErrorCode::VIDEO_ENCODE_FAIL, format!("a picture of the {track:?} cannot be sent: {error}"));
        }
    }
}

fn publisher(wishes: &Wishes, pool: &Pool) -> (Publisher, Result<(), CipherError>) {
    let settings = PublisherSettings {
        codec: wishes.codec,
        content: wishes.content,
        big: wishes.big,
        preference: wishes.preference,
        // Random, as RFC 7741 section 4.2 wants it: a hasher of its own is.
        picture_id: RandomState::new().hash_one(0) as u16,
    };
    let mut publisher = Publisher::new(settings, Arc::new(Software), pool);
    if wishes.content == Content::Screen {
        publisher.layers().set_fill(FillMode::Fit);
    }
    let cipher = encrypt(&mut publisher, wishes.key.as_ref());
    (publisher, cipher)
}

fn encrypt(publisher: &mut Publisher, key: Option<&PayloadKey>) -> Result<(), CipherError> {
    publisher.set_cipher(key.map(PayloadKey::cipher).transpose()?);
    Ok(())
}

/// The big layer of a screen takes the shape of the screen.
fn big(wishes: &Wishes, shape: Option<Size>) -> LayerSettings {
    match (wishes.content, shape) {
        (Content::Screen, Some(shape)) => LayerSettings { size: settings::fitted(shape, wishes.big.size), ..wishes.big },
        _ => wishes.big,
    }
}
