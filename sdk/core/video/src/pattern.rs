//! The camera's synthetic twin: colour bars with a moving mark for people, and a barcode for machines that tells which
//! picture of which source this is, and when it was drawn. It has no clock; frame number and time come in.

use crate::frame::{Canvas, Frame, Plane, PlaneMut, Pool, Size};

/// What the barcode of a picture says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark {
    /// Which source drew it.
    pub source: u16,
    /// How many pictures the source drew before.
    pub number: u32,
    /// When it was drawn, in milliseconds; goes round after 49 days.
    pub time_ms: u32,
}

/// A source of coded pictures.
#[derive(Debug, Clone, Copy)]
pub struct Pattern {
    source: u16,
    size: Size,
}

impl Pattern {
    /// A source of pictures of this size. From 96x64 on the barcode can be read back, also after coding at low bitrates and
    /// scaling; it covers the upper half, so a picture that was cropped cannot be read.
    pub const fn new(source: u16, size: Size) -> Self {
        Self { source, size }
    }

    /// Draws a picture.
    pub fn draw(&self, number: u32, time_us: u64, pool: &Pool) -> Frame {
        let mut canvas = pool.canvas(self.size);
        canvas.time_us = time_us;
        // The low 32 bits, as documented.
        let mark = Mark { source: self.source, number, time_ms: (time_us / 1000) as u32 };
        self.draw_bars(&mut canvas, number);
        draw_code(&mut canvas.planes()[0], mark.cells());
        canvas.into_frame()
    }

    /// Eight bars over the lower half, and a bright column that crosses it in 64 pictures.
    fn draw_bars(&self, canvas: &mut Canvas, number: u32) {
        for (index, mut plane) in canvas.planes().into_iter().enumerate() {
            let (width, height) = (plane.width, plane.height);
            // The source's number turns the bars, so that people tell sources apart.
            let color = |x: usize| BARS[(x * 8 / width + usize::from(self.source)) % 8][index];
            let column = number as usize % 64 * width / 64;
            let marker = [235, 128, 128][index];
            // Rows are alike, so one is painted and copied.
            let bar = |x: usize| if x.abs_diff(column) * 48 < width { marker } else { color(x) };
            let painted: Vec<u8> = (0..width).map(bar).collect();
            plane.rows().skip(height / 2).for_each(|row| row.copy_from_slice(&painted));
            let background = [16, 128, 128][index];
            plane.rows().take(height / 2).for_each(|row| row.fill(background));
        }
    }
}

impl Mark {
    /// Reads the barcode of an upright, whole picture. `None` when there is none or it was damaged.
    pub fn read(frame: &Frame) -> Option<Self> {
        let [y, _, _] = frame.planes();
        let samples = read_code(y)?;
        let (darkest, brightest) =
            samples.iter().flatten().fold((255, 0), |(low, high), s| (s.min(&low).to_owned(), s.max(&high).to_owned()));
        if brightest - darkest < 64 {
            return None;
        }
        let middle = (darkest + brightest) / 2;
        Self::from_cells(samples.map(|row| row.map(|sample| sample > middle)))
    }

    /// Sixteen cells in each of six rows: source, number, time, check, most significant bit first.
    fn cells(self) -> Cells {
        let words = self.words();
        words.map(|word| std::array::from_fn(|bit| word >> (15 - bit) & 1 == 1))
    }

    fn from_cells(cells: Cells) -> Option<Self> {
        let words = cells.map(|row| row.iter().fold(0u16, |word, cell| word << 1 | u16::from(*cell)));
        let [source, number_high, number_low, time_high, time_low, _] = words;
        let join = |high, low| u32::from(high) << 16 | u32::from(low);
        let mark = Self { source, number: join(number_high, number_low), time_ms: join(time_high, time_low) };
        (mark.words() == words).then_some(mark)
    }

    fn words(self) -> [u16; ROWS] {
        let halves = |word: u32| [(word >> 16) as u16, word as u16];
        let ([number_high, number_low], [time_high, time_low]) = (halves(self.number), halves(self.time_ms));
        let data = [self.source, number_high, number_low, time_high, time_low];
        [data[0], data[1], data[2], data[3], data[4], check(data)]
    }
}

