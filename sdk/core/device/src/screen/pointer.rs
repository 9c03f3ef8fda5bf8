//! The mouse pointer, painted into a picture.

use x11rb::protocol::xfixes::ConnectionExt as _;

use crate::Rectangle;
use crate::x11::{Failure, X11};

/// Paints the pointer where it is, if that lies in the picture of this area of the display.
pub(super) fn paint(x11: &X11, picture: &mut [u8], area: Rectangle) -> Result<(), Failure> {
    if !x11.pointer {
        return Ok(());
    }
    let cursor = x11.connection.xfixes_get_cursor_image()?.reply()?;
    let place = Rectangle::new(
        i32::from(cursor.x) - i32::from(cursor.xhot),
        i32::from(cursor.y) - i32::from(cursor.yhot),
        cursor.width.into(),
        cursor.height.into(),
    );
    blend(picture, area, &cursor.cursor_image, place);
    Ok(())
}

/// Lays pixels of ARGB, in which the colours are multiplied by alpha already, over a picture.
fn blend(picture: &mut [u8], area: Rectangle, pixels: &[u32], place: Rectangle) {
    let both = area.intersection(place);
    if both.is_empty() {
        return;
    }
    for row in 0..both.height as i32 {
        for column in 0..both.width as i32 {
            let (x, y) = (both.x + column, both.y + row);
            // What lies in both lies right of and below the edges of each.
            let from = (y - place.y) as usize * place.width as usize + (x - place.x) as usize;
            let to = ((y - area.y) as usize * area.width as usize + (x - area.x) as usize) * 4;
            let (Some(argb), Some(pixel)) = (pixels.get(from), picture.get_mut(to..to + 3)) else { continue };
            let [blue, green, red, alpha] = argb.to_le_bytes();
            let shines_through = u32::from(u8::MAX - alpha);
            for (value, colour) in pixel.iter_mut().zip([blue, green, red]) {
                let under = u32::from(*value) * shines_through / u32::from(u8::MAX);
                *value = u8::try_from(under + u32::from(colour)).unwrap_or(u8::MAX);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_at_the_edge_is_cut_and_half_of_it_shines_through() {
        let area = Rectangle::new(0, 0, 2, 1);
        let mut picture = [100, 100, 100, 255, 100, 100, 100, 255];
        let pixels = [0xffff_ffff, 0x80_40_40_40];
        blend(&mut picture, area, &pixels, Rectangle::new(-1, 0, 2, 1));
        assert_eq!(picture, [113, 113, 113, 255, 100, 100, 100, 255]);
    }
}
