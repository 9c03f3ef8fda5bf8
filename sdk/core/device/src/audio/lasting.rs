//! A stream that outlives its device: it moves when another device is chosen, and when its own disappears. It does not
//! know which way the sound goes.

use std::sync::mpsc::SyncSender;
use std::thread;
use std::time::Duration;

use super::backend::RunningStream;
use super::{AudioDevices, StreamEvent};
use crate::worker::Stop;
use crate::{DeviceError, DeviceKind};

/// How long a stream that broke waits before it is opened again, unless devices change before.
const REOPEN: Duration = Duration::from_millis(200);
/// How long a device that cannot be opened is left alone, unless devices change before.
const RETRY: Duration = Duration::from_secs(1);
/// How often a stream is looked at when it gives no sign of life.
pub(super) const LOOK: Duration = Duration::from_millis(100);

/// A stream on the device that is in use at the moment.
pub(super) struct Opened<R> {
    pub(super) device: String,
    pub(super) stream: Box<dyn RunningStream>,
    /// Our end of the ring.
    pub(super) ring: R,
}

/// What a stream does with its device.
pub(super) trait Lasting {
    /// Our end of the ring.
    type Ring;

    /// Opens the device in use.
    fn open(&mut self) -> Result<Opened<Self::Ring>, DeviceError>;

    /// Carries what there is to carry, without waiting.
    fn carry(&mut self, opened: &mut Opened<Self::Ring>, stop: &Stop);

    /// Tells the application.
    fn tell(&mut self, event: StreamEvent);
}

/// Keeps a stream open until it is asked to stop. Whether it could be opened at first is told to `ready`; if it could
/// not, nothing is tried again.
pub(super) fn keep_open<S: Lasting>(
    lasting: &mut S,
    devices: &AudioDevices,
    kind: DeviceKind,
    stop: &Stop,
    ready: &SyncSender<Result<(), DeviceError>>,
) {
    let _attached = devices.attach_stream(kind);
    let mut started = false;
    let mut told = None;
    while !stop.is_set() {
        let generation = devices.generation(kind);
        match lasting.open() {
            Ok(opened) => {
                if !started {
                    let _nobody_waits = ready.send(Ok(()));
                }
                (started, told) = (true, None);
                let device = opened.device.clone();
                lasting.tell(StreamEvent::Started { device: device.clone(), format: opened.stream.format() });
                let broken = run(lasting, opened, stop, || devices.generation(kind) != generation);
                if stop.is_set() {
                    return;
                }
                if broken || is_gone(devices, kind, &device) {
                    lasting.tell(StreamEvent::Lost { device });
                }
                if broken && devices.generation(kind) == generation {
                    thread::park_timeout(REOPEN);
                }
            }
            Err(error) if !started => {
                let _nobody_waits = ready.send(Err(error));
                return;
            }
            Err(error) => {
                if told.as_ref() != Some(&error) {
                    lasting.tell(StreamEvent::Failed(error.clone()));
                    told = Some(error);
                }
                thread::park_timeout(RETRY);
            }
        }
    }
}

/// Runs a stream, and closes it. True when it broke by itself.
fn run<S: Lasting>(lasting: &mut S, mut opened: Opened<S::Ring>, stop: &Stop, should_move: impl Fn() -> bool) -> bool {
    loop {
        lasting.carry(&mut opened, stop);
        if stop.is_set() || should_move() {
            return false;
        }
        if opened.stream.failed() {
            return true;
        }
        // Unparked by the sound system, by a change of devices and by the end.
        thread::park_timeout(LOOK);
    }
}

/// Whether a device is no longer listed. A sound system that does not answer has lost it as well.
fn is_gone(devices: &AudioDevices, kind: DeviceKind, id: &str) -> bool {
    devices.list(kind).map_or(true, |list| !list.iter().any(|device| device.id == id))
}
