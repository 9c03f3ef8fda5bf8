//! Sharing a screen or a window: what was chosen, and the capture that runs. It sends nothing itself.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rtc_api::{ErrorCode, Event, Rect, ScreenCaptureProperty, ScreenCaptureSourceInfo, ScreenCaptureSourceType};
use rtc_device::screen::{Highlight, PauseReason};
use rtc_device::{
    DeviceError, Display, RawFrame, Rectangle, ScreenCapture, ScreenEvent, ScreenOptions, ScreenSource, ScreenSourceKind,
    ScreenTarget, Size,
};
use rtc_video::codec::Content;

use super::camera::Converter;
use super::sending::Sending;
use crate::courier::Courier;
use crate::options::PictureChoice;

/// The size of the twin.
pub(crate) const PATTERN: Size = Size::new(1280, 720);

/// What is to be shared, and how.
#[derive(Default)]
pub(super) struct Screen {
    /// Nothing yet chosen is the main screen.
    target: Option<ScreenTarget>,
    /// Without an area it is all of it.
    part: Rect,
    property: Option<ScreenCaptureProperty>,
    pub(super) excluded: BTreeSet<u64>,
    pub(super) included: BTreeSet<u64>,
    sharing: Option<Sharing>,
}

struct Sharing {
    capture: ScreenCapture,
    sending: Arc<Sending>,
    /// It runs no more, and the application was told.
    is_over: Arc<AtomicBool>,
    is_paused: bool,
}

impl Screen {
    /// The track on which a screen is shared.
    pub(super) fn sending(&self) -> Option<&Arc<Sending>> {
        self.sharing.as_ref().map(|sharing| &sharing.sending)
    }

    /// Starts to capture. The track's thread runs already.
    pub(super) fn start(&mut self, choice: PictureChoice, sending: &Arc<Sending>) -> Result<(), DeviceError> {
        let (target, is_over) = (self.target(choice)?, Arc::default());
        let capture = ScreenCapture::start(
            target,
            self.options(sending),
            on_frame(sending),
            on_event(sending.courier(), &is_over, true),
        )?;
        self.sharing = Some(Sharing { capture, sending: Arc::clone(sending), is_over, is_paused: false });
        Ok(())
    }

    /// Whether what was shared is gone by itself.
    pub(super) fn is_over(&self) -> bool {
        self.sharing.as_ref().is_some_and(|sharing| sharing.is_over.load(Ordering::Acquire))
    }

    /// Stops; when it returns nothing is captured any more. Tells the application, unless it knows already.
    pub(super) fn stop(&mut self, courier: &Courier, is_told: bool) {
        let Some(Sharing { capture, is_over, .. }) = self.sharing.take() else { return };
        drop(capture);
        if !is_over.load(Ordering::Acquire) && is_told {
            courier.tell(Event::ScreenCaptureStoped { reason: 0 });
        }
    }

    pub(super) fn pause(&mut self, is_paused: bool) {
        let Some(sharing) = &mut self.sharing else { return };
        sharing.is_paused = is_paused;
        if is_paused {
            sharing.capture.pause();
        } else {
            sharing.capture.resume();
        }
    }

    /// Shares something else, at once where a screen is shared.
    pub(super) fn select(
        &mut self,
        choice: PictureChoice,
        source: &ScreenCaptureSourceInfo,
        part: Rect,
        property: &ScreenCaptureProperty,
    ) -> Result<(), DeviceError> {
        // Numbers of windows and screens have 32 bits here; another one is nobody's.
        let id = u32::try_from(source.source_id).map_err(|_| DeviceError::Gone(format!("source {}", source.source_id)))?;
        let target = match source.kind {
            _ if choice == PictureChoice::Pattern => None,
            ScreenCaptureSourceType::Screen => Some(ScreenTarget::Screen { display: None, id }),
            ScreenCaptureSourceType::Window => Some(ScreenTarget::Window { display: None, id }),
            ScreenCaptureSourceType::Unknown | ScreenCaptureSourceType::Custom => None,
        };
        let is_other = self.target != target;
        self.target = target;
        self.part = part;
        self.property = Some(property.clone());
        if is_other { self.restart(choice) } else { self.change() }
    }

    fn restart(&mut self, choice: PictureChoice) -> Result<(), DeviceError> {
        let Some(Sharing { capture, sending, is_over, is_paused }) = self.sharing.take() else { return Ok(()) };
        drop(capture);
        let target = self.target(choice)?;
        let was_over = is_over.swap(false, Ordering::AcqRel);
        let capture = ScreenCapture::start(
            target,
            self.options(&sending),
            on_frame(&sending),
            on_event(sending.courier(), &is_over, was_over),
        )?;
        if is_paused {
            capture.pause();
        }
        self.sharing = Some(Sharing { capture, sending, is_over, is_paused });
        Ok(())
    }

    /// Has the capture that runs follow what was changed.
    pub(super) fn change(&self) -> Result<(), DeviceError> {
        self.sharing.as_ref().map_or(Ok(()), |sharing| sharing.capture.change(self.options(&sharing.sending)))
    }

