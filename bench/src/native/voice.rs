//! A member that speaks, and perhaps shows something, and one that listens and perhaps watches, with the times that are needed
//! to say how old what was heard is. Scores are given elsewhere.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, TryRecvError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use rtc_audio::{BLOCK_DURATION, Block, RATE, WavSource};
use rtc_core::{AudioFrame, AudioFrameHook, Event, RemoteStatistics, VideoStreamType};
use serde::{Deserialize, Serialize};

use super::call::{Profile, Watching};
use super::camera::Camera;
use super::clock::since_epoch;
use super::party::{Entered, Words, tell};
use super::person::{Person, Ticket};
use super::sight::{Eye, Sight};

/// From when on the file was said, in microseconds of the machine's clock.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Spoken {
    pub(super) spoken_from_us: u64,
}

/// The speaker is done.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Finished {
    pub(super) finished: bool,
    /// How often it was told that its connection is lost.
    pub(super) lost_connection: u32,
}

/// What was heard, from the word `measure` on.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Heard {
    /// When the first sample of the file was handed over, in microseconds of the machine's clock.
    pub(super) heard_from_us: u64,
    /// Percent lost after all repair (`finalLoss`): of sound what had to be invented; where pictures are watched, the worse of
    /// both.
    pub(super) final_loss: f64,
    /// Percent of packets missing on the listener's own way (`audioPacketLoss`).
    pub(super) packet_loss: f64,
    /// Milliseconds of gaps (`audioTotalBlockTime`).
    pub(super) gaps_ms: u32,
    /// What waited (`jitterBufferDelay`), milliseconds.
    pub(super) jitter_buffer_ms: f64,
    /// What arrived of the voice (`audioBitrate`).
    pub(super) kilobits: f64,
    /// What arrived of the picture (`videoBitrate`).
    pub(super) picture_kilobits: f64,
    /// Nothing where nothing was watched.
    pub(super) sight: Option<Sight>,
    /// How often it was told that its connection is lost.
    pub(super) lost_connection: u32,
    /// How often it was told that the speaker has left.
    pub(super) speaker_left: u32,
}

/// Says a file once a word comes: so much of it before, all of it, so much after; then waits for the end. The camera is on all
/// the time.
pub(super) fn speak(
    person: &Person,
    ticket: &Ticket,
    file: &Path,
    [before, after]: [Duration; 2],
    camera: Option<Profile>,
    words: &Words,
) -> anyhow::Result<()> {
    let mut source = WavSource::new(BufReader::new(File::open(file)?), false)?;
    let sound: Vec<Block> = std::iter::from_fn(|| source.block()).collect();
    let entered_ms = person.enter(ticket)?.as_secs_f64() * 1000.0;
    person.cloud.enable_custom_audio_capture(true);
    let _camera = camera.map(|profile| {
        person.cloud.set_video_encoder_param(profile.encoding());
        Camera::marked_scene(person.cloud.clone(), profile.size(), profile.fps)
    });
    tell(&Entered { entered_ms })?;
    words.recv().context("nobody says when to speak")?;
    let blocks = |duration: Duration| (duration.as_millis() / BLOCK_DURATION.as_millis()) as usize;
    let (before, after) = (blocks(before), blocks(after));
    // The end of the file comes before its beginning, so that the warming up is followed by it as if it went on.
    let warm_up = sound.iter().cycle().skip((sound.len() - before % sound.len()) % sound.len()).take(before);
    let begin = Instant::now();
    for (number, block) in warm_up.chain(&sound).chain(sound.iter().cycle().take(after)).enumerate() {
        thread::sleep((begin + BLOCK_DURATION * number as u32).saturating_duration_since(Instant::now()));
        if matches!(words.try_recv(), Err(TryRecvError::Disconnected)) {
            bail!("nobody waits for the end of the speech");
        }
        if number == before {
            // A microphone hands a block over when its last sample was spoken.
            tell(&Spoken { spoken_from_us: (since_epoch() - BLOCK_DURATION).as_micros() as u64 })?;
        }
        let frame = AudioFrame { samples: block.samples().to_vec(), sample_rate: RATE, channels: 1, ..AudioFrame::default() };
        person.cloud.send_custom_audio_data(&frame)?;
    }
    let lost_connection = person.told().filter(|event| matches!(event, Event::ConnectionLost)).count() as u32;
    tell(&Finished { finished: true, lost_connection })?;
    // The sender of words goes with the standard input.
    while words.recv().is_ok() {}
    Ok(())
}

