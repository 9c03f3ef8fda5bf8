//! The device manager of an instance: lists, choice, volume and tests of microphones, speakers and cameras, in the numbers
//! of the original. It captures and plays nothing for a room.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use rtc_api::{
    CameraCaptureParam, DeviceAudioRoute, ErrorCode, Event, MediaDevice, MediaDeviceState, MediaDeviceType, SystemVolumeType,
};
use rtc_device::{
    DeviceChange, DeviceError, DeviceEvent, DeviceKind, MicrophoneConfig, MicrophoneTest, SpeakerConfig, SpeakerTest,
};

use crate::courier::Courier;
use crate::lock::lock;
use crate::options::Options;
use crate::picture::{Pictures, VideoSink};
use crate::sound::Desk;

/// How often the speaker's test tells its volume.
const SPEAKER_INTERVAL: Duration = Duration::from_millis(200);
/// The bounds of the interval of the microphone's test, milliseconds.
const MIC_INTERVALS: std::ops::RangeInclusive<u32> = 20..=10_000;

/// Microphones, speakers and cameras of this machine.
pub struct DeviceManager {
    desk: Arc<Desk>,
    options: Options,
    courier: Courier,
    pictures: Pictures,
    /// The chosen camera; the first one where none is.
    camera: Mutex<Option<String>>,
    tests: Mutex<Tests>,
}

#[derive(Default)]
struct Tests {
    microphone: Option<MicrophoneTest>,
    speaker: Option<SpeakerTest>,
}

impl DeviceManager {
    pub(crate) fn new(desk: Arc<Desk>, pictures: Pictures, options: Options, courier: Courier) -> Self {
        Self { desk, pictures, options, courier, camera: Mutex::default(), tests: Mutex::default() }
    }

    /// The devices of a kind; empty where there are none, or where the system does not answer, which the log tells.
    pub fn devices_list(&self, kind: MediaDeviceType) -> Vec<MediaDevice> {
        let Some(kind) = kind_of(kind) else { return Vec::new() };
        let devices = match kind {
            DeviceKind::Camera => Ok(rtc_device::Camera::list()),
            DeviceKind::Microphone | DeviceKind::Speaker => self.desk.devices().list(kind),
        };
        devices
            .unwrap_or_else(|error| {
                tracing::warn!("the {kind}s cannot be listed: {error}");
                Vec::new()
            })
            .into_iter()
            .map(media_device)
            .collect()
    }

    /// Uses this device from now on, also while it runs. Returns 0, or an error code below it.
    pub fn set_current_device(&self, kind: MediaDeviceType, device_id: &str) -> i32 {
        if kind == MediaDeviceType::Camera {
            if !rtc_device::Camera::list().iter().any(|camera| camera.id == device_id) {
                tracing::warn!("there is no camera `{device_id}`; choose one of the list");
                return ErrorCode::INVALID_PARAMETER.0;
            }
            *lock(&self.camera) = Some(device_id.to_owned());
            self.pictures.choose_camera(Some(device_id.to_owned()));
            return ErrorCode::NULL.0;
        }
        self.with_sound(kind, |kind| self.desk.devices().choose(kind, device_id))
    }

    /// The device in use; with an empty id where there is none.
    pub fn current_device(&self, kind: MediaDeviceType) -> MediaDevice {
        let device = kind_of(kind).and_then(|kind| match kind {
            DeviceKind::Camera => {
                let chosen = lock(&self.camera).clone();
                let mut cameras = rtc_device::Camera::list().into_iter();
                match chosen {
                    Some(id) => cameras.find(|camera| camera.id == id),
                    None => cameras.next(),
                }
            }
            DeviceKind::Microphone | DeviceKind::Speaker => self.desk.devices().current(kind).ok(),
        });
        device.map(media_device).unwrap_or_default()
    }

