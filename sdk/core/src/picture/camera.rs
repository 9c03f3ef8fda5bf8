//! The camera as the source of a track. It is opened and closed here, and worked on elsewhere.

use std::sync::Arc;
use std::time::Instant;

use rtc_api::{CameraCaptureMode, CameraCaptureParam, ErrorCode, Event, RenderParams, VideoStreamType};
use rtc_device::camera::CameraEvent;
use rtc_device::{Camera, CameraConfig, CameraSource, DeviceError, RawFrame, Size};
use rtc_video::codec::Content;
use rtc_video::convert::{PixelFormat, RawPicture};
use rtc_video::frame::{Frame, FrameError, MAX_SIDE, Pool};
use rtc_video::layers::LayerSettings;

use super::VideoSink;
use super::sending::Sending;
use super::window::Window;
use crate::options::PictureChoice;

/// What a preview of high quality is captured in, at least.
const FINE: Size = Size::new(1280, 720);

/// What is wished of the camera besides what is to be sent.
pub(super) struct CameraWishes {
    choice: PictureChoice,
    /// By its id; nothing for the first one.
    pub(super) device: Option<String>,
    pub(super) capture: CameraCaptureParam,
}

/// A running camera; dropping it closes it.
pub(super) struct OpenCamera {
    _camera: Camera,
    config: CameraConfig,
}

impl OpenCamera {
    /// Opens the camera for what is to be sent. `is_first` where the application is to be told that it is ready.
    pub(super) fn open(wishes: &CameraWishes, sending: &Arc<Sending>, is_first: bool) -> Result<Self, DeviceError> {
        let config = wishes.config(sending.wishes().big);
        let (into, told) = (Arc::clone(sending), sending.courier().clone());
        let mut converter = Converter::default();
        let on_frame = move |raw: &RawFrame<'_>| {
            if let Some(frame) = converter.frame(raw, into.time_us(raw.captured_at)) {
                into.put(frame);
            }
        };
        let on_event = move |event| match event {
            CameraEvent::Started { device, size, frame_rate, .. } => {
                tracing::info!(device, ?size, frame_rate, "the camera runs");
                if is_first {
                    told.tell(Event::CameraDidReady);
                }
            }
            CameraEvent::Lost(error) => told.error(code(&error), format!("the camera stopped: {error}")),
        };
        let camera = Camera::open(config.clone(), on_frame, on_event)?;
        Ok(Self { _camera: camera, config })
    }

    /// Whether it gives what is to be sent, or has to be opened anew.
    pub(super) fn suffices(&self, wishes: &CameraWishes, big: LayerSettings) -> bool {
        self.config == wishes.config(big)
    }
}

/// A test of the camera without a room; dropping it closes the camera.
pub(super) struct CameraTest {
    _camera: Camera,
}

impl CameraTest {
    /// Shows the camera in a window (0 for none), and to a sink.
    pub(super) fn start(
        wishes: &CameraWishes,
        big: LayerSettings,
        window: u64,
        sink: Option<Arc<dyn VideoSink>>,
    ) -> Result<Self, DeviceError> {
        let began = Instant::now();
        let mut shown = Window::default();
        shown.set(window, &RenderParams::default());
        let mut converter = Converter::default();
        let on_frame = move |raw: &RawFrame<'_>| {
            // Half a million years fit.
            let time_us = raw.captured_at.saturating_duration_since(began).as_micros() as u64;
            let Some(frame) = converter.frame(raw, time_us) else { return };
            shown.show(&frame);
            if let Some(sink) = &sink {
                crate::inside::guarded_hook(|| sink.frame("", VideoStreamType::Big, &frame));
            }
        };
        let on_event = |event| tracing::info!(?event, "the camera under test");
        Ok(Self { _camera: Camera::open(wishes.config(big), on_frame, on_event)? })
    }
}

impl CameraWishes {
    pub(super) fn new(choice: PictureChoice) -> Self {
        Self { choice, device: None, capture: CameraCaptureParam::default() }
    }

    /// A camera lies, whatever way its pictures are sent.
    fn config(&self, big: LayerSettings) -> CameraConfig {
        let (width, height) = (big.size.width(), big.size.height());
        let sent = Size::new(width.max(height), width.min(height));
        let side = |given: i32, auto: u32| u32::try_from(given).ok().filter(|n| (2..=MAX_SIDE).contains(n)).unwrap_or(auto);
        CameraConfig {
            source: match self.choice {
                PictureChoice::Device => CameraSource::Device(self.device.clone()),
                PictureChoice::Pattern => CameraSource::Pattern,
            },
            size: match self.capture.mode {
                CameraCaptureMode::Auto | CameraCaptureMode::Performance => sent,
                CameraCaptureMode::HighQuality => Size::new(sent.width.max(FINE.width), sent.height.max(FINE.height)),
                CameraCaptureMode::Manual => {
                    Size::new(side(self.capture.width, sent.width), side(self.capture.height, sent.height))
                }
            },
            frame_rate: big.frame_rate,
        }
    }
}

/// Begins with a camera: the track's thread first, so that no picture is lost.
pub(super) fn start(wishes: &CameraWishes, sending: &Arc<Sending>) -> Option<OpenCamera> {
    sending.begin(Content::Camera, false);
    match OpenCamera::open(wishes, sending, true) {
        Ok(camera) => Some(camera),
        Err(error) => {
            sending.courier().error(code(&error), format!("the camera could not be opened: {error}"));
            None
        }
    }
}

/// The number for a camera that cannot be opened.
pub(crate) fn code(error: &DeviceError) -> ErrorCode {
    match error {
        DeviceError::Busy(_) => ErrorCode::CAMERA_OCCUPY,
        DeviceError::NotAuthorized(_) => ErrorCode::CAMERA_NOT_AUTHORIZED,
        DeviceError::Parameter { .. } => ErrorCode::CAMERA_SET_PARAM_FAIL,
        _ => ErrorCode::CAMERA_START_FAIL,
    }
}

/// Turns a device's pictures into frames, on the device's thread.
#[derive(Default)]
pub(crate) struct Converter {
    pool: Pool,
    is_broken: bool,
}

impl Converter {
    /// Nothing for a picture that makes no sense, which is logged once.
    pub(crate) fn frame(&mut self, raw: &RawFrame<'_>, time_us: u64) -> Option<Frame> {
        match self.converted(raw) {
            Ok(frame) => {
                self.is_broken = false;
                Some(frame.at(time_us))
            }
            Err(error) => {
                if !std::mem::replace(&mut self.is_broken, true) {
                    tracing::warn!("a device's picture is left out: {error}");
                }
                None
            }
        }
    }

    fn converted(&self, raw: &RawFrame<'_>) -> Result<Frame, FrameError> {
        let format = match raw.format {
            rtc_device::PixelFormat::Bgra => PixelFormat::Bgra,
            rtc_device::PixelFormat::I420 => PixelFormat::I420,
            rtc_device::PixelFormat::Nv12 => PixelFormat::Nv12,
            rtc_device::PixelFormat::Yuyv => PixelFormat::Yuyv,
        };
        let picture = RawPicture { format, width: raw.size.width, height: raw.size.height, stride: raw.stride, data: raw.data };
        picture.to_frame(&self.pool)
    }
}
