//! How old sound and pictures are when another member gets them, on one clock and over loopback. Devices are not part of it:
//! the application is microphone and camera, and a hook and a sink are ear and eye.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use rtc_audio::{BLOCK_FRAMES, Block, Channels, MarkDetector, MarkSource, RATE};
use rtc_core::video::frame::{Frame, Pool};
use rtc_core::video::pattern::{Mark, Pattern};
use rtc_core::{AudioFrame, AudioFrameHook, Event, VideoSink, VideoStreamType};
use serde::Serialize;

use super::call::{Profile, QVGA, SD};
use super::camera::Camera;
use super::person::{Person, Ticket};
use super::{Options, Spread};

/// Marks are so far apart, in frames of sound: no delay that is looked for is longer.
const PERIOD: u64 = RATE as u64;
/// What a member hears and sees in the beginning is not measured: buffers find their size.
const SETTLE: Duration = Duration::from_secs(4);

/// Milliseconds from where a sample or a picture was made to where it was handed to the other application.
#[derive(Debug, Serialize)]
pub(super) struct Figures {
    pub(super) mouth_to_ear_ms: Spread,
    /// What the receiver says it holds back (`jitterBufferDelay`), at the end.
    pub(super) jitter_buffer_ms: u32,
    pub(super) glass_to_glass: Vec<Glass>,
}

/// The way of a picture.
#[derive(Debug, Serialize)]
pub(super) struct Glass {
    pub(super) profile: &'static str,
    pub(super) delay_ms: Spread,
}

/// Measures sound alone, then pictures at both profiles.
pub(super) fn measure(options: &Options) -> anyhow::Result<Figures> {
    let duration = Duration::from_secs(if options.quick { 8 } else { 60 });
    let (mouth_to_ear_ms, jitter_buffer_ms) = mouth_to_ear(options, duration)?;
    let glass_to_glass = [QVGA, SD]
        .into_iter()
        .map(|profile| Ok(Glass { profile: profile.name, delay_ms: glass_to_glass(options, profile, duration / 3)? }))
        .collect::<anyhow::Result<_>>()?;
    Ok(Figures { mouth_to_ear_ms, jitter_buffer_ms, glass_to_glass })
}

/// Finds marks in what is heard. Spoken and heard are counted from `epoch`.
struct Ear {
    epoch: Instant,
    state: Mutex<EarState>,
}

struct EarState {
    detector: MarkDetector,
    /// When each of the last blocks was heard: what the detector finds is some blocks ago.
    times: VecDeque<(u64, Instant)>,
    blocks: u64,
    heard: Vec<Instant>,
}

impl Ear {
    fn new(epoch: Instant) -> Self {
        let state = EarState { detector: MarkDetector::new(), times: VecDeque::new(), blocks: 0, heard: Vec::new() };
        Self { epoch, state: Mutex::new(state) }
    }

    /// When marks were heard, since the epoch.
    fn heard(&self) -> Vec<Duration> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.heard.iter().map(|at| at.saturating_duration_since(self.epoch)).collect()
    }
}

impl AudioFrameHook for Ear {
    fn play(&self, _user: &str, frame: &AudioFrame) {
        let now = Instant::now();
        let channels = if frame.channels == 1 { Channels::Mono } else { Channels::Stereo };
        let Some(block) = Block::new(channels, &frame.samples) else { return };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let number = state.blocks;
        state.blocks += 1;
        state.times.push_back((number, now));
        if state.times.len() > 32 {
            state.times.pop_front();
        }
        let Some(mark) = state.detector.push(&block) else { return };
        let (number, within) = (mark.frame / BLOCK_FRAMES as u64, mark.frame % BLOCK_FRAMES as u64);
        let Some((_, at)) = state.times.iter().find(|(known, _)| *known == number).copied() else { return };
        state.heard.push(at + frames(within));
    }
}

