//! A stream of sound on a connection of its own, so that no other stream and no question can delay it.

use std::ffi::CString;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use pulseaudio::protocol::stream::{BufferAttr, StreamFlags};
use pulseaudio::protocol::{
    ChannelMap, ChannelVolume, Command, CreatePlaybackStreamReply, CreateRecordStreamReply, DESCRIPTOR_SIZE,
    PlaybackStreamParams, Prop, Props, RecordStreamParams, Request, SampleFormat, SampleSpec,
};

use super::SYSTEM;
use super::socket::{Message, Socket};
use crate::DeviceError;
use crate::audio::{AudioFormat, CaptureEnd, EndMaker, PlayoutEnd, RunningStream};
use crate::worker::Worker;

/// What the server may buffer in front of a speaker, its own and the device's buffer together.
const PLAYOUT_BUFFER: Duration = Duration::from_millis(40);
/// How long sound may be late for a request before silence is sent; well below the server's buffer.
const LATE: Duration = Duration::from_millis(15);
const BYTES: usize = size_of::<i16>();
/// The most that is written at once; the server asks for less than its buffer.
const LARGEST_WRITE: usize = 1 << 20;

/// Where a stream goes.
pub(super) struct StreamTarget<'a> {
    /// The server's socket.
    pub(super) socket: Option<&'a Path>,
    /// Name of the sink or source.
    pub(super) device: CString,
    pub(super) channels: u16,
}

impl StreamTarget<'_> {
    fn format(&self) -> AudioFormat {
        // The server resamples whatever the device has.
        AudioFormat::at_48k(self.channels)
    }

    fn specification(&self) -> (SampleSpec, ChannelMap) {
        let format = if cfg!(target_endian = "little") { SampleFormat::S16Le } else { SampleFormat::S16Be };
        let map = if self.channels == 1 { ChannelMap::mono() } else { ChannelMap::stereo() };
        (SampleSpec { format, channels: map.num_channels(), sample_rate: self.format().sample_rate }, map)
    }
}

/// A running stream; dropping it closes its connection, which deletes it on the server.
pub(super) struct PulseStream {
    handle: UnixStream,
    format: AudioFormat,
    shared: Arc<Shared>,
    /// Waited for after the connection was shut down.
    worker: Worker,
}

#[derive(Default)]
struct Shared {
    failed: AtomicBool,
    /// Microseconds.
    delay: AtomicU64,
}

impl PulseStream {
    pub(super) fn capture(target: StreamTarget<'_>, end: EndMaker<CaptureEnd>) -> Result<Self, DeviceError> {
        let mut socket = Socket::connect(target.socket)?;
        let format = target.format();
        let (sample_spec, channel_map) = target.specification();
        let fragment = (format.block_samples() * BYTES) as u32;
        let reply: CreateRecordStreamReply = socket.ask(&Command::CreateRecordStream(RecordStreamParams {
            sample_spec,
            channel_map,
            source_index: None,
            source_name: Some(target.device),
            buffer_attr: BufferAttr { fragment_size: fragment, ..BufferAttr::default() },
            flags: StreamFlags { adjust_latency: true, start_muted: Some(false), ..StreamFlags::default() },
            direct_on_input_index: None,
            cvolume: Some(ChannelVolume::norm(sample_spec.channels)),
            props: properties(c"capture"),
            formats: Vec::new(),
        }))?;
        let shared = Arc::new(Shared::default());
        shared.delay.store(reply.stream_latency, Ordering::Relaxed);
        let mut end = end(format);
        Self::start(socket, format, shared, move |socket, shared| {
            while let Ok(message) = socket.receive() {
                match message {
                    Message::Sound(bytes) => {
                        let samples = bytes.chunks_exact(BYTES).map(|pair| i16::from_ne_bytes([pair[0], pair[1]]));
                        end.push(samples);
                    }
                    Message::Command(_, Command::RecordStreamKilled(_), _) => return,
                    Message::Command(_, Command::RecordBufferAttrChanged(changed), _) => {
                        shared.delay.store(changed.source_output_latency, Ordering::Relaxed);
                    }
                    _ => {}
                }
            }
        })
    }

