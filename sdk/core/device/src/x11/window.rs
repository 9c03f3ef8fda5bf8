//! What is known of one window: where it is, how large, whether it can be seen, what it is called.

use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _, MapState, Window, WindowClass};

use super::{Failure, X11};
use crate::Rectangle;

/// Properties longer than this many bytes are cut; an icon of 1024 by 1024 fits.
const LONGEST_PROPERTY: u32 = 1 << 23;
/// ICCCM 4.1.3.1.
const ICONIC: u32 = 3;

/// A window at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WindowState {
    /// Place on the display and size, without the border.
    pub(crate) area: Rectangle,
    /// Width of its border in pixels.
    pub(crate) border: u16,
    /// Bits of a pixel.
    pub(crate) depth: u8,
    /// It and all windows it is in are on the display.
    pub(crate) viewable: bool,
    /// It is for drawing, and not a menu or a tooltip.
    pub(crate) ordinary: bool,
}

impl X11 {
    /// Looks at a window.
    pub(crate) fn window_state(&self, window: Window) -> Result<WindowState, Failure> {
        // Asked together, which is one round trip.
        let attributes = self.connection.get_window_attributes(window)?;
        let geometry = self.connection.get_geometry(window)?;
        let place = self.connection.translate_coordinates(window, self.root, 0, 0)?;
        let (attributes, geometry, place) = (attributes.reply()?, geometry.reply()?, place.reply()?);
        Ok(WindowState {
            area: Rectangle::new(place.dst_x.into(), place.dst_y.into(), geometry.width.into(), geometry.height.into()),
            border: geometry.border_width,
            depth: geometry.depth,
            viewable: attributes.map_state == MapState::VIEWABLE,
            ordinary: !attributes.override_redirect && attributes.class == WindowClass::INPUT_OUTPUT,
        })
    }

    /// Whether a window was made an icon, which is no reason not to list it.
    pub(crate) fn is_minimized(&self, window: Window, state: &WindowState) -> Result<bool, Failure> {
        let states = self.numbers(window, self.atoms._NET_WM_STATE, AtomEnum::ATOM.into())?;
        let icccm = self.numbers(window, self.atoms.WM_STATE, self.atoms.WM_STATE)?;
        Ok(states.contains(&self.atoms._NET_WM_STATE_HIDDEN) || icccm.first() == Some(&ICONIC) || !state.viewable)
    }

    /// What a window is called; empty when it has no name.
    pub(crate) fn title(&self, window: Window) -> Result<String, Failure> {
        let utf8 = self.bytes(window, self.atoms._NET_WM_NAME, self.atoms.UTF8_STRING)?;
        if !utf8.is_empty() {
            return Ok(String::from_utf8_lossy(&utf8).into_owned());
        }
        // ICCCM 4.1.2.1: STRING is Latin-1, whose bytes are the first characters of Unicode.
        let latin = self.bytes(window, AtomEnum::WM_NAME.into(), AtomEnum::ANY.into())?;
        Ok(match String::from_utf8(latin) {
            Ok(text) => text,
            Err(error) => error.as_bytes().iter().copied().map(char::from).collect(),
        })
    }

    /// A property of 32-bit numbers; empty when there is none of this type.
    pub(crate) fn numbers(&self, window: Window, name: u32, kind: u32) -> Result<Vec<u32>, Failure> {
        let cookie = self.connection.get_property(false, window, name, kind, 0, LONGEST_PROPERTY / 4)?;
        Ok(cookie.reply()?.value32().map(Iterator::collect).unwrap_or_default())
    }

    fn bytes(&self, window: Window, name: u32, kind: u32) -> Result<Vec<u8>, Failure> {
        const LONGEST_NAME: u32 = 1024;
        let cookie = self.connection.get_property(false, window, name, kind, 0, LONGEST_NAME / 4)?;
        let reply = cookie.reply()?;
        Ok(if reply.format == 8 { reply.value } else { Vec::new() })
    }

    /// Windows that say that they belong to this one (ICCCM 4.1.2.6), the frontmost last. Beyond a thousand windows none
    /// is looked at.
    pub(crate) fn belonging_to(&self, window: Window) -> Result<Vec<Window>, Failure> {
        const MOST: usize = 1000;
        let mut candidates = Vec::new();
        let tops = self.connection.query_tree(self.root)?.reply()?.children;
        // Asked together, which is one round trip. A window manager's frame has the window in it.
        let trees: Vec<_> = tops.iter().take(MOST).map(|top| self.connection.query_tree(*top)).collect::<Result<_, _>>()?;
        for (top, tree) in tops.into_iter().zip(trees) {
            candidates.push(top);
            match tree.reply().map_err(Failure::from) {
                Ok(tree) => candidates.extend(tree.children),
                // Closed while it was looked at.
                Err(Failure::Gone) => {}
                Err(broken) => return Err(broken),
            }
        }
        candidates.truncate(MOST);
        let owner = |candidate: &Window| {
            let (name, kind) = (AtomEnum::WM_TRANSIENT_FOR, AtomEnum::WINDOW);
            self.connection.get_property(false, *candidate, name, kind, 0, 1)
        };
        let owners: Vec<_> = candidates.iter().map(owner).collect::<Result<_, _>>()?;
        let mut found = Vec::new();
        for (candidate, owner) in candidates.into_iter().zip(owners) {
            match owner.reply().map_err(Failure::from) {
                Ok(owner) if owner.value32().and_then(|mut ids| ids.next()) == Some(window) => found.push(candidate),
                Ok(_) | Err(Failure::Gone) => {}
                Err(broken) => return Err(broken),
            }
        }
        Ok(found)
    }

    /// The window directly under the root in which this one is: the frame of a window manager, or itself.
    pub(crate) fn frame_of(&self, mut window: Window) -> Result<Window, Failure> {
        // Deeper trees do not occur; a loop cannot, but a hostile server is not trusted to know.
        for _ in 0..64 {
            let tree = self.connection.query_tree(window)?.reply()?;
            if tree.parent == self.root || tree.parent == x11rb::NONE {
                break;
            }
            window = tree.parent;
        }
        Ok(window)
    }
}
