//! Lists, defaults, volumes and mutes of a PulseAudio server. Sources that monitor a sink are no microphones.

use std::ffi::{CStr, CString};
use std::path::PathBuf;
use std::sync::Mutex;

use pulseaudio::protocol::{
    ChannelVolume, Command, CommandReply, GetSinkInfo, GetSourceInfo, ServerInfo, SetDeviceMuteParams, SetDeviceVolumeParams,
    SinkInfo, SinkInfoList, SourceInfo, SourceInfoList, Volume,
};

use super::socket::Socket;
use super::stream::{PulseStream, StreamTarget};
use super::subscription::Subscription;
use crate::audio::{Backend, CaptureEnd, CaptureTarget, EndMaker, Notify, PlayoutEnd, RunningStream, lock};
use crate::{DeviceError, DeviceInfo, DeviceKind};

/// A PulseAudio server as a sound system.
pub(crate) struct PulseBackend {
    path: Option<PathBuf>,
    /// The connection for questions; none after the server went away.
    control: Mutex<Option<Socket>>,
    _subscription: Subscription,
}

impl PulseBackend {
    /// Connects to the server at `path`, or to this user's.
    pub(crate) fn open(path: Option<PathBuf>, notify: Notify) -> Result<Self, DeviceError> {
        let control = Socket::connect(path.as_deref())?;
        let subscription = Subscription::open(path.clone(), notify)?;
        Ok(Self { path, control: Mutex::new(Some(control)), _subscription: subscription })
    }

    /// Does something on the connection for questions, and on a new one when the old one broke.
    fn with_control<R>(&self, mut ask: impl FnMut(&mut Socket) -> Result<R, DeviceError>) -> Result<R, DeviceError> {
        let mut control = lock(&self.control);
        if let Some(socket) = control.as_mut() {
            match ask(socket) {
                Err(DeviceError::System { .. }) => *control = None,
                answer => return answer,
            }
        }
        ask(control.insert(Socket::connect(self.path.as_deref())?))
    }

    fn ask<R: CommandReply>(&self, command: &Command) -> Result<R, DeviceError> {
        self.with_control(|socket| socket.ask(command))
    }

    fn sink(&self, id: &str) -> Result<SinkInfo, DeviceError> {
        let question = GetSinkInfo { index: None, name: Some(name(DeviceKind::Speaker, id)?) };
        self.ask(&Command::GetSinkInfo(question)).map_err(|error| named(error, DeviceKind::Speaker, id))
    }

    fn source(&self, id: &str) -> Result<SourceInfo, DeviceError> {
        let question = GetSourceInfo { index: None, name: Some(name(DeviceKind::Microphone, id)?) };
        self.ask(&Command::GetSourceInfo(question)).map_err(|error| named(error, DeviceKind::Microphone, id))
    }
}

impl Backend for PulseBackend {
    fn list(&self, kind: DeviceKind) -> Result<Vec<DeviceInfo>, DeviceError> {
        let described = |name: &CStr, description: Option<&CString>| DeviceInfo {
            kind,
            id: text(name),
            name: text(description.map_or(name, CString::as_c_str)),
        };
        if kind == DeviceKind::Speaker {
            let sinks: SinkInfoList = self.ask(&Command::GetSinkInfoList)?;
            return Ok(sinks.iter().map(|sink| described(&sink.name, sink.description.as_ref())).collect());
        }
        let sources: SourceInfoList = self.ask(&Command::GetSourceInfoList)?;
        let microphones = sources.iter().filter(|source| source.monitor_of_sink_index.is_none());
        Ok(microphones.map(|source| described(&source.name, source.description.as_ref())).collect())
    }

    fn default_device(&self, kind: DeviceKind) -> Result<Option<String>, DeviceError> {
        let server: ServerInfo = self.ask(&Command::GetServerInfo)?;
        let name = match kind {
            DeviceKind::Speaker => server.default_sink_name,
            _ => server.default_source_name,
        };
        Ok(name.filter(|name| !name.is_empty()).map(|name| text(&name)))
    }

    fn volume(&self, kind: DeviceKind, id: &str) -> Result<(u32, bool), DeviceError> {
        let (volume, muted) = match kind {
            DeviceKind::Speaker => self.sink(id).map(|sink| (sink.cvolume, sink.muted))?,
            _ => self.source(id).map(|source| (source.cvolume, source.muted))?,
        };
        Ok((percent(&volume), muted))
    }

    fn set_volume(&self, kind: DeviceKind, id: &str, volume: u32) -> Result<(), DeviceError> {
        let channels = match kind {
            DeviceKind::Speaker => self.sink(id)?.cvolume,
            _ => self.source(id)?.cvolume,
        };
        let params =
            SetDeviceVolumeParams { device_index: None, device_name: Some(name(kind, id)?), volume: scaled(&channels, volume) };
        let command = match kind {
            DeviceKind::Speaker => Command::SetSinkVolume(params),
            _ => Command::SetSourceVolume(params),
        };
        self.with_control(|socket| socket.tell(&command)).map_err(|error| named(error, kind, id))
    }

