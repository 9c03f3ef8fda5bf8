//! Cameras of this machine and their twins, as raw pictures. It scales nothing and encodes nothing.
//!
//! Cameras are opened by Video4Linux. That part is tested on its conversions and on the layout of what goes to
//! the kernel; it has not yet run with a real camera.

mod clock;
mod convert;
mod kernel;
mod pattern;
mod v4l;
mod watch;
mod y4m;

use std::path::PathBuf;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

pub(crate) use clock::FrameClock;
pub(crate) use pattern::Pattern;
pub use watch::CameraWatch;
pub use y4m::Y4mReader;

use crate::worker::{Stop, Worker};
use crate::{DeviceError, DeviceInfo, PixelFormat, RawFrame, Size};

/// The largest picture that is taken from a device or a file, each way.
pub const LARGEST: u32 = 8192;

/// Where a camera's pictures come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CameraSource {
    /// The camera with this id, or the first one.
    Device(Option<String>),
    /// Moving bars.
    Pattern,
    /// A YUV4MPEG2 file of 4:2:0 in a loop, in its own size and frame rate.
    File(PathBuf),
}

/// What to capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameraConfig {
    /// Where the pictures come from.
    pub source: CameraSource,
    /// The wanted size; a device gives the nearest it can.
    pub size: Size,
    /// The wanted pictures a second, 1 to 60; a device gives the nearest it can.
    pub frame_rate: u32,
}

/// A size a camera can do, in a format that is understood here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CameraMode {
    /// What handlers get.
    pub format: PixelFormat,
    /// Width and height.
    pub size: Size,
    /// Whether the camera compresses, which costs quality and processor time but allows for larger pictures.
    pub compressed: bool,
}

/// What happens to a running camera.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CameraEvent {
    /// It runs.
    Started {
        /// The device's id; empty for a twin.
        device: String,
        /// What handlers get.
        format: PixelFormat,
        /// Width and height.
        size: Size,
        /// Pictures a second.
        frame_rate: u32,
    },
    /// It was unplugged or failed. No picture follows.
    Lost(DeviceError),
}

/// Gives raw pictures, one after the other, at their own pace.
pub trait FrameSource: Send {
    /// Format and size of all pictures.
    fn layout(&self) -> (PixelFormat, Size);

    /// Pictures a second.
    fn frame_rate(&self) -> u32;

    /// The device's id; empty for a twin.
    fn device(&self) -> &str {
        ""
    }

    /// The next picture; `None` when none came within `patience`.
    ///
    /// # Errors
    /// [`DeviceError::Gone`] when the camera was unplugged, [`DeviceError::File`] when a file is damaged.
    fn next_frame(&mut self, patience: Duration) -> Result<Option<RawFrame<'_>>, DeviceError>;
}

/// How long a source may be silent before it is asked whether it should end.
const LOOK: Duration = Duration::from_millis(100);

/// A running camera; dropping it closes it.
#[derive(Debug)]
pub struct Camera {
    _worker: Worker,
}

impl Camera {
    /// The cameras of this machine. Those that this user may not open are left out.
    #[must_use]
    pub fn list() -> Vec<DeviceInfo> {
        v4l::list()
    }

    /// What a camera can do.
    ///
    /// # Errors
    /// [`DeviceError::NotFound`] when there is no such camera, or as [`Camera::open`].
    pub fn modes(id: &str) -> Result<Vec<CameraMode>, DeviceError> {
        v4l::modes(id)
    }

    /// Opens a source without a thread.
    ///
    /// # Errors
    /// When there is no such camera or file, it is in use, or it may not be used.
    pub fn source(config: &CameraConfig) -> Result<Box<dyn FrameSource>, DeviceError> {
        check(config)?;
        Ok(match &config.source {
            CameraSource::Pattern => Box::new(pattern::PatternSource::new(config.size, config.frame_rate)),
            CameraSource::File(path) => Box::new(y4m::Y4mSource::open(path)?),
            CameraSource::Device(id) => Box::new(v4l::V4lCamera::open(id.as_deref(), config.size, config.frame_rate)?),
        })
    }

    /// Opens a camera. `on_frame` is called with every picture, `on_event` from time to time, both on the camera's own
    /// thread and never after the camera was dropped. Pictures that come while `on_frame` works are skipped.
    ///
    /// # Errors
    /// As [`Camera::source`].
    pub fn open(
        config: CameraConfig,
        mut on_frame: impl FnMut(&RawFrame<'_>) + Send + 'static,
        mut on_event: impl FnMut(CameraEvent) + Send + 'static,
    ) -> Result<Self, DeviceError> {
        let (ready, opened) = sync_channel(1);
        let worker = Worker::spawn("device-camera", move |stop| match Self::source(&config) {
            Ok(mut source) => {
                let _nobody_waits = ready.send(Ok(()));
                run(&mut *source, &stop, &mut on_frame, &mut on_event);
            }
            Err(error) => {
                let _nobody_waits = ready.send(Err(error));
            }
        })?;
        let gone = || Err(DeviceError::system("threads", "the capturing thread ended at once"));
        opened.recv().unwrap_or_else(|_| gone())?;
        Ok(Self { _worker: worker })
    }
}

fn run(
    source: &mut dyn FrameSource,
    stop: &Stop,
    on_frame: &mut dyn FnMut(&RawFrame<'_>),
    on_event: &mut dyn FnMut(CameraEvent),
) {
    let (format, size) = source.layout();
    let device = source.device().to_owned();
    on_event(CameraEvent::Started { device, format, size, frame_rate: source.frame_rate() });
    while !stop.is_set() {
        match source.next_frame(LOOK) {
            Ok(Some(frame)) => on_frame(&frame),
            Ok(None) => {}
            Err(error) => return on_event(CameraEvent::Lost(error)),
        }
    }
}

fn check(config: &CameraConfig) -> Result<(), DeviceError> {
    if !(1..=60).contains(&config.frame_rate) {
        let why = format!("must be 1 to 60, not {}", config.frame_rate);
        return Err(DeviceError::Parameter { name: "frame_rate", why });
    }
    if config.size.is_empty() || config.size.width > LARGEST || config.size.height > LARGEST {
        let why = format!("must be 1x1 to {LARGEST}x{LARGEST}, not {}x{}", config.size.width, config.size.height);
        return Err(DeviceError::Parameter { name: "size", why });
    }
    Ok(())
}