type Cells = [[bool; COLUMNS]; ROWS];

const COLUMNS: usize = 16;
const ROWS: usize = 6;

/// White, yellow, cyan, green, magenta, red, blue, black at three quarters, as Y, U, V.
const BARS: [[u8; 3]; 8] = [
    [180, 128, 128],
    [162, 44, 142],
    [131, 156, 44],
    [112, 72, 58],
    [84, 184, 198],
    [65, 100, 212],
    [35, 212, 114],
    [16, 128, 128],
];

/// CRC-16 with the polynomial 0x1021. It begins with ones, so that a black picture is no mark.
fn check(words: [u16; 5]) -> u16 {
    words.iter().flat_map(|word| word.to_be_bytes()).fold(0xffff, |crc, byte| {
        (0..8).fold(crc ^ u16::from(byte) << 8, |crc, _| if crc & 0x8000 != 0 { crc << 1 ^ 0x1021 } else { crc << 1 })
    })
}

fn draw_code(luma: &mut PlaneMut<'_>, cells: Cells) {
    let (width, height) = (luma.width, luma.height / 2);
    let painted = cells.map(|cells| (0..width).map(|x| if cells[x * COLUMNS / width] { 235 } else { 16 }).collect::<Vec<u8>>());
    for (y, row) in luma.rows().take(height).enumerate() {
        row.copy_from_slice(&painted[y * ROWS / height]);
    }
}

/// The mean brightness in the middle of each cell; the edges suffer from scaling and coding.
fn read_code(luma: Plane<'_>) -> Option<[[u8; COLUMNS]; ROWS]> {
    let (width, height) = (luma.width, luma.height / 2);
    if width < COLUMNS * 4 || height < ROWS * 4 {
        return None;
    }
    let inner = |index: usize, count: usize, length: usize| {
        let (start, end) = (index * length / count, (index + 1) * length / count);
        let margin = (end - start) / 4;
        start + margin..end - margin
    };
    Some(std::array::from_fn(|row| {
        let rows = inner(row, ROWS, height);
        std::array::from_fn(|column| {
            let columns = inner(column, COLUMNS, width);
            let samples = rows.clone().flat_map(|y| &luma.data[y * luma.stride..][columns.clone()]);
            let sum: usize = samples.map(|sample| usize::from(*sample)).sum();
            // A mean of bytes is a byte, and neither range is empty for cells of four samples and more.
            (sum / (rows.len() * columns.len())) as u8
        })
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Rotation;
    use crate::scale::{FillMode, Scaler};

    fn size(width: u32, height: u32) -> Size {
        Size::new(width, height).unwrap()
    }

    #[test]
    fn a_mark_survives_scaling_down_and_up() {
        let pool = Pool::default();
        let mut scaler = Scaler::new(pool.clone());
        let frame = Pattern::new(0xbeef, size(640, 360)).draw(77, 4_000_000_000_000, &pool);
        let expected = Mark { source: 0xbeef, number: 77, time_ms: 4_000_000_000 };
        assert_eq!(Mark::read(&frame), Some(expected));
        for to in [size(120, 120), size(160, 90), size(256, 144), size(480, 270), size(1920, 1080), size(180, 320)] {
            let scaled = scaler.scale(&frame, to, FillMode::ScaleFill).unwrap();
            assert_eq!(Mark::read(&scaled), Some(expected), "{to}");
        }
    }

    #[test]
    fn what_is_no_mark_is_not_read_as_one() {
        let pool = Pool::default();
        let frame = Pattern::new(1, size(320, 180)).draw(1, 1000, &pool);
        assert_eq!(Mark::read(&frame.mirror(&pool).unwrap()), None);
        assert_eq!(Mark::read(&frame.rotate(Rotation::Half, &pool).unwrap()), None);
        for luma in [16, 128, 235] {
            let mut canvas = pool.canvas(size(320, 180));
            canvas.fill(luma, 128, 128);
            assert_eq!(Mark::read(&canvas.into_frame()), None);
        }
        assert_eq!(Mark::read(&pool.canvas(size(2, 2)).into_frame()), None);
    }
}
