//! An application that is a camera: pictures at a steady pace, and some that cost a codec what a camera's do.

use std::f32::consts::TAU;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rtc_core::video::frame::{Frame, Pool, Size};
use rtc_core::video::pattern::Pattern;
use rtc_core::{Cloud, VideoStreamType};

use super::clock::since_epoch;

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

    /// A scene with soft shapes that move under the grain of a sensor in the dark, drawn before it begins. It takes all the bits
    /// a codec is given, which a test pattern does not.
    pub(super) fn scene(cloud: Cloud, size: Size, fps: u32) -> Self {
        let scene = Scene::new(size, IN_THE_DARK, &Pool::default());
        Self::start(cloud, fps, move |number| scene.picture(number).clone().at(time_us(number, fps)))
    }

    /// Shapes that move before a still background in good light, which cost a codec what a person before a wall does, so that it
    /// need not leave out pictures. Above them is a code that says when each was shown, by the clock that processes share.
    pub(super) fn marked_scene(cloud: Cloud, size: Size, fps: u32) -> Self {
        let pool = Pool::default();
        let (scene, pattern) = (Scene::new(size, BEFORE_A_WALL, &pool), Pattern::new(1, size));
        Self::start(cloud, fps, move |number| {
            let mut canvas = pattern.draw(number, since_epoch().as_micros() as u64, &pool).into_canvas(&pool);
            for (mut plane, scene) in canvas.planes().into_iter().zip(scene.picture(number).planes()) {
                let upper = plane.height / 2;
                for (row, from) in plane.rows().zip(scene.rows()).skip(upper) {
                    row.copy_from_slice(from);
                }
            }
            canvas.time_us = time_us(number, fps);
            canvas.into_frame()
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

/// What makes a scene easy or hard.
#[derive(Clone, Copy)]
struct Look {
    /// The grain is of so many levels of brightness.
    grain: u32,
    /// The share of the width, in the middle, that moves.
    moving: f32,
}

const IN_THE_DARK: Look = Look { grain: 16, moving: 1.0 };
const BEFORE_A_WALL: Look = Look { grain: 4, moving: 0.5 };

/// Pictures that go to and fro.
struct Scene(Vec<Frame>);

impl Scene {
    fn new(size: Size, look: Look, pool: &Pool) -> Self {
        let mut grain = Grain { state: 0x2545_f491, levels: look.grain };
        Self((0..SCENE).map(|number| shapes(number as f32, size, look.moving, pool, &mut grain)).collect())
    }

    fn picture(&self, number: u32) -> &Frame {
        let at = number as usize % (2 * SCENE);
        &self.0[at.min(2 * SCENE - 1 - at)]
    }
}

fn time_us(number: u32, fps: u32) -> u64 {
    u64::from(number) * 1_000_000 / u64::from(fps)
}

/// Xorshift.
struct Grain {
    state: u32,
    levels: u32,
}

impl Grain {
    /// Evenly around zero.
    fn next(&mut self) -> f32 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 17;
        self.state ^= self.state << 5;
        (self.state % self.levels) as f32 - (self.levels - 1) as f32 / 2.0
    }
}

fn shapes(number: f32, size: Size, moving: f32, pool: &Pool, grain: &mut Grain) -> Frame {
    let mut canvas = pool.canvas(size);
    let middle = size.width() as f32 / 2.0;
    for (index, mut plane) in canvas.planes().into_iter().enumerate() {
        // Chroma has half the size, little contrast and no grain.
        let (scale, contrast) = if index == 0 { (1.0, 42.0) } else { (2.0, 20.0) };
        for (y, row) in plane.rows().enumerate() {
            let y = y as f32 * scale;
            for (x, sample) in row.iter_mut().enumerate() {
                let x = x as f32 * scale;
                let number = if (x - middle).abs() <= middle * moving { number } else { 0.0 };
                let wave = ((x + 3.0 * number) / 47.0 * TAU).sin() + ((y - 2.0 * number + x / 3.0) / 61.0 * TAU).sin();
                let grain = grain.next() * if index == 0 { 1.0 } else { 0.0 };
                *sample = (125.0 + contrast * wave + grain) as u8;
            }
        }
    }
    canvas.into_frame()
}