    fn target(&self, choice: PictureChoice) -> Result<ScreenTarget, DeviceError> {
        if choice == PictureChoice::Pattern {
            return Ok(ScreenTarget::Pattern(PATTERN));
        }
        if let Some(target) = &self.target {
            return Ok(target.clone());
        }
        let sources = Display::open(None)?.sources(Size::default(), Size::default())?;
        let screens = || sources.iter().filter(|source| source.kind == ScreenSourceKind::Screen);
        let main = screens().find(|source| source.main).or_else(|| screens().next());
        let main = main.ok_or_else(|| DeviceError::Gone("the main screen".into()))?;
        Ok(ScreenTarget::Screen { display: None, id: main.id })
    }

    fn options(&self, sending: &Sending) -> ScreenOptions {
        // A number that is no window's excludes nothing.
        let windows = |ids: &BTreeSet<u64>| ids.iter().filter_map(|id| u32::try_from(*id).ok()).collect();
        ScreenOptions {
            frame_rate: sending.wishes().big.frame_rate,
            region: region(&self.part),
            pointer: self.property.as_ref().is_none_or(|property| property.enable_capture_mouse),
            excluded: windows(&self.excluded),
            included: windows(&self.included),
            children: self.property.as_ref().is_some_and(|property| property.enable_capture_child_window),
            highlight: self.property.as_ref().filter(|property| property.enable_high_light).map(highlight),
        }
    }
}

/// A part of a screen; nothing where it has no area.
pub(crate) fn region(part: &Rect) -> Option<Rectangle> {
    let side = |from: i32, to: i32| u32::try_from(i64::from(to) - i64::from(from)).unwrap_or(0);
    let region = Rectangle::new(part.left, part.top, side(part.left, part.right), side(part.top, part.bottom));
    Some(region).filter(|region| !region.is_empty())
}

/// The frame around what is shared; 0 stands for the usual colour and width.
fn highlight(property: &ScreenCaptureProperty) -> Highlight {
    let usual = Highlight::default();
    Highlight {
        colour: u32::try_from(property.high_light_color).ok().filter(|colour| *colour != 0).unwrap_or(usual.colour),
        width: u32::try_from(property.high_light_width)
            .ok()
            .filter(|width| *width != 0)
            .map_or(usual.width, |width| width.min(50)),
    }
}

/// What can be shared, with pictures of at most these sizes.
pub(crate) fn sources(choice: PictureChoice, thumbnail: Size, icon: Size) -> Result<Vec<ScreenSource>, DeviceError> {
    match choice {
        PictureChoice::Device => Display::open(None)?.sources(thumbnail, icon),
        PictureChoice::Pattern => Ok(vec![ScreenSource {
            kind: ScreenSourceKind::Screen,
            id: 0,
            name: "pattern".into(),
            area: Rectangle::new(0, 0, PATTERN.width, PATTERN.height),
            minimized: false,
            main: true,
            thumbnail: rtc_device::screen::Picture::default(),
            icon: rtc_device::screen::Picture::default(),
        }]),
    }
}

pub(super) fn code(error: &DeviceError) -> ErrorCode {
    match error {
        DeviceError::Unsupported { .. } => ErrorCode::SCREEN_CAPTURE_UNSURPORT,
        _ => ErrorCode::SCREEN_CAPTURE_START_FAIL,
    }
}

/// Begins the track's thread for a screen: its own track, or the camera's in place of the camera.
pub(super) fn begin(sending: &Arc<Sending>) {
    sending.begin(Content::Screen, false);
}

fn on_frame(sending: &Arc<Sending>) -> impl FnMut(&RawFrame<'_>) + Send + 'static {
    let (into, mut converter) = (Arc::clone(sending), Converter::default());
    move |raw| {
        if let Some(frame) = converter.frame(raw, into.time_us(raw.captured_at)) {
            into.put(frame);
        }
    }
}

fn on_event(courier: &Courier, is_over: &Arc<AtomicBool>, is_first: bool) -> impl FnMut(ScreenEvent) + Send + 'static {
    let (told, is_over) = (courier.clone(), Arc::clone(is_over));
    move |event| match event {
        ScreenEvent::Started(size) => {
            tracing::info!(?size, "a screen is shared");
            if is_first {
                told.tell(Event::ScreenCaptureStarted);
            }
        }
        ScreenEvent::Resized(size) => tracing::info!(?size, "the shared screen has another size"),
        ScreenEvent::Paused(reason) => told.tell(Event::ScreenCapturePaused { reason: number(reason) }),
        ScreenEvent::Resumed(reason) => told.tell(Event::ScreenCaptureResumed { reason: number(reason) }),
        ScreenEvent::Closed => {
            is_over.store(true, Ordering::Release);
            told.tell(Event::ScreenCaptureStoped { reason: 1 });
        }
        ScreenEvent::Failed(error) => {
            is_over.store(true, Ordering::Release);
            told.error(ErrorCode::SCREEN_CAPTURE_STOPPED, format!("sharing the screen ended: {error}"));
            told.tell(Event::ScreenCaptureStoped { reason: 2 });
        }
    }
}

fn number(reason: PauseReason) -> i32 {
    match reason {
        PauseReason::Asked => 0,
        PauseReason::Minimized => 2,
    }
}
