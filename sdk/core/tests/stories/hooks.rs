//! Applications that misbehave in callbacks and hooks: they block, panic, call back into the engine or end it. Only they
//! themselves feel it.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock};

use rtc_core::video::frame::Frame;
use rtc_core::{AppScene, AudioFrame, AudioFrameHook, AudioQuality, Cloud, Event, Listener, Message, VideoProcessor};

use crate::engine::{Engine, PATIENCE, Tickets as _};
use crate::person::{Person, twins};

fn use_engine(cloud: &Cloud, engine: &Engine) {
    cloud.call_experimental_api(&format!(r#"{{"api":"setServer","params":{{"url":"{}"}}}}"#, engine.address()));
}

/// Panics in every place where sound passes, until it is told to behave.
#[derive(Default)]
struct Broken {
    behaves: AtomicBool,
    panics: AtomicUsize,
}

impl Broken {
    fn called(&self) {
        if !self.behaves.load(Ordering::Relaxed) {
            self.panics.fetch_add(1, Ordering::Relaxed);
            panic!("a broken hook, on purpose");
        }
    }
}

impl AudioFrameHook for Broken {
    fn captured(&self, _frame: &mut AudioFrame) {
        self.called();
    }

    fn local_processed(&self, _frame: &mut AudioFrame) {
        self.called();
    }

    fn play(&self, _user: &str, _frame: &AudioFrame) {
        self.called();
    }

    fn mixed_play(&self, _frame: &mut AudioFrame) {
        self.called();
    }

    fn mixed_all(&self, _frame: &AudioFrame) {
        self.called();
    }
}

impl VideoProcessor for Broken {
    fn process(&self, _frame: &Frame) -> Option<Frame> {
        self.called();
        None
    }
}

#[test]
fn sound_goes_on_when_a_hook_panics() {
    let engine = Engine::start();
    let mut ann = Person::enters(&engine, "ann");
    let mut bob = Person::enters(&engine, "bob");
    let broken = Arc::<Broken>::default();
    ann.cloud.set_audio_frame_callback(Some(broken.clone()));
    for person in [&ann, &bob] {
        person.cloud.start_local_audio(AudioQuality::Default);
    }
    ann.until_event(&Event::FirstAudioFrame { user_id: "bob".into() });
    bob.until_event(&Event::FirstAudioFrame { user_id: "ann".into() });
    broken.until_panics(5);
    broken.behaves.store(true, Ordering::Relaxed);
    // What both hear is still counted, which is done by the threads that the hook ran on.
    let volumes = rtc_core::AudioVolumeEvaluateParams { interval: 100, ..Default::default() };
    for (person, other) in [(&mut ann, "bob"), (&mut bob, "ann")] {
        person.cloud.enable_audio_volume_evaluation(true, volumes.clone());
        person.until("the voice of the other", |event| match event {
            Event::UserVoiceVolume { user_volumes, .. } => {
                user_volumes.iter().any(|info| info.user_id == other && info.volume > 20).then_some(())
            }
            _ => None,
        });
    }
    ann.cloud.exit_room();
    ann.until_event(&Event::ExitRoom { reason: 0 });
}

#[test]
fn pictures_go_on_when_a_hook_panics() {
    let engine = Engine::start();
    let ann = Person::enters(&engine, "ann");
    let mut bob = Person::enters(&engine, "bob");
    let broken = Arc::<Broken>::default();
    ann.cloud.set_local_video_custom_process_callback(Some(broken.clone()));
    ann.cloud.start_local_preview(0);
    bob.until_event(&Event::UserVideoAvailable { user_id: "ann".into(), available: true });
    bob.cloud.start_remote_view("ann", rtc_core::VideoStreamType::Big, 0);
    bob.until("the first picture", |event| match event {
        Event::FirstVideoFrame { user_id, .. } => (user_id == "ann").then_some(()),
        _ => None,
    });
    broken.until_panics(5);
}

impl Broken {
    fn until_panics(&self, count: usize) {
        let deadline = std::time::Instant::now() + PATIENCE;
        while self.panics.load(Ordering::Relaxed) < count {
            assert!(std::time::Instant::now() < deadline, "the hook is not called any more");
            std::thread::park_timeout(std::time::Duration::from_millis(20));
        }
    }
}

/// Does something with the instance from inside of the first frame it is shown.
struct Meddler<F> {
    cloud: OnceLock<Cloud>,
    act: F,
    is_done: AtomicBool,
    done: Mutex<Sender<()>>,
}

impl<F: Fn(&Cloud) + Send + Sync> Meddler<F> {
    fn new(cloud: &Cloud, act: F) -> (Arc<Self>, Receiver<()>) {
        let (done, is_done) = channel();
        let cloud = OnceLock::from(cloud.clone());
        (Arc::new(Self { cloud, act, is_done: AtomicBool::new(false), done: Mutex::new(done) }), is_done)
    }

    fn meddle(&self) {
        if !self.is_done.swap(true, Ordering::Relaxed) {
            (self.act)(self.cloud.get().expect("it was put there"));
            let _ = self.done.lock().expect("not poisoned").send(());
        }
    }
}

impl<F: Fn(&Cloud) + Send + Sync> AudioFrameHook for Meddler<F> {
    fn captured(&self, _frame: &mut AudioFrame) {
        self.meddle();
    }
}

impl<F: Fn(&Cloud) + Send + Sync> VideoProcessor for Meddler<F> {
    fn process(&self, _frame: &Frame) -> Option<Frame> {
        self.meddle();
        None
    }
}

/// What an application may do from anywhere.
fn use_everything(cloud: &Cloud) {
    cloud.mute_local_audio(true);
    cloud.mute_local_audio(false);
    cloud.set_audio_capture_volume(50);
    cloud.set_audio_frame_callback(None);
    cloud.set_local_video_custom_process_callback(None);
    cloud.enable_audio_volume_evaluation(true, rtc_core::AudioVolumeEvaluateParams::default());
    cloud.snapshot_video("", rtc_core::VideoStreamType::Big, rtc_core::SnapshotSourceType::Stream);
    cloud.stop_local_preview();
    cloud.start_local_preview(0);
    cloud.stop_local_audio();
    cloud.start_local_audio(AudioQuality::Speech);
    cloud.device_manager().devices_list(rtc_core::MediaDeviceType::Mic);
    cloud.exit_room();
}

#[test]
fn hooks_may_call_everything() {
    let engine = Engine::start();
    for by_picture in [false, true] {
        let mut ann = Person::enters(&engine, "ann");
        let (meddler, done) = Meddler::new(&ann.cloud, use_everything);
        if by_picture {
            ann.cloud.set_local_video_custom_process_callback(Some(meddler));
        } else {
            ann.cloud.set_audio_frame_callback(Some(meddler));
        }
        ann.cloud.start_local_audio(AudioQuality::Default);
        ann.cloud.start_local_preview(0);
        done.recv_timeout(PATIENCE).expect("the hook comes back from its calls");
        ann.until_event(&Event::ExitRoom { reason: 0 });
        ann.enter(engine.ticket("ann"), AppScene::VideoCall);
    }
}

#[test]
fn hooks_may_destroy_their_instance() {
    let engine = Engine::start();
    let mut bob = Person::enters(&engine, "bob");
    for by_picture in [false, true] {
        let ann = Person::enters(&engine, "ann");
        bob.until_event(&Event::RemoteUserEnterRoom { user_id: "ann".into() });
        let (meddler, done) = Meddler::new(&ann.cloud, Cloud::destroy);
        if by_picture {
            ann.cloud.set_local_video_custom_process_callback(Some(meddler));
            ann.cloud.start_local_preview(0);
        } else {
            ann.cloud.set_audio_frame_callback(Some(meddler));
            ann.cloud.start_local_audio(AudioQuality::Default);
        }
        done.recv_timeout(PATIENCE).expect("the hook comes back from the end");
        assert!(ann.cloud.is_destroyed());
        bob.until_event(&Event::RemoteUserLeaveRoom { user_id: "ann".into(), reason: 0 });
    }
}

/// Holds its callback thread until it is let go of.
struct Slow {
    gate: Receiver<()>,
    entered: Sender<i32>,
    messages: Sender<Message>,
    is_held: bool,
}

impl Listener for Slow {
    fn event(&mut self, event: &Event) {
        if let Event::EnterRoom { result } = event {
            let _ = self.entered.send(*result);
        }
    }

    fn message(&mut self, message: &Message) {
        if !std::mem::replace(&mut self.is_held, true) {
            let _ = self.gate.recv();
        }
        let _ = self.messages.send(message.clone());
    }
}

#[test]
fn messages_wait_in_order_for_an_application_that_is_busy_and_the_instance_goes_on() {
    let engine = Engine::start();
    let (open, gate) = channel();
    let (entered, is_in) = channel();
    let (messages, told) = channel();
    let bob = Cloud::new(&twins(440.0), Slow { gate, entered, messages, is_held: false }).expect("an instance");
    use_engine(&bob, &engine);
    bob.enter_room(engine.ticket("bob"), AppScene::VideoCall);
    assert!(is_in.recv_timeout(PATIENCE).is_ok_and(|result| result > 0));
    let mut senders: Vec<Person> = (0..4).map(|number| Person::enters(&engine, &format!("ann{number}"))).collect();
    let send = |person: &Person| (0..25).filter(|_| person.cloud.send_custom_cmd_msg(1, b"x", true, true)).count();
    let sent: usize = senders.iter().map(send).sum();
    assert!(sent >= 50, "only {sent} messages were taken");
    // Held by its callback, it does what it is asked.
    bob.start_local_audio(AudioQuality::Default);
    for person in &mut senders {
        person.until_event(&Event::UserAudioAvailable { user_id: "bob".into(), available: true });
        person.until_event(&Event::FirstAudioFrame { user_id: "bob".into() });
    }
    assert!(told.try_recv().is_err(), "a message passed the one that is being told");
    open.send(()).expect("the callback waits");
    let heard: Vec<Message> = (0..sent).map(|_| told.recv_timeout(PATIENCE).expect("a message")).collect();
    for number in 0..4 {
        let of_one = heard.iter().filter(|message| message.user_id == format!("ann{number}"));
        assert!(of_one.map(|message| message.seq).zip(1..).all(|(seq, expected)| seq == expected), "{heard:?}");
    }
}

#[test]
fn callbacks_may_call_everything() {
    let engine = Engine::start();
    let slot = Arc::<OnceLock<Cloud>>::default();
    let (sender, told) = channel();
    let inside = Arc::clone(&slot);
    let listener = move |event: &Event| {
        let cloud = inside.get().expect("it was put there before it entered");
        match event {
            Event::EnterRoom { .. } => use_everything(cloud),
            Event::ExitRoom { .. } => {
                let sub = cloud.create_sub_cloud(|_: &Event| {}).expect("a sub-instance");
                sub.destroy();
            }
            _ => {}
        }
        let _ = sender.send(event.clone());
    };
    let cloud = Cloud::new(&twins(440.0), listener).expect("an instance");
    use_engine(&cloud, &engine);
    slot.set(cloud.clone()).expect("set once");
    for _ in 0..2 {
        cloud.enter_room(engine.ticket("ann"), AppScene::VideoCall);
        let left = std::iter::from_fn(|| told.recv_timeout(PATIENCE).ok()).any(|event| event == Event::ExitRoom { reason: 0 });
        assert!(left, "the room was not left");
    }
    cloud.destroy();
}