/// Everything of the first voice, each block where it belongs in time.
#[derive(Default)]
struct Ear(Mutex<Option<(Duration, u64, Vec<i16>)>>);

impl AudioFrameHook for Ear {
    fn play(&self, _user: &str, frame: &AudioFrame) {
        let now = since_epoch();
        let mono = frame.samples.chunks_exact(frame.channels.max(1) as usize).map(|samples| samples[0]);
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, first, samples) = heard.get_or_insert_with(|| (now, frame.timestamp, Vec::new()));
        // Timestamps are milliseconds; a voice that was away for a while leaves silence.
        let place = (frame.timestamp.saturating_sub(*first) * u64::from(RATE) / 1000) as usize;
        samples.resize(place.max(samples.len()), 0);
        samples.extend(mono);
    }
}

/// Listens until the words end, then writes down what was heard. Numbers count from the word `measure`.
pub(super) fn hear(person: &Person, ticket: &Ticket, file: &Path, watch: bool, words: &Words) -> anyhow::Result<()> {
    let ear = Arc::new(Ear::default());
    person.cloud.set_audio_frame_callback(Some(ear.clone()));
    let entered_ms = person.enter(ticket)?.as_secs_f64() * 1000.0;
    tell(&Entered { entered_ms })?;
    let eye = Arc::new(Eye::default());
    let (mut begin, mut is_watching) = (Instant::now(), false);
    let (mut gaps_before, mut lost_connection, mut speaker_left) = (0, 0, 0);
    let mut told: Vec<RemoteStatistics> = Vec::new();
    loop {
        for event in person.told() {
            match event {
                Event::Statistics { mut statistics } => told.extend(statistics.remote_statistics_array.drain(..).take(1)),
                Event::UserVideoAvailable { user_id, available: true } if watch => {
                    let cloud = &person.cloud;
                    cloud.set_remote_video_render_callback(&user_id, Some(eye.clone())).ok().context("a user id is refused")?;
                    cloud.start_remote_view(&user_id, VideoStreamType::Big, 0);
                }
                Event::ConnectionLost => lost_connection += 1,
                Event::RemoteUserLeaveRoom { .. } => speaker_left += 1,
                _ => {}
            }
        }
        if !is_watching && eye.has_seen() {
            is_watching = true;
            tell(&Watching { watching: 1 })?;
        }
        match words.recv_timeout(Duration::from_millis(100)) {
            Ok(_) => {
                begin = Instant::now();
                gaps_before = told.drain(..).next_back().map_or(0, |row| row.audio_total_block_time);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    let sight = watch.then(|| eye.sight(begin, Instant::now()));
    let heard = ear.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    let (from, _, samples) = heard.context("no voice was heard")?;
    write(file, &samples)?;
    let mean = |value: fn(&RemoteStatistics) -> u32| {
        told.iter().map(|row| f64::from(value(row))).sum::<f64>() / told.len().max(1) as f64
    };
    tell(&Heard {
        heard_from_us: from.as_micros() as u64,
        final_loss: mean(|row| row.final_loss),
        packet_loss: mean(|row| row.audio_packet_loss),
        gaps_ms: told.last().map_or(0, |row| row.audio_total_block_time.saturating_sub(gaps_before)),
        jitter_buffer_ms: mean(|row| row.jitter_buffer_delay),
        kilobits: mean(|row| row.audio_bitrate),
        picture_kilobits: mean(|row| row.video_bitrate),
        sight,
        lost_connection,
        speaker_left,
    })
}

fn write(path: &Path, samples: &[i16]) -> anyhow::Result<()> {
    let spec = hound::WavSpec { channels: 1, sample_rate: RATE, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let mut file = hound::WavWriter::create(path, spec)?;
    for sample in samples {
        file.write_sample(*sample)?;
    }
    Ok(file.finalize()?)
}
