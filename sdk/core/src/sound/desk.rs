//! The desk with its two devices: it opens them when somebody needs them and closes them when nobody does.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use rtc_api::{ErrorCode, Event, WarningCode};
use rtc_audio::{Block, Channels, Quality, RATE, Volume};
use rtc_device::{AudioDevices, Microphone, MicrophoneConfig, Speaker, SpeakerConfig, SpeakerTarget, StreamEvent};

use super::capturing::{Capturing, Played, SeatOut};
use super::hook::{AudioFrameFormat, AudioFrameHook};
use super::playing::{Playing, SeatIn, Tap};
use super::seat::Seat;
use super::sending::Sending;
use super::voices::Voices;
use crate::courier::Courier;
use crate::lock::lock;
use crate::options::SoundOptions;

/// Microphone and speaker, shared by an instance and its sub-instances.
pub(crate) struct Desk {
    options: SoundOptions,
    devices: AudioDevices,
    pub(super) capturing: Arc<Mutex<Capturing>>,
    pub(super) playing: Arc<Mutex<Playing>>,
    open: Mutex<Open>,
    seats: AtomicU32,
    /// Who is told of devices.
    watchers: Watchers,
    /// `setVoiceEarMonitorVolume`, which may be said before monitoring is on.
    ear_volume: Mutex<Volume>,
}

/// The instances that are told of devices, by seat.
type Watchers = Arc<Mutex<BTreeMap<u32, Courier>>>;

#[derive(Default)]
struct Open {
    microphone: Option<Microphone>,
    speaker: Option<Speaker>,
    /// The application plays by itself (`enableCustomAudioRendering`).
    is_custom_rendering: bool,
}

impl Desk {
    pub(crate) fn new(options: SoundOptions, devices: AudioDevices) -> Arc<Self> {
        let played = Arc::<Played>::default();
        let own = Arc::default();
        let watchers = Watchers::default();
        let told = Arc::clone(&watchers);
        devices.observe(Some(Box::new(move |event| {
            lock(&told).values().for_each(|courier| crate::device::tell(courier, &event));
        })));
        Arc::new(Self {
            options,
            devices,
            capturing: Arc::new(Mutex::new(Capturing::new(Arc::clone(&played), Arc::clone(&own)))),
            playing: Arc::new(Mutex::new(Playing::new(played, own))),
            open: Mutex::default(),
            seats: AtomicU32::new(0),
            watchers,
            ear_volume: Mutex::default(),
        })
    }

    pub(crate) fn devices(&self) -> &AudioDevices {
        &self.devices
    }

    /// One more instance.
    pub(crate) fn seat(self: &Arc<Self>, courier: Courier) -> Result<Seat, rtc_audio::OpusError> {
        let number = self.seats.fetch_add(1, Ordering::Relaxed);
        let sending = Sending::new(courier.clone(), Quality::Default)?;
        lock(&self.watchers).insert(number, courier.clone());
        lock(&self.capturing).add_seat(number, SeatOut::new(sending));
        lock(&self.playing).add_seat(number, SeatIn::new(Voices::new(courier.clone())));
        Ok(Seat::new(Arc::clone(self), number, courier))
    }

    pub(crate) fn set_hook(&self, hook: Option<Arc<dyn AudioFrameHook>>) {
        lock(&self.capturing).set_hook(hook.clone());
        lock(&self.playing).set_hook(hook);
    }

    pub(crate) fn set_captured_format(&self, format: AudioFrameFormat) {
        lock(&self.capturing).set_captured_format(format);
    }

    pub(crate) fn set_processed_format(&self, format: AudioFrameFormat) {
        lock(&self.capturing).set_processed_format(format);
    }

    pub(crate) fn set_mixed_format(&self, format: AudioFrameFormat) {
        lock(&self.playing).set_mixed_format(format);
    }

    pub(crate) fn set_capture_volume(&self, volume: Volume) {
        lock(&self.capturing).set_volume(volume);
    }

    /// `enableVoiceEarMonitor`.
    pub(crate) fn set_ear_monitor(&self, is_on: bool) {
        let volume = *lock(&self.ear_volume);
        lock(&self.playing).set_ear_monitor(is_on.then_some(volume));
    }

    /// `setVoiceEarMonitorVolume`.
    pub(crate) fn set_ear_volume(&self, volume: Volume) {
        *lock(&self.ear_volume) = volume;
        lock(&self.playing).change_ear_monitor(volume);
    }

    /// An instance ends.
    pub(super) fn remove_seat(&self, number: u32) {
        lock(&self.watchers).remove(&number);
        lock(&self.capturing).remove_seat(number);
        lock(&self.playing).remove_seat(number);
    }

    pub(crate) fn add_tap(&self, tap: Tap, courier: &Courier) {
        lock(&self.playing).add_tap(tap);
        self.arrange(courier);
    }

    /// Some taps are over.
    pub(crate) fn drop_taps(&self, courier: &Courier) {
        lock(&self.playing).drop_taps();
        self.arrange(courier);
    }

    /// `enableCustomAudioRendering`: nothing is played here any more, the application asks.
    pub(crate) fn set_custom_rendering(&self, is_on: bool, courier: &Courier) {
        lock(&self.open).is_custom_rendering = is_on;
        self.arrange(courier);
    }

    /// The next 10 ms of everybody, for an application that plays by itself.
    pub(super) fn render(&self) -> Block {
        play(&self.playing, &self.capturing)
    }

