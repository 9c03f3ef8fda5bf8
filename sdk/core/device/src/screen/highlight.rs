//! A coloured frame around what is captured, so that the user sees what others see. It lies outside of the captured
//! part and lets the mouse through.

use x11rb::connection::Connection;
use x11rb::protocol::shape::SK;
use x11rb::protocol::xfixes::ConnectionExt as _;
use x11rb::protocol::xproto::{ConfigureWindowAux, ConnectionExt as _, CreateWindowAux, StackMode, Window, WindowClass};

use super::Highlight;
use crate::Rectangle;
use crate::x11::{Failure, X11};

/// Four bars on the display. They go with the connection.
pub(super) struct HighlightFrame {
    pub(super) style: Highlight,
    bars: [Window; 4],
    /// Where they are shown.
    around: Option<Rectangle>,
}

impl HighlightFrame {
    pub(super) fn new(x11: &X11, style: Highlight) -> Result<Self, Failure> {
        let mut bars = [x11rb::NONE; 4];
        for bar in &mut bars {
            *bar = x11.connection.generate_id()?;
            let options = CreateWindowAux::new().override_redirect(1).background_pixel(style.colour & 0x00ff_ffff);
            let (depth, visual) = (x11rb::COPY_DEPTH_FROM_PARENT, x11rb::COPY_FROM_PARENT);
            let class = WindowClass::INPUT_OUTPUT;
            x11.connection.create_window(depth, *bar, x11.root, 0, 0, 1, 1, 0, class, visual, &options)?.check()?;
            if x11.pointer {
                // An empty shape for input lets the mouse through.
                let nothing = x11.connection.generate_id()?;
                x11.connection.xfixes_create_region(nothing, &[])?;
                x11.connection.xfixes_set_window_shape_region(*bar, SK::INPUT, 0, 0, nothing)?;
                x11.connection.xfixes_destroy_region(nothing)?;
            }
        }
        Ok(Self { style, bars, around: None })
    }

    /// Puts the frame around this part of the display, in front of all windows; `None` hides it.
    pub(super) fn place(&mut self, x11: &X11, around: Option<Rectangle>) -> Result<(), Failure> {
        let Some(area) = around else {
            if self.around.take().is_some() {
                for bar in self.bars {
                    x11.connection.unmap_window(bar)?;
                }
                x11.connection.flush()?;
            }
            return Ok(());
        };
        for (bar, edge) in self.bars.into_iter().zip(edges(area, self.style.width)) {
            let mut change = ConfigureWindowAux::new().stack_mode(StackMode::ABOVE);
            if self.around != Some(area) {
                change = change.x(edge.x).y(edge.y).width(edge.width).height(edge.height);
            }
            x11.connection.configure_window(bar, &change)?;
            x11.connection.map_window(bar)?;
        }
        x11.connection.flush()?;
        self.around = Some(area);
        Ok(())
    }

    /// Takes the bars away for good.
    pub(super) fn remove(self, x11: &X11) -> Result<(), Failure> {
        for bar in self.bars {
            x11.connection.destroy_window(bar)?;
        }
        Ok(x11.connection.flush()?)
    }
}

/// Above, below, left and right of an area.
fn edges(area: Rectangle, width: u32) -> [Rectangle; 4] {
    let thickness = width as i32;
    let wide = area.width + 2 * width;
    [
        Rectangle::new(area.x - thickness, area.y - thickness, wide, width),
        Rectangle::new(area.x - thickness, area.y + area.height as i32, wide, width),
        Rectangle::new(area.x - thickness, area.y, width, area.height),
        Rectangle::new(area.x + area.width as i32, area.y, width, area.height),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_bar_lies_over_the_captured_part_and_none_over_another() {
        let area = Rectangle::new(10, 20, 100, 50);
        let bars = edges(area, 5);
        for (index, bar) in bars.iter().enumerate() {
            assert!(bar.intersection(area).is_empty(), "{bar:?}");
            assert!(bars[index + 1..].iter().all(|other| bar.intersection(*other).is_empty()), "{bar:?}");
        }
        let painted: usize = bars.iter().map(|bar| bar.size().pixels()).sum();
        assert_eq!(painted, 110 * 60 - 100 * 50);
    }
}
