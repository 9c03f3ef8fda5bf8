//! An application that is a camera: pictures at a steady pace, and some that cost a codec what a camera's do.

use std::f32::consts::TAU;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rtc_core::video::frame::{Frame, Pool, Size};
use rtc_core::{Cloud, VideoStreamType};

/// How many pictures a scene has; it goes to and fro between its ends.
const SCENE: usize = 24;

/// Gives pictures until it is dropped.
pub(super) struct Camera {
    stop: Arc<AtomicBool>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Camera {
    /// Sends what `picture` gives for each number, on a thread of its own.
    pub(super) fn start(cloud: Cloud, fps: u32, mut picture: impl FnMut(u32) -> Frame + Send + 'static) -> Self {
        cloud.enable_custom_video_capture(VideoStreamType::Big, true);
        let stop = Arc::<AtomicBool>::default();
        let stopped = Arc::clone(&stop);
        let thread = thread::spawn(move || {
            let begin = Instant::now();
            for number in 0.. {
                let due = begin + Duration::from_secs(number.into()) / fps;
                thread::sleep(due.saturating_duration_since(Instant::now()));
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                cloud.send_custom_video_data(VideoStreamType::Big, picture(number));
            }
        });
        Self { stop, thread: Some(thread) }
    }

    /// A scene with soft shapes that move under the grain of a sensor, drawn before it begins. It takes all the bits a codec
    /// is given, which a test pattern does not.
    pub(super) fn scene(cloud: Cloud, size: Size, fps: u32) -> Self {
        let pool = Pool::default();
        let mut grain = 0x2545_f491_u32;
        let frames: Vec<Frame> = (0..SCENE).map(|number| shapes(number as f32, size, &pool, &mut grain)).collect();
        Self::start(cloud, fps, move |number| {
            let at = number as usize % (2 * SCENE);
            let frame = frames[at.min(2 * SCENE - 1 - at)].clone();
            frame.at(u64::from(number) * 1_000_000 / u64::from(fps))
        })
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // What it panicked of was told already.
            let _ = thread.join();
        }
    }
}

fn shapes(number: f32, size: Size, pool: &Pool, grain: &mut u32) -> Frame {
    let mut canvas = pool.canvas(size);
    for (index, mut plane) in canvas.planes().into_iter().enumerate() {
        // Chroma has half the size, little contrast and no grain.
        let (scale, contrast) = if index == 0 { (1.0, 42.0) } else { (2.0, 20.0) };
        for (y, row) in plane.rows().enumerate() {
            let y = y as f32 * scale;
            for (x, sample) in row.iter_mut().enumerate() {
                let x = x as f32 * scale;
                let wave = ((x + 3.0 * number) / 47.0 * TAU).sin() + ((y - 2.0 * number + x / 3.0) / 61.0 * TAU).sin();
                *grain ^= *grain << 13;
                *grain ^= *grain >> 17;
                *grain ^= *grain << 5;
                let grain = if index == 0 { (*grain & 15) as f32 - 7.5 } else { 0.0 };
                *sample = (125.0 + contrast * wave + grain) as u8;
            }
        }
    }
    canvas.into_frame()
}
