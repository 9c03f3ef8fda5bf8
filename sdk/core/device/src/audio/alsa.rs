//! ALSA through `cpal`. It has lists and streams, but neither volumes nor hot-plug.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use cpal::{ErrorKind, SampleFormat, StreamConfig, SupportedStreamConfigRange};

use super::backend::{Backend, CaptureTarget, EndMaker, RunningStream};
use super::{AudioFormat, CaptureEnd, PlayoutEnd};
use crate::{DeviceError, DeviceInfo, DeviceKind};

const WANTED_RATE: u32 = 48_000;
/// How long a device may take to start.
const START: Duration = Duration::from_secs(3);

pub(super) struct AlsaBackend {
    host: cpal::Host,
}

impl AlsaBackend {
    pub(super) fn open() -> Self {
        Self { host: cpal::default_host() }
    }

    fn devices(&self, kind: DeviceKind) -> Result<Vec<cpal::Device>, DeviceError> {
        let listed = match kind {
            DeviceKind::Speaker => self.host.output_devices().map(Iterator::collect),
            _ => self.host.input_devices().map(Iterator::collect),
        };
        listed.map_err(|error| translate(error, kind, "all devices"))
    }

    fn device(&self, kind: DeviceKind, id: &str) -> Result<cpal::Device, DeviceError> {
        let known = |device: &cpal::Device| device.id().is_ok_and(|found| found.to_string() == id);
        self.devices(kind)?.into_iter().find(known).ok_or_else(|| DeviceError::NotFound { kind, id: id.to_owned() })
    }
}

impl Backend for AlsaBackend {
    fn list(&self, kind: DeviceKind) -> Result<Vec<DeviceInfo>, DeviceError> {
        let described = |device: cpal::Device| {
            let id = device.id().ok()?.to_string();
            let name = device.description().map_or_else(|_| id.clone(), |text| text.name().to_owned());
            Some(DeviceInfo { kind, id, name })
        };
        Ok(self.devices(kind)?.into_iter().filter_map(described).collect())
    }

    fn default_device(&self, kind: DeviceKind) -> Result<Option<String>, DeviceError> {
        let device = match kind {
            DeviceKind::Speaker => self.host.default_output_device(),
            _ => self.host.default_input_device(),
        };
        Ok(device.and_then(|device| device.id().ok()).map(|id| id.to_string()))
    }

    fn volume(&self, _kind: DeviceKind, _id: &str) -> Result<(u32, bool), DeviceError> {
        Err(no_volume())
    }

    fn set_volume(&self, _kind: DeviceKind, _id: &str, _volume: u32) -> Result<(), DeviceError> {
        Err(no_volume())
    }

    fn set_muted(&self, _kind: DeviceKind, _id: &str, _muted: bool) -> Result<(), DeviceError> {
        Err(no_volume())
    }

    fn open_capture(
        &self,
        target: CaptureTarget<'_>,
        channels: u16,
        end: EndMaker<CaptureEnd>,
    ) -> Result<Box<dyn RunningStream>, DeviceError> {
        let kind = DeviceKind::Microphone;
        let id = match target {
            CaptureTarget::Microphone(id) => id,
            CaptureTarget::Monitor(_) => {
                let why = "the sound system has no monitors; start PulseAudio or PipeWire".to_owned();
                return Err(DeviceError::Unsupported { what: "capture of the system's sound", why });
            }
        };
        let failed = |error| translate(error, kind, id);
        let device = self.device(kind, id)?;
        let ranges: Vec<_> = device.supported_input_configs().map_err(failed)?.collect();
        let (sample_format, format) = settle(&ranges, channels).ok_or_else(|| no_format(id))?;
        let watch = Arc::new(StreamWatch::default());
        let end = end(format);
        let stream = match sample_format {
            SampleFormat::I16 => capture::<i16>(&device, format, end, &watch, |sample| sample),
            SampleFormat::F32 => capture::<f32>(&device, format, end, &watch, to_i16),
            _ => capture::<i32>(&device, format, end, &watch, |sample| (sample >> 16) as i16),
        };
        start(stream.map_err(failed)?, format, watch, failed)
    }