    pub(super) fn playout(target: StreamTarget<'_>, end: EndMaker<PlayoutEnd>) -> Result<Self, DeviceError> {
        let mut socket = Socket::connect(target.socket)?;
        let format = target.format();
        let (sample_spec, channel_map) = target.specification();
        let block = (format.block_samples() * BYTES) as u32;
        let buffer = block * (PLAYOUT_BUFFER.as_millis() / crate::audio::BLOCK.as_millis()) as u32;
        let reply: CreatePlaybackStreamReply = socket.ask(&Command::CreatePlaybackStream(PlaybackStreamParams {
            sample_spec,
            channel_map,
            sink_index: None,
            sink_name: Some(target.device),
            buffer_attr: BufferAttr { target_length: buffer, minimum_request_length: block, ..BufferAttr::default() },
            sync_id: 0,
            cvolume: Some(ChannelVolume::norm(sample_spec.channels)),
            props: properties(c"playout"),
            formats: Vec::new(),
            flags: StreamFlags { adjust_latency: true, start_muted: Some(false), ..StreamFlags::default() },
        }))?;
        let shared = Arc::new(Shared::default());
        let buffered = format.duration_of(reply.buffer_attr.target_length as usize / BYTES);
        shared.delay.store(reply.stream_latency.saturating_add(buffered.as_micros() as u64), Ordering::Relaxed);
        let mut end = end(format);
        Self::start(socket, format, shared, move |socket, shared| {
            let channel = reply.channel;
            let mut bytes = Vec::new();
            // The server wants its whole buffer at once. Silence, because the application could not say as much in
            // advance, and a ring that had to hold that much would stay that long.
            let silence = LARGEST_WRITE.min(reply.requested_bytes as usize);
            let mut requested = 0;
            if socket.write_sound(channel, &mut vec![0; DESCRIPTOR_SIZE + silence]).is_err() {
                return;
            }
            loop {
                if requested > 0 && write(socket, channel, &mut end, requested, &mut bytes).is_err() {
                    return;
                }
                requested = 0;
                match socket.receive() {
                    Ok(Message::Command(_, Command::Request(Request { length, .. }), _)) => {
                        requested = length as usize;
                    }
                    Ok(Message::Command(_, Command::PlaybackBufferAttrChanged(changed), _)) => {
                        let buffered = format.duration_of(changed.buffer_attr.target_length as usize / BYTES);
                        let delay = changed.sink_input_latency.saturating_add(buffered.as_micros() as u64);
                        shared.delay.store(delay, Ordering::Relaxed);
                    }
                    Ok(Message::Command(_, Command::PlaybackStreamKilled(_), _)) | Err(_) => return,
                    Ok(_) => {}
                }
            }
        })
    }

    fn start(
        mut socket: Socket,
        format: AudioFormat,
        shared: Arc<Shared>,
        run: impl FnOnce(&mut Socket, &Shared) + Send + 'static,
    ) -> Result<Self, DeviceError> {
        socket.wait_for_ever()?;
        let handle = socket.handle()?;
        let given = shared.clone();
        let worker = Worker::spawn("device-pulse", move |_shutdown_ends_it| {
            run(&mut socket, &given);
            given.failed.store(true, Ordering::Release);
        })?;
        Ok(Self { handle, format, shared, worker })
    }
}

/// Answers one request of the server with sound of exactly that length.
fn write(
    socket: &mut Socket,
    channel: u32,
    end: &mut PlayoutEnd,
    requested: usize,
    bytes: &mut Vec<u8>,
) -> Result<(), DeviceError> {
    if requested > LARGEST_WRITE {
        return Err(DeviceError::system(SYSTEM, "the server asked for more than its buffer holds"));
    }
    let samples = requested / BYTES;
    // The server has most of its buffer left, so a late writer gets a moment before silence is sent in its place.
    end.wait_for(samples, LATE);
    bytes.clear();
    // Stays allocated from the first and largest request on.
    bytes.resize(DESCRIPTOR_SIZE, 0);
    end.pull(samples, |sample| bytes.extend_from_slice(&sample.to_ne_bytes()));
    socket.write_sound(channel, bytes)
}

fn properties(name: &std::ffi::CStr) -> Props {
    let mut properties = Props::new();
    properties.set(Prop::MediaName, name);
    properties.set(Prop::MediaRole, c"phone");
    properties
}

impl RunningStream for PulseStream {
    fn format(&self) -> AudioFormat {
        self.format
    }

    fn failed(&self) -> bool {
        self.shared.failed.load(Ordering::Acquire)
    }

    fn delay(&self) -> Duration {
        Duration::from_micros(self.shared.delay.load(Ordering::Relaxed))
    }
}

impl Drop for PulseStream {
    fn drop(&mut self) {
        self.worker.ask_to_stop();
        // Fails when the server is gone already.
        let _closed = self.handle.shutdown(Shutdown::Both);
    }
}
