//! Sound with two sides, from one end of a call to the other.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rtc_core::{AppScene, AudioFrame, AudioFrameHook, AudioQuality, Cloud};

use crate::engine::{Engine, PATIENCE, Tickets as _};
use crate::heard::{SIDES, TwoTones};
use crate::person::Person;

/// An application that says a tone on each side, until dropped.
struct Speaker(Arc<AtomicBool>, Option<JoinHandle<()>>);

impl Speaker {
    fn on(cloud: &Cloud) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (cloud, stopped) = (cloud.clone(), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            let (mut tones, began) = (TwoTones::new(SIDES), Instant::now());
            for number in 1.. {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                let frame = AudioFrame { samples: tones.block(), sample_rate: 48_000, channels: 2, ..AudioFrame::default() };
                cloud.send_custom_audio_data(&frame).expect("a good frame");
                std::thread::park_timeout(
                    (began + Duration::from_millis(10) * number).saturating_duration_since(Instant::now()),
                );
            }
        });
        Self(stop, Some(thread))
    }
}

impl Drop for Speaker {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
        let _ = self.1.take().expect("once").join();
    }
}

/// Looks at everything, in frames of one channel, and changes nothing.
struct Looks;

impl AudioFrameHook for Looks {}

/// The next 200 ms that somebody hears, on two sides.
fn hears(cloud: &Cloud) -> Vec<i16> {
    let mut frame = AudioFrame { samples: vec![0; 1920], sample_rate: 48_000, channels: 2, ..AudioFrame::default() };
    let mut all = Vec::new();
    for _ in 0..10 {
        std::thread::park_timeout(Duration::from_millis(20));
        cloud.custom_audio_rendering_frame(&mut frame).expect("a good format");
        all.extend_from_slice(&frame.samples);
    }
    all
}

#[test]
fn music_has_two_sides_also_past_hooks_that_change_nothing() {
    let engine = Engine::start();
    let [mut ann, mut bob] = [(); 2].map(|()| Person::new(&engine));
    for person in [&ann, &bob] {
        person.cloud.set_audio_frame_callback(Some(Arc::new(Looks)));
    }
    bob.cloud.enable_custom_audio_rendering(true);
    ann.enter(engine.ticket("ann"), AppScene::AudioCall);
    bob.enter(engine.ticket("bob"), AppScene::AudioCall);
    ann.cloud.enable_custom_audio_capture(true);
    ann.cloud.start_local_audio(AudioQuality::Music);
    let _speaker = Speaker::on(&ann.cloud);
    let until = |fits: fn([f64; 2]) -> bool| {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let shares = TwoTones::shares(&hears(&bob.cloud), SIDES);
            if fits(shares) {
                return;
            }
            assert!(Instant::now() < deadline, "the shares of {SIDES:?} on their sides are {shares:?}");
        }
    };
    until(|[left, right]| left > 0.9 && right > 0.9);
    // Speech has one side, on which both are.
    ann.cloud.set_audio_quality(AudioQuality::Default);
    until(|shares| shares.iter().all(|share| (share - 0.5).abs() < 0.05));
}