    /// Opens and closes devices as they are needed now. Closing waits until the device is free.
    pub(super) fn arrange(&self, courier: &Courier) {
        let mut open = lock(&self.open);
        // Asked before the lock of the side is let go of, so that no device thread is waited for with it held.
        let wants_microphone = lock(&self.capturing).wants_microphone();
        match (&open.microphone, wants_microphone) {
            (None, true) => open.microphone = self.open_microphone(courier),
            (Some(_), false) => {
                open.microphone = None;
                lock(&self.capturing).stop();
            }
            _ => {}
        }
        let wants_speaker = !open.is_custom_rendering && lock(&self.playing).is_needed();
        match (&open.speaker, wants_speaker) {
            (None, true) => open.speaker = self.open_speaker(courier),
            (Some(_), false) => open.speaker = None,
            _ => {}
        }
    }

    fn open_microphone(&self, courier: &Courier) -> Option<Microphone> {
        let side = Arc::clone(&self.capturing);
        let on_block = move |block: &rtc_device::AudioBlock<'_>| {
            let channels = if block.format.channels == 2 { Channels::Stereo } else { Channels::Mono };
            lock(&side).capture(block.samples, block.format.sample_rate, channels);
        };
        let told = courier.clone();
        let mut is_ready = false;
        let on_event = move |event| match event {
            StreamEvent::Started { .. } if !is_ready => {
                is_ready = true;
                told.tell(Event::MicDidReady);
            }
            StreamEvent::Started { device, .. } => tracing::info!(device, "the microphone changed"),
            StreamEvent::Lost { device } => {
                told.warning(
                    WarningCode::MICROPHONE_DEVICE_ABNORMAL,
                    format!("the microphone {device} disappeared; the default one takes over"),
                );
            }
            StreamEvent::Failed(error) => told.error(ErrorCode::MIC_START_FAIL, format!("the microphone stopped: {error}")),
            StreamEvent::Ended => tracing::info!("the sound that stands in for a microphone is over"),
        };
        // Both, whatever is made of them: a change of quality does not open it anew.
        let config = MicrophoneConfig { source: self.options.microphone.source(), channels: 2 };
        match Microphone::open(&self.devices, config, on_block, on_event) {
            Ok(microphone) => {
                lock(&self.capturing).set_delay(microphone.delay());
                Some(microphone)
            }
            Err(error) => {
                courier.error(crate::device::microphone_code(&error), format!("the microphone could not be opened: {error}"));
                None
            }
        }
    }

    /// Without a speaker the others are still heard by whoever listens in this program, so that silence is played in real
    /// time.
    fn open_speaker(&self, courier: &Courier) -> Option<Speaker> {
        match self.try_speaker(self.options.speaker.target(), courier) {
            Ok(speaker) => Some(speaker),
            Err(error) => {
                courier.error(ErrorCode::SPEAKER_START_FAIL, format!("the speaker could not be opened: {error}"));
                self.try_speaker(SpeakerTarget::Nowhere, courier).ok()
            }
        }
    }

    fn try_speaker(&self, target: SpeakerTarget, courier: &Courier) -> Result<Speaker, rtc_device::DeviceError> {
        let (playing, capturing) = (Arc::clone(&self.playing), Arc::clone(&self.capturing));
        let mut outlet: Option<(u32, rtc_audio::Outlet)> = None;
        let fill = move |samples: &mut [i16], format: rtc_device::AudioFormat| {
            fill_block(samples, format, &mut outlet, || play(&playing, &capturing));
        };
        let told = courier.clone();
        let on_event = move |event| match event {
            StreamEvent::Started { device, .. } => tracing::info!(device, "the speaker plays"),
            StreamEvent::Lost { device } => {
                told.warning(
                    WarningCode::SPEAKER_DEVICE_ABNORMAL,
                    format!("the speaker {device} disappeared; the default one takes over"),
                );
            }
            StreamEvent::Failed(error) => told.error(ErrorCode::SPEAKER_START_FAIL, format!("the speaker stopped: {error}")),
            StreamEvent::Ended => {}
        };
        Speaker::open(&self.devices, SpeakerConfig { target, channels: 2 }, fill, on_event)
    }
}

/// The own meter is shown only to a seat that sends, and only for as long as it takes to read it.
fn play(playing: &Mutex<Playing>, capturing: &Mutex<Capturing>) -> Block {
    lock(playing).play(Instant::now(), |number, show| {
        let mut side = lock(capturing);
        let sends = side.seat(number).is_some_and(|seat| seat.is_on() && !seat.sending.is_muted());
        show(sends.then(|| side.meter()));
    })
}

/// Puts a stereo block at 48 kHz into a device's format.
fn fill_block(
    samples: &mut [i16],
    format: rtc_device::AudioFormat,
    outlet: &mut Option<(u32, rtc_audio::Outlet)>,
    mut next: impl FnMut() -> Block,
) {
    let channels = if format.channels == 2 { Channels::Stereo } else { Channels::Mono };
    if format.sample_rate == RATE {
        let block = next().to_channels(channels);
        let count = samples.len().min(block.samples().len());
        samples[..count].copy_from_slice(&block.samples()[..count]);
        return;
    }
    if outlet.as_ref().is_none_or(|(rate, _)| *rate != format.sample_rate) {
        let wanted = rtc_audio::Format { rate: format.sample_rate, channels, frames_per_call: format.sample_rate / 100 };
        *outlet = rtc_audio::Outlet::new(wanted).ok().map(|outlet| (format.sample_rate, outlet));
    }
    // A rate nobody can serve stays silent; the device layer asks for 48 kHz first.
    let Some((_, outlet)) = outlet else { return };
    if let Some(block) = outlet.push(&next()) {
        let count = samples.len().min(block.len());
        samples[..count].copy_from_slice(&block[..count]);
    }
}