    fn open_playout(&self, id: &str, channels: u16, end: EndMaker<PlayoutEnd>) -> Result<Box<dyn RunningStream>, DeviceError> {
        let kind = DeviceKind::Speaker;
        let failed = |error| translate(error, kind, id);
        let device = self.device(kind, id)?;
        let ranges: Vec<_> = device.supported_output_configs().map_err(failed)?.collect();
        let (sample_format, format) = settle(&ranges, channels).ok_or_else(|| no_format(id))?;
        let watch = Arc::new(StreamWatch::default());
        let end = end(format);
        let stream = match sample_format {
            SampleFormat::I16 => playout::<i16>(&device, format, end, &watch, |sample| sample),
            SampleFormat::F32 => playout::<f32>(&device, format, end, &watch, |sample| f32::from(sample) / 32768.0),
            _ => playout::<i32>(&device, format, end, &watch, |sample| i32::from(sample) << 16),
        };
        start(stream.map_err(failed)?, format, watch, failed)
    }
}

/// What the callbacks of a stream report.
#[derive(Debug, Default)]
struct StreamWatch {
    failed: AtomicBool,
    /// Microseconds between a callback and the converter.
    delay: AtomicU64,
}

impl StreamWatch {
    fn set_delay(&self, delay: Option<Duration>) {
        if let Some(delay) = delay {
            self.delay.store(u64::try_from(delay.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
        }
    }

    /// A lost buffer is heard but ends nothing; everything else does.
    fn notice(&self, error: &cpal::Error) {
        match error.kind() {
            ErrorKind::Xrun | ErrorKind::RealtimeDenied | ErrorKind::DeviceChanged => {}
            _ => self.failed.store(true, Ordering::Release),
        }
    }
}

fn capture<S: cpal::SizedSample + Send + 'static>(
    device: &cpal::Device,
    format: AudioFormat,
    mut end: CaptureEnd,
    watch: &Arc<StreamWatch>,
    convert: fn(S) -> i16,
) -> Result<cpal::Stream, cpal::Error> {
    let (seen, told) = (watch.clone(), watch.clone());
    device.build_input_stream::<S, _, _>(
        stream_config(format),
        move |samples, info| {
            let times = info.timestamp();
            seen.set_delay(times.callback.checked_duration_since(times.capture));
            end.push(samples.iter().map(|sample| convert(*sample)));
        },
        move |error| told.notice(&error),
        Some(START),
    )
}

fn playout<S: cpal::SizedSample + Send + 'static>(
    device: &cpal::Device,
    format: AudioFormat,
    mut end: PlayoutEnd,
    watch: &Arc<StreamWatch>,
    convert: fn(i16) -> S,
) -> Result<cpal::Stream, cpal::Error> {
    let (seen, told) = (watch.clone(), watch.clone());
    device.build_output_stream::<S, _, _>(
        stream_config(format),
        move |samples, info| {
            let times = info.timestamp();
            seen.set_delay(times.playback.checked_duration_since(times.callback));
            let mut slots = samples.iter_mut();
            end.pull(slots.len(), |sample| {
                if let Some(slot) = slots.next() {
                    *slot = convert(sample);
                }
            });
        },
        move |error| told.notice(&error),
        Some(START),
    )
}

fn start(
    stream: cpal::Stream,
    format: AudioFormat,
    watch: Arc<StreamWatch>,
    failed: impl Fn(cpal::Error) -> DeviceError,
) -> Result<Box<dyn RunningStream>, DeviceError> {
    stream.play().map_err(failed)?;
    Ok(Box::new(AlsaStream { _stream: stream, format, watch }))
}

struct AlsaStream {
    _stream: cpal::Stream,
    format: AudioFormat,
    watch: Arc<StreamWatch>,
}

