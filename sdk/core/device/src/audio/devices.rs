//! The sound devices of this machine and which of them are in use. It opens none; streams look here for theirs.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};

use super::alsa::AlsaBackend;
use super::backend::Backend;
use super::synthetic::SyntheticBackend;
use super::watch::{Bell, Selection, Watch};
use crate::pulse::PulseBackend;
use crate::{DeviceError, DeviceEvent, DeviceInfo, DeviceKind};

/// Which sound system is used.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AudioBackend {
    /// PulseAudio, or PipeWire in its place, when one answers; else what [`AudioBackend::Alsa`] means here.
    #[default]
    Automatic,
    /// The server with its socket at this path, or where `PULSE_SERVER`, `PULSE_RUNTIME_PATH` and `XDG_RUNTIME_DIR` say.
    PulseAudio {
        /// Path of the server's socket.
        socket: Option<PathBuf>,
    },
    /// ALSA by itself: lists and streams. Volume, mute and hot-plug are not available.
    Alsa,
    /// No device of the machine is touched: one silent microphone and one speaker that plays nowhere.
    Synthetic,
}

/// The microphones and speakers of this machine. Cheap to clone; clones are the same thing.
#[derive(Clone)]
pub struct AudioDevices {
    inner: Arc<Inner>,
    /// Ends the watching thread when the last clone is dropped.
    _watch: Arc<Watch>,
}

pub(super) struct Inner {
    pub(super) backend: Box<dyn Backend>,
    microphones: Side,
    speakers: Side,
    observer: Mutex<Option<Observer>>,
    refreshing: Mutex<()>,
    /// What the watching thread has to tell. Nobody else calls the observer, so that it may call anything here.
    untold: Mutex<Vec<DeviceEvent>>,
    bell: Bell,
}

/// Told of every change of devices, on a thread of this crate.
pub type Observer = Box<dyn FnMut(DeviceEvent) + Send>;

#[derive(Default)]
struct Side {
    selection: Mutex<Selection>,
    /// Raised when streams have to move to another device.
    generation: AtomicU64,
    streams: Mutex<Vec<Thread>>,
}

impl AudioDevices {
    /// Connects to the sound system.
    ///
    /// # Errors
    /// [`DeviceError::System`] when the named sound system does not answer. `Automatic` and `Synthetic` never fail.
    pub fn open(backend: &AudioBackend) -> Result<Self, DeviceError> {
        let (bell, woken) = Watch::bell();
        let notify = bell.notify();
        let backend: Box<dyn Backend> = match backend {
            AudioBackend::PulseAudio { socket } => Box::new(PulseBackend::open(socket.clone(), notify)?),
            AudioBackend::Alsa => Box::new(AlsaBackend::open()),
            AudioBackend::Synthetic => Box::new(SyntheticBackend::open(notify)),
            AudioBackend::Automatic => match PulseBackend::open(None, notify) {
                Ok(pulse) => Box::new(pulse),
                Err(error) => {
                    tracing::info!(%error, "no PulseAudio, using ALSA without volume and hot-plug");
                    Box::new(AlsaBackend::open())
                }
            },
        };
        let inner = Arc::new(Inner {
            backend,
            microphones: Side::default(),
            speakers: Side::default(),
            observer: Mutex::new(None),
            refreshing: Mutex::new(()),
            untold: Mutex::new(Vec::new()),
            bell,
        });
        // What is there at the start is no event.
        for kind in [DeviceKind::Microphone, DeviceKind::Speaker] {
            let _nothing_to_tell = inner.refresh(kind);
        }
        let watch = Watch::spawn(Arc::downgrade(&inner), woken)?;
        Ok(Self { inner, _watch: Arc::new(watch) })
    }

    /// The devices of this kind. Monitors of speakers are not microphones and are left out.
    ///
    /// # Errors
    /// [`DeviceError::Parameter`] for cameras, see [`Camera::list`](crate::Camera::list); [`DeviceError::System`] when the
    /// sound system does not answer.
    pub fn list(&self, kind: DeviceKind) -> Result<Vec<DeviceInfo>, DeviceError> {
        sound(kind)?;
        self.inner.backend.list(kind)
    }

