//! What a call takes of the machine: processor and memory of one member, while others show and say something and it does
//! too. The others and the engine are processes of their own and are not counted.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use rtc_core::video::frame::{Frame, Size};
use rtc_core::{AudioQuality, Event, VideoEncParam, VideoResolution, VideoResolutionMode, VideoSink, VideoStreamType};
use serde::{Deserialize, Serialize};

use super::Options;
use super::camera::Camera;
use super::party::{Entered, Party, Role, Words, tell};
use super::person::{Person, Ticket};
use crate::engine::{CpuTime, resident_kb};

/// Whoever is weighed.
const MEASURED: &str = "measured";

/// A size, rate and bitrate of cameras.
#[derive(Debug, Clone, Copy)]
pub(super) struct Profile {
    pub(super) name: &'static str,
    width: u32,
    height: u32,
    pub(super) fps: u32,
    kilobits: u32,
    resolution: VideoResolution,
}

/// The small one of published measurements.
pub(super) const QVGA: Profile =
    Profile { name: "240x320/15/100k", width: 240, height: 320, fps: 15, kilobits: 100, resolution: VideoResolution::R320x240 };

/// The one of newer published measurements.
pub(super) const SD: Profile =
    Profile { name: "360x640/15/600k", width: 360, height: 640, fps: 15, kilobits: 600, resolution: VideoResolution::R640x360 };

/// That of calls through bad networks in published measurements, which have 368 columns: the same picture in whole blocks of
/// its codec.
pub(super) const CALL: Profile =
    Profile { name: "360x640/15/400k", width: 360, height: 640, fps: 15, kilobits: 400, resolution: VideoResolution::R640x360 };

/// That of live shows through bad networks in published measurements.
pub(super) const LIVE: Profile = Profile {
    name: "720x1280/15/1200k",
    width: 720,
    height: 1280,
    fps: 15,
    kilobits: 1200,
    resolution: VideoResolution::R1280x720,
};

impl Profile {
    /// By its name.
    pub(super) fn named(name: &str) -> Result<Self, String> {
        [QVGA, SD, CALL, LIVE]
            .into_iter()
            .find(|profile| profile.name == name)
            .ok_or_else(|| format!("no profile is called {name}"))
    }

    /// Upright.
    pub(super) fn size(self) -> Size {
        Size::nearest(self.width, self.height)
    }

    /// As the SDK wants it.
    pub(super) fn encoding(self) -> VideoEncParam {
        VideoEncParam {
            video_resolution: self.resolution,
            res_mode: VideoResolutionMode::Portrait,
            video_fps: self.fps,
            video_bitrate: self.kilobits,
            ..VideoEncParam::default()
        }
    }
}

/// One size of call.
#[derive(Debug, Serialize)]
pub(super) struct Figures {
    pub(super) profile: &'static str,
    pub(super) others: usize,
    /// Of one core.
    pub(super) cpu_percent: f64,
    pub(super) resident_mb: f64,
    /// Of each of the others, shown.
    pub(super) frames_per_second: f64,
    /// Of the own picture: a synthetic one may need less than it is given.
    pub(super) sent_kilobits: f64,
    /// What the engine took, of one core.
    pub(super) engine_cpu_percent: f64,
    /// How busy all cores were, with everything; near 100 the figures say little.
    pub(super) machine_percent: f64,
}

/// Calls of all sizes.
pub(super) fn measure(options: &Options) -> anyhow::Result<Vec<Figures>> {
    let (profiles, sizes): (&[Profile], &[usize]) = if options.quick { (&[SD], &[1, 4]) } else { (&[QVGA, SD], &[1, 2, 4, 8]) };
    let mut figures = Vec::new();
    for profile in profiles {
        for others in sizes {
            super::progress(&format!("a call of 1 and {others} at {}", profile.name));
            figures.push(one(options, *profile, *others)?);
        }
    }
    Ok(figures)
}

fn one(options: &Options, profile: Profile, count: usize) -> anyhow::Result<Figures> {
    let (settle, duration) = if options.quick { (3, 4) } else { (8, 20) };
    let engine = options.start_engine()?;
    let start = |user: &str, watch: Option<String>, watch_others| {
        let role = Role::Call { profile, watch, watch_others };
        Party::start(&Ticket::new(&engine, user)?, &role, &|binary| Command::new(binary))
    };
    // One of the others watches, because nobody encodes what nobody watches.
    let others: Vec<Party> = (0..count)
        .map(|index| start(&format!("other-{index}"), (index == 0).then(|| MEASURED.to_owned()), 0))
        .collect::<anyhow::Result<_>>()?;
    let measured = start(MEASURED, None, count)?;
    let _: Watching = measured.answer(Duration::from_secs(60)).context("not everybody is seen")?;
    thread::sleep(Duration::from_secs(settle));

    let (begin, before, engine_before, machine) = (Instant::now(), CpuTime::of(measured.id())?, engine.cpu()?, Busy::read()?);
    thread::sleep(Duration::from_secs(duration));
    let (used, engine_used) = (CpuTime::of(measured.id())?.total - before.total, engine.cpu()?.total - engine_before.total);
    let share = |used: Duration| used.as_secs_f64() / begin.elapsed().as_secs_f64() * 100.0;
    let (cpu_percent, engine_cpu_percent) = (share(used), share(engine_used));
    let machine_percent = Busy::read()?.percent_since(machine);
    let resident_mb = resident_kb(measured.id())? as f64 / 1024.0;
    let seen: Seen = measured.end()?;
    drop(others);
    Ok(Figures {
        profile: profile.name,
        others: count,
        cpu_percent,
        resident_mb,
        frames_per_second: seen.frames_per_second / count as f64,
        sent_kilobits: seen.sent_kilobits,
        engine_cpu_percent,
        machine_percent,
    })
}

