//! How long entering takes: to `onEnterRoom`, and to the first picture of somebody who was there before.

use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use rtc_core::video::frame::Frame;
use rtc_core::{AudioQuality, Event, VideoSink, VideoStreamType};
use serde::Serialize;

use super::person::{PATIENCE, Person, Ticket};
use super::{Options, Spread};

const PUBLISHER: &str = "publisher";
/// Between two viewers. The engine asks a publisher for key frames only so often, and who enters right after somebody else
/// would wait for that instead of for what is measured.
const PAUSE: Duration = Duration::from_millis(1500);

/// Milliseconds from the call of `enter_room`.
#[derive(Debug, Serialize)]
pub(super) struct Figures {
    pub(super) entered_ms: Spread,
    pub(super) first_frame_ms: Spread,
}

/// Tells when pictures come.
struct Eye(Mutex<Sender<Instant>>);

impl VideoSink for Eye {
    fn frame(&self, _: &str, _: VideoStreamType, _: &Frame) {
        let _ = self.0.lock().unwrap_or_else(PoisonError::into_inner).send(Instant::now());
    }
}

/// Lets viewers enter one after the other, each a new instance in this process.
pub(super) fn measure(options: &Options) -> anyhow::Result<Figures> {
    let rounds = if options.quick { 5 } else { 20 };
    let engine = options.start_engine()?;
    let publisher = Person::new(&format!("http://{}", engine.http))?;
    publisher.cloud.start_local_preview(0);
    publisher.cloud.start_local_audio(AudioQuality::Default);
    publisher.enter(&Ticket::new(&engine, PUBLISHER)?)?;
    let (mut entered, mut first) = (Vec::new(), Vec::new());
    // The first round warms caches up and does not count.
    for round in 0..=rounds {
        thread::sleep(PAUSE);
        let ticket = Ticket::new(&engine, &format!("viewer-{round}"))?;
        let viewer = Person::new(&ticket.server)?;
        let (sender, seen) = channel();
        let eye = Arc::new(Eye(Mutex::new(sender)));
        viewer.cloud.set_remote_video_render_callback(PUBLISHER, Some(eye)).ok().context("a user id is refused")?;
        let begin = Instant::now();
        let enter = viewer.enter(&ticket)?;
        viewer.until("the publisher's picture", |event| match event {
            Event::UserVideoAvailable { user_id, available: true } if user_id == PUBLISHER => Some(()),
            _ => None,
        })?;
        viewer.cloud.start_remote_view(PUBLISHER, VideoStreamType::Big, 0);
        let at = seen.recv_timeout(PATIENCE).context("no picture comes")?;
        if round > 0 {
            entered.push(enter.as_secs_f64() * 1000.0);
            first.push((at - begin).as_secs_f64() * 1000.0);
        }
    }
    Ok(Figures {
        entered_ms: Spread::of(&entered).context("no round")?,
        first_frame_ms: Spread::of(&first).context("no round")?,
    })
}
