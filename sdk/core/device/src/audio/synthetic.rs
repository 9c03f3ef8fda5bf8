//! A sound system without devices: a silent microphone and a speaker that plays nowhere, with volumes kept in memory.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::backend::{Backend, CaptureTarget, EndMaker, Notify, RunningStream};
use super::clocked::BlockClock;
use super::devices::lock;
use super::{AudioFormat, CaptureEnd, PlayoutEnd};
use crate::worker::Worker;
use crate::{DeviceError, DeviceInfo, DeviceKind};

const MICROPHONE: &str = "synthetic-microphone";
const SPEAKER: &str = "synthetic-speaker";

pub(super) struct SyntheticBackend {
    /// Volume and mute of the microphone and of the speaker.
    volumes: Mutex<[(u32, bool); 2]>,
    notify: Notify,
}

impl SyntheticBackend {
    pub(super) fn open(notify: Notify) -> Self {
        Self { volumes: Mutex::new([(100, false); 2]), notify }
    }

    fn change(&self, kind: DeviceKind, id: &str, change: impl FnOnce(&mut (u32, bool))) -> Result<(), DeviceError> {
        known(kind, id)?;
        change(&mut lock(&self.volumes)[usize::from(kind == DeviceKind::Speaker)]);
        (self.notify)();
        Ok(())
    }
}

fn known(kind: DeviceKind, id: &str) -> Result<(), DeviceError> {
    let expected = if kind == DeviceKind::Speaker { SPEAKER } else { MICROPHONE };
    if id == expected { Ok(()) } else { Err(DeviceError::NotFound { kind, id: id.to_owned() }) }
}

impl Backend for SyntheticBackend {
    fn list(&self, kind: DeviceKind) -> Result<Vec<DeviceInfo>, DeviceError> {
        let (id, name) = match kind {
            DeviceKind::Speaker => (SPEAKER, "Synthetic speaker"),
            _ => (MICROPHONE, "Synthetic microphone"),
        };
        Ok(vec![DeviceInfo { kind, id: id.to_owned(), name: name.to_owned() }])
    }

    fn default_device(&self, kind: DeviceKind) -> Result<Option<String>, DeviceError> {
        Ok(self.list(kind)?.pop().map(|device| device.id))
    }

    fn volume(&self, kind: DeviceKind, id: &str) -> Result<(u32, bool), DeviceError> {
        known(kind, id)?;
        Ok(lock(&self.volumes)[usize::from(kind == DeviceKind::Speaker)])
    }

    fn set_volume(&self, kind: DeviceKind, id: &str, volume: u32) -> Result<(), DeviceError> {
        self.change(kind, id, |entry| entry.0 = volume)
    }

    fn set_muted(&self, kind: DeviceKind, id: &str, muted: bool) -> Result<(), DeviceError> {
        self.change(kind, id, |entry| entry.1 = muted)
    }

    fn open_capture(
        &self,
        target: CaptureTarget<'_>,
        channels: u16,
        end: EndMaker<CaptureEnd>,
    ) -> Result<Box<dyn RunningStream>, DeviceError> {
        match target {
            CaptureTarget::Microphone(id) => known(DeviceKind::Microphone, id)?,
            CaptureTarget::Monitor(id) => known(DeviceKind::Speaker, id)?,
        }
        let format = AudioFormat::at_48k(channels);
        let mut end = end(format);
        let worker = Worker::spawn("device-synthetic", move |stop| {
            let mut clock = BlockClock::new(Instant::now());
            while clock.tick(&stop).is_some() {
                end.push(std::iter::repeat_n(0, format.block_samples()));
            }
        })?;
        Ok(Box::new(SyntheticStream { format, _worker: worker }))
    }

    fn open_playout(&self, id: &str, channels: u16, end: EndMaker<PlayoutEnd>) -> Result<Box<dyn RunningStream>, DeviceError> {
        known(DeviceKind::Speaker, id)?;
        let format = AudioFormat::at_48k(channels);
        let mut end = end(format);
        let worker = Worker::spawn("device-synthetic", move |stop| {
            let mut clock = BlockClock::new(Instant::now());
            while clock.tick(&stop).is_some() {
                end.pull(format.block_samples(), |_unheard| {});
            }
        })?;
        Ok(Box::new(SyntheticStream { format, _worker: worker }))
    }
}

struct SyntheticStream {
    format: AudioFormat,
    _worker: Worker,
}

impl RunningStream for SyntheticStream {
    fn format(&self) -> AudioFormat {
        self.format
    }

    fn failed(&self) -> bool {
        false
    }

    fn delay(&self) -> Duration {
        Duration::ZERO
    }
}