    /// The device in use: the chosen one, else the system's default.
    ///
    /// # Errors
    /// [`DeviceError::None`] when there is none.
    pub fn current(&self, kind: DeviceKind) -> Result<DeviceInfo, DeviceError> {
        sound(kind)?;
        self.inner.lock(kind).current().cloned().ok_or(DeviceError::None(kind))
    }

    /// Uses this device from now on, also in streams that run. It stops following the default.
    ///
    /// # Errors
    /// [`DeviceError::NotFound`] when there is no such device.
    pub fn choose(&self, kind: DeviceKind, id: &str) -> Result<(), DeviceError> {
        sound(kind)?;
        let known = self.inner.select(kind, |selection| selection.choose(id))?;
        if known { Ok(()) } else { Err(DeviceError::NotFound { kind, id: id.to_owned() }) }
    }

    /// Whether streams move when the system's default changes. On until a device is chosen. Switched off, the device in
    /// use stays in use.
    ///
    /// # Errors
    /// [`DeviceError::Parameter`] for cameras, [`DeviceError::System`] when the sound system does not answer.
    pub fn follow_default(&self, kind: DeviceKind, follow: bool) -> Result<(), DeviceError> {
        sound(kind)?;
        self.inner.select(kind, |selection| selection.follow(follow))
    }

    /// Volume of the device in use, 0 to 100; above when the system amplifies.
    ///
    /// # Errors
    /// [`DeviceError::Unsupported`] where the sound system has no volumes.
    pub fn volume(&self, kind: DeviceKind) -> Result<u32, DeviceError> {
        Ok(self.inner.backend.volume(kind, &self.current(kind)?.id)?.0)
    }

    /// Sets the volume of the device in use, 0 to 100. Other programs are affected as well.
    ///
    /// # Errors
    /// [`DeviceError::Parameter`] above 100; [`DeviceError::Unsupported`] where the sound system has no volumes.
    pub fn set_volume(&self, kind: DeviceKind, volume: u32) -> Result<(), DeviceError> {
        if volume > 100 {
            return Err(DeviceError::Parameter { name: "volume", why: format!("must be 0 to 100, not {volume}") });
        }
        self.inner.backend.set_volume(kind, &self.current(kind)?.id, volume)
    }

    /// Whether the device in use is muted.
    ///
    /// # Errors
    /// [`DeviceError::Unsupported`] where the sound system cannot mute.
    pub fn muted(&self, kind: DeviceKind) -> Result<bool, DeviceError> {
        Ok(self.inner.backend.volume(kind, &self.current(kind)?.id)?.1)
    }

    /// Mutes the device in use or ends that. Other programs are affected as well.
    ///
    /// # Errors
    /// [`DeviceError::Unsupported`] where the sound system cannot mute.
    pub fn set_muted(&self, kind: DeviceKind, muted: bool) -> Result<(), DeviceError> {
        self.inner.backend.set_muted(kind, &self.current(kind)?.id, muted)
    }

    /// Has every change told to `observer`, in the order in which it was noticed; `None` ends that. One at a time. The
    /// observer must not call [`AudioDevices::observe`].
    pub fn observe(&self, observer: Option<Observer>) {
        *lock(&self.inner.observer) = observer;
    }

    pub(super) fn backend(&self) -> &dyn Backend {
        &*self.inner.backend
    }

    /// Unparks the calling thread whenever [`AudioDevices::generation`] is raised.
    pub(super) fn attach_stream(&self, kind: DeviceKind) -> AttachedStream {
        let thread = thread::current();
        lock(&self.inner.side(kind).streams).push(thread.clone());
        AttachedStream { inner: self.inner.clone(), kind, thread }
    }