/// All that were waited for are seen.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Watching {
    pub(super) watching: usize,
}

/// The last line, of the time since everybody is seen.
#[derive(Debug, Serialize, Deserialize)]
struct Seen {
    /// Pictures of all together.
    frames_per_second: f64,
    /// Of the own picture.
    sent_kilobits: f64,
}

/// Counts pictures of each.
#[derive(Default)]
struct Eyes(Mutex<BTreeMap<String, u64>>);

impl VideoSink for Eyes {
    fn frame(&self, user: &str, _: VideoStreamType, _: &Frame) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(user.to_owned()).or_default() += 1;
    }
}

impl Eyes {
    fn counts(&self) -> (usize, u64) {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (counts.len(), counts.values().sum())
    }
}

/// Is a member of such a call until the words end.
pub(super) fn join(
    person: &Person,
    ticket: &Ticket,
    profile: Profile,
    watch: Option<&str>,
    watch_others: usize,
    words: &Words,
) -> anyhow::Result<()> {
    let Person { cloud, .. } = person;
    if watch_others == 0 && watch.is_none() {
        // It only stands for a voice and a picture.
        cloud.set_default_stream_recv_mode(false, false);
    }
    cloud.set_video_encoder_param(profile.encoding());
    let _camera = Camera::scene(cloud.clone(), profile.size(), profile.fps);
    cloud.start_local_audio(AudioQuality::Default);
    let entered_ms = person.enter(ticket)?.as_secs_f64() * 1000.0;
    tell(&Entered { entered_ms })?;
    let eyes = Arc::new(Eyes::default());
    let mut since = None;
    let mut sent = Vec::new();
    loop {
        for event in person.told() {
            match event {
                Event::UserVideoAvailable { user_id, available: true }
                    if watch_others > 0 || watch == Some(user_id.as_str()) =>
                {
                    cloud
                        .set_remote_video_render_callback(&user_id, Some(eyes.clone()))
                        .ok()
                        .context("a user id is refused")?;
                    cloud.start_remote_view(&user_id, VideoStreamType::Big, 0);
                }
                Event::Statistics { statistics } if since.is_some() => {
                    sent.extend(statistics.local_statistics_array.first().map(|row| f64::from(row.video_bitrate)));
                }
                _ => {}
            }
        }
        let (seen, frames) = eyes.counts();
        if since.is_none() && watch_others > 0 && seen >= watch_others {
            since = Some((Instant::now(), frames));
            tell(&Watching { watching: seen })?;
        }
        match words.recv_timeout(Duration::from_millis(100)) {
            Ok(_) | Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {}
            Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => break,
        }
    }
    let frames_per_second =
        since.map_or(0.0, |(since, before)| (eyes.counts().1 - before) as f64 / since.elapsed().as_secs_f64());
    tell(&Seen { frames_per_second, sent_kilobits: sent.iter().sum::<f64>() / sent.len().max(1) as f64 })
}

/// Processor time of the whole machine (proc(5), `stat`), in ticks of all cores.
#[derive(Debug, Clone, Copy)]
pub(super) struct Busy {
    idle: u64,
    all: u64,
}

impl Busy {
    pub(super) fn read() -> anyhow::Result<Self> {
        let stat = std::fs::read_to_string("/proc/stat")?;
        let line = stat.lines().next().and_then(|line| line.strip_prefix("cpu ")).context("unexpected /proc/stat")?;
        let ticks: Vec<u64> = line.split_whitespace().map_while(|field| field.parse().ok()).collect();
        // Guests are within user time already.
        let all = ticks.iter().take(8).sum();
        Ok(Self { idle: ticks.iter().skip(3).take(2).sum(), all })
    }

    pub(super) fn percent_since(self, before: Self) -> f64 {
        let all = self.all.saturating_sub(before.all).max(1) as f64;
        100.0 - self.idle.saturating_sub(before.idle) as f64 / all * 100.0
    }
}
