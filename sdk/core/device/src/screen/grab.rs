//! One picture of a screen or a window at this moment.

use x11rb::connection::Connection;
use x11rb::protocol::composite::{ConnectionExt as _, Redirect};
use x11rb::protocol::xproto::{ConnectionExt as _, Pixmap, Window};

use crate::Rectangle;
use crate::x11::{Failure, PictureReader, WindowState, X11};

const PIXEL: usize = 4;

/// Reads pictures, and remembers what it needs for the next one.
#[derive(Default)]
pub(super) struct Grabber {
    reader: PictureReader,
    /// Windows that the server keeps a whole picture of for us.
    redirected: Vec<Redirected>,
    clipped: Vec<u8>,
}

struct Redirected {
    window: Window,
    /// The picture, and what the window was like when it was named.
    named: Option<(Pixmap, WindowState)>,
}

impl Grabber {
    /// A part of the display.
    pub(super) fn screen(&mut self, x11: &X11, area: Rectangle, into: &mut Vec<u8>) -> Result<(), Failure> {
        self.reader.read(x11, x11.root, area, into)
    }

    /// A whole window, also where others cover it if the server can do that. Where it cannot, the others are seen, and
    /// black where the window is outside of the display.
    pub(super) fn window(&mut self, x11: &X11, window: Window, state: &WindowState, into: &mut Vec<u8>) -> Result<(), Failure> {
        if x11.composite {
            let pixmap = self.pixmap(x11, window, state)?;
            let border = i32::from(state.border);
            let area = Rectangle::new(border, border, state.area.width, state.area.height);
            return self.reader.read(x11, pixmap, area, into);
        }
        let display = x11.window_state(x11.root)?.area;
        let seen = state.area.intersection(display);
        into.clear();
        into.resize(state.area.size().pixels() * PIXEL, 0);
        into.chunks_exact_mut(PIXEL).for_each(|pixel| pixel[3] = u8::MAX);
        if seen.is_empty() {
            return Ok(());
        }
        self.reader.read(x11, x11.root, seen, &mut self.clipped)?;
        blit(into, state.area, &self.clipped, seen);
        Ok(())
    }

    /// The server's picture of the window, which has the border around it.
    fn pixmap(&mut self, x11: &X11, window: Window, state: &WindowState) -> Result<Pixmap, Failure> {
        let index = match self.redirected.iter().position(|entry| entry.window == window) {
            Some(index) => index,
            None => {
                x11.connection.composite_redirect_window(window, Redirect::AUTOMATIC)?.check()?;
                self.redirected.push(Redirected { window, named: None });
                self.redirected.len() - 1
            }
        };
        let entry = &mut self.redirected[index];
        if let Some((pixmap, named_for)) = entry.named {
            let same = named_for.area.size() == state.area.size() && named_for.border == state.border;
            if same && named_for.viewable == state.viewable {
                return Ok(pixmap);
            }
            entry.named = None;
            x11.connection.free_pixmap(pixmap)?;
        }
        let pixmap = x11.connection.generate_id()?;
        // A window that is mapped or resized gets a new picture.
        x11.connection.composite_name_window_pixmap(window, pixmap)?.check()?;
        entry.named = Some((pixmap, *state));
        Ok(pixmap)
    }

    /// Lets go of windows that are not shown any more. Their ids may come to belong to others.
    pub(super) fn keep_only(&mut self, x11: &X11, wanted: impl Fn(Window) -> bool) -> Result<(), Failure> {
        for entry in self.redirected.extract_if(.., |entry| !wanted(entry.window)) {
            if let Some((pixmap, _)) = entry.named {
                x11.connection.free_pixmap(pixmap)?;
            }
            // Fails for a window that was closed, which is reported as an event that nobody reads.
            x11.connection.composite_unredirect_window(entry.window, Redirect::AUTOMATIC)?;
        }
        Ok(())
    }

    /// Takes the server's pictures as outdated, after a window was hidden or resized.
    pub(super) fn forget(&mut self, x11: &X11, window: Window) -> Result<(), Failure> {
        for entry in self.redirected.iter_mut().filter(|entry| entry.window == window) {
            if let Some((pixmap, _)) = entry.named.take() {
                x11.connection.free_pixmap(pixmap)?;
            }
        }
        Ok(())
    }
}

/// Copies a picture into another, where both are placed in the same plane.
pub(super) fn blit(onto: &mut [u8], onto_area: Rectangle, from: &[u8], from_area: Rectangle) {
    let both = onto_area.intersection(from_area);
    if both.is_empty() {
        return;
    }
    let offset = |area: Rectangle, y: u32| {
        // What lies in both lies right of and below the edges of each.
        let row = (both.y - area.y) as usize + y as usize;
        (row * area.width as usize + (both.x - area.x) as usize) * PIXEL
    };
    let length = both.width as usize * PIXEL;
    for y in 0..both.height {
        let (to, source) = (offset(onto_area, y), offset(from_area, y));
        if let (Some(to), Some(source)) = (onto.get_mut(to..to + length), from.get(source..source + length)) {
            to.copy_from_slice(source);
        }
    }
}

/// Paints a rectangle of the plane grey.
pub(super) fn cover(picture: &mut [u8], area: Rectangle, covered: Rectangle) {
    const GREY: [u8; PIXEL] = [0x80, 0x80, 0x80, 0xff];
    let covered = area.intersection(covered);
    let patch = GREY.repeat(covered.size().pixels());
    blit(picture, area, &patch, covered);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lies_in_both_pictures_is_copied() {
        let area = Rectangle::new(10, 10, 3, 2);
        let mut picture = vec![0; 3 * 2 * PIXEL];
        let from = [1; 4 * 4 * PIXEL];
        blit(&mut picture, area, &from, Rectangle::new(12, 11, 4, 4));
        let painted: Vec<bool> = picture.chunks_exact(PIXEL).map(|pixel| pixel == [1; PIXEL]).collect();
        assert_eq!(painted, [false, false, false, false, false, true]);
        cover(&mut picture, area, Rectangle::new(-100, -100, 112, 111));
        assert_eq!(picture[..PIXEL], [0x80, 0x80, 0x80, 0xff]);
        assert_eq!(picture[2 * PIXEL..3 * PIXEL], [0; PIXEL]);
    }
}
