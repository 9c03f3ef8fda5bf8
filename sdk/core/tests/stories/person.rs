//! An instance of one story with everything it was told, on devices that are not there.

use std::fmt::Debug;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Instant;

use rtc_core::{
    AppScene, Cloud, Event, Listener, Message, MicrophoneChoice, Options, Params, PictureChoice, PictureOptions, SeiMessage,
    Snapshot, SoundOptions, SpeakerChoice,
};
use serde_json::json;

use crate::engine::{Engine, PATIENCE, Tickets as _};

/// Something an instance told.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Told {
    Event(Event),
    Message(Message),
    Sei(SeiMessage),
    Snapshot(Snapshot),
}

pub(crate) struct Person {
    pub(crate) cloud: Cloud,
    told: Receiver<Told>,
    /// What was told and not asked for, for the words of a failure.
    passed: Vec<Told>,
}

struct Ears(Sender<Told>);

impl Listener for Ears {
    fn event(&mut self, event: &Event) {
        let _ = self.0.send(Told::Event(event.clone()));
    }

    fn message(&mut self, message: &Message) {
        let _ = self.0.send(Told::Message(message.clone()));
    }

    fn sei_message(&mut self, message: &SeiMessage) {
        let _ = self.0.send(Told::Sei(message.clone()));
    }

    fn snapshot(&mut self, snapshot: &Snapshot) {
        let _ = self.0.send(Told::Snapshot(snapshot.clone()));
    }
}

/// A tone for a microphone, a pattern for a camera, nothing to hear with.
pub(crate) fn twins(hertz: f32) -> Options {
    Options {
        sound: SoundOptions {
            backend: rtc_device::AudioBackend::Synthetic,
            microphone: MicrophoneChoice::Tone(hertz),
            speaker: SpeakerChoice::Nowhere,
        },
        picture: PictureOptions { camera: PictureChoice::Pattern, screen: PictureChoice::Pattern },
    }
}

impl Person {
    /// An instance that knows the engine and is in no room.
    pub(crate) fn new(engine: &Engine) -> Self {
        Self::with(engine, &twins(440.0))
    }

    pub(crate) fn with(engine: &Engine, options: &Options) -> Self {
        let (sender, told) = channel();
        let cloud = Cloud::new(options, Ears(sender)).expect("an instance");
        let person = Self { cloud, told, passed: Vec::new() };
        person.use_server(&engine.address());
        person
    }

    /// Enters there from now on.
    pub(crate) fn use_server(&self, url: &str) {
        let answer = self.cloud.call_experimental_api(&json!({"api": "setServer", "params": {"url": url}}).to_string());
        assert!(answer.contains(r#""code":0"#), "{answer}");
    }

    /// An instance in room 1 as this user, in a video call.
    pub(crate) fn enters(engine: &Engine, user: &str) -> Self {
        let mut person = Self::new(engine);
        person.enter(engine.ticket(user), AppScene::VideoCall);
        person
    }

    pub(crate) fn enter(&mut self, params: Params, scene: AppScene) {
        self.cloud.enter_room(params, scene);
        let result = self.until("onEnterRoom", |event| match event {
            Event::EnterRoom { result } => Some(*result),
            _ => None,
        });
        assert!(result > 0, "not let in: {result}; told before: {:?}", self.passed);
    }

    /// Waits for an event, and gives what is found in it.
    pub(crate) fn until<T>(&mut self, what: &str, find: impl Fn(&Event) -> Option<T>) -> T {
        self.until_told(what, |told| match told {
            Told::Event(event) => find(event),
            _ => None,
        })
    }

    pub(crate) fn until_event(&mut self, wanted: &Event) {
        self.until(&format!("{wanted:?}"), |event| (event == wanted).then_some(()));
    }

    /// Waits until everything is done that was asked before, and everything heard that was told until then.
    pub(crate) fn settles(&mut self) {
        // Refused in order, after all that was asked before.
        self.cloud.connect_other_room("nowhere");
        self.until("the refusal", |event| match event {
            Event::ConnectOtherRoom { err_code, .. } => (err_code.0 == -3328).then_some(()),
            _ => None,
        });
    }

    pub(crate) fn until_told<T>(&mut self, what: &str, find: impl Fn(&Told) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok(told) = self.told.recv_timeout(left) else { panic!("no {what}; told instead: {:?}", self.passed) };
            if let Some(found) = find(&told) {
                return found;
            }
            self.passed.push(told);
        }
    }

    /// Everything that was told until the end of the instance, which is brought about by this.
    pub(crate) fn ends(self) -> Vec<Told> {
        self.cloud.destroy();
        // The callback thread, and with it the sender, is gone.
        self.told.into_iter().collect()
    }

    /// Everything told so far that was not asked for.
    pub(crate) fn passed(&self) -> impl Iterator<Item = &Event> + Debug {
        self.passed.iter().filter_map(|told| match told {
            Told::Event(event) => Some(event),
            _ => None,
        })
    }
}
