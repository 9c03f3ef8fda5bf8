//! Windows of a display of the story's own, with coded pictures in them.

use rtc_core::video::convert::{PixelFormat, RawPicture};
use rtc_core::video::frame::{self, Frame, Pool};
use rtc_core::video::pattern::Pattern;
use rtc_device::{Rectangle, Size};

use crate::alone;
use crate::display::{TestWindow, XServer};

/// Places in which windows do not cover one another; each is large enough for a code to be read in it.
pub(crate) const WIDE: Rectangle = Rectangle::new(0, 0, 160, 90);
pub(crate) const BELOW: Rectangle = Rectangle::new(0, 100, 160, 90);
pub(crate) const TALL: Rectangle = Rectangle::new(200, 0, 108, 192);
pub(crate) const SQUARE: Rectangle = Rectangle::new(0, 110, 180, 180);

/// A display, in a process that has it as its own; nothing where this is not that process, and the story was told there.
pub(crate) fn display<Story: Fn()>(story: Story) -> Option<XServer> {
    if let Some(name) = std::env::var("DISPLAY").ok().filter(|_| alone::is_inside()) {
        return Some(XServer { child: None, name });
    }
    let server = XServer::start();
    alone::run(story, &[("DISPLAY", &server.name)]);
    None
}

/// A window, and how large it is.
pub(crate) struct Board {
    pub(crate) window: TestWindow,
    pub(crate) size: Size,
}

impl Board {
    pub(crate) fn open(server: &XServer, area: Rectangle) -> Self {
        Self::titled(server, "Board", area)
    }

    pub(crate) fn titled(server: &XServer, title: &str, area: Rectangle) -> Self {
        Self { window: server.window(title, area), size: area.size() }
    }

    /// A window as applications name it.
    pub(crate) fn id(&self) -> u64 {
        self.window.id.into()
    }

    /// Paints a coded picture.
    pub(crate) fn paint(&self, source: u16, number: u32) {
        let size = frame::Size::new(self.size.width, self.size.height).expect("a size");
        let picture = Pattern::new(source, size).draw(number, 0, &Pool::default());
        self.window.paint(self.size, &picture.to_bytes(PixelFormat::Bgra).expect("a layout"));
    }

    /// Paints it over.
    pub(crate) fn paint_plain(&self, level: u8) {
        self.window.paint(self.size, &crate::display::plain(self.size, [level, level, level, 255]));
    }

    /// What is in it.
    pub(crate) fn frame(&self) -> Frame {
        let Size { width, height } = self.size;
        let data = self.window.pixels(self.size);
        let picture = RawPicture { format: PixelFormat::Bgra, width, height, stride: width as usize * 4, data: &data };
        picture.to_frame(&Pool::default()).expect("a whole picture")
    }

    /// How bright it is at the lower edge, where a picture that is as wide as the window and not as high has nothing: the
    /// brightest there.
    pub(crate) fn lower_edge(&self) -> u8 {
        let pixels = self.window.pixels(self.size);
        let row = &pixels[pixels.len() - self.size.width as usize * 4..];
        row.chunks_exact(4).map(|pixel| pixel[1]).max().expect("it has a width")
    }
}