    /// The volume of the device in use, 0 to 100. Returns 0, or an error code below it.
    pub fn set_current_device_volume(&self, kind: MediaDeviceType, volume: u32) -> i32 {
        if volume > 100 {
            tracing::warn!("setCurrentDeviceVolume: volume {volume} is not from 0 to 100");
            return ErrorCode::INVALID_PARAMETER.0;
        }
        self.with_sound(kind, |kind| self.desk.devices().set_volume(kind, volume))
    }

    /// The volume of the device in use, 0 to 100; 0 where it is not known.
    pub fn current_device_volume(&self, kind: MediaDeviceType) -> u32 {
        kind_of(kind).and_then(|kind| self.desk.devices().volume(kind).ok()).unwrap_or(0)
    }

    /// Mutes the device in use for every program. Returns 0, or an error code below it.
    pub fn set_current_device_mute(&self, kind: MediaDeviceType, mute: bool) -> i32 {
        self.with_sound(kind, |kind| self.desk.devices().set_muted(kind, mute))
    }

    /// Whether the device in use is muted.
    pub fn current_device_mute(&self, kind: MediaDeviceType) -> bool {
        kind_of(kind).and_then(|kind| self.desk.devices().muted(kind).ok()).unwrap_or(false)
    }

    /// Goes along when the system changes its default device. Returns 0, or an error code below it.
    pub fn enable_following_default_audio_device(&self, kind: MediaDeviceType, enable: bool) -> i32 {
        self.with_sound(kind, |kind| self.desk.devices().follow_default(kind, enable))
    }

    /// Tells how loud the microphone is (`onTestMicVolume`) every `interval` milliseconds.
    pub fn start_mic_device_test(&self, interval: u32) -> i32 {
        self.start_mic_device_test_with_playback(interval, false)
    }

    /// The same, and plays what the microphone hears.
    pub fn start_mic_device_test_with_playback(&self, interval: u32, playback: bool) -> i32 {
        if !MIC_INTERVALS.contains(&interval) {
            tracing::warn!("startMicDeviceTest: interval {interval} is not from 20 to 10000 ms");
            return ErrorCode::INVALID_PARAMETER.0;
        }
        let config = MicrophoneConfig { source: self.options.sound.microphone.source(), channels: 1 };
        let speaker = playback.then(|| SpeakerConfig { target: self.options.sound.speaker.target(), channels: 1 });
        let told = self.courier.clone();
        let on_volume = move |volume| told.tell(Event::TestMicVolume { volume });
        let interval = Duration::from_millis(interval.into());
        // The one before is over before the next one opens the same device.
        self.lock().microphone = None;
        match MicrophoneTest::start(self.desk.devices(), config, interval, speaker, on_volume) {
            Ok(test) => {
                self.lock().microphone = Some(test);
                ErrorCode::NULL.0
            }
            Err(error) => self.failed(microphone_code(&error), "startMicDeviceTest", &error),
        }
    }

    /// Ends it.
    pub fn stop_mic_device_test(&self) -> i32 {
        let test = self.lock().microphone.take();
        drop(test);
        ErrorCode::NULL.0
    }

    /// Plays a WAV file of 48 kHz and tells how loud it is (`onTestSpeakerVolume`).
    pub fn start_speaker_device_test(&self, file_path: &str) -> i32 {
        let config = SpeakerConfig { target: self.options.sound.speaker.target(), channels: 2 };
        let told = self.courier.clone();
        let on_volume = move |volume: Option<u32>| {
            if let Some(volume) = volume {
                told.tell(Event::TestSpeakerVolume { volume });
            }
        };
        self.lock().speaker = None;
        match SpeakerTest::start(self.desk.devices(), config, Path::new(file_path), SPEAKER_INTERVAL, on_volume) {
            Ok(test) => {
                self.lock().speaker = Some(test);
                ErrorCode::NULL.0
            }
            Err(error @ DeviceError::File { .. }) => {
                self.failed(ErrorCode::INVALID_PARAMETER, "startSpeakerDeviceTest", &error)
            }
            Err(error) => self.failed(ErrorCode::SPEAKER_START_FAIL, "startSpeakerDeviceTest", &error),
        }
    }

