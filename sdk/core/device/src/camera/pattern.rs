//! Moving bars, the twin of cameras and screens. Every picture differs from the one before, and encodes well.

use std::time::{Duration, Instant};

use super::{FrameClock, FrameSource};
use crate::{DeviceError, PixelFormat, RawFrame, Size};

/// Bars across a picture.
const BARS: u32 = 8;
/// Y, U and V of the bars: white, yellow, cyan, green, magenta, red, blue, black at three quarters, limited range.
const COLOURS: [[u8; 3]; BARS as usize] = [
    [180, 128, 128],
    [162, 44, 142],
    [131, 156, 44],
    [112, 72, 58],
    [84, 184, 198],
    [65, 100, 212],
    [35, 212, 114],
    [16, 128, 128],
];

/// Paints the bars, each time a little further to the left.
#[derive(Debug)]
pub(crate) struct Pattern {
    size: Size,
    shift: u32,
    data: Vec<u8>,
}

impl Pattern {
    pub(crate) fn new(size: Size) -> Self {
        Self { size, shift: 0, data: Vec::new() }
    }

    fn bar(&self, x: u32) -> [u8; 3] {
        let place = (u64::from(x) + u64::from(self.shift)) * u64::from(BARS) / u64::from(self.size.width);
        COLOURS[(place % u64::from(BARS)) as usize]
    }

    fn step(&mut self) {
        self.shift = (self.shift + (self.size.width / 64).max(1)) % self.size.width;
    }

    /// The next picture as I420.
    pub(crate) fn next_i420(&mut self) -> (&[u8], usize) {
        let (width, height) = (self.size.width, self.size.height as usize);
        self.data.clear();
        let row: Vec<u8> = (0..width).map(|x| self.bar(x)[0]).collect();
        for _ in 0..height {
            self.data.extend_from_slice(&row);
        }
        for plane in [1, 2] {
            let row: Vec<u8> = (0..width.div_ceil(2)).map(|x| self.bar(x * 2)[plane]).collect();
            for _ in 0..height.div_ceil(2) {
                self.data.extend_from_slice(&row);
            }
        }
        self.step();
        (&self.data, width as usize)
    }

    /// The next picture as BGRA.
    pub(crate) fn next_bgra(&mut self) -> (&[u8], usize) {
        let row: Vec<u8> = (0..self.size.width).flat_map(|x| crate::paint::yuv_to_bgra(self.bar(x))).collect();
        self.data.clear();
        for _ in 0..self.size.height {
            self.data.extend_from_slice(&row);
        }
        self.step();
        (&self.data, row.len())
    }
}

/// The bars at a frame rate.
#[derive(Debug)]
pub(super) struct PatternSource {
    pattern: Pattern,
    clock: FrameClock,
    frame_rate: u32,
}

impl PatternSource {
    pub(super) fn new(size: Size, frame_rate: u32) -> Self {
        Self { pattern: Pattern::new(size), clock: FrameClock::new(frame_rate, Instant::now()), frame_rate }
    }
}

impl FrameSource for PatternSource {
    fn layout(&self) -> (PixelFormat, Size) {
        (PixelFormat::I420, self.pattern.size)
    }

    fn frame_rate(&self) -> u32 {
        self.frame_rate
    }

    fn next_frame(&mut self, patience: Duration) -> Result<Option<RawFrame<'_>>, DeviceError> {
        if !wait(&self.clock, patience) {
            return Ok(None);
        }
        let captured_at = self.clock.take(Instant::now());
        let size = self.pattern.size;
        let (data, stride) = self.pattern.next_i420();
        Ok(Some(RawFrame { format: PixelFormat::I420, size, stride, data, captured_at }))
    }
}

/// Waits for the next picture. False when it is due after `patience` only.
pub(super) fn wait(clock: &FrameClock, patience: Duration) -> bool {
    let end = Instant::now() + patience;
    loop {
        let now = Instant::now();
        if now >= clock.due() {
            return true;
        }
        if now >= end {
            return false;
        }
        // May wake early, when the thread is asked to end; then the caller is asked.
        std::thread::park_timeout(clock.due().min(end) - now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_whole_and_each_differs_from_the_one_before() {
        let size = Size::new(321, 181);
        let mut source = PatternSource::new(size, 60);
        let mut before = Vec::new();
        for _ in 0..3 {
            let frame = source.next_frame(Duration::from_secs(60)).expect("it never fails").expect("it is due");
            assert!(frame.is_complete());
            assert_eq!(frame.data.len(), PixelFormat::I420.length(321, 181));
            assert_ne!(frame.data, before);
            before = frame.data.to_vec();
        }
    }

    #[test]
    fn the_bars_have_the_colours_of_their_names() {
        let mut pattern = Pattern::new(Size::new(8, 1));
        let (row, stride) = pattern.next_bgra();
        assert_eq!(stride, 32);
        let near = |bar: usize, bgr: [u8; 3]| {
            let pixel = &row[bar * 4..bar * 4 + 3];
            assert!(pixel.iter().zip(bgr).all(|(a, b)| a.abs_diff(b) <= 3), "bar {bar} is {pixel:?}");
        };
        near(0, [191, 191, 191]);
        near(5, [0, 0, 191]);
        near(6, [191, 0, 0]);
        near(7, [0, 0, 0]);
    }
}
