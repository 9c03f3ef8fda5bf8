//! Sound that an application brings, takes or looks at.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rtc_core::{AppScene, AudioFrame, AudioFrameCallbackFormat, AudioFrameHook, AudioFrameOperationMode, AudioQuality, Cloud};

use crate::engine::{Engine, PATIENCE, Tickets as _};
use crate::heard::{ALL, Heard};
use crate::person::{Person, twins};

/// An application that plays 1000 Hz, as loud as a microphone, until dropped.
struct Player(Arc<AtomicBool>, Option<JoinHandle<()>>);

impl Player {
    fn on(cloud: &Cloud) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (cloud, stopped) = (cloud.clone(), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            let mut tone = rtc_audio::Tone::new(1000.0, 0.25);
            while !stopped.load(Ordering::Relaxed) {
                let samples = tone.block(rtc_audio::Channels::Mono).samples().to_vec();
                let frame = AudioFrame { samples, sample_rate: 48_000, channels: 1, ..AudioFrame::default() };
                // A little faster than it is heard, until 50 ms of it wait.
                let waiting = cloud.mix_external_audio_frame(&frame).expect("a good frame");
                std::thread::park_timeout(Duration::from_millis(if waiting > 50 { 10 } else { 9 }));
            }
        });
        Self(stop, Some(thread))
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
        let _ = self.1.take().expect("once").join();
    }
}

#[test]
fn sound_of_the_application_is_mixed_into_what_is_sent_into_what_is_played_or_both() {
    let engine = Engine::start();
    let [mut ann, mut bob] = [440.0, 880.0].map(|hertz| Person::with(&engine, &twins(hertz)));
    let (here, there) = (Arc::<Heard>::default(), Arc::<Heard>::default());
    ann.cloud.set_audio_frame_callback(Some(here.clone()));
    bob.cloud.set_audio_frame_callback(Some(there.clone()));
    ann.enter(engine.ticket("ann"), AppScene::AudioCall);
    bob.enter(engine.ticket("bob"), AppScene::AudioCall);
    ann.cloud.start_local_audio(AudioQuality::Music);
    there.until_tone(ALL, 440.0);

    ann.cloud.enable_mix_external_audio_frame(true, false);
    let _player = Player::on(&ann.cloud);
    there.until_tones(ALL, &[(440.0, 0.5), (1000.0, 0.5)]);
    ann.cloud.set_mix_external_audio_volume(50, -1);
    there.until_tones(ALL, &[(440.0, 0.8), (1000.0, 0.2)]);
    here.until_silence(ALL);

    ann.cloud.enable_mix_external_audio_frame(false, true);
    there.until_tone(ALL, 440.0);
    here.until_tone(ALL, 1000.0);
    here.until_loudness(ALL, 1.0);
    ann.cloud.set_mix_external_audio_volume(-1, 20);
    here.until_loudness(ALL, 0.2);
    ann.cloud.enable_mix_external_audio_frame(false, false);
    here.until_silence(ALL);
}

/// The format of the last frame at each place.
#[derive(Default)]
struct Formats(Mutex<BTreeMap<&'static str, (u32, u32, usize)>>, Condvar);

impl Formats {
    fn shown(&self, place: &'static str, frame: &mut AudioFrame) {
        let format = (frame.sample_rate, frame.channels, frame.samples.len());
        self.0.lock().expect("not poisoned").insert(place, format);
        self.1.notify_all();
        // Counts only where the application may write.
        frame.samples.fill(0);
    }

    fn until(&self, place: &'static str, format: (u32, u32, usize)) {
        let formats = self.0.lock().expect("not poisoned");
        let is_other = |formats: &mut BTreeMap<&'static str, _>| formats.get(place) != Some(&format);
        let (formats, late) = self.1.wait_timeout_while(formats, PATIENCE, is_other).expect("not poisoned");
        assert!(!late.timed_out(), "{place} is not shown as {format:?}, but: {formats:?}");
    }
}

impl AudioFrameHook for Formats {
    fn captured(&self, frame: &mut AudioFrame) {
        self.shown("captured", frame);
    }

    fn local_processed(&self, frame: &mut AudioFrame) {
        self.shown("processed", frame);
    }

    fn mixed_play(&self, frame: &mut AudioFrame) {
        self.shown("mixed", frame);
    }
}

#[test]
fn sound_is_shown_in_the_format_of_each_place() {
    let engine = Engine::start();
    let ann = Person::enters(&engine, "ann");
    let mut bob = Person::new(&engine);
    let heard = Arc::<Heard>::default();
    bob.cloud.set_audio_frame_callback(Some(heard.clone()));
    bob.enter(engine.ticket("bob"), AppScene::AudioCall);
    let formats = Arc::<Formats>::default();
    ann.cloud.set_audio_frame_callback(Some(formats.clone()));
    ann.cloud.start_local_audio(AudioQuality::Music);
    for place in ["captured", "processed", "mixed"] {
        formats.until(place, (48_000, 1, 960));
    }
    // All of it was overwritten with silence.
    heard.until_silence("ann");

    let given = |sample_rate, channel, samples_per_call| {
        let mode = AudioFrameOperationMode::ReadOnly;
        Some(AudioFrameCallbackFormat { sample_rate, channel, samples_per_call, mode })
    };
    assert_eq!(ann.cloud.set_captured_audio_frame_callback_format(given(16_000, 2, 160)), 0);
    assert_eq!(ann.cloud.set_local_processed_audio_frame_callback_format(given(32_000, 1, 1280)), 0);
    assert_eq!(ann.cloud.set_mixed_play_audio_frame_callback_format(given(44_100, 2, 4410)), 0);
    formats.until("captured", (16_000, 2, 320));
    formats.until("processed", (32_000, 1, 1280));
    formats.until("mixed", (44_100, 2, 8820));
    heard.until_tone("ann", 440.0);

    assert_eq!(ann.cloud.set_captured_audio_frame_callback_format(given(8_000, 1, 80)), -2);
    assert_eq!(ann.cloud.set_captured_audio_frame_callback_format(None), 0);
    formats.until("captured", (48_000, 1, 960));
}

#[test]
fn the_clock_of_custom_frames_counts_milliseconds() {
    let engine = Engine::start();
    let ann = Person::new(&engine);
    let outer = Instant::now();
    let (before, inner) = (ann.cloud.generate_custom_pts(), Instant::now());
    std::thread::park_timeout(Duration::from_millis(50));
    let (least, after) = (inner.elapsed().as_millis() as u64, ann.cloud.generate_custom_pts());
    // Parts of a millisecond may be cut on both sides.
    let most = outer.elapsed().as_millis() as u64 + 1;
    assert!((least..=most).contains(&(after - before)), "{before} and {after}, {least} to {most} ms later");
}