    /// Ends it.
    pub fn stop_speaker_device_test(&self) -> i32 {
        let test = self.lock().speaker.take();
        drop(test);
        ErrorCode::NULL.0
    }

    /// Shows the camera in a window, without a room.
    pub fn start_camera_device_test(&self, view: u64) -> i32 {
        self.test_camera(view, None)
    }

    /// Hands the camera's pictures to the application to draw, without a room.
    pub fn start_camera_device_test_with_sink(&self, sink: Arc<dyn VideoSink>) -> i32 {
        self.test_camera(0, Some(sink))
    }

    fn test_camera(&self, view: u64, sink: Option<Arc<dyn VideoSink>>) -> i32 {
        match self.pictures.start_camera_test(view, sink) {
            Ok(()) => ErrorCode::NULL.0,
            Err(error) => self.failed(crate::picture::camera_code(&error), "startCameraDeviceTest", &error),
        }
    }

    /// Ends it.
    pub fn stop_camera_device_test(&self) -> i32 {
        self.pictures.stop_camera_test();
        ErrorCode::NULL.0
    }

    /// Phones only.
    pub fn is_front_camera(&self) -> bool {
        false
    }

    /// Phones only.
    pub fn switch_camera(&self, _front_camera: bool) -> i32 {
        unsupported("switchCamera", PHONES)
    }

    /// Phones only; 1 is no zoom.
    pub fn camera_zoom_max_ratio(&self) -> f32 {
        1.0
    }

    /// Phones only.
    pub fn set_camera_zoom_ratio(&self, _zoom_ratio: f32) -> i32 {
        unsupported("setCameraZoomRatio", PHONES)
    }

    /// Phones only.
    pub fn is_auto_focus_enabled(&self) -> bool {
        false
    }

    /// Phones only.
    pub fn enable_camera_auto_focus(&self, _enabled: bool) -> i32 {
        unsupported("enableCameraAutoFocus", PHONES)
    }

    /// Phones only.
    pub fn set_camera_focus_position(&self, _x: f32, _y: f32) -> i32 {
        unsupported("setCameraFocusPosition", PHONES)
    }

    /// Phones only.
    pub fn enable_camera_torch(&self, _enabled: bool) -> i32 {
        unsupported("enableCameraTorch", PHONES)
    }

    /// Phones only.
    pub fn set_audio_route(&self, _route: DeviceAudioRoute) -> i32 {
        unsupported("setAudioRoute", PHONES)
    }

    /// Phones only.
    pub fn set_system_volume_type(&self, _kind: SystemVolumeType) -> i32 {
        unsupported("setSystemVolumeType", PHONES)
    }

    /// Windows only.
    pub fn set_application_play_volume(&self, _volume: i32) -> i32 {
        unsupported("setApplicationPlayVolume", WINDOWS)
    }

    /// Windows only.
    pub fn application_play_volume(&self) -> i32 {
        unsupported("getApplicationPlayVolume", WINDOWS)
    }

    /// Windows only.
    pub fn set_application_mute_state(&self, _b_mute: bool) -> i32 {
        unsupported("setApplicationMuteState", WINDOWS)
    }

    /// Windows only.
    pub fn application_mute_state(&self) -> bool {
        false
    }

    /// The size at which a camera is opened; the encoder scales to its own.
    #[expect(clippy::needless_pass_by_value, reason = "the signature is the one that the generated dispatch calls")]
    pub fn set_camera_capturer_param(&self, params: CameraCaptureParam) {
        self.pictures.set_capture_param(&params);
    }

    pub(crate) fn stop_tests(&self) {
        *self.lock() = Tests::default();
        self.pictures.stop_camera_test();
    }

