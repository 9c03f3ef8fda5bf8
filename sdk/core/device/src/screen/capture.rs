//! A running capture of a screen, a window or the twin, with its pauses and its end.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{ChangeWindowAttributesAux, ConnectionExt as _, EventMask, Window};

use super::grab::{Grabber, blit, cover};
use super::highlight::HighlightFrame;
use super::{PauseReason, ScreenEvent, ScreenOptions, ScreenTarget, pointer};
use crate::audio::lock;
use crate::camera::{FrameClock, LARGEST, Pattern};
use crate::worker::{Stop, Worker};
use crate::x11::{Failure, X11};
use crate::{DeviceError, PixelFormat, RawFrame, Rectangle, Size};

/// Pictures in a row that could not be read, for example because the window changes all the time, before giving up.
const PATIENCE: u32 = 100;

/// A running capture; dropping it ends it.
#[derive(Debug)]
pub struct ScreenCapture {
    settings: Arc<Mutex<Settings>>,
    worker: Worker,
}

#[derive(Debug, Clone)]
struct Settings {
    options: ScreenOptions,
    paused: bool,
}

type OnFrame = Box<dyn FnMut(&RawFrame<'_>) + Send>;
type OnEvent = Box<dyn FnMut(ScreenEvent) + Send>;

impl ScreenCapture {
    /// Starts capturing. `on_frame` is called with every picture in BGRA, `on_event` from time to time, both on the
    /// capture's own thread and never after the capture was dropped.
    ///
    /// # Errors
    /// [`DeviceError::Gone`] when there is no such window or screen, [`DeviceError::System`] when there is no display.
    pub fn start(
        target: ScreenTarget,
        options: ScreenOptions,
        on_frame: impl FnMut(&RawFrame<'_>) + Send + 'static,
        on_event: impl FnMut(ScreenEvent) + Send + 'static,
    ) -> Result<Self, DeviceError> {
        options.check()?;
        let settings = Arc::new(Mutex::new(Settings { options, paused: false }));
        let given = settings.clone();
        let (ready, opened) = sync_channel(1);
        let worker = Worker::spawn("device-screen", move |stop| {
            let mut capture = Capture {
                settings: given,
                on_frame: Box::new(on_frame),
                on_event: Box::new(on_event),
                size: None,
                asked: false,
                minimized: false,
            };
            capture.run(target, &stop, &ready);
        })?;
        let gone = || Err(DeviceError::system("threads", "the capturing thread ended at once"));
        opened.recv().unwrap_or_else(|_| gone())?;
        Ok(Self { settings, worker })
    }

    /// Stops the pictures until [`ScreenCapture::resume`].
    pub fn pause(&self) {
        lock(&self.settings).paused = true;
        self.worker.unpark();
    }

    /// Lets pictures come again.
    pub fn resume(&self) {
        lock(&self.settings).paused = false;
        self.worker.unpark();
    }

    /// Captures differently from the next picture on.
    ///
    /// # Errors
    /// [`DeviceError::Parameter`] when an option is out of range; nothing changes then.
    pub fn change(&self, options: ScreenOptions) -> Result<(), DeviceError> {
        options.check()?;
        lock(&self.settings).options = options;
        Ok(())
    }
}

struct Capture {
    settings: Arc<Mutex<Settings>>,
    on_frame: OnFrame,
    on_event: OnEvent,
    /// Of the last picture.
    size: Option<Size>,
    asked: bool,
    minimized: bool,
}

/// What is captured, opened.
enum Source {
    Screen { x11: Box<X11>, id: u32 },
    Window { x11: Box<X11>, window: Window },
    Pattern(Pattern, Size),
}

impl Source {
    fn open(target: ScreenTarget) -> Result<Self, DeviceError> {
        match target {
            ScreenTarget::Pattern(size) => {
                if size.is_empty() || size.width > LARGEST || size.height > LARGEST {
                    let why = format!("must be 1x1 to {LARGEST}x{LARGEST}");
                    return Err(DeviceError::Parameter { name: "size", why });
                }
                Ok(Self::Pattern(Pattern::new(size), size))
            }
            ScreenTarget::Screen { display, id } => {
                let x11 = Box::new(X11::open(display.as_deref())?);
                let name = || format!("screen {id}");
                let found = x11.monitor(id).map_err(|failure| failure.about(&name()))?;
                if found.is_none() {
                    return Err(DeviceError::Gone(name()));
                }
                Ok(Self::Screen { x11, id })
            }
            ScreenTarget::Window { display, id } => {
                let x11 = Box::new(X11::open(display.as_deref())?);
                x11.watch(id).map_err(|failure| failure.about(&format!("window {id}")))?;
                Ok(Self::Window { x11, window: id })
            }
        }
    }
}

impl Source {
    /// What the frame goes around: nothing when that is a whole screen.
    fn highlighted(&self, area: Rectangle, region: Option<Rectangle>) -> Option<Rectangle> {
        let part = region.map_or(area, |region| {
            let placed =
                Rectangle::new(area.x.saturating_add(region.x), area.y.saturating_add(region.y), region.width, region.height);
            area.intersection(placed)
        });
        let whole_screen = matches!(self, Self::Screen { .. }) && part == area;
        Some(part).filter(|part| !whole_screen && !part.is_empty())
    }

    /// Puts the frame where it should be, and makes it or takes it away when that was asked for.
    fn highlight(
        &self,
        frame: &mut Option<HighlightFrame>,
        options: &ScreenOptions,
        around: Option<Rectangle>,
    ) -> Result<(), Failure> {
        let (Self::Screen { x11, .. } | Self::Window { x11, .. }) = self else { return Ok(()) };
        if let Some(old) = frame.take_if(|frame| Some(frame.style) != options.highlight) {
            old.remove(x11)?;
        }
        let Some(style) = options.highlight else { return Ok(()) };
        let shown = match frame {
            Some(shown) => shown,
            None => frame.insert(HighlightFrame::new(x11, style)?),
        };
        shown.place(x11, around)
    }
}

impl X11 {
    /// Has the end of a window told.
    fn watch(&self, window: Window) -> Result<(), Failure> {
        let mask = ChangeWindowAttributesAux::new().event_mask(EventMask::STRUCTURE_NOTIFY);
        Ok(self.connection.change_window_attributes(window, &mask)?.check()?)
    }

    /// Reads events; true when the window was closed. Its id may belong to a new window already.
    fn was_closed(&self, window: Window) -> Result<bool, Failure> {
        let mut closed = false;
        while let Some(event) = self.connection.poll_for_event()? {
            closed |= matches!(event, Event::DestroyNotify(event) if event.window == window);
        }
        Ok(closed)
    }
}

/// What became of an attempt to take a picture.
enum Taken {
    /// It is in the buffer, which shows this part of the display.
    Picture(Rectangle),
    /// The window cannot be seen.
    Hidden,
    /// The source is no more.
    Closed,
}

impl Capture {
    fn run(&mut self, target: ScreenTarget, stop: &Stop, ready: &SyncSender<Result<(), DeviceError>>) {
        let mut source = match Source::open(target) {
            Ok(source) => source,
            Err(error) => {
                let _nobody_waits = ready.send(Err(error));
                return;
            }
        };
        let _nobody_waits = ready.send(Ok(()));
        let mut settings = lock(&self.settings).clone();
        let mut clock = FrameClock::new(settings.options.frame_rate, Instant::now());
        let mut grabber = Grabber::default();
        let mut pixels = Vec::new();
        let mut frame = None;
        let mut failures = 0;
        loop {
            let due = clock.take(Instant::now());
            if !stop.wait_until(due) {
                return;
            }
            let now = lock(&self.settings).clone();
            if now.options.frame_rate != settings.options.frame_rate {
                clock = FrameClock::new(now.options.frame_rate, due);
            }
            settings = now;
            self.tell_pause(settings.paused);

            let taken = match &mut source {
                Source::Pattern(pattern, size) => {
                    let (data, _) = pattern.next_bgra();
                    pixels.clear();
                    pixels.extend_from_slice(data);
                    Ok(Taken::Picture(Rectangle::new(0, 0, size.width, size.height)))
                }
                Source::Screen { x11, id } => take_screen(x11, *id, &settings, &mut grabber, &mut pixels),
                Source::Window { x11, window } => take_window(x11, *window, &settings, &mut grabber, &mut pixels)
                    // Asked last: the server tells of the end before it answers what was asked after it, so a new window
                    // with the same id is never taken for the old one.
                    .and_then(|taken| Ok(if x11.was_closed(*window)? { Taken::Closed } else { taken })),
            };
            let taken = taken.and_then(|taken| {
                let shown = matches!(taken, Taken::Picture(_)) && !settings.paused;
                let part = match &taken {
                    Taken::Picture(area) if shown => source.highlighted(*area, settings.options.region),
                    _ => None,
                };
                source.highlight(&mut frame, &settings.options, part).map(|()| taken)
            });
            match taken {
                Ok(Taken::Picture(area)) => {
                    failures = 0;
                    self.tell_minimized(false);
                    if !settings.paused {
                        self.deliver(&mut pixels, area, &settings.options, due);
                    }
                }
                Ok(Taken::Hidden) => {
                    failures = 0;
                    self.tell_minimized(true);
                }
                Ok(Taken::Closed) => return (self.on_event)(ScreenEvent::Closed),
                // A window that is resized or hidden while it is read is read again with the next picture.
                Err(Failure::Gone) if failures < PATIENCE => failures += 1,
                Err(Failure::Gone) => return (self.on_event)(ScreenEvent::Closed),
                Err(failure @ Failure::Broken(_)) => {
                    return (self.on_event)(ScreenEvent::Failed(failure.about("display")));
                }
            }
        }
    }

    /// Cuts the wanted region out and hands it over.
    fn deliver(&mut self, pixels: &mut Vec<u8>, area: Rectangle, options: &ScreenOptions, captured_at: Instant) {
        let mut size = area.size();
        if let Some(region) = options.region {
            let whole = Rectangle::new(0, 0, size.width, size.height);
            let part = whole.intersection(region);
            if part.is_empty() {
                return;
            }
            if part != whole {
                let mut cut = vec![0; part.size().pixels() * 4];
                blit(&mut cut, part, pixels, whole);
                *pixels = cut;
                size = part.size();
            }
        }
        match self.size.replace(size) {
            None => (self.on_event)(ScreenEvent::Started(size)),
            Some(before) if before != size => (self.on_event)(ScreenEvent::Resized(size)),
            Some(_) => {}
        }
        let stride = size.width as usize * 4;
        (self.on_frame)(&RawFrame { format: PixelFormat::Bgra, size, stride, data: pixels, captured_at });
    }

    fn tell_pause(&mut self, paused: bool) {
        if std::mem::replace(&mut self.asked, paused) != paused {
            (self.on_event)(pause_event(paused, PauseReason::Asked));
        }
    }

    fn tell_minimized(&mut self, minimized: bool) {
        if std::mem::replace(&mut self.minimized, minimized) != minimized {
            (self.on_event)(pause_event(minimized, PauseReason::Minimized));
        }
    }
}

fn pause_event(paused: bool, reason: PauseReason) -> ScreenEvent {
    if paused { ScreenEvent::Paused(reason) } else { ScreenEvent::Resumed(reason) }
}

fn take_screen(x11: &X11, id: u32, settings: &Settings, grabber: &mut Grabber, pixels: &mut Vec<u8>) -> Result<Taken, Failure> {
    // Asked every time: monitors are moved and resized by the user.
    let Some(monitor) = x11.monitor(id)? else { return Ok(Taken::Closed) };
    let area = monitor.area;
    if settings.paused {
        return Ok(Taken::Picture(area));
    }
    grabber.screen(x11, area, pixels)?;
    if settings.options.pointer {
        pointer::paint(x11, pixels, area)?;
    }
    // After the pointer, so that not even that tells what happens in them.
    for window in &settings.options.excluded {
        let frame = match x11.frame_of(*window).and_then(|frame| x11.window_state(frame)) {
            Ok(state) if state.viewable => state,
            Ok(_) | Err(Failure::Gone) => continue,
            Err(broken) => return Err(broken),
        };
        let border = u32::from(frame.border);
        let covered = Rectangle::new(
            frame.area.x - border as i32,
            frame.area.y - border as i32,
            frame.area.width + 2 * border,
            frame.area.height + 2 * border,
        );
        cover(pixels, area, covered);
    }
    Ok(Taken::Picture(area))
}

fn take_window(
    x11: &X11,
    window: Window,
    settings: &Settings,
    grabber: &mut Grabber,
    pixels: &mut Vec<u8>,
) -> Result<Taken, Failure> {
    let state = match x11.window_state(window) {
        Ok(state) => state,
        Err(Failure::Gone) => return Ok(Taken::Closed),
        Err(broken) => return Err(broken),
    };
    if !state.viewable {
        grabber.forget(x11, window)?;
        return Ok(Taken::Hidden);
    }
    if settings.paused {
        return Ok(Taken::Picture(state.area));
    }
    if let Err(failure) = grabber.window(x11, window, &state, pixels) {
        // It may have been hidden and shown again in between, and has a new picture then.
        grabber.forget(x11, window)?;
        return Err(failure);
    }
    let mut over = settings.options.included.clone();
    if settings.options.children {
        over.extend(x11.belonging_to(window)?);
    }
    grabber.keep_only(x11, |held| held == window || over.contains(&held))?;
    for included in &over {
        match paint_over(x11, *included, grabber, pixels, state.area) {
            Ok(true) => {}
            // What is shown again later has a new picture then.
            Ok(false) | Err(Failure::Gone) => grabber.forget(x11, *included)?,
            Err(broken) => return Err(broken),
        }
    }
    if settings.options.pointer {
        pointer::paint(x11, pixels, state.area)?;
    }
    Ok(Taken::Picture(state.area))
}

/// Paints another window over a picture of this area of the display. False when it is hidden.
fn paint_over(x11: &X11, window: Window, grabber: &mut Grabber, pixels: &mut [u8], area: Rectangle) -> Result<bool, Failure> {
    let state = x11.window_state(window)?;
    if !state.viewable {
        return Ok(false);
    }
    let mut picture = Vec::new();
    grabber.window(x11, window, &state, &mut picture)?;
    blit(pixels, area, &picture, state.area);
    Ok(true)
}
