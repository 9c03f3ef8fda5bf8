//! The sizes that applications choose from by number, and how they lie. The numbers are those of `TRTCVideoResolution`.

use crate::frame::Size;

/// Whether a picture lies or stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Orientation {
    /// At least as wide as high.
    #[default]
    Landscape,
    /// At least as high as wide.
    Portrait,
}

impl Orientation {
    /// How a picture of this size lies; a square lies.
    pub const fn of(size: Size) -> Self {
        if size.height() > size.width() { Self::Portrait } else { Self::Landscape }
    }

    /// The size turned, if need be, so that it lies this way.
    pub const fn apply(self, size: Size) -> Size {
        let stands = size.height() > size.width();
        match self {
            Self::Landscape if stands => size.transposed(),
            Self::Portrait if !stands => size.transposed(),
            _ => size,
        }
    }
}

/// The size with this number, lying as asked. `None` when there is no such number.
pub fn size(number: u32, orientation: Orientation) -> Option<Size> {
    let (_, width, height) = TABLE.iter().find(|(known, ..)| *known == number)?;
    Some(orientation.apply(Size::nearest(*width, *height)))
}

/// Number, width and height of all sizes.
pub const TABLE: [(u32, u32, u32); 21] = [
    (1, 120, 120),
    (3, 160, 160),
    (5, 270, 270),
    (7, 480, 480),
    (50, 160, 120),
    (52, 240, 180),
    (54, 280, 210),
    (56, 320, 240),
    (58, 400, 300),
    (60, 480, 360),
    (62, 640, 480),
    (64, 960, 720),
    (100, 160, 90),
    (102, 256, 144),
    (104, 320, 180),
    (106, 480, 270),
    (108, 640, 360),
    (110, 960, 540),
    (112, 1280, 720),
    (114, 1920, 1080),
    (116, 2560, 1440),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_name_sizes_that_lie_or_stand() {
        let of = |number, orientation| size(number, orientation).map(|size| (size.width(), size.height()));
        assert_eq!(of(108, Orientation::Landscape), Some((640, 360)));
        assert_eq!(of(108, Orientation::Portrait), Some((360, 640)));
        assert_eq!(of(7, Orientation::Portrait), Some((480, 480)));
        assert_eq!(of(2, Orientation::Landscape), None);
    }

    #[test]
    fn the_numbers_are_those_of_the_native_interface() {
        let facts = include_str!("../../../../spec/native/cpp.json");
        for (number, width, height) in TABLE.iter().filter(|(number, ..)| *number != 116) {
            let name = format!("\"name\": \"TRTCVideoResolution_{width}_{height}\"");
            let after = facts.split_once(&name).unwrap_or_else(|| panic!("{name} is no fact")).1;
            let value = after.split_once("\"value\":").expect("each name has a value").1;
            let digits: String = value.trim_start().chars().take_while(char::is_ascii_digit).collect();
            assert_eq!(digits, number.to_string(), "{name}");
        }
    }
}
