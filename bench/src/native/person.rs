//! An instance in this process with everything it was told. It measures nothing.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};
use rtc_core::{
    AppScene, AudioBackend, Cloud, Event, Listener, MicrophoneChoice, Options, Params, PictureChoice, PictureOptions, RoleType,
    SoundOptions, SpeakerChoice,
};
use serde_json::json;

use crate::engine::Engine;

/// More than anything here takes.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// An instance without devices: a tone where a microphone is wanted, a pattern where a camera is.
pub(super) struct Person {
    pub(super) cloud: Cloud,
    told: Receiver<(Instant, Event)>,
}

/// Where a room is, what is done in it, and the proof of who wants in.
#[derive(Debug, Clone)]
pub(super) struct Ticket {
    pub(super) server: String,
    pub(super) sdk_app_id: u32,
    pub(super) user: String,
    pub(super) user_sig: String,
    pub(super) scene: Scene,
}

/// What a room is for, and what its owner does in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Scene {
    /// A call.
    Call,
    /// A live show, as the one who is seen.
    LiveAnchor,
    /// A live show, as one who watches.
    LiveAudience,
}

struct Ears(Sender<(Instant, Event)>);

impl Listener for Ears {
    fn event(&mut self, event: &Event) {
        // The one who listened may be gone, and the instance with him soon.
        let _ = self.0.send((Instant::now(), event.clone()));
    }
}

impl Ticket {
    /// For a call in room 1 of an engine.
    pub(super) fn new(engine: &Engine, user: &str) -> anyhow::Result<Self> {
        let now_s = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        Ok(Self {
            server: format!("http://{}", engine.http),
            sdk_app_id: engine.app.0,
            user: user.into(),
            user_sig: rtc_auth::user_sig::make(engine.app.0, user, &engine.key, now_s, 3600),
            scene: Scene::Call,
        })
    }

    /// The same, for something else.
    pub(super) fn to(self, scene: Scene) -> Self {
        Self { scene, ..self }
    }
}

impl Scene {
    /// As the command line of a member has it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::LiveAnchor => "live-anchor",
            Self::LiveAudience => "live-audience",
        }
    }
}

impl Person {
    /// An instance that knows where the engine is.
    pub(super) fn new(server: &str) -> anyhow::Result<Self> {
        let (sender, told) = channel();
        let options = Options {
            sound: SoundOptions {
                backend: AudioBackend::Synthetic,
                microphone: MicrophoneChoice::Tone(440.0),
                speaker: SpeakerChoice::Nowhere,
            },
            picture: PictureOptions { camera: PictureChoice::Pattern, screen: PictureChoice::Pattern },
        };
        let cloud = Cloud::new(&options, Ears(sender))?;
        let answer = cloud.call_experimental_api(&json!({ "api": "setServer", "params": { "url": server } }).to_string());
        if !answer.contains(r#""code":0"#) {
            bail!("the address {server} is refused: {answer}");
        }
        Ok(Self { cloud, told })
    }

    /// Enters room 1 and waits for `onEnterRoom`; gives the time between.
    pub(super) fn enter(&self, ticket: &Ticket) -> anyhow::Result<Duration> {
        let begin = Instant::now();
        let params = Params {
            sdk_app_id: ticket.sdk_app_id,
            user_id: ticket.user.clone(),
            user_sig: ticket.user_sig.clone(),
            room_id: 1,
            role: if ticket.scene == Scene::LiveAudience { RoleType::Audience } else { RoleType::Anchor },
            ..Params::default()
        };
        let scene = if ticket.scene == Scene::Call { AppScene::VideoCall } else { AppScene::Live };
        self.cloud.enter_room(params, scene);
        let (at, result) = self.until("onEnterRoom", |event| match event {
            Event::EnterRoom { result } => Some(*result),
            _ => None,
        })?;
        if result < 0 {
            bail!("{} is not let in: {result}", ticket.user);
        }
        Ok(at - begin)
    }

    /// Waits for an event; gives what is found in it, and when it was told. Those before it are passed over.
    pub(super) fn until<T>(&self, what: &str, find: impl Fn(&Event) -> Option<T>) -> anyhow::Result<(Instant, T)> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let (at, event) = self.told.recv_timeout(left).with_context(|| format!("{what} does not come"))?;
            if let Some(found) = find(&event) {
                return Ok((at, found));
            }
        }
    }

    /// Everything told that was not waited for, without waiting.
    pub(super) fn told(&self) -> impl Iterator<Item = Event> + '_ {
        self.told.try_iter().map(|(_, event)| event)
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        self.cloud.destroy();
    }
}