    fn with_sound(&self, kind: MediaDeviceType, act: impl FnOnce(DeviceKind) -> Result<(), DeviceError>) -> i32 {
        match kind_of(kind) {
            Some(kind @ (DeviceKind::Microphone | DeviceKind::Speaker)) => match act(kind) {
                Ok(()) => ErrorCode::NULL.0,
                Err(error) => {
                    tracing::warn!("the {kind}: {error}");
                    device_code(&error).0
                }
            },
            Some(DeviceKind::Camera) => unsupported("this call", "only for microphones and speakers yet"),
            None => ErrorCode::INVALID_PARAMETER.0,
        }
    }

    fn failed(&self, code: ErrorCode, method: &str, error: &DeviceError) -> i32 {
        self.courier.error(code, format!("{method}: {error}"));
        code.0
    }

    fn lock(&self) -> MutexGuard<'_, Tests> {
        lock(&self.tests)
    }
}

impl std::fmt::Debug for DeviceManager {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeviceManager").finish_non_exhaustive()
    }
}

const PHONES: &str = "only on phones";
const WINDOWS: &str = "only on Windows";

fn unsupported(method: &str, why: &str) -> i32 {
    tracing::warn!("{method} is refused: {why}");
    ErrorCode::NOT_SUPPORTED.0
}

fn kind_of(kind: MediaDeviceType) -> Option<DeviceKind> {
    match kind {
        MediaDeviceType::Mic => Some(DeviceKind::Microphone),
        MediaDeviceType::Speaker => Some(DeviceKind::Speaker),
        MediaDeviceType::Camera => Some(DeviceKind::Camera),
        MediaDeviceType::Unknown => None,
    }
}

fn media_device(device: rtc_device::DeviceInfo) -> MediaDevice {
    MediaDevice { device_name: device.name, device_pid: device.id, ..MediaDevice::default() }
}

/// The number of a device's failure where no other says more.
fn device_code(error: &DeviceError) -> ErrorCode {
    match error {
        DeviceError::NotFound { .. } | DeviceError::Parameter { .. } | DeviceError::File { .. } => ErrorCode::INVALID_PARAMETER,
        DeviceError::Unsupported { .. } => ErrorCode::NOT_SUPPORTED,
        _ => ErrorCode::FAILED,
    }
}

/// The number for a microphone that cannot be opened.
pub(crate) fn microphone_code(error: &DeviceError) -> ErrorCode {
    match error {
        DeviceError::Busy(_) => ErrorCode::MIC_OCCUPY,
        DeviceError::NotAuthorized(_) => ErrorCode::MIC_NOT_AUTHORIZED,
        _ => ErrorCode::MIC_START_FAIL,
    }
}

pub(crate) fn tell(courier: &Courier, event: &DeviceEvent) {
    let kind = match event.device.kind {
        DeviceKind::Microphone => MediaDeviceType::Mic,
        DeviceKind::Speaker => MediaDeviceType::Speaker,
        DeviceKind::Camera => MediaDeviceType::Camera,
    };
    let state = match event.change {
        DeviceChange::Added => MediaDeviceState::Added,
        DeviceChange::Removed => MediaDeviceState::Removed,
        DeviceChange::Active => MediaDeviceState::Active,
        DeviceChange::DefaultChanged => MediaDeviceState::DefaultChanged,
        DeviceChange::Volume { volume, muted } => {
            return courier.tell(match kind {
                MediaDeviceType::Mic => Event::AudioDeviceCaptureVolumeChanged { volume, muted },
                _ => Event::AudioDevicePlayoutVolumeChanged { volume, muted },
            });
        }
    };
    let device_id = event.device.id.clone();
    courier.tell(Event::DeviceChanged { device_id: device_id.clone(), kind, state });
    // The callback of older versions, beside the observer of today.
    courier.tell(Event::DeviceChange { device_id, kind, state });
}
