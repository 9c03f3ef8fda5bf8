//! The list of screens and windows, with thumbnails and icons.

use x11rb::protocol::randr::ConnectionExt as _;
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _, Window};

use super::grab::Grabber;
use super::{Picture, ScreenSource, ScreenSourceKind};
use crate::x11::{Failure, X11};
use crate::{DeviceError, Rectangle, Size, paint};

/// Windows beyond this many are not listed.
const MOST_WINDOWS: usize = 256;
/// Frames of window managers are this deep.
const DEPTH: u32 = 3;

/// A display whose screens and windows can be listed.
pub struct Display {
    x11: X11,
}

/// One monitor.
pub(super) struct Monitor {
    pub(super) id: u32,
    pub(super) area: Rectangle,
    name: String,
    main: bool,
}

impl Display {
    /// Connects to the display with this name (`:0`), or to the one in `DISPLAY`.
    ///
    /// # Errors
    /// [`DeviceError::System`] when there is none, [`DeviceError::Unsupported`] when it has less than 24 bits a pixel.
    pub fn open(name: Option<&str>) -> Result<Self, DeviceError> {
        X11::open(name).map(|x11| Self { x11 })
    }

    /// Screens first, then windows, the frontmost last. Thumbnails and icons fit into these sizes and keep their shape;
    /// an empty size leaves them out.
    ///
    /// # Errors
    /// [`DeviceError::System`] when the display went away.
    pub fn sources(&self, thumbnail: Size, icon: Size) -> Result<Vec<ScreenSource>, DeviceError> {
        self.list(thumbnail, icon).map_err(|failure| failure.about("display"))
    }

    fn list(&self, thumbnail: Size, icon: Size) -> Result<Vec<ScreenSource>, Failure> {
        let x11 = &self.x11;
        let mut grabber = Grabber::default();
        let mut sources = Vec::new();
        for monitor in x11.monitors()? {
            let mut pixels = Vec::new();
            let seen = !thumbnail.is_empty() && grabber.screen(x11, monitor.area, &mut pixels).is_ok();
            sources.push(ScreenSource {
                kind: ScreenSourceKind::Screen,
                id: monitor.id,
                name: monitor.name,
                area: monitor.area,
                minimized: false,
                main: monitor.main,
                thumbnail: if seen { fitted(&pixels, monitor.area.size(), thumbnail) } else { Picture::default() },
                icon: Picture::default(),
            });
        }
        for window in x11.windows()? {
            match self.window(window, &mut grabber, thumbnail, icon) {
                Ok(source) => sources.extend(source),
                // Closed while it was looked at.
                Err(Failure::Gone) => {}
                Err(broken) => return Err(broken),
            }
        }
        Ok(sources)
    }

    fn window(
        &self,
        window: Window,
        grabber: &mut Grabber,
        thumbnail: Size,
        icon: Size,
    ) -> Result<Option<ScreenSource>, Failure> {
        let x11 = &self.x11;
        let state = x11.window_state(window)?;
        let name = x11.title(window)?;
        if name.is_empty() || !state.ordinary {
            return Ok(None);
        }
        let mut pixels = Vec::new();
        let mut seen = Picture::default();
        if !thumbnail.is_empty() && state.viewable && grabber.window(x11, window, &state, &mut pixels).is_ok() {
            seen = fitted(&pixels, state.area.size(), thumbnail);
        }
        let icons =
            if icon.is_empty() { Vec::new() } else { x11.numbers(window, x11.atoms._NET_WM_ICON, AtomEnum::CARDINAL.into())? };
        Ok(Some(ScreenSource {
            kind: ScreenSourceKind::Window,
            id: window,
            name,
            area: state.area,
            minimized: x11.is_minimized(window, &state)?,
            main: false,
            thumbnail: seen,
            icon: best_icon(&icons, icon),
        }))
    }
}

impl std::fmt::Debug for Display {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Display").finish_non_exhaustive()
    }
}

impl X11 {
    /// All monitors; the whole root window when the server does not know of any.
    pub(super) fn monitors(&self) -> Result<Vec<Monitor>, Failure> {
        let mut monitors = Vec::new();
        // Since RandR 1.5; older servers answer with an error, and some have no RandR.
        let reply = self.connection.randr_get_monitors(self.root, true).ok().and_then(|cookie| cookie.reply().ok());
        if let Some(reply) = reply {
            for monitor in reply.monitors {
                let name = self.connection.get_atom_name(monitor.name)?.reply()?.name;
                monitors.push(Monitor {
                    id: monitor.name,
                    area: Rectangle::new(monitor.x.into(), monitor.y.into(), monitor.width.into(), monitor.height.into()),
                    name: String::from_utf8_lossy(&name).into_owned(),
                    main: monitor.primary,
                });
            }
        }
        if monitors.is_empty() {
            let area = self.window_state(self.root)?.area;
            monitors.push(Monitor { id: self.root, area, name: "screen".to_owned(), main: true });
        }
        if !monitors.iter().any(|monitor| monitor.main)
            && let Some(first) = monitors.first_mut()
        {
            first.main = true;
        }
        Ok(monitors)
    }

