//! Recording of sound into a file on this machine: what is heard, what is said, or both. It encodes on a thread of its own.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use rtc_api::{AudioRecordingContent, AudioRecordingParams};
use rtc_audio::{BLOCK_DURATION, Block, Encoder, Gain, Mixer, PACKET_FRAMES, Quality, RATE};
use rtc_record::{AudioFile, AudioFormat, AudioSettings};

use crate::courier::Courier;
use crate::sound::Desk;

/// Blocks that wait for a slow disk: 5 s. What comes then is left out.
const WAITING: usize = 500;
/// The shortest file a recording is cut into, milliseconds.
const SHORTEST_FILE_MS: i32 = 10_000;

/// The recording of an instance, one at a time.
pub(crate) struct Recorder {
    desk: Arc<Desk>,
    courier: Courier,
    running: Mutex<Option<Running>>,
}

struct Running {
    /// Dropped to end it.
    blocks: Sender<Piece>,
    thread: JoinHandle<()>,
}

/// 10 ms of what is recorded.
struct Piece {
    number: u64,
    block: Block,
}

impl Recorder {
    /// What `startAudioRecording` returns: a recording runs already.
    const RUNS_ALREADY: i32 = -1;
    /// The file or its folder cannot be made.
    const NO_FILE: i32 = -2;
    /// The extension is none that is known.
    const NO_FORMAT: i32 = -3;

    pub(crate) fn new(desk: Arc<Desk>, courier: Courier) -> Self {
        Self { desk, courier, running: Mutex::default() }
    }

    pub(crate) fn start(&self, params: &AudioRecordingParams) -> i32 {
        let mut running = self.lock();
        if running.as_ref().is_some_and(|running| !running.thread.is_finished()) {
            return Self::RUNS_ALREADY;
        }
        let max_duration = (params.max_duration_per_file > 0)
            .then(|| Duration::from_millis(params.max_duration_per_file.max(SHORTEST_FILE_MS).unsigned_abs().into()));
        let path = PathBuf::from(&params.file_path);
        let file = match AudioFile::create(AudioSettings { path, rate: RATE, channels: 2, max_duration }) {
            Ok(file) => file,
            Err(error) => {
                tracing::warn!("startAudioRecording: {error}");
                return if matches!(error, rtc_record::Error::Format { .. }) { Self::NO_FORMAT } else { Self::NO_FILE };
            }
        };
        let (blocks, recorded) = bounded(WAITING);
        let thread = match thread::Builder::new().name("rtc-recording".into()).spawn(move || write(file, &recorded)) {
            Ok(thread) => thread,
            Err(error) => {
                tracing::error!("no thread for a recording: {error}");
                return Self::NO_FILE;
            }
        };
        self.tap(params.recording_content, blocks.clone());
        *running = Some(Running { blocks, thread });
        0
    }

    /// Ends the recording; when it returns, the file is whole.
    pub(crate) fn stop(&self) {
        let Some(Running { blocks, thread }) = self.lock().take() else { return };
        // The desk's tap sees a closed channel only when its own end is gone; the end of the file is told by a last piece.
        let _ = blocks.send(Piece { number: u64::MAX, block: Block::silence(rtc_audio::Channels::Stereo) });
        drop(blocks);
        if thread.join().is_err() {
            tracing::error!("a recording ended by a panic");
        }
    }

    fn tap(&self, content: AudioRecordingContent, blocks: Sender<Piece>) {
        let mut number = 0;
        let mut mixer = Mixer::new();
        let tap = move |heard: &Block, said: Option<&Block>| {
            if content != AudioRecordingContent::Local {
                mixer.add(heard, &mut Gain::default());
            }
            if let Some(said) = said.filter(|_| content != AudioRecordingContent::Remote) {
                mixer.add(said, &mut Gain::default());
            }
            let piece = Piece { number, block: mixer.finish() };
            number += 1;
            // A full queue leaves a gap that the file fills with silence; a closed one is the end.
            !matches!(blocks.try_send(piece), Err(crossbeam_channel::TrySendError::Disconnected(_)))
        };
        self.desk.add_tap(Box::new(tap), &self.courier);
    }

    fn lock(&self) -> MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes until the last piece. An error that ends the recording is told once, in the log.
fn write(mut file: AudioFile, pieces: &Receiver<Piece>) {
    let mut opus = match file.format() {
        AudioFormat::Wav => None,
        AudioFormat::Opus => match Encoder::new(Quality::Music) {
            Ok(encoder) => Some(encoder),
            Err(error) => return tracing::error!("a recording cannot be encoded: {error}"),
        },
    };
    for Piece { number, block } in pieces {
        if number == u64::MAX {
            break;
        }
        let at = BLOCK_DURATION * u32::try_from(number).unwrap_or(u32::MAX);
        let written = match &mut opus {
            None => file.write_samples(at, block.samples()),
            Some(encoder) => match encoder.encode(&block) {
                Ok(Some(packet)) => {
                    let length = Duration::from_micros(PACKET_FRAMES as u64 * 1_000_000 / u64::from(RATE));
                    file.write_packet((at + BLOCK_DURATION).saturating_sub(length), &packet.payload)
                }
                Ok(None) => Ok(()),
                Err(error) => return tracing::error!("a recording cannot be encoded: {error}"),
            },
        };
        if let Err(error) = written
            && error.ends_recording()
        {
            return tracing::error!("the recording ended: {error}");
        }
    }
    match file.finish() {
        Ok(summary) => tracing::info!(files = summary.files, recorded = ?summary.recorded, "a recording is whole"),
        Err(error) => tracing::warn!("the recording: {error}"),
    }
}