impl RunningStream for AlsaStream {
    fn format(&self) -> AudioFormat {
        self.format
    }

    fn failed(&self) -> bool {
        self.watch.failed.load(Ordering::Acquire)
    }

    fn delay(&self) -> Duration {
        Duration::from_micros(self.watch.delay.load(Ordering::Relaxed))
    }
}

fn stream_config(format: AudioFormat) -> StreamConfig {
    StreamConfig {
        channels: format.channels,
        sample_rate: format.sample_rate,
        // The device's own period; the ring keeps as much ready as that takes.
        buffer_size: cpal::BufferSize::Default,
    }
}

/// The best the device can do: the wanted number of channels, then 48 kHz, then a sample format near ours.
fn settle(ranges: &[SupportedStreamConfigRange], channels: u16) -> Option<(SampleFormat, AudioFormat)> {
    let sample_formats = [SampleFormat::I16, SampleFormat::F32, SampleFormat::I32];
    let usable = |range: &&SupportedStreamConfigRange| {
        matches!(range.channels(), 1 | 2) && sample_formats.contains(&range.sample_format())
    };
    ranges
        .iter()
        .filter(usable)
        .filter_map(|range| {
            let sample_rate = if range.contains_rate(WANTED_RATE) { WANTED_RATE } else { range.max_sample_rate() };
            let format = AudioFormat { sample_rate, channels: range.channels() }.check().ok()?;
            let rank = sample_formats.iter().position(|known| *known == range.sample_format())?;
            Some(((format.channels != channels, sample_rate != WANTED_RATE, rank), range.sample_format(), format))
        })
        .min_by_key(|(rank, _, _)| *rank)
        .map(|(_, sample_format, format)| (sample_format, format))
}

fn to_i16(sample: f32) -> i16 {
    (sample.clamp(-1.0, 1.0) * f32::from(i16::MAX)) as i16
}

fn no_volume() -> DeviceError {
    let why = "ALSA devices are used directly; start PulseAudio or PipeWire, or use the system's mixer".to_owned();
    DeviceError::Unsupported { what: "volume and mute of a device", why }
}

fn no_format(id: &str) -> DeviceError {
    DeviceError::Unsupported {
        what: "this device",
        why: format!("'{id}' has no format of 1 or 2 channels with 16 or 32 bits; choose another"),
    }
}

fn translate(error: cpal::Error, kind: DeviceKind, id: &str) -> DeviceError {
    match error.kind() {
        ErrorKind::DeviceBusy => DeviceError::Busy(id.to_owned()),
        ErrorKind::PermissionDenied => DeviceError::NotAuthorized(id.to_owned()),
        ErrorKind::DeviceNotAvailable => DeviceError::NotFound { kind, id: id.to_owned() },
        ErrorKind::StreamInvalidated => DeviceError::Gone(id.to_owned()),
        _ => DeviceError::system("sound", error),
    }
}

#[cfg(test)]
mod tests {
    use cpal::SupportedBufferSize;

    use super::*;

    fn range(channels: u16, low: u32, high: u32, format: SampleFormat) -> SupportedStreamConfigRange {
        SupportedStreamConfigRange::new(channels, low, high, SupportedBufferSize::Unknown, format)
    }

    #[test]
    fn forty_eight_kilohertz_are_taken_where_there_are_any() {
        let ranges = [
            range(6, 48_000, 48_000, SampleFormat::I16),
            range(2, 8_000, 192_000, SampleFormat::I32),
            range(2, 8_000, 96_000, SampleFormat::I16),
            range(1, 44_100, 44_100, SampleFormat::I16),
        ];
        assert_eq!(settle(&ranges, 2), Some((SampleFormat::I16, AudioFormat::at_48k(2))));
        let old = Some((SampleFormat::I16, AudioFormat { sample_rate: 44_100, channels: 1 }));
        assert_eq!(settle(&ranges, 1), old, "the rate is delivered with the block");
        assert_eq!(settle(&ranges[..1], 2), None);
    }
}