    pub(super) fn generation(&self, kind: DeviceKind) -> u64 {
        self.inner.side(kind).generation.load(Ordering::Acquire)
    }
}

impl std::fmt::Debug for AudioDevices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AudioDevices").finish_non_exhaustive()
    }
}

/// A stream's registration; ends when dropped.
pub(super) struct AttachedStream {
    inner: Arc<Inner>,
    kind: DeviceKind,
    thread: Thread,
}

impl Drop for AttachedStream {
    fn drop(&mut self) {
        lock(&self.inner.side(self.kind).streams).retain(|thread| thread.id() != self.thread.id());
    }
}

impl Inner {
    fn side(&self, kind: DeviceKind) -> &Side {
        if kind == DeviceKind::Microphone { &self.microphones } else { &self.speakers }
    }

    fn lock(&self, kind: DeviceKind) -> MutexGuard<'_, Selection> {
        lock(&self.side(kind).selection)
    }

    /// Looks at the sound system again and says what has changed.
    fn refresh(&self, kind: DeviceKind) -> Result<Vec<DeviceEvent>, DeviceError> {
        // An older list must not overtake a newer one.
        let _one_at_a_time = lock(&self.refreshing);
        let devices = self.backend.list(kind)?;
        let default = self.backend.default_device(kind)?;
        let (mut events, in_use) = {
            let mut selection = self.lock(kind);
            let events = selection.update(kind, devices, default);
            (events, selection.current().cloned())
        };
        if let Some(device) = in_use {
            // Asked without the lock, because the sound system may take its time.
            let volume = self.backend.volume(kind, &device.id).ok();
            events.extend(self.lock(kind).update_volume(&device, volume));
        }
        Ok(events)
    }

    /// Changes the choice among the devices that there are now, and moves streams when that changes the device in use.
    fn select<R>(&self, kind: DeviceKind, change: impl FnOnce(&mut Selection) -> R) -> Result<R, DeviceError> {
        let before = self.current_id(kind);
        // The watching thread may not have seen yet what the application has just listed.
        let mut events = self.refresh(kind)?;
        let answer = {
            let mut selection = self.lock(kind);
            let between = selection.current().map(|device| device.id.clone());
            let answer = change(&mut selection);
            let moved = between.as_ref() != selection.current().map(|device| &device.id);
            events.extend(selection.active().filter(|_| moved));
            answer
        };
        if before != self.current_id(kind) {
            self.move_streams(kind);
        }
        lock(&self.untold).append(&mut events);
        self.bell.ring();
        Ok(answer)
    }

    /// Refreshes both sides, moves streams and tells the observer.
    pub(super) fn notice(&self) {
        for kind in [DeviceKind::Microphone, DeviceKind::Speaker] {
            let before = self.current_id(kind);
            match self.refresh(kind) {
                Ok(mut events) => lock(&self.untold).append(&mut events),
                Err(error) => tracing::warn!(%error, %kind, "devices could not be listed"),
            }
            if before != self.current_id(kind) {
                self.move_streams(kind);
            }
        }
        let events = std::mem::take(&mut *lock(&self.untold));
        if let Some(observer) = lock(&self.observer).as_mut() {
            events.into_iter().for_each(observer);
        }
    }

    fn current_id(&self, kind: DeviceKind) -> Option<String> {
        self.lock(kind).current().map(|device| device.id.clone())
    }

    fn move_streams(&self, kind: DeviceKind) {
        let side = self.side(kind);
        side.generation.fetch_add(1, Ordering::Release);
        for thread in lock(&side.streams).iter() {
            thread.unpark();
        }
    }
}

fn sound(kind: DeviceKind) -> Result<(), DeviceError> {
    match kind {
        DeviceKind::Microphone | DeviceKind::Speaker => Ok(()),
        DeviceKind::Camera => Err(DeviceError::Parameter { name: "kind", why: "must be one of sound".to_owned() }),
    }
}

/// A lock whose holder panicked guards plain values that are whole at any time.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