fn mouth_to_ear(options: &Options, duration: Duration) -> anyhow::Result<(Spread, u32)> {
    let engine = options.start_engine()?;
    let (mouth, ear_owner) = (Ticket::new(&engine, "mouth")?, Ticket::new(&engine, "ear")?);
    let (speaker, listener) = (Person::new(&mouth.server)?, Person::new(&mouth.server)?);
    let epoch = Instant::now();
    let ear = Arc::new(Ear::new(epoch));
    listener.cloud.set_audio_frame_callback(Some(ear.clone()));
    listener.enter(&ear_owner)?;
    speaker.enter(&mouth)?;
    speaker.cloud.enable_custom_audio_capture(true);
    let mut source = MarkSource::new(PERIOD);
    let mut spoken = Vec::new();
    let begin = Instant::now();
    for number in 0.. {
        let due = begin + Duration::from_millis(10) * number;
        if due >= begin + SETTLE + duration {
            break;
        }
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let block = source.block(Channels::Mono);
        if (u64::from(number) * BLOCK_FRAMES as u64).is_multiple_of(PERIOD) {
            // A microphone hands a block over when its last sample was spoken.
            spoken.push((epoch.elapsed()).saturating_sub(frames(BLOCK_FRAMES as u64)));
        }
        let frame = AudioFrame { samples: block.samples().to_vec(), sample_rate: RATE, channels: 1, ..AudioFrame::default() };
        speaker.cloud.send_custom_audio_data(&frame)?;
    }
    let jitter_buffer_ms = listener.told().filter_map(|event| match event {
        Event::Statistics { statistics } => statistics.remote_statistics_array.first().map(|row| row.jitter_buffer_delay),
        _ => None,
    });
    let jitter_buffer_ms = jitter_buffer_ms.last().unwrap_or_default();
    let heard = ear.heard();
    let settled = begin - epoch + SETTLE;
    let delays: Vec<f64> = spoken
        .iter()
        .filter(|at| **at >= settled)
        .filter_map(|at| {
            let found = heard.iter().find(|heard| *heard >= at)?;
            // The next mark's place is free for it: one that was lost is not taken for one that is late.
            (*found < *at + frames(PERIOD)).then(|| (*found - *at).as_secs_f64() * 1000.0)
        })
        .collect();
    Ok((Spread::of(&delays).context("no mark was heard")?, jitter_buffer_ms))
}

/// Reads when pictures were drawn.
struct Eye {
    epoch: Instant,
    delays: Mutex<Vec<(Duration, f64)>>,
}

impl VideoSink for Eye {
    fn frame(&self, _user: &str, _stream_type: VideoStreamType, frame: &Frame) {
        let now = self.epoch.elapsed();
        if let Some(mark) = Mark::read(frame) {
            let delay = now.as_secs_f64() * 1000.0 - f64::from(mark.time_ms);
            self.delays.lock().unwrap_or_else(PoisonError::into_inner).push((now, delay));
        }
    }
}

fn glass_to_glass(options: &Options, profile: Profile, duration: Duration) -> anyhow::Result<Spread> {
    let engine = options.start_engine()?;
    let (shows, sees) = (Ticket::new(&engine, "shows")?, Ticket::new(&engine, "sees")?);
    let (sender, viewer) = (Person::new(&shows.server)?, Person::new(&shows.server)?);
    let epoch = Instant::now();
    let eye = Arc::new(Eye { epoch, delays: Mutex::default() });
    viewer.cloud.set_remote_video_render_callback("shows", Some(eye.clone())).ok().context("a user id is refused")?;
    viewer.enter(&sees)?;
    sender.enter(&shows)?;
    sender.cloud.set_video_encoder_param(profile.encoding());
    let (pattern, pool) = (Pattern::new(1, profile.size()), Pool::default());
    let _camera = Camera::start(sender.cloud.clone(), profile.fps, move |number| {
        pattern.draw(number, epoch.elapsed().as_micros() as u64, &pool)
    });
    viewer.until("the picture", |event| match event {
        Event::UserVideoAvailable { available: true, .. } => Some(()),
        _ => None,
    })?;
    viewer.cloud.start_remote_view("shows", VideoStreamType::Big, 0);
    viewer.until("the first picture", |event| match event {
        Event::FirstVideoFrame { user_id, .. } if user_id == "shows" => Some(()),
        _ => None,
    })?;
    let settled = epoch.elapsed() + SETTLE;
    thread::sleep(SETTLE + duration);
    let delays = eye.delays.lock().unwrap_or_else(PoisonError::into_inner);
    let delays: Vec<f64> = delays.iter().filter(|(at, _)| *at >= settled).map(|(_, delay)| *delay).collect();
    Spread::of(&delays).context("no picture was seen")
}

fn frames(count: u64) -> Duration {
    Duration::from_micros(count * 1_000_000 / u64::from(RATE))
}
