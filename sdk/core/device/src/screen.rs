//! Screens and windows of this machine as sources of pictures, and their twin. It draws nothing on them.
//!
//! On Linux this is X11. A Wayland session shows only its X11 windows here, and no whole screens.

mod capture;
mod grab;
mod highlight;
mod pointer;
mod sources;

pub use capture::ScreenCapture;
pub use sources::Display;

use crate::{DeviceError, Rectangle, Size};

/// What a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScreenSourceKind {
    /// One window.
    Window,
    /// One monitor.
    Screen,
}

/// Something that can be shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScreenSource {
    /// What it is.
    pub kind: ScreenSourceKind,
    /// The window's id on its display; for a screen a number that stays the same while it is plugged in.
    pub id: u32,
    /// The window's title or the monitor's name.
    pub name: String,
    /// Where it is on the display.
    pub area: Rectangle,
    /// The window is an icon at the moment; capturing it begins when it is opened.
    pub minimized: bool,
    /// The user's main screen.
    pub main: bool,
    /// What it shows, scaled; empty when that was not wanted or cannot be seen.
    pub thumbnail: Picture,
    /// The window's icon, scaled; empty for screens and for windows without one.
    pub icon: Picture,
}

/// A picture in BGRA without padding.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Picture {
    /// Width and height.
    pub size: Size,
    /// Four bytes a pixel.
    pub bgra: Vec<u8>,
}

/// What is captured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScreenTarget {
    /// A monitor, see [`ScreenSource::id`].
    Screen {
        /// Name of the display; `None` for the one in `DISPLAY`.
        display: Option<String>,
        /// The source's id.
        id: u32,
    },
    /// A window, wherever it is moved and also where others cover it.
    Window {
        /// Name of the display; `None` for the one in `DISPLAY`.
        display: Option<String>,
        /// The source's id.
        id: u32,
    },
    /// Moving bars of this size.
    Pattern(Size),
}

/// How it is captured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScreenOptions {
    /// Most pictures a second, 1 to 60.
    pub frame_rate: u32,
    /// The part that is captured, relative to the source; `None` for all of it. What lies outside of the source is left
    /// out.
    pub region: Option<Rectangle>,
    /// Whether the mouse pointer is painted into the picture: wherever it is within the source's area, also when it
    /// points at something in front of it.
    pub pointer: bool,
    /// Windows that are not shown when a screen is captured. X11 cannot look behind a window, so their area is painted
    /// grey, together with what lies over or under them.
    pub excluded: Vec<u32>,
    /// Windows that are shown over the captured window, where they are in front of it, whether or not they really are.
    pub included: Vec<u32>,
    /// Whether windows that belong to the captured window, such as its dialogs and menus, are shown over it as if they were
    /// in `included`.
    pub children: bool,
    /// A frame on the user's display around the captured window or region; `None` for none. There is none around a
    /// whole screen, because what is drawn on it would be captured.
    pub highlight: Option<Highlight>,
}

/// The look of the frame around what is captured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Highlight {
    /// Red, green and blue as `0xRRGGBB`.
    pub colour: u32,
    /// Pixels, 1 to 50.
    pub width: u32,
}

impl Default for Highlight {
    /// Five pixels of yellow.
    fn default() -> Self {
        Self { colour: 0x00ff_e640, width: 5 }
    }
}

impl Default for ScreenOptions {
    /// 15 pictures a second of all of it, with the pointer.
    fn default() -> Self {
        Self {
            frame_rate: 15,
            region: None,
            pointer: true,
            excluded: Vec::new(),
            included: Vec::new(),
            children: false,
            highlight: None,
        }
    }
}

impl ScreenOptions {
    fn check(&self) -> Result<(), DeviceError> {
        const MOST_WINDOWS: usize = 64;
        if !(1..=60).contains(&self.frame_rate) {
            let why = format!("must be 1 to 60, not {}", self.frame_rate);
            return Err(DeviceError::Parameter { name: "frame_rate", why });
        }
        if self.region.is_some_and(Rectangle::is_empty) {
            return Err(DeviceError::Parameter { name: "region", why: "must have a width and a height".to_owned() });
        }
        if self.highlight.is_some_and(|highlight| !(1..=50).contains(&highlight.width)) {
            return Err(DeviceError::Parameter { name: "highlight", why: "must be 1 to 50 pixels wide".to_owned() });
        }
        if self.excluded.len() > MOST_WINDOWS || self.included.len() > MOST_WINDOWS {
            let why = format!("must be at most {MOST_WINDOWS}");
            return Err(DeviceError::Parameter { name: "windows", why });
        }
        Ok(())
    }
}

/// Why no pictures come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PauseReason {
    /// [`ScreenCapture::pause`] was called.
    Asked,
    /// The window was made an icon or hidden.
    Minimized,
}

/// What happens to a capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScreenEvent {
    /// The first picture follows, of this size.
    Started(Size),
    /// The following pictures have this size.
    Resized(Size),
    /// No pictures come for this reason.
    Paused(PauseReason),
    /// This reason has ended.
    Resumed(PauseReason),
    /// The window was closed or the monitor unplugged. Nothing follows.
    Closed,
    /// The display went away or refuses. Nothing follows.
    Failed(DeviceError),
}
