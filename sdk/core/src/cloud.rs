//! The face of the engine: one instance, its life, and what it shares with its sub-instances. What it can do is in the
//! files beside this one, by subject.

#![allow(clippy::needless_pass_by_value, reason = "the signatures are those that the generated dispatch of the C ABI calls")]

mod audio;
mod custom_media;
mod debug;
mod effects;
mod messages;
mod older;
mod planned;
mod room;
mod screen;
mod video;

use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

use rtc_device::AudioDevices;

pub use self::debug::{set_console_enabled, set_log_callback, set_log_compress_enabled, set_log_dir_path, set_log_level};
pub use self::effects::AudioEffectManager;
use crate::control::{ControlThread, Inbox, Parts};
use crate::courier::{CallbackThread, Courier, Listener};
use crate::device::DeviceManager;
use crate::lock::lock;
use crate::options::Options;
use crate::picture::Pictures;
use crate::recording::Recordings;
use crate::shared::Shared;
use crate::sound::{Desk, Feeds};
use crate::speed_test::Speed;

/// Why an instance could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The system gives no more threads.
    #[error("a thread could not be started: {0}; close other programs, or instances that are not needed")]
    Thread(#[from] std::io::Error),
    /// The named sound system does not answer.
    #[error("the sound system cannot be used: {0}")]
    Sound(#[from] rtc_device::DeviceError),
    /// A hook of sound holds what is needed for it.
    #[error("no instance can be made inside of a hook of sound; make it outside")]
    InsideHook,
    /// The sound codec could not be made.
    #[error("the sound codec cannot be used: {0}")]
    Codec(#[from] rtc_audio::OpusError),
}

/// An instance of the engine: one member in one room at a time. Clones are the same instance; it ends with
/// [`Cloud::destroy`] or with the last of them.
#[derive(Clone)]
pub struct Cloud {
    inner: Arc<Inner>,
}

struct Inner {
    inbox: Inbox,
    courier: Courier,
    shared: Arc<Shared>,
    pictures: Pictures,
    feeds: Feeds,
    desk: Arc<Desk>,
    devices: DeviceManager,
    recordings: Arc<Recordings>,
    speed: Speed,
    options: Options,
    volumes: Volumes,
    epoch: Instant,
    is_destroyed: AtomicBool,
    threads: Mutex<Option<Threads>>,
}

/// What the getters of volumes answer.
struct Volumes {
    capture: AtomicI32,
    playout: AtomicI32,
}

struct Threads {
    control: ControlThread,
    callbacks: CallbackThread,
}

impl Threads {
    /// Leaves the room, frees the devices, and waits for the callback that runs, unless this is called from inside of it.
    fn stop(mut self) {
        self.control.stop();
        self.callbacks.close();
    }
}

impl Cloud {
    /// Makes an instance. No device is touched yet.
    ///
    /// # Errors
    /// [`StartError`] when the system has no threads left or the named sound system does not answer.
    pub fn new(options: &Options, listener: impl Listener + 'static) -> Result<Self, StartError> {
        let devices = AudioDevices::open(&options.sound.backend)?;
        let desk = Desk::new(options.sound.clone(), devices);
        Self::start(options, desk, Box::new(listener))
    }

    /// A second instance that shares microphone and speaker with this one and can be in another room of the same engine, also
    /// as the same user (`createSubCloud`). A camera it opens by itself. It is destroyed like any other.
    ///
    /// # Errors
    /// As for [`Cloud::new`]; [`StartError::InsideHook`] inside of a hook of sound.
    pub fn create_sub_cloud(&self, listener: impl Listener + 'static) -> Result<Self, StartError> {
        if crate::inside::is_inside() {
            return Err(StartError::InsideHook);
        }
        let sub = Self::start(&self.inner.options, Arc::clone(&self.inner.desk), Box::new(listener))?;
        if let Some(server) = self.inner.shared.server() {
            sub.inner.shared.set_server(server);
        }
        sub.inner.shared.set_trust(self.inner.shared.trust());
        Ok(sub)
    }

    /// Tells an error of a face over this engine, in order with everything else (`onError`).
    pub fn report_error(&self, code: crate::ErrorCode, message: &str) {
        self.inner.courier.error(code, message);
    }

    fn start(options: &Options, desk: Arc<Desk>, listener: Box<dyn Listener>) -> Result<Self, StartError> {
        let callbacks = CallbackThread::start(listener)?;
        let courier = callbacks.courier();
        let shared = Arc::new(Shared::default());
        let pictures = Pictures::new(options.picture.clone(), courier.clone());
        let seat = desk.seat(courier.clone())?;
        let feeds = seat.feeds();
        let recordings = Arc::new(Recordings::new(Arc::clone(&desk), pictures.clone(), courier.clone()));
        let parts = Parts {
            courier: courier.clone(),
            shared: Arc::clone(&shared),
            seat,
            pictures: pictures.clone(),
            recordings: Arc::clone(&recordings),
        };
        let control = ControlThread::start(parts)?;
        Ok(Self {
            inner: Arc::new(Inner {
                inbox: control.inbox(),
                devices: DeviceManager::new(Arc::clone(&desk), pictures.clone(), options.clone(), courier.clone()),
                recordings,
                speed: Speed::new(Arc::clone(&shared), courier.clone()),
                courier,
                shared,
                pictures,
                feeds,
                desk,
                options: options.clone(),
                volumes: Volumes { capture: AtomicI32::new(100), playout: AtomicI32::new(100) },
                epoch: Instant::now(),
                is_destroyed: AtomicBool::new(false),
                threads: Mutex::new(Some(Threads { control, callbacks })),
            }),
        })
    }

    /// Ends the instance (`destroyTRTCShareInstance`, `destroySubCloud`): leaves the room if it is in one, frees every
    /// device. When it returns, no callback runs and none will; inside of a callback, the one that calls is the last. From
    /// inside of a hook of sound or pictures it returns at once and the rest is done behind it. Later calls do nothing.
    pub fn destroy(&self) {
        self.inner.end();
    }

    /// Whether [`Cloud::destroy`] was called.
    pub fn is_destroyed(&self) -> bool {
        self.inner.is_destroyed.load(Ordering::Acquire)
    }

    /// Devices: lists, choice, volume, tests.
    pub fn device_manager(&self) -> &DeviceManager {
        &self.inner.devices
    }

    /// Music and voice effects.
    pub fn audio_effect_manager(&self) -> AudioEffectManager<'_> {
        AudioEffectManager::new(self)
    }
}

impl Inner {
    fn end(&self) {
        self.is_destroyed.store(true, Ordering::Release);
        let threads = lock(&self.threads).take();
        let Some(threads) = threads else { return };
        self.recordings.stop();
        self.speed.stop();
        self.devices.stop_tests();
        if crate::inside::is_inside() {
            // The hook runs on a thread that has to end before the rest can.
            let ending = thread::Builder::new().name("rtc-ending".into()).spawn(move || threads.stop());
            if let Err(error) = ending {
                tracing::error!("an instance goes on in the background, no thread to end it: {error}");
            }
            return;
        }
        threads.stop();
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.end();
    }
}

impl std::fmt::Debug for Cloud {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cloud").field("phase", &self.inner.shared.phase()).finish_non_exhaustive()
    }
}