    /// What the window manager says are windows; without one, what looks like windows.
    fn windows(&self) -> Result<Vec<Window>, Failure> {
        let mut windows = self.numbers(self.root, self.atoms._NET_CLIENT_LIST, AtomEnum::WINDOW.into())?;
        if windows.is_empty() {
            self.named_children(self.root, DEPTH, &mut windows)?;
        }
        windows.truncate(MOST_WINDOWS);
        Ok(windows)
    }

    fn named_children(&self, parent: Window, depth: u32, found: &mut Vec<Window>) -> Result<(), Failure> {
        let children = match self.connection.query_tree(parent)?.reply() {
            Ok(tree) => tree.children,
            Err(error) => match error.into() {
                // Closed while it was looked at.
                Failure::Gone => return Ok(()),
                broken @ Failure::Broken(_) => return Err(broken),
            },
        };
        for child in children {
            if found.len() >= MOST_WINDOWS {
                break;
            }
            match self.title(child) {
                Ok(title) if !title.is_empty() => found.push(child),
                Ok(_) if depth > 1 => self.named_children(child, depth - 1, found)?,
                Ok(_) | Err(Failure::Gone) => {}
                Err(broken) => return Err(broken),
            }
        }
        Ok(())
    }

    /// The monitor with this id, as it is now.
    pub(super) fn monitor(&self, id: u32) -> Result<Option<Monitor>, Failure> {
        Ok(self.monitors()?.into_iter().find(|monitor| monitor.id == id))
    }
}

fn fitted(pixels: &[u8], size: Size, limit: Size) -> Picture {
    let wanted = size.fitted(limit);
    Picture { size: wanted, bgra: paint::scale(pixels, size, wanted) }
}

/// The smallest icon that is large enough, else the largest. The property is a row of width, height and ARGB pixels.
fn best_icon(numbers: &[u32], limit: Size) -> Picture {
    let mut best: Option<(Size, &[u32])> = None;
    let mut rest = numbers;
    while let [width, height, pixels @ ..] = rest {
        let size = Size::new(*width, *height);
        let Some(count) = (*width as usize).checked_mul(*height as usize) else { break };
        if size.is_empty() || count > pixels.len() {
            break;
        }
        let (icon, after) = pixels.split_at(count);
        rest = after;
        let enough = |size: Size| size.width >= limit.width && size.height >= limit.height;
        let better = best.is_none_or(|(held, _)| match (enough(held), enough(size)) {
            (true, true) => size.pixels() < held.pixels(),
            (held_is_enough, _) => !held_is_enough && size.pixels() > held.pixels(),
        });
        if better {
            best = Some((size, icon));
        }
    }
    let Some((size, icon)) = best.filter(|_| !limit.is_empty()) else { return Picture::default() };
    let bgra: Vec<u8> = icon.iter().flat_map(|argb| argb.to_le_bytes()).collect();
    fitted(&bgra, size, limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_icon_nearest_to_the_wanted_size_is_taken() {
        let mut numbers = vec![1, 1, 0xff11_1111, 4, 4];
        numbers.extend([0xff22_2222; 16]);
        numbers.extend([2, 2]);
        numbers.extend([0x8033_4455; 4]);
        let icon = best_icon(&numbers, Size::new(2, 2));
        assert_eq!(icon.size, Size::new(2, 2));
        assert_eq!(icon.bgra[..4], [0x55, 0x44, 0x33, 0x80]);
        assert_eq!(best_icon(&numbers, Size::new(32, 32)).bgra[..4], [0x22, 0x22, 0x22, 0xff]);
        assert_eq!(best_icon(&numbers, Size::default()), Picture::default());
    }

    #[test]
    fn a_broken_icon_is_no_icon() {
        assert_eq!(best_icon(&[u32::MAX, u32::MAX, 1], Size::new(8, 8)), Picture::default());
        assert_eq!(best_icon(&[2, 2, 1, 1, 1], Size::new(8, 8)), Picture::default());
        assert_eq!(best_icon(&[0, 0], Size::new(8, 8)), Picture::default());
    }
}