    fn set_muted(&self, kind: DeviceKind, id: &str, muted: bool) -> Result<(), DeviceError> {
        let params = SetDeviceMuteParams { device_index: None, device_name: Some(name(kind, id)?), mute: muted };
        let command = match kind {
            DeviceKind::Speaker => Command::SetSinkMute(params),
            _ => Command::SetSourceMute(params),
        };
        self.with_control(|socket| socket.tell(&command)).map_err(|error| named(error, kind, id))
    }

    fn open_capture(
        &self,
        target: CaptureTarget<'_>,
        channels: u16,
        end: EndMaker<CaptureEnd>,
    ) -> Result<Box<dyn RunningStream>, DeviceError> {
        let (kind, id, source, has) = match target {
            CaptureTarget::Microphone(id) => {
                let has = self.source(id)?.sample_spec.channels;
                (DeviceKind::Microphone, id, name(DeviceKind::Microphone, id)?, has)
            }
            CaptureTarget::Monitor(id) => {
                let sink = self.sink(id)?;
                let monitor = sink.monitor_source_name.ok_or_else(|| DeviceError::Unsupported {
                    what: "capture of the system's sound",
                    why: format!("speaker '{id}' has no monitor; choose another"),
                })?;
                (DeviceKind::Speaker, id, monitor, sink.sample_spec.channels)
            }
        };
        // The server would say the only channel twice.
        let channels = channels.min(u16::from(has).max(1));
        let target = StreamTarget { socket: self.path.as_deref(), device: source, channels };
        let stream = PulseStream::capture(target, end).map_err(|error| named(error, kind, id))?;
        Ok(Box::new(stream))
    }

    fn open_playout(&self, id: &str, channels: u16, end: EndMaker<PlayoutEnd>) -> Result<Box<dyn RunningStream>, DeviceError> {
        let kind = DeviceKind::Speaker;
        let target = StreamTarget { socket: self.path.as_deref(), device: name(kind, id)?, channels };
        let stream = PulseStream::playout(target, end).map_err(|error| named(error, kind, id))?;
        Ok(Box::new(stream))
    }
}

/// The loudest channel, in percent of the unamplified volume.
fn percent(volume: &ChannelVolume) -> u32 {
    let norm = u64::from(Volume::NORM.as_u32());
    let loudest = volume.channels().iter().map(Volume::as_u32).max().unwrap_or(0);
    // At most half of u32, so the quotient fits.
    ((u64::from(loudest) * 100 + norm / 2) / norm) as u32
}

/// The same balance between channels, the loudest of which gets this percentage.
fn scaled(volume: &ChannelVolume, percent: u32) -> ChannelVolume {
    let norm = u64::from(Volume::NORM.as_u32());
    let wanted = norm * u64::from(percent) / 100;
    let loudest = volume.channels().iter().map(Volume::as_u32).max().unwrap_or(0);
    let mut scaled = ChannelVolume::empty();
    for channel in volume.channels() {
        let value = match u64::from(loudest) {
            // A silenced device has forgotten its balance.
            0 => wanted,
            loudest => u64::from(channel.as_u32()) * wanted / loudest,
        };
        scaled.push(Volume::from_u32_clamped(u32::try_from(value).unwrap_or(u32::MAX)));
    }
    scaled
}

fn name(kind: DeviceKind, id: &str) -> Result<CString, DeviceError> {
    CString::new(id).map_err(|_| DeviceError::NotFound { kind, id: id.replace('\0', "") })
}

fn text(name: &CStr) -> String {
    name.to_string_lossy().into_owned()
}

/// The server says only that something is not there; here it is known what.
fn named(error: DeviceError, kind: DeviceKind, id: &str) -> DeviceError {
    match error {
        DeviceError::Gone(_) => DeviceError::NotFound { kind, id: id.to_owned() },
        DeviceError::Busy(_) => DeviceError::Busy(id.to_owned()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_volume_keeps_the_balance_of_its_channels() {
        let mut volume = ChannelVolume::empty();
        volume.push(Volume::from_u32_clamped(0x8000));
        volume.push(Volume::from_u32_clamped(0x4000));
        assert_eq!(percent(&volume), 50);
        let louder = scaled(&volume, 100);
        assert_eq!(louder.channels(), [Volume::NORM, Volume::from_u32_clamped(0x8000)]);
        let back = scaled(&scaled(&louder, 0), 30);
        assert_eq!(percent(&back), 30, "a silenced device can be heard again");
        for wanted in 0..=100 {
            assert_eq!(percent(&scaled(&volume, wanted)), wanted);
        }
    }
}
